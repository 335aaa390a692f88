//! Who takes money and pays it back. One seam, two real providers: [`Stripe`], and [`Manual`] for what people do by hand.
//!
//! A provider is asked and answers; what its answer means for a booking is decided in `leeway-core`. Whatever is asked carries the id of what it
//! is for, so that asking twice is asking once.

mod manual;
mod stripe;

pub use manual::{Manual, ManualSettings};
pub use stripe::{Defaults, Stripe, StripeSettings, webhook};

use crate::store::ProviderName;
use leeway_core::command::ProviderWord;
use leeway_core::id::{BookingId, PaymentId};
use leeway_core::{Currency, Instant, Money};

use crate::effects::follow::RefundShare;

/// A checkout that a provider is asked to open.
pub struct Order<'a> {
    /// The checkout's id, which its payment will have.
    pub checkout: PaymentId,
    pub booking: BookingId,
    pub amount: Money,
    /// What the customer reads at the provider's.
    pub title: &'a str,
    pub email: &'a str,
    /// The reader's, for the language of the provider's page.
    pub locale: &'a str,
    pub success_url: &'a str,
    pub cancel_url: &'a str,
    /// The last instant at which it can be paid.
    pub expires_at: Instant,
}

/// A checkout that is open at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The provider's name for it.
    pub id: String,
    /// Where the customer pays.
    pub url: String,
}

/// How a checkout stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It can be paid, or is being paid: a bank's word can take days.
    Open,
    /// The money is there.
    Paid(Paid),
    /// It can no longer be paid.
    Closed,
}

/// A payment as its provider tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Paid {
    /// The provider's name for the payment: what a refund is taken from.
    pub intent: String,
    pub amount: Money,
    /// What the provider took of it, where it says so by now.
    pub fee: Option<Money>,
}

/// A share of a refund that a provider is asked to pay back.
pub struct PayBack<'a> {
    pub share: RefundShare,
    pub booking: BookingId,
    pub amount: Money,
    /// The provider's name for the payment.
    pub intent: &'a str,
    /// Was it asked before, without an answer that is known?
    pub asked: Asked,
}

/// Was the same asked before?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Never,
    Perhaps,
}

/// Why a provider's answer is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It was not reached, or answered something that leaves open whether it acted. Asking again under the same id is safe.
    Unknown(String),
    /// It will not do it, now or later.
    Refused(String),
}

/// What a provider does. Every call may be repeated under the same ids.
pub trait PaymentProvider {
    /// The least that can be charged in a currency; `None` where it takes none of it.
    fn least(&self, currency: Currency) -> Option<Money>;
    async fn open(&self, order: &Order<'_>) -> Result<Session, Trouble>;
    async fn look_up(&self, session: &str, currency: Currency) -> Result<Standing, Trouble>;
    /// Sees to it that nobody can pay it any more, and says how it stands then.
    async fn close(&self, session: &str, currency: Currency) -> Result<Standing, Trouble>;
    async fn pay_back(&self, order: &PayBack<'_>) -> Result<ProviderWord, Trouble>;
}

/// The provider of an operator.
pub enum Provider {
    Stripe(Box<Stripe>),
    /// With what customers read who pay by hand.
    Manual(Manual, String),
}

impl Provider {
    pub fn name(&self) -> ProviderName {
        match self {
            Self::Stripe(_) => ProviderName::Stripe,
            Self::Manual(..) => ProviderName::Manual,
        }
    }
}

impl PaymentProvider for Provider {
    fn least(&self, currency: Currency) -> Option<Money> {
        match self {
            Self::Stripe(stripe) => stripe.least(currency),
            Self::Manual(manual, _) => manual.least(currency),
        }
    }

    async fn open(&self, order: &Order<'_>) -> Result<Session, Trouble> {
        match self {
            Self::Stripe(stripe) => stripe.open(order).await,
            Self::Manual(manual, _) => manual.open(order).await,
        }
    }

    async fn look_up(&self, session: &str, currency: Currency) -> Result<Standing, Trouble> {
        match self {
            Self::Stripe(stripe) => stripe.look_up(session, currency).await,
            Self::Manual(manual, _) => manual.look_up(session, currency).await,
        }
    }

    async fn close(&self, session: &str, currency: Currency) -> Result<Standing, Trouble> {
        match self {
            Self::Stripe(stripe) => stripe.close(session, currency).await,
            Self::Manual(manual, _) => manual.close(session, currency).await,
        }
    }

    async fn pay_back(&self, order: &PayBack<'_>) -> Result<ProviderWord, Trouble> {
        match self {
            Self::Stripe(stripe) => stripe.pay_back(order).await,
            Self::Manual(manual, _) => manual.pay_back(order).await,
        }
    }
}
