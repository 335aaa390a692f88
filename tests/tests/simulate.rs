//! The simulation as a test like others: a few seeds, the same twice, and each mistake of [`Fault`] found. Many seeds, and WebAssembly, are
//! `cargo xtask simulate`.

use leeway_tests::simulate::{COMMANDS, Failure, Fault, NO_STOPWATCH, Summary, run, run_all, run_with};

#[test]
fn seeds_hold_and_reach_everything() {
    let summary = run_all(1, 10).unwrap_or_else(|failure| panic!("{failure}\n{}", failure.events.join("\n")));
    assert!(summary.commands >= 10 * COMMANDS && summary.repeated > 0 && summary.crashes > 0 && summary.payouts > 0);
    let kinds: Vec<&str> = summary.kinds.keys().copied().collect();
    assert_eq!(
        kinds,
        [
            "booking_made",
            "canceled",
            "cancellation_undone",
            "credit_note_approved",
            "credit_note_made",
            "gateway_fee_noted",
            "links_revoked",
            "participant_renamed",
            "payment_recorded",
            "plan_adjusted",
            "rebooked",
            "refund_approved",
            "refund_declined",
            "refund_entered",
            "refund_failed",
            "refund_routed",
            "refund_settled",
            "refund_submitted",
            "refund_voided",
            "task_opened",
            "voucher_issued",
        ],
        "every kind of event comes up"
    );
}

#[test]
fn a_seed_is_always_the_same_run() {
    let (one, again, other) = (run(3, NO_STOPWATCH), run(3, NO_STOPWATCH), run(4, NO_STOPWATCH));
    assert_eq!(one, again);
    assert_ne!(one.unwrap().hash, other.unwrap().hash);
}

#[test]
fn the_order_of_seeds_counts() {
    let (one, other) = (run(3, NO_STOPWATCH).unwrap(), run(4, NO_STOPWATCH).unwrap());
    let (mut there, mut back) = (Summary::of(&one), Summary::of(&other));
    there.add(&other);
    back.add(&one);
    assert_eq!(there.commands, back.commands);
    assert_ne!(there.hash, back.hash);
}

/// The checker checked: each mistake is found within a few seeds, for what it is, and found again by its seed alone.
#[test]
fn mistakes_are_found() {
    for (fault, what) in [
        (Fault::DedupeSkipped, ["twice", "already"]),
        (Fault::PlacesNotWritten, ["holds places for", "oversold"]),
        (Fault::VoucherNotWritten, ["of vouchers", "of vouchers"]),
        (Fault::OutboxNotWritten, ["nobody sees to it", "is settled as money"]),
        (Fault::AskedBeforeClaimed, ["there left", "in the end"]),
        (Fault::ProviderForgets, ["there left", "by the provider"]),
    ] {
        let found: Failure =
            (1..=20).find_map(|seed| run_with(seed, fault, NO_STOPWATCH).err()).unwrap_or_else(|| panic!("{fault:?}"));
        assert!(what.iter().any(|what| found.what.contains(what)), "{fault:?}: {found}");
        assert_eq!(run_with(found.seed, fault, NO_STOPWATCH), Err(found), "{fault:?}");
    }
}
