//! A checkout is looked at with its provider, and what it says is recorded: after a webhook, and by the clock in case none comes.
//!
//! Source: requirement E4

use leeway_core::Instant;
use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, PaymentId};
use serde::Serialize;

use super::{Kind, Needs, NewRow, Outcome, Row, Then};
use crate::object::Desk;
use crate::provider::{PaymentProvider as _, Standing, Trouble};
use crate::store::{Checkout, CheckoutState, Fault};

/// The first look, for a webhook that does not come.
const FIRST_LOOK_MS: i64 = 2 * 60 * 1000;
/// Later looks, at the latest.
const LOOKS_MS: i64 = 30 * 60 * 1000;
/// A bank's word can take so long after the customer has done their part.
const GIVEN_UP_MS: i64 = 14 * 24 * 60 * 60 * 1000;

#[derive(Serialize, FromObject)]
struct Body {
    checkout: PaymentId,
}

/// The row that follows a checkout.
pub fn row(checkout: PaymentId, booking: BookingId, due_at: Instant) -> Result<NewRow, Fault> {
    Ok(NewRow {
        lane: format!("checkout:{checkout}"),
        kind: Kind::Checkout,
        booking: Some(booking),
        command: None,
        dedupe: format!("checkout:{checkout}"),
        body: leeway_json::write(&Body { checkout })?,
        due_at,
        needs: Needs::Nothing,
    })
}

/// When a checkout is first looked at by the clock.
pub fn first_look(at: Instant) -> Instant {
    at.shifted_ms(FIRST_LOOK_MS)
}

pub async fn deliver(desk: &Desk, row: &Row, at: Instant) -> Outcome {
    look(desk, row, at).await.unwrap_or_else(Outcome::failed)
}

async fn look(desk: &Desk, row: &Row, at: Instant) -> Result<Outcome, Fault> {
    let Body { checkout } = leeway_json::read(&row.body)?;
    let Some(checkout) = desk.store.checkout(checkout)? else {
        return Ok(Outcome::Dropped("there is no such checkout"));
    };
    let Some(session) = checkout.session.clone() else {
        return reopen(desk, &checkout).await;
    };
    let provider = desk.provider_named(checkout.provider)?;
    let standing = match provider.look_up(&session, checkout.amount.currency()).await {
        Ok(standing) => standing,
        Err(Trouble::Unknown(why)) => return Ok(Outcome::Retry(why)),
        Err(Trouble::Refused(why)) => return Ok(Outcome::Dead(why)),
    };
    if standing == Standing::Open {
        return Ok(match next_look(&checkout, at) {
            Some(next) => Outcome::Later(next),
            None => Outcome::Dead("the provider has no end of it".to_owned()),
        });
    }
    let id = checkout.id;
    Ok(Outcome::Commit(Box::new(move |desk, at| desk.settle_checkout(id, &standing, at)), Then::End))
}

/// Closes what is open of a booking that changed. One that turns out to be paid, or to be in a bank's hands, is followed as any other.
pub async fn close(desk: &Desk, row: &Row) -> Outcome {
    let Some(booking) = row.booking else { return Outcome::Dropped("of no booking") };
    let checkouts = match desk.store.checkouts(booking) {
        Ok(checkouts) => checkouts,
        Err(fault) => return Outcome::Retry(format!("{fault:?}")),
    };
    let mut settled = Vec::new();
    for checkout in checkouts.iter().filter(|checkout| checkout.state == CheckoutState::Open) {
        let Some(session) = checkout.session.as_deref() else { continue };
        let provider = match desk.provider_named(checkout.provider) {
            Ok(provider) => provider,
            Err(fault) => return Outcome::Retry(format!("{fault:?}")),
        };
        match provider.close(session, checkout.amount.currency()).await {
            Ok(standing) => settled.push((checkout.id, standing)),
            Err(Trouble::Unknown(why)) => return Outcome::Retry(why),
            Err(Trouble::Refused(why)) => return Outcome::Dead(why),
        }
    }
    if settled.is_empty() {
        return Outcome::Done;
    }
    let record = move |desk: &Desk, at: Instant| {
        settled.iter().try_for_each(|(id, standing)| desk.settle_checkout(*id, standing, at))
    };
    Outcome::Commit(Box::new(record), Then::End)
}

/// The provider was asked, and nobody knows whether it heard: asked again it answers the same. Then it is followed as any other.
async fn reopen(desk: &Desk, checkout: &Checkout) -> Result<Outcome, Fault> {
    if checkout.state != CheckoutState::Opening {
        return Ok(Outcome::Dropped("it was never opened"));
    }
    desk.open_checkout(checkout, None).await?;
    Ok(Outcome::Later(first_look(checkout.made_at)))
}

/// In growing steps; from its end on, for as long as a bank's word can take.
fn next_look(checkout: &Checkout, at: Instant) -> Option<Instant> {
    let age_ms = at.ms().saturating_sub(checkout.made_at.ms());
    let step_ms = (age_ms / 2).clamp(FIRST_LOOK_MS, LOOKS_MS);
    let over = at > checkout.expires_at.shifted_ms(GIVEN_UP_MS);
    (!over).then(|| at.shifted_ms(step_ms))
}
