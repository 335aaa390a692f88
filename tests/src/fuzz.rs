//! What is done with bytes from anywhere: a fuzzer looks for bytes that break it (`cargo xtask fuzz`), and the ordinary tests do it with the bytes that
//! a fuzzer once found interesting (`tests/fixtures/corpus`). Nothing may panic, what is read is written and read as the same, and what the worker's
//! reader takes, serde_json takes too.
//!
//! Not the fuzzer: that is in `fuzz/`, a workspace of its own. Tokens are the edge's, and so is what is done with theirs.

use leeway_core::balance::{payment_status, status, totals};
use leeway_core::booking::SlotTime;
use leeway_core::command::{Action, Actor, Adjust, Command, EnterRefund, Envelope, Selection};
use leeway_core::event::{EVENT_VERSION, Event, Stored};
use leeway_core::freeze::freeze;
use leeway_core::id::CommandId;
use leeway_core::policy::Code;
use leeway_core::policy::lint::lint;
use leeway_core::refund::{RefundReason, Way};
use leeway_core::time::Zone;
use leeway_core::work::work;
use leeway_core::{
    Ask, Booking, Instant, Money, Policy, carry_out, collect, evolve, options, quote, schedule, timeline,
};
use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed as _};
use uuid::Uuid;

/// What is done with bytes.
pub type Target = fn(&[u8]);

/// Every target of this crate, by name.
pub const TARGETS: [(&str, Target); 3] = [("policy", policy), ("booking", booking), ("event", event)];

const ID: CommandId = CommandId(Uuid::from_u128(0x0195_f3a0_0000_7000_8000_0000_0000_0001));

/// A policy as an operator sends it: read, looked through, frozen for slots on both sides of a change of the clock.
pub fn policy(bytes: &[u8]) {
    let Some(policy) = read::<Policy>(bytes) else { return };
    written_and_read(&policy);
    drop(lint(&policy, None));
    for (zone, starts_at) in [
        ("Europe/Zagreb", "2026-03-29T08:00:00Z"),
        ("America/New_York", "2026-11-01T05:30:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:15:00Z"),
    ] {
        let (Ok(zone), Ok(starts_at)) = (Zone::parse(zone), Instant::parse(starts_at)) else { continue };
        let slot = SlotTime { starts_at, ends_at: starts_at.shifted_ms(3_600_000), zone };
        let Ok(terms) = freeze(&policy, &slot) else { continue };
        written_and_read(&terms);
        assert!(terms.windows.is_sorted_by(|one, next| one.until < next.until), "windows rise");
    }
}

/// A booking as a page sends it: every question is answered, and what could be done with it is decided.
pub fn booking(bytes: &[u8]) {
    let Some(booking) = read::<Booking>(bytes) else { return };
    written_and_read(&booking);
    let _ = (status(&booking), totals(&booking).map(|totals| payment_status(&totals)), work(&booking));
    let starts = booking.items.iter().map(|item| item.slot.time.starts_at);
    let ends = booking.items.iter().flat_map(|item| &item.terms.windows).map(|window| window.until);
    for at in starts.chain(ends).chain([booking.made_at]).take(8) {
        ask(&booking, at);
        command(&booking, at);
    }
}

/// An event as it was stored in some version, on its own and after a booking's own.
pub fn event(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for version in 1..=EVENT_VERSION {
        let seed = || Stored { version };
        let here = leeway_json::read_as(seed(), text).ok();
        let mut reader = serde_json::Deserializer::from_str(text);
        let there = seed().deserialize(&mut reader).ok();
        let Some(event) = here else { continue };
        assert_eq!(Some(&event), there.as_ref(), "two readers");
        written_and_read::<Event>(&event);
        let at = Instant::EPOCH;
        let mut booking = evolve(None, &event, at);
        for _ in 0..2 {
            booking = evolve(booking, &event, at);
        }
        if let Some(booking) = booking.or_else(|| evolve(known(), &event, at)) {
            let _ = (status(&booking), totals(&booking), schedule(&booking, at), work(&booking));
        }
    }
}

/// A booking that events can happen to.
fn known() -> Option<Booking> {
    serde_json::from_str(include_str!("../fixtures/bench/made.json")).ok()
}

/// By the worker's reader. What it takes, serde_json takes as the same; not the other way round, since ours is the stricter.
fn read<T: DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(bytes).ok()?;
    let value: T = leeway_json::read(text).ok()?;
    assert_eq!(serde_json::from_str::<T>(text).ok().as_ref(), Some(&value), "two readers");
    Some(value)
}

fn written_and_read<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let Ok(text) = serde_json::to_string(value) else { return };
    assert_eq!(serde_json::from_str::<T>(&text).ok().as_ref(), Some(value), "written as {text}");
    assert_eq!(leeway_json::write(value).as_deref(), Ok(text.as_str()), "two writers");
}

fn ask(booking: &Booking, at: Instant) {
    let _ = (options(booking, at), schedule(booking, at), timeline(booking, &Selection::All));
    let _ = collect(booking, Ask::DueNow, None, at);
    for actor in [Actor::Customer, Actor::Operator] {
        if let Ok(quote) = quote(booking, &Action::cancel(Selection::All), &[], actor, at) {
            assert!(quote.valid_until() >= at, "a quote that is past");
            assert!(serde_json::to_string(&quote).is_ok(), "a quote that cannot be written");
        }
    }
}

fn command(booking: &Booking, at: Instant) {
    let some = Money::of_minor(1_234, booking.currency).ok();
    let (reason, way, note) = (RefundReason::CompensationOnReturn, Way::AsPaid, String::new());
    let code = Code::parse("extra");
    let adjust = code.zip(some).map(|(code, amount)| Command::Adjust(Adjust { code, amount }));
    let commands = [
        Some(Command::Act(Action::cancel(Selection::All))),
        Some(Command::EnterRefund(EnterRefund { reason, amount: some, way, note })),
        Some(Command::RevokeLinks),
        adjust,
    ];
    for command in commands.into_iter().flatten() {
        let envelope = Envelope { id: ID, at, actor: Actor::Operator, command };
        if let Ok(commit) = carry_out(Some(booking), &envelope, &[], &Default::default()) {
            let _ = totals(&commit.booking);
        }
    }
}
