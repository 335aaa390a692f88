//! Stripe's objects, as far as they are read, and what they mean here.

use std::fmt;
use std::marker::PhantomData;

use leeway_core::Currency;
use leeway_core::command::ProviderWord;
use leeway_core::fields::FromObject;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::super::{Paid, Standing, Trouble};
use super::amounts;
use crate::effects::follow::RefundShare;

/// A list.
#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
}

/// An error's envelope.
#[derive(Default, FromObject)]
pub(super) struct ApiError {
    #[serde(default)]
    pub(super) error: ErrorBody,
}

#[derive(Default, FromObject)]
pub(super) struct ErrorBody {
    pub(super) r#type: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

impl ErrorBody {
    /// Its code and its message, for the operator.
    pub(super) fn said(&self) -> String {
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(text), None) | (None, Some(text)) => text.clone(),
            (None, None) => String::new(),
        }
    }
}

/// A Checkout Session, with its payment where that was asked for.
#[derive(FromObject)]
pub(super) struct CheckoutSession {
    pub(super) id: String,
    pub(super) url: Option<String>,
    status: SessionStatus,
    payment_status: PaymentStatus,
    #[serde(default)]
    payment_intent: Option<Expandable<Intent>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SessionStatus {
    Open,
    Complete,
    Expired,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PaymentStatus {
    Paid,
    Unpaid,
    NoPaymentRequired,
}

/// An object, or only its id.
enum Expandable<T> {
    Object(Box<T>),
    Id,
}

// By hand: serde's `untagged` would keep all of an object before it reads some of it, the exchange rates too, which are not whole numbers.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Expandable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Expandable<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or its id")
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<Expandable<T>, E> {
                Ok(Expandable::Id)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Expandable<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|object| Expandable::Object(Box::new(object)))
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

#[derive(FromObject)]
struct Intent {
    id: String,
    status: String,
    amount_received: i64,
    latest_charge: Option<Expandable<Charge>>,
}

#[derive(FromObject)]
struct Charge {
    balance_transaction: Option<Expandable<BalanceTransaction>>,
}

/// Its currency is the account's, which can be another than the charge's.
#[derive(FromObject)]
struct BalanceTransaction {
    fee: i64,
    currency: String,
}

impl CheckoutSession {
    /// How it stands. `complete` alone says nothing: a bank's word can still be to come, or can have been a no.
    pub(super) fn standing(self, currency: Currency) -> Result<Standing, Trouble> {
        match (self.status, self.payment_status) {
            (SessionStatus::Open, _) => Ok(Standing::Open),
            (SessionStatus::Expired, _) => Ok(Standing::Closed),
            (SessionStatus::Complete, PaymentStatus::Unpaid) => Ok(match self.payment_intent {
                Some(Expandable::Object(intent)) if intent.is_over() => Standing::Closed,
                Some(_) | None => Standing::Open,
            }),
            (SessionStatus::Complete, PaymentStatus::NoPaymentRequired) => Ok(Standing::Closed),
            (SessionStatus::Complete, PaymentStatus::Paid) => match self.payment_intent {
                Some(Expandable::Object(intent)) => intent.paid(currency).map(Standing::Paid),
                Some(Expandable::Id) | None => Err(Trouble::Unknown("a paid session without its payment".to_owned())),
            },
        }
    }
}

impl Intent {
    /// Will nothing more come of it? A bank that said no leaves it asking for another way to pay, which nobody is there to give.
    fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "canceled" | "requires_payment_method")
    }

    fn paid(self, currency: Currency) -> Result<Paid, Trouble> {
        let amount = amounts::from_stripe(self.amount_received, currency);
        let amount = amount.ok_or_else(|| Trouble::Unknown("an amount that its currency does not have".to_owned()))?;
        let fee = match self.latest_charge {
            Some(Expandable::Object(charge)) => charge.fee(currency),
            Some(Expandable::Id) | None => None,
        };
        Ok(Paid { intent: self.id, amount, fee })
    }
}

impl Charge {
    /// What was taken for it, where that is known and in the charge's own currency: in another it is no part of the payment.
    fn fee(self, currency: Currency) -> Option<leeway_core::Money> {
        match self.balance_transaction? {
            Expandable::Object(taken) if taken.currency.eq_ignore_ascii_case(currency.code()) => {
                amounts::from_stripe(taken.fee, currency)
            }
            Expandable::Object(_) | Expandable::Id => None,
        }
    }
}

/// A Refund.
#[derive(FromObject)]
pub(super) struct Refund {
    pub(super) id: String,
    status: Option<String>,
    failure_reason: Option<String>,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) payment_intent: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, FromObject)]
pub(super) struct Metadata {
    refund: Option<Uuid>,
    payment: Option<Uuid>,
    attempt: Option<String>,
}

impl Refund {
    /// Which share of ours it pays back; none where it was made by hand in Stripe's own pages.
    pub(super) fn share(&self) -> Option<RefundShare> {
        let Metadata { refund, payment, attempt } = &self.metadata;
        Some(RefundShare {
            refund: leeway_core::id::RefundId((*refund)?),
            payment: leeway_core::id::PaymentId((*payment)?),
            attempt: attempt.as_deref()?.parse().ok()?,
        })
    }

    /// What it says. What is not yet over is in hand.
    pub(super) fn word(&self) -> ProviderWord {
        match self.status.as_deref() {
            Some("succeeded") => ProviderWord::Paid,
            Some("failed" | "canceled") => {
                let why = self.failure_reason.as_deref().or(self.status.as_deref()).unwrap_or_default();
                ProviderWord::failed(why)
            }
            Some(_) | None => ProviderWord::Accepted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(status: &str, payment_status: &str, intent: &str) -> Result<Standing, Trouble> {
        let text = format!(
            r#"{{"id":"cs_1","object":"checkout.session","url":null,"status":"{status}","payment_status":"{payment_status}","payment_intent":{intent}}}"#
        );
        leeway_json::read::<CheckoutSession>(&text).unwrap().standing(Currency::parse("EUR").unwrap())
    }

    fn intent(status: &str, charge: &str) -> String {
        format!(r#"{{"id":"pi_1","status":"{status}","amount_received":1234,"latest_charge":{charge}}}"#)
    }

    #[test]
    fn complete_is_not_paid() {
        assert_eq!(standing("open", "unpaid", "null"), Ok(Standing::Open));
        assert_eq!(standing("complete", "unpaid", &intent("processing", "null")), Ok(Standing::Open));
        assert_eq!(standing("complete", "unpaid", &intent("requires_payment_method", "null")), Ok(Standing::Closed));
        assert_eq!(standing("expired", "unpaid", "null"), Ok(Standing::Closed));
        assert!(standing("complete", "paid", r#""pi_1""#).is_err(), "asked without its payment");
    }

    #[test]
    fn a_fee_in_another_currency_is_no_part_of_the_payment() {
        let fee = |balance: &str| match standing(
            "complete",
            "paid",
            &intent("succeeded", &format!(r#"{{"balance_transaction":{balance}}}"#)),
        ) {
            Ok(Standing::Paid(paid)) => paid.fee.map(|fee| fee.to_string()),
            other => panic!("{other:?}"),
        };
        assert_eq!(fee(r#"{"fee":61,"currency":"eur","exchange_rate":1.25}"#).as_deref(), Some("0.61 EUR"));
        assert_eq!(fee(r#"{"fee":61,"currency":"usd"}"#), None);
        assert_eq!(fee("null"), None);
        assert_eq!(fee(r#""txn_1""#), None);
    }

    #[test]
    fn what_a_refund_says() {
        let word = |status: &str| {
            let text = format!(
                r#"{{"id":"re_1","status":{status},"failure_reason":"lost_or_stolen_card","amount":1,"currency":"eur","payment_intent":"pi_1","metadata":{{"attempt":"2","refund":"018f0000-0000-7000-8000-000000000001","payment":"018f0000-0000-7000-8000-000000000002"}}}}"#
            );
            let refund: Refund = leeway_json::read(&text).unwrap();
            assert_eq!(refund.share().unwrap().attempt, 2);
            refund.word()
        };
        assert_eq!(word(r#""succeeded""#), ProviderWord::Paid);
        for status in [r#""pending""#, r#""requires_action""#, "null"] {
            assert_eq!(word(status), ProviderWord::Accepted);
        }
        for status in [r#""failed""#, r#""canceled""#] {
            assert_eq!(word(status), ProviderWord::Failed("lost_or_stolen_card".to_owned()));
        }
    }
}
