//! Stored events: every kind has a fixture in the version that is written today, made by real commands; what version 1 wrote is still read and
//! makes the booking that version 1 made of it. `LEEWAY_WRITE=1` writes today's fixtures; `events/v1` was written by version 1 and stays.
//!
//! Source: requirements C1, D3

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use leeway_core::balance::totals;
use leeway_core::booking::Payment;
use leeway_core::command::{Command, Envelope, RefundStep};
use leeway_core::commit::carry_out;
use leeway_core::event::{EVENT_VERSION, Stored};
use leeway_core::id::{CommandId, PaymentId, RefundId, SlotId};
use leeway_core::request::{BookingRequest, prepare};
use leeway_core::slot::{self, Roster, SlotCommand, SlotEvent};
use leeway_core::undo::{Past, Recorded, Undo};
use leeway_core::voucher::{self, VoucherEvent};
use leeway_core::{Actor, Booking, Event, Instant, Map, Money, Offer, Policy, evolve};
use serde::de::DeserializeOwned;
use serde::de::DeserializeSeed as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// Lists the kinds of an event. The match has no other arm: a new kind does not compile until it is here, and is not here until it has a fixture.
macro_rules! kinds {
    ($name:ident, $of:ident: $($variant:ident),*) => {
        const $name: &[&str] = &[$(stringify!($variant)),*];

        impl Kind for $of {
            fn kind_of(&self) -> &'static str {
                match self {
                    $($of::$variant { .. } => stringify!($variant),)*
                }
            }
        }
    };
}

trait Kind {
    /// The variant's name.
    fn kind_of(&self) -> &'static str;
}

kinds!(KINDS, Event: BookingMade, PaymentRecorded, GatewayFeeNoted, PlanAdjusted, Canceled, CancellationUndone, Rebooked, RefundEntered, RefundApproved, RefundDeclined,
    RefundVoided, RefundRouted, RefundSubmitted, RefundSettled, RefundFailed, VoucherIssued, CreditNoteMade, CreditNoteApproved, TaskOpened,
    ParticipantRenamed, LinksRevoked);
kinds!(VOUCHER_KINDS, VoucherEvent: VoucherIssued, VoucherRedeemed);
kinds!(SLOT_KINDS, SlotEvent: SlotOpened, SlotClosed, PlacesHeld);

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0195_f3a0_0000_7000_8000_0000_0000_0000 | number)
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn eur(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

fn money(amount: &str) -> Money {
    read(eur(amount))
}

/// Reads as every host does, from text.
fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_str(&value.to_string()).unwrap()
}

fn policy() -> Policy {
    read(json!({
        "name": "tiers", "rebook": {"hours": 24}, "rename": {"hours": 24},
        "voucher": {"bonus": "10", "bonus_valid_days": 365}, "moves": {"cheaper": "refund"},
        "windows": [
            {"code": "early", "until": {"days": 30}, "percent": "10"},
            {"code": "mid", "until": {"days": 7, "at": "18:00"}, "percent": "50", "refund": "approval"},
            {"code": "late", "until": "start", "percent": "75", "refund": "never"}
        ]
    }))
}

fn request() -> Value {
    let guests =
        |names: &[&str]| names.iter().map(|name| json!({"name": name, "price": eur("100.00")})).collect::<Vec<_>>();
    let slot = json!({"starts_at": "2026-08-14T08:00:00Z", "ends_at": "2026-08-14T10:00:00Z", "zone": "Europe/Zagreb"});
    let group = json!({"at_least": 3, "kind": "ticket", "otherwise": eur("110.00")});
    json!({
        "policy": "tiers", "reference": "LW-1", "currency": "EUR", "customer": {"name": "Ana", "email": "ana@example.com"},
        "items": [
            {"service": "Tour", "slot": slot, "slot_id": id(900), "group": group, "participants": guests(&["Ana", "Ivo", "Eva"])},
            {"service": "Dive", "slot": slot, "participants": guests(&["Ana", "Ivo", "Eva", "Jan", "Mia"])}
        ],
        "plan": [
            {"code": "deposit", "due": "2026-02-01T12:00:00Z", "amount": eur("300.00")},
            {"code": "balance", "due": "2026-07-01T12:00:00Z", "amount": eur("500.00")}
        ]
    })
}

/// A booking, the slots around it, and all that happened to them.
#[derive(Default)]
struct Story {
    booking: Option<Booking>,
    rosters: Map<SlotId, Roster>,
    events: Vec<(Instant, Event)>,
    slot_events: Vec<SlotEvent>,
    log: Vec<(CommandId, Instant, Event)>,
    voucher_events: Vec<(Instant, VoucherEvent)>,
    commands: u128,
}

impl Story {
    fn booking(&self) -> &Booking {
        self.booking.as_ref().unwrap()
    }

    fn slot(&mut self, slot: u128, command: SlotCommand) {
        let event = slot::decide(self.rosters.get(&SlotId(id(slot))), &command).unwrap().unwrap();
        self.happened(SlotId(id(slot)), event);
    }

    fn happened(&mut self, slot: SlotId, event: SlotEvent) {
        let after = slot::evolve(self.rosters.remove(&slot), &event).unwrap();
        self.rosters.insert(slot, after);
        self.slot_events.push(event);
    }

    fn command(&mut self, when: &str, actor: Actor, command: Command, offers: &[Offer]) -> RefundId {
        self.commands += 1;
        let id = CommandId(id(100 + self.commands));
        let envelope = Envelope { id, at: at(when), actor, command };
        let commit = carry_out(self.booking.as_ref(), &envelope, offers, &self.rosters).unwrap();
        self.log.extend(commit.events.iter().map(|event| (id, envelope.at, event.clone())));
        self.events.extend(commit.events.into_iter().map(|event| (envelope.at, event)));
        self.voucher_events.extend(commit.vouchers.into_iter().map(|(_, event)| (envelope.at, event)));
        commit.slots.into_iter().for_each(|(slot, event)| self.happened(slot, event));
        self.booking = Some(commit.booking);
        id.into()
    }

    fn operator(&mut self, when: &str, command: Command) -> RefundId {
        self.command(when, Actor::Operator, command, &[])
    }

    /// The customer cancels participants of an item; answers the refund.
    fn cancel(&mut self, when: &str, (item, participant): (usize, usize), refund_to: &str) -> RefundId {
        let participant = self.booking().items[item].participants[participant].id;
        let action = json!({"type": "cancel", "selection": {"participants": [participant]}, "refund_to": refund_to});
        self.command(when, Actor::Customer, Command::Act(read(action)), &[])
    }

    /// The customer takes the cancellation back that made a refund.
    fn undo(&mut self, when: &str, refund: RefundId) {
        let log = self.log.iter().map(|(command, at, event)| Recorded { command: *command, at: *at, event });
        let past = Past::find(log, CommandId(refund.0), Actor::Customer).unwrap();
        let undo = Undo { past, within_ms: 60_000 };
        self.command(when, Actor::Customer, Command::Undo(Box::new(undo)), &[]);
    }

    fn step(&mut self, when: &str, refund: RefundId, step: Value) {
        let step: RefundStep = read(step);
        self.operator(when, Command::Refund { refund, step });
    }

    fn provider(&mut self, when: &str, refund: RefundId, attempt: u16, word: Value) {
        let payment = self.booking().refund(refund).unwrap().split[0].payment;
        self.step(when, refund, json!({"type": "provider", "payment": payment, "attempt": attempt, "word": word}));
    }
}

/// Everything that can happen, in some order.
fn story() -> Story {
    let mut story = Story::default();
    story.slot(900, SlotCommand::Open { slot: SlotId(id(900)), capacity: 8 });
    story.slot(901, SlotCommand::Open { slot: SlotId(id(901)), capacity: 2 });
    make(&mut story);
    payments(&mut story);
    let back = story.cancel("2026-06-22T09:00:00Z", (0, 0), "money");
    a_long_way(&mut story, back);
    story.cancel("2026-06-27T09:00:00Z", (1, 0), "voucher");
    rebook(&mut story);
    let entry = json!({"reason": "compensation_on_return", "amount": eur("12.34"), "note": "a torn sail"});
    let mistake = story.operator("2026-06-29T09:00:00Z", Command::EnterRefund(read(entry)));
    story.step("2026-06-29T09:01:00Z", mistake, json!({"type": "void", "why": "the wrong booking"}));
    let approved = story.cancel("2026-07-20T09:00:00Z", (1, 1), "money");
    story.step("2026-07-20T10:00:00Z", approved, json!({"type": "approve"}));
    let declined = story.cancel("2026-07-21T09:00:00Z", (1, 2), "money");
    story.step("2026-07-21T10:00:00Z", declined, json!({"type": "decline", "why": "as agreed"}));
    let slip = story.cancel("2026-07-22T09:00:00Z", (1, 3), "money");
    story.undo("2026-07-22T09:00:59Z", slip);
    let late = Command::NoteGatewayFee { payment: PaymentId(id(51)), fee: money("1.10") };
    story.operator("2026-07-23T09:00:00Z", late);
    let cash = json!({"id": id(52), "method": "cash", "amount": eur("300.00")});
    story.operator("2026-08-12T09:00:00Z", Command::RecordPayment(read(cash)));
    story.cancel("2026-08-13T09:00:00Z", (1, 3), "money");
    story.operator("2026-08-13T10:00:00Z", Command::RevokeLinks);
    story.slot(900, SlotCommand::Close {});
    redeem(&mut story);
    story
}

fn make(story: &mut Story) {
    let request: BookingRequest = read(request());
    let mut ids = 0;
    let fresh = || {
        ids += 1;
        id(ids)
    };
    let made_at = "2026-01-10T09:00:00Z";
    let (new, _) = prepare(&request, &policy(), &"LW-1".to_owned().try_into().unwrap(), at(made_at), fresh).unwrap();
    story.operator(made_at, Command::Make(Box::new(new)));
}

fn payments(story: &mut Story) {
    let card = json!({"id": id(50), "method": "card", "amount": eur("300.00"), "gateway_fee": eur("6.10")});
    story.operator("2026-01-10T09:05:00Z", Command::RecordPayment(read(card)));
    let transfer = json!({"id": id(51), "method": "bank_transfer", "amount": eur("550.00")});
    story.operator("2026-06-20T09:00:00Z", Command::RecordPayment(read(transfer)));
    story.operator("2026-06-20T10:00:00Z", Command::Adjust(read(json!({"code": "breakfast", "amount": eur("50.00")}))));
    let participant = story.booking().items[0].participants[0].id;
    let rename = json!({"type": "rename", "participant": participant, "name": "Luka"});
    story.command("2026-06-21T09:00:00Z", Actor::Customer, Command::Act(read(rename)), &[]);
}

/// A refund that a provider fails, and that goes back by a credit note in the end.
fn a_long_way(story: &mut Story, refund: RefundId) {
    story.provider("2026-06-22T09:01:00Z", refund, 0, json!("accepted"));
    story.provider("2026-06-23T09:00:00Z", refund, 0, json!({"failed": "the card has expired"}));
    story.step("2026-06-24T09:00:00Z", refund, json!({"type": "route", "way": "bank_transfer"}));
    story.step("2026-06-24T10:00:00Z", refund, json!({"type": "route", "way": "credit_note"}));
    story.step("2026-06-25T09:00:00Z", refund, json!({"type": "approve_credit_note"}));
    story.step("2026-06-26T09:00:00Z", refund, json!({"type": "finalize"}));
}

/// Those who stay in the first item move to a cheaper slot.
fn rebook(story: &mut Story) {
    let (item, slot) = (story.booking().items[0].clone(), SlotId(id(901)));
    let mut there = item.slot.clone();
    there.id = slot;
    there.time.starts_at = at("2026-08-15T08:00:00Z");
    there.time.ends_at = at("2026-08-15T10:00:00Z");
    let terms = leeway_core::freeze::freeze(&policy(), &there.time).unwrap();
    let prices = read(json!([{"kind": "ticket", "price": eur("80.00")}]));
    let offer = Offer { slot: there, service: item.service, room: 2, prices, terms };
    let action = json!({"type": "rebook", "moves": [{"item": item.id, "slot": slot}]});
    story.command("2026-06-28T09:00:00Z", Actor::Customer, Command::Act(read(action)), &[offer]);
}

/// Another booking is paid with the voucher.
fn redeem(story: &mut Story) {
    let mut other = Story::default();
    make(&mut other);
    let (issued_at, issued) = &story.voucher_events[0];
    let voucher = voucher::evolve(None, issued, *issued_at).unwrap();
    let when = at("2026-08-14T09:00:00Z");
    let payment = PaymentId(id(60));
    let (paid, redeemed) = voucher::redeem(other.booking(), &voucher, payment, Some(money("50.00")), when).unwrap();
    assert_eq!(paid.kind(), "payment_recorded");
    story.voucher_events.push((when, redeemed));
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/events")
}

/// Each kind's first event in a file of its own; the same files, and no others, are there.
fn compare<T: Kind + Serialize>(folder: &str, kinds: &[&str], events: &[&T]) {
    let folder = fixtures().join(folder);
    let mut expected = BTreeSet::new();
    for kind in kinds {
        let found = events.iter().find(|event| event.kind_of() == *kind);
        assert!(found.is_some(), "nothing of the story is a `{kind}`");
        let event = serde_json::to_string_pretty(found.unwrap()).unwrap();
        let name = format!("{}.json", serde_json::to_value(found.unwrap()).unwrap()["kind"].as_str().unwrap());
        let path = folder.join(&name);
        if env::var_os("LEEWAY_WRITE").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, format!("{event}\n")).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there.trim_end() == event,
            "{name} is not what is written today; a new version of events needs an upcasting step"
        );
        expected.insert(name);
    }
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let files: BTreeSet<String> = files.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(files, expected);
}

#[test]
fn every_kind_is_written_as_its_fixture() {
    let story = story();
    compare("today", KINDS, &story.events.iter().map(|(_, event)| event).collect::<Vec<_>>());
    compare("vouchers", VOUCHER_KINDS, &story.voucher_events.iter().map(|(_, event)| event).collect::<Vec<_>>());
    compare("slots", SLOT_KINDS, &story.slot_events.iter().collect::<Vec<_>>());
}

#[test]
fn what_is_written_is_read_and_makes_the_same() {
    let story = story();
    let mut folded = None;
    for (at, event) in &story.events {
        let text = serde_json::to_string(event).unwrap();
        let again =
            Stored { version: EVENT_VERSION }.deserialize(&mut serde_json::Deserializer::from_str(&text)).unwrap();
        assert_eq!(again, *event);
        assert!(
            text.starts_with(&format!("{{\"kind\":\"{}\",\"body\":", event.kind())),
            "the kind comes first: {text}"
        );
        folded = evolve(folded, &again, *at);
    }
    assert_eq!(folded.as_ref(), story.booking.as_ref());
    let mut voucher = None;
    for (at, event) in &story.voucher_events {
        let again: VoucherEvent = read(serde_json::to_value(event).unwrap());
        assert_eq!(again, *event);
        voucher = voucher::evolve(voucher, &again, *at);
    }
    let left = voucher.unwrap().usable(at("2026-08-14T09:00:01Z")).unwrap();
    // A ticket for 100.00 less 10 per cent, a bonus of 10 per cent, of which 50.00 are spent.
    assert_eq!(left, money("49.00"));
    for event in &story.slot_events {
        assert_eq!(read::<SlotEvent>(serde_json::to_value(event).unwrap()), *event);
    }
    let room = |slot: u128| story.rosters.get(&SlotId(id(slot))).unwrap().room();
    assert_eq!((room(900), room(901)), (0, 0), "one is closed, the other is full");
    assert_eq!(
        story.rosters.get(&SlotId(id(900))).unwrap().taken(),
        0,
        "nobody is left in the slot that everybody left"
    );
}

/// An event as it is stored, the kind first.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    kind: String,
    body: Value,
}

/// An event of version 1, and the sums after it where it was the last of its command.
#[derive(Deserialize)]
struct Then {
    at: Instant,
    event: Written,
    totals: Option<Value>,
}

fn stored(version: u16, event: &Written) -> Result<Event, String> {
    let text = serde_json::to_string(event).unwrap();
    let mut reader = serde_json::Deserializer::from_str(&text);
    Stored { version }.deserialize(&mut reader).map_err(|error| error.to_string())
}

/// Version 1 wrote the stream and said, after each command, what the sums were, and at the end what the booking was.
#[test]
fn version_1_makes_what_it_made_then() {
    let stream: Vec<Then> = serde_json::from_str(include_str!("../fixtures/events/v1/stream.json")).unwrap();
    let then: Value = serde_json::from_str(include_str!("../fixtures/events/v1/booking.json")).unwrap();
    let (mut booking, mut kinds) = (None, BTreeSet::new());
    for Then { at, event, totals: expected } in &stream {
        kinds.insert(event.kind.as_str());
        booking = evolve(booking, &stored(1, event).unwrap(), *at);
        if let Some(expected) = expected {
            let sums = serde_json::to_value(totals(booking.as_ref().unwrap()).unwrap()).unwrap();
            assert_eq!(sums, *expected, "after {event:?}");
        }
    }
    let all =
        ["booking_made", "canceled", "links_revoked", "participant_renamed", "payment_recorded", "refund_entered"];
    assert_eq!(kinds, all.into_iter().chain(["refund_finalized", "task_opened"]).collect());
    let booking = booking.unwrap();
    let now = serde_json::to_value(&booking).unwrap();
    for same in ["version", "plan", "tasks", "link_generation"] {
        assert_eq!(now[same], then[same], "{same}");
    }
    for (item, old) in now["items"].as_array().unwrap().iter().zip(then["items"].as_array().unwrap()) {
        old.as_object().unwrap().iter().for_each(|(name, value)| assert_eq!(item[name], *value, "{name}"));
    }
    for (refund, old) in now["refunds"].as_array().unwrap().iter().zip(then["refunds"].as_array().unwrap()) {
        for same in ["id", "reason", "state", "amount"] {
            assert_eq!(refund[same], old[same], "{same}");
        }
    }
    paid_back_as_then(&booking, &then);
}

/// Version 1 wrote one payment for all of a refund, where now each share has one.
fn paid_back_as_then(booking: &Booking, then: &Value) {
    let mut paid_back: BTreeMap<RefundId, Money> = BTreeMap::new();
    for payment in &booking.payments {
        if let Payment::PaidBack { refund, amount, .. } = payment {
            let sum = paid_back.get(refund).map_or(*amount, |sum| sum.plus(*amount).unwrap());
            paid_back.insert(*refund, sum);
        }
    }
    let old = then["payments"].as_array().unwrap().iter().filter(|payment| payment["kind"] == "paid_back");
    let old: BTreeMap<RefundId, Money> =
        old.map(|payment| (read(payment["refund"].clone()), read(payment["amount"].clone()))).collect();
    assert_eq!(paid_back, old);
    assert!(!old.is_empty());
}

#[test]
fn what_no_version_wrote_is_refused() {
    let written = |kind: &str, body: Value| Written { kind: kind.to_owned(), body };
    let generation = written("links_revoked", json!({"generation": 2}));
    let finalized = written("refund_finalized", json!({"refund": id(3)}));
    let unknown = written("dragon_slain", json!({}));
    for (version, event, reason) in [
        (0, &generation, "version 0"),
        (EVENT_VERSION + 1, &generation, "version 3"),
        (EVENT_VERSION, &finalized, "ended with version 1"),
        (1, &unknown, "unknown variant `dragon_slain`"),
        (EVENT_VERSION, &unknown, "unknown variant `dragon_slain`"),
    ] {
        let error = stored(version, event).unwrap_err();
        assert!(error.contains(reason), "{version} {event:?}: {error}");
    }
    let body_first = r#"{"body":{"generation":2},"kind":"links_revoked"}"#;
    assert!(serde_json::from_str::<Event>(body_first).is_err(), "the kind comes first");
    let unknown = serde_json::to_string(&unknown).unwrap();
    assert!(serde_json::from_str::<VoucherEvent>(&unknown).is_err());
    assert!(serde_json::from_str::<SlotEvent>(&unknown).is_err());
    assert_eq!(stored(1, &finalized).unwrap().kind(), "refund_settled");
}
