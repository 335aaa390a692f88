-- What lists and searches read: columns of bookings, refund entries, and the words of both. All of it is worked out from the log and from what
-- lies beside it, in the commit that changes those; nothing is decided by it.

-- Counted in the order in which bookings were made: the order of the list, and the row that full-text search knows it by.
ALTER TABLE bookings ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN made_at TEXT NOT NULL DEFAULT '';
-- The services of what is booked, as a JSON array.
ALTER TABLE bookings ADD COLUMN services TEXT NOT NULL DEFAULT '[]';

UPDATE bookings SET made_at = (SELECT at FROM events WHERE stream = bookings.id AND seq = 1);
UPDATE bookings SET number = counted.number
  FROM (SELECT id, row_number() OVER (ORDER BY made_at, id) AS number FROM bookings) AS counted WHERE counted.id = bookings.id;

-- They hold all that a list can be narrowed by, so that what is passed over is never looked up.
CREATE INDEX bookings_by_number ON bookings (number, status, payment_status, starts_at, services);
CREATE INDEX bookings_by_start ON bookings (starts_at, number, status, payment_status, services);

CREATE VIRTUAL TABLE booking_words USING fts5(reference, name, email, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
-- What is erased is gone from the index too, not only marked.
INSERT INTO booking_words (booking_words, rank) VALUES ('secure-delete', 1);

INSERT INTO booking_words (rowid, reference, name, email)
  SELECT number, reference, personal ->> '$.customer.name', personal ->> '$.customer.email' FROM bookings;

CREATE TRIGGER bookings_have_words AFTER INSERT ON bookings BEGIN
  INSERT INTO booking_words (rowid, reference, name, email)
    VALUES (new.number, new.reference, new.personal ->> '$.customer.name', new.personal ->> '$.customer.email');
END;

CREATE TABLE refunds (
  -- In the order in which they were entered.
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  booking TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  -- That of the operator's calendar, such as 2026-08.
  month TEXT NOT NULL,
  settled_at TEXT,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  way TEXT NOT NULL,
  -- How the money had come, one bit for each method.
  methods INTEGER NOT NULL,
  document TEXT,
  currency TEXT NOT NULL,
  -- Minor units: whole numbers add up exactly.
  minor INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;

CREATE INDEX refunds_by_booking ON refunds (booking, number);
-- Statistics read this index and nothing else, in its order.
CREATE INDEX refunds_counted ON refunds (currency, reason, state, way, month, entered_at, minor);

CREATE VIRTUAL TABLE refund_words USING fts5(reference, name, email, note, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
INSERT INTO refund_words (refund_words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER refunds_have_words AFTER INSERT ON refunds BEGIN
  INSERT INTO refund_words (rowid, reference, name, email, note)
    SELECT new.number, reference, personal ->> '$.customer.name', personal ->> '$.customer.email', new.note FROM bookings
    WHERE id = new.booking;
END;

CREATE TRIGGER words_follow_people AFTER UPDATE OF personal ON bookings
WHEN old.personal -> '$.customer' IS NOT new.personal -> '$.customer' BEGIN
  UPDATE booking_words SET name = new.personal ->> '$.customer.name', email = new.personal ->> '$.customer.email'
    WHERE rowid = new.number;
  UPDATE refund_words SET name = new.personal ->> '$.customer.name', email = new.personal ->> '$.customer.email'
    WHERE rowid IN (SELECT number FROM refunds WHERE booking = new.id);
END;
