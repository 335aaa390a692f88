//! The worker's API as the seeders call it: JSON in, JSON out, over the loopback address.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ureq::Agent;

use crate::secrets;

const TIMEOUT: Duration = Duration::from_secs(20);

/// A worker and the key that opens its doors.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    agent: Agent,
    base: String,
    authorization: String,
}

impl Api {
    /// For the worker at `base`, with an operator's or the administrator's key.
    pub(crate) fn new(base: &str, key: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(TIMEOUT)).proxy(None);
        Self { agent: config.build().into(), base: base.to_owned(), authorization: format!("Bearer {key}") }
    }

    /// Whether `GET /healthz` answers 200.
    pub(crate) fn is_ready(&self) -> bool {
        let answer = self.agent.get(format!("{}/healthz", self.base)).call();
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// Posts, with a key that makes a repetition harmless.
    ///
    /// # Errors
    /// Nobody answers, or the answer is not a success; the message has what the worker said.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = request.header("authorization", &self.authorization);
        let answer = request.header("idempotency-key", secrets::hex(16)?).send_json(body);
        read(answer, &format!("POST {path}"))
    }

    /// Puts.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub(crate) fn put(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.agent.put(format!("{}{path}", self.base));
        read(request.header("authorization", &self.authorization).send_json(body), &format!("PUT {path}"))
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>, what: &str) -> Result<Value> {
    let mut answer = answer.with_context(|| format!("{what} got no answer"))?;
    let text = answer.body_mut().read_to_string()?;
    let status = answer.status();
    if !status.is_success() {
        bail!("{what} was answered {status}: {text}");
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).with_context(|| format!("{what} was answered with something that is not JSON"))
}

/// A text in an answer.
///
/// # Errors
/// The answer has none of this name.
pub(crate) fn text<'a>(answer: &'a Value, name: &str) -> Result<&'a str> {
    answer.get(name).and_then(Value::as_str).with_context(|| format!("the answer has no `{name}`: {answer}"))
}
