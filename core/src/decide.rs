//! The decider: a command and a booking in, events or a refusal out. Pure; the same question always has the same answer.
//!
//! Refund entries are decided on in [`crate::refund`], new bookings in [`crate::make`].

use crate::balance::owed;
use crate::booking::{Booking, ITEMS_MAX, PAYMENTS_MAX};
use crate::cancel::{Cancellation, Outcome};
use crate::command::{Action, Actor, Adjust, Command, Envelope, NAME_CHARS_MAX, RecordPayment, RefundTo};
use crate::event::{
    Canceled, CanceledItem, Event, Extent, GatewayFeeNoted, LinksRevoked, MovedItem, MovedLine, ParticipantRenamed,
    PlanAdjusted, Rebooked, RefundEntered,
};
use crate::id::{CommandId, ItemId, PaymentId, RefundId};
use crate::make::make;
use crate::money::Money;
use crate::policy::{RefundMode, VoucherOffer};
use crate::quote::{cancellation, check_text, renamable};
use crate::rebook::{Going, Moved, Offer, Rebooking};
use crate::refund::{Refund, RefundReason, RefundState, Task, Way, deciding, split};
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::undo::undo;

/// The most entries of a booking's plan.
pub(crate) const PLAN_MAX: usize = 2_000;

/// Decides what a command does to a booking; `None` is a booking that has not been made. `offers` are the slots that a move names, as they were
/// looked up; empty for other commands.
///
/// # Errors
/// A [`Refusal`] when the rules do not allow it. Nothing has happened then.
///
/// ```
/// use leeway_core::{Action, Actor, Command, Envelope, Instant, Selection, decide, id::CommandId};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let at = Instant::parse("2026-11-23T12:00:00Z")?;
/// let id = CommandId("0195f3a0-0000-7000-8000-000000000001".parse()?);
/// let command = Command::Act(Action::cancel(Selection::All));
/// let events = decide(Some(&booking), &Envelope { id, at, actor: Actor::Customer, command }, &[])?;
/// assert_eq!(events.iter().map(|event| event.kind()).collect::<Vec<_>>(), ["canceled", "refund_entered"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: requirements E5, E6
pub fn decide(booking: Option<&Booking>, envelope: &Envelope, offers: &[Offer]) -> Result<Vec<Event>, Refusal> {
    let Envelope { at, actor, id, .. } = *envelope;
    match (booking, &envelope.command) {
        (None, Command::Make(new)) => make(new, at),
        (Some(_), Command::Make(_)) => Err(Refusal::AlreadyMade {}),
        (None, _) => Err(Refusal::NotMade {}),
        (Some(booking), Command::RecordPayment(payment)) => record_payment(booking, payment),
        (Some(booking), Command::NoteGatewayFee { payment, fee }) => note_gateway_fee(booking, *payment, *fee),
        (Some(booking), Command::Adjust(adjust)) => adjust_plan(booking, adjust),
        (Some(booking), Command::Act(action)) => act(booking, action, offers, (actor, at), id),
        (Some(booking), Command::Undo(wanted)) => undo(booking, wanted, (actor, at)),
        (Some(booking), Command::EnterRefund(entry)) => deciding::enter(booking, entry, id.into(), at),
        (Some(booking), Command::Refund { refund, step }) => deciding::step(booking, *refund, step, at),
        (Some(booking), Command::RevokeLinks) => {
            let generation = booking.link_generation.saturating_add(1);
            Ok(vec![Event::LinksRevoked(LinksRevoked { generation })])
        }
    }
}

/// Money that came in. Told twice it is the same money: whoever tells it may not know that somebody else did.
fn record_payment(booking: &Booking, payment: &RecordPayment) -> Result<Vec<Event>, Refusal> {
    let RecordPayment { id, method, amount, gateway_fee } = *payment;
    if amount.compare(Money::zero(booking.currency))?.is_le() {
        return Err(Refusal::AmountNotPositive {});
    }
    if let Some(fee) = gateway_fee {
        check_gateway_fee(fee, amount)?;
    }
    if let Some(known) = booking.received().find(|known| known.id == id) {
        let is_same = known.amount == amount && known.method == method && known.voucher.is_none();
        return if is_same { Ok(Vec::new()) } else { Err(Refusal::PaymentKnown { payment: id }) };
    }
    if booking.payments.len() >= PAYMENTS_MAX {
        return Err(Refusal::too_many(PAYMENTS_MAX));
    }
    booking.received().map(|received| received.amount).try_fold(amount, Money::plus)?;
    Ok(vec![Event::PaymentRecorded((*payment).into())])
}

/// A fee that is told after its payment counts from then on as one that came with it.
///
/// Source: requirement B9
fn note_gateway_fee(booking: &Booking, id: PaymentId, fee: Money) -> Result<Vec<Event>, Refusal> {
    let payment = booking.received().find(|payment| payment.id == id).ok_or(Refusal::UnknownPayment { payment: id })?;
    check_gateway_fee(fee, payment.amount)?;
    match payment.gateway_fee {
        Some(known) if known == fee => Ok(Vec::new()),
        Some(known) => Err(Refusal::GatewayFeeKnown { payment: id, fee: known }),
        None => Ok(vec![Event::GatewayFeeNoted(GatewayFeeNoted { payment: id, fee })]),
    }
}

fn check_gateway_fee(fee: Money, of: Money) -> Result<(), Refusal> {
    if fee.compare(of)?.is_gt() {
        return Err(Refusal::GatewayFeeTooHigh {});
    }
    if fee.is_negative() { Err(Refusal::AmountNotPositive {}) } else { Ok(()) }
}

/// An extra or a rebate; no rebate takes the plan below nothing, and a canceled booking's plan is frozen.
///
/// Source: requirements C1, C9
fn adjust_plan(booking: &Booking, adjust: &Adjust) -> Result<Vec<Event>, Refusal> {
    let Adjust { code, amount } = adjust;
    if booking.is_canceled() {
        return Err(Refusal::BookingCanceled {});
    }
    if booking.plan.len() >= PLAN_MAX {
        return Err(Refusal::too_many(PLAN_MAX));
    }
    let plan = owed(booking)?.plan;
    if amount.is_zero() {
        return Err(Refusal::AmountNotPositive {});
    }
    let after = plan.plus(*amount)?;
    if amount.is_negative() && after.is_negative() {
        return Err(Refusal::RebateAbovePlan { most: plan.or_zero() });
    }
    Ok(vec![Event::PlanAdjusted(PlanAdjusted { code: *code, amount: *amount })])
}

fn act(
    booking: &Booking,
    action: &Action,
    offers: &[Offer],
    (actor, at): (Actor, Instant),
    id: CommandId,
) -> Result<Vec<Event>, Refusal> {
    match action {
        Action::Cancel { .. } => cancel(booking, &cancellation(booking, action, actor)?, id, at),
        Action::Rebook { moves, reason, overridden } => {
            let rebooking = Rebooking::new(booking, moves, *reason, overridden.as_deref(), offers, (actor, at))?;
            rebook(booking, &rebooking, id, at)
        }
        Action::Rename { participant, name } => {
            renamable(booking, *participant, actor, at)?;
            check_text(name, NAME_CHARS_MAX)?;
            Ok(vec![Event::ParticipantRenamed(ParticipantRenamed { participant: *participant })])
        }
    }
}

fn cancel(
    booking: &Booking,
    cancellation: &Cancellation<'_>,
    id: CommandId,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let outcome = cancellation.at(at)?;
    let mut events = vec![canceled(cancellation, &outcome)];
    let promise = Promise {
        reason: cancellation.reason.into(),
        amount: outcome.refund,
        by_hand: outcome.by_hand,
        mode: outcome.mode,
        to_voucher: cancellation.refund_to == RefundTo::Voucher,
        offer: outcome.offer,
    };
    events.extend(promise.events(booking, id.into(), at)?);
    Ok(events)
}

fn canceled(cancellation: &Cancellation<'_>, outcome: &Outcome<'_>) -> Event {
    let items = outcome.parts.iter().filter_map(|one| {
        let part = cancellation.parts.get(one.index)?;
        Some(CanceledItem {
            item: part.item.id,
            window: one.window.map(|window| window.code),
            extent: part.extent,
            participants: part.participants.clone(),
            lines: part.lines.iter().map(|line| line.id).collect(),
            fee: one.fee,
        })
    });
    let lost = outcome.group_price_lost;
    Event::Canceled(Box::new(Canceled {
        reason: cancellation.reason,
        items: items.collect(),
        price: outcome.price,
        group_price_lost: (!lost.is_zero()).then_some(lost),
        fee: outcome.fee,
        waived: outcome.waived,
        gateway_fee: outcome.gateway.amount,
        overridden: cancellation.override_given().map(|overridden| Box::new(overridden.clone())),
    }))
}

/// Money that an action sends back.
struct Promise {
    reason: RefundReason,
    amount: Money,
    by_hand: Money,
    mode: RefundMode,
    to_voucher: bool,
    offer: Option<VoucherOffer>,
}

impl Promise {
    /// The refund entry, the voucher that settles it or its part at once, the operator's task.
    fn events(self, booking: &Booking, id: RefundId, at: Instant) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::with_capacity(3);
        if self.amount.is_positive() {
            let refund = Refund {
                id,
                reason: self.reason,
                state: match self.mode {
                    RefundMode::Approval => RefundState::AwaitingApproval,
                    RefundMode::Automatic | RefundMode::Never => RefundState::Requested,
                },
                amount: self.amount,
                split: split(booking, self.amount)?,
                way: if self.to_voucher { Way::Voucher } else { Way::AsPaid },
                offer: self.offer,
                document: None,
                note: String::new(),
            };
            let is_due = refund.state == RefundState::Requested;
            let voucher = if is_due { deciding::vouchers(booking, &refund, at)? } else { None };
            // The action itself has changed the plan: the entry has no virtual one.
            events.push(Event::RefundEntered(Box::new(RefundEntered { refund, virtual_charge: None })));
            events.extend(voucher);
        }
        if self.by_hand.is_positive() {
            events.push(Event::TaskOpened(Task::RefundByHand { amount: self.by_hand }));
        }
        Ok(events)
    }
}

/// Source: requirements D1, D4
fn rebook(booking: &Booking, rebooking: &Rebooking<'_>, id: CommandId, at: Instant) -> Result<Vec<Event>, Refusal> {
    let moved = rebooking.settle(at)?;
    let parts = rebooking.moves.iter().filter(|going| going.part.extent == Extent::Part).count();
    if booking.items.len().saturating_add(parts) > ITEMS_MAX {
        return Err(Refusal::too_many(ITEMS_MAX));
    }
    let mut events = vec![rebooked(rebooking, &moved, id)];
    let promise = Promise {
        reason: RefundReason::Reallocation,
        amount: moved.refund,
        by_hand: moved.by_hand,
        mode: moved.mode,
        to_voucher: moved.to_voucher,
        offer: None,
    };
    events.extend(promise.events(booking, id.into(), at)?);
    Ok(events)
}

fn rebooked(rebooking: &Rebooking<'_>, moved: &Moved, id: CommandId) -> Event {
    let moves = rebooking.moves.iter().enumerate().map(|(index, going)| moved_item(rebooking, going, id, index));
    Event::Rebooked(Box::new(Rebooked {
        reason: rebooking.reason,
        moves: moves.collect(),
        difference: moved.difference,
        kept: moved.kept,
        group_price_lost: moved.group_price_lost,
        fee: moved.fee,
        gateway_fee: moved.gateway.amount,
        overridden: rebooking.overridden.map(|overridden| Box::new(overridden.clone())),
    }))
}

fn moved_item(rebooking: &Rebooking<'_>, going: &Going<'_>, id: CommandId, index: usize) -> MovedItem {
    let item = going.part.item.id;
    MovedItem {
        item,
        extent: going.part.extent,
        into: match going.part.extent {
            Extent::Whole => item,
            Extent::Part => new_item(id, index),
        },
        participants: going.part.participants.clone(),
        lines: going.lines.iter().map(|(line, price)| MovedLine { line: line.id, price: *price }).collect(),
        slot: going.offer.slot.clone(),
        service: going.offer.service.clone(),
        terms: going.terms(),
        group: going.group(),
        keeps_group_price: going.keeps_group_price(rebooking.reason),
    }
}

/// The id of an item that a move makes: that of its command, counted on for each move, so that the same command makes the same items.
fn new_item(id: CommandId, index: usize) -> ItemId {
    let step = u128::try_from(index).unwrap_or(0);
    ItemId(uuid::Uuid::from_u128(id.0.as_u128().wrapping_add(step)))
}
