//! Which of the operator's systems are told what happens. A secret is shown once, when it is made.

use base64ct::{Base64, Encoding as _};
use leeway_core::Instant;
use leeway_core::fields::FromObject;
use serde::Serialize;
use uuid::Uuid;

use super::{Asked, Desk};
use crate::access::Role;
use crate::effects::Outcome;
use crate::effects::webhooks::{self, SECRET_PREFIX};
use crate::host;
use crate::input;
use crate::log;
use crate::outside;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::{EndpointDoor, Method};
use crate::settings::Topic;
use crate::store::{Endpoint, Fault, SealedSecret};

const ENDPOINTS_MAX: usize = 20;
const DESCRIPTION_CHARS_MAX: usize = 200;
const SECRET_BYTES: usize = 32;
/// A secret that was replaced signs for so long, beside the new one.
const ROLLING_MS: i64 = 24 * 60 * 60 * 1000;

/// What came of a message that only tries an endpoint.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "EndpointTried"))]
pub struct Tried {
    delivered: bool,
    detail: Option<String>,
}

/// What can be listened to: one for each kind of event in a booking's log.
const EVENT_TYPES: [&str; 21] = [
    "booking.booking_made",
    "booking.payment_recorded",
    "booking.gateway_fee_noted",
    "booking.plan_adjusted",
    "booking.canceled",
    "booking.cancellation_undone",
    "booking.rebooked",
    "booking.refund_entered",
    "booking.refund_approved",
    "booking.refund_declined",
    "booking.refund_voided",
    "booking.refund_routed",
    "booking.refund_submitted",
    "booking.refund_settled",
    "booking.refund_failed",
    "booking.voucher_issued",
    "booking.credit_note_made",
    "booking.credit_note_approved",
    "booking.task_opened",
    "booking.participant_renamed",
    "booking.links_revoked",
];

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndpointRequest {
    url: String,
    #[serde(default)]
    description: String,
    /// Empty: all of them.
    #[serde(default)]
    events: Vec<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Endpoint"))]
pub struct Shown<'a> {
    id: Uuid,
    url: &'a str,
    description: &'a str,
    events: &'a [String],
    made_at: Instant,
    disabled_at: Option<Instant>,
    disabled_why: Option<&'a str>,
    /// Shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "EndpointList"))]
pub struct Listed<'a> {
    endpoints: Vec<Shown<'a>>,
    event_types: [&'static str; 21],
}

impl<'a> Shown<'a> {
    fn of(endpoint: &'a Endpoint, secret: Option<String>) -> Self {
        let Endpoint { id, url, description, events, made_at, disabled_at, disabled_why, .. } = endpoint;
        let disabled_why = disabled_why.as_deref();
        let (id, made_at, disabled_at) = (*id, *made_at, *disabled_at);
        Self { id, url, description, events, made_at, disabled_at, disabled_why, secret }
    }
}

impl Desk {
    pub(super) fn endpoint_door(&self, door: EndpointDoor<'_>, asked: &Asked) -> Result<Reply, Fault> {
        match door {
            EndpointDoor::All if asked.method == Method::Get => {
                let known = self.store.endpoints()?;
                let endpoints = known.iter().map(|endpoint| Shown::of(endpoint, None)).collect();
                Ok(Reply::json(200, &Listed { endpoints, event_types: EVENT_TYPES }))
            }
            EndpointDoor::All => self.new_endpoint(asked),
            EndpointDoor::One(id) => {
                let endpoint = self.endpoint(id)?;
                if asked.method == Method::Delete {
                    self.store.transaction(|| self.store.delete_endpoint(endpoint.id))?;
                    return Ok(Reply::empty(204));
                }
                Ok(Reply::json(200, &Shown::of(&endpoint, None)))
            }
            EndpointDoor::Enable(id) => {
                let endpoint = self.endpoint(id)?;
                self.store.transaction(|| self.store.enable_endpoint(endpoint.id))?;
                Ok(Reply::json(200, &Shown::of(&self.endpoint(id)?, None)))
            }
            EndpointDoor::Roll(id) => self.roll_secret(self.endpoint(id)?, asked.at),
        }
    }

    fn new_endpoint(&self, asked: &Asked) -> Result<Reply, Fault> {
        let EndpointRequest { url, description, events } = input::json(&asked.body)?;
        outside::check(&url).map_err(|why| Problem::malformed("url", why))?;
        let plain = description.chars().count() <= DESCRIPTION_CHARS_MAX && !description.chars().any(char::is_control);
        if !plain {
            let detail = format!("at most {DESCRIPTION_CHARS_MAX} characters of plain text");
            return Err(Problem::malformed("description", detail).into());
        }
        for (index, event) in events.iter().enumerate() {
            if !EVENT_TYPES.contains(&event.as_str()) {
                return Err(Problem::malformed(
                    format!("events[{index}]"),
                    "not an event; `GET /v1/webhooks` lists them",
                )
                .into());
            }
        }
        if self.store.endpoints()?.len() >= ENDPOINTS_MAX {
            return Err(Problem::malformed("", format!("at most {ENDPOINTS_MAX} endpoints")).into());
        }
        let (secret, sealed) = self.fresh_secret()?;
        let endpoint = Endpoint {
            id: host::fresh_uuid(asked.at.ms()),
            url,
            description,
            events,
            secrets: vec![sealed],
            made_at: asked.at,
            disabled_at: None,
            disabled_why: None,
        };
        self.store.transaction(|| self.store.put_endpoint(&endpoint))?;
        log::committed("endpoint_made", self.operator()?.id, endpoint.id, 0);
        Ok(Reply::json(201, &Shown::of(&endpoint, Some(secret))))
    }

    /// A new secret, which signs at once; the one before signs beside it for a day.
    fn roll_secret(&self, mut endpoint: Endpoint, at: Instant) -> Result<Reply, Fault> {
        let (secret, sealed) = self.fresh_secret()?;
        endpoint.secrets.truncate(1);
        for old in &mut endpoint.secrets {
            old.until = Some(at.shifted_ms(ROLLING_MS));
        }
        endpoint.secrets.insert(0, sealed);
        self.store.transaction(|| self.store.put_endpoint(&endpoint))?;
        Ok(Reply::json(200, &Shown::of(&endpoint, Some(secret))))
    }

    fn fresh_secret(&self) -> Result<(String, SealedSecret), Fault> {
        let secret = format!("{SECRET_PREFIX}{}", Base64::encode_string(&host::random::<SECRET_BYTES>()));
        let sealed = self.seal(Topic::Webhooks, &secret)?;
        Ok((secret, SealedSecret { secret: sealed, until: None }))
    }

    fn endpoint(&self, id: &str) -> Result<Endpoint, Fault> {
        let id = Uuid::try_parse(id).map_err(|_| Problem::ENDPOINT_UNKNOWN)?;
        self.store.endpoint(id)?.ok_or_else(|| Problem::ENDPOINT_UNKNOWN.into())
    }

    /// Sends a message that says nothing, and tells what the endpoint made of it.
    pub(super) async fn try_endpoint(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        self.check_key(asked)?;
        asked.check_role(Role::Admin)?;
        let endpoint = self.endpoint(id)?;
        let payload = format!(r#"{{"type":"test","timestamp":"{}","data":{{}}}}"#, asked.at);
        let secrets = webhooks::secrets(self, &endpoint, asked.at)?;
        let id = host::fresh_uuid(asked.at.ms()).to_string();
        let message = webhooks::signed(id, payload, &secrets, asked.at)?;
        let (delivered, detail) = match webhooks::send(&endpoint, &message).await {
            Outcome::Done => (true, None),
            Outcome::Retry(why) | Outcome::Dead(why) => (false, Some(why)),
            Outcome::Commit(..) => (false, Some("answered 410".to_owned())),
            Outcome::Dropped(why) => (false, Some(why.to_owned())),
            Outcome::Later(_) => (false, None),
        };
        Ok(Reply::json(200, &Tried { delivered, detail }))
    }
}
