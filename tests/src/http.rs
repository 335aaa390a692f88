//! The worker as a host: every step through its doors, the clock through a header that only the tests' worker reads.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use leeway_core::{Booking, Instant};
use serde_json::{Value, json};
use ureq::Agent;

use crate::resolve::{NOBODY, Wanted};
use crate::run::{Answer, Host, Seen};
use crate::vector::{Step, Verb, Who};

const TIMEOUT: Duration = Duration::from_secs(20);

/// An operator of a worker.
#[derive(Debug)]
pub struct Worker {
    agent: Agent,
    base: String,
    key: String,
    requests: u64,
    booking: Option<Known>,
}

/// A booking that the worker has.
#[derive(Debug)]
struct Known {
    booking: Booking,
    /// The doors of the control link: `/v1/control/TOKEN`.
    control: String,
}

/// What the worker answers.
#[derive(Debug)]
struct Reply {
    status: u16,
    body: Value,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
enum Caller<'a> {
    /// Whoever has the control link, which is in the path.
    Anybody,
    /// With the operator's key.
    Operator,
    /// With another key.
    Bearer(&'a str),
}

impl Worker {
    /// Makes an operator at the worker at `base`.
    ///
    /// # Errors
    /// The worker does not answer as described.
    pub fn new(base: &str, admin_key: &str) -> Result<Self> {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(TIMEOUT)).proxy(None);
        let base = base.trim_end_matches('/').to_owned();
        let mut worker = Self { agent: config.build().into(), base, key: String::new(), requests: 0, booking: None };
        let operator = json!({"name": "Vectors", "time_zone": "Europe/Zagreb", "currency": "EUR", "locale": "en"});
        let made = worker.post(Caller::Bearer(admin_key), "/v1/operators", None, &operator)?.success(201)?;
        worker.key = text(&made, "api_key")?.to_owned();
        Ok(worker)
    }

    fn known(&self) -> Result<&Known> {
        self.booking.as_ref().context("no booking has been made")
    }

    fn post(&mut self, caller: Caller<'_>, path: &str, at: Option<Instant>, body: &Value) -> Result<Reply> {
        self.requests += 1;
        let mut request = self.agent.post(format!("{}{path}", self.base));
        request = request.header("idempotency-key", format!("vectors-{}-{}", std::process::id(), self.requests));
        request = match caller {
            Caller::Anybody => request,
            Caller::Operator => request.header("authorization", format!("Bearer {}", self.key)),
            Caller::Bearer(key) => request.header("authorization", format!("Bearer {key}")),
        };
        if let Some(at) = at {
            request = request.header("leeway-test-now", at.to_string());
        }
        let answer = request.send_json(body);
        reply(answer).with_context(|| format!("POST {path}"))
    }

    fn put_policy(&self, policy: &Value, at: Instant) -> Result<()> {
        let name = text(policy, "name")?;
        let path = format!("/v1/policies/{name}");
        let request = self.agent.put(format!("{}{path}", self.base));
        let request = request.header("authorization", format!("Bearer {}", self.key));
        let answer = reply(request.header("leeway-test-now", at.to_string()).send_json(policy))?;
        ensure!(matches!(answer.status, 200 | 201 | 204), "PUT {path} was answered {}: {}", answer.status, answer.body);
        Ok(())
    }

    fn view(&mut self, at: Instant) -> Result<Value> {
        let path = &self.known()?.control;
        let request = self.agent.get(format!("{}{path}", self.base)).header("leeway-test-now", at.to_string());
        let view = reply(request.call())?.success(200).with_context(|| format!("GET {path}"))?;
        let booking = view.get("booking").context("the view has no `booking`")?;
        let booking: Booking = serde_json::from_str(&booking.to_string())?;
        if let Some(known) = &mut self.booking {
            known.booking = booking;
        }
        Ok(view)
    }

    /// Through the doors of an actor: the control link for customers, the API for operators.
    fn through(&mut self, step: &Step, door: &str, body: &Value) -> Result<Reply> {
        let known = self.known()?;
        let (caller, path) = match step.actor {
            Who::Customer => (Caller::Anybody, format!("{}/{door}", known.control)),
            Who::Operator => (Caller::Operator, format!("/v1/bookings/{}/{door}", known.booking.id)),
        };
        self.post(caller, &path, Some(step.at), body)
    }

    fn quote(&mut self, step: &Step, action: &Value) -> Result<Answer> {
        let reply = self.through(step, "quotes", action)?;
        Ok(if reply.status == 200 { Answer::Done(Some(reply.body)) } else { reply.refusal()? })
    }

    fn act(&mut self, step: &Step, action: &Value) -> Result<Answer> {
        let quote = match self.quote(step, action)? {
            Answer::Done(Some(quote)) => quote,
            answer @ (Answer::Done(None) | Answer::Refused(_)) => return Ok(answer),
        };
        let token = text(&quote, "token")?;
        let receipt = self.through(step, "actions", &json!({"action": action, "quote": token}))?;
        let receipt = receipt.success(201).context("the quote is not honored")?;
        let view = self.view(step.at)?;
        for member in ["totals", "status", "payment_status"] {
            let (told, seen) = (receipt.get(member), view.get(member));
            ensure!(told.is_some() && told == seen, "the receipt's `{member}` is {told:?}, the view's {seen:?}");
        }
        Ok(Answer::Done(Some(quote)))
    }

    /// A command that no public door takes yet.
    fn command(&mut self, step: &Step, command: &Value) -> Result<Answer> {
        let path = format!("/test/bookings/{}/commands", self.known()?.booking.id);
        let reply = self.post(Caller::Operator, &path, Some(step.at), command)?;
        if reply.status == 200 { Ok(Answer::Done(None)) } else { reply.refusal() }
    }

    fn pay(&mut self, step: &Step, payment: &Value) -> Result<Answer> {
        let path = format!("/v1/bookings/{}/payments", self.known()?.booking.id);
        let reply = self.post(Caller::Operator, &path, Some(step.at), payment)?;
        if reply.status == 201 { Ok(Answer::Done(None)) } else { reply.refusal() }
    }
}

impl Host for Worker {
    fn make(&mut self, wanted: &Wanted, at: Instant) -> Result<()> {
        self.put_policy(&wanted.policy, at)?;
        let made = self.post(Caller::Operator, "/v1/bookings", Some(at), &wanted.request)?.success(201)?;
        let booking: Booking = serde_json::from_str(&made.get("booking").context("no `booking`")?.to_string())?;
        let (_, token) = text(&made, "control_url")?.rsplit_once("/b/").context("`control_url` is no control link")?;
        self.booking = Some(Known { booking, control: format!("/v1/control/{token}") });
        Ok(())
    }

    fn booking(&self) -> Option<&Booking> {
        self.booking.as_ref().map(|known| &known.booking)
    }

    fn step(&mut self, step: &Step) -> Result<Answer> {
        match &step.verb {
            Verb::Pay(payment) => self.pay(step, payment),
            Verb::Act(action) => self.act(step, action),
            Verb::Quote(action) => self.quote(step, action),
            Verb::EnterRefund(entry) => {
                let mut command = entry.clone();
                if let Some(members) = command.as_object_mut() {
                    members.insert("type".to_owned(), json!("enter_refund"));
                }
                self.command(step, &command)
            }
            Verb::FinalizeRefund(index) => {
                let refund = self.known()?.booking.refunds.get(*index).map_or(NOBODY, |refund| refund.id.0);
                self.command(step, &json!({"type": "finalize_refund", "refund": refund}))
            }
            Verb::EditPolicy(policy) => self.put_policy(policy, step.at).map(|()| Answer::Done(None)),
            Verb::Check => Ok(Answer::Done(None)),
        }
    }

    fn seen(&mut self, step: &Step) -> Result<Seen> {
        let view = self.view(step.at)?;
        let member = |name: &str| view.get(name).cloned().with_context(|| format!("the view has no `{name}`"));
        Ok(Seen {
            totals: member("totals")?,
            status: member("status")?,
            payment_status: member("payment_status")?,
            options: member("options")?,
            timeline: member("timeline")?,
        })
    }
}

impl Reply {
    fn success(self, status: u16) -> Result<Value> {
        ensure!(self.status == status, "expected {status}, was answered {}: {}", self.status, self.body);
        Ok(self.body)
    }

    /// The rules' "no": a problem with `code` and `params`. Anything else is no refusal but a failure.
    fn refusal(self) -> Result<Answer> {
        let (code, params) = (self.body.get("code"), self.body.get("params"));
        match (self.status, code, params) {
            (409 | 422, Some(code), Some(params)) => Ok(Answer::Refused(json!({"code": code, "params": params}))),
            _ => bail!("was answered {}: {}", self.status, self.body),
        }
    }
}

fn text<'a>(value: &'a Value, member: &str) -> Result<&'a str> {
    value.get(member).and_then(Value::as_str).with_context(|| format!("there is no `{member}`"))
}

fn reply(answer: std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Reply> {
    let mut answer = answer.context("no answer")?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string()?;
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).with_context(|| format!("status {status} with something that is not JSON"))?
    };
    Ok(Reply { status, body })
}
