-- Payment links, the checkouts that they lead to, and what providers have said.

CREATE TABLE payment_links (
  id TEXT PRIMARY KEY,
  -- Of a link without a booking: the id that its booking will have.
  booking TEXT NOT NULL,
  ask TEXT NOT NULL,
  note TEXT NOT NULL,
  made_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT,
  -- What becomes a booking once it is paid: the request and the policy as it was. Personal data: emptied then.
  draft TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX payment_links_by_booking ON payment_links (booking, made_at, id);

CREATE TABLE checkouts (
  -- The payment that comes of it has the same id.
  id TEXT PRIMARY KEY,
  booking TEXT NOT NULL,
  link TEXT,
  provider TEXT NOT NULL CHECK (provider IN ('stripe', 'manual')),
  state TEXT NOT NULL CHECK (state IN ('opening', 'open', 'paid', 'closed', 'failed')),
  amount TEXT NOT NULL,
  currency TEXT NOT NULL,
  session TEXT UNIQUE,
  url TEXT,
  -- The provider's name for the payment.
  intent TEXT UNIQUE,
  made_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  ended_at TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX checkouts_by_booking ON checkouts (booking, made_at, id);

-- Webhooks that were applied: each once.
CREATE TABLE provider_events (
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX provider_events_at ON provider_events (at);

-- What happened at a provider without us, for the operator to see to: disputes, refunds made in the provider's own pages.
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('dispute', 'foreign_refund')),
  booking TEXT NOT NULL,
  payment TEXT NOT NULL,
  amount TEXT NOT NULL,
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- The provider's own word.
  status TEXT NOT NULL,
  due_by TEXT,
  -- When the provider said it: an older word does not replace a newer one.
  said_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX notices_by_booking ON notices (booking, said_at);
