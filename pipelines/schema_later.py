"""What later versions added to the ledger's file: one script each, none is changed once it ran."""

from __future__ import annotations

#: Schema 2: pages that go back to an earlier text; merged deals; the second reader.
_SIGHTINGS_AND_SECOND_READER = """
-- When a page still had the text of a stored version: if another one is found that stood between,
-- the page went back to that text then.
CREATE TABLE sightings (
  article INTEGER NOT NULL REFERENCES articles(id),
  at      TEXT NOT NULL,                   -- the page's own later date
  seen    TEXT NOT NULL,
  PRIMARY KEY (article, at)
) STRICT, WITHOUT ROWID;

-- Shared by the claims of deals that a person has merged (`verdicts.reads_as` holds it too).
ALTER TABLE claims ADD COLUMN bond TEXT;
ALTER TABLE retired_claims ADD COLUMN bond TEXT;

-- Who decided about a claim: a person, or the second reader with the name of its model.
ALTER TABLE verdicts ADD COLUMN who TEXT NOT NULL DEFAULT 'a person';

-- 1: taken without telling anybody (an import). What is released of it later is not told either.
ALTER TABLE articles ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;

-- Questions to the second reader, one row each, written before it is asked: a kill in between
-- leaves the outcome empty. Neither its words nor those of the press stand here.
CREATE TABLE second_readings (
  id      INTEGER PRIMARY KEY,
  at      TEXT NOT NULL,                  -- asked
  model   TEXT NOT NULL,
  url     TEXT NOT NULL,
  claim   TEXT NOT NULL,                  -- the key that verdicts have
  outcome TEXT CHECK (outcome IN ('agrees', 'disagrees', 'unusable', 'failed')),
  why     TEXT NOT NULL DEFAULT ''        -- what differs, or what failed, in our words
) STRICT;
CREATE INDEX second_readings_claim ON second_readings(url, claim);
CREATE INDEX second_readings_at ON second_readings(at);
CREATE INDEX claims_waiting ON claims(article) WHERE held = 1;
"""

#: Schema 3: which text repeats which follows from their dates; the day that a rumour names.
_REPEATS_AND_TERMS = """
-- A text and the earliest one alike that was published before it. A row for each that was the
-- earliest known, so that what was known at a moment can be asked; the earliest of all is
-- `articles.copy_of`, and `articles.copies` is where such steps end: the text that a group repeats.
CREATE TABLE repeats (
  article  INTEGER NOT NULL REFERENCES articles(id),
  original INTEGER NOT NULL REFERENCES articles(id),
  share    REAL NOT NULL,                 -- containment of the shorter one's shingles, 0 to 1
  recorded TEXT NOT NULL,                 -- since when both are known
  PRIMARY KEY (article, original)
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_copy_of ON articles(copy_of) WHERE copy_of IS NOT NULL;

-- How many of its hashes in the index a text of two other lengths would sample too. NULL: not known
ALTER TABLE articles ADD COLUMN sampled_fine INTEGER;
ALTER TABLE articles ADD COLUMN sampled_coarse INTEGER;

-- Pairs were kept as they were found; the one published later is the copy.
INSERT OR IGNORE INTO repeats (article, original, share, recorded)
SELECT iif(later, a.id, o.id), iif(later, o.id, a.id), coalesce(a.share, 1.0), a.recorded
FROM (SELECT *, (at, url) > (SELECT at, url FROM articles p WHERE p.id = c.copy_of) AS later
      FROM articles c WHERE copy_of IS NOT NULL) a
JOIN articles o ON o.id = a.copy_of;

UPDATE articles SET (copy_of, share) = (
  SELECT r.original, r.share FROM repeats r JOIN articles o ON o.id = r.original
  WHERE r.article = articles.id ORDER BY o.at, o.url, o.exact, o.id LIMIT 1
) WHERE copy_of IS NOT NULL OR id IN (SELECT article FROM repeats);

UPDATE articles SET sameness = iif(copy_of IS NULL, 'new', 'copy') WHERE sameness != 'revision';

WITH RECURSIVE tree (id, root) AS (
  SELECT id, id FROM articles WHERE copy_of IS NULL
  UNION ALL SELECT a.id, t.root FROM tree t JOIN articles a ON a.copy_of = t.id
)
UPDATE articles SET copies = t.root FROM tree t
WHERE t.id = articles.id AND articles.copies IS NOT t.root;

-- The last day of the time by which a claim says that it will be settled ("d'ici fin février").
ALTER TABLE claims ADD COLUMN due TEXT;
ALTER TABLE retired_claims ADD COLUMN due TEXT;
CREATE INDEX claims_due ON claims(due) WHERE due IS NOT NULL;
"""

LATER_SCHEMAS: tuple[str, ...] = (_SIGHTINGS_AND_SECOND_READER, _REPEATS_AND_TERMS)
