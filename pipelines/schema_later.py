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

LATER_SCHEMAS: tuple[str, ...] = (_SIGHTINGS_AND_SECOND_READER,)
