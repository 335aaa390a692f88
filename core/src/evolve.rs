//! Applies events. Total: it only records, adds nothing up and refuses nothing, since an event has happened.

use crate::booking::{Booking, Charge, ChargeKind, Payment, Received, Standing};
use crate::command::{CancelReason, RecordPayment};
use crate::event::{Canceled, CanceledItem, Event, Extent, LinksRevoked, Made, RefundEntered, RefundFinalized};
use crate::id::RefundId;
use crate::money::Money;
use crate::refund::RefundState;
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
        kind: ChargeKind::Instalment { code: part.code.clone(), due: part.due },
        at,
        amount: part.amount,
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
        Event::PaymentRecorded(RecordPayment { id, method, amount, gateway_fee }) => {
            let received = Received { id: *id, method: *method, at, amount: *amount, gateway_fee: *gateway_fee };
            booking.payments.push(Payment::Received(received));
        }
        Event::Canceled(canceled) => cancel(booking, canceled, at),
        Event::RefundEntered(RefundEntered { refund, virtual_charge }) => {
            if let Some(amount) = virtual_charge {
                let kind = ChargeKind::Refund { refund: refund.id };
                booking.plan.push(Charge { kind, at, amount: *amount });
            }
            if refund.reason.is_prefilled() {
                // It answers the task; what it leaves is a new one.
                booking.tasks.clear();
            }
            booking.refunds.push(refund.clone());
        }
        Event::RefundFinalized(RefundFinalized { refund }) => finalize(booking, *refund, at),
        Event::TaskOpened(task) => booking.tasks = vec![task.clone()],
        Event::LinksRevoked(LinksRevoked { generation }) => booking.link_generation = *generation,
    }
}

fn cancel(booking: &mut Booking, canceled: &Canceled, at: Instant) {
    let standing = match canceled.reason {
        CancelReason::CustomerCancellation => Standing::Canceled,
        CancelReason::OperatorCancellation | CancelReason::RefusedOnArrival => Standing::Withdrawn,
    };
    for part in &canceled.items {
        cancel_item(booking, part, standing);
    }
    let mut charge = |kind: ChargeKind, amount: Money| {
        if !amount.is_zero() {
            booking.plan.push(Charge { kind, at, amount });
        }
    };
    charge(ChargeKind::CanceledLines {}, canceled.price.negated());
    charge(ChargeKind::CancellationFee {}, canceled.fee);
    charge(ChargeKind::ShortfallWaived {}, canceled.waived.negated());
    charge(ChargeKind::GatewayFee {}, canceled.gateway_fee);
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
    if !part.fee.is_zero() {
        item.charged.push(part.fee);
        item.charged_in.clone_from(&part.window);
    }
}

fn finalize(booking: &mut Booking, id: RefundId, at: Instant) {
    let Some(refund) = booking.refunds.iter_mut().find(|refund| refund.id == id) else { return };
    refund.state = RefundState::Settled;
    if refund.is_in_ledger() {
        booking.payments.push(Payment::PaidBack { refund: id, at, amount: refund.amount.negated() });
    }
}
