//! Canceling all or a part of a booking: what is meant, which window holds for each item, what it costs, what goes back.
//!
//! [`Cancellation::at`] answers for any instant, which is what a quote, its next change and the timeline share. What a selection means is in
//! `selection`, how fees are worked out and shared in `fees`. Not the events: those are made in [`mod@crate::decide`] from the same
//! [`Outcome`].

use crate::booking::{Booking, Item, Line};
use crate::command::{CancelReason, NOTE_CHARS_MAX, Override, RefundTo, Selection};
use crate::event::Extent;
use crate::explain::KeptForGateway;
use crate::fee::Basis;
use crate::group::GroupPriceLost;
use crate::id::ParticipantId;
use crate::money::Money;
use crate::policy::{GatewayFee, RefundMode, Shortfall, VoucherOffer};
use crate::quote::check_text;
use crate::refusal::{Refusal, Verb};
use crate::settle::{Sums, back};
use crate::terms::Window;
use crate::time::Instant;

mod fees;
pub(crate) mod selection;

pub use fees::Unit;

/// How long before the start of a slot it can be refused on arrival: its local day has begun by then, in every zone.
const ARRIVAL_MS: i64 = 24 * 60 * 60 * 1000;

/// What of one item is to be canceled.
#[derive(Debug)]
pub struct Part<'a> {
    /// The item.
    pub item: &'a Item,
    /// All that is left of it, or some participants?
    pub extent: Extent,
    /// Who no longer attends.
    pub participants: Vec<ParticipantId>,
    /// Which lines are no longer due.
    pub lines: Vec<&'a Line>,
    /// What they come to.
    pub basis: Basis,
    /// What those who stay pay more.
    pub(crate) group_price_lost: Option<GroupPriceLost>,
    /// What was canceled of the item before.
    before: Before,
}

/// What was canceled of an item before, and charged for it.
#[derive(Debug, Clone, Copy)]
struct Before {
    basis: Basis,
    charged: Money,
}

/// A cancellation that somebody thinks of.
#[derive(Debug)]
pub struct Cancellation<'a> {
    booking: &'a Booking,
    /// Why.
    pub reason: CancelReason,
    /// What the operator decides against the policy.
    overridden: Option<&'a Override>,
    /// Money, or a voucher in its place.
    pub refund_to: RefundTo,
    /// What is to be canceled, item by item, in the booking's order.
    pub parts: Vec<Part<'a>>,
    /// Are parts past their limit left out, or do they stop the whole?
    leaves_closed_parts: bool,
    pub(crate) sums: Sums,
}

/// What a cancellation does at an instant.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The parts that can be canceled then, each with its window and its share of the fees. No window: the operator cancels.
    pub parts: Vec<PartOutcome<'a>>,
    /// The price of the lines that are no longer due.
    pub price: Money,
    /// What those who stay pay more, since a group's price is lost.
    pub group_price_lost: Money,
    /// The fees, before anything is waived.
    pub fee: Money,
    /// What the policy's fee would have been, where the operator decided on another; none where the policy allows nothing any more.
    pub by_policy: Option<Money>,
    /// What is waived of what the customer would owe.
    pub waived: Money,
    /// What is due and stays due, though the policy bills it.
    pub billed: Money,
    /// What the gateway took, kept from the refund.
    pub gateway: KeptForGateway,
    /// What goes back by itself, or once approved.
    pub refund: Money,
    /// What the operator pays back by hand.
    pub by_hand: Money,
    /// How the money comes back.
    pub mode: RefundMode,
    /// The bonus that comes with a voucher, where that is chosen.
    pub offer: Option<VoucherOffer>,
    /// What is owed after it.
    pub owed: Money,
    /// The balance after it, before any money moves.
    pub balance: Money,
    /// The last instant at which all this holds; none where no policy is asked.
    pub until: Option<Instant>,
    /// Is nothing of the booking left after it?
    pub extent: Extent,
}

/// One part at an instant.
#[derive(Debug, Clone, Copy)]
pub struct PartOutcome<'a> {
    /// Which of [`Cancellation::parts`].
    pub index: usize,
    /// The window that holds.
    pub window: Option<&'a Window>,
    /// The part's share of the fees.
    pub fee: Money,
}

impl<'a> Cancellation<'a> {
    /// Finds what a selection means, without asking the time.
    ///
    /// # Errors
    /// A [`Refusal`] when the selection names what the booking does not have (any more).
    pub fn new(booking: &'a Booking, selection: &Selection, reason: CancelReason) -> Result<Self, Refusal> {
        Ok(Self {
            booking,
            reason,
            overridden: None,
            refund_to: RefundTo::Money,
            parts: selection::parts(booking, selection)?,
            leaves_closed_parts: *selection == Selection::All,
            sums: Sums::of(booking)?,
        })
    }

    /// The same, paid back as the customer chooses.
    #[must_use]
    pub fn refunded_to(self, refund_to: RefundTo) -> Self {
        Self { refund_to, ..self }
    }

    /// The same, against the policy.
    ///
    /// # Errors
    /// A [`Refusal`] when the override says nothing, or gives no reason.
    ///
    /// Source: requirement B10
    pub fn overridden(self, overridden: Option<&'a Override>) -> Result<Self, Refusal> {
        if let Some(Override { fee, window, why }) = overridden {
            if self.reason != CancelReason::CustomerCancellation || fee.is_some() == window.is_some() {
                return Err(Refusal::NothingOverridden {});
            }
            check_text(why, NOTE_CHARS_MAX)?;
        }
        Ok(Self { overridden, ..self })
    }

    /// What the operator decides against the policy.
    pub(crate) fn override_given(&self) -> Option<&'a Override> {
        self.overridden
    }

    /// What it does at an instant.
    ///
    /// # Errors
    /// A [`Refusal`] when it is not possible then.
    pub fn at(&self, at: Instant) -> Result<Outcome<'a>, Refusal> {
        let parts = match (self.reason, self.overridden) {
            (CancelReason::CustomerCancellation, Some(overridden)) => self.overridden_parts(overridden, at)?,
            (CancelReason::CustomerCancellation, None) => self.open_parts(at)?,
            (CancelReason::OperatorCancellation, _) => self.free_parts(|_| None),
            (CancelReason::RefusedOnArrival, _) => {
                self.check_arrival(at)?;
                self.free_parts(|_| None)
            }
        };
        self.settle(parts, at)
    }

    /// Every part without a fee, in the window that is found for it.
    fn free_parts(&self, window_of: impl Fn(&Part<'a>) -> Option<&'a Window>) -> Vec<PartOutcome<'a>> {
        let fee = Money::zero(self.booking.currency);
        let parts = self.parts.iter().enumerate();
        parts.map(|(index, part)| PartOutcome { index, window: window_of(part), fee }).collect()
    }

    fn check_arrival(&self, at: Instant) -> Result<(), Refusal> {
        let from = self.parts.iter().map(|part| part.item.slot.time.starts_at.shifted_ms(-ARRIVAL_MS)).min();
        match from {
            Some(from) if at < from => Err(Refusal::NotArrivedYet { from }),
            _ => Ok(()),
        }
    }

    /// The parts whose cancel limit is not past, with their windows and fees.
    fn open_parts(&self, at: Instant) -> Result<Vec<PartOutcome<'a>>, Refusal> {
        let zero = Money::zero(self.booking.currency);
        let mut open = Vec::with_capacity(self.parts.len());
        let mut closed = None;
        for (index, part) in self.parts.iter().enumerate() {
            match part.item.terms.window_at(at) {
                Some(window) => open.push(PartOutcome { index, window: Some(window), fee: zero }),
                None => closed = Some(refusal(part.item, Verb::Cancel, part.item.terms.cancel)),
            }
        }
        match closed {
            Some(refusal) if open.is_empty() || !self.leaves_closed_parts => return Err(refusal),
            _ => {}
        }
        self.charge(&mut open)?;
        Ok(open)
    }

    /// Every part as the operator decides, whatever the limits say.
    fn overridden_parts(&self, overridden: &Override, at: Instant) -> Result<Vec<PartOutcome<'a>>, Refusal> {
        if let Some(code) = &overridden.window {
            let named = |part: &Part<'a>| part.item.terms.windows.iter().find(|window| window.code == *code);
            let mut parts = self.free_parts(named);
            if parts.iter().any(|part| part.window.is_none()) {
                return Err(Refusal::UnknownWindow { window: *code });
            }
            self.charge(&mut parts)?;
            return Ok(parts);
        }
        let mut parts = self.free_parts(|part| part.item.terms.window_at(at));
        if let Some(fee) = overridden.fee {
            self.share_all(fee, &mut parts)?;
        }
        Ok(parts)
    }

    fn settle(&self, parts: Vec<PartOutcome<'a>>, at: Instant) -> Result<Outcome<'a>, Refusal> {
        let zero = Money::zero(self.booking.currency);
        let (mut price, mut fee, mut group_price_lost) = (zero, zero, zero);
        let (mut mode, mut shortfall, mut gateway) = (RefundMode::Automatic, Shortfall::Waive, GatewayFee::Absorbed);
        let mut until: Option<Instant> = None;
        for one in &parts {
            let Some(part) = self.parts.get(one.index) else { continue };
            price = price.plus(part.basis.price()?)?;
            fee = fee.plus(one.fee)?;
            if let (true, Some(lost)) = (self.loses_group_prices(), part.group_price_lost) {
                group_price_lost = group_price_lost.plus(lost.amount)?;
            }
            match one.window {
                Some(window) => {
                    mode = mode.max(window.refund);
                    until = Some(until.map_or(window.until, |until| until.min(window.until)));
                }
                None if self.overridden.is_none() => continue,
                None => {}
            }
            if part.item.terms.shortfall == Shortfall::Bill {
                shortfall = Shortfall::Bill;
            }
            if part.item.terms.gateway_fee == GatewayFee::Kept {
                gateway = GatewayFee::Kept;
            }
        }
        let extent = self.extent(&parts);
        let owed = match extent {
            Extent::Whole => self.sums.fees.plus(fee)?,
            Extent::Part => self.sums.plan.minus(price)?.plus(group_price_lost)?.plus(fee)?,
        };
        let held = self.sums.held()?;
        let short = owed.minus(held)?.or_zero();
        let (waived, billed) = match (extent, shortfall) {
            (Extent::Whole, Shortfall::Waive) => (short.smaller(owed.or_zero())?, zero),
            (Extent::Whole, Shortfall::Bill) => (zero, short),
            (Extent::Part, Shortfall::Waive | Shortfall::Bill) => (zero, zero),
        };
        let owed = owed.minus(waived)?;
        // After a rebate less than nothing can be owed; nobody gets back what was never paid.
        let free = held.minus(owed.or_zero())?.or_zero();
        let back = back(self.booking, &self.sums, free, mode, gateway)?;
        let owed = owed.plus(back.gateway.amount)?;
        let balance = owed.minus(self.sums.paid)?;
        if self.overridden.is_some() {
            until = None;
        }
        debug_assert!(until.is_none_or(|until| at <= until));
        let (refund, by_hand, gateway) = (back.refund, back.by_hand, back.gateway);
        let (by_policy, offer) = (self.by_policy(at), self.offer(&parts)?);
        Ok(Outcome {
            parts,
            price,
            group_price_lost,
            fee,
            by_policy,
            waived,
            billed,
            gateway,
            refund,
            by_hand,
            mode,
            offer,
            owed,
            balance,
            until,
            extent,
        })
    }

    /// Whom the operator takes out, or lets go for a fee of its own, still counts for the group.
    pub(crate) fn loses_group_prices(&self) -> bool {
        let has_own_fee = self.overridden.is_some_and(|overridden| overridden.fee.is_some());
        self.reason == CancelReason::CustomerCancellation && !has_own_fee
    }

    /// What the rules would take, where the operator decides against them.
    fn by_policy(&self, at: Instant) -> Option<Money> {
        self.overridden?;
        let parts = self.open_parts(at).ok()?;
        Money::sum(self.booking.currency, parts.iter().map(|part| part.fee)).ok()
    }

    /// The voucher that every part's terms offer: of several, the smallest bonus and the shortest validity.
    ///
    /// Source: requirement C13
    fn offer(&self, parts: &[PartOutcome<'a>]) -> Result<Option<VoucherOffer>, Refusal> {
        if self.refund_to == RefundTo::Money {
            return Ok(None);
        }
        let mut least: Option<VoucherOffer> = None;
        for item in parts.iter().filter_map(|one| self.parts.get(one.index)).map(|part| part.item) {
            let Some(offer) = &item.terms.voucher else { return Err(Refusal::NoVoucherOffered { item: item.id }) };
            least = Some(match least {
                Some(least) => least.and(offer),
                None => offer.clone(),
            });
        }
        Ok(least)
    }

    fn extent(&self, parts: &[PartOutcome<'_>]) -> Extent {
        let ends = |index: usize| self.parts.get(index).is_some_and(|part| part.extent == Extent::Whole);
        let ending = parts.iter().filter(|one| ends(one.index)).count();
        if ending == self.booking.items.iter().filter(|item| item.is_booked()).count() {
            Extent::Whole
        } else {
            Extent::Part
        }
    }
}

/// The "no" of a limit.
pub(crate) fn refusal(item: &Item, verb: Verb, limit: Option<Instant>) -> Refusal {
    match limit {
        Some(limit) => Refusal::PastLimit { verb, item: item.id, limit, zone: item.slot.time.zone.clone() },
        None => Refusal::SwitchedOff { verb, item: item.id },
    }
}
