//! What customers want: pay, with money or a voucher, cancel, move, rename. And what nobody sensible wants.

use anyhow::Result;
use leeway_core::booking::Method;
use leeway_core::command::{
    Action, Actor, CancelReason, Command, Move, MoveReason, Override, RecordPayment, RefundStep, RefundTo, Selection,
};
use leeway_core::id::{CommandId, ItemId, ParticipantId, PaymentId, RefundId};
use leeway_core::{Booking, Event, Money};

use super::{Outside, Seen, Thought, View};
use crate::simulate::memory;
use crate::simulate::random::Random;
use crate::simulate::server::{Request, Wanted};
use crate::simulate::store::Stream;

/// Somebody pays: a part, or too much. The id of the command is that of the payment, so that its provider can say it as often as it likes; and
/// whoever asks the provider tells the same payment in a command of its own. What the gateway took may be known later.
pub(super) fn pay(view: &mut View<'_>) -> Result<Vec<Thought>> {
    let payment = PaymentId(view.random.id());
    let paid = view.of_some_booking(Actor::System, |booking, seen| {
        Ok(Some(Command::RecordPayment(payment_of(booking, payment, seen.random)?)))
    })?;
    let Some(Thought { request, .. }) = paid else { return Ok(Vec::new()) };
    let Wanted::Booking(booking, Command::RecordPayment(record)) = request.wanted.clone() else {
        return Ok(Vec::new());
    };
    let outside = Outside::Paid { payment, booking, amount: record.amount };
    let told = Thought { request: Request { id: CommandId(payment.0), ..request }, outside };
    let mut thoughts = vec![told];
    if view.random.chance(250) {
        thoughts.push(view.plain(Actor::System, Wanted::Booking(booking, Command::RecordPayment(record))));
    }
    if record.method == Method::Card && view.random.chance(300) {
        let minor = record.amount.minor() * view.random.between(0, 4) / 100;
        let fee = Money::of_minor(minor, record.amount.currency())?;
        thoughts.push(view.plain(Actor::System, Wanted::Booking(booking, Command::NoteGatewayFee { payment, fee })));
    }
    Ok(thoughts)
}

fn payment_of(booking: &Booking, id: PaymentId, random: &mut Random) -> Result<RecordPayment> {
    let price: i64 = booking.plan.iter().map(|charge| charge.amount.minor()).sum();
    let minor = match random.below(4) {
        0 => price,
        1 => price / 2,
        2 => price + random.between(0, 5_000),
        _ => random.between(1, 9_000),
    };
    let amount = Money::of_minor(minor.max(1), booking.currency)?;
    let method = random.one_of([Method::Card, Method::Card, Method::Card, Method::Cash], Method::BankTransfer);
    let fee = random.chance(400).then(|| Money::of_minor(minor.max(1) * random.between(0, 4) / 100, booking.currency));
    let gateway_fee = fee.filter(|_| method == Method::Card).transpose()?;
    Ok(RecordPayment { id, method, amount, gateway_fee })
}

/// Somebody takes back what was canceled, mostly the latest; at once, or hours later.
pub(super) fn undo(view: &mut View<'_>) -> Result<Option<Thought>> {
    let Some(booking) = view.some_booking() else { return Ok(None) };
    let mut canceled = Vec::new();
    for row in view.store.events(Stream::Booking(booking)) {
        if matches!(memory::event(&row.json)?, Event::Canceled(_)) {
            canceled.push(row.command);
        }
    }
    let command = if view.random.chance(800) { canceled.last() } else { view.random.pick(&canceled) };
    let Some(command) = command.copied() else { return Ok(None) };
    let (actor, within_ms) = (actor(view.random), view.random.one_of([60_000, 43_200_000, 30 * 86_400_000], 0));
    Ok(Some(view.plain(actor, Wanted::Undo { booking, command, within_ms })))
}

/// Somebody pays with a voucher, all of it or a part; the voucher may have been spent in between.
pub(super) fn redeem(view: &mut View<'_>) -> Result<Option<Thought>> {
    let (Some(booking), Some(voucher)) = (view.some_booking(), view.random.pick(view.vouchers).copied()) else {
        return Ok(None);
    };
    let payment = PaymentId(view.random.id());
    let currency = view.random.pick(&view.catalog.currencies).copied();
    let amount = match currency {
        Some(currency) if view.random.chance(300) => Some(Money::of_minor(view.random.between(0, 6_000), currency)?),
        Some(_) | None => None,
    };
    Ok(Some(view.plain(Actor::Customer, Wanted::Redeem { booking, voucher, payment, amount })))
}

/// Somebody gives up all or a part; sometimes the operator does, or decides against the policy.
pub(super) fn cancel(view: &mut View<'_>) -> Result<Option<Thought>> {
    let actor = actor(view.random);
    view.of_some_booking(actor, |booking, seen| {
        let random = &mut *seen.random;
        let selection = selection(booking, random);
        let reason = match (actor, random.below(6)) {
            (Actor::Operator, 0 | 1) => CancelReason::OperatorCancellation,
            (Actor::Operator, 2) => CancelReason::RefusedOnArrival,
            _ => CancelReason::CustomerCancellation,
        };
        let refund_to = if random.chance(350) { RefundTo::Voucher } else { RefundTo::Money };
        let against = actor == Actor::Operator && reason == CancelReason::CustomerCancellation && random.chance(400);
        let overridden = if against { Some(Box::new(overridden(booking, random)?)) } else { None };
        Ok(Some(Command::Act(Action::Cancel { selection, reason, refund_to, overridden })))
    })
}

/// Somebody moves an item, or some of who attends it, or everything at once.
pub(super) fn rebook(view: &mut View<'_>) -> Result<Option<Thought>> {
    let actor = actor(view.random);
    view.of_some_booking(actor, |booking, seen| {
        let mut moves = Vec::new();
        for _ in 0..seen.random.between(1, 2) {
            let Some(item) = seen.random.pick(&booking.items).map(|item| item.id) else { continue };
            let participants = some_participants(booking, item, seen.random);
            moves.push(Move { item, participants, slot: seen.slot() });
        }
        let reason = match actor {
            Actor::Operator if seen.random.chance(400) => MoveReason::OperatorRequest,
            Actor::Operator | Actor::Customer | Actor::System => MoveReason::CustomerRequest,
        };
        let against = actor == Actor::Operator && reason == MoveReason::CustomerRequest && seen.random.chance(400);
        let overridden = if against { Some(Box::new(of_move(booking, seen)?)) } else { None };
        Ok(Some(Command::Act(Action::Rebook { moves, reason, overridden })))
    })
}

/// Somebody else attends.
pub(super) fn rename(view: &mut View<'_>) -> Result<Option<Thought>> {
    let actor = actor(view.random);
    view.of_some_booking(actor, |booking, seen| {
        let all: Vec<ParticipantId> =
            booking.items.iter().flat_map(|item| &item.participants).map(|one| one.id).collect();
        let name = seen.random.one_of(["Ana Kovač", "Ivo", " "], "Ana Kovač").to_owned();
        Ok(seen.random.pick(&all).map(|participant| Command::Act(Action::Rename { participant: *participant, name })))
    })
}

/// What must be refused whatever the booking is.
pub(super) fn nonsense(view: &mut View<'_>) -> Result<Option<Thought>> {
    view.of_some_booking(Actor::Customer, |booking, seen| {
        let random = &mut *seen.random;
        let zero = Money::zero(booking.currency);
        let one = Money::of_minor(1, booking.currency)?;
        Ok(Some(match random.below(5) {
            0 => Command::RecordPayment(RecordPayment {
                id: PaymentId(random.id()),
                method: Method::Card,
                amount: zero,
                gateway_fee: None,
            }),
            1 => Command::RecordPayment(RecordPayment {
                id: PaymentId(random.id()),
                method: Method::Card,
                amount: one,
                gateway_fee: Some(one.plus(one)?),
            }),
            2 => Command::Refund { refund: RefundId(random.id()), step: RefundStep::Finalize {} },
            3 => Command::Act(Action::cancel(Selection::of_parts(vec![ItemId(random.id())], Vec::new()))),
            _ => Command::Act(Action::Rebook { moves: Vec::new(), reason: MoveReason::default(), overridden: None }),
        }))
    })
}

fn actor(random: &mut Random) -> Actor {
    if random.chance(650) { Actor::Customer } else { Actor::Operator }
}

fn selection(booking: &Booking, random: &mut Random) -> Selection {
    if random.chance(350) {
        return Selection::All;
    }
    let item = random.pick(&booking.items).map(|item| item.id);
    let participants = item.map(|item| some_participants(booking, item, random)).unwrap_or_default();
    if participants.is_empty() {
        Selection::of_parts(item.into_iter().collect(), participants)
    } else {
        Selection::of_parts(Vec::new(), participants)
    }
}

/// Some of who attends an item; often nobody, which means everybody.
fn some_participants(booking: &Booking, item: ItemId, random: &mut Random) -> Vec<ParticipantId> {
    if random.chance(400) {
        return Vec::new();
    }
    let of = booking.item(item).map(|item| item.participants.as_slice()).unwrap_or_default();
    of.iter().filter(|_| random.chance(450)).map(|one| one.id).collect()
}

fn overridden(booking: &Booking, random: &mut Random) -> Result<Override> {
    let windows = booking.items.first().map(|item| item.terms.windows.as_slice()).unwrap_or_default();
    let window = random.pick(windows).map(|window| window.code).filter(|_| random.chance(500));
    let fee = match window {
        Some(_) => None,
        None => Some(Money::of_minor(random.between(0, 6_000), booking.currency)?),
    };
    Ok(Override { fee, window, why: "a good customer".to_owned() })
}

fn of_move(booking: &Booking, seen: &mut Seen<'_>) -> Result<Override> {
    let fee = Some(Money::of_minor(seen.random.between(0, 3_000), booking.currency)?);
    Ok(Override { fee, window: None, why: "it was our mistake".to_owned() })
}
