//! Canceling all or a part of a booking: what is meant, which window holds for each item, what it costs, what goes back.
//!
//! [`Cancellation::at`] answers for any instant, which is what a quote, its next change and the timeline share. Not the events: those are
//! made in [`mod@crate::decide`] from the same [`Outcome`].

use crate::allocate::{allocate, proportion};
use crate::balance::{by_hand, owed, paid, promised};
use crate::booking::{Booking, ChargeKind, Item, Line, Standing};
use crate::command::{CancelReason, Selection};
use crate::event::Extent;
use crate::explain::{FeeCode, FeeLine};
use crate::fee::{self, Basis};
use crate::id::{ItemId, ParticipantId};
use crate::money::{Money, MoneyError};
use crate::policy::{GatewayFee, Per, RefundMode, Shortfall};
use crate::refusal::{Refusal, Verb};
use crate::terms::Window;
use crate::time::Instant;

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
    reason: CancelReason,
    /// What is to be canceled, item by item, in the booking's order.
    pub parts: Vec<Part<'a>>,
    /// Are parts past their limit left out, or do they stop the whole?
    leaves_closed_parts: bool,
    sums: Sums,
}

/// What no instant changes.
#[derive(Debug)]
struct Sums {
    plan: Money,
    fees: Money,
    paid: Money,
    promised: Money,
    /// What the operator owes by hand: no later refund by itself includes it.
    by_hand: Money,
}

/// What a cancellation does at an instant.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The parts that can be canceled then, each with its window and its share of the fees. No window: the operator cancels.
    pub parts: Vec<PartOutcome<'a>>,
    /// The price of the lines that are no longer due.
    pub price: Money,
    /// The fees, before anything is waived.
    pub fee: Money,
    /// What is waived of what the customer would owe.
    pub waived: Money,
    /// What is due and stays due, though the policy bills it.
    pub billed: Money,
    /// What the gateway took, kept from the refund.
    pub gateway_fee: Money,
    /// What goes back by itself, or once approved.
    pub refund: Money,
    /// What the operator pays back by hand.
    pub by_hand: Money,
    /// How the money comes back.
    pub mode: RefundMode,
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

/// A rule applied once: to one item, or to all items of one window together.
#[derive(Debug)]
pub struct Unit<'a> {
    /// The window that holds.
    pub window: &'a Window,
    /// Indices into [`Cancellation::parts`].
    pub parts: Vec<usize>,
    /// What is canceled now, and what was before.
    basis: Basis,
    charged: Money,
}

impl<'a> Cancellation<'a> {
    /// Finds what a selection means, without asking the time.
    ///
    /// # Errors
    /// A [`Refusal`] when the selection names what the booking does not have (any more).
    pub fn new(booking: &'a Booking, selection: &Selection, reason: CancelReason) -> Result<Self, Refusal> {
        let parts = match selection {
            Selection::All => {
                booking.items.iter().filter(|item| item.is_booked()).map(|item| whole(booking, item)).collect()
            }
            Selection::Parts { items, participants } => pick(booking, items, participants),
        }?;
        if parts.is_empty() {
            return Err(if *selection == Selection::All {
                Refusal::NothingToCancel {}
            } else {
                Refusal::NothingSelected {}
            });
        }
        let owed = owed(booking)?;
        let sums = Sums {
            plan: owed.plan,
            fees: owed.fees,
            paid: paid(booking)?,
            promised: promised(booking)?,
            by_hand: by_hand(booking)?,
        };
        Ok(Self { booking, reason, parts, leaves_closed_parts: *selection == Selection::All, sums })
    }

    /// What it does at an instant.
    ///
    /// # Errors
    /// A [`Refusal`] when it is not possible then.
    pub fn at(&self, at: Instant) -> Result<Outcome<'a>, Refusal> {
        let parts = match self.reason {
            CancelReason::CustomerCancellation => self.open_parts(at)?,
            CancelReason::OperatorCancellation => self.free_parts(),
            CancelReason::RefusedOnArrival => {
                self.check_arrival(at)?;
                self.free_parts()
            }
        };
        self.settle(parts, at)
    }

    fn free_parts(&self) -> Vec<PartOutcome<'a>> {
        let fee = Money::zero(self.booking.currency);
        (0..self.parts.len()).map(|index| PartOutcome { index, window: None, fee }).collect()
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
        for unit in self.units(&open)? {
            let fee = self.unit_fee(&unit)?;
            self.share(&unit, fee, &mut open)?;
        }
        Ok(open)
    }

    /// Puts together what one rule is applied to.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn units(&self, open: &[PartOutcome<'a>]) -> Result<Vec<Unit<'a>>, MoneyError> {
        let mut units: Vec<Unit<'a>> = Vec::with_capacity(open.len());
        for one in open {
            let (Some(part), Some(window)) = (self.parts.get(one.index), one.window) else { continue };
            let together = (window.rule.per == Per::Booking)
                .then(|| units.iter_mut().find(|unit| self.is_together(unit, part, window)))
                .flatten();
            if let Some(unit) = together {
                unit.basis = unit.basis.plus(part.basis)?.plus(part.before.basis)?;
                unit.charged = unit.charged.plus(part.before.charged)?;
                unit.parts.push(one.index);
            } else {
                let basis = part.basis.plus(part.before.basis)?;
                let mut unit = Unit { window, parts: vec![one.index], basis, charged: part.before.charged };
                if window.rule.per == Per::Booking {
                    self.add_earlier_items(&mut unit, part)?;
                }
                units.push(unit);
            }
        }
        Ok(units)
    }

    fn is_together(&self, unit: &Unit<'_>, part: &Part<'_>, window: &Window) -> bool {
        let policy = unit.parts.first().and_then(|first| self.parts.get(*first)).map(|first| &first.item.terms.policy);
        policy == Some(&part.item.terms.policy)
            && unit.window.code == window.code
            && unit.window.rule.per == Per::Booking
    }

    /// A rule per booking counts its fixed amounts once: items that were charged in the same window before belong to it, whenever that was.
    fn add_earlier_items(&self, unit: &mut Unit<'a>, part: &Part<'_>) -> Result<(), MoneyError> {
        for item in &self.booking.items {
            let selected = self.parts.iter().any(|other| other.item.id == item.id);
            let same_window =
                item.terms.policy == part.item.terms.policy && item.charged_in.as_ref() == Some(&unit.window.code);
            if !selected && same_window {
                let before = before(self.booking, item)?;
                unit.basis = unit.basis.plus(before.basis)?;
                unit.charged = unit.charged.plus(before.charged)?;
            }
        }
        Ok(())
    }

    /// What the whole canceled part would cost now, less what was charged before, and never less than nothing.
    ///
    /// Source: requirement B12
    fn unit_fee(&self, unit: &Unit<'_>) -> Result<Money, MoneyError> {
        Ok(fee::charge(&unit.window.rule, unit.basis)?.minus(unit.charged)?.or_zero())
    }

    /// Shares a unit's fee out to its parts by their price.
    fn share(&self, unit: &Unit<'_>, fee: Money, open: &mut [PartOutcome<'a>]) -> Result<(), MoneyError> {
        let mut prices = Vec::with_capacity(unit.parts.len());
        for part in unit.parts.iter().filter_map(|index| self.parts.get(*index)) {
            prices.push(part.basis.price()?);
        }
        let shares = if prices.len() == 1 { vec![fee] } else { allocate(fee, &prices)? };
        for (index, share) in unit.parts.iter().zip(shares) {
            if let Some(one) = open.iter_mut().find(|one| one.index == *index) {
                one.fee = share;
            }
        }
        Ok(())
    }

    /// A unit's fee and the lines that add up to it.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    ///
    /// Source: requirement E7
    pub fn explain(&self, unit: &Unit<'_>) -> Result<(Money, Vec<FeeLine>), MoneyError> {
        let fee = self.unit_fee(unit)?;
        let mut lines = fee::explain(&unit.window.rule, unit.basis)?;
        if !unit.charged.is_zero() {
            lines.push(FeeLine { code: FeeCode::AlreadyCharged {}, amount: unit.charged.negated() });
        }
        let shown = Money::sum(self.booking.currency, lines.iter().map(|line| line.amount))?;
        if shown != fee {
            lines.push(FeeLine { code: FeeCode::NotBelowZero {}, amount: fee.minus(shown)? });
        }
        Ok((fee, lines))
    }

    fn settle(&self, parts: Vec<PartOutcome<'a>>, at: Instant) -> Result<Outcome<'a>, Refusal> {
        let zero = Money::zero(self.booking.currency);
        let (mut price, mut fee) = (zero, zero);
        let (mut mode, mut shortfall, mut gateway) = (RefundMode::Automatic, Shortfall::Waive, GatewayFee::Absorbed);
        let mut until: Option<Instant> = None;
        for one in &parts {
            let Some(part) = self.parts.get(one.index) else { continue };
            price = price.plus(part.basis.price()?)?;
            fee = fee.plus(one.fee)?;
            let Some(window) = one.window else { continue };
            mode = mode.max(window.refund);
            until = Some(until.map_or(window.until, |until| until.min(window.until)));
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
            Extent::Part => self.sums.plan.minus(price)?.plus(fee)?,
        };
        let held = self.sums.paid.minus(self.sums.promised)?;
        let short = owed.minus(held)?.or_zero();
        let (waived, billed) = match (extent, shortfall) {
            (Extent::Whole, Shortfall::Waive) => (short.smaller(owed.or_zero())?, zero),
            (Extent::Whole, Shortfall::Bill) => (zero, short),
            (Extent::Part, Shortfall::Waive | Shortfall::Bill) => (zero, zero),
        };
        let owed = owed.minus(waived)?;
        let free = held.minus(owed)?.or_zero();
        let held_back = match mode {
            RefundMode::Automatic | RefundMode::Approval => self.sums.by_hand.smaller(free)?,
            RefundMode::Never => free,
        };
        let back = free.minus(held_back)?;
        let gateway_fee = match gateway {
            GatewayFee::Kept => self.gateway_fee(back)?,
            GatewayFee::Absorbed => zero,
        };
        let (refund, by_hand) = (back.minus(gateway_fee)?, held_back);
        let balance = owed.plus(gateway_fee)?.minus(self.sums.paid)?;
        debug_assert!(until.is_none_or(|until| at <= until));
        Ok(Outcome { parts, price, fee, waived, billed, gateway_fee, refund, by_hand, mode, balance, until, extent })
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

    /// What of the gateway's fees is kept: in proportion to what has gone back, this refund included, less what was kept before. So that
    /// several refunds together keep what one would, and never more than the gateway took.
    ///
    /// Source: requirement B9
    fn gateway_fee(&self, free: Money) -> Result<Money, MoneyError> {
        let zero = Money::zero(self.booking.currency);
        let took =
            Money::sum(self.booking.currency, self.booking.received().filter_map(|payment| payment.gateway_fee))?;
        if took.is_zero() || free.is_zero() {
            return Ok(zero);
        }
        let received = Money::sum(self.booking.currency, self.booking.received().map(|payment| payment.amount))?;
        let kept_before = self.booking.plan.iter().filter_map(|charge| match charge.kind {
            ChargeKind::GatewayFee {} => Some(charge.amount),
            ChargeKind::Instalment { .. }
            | ChargeKind::CanceledLines {}
            | ChargeKind::CancellationFee {}
            | ChargeKind::ShortfallWaived {}
            | ChargeKind::Refund { .. } => None,
        });
        let kept_before = Money::sum(self.booking.currency, kept_before)?;
        let refunds = self.booking.refunds.iter().filter(|refund| refund.is_in_ledger());
        let gone_before = Money::sum(self.booking.currency, refunds.map(|refund| refund.amount))?;
        let gone = gone_before.plus(kept_before)?.plus(free)?.smaller(received)?;
        proportion(took, gone, received)?.minus(kept_before)?.or_zero().smaller(free)
    }
}

/// The "no" of a limit.
pub(crate) fn refusal(item: &Item, verb: Verb, limit: Option<Instant>) -> Refusal {
    match limit {
        Some(limit) => Refusal::PastLimit { verb, item: item.id, limit, zone: item.slot.time.zone.clone() },
        None => Refusal::SwitchedOff { verb, item: item.id },
    }
}

fn whole<'a>(booking: &Booking, item: &'a Item) -> Result<Part<'a>, Refusal> {
    part(booking, item, None)
}

/// The parts that ids mean, in the booking's order. Naming everybody who still attends means the whole item.
fn pick<'a>(booking: &'a Booking, items: &[ItemId], participants: &[ParticipantId]) -> Result<Vec<Part<'a>>, Refusal> {
    for item in items {
        match booking.item(*item) {
            None => return Err(Refusal::UnknownItem { item: *item }),
            Some(found) if !found.is_booked() => return Err(Refusal::ItemCanceled { item: *item }),
            Some(_) => {}
        }
    }
    for participant in participants {
        let mut all = booking.items.iter().flat_map(|item| &item.participants);
        match all.find(|one| one.id == *participant) {
            None => return Err(Refusal::UnknownParticipant { participant: *participant }),
            Some(one) if !one.standing.is_booked() => {
                return Err(Refusal::ParticipantCanceled { participant: *participant });
            }
            Some(_) => {}
        }
    }
    let mut parts = Vec::with_capacity(booking.items.len());
    for item in booking.items.iter().filter(|item| item.is_booked()) {
        if items.contains(&item.id) {
            parts.push(whole(booking, item)?);
        } else if item.attending().any(|one| participants.contains(&one.id)) {
            parts.push(part(booking, item, Some(participants))?);
        }
    }
    Ok(parts)
}

/// What is canceled of an item: everything, or these participants with what is bound to them.
///
/// Source: requirements A1, D2
fn part<'a>(booking: &Booking, item: &'a Item, chosen: Option<&[ParticipantId]>) -> Result<Part<'a>, Refusal> {
    let is_chosen = |id: ParticipantId| chosen.is_none_or(|chosen| chosen.contains(&id));
    let participants: Vec<ParticipantId> = item.attending().map(|one| one.id).filter(|id| is_chosen(*id)).collect();
    let extent =
        if chosen.is_none() || participants.len() == item.attending().count() { Extent::Whole } else { Extent::Part };
    let goes = |line: &&Line| match (extent, line.participant) {
        (Extent::Whole, _) => line.standing.is_booked(),
        (Extent::Part, Some(participant)) => line.standing.is_booked() && is_chosen(participant),
        (Extent::Part, None) => false,
    };
    let lines: Vec<&Line> = item.lines.iter().filter(goes).collect();
    let basis = basis(booking, item, lines.iter().copied(), participants.len())?;
    Ok(Part { item, extent, participants, lines, basis, before: before(booking, item)? })
}

/// What customers canceled of an item so far. What the operator withdrew never counts.
fn before(booking: &Booking, item: &Item) -> Result<Before, MoneyError> {
    let canceled = item.lines.iter().filter(|line| line.standing == Standing::Canceled);
    let participants = item.participants.iter().filter(|one| one.standing == Standing::Canceled).count();
    let basis = basis(booking, item, canceled, participants)?;
    Ok(Before { basis, charged: Money::sum(booking.currency, item.charged.iter().copied())? })
}

fn basis<'a>(
    booking: &Booking,
    item: &Item,
    lines: impl Iterator<Item = &'a Line>,
    participants: usize,
) -> Result<Basis, MoneyError> {
    let mut basis = Basis::nothing(booking.currency);
    basis.participants = u32::try_from(participants).map_err(|_| MoneyError::OutOfRange)?;
    for line in lines {
        let sum = if item.terms.keeps(&line.kind) { &mut basis.kept } else { &mut basis.rest };
        *sum = sum.plus(line.price)?;
    }
    Ok(basis)
}
