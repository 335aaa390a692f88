//! A booking as an operator's system asks for it: people's names, local offsets by policy. Turned into a command with frozen terms, and the
//! personal data apart from it. With the feature `tz` only, since it freezes policies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::booking::{Line, Reference, Slot, SlotTime, Standing};
use crate::command::{Instalment, MakeBooking, NAME_CHARS_MAX, NewItem};
use crate::currency::Currency;
use crate::freeze::freeze;
use crate::id::{BookingId, ItemId, LineId, ParticipantId, SlotId};
use crate::money::Money;
use crate::policy::{Code, Policy};
use crate::quote::check_text;
use crate::time::TimeError;

/// A booking as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    pub plan: Vec<Instalment>,
}

/// Who pays and manages. Personal data: lies beside the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRequest {
    /// What is offered.
    pub service: String,
    /// When.
    pub slot: SlotTime,
    /// Who attends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<ParticipantRequest>,
    /// Everything else with a price: charters, fees, extras.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_ons: Vec<AddOnRequest>,
}

/// A participant as asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParticipantRequest {
    /// The name.
    pub name: String,
    /// The price of the ticket.
    pub price: Money,
}

/// An add-on as asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personal {
    /// Who pays and manages.
    pub customer: Customer,
    /// Names of participants.
    pub names: BTreeMap<ParticipantId, String>,
    /// Labels of lines.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<LineId, String>,
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
    fn new(path: impl Into<String>, detail: impl ToString) -> Self {
        Self { path: path.into(), detail: detail.to_string() }
    }
}

/// Turns a request into a command, its policy frozen for each slot. `fresh` makes ids.
///
/// # Errors
/// [`InvalidRequest`] with the path of the field.
///
/// Source: requirements A1, B7
pub fn prepare(
    request: &BookingRequest,
    policy: &Policy,
    fallback: &Reference,
    mut fresh: impl FnMut() -> Uuid,
) -> Result<(MakeBooking, Personal), InvalidRequest> {
    check_customer(&request.customer)?;
    if let Some(other) = policy.currency().filter(|currency| *currency != request.currency) {
        let detail = format!("the policy `{}` has fees in {other}", policy.name);
        return Err(InvalidRequest::new("currency", detail));
    }
    let id = BookingId(fresh());
    let mut personal = Personal { customer: request.customer.clone(), names: BTreeMap::new(), labels: BTreeMap::new() };
    let mut items = Vec::with_capacity(request.items.len());
    for (index, wanted) in request.items.iter().enumerate() {
        items.push(item(wanted, request.currency, policy, &format!("items[{index}]"), &mut personal, &mut fresh)?);
    }
    if let Some(at) = request.plan.iter().position(|part| part.amount.currency() != request.currency) {
        return Err(wrong_currency(format!("plan[{at}].amount"), request.currency));
    }
    let reference = request.reference.clone().unwrap_or_else(|| fallback.clone());
    Ok((MakeBooking { id, reference, currency: request.currency, items, plan: request.plan.clone() }, personal))
}

fn item(
    wanted: &ItemRequest,
    currency: Currency,
    policy: &Policy,
    path: &str,
    personal: &mut Personal,
    fresh: &mut impl FnMut() -> Uuid,
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
        let made = line(add_on.kind.clone(), bound, add_on.price, currency, path, fresh)?;
        if let Some(label) = &add_on.label {
            named(label, || format!("{}.label", path()))?;
            personal.labels.insert(made.id, label.clone());
        }
        lines.push(made);
    }
    let frozen = |error: TimeError| InvalidRequest::new(format!("{path}.slot"), error);
    let terms = freeze(policy, &wanted.slot).map_err(frozen)?;
    let slot = Slot { id: SlotId(fresh()), time: wanted.slot.clone() };
    Ok(NewItem { id: ItemId(fresh()), service: wanted.service.clone(), slot, terms, participants, lines })
}

fn line(
    kind: Code,
    participant: Option<ParticipantId>,
    price: Money,
    currency: Currency,
    path: impl Fn() -> String,
    fresh: &mut impl FnMut() -> Uuid,
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
