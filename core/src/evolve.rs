//! Applies events. Total: it only records, adds nothing up and refuses nothing, since an event has happened.

use crate::booking::{Booking, Charge, ChargeKind, Item, Payment, Received, Standing};
use crate::command::CancelReason;
use crate::event::{
    Canceled, CanceledItem, CancellationUndone, Event, Extent, GatewayFeeNoted, LinksRevoked, Made, MovedItem,
    PaymentRecorded, PlanAdjusted, Rebooked, RefundApproved, RefundDeclined, RefundEntered, RefundFailed, RefundRouted,
    RefundSettled, RefundSubmitted, RefundVoided, RefundWritten, RestoredItem, VoucherIssued,
};
use crate::id::{PaymentId, RefundId};
use crate::money::Money;
use crate::refund::{Document, Refund, RefundState, Share, ShareState, Way};
use crate::time::Instant;

/// Applies one event to a booking; `None` is a booking that has not been made.
///
/// An event that cannot follow (a payment before the booking) changes nothing; [`mod@crate::decide`] never makes one.
#[must_use]
pub fn evolve(booking: Option<Booking>, event: &Event, at: Instant) -> Option<Booking> {
    match (booking, event) {
        (None, Event::BookingMade(made)) => Some(open(made, at)),
        (None, _) => None,
        (Some(mut booking), event) => {
            booking.version = booking.version.saturating_add(1);
            apply(&mut booking, event, at);
            Some(booking)
        }
    }
}

fn open(made: &Made, at: Instant) -> Booking {
    let instalment = |part: &crate::command::Instalment| Charge {
        kind: ChargeKind::Instalment { code: part.code, due: part.due },
        at,
        amount: part.amount,
        reverses: None,
    };
    Booking {
        id: made.id,
        reference: made.reference.clone(),
        currency: made.currency,
        version: 1,
        made_at: at,
        items: made.items.clone(),
        plan: made.plan.iter().map(instalment).collect(),
        payments: Vec::new(),
        refunds: Vec::new(),
        tasks: Vec::new(),
        link_generation: 1,
    }
}

fn apply(booking: &mut Booking, event: &Event, at: Instant) {
    match event {
        Event::BookingMade(_) | Event::ParticipantRenamed(_) => {}
        Event::PaymentRecorded(PaymentRecorded { id, method, amount, gateway_fee, voucher }) => {
            let voucher = voucher.clone();
            let received =
                Received { id: *id, method: *method, at, amount: *amount, gateway_fee: *gateway_fee, voucher };
            booking.payments.push(Payment::Received(received));
        }
        Event::GatewayFeeNoted(noted) => note_gateway_fee(booking, noted),
        Event::PlanAdjusted(PlanAdjusted { code, amount }) => {
            charge(booking, ChargeKind::Adjustment { code: *code }, at, *amount);
        }
        Event::Canceled(canceled) => cancel(booking, canceled, at),
        Event::CancellationUndone(undone) => undo(booking, undone),
        Event::Rebooked(rebooked) => rebook(booking, rebooked, at),
        Event::TaskOpened(task) => booking.tasks = vec![task.clone()],
        Event::LinksRevoked(LinksRevoked { generation }) => booking.link_generation = *generation,
        Event::RefundEntered(entered) => enter(booking, entered, at),
        Event::RefundApproved(RefundApproved { refund }) => {
            change(booking, *refund, |refund| refund.state = RefundState::Requested);
        }
        Event::RefundDeclined(RefundDeclined { refund, kept, .. }) => {
            change(booking, *refund, |refund| refund.state = RefundState::Voided);
            charge(booking, ChargeKind::RefundDeclined { refund: *refund }, at, *kept);
        }
        Event::RefundVoided(RefundVoided { refund, restored, .. }) => {
            change(booking, *refund, |refund| refund.state = RefundState::Voided);
            if let Some(restored) = restored {
                charge(booking, ChargeKind::Refund { refund: *refund }, at, *restored);
            }
        }
        Event::RefundRouted(RefundRouted { refund, way }) => change(booking, *refund, |refund| route(refund, *way)),
        Event::RefundSubmitted(RefundSubmitted { refund, payment }) => {
            change_share(booking, *refund, *payment, |share| share.state = ShareState::Submitted);
        }
        Event::RefundSettled(RefundSettled { refund, payments }) => settle(booking, *refund, payments.as_deref(), at),
        Event::RefundFailed(RefundFailed { refund, payment, reversed, .. }) => {
            change_share(booking, *refund, *payment, |share| share.state = ShareState::Failed);
            if let Some(amount) = reversed {
                let (refund, payment, amount) = (*refund, *payment, *amount);
                booking.payments.push(Payment::Reversed { refund, payment, at, amount });
            }
        }
        Event::VoucherIssued(VoucherIssued { refund, payments, .. }) => {
            change(booking, *refund, |refund| refund.document = Some(Document::Voucher));
            settle(booking, *refund, Some(payments), at);
        }
        Event::CreditNoteMade(RefundWritten { refund }) => change(booking, *refund, |refund| {
            route(refund, Way::CreditNote);
            refund.document = Some(Document::CreditNoteMade);
        }),
        Event::CreditNoteApproved(RefundWritten { refund }) => {
            change(booking, *refund, |refund| refund.document = Some(Document::CreditNoteApproved));
        }
    }
}

/// Adds an entry to the plan; nothing is no entry.
fn charge(booking: &mut Booking, kind: ChargeKind, at: Instant, amount: Money) {
    if !amount.is_zero() {
        booking.plan.push(Charge { kind, at, amount, reverses: None });
    }
}

fn note_gateway_fee(booking: &mut Booking, noted: &GatewayFeeNoted) {
    let received = booking.payments.iter_mut().filter_map(|payment| match payment {
        Payment::Received(received) => Some(received),
        Payment::PaidBack { .. } | Payment::Reversed { .. } => None,
    });
    for one in received.filter(|one| one.id == noted.payment) {
        one.gateway_fee = Some(noted.fee);
    }
}

fn cancel(booking: &mut Booking, canceled: &Canceled, at: Instant) {
    // What the operator decided on is settled for good: no later fee counts it again.
    let has_own_fee = canceled.overridden.as_ref().is_some_and(|overridden| overridden.fee.is_some());
    let standing = match canceled.reason {
        CancelReason::CustomerCancellation if !has_own_fee => Standing::Canceled,
        CancelReason::CustomerCancellation | CancelReason::OperatorCancellation | CancelReason::RefusedOnArrival => {
            Standing::Withdrawn
        }
    };
    for part in &canceled.items {
        cancel_item(booking, part, standing);
    }
    charge(booking, ChargeKind::CanceledLines {}, at, canceled.price.negated());
    if let Some(amount) = canceled.group_price_lost {
        charge(booking, ChargeKind::GroupPriceLost {}, at, amount);
    }
    charge(booking, ChargeKind::CancellationFee {}, at, canceled.fee);
    charge(booking, ChargeKind::ShortfallWaived {}, at, canceled.waived.negated());
    charge(booking, ChargeKind::GatewayFee {}, at, canceled.gateway_fee);
}

fn cancel_item(booking: &mut Booking, part: &CanceledItem, standing: Standing) {
    let Some(item) = booking.items.iter_mut().find(|item| item.id == part.item) else { return };
    for participant in item.participants.iter_mut().filter(|one| part.participants.contains(&one.id)) {
        participant.standing = standing;
    }
    for line in item.lines.iter_mut().filter(|line| part.lines.contains(&line.id)) {
        line.standing = standing;
    }
    if part.extent == Extent::Whole {
        item.standing = standing;
    }
    if standing == Standing::Canceled && !part.fee.is_zero() {
        item.charged.push(part.fee);
        item.charged_in.clone_from(&part.window);
    }
}

/// The plan only grows: what was entered for the cancellation stays, and is taken back by entries of its own.
fn undo(booking: &mut Booking, undone: &CancellationUndone) {
    for restored in &undone.items {
        restore(booking, restored);
    }
    booking.plan.extend(undone.charges.iter().cloned());
    if let Some(refund) = undone.refund {
        change(booking, refund, |refund| refund.state = RefundState::Voided);
    }
    booking.tasks.clone_from(&undone.tasks);
}

fn restore(booking: &mut Booking, restored: &RestoredItem) {
    let Some(item) = booking.items.iter_mut().find(|item| item.id == restored.item) else { return };
    for participant in item.participants.iter_mut().filter(|one| restored.participants.contains(&one.id)) {
        participant.standing = Standing::Booked;
    }
    for line in item.lines.iter_mut().filter(|line| restored.lines.contains(&line.id)) {
        line.standing = Standing::Booked;
    }
    if restored.extent == Extent::Whole {
        item.standing = Standing::Booked;
    }
    item.charged.clone_from(&restored.charged);
    item.charged_in = restored.charged_in;
}

fn rebook(booking: &mut Booking, rebooked: &Rebooked, at: Instant) {
    for moved in &rebooked.moves {
        let Some(item) = booking.items.iter_mut().find(|item| item.id == moved.item) else { continue };
        match moved.extent {
            Extent::Whole => arrive(item, moved),
            Extent::Part => {
                let leaving = split_off(item, moved);
                booking.items.push(leaving);
            }
        }
    }
    charge(booking, ChargeKind::PriceDifference {}, at, rebooked.difference);
    charge(booking, ChargeKind::GroupPriceLost {}, at, rebooked.group_price_lost);
    charge(booking, ChargeKind::DifferenceKept {}, at, rebooked.kept);
    charge(booking, ChargeKind::MoveFee {}, at, rebooked.fee);
    charge(booking, ChargeKind::GatewayFee {}, at, rebooked.gateway_fee);
}

/// The item in its new slot.
fn arrive(item: &mut Item, moved: &MovedItem) {
    item.slot = moved.slot.clone();
    item.service.clone_from(&moved.service);
    item.terms = moved.terms.clone();
    item.group.clone_from(&moved.group);
    item.moves = item.moves.saturating_add(1);
    for line in &mut item.lines {
        if let Some(priced) = moved.lines.iter().find(|priced| priced.line == line.id) {
            line.price = priced.price;
        }
    }
}

/// Participants who leave an item, as an item of their own in its new slot.
///
/// Source: requirements D1, D2
fn split_off(item: &mut Item, moved: &MovedItem) -> Item {
    let (leaving, staying) = item.participants.drain(..).partition(|one| moved.participants.contains(&one.id));
    item.participants = staying;
    let goes = |line: &crate::booking::Line| moved.lines.iter().any(|priced| priced.line == line.id);
    let (lines, rest) = item.lines.drain(..).partition(goes);
    item.lines = rest;
    if moved.keeps_group_price {
        item.group = None;
    }
    let mut new = Item {
        id: moved.into,
        service: item.service.clone(),
        slot: moved.slot.clone(),
        terms: moved.terms.clone(),
        participants: leaving,
        lines,
        standing: Standing::Booked,
        charged: Vec::new(),
        charged_in: None,
        group: None,
        moves: item.moves,
    };
    arrive(&mut new, moved);
    new
}

fn enter(booking: &mut Booking, entered: &RefundEntered, at: Instant) {
    let RefundEntered { refund, virtual_charge } = entered;
    if let Some(amount) = virtual_charge {
        charge(booking, ChargeKind::Refund { refund: refund.id }, at, *amount);
    }
    if refund.reason.is_prefilled() {
        // It answers the task; what it leaves is a new one.
        booking.tasks.clear();
    }
    booking.refunds.push(refund.clone());
}

fn change(booking: &mut Booking, id: RefundId, change: impl FnOnce(&mut Refund)) {
    if let Some(refund) = booking.refunds.iter_mut().find(|refund| refund.id == id) {
        change(refund);
    }
}

fn change_share(booking: &mut Booking, id: RefundId, payment: PaymentId, change_one: impl FnOnce(&mut Share)) {
    change(booking, id, |refund| {
        if let Some(share) = refund.split.iter_mut().find(|share| share.payment == payment) {
            change_one(share);
        }
        refund.state = refund.state_of_shares();
    });
}

/// Another way: what nobody has in hand starts anew, and what a provider says of earlier attempts no longer counts.
fn route(refund: &mut Refund, way: Way) {
    refund.way = way;
    for share in refund.split.iter_mut().filter(|share| share.state.is_with_operator()) {
        share.state = ShareState::Open;
        share.attempt = share.attempt.saturating_add(1);
    }
    if refund.state.is_open() && refund.state != RefundState::AwaitingApproval {
        refund.state = refund.state_of_shares();
    }
}

fn settle(booking: &mut Booking, id: RefundId, payments: Option<&[PaymentId]>, at: Instant) {
    let Some(refund) = booking.refunds.iter_mut().find(|refund| refund.id == id) else { return };
    let is_meant = |share: &&mut Share| {
        share.state != ShareState::Settled && payments.is_none_or(|payments| payments.contains(&share.payment))
    };
    for share in refund.split.iter_mut().filter(is_meant) {
        share.state = ShareState::Settled;
        let (payment, amount) = (share.payment, share.amount.negated());
        booking.payments.push(Payment::PaidBack { refund: id, payment, at, amount });
    }
    refund.state = refund.state_of_shares();
}
