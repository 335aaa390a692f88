//! What an operator offers: policies of every kind, and slots in several zones around a change of the clock. Made up from a seed.

use anyhow::Result;
use leeway_core::booking::{Slot, SlotTime};
use leeway_core::freeze::freeze;
use leeway_core::id::SlotId;
use leeway_core::policy::Code;
use leeway_core::rebook::KindPrice;
use leeway_core::time::Zone;
use leeway_core::{Currency, Instant, Money, Offer, Policy, Terms};
use serde_json::{Map, Value, json};

use super::random::Random;

pub(crate) const MINUTE_MS: i64 = 60 * 1000;
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// Three weeks before a change of the clock, somewhere.
const STARTS: [&str; 4] =
    ["2027-03-07T09:00:00Z", "2027-10-10T15:30:00Z", "2028-02-20T23:00:00Z", "2027-06-15T08:00:00Z"];
const ZONES: [&str; 5] =
    ["Europe/Zagreb", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Casablanca"];
const CURRENCIES: [&str; 4] = ["EUR", "JPY", "BHD", "USD"];
const SERVICES: [&str; 2] = ["kayak", "yacht"];
/// The kinds of line that there are besides tickets.
pub(crate) const KINDS: [&str; 4] = ["booking_fee", "charter", "towels", "skipper"];

/// What is offered.
#[derive(Debug)]
pub(crate) struct Catalog {
    /// Of fees and of prices of slots, and another one that some bookings have.
    pub(crate) currencies: [Currency; 2],
    pub(crate) policies: Vec<Policy>,
    pub(crate) slots: Vec<Opened>,
    pub(crate) zones: Vec<Zone>,
    pub(crate) begins_ms: i64,
}

/// A slot that many can book.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) slot: Slot,
    pub(crate) service: String,
    pub(crate) prices: Vec<KindPrice>,
    pub(crate) terms: Terms,
}

impl Opened {
    pub(crate) fn offer(&self, room: u32) -> Offer {
        let Self { slot, service, prices, terms } = self;
        Offer { slot: slot.clone(), service: service.clone(), room, prices: prices.clone(), terms: terms.clone() }
    }
}

impl Catalog {
    /// Makes one up.
    ///
    /// # Errors
    /// The core does not read one of its policies: then this module is wrong.
    pub(crate) fn make_up(random: &mut Random) -> Result<Self> {
        let main = Currency::parse(random.one_of(CURRENCIES, "EUR"))?;
        let other = Currency::parse(if main.code() == "USD" { "EUR" } else { "USD" })?;
        let begins_ms = Instant::parse(random.one_of(STARTS, "2027-03-07T09:00:00Z"))?.ms();
        let policies = (0..5).map(|index| policy(index, main, random)).collect::<Result<Vec<_>>>()?;
        let zones = ZONES.iter().map(|name| Ok(Zone::parse(name)?)).collect::<Result<Vec<_>>>()?;
        let mut catalog = Self { currencies: [main, other], policies, slots: Vec::new(), zones, begins_ms };
        for _ in 0..random.between(5, 9) {
            let opened = catalog.opened(random)?;
            catalog.slots.push(opened);
        }
        Ok(catalog)
    }

    /// A time for a slot, with the policy that holds for it, frozen.
    ///
    /// # Errors
    /// As [`Self::make_up`].
    pub(crate) fn time_and_terms(&self, random: &mut Random) -> Result<(SlotTime, Terms)> {
        let zone = random.pick(&self.zones).cloned().map_or_else(|| Zone::parse("Europe/Zagreb"), Ok)?;
        let starts_ms = self.begins_ms + random.between(1, 45) * DAY_MS + random.between(0, 95) * 15 * MINUTE_MS;
        let starts_at = Instant::from_ms(starts_ms)?;
        let time = SlotTime { starts_at, ends_at: starts_at.shifted_ms(3 * HOUR_MS), zone };
        let policy = random.pick(&self.policies).map(|policy| freeze(policy, &time)).transpose()?;
        Ok((time, policy.ok_or_else(|| anyhow::anyhow!("there are policies"))?))
    }

    fn opened(&self, random: &mut Random) -> Result<Opened> {
        let (mut time, mut terms) = self.time_and_terms(random)?;
        // Most slots are of one zone, so that customers can move between them.
        if let Some(first) = self.slots.first().filter(|_| random.chance(800)) {
            time.zone = first.slot.time.zone.clone();
            let policy = random.pick(&self.policies).map(|policy| freeze(policy, &time)).transpose()?;
            terms = policy.unwrap_or(terms);
        }
        let service = if random.chance(800) { "kayak" } else { random.one_of(SERVICES, "kayak") };
        let prices = if random.chance(500) {
            vec![KindPrice { kind: code("ticket")?, price: amount(random, self.currencies[0], 8_000)? }]
        } else {
            Vec::new()
        };
        let slot = Slot { id: SlotId(random.id()), time };
        Ok(Opened { slot, service: service.to_owned(), prices, terms })
    }
}

/// A code.
///
/// # Errors
/// It is none.
pub(crate) fn code(text: &str) -> Result<Code> {
    Code::parse(text).ok_or_else(|| anyhow::anyhow!("`{text}` is no code"))
}

/// Between nothing and so many minor units.
///
/// # Errors
/// Never for a number that money can have.
pub(crate) fn amount(random: &mut Random, currency: Currency, most_minor: i64) -> Result<Money> {
    Ok(Money::of_minor(random.between(0, most_minor), currency)?)
}

fn policy(index: u64, currency: Currency, random: &mut Random) -> Result<Policy> {
    // The last one has no amounts, so that bookings of every currency can have it.
    let has_amounts = index < 4;
    let mut policy = json!({
        "name": format!("policy-{index}"),
        "shortfall": random.one_of(["waive", "bill"], "waive"),
        "gateway_fee": random.one_of(["absorbed", "kept"], "kept"),
        "refund": limit(random, 3),
        "rebook": if random.chance(850) { limit(random, 4) } else { Value::Null },
        "rename": if random.chance(800) { limit(random, 2) } else { Value::Null },
        "prepayment": random.chance(300),
        "windows": windows(currency, has_amounts, random)?,
        "moves": moves(currency, has_amounts, random)?,
    });
    let cancel = match random.below(10) {
        0 => Value::Null,
        1..4 => limit(random, 2),
        _ => json!("start"),
    };
    let Some(members) = policy.as_object_mut() else { anyhow::bail!("a policy is an object") };
    members.insert("cancel".to_owned(), cancel);
    if random.chance(500) {
        members.insert("keep".to_owned(), json!(["booking_fee", "towels"]));
    }
    if random.chance(700) {
        let mut offer = json!({"bonus": random.between(0, 25).to_string()});
        if let (Some(offer), true) = (offer.as_object_mut(), random.chance(600)) {
            offer.insert("bonus_valid_days".to_owned(), json!(random.between(1, 40)));
        }
        members.insert("voucher".to_owned(), offer);
    }
    Ok(serde_json::from_str(&policy.to_string())?)
}

fn limit(random: &mut Random, most_days: i64) -> Value {
    match random.below(5) {
        0 => json!("start"),
        1 => json!({"minutes": random.between(1, 600)}),
        2 => json!({"days": random.between(0, most_days)}),
        3 => json!({"days": random.between(1, most_days), "at": random.one_of(["02:30", "18:00", "00:00"], "18:00")}),
        _ => json!({"hours": random.between(1, most_days * 24)}),
    }
}

fn windows(currency: Currency, has_amounts: bool, random: &mut Random) -> Result<Value> {
    let mut windows = Vec::new();
    let count = random.between(0, 4);
    for index in 0..count {
        let mut window = rule(currency, has_amounts, random)?;
        let until = if index + 1 == count {
            json!("start")
        } else {
            json!({"days": (count - index) * 7 + random.between(-3, 3)})
        };
        window.insert("code".to_owned(), json!(format!("window-{index}")));
        window.insert("until".to_owned(), until);
        window.insert(
            "refund".to_owned(),
            json!(random.one_of(["automatic", "automatic", "approval", "never"], "never")),
        );
        windows.push(Value::Object(window));
    }
    Ok(Value::Array(windows))
}

fn rule(currency: Currency, has_amounts: bool, random: &mut Random) -> Result<Map<String, Value>> {
    let mut rule = Map::new();
    if random.chance(700) {
        rule.insert("percent".to_owned(), json!(random.one_of(["0", "10", "33.3333", "50", "80", "100"], "10")));
    }
    // A minimum lies below every maximum.
    for (name, chance, least, most) in [
        ("fixed", 300, 0, 3_000),
        ("per_participant", 300, 0, 2_000),
        ("min", 200, 0, 2_500),
        ("max", 250, 3_000, 25_000),
    ] {
        if has_amounts && random.chance(chance) {
            let amount = Money::of_minor(random.between(least, most), currency)?;
            rule.insert(name.to_owned(), serde_json::to_value(amount)?);
        }
    }
    if random.chance(300) {
        rule.insert("per".to_owned(), json!("booking"));
    }
    Ok(rule)
}

fn moves(currency: Currency, has_amounts: bool, random: &mut Random) -> Result<Value> {
    let mut moves = json!({
        "cheaper": random.one_of(["keep", "refund", "voucher"], "keep"),
        "limits": random.one_of(["original", "new"], "new"),
    });
    let Some(members) = moves.as_object_mut() else { anyhow::bail!("moves are an object") };
    if random.chance(600) {
        members.insert("fee".to_owned(), Value::Object(rule(currency, has_amounts, random)?));
    }
    if random.chance(200) {
        members.insert("most".to_owned(), json!(random.between(1, 3)));
    }
    if random.chance(300) {
        members.insert("within_days".to_owned(), json!(random.between(3, 40)));
    }
    Ok(moves)
}
