-- The operator's systems that are told what happens.

CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  -- Which events, as a JSON array; empty: all of them.
  events TEXT NOT NULL,
  -- Sealed, the newest first: `[{"secret":…,"until":…}]`; one that is being replaced signs until then.
  secrets TEXT NOT NULL,
  made_at TEXT NOT NULL,
  disabled_at TEXT,
  disabled_why TEXT
) STRICT, WITHOUT ROWID;
