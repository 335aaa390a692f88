//! Who takes an operator's money: what is set, and what a provider says. Secrets come in, are sealed, and never go out.

use leeway_core::{Command, Instant};
use leeway_json::Raw;
use serde::Serialize;

use super::{Asked, Desk};
use crate::access::seal_hook;
use crate::effects::checkouts;
use crate::effects::refunds::word;
use crate::input::{self, field};
use crate::problem::Problem;
use crate::provider::webhook::{self, Dispute, Said};
use crate::provider::{Manual, ManualSettings, Provider, Stripe, StripeSettings};
use crate::reply::{Kind, Reply};
use crate::route::Method;
use crate::settings::Topic;
use crate::store::{Fault, Notice, NoticeKind, ProviderName};

/// The most notices in one answer.
const NOTICES_MAX: u32 = 200;

/// An account at Stripe as it is shown: whether there are secrets, and not which.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "StripeAccount"))]
pub struct StripeShown<'a> {
    account: Option<&'a str>,
    has_secret_key: bool,
    webhook_secrets: usize,
    /// Where Stripe is to send its webhooks.
    webhook_url: String,
    /// The events that are of use.
    webhook_events: [&'static str; 11],
}

const WEBHOOK_EVENTS: [&str; 11] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
];

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "NoticeList"))]
pub struct Noticed {
    #[cfg_attr(test, schemars(with = "Vec<Notice<'static>>"))]
    notices: Vec<Raw<'static>>,
}

impl Desk {
    /// Who takes new payments: Stripe where it is set, else the operator's own hands.
    pub fn provider(&self) -> Result<Provider, Fault> {
        match self.store.setting::<StripeSettings>(Topic::Stripe)? {
            Some(settings) => self.stripe(&settings).map(Provider::Stripe),
            None => self.manual(),
        }
    }

    /// Who runs a checkout that was opened before.
    pub fn provider_named(&self, name: ProviderName) -> Result<Provider, Fault> {
        match name {
            ProviderName::Manual => self.manual(),
            ProviderName::Stripe => {
                let settings = self.store.setting::<StripeSettings>(Topic::Stripe)?;
                let settings = settings.ok_or_else(|| Fault::platform("the account at Stripe is gone"))?;
                self.stripe(&settings).map(Provider::Stripe)
            }
        }
    }

    fn manual(&self) -> Result<Provider, Fault> {
        let settings = self.store.setting::<ManualSettings>(Topic::Manual)?;
        Ok(Provider::Manual(Manual, settings.map(|settings| settings.instructions).unwrap_or_default()))
    }

    fn stripe(&self, settings: &StripeSettings) -> Result<Box<Stripe>, Fault> {
        let defaults = &self.config.stripe;
        let secret_key = match &settings.secret_key {
            Some(sealed) => self.unseal(Topic::Stripe, sealed)?,
            None => {
                let missing = || Fault::platform("this deployment has no account at Stripe");
                defaults.secret_key.clone().ok_or_else(missing)?
            }
        };
        Ok(Box::new(Stripe { url: defaults.url.clone(), secret_key, account: settings.account.clone() }))
    }

    pub(super) fn stripe_settings(&self, asked: &Asked) -> Result<Reply, Fault> {
        match asked.method {
            Method::Put => self.put_stripe(asked)?,
            Method::Delete => self.store.transaction(|| self.store.clear_setting(Topic::Stripe))?,
            Method::Get | Method::Post | Method::Patch | Method::Options | Method::Other => {}
        }
        let settings = self.store.setting::<StripeSettings>(Topic::Stripe)?;
        if asked.method == Method::Delete {
            return Ok(Reply::empty(204));
        }
        let settings = settings.ok_or(Problem::NO_PROVIDER)?;
        let token = seal_hook(&self.config.keys, self.operator()?.id);
        let token = token.ok_or_else(|| Fault::platform("no key to sign with"))?;
        Ok(Reply::json(
            200,
            &StripeShown {
                account: settings.account.as_deref(),
                has_secret_key: settings.secret_key.is_some(),
                webhook_secrets: settings.webhook_secrets.len(),
                webhook_url: format!("{}/webhooks/stripe/{token}", self.config.public_url),
                webhook_events: WEBHOOK_EVENTS,
            },
        ))
    }

    fn put_stripe(&self, asked: &Asked) -> Result<(), Fault> {
        let mut settings: StripeSettings = input::json(&asked.body)?;
        settings.check(&self.config.stripe)?;
        for secret in settings.secret_key.iter_mut().chain(&mut settings.webhook_secrets) {
            *secret = self.seal(Topic::Stripe, secret)?;
        }
        self.store.transaction(|| self.store.put_setting(Topic::Stripe, &settings, asked.at))
    }

    pub(super) fn manual_settings(&self, asked: &Asked) -> Result<Reply, Fault> {
        match asked.method {
            Method::Put => {
                let settings: ManualSettings = input::json(&asked.body)?;
                settings.check()?;
                self.store.transaction(|| self.store.put_setting(Topic::Manual, &settings, asked.at))?;
            }
            Method::Delete => {
                self.store.transaction(|| self.store.clear_setting(Topic::Manual))?;
                return Ok(Reply::empty(204));
            }
            Method::Get | Method::Post | Method::Patch | Method::Options | Method::Other => {}
        }
        let settings = self.store.setting::<ManualSettings>(Topic::Manual)?;
        Ok(Reply::json(200, &settings.ok_or(Problem::NO_PROVIDER)?))
    }

    pub(super) fn notices(&self, query: &str) -> Result<Reply, Fault> {
        let booking = field(&input::form(query), "booking").map(|id| super::api::booking_id(&id)).transpose()?;
        Ok(Reply::json(200, &Noticed { notices: self.store.notices(booking, NOTICES_MAX)? }))
    }

    /// What Stripe says: believed where it is signed, remembered and applied in one commit, and once.
    pub(super) fn stripe_webhook(&self, asked: &Asked) -> Result<Reply, Fault> {
        let secrets = self.webhook_secrets()?;
        let header = asked.signature.as_deref().unwrap_or_default();
        webhook::check(header, &asked.body, &secrets, asked.at).map_err(|why| {
            let why = match why {
                webhook::Unsigned::Malformed => "the header `Stripe-Signature` is missing or not of the form",
                webhook::Unsigned::TooOld => "its time is more than five minutes from ours",
                webhook::Unsigned::Wrong => "no secret of ours made any of its signatures",
            };
            Problem::SIGNATURE_WRONG.because(why.to_owned())
        })?;
        let event = webhook::read(&asked.body).ok_or_else(|| Problem::malformed("", "not an event of Stripe's"))?;
        self.store.transaction(|| {
            if self.store.is_new_provider_event(&event.id, asked.at)? {
                self.heard(event.said, event.at, asked.at)?;
            }
            Ok(())
        })?;
        Ok(Reply::bytes(200, Kind::Json, br#"{"received":true}"#.to_vec()))
    }

    fn webhook_secrets(&self) -> Result<Vec<String>, Fault> {
        let settings = self.store.setting::<StripeSettings>(Topic::Stripe)?.ok_or(Problem::NO_PROVIDER)?;
        if settings.webhook_secrets.is_empty() {
            return Ok(self.config.stripe.webhook_secrets.clone());
        }
        settings.webhook_secrets.iter().map(|sealed| self.unseal(Topic::Stripe, sealed)).collect()
    }

    fn heard(&self, said: Said, said_at: Instant, at: Instant) -> Result<(), Fault> {
        match said {
            Said::Nothing => Ok(()),
            Said::Checkout(id) => match self.store.checkout(id)? {
                Some(checkout) => self.store.poke(&[checkouts::row(checkout.id, checkout.booking, at)?], at),
                None => Ok(()),
            },
            Said::Charge { intent } => match self.store.checkout_of_intent(&intent)? {
                Some(checkout) => self.store.poke(&[checkouts::row(checkout.id, checkout.booking, at)?], at),
                None => Ok(()),
            },
            Said::Refund { share, word: said } => match self.store.checkout(share.payment)? {
                Some(checkout) => self.provider_word(checkout.booking, word(share, said), at),
                None => Ok(()),
            },
            Said::ForeignRefund { id, intent, amount, word } => {
                let status = match &word {
                    leeway_core::command::ProviderWord::Accepted => "pending",
                    leeway_core::command::ProviderWord::Paid => "succeeded",
                    leeway_core::command::ProviderWord::Failed(_) => "failed",
                };
                self.notice(&intent, |checkout| Notice {
                    id: &id,
                    kind: NoticeKind::ForeignRefund,
                    booking: checkout.booking,
                    payment: checkout.id,
                    amount,
                    reason: "",
                    status,
                    due_by: None,
                    said_at,
                })
            }
            Said::Dispute(Dispute { id, intent, amount, reason, status, due_by }) => {
                self.notice(&intent, |checkout| Notice {
                    id: &id,
                    kind: NoticeKind::Dispute,
                    booking: checkout.booking,
                    payment: checkout.id,
                    amount,
                    reason: &reason,
                    status: &status,
                    due_by,
                    said_at,
                })
            }
        }
    }

    fn notice<'a>(&self, intent: &str, of: impl FnOnce(&crate::store::Checkout) -> Notice<'a>) -> Result<(), Fault> {
        match self.store.checkout_of_intent(intent)? {
            Some(checkout) => self.store.put_notice(&of(&checkout)),
            None => Ok(()),
        }
    }

    /// A word about a refund that the rules know nothing of any more changes nothing, and is no reason to be sent it again.
    fn provider_word(&self, booking: leeway_core::id::BookingId, command: Command, at: Instant) -> Result<(), Fault> {
        let document = self.document(booking)?;
        match self.system_command(document.read(None)?, command, at) {
            Ok(_) => Ok(()),
            Err(fault) => {
                let Some(problem) = fault.problem() else { return Err(fault) };
                crate::log::error("provider_word", problem.code());
                Ok(())
            }
        }
    }
}
