//! Random bookings, slots and histories that a real system could have: everything goes through the same doors as an operator's own JSON.

use leeway_core::booking::{Slot, SlotTime};
use leeway_core::command::{Actor, ProviderWord, Selection};
use leeway_core::freeze::freeze;
use leeway_core::id::SlotId;
use leeway_core::request::{BookingRequest, prepare};
use leeway_core::{Booking, Currency, Instant, Policy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{History, OpenSlot};
use super::play::{Among, Canceling, Chosen, METHODS, Moving, Op, Piece, REASONS, Step, WAYS, selection};
use super::policies::{KINDS, PolicySpec, limit, money, policy_spec};

/// 2026-01-10T09:00:00Z.
pub(crate) const MADE_AT_MS: i64 = 1_768_035_600_000;
const HOUR_MS: i64 = 3_600_000;
const ZONES: [&str; 5] = ["Europe/Zagreb", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"];

/// Bookings with a past, and something to ask about the first of them.
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
        self.history.booking()
    }
}

/// A moment in a booking's life: a while later, anywhere up to its last start, or at a limit, or right beside one.
#[derive(Debug, Clone)]
pub(crate) enum Moment {
    Later { minutes: i64 },
    Somewhere(f64),
    Limit { which: Index, by_ms: i64 },
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

fn index() -> impl Strategy<Value = Index> {
    any::<Index>()
}

pub(crate) fn moment() -> impl Strategy<Value = Moment> {
    let limit = (index(), -1_i64..=1).prop_map(|(which, by_ms)| Moment::Limit { which, by_ms });
    let later = (0_i64..16 * 60).prop_map(|minutes| Moment::Later { minutes });
    prop_oneof![1 => (0.0..0.4).prop_map(Moment::Somewhere), 2 => limit, 15 => later]
}

pub(crate) fn chosen() -> impl Strategy<Value = Chosen> {
    let parts = |items, participants, of| {
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

pub(crate) fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let piece = (index(), vec(index(), 0..3), index()).prop_map(|(item, participants, slot)| Piece {
        item,
        participants,
        slot,
    });
    vec(piece, 1..3)
}

pub(crate) fn canceling() -> impl Strategy<Value = Canceling> {
    prop_oneof![
        5 => Just(Canceling::Customer),
        3 => Just(Canceling::ForVoucher),
        1 => Just(Canceling::Operator),
        1 => Just(Canceling::OnArrival),
        1 => (0_u8..60).prop_map(|percent| Canceling::FeeInstead { percent }),
        1 => (0_u8..4).prop_map(|number| Canceling::WindowInstead { number }),
    ]
}

pub(crate) fn moving() -> impl Strategy<Value = Moving> {
    prop_oneof![
        5 => Just(Moving::Customer),
        2 => Just(Moving::Operator),
        1 => (0_u8..40).prop_map(|percent| Moving::FeeInstead { percent }),
        1 => Just(Moving::LimitsOnly),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Approve),
        1 => Just(Step::Decline),
        1 => Just(Step::Void),
        3 => proptest::sample::select(WAYS.to_vec()).prop_map(Step::Route),
        5 => Just(Step::ApproveCreditNote),
        2 => Just(Step::Finalize),
    ]
}

pub(crate) fn word() -> impl Strategy<Value = ProviderWord> {
    prop_oneof![Just(ProviderWord::Accepted), Just(ProviderWord::Paid), Just(ProviderWord::failed("closed account"))]
}

fn payment() -> impl Strategy<Value = Op> {
    let method = prop_oneof![3 => Just(METHODS[0]), 1 => proptest::sample::select(METHODS.to_vec())];
    (1_u32..=150, option::weighted(0.5, 0_u32..=10), method).prop_map(|(percent, gateway, method)| Op::Pay {
        percent,
        gateway,
        method,
    })
}

fn op() -> impl Strategy<Value = Op> {
    let entry = (0_usize..REASONS.len(), option::of(1_i64..5_000), proptest::sample::select(WAYS.to_vec()));
    prop_oneof![
        4 => payment(),
        2 => Just(Op::PayUp),
        4 => (index(), option::weighted(0.3, 1_i64..5_000)).prop_map(|(voucher, minor)| Op::Redeem { voucher, minor }),
        1 => (-3_000_i64..3_000).prop_map(|minor| Op::Adjust { minor }),
        5 => (chosen(), canceling()).prop_map(|(chosen, how)| Op::Cancel { chosen, how }),
        5 => (pieces(), moving()).prop_map(|(pieces, how)| Op::Rebook { pieces, how }),
        1 => entry.prop_map(|(reason, minor, way)| Op::EnterRefund { reason, minor, way }),
        5 => (index(), step()).prop_map(|(which, step)| Op::Refund { which, step }),
        5 => (index(), word()).prop_map(|(which, word)| Op::Word { which, word }),
        1 => index().prop_map(|who| Op::Rename { who }),
        1 => Just(Op::RevokeLinks),
        4 => (index(), 0_usize..2).prop_map(|(which, who)| Op::Undo { which, actor: [Actor::Customer, Actor::Operator][who] }),
        1 => (index(), prop_oneof![3 => Just(0_i64), 1 => 1_i64..100]).prop_map(|(which, minor_more)| Op::PayAgain { which, minor_more }),
        2 => (index(), 0_u32..=10).prop_map(|(which, percent)| Op::NoteFee { which, percent }),
        1 => (index(), 0_u32..12).prop_map(|(slot, places)| Op::Capacity { slot, places }),
        1 => index().prop_map(|slot| Op::Close { slot }),
    ]
}

pub(crate) fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![4 => Just("EUR"), 1 => Just("JPY"), 1 => Just("BHD"), 1 => Just("CLF")]
        .prop_map(|code| Currency::parse(code).unwrap())
}

/// Minor units: everyday prices, tiny ones that rounding hurts, nothing.
fn minor() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 0_i64..20_000, 3 => 0_i64..10, 1 => 0_i64..100_000_000]
}

/// When, in hours after the booking, and in which zone: often the same.
fn time() -> impl Strategy<Value = SlotTime> {
    let zone = prop_oneof![3 => Just(0_usize), 1 => 0..ZONES.len()];
    (100_i64..40 * 24, zone).prop_map(|(hours, zone)| {
        let starts_at = Instant::from_ms(MADE_AT_MS + hours * HOUR_MS).unwrap();
        let zone = leeway_core::time::Zone::parse(ZONES[zone]).unwrap();
        SlotTime { starts_at, ends_at: starts_at.shifted_ms(HOUR_MS), zone }
    })
}

/// A slot for many: when, how many places, which prices.
type SlotSpec = (SlotTime, u32, Vec<(usize, i64)>);

fn slots() -> impl Strategy<Value = Vec<SlotSpec>> {
    vec((time(), 0_u32..12, vec((0_usize..KINDS.len(), minor()), 0..3)), 0..4)
}

/// An item before its currency is known.
#[derive(Debug, Clone)]
struct ItemSpec {
    time: SlotTime,
    /// One of the slots for many, where there are some.
    in_slot: Option<Index>,
    prices: Vec<i64>,
    add_ons: Vec<(usize, i64, Option<usize>)>,
    group: Option<(u16, i64)>,
}

fn item() -> impl Strategy<Value = ItemSpec> {
    let add_on = (0_usize..KINDS.len(), minor(), option::of(0_usize..4));
    let group = option::weighted(0.5, (1_u16..5, 0_i64..30_000));
    (time(), option::weighted(0.4, index()), vec(minor(), 0..6), vec(add_on, 0..4), group)
        .prop_map(|(time, in_slot, prices, add_ons, group)| ItemSpec { time, in_slot, prices, add_ons, group })
}

impl ItemSpec {
    fn written(&self, currency: Currency, slots: &[OpenSlot]) -> Value {
        let people = self.prices.len();
        let extra = |(kind, price, bound): &(usize, i64, Option<usize>)| {
            let bound = bound.filter(|at| *at < people);
            json!({"kind": KINDS[*kind], "participant": bound, "price": money(*price, currency)})
        };
        let mut extras: Vec<Value> = self.add_ons.iter().map(extra).collect();
        if people == 0 && extras.is_empty() {
            extras.push(json!({"kind": "charter", "price": money(10_000, currency)}));
        }
        let guest = |price: &i64| json!({"name": "Ana", "price": money(*price, currency)});
        let guests: Vec<Value> = self.prices.iter().map(guest).collect();
        let group = self.group.map(|(at_least, otherwise)| {
            json!({"at_least": at_least, "kind": "ticket", "otherwise": money(otherwise, currency)})
        });
        let slot = self.in_slot.filter(|_| !slots.is_empty()).map(|slot| &slot.get(slots).slot);
        json!({"service": "Tour", "participants": guests, "add_ons": extras, "group": group,
            "slot_id": slot.map(|slot| slot.id), "slot": slot.map_or(&self.time, |slot| &slot.time)})
    }
}

/// Instalments as parts of the price: a deposit some hours from now, others before the start, the rest at a limit.
fn plan() -> impl Strategy<Value = Value> {
    let part = (0_u32..30, option::of(0_u16..200), limit()).prop_map(|(percent, hours, limit)| match hours {
        Some(hours) => json!({"code": "deposit", "percent": percent.to_string(), "due_after_hours": hours}),
        None => json!({"code": "part", "percent": percent.to_string(), "due_before_start": limit}),
    });
    let whole = (vec(part, 1..4), limit()).prop_map(|(mut parts, limit)| {
        parts.push(json!({"code": "balance", "due_before_start": limit}));
        Value::Array(parts)
    });
    prop_oneof![1 => Just(json!([])), 1 => whole]
}

/// An operator before anything happens: a currency, a policy, slots, one booking or two.
#[derive(Debug, Clone)]
struct Opening {
    currency: Currency,
    policy: PolicySpec,
    slots: Vec<SlotSpec>,
    bookings: Vec<(Vec<ItemSpec>, Value)>,
}

impl Opening {
    fn history(&self) -> History {
        let now = Instant::from_ms(MADE_AT_MS).unwrap();
        let (policy, mut history) = (self.policy.policy(self.currency), History::new(now));
        for (time, capacity, prices) in &self.slots {
            let slot = Slot { id: SlotId(history.fresh()), time: time.clone() };
            let terms = freeze(&policy, time).unwrap();
            let price =
                |(kind, minor): &(usize, i64)| json!({"kind": KINDS[*kind], "price": money(*minor, self.currency)});
            let prices: Value = prices.iter().map(price).collect();
            let prices = serde_json::from_value(prices).unwrap();
            history.open_slot(OpenSlot { slot, prices, terms }, *capacity);
        }
        for (items, plan) in &self.bookings {
            self.make(&mut history, &policy, (items, plan), now);
        }
        history
    }

    fn make(&self, history: &mut History, policy: &Policy, (items, plan): (&[ItemSpec], &Value), now: Instant) {
        let slots = history.slots.clone();
        let mut try_in = |slots: &[OpenSlot]| {
            let items: Value = items.iter().map(|item| item.written(self.currency, slots)).collect();
            let request = json!({"policy": "random", "currency": self.currency, "items": items, "plan": plan,
                "customer": {"name": "Ana", "email": "ana@example.com"}});
            let request: BookingRequest = serde_json::from_value(request).unwrap();
            let fallback = "LW-1".to_owned().try_into().unwrap();
            let mut ids = history.fresh().as_u128();
            let fresh = || {
                ids += 1;
                Uuid::from_u128(ids)
            };
            let (new, _) = prepare(&request, policy, &fallback, now, fresh).unwrap();
            history.make(new, now)
        };
        // Where the slots are full, the booking has slots of its own.
        if try_in(&slots).is_err() {
            try_in(&[]).unwrap();
        }
    }
}

fn opening(policy: impl Strategy<Value = PolicySpec>) -> impl Strategy<Value = Opening> {
    let first = (vec(item(), 1..4), plan());
    let second = option::weighted(0.5, (vec(item(), 1..3), plan()));
    (currency(), policy, slots(), first, second).prop_map(|(currency, policy, slots, first, second)| {
        let bookings = std::iter::once(first).chain(second).collect();
        Opening { currency, policy, slots, bookings }
    })
}

/// What often comes in this order: somebody pays, cancels, the money goes back, a voucher is spent, and some of that is canceled again.
fn story() -> impl Strategy<Value = Vec<Op>> {
    let how = || prop_oneof![3 => Just(Canceling::ForVoucher), 2 => Just(Canceling::Operator), 2 => Just(Canceling::Customer)];
    let cancel = || (chosen(), how()).prop_map(|(chosen, how)| Op::Cancel { chosen, how });
    let steps = vec((index(), step()).prop_map(|(which, step)| Op::Refund { which, step }), 0..5);
    let words = vec((index(), word()).prop_map(|(which, word)| Op::Word { which, word }), 0..5);
    let spent = (1_i64..3_000, index()).prop_map(|(minor, voucher)| {
        [Op::Adjust { minor }, Op::Redeem { voucher, minor: None }, Op::Redeem { voucher, minor: None }]
    });
    (payment(), cancel(), steps, words, spent, cancel()).prop_map(|(paid, cancel, steps, words, spent, again)| {
        let begins = [paid, Op::PayUp, cancel].into_iter();
        begins.chain(steps).chain(words).chain(spent).chain([again]).collect()
    })
}

/// Bookings to which anything has happened, and something to ask about the first of them.
pub(crate) fn scene() -> impl Strategy<Value = Scene> {
    scene_under(policy_spec())
}

pub(crate) fn scene_under(policy: impl Strategy<Value = PolicySpec>) -> impl Strategy<Value = Scene> {
    let on = prop_oneof![4 => Just(0_usize), 1 => Just(1)];
    let anything = vec((on, op(), moment()), 0..14);
    let beginning = prop_oneof![
        3 => Just(Vec::new()),
        3 => payment().prop_map(|op| vec![op]),
        3 => story(),
    ];
    (opening(policy), beginning, anything, moment(), chosen()).prop_map(|(opening, begins, ops, asked, chosen)| {
        let mut history = opening.history();
        for op in begins {
            let at = history.now.shifted_ms(HOUR_MS);
            history.play(0, &op, at);
        }
        for (on, op, moment) in ops {
            let at = moment.of(history.booking(), history.now);
            history.play(on, &op, at);
        }
        let at = asked.of(history.booking(), history.now);
        let selection = selection(history.booking(), &chosen);
        Scene { history, at, selection }
    })
}
