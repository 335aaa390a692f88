//! Every refusal has a code, a sentence and a case that shows it: `docs/refusals.md` is written from the rules themselves, with
//! `LEEWAY_WRITE=1`. Not what customers read: see the words of the edge.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use leeway_core::id::{ItemId, ParticipantId, PaymentId, RefundId, SlotId};
use leeway_core::policy::Code;
use leeway_core::refund::{RefundReason, RefundState, Way};
use leeway_core::refusal::Verb;
use leeway_core::time::Zone;
use leeway_core::{Currency, Instant, Money, Refusal};
use leeway_tests::{english, files};
use serde_json::{Value, json};
use uuid::Uuid;

/// Codes that no vector shows yet. Every code has a case: nothing is added here, and a code that gets a vector is taken off, or the test fails.
const AWAITED: &[&str] = &[];

/// Codes that come before there is a booking to show, or that a vector would need hundreds of steps for: the test that shows each.
const BY_TEST: &[(&str, &str, &str)] = &[
    ("already_made", "tests/tests/making.rs", "a_booking_is_made_once_and_before_anything_else"),
    ("not_made", "tests/tests/making.rs", "a_booking_is_made_once_and_before_anything_else"),
    ("plan_is_not_the_price", "tests/tests/making.rs", "a_plan_that_is_not_the_price"),
    ("too_many", "tests/tests/making.rs", "nothing_or_too_much_in_it"),
];

/// A variant with its HTTP status and the types of its parameters.
struct Case {
    refusal: Refusal,
    status: u16,
    params: &'static [(&'static str, &'static str)],
}

/// Lists every variant with a value for each parameter. The match has no other arm, so that a new variant does not compile until it is here.
macro_rules! every {
    ($($status:literal $variant:ident { $($param:ident: $type:ty = $value:expr),* };)*) => {
        fn cases() -> Vec<Case> {
            vec![$(Case {
                refusal: Refusal::$variant { $($param: { let value: $type = $value; value }),* },
                status: $status,
                params: &[$((stringify!($param), stringify!($type))),*],
            }),*]
        }

        #[allow(dead_code, reason = "it only has to compile")]
        fn is_listed(refusal: &Refusal) {
            match refusal {
                $(Refusal::$variant { .. } => {})*
            }
        }
    };
}

every! {
    409 AlreadyMade {};
    409 NotMade {};
    422 UnknownItem { item: ItemId = ItemId(id(1)) };
    422 UnknownParticipant { participant: ParticipantId = ParticipantId(id(2)) };
    422 UnknownRefund { refund: RefundId = RefundId(id(3)) };
    409 ItemCanceled { item: ItemId = ItemId(id(1)) };
    409 ParticipantCanceled { participant: ParticipantId = ParticipantId(id(2)) };
    422 NothingSelected {};
    409 NothingToCancel {};
    409 SwitchedOff { verb: Verb = Verb::Rebook, item: ItemId = ItemId(id(1)) };
    409 PastLimit { verb: Verb = Verb::Cancel, item: ItemId = ItemId(id(1)), limit: Instant = at("2026-08-13T08:00:00Z"), zone: Zone = zagreb() };
    422 ReasonNotAllowed {};
    409 NotArrivedYet { from: Instant = at("2026-08-13T08:00:00Z") };
    422 WrongCurrency {};
    422 AmountOutOfRange {};
    422 AmountNotPositive {};
    422 GatewayFeeTooHigh {};
    409 PaymentKnown { payment: PaymentId = PaymentId(id(4)) };
    409 GatewayFeeKnown { payment: PaymentId = PaymentId(id(4)), fee: Money = eur("1.20") };
    422 PlanIsNotThePrice { plan: Money = eur("49.99"), price: Money = eur("50.00") };
    409 RefundTooHigh { most: Money = eur("50.00") };
    422 AmountNeeded { reason: RefundReason = RefundReason::Overpayment };
    409 NotCanceled {};
    409 RefundNotOpen { state: RefundState = RefundState::Settled };
    422 UnknownPayment { payment: PaymentId = PaymentId(id(4)) };
    409 DocumentExists {};
    409 NoCreditNote { state: RefundState = RefundState::Requested };
    409 CreditNoteNotApproved {};
    422 WayNotPossible { way: Way = Way::Voucher };
    409 RebateAbovePlan { most: Money = eur("50.00") };
    409 BookingCanceled {};
    409 NothingDue {};
    409 AmountAboveBalance { most: Money = eur("50.00") };
    409 BelowMinimumCharge { minimum: Money = eur("0.50") };
    409 LeavesBelowMinimum { left: Money = eur("0.20"), minimum: Money = eur("0.50") };
    409 VoucherTooSmall { most: Money = eur("20.00") };
    409 NoVoucherOffered { item: ItemId = ItemId(id(1)) };
    422 NothingOverridden {};
    422 UnknownWindow { window: Code = Code::parse("week").unwrap() };
    422 FeeAbovePrice { price: Money = eur("50.00") };
    422 UnknownSlot { slot: SlotId = SlotId(id(5)) };
    422 SameSlot { item: ItemId = ItemId(id(1)) };
    422 MovedTwice { item: ItemId = ItemId(id(1)) };
    409 OtherService { item: ItemId = ItemId(id(1)) };
    409 SlotStarted { slot: SlotId = SlotId(id(5)), starts_at: Instant = at("2026-08-14T08:00:00Z") };
    409 TooManyMoves { item: ItemId = ItemId(id(1)), most: u16 = 2 };
    409 TooFar { item: ItemId = ItemId(id(1)), earliest: Option<Instant> = Some(at("2026-08-06T22:00:00Z")), latest: Option<Instant> = None };
    409 SlotFull { slot: SlotId = SlotId(id(5)), room: u32 = 1 };
    409 SlotClosed { slot: SlotId = SlotId(id(5)) };
    409 CapacityBelowTaken { taken: u32 = 4 };
    409 NothingToUndo {};
    422 NotYourOwn {};
    409 UndoTooLate { until: Instant = at("2026-08-13T08:00:00Z") };
    409 RefundUnderWay { refund: RefundId = RefundId(id(3)) };
    409 UndoOvertaken {};
    422 TooMany { most: u32 = 50 };
    422 TextNotValid { most: u32 = 120 };
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0195_f3a0_0000_7000_8000_0000_0000_0000 | number)
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn eur(amount: &str) -> Money {
    Money::parse(amount, Currency::parse("EUR").unwrap()).unwrap()
}

fn zagreb() -> Zone {
    Zone::parse("Europe/Zagreb").unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The first vector that expects each code.
fn shown() -> BTreeMap<String, String> {
    let mut shown = BTreeMap::new();
    for filed in files::all().unwrap() {
        for refusal in filed.vector.steps.iter().filter_map(|step| step.then.refusal.as_ref()) {
            let code = refusal.get("code").and_then(Value::as_str).unwrap().to_owned();
            shown.entry(code).or_insert_with(|| format!("`{}`: {}", filed.file, filed.vector.name));
        }
    }
    shown
}

/// Source: requirement E6
#[test]
fn codes_are_what_is_written_and_read() {
    for case in cases() {
        let written = serde_json::to_value(&case.refusal).unwrap();
        assert_eq!(written.get("code"), Some(&json!(case.refusal.code())));
        let params: Vec<&str> =
            written.get("params").unwrap().as_object().unwrap().keys().map(String::as_str).collect();
        let mut named: Vec<&str> = case.params.iter().map(|(name, _)| *name).collect();
        named.sort_unstable();
        assert_eq!(params, named, "{}", case.refusal.code());
        assert_eq!(serde_json::from_value::<Refusal>(written).unwrap(), case.refusal);
    }
}

#[test]
fn a_sentence_is_plain() {
    for case in cases() {
        let (code, message) = (case.refusal.code(), case.refusal.to_string());
        assert!(message.starts_with(|first: char| first.is_ascii_lowercase()), "{code}: a clause, not `{message}`");
        assert!(!message.ends_with(['.', ':']) && !message.contains('\n'), "{code}: {message}");
        for debug in ["Some(", "None", "Money", "Instant", "{", "::"] {
            assert!(!message.contains(debug), "{code}: `{message}` is not for people");
        }
    }
}

#[test]
fn every_code_is_shown() {
    let shown = shown();
    let by_test = |code: &str| BY_TEST.iter().find(|(named, ..)| *named == code);
    let all = cases();
    let codes = all.iter().map(|case| case.refusal.code());
    let missing: Vec<&str> = codes.filter(|code| !shown.contains_key(*code) && by_test(code).is_none()).collect();
    assert_eq!(missing, AWAITED, "what no vector shows, and what is awaited");
    let known = |code: &str| all.iter().any(|case| case.refusal.code() == code);
    let named =
        AWAITED.iter().copied().chain(BY_TEST.iter().map(|(code, ..)| *code)).chain(shown.keys().map(String::as_str));
    named.for_each(|code| assert!(known(code), "`{code}` is no refusal"));
    for (code, file, name) in BY_TEST {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let (_, body) = text.split_once(&format!("fn {name}()")).unwrap();
        let body = body.split("\n#[test]").next().unwrap();
        let variant: String = code.split('_').map(capital).collect();
        assert!(body.contains(*code) || body.contains(&variant), "{file}: {name} does not show `{code}`");
    }
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

#[test]
fn the_list_is_what_is_written_down() {
    compare("docs/refusals.md", &list());
    let statuses =
        cases().iter().map(|case| json!({"status": case.status, "refusal": case.refusal})).collect::<Vec<_>>();
    compare("tests/fixtures/refusals.json", &(serde_json::to_string_pretty(&statuses).unwrap() + "\n"));
}

/// Fails where a file differs, or writes it.
fn compare(name: &str, text: &str) {
    let path = root().join(name);
    if env::var_os("LEEWAY_WRITE").is_some() {
        fs::write(path, text).unwrap();
        return;
    }
    let there = fs::read_to_string(path).unwrap_or_default();
    let first = there.lines().zip(text.lines()).find(|(there, here)| there != here);
    assert!(there == text, "{name} is out of date; LEEWAY_WRITE=1 writes it. First difference: {first:?}");
}

const INTRODUCTION: &str = "\
# Refusals

What the rules say no to. `LEEWAY_WRITE=1 cargo test -p leeway-tests --test refusals` writes this file from the rules, and without
`LEEWAY_WRITE` the same test fails when it is out of date.

On the wire `{\"code\":…,\"params\":{…}}`; over HTTP a problem with the status, the code and the parameters. 422: what was asked for does not
exist or cannot be said. 409: it exists, and is not possible now, or any more. The sentence is for people who build on this, with values as
an example; what customers read is worded by the pages.

";

const TYPES: &str = "
## Types

| type | on the wire |
| --- | --- |
| `ItemId`, `ParticipantId`, `PaymentId`, `RefundId`, `SlotId` | a UUID as text |
| `Instant` | UTC to the millisecond: `\"2026-08-13T08:00:00.000Z\"`; as a limit, the last instant at which it was possible |
| `Option<Instant>` | the same, or `null`: no such limit |
| `Zone` | a name of the IANA database: `\"Europe/Zagreb\"` |
| `Money` | `{\"amount\":\"50.00\",\"currency\":\"EUR\"}`, a decimal in text with the currency's digits |
| `Code` | 1 to 40 of `a–z`, `0–9`, `_` and `-` |
| `Verb` | `cancel`, `rebook`, `rename` |
| `RefundReason` | `overpayment`, `compensation_on_return`, `compensation_at_base`, `reallocation`, `customer_cancellation`, `operator_cancellation`, `refused_on_arrival` |
| `RefundState` | `awaiting_approval`, `requested`, `submitted`, `settled`, `failed`, `voided` |
| `Way` | `as_paid`, `voucher`, `credit_note`, `bank_transfer`, `cash` |
| `u16`, `u32` | a whole number |
";

fn list() -> String {
    let shown = shown();
    let mut text = INTRODUCTION.to_owned();
    for case in cases() {
        let code = case.refusal.code();
        let params: Vec<String> = case.params.iter().map(|(name, of)| format!("`{name}`: `{of}`")).collect();
        let params = if params.is_empty() { "none".to_owned() } else { params.join(", ") };
        let by_test = BY_TEST.iter().find(|(named, ..)| *named == code);
        let seen = match (shown.get(code), by_test) {
            (Some(vector), _) => vector.clone(),
            (None, Some((_, file, name))) => format!("no vector; `{file}`, `{name}`"),
            (None, None) => "no vector yet".to_owned(),
        };
        let sentence = english::refusal(&case.refusal);
        let status = case.status;
        write!(text, "## `{code}`\n{sentence}\n\n- status: {status}\n- parameters: {params}\n- shown by: {seen}\n\n")
            .unwrap();
    }
    text.truncate(text.trim_end().len());
    text + "\n" + TYPES
}
