//! Decides what operators and providers do with refund entries: enter, approve, decline, void, route, submit, settle, fail. Not which payments:
//! see [`mod@super::split`].
//!
//! What a provider says can come twice, late and out of order: a word that changes nothing any more makes no event.

use super::{Document, Refund, RefundReason, RefundState, Share, ShareState, Way, split};
use crate::balance::{Status, balance, by_hand, paid, promised, status};
use crate::booking::{Booking, ChargeKind, Method};
use crate::command::{EnterRefund, NOTE_CHARS_MAX, ProviderWord, RefundStep};
use crate::event::{
    Event, RefundApproved, RefundDeclined, RefundEntered, RefundFailed, RefundRouted, RefundSettled, RefundSubmitted,
    RefundVoided, RefundWritten, VoucherIssued,
};
use crate::id::{PaymentId, RefundId};
use crate::money::Money;
use crate::quote::check_text;
use crate::refund::Task;
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::voucher::worth;

/// The most refund entries of one booking.
pub(crate) const REFUNDS_MAX: usize = 500;

/// A refund entry by the operator. Prefilled from the balance where the reason allows it, so that a fee has already reduced it.
///
/// Source: requirements C4, C5, C9
pub(crate) fn enter(booking: &Booking, entry: &EnterRefund, id: RefundId, at: Instant) -> Result<Vec<Event>, Refusal> {
    let EnterRefund { reason, amount, way, note } = entry;
    if !note.is_empty() {
        check_text(note, NOTE_CHARS_MAX)?;
    }
    if booking.refunds.len() >= REFUNDS_MAX {
        return Err(Refusal::too_many(REFUNDS_MAX));
    }
    let owed_back = balance(booking)?.negated().minus(promised(booking)?)?;
    let amount = match amount {
        Some(amount) => *amount,
        None if reason.is_prefilled() => owed_back.or_zero(),
        None => return Err(Refusal::AmountNeeded { reason: *reason }),
    };
    if amount.compare(Money::zero(booking.currency))?.is_le() {
        return Err(Refusal::AmountNotPositive {});
    }
    check_reason(booking, *reason)?;
    let refund = Refund {
        id,
        reason: *reason,
        state: RefundState::Requested,
        amount,
        split: Vec::new(),
        way: Way::AsPaid,
        offer: None,
        document: None,
        note: note.clone(),
    };
    if refund.is_in_ledger() {
        enter_in_ledger(booking, refund, (owed_back, *way), at)
    } else {
        handed_over(refund, *way)
    }
}

/// Cash that was handed over at the base: settled, and outside the ledger.
///
/// Source: requirement C6
fn handed_over(refund: Refund, way: Way) -> Result<Vec<Event>, Refusal> {
    if way != Way::AsPaid && way != Way::Cash {
        return Err(Refusal::WayNotPossible { way });
    }
    let refund = Refund { state: RefundState::Settled, way: Way::Cash, ..refund };
    Ok(vec![Event::RefundEntered(Box::new(RefundEntered { refund, virtual_charge: None }))])
}

fn enter_in_ledger(
    booking: &Booking,
    refund: Refund,
    (owed_back, way): (Money, Way),
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let (amount, reason) = (refund.amount, refund.reason);
    let refund = Refund { split: split(booking, amount)?, ..refund };
    let most = Money::sum(booking.currency, refund.split.iter().map(|share| share.amount))?;
    if most != amount {
        return Err(Refusal::RefundTooHigh { most });
    }
    // A cancellation has already taken its lines off the plan, and an overpayment was never on it.
    let on_plan = reason != RefundReason::Overpayment && (booking.is_canceled() || !reason.is_prefilled());
    let is_owed = !on_plan && amount.compare(owed_back)?.is_le();
    if !is_owed {
        check_full(booking, amount)?;
    }
    if !is_owed && !on_plan {
        // What lowers no plan can only give back what is owed: else the customer would owe it again.
        return Err(Refusal::RefundTooHigh { most: owed_back.or_zero() });
    }
    let left_by_hand = by_hand(booking)?.minus(amount)?;
    let virtual_charge = on_plan.then(|| amount.negated());
    let mut events = vec![Event::RefundEntered(Box::new(RefundEntered { refund: refund.clone(), virtual_charge }))];
    if reason.is_prefilled() && left_by_hand.is_positive() {
        events.push(Event::TaskOpened(Task::RefundByHand { amount: left_by_hand }));
    }
    if way == Way::AsPaid {
        events.extend(vouchers(booking, &refund, at)?);
    } else {
        events.extend(route(booking, &refund, way, at)?);
    }
    Ok(events)
}

/// All that is held goes back only once nothing is booked, whatever the reason; what is owed to the customer anyway is not asked.
///
/// Source: requirement C9
fn check_full(booking: &Booking, amount: Money) -> Result<(), Refusal> {
    let held = paid(booking)?.minus(promised(booking)?)?;
    if amount.compare(held)?.is_ge() && !booking.is_canceled() { Err(Refusal::NotCanceled {}) } else { Ok(()) }
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

/// A step of an entry.
///
/// Source: requirements C2, C6, C12
pub(crate) fn step(booking: &Booking, id: RefundId, step: &RefundStep, at: Instant) -> Result<Vec<Event>, Refusal> {
    let refund = booking.refund(id).ok_or(Refusal::UnknownRefund { refund: id })?;
    match step {
        RefundStep::Approve {} => approve(booking, refund, at),
        RefundStep::Decline { why } => decline(refund, why),
        RefundStep::Void { why } => void(booking, refund, why),
        RefundStep::Route { way } => route(booking, refund, *way, at),
        RefundStep::ApproveCreditNote {} => match refund.document {
            Some(Document::CreditNoteMade) if refund.state.is_open() => {
                Ok(vec![Event::CreditNoteApproved(RefundWritten { refund: id })])
            }
            _ => Err(Refusal::NoCreditNote { state: refund.state }),
        },
        RefundStep::Finalize {} => finalize(refund),
        RefundStep::Provider { payment, attempt, word } => provider(refund, *payment, *attempt, word),
    }
}

fn approve(booking: &Booking, refund: &Refund, at: Instant) -> Result<Vec<Event>, Refusal> {
    if refund.state != RefundState::AwaitingApproval {
        return Err(Refusal::RefundNotOpen { state: refund.state });
    }
    let mut events = vec![Event::RefundApproved(RefundApproved { refund: refund.id })];
    events.extend(vouchers(booking, refund, at)?);
    Ok(events)
}

/// The operator keeps the money: the customer owes as much more.
fn decline(refund: &Refund, why: &str) -> Result<Vec<Event>, Refusal> {
    check_text(why, NOTE_CHARS_MAX)?;
    if refund.state != RefundState::AwaitingApproval {
        return Err(Refusal::RefundNotOpen { state: refund.state });
    }
    let (why, kept) = (why.to_owned(), refund.amount);
    Ok(vec![Event::RefundDeclined(RefundDeclined { refund: refund.id, why, kept })])
}

/// Undone, as long as nothing of it is with a provider or back: the balance is what it was before the entry.
fn void(booking: &Booking, refund: &Refund, why: &str) -> Result<Vec<Event>, Refusal> {
    check_text(why, NOTE_CHARS_MAX)?;
    let untouched = refund.split.iter().all(|share| share.state.is_with_operator());
    if !refund.state.is_open() || !untouched || refund.document == Some(Document::CreditNoteApproved) {
        return Err(Refusal::RefundNotOpen { state: refund.state });
    }
    let is_its = |kind: &ChargeKind| *kind == ChargeKind::Refund { refund: refund.id };
    let taken = booking.plan.iter().find(|charge| is_its(&charge.kind)).map(|charge| charge.amount);
    let (why, restored) = (why.to_owned(), taken.map(Money::negated));
    Ok(vec![Event::RefundVoided(RefundVoided { refund: refund.id, why, restored })])
}

/// Another way, or the same once more after a failure; what a provider has in hand stays with it. An entry has one document at most.
///
/// Source: requirements C6, C7, C10, C11
fn route(booking: &Booking, refund: &Refund, way: Way, at: Instant) -> Result<Vec<Event>, Refusal> {
    match refund.state {
        RefundState::Requested | RefundState::Failed => {}
        RefundState::AwaitingApproval | RefundState::Submitted | RefundState::Settled | RefundState::Voided => {
            return Err(Refusal::RefundNotOpen { state: refund.state });
        }
    }
    if refund.document.is_some() && matches!(way, Way::Voucher | Way::CreditNote) {
        return Err(Refusal::DocumentExists {});
    }
    let routed = Event::RefundRouted(RefundRouted { refund: refund.id, way });
    let goes = |share: &&Share| share.state.is_with_operator();
    let was_voucher = |share: &Share| share.method == Method::Voucher && share.state.is_with_operator();
    Ok(match way {
        // What was paid by voucher goes back as one, whichever way the rest goes.
        Way::AsPaid | Way::BankTransfer | Way::Cash => {
            let mut events = vec![routed];
            events.extend(vouchers(booking, refund, at)?);
            events
        }
        Way::Voucher => vec![routed, issue(booking, refund, goes, at)?],
        // It would need a voucher and a credit note, and an entry has one document.
        Way::CreditNote if refund.split.iter().any(was_voucher) => return Err(Refusal::WayNotPossible { way }),
        Way::CreditNote => vec![Event::CreditNoteMade(RefundWritten { refund: refund.id })],
    })
}

/// The voucher that an entry makes by itself once it is approved: all of it where that was chosen; else what had been paid by voucher, which
/// goes back as one.
///
/// Source: requirements C6, C11, C13
pub(crate) fn vouchers(booking: &Booking, refund: &Refund, at: Instant) -> Result<Option<Event>, Refusal> {
    let all = refund.way == Way::Voucher;
    let goes = |share: &&Share| share.state != ShareState::Settled && (all || share.method == Method::Voucher);
    if refund.document.is_some() || !refund.split.iter().any(|share| goes(&share)) {
        return Ok(None);
    }
    issue(booking, refund, goes, at).map(Some)
}

fn issue(booking: &Booking, refund: &Refund, goes: impl Fn(&&Share) -> bool, at: Instant) -> Result<Event, Refusal> {
    let shares = || refund.split.iter().filter(|share| goes(share));
    let parts = worth(booking.currency, shares(), refund.offer.as_ref(), at)?;
    let payments = shares().map(|share| share.payment).collect();
    Ok(Event::VoucherIssued(VoucherIssued { refund: refund.id, parts, payments }))
}

/// The operator confirms that all of it is back. A credit note has to be approved before.
///
/// Source: requirements C6, C10
fn finalize(refund: &Refund) -> Result<Vec<Event>, Refusal> {
    if refund.document == Some(Document::CreditNoteMade) {
        return Err(Refusal::CreditNoteNotApproved {});
    }
    match refund.state {
        RefundState::Requested | RefundState::Submitted | RefundState::Failed => {
            let open = refund.open_shares().map(|share| share.payment).collect();
            Ok(vec![Event::RefundSettled(RefundSettled { refund: refund.id, payments: Some(open) })])
        }
        RefundState::AwaitingApproval | RefundState::Settled | RefundState::Voided => {
            Err(Refusal::RefundNotOpen { state: refund.state })
        }
    }
}

/// A provider's word about one share. Of an attempt, the last thing that can be true is that it failed.
fn provider(refund: &Refund, payment: PaymentId, attempt: u16, word: &ProviderWord) -> Result<Vec<Event>, Refusal> {
    let id = refund.id;
    let share = refund.share(payment).ok_or(Refusal::UnknownPayment { payment })?;
    if matches!(refund.state, RefundState::AwaitingApproval | RefundState::Voided) {
        return Err(Refusal::RefundNotOpen { state: refund.state });
    }
    if attempt != share.attempt {
        return Ok(Vec::new());
    }
    Ok(match (word, share.state) {
        (ProviderWord::Accepted, ShareState::Open) => {
            vec![Event::RefundSubmitted(RefundSubmitted { refund: id, payment })]
        }
        (ProviderWord::Paid, ShareState::Open | ShareState::Submitted) => {
            vec![Event::RefundSettled(RefundSettled { refund: id, payments: Some(vec![payment]) })]
        }
        (ProviderWord::Failed(why), ShareState::Open | ShareState::Submitted | ShareState::Settled) => {
            let reversed = (share.state == ShareState::Settled).then_some(share.amount);
            vec![Event::RefundFailed(RefundFailed { refund: id, payment, why: why.clone(), reversed })]
        }
        (ProviderWord::Accepted, ShareState::Submitted | ShareState::Settled | ShareState::Failed)
        | (ProviderWord::Paid, ShareState::Settled | ShareState::Failed)
        | (ProviderWord::Failed(_), ShareState::Failed) => Vec::new(),
    })
}
