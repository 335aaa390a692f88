//! The rows of payment links. What may be collected by one is decided in the core, when somebody opens it.

use leeway_core::fields::FromObject;
use leeway_core::id::BookingId;
use leeway_core::request::BookingRequest;
use leeway_core::{Ask, Instant, Money, Policy};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use super::{Fault, Store, stored, text};

/// What a link asks for, as it is said and stored: `{"type":"amount","amount":{…}}`.
#[derive(Debug, Clone, Copy, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FlatAsk {
    r#type: AskType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AskType {
    DueNow,
    Balance,
    Fee,
    Amount,
}

impl FlatAsk {
    /// What it means; else what is wrong with its amount.
    pub fn ask(self) -> Result<Ask, &'static str> {
        match (self.r#type, self.amount) {
            (AskType::DueNow, None) => Ok(Ask::DueNow),
            (AskType::Balance, None) => Ok(Ask::Balance),
            (AskType::Fee, None) => Ok(Ask::Fee),
            (AskType::Amount, Some(amount)) => Ok(Ask::Amount(amount)),
            (AskType::Amount, None) => Err("missing"),
            (AskType::DueNow | AskType::Balance | AskType::Fee, Some(_)) => Err("only where `type` is `amount`"),
        }
    }
}

impl From<Ask> for FlatAsk {
    fn from(ask: Ask) -> Self {
        let (r#type, amount) = match ask {
            Ask::DueNow => (AskType::DueNow, None),
            Ask::Balance => (AskType::Balance, None),
            Ask::Fee => (AskType::Fee, None),
            Ask::Amount(amount) => (AskType::Amount, Some(amount)),
        };
        Self { r#type, amount }
    }
}

fn read_ask<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ask, D::Error> {
    FlatAsk::deserialize(deserializer)?.ask().map_err(serde::de::Error::custom)
}

/// A payment link.
#[derive(Debug, Clone, Deserialize)]
pub struct PaymentLink {
    pub id: Uuid,
    pub booking: BookingId,
    #[serde(deserialize_with = "read_ask")]
    pub ask: Ask,
    pub note: String,
    pub made_at: Instant,
    pub expires_at: Instant,
    #[serde(default)]
    pub revoked_at: Option<Instant>,
    #[serde(default)]
    pub draft: Option<Draft>,
}

/// What becomes a booking once it is paid, under the policy as it was when the link was made.
#[derive(Debug, Clone, Serialize, FromObject)]
pub struct Draft {
    pub request: BookingRequest,
    pub policy: Policy,
}

macro_rules! link {
    () => {
        "json_object('id', id, 'booking', booking, 'ask', json(ask), 'note', note, 'made_at', made_at, 'expires_at', expires_at, \
         'revoked_at', revoked_at, 'draft', json(draft)) FROM payment_links"
    };
}

impl Store {
    pub fn put_payment_link(&self, link: &PaymentLink) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO payment_links (id, booking, ask, note, made_at, expires_at, draft) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let draft = link.draft.as_ref().map(leeway_json::write).transpose()?;
        let values = [
            text(link.id),
            text(link.booking),
            leeway_json::write(&FlatAsk::from(link.ask))?.into(),
            link.note.as_str().into(),
            text(link.made_at),
            text(link.expires_at),
            draft.map_or(wasm_bindgen::JsValue::NULL, Into::into),
        ];
        self.run(SQL, &values)
    }

    pub fn payment_link(&self, id: Uuid) -> Result<Option<Box<PaymentLink>>, Fault> {
        const SQL: &str = concat!("SELECT ", link!(), " WHERE id = ?");
        self.column(SQL, &[text(id)])?.pop().map(|row| stored(row.as_bytes())).transpose()
    }

    /// The links of a booking, the oldest first.
    pub fn payment_links(&self, booking: BookingId) -> Result<Vec<PaymentLink>, Fault> {
        const SQL: &str = concat!("SELECT ", link!(), " WHERE booking = ? ORDER BY made_at, id");
        self.column(SQL, &[text(booking)])?.iter().map(|row| stored(row.as_bytes())).collect()
    }

    /// Links without a booking that were not paid yet, the newest first.
    pub fn unpaid_drafts(&self, most: u32) -> Result<Vec<PaymentLink>, Fault> {
        const SQL: &str = concat!("SELECT ", link!(), " WHERE draft IS NOT NULL ORDER BY made_at DESC, id LIMIT ?");
        self.column(SQL, &[f64::from(most).into()])?.iter().map(|row| stored(row.as_bytes())).collect()
    }

    /// Revokes a link; one that was revoked before stays as it was.
    pub fn revoke_payment_link(&self, id: Uuid, at: Instant) -> Result<(), Fault> {
        self.run("UPDATE payment_links SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", &[text(at), text(id)])
    }

    /// The draft of a booking that is not made yet.
    pub fn draft(&self, booking: BookingId) -> Result<Option<Draft>, Fault> {
        const SQL: &str = concat!("SELECT ", link!(), " WHERE booking = ? AND draft IS NOT NULL");
        let link = self.column(SQL, &[text(booking)])?.pop().map(|row| stored::<PaymentLink>(row.as_bytes()));
        Ok(link.transpose()?.and_then(|link| link.draft))
    }

    /// Forgets a draft: its booking is made.
    pub fn clear_draft(&self, booking: BookingId) -> Result<(), Fault> {
        self.run("UPDATE payment_links SET draft = NULL WHERE booking = ?", &[text(booking)])
    }
}
