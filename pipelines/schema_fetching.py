"""The tables of fetching: what was seen where, what is still to be read, and what may be asked for.

Columns are grouped "from the press / from us". Times are text, UTC, to the second.
"""

FETCHING_SCHEMA = """
-- Every article link that a feed, sitemap or listing showed. Written in the transaction that stores
-- the validators of what showed it, so that no crash and no 304 can lose one.
CREATE TABLE links (
  url        TEXT PRIMARY KEY,            -- cleaned: the key of the article
  spelling   TEXT NOT NULL UNIQUE,        -- without scheme and www: finds the other spellings
  outlet     TEXT NOT NULL,
  -- from the press
  title      TEXT NOT NULL,
  summary    TEXT NOT NULL CHECK (length(summary) <= 280),
  published  TEXT,
  updated    TEXT,
  found_in   TEXT NOT NULL,               -- URL of the feed, sitemap or listing
  mark       TEXT NOT NULL,               -- hash of what it showed: tells a changed entry
  -- from us
  found      TEXT NOT NULL,
  entry      TEXT NOT NULL CHECK (entry IN ('pending', 'read')),
  page       TEXT NOT NULL CHECK (page IN ('pending', 'read', 'passed', 'failed')),
  reason     TEXT NOT NULL DEFAULT '',    -- why the page was passed over or failed
  attempts   INTEGER NOT NULL DEFAULT 0,  -- failed ones since the page was last read
  not_before TEXT,                        -- no attempt earlier than this
  visits     INTEGER NOT NULL DEFAULT 0,  -- times that the page was read
  text_hash  TEXT,                        -- of the article as last read
  turn       INTEGER NOT NULL DEFAULT 0,  -- of the revisits since its text last changed
  next_visit TEXT                         -- NULL: not read again
) STRICT;
CREATE INDEX links_entry ON links(outlet) WHERE entry = 'pending';
CREATE INDEX links_page ON links(outlet) WHERE page = 'pending';
CREATE INDEX links_visit ON links(outlet, next_visit) WHERE next_visit IS NOT NULL;

-- What makes the next request of a URL conditional. Only of the URL that answered itself, and only
-- when its answer could be read: a 304 then always means "as when it was good".
CREATE TABLE validators (
  url           TEXT PRIMARY KEY,
  etag          TEXT,
  last_modified TEXT,
  body_hash     TEXT NOT NULL,
  checked       TEXT NOT NULL
) STRICT;

-- Feeds, sitemaps and listings, as they answered last.
CREATE TABLE resources (
  url       TEXT PRIMARY KEY,
  outlet    TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('feed', 'sitemap', 'listing')),
  checked   TEXT NOT NULL,
  succeeded TEXT,                         -- NULL: never yet
  failures  INTEGER NOT NULL DEFAULT 0,   -- in a row
  problem   TEXT NOT NULL DEFAULT '',     -- of the last check
  entries   INTEGER,                      -- at the last success
  newest    TEXT,                         -- newest date among them
  moved_to  TEXT                          -- where a permanent redirect led
) STRICT;
CREATE INDEX resources_outlet ON resources(outlet);

-- One row an outlet: when it is next looked at, and how it is.
CREATE TABLE outlet_state (
  outlet     TEXT PRIMARY KEY,
  first      TEXT,                        -- end of its first crawl; NULL: a first run is on
  checked    TEXT,
  succeeded  TEXT,
  next_check TEXT,
  failures   INTEGER NOT NULL DEFAULT 0,  -- crawls in a row
  verdict    TEXT NOT NULL DEFAULT 'ok' CHECK (verdict IN
             ('ok', 'late', 'blocked', 'moved', 'malformed', 'dead', 'drifting')),
  reason     TEXT NOT NULL DEFAULT '',
  kind       TEXT NOT NULL DEFAULT ''     -- which kind answered: feed, sitemap, listing
) STRICT;

-- robots.txt and tdmrep.json of a host, kept for a day (RFC 9309).
CREATE TABLE policies (
  host          TEXT PRIMARY KEY,         -- with its port when it is not the scheme's own
  robots_status INTEGER,                  -- NULL: unreachable
  robots        TEXT NOT NULL DEFAULT '',
  robots_at     TEXT NOT NULL,
  tdm_status    INTEGER,                  -- NULL: not asked for yet, or unreachable
  tdm           TEXT NOT NULL DEFAULT '',
  tdm_at        TEXT,                     -- NULL: not asked for yet
  answer_tdm    TEXT NOT NULL DEFAULT '', -- what a header or a page of the host said last
  answer_at     TEXT
) STRICT;

-- What an outlet lets us do on a host, with its evidence: a row whenever that changed.
CREATE TABLE decisions (
  id       INTEGER PRIMARY KEY,
  outlet   TEXT NOT NULL,
  host     TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('open', 'feed', 'off')),
  rule     TEXT NOT NULL,
  evidence TEXT NOT NULL,
  at       TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_outlet ON decisions(outlet, host);

-- What went otherwise than it should, by outlet.
CREATE TABLE issues (
  id     INTEGER PRIMARY KEY,
  at     TEXT NOT NULL,
  outlet TEXT NOT NULL,
  url    TEXT NOT NULL,
  code   TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX issues_outlet ON issues(outlet, at);

-- One row an outlet and crawl: what its baseline is made of.
CREATE TABLE observations (
  id        INTEGER PRIMARY KEY,
  outlet    TEXT NOT NULL,
  at        TEXT NOT NULL,
  requests  INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,             -- answers 304, or with the same bytes
  blocked   INTEGER NOT NULL,
  failed    INTEGER NOT NULL,
  entries   INTEGER NOT NULL,             -- new ones
  dated     INTEGER NOT NULL,             -- new ones with a date
  pages     INTEGER NOT NULL,
  words     INTEGER NOT NULL,             -- of those pages
  bytes     INTEGER NOT NULL
) STRICT;
CREATE INDEX observations_outlet ON observations(outlet, at);
"""
