//! What the operator wants: extras and rebates, refunds and all their steps, slots, and everybody out of a slot when the weather is bad.
//!
//! Honest in one thing: money counts as handed back only where the booking has not changed since it was looked at, and only for what goes back by
//! hand. What the provider has in hand the operator does not confirm.

use anyhow::Result;
use leeway_core::booking::Method;
use leeway_core::command::{Action, Actor, Adjust, Command, EnterRefund, Move, MoveReason, RefundStep};
use leeway_core::id::{PaymentId, RefundId};
use leeway_core::refund::{Document, Refund, RefundReason, RefundState, ShareState, Way};
use leeway_core::slot::SlotCommand;
use leeway_core::{Booking, Money};

use super::{Outside, Thought, View};
use crate::simulate::catalog::code;
use crate::simulate::random::Random;
use crate::simulate::server::{Request, Wanted};

const WAYS: [Way; 8] =
    [Way::AsPaid, Way::AsPaid, Way::AsPaid, Way::AsPaid, Way::Voucher, Way::CreditNote, Way::BankTransfer, Way::Cash];

/// An extra, or a rebate.
pub(super) fn adjust(view: &mut View<'_>) -> Result<Option<Thought>> {
    view.of_some_booking(Actor::Operator, |booking, seen| {
        let minor = seen.random.between(-5_000, 4_000);
        let amount = Money::of_minor(minor, booking.currency)?;
        Ok(Some(Command::Adjust(Adjust { code: code(if minor < 0 { "rebate" } else { "extra" })?, amount })))
    })
}

/// A refund entry, for every reason.
pub(super) fn enter_refund(view: &mut View<'_>) -> Result<Option<Thought>> {
    view.of_some_booking(Actor::Operator, |booking, seen| {
        let random = &mut *seen.random;
        let reason = random.one_of(
            [
                RefundReason::Overpayment,
                RefundReason::Overpayment,
                RefundReason::CompensationOnReturn,
                RefundReason::CompensationAtBase,
                RefundReason::Reallocation,
                RefundReason::CustomerCancellation,
                RefundReason::OperatorCancellation,
                RefundReason::RefusedOnArrival,
            ],
            RefundReason::Overpayment,
        );
        let amount = if random.chance(600) { Some(some_amount(booking, random)?) } else { None };
        let way = random.one_of(WAYS, Way::AsPaid);
        let note = if random.chance(300) { "as agreed".to_owned() } else { String::new() };
        Ok(Some(Command::EnterRefund(EnterRefund { reason, amount, way, note })))
    })
}

fn some_amount(booking: &Booking, random: &mut Random) -> Result<Money> {
    let paid: i64 = booking.payments.iter().map(|payment| payment.amount().minor()).sum();
    let minor = if random.chance(300) { paid } else { random.between(1, paid.max(1)) };
    Ok(Money::of_minor(minor.max(1), booking.currency)?)
}

/// The next step of some refund, as far as the operator sees one; sometimes one that is none.
pub(super) fn step_refund(view: &mut View<'_>) -> Result<Option<Thought>> {
    for _ in 0..4 {
        let Some(id) = view.some_booking() else { return Ok(None) };
        view.memory.load_booking(view.store, id)?;
        let Some(booking) = view.memory.bookings.get(&id) else { continue };
        let open: Vec<&Refund> = booking.refunds.iter().filter(|refund| refund.state.is_open()).collect();
        let any = view.random.pick(&booking.refunds).filter(|_| view.random.chance(100));
        let Some(refund) = any.or(view.random.pick(&open).copied()) else { continue };
        let refund_id = refund.id;
        let (step, outside) = step(refund, view.random);
        let seen = matches!(outside, Outside::HandsBack(_)).then(|| view.version(id));
        let thought = view.plain(Actor::Operator, Wanted::Booking(id, Command::Refund { refund: refund_id, step }));
        return Ok(Some(Thought { request: Request { seen, ..thought.request }, outside }));
    }
    Ok(None)
}

fn step(refund: &Refund, random: &mut Random) -> (RefundStep, Outside) {
    let why = "as the operator says".to_owned();
    if random.chance(60) {
        return (RefundStep::Void { why }, Outside::Nothing);
    }
    if random.chance(150) {
        return (RefundStep::Route { way: random.one_of(WAYS, Way::AsPaid) }, Outside::Nothing);
    }
    if refund.state == RefundState::AwaitingApproval {
        let step = if random.chance(700) { RefundStep::Approve {} } else { RefundStep::Decline { why } };
        return (step, Outside::Nothing);
    }
    match (refund.document, by_hand(refund)) {
        (Some(Document::CreditNoteMade), _) => (RefundStep::ApproveCreditNote {}, Outside::Nothing),
        (_, Some(shares)) => (RefundStep::Finalize {}, Outside::HandsBack(shares)),
        _ if refund.state == RefundState::Failed => {
            (RefundStep::Route { way: random.one_of(WAYS, Way::AsPaid) }, Outside::Nothing)
        }
        _ => (RefundStep::Approve {}, Outside::Nothing),
    }
}

/// The shares to hand back, where nothing of what is open is the provider's.
fn by_hand(refund: &Refund) -> Option<Vec<(RefundId, PaymentId, i64)>> {
    let is_the_providers =
        |share: &&leeway_core::refund::Share| refund.way == Way::AsPaid && share.method == Method::Card;
    if !refund.state.is_open() || refund.open_shares().any(|share| is_the_providers(&share)) {
        return None;
    }
    if refund.open_shares().any(|share| share.state != ShareState::Open) {
        return None;
    }
    Some(refund.open_shares().map(|share| (refund.id, share.payment, share.amount.minor())).collect())
}

/// More places, fewer, none any more.
pub(super) fn slot(view: &mut View<'_>) -> Result<Option<Thought>> {
    let Some(slot) = view.random.pick(&view.catalog.slots).map(|opened| opened.slot.id) else { return Ok(None) };
    let command = if view.random.chance(150) {
        SlotCommand::Close {}
    } else {
        SlotCommand::Open { slot, capacity: u32::try_from(view.random.between(2, 30))? }
    };
    Ok(Some(view.plain(Actor::Operator, Wanted::Slot(slot, command))))
}

/// Everybody in one slot moves to another, booking by booking, and the slot is closed first.
pub(super) fn weather(view: &mut View<'_>) -> Result<Vec<Thought>> {
    let (from, to) = (view.random.pick(&view.catalog.slots), view.random.pick(&view.catalog.slots));
    let (Some(from), Some(to)) = (from.map(|opened| opened.slot.id), to.map(|opened| opened.slot.id)) else {
        return Ok(Vec::new());
    };
    let mut thoughts = vec![view.plain(Actor::Operator, Wanted::Slot(from, SlotCommand::Close {}))];
    let more = SlotCommand::Open { slot: to, capacity: 40 };
    thoughts.push(view.plain(Actor::Operator, Wanted::Slot(to, more)));
    let bookings = view.bookings;
    for id in bookings {
        view.memory.load_booking(view.store, *id)?;
        let Some(booking) = view.memory.bookings.get(id) else { continue };
        let there = booking.items.iter().filter(|item| item.is_booked() && item.slot.id == from);
        let moves: Vec<Move> = there.map(|item| Move { item: item.id, participants: Vec::new(), slot: to }).collect();
        if !moves.is_empty() {
            let action = Action::Rebook { moves, reason: MoveReason::OperatorRequest, overridden: None };
            thoughts.push(view.plain(Actor::Operator, Wanted::Booking(*id, Command::Act(action))));
        }
    }
    Ok(thoughts)
}
