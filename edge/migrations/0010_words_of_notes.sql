-- An action enters a refund in a commit that should touch few pages, and a row of full-text search takes several. An entry's own words are those of
-- its note, which most have none of; whose it is, its booking says.

-- The row that full-text search knows its booking by.
ALTER TABLE refunds ADD COLUMN booking_number INTEGER NOT NULL DEFAULT 0;
UPDATE refunds SET booking_number = (SELECT number FROM bookings WHERE id = refunds.booking);

DELETE FROM refund_words WHERE rowid IN (SELECT number FROM refunds WHERE note = '');

DROP TRIGGER refunds_have_words;
CREATE TRIGGER refunds_have_words AFTER INSERT ON refunds WHEN new.note <> '' BEGIN
  INSERT INTO refund_words (rowid, reference, name, email, note)
    SELECT new.number, reference, personal ->> '$.customer.name', personal ->> '$.customer.email', new.note
    FROM bookings JOIN people ON people.booking = bookings.id WHERE bookings.id = new.booking;
END;
