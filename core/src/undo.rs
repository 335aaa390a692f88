//! Taking a cancellation back, as if it had not happened: what was given up stands again, what was charged is taken back by entries of its own,
//! the refund is not paid. Possible for a short while, as long as none of its money has moved and nothing that came after builds on it: a robot
//! that pressed the button, or a finger that slipped, costs nobody anything.
//!
//! How long that is, is no term of the booking: it is how long the operator lets a refund wait before it leaves, which whoever pays refunds
//! knows, and which comes with the wish. The instant is judged here; and whatever the clock says, a refund that a provider has in hand is not
//! called back.
//!
//! Not the places: they are taken again in the same [`mod@crate::commit`], or the undoing is refused.
//!
//! Source: requirement E3; decision 8

use crate::balance::owed;
use crate::booking::{Booking, Charge};
use crate::command::Actor;
use crate::decide::PLAN_MAX;
use crate::event::{Canceled, CanceledItem, CancellationUndone, Event, RestoredItem};
use crate::evolve::evolve;
use crate::id::{CommandId, RefundId, SlotId};
use crate::money::Money;
use crate::refund::{Refund, RefundState, ShareState};
use crate::refusal::Refusal;
use crate::time::Instant;

/// A wish to take a cancellation back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The command that canceled.
    pub past: Past,
    /// For how long after it that is possible, in milliseconds; the last instant is inside.
    pub within_ms: i64,
}

/// A command that was carried out and not taken back: what it found, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    id: CommandId,
    at: Instant,
    actor: Actor,
    before: Booking,
    events: Vec<Event>,
}

/// An event with what it was stored with.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// The command that it came of.
    pub command: CommandId,
    /// When.
    pub at: Instant,
    /// The event.
    pub event: &'a Event,
}

impl Past {
    /// Finds a command in the whole log of a booking, from its first event to its last. `actor` is who wanted that command.
    ///
    /// # Errors
    /// [`Refusal::NothingToUndo`] when it is not in there, or was taken back.
    pub fn find<'a>(log: impl IntoIterator<Item = Recorded<'a>>, id: CommandId, actor: Actor) -> Result<Self, Refusal> {
        let mut before = None;
        let mut found: Option<Self> = None;
        for Recorded { command, at, event } in log {
            let is_taken_back = matches!(event, Event::CancellationUndone(undone) if undone.command == id);
            match (&mut found, &before) {
                (Some(_), _) if is_taken_back => return Err(Refusal::NothingToUndo {}),
                (Some(past), _) if command == id => past.events.push(event.clone()),
                (Some(_), _) => {}
                (None, Some(booking)) if command == id => {
                    found = Some(Self { id, at, actor, before: Booking::clone(booking), events: vec![event.clone()] });
                }
                (None, _) => before = evolve(before, event, at),
            }
        }
        found.ok_or(Refusal::NothingToUndo {})
    }

    /// The slots in which the booking had places before it: those that taking it back needs to know.
    pub fn slots(&self) -> impl Iterator<Item = SlotId> {
        self.before.items.iter().map(|item| item.slot.id)
    }

    /// The last instant at which it can be taken back, where that is possible for so long.
    #[must_use]
    pub fn until(&self, within_ms: i64) -> Instant {
        self.at.shifted_ms(within_ms)
    }

    fn canceled(&self) -> Option<&Canceled> {
        self.events
            .iter()
            .find_map(|event| if let Event::Canceled(canceled) = event { Some(&**canceled) } else { None })
    }

    fn after(&self) -> Option<Booking> {
        self.events.iter().try_fold(self.before.clone(), |booking, event| evolve(Some(booking), event, self.at))
    }
}

/// Whether what a command did can be taken back right after it: it canceled, and no money of its refund has moved.
#[must_use]
pub fn is_open(events: &[Event], after: &Booking) -> bool {
    let entered =
        |event: &Event| if let Event::RefundEntered(entered) = event { Some(entered.refund.id) } else { None };
    events.iter().any(|event| matches!(event, Event::Canceled(_)))
        && events.iter().filter_map(entered).all(|id| after.refund(id).is_some_and(is_at_rest))
}

/// Decides whether a cancellation can be taken back, and what that does. A page asks [`mod@crate::commit`] the same question to know whether it can
/// offer it.
pub(crate) fn undo(booking: &Booking, wanted: &Undo, (actor, at): (Actor, Instant)) -> Result<Vec<Event>, Refusal> {
    let Undo { past, within_ms } = wanted;
    let (Some(canceled), Some(after)) = (past.canceled(), past.after()) else { return Err(Refusal::NothingToUndo {}) };
    if actor != Actor::Operator && past.actor != actor {
        return Err(Refusal::NotYourOwn {});
    }
    let until = past.until(*within_ms);
    if at > until {
        return Err(Refusal::UndoTooLate { until });
    }
    let refund = refund_at_rest(booking, past, &after)?;
    let charges = reversals(booking, past, &after, at)?;
    if is_built_on(booking, &after) || !leaves_a_plan(booking, &past.before, &charges)? {
        return Err(Refusal::UndoOvertaken {});
    }
    Ok(vec![Event::CancellationUndone(Box::new(CancellationUndone {
        command: past.id,
        items: restored(canceled, &past.before),
        charges,
        refund,
        tasks: past.before.tasks.clone(),
    }))])
}

/// The refund entry that the cancellation made, where nobody has touched it but to approve it.
fn refund_at_rest(booking: &Booking, past: &Past, after: &Booking) -> Result<Option<RefundId>, Refusal> {
    let Some(then) = after.refunds.get(past.before.refunds.len()) else { return Ok(None) };
    let id = then.id;
    match booking.refund(id) {
        Some(now) if is_at_rest(now) && now.way == then.way => Ok(Some(id)),
        Some(_) | None => Err(Refusal::RefundUnderWay { refund: id }),
    }
}

fn is_at_rest(refund: &Refund) -> bool {
    let waits = match refund.state {
        RefundState::AwaitingApproval | RefundState::Requested => true,
        RefundState::Submitted | RefundState::Settled | RefundState::Failed | RefundState::Voided => false,
    };
    let untouched = refund.split.iter().all(|share| share.state == ShareState::Open && share.attempt == 0);
    waits && untouched && refund.document.is_none()
}

/// The entries that take back those of the cancellation, which lie one after the other in the plan.
fn reversals(booking: &Booking, past: &Past, after: &Booking, at: Instant) -> Result<Vec<Charge>, Refusal> {
    let first = past.before.plan.len();
    let made = after.plan.get(first..).unwrap_or_default();
    if booking.plan.len().saturating_add(made.len()) > PLAN_MAX {
        return Err(Refusal::too_many(PLAN_MAX));
    }
    let opposite = |(index, charge): (usize, &Charge)| Charge {
        kind: charge.kind.clone(),
        at,
        amount: charge.amount.negated(),
        reverses: u16::try_from(first.saturating_add(index)).ok(),
    };
    Ok(made.iter().enumerate().map(opposite).collect())
}

/// Was anything done since whose amounts follow from the cancellation: canceled, moved, paid back? Payments do not, nor do names, links, nor
/// what providers say of other refunds. What was taken back itself does not count.
fn is_built_on(booking: &Booking, after: &Booking) -> bool {
    let later = booking.refunds.get(after.refunds.len()..).unwrap_or_default();
    booking.items != after.items
        || booking.tasks != after.tasks
        || later.iter().any(|refund| refund.state != RefundState::Voided)
}

/// A rebate since then was measured by what the cancellation had left.
fn leaves_a_plan(booking: &Booking, before: &Booking, charges: &[Charge]) -> Result<bool, Refusal> {
    let change = Money::sum(booking.currency, charges.iter().map(|charge| charge.amount))?;
    let plan = owed(booking)?.plan.plus(change)?;
    Ok(!plan.is_negative() || plan.compare(owed(before)?.plan)?.is_ge())
}

fn restored(canceled: &Canceled, before: &Booking) -> Vec<RestoredItem> {
    let of = |part: &CanceledItem| {
        let item = before.item(part.item)?;
        Some(RestoredItem {
            item: part.item,
            extent: part.extent,
            participants: part.participants.clone(),
            lines: part.lines.clone(),
            charged: item.charged.clone(),
            charged_in: item.charged_in,
        })
    };
    canceled.items.iter().filter_map(of).collect()
}
