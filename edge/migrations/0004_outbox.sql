-- What is still to be done outside: a row is written in the commit that causes it, and ends in one that records what came of it.

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Rows of one lane leave one after another, in the order of `seq`.
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  booking TEXT,
  command TEXT,
  -- What it belongs to: a second row for the same is never written.
  dedupe TEXT UNIQUE,
  body TEXT NOT NULL,
  made_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'tried', 'done', 'dropped', 'dead')),
  last_error TEXT,
  ended_at TEXT
) STRICT;

CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('waiting', 'tried');
CREATE INDEX outbox_lane ON outbox (lane, seq) WHERE state IN ('waiting', 'tried');
CREATE INDEX outbox_booking ON outbox (booking, seq);
CREATE INDEX outbox_dead ON outbox (seq) WHERE state = 'dead';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;

-- What an operator sets, one row a topic. Secrets inside are sealed.
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
