//! The demonstration: an operator with the bookings of `tests/fixtures/demo`, made through the public API.
//!
//! A story is a policy, slots, a booking and its payments, with dates relative to the day of seeding. Seeded once per data
//! folder: `demo.json` there remembers what was made.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::{self, Api};
use crate::project::Project;
use crate::secrets::{self, Secrets};
use crate::{progress, relative};

const STORIES: &str = "tests/fixtures/demo";
const FILE: &str = "demo.json";
/// How the demonstration's customers pay, until an account at Stripe is set.
const INSTRUCTIONS: &str = "Transfer to Adriatic & Co., IBAN HR12 1001 0051 8630 0016 0, or pay in cash at the pier, daily from 9:00 to 18:00.";

/// What was seeded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Demo {
    /// The operator's id.
    pub(crate) operator: String,
    /// The key of its API.
    pub(crate) api_key: String,
    /// The customers' links, in the order of the stories.
    pub(crate) control_urls: Vec<String>,
    /// What each link shows, for the reader.
    pub(crate) titles: Vec<String>,
}

/// One file of the fixtures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Story {
    /// One line for the reader.
    title: String,
    policy: Value,
    /// Slots that are open under the policy; the first one is that of the booking's first item.
    #[serde(default)]
    slots: Vec<Value>,
    booking: Value,
    payments: Vec<Value>,
}

/// The demonstration of a data folder; it is seeded if it is not there yet.
///
/// # Errors
/// A fixture is wrong, or the worker refuses it.
pub(crate) fn ensure(project: &Project, data: &Path, url: &str, secrets: &Secrets) -> Result<Demo> {
    let file = data.join(FILE);
    if let Ok(text) = fs::read_to_string(&file) {
        return serde_json::from_str(&text).with_context(|| format!("`{}` is damaged", file.display()));
    }
    let demo = progress::timed("demonstration", || seed(&stories(project)?, url, secrets))?;
    // It has the operator's key in it.
    secrets::write(&file, &serde_json::to_string_pretty(&demo)?)?;
    Ok(demo)
}

/// The links as they are under `url`: a data folder can be served on another port later.
pub(crate) fn links(demo: &Demo, url: &str) -> Vec<String> {
    let path = |link: &String| link.find("/b/").and_then(|at| link.get(at..)).unwrap_or_default().to_owned();
    demo.control_urls.iter().map(|link| format!("{url}{}", path(link))).collect()
}

fn stories(project: &Project) -> Result<Vec<Story>> {
    let folder = project.path(STORIES);
    let listed = fs::read_dir(&folder).with_context(|| format!("cannot read `{STORIES}`"))?;
    let mut files: Vec<_> = listed.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Result<Story> {
    serde_json::from_slice(&fs::read(file)?).with_context(|| format!("`{}` is not a story", file.display()))
}

fn seed(stories: &[Story], url: &str, secrets: &Secrets) -> Result<Demo> {
    let (operator, api_key) = operator(url, secrets)?;
    let api = Api::new(url, &api_key);
    api.put("/v1/providers/manual", &json!({ "instructions": INSTRUCTIONS }))?;
    let mut demo = Demo { operator, api_key, control_urls: Vec::new(), titles: Vec::new() };
    for story in stories {
        demo.control_urls.push(tell(&api, story)?);
        demo.titles.push(story.title.clone());
    }
    Ok(demo)
}

/// Makes an operator; answers its id and its key.
///
/// # Errors
/// The worker refuses.
pub(crate) fn operator(url: &str, secrets: &Secrets) -> Result<(String, String)> {
    let body = json!({"name": "Adriatic & Co.", "time_zone": "Europe/Zagreb", "currency": "EUR", "locale": "en"});
    let made = Api::new(url, &secrets.admin_key).post("/v1/operators", &body)?;
    Ok((http::text(&made, "id")?.to_owned(), http::text(&made, "api_key")?.to_owned()))
}

/// Makes a story's policy, slots, booking and payments; answers the customer's link.
fn tell(api: &Api, story: &Story) -> Result<String> {
    let name = http::text(&story.policy, "name")?;
    api.put(&format!("/v1/policies/{name}"), &story.policy)?;
    let mut booking = story.booking.clone();
    if !story.slots.is_empty() {
        let slots = story.slots.iter().map(|slot| open_slot(slot, name)).collect::<Result<Vec<_>>>()?;
        let opened = api.post("/v1/slots", &json!({ "slots": slots }))?;
        let first = opened.pointer("/slots/0/id").context("no slot was opened")?;
        let item = booking.pointer_mut("/items/0").and_then(Value::as_object_mut).context("a booking has an item")?;
        item.insert("slot_id".to_owned(), first.clone());
    }
    book(api, &booking, &story.payments)
}

/// A slot as the door takes it: its dates absolute, beside the rest.
fn open_slot(slot: &Value, policy: &str) -> Result<Value> {
    let mut slot = slot.clone();
    relative::resolve(&mut slot, Utc::now())?;
    let fields = slot.as_object_mut().context("a slot is an object")?;
    let time = fields.remove("slot").context("a slot has `starts`")?;
    fields.extend(time.as_object().cloned().context("`starts` is wrong")?);
    fields.insert("policy".to_owned(), json!(policy));
    Ok(slot)
}

/// Makes a booking and its payments; answers the customer's link.
///
/// # Errors
/// The worker refuses.
pub(crate) fn book(api: &Api, booking: &Value, payments: &[Value]) -> Result<String> {
    let mut booking = booking.clone();
    relative::resolve(&mut booking, Utc::now())?;
    let made = api.post("/v1/bookings", &booking)?;
    let id = http::text(&made, "id")?;
    for payment in payments {
        api.post(&format!("/v1/bookings/{id}/payments"), payment)?;
    }
    Ok(http::text(&made, "control_url")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_story_is_well_formed_and_ahead_of_us() {
        let project = Project::find().unwrap();
        let stories = stories(&project).unwrap();
        assert_eq!(stories.len(), 4);
        for story in stories {
            let mut booking = story.booking;
            relative::resolve(&mut booking, Utc::now()).unwrap();
            assert_eq!(booking["policy"], story.policy["name"], "{}", story.title);
            if let Some(first) = story.slots.first() {
                let first = open_slot(first, "p").unwrap();
                assert_eq!(booking["items"][0]["slot"]["starts_at"], first["starts_at"], "{}", story.title);
                assert_eq!(booking["items"][0]["service"], first["service"], "{}", story.title);
            }
            for item in booking["items"].as_array().unwrap() {
                let start: chrono::DateTime<Utc> = item["slot"]["starts_at"].as_str().unwrap().parse().unwrap();
                assert!(start > Utc::now(), "{}", story.title);
            }
        }
    }

    #[test]
    fn links_follow_the_port() {
        let control_urls = vec!["http://127.0.0.1:8787/b/abc".to_owned()];
        let demo = Demo { operator: String::new(), api_key: String::new(), control_urls, titles: Vec::new() };
        assert_eq!(links(&demo, "http://127.0.0.1:9000"), ["http://127.0.0.1:9000/b/abc"]);
    }
}
