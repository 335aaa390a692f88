//! A booking as an operator's system asks for it: people's names, local offsets by policy. Turned into a command with frozen terms, and the
//! personal data apart from it. With the feature `tz` only, since it freezes policies.

use serde::Serialize;
use uuid::Uuid;

use crate::booking::{GroupPrice, Line, Reference, Slot, SlotTime, Standing};
use crate::command::{Instalment, MakeBooking, NAME_CHARS_MAX, NewItem};
use crate::currency::Currency;
use crate::fields::FromObject;
use crate::freeze::{compile, freeze};
use crate::id::{BookingId, ItemId, LineId, ParticipantId, SlotId};
use crate::map::Map;
use crate::money::Money;
use crate::policy::{Code, Percent, Policy};
use crate::quote::check_text;
use crate::time::{Instant, Limit, TimeError};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// A booking as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BookingRequest {
    /// Which policy to freeze.
    pub policy: Code,
    /// What people call it; made up where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// The currency of every amount.
    pub currency: Currency,
    /// Who pays and manages.
    pub customer: Customer,
    /// What is booked.
    pub items: Vec<ItemRequest>,
    /// How the price is to be paid; empty: all of it at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<InstalmentRequest>,
}

/// An instalment as asked for: by date or by offset, an amount or a part of the price.
///
/// Source: requirement A3
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InstalmentRequest {
    /// The operator's name for it: deposit, balance.
    pub code: Code,
    /// The last instant at which it is paid in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Instant>,
    /// Or so long before the earliest slot of the booking, in that slot's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_before_start: Option<Limit>,
    /// Or so many hours after the booking is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_after_hours: Option<u16>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Or so many per cent of the price. Without either: the rest of the price, which one instalment can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Percent>,
}

/// Who pays and manages. Personal data: lies beside the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The name.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The language and country for amounts and dates, such as `hr-HR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// An item as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemRequest {
    /// What is offered.
    pub service: String,
    /// When.
    pub slot: SlotTime,
    /// Which slot, where it is one that was opened for many; absent: one of the booking's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot_id: Option<SlotId>,
    /// The price of a group, where the tickets have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupPrice>,
    /// Who attends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<ParticipantRequest>,
    /// Everything else with a price: charters, fees, extras.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_ons: Vec<AddOnRequest>,
}

/// A participant as asked for.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ParticipantRequest {
    /// The name.
    pub name: String,
    /// The price of the ticket.
    pub price: Money,
}

/// An add-on as asked for.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddOnRequest {
    /// What kind of thing it is.
    pub kind: Code,
    /// What people read; else the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The participant it is bound to, counted from 0; absent: bound to the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<usize>,
    /// Its price.
    pub price: Money,
}

/// What people are called, and other words that no rule reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Personal {
    /// Who pays and manages.
    pub customer: Customer,
    /// Names of participants.
    pub names: Map<ParticipantId, String>,
    /// Labels of lines.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub labels: Map<LineId, String>,
}

/// What is wrong with a request, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct InvalidRequest {
    /// The field, such as `items[0].slot.ends_at`.
    pub path: String,
    /// What is wrong.
    pub detail: String,
}

impl InvalidRequest {
    fn new(path: impl ToString, detail: impl ToString) -> Self {
        Self { path: path.to_string(), detail: detail.to_string() }
    }
}

/// Turns a request into a command, its policy frozen for each slot. `at` is when it is made; `fresh` makes ids.
///
/// # Errors
/// [`InvalidRequest`] with the path of the field.
///
/// Source: requirements A1, B7
pub fn prepare(
    request: &BookingRequest,
    policy: &Policy,
    fallback: &Reference,
    at: Instant,
    mut fresh: impl FnMut() -> Uuid,
) -> Result<(MakeBooking, Personal), InvalidRequest> {
    prepare_with(request, policy, fallback, at, &mut fresh)
}

/// The same for every source of ids, so that it is compiled once.
fn prepare_with(
    request: &BookingRequest,
    policy: &Policy,
    fallback: &Reference,
    at: Instant,
    fresh: &mut dyn FnMut() -> Uuid,
) -> Result<(MakeBooking, Personal), InvalidRequest> {
    check_customer(&request.customer)?;
    if let Some(other) = policy.currency().filter(|currency| *currency != request.currency) {
        let detail = format!("the policy `{}` has fees in {other}", policy.name);
        return Err(InvalidRequest::new("currency", detail));
    }
    let id = BookingId(fresh());
    let mut personal = Personal { customer: request.customer.clone(), names: Map::new(), labels: Map::new() };
    let mut items = Vec::with_capacity(request.items.len());
    for (index, wanted) in request.items.iter().enumerate() {
        items.push(item(wanted, request.currency, policy, &format!("items[{index}]"), &mut personal, fresh)?);
    }
    let plan = plan(request, &items, at)?;
    let reference = request.reference.clone().unwrap_or_else(|| fallback.clone());
    Ok((MakeBooking { id, reference, currency: request.currency, items, plan }, personal))
}

fn item(
    wanted: &ItemRequest,
    currency: Currency,
    policy: &Policy,
    path: &str,
    personal: &mut Personal,
    fresh: &mut dyn FnMut() -> Uuid,
) -> Result<NewItem, InvalidRequest> {
    named(&wanted.service, || format!("{path}.service"))?;
    if wanted.slot.ends_at <= wanted.slot.starts_at {
        return Err(InvalidRequest::new(format!("{path}.slot.ends_at"), "a slot ends after it starts"));
    }
    let mut lines = Vec::with_capacity(wanted.participants.len().saturating_add(wanted.add_ons.len()));
    let mut participants = Vec::with_capacity(wanted.participants.len());
    for (index, one) in wanted.participants.iter().enumerate() {
        let path = || format!("{path}.participants[{index}]");
        named(&one.name, || format!("{}.name", path()))?;
        let id = ParticipantId(fresh());
        lines.push(line(Code::literal("ticket"), Some(id), one.price, currency, path, fresh)?);
        personal.names.insert(id, one.name.clone());
        participants.push(id);
    }
    for (index, add_on) in wanted.add_ons.iter().enumerate() {
        let path = || format!("{path}.add_ons[{index}]");
        let bound = match add_on.participant {
            None => None,
            Some(at) => Some(*participants.get(at).ok_or_else(|| {
                InvalidRequest::new(format!("{}.participant", path()), format!("the item has no participant {at}"))
            })?),
        };
        let made = line(add_on.kind, bound, add_on.price, currency, path, fresh)?;
        if let Some(label) = &add_on.label {
            named(label, || format!("{}.label", path()))?;
            personal.labels.insert(made.id, label.clone());
        }
        lines.push(made);
    }
    let frozen = |error: TimeError| InvalidRequest::new(format!("{path}.slot"), error);
    let terms = freeze(policy, &wanted.slot).map_err(frozen)?;
    let slot = Slot { id: wanted.slot_id.unwrap_or_else(|| SlotId(fresh())), time: wanted.slot.clone() };
    let group = wanted.group.clone();
    if group.as_ref().is_some_and(|group| group.otherwise.currency() != currency) {
        return Err(wrong_currency(format!("{path}.group.otherwise"), currency));
    }
    Ok(NewItem { id: ItemId(fresh()), service: wanted.service.clone(), slot, terms, participants, lines, group })
}

/// The plan with every date as an instant and every part as an amount.
///
/// Source: requirement A3
fn plan(request: &BookingRequest, items: &[NewItem], at: Instant) -> Result<Vec<Instalment>, InvalidRequest> {
    let currency = request.currency;
    let prices = items.iter().flat_map(|item| &item.lines).map(|line| line.price);
    let price = Money::sum(currency, prices).map_err(|error| InvalidRequest::new("items", error))?;
    let mut plan = Vec::with_capacity(request.plan.len());
    let mut rest_of = None;
    for (index, part) in request.plan.iter().enumerate() {
        let path = format!("plan[{index}]");
        let amount = match (part.amount, part.percent) {
            (Some(amount), None) if amount.currency() == currency => amount,
            (Some(_), None) => return Err(wrong_currency(format!("{path}.amount"), currency)),
            (None, Some(percent)) => percent.of(price).map_err(|error| InvalidRequest::new(&path, error))?,
            (None, None) if rest_of.is_none() => {
                rest_of = Some(index);
                Money::zero(currency)
            }
            (None, None) => return Err(InvalidRequest::new(path, "only one instalment is the rest of the price")),
            (Some(_), Some(_)) => return Err(InvalidRequest::new(path, "an instalment has `amount` or `percent`")),
        };
        plan.push(Instalment { code: part.code, due: due(part, items, at, &path)?, amount });
    }
    if let Some(part) = rest_of {
        // The rest counts as nothing so far.
        let others = Money::sum(currency, plan.iter().map(|part| part.amount));
        let rest = others.and_then(|others| price.minus(others));
        let rest = rest.map_err(|error| InvalidRequest::new("plan", error))?;
        if rest.is_negative() {
            return Err(InvalidRequest::new("plan", "the instalments come to more than the price"));
        }
        if let Some(part) = plan.get_mut(part) {
            part.amount = rest;
        }
    }
    Ok(plan)
}

/// When an instalment is due; never before the booking is made.
fn due(part: &InstalmentRequest, items: &[NewItem], at: Instant, path: &str) -> Result<Instant, InvalidRequest> {
    let due = match (part.due, part.due_before_start, part.due_after_hours) {
        (Some(due), None, None) => return Ok(due),
        (None, Some(limit), None) => {
            let first = items.iter().map(|item| &item.slot.time).min_by_key(|time| time.starts_at);
            let first = first.ok_or_else(|| InvalidRequest::new("items", "a booking has an item"))?;
            compile(limit, first.starts_at, &first.zone)
                .map_err(|error| InvalidRequest::new(format!("{path}.due_before_start"), error))?
        }
        (None, None, Some(hours)) => at.shifted_ms(i64::from(hours).saturating_mul(HOUR_MS)),
        _ => {
            let detail = "an instalment has one of `due`, `due_before_start` and `due_after_hours`";
            return Err(InvalidRequest::new(path, detail));
        }
    };
    Ok(due.max(at))
}

fn line(
    kind: Code,
    participant: Option<ParticipantId>,
    price: Money,
    currency: Currency,
    path: impl Fn() -> String,
    fresh: &mut dyn FnMut() -> Uuid,
) -> Result<Line, InvalidRequest> {
    if price.currency() != currency {
        return Err(wrong_currency(format!("{}.price", path()), currency));
    }
    if price.is_negative() {
        return Err(InvalidRequest::new(format!("{}.price", path()), "a price is not negative"));
    }
    Ok(Line { id: LineId(fresh()), kind, participant, price, standing: Standing::Booked })
}

fn wrong_currency(path: String, currency: Currency) -> InvalidRequest {
    InvalidRequest::new(path, format!("the booking is in {currency}"))
}

fn named(text: &str, path: impl Fn() -> String) -> Result<(), InvalidRequest> {
    check_text(text, NAME_CHARS_MAX).map_err(|refusal| InvalidRequest::new(path(), refusal))
}

fn check_customer(customer: &Customer) -> Result<(), InvalidRequest> {
    named(&customer.name, || "customer.name".to_owned())?;
    named(&customer.email, || "customer.email".to_owned())?;
    let domain = customer.email.rsplit_once('@').filter(|(local, _)| !local.is_empty()).map(|(_, domain)| domain);
    if !domain.is_some_and(|domain| domain.contains('.')) || customer.email.contains(char::is_whitespace) {
        return Err(InvalidRequest::new("customer.email", "not an email address"));
    }
    if let Some(phone) = &customer.phone {
        named(phone, || "customer.phone".to_owned())?;
    }
    let tag = |text: &str| {
        text.len() <= 35
            && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    match &customer.locale {
        Some(locale) if !tag(locale) => {
            Err(InvalidRequest::new("customer.locale", "not a language tag such as `hr-HR`"))
        }
        _ => Ok(()),
    }
}
