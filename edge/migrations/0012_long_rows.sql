-- A table WITHOUT ROWID keeps whole rows in the inner pages of its tree as well: with long rows such a page leads to a handful of others, the tree is
-- deep, and a row that comes between full pages has three of them written again. What is long lies in the order in which it was written instead.

-- The log. It only grows.
CREATE TABLE events_in_order (
  number INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  command_id TEXT NOT NULL,
  event TEXT NOT NULL,
  kind TEXT GENERATED ALWAYS AS (json_extract(event, '$.kind')) VIRTUAL,
  UNIQUE (stream, seq)
) STRICT;

INSERT INTO events_in_order (stream, seq, version, at, actor, command_id, event)
  SELECT stream, seq, version, at, actor, command_id, event FROM events ORDER BY at, stream, seq;

-- Through what a command came: the number is that of its booking's first event in it, so that no index has to lead here.
CREATE TABLE acts_by_event (
  number INTEGER PRIMARY KEY,
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

INSERT INTO acts_by_event (number, by, key, generation, address, quote)
  SELECT first, by, key, generation, address, quote FROM acts JOIN
    (SELECT stream, command_id, min(number) AS first FROM events_in_order GROUP BY stream, command_id) AS commands
    ON commands.stream = acts.booking AND commands.command_id = acts.command_id
  ORDER BY first;

DROP TABLE acts;
ALTER TABLE acts_by_event RENAME TO acts;
DROP TABLE events;
ALTER TABLE events_in_order RENAME TO events;
CREATE INDEX cancellations ON events (at, stream) WHERE kind = 'canceled';

-- Names, addresses, labels: by the number of their booking, the row that its words have.
DROP TRIGGER people_have_words;
DROP TRIGGER refunds_have_words;
DROP TRIGGER words_follow_people;

CREATE TABLE people_by_number (
  booking_number INTEGER PRIMARY KEY,
  personal TEXT NOT NULL
) STRICT;

INSERT INTO people_by_number (booking_number, personal)
  SELECT number, personal FROM bookings JOIN people ON people.booking = bookings.id ORDER BY number;
DROP TABLE people;
ALTER TABLE people_by_number RENAME TO people;

CREATE TRIGGER people_have_words AFTER INSERT ON people BEGIN
  INSERT INTO booking_words (rowid, reference, name, email)
    SELECT number, reference, new.personal ->> '$.customer.name', new.personal ->> '$.customer.email' FROM bookings
    WHERE number = new.booking_number;
END;

CREATE TRIGGER refunds_have_words AFTER INSERT ON refunds WHEN new.note <> '' BEGIN
  INSERT INTO refund_words (rowid, reference, name, email, note)
    SELECT new.number, reference, personal ->> '$.customer.name', personal ->> '$.customer.email', new.note
    FROM bookings JOIN people ON people.booking_number = bookings.number WHERE bookings.id = new.booking;
END;

-- A booking's refund entries are those that its log names: an index of their own would be one more page of every commit that enters one.
DROP INDEX refunds_by_booking;

CREATE TRIGGER words_follow_people AFTER UPDATE OF personal ON people
WHEN old.personal -> '$.customer' IS NOT new.personal -> '$.customer' BEGIN
  UPDATE booking_words SET name = new.personal ->> '$.customer.name', email = new.personal ->> '$.customer.email'
    WHERE rowid = new.booking_number;
  UPDATE refund_words SET name = new.personal ->> '$.customer.name', email = new.personal ->> '$.customer.email'
    WHERE rowid IN (SELECT refunds.number FROM bookings JOIN events ON stream = bookings.id AND kind = 'refund_entered'
      JOIN refunds ON refunds.id = event ->> '$.body.refund.id' WHERE bookings.number = new.booking_number);
END;

-- Answers to requests that came with an idempotency key.
CREATE TABLE answers (
  key TEXT PRIMARY KEY,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

INSERT INTO answers (key, request_hash, status, body, at) SELECT key, request_hash, status, body, at FROM idempotency ORDER BY at;
DROP TABLE idempotency;
ALTER TABLE answers RENAME TO idempotency;
CREATE INDEX idempotency_by_time ON idempotency (at);
