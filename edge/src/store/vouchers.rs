//! The rows of vouchers. What one is worth, and what is taken of it, is decided in the core.

use leeway_core::id::BookingId;
use leeway_core::voucher::Voucher;

use super::{Fault, Store, stored, text};

impl Store {
    /// The vouchers that were issued for a booking's refunds, the oldest first.
    pub fn vouchers(&self, booking: BookingId) -> Result<Vec<Voucher>, Fault> {
        const SQL: &str = "SELECT CAST('[' || coalesce(group_concat(voucher, ',' ORDER BY issued_at, id), '') || ']' AS BLOB) \
             FROM vouchers WHERE booking = ?";
        let bytes = self.bytes(SQL, &[text(booking)])?;
        Ok(bytes.map(|bytes| stored(&bytes)).transpose()?.unwrap_or_default())
    }

    /// One voucher.
    pub fn voucher(&self, id: leeway_core::id::VoucherId) -> Result<Option<Voucher>, Fault> {
        let bytes = self.bytes("SELECT CAST(voucher AS BLOB) FROM vouchers WHERE id = ?", &[text(id)])?;
        bytes.map(|bytes| stored(&bytes)).transpose()
    }

    /// Writes a voucher, new or with less on it.
    pub(super) fn put_voucher(&self, voucher: &Voucher) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO vouchers (id, booking, issued_at, voucher) VALUES (?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET voucher = excluded.voucher";
        let body = leeway_json::write(voucher)?;
        self.run(SQL, &[text(voucher.id), text(voucher.booking), text(voucher.issued_at), body.into()])
    }
}
