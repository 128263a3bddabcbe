"""The table of operation: what the operator was told. Times are text, UTC, to the second."""

OPERATION_SCHEMA = """
-- A trouble of the machinery, from its first sight to its end; what was told, and when.
CREATE TABLE troubles (
  id      INTEGER PRIMARY KEY,
  code    TEXT NOT NULL,                  -- what kind: crawl-missing, outlet, no-article ...
  subject TEXT NOT NULL,                  -- which outlet or channel; '' for the whole
  detail  TEXT NOT NULL,
  since   TEXT NOT NULL,
  told    TEXT,                           -- last time; NULL: not, or the channel failed
  ended   TEXT                            -- NULL while it lasts
) STRICT;
CREATE UNIQUE INDEX troubles_open ON troubles(code, subject) WHERE ended IS NULL;
CREATE INDEX troubles_subject ON troubles(code, subject, told);
"""
