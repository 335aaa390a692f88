//! The rows of checkouts, and of what providers have said. The money itself is in the booking's ledger.

use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, PaymentId};
use leeway_core::money::Amount;
use leeway_core::{Instant, Money};
use leeway_json::Raw;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wasm_bindgen::JsValue;

use super::{Fault, Store, stored, text};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Who runs a checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    Stripe,
    Manual,
}

impl ProviderName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Manual => "manual",
        }
    }
}

/// How a checkout stands, as far as it is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    /// The provider is being asked for it; perhaps it has opened it already.
    Opening,
    Open,
    /// Its payment is in the ledger.
    Paid,
    /// Nobody can pay it any more.
    Closed,
    /// The provider would not open it.
    Failed,
}

impl CheckoutState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Closed => "closed",
            Self::Failed => "failed",
        }
    }
}

/// A checkout.
#[derive(Debug, Clone, FromObject)]
pub struct Checkout {
    pub id: PaymentId,
    pub booking: BookingId,
    #[serde(default)]
    pub link: Option<Uuid>,
    pub provider: ProviderName,
    pub state: CheckoutState,
    pub amount: Money,
    #[serde(default)]
    pub session: Option<String>,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub intent: Option<String>,
    pub made_at: Instant,
    pub expires_at: Instant,
}

macro_rules! checkout {
    () => {
        "json_object('id', id, 'booking', booking, 'link', link, 'provider', provider, 'state', state, \
         'amount', json_object('amount', amount, 'currency', currency), 'session', session, 'url', url, 'intent', intent, \
         'made_at', made_at, 'expires_at', expires_at) FROM checkouts"
    };
}

impl Store {
    pub fn put_checkout(&self, checkout: &Checkout) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO checkouts (id, booking, link, provider, state, amount, currency, made_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let Checkout { id, booking, link, provider, state, amount, made_at, expires_at, .. } = checkout;
        let values = [
            text(id),
            text(booking),
            link.map_or(JsValue::NULL, text),
            provider.as_str().into(),
            state.as_str().into(),
            text(Amount(*amount)),
            amount.currency().code().into(),
            text(made_at),
            text(expires_at),
        ];
        self.has_checkouts.set(true);
        self.run(SQL, &values)
    }

    pub fn checkout(&self, id: PaymentId) -> Result<Option<Box<Checkout>>, Fault> {
        const SQL: &str = concat!("SELECT ", checkout!(), " WHERE id = ?");
        self.one_checkout(SQL, &text(id))
    }

    /// The checkout whose payment a provider calls this.
    pub fn checkout_of_intent(&self, intent: &str) -> Result<Option<Box<Checkout>>, Fault> {
        const SQL: &str = concat!("SELECT ", checkout!(), " WHERE intent = ?");
        self.one_checkout(SQL, &intent.into())
    }

    /// The checkouts of a booking, the oldest first.
    pub fn checkouts(&self, booking: BookingId) -> Result<Vec<Checkout>, Fault> {
        const SQL: &str = concat!("SELECT ", checkout!(), " WHERE booking = ? ORDER BY made_at, id");
        self.column(SQL, &[text(booking)])?.iter().map(|row| stored(row.as_bytes())).collect()
    }

    fn one_checkout(&self, sql: &'static str, key: &JsValue) -> Result<Option<Box<Checkout>>, Fault> {
        self.column(sql, std::slice::from_ref(key))?.pop().map(|row| stored(row.as_bytes())).transpose()
    }

    /// The provider has opened it.
    pub fn checkout_opened(&self, id: PaymentId, session: &str, url: &str) -> Result<(), Fault> {
        const SQL: &str =
            "UPDATE checkouts SET state = 'open', session = ?, url = ? WHERE id = ? AND state = 'opening'";
        self.run(SQL, &[session.into(), url.into(), text(id)])
    }

    /// It ended without money. One that was paid stays paid, whatever is said later.
    pub fn checkout_ended(&self, id: PaymentId, state: CheckoutState, at: Instant) -> Result<(), Fault> {
        const SQL: &str = "UPDATE checkouts SET state = ?, ended_at = ? WHERE id = ? AND state IN ('opening', 'open')";
        self.run(SQL, &[state.as_str().into(), text(at), text(id)])
    }

    /// Its payment is in the ledger.
    pub fn checkout_paid(&self, id: PaymentId, intent: &str, at: Instant) -> Result<(), Fault> {
        const SQL: &str = "UPDATE checkouts SET state = 'paid', intent = ?, ended_at = ? WHERE id = ?";
        self.run(SQL, &[intent.into(), text(at), text(id)])
    }

    /// Remembers a webhook; says whether it is new.
    pub fn is_new_provider_event(&self, id: &str, at: Instant) -> Result<bool, Fault> {
        const SQL: &str = "INSERT INTO provider_events (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING RETURNING id";
        Ok(self.row(SQL, &[id.into(), text(at)])?.is_some())
    }

    /// Forgets webhooks that came before an instant: they are not sent again by then. Writes nothing where the oldest has less than a day more,
    /// so that one alarm a day does it.
    pub fn prune_provider_events(&self, before: Instant) -> Result<(), Fault> {
        const OLD: &str = "SELECT 1 FROM provider_events WHERE at < ? LIMIT 1";
        if self.row(OLD, &[text(before.shifted_ms(DAY_MS.saturating_neg()))])?.is_none() {
            return Ok(());
        }
        self.run("DELETE FROM provider_events WHERE at < ?", &[text(before)])
    }
}

/// What happened at a provider without us.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Notice<'a> {
    /// The provider's own.
    pub id: &'a str,
    pub kind: NoticeKind,
    pub booking: BookingId,
    pub payment: PaymentId,
    pub amount: Money,
    pub reason: &'a str,
    /// The provider's own word.
    pub status: &'a str,
    /// Until when it can be answered.
    pub due_by: Option<Instant>,
    /// When the provider said it.
    pub said_at: Instant,
}

/// What kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename_all = "snake_case"))]
pub enum NoticeKind {
    /// The customer's bank wants the money back.
    Dispute,
    /// Somebody paid back in the provider's own pages.
    ForeignRefund,
}

impl NoticeKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Dispute => "dispute",
            Self::ForeignRefund => "foreign_refund",
        }
    }
}

macro_rules! notices {
    () => {
        "SELECT json_object('id', id, 'kind', kind, 'booking', booking, 'payment', payment, 'amount', \
         json_object('amount', amount, 'currency', currency), 'reason', reason, 'status', status, 'due_by', due_by, 'said_at', said_at) \
         FROM notices"
    };
}

impl Store {
    /// Writes a notice, or what is newer of it.
    pub fn put_notice(&self, notice: &Notice<'_>) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO notices (id, kind, booking, payment, amount, currency, reason, status, due_by, said_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, reason = excluded.reason, \
             status = excluded.status, due_by = excluded.due_by, said_at = excluded.said_at WHERE excluded.said_at >= notices.said_at";
        let Notice { id, kind, booking, payment, amount, reason, status, due_by, said_at } = notice;
        let values = [
            JsValue::from_str(id),
            kind.as_str().into(),
            text(booking),
            text(payment),
            text(Amount(*amount)),
            amount.currency().code().into(),
            JsValue::from_str(reason),
            JsValue::from_str(status),
            due_by.map_or(JsValue::NULL, text),
            text(said_at),
        ];
        self.run(SQL, &values)
    }

    /// Notices, of one booking or the newest of all, the newest first.
    pub fn notices(&self, booking: Option<BookingId>, most: u32) -> Result<Vec<Raw<'static>>, Fault> {
        const SQL: &str = concat!(notices!(), " WHERE ?1 IS NULL OR booking = ?1 ORDER BY said_at DESC, id LIMIT ?2");
        let rows = self.column(SQL, &[booking.map_or(JsValue::NULL, text), f64::from(most).into()])?;
        Ok(rows.into_iter().map(Raw::parse).collect::<Result<_, _>>()?)
    }
}
