//! Stripe: Checkout Sessions, PaymentIntents, Refunds, over HTTP. Only what is used. Not the webhooks: see [`webhook`].

mod amounts;
mod answers;
mod locales;
mod settings;
mod signature;
pub mod webhook;

pub use settings::{Defaults, StripeSettings};

use leeway_core::command::ProviderWord;
use leeway_core::{Currency, Money};
use serde::de::DeserializeOwned;

use super::{Asked, Order, PayBack, PaymentProvider, Session, Standing, Trouble};
use crate::host::{Incoming, Outgoing};
use answers::{ApiError, CheckoutSession, Page, Refund};

/// The version of the interface that is spoken here, whatever the account's own is.
const VERSION: &str = "2025-09-30.clover";
/// Shorter than the lease of a row in the outbox.
const LIMIT_MS: u32 = 20_000;
/// The most keys of one intent: so often may Stripe itself fail on it.
const KEYS_MAX: u8 = 8;
/// What a session is asked with to know all of its payment at once.
const EXPANDED: &str = "expand[]=payment_intent.latest_charge.balance_transaction";

/// An account at Stripe, with what opens it.
pub struct Stripe {
    /// Without a slash at its end.
    pub url: String,
    pub secret_key: String,
    /// The connected account that is acted for, where the key is a platform's.
    pub account: Option<String>,
}

/// The fields of a form, in order.
type Form<'a> = Vec<(&'static str, std::borrow::Cow<'a, str>)>;

impl Stripe {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Trouble> {
        read(&self.call("GET", path, None, None).await?)
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, form: &Form<'_>) -> Result<T, Trouble> {
        read(&self.call("POST", path, Some(&encoded(form)), None).await?)
    }

    /// Has something done once, under the key of its intent. A key also keeps a failure of Stripe's own, and answers with it for a day: then that
    /// request is over, and the next key of the same intent is tried. Whoever uses this knows that nothing came of the one before, or that it
    /// does no harm.
    async fn post_once<T: DeserializeOwned>(&self, path: &str, form: &Form<'_>, intent: &str) -> Result<T, Trouble> {
        let body = encoded(form);
        for nth in 1..=KEYS_MAX {
            let key = if nth == 1 { intent.to_owned() } else { format!("{intent}-{nth}") };
            let answer = self.call("POST", path, Some(&body), Some(&key)).await?;
            let is_kept = answer.header("idempotent-replayed").is_some();
            if !(is_kept && answer.status >= 500) {
                return read(&answer);
            }
        }
        Err(Trouble::Unknown("Stripe has failed as often as it was asked".to_owned()))
    }

    async fn call(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&str>,
        key: Option<&str>,
    ) -> Result<Incoming, Trouble> {
        let bearer = format!("Bearer {}", self.secret_key);
        let mut headers = vec![("authorization", bearer.as_str()), ("stripe-version", VERSION)];
        headers.extend(self.account.as_deref().map(|account| ("stripe-account", account)));
        headers.extend(body.map(|_| ("content-type", "application/x-www-form-urlencoded")));
        headers.extend(key.map(|key| ("idempotency-key", key)));
        let url = format!("{}{path}", self.url);
        let sent = Outgoing { method, url: &url, headers: &headers, body, limit_ms: LIMIT_MS }.send().await;
        sent.map_err(Trouble::Unknown)
    }

    /// Was this share paid back before? Idempotency keys are forgotten after a day; what the account knows is not.
    async fn paid_back_before(&self, order: &PayBack<'_>) -> Result<Option<Refund>, Trouble> {
        let path = format!("/v1/refunds?payment_intent={}&limit=100", order.intent);
        let known: Page<Refund> = self.get(&path).await?;
        let share = order.share;
        Ok(known.data.into_iter().find(|refund| refund.share() == Some(share)))
    }
}

fn encoded(form: &Form<'_>) -> String {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form.iter().map(|(name, value)| (*name, value.as_ref())));
    body.finish()
}

/// An answer that is not of the form leaves open what was done.
fn read<T: DeserializeOwned>(answer: &Incoming) -> Result<T, Trouble> {
    match answer.status {
        200..=299 => leeway_json::read(&answer.body)
            .map_err(|error| Trouble::Unknown(format!("an answer that is not understood: {error}"))),
        status => Err(trouble(status, &answer.body)),
    }
}

/// A refusal is final only where Stripe says that the request itself is wrong.
fn trouble(status: u16, body: &str) -> Trouble {
    let error = leeway_json::read::<ApiError>(body).unwrap_or_default().error;
    let said = format!("{status} {}", error.said());
    let for_now = match status {
        // Another request with this key is under way; too many requests; a key or an account that can be put right.
        401 | 403 | 409 | 429 => true,
        400 | 402 | 404 => error.r#type.as_deref() == Some("idempotency_error"),
        400..=499 => false,
        _ => true,
    };
    if for_now { Trouble::Unknown(said) } else { Trouble::Refused(said) }
}

impl PaymentProvider for Stripe {
    fn least(&self, currency: Currency) -> Option<Money> {
        amounts::least(currency)
    }

    async fn open(&self, order: &Order<'_>) -> Result<Session, Trouble> {
        let amount = amounts::to_stripe(order.amount);
        let amount = amount.ok_or_else(|| Trouble::Refused(format!("{} cannot be charged by card", order.amount)))?;
        let checkout = order.checkout.to_string();
        let form: Form<'_> = vec![
            ("mode", "payment".into()),
            ("client_reference_id", checkout.as_str().into()),
            ("metadata[checkout]", checkout.as_str().into()),
            ("metadata[booking]", order.booking.to_string().into()),
            ("payment_intent_data[metadata][checkout]", checkout.as_str().into()),
            ("payment_intent_data[metadata][booking]", order.booking.to_string().into()),
            ("line_items[0][quantity]", "1".into()),
            ("line_items[0][price_data][currency]", order.amount.currency().code().to_ascii_lowercase().into()),
            ("line_items[0][price_data][unit_amount]", amount.to_string().into()),
            ("line_items[0][price_data][product_data][name]", order.title.into()),
            ("customer_email", order.email.into()),
            ("locale", locales::spoken(order.locale).into()),
            ("success_url", order.success_url.into()),
            ("cancel_url", order.cancel_url.into()),
            ("expires_at", (order.expires_at.ms() / 1000).to_string().into()),
        ];
        // A session that was made and never told of is paid by nobody: its address went nowhere.
        let session: CheckoutSession =
            self.post_once("/v1/checkout/sessions", &form, &format!("leeway-checkout-{checkout}")).await?;
        let url = session.url.clone().ok_or_else(|| Trouble::Refused("the checkout is closed already".to_owned()))?;
        Ok(Session { id: session.id, url })
    }

    async fn look_up(&self, session: &str, currency: Currency) -> Result<Standing, Trouble> {
        let session: CheckoutSession = self.get(&format!("/v1/checkout/sessions/{session}?{EXPANDED}")).await?;
        session.standing(currency)
    }

    /// Where it can no longer be closed, it is looked at: it was paid, or is closed already.
    async fn close(&self, session: &str, currency: Currency) -> Result<Standing, Trouble> {
        let path = format!("/v1/checkout/sessions/{session}/expire");
        match self.post::<CheckoutSession>(&path, &Vec::new()).await {
            Ok(_) => Ok(Standing::Closed),
            Err(Trouble::Refused(_)) => self.look_up(session, currency).await,
            Err(Trouble::Unknown(why)) => Err(Trouble::Unknown(why)),
        }
    }

    async fn pay_back(&self, order: &PayBack<'_>) -> Result<ProviderWord, Trouble> {
        let before = match order.asked {
            Asked::Never => None,
            Asked::Perhaps => self.paid_back_before(order).await?,
        };
        if let Some(refund) = before {
            return Ok(refund.word());
        }
        let amount = amounts::to_stripe(order.amount);
        let amount = amount.ok_or_else(|| Trouble::Refused(format!("{} cannot be paid back by card", order.amount)))?;
        let share = order.share;
        let form: Form<'_> = vec![
            ("payment_intent", order.intent.into()),
            ("amount", amount.to_string().into()),
            ("metadata[booking]", order.booking.to_string().into()),
            ("metadata[refund]", share.refund.to_string().into()),
            ("metadata[payment]", share.payment.to_string().into()),
            ("metadata[attempt]", share.attempt.to_string().into()),
        ];
        let key = format!("leeway-refund-{}-{}-{}", share.refund, share.payment, share.attempt);
        let refund: Refund = self.post_once("/v1/refunds", &form, &key).await?;
        Ok(refund.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wrong_request_is_final() {
        let error = |kind: &str| format!(r#"{{"error":{{"type":"{kind}","code":"c","message":"m","param":"p"}}}}"#);
        let refused = |status, kind: &str| matches!(trouble(status, &error(kind)), Trouble::Refused(_));
        assert!(
            refused(400, "invalid_request_error")
                && refused(402, "card_error")
                && refused(404, "invalid_request_error")
        );
        assert!(!refused(400, "idempotency_error"));
        assert!(
            !refused(409, "invalid_request_error")
                && !refused(429, "rate_limit_error")
                && !refused(401, "invalid_request_error")
        );
        assert!(!refused(500, "api_error") && !refused(301, ""));
        assert_eq!(trouble(503, "<html>"), Trouble::Unknown("503 ".to_owned()));
        assert_eq!(trouble(400, &error("invalid_request_error")), Trouble::Refused("400 c: m".to_owned()));
    }
}
