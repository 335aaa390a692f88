//! The life of refund entries: what their state says of their shares, and that words of providers can come twice, late and in any order.

use leeway_core::booking::Method;
use leeway_core::command::ProviderWord;
use leeway_core::id::RefundId;
use leeway_core::refund::{Document, Refund, RefundState, ShareState, Way};
use leeway_core::work::{Work, work};
use leeway_core::{Booking, Event};
use proptest::prelude::*;

use super::config;
use super::generate::{scene, word};
use super::history::{Asked, Track};

/// What the entry's own events say of one that waits, was undone or declined; none where its shares say it.
fn said(track: &Track, id: RefundId) -> Option<RefundState> {
    let mut state = None;
    for (event, _) in &track.events {
        match event {
            Event::RefundEntered(entered) if entered.refund.id == id => {
                state = Some(entered.refund.state).filter(|state| *state == RefundState::AwaitingApproval);
            }
            Event::RefundApproved(approved) if approved.refund == id => state = None,
            Event::RefundDeclined(declined) if declined.refund == id => state = Some(RefundState::Voided),
            Event::RefundVoided(voided) if voided.refund == id => state = Some(RefundState::Voided),
            Event::CancellationUndone(undone) if undone.refund == Some(id) => state = Some(RefundState::Voided),
            _ => {}
        }
    }
    state
}

/// The state that follows from the shares.
fn follows(refund: &Refund) -> RefundState {
    let count = |state| refund.split.iter().filter(|share| share.state == state).count();
    match (count(ShareState::Failed), count(ShareState::Settled), count(ShareState::Submitted)) {
        (0, settled, _) if settled == refund.split.len() => RefundState::Settled,
        (0, 0, 0) => RefundState::Requested,
        (0, _, _) => RefundState::Submitted,
        _ => RefundState::Failed,
    }
}

fn listed(booking: &Booking, id: RefundId) -> Vec<i64> {
    let of = |work: Work| match work {
        Work::PayBack { refund, amount, .. } | Work::RefundFailed { refund, amount, .. } => {
            (refund == id).then_some(amount.minor())
        }
        Work::RefundByHand { .. }
        | Work::ApproveRefund { .. }
        | Work::ApproveCreditNote { .. }
        | Work::Overpaid { .. } => None,
    };
    work(booking).into_iter().filter_map(of).collect()
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement C2
    #[test]
    fn an_entrys_state_follows_from_its_shares(scene in scene()) {
        for track in &scene.history.tracks {
            for refund in &track.booking.refunds {
                let state = said(track, refund.id).unwrap_or_else(|| follows(refund));
                prop_assert_eq!(refund.state, state, "{:?}", refund);
                let open: Vec<_> = refund.open_shares().collect();
                prop_assert_eq!(open.is_empty(), !refund.state.is_open(), "only a settled or voided entry has nothing open");
                prop_assert!(open.iter().all(|share| share.state != ShareState::Settled));
                let untouched = refund.split.iter().all(|share| matches!(share.state, ShareState::Open | ShareState::Failed));
                prop_assert!(untouched || !matches!(refund.state, RefundState::AwaitingApproval | RefundState::Voided));
            }
        }
    }

    /// Source: requirements C6, C7, C11
    #[test]
    fn an_entry_has_one_document_and_vouchers_stay_vouchers(scene in scene()) {
        for track in &scene.history.tracks {
            for refund in &track.booking.refunds {
                let count = |is_its: &dyn Fn(&Event) -> bool| track.events.iter().filter(|(event, _)| is_its(event)).count();
                let vouchers = count(&|event| matches!(event, Event::VoucherIssued(issued) if issued.refund == refund.id));
                let notes = count(&|event| matches!(event, Event::CreditNoteMade(made) if made.refund == refund.id));
                prop_assert!(vouchers + notes <= 1, "{refund:?}");
                prop_assert_eq!(vouchers == 1, refund.document == Some(Document::Voucher));
                let purses = scene.history.purses.iter().filter(|purse| purse.voucher.refund == refund.id);
                prop_assert_eq!(purses.count(), vouchers);
                // Once it is approved, what came by voucher is on its way as one: only a credit note makes an exception.
                let is_moving = !matches!(refund.state, RefundState::AwaitingApproval | RefundState::Voided);
                if is_moving && notes == 0 {
                    let came_so = refund.split.iter().filter(|share| share.method == Method::Voucher);
                    prop_assert!(came_so.clone().all(|share| share.state == ShareState::Settled), "{refund:?}");
                    prop_assert!(came_so.count() == 0 || vouchers == 1, "{refund:?}");
                }
                prop_assert!(refund.way != Way::Voucher || !is_moving || refund.state == RefundState::Settled || vouchers == 1);
            }
        }
    }

    /// Source: requirement C12
    #[test]
    fn a_word_said_twice_is_said_once(scene in scene(), words in prop::collection::vec((any::<prop::sample::Index>(), word()), 1..6)) {
        let mut history = scene.history.clone();
        for on in 0..history.tracks.len() {
            for (which, word) in &words {
                if history.tracks[on].asked.is_empty() {
                    continue;
                }
                let asked = *which.get(&history.tracks[on].asked);
                let once = history.say(on, asked, word.clone(), scene.at);
                let before = history.tracks[on].booking.clone();
                let twice = history.say(on, asked, word.clone(), scene.at);
                prop_assert_eq!(twice.as_ref().ok().map_or(0, Vec::len), 0, "after {:?}", once);
                prop_assert_eq!(once.err(), twice.err());
                prop_assert_eq!(&before, &history.tracks[on].booking);
            }
        }
    }

    /// Source: requirement C12
    #[test]
    fn failed_is_the_last_thing_true_of_an_attempt(
        scene in scene(),
        words in prop::collection::vec(word(), 1..6),
        keys in prop::collection::vec(any::<u32>(), 6),
    ) {
        let Some(asked) = still_asked(&scene.history.tracks[0]) else { return Ok(()) };
        let told = |words: &[ProviderWord]| {
            let mut history = scene.history.clone();
            words.iter().for_each(|word| drop(history.say(0, asked, word.clone(), scene.at)));
            let refund = history.booking().refund(asked.refund).unwrap();
            (refund.share(asked.payment).unwrap().state, refund.state, leeway_core::balance(history.booking()))
        };
        let mut shuffled: Vec<(u32, ProviderWord)> = keys.into_iter().zip(words.clone()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(_, word)| word).collect();
        prop_assert_eq!(told(&words), told(&shuffled), "the order means nothing");
        let failed = words.iter().any(|word| matches!(word, ProviderWord::Failed(_)));
        prop_assert_eq!(failed || was_failed(&scene.history.tracks[0], asked), told(&words).0 == ShareState::Failed);
    }

    /// Source: requirement C10
    #[test]
    fn what_is_to_be_done_by_hand_is_listed(scene in scene()) {
        let booking = scene.booking();
        for refund in booking.refunds.iter().filter(|refund| refund.state.is_open()) {
            if refund.state == RefundState::AwaitingApproval || refund.document == Some(Document::CreditNoteMade) {
                let entry = work(booking).into_iter().filter(|work| match work {
                    Work::ApproveRefund { refund: id, .. } => *id == refund.id && refund.state == RefundState::AwaitingApproval,
                    Work::ApproveCreditNote { refund: id, .. } => *id == refund.id && refund.document.is_some(),
                    Work::RefundByHand { .. }
                    | Work::PayBack { .. }
                    | Work::Overpaid { .. }
                    | Work::RefundFailed { .. } => false,
                });
                prop_assert_eq!(entry.count(), 1, "{:?}", refund);
                continue;
            }
            let with_provider = |state| matches!(state, ShareState::Open | ShareState::Submitted);
            let at_gateway = |share: &&leeway_core::refund::Share| {
                share.state == ShareState::Submitted
                    || (refund.way == Way::AsPaid && share.method == Method::Card && with_provider(share.state))
            };
            let mine: Vec<i64> = refund.open_shares().filter(|share| !at_gateway(share)).map(|share| share.amount.minor()).collect();
            prop_assert_eq!(listed(booking, refund.id), mine, "{:?}", refund);
        }
    }
}

/// Something that a provider was asked for, and that is still the last attempt of an entry that is paid back.
fn still_asked(track: &Track) -> Option<Asked> {
    let holds = |asked: &&Asked| {
        let refund = track.booking.refund(asked.refund);
        refund.is_some_and(|refund| {
            refund.state != RefundState::Voided
                && refund.share(asked.payment).is_some_and(|share| share.attempt == asked.attempt)
        })
    };
    track.asked.iter().find(holds).copied()
}

fn was_failed(track: &Track, asked: Asked) -> bool {
    let share = track.booking.refund(asked.refund).and_then(|refund| refund.share(asked.payment));
    share.is_some_and(|share| share.state == ShareState::Failed)
}
