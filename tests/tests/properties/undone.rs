//! Taking back: a cancellation that was taken back has not happened, whatever the booking has been through; a payment that is told twice is one.

use leeway_core::balance::{status, totals};
use leeway_core::command::{Action, Actor, Command, RecordPayment, Selection};
use leeway_core::id::{CommandId, RefundId};
use leeway_core::refund::{Share, ShareState};
use leeway_core::undo::is_open;
use leeway_core::{Booking, Event, Instant, Money, Quote, Refusal, options, quote, timeline};
use proptest::prelude::*;

use super::config;
use super::generate::{Scene, canceling, chosen, scene};
use super::history::{History, Track};
use super::play::{Canceling, UNDO_MS, canceled_by, selection};

/// Everything that anybody is told of a booking at an instant, but for its version and its ledger.
fn told(booking: &Booking, at: Instant) -> impl PartialEq + std::fmt::Debug + use<> {
    let plan = |booking: &Booking| booking.charges().map(|charge| charge.amount.minor()).sum::<i64>();
    let cancel = quote(booking, &Action::cancel(Selection::All), &[], Actor::Customer, at).map(|quote| match quote {
        Quote::Cancel(mut quote) => {
            quote.version = 0;
            format!("{quote:?}")
        }
        Quote::Rebook(_) | Quote::Rename(_) => String::new(),
    });
    let segments = timeline(booking, &Selection::All).map(|segments| format!("{segments:?}"));
    let sums = (totals(booking).unwrap(), plan(booking));
    let (items, tasks) = (booking.items.clone(), booking.tasks.clone());
    (sums, status(booking), items, tasks, options(booking, at).map(|options| format!("{options:?}")), cancel, segments)
}

/// Cancels a part of the scene's booking, if that is possible; the history before it and after it.
fn canceled(scene: &Scene, how: Canceling, selection: Selection) -> Option<(History, History)> {
    let before = scene.history.clone();
    let mut after = before.clone();
    let action = how.action(before.booking(), selection);
    after.act(how.actor(), action, scene.at).ok()?;
    Some((before, after))
}

/// What a command did.
fn done_by(track: &Track, command: CommandId) -> Vec<Event> {
    let its = track.events.iter().zip(&track.commands).filter(|(_, (id, _))| *id == command);
    its.map(|((event, _), _)| event.clone()).collect()
}

/// What keeps a cancellation from being taken back right away: a voucher has settled some of it at once, or its slot gives out no more places.
fn is_in_the_way(history: &History, command: CommandId, refusal: &Refusal) -> bool {
    let issued = |event: &Event| matches!(event, Event::VoucherIssued(_));
    match refusal {
        Refusal::RefundUnderWay { .. } => done_by(&history.tracks[0], command).iter().any(issued),
        Refusal::SlotClosed { slot } => !history.rosters.get(slot).unwrap().is_open,
        _ => false,
    }
}

fn roster_holds(history: &History) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
    history.rosters.values().map(|roster| (roster.slot, roster.held.clone())).collect()
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement E3
    #[test]
    fn what_is_taken_back_has_not_happened(scene in scene(), how in canceling(), chosen in chosen()) {
        let selection = selection(scene.booking(), &chosen);
        let Some((before, mut after)) = canceled(&scene, how, selection.clone()) else { return Ok(()) };
        let Some(command) = canceled_by(&after.tracks[0]).last().copied() else { return Ok(()) };
        let at = after.now;
        let open = is_open(&done_by(&after.tracks[0], command), after.booking());
        match after.undo(0, Actor::Operator, (command, UNDO_MS), at) {
            Ok(events) => prop_assert_eq!((events.len(), open), (1, true), "a receipt tells of it"),
            Err(refusal) => {
                // A slot that closes is not known to whoever looks at the booking alone.
                prop_assert_eq!(open, !matches!(refusal, Refusal::RefundUnderWay { .. }), "{:?}", refusal);
                prop_assert!(is_in_the_way(&after, command, &refusal), "{refusal:?}");
                return Ok(());
            }
        }
        prop_assert_eq!(told(after.booking(), at), told(before.booking(), at));
        prop_assert_eq!(roster_holds(&after), roster_holds(&before));
        prop_assert_eq!(after.undo(0, Actor::Operator, (command, UNDO_MS), at), Err(Refusal::NothingToUndo {}));
        // The same once more costs what it would have cost at first.
        let action = |history: &History| how.action(history.booking(), selection.clone());
        let (mut once, mut again) = (before, after);
        let (first, second) = (once.act(how.actor(), action(&once), at), again.act(how.actor(), action(&again), at));
        let amounts = |events: Result<Vec<Event>, Refusal>| events.map(|events| {
            let of = |event: &Event| match event {
                Event::RefundEntered(entered) => format!("{:?}", (entered.refund.amount, &entered.refund.split, entered.refund.state)),
                Event::VoucherIssued(issued) => format!("{:?}", issued.parts),
                other => format!("{other:?}"),
            };
            events.iter().map(of).collect::<Vec<_>>()
        });
        prop_assert_eq!(amounts(first), amounts(second));
        prop_assert_eq!(told(again.booking(), at), told(once.booking(), at));
    }

    /// Source: requirements C1, E3
    #[test]
    fn the_ledger_only_grows(scene in scene()) {
        for Track { booking, events, .. } in &scene.history.tracks {
            let (mut plan, mut now) = (Vec::new(), None);
            for (event, at) in events {
                now = leeway_core::evolve(now, event, *at);
                let entries = now.as_ref().map(|booking| booking.plan.clone()).unwrap_or_default();
                prop_assert!(entries.starts_with(&plan), "an entry changed or went");
                plan = entries;
            }
            for charge in booking.plan.iter().filter(|charge| charge.reverses.is_some()) {
                let of = &booking.plan[usize::from(charge.reverses.unwrap())];
                prop_assert_eq!((&of.kind, of.amount, of.reverses), (&charge.kind, charge.amount.negated(), None));
                prop_assert_eq!(booking.plan.iter().filter(|other| other.reverses == charge.reverses).count(), 1, "taken back twice");
            }
        }
    }

    /// Source: requirement E3
    #[test]
    fn what_left_is_not_taken_back(scene in scene()) {
        for (on, track) in scene.history.tracks.iter().enumerate() {
            for command in canceled_by(track) {
                let mut history = scene.history.clone();
                let has_moved = |share: &Share| share.attempt > 0 || share.state != ShareState::Open;
                let refund = track.booking.refund(RefundId(command.0));
                let moved = refund.is_some_and(|refund| refund.split.iter().any(has_moved));
                let done = history.undo(on, Actor::Operator, (command, i64::MAX), scene.at);
                prop_assert!(!(moved && done.is_ok()), "money that had moved was taken back");
                if done.is_ok() {
                    let totals = totals(&history.tracks[on].booking).unwrap();
                    let held = totals.paid.minus(totals.promised).unwrap();
                    prop_assert!(!totals.promised.is_positive() || !held.is_negative(), "more is promised than is held");
                }
            }
        }
    }

    /// Source: requirement E4
    #[test]
    fn a_payment_told_twice_is_one(scene in scene(), more in 0_i64..3) {
        let mut history = scene.history;
        for known in history.tracks[0].booking.received().cloned().collect::<Vec<_>>() {
            let before = history.tracks[0].booking.clone();
            let amount = Money::of_minor(known.amount.minor() + more, before.currency).unwrap();
            let again = RecordPayment { id: known.id, method: known.method, amount, gateway_fee: None };
            let answer = history.command(0, Actor::System, Command::RecordPayment(again), scene.at);
            let expected = if more == 0 && known.voucher.is_none() { Ok(Vec::new()) } else { Err(Refusal::PaymentKnown { payment: known.id }) };
            prop_assert_eq!(answer, expected);
            prop_assert_eq!(&history.tracks[0].booking, &before);
        }
    }
}
