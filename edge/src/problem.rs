//! Errors as people and programs read them: RFC 9457, one stable code each. The only place that gives a refusal its status.

use std::fmt;

use leeway_core::Refusal;
use leeway_json::Raw;
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::reply::{Kind, Reply};

/// An error.
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: &'static str,
    /// One sentence that does not change from case to case.
    pub title: &'static str,
    /// What is special in this case.
    pub detail: Option<Box<str>>,
    /// The field that is wrong, such as `items[0].slot.starts_at`.
    pub path: Option<Box<str>>,
    /// The facts behind a refusal.
    pub params: Option<Raw<'static>>,
    /// The refusal itself, for a page that says it in words.
    pub refusal: Option<Box<Refusal>>,
    /// A fresh quote, where the one that was sent no longer holds.
    pub quote: Option<Box<Raw<'static>>>,
    /// Seconds after which another try makes sense.
    pub retry_after_s: Option<u32>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<&'a Raw<'static>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a Raw<'static>>,
}

impl Problem {
    /// A problem without particulars.
    pub const fn new(status: u16, code: &'static str, title: &'static str) -> Self {
        Self {
            status,
            code,
            title,
            detail: None,
            path: None,
            params: None,
            refusal: None,
            quote: None,
            retry_after_s: None,
        }
    }

    pub const NOT_FOUND: Self = Self::new(404, "not_found", "there is nothing here");
    pub const METHOD: Self = Self::new(405, "method_not_allowed", "this door does not take that method");
    pub const LINK_UNKNOWN: Self = Self::new(404, "link_unknown", "this link is not one of ours");
    pub const LINK_EXPIRED: Self = Self::new(410, "link_expired", "this link has expired");
    pub const LINK_REVOKED: Self = Self::new(410, "link_revoked", "this link was revoked");
    pub const OUT_OF_SCOPE: Self = Self::new(403, "out_of_scope", "this link does not allow that");
    pub const ORIGIN_NOT_ALLOWED: Self =
        Self::new(403, "origin_not_allowed", "the operator does not allow pages of this site");
    pub const UNAUTHORIZED: Self = Self::new(401, "unauthorized", "this needs a valid key as a bearer token");
    pub const LENGTH_REQUIRED: Self = Self::new(411, "length_required", "a body must come with its length");
    pub const QUOTE_UNKNOWN: Self = Self::new(422, "quote_unknown", "this quote is not for this action");
    pub const QUOTE_CHANGED: Self = Self::new(409, "quote_changed", "the quote no longer holds; here is a fresh one");
    pub const BOOKING_UNKNOWN: Self = Self::new(404, "booking_unknown", "there is no such booking");
    pub const POLICY_UNKNOWN: Self = Self::new(422, "policy_unknown", "there is no such policy");
    pub const SLOT_UNKNOWN: Self = Self::new(404, "slot_unknown", "there is no such slot");
    pub const VOUCHER_UNKNOWN: Self = Self::new(404, "voucher_unknown", "there is no such voucher");
    pub const PAYMENT_PENDING: Self = Self::new(409, "payment_pending", "another payment of this booking is under way");
    pub const PROVIDER_REFUSED: Self = Self::new(502, "provider_refused", "the payment provider does not take this");
    pub const PROVIDER_UNREACHABLE: Self =
        Self::new(503, "provider_unreachable", "the payment provider does not answer; nothing was charged");
    pub const PAYMENT_LINK_UNKNOWN: Self = Self::new(404, "payment_link_unknown", "there is no such payment link");
    pub const SIGNATURE_WRONG: Self = Self::new(400, "signature_wrong", "this webhook is not signed as it has to be");
    pub const NO_PROVIDER: Self = Self::new(404, "provider_not_set", "this provider is not set");
    pub const ENDPOINT_UNKNOWN: Self = Self::new(404, "endpoint_unknown", "there is no such webhook endpoint");
    pub const ROW_UNKNOWN: Self = Self::new(404, "row_unknown", "there is no such row in the outbox");
    pub const ROW_NOT_DEAD: Self = Self::new(409, "row_not_dead", "only what was given up can be tried again");
    pub const MAIL_NOT_SET: Self = Self::new(404, "mail_not_set", "it is not set how mail is sent");
    pub const TEMPLATE_NOT_VALID: Self =
        Self::new(422, "template_not_valid", "the template says something that cannot be meant");
    pub const REFERENCE_TAKEN: Self = Self::new(409, "reference_taken", "another booking has this reference");
    pub const KEY_REUSED: Self =
        Self::new(422, "idempotency_key_reused", "this idempotency key came with another request before");
    pub const ROLE_TOO_LOW: Self = Self::new(403, "role_too_low", "this key may not do that");
    pub const KEY_UNKNOWN: Self = Self::new(404, "key_unknown", "there is no such key");
    pub const LAST_ADMIN_KEY: Self =
        Self::new(409, "last_admin_key", "no other key could make keys, now and for as long as it is wanted");
    pub const TOO_MANY_KEYS: Self = Self::new(409, "too_many_keys", "withdraw a key first");
    pub const VERSION_CHANGED: Self = Self::new(412, "version_changed", "the booking is not what it was");
    pub const TOO_MANY: Self = Self::new(429, "too_many_requests", "too many requests; try again a little later");
    pub const INTERNAL: Self = Self::new(500, "internal", "something went wrong on our side");

    pub const TOO_LARGE_STATUS: u16 = 413;

    /// A body that is longer than the door takes.
    pub fn too_large(most: usize) -> Self {
        Self::new(Self::TOO_LARGE_STATUS, "too_large", "the body is too large").because(format!("at most {most} bytes"))
    }

    /// Input that is not of the form that the door takes.
    pub fn malformed(path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(422, "malformed", "the request is not valid").because(detail.into()).at(path)
    }

    /// With what is special in this case.
    pub fn because(mut self, detail: String) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With the field that is wrong.
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into().into());
        self
    }

    /// A door that a key's role does not open.
    pub fn role_too_low(needed: Role, role: Role) -> Self {
        #[derive(Serialize)]
        struct Params {
            needed: Role,
            role: Role,
        }
        let detail = format!("it takes the role `{}`, and the key has `{}`", needed.as_str(), role.as_str());
        Self { params: Raw::of(&Params { needed, role }).ok(), ..Self::ROLE_TOO_LOW }.because(detail)
    }

    /// A booking that is not of the version that was named.
    pub fn version_changed(version: u64) -> Self {
        #[derive(Serialize)]
        struct Params {
            version: u64,
        }
        Self { params: Raw::of(&Params { version }).ok(), ..Self::VERSION_CHANGED }.at("If-Match")
    }

    /// As an answer.
    pub fn reply(&self) -> Reply {
        let Self { status, code, title, detail, path, params, quote, .. } = self;
        let body = Body {
            r#type: format!("/problems/{code}"),
            title,
            status: *status,
            code,
            detail: detail.as_deref(),
            path: path.as_deref(),
            params: params.as_ref(),
            quote: quote.as_deref(),
        };
        let mut reply = Reply::json(*status, &body);
        reply.kind = Kind::Problem;
        if let Some(seconds) = self.retry_after_s {
            reply = reply.with("retry-after", seconds.to_string());
        }
        if *status == 401 {
            reply = reply.with("www-authenticate", "Bearer".to_owned());
        }
        reply
    }
}

/// For the log, which needs no more of it: what is derived would bring the names of everything in a refusal.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        f.write_str(": ")?;
        f.write_str(self.detail.as_deref().unwrap_or(self.title))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Self::new(status(&refusal), refusal.code(), "the rules do not allow this");
        problem.detail = Some(refusal.to_string().into());
        problem.params = params(&refusal);
        problem.refusal = Some(Box::new(refusal));
        problem
    }
}

/// The facts of a refusal, out of `{"code":…,"params":…}`.
fn params(refusal: &Refusal) -> Option<Raw<'static>> {
    #[derive(Deserialize)]
    struct Written<'a> {
        #[serde(borrow)]
        params: Raw<'a>,
    }
    let written = Raw::of(refusal).ok()?;
    leeway_json::read::<Written<'_>>(written.as_str()).ok().map(|written| written.params.into_owned())
}

/// What was asked for does not exist or cannot be said: 422. What exists but is not possible (any more): 409.
fn status(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::UnknownItem { .. }
        | Refusal::UnknownParticipant { .. }
        | Refusal::UnknownRefund { .. }
        | Refusal::UnknownPayment { .. }
        | Refusal::UnknownWindow { .. }
        | Refusal::UnknownSlot { .. }
        | Refusal::NothingOverridden {}
        | Refusal::FeeAbovePrice { .. }
        | Refusal::WayNotPossible { .. }
        | Refusal::MovedTwice { .. }
        | Refusal::SameSlot { .. }
        | Refusal::NothingSelected {}
        | Refusal::ReasonNotAllowed {}
        | Refusal::WrongCurrency {}
        | Refusal::AmountOutOfRange {}
        | Refusal::AmountNotPositive {}
        | Refusal::GatewayFeeTooHigh {}
        | Refusal::NotYourOwn {}
        | Refusal::PlanIsNotThePrice { .. }
        | Refusal::AmountNeeded { .. }
        | Refusal::TooMany { .. }
        | Refusal::TextNotValid { .. } => 422,
        Refusal::AlreadyMade {}
        | Refusal::NotMade {}
        | Refusal::ItemCanceled { .. }
        | Refusal::ParticipantCanceled { .. }
        | Refusal::NothingToCancel {}
        | Refusal::SwitchedOff { .. }
        | Refusal::PastLimit { .. }
        | Refusal::NotArrivedYet { .. }
        | Refusal::PaymentKnown { .. }
        | Refusal::GatewayFeeKnown { .. }
        | Refusal::RefundTooHigh { .. }
        | Refusal::NotCanceled {}
        | Refusal::RefundNotOpen { .. }
        | Refusal::DocumentExists {}
        | Refusal::NoCreditNote { .. }
        | Refusal::CreditNoteNotApproved {}
        | Refusal::RebateAbovePlan { .. }
        | Refusal::BookingCanceled {}
        | Refusal::NothingDue {}
        | Refusal::AmountAboveBalance { .. }
        | Refusal::BelowMinimumCharge { .. }
        | Refusal::LeavesBelowMinimum { .. }
        | Refusal::VoucherTooSmall { .. }
        | Refusal::NoVoucherOffered { .. }
        | Refusal::OtherService { .. }
        | Refusal::SlotStarted { .. }
        | Refusal::TooManyMoves { .. }
        | Refusal::TooFar { .. }
        | Refusal::SlotFull { .. }
        | Refusal::SlotClosed { .. }
        | Refusal::CapacityBelowTaken { .. }
        | Refusal::NothingToUndo {}
        | Refusal::UndoTooLate { .. }
        | Refusal::RefundUnderWay { .. }
        | Refusal::UndoOvertaken {} => 409,
    }
}

/// One of each refusal, with the status that `docs/refusals.md` promises for it.
#[cfg(test)]
#[derive(Deserialize)]
struct Promised {
    status: u16,
    refusal: Refusal,
}

#[cfg(test)]
fn promised() -> Vec<Promised> {
    leeway_json::read(include_str!("../../tests/fixtures/refusals.json")).unwrap()
}

/// Everything that the rules can refuse with.
#[cfg(test)]
pub fn refusals() -> Vec<Problem> {
    promised().into_iter().map(|one| one.refusal.into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_those_that_are_written_down() {
        let promised = promised();
        assert!(!promised.is_empty());
        for Promised { status: promised, refusal } in promised {
            assert_eq!(status(&refusal), promised, "{}", refusal.code());
        }
    }
}
