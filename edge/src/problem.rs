//! Errors as people and programs read them: RFC 9457, one stable code each. The only place that gives a refusal its status.

use std::fmt;

use leeway_core::Refusal;
use leeway_core::fields::FromObject;
use leeway_json::{Malformed, Raw};
use serde::Serialize;

use crate::access::Role;
use crate::reply::{Kind, Reply};

/// An error: which one it is, and what is special in this case. Two pointers, since nearly everything can answer one.
pub struct Problem {
    known: &'static Known,
    case: Option<Box<Case>>,
}

/// What does not change from case to case: the HTTP status, the stable code, one sentence.
struct Known(u16, &'static str, &'static str);

/// What is special in one case.
#[derive(Default)]
struct Case {
    /// Another status than the usual one.
    status: Option<u16>,
    detail: Option<Box<str>>,
    path: Option<Box<str>>,
    params: Option<Raw<'static>>,
    refusal: Option<Box<Refusal>>,
    quote: Option<Raw<'static>>,
    retry_after_s: Option<u32>,
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
    pub const NOT_FOUND: Self = Self::known(&Known(404, "not_found", "there is nothing here"));
    pub const METHOD: Self = Self::known(&Known(405, "method_not_allowed", "this door does not take that method"));
    pub const LINK_UNKNOWN: Self = Self::known(&Known(404, "link_unknown", "this link is not one of ours"));
    pub const LINK_EXPIRED: Self = Self::known(&Known(410, "link_expired", "this link has expired"));
    pub const LINK_REVOKED: Self = Self::known(&Known(410, "link_revoked", "this link was revoked"));
    pub const OUT_OF_SCOPE: Self = Self::known(&Known(403, "out_of_scope", "this link does not allow that"));
    pub const ORIGIN_NOT_ALLOWED: Self =
        Self::known(&Known(403, "origin_not_allowed", "the operator does not allow pages of this site"));
    pub const UNAUTHORIZED: Self = Self::known(&Known(401, "unauthorized", "this needs a valid key as a bearer token"));
    pub const LENGTH_REQUIRED: Self = Self::known(&Known(411, "length_required", "a body must come with its length"));
    pub const QUOTE_UNKNOWN: Self = Self::known(&Known(422, "quote_unknown", "this quote is not for this action"));
    pub const QUOTE_CHANGED: Self =
        Self::known(&Known(409, "quote_changed", "the quote no longer holds; here is a fresh one"));
    pub const BOOKING_UNKNOWN: Self = Self::known(&Known(404, "booking_unknown", "there is no such booking"));
    pub const POLICY_UNKNOWN: Self = Self::known(&Known(422, "policy_unknown", "there is no such policy"));
    pub const SLOT_UNKNOWN: Self = Self::known(&Known(404, "slot_unknown", "there is no such slot"));
    pub const VOUCHER_UNKNOWN: Self = Self::known(&Known(404, "voucher_unknown", "there is no such voucher"));
    pub const PAYMENT_PENDING: Self =
        Self::known(&Known(409, "payment_pending", "another payment of this booking is under way"));
    pub const PROVIDER_REFUSED: Self =
        Self::known(&Known(502, "provider_refused", "the payment provider does not take this"));
    pub const PROVIDER_UNREACHABLE: Self =
        Self::known(&Known(503, "provider_unreachable", "the payment provider does not answer; nothing was charged"));
    pub const PAYMENT_LINK_UNKNOWN: Self =
        Self::known(&Known(404, "payment_link_unknown", "there is no such payment link"));
    pub const SIGNATURE_WRONG: Self =
        Self::known(&Known(400, "signature_wrong", "this webhook is not signed as it has to be"));
    pub const NO_PROVIDER: Self = Self::known(&Known(404, "provider_not_set", "this provider is not set"));
    pub const ENDPOINT_UNKNOWN: Self =
        Self::known(&Known(404, "endpoint_unknown", "there is no such webhook endpoint"));
    pub const ROW_UNKNOWN: Self = Self::known(&Known(404, "row_unknown", "there is no such row in the outbox"));
    pub const ROW_NOT_DEAD: Self =
        Self::known(&Known(409, "row_not_dead", "only what was given up can be tried again"));
    pub const MAIL_NOT_SET: Self = Self::known(&Known(404, "mail_not_set", "it is not set how mail is sent"));
    pub const TEMPLATE_NOT_VALID: Self =
        Self::known(&Known(422, "template_not_valid", "the template says something that cannot be meant"));
    pub const REFERENCE_TAKEN: Self = Self::known(&Known(409, "reference_taken", "another booking has this reference"));
    pub const KEY_REUSED: Self =
        Self::known(&Known(422, "idempotency_key_reused", "this idempotency key came with another request before"));
    pub const ROLE_TOO_LOW: Self = Self::known(&Known(403, "role_too_low", "this key may not do that"));
    pub const KEY_UNKNOWN: Self = Self::known(&Known(404, "key_unknown", "there is no such key"));
    pub const LAST_ADMIN_KEY: Self =
        Self::known(&Known(409, "last_admin_key", "no other key could make keys, now and for as long as it is wanted"));
    pub const TOO_MANY_KEYS: Self = Self::known(&Known(409, "too_many_keys", "withdraw a key first"));
    pub const VERSION_CHANGED: Self = Self::known(&Known(412, "version_changed", "the booking is not what it was"));
    pub const TOO_MANY: Self =
        Self::known(&Known(429, "too_many_requests", "too many requests; try again a little later"));
    pub const INTERNAL: Self = Self::known(&Known(500, "internal", "something went wrong on our side"));

    const TOO_LARGE: Self = Self::known(&Known(413, "too_large", "the body is too large"));
    const MALFORMED: Self = Self::known(&Known(422, "malformed", "the request is not valid"));
    /// Its code is that of the refusal.
    const REFUSED: Self = Self::known(&Known(409, "refused", "the rules do not allow this"));

    const fn known(known: &'static Known) -> Self {
        Self { known, case: None }
    }

    /// A body that is longer than the door takes.
    #[cold]
    pub fn too_large(most: usize) -> Self {
        Self::TOO_LARGE.because(format!("at most {most} bytes"))
    }

    /// Input that is not of the form that the door takes.
    #[cold]
    #[inline(never)]
    pub fn malformed(path: impl Into<Box<str>>, detail: impl Into<Box<str>>) -> Self {
        Self::MALFORMED.because(detail).at(path)
    }

    /// With what is special in this case.
    #[inline(never)]
    pub fn because(self, detail: impl Into<Box<str>>) -> Self {
        let detail = Some(detail.into());
        self.with(|case| case.detail = detail)
    }

    /// With the field that is wrong, such as `items[0].slot.starts_at`.
    #[inline(never)]
    pub fn at(self, path: impl Into<Box<str>>) -> Self {
        let path = Some(path.into());
        self.with(|case| case.path = path)
    }

    /// With another status than the usual one: what a path names and is not there is 404, what a body names 422.
    pub fn with_status(self, status: u16) -> Self {
        self.with(|case| case.status = Some(status))
    }

    /// With facts for programs.
    pub fn with_params(self, params: Raw<'static>) -> Self {
        self.with(|case| case.params = Some(params))
    }

    /// With a fresh quote, where the one that was sent no longer holds.
    pub fn with_quote(self, quote: Raw<'static>) -> Self {
        self.with(|case| case.quote = Some(quote))
    }

    /// With the seconds after which another try makes sense.
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with(|case| case.retry_after_s = Some(seconds))
    }

    fn with(mut self, add: impl FnOnce(&mut Case)) -> Self {
        add(self.case.get_or_insert_default());
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        let usual = || self.refusal().map_or(self.known.0, status);
        self.case.as_deref().and_then(|case| case.status).unwrap_or_else(usual)
    }

    pub fn is_too_large(&self) -> bool {
        self.code() == Self::TOO_LARGE.code()
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.refusal().map_or(self.known.1, Refusal::code)
    }

    /// What is special in this case, or the sentence that is the same for all.
    pub fn detail(&self) -> &str {
        self.case.as_deref().and_then(|case| case.detail.as_deref()).unwrap_or(self.known.2)
    }

    /// For the operator's eyes, in a list of what was given up.
    pub fn told(&self) -> String {
        format!("{}: {}", self.code(), self.detail())
    }

    /// The field that is wrong.
    #[cfg(test)]
    pub fn path(&self) -> Option<&str> {
        self.case.as_deref()?.path.as_deref()
    }

    pub fn retry_after_s(&self) -> Option<u32> {
        self.case.as_deref()?.retry_after_s
    }

    fn refusal(&self) -> Option<&Refusal> {
        self.case.as_deref()?.refusal.as_deref()
    }

    /// The refusal itself, for a page that says it in words, with its status.
    pub fn into_refusal(mut self) -> Result<(Box<Refusal>, u16), Self> {
        let status = self.status();
        match self.case.as_deref_mut().and_then(|case| case.refusal.take()) {
            Some(refusal) => Ok((refusal, status)),
            None => Err(self),
        }
    }

    /// A door that a key's role does not open.
    pub fn role_too_low(needed: Role, role: Role) -> Self {
        #[derive(Serialize)]
        struct Params {
            needed: Role,
            role: Role,
        }
        let detail = format!("it takes the role `{}`, and the key has `{}`", needed.as_str(), role.as_str());
        Self::ROLE_TOO_LOW.because(detail).with(|case| case.params = Raw::of(&Params { needed, role }).ok())
    }

    /// A booking that is not of the version that was named.
    pub fn version_changed(version: u64) -> Self {
        #[derive(Serialize)]
        struct Params {
            version: u64,
        }
        Self::VERSION_CHANGED.at("If-Match").with(|case| case.params = Raw::of(&Params { version }).ok())
    }

    /// As an answer.
    pub fn reply(&self) -> Reply {
        let (status, code, case) = (self.status(), self.code(), self.case.as_deref());
        let body = Body {
            r#type: format!("/problems/{code}"),
            title: self.known.2,
            status,
            code,
            detail: case.and_then(|case| case.detail.as_deref()),
            path: case.and_then(|case| case.path.as_deref()),
            params: case.and_then(|case| case.params.as_ref()),
            quote: case.and_then(|case| case.quote.as_ref()),
        };
        let mut reply = Reply::json(status, &body);
        reply.kind = Kind::Problem;
        if let Some(seconds) = self.retry_after_s() {
            reply = reply.with("retry-after", seconds.to_string());
        }
        if status == 401 {
            reply = reply.with("www-authenticate", "Bearer".to_owned());
        }
        reply
    }
}

/// For the log, which needs no more of it: what is derived would bring the names of everything in a refusal.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told())
    }
}

impl From<Refusal> for Problem {
    #[cold]
    #[inline(never)]
    fn from(refusal: Refusal) -> Self {
        Self::REFUSED.because(refusal.to_string()).with(|case| {
            case.params = params(&refusal);
            case.refusal = Some(Box::new(refusal));
        })
    }
}

impl From<Box<Malformed>> for Problem {
    #[cold]
    #[inline(never)]
    fn from(malformed: Box<Malformed>) -> Self {
        let Malformed { path, message } = *malformed;
        Self::malformed(path, message)
    }
}

/// The facts of a refusal, out of `{"code":…,"params":…}`.
fn params(refusal: &Refusal) -> Option<Raw<'static>> {
    #[derive(FromObject)]
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
#[derive(FromObject)]
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
