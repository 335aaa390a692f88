//! Everything that one command changes: the booking, the places in its slots, the vouchers that it issues. A store writes all of it in one
//! transaction, or nothing: never a new place without giving up the old one, never a refund settled without its voucher.
//!
//! Source: requirements C7, D3

use crate::booking::Booking;
use crate::command::Envelope;
use crate::decide::decide;
use crate::event::Event;
use crate::evolve::evolve;
use crate::id::{SlotId, VoucherId};
use crate::map::Map;
use crate::rebook::Offer;
use crate::refusal::Refusal;
use crate::slot::{self, Roster, SlotEvent};
use crate::voucher::{self, VoucherEvent};

/// What one command changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// The booking after it.
    pub booking: Booking,
    /// What happened to it.
    pub events: Vec<Event>,
    /// What happened to slots, in order.
    pub slots: Vec<(SlotId, SlotEvent)>,
    /// Vouchers that were issued.
    pub vouchers: Vec<(VoucherId, VoucherEvent)>,
}

/// Decides on a command and on all that follows from it. `rosters` are the slots that the booking has places in or is to have; a slot without a
/// roster is one of the booking's own, with places for all.
///
/// # Errors
/// A [`Refusal`] of the booking's rules, or of a slot that is full. Nothing has happened then.
///
/// ```
/// use leeway_core::{Action, Actor, Command, Envelope, Instant, Selection, carry_out, id::CommandId};
/// # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/bench/made.json"));
/// # let booking: leeway_core::Booking = serde_json::from_str(text)?;
/// let at = Instant::parse("2026-11-23T12:00:00Z")?;
/// let id = CommandId("0195f3a0-0000-7000-8000-000000000001".parse()?);
/// let command = Command::Act(Action::cancel(Selection::All));
/// let envelope = Envelope { id, at, actor: Actor::Customer, command };
/// let commit = carry_out(Some(&booking), &envelope, &[], &Default::default())?;
/// assert!(commit.booking.is_canceled());
/// assert_eq!(commit.booking.version, booking.version + commit.events.len() as u64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn carry_out(
    booking: Option<&Booking>,
    envelope: &Envelope,
    offers: &[Offer],
    rosters: &Map<SlotId, Roster>,
) -> Result<Commit, Refusal> {
    let events = decide(booking, envelope, offers)?;
    let mut after = booking.cloned();
    let mut vouchers = Vec::new();
    for event in &events {
        after = evolve(after, event, envelope.at);
        if let Some(issued) = after.as_ref().and_then(|booking| voucher::issued_by(booking, event)) {
            let VoucherEvent::VoucherIssued { id, .. } = issued else { continue };
            vouchers.push((id, issued));
        }
    }
    let after = after.ok_or(Refusal::NotMade {})?;
    let slots = if changes_places(&events) { places(booking, &after, rosters)? } else { Vec::new() };
    Ok(Commit { booking: after, events, slots, vouchers })
}

fn changes_places(events: &[Event]) -> bool {
    let changes = |event: &Event| {
        matches!(event, Event::BookingMade(_) | Event::Canceled(_) | Event::CancellationUndone(_) | Event::Rebooked(_))
    };
    events.iter().any(changes)
}

fn places(
    before: Option<&Booking>,
    after: &Booking,
    rosters: &Map<SlotId, Roster>,
) -> Result<Vec<(SlotId, SlotEvent)>, Refusal> {
    let mut events = Vec::new();
    let mut changed: Map<SlotId, Roster> = Map::new();
    for (id, command) in slot::follow(before, after) {
        let Some(roster) = changed.get(&id).or_else(|| rosters.get(&id)) else { continue };
        let Some(event) = slot::decide(Some(roster), &command)? else { continue };
        if let Some(roster) = slot::evolve(Some(roster.clone()), &event) {
            changed.insert(id, roster);
        }
        events.push((id, event));
    }
    Ok(events)
}
