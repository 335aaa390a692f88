//! Every question has one answer: a quote, the timeline, the options and the next change never contradict each other.

use leeway_core::command::{Action, Actor, Move, MoveReason, Selection};
use leeway_core::explain::NextChange;
use leeway_core::options::Permission;
use leeway_core::policy::RefundMode;
use leeway_core::quote::{QUOTE_VALID_MS, Quote};
use leeway_core::{Booking, Instant, Item, Offer, Refusal, options, quote, timeline};
use proptest::prelude::*;

use super::config;
use super::generate::scene;

/// What a customer who cancels is told: fee and refund in minor units, and how it goes back.
fn asked(booking: &Booking, selection: &Selection, at: Instant) -> Result<(i64, i64, RefundMode), Refusal> {
    match ask(booking, selection, at)? {
        Quote::Cancel(quote) => Ok((quote.fee.minor(), quote.back.refund.minor(), quote.back.refund_mode)),
        Quote::Rebook(_) | Quote::Rename(_) => unreachable!("canceling was asked for"),
    }
}

fn ask(booking: &Booking, selection: &Selection, at: Instant) -> Result<Quote, Refusal> {
    quote(booking, &Action::cancel(selection.clone()), &[], Actor::Customer, at)
}

/// Moving an item to a slot right after its own, or the nearest that is not too far, where there is room for everybody at the same price.
fn ask_move(booking: &Booking, item: &Item, at: Instant) -> Result<Quote, Refusal> {
    let mut slot = item.slot.clone();
    slot.id = leeway_core::id::SlotId(uuid::Uuid::from_u128(7));
    let (earliest, latest) = (item.terms.moves.earliest, item.terms.moves.latest);
    let next = slot.time.starts_at.just_after();
    let not_before = earliest.map_or(next, |earliest| earliest.max(next));
    slot.time.starts_at = latest.map_or(not_before, |latest| latest.min(not_before));
    let terms = item.terms.clone();
    let offer = Offer { slot, service: item.service.clone(), room: 1_000, prices: Vec::new(), terms };
    let one = Move { item: item.id, participants: Vec::new(), slot: offer.slot.id };
    let action = Action::Rebook { moves: vec![one], reason: MoveReason::CustomerRequest, overridden: None };
    quote(booking, &action, &[offer], Actor::Customer, at)
}

fn refused(permission: &Permission) -> Option<Refusal> {
    match permission {
        Permission::Allowed { .. } => None,
        Permission::Refused(refusal) => Some(refusal.clone()),
    }
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement E7
    #[test]
    fn the_timeline_says_what_a_quote_says(scene in scene()) {
        let booking = scene.booking();
        let Ok(segments) = timeline(booking, &scene.selection) else { return Ok(()) };
        let mut begins = booking.made_at;
        for segment in &segments {
            let told = (segment.fee.minor(), segment.refund.minor(), segment.refund_mode);
            prop_assert_eq!(asked(booking, &scene.selection, segment.until), Ok(told));
            prop_assert_eq!(asked(booking, &scene.selection, begins.min(segment.until)), Ok(told));
            begins = segment.until.just_after();
        }
        prop_assert!(asked(booking, &scene.selection, begins).is_err() || segments.is_empty(), "it goes on after its end");
        prop_assert!(segments.windows(2).all(|pair| pair[0].until < pair[1].until));
    }

    /// Source: requirements E5, E7
    #[test]
    fn a_quote_holds_until_it_says(scene in scene()) {
        let booking = scene.booking();
        let Ok(Quote::Cancel(now)) = ask(booking, &scene.selection, scene.at) else { return Ok(()) };
        prop_assert!(now.valid_until >= scene.at && now.valid_until <= scene.at.shifted_ms(QUOTE_VALID_MS));
        let told = (now.fee.minor(), now.back.refund.minor(), now.back.refund_mode);
        prop_assert_eq!(asked(booking, &scene.selection, now.valid_until), Ok(told));
        match &now.next_change {
            Some(NextChange::Price { after, fee, refund }) => {
                prop_assert_eq!(asked(booking, &scene.selection, *after), Ok(told));
                let then = asked(booking, &scene.selection, after.just_after());
                prop_assert_eq!(then.map(|(fee, refund, _)| (fee, refund)), Ok((fee.minor(), refund.minor())));
            }
            Some(NextChange::Closed { after, .. }) => {
                prop_assert_eq!(asked(booking, &scene.selection, *after), Ok(told));
                prop_assert!(asked(booking, &scene.selection, after.just_after()).is_err());
            }
            None => prop_assert!(false, "a customer's quote always changes"),
        }
    }

    /// Source: requirement E6
    #[test]
    fn a_button_that_is_shown_does_not_fail(scene in scene()) {
        let (booking, at) = (scene.booking(), scene.at);
        let options = options(booking, at).unwrap();
        prop_assert_eq!(refused(&options.cancel), ask(booking, &Selection::All, at).err());
        prop_assert_eq!(options.items.len(), booking.items.len());
        for (told, item) in options.items.iter().zip(&booking.items) {
            let one = Selection::of_parts(vec![item.id], Vec::new());
            prop_assert_eq!(refused(&told.cancel), ask(booking, &one, at).err());
            if at <= item.slot.time.starts_at && item.terms.moves.latest.is_none_or(|latest| at < latest) {
                prop_assert_eq!(refused(&told.rebook), ask_move(booking, item, at).err());
            }
            for participant in item.attending() {
                let one = Selection::of_parts(Vec::new(), vec![participant.id]);
                prop_assert_eq!(refused(&told.cancel), ask(booking, &one, at).err());
                let rename = Action::Rename { participant: participant.id, name: "Eva".to_owned() };
                prop_assert_eq!(refused(&told.rename), quote(booking, &rename, &[], Actor::Customer, at).err());
            }
        }
    }

    /// Source: requirement E6
    #[test]
    fn a_button_works_until_the_instant_that_it_shows(scene in scene()) {
        let booking = scene.booking();
        let options = options(booking, scene.at).unwrap();
        let closes = |selection: Selection, until: Instant| {
            ask(booking, &selection, until).is_ok() && ask(booking, &selection, until.just_after()).is_err()
        };
        if let Some(until) = options.cancel.until() {
            prop_assert!(closes(Selection::All, until));
        }
        for item in &options.items {
            if let Some(until) = item.cancel.until() {
                prop_assert!(closes(Selection::of_parts(vec![item.item], Vec::new()), until));
            }
            let own = booking.item(item.item).unwrap();
            let latest = own.terms.moves.latest;
            if let Some(until) = item.rebook.until().filter(|until| latest.is_none_or(|latest| *until < latest)) {
                let moved = |at| ask_move(booking, own, at);
                prop_assert!(moved(until).is_ok() && moved(until.just_after()).is_err());
            }
        }
    }
}
