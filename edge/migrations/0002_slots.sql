-- Slots that were opened for many bookings, and vouchers. Both have streams of their own in the log; a row here is what its events come to,
-- so that loading one is one statement.

CREATE TABLE slots (
  id TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  zone TEXT NOT NULL,
  -- What lines cost in it by their kind, and the policy by its name: both as the operator sells it today, not a part of the log.
  prices TEXT NOT NULL,
  policy TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  room INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  -- Who has which places.
  roster TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX slots_by_service ON slots (service, starts_at, id);
CREATE INDEX slots_by_start ON slots (starts_at, id);

CREATE TABLE vouchers (
  id TEXT PRIMARY KEY,
  booking TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  voucher TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX vouchers_by_booking ON vouchers (booking, issued_at, id);

-- The slots of this table in which a booking has places, as a JSON array: a booking without any needs no second statement.
ALTER TABLE bookings ADD COLUMN slots TEXT NOT NULL DEFAULT '[]';
