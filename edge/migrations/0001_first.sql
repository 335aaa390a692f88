-- One operator's object: its bookings, policies and keys. Money is text, instants are RFC 3339 in UTC, which sorts as text.

CREATE TABLE operator (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  locale TEXT NOT NULL,
  made_at TEXT NOT NULL,
  bookings_made INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE api_keys (
  hash TEXT PRIMARY KEY,
  made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE policies (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The log. It only grows.
CREATE TABLE events (
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  command_id TEXT NOT NULL,
  event TEXT NOT NULL,
  kind TEXT GENERATED ALWAYS AS (json_extract(event, '$.kind')) VIRTUAL,
  PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;

-- What can be worked out from the log, and beside it the personal data, which can be erased.
CREATE TABLE bookings (
  id TEXT PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  link_generation INTEGER NOT NULL,
  status TEXT NOT NULL,
  payment_status TEXT NOT NULL,
  balance TEXT NOT NULL,
  currency TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  personal TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers to requests that came with an idempotency key.
CREATE TABLE idempotency (
  key TEXT PRIMARY KEY,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
