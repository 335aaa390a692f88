//! The decider: a command and a booking in, events or a refusal out. Pure; the same question always has the same answer.

use crate::balance::{Status, balance, by_hand, promised, status};
use crate::booking::{Booking, PAYMENTS_MAX};
use crate::cancel::{Cancellation, Outcome};
use crate::command::{
    Action, Actor, CancelReason, Command, EnterRefund, Envelope, NAME_CHARS_MAX, NOTE_CHARS_MAX, RecordPayment,
    Selection,
};
use crate::event::{Canceled, CanceledItem, Event, LinksRevoked, ParticipantRenamed, RefundEntered, RefundFinalized};
use crate::id::RefundId;
use crate::make::make;
use crate::money::Money;
use crate::policy::RefundMode;
use crate::quote::{cancellation, check_text, renamable};
use crate::refund::{Refund, RefundReason, RefundState, Task, split};
use crate::refusal::Refusal;

/// Decides what a command does to a booking; `None` is a booking that has not been made.
///
/// # Errors
/// A [`Refusal`] when the rules do not allow it. Nothing has happened then.
///
/// Source: requirements E5, E6
pub fn decide(booking: Option<&Booking>, envelope: &Envelope) -> Result<Vec<Event>, Refusal> {
    let Envelope { at, actor, .. } = *envelope;
    match (booking, &envelope.command) {
        (None, Command::Make(new)) => make(new, at),
        (Some(_), Command::Make(_)) => Err(Refusal::AlreadyMade {}),
        (None, _) => Err(Refusal::NotMade {}),
        (Some(booking), Command::RecordPayment(payment)) => record_payment(booking, payment),
        (Some(booking), Command::Act(Action::Cancel { selection, reason })) => {
            cancel(booking, selection, *reason, actor, envelope)
        }
        (Some(booking), Command::Act(Action::Rename { participant, name })) => {
            renamable(booking, *participant, actor, at)?;
            check_text(name, NAME_CHARS_MAX)?;
            Ok(vec![Event::ParticipantRenamed(ParticipantRenamed { participant: *participant })])
        }
        (Some(booking), Command::EnterRefund(entry)) => enter_refund(booking, entry, envelope.id.into()),
        (Some(booking), Command::FinalizeRefund { refund }) => finalize_refund(booking, *refund),
        (Some(booking), Command::RevokeLinks) => {
            let generation = booking.link_generation.saturating_add(1);
            Ok(vec![Event::LinksRevoked(LinksRevoked { generation })])
        }
    }
}

fn record_payment(booking: &Booking, payment: &RecordPayment) -> Result<Vec<Event>, Refusal> {
    let RecordPayment { amount, gateway_fee, .. } = *payment;
    let zero = Money::zero(booking.currency);
    if amount.compare(zero)?.is_le() {
        return Err(Refusal::AmountNotPositive {});
    }
    if let Some(fee) = gateway_fee {
        if fee.compare(zero)?.is_lt() {
            return Err(Refusal::AmountNotPositive {});
        }
        if fee.compare(amount)?.is_gt() {
            return Err(Refusal::GatewayFeeTooHigh {});
        }
    }
    if booking.payments.len() >= PAYMENTS_MAX {
        return Err(Refusal::TooMany { most: u32::try_from(PAYMENTS_MAX).unwrap_or(u32::MAX) });
    }
    booking.received().map(|received| received.amount).try_fold(amount, Money::plus)?;
    Ok(vec![Event::PaymentRecorded(*payment)])
}

fn cancel(
    booking: &Booking,
    selection: &Selection,
    reason: CancelReason,
    actor: Actor,
    envelope: &Envelope,
) -> Result<Vec<Event>, Refusal> {
    let cancellation = cancellation(booking, selection, reason, actor)?;
    let outcome = cancellation.at(envelope.at)?;
    let mut events = vec![canceled(&cancellation, &outcome, reason)];
    if outcome.refund.is_positive() {
        events.push(Event::RefundEntered(RefundEntered {
            refund: Refund {
                id: envelope.id.into(),
                reason: reason.into(),
                state: match outcome.mode {
                    RefundMode::Approval => RefundState::AwaitingApproval,
                    RefundMode::Automatic | RefundMode::Never => RefundState::Requested,
                },
                amount: outcome.refund,
                split: split(booking, outcome.refund)?,
                note: String::new(),
            },
            // The cancellation itself has taken the lines off the plan.
            virtual_charge: None,
        }));
    }
    if outcome.by_hand.is_positive() {
        events.push(Event::TaskOpened(Task::RefundByHand { amount: outcome.by_hand }));
    }
    Ok(events)
}

fn canceled(cancellation: &Cancellation<'_>, outcome: &Outcome<'_>, reason: CancelReason) -> Event {
    let items = outcome.parts.iter().filter_map(|one| {
        let part = cancellation.parts.get(one.index)?;
        Some(CanceledItem {
            item: part.item.id,
            window: one.window.map(|window| window.code.clone()),
            extent: part.extent,
            participants: part.participants.clone(),
            lines: part.lines.iter().map(|line| line.id).collect(),
            fee: one.fee,
        })
    });
    Event::Canceled(Canceled {
        reason,
        items: items.collect(),
        price: outcome.price,
        fee: outcome.fee,
        waived: outcome.waived,
        gateway_fee: outcome.gateway_fee,
    })
}

/// A refund entry by the operator. Prefilled from the balance where the reason allows it, so that a fee has already reduced it.
///
/// Source: requirements C4, C5
fn enter_refund(booking: &Booking, entry: &EnterRefund, id: RefundId) -> Result<Vec<Event>, Refusal> {
    let EnterRefund { reason, amount, note } = entry;
    if !note.is_empty() {
        check_text(note, NOTE_CHARS_MAX)?;
    }
    let amount = match amount {
        Some(amount) => *amount,
        None if reason.is_prefilled() => balance(booking)?.negated().minus(promised(booking)?)?.or_zero(),
        None => return Err(Refusal::AmountNeeded { reason: *reason }),
    };
    if amount.compare(Money::zero(booking.currency))?.is_le() {
        return Err(Refusal::AmountNotPositive {});
    }
    check_reason(booking, *reason)?;
    let mut refund =
        Refund { id, reason: *reason, state: RefundState::Requested, amount, split: Vec::new(), note: note.clone() };
    if !refund.is_in_ledger() {
        refund.state = RefundState::Settled;
        return Ok(vec![Event::RefundEntered(RefundEntered { refund, virtual_charge: None })]);
    }
    refund.split = split(booking, amount)?;
    let most = Money::sum(booking.currency, refund.split.iter().map(|share| share.amount))?;
    if most != amount {
        return Err(Refusal::RefundTooHigh { most });
    }
    // A cancellation has already taken its lines off the plan, and an overpayment was never on it.
    let on_plan = *reason != RefundReason::Overpayment && (booking.is_canceled() || !reason.is_prefilled());
    let virtual_charge = on_plan.then(|| amount.negated());
    let left_by_hand = by_hand(booking)?.minus(amount)?;
    let mut events = vec![Event::RefundEntered(RefundEntered { refund, virtual_charge })];
    if reason.is_prefilled() && left_by_hand.is_positive() {
        events.push(Event::TaskOpened(Task::RefundByHand { amount: left_by_hand }));
    }
    Ok(events)
}

/// Which reasons need something canceled. A compensation lowers the plan too, and is no cancellation.
fn check_reason(booking: &Booking, reason: RefundReason) -> Result<(), Refusal> {
    let touched = status(booking) != Status::Booked;
    match reason {
        RefundReason::CustomerCancellation | RefundReason::OperatorCancellation | RefundReason::RefusedOnArrival
            if !touched =>
        {
            Err(Refusal::NotCanceled {})
        }
        RefundReason::CustomerCancellation
        | RefundReason::OperatorCancellation
        | RefundReason::RefusedOnArrival
        | RefundReason::Reallocation
        | RefundReason::Overpayment
        | RefundReason::CompensationOnReturn
        | RefundReason::CompensationAtBase => Ok(()),
    }
}

fn finalize_refund(booking: &Booking, id: RefundId) -> Result<Vec<Event>, Refusal> {
    let refund = booking.refunds.iter().find(|refund| refund.id == id).ok_or(Refusal::UnknownRefund { refund: id })?;
    match refund.state {
        RefundState::Requested => Ok(vec![Event::RefundFinalized(RefundFinalized { refund: id })]),
        RefundState::AwaitingApproval | RefundState::Settled => Err(Refusal::RefundNotOpen { state: refund.state }),
    }
}

/// Decides and applies in one step: what a store does inside its transaction.
///
/// # Errors
/// As [`decide`].
pub fn carry_out(booking: Option<Booking>, envelope: &Envelope) -> Result<(Option<Booking>, Vec<Event>), Refusal> {
    let events = decide(booking.as_ref(), envelope)?;
    let apply = |booking: Option<Booking>, event: &Event| crate::evolve::evolve(booking, event, envelope.at);
    Ok((events.iter().fold(booking, apply), events))
}
