-- Operators' own templates of messages, and the messages that a local mailbox keeps in place of sending them.

CREATE TABLE templates (
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (kind, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  -- A message that comes twice is kept once.
  message_id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;
