//! One operator with very many bookings: how long its lists, searches and statistics take, door by door.
//!
//! Every booking is made through the doors, and so are its payment, its cancellation and its refund; nothing is written by SQL. What is measured is
//! what the worker wrote, in the order and on the pages in which it wrote it; that takes minutes for 100,000, and no schema has to be known here.

mod doors;
mod guests;

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::SUCCESS;
use crate::http::Api;
use crate::load::{self, Connection, Stop};
use crate::project::Project;
use crate::worker::{self, Beside};
use crate::{Outcome, demo, http, progress};

use guests::Guest;

/// A key may ask a thousand times a second: more than one makes the bookings.
const KEYS: usize = 4;
const SAID_EVERY: u32 = 10_000;

/// Makes the bookings, measures and prints.
///
/// # Errors
/// The worker refuses something, or a door finds nothing: then it was not measured.
pub(super) fn measure(project: &Project, bookings: u32) -> Result<Outcome> {
    let port = worker::free_port()?;
    let (worker, secrets) = super::start(project, "many", port, Beside::Nothing)?;
    let (_, key) = demo::operator(worker.url(), &secrets)?;
    Api::new(worker.url(), &key).put("/v1/policies/standard", &super::fixture(project, "policy.json")?)?;
    progress::timed(&format!("{bookings} bookings"), || make(port, &keys(port, key.clone())?, bookings))?;
    let mut connection = Connection::open(port)?;
    connection.use_key(&key);
    let doors = doors::all(&mut connection, bookings)?;
    let measured = progress::timed("doors", || doors::measure(&mut connection, doors))?;
    doors::print(bookings, &measured);
    Ok(Outcome::Passed)
}

/// The operator's first key, and more of the kind.
fn keys(port: u16, first: String) -> Result<Vec<String>> {
    let mut connection = Connection::open(port)?;
    connection.use_key(&first);
    let mut keys = vec![first];
    while keys.len() < KEYS {
        let made = post(&mut connection, "/v1/keys", &json!({ "name": "bench", "role": "finance" }))?;
        keys.push(http::text(&made, "api_key")?.to_owned());
    }
    Ok(keys)
}

fn make(port: u16, keys: &[String], bookings: u32) -> Result<()> {
    let (now, made) = (Utc::now(), AtomicU32::new(0));
    load::load(port, Stop::Turns(bookings.into()), |connection, number| {
        let key = keys.get(usize::try_from(number)? % keys.len()).context("no key")?;
        connection.use_key(key);
        let requests = book(connection, &Guest::of(u32::try_from(number)?), now)?;
        let made = made.fetch_add(1, Ordering::Relaxed) + 1;
        if made.is_multiple_of(SAID_EVERY) {
            progress::say(&format!("{made} bookings …"));
        }
        Ok(requests)
    })
    .map(drop)
}

/// Everything that one guest does; answers how many requests that took.
fn book(connection: &mut Connection, guest: &Guest, now: DateTime<Utc>) -> Result<u64> {
    let made = post(connection, "/v1/bookings", &guest.booking(now))?;
    let door = format!("/v1/bookings/{}", http::text(&made, "id")?);
    let Some(payment) = guest.payment() else { return Ok(1) };
    post(connection, &format!("{door}/payments"), &payment)?;
    if let Some(refund) = guest.compensation() {
        post(connection, &format!("{door}/refunds"), &refund)?;
        return Ok(3);
    }
    let Some(action) = guest.cancellation() else { return Ok(2) };
    let quote = post(connection, &format!("{door}/quotes"), &action)?;
    let done = json!({ "action": action, "quote": http::text(&quote, "token")? });
    post(connection, &format!("{door}/actions"), &done)?;
    Ok(4)
}

fn post(connection: &mut Connection, path: &str, body: &Value) -> Result<Value> {
    let answer = connection.post(path, &body.to_string())?.expect(SUCCESS).with_context(|| format!("POST {path}"))?;
    Ok(serde_json::from_slice(&answer.body)?)
}
