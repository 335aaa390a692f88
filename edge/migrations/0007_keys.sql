-- Keys with roles, who did what, and answers that are forgotten again.

ALTER TABLE api_keys ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN name TEXT NOT NULL DEFAULT 'First key';
ALTER TABLE api_keys ADD COLUMN role TEXT NOT NULL DEFAULT 'admin';
-- The first instant at which it works no more.
ALTER TABLE api_keys ADD COLUMN expires_at TEXT;
ALTER TABLE api_keys ADD COLUMN revoked_at TEXT;

UPDATE api_keys SET id = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' ||
  substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));

CREATE UNIQUE INDEX api_keys_by_id ON api_keys (id);

-- Through what a command came, beside the log: addresses are personal data and can be erased.
CREATE TABLE acts (
  command_id TEXT PRIMARY KEY,
  booking TEXT NOT NULL,
  -- 'link' or 'key'.
  by TEXT NOT NULL,
  -- The id of the key.
  key TEXT,
  -- The generation of the link.
  generation INTEGER,
  address TEXT,
  -- The quote that was carried out, with its explanation: what whoever acted was told.
  quote TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX acts_by_booking ON acts (booking);

CREATE INDEX idempotency_by_time ON idempotency (at);

-- What a policy would have made of past cancellations is asked by time.
CREATE INDEX cancellations ON events (at, stream) WHERE kind = 'canceled';
