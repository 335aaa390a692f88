-- What every action writes lies on few pages: a page that is changed is written as a whole, and a row that is longer than a quarter of one lies
-- on several.

-- Names, addresses, labels: beside the row that changes with each action.
CREATE TABLE people (
  booking TEXT PRIMARY KEY,
  personal TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO people (booking, personal) SELECT id, personal FROM bookings;

DROP TRIGGER bookings_have_words;
DROP TRIGGER refunds_have_words;
DROP TRIGGER words_follow_people;
ALTER TABLE bookings DROP COLUMN personal;

CREATE TRIGGER people_have_words AFTER INSERT ON people BEGIN
  INSERT INTO booking_words (rowid, reference, name, email)
    SELECT number, reference, new.personal ->> '$.customer.name', new.personal ->> '$.customer.email' FROM bookings
    WHERE id = new.booking;
END;

CREATE TRIGGER refunds_have_words AFTER INSERT ON refunds BEGIN
  INSERT INTO refund_words (rowid, reference, name, email, note)
    SELECT new.number, reference, personal ->> '$.customer.name', personal ->> '$.customer.email', new.note
    FROM bookings JOIN people ON people.booking = bookings.id WHERE bookings.id = new.booking;
END;

CREATE TRIGGER words_follow_people AFTER UPDATE OF personal ON people
WHEN old.personal -> '$.customer' IS NOT new.personal -> '$.customer' BEGIN
  UPDATE booking_words SET name = new.personal ->> '$.customer.name', email = new.personal ->> '$.customer.email'
    WHERE rowid = (SELECT number FROM bookings WHERE id = new.booking);
  UPDATE refund_words SET name = new.personal ->> '$.customer.name', email = new.personal ->> '$.customer.email'
    WHERE rowid IN (SELECT number FROM refunds WHERE booking = new.booking);
END;

-- In the order in which they came, so that the newest lie together; found by the booking.
CREATE TABLE acts_in_order (
  number INTEGER PRIMARY KEY,
  booking TEXT NOT NULL,
  command_id TEXT NOT NULL,
  -- 'link' or 'key'.
  by TEXT NOT NULL,
  -- The id of the key.
  key TEXT,
  -- The generation of the link.
  generation INTEGER,
  address TEXT,
  -- The quote that was carried out, with its explanation: what whoever acted was told.
  quote TEXT
) STRICT;

INSERT INTO acts_in_order (booking, command_id, by, key, generation, address, quote)
  SELECT booking, command_id, by, key, generation, address, quote FROM acts ORDER BY command_id;
DROP TABLE acts;
ALTER TABLE acts_in_order RENAME TO acts;
CREATE UNIQUE INDEX acts_by_booking ON acts (booking, command_id);
