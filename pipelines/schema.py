"""The schema of the ledger's file, commented, and its migrations.

Columns are grouped "from the press / from us / derived". Times are text, UTC, to the second
(`2026-01-29T10:00:00+00:00`), so that order as text is order in time. Lists are JSON text. Nothing
the press said is overwritten: a revision is a new row; only `forget` and retention empty texts.

Migrations are plain SQL (sqlite-utils' `transform` drops triggers and generated columns). Those a
file lacks run as one transaction; a fresh file runs all. A change is a new script (schema_later).
"""

from __future__ import annotations

from typing import Any

from pipelines.schema_fetching import FETCHING_SCHEMA
from pipelines.schema_later import LATER_SCHEMAS
from pipelines.schema_operation import OPERATION_SCHEMA

#: "veil" in ASCII: tells our file from any other program's.
APPLICATION_ID = 0x7665696C

LEDGER_SCHEMA = """
-- One version of one page, or a feed entry that stands for a page not read.
CREATE TABLE articles (
  id            INTEGER PRIMARY KEY,
  -- from the press
  url           TEXT NOT NULL,             -- as found: versions of one page share it
  canonical_url TEXT NOT NULL,
  outlet        TEXT NOT NULL,
  title         TEXT NOT NULL,
  authors       TEXT NOT NULL DEFAULT '[]', -- stays [] unless store_authors is set
  text          TEXT,                      -- NULL once retention or `forget` removed it
  language      TEXT,
  wire          TEXT,                      -- agency credited
  paywalled     INTEGER NOT NULL DEFAULT 0,
  basis         TEXT NOT NULL CHECK (basis IN ('entry', 'page')),
  posts         TEXT NOT NULL DEFAULT '[]', -- live blog: [published, start, end] each
  published     TEXT NOT NULL,
  modified      TEXT,
  dated_by      TEXT NOT NULL DEFAULT '',  -- which source of the publication date won
  -- from us
  at            TEXT NOT NULL,             -- modified of a revision, else published: fold order
  seen          TEXT NOT NULL,             -- fetched
  recorded      TEXT NOT NULL,             -- posted
  first_run     INTEGER NOT NULL DEFAULT 0, -- told in the one digest of a first run
  extractor     TEXT NOT NULL,             -- version of the claim reader
  tier          INTEGER NOT NULL DEFAULT 2,
  satire        INTEGER NOT NULL DEFAULT 0,
  -- derived
  sameness      TEXT NOT NULL CHECK (sameness IN ('new', 'revision', 'copy')),
  previous      INTEGER REFERENCES articles(id), -- version before this one
  copy_of       INTEGER REFERENCES articles(id),
  share         REAL,                      -- containment of the copy's shingles, 0 to 1
  copies        INTEGER,                   -- id of the first stored text of its group of copies
  voice         TEXT NOT NULL,             -- its wire or owner; a group speaks with its earliest
  exact         TEXT NOT NULL,             -- hash of the normalised text
  scheme        INTEGER NOT NULL,          -- version of the shingle signature
  shingles      INTEGER NOT NULL,          -- how many the text has
  sampled       INTEGER NOT NULL,          -- how many of them are in the index
  sentences     TEXT NOT NULL DEFAULT '[]' -- hashes of its sentences
) STRICT;
CREATE INDEX articles_url ON articles(url, at);
CREATE INDEX articles_copies ON articles(copies, at);
CREATE INDEX articles_at ON articles(at);
CREATE INDEX articles_exact ON articles(exact);
CREATE INDEX articles_published ON articles(published);
CREATE INDEX articles_recorded ON articles(recorded);

-- Sampled shingle hashes of the last 45 days: the index that finds copies.
CREATE TABLE shingles (
  hash    INTEGER NOT NULL,
  article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;

-- What one article asserts. Amounts in units of currency, offsets in code points of articles.text.
CREATE TABLE claims (
  id              INTEGER PRIMARY KEY AUTOINCREMENT, -- an id is never given to another claim
  article         INTEGER NOT NULL REFERENCES articles(id),
  position        INTEGER NOT NULL,        -- zero-based, in the article's own list
  kind            TEXT NOT NULL
                  CHECK (kind IN ('investment', 'round', 'valuation', 'commitment', 'debt')),
  payers          TEXT NOT NULL,
  payee           TEXT NOT NULL,
  low             INTEGER,
  high            INTEGER,
  currency        TEXT NOT NULL,
  qualifier       TEXT NOT NULL,
  certainty       TEXT NOT NULL CHECK (certainty IN ('rumoured', 'confirmed', 'denied')),
  stage           TEXT NOT NULL
                  CHECK (stage IN ('considered', 'talks', 'announced', 'completed', 'denied')),
  sources         TEXT NOT NULL,
  background      INTEGER NOT NULL,
  additional      INTEGER NOT NULL,
  valuation_basis TEXT,
  instrument      TEXT,
  years           INTEGER,
  confidence      REAL NOT NULL,
  amount_text     TEXT NOT NULL,
  amount_start    INTEGER,
  quote           TEXT CHECK (length(quote) <= 280), -- NULL once forgotten
  start           INTEGER,
  end             INTEGER,
  sentence        TEXT,                    -- hash of the claim's sentence
  rule            TEXT NOT NULL,
  held            INTEGER NOT NULL DEFAULT 0, -- 1 waits for review, 2 was rejected
  recorded        TEXT NOT NULL,           -- when it was read: with the article, or by a replay
  UNIQUE (article, position)
) STRICT;
-- Claims that a replay or a verdict took back, as they were: what was believed before can be asked.
CREATE TABLE retired_claims (
  id              INTEGER NOT NULL,        -- a claim taken back twice stands here twice
  article         INTEGER NOT NULL REFERENCES articles(id),
  position        INTEGER NOT NULL,
  kind            TEXT NOT NULL,
  payers          TEXT NOT NULL,
  payee           TEXT NOT NULL,
  low             INTEGER,
  high            INTEGER,
  currency        TEXT NOT NULL,
  qualifier       TEXT NOT NULL,
  certainty       TEXT NOT NULL CHECK (certainty IN ('rumoured', 'confirmed', 'denied')),
  stage           TEXT NOT NULL,
  sources         TEXT NOT NULL,
  background      INTEGER NOT NULL,
  additional      INTEGER NOT NULL,
  valuation_basis TEXT,
  instrument      TEXT,
  years           INTEGER,
  confidence      REAL NOT NULL,
  amount_text     TEXT NOT NULL,
  amount_start    INTEGER,
  quote           TEXT,
  start           INTEGER,
  end             INTEGER,
  sentence        TEXT,
  rule            TEXT NOT NULL,
  held            INTEGER NOT NULL DEFAULT 0,
  recorded        TEXT NOT NULL,
  retired         TEXT NOT NULL            -- when a replay or a verdict took it back
) STRICT;
CREATE INDEX retired_claims_article ON retired_claims(article);
CREATE INDEX claims_payee ON claims(payee, held);

-- Outcomes of posting, append-only: what was told or kept silent, and when.
CREATE TABLE changes (
  id            INTEGER PRIMARY KEY,
  recorded      TEXT NOT NULL,
  label         TEXT NOT NULL,
  also          TEXT NOT NULL,
  alert         INTEGER NOT NULL,
  deal          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  payers        TEXT NOT NULL,
  payee         TEXT NOT NULL,
  before        TEXT,                      -- JSON figure
  after         TEXT,
  article       INTEGER REFERENCES articles(id), -- NULL for quiet
  claims        TEXT NOT NULL,             -- positions in the article's list
  corroboration TEXT NOT NULL,
  corrects      INTEGER REFERENCES changes(id),
  rule          TEXT NOT NULL
) STRICT;
CREATE INDEX changes_payee ON changes(payee);
CREATE INDEX changes_alerts ON changes(payee) WHERE alert = 1;
CREATE INDEX changes_recorded ON changes(recorded);
CREATE INDEX changes_article ON changes(article);
CREATE INDEX changes_deal ON changes(deal);

-- States of a payee's account at some moments, so that a post folds only what came after. A
-- convenience: without them everything is folded from the start and gives the same.
CREATE TABLE accounts (
  payee   TEXT NOT NULL,
  at      TEXT NOT NULL,                   -- all articles up to here are folded in
  body    TEXT NOT NULL,                   -- JSON, see pipelines/change/saved.py
  PRIMARY KEY (payee, at)
) STRICT, WITHOUT ROWID;

-- Read, not yet posted: what a first run gathers before it posts all in order of publication.
CREATE TABLE prepared (
  id      INTEGER PRIMARY KEY,
  url     TEXT NOT NULL,
  outlet  TEXT NOT NULL,
  basis   TEXT NOT NULL,
  body    TEXT NOT NULL,                   -- JSON of intake.Prepared
  seen    TEXT NOT NULL
) STRICT;
CREATE INDEX prepared_url ON prepared(url);

-- What people decided about claims (`veille review`); append-only, the last one holds.
CREATE TABLE verdicts (
  id       INTEGER PRIMARY KEY,
  at       TEXT NOT NULL,
  verdict  TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'merge')),
  url      TEXT NOT NULL,
  claim    TEXT NOT NULL,                  -- JSON key: sentence hash and money
  quote    TEXT,                           -- NULL once forgotten
  reads_as TEXT                            -- JSON: kind, payers, payee of the deal merged into
) STRICT;
CREATE INDEX verdicts_url ON verdicts(url);

-- Second readings by a better claim reader, staged until `veille replay --apply`.
CREATE TABLE reread (
  article INTEGER PRIMARY KEY REFERENCES articles(id),
  reader  TEXT NOT NULL,                   -- version of the reader and of what it watches
  body    TEXT NOT NULL                    -- JSON: claims, sentence hashes, positions held
) STRICT;

-- What has to be told to whom: written in the transaction of the change, drained by deliver.
CREATE TABLE outbox (
  id           INTEGER PRIMARY KEY,
  key          TEXT NOT NULL UNIQUE,       -- idempotency key: the same for every retry
  channel      TEXT NOT NULL,
  -- at queueing: immediate (the channel's rules are still to be asked) or first-run; after that
  -- what the rules said: what the row waits for until one digest tells it, or muted
  mode         TEXT NOT NULL CHECK (mode IN ('immediate', 'first-run', 'daily', 'weekly',
               'quiet-hours', 'cap', 'cooldown', 'digest', 'muted')),
  reason       TEXT NOT NULL DEFAULT '',   -- which rule said so, in words
  article      INTEGER REFERENCES articles(id),
  changes      TEXT NOT NULL,              -- ids
  told         TEXT,                       -- ids that the rules let through; NULL: not yet asked
  created      TEXT NOT NULL,
  state        TEXT NOT NULL DEFAULT 'queued'
               CHECK (state IN ('queued', 'leased', 'sent', 'retry', 'dead', 'digested', 'muted')),
  attempts     INTEGER NOT NULL DEFAULT 0,
  due          TEXT NOT NULL,              -- not before
  lease        TEXT,                       -- JSON: who sends it, and until when
  digest       INTEGER REFERENCES outbox(id), -- the digest that told it
  -- composed once, before the first attempt, so that every retry says the same
  subject      TEXT,
  text         TEXT,
  html         TEXT,
  payload      TEXT,                       -- JSON: changes and the message for machines
  thread       TEXT NOT NULL DEFAULT '[]'  -- keys that it follows, oldest first
) STRICT;
CREATE INDEX outbox_open ON outbox(channel, due) WHERE state IN ('queued', 'leased', 'retry');

-- One attempt each, written before it is made: a kill in between leaves it `leased`.
CREATE TABLE deliveries (
  id        INTEGER PRIMARY KEY,
  alert     INTEGER NOT NULL REFERENCES outbox(id),
  attempted TEXT NOT NULL,
  state     TEXT NOT NULL,
  answer    TEXT NOT NULL                  -- what the server said, without secrets
) STRICT;
CREATE INDEX deliveries_alert ON deliveries(alert);
CREATE INDEX deliveries_attempted ON deliveries(attempted);

CREATE TABLE runs (
  id      INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  pid     INTEGER NOT NULL,
  started TEXT NOT NULL,
  ended   TEXT,                            -- NULL while it runs, or when it was killed
  exit    INTEGER,
  counts  TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- Addresses whose text must not be kept again (`veille forget`).
CREATE TABLE forgotten (
  address TEXT PRIMARY KEY,                -- URL or host
  at      TEXT NOT NULL
) STRICT;
"""

#: What the reading room searches and lists. The indexes hold words of the press: the triggers empty
#: them with the texts, and `secure-delete` leaves none of them behind (SQLite before 3.42 has no
#: such setting; there the rewrite of `veille prune` does it).
READING_SCHEMA = """
CREATE VIRTUAL TABLE articles_text USING fts5(
  title, text, content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER articles_text_added AFTER INSERT ON articles BEGIN
  INSERT INTO articles_text(rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER articles_text_changed AFTER UPDATE OF title, text ON articles BEGIN
  INSERT INTO articles_text(articles_text, rowid, title, text)
  VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO articles_text(rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER articles_text_dropped AFTER DELETE ON articles BEGIN
  INSERT INTO articles_text(articles_text, rowid, title, text)
  VALUES ('delete', old.id, old.title, old.text);
END;

CREATE VIRTUAL TABLE claims_text USING fts5(
  quote, content="claims", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER claims_text_added AFTER INSERT ON claims BEGIN
  INSERT INTO claims_text(rowid, quote) VALUES (new.id, new.quote);
END;
CREATE TRIGGER claims_text_changed AFTER UPDATE OF quote ON claims BEGIN
  INSERT INTO claims_text(claims_text, rowid, quote) VALUES ('delete', old.id, old.quote);
  INSERT INTO claims_text(rowid, quote) VALUES (new.id, new.quote);
END;
CREATE TRIGGER claims_text_dropped AFTER DELETE ON claims BEGIN
  INSERT INTO claims_text(claims_text, rowid, quote) VALUES ('delete', old.id, old.quote);
END;

CREATE INDEX articles_outlet ON articles(outlet, at);

INSERT INTO articles_text(articles_text, rank)
SELECT 'secure-delete', 1 WHERE sqlite_version() >= '3.42';
INSERT INTO claims_text(claims_text, rank)
SELECT 'secure-delete', 1 WHERE sqlite_version() >= '3.42';

-- What changed, as a sheet: one line an outcome, amounts as numbers.
CREATE VIEW latest_changes AS
SELECT c.id, coalesce(a.at, c.recorded) AS at, c.label AS change, c.alert,
       c.kind, c.payers, c.payee,
       json_extract(c.before, '$.amount[0]') AS before_low,
       json_extract(c.before, '$.amount[1]') AS before_high,
       json_extract(c.after, '$.amount[0]') AS low,
       json_extract(c.after, '$.amount[1]') AS high,
       json_extract(c.after, '$.currency') AS currency,
       json_extract(c.after, '$.qualifier') AS qualifier,
       json_extract(c.after, '$.certainty') AS certainty,
       json_extract(c.after, '$.stage') AS stage,
       c.deal, c.article, a.outlet, a.title, a.canonical_url AS url, c.recorded
FROM changes c LEFT JOIN articles a ON a.id = c.article;

-- Every claim beside who published it, and when.
CREATE VIEW claims_in_context AS
SELECT k.id, a.at, a.outlet, k.kind, k.payers, k.payee, k.low, k.high, k.currency, k.qualifier,
       k.certainty, k.stage, k.sources, k.background, k.held, k.quote, k.confidence, k.article,
       a.title, a.canonical_url AS url
FROM claims k JOIN articles a ON a.id = k.article;
"""

#: One script a version, in order; the position plus one is the version that it leads to.
MIGRATIONS: tuple[str, ...] = (
    LEDGER_SCHEMA + FETCHING_SCHEMA + OPERATION_SCHEMA + READING_SCHEMA,
    *LATER_SCHEMAS,
)
VERSION = len(MIGRATIONS)


class SchemaError(Exception):
    """The file cannot be used as it is; the message says why and what to do."""


def migrate(connection: Any, migrations: tuple[str, ...] = MIGRATIONS) -> int:
    """Bring the file to the newest version; returns the version it had. All of it or nothing.

    `connection` is in autocommit mode. Raises `SchemaError` for a file of another program or of a
    newer veille, before anything is written.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and tables:
        raise SchemaError("it is a SQLite file of another program; name another file with --db")
    if version > len(migrations):
        raise SchemaError(
            f"it was written by a newer veille (schema {version}, this one knows "
            f"{len(migrations)}); upgrade veille or restore a backup"
        )
    if version == len(migrations):
        return int(version)
    (bound,) = connection.execute("PRAGMA foreign_keys").fetchone()
    # to rebuild a table is to drop it: bound, that would delete what refers to it
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        return _migrate(connection, migrations)
    finally:
        connection.execute(f"PRAGMA foreign_keys = {bound}")


def _migrate(connection: Any, migrations: tuple[str, ...]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # another process may have migrated while we waited for the lock
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for number, script in enumerate(migrations[version:], version + 1):
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        if loose := connection.execute("PRAGMA foreign_key_check").fetchone():
            raise SchemaError(f"the migration would leave a row of {loose[0]} that refers to none")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return int(version)


def statements(script: str) -> list[str]:
    """The single statements of an SQL script (`executescript` would commit half of a migration)."""
    import sqlite3  # only its tokenizer: tells where a statement ends

    found, gathered = [], ""
    for piece in script.split(";")[:-1]:
        gathered += piece + ";"
        if sqlite3.complete_statement(gathered):
            found.append(gathered.strip())
            gathered = ""
    return found
