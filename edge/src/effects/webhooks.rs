//! Tells the operator's systems what happened, by the Standard Webhooks specification: signed, in order for each endpoint, again until it is
//! taken. One message for each event of a booking's log; its id is that of the event, so that a system recognizes the second time.
//!
//! Not for the entry of the ledger to depend on: a message that never arrives changes nothing here.

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use leeway_core::balance::{PaymentStatus, Status, Totals, payment_status, status, totals};
use leeway_core::fields::FromObject;
use leeway_core::id::BookingId;
use leeway_core::{Booking, Event, Instant, Refusal};
use serde::Serialize;
use sha2::Sha256;
use uuid::Uuid;

use super::{Kind, Needs, NewRow, Outcome, Row, Then};
use crate::host::Outgoing;
use crate::object::Desk;
use crate::settings::Topic;
use crate::store::{Endpoint, Fault};

/// Shorter than the lease of a row.
const LIMIT_MS: u32 = 15_000;
/// What a secret begins with.
pub const SECRET_PREFIX: &str = "whsec_";

/// An endpoint, as far as it decides which rows are written.
#[derive(Debug, Clone, PartialEq, Eq, FromObject)]
pub struct Listener {
    pub id: Uuid,
    /// Empty: all of them.
    pub events: Vec<String>,
}

#[derive(Serialize, FromObject)]
struct Body {
    endpoint: Uuid,
    /// The event's number in the booking's log.
    seq: u64,
}

/// The form that the specification gives a message.
#[derive(Serialize)]
struct Payload<'a> {
    r#type: String,
    timestamp: Instant,
    data: Happened<'a>,
}

#[derive(Serialize)]
struct Happened<'a> {
    booking: BookingId,
    reference: &'a str,
    version: u64,
    status: Status,
    payment_status: PaymentStatus,
    totals: Totals,
    event: &'a Event,
}

/// What an event is called outside: `booking.canceled`.
pub fn event_type(event: &Event) -> String {
    format!("booking.{}", event.kind())
}

/// The rows that follow from a command's events.
pub fn follow(
    events: &[Event],
    after: &Booking,
    at: Instant,
    listeners: &[Listener],
) -> Result<Vec<NewRow>, leeway_json::NoForm> {
    let before = after.version.saturating_sub(u64::try_from(events.len()).unwrap_or(u64::MAX));
    let mut rows = Vec::new();
    for (seq, event) in (before.saturating_add(1)..).zip(events) {
        let name = event_type(event);
        for listener in listeners {
            if !listener.events.is_empty() && !listener.events.contains(&name) {
                continue;
            }
            let endpoint = listener.id;
            rows.push(NewRow {
                lane: format!("webhook:{endpoint}"),
                kind: Kind::Webhook,
                booking: Some(after.id),
                command: None,
                dedupe: format!("webhook:{endpoint}:{}:{seq}", after.id),
                body: leeway_json::write(&Body { endpoint, seq })?,
                due_at: at,
                needs: Needs::Nothing,
            });
        }
    }
    Ok(rows)
}

pub async fn deliver(desk: &Desk, row: &Row, at: Instant) -> Outcome {
    match prepare(desk, row, at) {
        Ok(Some((endpoint, message))) => send(&endpoint, &message).await,
        Ok(None) => Outcome::Dropped("nobody listens any more"),
        Err(fault) => Outcome::failed(fault),
    }
}

/// A message with its signatures.
pub struct Message {
    id: String,
    sent_s: String,
    signatures: String,
    payload: String,
}

fn prepare(desk: &Desk, row: &Row, at: Instant) -> Result<Option<(Endpoint, Message)>, Fault> {
    let Body { endpoint, seq } = leeway_json::read(&row.body)?;
    let booking = row.booking.ok_or_else(|| Fault::platform("a message about no booking"))?;
    let Some(endpoint) = desk.store.endpoint(endpoint)?.filter(|endpoint| endpoint.disabled_at.is_none()) else {
        return Ok(None);
    };
    let payload = payload(desk, booking, seq)?;
    let secrets = secrets(desk, &endpoint, at)?;
    let message = signed(format!("{booking}.{seq}"), payload, &secrets, at)?;
    Ok(Some((endpoint, message)))
}

/// The event as it is in the log, and the booking right after it.
fn payload(desk: &Desk, booking: BookingId, seq: u64) -> Result<String, Fault> {
    let document = desk.document(booking)?;
    let (event, at, after) = document.event(seq)?;
    let totals = totals(&after).map_err(Refusal::from)?;
    let data = Happened {
        booking,
        reference: after.reference.as_str(),
        version: seq,
        status: status(&after),
        payment_status: payment_status(&totals),
        totals,
        event: &event,
    };
    Ok(leeway_json::write(&Payload { r#type: event_type(&event), timestamp: at, data })?)
}

/// The secrets that sign now, the newest first.
pub fn secrets(desk: &Desk, endpoint: &Endpoint, at: Instant) -> Result<Vec<Vec<u8>>, Fault> {
    let living = endpoint.secrets.iter().filter(|sealed| sealed.until.is_none_or(|until| at <= until));
    let open = |sealed: &str| {
        let secret = desk.unseal(Topic::Webhooks, sealed)?;
        let key = secret.strip_prefix(SECRET_PREFIX).and_then(|text| Base64::decode_vec(text).ok());
        key.ok_or_else(|| Fault::platform("a secret that is none"))
    };
    living.map(|sealed| open(&sealed.secret)).collect()
}

/// Signs a payload with each secret.
pub fn signed(id: String, payload: String, secrets: &[Vec<u8>], at: Instant) -> Result<Message, Fault> {
    let sent_s = (at.ms() / 1000).to_string();
    let mut signatures = Vec::with_capacity(secrets.len());
    for secret in secrets {
        let mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| Fault::platform("an empty secret"))?;
        let mac = mac.chain_update(format!("{id}.{sent_s}.")).chain_update(&payload).finalize().into_bytes();
        signatures.push(format!("v1,{}", Base64::encode_string(&mac)));
    }
    Ok(Message { id, sent_s, signatures: signatures.join(" "), payload })
}

/// What an endpoint makes of a message.
pub async fn send(endpoint: &Endpoint, message: &Message) -> Outcome {
    let headers = [
        ("content-type", "application/json"),
        ("user-agent", "Leeway-Webhooks/1"),
        ("webhook-id", message.id.as_str()),
        ("webhook-timestamp", message.sent_s.as_str()),
        ("webhook-signature", message.signatures.as_str()),
    ];
    let outgoing = Outgoing {
        method: "POST",
        url: &endpoint.url,
        headers: &headers,
        body: Some(&message.payload),
        limit_ms: LIMIT_MS,
    };
    match outgoing.post().await {
        Ok(200..=299) => Outcome::Done,
        Ok(410) => {
            let id = endpoint.id;
            let gone = move |desk: &Desk, at: Instant| desk.store.disable_endpoint(id, "it answered 410 Gone", at);
            Outcome::Commit(Box::new(gone), Then::End)
        }
        Ok(status) => Outcome::Retry(format!("answered {status}")),
        Err(why) => Outcome::Retry(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signs_as_the_specification_does() {
        let key = Base64::decode_vec("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = Instant::EPOCH.shifted_ms(1_614_265_330_000);
        let payload = r#"{"test": 2432232314}"#.to_owned();
        let message = signed("msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(), payload, &[key], at).unwrap();
        assert_eq!(message.signatures, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
