//! Vouchers: one is shown, and a booking is paid with one, by its code. They are made by refunds only.
//!
//! Source: requirements C6, C7

use leeway_core::id::PaymentId;
use leeway_core::voucher::{Voucher, VoucherPart, redeem};
use leeway_core::{Command, Instant, Map, Money, Refusal, evolve};
use serde::Serialize;

use super::acting::stamp;
use super::api::operators;
use super::{Asked, Desk};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::store::{Commit, Fault, Loaded};
use crate::{host, log};

/// A voucher with what it is worth at an instant.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VoucherView<'a> {
    pub voucher: &'a Voucher,
    pub at: Instant,
    /// What can be redeemed: bonuses that have expired are not in it.
    pub usable: Money,
    pub usable_parts: Vec<&'a VoucherPart>,
}

impl Desk {
    pub(super) fn voucher(&self, code: &str, asked: &Asked) -> Result<Reply, Fault> {
        let voucher = self.store.voucher_of_code(code)?.ok_or(Problem::VOUCHER_UNKNOWN)?;
        let usable_parts = voucher.parts.iter().filter(|part| part.is_usable(asked.at)).collect();
        let usable = voucher.usable(asked.at).map_err(Refusal::from)?;
        Ok(Reply::json(200, &VoucherView { voucher: &voucher, at: asked.at, usable, usable_parts }))
    }

    /// Pays with a voucher: the events of both in one commit.
    pub(super) fn redeem(
        &self,
        loaded: &Loaded<'_>,
        code: &str,
        amount: Option<Money>,
        asked: &Asked,
    ) -> Result<(), Fault> {
        asked.check_version(loaded.booking.version)?;
        let unknown = || Problem::VOUCHER_UNKNOWN.with_status(422).at("voucher");
        let voucher = self.store.voucher_of_code(code)?.ok_or_else(unknown)?;
        let payment = PaymentId(host::fresh_uuid(asked.at.ms()));
        let (paid, redeemed) = redeem(&loaded.booking, &voucher, payment, amount, asked.at)?;
        let booking = evolve(Some(loaded.booking.clone()), &paid, asked.at).ok_or(Problem::BOOKING_UNKNOWN)?;
        let (events, vouchers) = (vec![paid], vec![(voucher.id, redeemed)]);
        let done = leeway_core::Commit { booking, events, slots: Vec::new(), vouchers };
        // No command of the core's: it only gives the events their stamp.
        let stamp = stamp(&operators(Command::RevokeLinks, asked), asked.origin());
        let (version, rosters) = (loaded.booking.version, Map::new());
        let commit = Commit { stamp, version, done: &done, rosters: &rosters, voucher: Some(&voucher), quote: None };
        self.store.transaction(|| self.store.change(&commit))?;
        log::committed("redeemed", self.operator()?.id, done.booking.id, done.booking.version);
        Ok(())
    }
}
