//! What an operator's systems use: operators, policies, bookings, manual payments, actions, links. Slots are in [`super::slot_doors`].

use leeway_core::booking::{Method as PaymentMethod, Reference};
use leeway_core::command::{Adjust, RecordPayment};
use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, CommandId, OperatorId, PaymentId};
use leeway_core::policy::lint::{Finding, Sample, lint};
use leeway_core::request::{BookingRequest, Personal, prepare};
use leeway_core::sort::distinct;
use leeway_core::time::Zone;
use leeway_core::{Action, Actor, Booking, Command, Currency, Envelope, Money, Policy, Refusal, carry_out};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::acting::{Acting, CommitRequest, stamp};
use super::offers::LookedUp;
use super::view::View;
use super::{Asked, Desk};
use crate::access::{ApiKey, Link, Role, Scope, revoked};
use crate::problem::Problem;
use crate::reply::{Kind, Reply};
use crate::route::{ApiDoor, EndpointDoor, Method, ProviderDoor};
use crate::store::{Commit, Document, Fault, KeyRow, Loaded, Operator, StoredSlots};
use crate::{base64url, host, input, log};

/// The door that tries a policy: beside those of the stored ones, which take no POST.
const LINT: &str = "lint";
/// How long a control link works after the last slot of its booking has ended.
const LINK_AFTER_END_S: i64 = 90 * 24 * 60 * 60;
/// The longest idempotency key.
const IDEMPOTENCY_KEY_CHARS_MAX: usize = 255;

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OperatorRequest {
    name: String,
    time_zone: Zone,
    currency: Currency,
    locale: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NewOperator<'a> {
    id: OperatorId,
    /// Shown once.
    api_key: String,
    operator: &'a Operator,
}

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    method: PaymentMethod,
    /// Absent with a voucher: as much as is owed and the voucher has.
    #[serde(default)]
    amount: Option<Money>,
    #[serde(default)]
    gateway_fee: Option<Money>,
    /// The code of the voucher that it is paid with.
    #[serde(default)]
    voucher: Option<String>,
}

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LintRequest {
    policy: Policy,
    /// What one item of a usual booking costs, and for how many.
    #[serde(default)]
    sample: Option<Sample>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Linted {
    findings: Vec<Finding>,
}

impl Desk {
    pub(super) fn new_operator(&self, asked: &Asked) -> Result<Reply, Fault> {
        let id = asked.new_operator.as_deref().and_then(|text| Uuid::try_parse(text).ok()).map(OperatorId);
        let id = id.ok_or_else(|| Fault::platform("no operator's id"))?;
        let OperatorRequest { name, time_zone, currency, locale } = input::json(&asked.body)?;
        if name.trim().is_empty() || name.chars().count() > 120 {
            return Err(Problem::malformed("name", "a name has 1 to 120 characters").into());
        }
        if locale.is_empty() || locale.len() > 35 || !locale.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Problem::malformed("locale", "not a language tag such as `en-GB`").into());
        }
        let operator = Operator { id, name, time_zone: time_zone.name().to_owned(), currency, locale };
        let key = ApiKey { operator: id, secret: host::fresh_uuid(asked.at.ms()) };
        let api_key = key.seal(&self.config.keys).ok_or_else(|| Fault::platform("no key to sign with"))?;
        let first = KeyRow {
            id: host::fresh_uuid(asked.at.ms()),
            name: "First key".to_owned(),
            role: Role::Admin,
            made_at: asked.at,
            expires_at: None,
            revoked_at: None,
        };
        self.store.transaction(|| self.store.make_operator(&operator, &first, &key.hash()))?;
        let reply = Reply::json(201, &NewOperator { id, api_key, operator: &operator });
        log::committed("operator_made", id, id, 1);
        self.operator.get_or_init(|| operator);
        Ok(reply)
    }

    pub(super) fn api(&self, door: ApiDoor<'_>, query: &str, asked: &Asked) -> Result<Reply, Fault> {
        asked.check_role(door.role(asked.method))?;
        if asked.method != Method::Post {
            return self.api_once(door, query, asked);
        }
        let Some(key) = &asked.idempotency_key else { return self.api_once(door, query, asked) };
        if key.is_empty() || key.chars().count() > IDEMPOTENCY_KEY_CHARS_MAX {
            return Err(Problem::malformed("Idempotency-Key", "an idempotency key has 1 to 255 characters").into());
        }
        if shows_once(door) {
            // What is shown once is not stored, so there would be nothing to answer with.
            return Err(Problem::malformed("Idempotency-Key", "what this answers is shown once and not again").into());
        }
        self.idempotent(key, asked, || self.api_once(door, query, asked))
    }

    /// Answers the same key the same way; what it did and its answer are one commit.
    fn idempotent(&self, key: &str, asked: &Asked, act: impl FnOnce() -> Result<Reply, Fault>) -> Result<Reply, Fault> {
        let digest = Sha256::new().chain_update(&asked.url).chain_update([0]).chain_update(&asked.body).finalize();
        let hash = base64url::encode(&digest);
        if let Some((known, status, body)) = self.store.answered(key, asked.at)? {
            if known != hash {
                return Err(Problem::KEY_REUSED.at("Idempotency-Key").into());
            }
            return Ok(Reply::bytes(status, Kind::Json, body.into_bytes()));
        }
        self.store.transaction(|| {
            let reply = act()?;
            if reply.kind == Kind::Json {
                let body = String::from_utf8_lossy(&reply.body);
                self.store.remember_answer(key, &hash, reply.status, &body, asked.at)?;
            }
            Ok(reply)
        })
    }

    fn api_once(&self, door: ApiDoor<'_>, query: &str, asked: &Asked) -> Result<Reply, Fault> {
        match door {
            ApiDoor::Policy(LINT) if asked.method == Method::Post => Self::lint(asked),
            ApiDoor::Policy(name) => self.policy(name, asked),
            ApiDoor::Slots if asked.method == Method::Get => self.list_slots(asked),
            ApiDoor::Slots => self.open_slots(asked),
            ApiDoor::Slot(id) => self.slot(id, asked),
            ApiDoor::Bookings if asked.method == Method::Get => self.list_bookings(asked),
            ApiDoor::Bookings => self.new_booking(asked),
            ApiDoor::Booking(id) => {
                let document = self.own(id)?;
                self.operator_view(200, &document, asked)
            }
            ApiDoor::Payments(id) => self.payment(id, asked),
            ApiDoor::Quotes(id) => {
                let action: Action = input::json(&asked.body)?;
                let document = self.own(id)?;
                let loaded = document.read(None)?;
                let acting =
                    Acting { operator: self.operator()?.id, booking: loaded.booking.id, origin: asked.origin() };
                self.bound_quote(acting, &loaded.booking, &action, asked.at)?.reply()
            }
            ApiDoor::Actions(id) => {
                let request: CommitRequest = input::json(&asked.body)?;
                if is_against_policy(&request.action) {
                    asked.check_role(Role::Finance)?;
                }
                let document = self.own(id)?;
                let acting = Acting { operator: self.operator()?.id, booking: booking_id(id)?, origin: asked.origin() };
                if asked.if_match.is_some() {
                    asked.check_version(document.read(None)?.booking.version)?;
                }
                self.commit(acting, &document, &request, asked.at)?.into_reply()
            }
            ApiDoor::Undo(id) => {
                let acting = Acting { operator: self.operator()?.id, booking: booking_id(id)?, origin: asked.origin() };
                self.undo(acting, &self.own(id)?, asked)?;
                self.operator_view(200, &self.own(id)?, asked)
            }
            ApiDoor::Links(id) => {
                let after = self.command(self.own(id)?.read(None)?, Command::RevokeLinks, asked)?;
                revoked::remember(after.id, after.link_generation);
                self.operator_view(201, &self.own(id)?, asked)
            }
            ApiDoor::Adjustments(id) => {
                let adjust: Adjust = input::json(&asked.body)?;
                self.command(self.own(id)?.read(None)?, Command::Adjust(adjust), asked)?;
                self.operator_view(201, &self.own(id)?, asked)
            }
            ApiDoor::Refund(door) => self.refund_door(door, asked),
            ApiDoor::Voucher(code) => self.voucher(code, asked),
            ApiDoor::PaymentLinks(id) => self.payment_links(id, asked),
            ApiDoor::Bills => self.bill_without_booking(asked),
            ApiDoor::Bill(id) => self.payment_link(id, asked),
            ApiDoor::Provider(ProviderDoor::Stripe) => self.stripe_settings(asked),
            ApiDoor::Provider(ProviderDoor::Manual) => self.manual_settings(asked),
            ApiDoor::Endpoints(door) => self.endpoint_door(door, asked),
            ApiDoor::Notices => self.notices(query),
            ApiDoor::Settings => self.settings(asked),
            ApiDoor::Outbox => self.outbox(query),
            ApiDoor::OutboxRetry(seq) => self.retry_row(seq, asked),
            ApiDoor::Policies => self.policies(),
            ApiDoor::WhatIf(name) => self.what_if(name, asked),
            ApiDoor::Events(id) => self.trail(id, asked),
            ApiDoor::Personal(id) => self.erase_personal(id),
            ApiDoor::Key(door) => self.key_door(door, asked),
            ApiDoor::Mail => self.mail(asked),
            // It waits for the outside: see `waiting`.
            ApiDoor::MailTest => Err(Problem::NOT_FOUND.into()),
            ApiDoor::Templates => self.templates(),
            ApiDoor::Template(kind, locale) => self.template(kind, locale, asked),
            ApiDoor::Preview => self.preview(asked),
            #[cfg(feature = "test-doors")]
            ApiDoor::Commands(id) => self.test_command(id, asked),
        }
    }

    /// One of this operator's bookings: another's is in another object, and so unknown here.
    pub(super) fn own(&self, id: &str) -> Result<Document, Fault> {
        self.store.document(booking_id(id)?)?.ok_or_else(|| Problem::BOOKING_UNKNOWN.into())
    }

    fn policy(&self, name: &str, asked: &Asked) -> Result<Reply, Fault> {
        if asked.method == Method::Get {
            let policy = self.store.policy(name)?.ok_or(Problem::NOT_FOUND)?;
            return Ok(Reply::json(200, &policy));
        }
        let policy: Policy = input::json(&asked.body)?;
        if policy.name.as_str() != name {
            return Err(Problem::malformed("name", format!("the door is that of `{name}`")).into());
        }
        let is_new = self.store.put_policy(&policy, asked.at)?;
        Ok(Reply::json(if is_new { 201 } else { 200 }, &policy))
    }

    /// What an operator cannot have meant by a policy. Nothing is stored.
    fn lint(asked: &Asked) -> Result<Reply, Fault> {
        let LintRequest { policy, sample } = input::json(&asked.body)?;
        Ok(Reply::json(200, &Linted { findings: lint(&policy, sample.as_ref()) }))
    }

    fn new_booking(&self, asked: &Asked) -> Result<Reply, Fault> {
        let request: BookingRequest = input::json(&asked.body)?;
        let policy = self.store.policy(request.policy.as_str())?.ok_or_else(|| Problem::POLICY_UNKNOWN.at("policy"))?;
        let at_ms = asked.at.ms();
        self.store.transaction(|| {
            let reference = self.next_reference()?;
            let prepared = prepare(&request, &policy, &reference, asked.at, || host::fresh_uuid(at_ms));
            let (make, personal) = prepared.map_err(|error| Problem::malformed(error.path, error.detail))?;
            if self.store.has_reference(make.reference.as_str())? {
                return Err(Problem::REFERENCE_TAKEN.at("reference").into());
            }
            let id = make.id;
            let found = self.wanted_slots(&request)?;
            self.open(Command::Make(Box::new(make)), &personal, &found, asked)?;
            let document = self.store.document(id)?.ok_or(Problem::BOOKING_UNKNOWN)?;
            self.operator_view(201, &document, asked)
        })
    }

    /// What the next booking is called, counted up. Whoever calls it holds the transaction.
    pub(super) fn next_reference(&self) -> Result<Reference, Fault> {
        let reference = format!("LW-{:06}", self.store.next_booking_number()?);
        Reference::try_from(reference).map_err(|error| Fault::platform(error.to_owned()))
    }

    /// The slots that a booking is to have places in: they must exist, and be what the booking says.
    fn wanted_slots(&self, request: &BookingRequest) -> Result<StoredSlots, Fault> {
        let named = request.items.iter().enumerate().filter_map(|(index, item)| Some((index, item, item.slot_id?)));
        let ids = distinct(named.clone().map(|(_, _, id)| id).collect());
        let found = self.store.slots(&ids)?;
        for (index, item, id) in named {
            let path = |field: &str| format!("items[{index}].{field}");
            let slot = found.find(id).ok_or(Refusal::UnknownSlot { slot: id });
            let slot = slot.map_err(|refusal| Problem::from(refusal).at(path("slot_id")))?;
            if slot.time() != item.slot {
                return Err(Problem::malformed(path("slot"), "not the time and zone of that slot").into());
            }
            if slot.service != item.service {
                return Err(Problem::malformed(path("service"), "not what that slot offers").into());
            }
        }
        Ok(found)
    }

    fn open(&self, command: Command, personal: &Personal, found: &StoredSlots, asked: &Asked) -> Result<(), Fault> {
        let (envelope, rosters) = (operators(command, asked), found.rosters());
        let done = carry_out(None, &envelope, &[], &rosters)?;
        let stamp = stamp(&envelope, asked.origin());
        let commit = Commit { stamp, version: 0, done: &done, rosters: &rosters, voucher: None, quote: None };
        self.store.open(&commit, &leeway_json::write(personal)?)?;
        log::committed("booking_made", self.operator()?.id, done.booking.id, done.booking.version);
        Ok(())
    }

    fn payment(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let PaymentRequest { method, amount, gateway_fee, voucher } = input::json(&asked.body)?;
        let document = self.own(id)?;
        let loaded = document.read(None)?;
        match voucher {
            Some(_) if method != PaymentMethod::Voucher || gateway_fee.is_some() => {
                return Err(
                    Problem::malformed("voucher", "goes with the method `voucher` and without a gateway").into()
                );
            }
            Some(code) => self.redeem(&loaded, &code, amount, asked)?,
            None => {
                let amount = amount.ok_or_else(|| Problem::malformed("amount", "missing"))?;
                let id = PaymentId(host::fresh_uuid(asked.at.ms()));
                let payment = RecordPayment { id, method, amount, gateway_fee };
                self.command(loaded, Command::RecordPayment(payment), asked)?;
            }
        }
        self.operator_view(201, &self.own(id)?, asked)
    }

    /// A command that moves nobody and gives up no place.
    pub(super) fn command(&self, loaded: Box<Loaded<'_>>, command: Command, asked: &Asked) -> Result<Booking, Fault> {
        asked.check_version(loaded.booking.version)?;
        let told = (asked.origin(), None);
        let after = self.carry_out(loaded, &operators(command, asked), &LookedUp::default(), told)?.booking;
        log::committed("command", self.operator()?.id, after.id, after.version);
        Ok(after)
    }

    pub(super) fn operator_view(&self, status: u16, document: &Document, asked: &Asked) -> Result<Reply, Fault> {
        let loaded = document.read(None)?;
        let operator = self.operator()?;
        let mut view = View::of(&loaded, operator, asked.at)?;
        // Whoever has the link may act: more than a key that only reads.
        if asked.has_role(Role::Agent) {
            view.control_url = Some(self.control_url(operator, &loaded.booking)?);
        }
        view.work = Some(leeway_core::work::work(&loaded.booking));
        let vouchers = self.store.vouchers(loaded.booking.id)?;
        view.vouchers = Some(vouchers.into_iter().map(|voucher| voucher.shown(asked.has_role(Role::Agent))).collect());
        Ok(Reply::json(status, &view).with_version(loaded.booking.version))
    }

    pub fn control_url(&self, operator: &Operator, booking: &Booking) -> Result<String, Fault> {
        let token = self.control_link(operator, booking).seal(&self.config.keys);
        let token = token.ok_or_else(|| Fault::platform("no key to sign with"))?;
        Ok(format!("{}/b/{token}", self.config.public_url))
    }

    /// The control link of a booking as it is now.
    pub(super) fn control_link(&self, operator: &Operator, booking: &Booking) -> Link {
        let ends = booking.items.iter().map(|item| item.slot.time.ends_at.ms()).max().unwrap_or_default();
        let expires_s = ends.checked_div(1000).unwrap_or_default().saturating_add(LINK_AFTER_END_S);
        Link {
            scope: Scope::CONTROL,
            generation: booking.link_generation,
            expires_s: u32::try_from(expires_s).unwrap_or(u32::MAX),
            operator: operator.id,
            booking: booking.id,
        }
    }
}

/// Is there a secret in what the door answers to a POST?
fn shows_once(door: ApiDoor<'_>) -> bool {
    matches!(door, ApiDoor::Key(_) | ApiDoor::Endpoints(EndpointDoor::All | EndpointDoor::Roll(_)))
}

/// Does the operator decide against the policy in it?
fn is_against_policy(action: &Action) -> bool {
    match action {
        Action::Cancel { overridden, .. } | Action::Rebook { overridden, .. } => overridden.is_some(),
        Action::Rename { .. } => false,
    }
}

pub(super) fn booking_id(text: &str) -> Result<BookingId, Problem> {
    Uuid::try_parse(text).map(BookingId).map_err(|_| Problem::BOOKING_UNKNOWN)
}

/// A command of the operator's.
pub(super) fn operators(command: Command, asked: &Asked) -> Envelope {
    Envelope { id: CommandId(host::fresh_uuid(asked.at.ms())), at: asked.at, actor: Actor::Operator, command }
}
