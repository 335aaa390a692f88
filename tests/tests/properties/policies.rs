//! Random policies: anything that an operator can write, in JSON as an operator writes it.

use leeway_core::{Currency, Money, Policy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Kinds of line: tickets are made by participants, the others by add-ons.
pub(crate) const KINDS: [&str; 4] = ["ticket", "booking_fee", "insurance", "t_shirt"];

pub(crate) fn money(minor: i64, currency: Currency) -> Value {
    json!(Money::of_minor(minor, currency).unwrap())
}

pub(crate) fn limit() -> impl Strategy<Value = Value> {
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

/// A rule with amounts in minor units, before its currency is known.
#[derive(Debug, Clone)]
struct RuleSpec {
    percent: Option<String>,
    fixed: Option<i64>,
    per_participant: Option<i64>,
    bounds: (Option<i64>, Option<i64>),
    per_booking: bool,
}

impl RuleSpec {
    fn written(&self, currency: Currency) -> Value {
        let (min, max) = self.bounds;
        let (min, max) = if min > max && max.is_some() { (max, min) } else { (min, max) };
        let mut rule = json!({"per": if self.per_booking { "booking" } else { "item" }});
        let amounts = [("fixed", self.fixed), ("per_participant", self.per_participant), ("min", min), ("max", max)];
        for (name, amount) in amounts {
            if let Some(amount) = amount {
                rule[name] = money(amount, currency);
            }
        }
        if let Some(percent) = &self.percent {
            rule["percent"] = json!(percent);
        }
        rule
    }
}

fn percent() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..=100).prop_map(|n| n.to_string()),
        (0_u32..10_000).prop_map(|n| format!("{}.{:04}", n % 100, n))
    ]
}

fn rule() -> impl Strategy<Value = RuleSpec> {
    let amount = || option::weighted(0.3, 0_i64..5_000);
    (option::of(percent()), amount(), amount(), (amount(), amount()), any::<bool>()).prop_map(
        |(percent, fixed, per_participant, bounds, per_booking)| RuleSpec {
            percent,
            fixed,
            per_participant,
            bounds,
            per_booking,
        },
    )
}

/// What a policy says of moves, before its currency is known.
#[derive(Debug, Clone)]
struct MovesSpec {
    fee: Option<RuleSpec>,
    most: Option<u16>,
    within_days: Option<u16>,
    cheaper: &'static str,
    is_new: bool,
}

fn moves() -> impl Strategy<Value = MovesSpec> {
    let cheaper = proptest::sample::select(vec!["keep", "refund", "refund", "voucher"]);
    (
        option::weighted(0.4, rule()),
        option::weighted(0.2, 0_u16..3),
        option::weighted(0.2, 0_u16..30),
        cheaper,
        any::<bool>(),
    )
        .prop_map(|(fee, most, within_days, cheaper, is_new)| MovesSpec {
            fee,
            most,
            within_days,
            cheaper,
            is_new,
        })
}

/// A policy before its currency is known.
#[derive(Debug, Clone)]
pub(crate) struct PolicySpec {
    /// Everything without amounts.
    plain: Value,
    windows: Vec<(Value, RuleSpec, &'static str)>,
    moves: MovesSpec,
}

impl PolicySpec {
    pub(crate) fn policy(&self, currency: Currency) -> Policy {
        let mut policy = self.plain.clone();
        let windows = self.windows.iter().enumerate().map(|(at, (until, rule, mode))| {
            let mut window = rule.written(currency);
            window["code"] = json!(format!("w{at}"));
            window["until"] = until.clone();
            window["refund"] = json!(mode);
            window
        });
        policy["windows"] = windows.collect();
        let MovesSpec { fee, most, within_days, cheaper, is_new } = &self.moves;
        policy["moves"] = json!({"most": most, "within_days": within_days, "cheaper": cheaper,
            "limits": if *is_new { "new" } else { "original" }});
        if let Some(fee) = fee {
            policy["moves"]["fee"] = fee.written(currency);
        }
        serde_json::from_value(policy).unwrap()
    }

    /// The same with percentages only, and limits that keep running after a move.
    pub(crate) fn by_percent_only(mut self) -> Self {
        for (_, rule, _) in &mut self.windows {
            (rule.fixed, rule.per_participant, rule.bounds) = (None, None, (None, None));
        }
        self.moves.is_new = false;
        self
    }
}

pub(crate) fn policy_spec() -> impl Strategy<Value = PolicySpec> {
    let short = (0_u32..48).prop_map(|hours| json!({"hours": hours}));
    let cancel = prop_oneof![1 => Just(None), 8 => Just(Some(json!("start"))), 4 => short.prop_map(Some), 1 => limit().prop_map(Some)];
    let refund = prop_oneof![3 => Just(json!("start")), 2 => limit()];
    let rebook = prop_oneof![1 => Just(None), 5 => Just(Some(json!("start"))), 2 => limit().prop_map(Some)];
    let rename = option::weighted(0.85, limit());
    let mode = proptest::sample::select(vec!["automatic", "automatic", "approval", "approval", "never"]);
    let windows = vec((limit(), rule(), mode), 0..5);
    let keep = proptest::sample::subsequence(KINDS.to_vec(), 0..3);
    let voucher = option::weighted(0.8, (0_u32..=20, option::of(0_u16..20)));
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    (keep, switches, (cancel, refund, rebook, rename), windows, moves(), voucher).prop_map(
        |(keep, (bill, kept, prepayment), (cancel, refund, rebook, rename), windows, moves, voucher)| {
            let voucher = voucher.map(|(bonus, days)| json!({"bonus": bonus.to_string(), "bonus_valid_days": days}));
            let plain = json!({"name": "random", "keep": keep, "shortfall": if bill { "bill" } else { "waive" },
                "gateway_fee": if kept { "kept" } else { "absorbed" }, "cancel": cancel, "refund": refund, "rebook": rebook,
                "rename": rename, "voucher": voucher, "prepayment": prepayment});
            PolicySpec { plain, windows, moves }
        },
    )
}

/// Any policy that an operator can write in a currency.
pub(crate) fn policy(currency: Currency) -> impl Strategy<Value = Policy> {
    policy_spec().prop_map(move |spec| spec.policy(currency))
}
