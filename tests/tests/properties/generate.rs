//! Random policies, bookings and histories that a real system could have: everything goes through the same doors as an operator's own JSON.

use leeway_core::booking::Standing;
use leeway_core::command::Selection;
use leeway_core::request::{BookingRequest, prepare};
use leeway_core::{Booking, Currency, Instant, Money, Policy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{self, History, Op};

/// 2026-01-10T09:00:00Z.
pub(crate) const MADE_AT_MS: i64 = 1_768_035_600_000;
const HOUR_MS: i64 = 3_600_000;
const ZONES: [&str; 5] = ["Europe/Zagreb", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"];
const KINDS: [&str; 4] = ["ticket", "booking_fee", "insurance", "t_shirt"];

/// A booking with a past.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub history: History,
    /// The instant at which questions are asked.
    pub at: Instant,
    /// What is asked about.
    pub selection: Selection,
}

impl Scene {
    pub(crate) fn booking(&self) -> &Booking {
        &self.history.booking
    }
}

/// A moment in a booking's life: a while later, anywhere up to its last start, or at a limit, or right beside one.
#[derive(Debug, Clone)]
pub(crate) enum Moment {
    Later { minutes: i64 },
    Somewhere(f64),
    Limit { which: prop::sample::Index, by_ms: i64 },
}

impl Moment {
    /// The instant, never before `now`.
    pub(crate) fn of(&self, booking: &Booking, now: Instant) -> Instant {
        let starts = booking.items.iter().map(|item| item.slot.time.starts_at.ms());
        let last_ms = starts.max().unwrap_or(MADE_AT_MS) + 2 * HOUR_MS;
        let at = match self {
            Self::Later { minutes } => now.shifted_ms(minutes * 60_000),
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any moment will do")]
            Self::Somewhere(part) => now.shifted_ms(((last_ms - now.ms()) as f64 * part) as i64),
            Self::Limit { which, by_ms } => {
                let limits = limits(booking);
                let ahead: Vec<_> = limits.iter().filter(|limit| **limit >= now).collect();
                if ahead.is_empty() { now } else { which.get(&ahead).shifted_ms(*by_ms) }
            }
        };
        at.max(now)
    }
}

fn limits(booking: &Booking) -> Vec<Instant> {
    let of = |item: &leeway_core::Item| {
        let terms = &item.terms;
        let windows = terms.windows.iter().map(|window| window.until);
        let single = [terms.cancel, Some(terms.refund), terms.rebook, terms.rename, Some(item.slot.time.starts_at)];
        windows.chain(single.into_iter().flatten()).collect::<Vec<_>>()
    };
    booking.items.iter().flat_map(of).collect()
}

pub(crate) fn moment() -> impl Strategy<Value = Moment> {
    let limit = (any::<prop::sample::Index>(), -1_i64..=1).prop_map(|(which, by_ms)| Moment::Limit { which, by_ms });
    let later = (0_i64..36 * 60).prop_map(|minutes| Moment::Later { minutes });
    prop_oneof![1 => (0.0..1.0).prop_map(Moment::Somewhere), 2 => limit, 7 => later]
}

/// What somebody points at.
#[derive(Debug, Clone)]
pub(crate) enum Chosen {
    All,
    Parts { items: Vec<prop::sample::Index>, participants: Vec<prop::sample::Index>, of: Among },
}

/// Among what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Among {
    Booked,
    Everything,
}

pub(crate) fn chosen() -> impl Strategy<Value = Chosen> {
    let parts = |items, participants, of| {
        let index = any::<prop::sample::Index>;
        (vec(index(), items), vec(index(), participants)).prop_map(move |(items, participants)| Chosen::Parts {
            items,
            participants,
            of,
        })
    };
    prop_oneof![
        1 => Just(Chosen::All),
        4 => parts(0..1, 1..3, Among::Booked),
        2 => parts(1..3, 0..1, Among::Booked),
        1 => parts(0..2, 0..4, Among::Booked),
        1 => parts(0..2, 0..3, Among::Everything),
    ]
}

pub(crate) fn selection(booking: &Booking, chosen: &Chosen) -> Selection {
    let Chosen::Parts { items, participants, of } = chosen else { return Selection::All };
    let counts = |standing: Standing| *of == Among::Everything || standing.is_booked();
    let all: Vec<_> = booking.items.iter().filter(|item| counts(item.standing)).map(|item| item.id).collect();
    let people = booking.items.iter().flat_map(|item| &item.participants);
    let people: Vec<_> = people.filter(|one| counts(one.standing)).map(|one| one.id).collect();
    Selection::of_parts(pick(&all, items), pick(&people, participants))
}

fn pick<T: Copy>(all: &[T], which: &[prop::sample::Index]) -> Vec<T> {
    if all.is_empty() { Vec::new() } else { which.iter().map(|index| *index.get(all)).collect() }
}

pub(crate) fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![4 => Just("EUR"), 1 => Just("JPY"), 1 => Just("BHD"), 1 => Just("CLF")]
        .prop_map(|code| Currency::parse(code).unwrap())
}

/// Minor units: everyday prices, tiny ones that rounding hurts, nothing.
fn minor() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 0_i64..20_000, 3 => 0_i64..10, 1 => 0_i64..100_000_000]
}

fn money(minor: i64, currency: Currency) -> Value {
    json!(Money::of_minor(minor, currency).unwrap())
}

fn limit() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => Just(json!("start")),
        3 => (0_u32..200).prop_map(|hours| json!({"hours": hours})),
        1 => (0_u32..5_000).prop_map(|minutes| json!({"minutes": minutes})),
        2 => (0_u16..10, option::of((0_u8..24, 0_u8..60))).prop_map(|(days, at)| match at {
            Some((hour, minute)) => json!({"days": days, "at": format!("{hour:02}:{minute:02}")}),
            None => json!({"days": days}),
        }),
    ]
}

fn rule(currency: Currency) -> impl Strategy<Value = Value> {
    let percent = option::of(prop_oneof![
        (0_u32..=100).prop_map(|n| n.to_string()),
        (0_u32..10_000).prop_map(|n| format!("{}.{:04}", n % 100, n))
    ]);
    let amount = || option::weighted(0.3, 0_i64..5_000);
    let mode = prop_oneof![3 => Just("automatic"), 1 => Just("approval"), 1 => Just("never")];
    (percent, amount(), amount(), amount(), amount(), mode, any::<bool>()).prop_map(
        move |(percent, fixed, each, min, max, mode, per_booking)| {
            let mut rule = json!({"refund": mode, "per": if per_booking { "booking" } else { "item" }});
            let (min, max) = if min > max && max.is_some() { (max, min) } else { (min, max) };
            for (name, amount) in [("fixed", fixed), ("per_participant", each), ("min", min), ("max", max)] {
                if let Some(amount) = amount {
                    rule[name] = money(amount, currency);
                }
            }
            if let Some(percent) = percent {
                rule["percent"] = json!(percent);
            }
            rule
        },
    )
}

/// Any policy that an operator can write in a currency.
pub(crate) fn policy(currency: Currency) -> impl Strategy<Value = Policy> {
    let short = (0_u32..48).prop_map(|hours| json!({"hours": hours}));
    let cancel = prop_oneof![1 => Just(None), 8 => Just(Some(json!("start"))), 4 => short.prop_map(Some), 1 => limit().prop_map(Some)];
    let refund = prop_oneof![3 => Just(json!("start")), 2 => limit()];
    let switch = || option::weighted(0.85, limit());
    let windows = vec((limit(), rule(currency)), 0..5);
    let keep = proptest::sample::subsequence(KINDS.to_vec(), 0..3);
    (keep, any::<bool>(), any::<bool>(), cancel, refund, switch(), switch(), windows).prop_map(
        |(keep, bill, kept, cancel, refund, rebook, rename, windows)| {
            let windows: Vec<Value> = windows
                .into_iter()
                .enumerate()
                .map(|(at, (until, mut window))| {
                    window["code"] = json!(format!("w{at}"));
                    window["until"] = until;
                    window
                })
                .collect();
            let policy = json!({"name": "random", "keep": keep, "shortfall": if bill { "bill" } else { "waive" },
                "gateway_fee": if kept { "kept" } else { "absorbed" }, "cancel": cancel, "refund": refund, "rebook": rebook,
                "rename": rename, "windows": windows});
            serde_json::from_value(policy).unwrap()
        },
    )
}

fn item(currency: Currency) -> impl Strategy<Value = Value> {
    let add_on = (0_usize..KINDS.len(), minor(), option::of(0_usize..4));
    let slot = (100_i64..40 * 24, 0_usize..ZONES.len());
    (slot, vec(minor(), 0..6), vec(add_on, 0..4)).prop_map(move |((hours, zone), prices, add_ons)| {
        let starts_at = Instant::from_ms(MADE_AT_MS + hours * HOUR_MS).unwrap();
        let people = prices.len();
        let mut extras: Vec<Value> = add_ons
            .into_iter()
            .map(|(kind, price, bound)| {
                let bound = bound.filter(|at| *at < people);
                json!({"kind": KINDS[kind], "participant": bound, "price": money(price, currency)})
            })
            .collect();
        if people == 0 && extras.is_empty() {
            extras.push(json!({"kind": "charter", "price": money(10_000, currency)}));
        }
        let participants: Vec<Value> =
            prices.into_iter().map(|price| json!({"name": "Ana", "price": money(price, currency)})).collect();
        json!({"service": "Tour", "participants": participants, "add_ons": extras,
            "slot": {"starts_at": starts_at, "ends_at": starts_at.shifted_ms(HOUR_MS), "zone": ZONES[zone]}})
    })
}

/// Any new booking under any policy.
pub(crate) fn booking() -> impl Strategy<Value = History> {
    currency().prop_flat_map(|currency| {
        (policy(currency), vec(item(currency), 1..5)).prop_map(move |(policy, items)| {
            let request = json!({"policy": "random", "currency": currency, "items": items,
                "customer": {"name": "Ana", "email": "ana@example.com"}});
            let request: BookingRequest = serde_json::from_value(request).unwrap();
            let mut ids = 0_u128;
            let fresh = || {
                ids += 1;
                Uuid::from_u128(ids)
            };
            let fallback = "LW-1".to_owned().try_into().unwrap();
            let (new, _) = prepare(&request, &policy, &fallback, fresh).unwrap();
            History::begin(new, Instant::from_ms(MADE_AT_MS).unwrap())
        })
    })
}

fn op() -> impl Strategy<Value = Op> {
    let reasons = 0_usize..history::REASONS.len();
    prop_oneof![
        4 => (1_u32..=150, option::weighted(0.5, 0_u32..=10)).prop_map(|(percent, gateway)| Op::Pay { percent, gateway }),
        4 => (chosen(), any::<prop::sample::Index>()).prop_map(|(chosen, who)| Op::Cancel { chosen, who }),
        1 => (reasons, option::of(1_i64..5_000)).prop_map(|(reason, minor)| Op::EnterRefund { reason, minor }),
        2 => any::<prop::sample::Index>().prop_map(|which| Op::Finalize { which }),
        1 => any::<prop::sample::Index>().prop_map(|who| Op::Rename { who }),
        1 => Just(Op::RevokeLinks),
    ]
}

/// A booking to which anything has happened, and something to ask about it.
pub(crate) fn scene() -> impl Strategy<Value = Scene> {
    (booking(), vec((op(), moment()), 0..10), moment(), chosen()).prop_map(|(mut history, ops, asked, chosen)| {
        for (op, moment) in ops {
            let at = moment.of(&history.booking, history.now);
            history.play(&op, at);
        }
        let at = asked.of(&history.booking, history.now);
        let selection = selection(&history.booking, &chosen);
        Scene { history, at, selection }
    })
}
