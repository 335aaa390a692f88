-- The beginning of a word is found as fast as a whole one: without an index of its own, a beginning that 100,000 bookings have, such as that of a mail
-- domain, is put together from all of them before the first is known. What is longer than seven letters is put together as before: hardly any word
-- that common is.
DROP TABLE booking_words;
CREATE VIRTUAL TABLE booking_words USING
  fts5(reference, name, email, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4 5 6 7');
-- What is erased is gone from the index too, not only marked.
INSERT INTO booking_words (booking_words, rank) VALUES ('secure-delete', 1);
INSERT INTO booking_words (rowid, reference, name, email)
  SELECT number, reference, personal ->> '$.customer.name', personal ->> '$.customer.email'
  FROM bookings JOIN people ON people.booking = bookings.id ORDER BY number;
