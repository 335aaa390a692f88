//! Which rows of the outbox follow from what a command did. Pure; asked inside the commit.

use leeway_core::booking::Method;
use leeway_core::fields::FromObject;
use leeway_core::id::{CommandId, PaymentId, RefundId};
use leeway_core::refund::{RefundState, Share, ShareState, Way};
use leeway_core::{Booking, Event, Instant};
use serde::Serialize;

use super::email;
use super::row::{Kind, Needs, NewRow};
use crate::mail::settings::Offer;

/// What an operator has switched on, as far as it decides which rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switches {
    /// How long a refund waits, so that a cancellation can be taken back.
    pub undo_delay_ms: i64,
    /// Is mail sent?
    pub mail: Offer,
}

/// One share of a refund entry, in one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
pub struct RefundShare {
    pub refund: RefundId,
    pub payment: PaymentId,
    pub attempt: u16,
}

/// The rows that follow from a command's events; `after` is the booking with them.
pub fn follow(
    events: &[Event],
    after: &Booking,
    command: CommandId,
    at: Instant,
    switches: &Switches,
) -> Result<Vec<NewRow>, leeway_json::NoForm> {
    let due_at = at.shifted_ms(switches.undo_delay_ms);
    let mut rows = Vec::new();
    for refund in events.iter().filter_map(goes_out) {
        for share in shares(after, refund) {
            let RefundShare { payment, attempt, .. } = share;
            rows.push(NewRow {
                lane: format!("refund:{refund}:{payment}"),
                kind: Kind::Refund,
                booking: Some(after.id),
                command: Some(command),
                dedupe: format!("refund:{refund}:{payment}:{attempt}"),
                body: leeway_json::write(&share)?,
                due_at,
                needs: Needs::Intent(payment),
            });
        }
    }
    if events.iter().any(changes_what_is_due) {
        rows.push(NewRow {
            lane: format!("checkouts:{}", after.id),
            kind: Kind::CloseCheckouts,
            booking: Some(after.id),
            command: Some(command),
            dedupe: format!("close_checkouts:{command}"),
            body: "{}".to_owned(),
            due_at: at,
            needs: Needs::OpenCheckout,
        });
    }
    if switches.mail == Offer::Yes {
        rows.extend(email::rows(events, after, command, at)?);
    }
    Ok(rows)
}

/// Is another amount due after it? Then nobody should pay the one from before.
fn changes_what_is_due(event: &Event) -> bool {
    match event {
        Event::PaymentRecorded(_)
        | Event::PlanAdjusted(_)
        | Event::Canceled(_)
        | Event::Rebooked(_)
        | Event::CancellationUndone(_)
        | Event::RefundDeclined(_)
        | Event::RefundVoided(_) => true,
        Event::BookingMade(_)
        | Event::GatewayFeeNoted(_)
        | Event::RefundEntered(_)
        | Event::RefundApproved(_)
        | Event::RefundRouted(_)
        | Event::RefundSubmitted(_)
        | Event::RefundSettled(_)
        | Event::RefundFailed(_)
        | Event::VoucherIssued(_)
        | Event::CreditNoteMade(_)
        | Event::CreditNoteApproved(_)
        | Event::TaskOpened(_)
        | Event::ParticipantRenamed(_)
        | Event::LinksRevoked(_) => false,
    }
}

/// The refund entry that an event sends on its way, if it does.
fn goes_out(event: &Event) -> Option<RefundId> {
    match event {
        Event::RefundEntered(entered) => Some(entered.refund.id),
        Event::RefundApproved(approved) => Some(approved.refund),
        Event::RefundRouted(routed) => Some(routed.refund),
        Event::BookingMade(_)
        | Event::PaymentRecorded(_)
        | Event::GatewayFeeNoted(_)
        | Event::PlanAdjusted(_)
        | Event::Canceled(_)
        | Event::CancellationUndone(_)
        | Event::Rebooked(_)
        | Event::RefundDeclined(_)
        | Event::RefundVoided(_)
        | Event::RefundSubmitted(_)
        | Event::RefundSettled(_)
        | Event::RefundFailed(_)
        | Event::VoucherIssued(_)
        | Event::CreditNoteMade(_)
        | Event::CreditNoteApproved(_)
        | Event::TaskOpened(_)
        | Event::ParticipantRenamed(_)
        | Event::LinksRevoked(_) => None,
    }
}

/// The shares that a provider is to pay back now. Whether a provider took the money at all, the store knows.
fn shares(booking: &Booking, id: RefundId) -> Vec<RefundShare> {
    let Some(refund) = booking.refund(id) else { return Vec::new() };
    let leaves = match refund.state {
        RefundState::Requested | RefundState::Submitted | RefundState::Failed => refund.way == Way::AsPaid,
        RefundState::AwaitingApproval | RefundState::Settled | RefundState::Voided => false,
    };
    let by_provider = |share: &&Share| share.method == Method::Card && share.state == ShareState::Open;
    let share = |share: &Share| RefundShare { refund: id, payment: share.payment, attempt: share.attempt };
    if leaves { refund.split.iter().filter(by_provider).map(share).collect() } else { Vec::new() }
}
