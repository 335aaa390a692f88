//! What Stripe says without being asked. A webhook is read for what it is about; how a checkout stands is then asked, so that late, doubled and
//! reordered webhooks all end the same. Refunds and disputes are taken at their word: their states only move forward here.

use leeway_core::command::ProviderWord;
use leeway_core::fields::FromObject;
use leeway_core::id::PaymentId;
use leeway_core::{Currency, Instant, Money};
use leeway_json::Raw;
use uuid::Uuid;

use super::amounts;
use super::answers::Refund;
pub use super::signature::{Unsigned, check};
use crate::effects::follow::RefundShare;

/// The longest id of an event that is remembered.
const ID_BYTES_MAX: usize = 255;

/// A webhook's event.
#[derive(Debug)]
pub struct Event {
    pub id: String,
    pub at: Instant,
    pub said: Said,
}

/// What it says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Something happened to a checkout: look at it.
    Checkout(PaymentId),
    /// Something happened to a payment, such as that its fee is known by now.
    Charge { intent: String },
    /// How one share of a refund stands.
    Refund { share: RefundShare, word: ProviderWord },
    /// A refund that was not made here.
    ForeignRefund { id: String, intent: String, amount: Money, word: ProviderWord },
    /// Somebody disputes a payment.
    Dispute(Dispute),
    /// Nothing that is of use here.
    Nothing,
}

/// A dispute.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispute {
    pub id: String,
    pub intent: String,
    pub amount: Money,
    pub reason: String,
    /// Stripe's own word.
    pub status: String,
    /// Until when evidence can be given.
    pub due_by: Option<Instant>,
}

#[derive(FromObject)]
struct Envelope<'a> {
    id: String,
    r#type: String,
    created: i64,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(FromObject)]
struct Data<'a> {
    #[serde(borrow)]
    object: Raw<'a>,
}

#[derive(FromObject)]
struct Session {
    client_reference_id: Option<Uuid>,
}

#[derive(FromObject)]
struct Charge {
    payment_intent: Option<String>,
}

#[derive(FromObject)]
struct RawDispute {
    id: String,
    payment_intent: Option<String>,
    amount: i64,
    currency: String,
    reason: String,
    status: String,
    evidence_details: Option<Evidence>,
}

#[derive(FromObject)]
struct Evidence {
    due_by: Option<i64>,
}

/// Reads a webhook's body. `None` where it is not of Stripe's form.
pub fn read(body: &str) -> Option<Event> {
    let Envelope { id, r#type, created, data }: Envelope<'_> = leeway_json::read(body).ok()?;
    if id.is_empty() || id.len() > ID_BYTES_MAX {
        return None;
    }
    let at = Instant::from_ms(created.checked_mul(1000)?).ok()?;
    Some(Event { id, at, said: said(&r#type, data.object.as_str()).unwrap_or(Said::Nothing) })
}

fn said(kind: &str, object: &str) -> Option<Said> {
    match kind {
        "checkout.session.completed"
        | "checkout.session.async_payment_succeeded"
        | "checkout.session.async_payment_failed"
        | "checkout.session.expired" => {
            let session: Session = leeway_json::read(object).ok()?;
            Some(Said::Checkout(PaymentId(session.client_reference_id?)))
        }
        "charge.succeeded" | "charge.updated" => {
            let charge: Charge = leeway_json::read(object).ok()?;
            Some(Said::Charge { intent: charge.payment_intent? })
        }
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => refund(object),
        "charge.dispute.created" | "charge.dispute.updated" | "charge.dispute.closed" => dispute(object),
        _ => None,
    }
}

fn refund(object: &str) -> Option<Said> {
    let refund: Refund = leeway_json::read(object).ok()?;
    let word = refund.word();
    if let Some(share) = refund.share() {
        return Some(Said::Refund { share, word });
    }
    let amount = money(refund.amount, &refund.currency)?;
    Some(Said::ForeignRefund { id: refund.id, intent: refund.payment_intent?, amount, word })
}

fn dispute(object: &str) -> Option<Said> {
    let RawDispute { id, payment_intent, amount, currency, reason, status, evidence_details } =
        leeway_json::read(object).ok()?;
    let due_s = evidence_details.and_then(|evidence| evidence.due_by);
    let due_by = due_s.and_then(|seconds| Instant::from_ms(seconds.checked_mul(1000)?).ok());
    let amount = money(amount, &currency)?;
    Some(Said::Dispute(Dispute { id, intent: payment_intent?, amount, reason, status, due_by }))
}

fn money(amount: i64, currency: &str) -> Option<Money> {
    amounts::from_stripe(amount, Currency::parse(&currency.to_ascii_uppercase()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, object: &str) -> Said {
        let body = format!(
            r#"{{"id":"evt_1","object":"event","type":"{kind}","created":1800000000,"data":{{"object":{object}}}}}"#
        );
        read(&body).unwrap().said
    }

    #[test]
    fn a_checkout_is_looked_at_whatever_happened_to_it() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let object = format!(r#"{{"id":"cs_1","client_reference_id":"{id}","payment_status":"unpaid"}}"#);
        for kind in ["completed", "expired", "async_payment_failed", "async_payment_succeeded"] {
            assert_eq!(
                event(&format!("checkout.session.{kind}"), &object),
                Said::Checkout(PaymentId(id.parse().unwrap()))
            );
        }
        assert_eq!(
            event("checkout.session.completed", r#"{"client_reference_id":"cart-7"}"#),
            Said::Nothing,
            "another shop's"
        );
    }

    #[test]
    fn what_is_not_of_the_form_is_nothing_and_no_mistake() {
        assert_eq!(event("customer.created", "{}"), Said::Nothing);
        assert_eq!(event("refund.updated", r#"{"id":7}"#), Said::Nothing);
        for body in [
            "",
            "{}",
            "[]",
            r#"{"id":"","type":"x","created":1,"data":{"object":{}}}"#,
            r#"{"id":"e","type":"x","created":9223372036854775807,"data":{"object":{}}}"#,
        ] {
            assert!(read(body).is_none(), "{body}");
        }
    }

    #[test]
    fn a_dispute_with_its_last_day() {
        let object = r#"{"id":"dp_1","payment_intent":"pi_1","amount":500,"currency":"jpy","reason":"fraudulent","status":"needs_response","evidence_details":{"due_by":1800086400}}"#;
        let Said::Dispute(dispute) = event("charge.dispute.created", object) else { panic!("a dispute") };
        assert_eq!(
            (dispute.amount.to_string(), dispute.due_by.unwrap().ms()),
            ("500 JPY".to_owned(), 1_800_086_400_000)
        );
    }
}
