//! One voucher in the auditor's books: what it was issued with, what was taken of it and when.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use leeway_core::id::PaymentId;
use leeway_core::voucher::{self, VoucherEvent, VoucherPart};
use leeway_core::{Instant, Voucher};

use crate::simulate::store::Row;

/// A voucher.
#[derive(Debug, Default)]
pub(super) struct VoucherBooks {
    /// What is left of each part; the key is what tells parts apart.
    left: BTreeMap<(bool, i64), i64>,
    /// The voucher as its JSON says, by an `evolve` that never crashed.
    pub(super) shadow: Option<Voucher>,
    read: usize,
}

/// What one of its events says of a booking.
#[derive(Debug)]
pub(super) enum Said {
    Issued(Vec<VoucherPart>),
    Redeemed(PaymentId, Vec<VoucherPart>),
}

impl VoucherBooks {
    /// Enters what was written.
    ///
    /// # Errors
    /// More is taken of it than it has, or it begins twice.
    pub(super) fn read(&mut self, rows: &[Row]) -> Result<Vec<Said>> {
        let mut said = Vec::new();
        for row in rows.get(self.read..).unwrap_or_default() {
            let event: VoucherEvent = serde_json::from_str(&row.json)?;
            ensure!(serde_json::to_string(&event)? == row.json, "`{}` is read as something else", row.json);
            self.shadow = voucher::evolve(self.shadow.take(), &event, row.at);
            said.push(self.enter(event, row.at)?);
        }
        self.read = rows.len();
        Ok(said)
    }

    fn enter(&mut self, event: VoucherEvent, at: Instant) -> Result<Said> {
        Ok(match event {
            VoucherEvent::VoucherIssued { parts, .. } => {
                ensure!(self.read == 0 && self.left.is_empty(), "it is issued twice");
                for part in &parts {
                    *self.left.entry(key(part)).or_default() += part.amount.minor();
                }
                Said::Issued(parts)
            }
            VoucherEvent::VoucherRedeemed { payment, parts, .. } => {
                for part in &parts {
                    ensure!(part.is_usable(at), "an expired bonus is redeemed");
                    let Some(left) = self.left.get_mut(&key(part)) else { bail!("it has no such part") };
                    *left -= part.amount.minor();
                    ensure!(*left >= 0 && part.amount.is_positive(), "more is redeemed than it has");
                }
                Said::Redeemed(payment, parts)
            }
        })
    }

    /// Compares with the voucher as the core has it; answers what is left.
    ///
    /// # Errors
    /// What differs.
    pub(super) fn check(&self) -> Result<i64> {
        let left: i64 = self.left.values().sum();
        let core: i64 = self.shadow.iter().flat_map(|voucher| &voucher.parts).map(|part| part.amount.minor()).sum();
        ensure!(core == left, "{core} is left of it, its events say {left}");
        Ok(core)
    }
}

/// Money, or a bonus with its last instant.
fn key(part: &VoucherPart) -> (bool, i64) {
    match part.bonus {
        None => (false, 0),
        Some(bonus) => (true, bonus.expires_at.map_or(i64::MAX, Instant::ms)),
    }
}
