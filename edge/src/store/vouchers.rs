//! The rows of vouchers, with the codes that they are spent by. What one is worth, and what is taken of it, is decided in the core.

use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, VoucherId};
use leeway_core::voucher::Voucher;
use leeway_core::{Instant, Map};
use serde::Serialize;

use super::{Fault, Store, stored, text};
use crate::host;

/// A voucher with its code. The code is in no event, no refund entry and no payment: whoever sees a booking does not see how to spend what it has.
#[derive(Debug, Clone, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Coded {
    /// Pays like money. Absent for whoever may only look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub voucher: Voucher,
}

impl Coded {
    /// The vouchers, and what each is spent by.
    pub fn apart(coded: Vec<Self>) -> (Vec<Voucher>, Map<VoucherId, String>) {
        let mut codes = Map::new();
        let vouchers = coded.into_iter().map(|Self { code, voucher }| {
            if let Some(code) = code {
                codes.insert(voucher.id, code);
            }
            voucher
        });
        (vouchers.collect(), codes)
    }

    /// The same for somebody who may act, or only look.
    pub fn shown(self, may_act: bool) -> Self {
        Self { code: self.code.filter(|_| may_act), ..self }
    }
}

impl Store {
    /// The vouchers that were issued for a booking's refunds, the oldest first.
    pub fn vouchers(&self, booking: BookingId) -> Result<Vec<Coded>, Fault> {
        const SQL: &str = "SELECT CAST(json_group_array(json_object('code', code, 'voucher', json(voucher)) ORDER BY issued_at, id) AS BLOB) \
             FROM vouchers WHERE booking = ?";
        let bytes = self.bytes(SQL, &[text(booking)])?;
        Ok(bytes.map(|bytes| stored(&bytes)).transpose()?.unwrap_or_default())
    }

    /// One voucher.
    pub fn voucher(&self, id: VoucherId) -> Result<Option<Coded>, Fault> {
        const SQL: &str =
            "SELECT CAST(json_object('code', code, 'voucher', json(voucher)) AS BLOB) FROM vouchers WHERE id = ?";
        self.bytes(SQL, &[text(id)])?.map(|bytes| stored(&bytes)).transpose()
    }

    /// The one that is spent by this code.
    pub fn voucher_of_code(&self, code: &str) -> Result<Option<Voucher>, Fault> {
        let bytes = self.bytes("SELECT CAST(voucher AS BLOB) FROM vouchers WHERE code = ?", &[code.into()])?;
        bytes.map(|bytes| stored(&bytes)).transpose()
    }

    /// Writes a voucher, with a code of its own when it is new, or with less on it.
    pub(super) fn put_voucher(&self, voucher: &Voucher, at: Instant) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO vouchers (id, booking, issued_at, voucher, code) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET voucher = excluded.voucher";
        let body = leeway_json::write(voucher)?;
        let code = text(host::fresh_uuid(at.ms()));
        self.run(SQL, &[text(voucher.id), text(voucher.booking), text(voucher.issued_at), body.into(), code])
    }
}
