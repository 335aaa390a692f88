//! Vouchers: a refund's document that is worth money. A state machine of its own, beside the booking whose refund it settled: issued once, then
//! redeemed as payment of any booking of its currency. A voucher cannot be made any other way, and is never paid out.
//!
//! Source: requirements C7, C11, C13

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::balance::balance;
use crate::booking::{Booking, Method, PAYMENTS_MAX, Redeemed};
use crate::currency::Currency;
use crate::event::{Event, PaymentRecorded};
use crate::fields::FromObject;
use crate::id::{BookingId, PaymentId, RefundId, VoucherId};
use crate::money::{Money, MoneyError};
use crate::refusal::Refusal;
use crate::time::Instant;

mod worth;

pub(crate) use worth::{NewBonus, new_bonus, worth};

/// A part of a voucher's worth: paid for, which never expires, or a bonus, which can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct VoucherPart {
    /// How much.
    pub amount: Money,
    /// Present where the part is a bonus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus: Option<Bonus>,
}

/// What tells a bonus from money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    /// The last instant at which it can be redeemed; absent, it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
}

impl VoucherPart {
    /// Can it be redeemed at that instant?
    #[must_use]
    pub fn is_usable(&self, at: Instant) -> bool {
        self.bonus.and_then(|bonus| bonus.expires_at).is_none_or(|last| at <= last)
    }

    /// Bonuses before money, and what expires soonest first: the order in which a customer loses least.
    fn spending_order(&self) -> (bool, i64) {
        let expires_at = self.bonus.and_then(|bonus| bonus.expires_at);
        (self.bonus.is_none(), expires_at.map_or(i64::MAX, Instant::ms))
    }
}

/// A voucher as its events left it.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Voucher {
    /// Its id.
    pub id: VoucherId,
    /// The refund that it settled.
    pub refund: RefundId,
    /// The booking of that refund.
    pub booking: BookingId,
    /// When.
    pub issued_at: Instant,
    /// The currency of its parts.
    pub currency: Currency,
    /// What is left of it.
    pub parts: Vec<VoucherPart>,
    /// The number of its events.
    pub version: u64,
}

/// What happened to a voucher: `{"kind":…,"body":…}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum VoucherEvent {
    /// It was issued for a refund.
    VoucherIssued {
        /// Its id.
        id: VoucherId,
        /// The refund.
        refund: RefundId,
        /// The booking of that refund.
        booking: BookingId,
        /// The currency of its parts.
        currency: Currency,
        /// What it is worth.
        parts: Vec<VoucherPart>,
    },
    /// A booking was paid with it.
    VoucherRedeemed {
        /// Which booking.
        booking: BookingId,
        /// The payment there.
        payment: PaymentId,
        /// What was taken.
        parts: Vec<VoucherPart>,
    },
}

/// Applies an event; `None` is a voucher that was not issued. Total.
#[must_use]
pub fn evolve(voucher: Option<Voucher>, event: &VoucherEvent, at: Instant) -> Option<Voucher> {
    match (voucher, event) {
        (None, VoucherEvent::VoucherIssued { id, refund, booking, currency, parts }) => Some(Voucher {
            id: *id,
            refund: *refund,
            booking: *booking,
            issued_at: at,
            currency: *currency,
            parts: parts.clone(),
            version: 1,
        }),
        (None, VoucherEvent::VoucherRedeemed { .. }) => None,
        (Some(mut voucher), event) => {
            voucher.version = voucher.version.saturating_add(1);
            if let VoucherEvent::VoucherRedeemed { parts, .. } = event {
                parts.iter().for_each(|taken| voucher.lose(taken));
            }
            Some(voucher)
        }
    }
}

impl Voucher {
    /// What can be redeemed at an instant.
    ///
    /// # Errors
    /// [`MoneyError`] never for a voucher of one currency.
    pub fn usable(&self, at: Instant) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.parts.iter().filter(|part| part.is_usable(at)).map(|part| part.amount))
    }

    fn lose(&mut self, taken: &VoucherPart) {
        if let Some(part) = self.parts.iter_mut().find(|part| part.bonus == taken.bonus) {
            // A difference that leaves the range cannot be: the parts were taken from this voucher.
            part.amount = part.amount.minus(taken.amount).unwrap_or(part.amount);
        }
        self.parts.retain(|part| part.amount.is_positive());
    }

    /// What an amount takes of the parts, in spending order.
    fn take(&self, amount: Money, at: Instant) -> Result<Vec<VoucherPart>, Refusal> {
        let most = self.usable(at)?;
        if amount.compare(most)?.is_gt() {
            return Err(Refusal::VoucherTooSmall { most });
        }
        let usable = self.parts.iter().enumerate().filter(|(_, part)| part.is_usable(at));
        let order = crate::sort::sorted(usable.map(|(index, part)| (part.spending_order(), index)).collect());
        take_in_order(order.iter().filter_map(|(_, index)| self.parts.get(*index)), Money::zero(self.currency), amount)
            .map_err(Refusal::from)
    }
}

/// Takes an amount from parts in their order, after skipping what was taken before.
fn take_in_order<'a>(
    parts: impl Iterator<Item = &'a VoucherPart>,
    before: Money,
    amount: Money,
) -> Result<Vec<VoucherPart>, MoneyError> {
    let (mut skip, mut rest) = (before, amount);
    let mut taken = Vec::new();
    for part in parts {
        let skipped = part.amount.smaller(skip)?;
        skip = skip.minus(skipped)?;
        let share = part.amount.minus(skipped)?.smaller(rest)?;
        rest = rest.minus(share)?;
        if share.is_positive() {
            taken.push(VoucherPart { amount: share, bonus: part.bonus });
        }
    }
    Ok(taken)
}

/// What of a voucher comes back with an amount of the payment that it made: the part that was paid for first, the bonus last.
///
/// # Errors
/// [`MoneyError`] never for a payment and amounts of one currency.
///
/// Source: requirement C11
pub(crate) fn given_back(redeemed: &Redeemed, before: Money, amount: Money) -> Result<Vec<VoucherPart>, MoneyError> {
    let order = redeemed.parts.iter().enumerate().map(|(index, part)| (Reverse(part.spending_order()), index));
    let order = crate::sort::sorted(order.collect());
    take_in_order(order.iter().filter_map(|(_, index)| redeemed.parts.get(*index)), before, amount)
}

/// The event that begins a voucher, where an event of a booking issued one.
#[must_use]
pub fn issued_by(booking: &Booking, event: &Event) -> Option<VoucherEvent> {
    let Event::VoucherIssued(issued) = event else { return None };
    Some(VoucherEvent::VoucherIssued {
        id: issued.refund.into(),
        refund: issued.refund,
        booking: booking.id,
        currency: booking.currency,
        parts: issued.parts.clone(),
    })
}

/// Pays a booking with a voucher: the events of both, for one commit. Without an amount, as much as is owed and the voucher has.
///
/// # Errors
/// A [`Refusal`] when nothing is owed, or the voucher has less. Nothing has happened then.
///
/// ```
/// use leeway_core::event::PlanAdjusted;
/// use leeway_core::id::PaymentId;
/// use leeway_core::policy::Code;
/// use leeway_core::{Event, Instant, Money, Voucher, evolve, voucher};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let extra = PlanAdjusted { code: Code::parse("breakfast").ok_or("a code")?, amount: Money::parse("50.00", booking.currency)? };
/// let at = Instant::parse("2026-11-23T12:00:00Z")?;
/// let booking = evolve(Some(booking), &Event::PlanAdjusted(extra), at).ok_or("it was made")?;
/// let id = "0195f3a0-0000-7000-8000-000000000001";
/// let voucher: Voucher = serde_json::from_str(&format!(
///     r#"{{"id":"{id}","refund":"{id}","booking":"{id}","issued_at":"2026-01-01T00:00:00Z","currency":"EUR","version":1,
///         "parts":[{{"amount":{{"amount":"80.00","currency":"EUR"}}}}]}}"#
/// ))?;
/// let (paid, redeemed) = voucher::redeem(&booking, &voucher, PaymentId(id.parse()?), None, at)?;
/// assert_eq!(paid.kind(), "payment_recorded");
/// let left = voucher::evolve(Some(voucher), &redeemed, at).ok_or("it was issued")?;
/// assert_eq!(left.usable(at)?.to_string(), "30.00 EUR");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: requirement C6
pub fn redeem(
    booking: &Booking,
    voucher: &Voucher,
    payment: PaymentId,
    amount: Option<Money>,
    at: Instant,
) -> Result<(Event, VoucherEvent), Refusal> {
    if voucher.currency != booking.currency {
        return Err(Refusal::WrongCurrency {});
    }
    if booking.payments.len() >= PAYMENTS_MAX {
        return Err(Refusal::too_many(PAYMENTS_MAX));
    }
    if booking.received().any(|known| known.id == payment) {
        return Err(Refusal::PaymentKnown { payment });
    }
    let owed = balance(booking)?;
    if !owed.is_positive() {
        return Err(Refusal::NothingDue {});
    }
    let amount = match amount {
        Some(amount) => amount,
        None => {
            let most = voucher.usable(at)?;
            if most.is_zero() {
                return Err(Refusal::VoucherTooSmall { most });
            }
            owed.smaller(most)?
        }
    };
    if amount.compare(owed)?.is_gt() {
        return Err(Refusal::AmountAboveBalance { most: owed });
    }
    if !amount.is_positive() {
        return Err(Refusal::AmountNotPositive {});
    }
    let parts = voucher.take(amount, at)?;
    let redeemed = Redeemed { voucher: voucher.id, parts: parts.clone() };
    let paid =
        PaymentRecorded { id: payment, method: Method::Voucher, amount, gateway_fee: None, voucher: Some(redeemed) };
    Ok((Event::PaymentRecorded(paid), VoucherEvent::VoucherRedeemed { booking: booking.id, payment, parts }))
}

impl From<RefundId> for VoucherId {
    /// A refund entry has at most one voucher, which has its id.
    fn from(refund: RefundId) -> Self {
        Self(refund.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn eur(amount: &str) -> Money {
        Money::parse(amount, Currency::parse("EUR").unwrap()).unwrap()
    }

    fn at(month: u32) -> Instant {
        Instant::parse(&format!("2026-{month:02}-01T00:00:00Z")).unwrap()
    }

    fn paid(amount: &str) -> VoucherPart {
        VoucherPart { amount: eur(amount), bonus: None }
    }

    fn bonus(amount: &str, expires_at: Option<Instant>) -> VoucherPart {
        VoucherPart { amount: eur(amount), bonus: Some(Bonus { expires_at }) }
    }

    fn voucher(parts: Vec<VoucherPart>) -> Voucher {
        let id = Uuid::from_u128(1);
        let (currency, issued_at) = (Currency::parse("EUR").unwrap(), at(1));
        Voucher {
            id: VoucherId(id),
            refund: RefundId(id),
            booking: BookingId(id),
            issued_at,
            currency,
            parts,
            version: 1,
        }
    }

    #[test]
    fn what_expires_soonest_is_spent_first_and_money_last() {
        let voucher =
            voucher(vec![paid("10.00"), bonus("3.00", None), bonus("2.00", Some(at(9))), bonus("1.00", Some(at(6)))]);
        let taken = voucher.take(eur("6.50"), at(5)).unwrap();
        assert_eq!(taken, [bonus("1.00", Some(at(6))), bonus("2.00", Some(at(9))), bonus("3.00", None), paid("0.50")]);
        assert_eq!(voucher.usable(at(6)).unwrap(), eur("16.00"), "the last instant is inside");
        assert_eq!(voucher.usable(at(6).just_after()).unwrap(), eur("15.00"));
        let too_much = voucher.take(eur("15.01"), at(7));
        assert_eq!(too_much, Err(Refusal::VoucherTooSmall { most: eur("15.00") }));
    }

    #[test]
    fn money_comes_back_first_and_the_bonus_that_expires_soonest_last() {
        let parts = vec![bonus("1.00", Some(at(6))), bonus("3.00", None), paid("5.00")];
        let redeemed = Redeemed { voucher: VoucherId(Uuid::from_u128(1)), parts };
        let back = |before: &str, amount: &str| given_back(&redeemed, eur(before), eur(amount)).unwrap();
        assert_eq!(back("0.00", "6.00"), [paid("5.00"), bonus("1.00", None)]);
        assert_eq!(back("6.00", "3.00"), [bonus("2.00", None), bonus("1.00", Some(at(6)))]);
        assert_eq!(back("0.00", "9.00").len(), 3);
    }

    #[test]
    fn nothing_comes_before_the_issue_and_what_is_spent_is_gone() {
        let (booking, payment) = (BookingId(Uuid::from_u128(3)), PaymentId(Uuid::from_u128(4)));
        let redeemed = VoucherEvent::VoucherRedeemed { booking, payment, parts: vec![paid("10.00")] };
        assert_eq!(evolve(None, &redeemed, at(1)), None);
        let left = evolve(Some(voucher(vec![paid("10.00"), bonus("1.00", None)])), &redeemed, at(1)).unwrap();
        assert_eq!((left.parts, left.version), (vec![bonus("1.00", None)], 2));
    }
}
