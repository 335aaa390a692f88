//! Payment links as operators make them: for a booking with money due, or for a tour that is booked by paying it.
//!
//! Source: requirement E2

use leeway_core::fields::FromObject;
use leeway_core::id::BookingId;
use leeway_core::request::Personal;
use leeway_core::{Ask, Booking, Instant, Money, collect};
use serde::Serialize;
use uuid::Uuid;

use super::drafts::{DraftRequest, imagined};
use super::{Asked, Desk};
use crate::effects::email;
use crate::host;
use crate::input;
use crate::log;
use crate::problem::Problem;
use crate::provider::PaymentProvider as _;
use crate::reply::Reply;
use crate::route::Method;
use crate::store::{Draft, Fault, FlatAsk, PaymentLink};

/// How long a link works unless told otherwise.
const LASTS_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// And at most.
const LASTS_MAX_MS: i64 = 366 * 24 * 60 * 60 * 1000;
const NOTE_CHARS_MAX: usize = 500;
/// The most links of one booking.
const LINKS_MAX: usize = 100;
/// The most in one answer.
const LISTED_MAX: u32 = 200;

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    ask: FlatAsk,
    /// What the customer reads on the page.
    #[serde(default)]
    note: String,
    #[serde(default)]
    expires_at: Option<Instant>,
    /// Is it sent to the customer?
    #[serde(default)]
    email: bool,
}

/// What a link collects now, of whom.
pub struct Asks {
    pub link: Box<PaymentLink>,
    pub booking: Booking,
    pub personal: Personal,
    pub amount: Money,
    pub url: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "PaymentLink"))]
pub struct Shown {
    id: Uuid,
    booking: BookingId,
    /// Does the booking exist yet?
    is_draft: bool,
    ask: FlatAsk,
    note: String,
    url: String,
    made_at: Instant,
    expires_at: Instant,
    revoked_at: Option<Instant>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "PaymentLinkList"))]
pub struct Listed {
    payment_links: Vec<Shown>,
}

impl Desk {
    pub(super) fn payment_links(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let document = self.own(id)?;
        let loaded = document.read(None)?;
        let known = self.store.payment_links(loaded.booking.id)?;
        if asked.method == Method::Get {
            let shown = known.into_iter().map(|link| self.shown_link(link, asked.at)).collect::<Result<_, _>>()?;
            return Ok(Reply::json(200, &Listed { payment_links: shown }));
        }
        if known.len() >= LINKS_MAX {
            return Err(Problem::malformed("", format!("a booking has at most {LINKS_MAX} payment links")).into());
        }
        let LinkRequest { ask, note, expires_at, email } = input::json(&asked.body)?;
        let ask = ask.ask().map_err(|detail| Problem::malformed("ask.amount", detail))?;
        // A link that collects nothing today is a mistake; tomorrow it is shown as settled.
        collect(&loaded.booking, ask, self.provider()?.least(loaded.booking.currency), asked.at)?;
        let link = new_link(loaded.booking.id, ask, note, expires_at, None, asked.at)?;
        self.put_link(&link, email, asked.at)?;
        log::committed("payment_link_made", self.operator()?.id, link.id, loaded.booking.version);
        Ok(Reply::json(201, &self.shown_link(link, asked.at)?))
    }

    /// Stores a link, with the message that leads to it where one was asked for.
    fn put_link(&self, link: &PaymentLink, email: bool, at: Instant) -> Result<(), Fault> {
        if email && self.mail_settings()?.is_none() {
            return Err(Problem::MAIL_NOT_SET.at("email").into());
        }
        let row = email.then(|| email::link_row(link.booking, link.id, at)).transpose()?;
        self.store.transaction(|| {
            self.store.put_payment_link(link)?;
            self.store.enqueue(row.as_slice(), at)
        })
    }

    /// A link that is a booking once it is paid; or those that are not paid yet.
    pub(super) fn bill_without_booking(&self, asked: &Asked) -> Result<Reply, Fault> {
        if asked.method == Method::Get {
            let drafts = self.store.unpaid_drafts(LISTED_MAX)?;
            let shown = drafts.into_iter().map(|link| self.shown_link(link, asked.at)).collect::<Result<_, _>>()?;
            return Ok(Reply::json(200, &Listed { payment_links: shown }));
        }
        let request: DraftRequest = input::json(&asked.body)?;
        let policy = self.store.policy(request.policy.as_str())?.ok_or_else(|| Problem::POLICY_UNKNOWN.at("policy"))?;
        let draft = Draft { request: request.booking(), policy };
        let booking = BookingId(host::fresh_uuid(asked.at.ms()));
        let (imagined, _) = imagined(booking, &draft, asked.at)?;
        collect(&imagined, Ask::Balance, self.provider()?.least(imagined.currency), asked.at)?;
        let DraftRequest { note, expires_at, email, .. } = request;
        let link = new_link(booking, Ask::Balance, note, expires_at, Some(draft), asked.at)?;
        self.put_link(&link, email, asked.at)?;
        log::committed("payment_link_made", self.operator()?.id, link.id, 0);
        Ok(Reply::json(201, &self.shown_link(link, asked.at)?))
    }

    pub(super) fn payment_link(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let id = Uuid::try_parse(id).map_err(|_| Problem::PAYMENT_LINK_UNKNOWN)?;
        if asked.method == Method::Delete {
            self.store.payment_link(id)?.ok_or(Problem::PAYMENT_LINK_UNKNOWN)?;
            self.store.transaction(|| self.store.revoke_payment_link(id, asked.at))?;
            log::committed("payment_link_revoked", self.operator()?.id, id, 0);
        }
        let link = self.store.payment_link(id)?.ok_or(Problem::PAYMENT_LINK_UNKNOWN)?;
        Ok(Reply::json(200, &self.shown_link(*link, asked.at)?))
    }

    /// What a link collects at an instant; nothing where it was revoked, or where the rules collect nothing by it any more.
    pub fn asked_by_link(&self, id: Uuid, at: Instant) -> Result<Option<Asks>, Fault> {
        let Some(link) = self.store.payment_link(id)?.filter(|link| link.revoked_at.is_none() && at <= link.expires_at)
        else {
            return Ok(None);
        };
        let (booking, personal) = match &link.draft {
            Some(draft) => imagined(link.booking, draft, at)?,
            None => {
                let document = self.document(link.booking)?;
                let loaded = document.read(None)?;
                (loaded.booking, leeway_json::read(loaded.personal.as_str())?)
            }
        };
        let Ok(due) = collect(&booking, link.ask, self.provider()?.least(booking.currency), at) else {
            return Ok(None);
        };
        let url = format!("{}/p/{}", self.config.public_url, self.pay_token(&booking, Some(&link))?);
        Ok(Some(Asks { link, booking, personal, amount: due.amount, url }))
    }

    fn shown_link(&self, link: PaymentLink, at: Instant) -> Result<Shown, Fault> {
        let booking = match &link.draft {
            Some(draft) => imagined(link.booking, draft, at)?.0,
            None => self.document(link.booking)?.read(None)?.booking,
        };
        let token = self.pay_token(&booking, Some(&link))?;
        let PaymentLink { id, booking, ask, note, made_at, expires_at, revoked_at, draft } = link;
        let url = format!("{}/p/{token}", self.config.public_url);
        let ask = FlatAsk::from(ask);
        Ok(Shown { id, booking, is_draft: draft.is_some(), ask, note, url, made_at, expires_at, revoked_at })
    }
}

fn new_link(
    booking: BookingId,
    ask: Ask,
    note: String,
    expires_at: Option<Instant>,
    draft: Option<Draft>,
    at: Instant,
) -> Result<PaymentLink, Problem> {
    let plain = note.chars().count() <= NOTE_CHARS_MAX && !note.chars().any(|c| c.is_control() && c != '\n');
    if !plain {
        return Err(Problem::malformed("note", format!("at most {NOTE_CHARS_MAX} characters of plain text")));
    }
    let expires_at = expires_at.unwrap_or_else(|| at.shifted_ms(LASTS_MS));
    if expires_at <= at || expires_at > at.shifted_ms(LASTS_MAX_MS) {
        return Err(Problem::malformed("expires_at", "after now, and within a year"));
    }
    let id = host::fresh_uuid(at.ms());
    Ok(PaymentLink { id, booking, ask, note, made_at: at, expires_at, revoked_at: None, draft })
}
