-- What a voucher is spent by lies beside the log and is no id: ids are in every view of a booking, and a code pays like money. Those that were given out
-- go on working.
ALTER TABLE vouchers ADD COLUMN code TEXT NOT NULL DEFAULT '';
UPDATE vouchers SET code = id;
CREATE UNIQUE INDEX vouchers_by_code ON vouchers (code);
