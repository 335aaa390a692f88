//! The worker as a host: every step through its doors, the clock through a header that only the tests' worker reads.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use leeway_core::{Booking, Instant};
use serde_json::{Value, json};
use ureq::Agent;
use uuid::Uuid;

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
    /// The bookings of this vector, the one that steps are about last.
    bookings: Vec<Known>,
    slots: Vec<Uuid>,
    /// The command of each step, where it is one that can be taken back.
    steps: Vec<Option<String>>,
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
        let (key, bookings, slots, steps) = (String::new(), Vec::new(), Vec::new(), Vec::new());
        let mut worker = Self { agent: config.build().into(), base, key, requests: 0, bookings, slots, steps };
        let operator = json!({"name": "Vectors", "time_zone": "Europe/Zagreb", "currency": "EUR", "locale": "en"});
        let made = worker.post(Caller::Bearer(admin_key), "/v1/operators", None, &operator)?.success(201)?;
        worker.key = text(&made, "api_key")?.to_owned();
        Ok(worker)
    }

    fn known(&self) -> Result<&Known> {
        self.bookings.last().context("no booking has been made")
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

    /// What a door of the operator's shows.
    fn get(&self, path: &str, at: Instant) -> Result<Value> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("leeway-test-now", at.to_string());
        let answer = request.header("authorization", format!("Bearer {}", self.key)).call();
        reply(answer)?.success(200).with_context(|| format!("GET {path}"))
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
        if let Some(known) = self.bookings.last_mut() {
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
        let command = text(&receipt, "id")?.to_owned();
        if let Some(step) = self.steps.last_mut() {
            *step = Some(command);
        }
        let view = self.view(step.at)?;
        for member in ["totals", "status", "payment_status"] {
            let (told, seen) = (receipt.get(member), view.get(member));
            ensure!(told.is_some() && told == seen, "the receipt's `{member}` is {told:?}, the view's {seen:?}");
        }
        Ok(Answer::Done(Some(quote)))
    }

    /// A command that no public door takes; answers what the door did.
    fn command(&mut self, step: &Step, kind: &str, command: &Value) -> Result<std::result::Result<Value, Answer>> {
        let path = format!("/test/bookings/{}/commands", self.known()?.booking.id);
        let mut command = command.clone();
        command.as_object_mut().context("a command is an object")?.insert("type".to_owned(), json!(kind));
        let reply = self.post(Caller::Operator, &path, Some(step.at), &command)?;
        Ok(if reply.status == 200 { Ok(reply.body) } else { Err(reply.refusal()?) })
    }

    fn done(&mut self, step: &Step, kind: &str, command: &Value) -> Result<Answer> {
        Ok(self.command(step, kind, command)?.map_or_else(|refused| refused, |_| Answer::Done(None)))
    }

    /// A door of the operator's; done where it answers with this status.
    fn ask(&mut self, step: &Step, path: &str, body: &Value, status: u16) -> Result<Answer> {
        let reply = self.post(Caller::Operator, path, Some(step.at), body)?;
        if reply.status == status { Ok(Answer::Done(None)) } else { reply.refusal() }
    }

    /// Something new of the booking that steps are about.
    fn add(&mut self, step: &Step, door: &str, body: &Value) -> Result<Answer> {
        let path = format!("/v1/bookings/{}/{door}", self.known()?.booking.id);
        self.ask(step, &path, body, 201)
    }

    /// `{"refund":…}` and the step beside it, whose type is the door. What a provider says has none.
    fn refund(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        let mut inner = wanted.clone();
        let members = inner.as_object_mut().context("a step is an object")?;
        let refund = members.remove("refund").context("there is no `refund`")?;
        if members.get("type") == Some(&json!("provider")) {
            return self.done(step, "refund", &json!({"refund": refund, "step": inner}));
        }
        let door = members.remove("type").context("there is no `type`")?;
        let (id, door) = (refund.as_str().context("a refund has an id")?, door.as_str().context("a type is a word")?);
        self.ask(step, &format!("/v1/refunds/{id}/{}", door.replace('_', "-")), &inner, 200)
    }

    /// The step is counted from 0; one that canceled nothing is no command that anybody knows.
    fn undo(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        let index = wanted.get("step").and_then(Value::as_u64).context("`step` is counted from 0")?;
        let command = self.steps.get(usize::try_from(index)?).cloned().flatten();
        let mut wanted = wanted.clone();
        let members = wanted.as_object_mut().context("`undo` is an object")?;
        members.remove("step");
        members.insert("command".to_owned(), json!(command.unwrap_or_else(|| NOBODY.to_string())));
        let actor = match step.actor {
            Who::Customer => "customer",
            Who::Operator => "operator",
        };
        members.insert("actor".to_owned(), json!(actor));
        self.done(step, "undo", &wanted)
    }

    /// The voucher is counted from 0, over all bookings.
    fn redeem(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        let index = wanted.get("voucher").and_then(Value::as_u64).context("`voucher` is counted from 0")?;
        let vouchers = self.vouchers(step.at)?;
        let voucher = vouchers.get(usize::try_from(index)?).context("no such voucher was issued")?;
        let mut payment = wanted.clone();
        if let Some(members) = payment.as_object_mut() {
            members.insert("voucher".to_owned(), voucher.get("code").cloned().context("a voucher has a code")?);
            members.insert("method".to_owned(), json!("voucher"));
        }
        self.add(step, "payments", &payment)
    }

    fn collect(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        Ok(self.command(step, "collect", wanted)?.map_or_else(|refused| refused, |body| Answer::Done(Some(body))))
    }

    /// `{"slot":…}` and the command beside it.
    fn change_slot(&mut self, step: &Step, wanted: &Value) -> Result<Answer> {
        let mut command = wanted.clone();
        let slot = command.as_object_mut().and_then(|members| members.remove("slot"));
        let slot = slot.context("there is no `slot`")?;
        let path = format!("/v1/slots/{}", slot.as_str().context("a slot is named by its id")?);
        self.ask(step, &path, &command, 200)
    }

    /// The vouchers of all bookings of this vector with their codes, the oldest first.
    fn vouchers(&self, at: Instant) -> Result<Vec<Value>> {
        let mut vouchers = Vec::new();
        for known in &self.bookings {
            let view = self.get(&format!("/v1/bookings/{}", known.booking.id), at)?;
            let own = view.get("vouchers").and_then(Value::as_array).context("the view has no `vouchers`")?;
            vouchers.extend(own.iter().cloned());
        }
        vouchers.sort_by_key(|coded| coded.pointer("/voucher/issued_at").map(Value::to_string));
        Ok(vouchers)
    }

    fn places(&self, at: Instant) -> Result<Value> {
        let mut slots = Vec::with_capacity(self.slots.len());
        for id in &self.slots {
            let slot = self.get(&format!("/v1/slots/{id}"), at)?;
            slots.push(json!({"capacity": slot.get("capacity"), "room": slot.get("room")}));
        }
        Ok(Value::Array(slots))
    }

    fn pay(&mut self, step: &Step, payment: &Value) -> Result<Answer> {
        if payment.get("again").is_some() {
            return self.done(step, "pay_again", payment);
        }
        self.add(step, "payments", payment)
    }
}

impl Host for Worker {
    fn open(&mut self, wanted: &Wanted, at: Instant) -> Result<()> {
        (self.bookings, self.slots, self.steps) = (Vec::new(), Vec::new(), Vec::new());
        self.put_policy(&wanted.policy, at)?;
        if wanted.slots.is_empty() {
            return Ok(());
        }
        let policy = wanted.policy.get("name").context("the policy has no `name`")?;
        let mut slots = wanted.slots.clone();
        for slot in slots.iter_mut().filter_map(Value::as_object_mut) {
            slot.insert("policy".to_owned(), policy.clone());
        }
        let made = self.post(Caller::Operator, "/v1/slots", Some(at), &json!({"slots": slots}))?.success(201)?;
        let opened = made.get("slots").and_then(Value::as_array).context("no `slots`")?;
        self.slots = opened.iter().map(|slot| Ok(text(slot, "id")?.parse()?)).collect::<Result<_>>()?;
        Ok(())
    }

    fn make(&mut self, request: &Value, at: Instant) -> Result<Answer> {
        let reply = self.post(Caller::Operator, "/v1/bookings", Some(at), request)?;
        if reply.status != 201 {
            return reply.refusal();
        }
        let made = reply.body;
        let booking: Booking = serde_json::from_str(&made.get("booking").context("no `booking`")?.to_string())?;
        let (_, token) = text(&made, "control_url")?.rsplit_once("/b/").context("`control_url` is no control link")?;
        self.bookings.push(Known { booking, control: format!("/v1/control/{token}") });
        Ok(Answer::Done(None))
    }

    fn booking(&self) -> Option<&Booking> {
        self.bookings.last().map(|known| &known.booking)
    }

    fn slots(&self) -> &[Uuid] {
        &self.slots
    }

    fn step(&mut self, step: &Step) -> Result<Answer> {
        self.steps.push(None);
        match &step.verb {
            Verb::Pay(payment) => self.pay(step, payment),
            Verb::NoteFee(noted) => self.done(step, "note_fee", noted),
            Verb::Undo(wanted) => self.undo(step, wanted),
            Verb::Act(action) => self.act(step, action),
            Verb::Quote(action) => self.quote(step, action),
            Verb::EnterRefund(entry) => self.add(step, "refunds", entry),
            Verb::FinalizeRefund(index) => {
                let refund = self.known()?.booking.refunds.get(*index).map_or(NOBODY, |refund| refund.id.0);
                self.refund(step, &json!({"refund": refund, "type": "finalize"}))
            }
            Verb::Refund(wanted) => self.refund(step, wanted),
            Verb::Adjust(adjust) => self.add(step, "adjustments", adjust),
            Verb::Redeem(wanted) => self.redeem(step, wanted),
            Verb::Slot(wanted) => self.change_slot(step, wanted),
            Verb::Collect(wanted) => self.collect(step, wanted),
            Verb::Make(request) => self.make(request, step.at),
            Verb::EditPolicy(policy) => self.put_policy(policy, step.at).map(|()| Answer::Done(None)),
            Verb::Check => Ok(Answer::Done(None)),
        }
    }

    fn seen(&mut self, step: &Step) -> Result<Seen> {
        let view = self.view(step.at)?;
        let member = |name: &str| view.get(name).cloned().with_context(|| format!("the view has no `{name}`"));
        let operators = self.get(&format!("/v1/bookings/{}", self.known()?.booking.id), step.at)?;
        Ok(Seen {
            totals: member("totals")?,
            status: member("status")?,
            payment_status: member("payment_status")?,
            options: member("options")?,
            timeline: member("timeline")?,
            work: operators.get("work").cloned().context("the operator's view has no `work`")?,
            vouchers: self.vouchers(step.at)?.iter().filter_map(|coded| coded.get("voucher")).cloned().collect(),
            slots: self.places(step.at)?,
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
            (404 | 409 | 422, Some(code), Some(params)) => Ok(Answer::Refused(json!({"code": code, "params": params}))),
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
