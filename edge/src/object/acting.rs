//! Quoting and committing actions, for customers and operators alike.

use std::net::IpAddr;

use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, CommandId, OperatorId};
use leeway_core::{Action, Actor, Booking, Command, Envelope, Instant, Quote, carry_out, quote};
use leeway_json::Raw;

use super::Desk;
use super::offers::LookedUp;
use super::view::Receipt;
use crate::access::{Bound, Promise, revoked};
use crate::problem::Problem;
use crate::reply::{Kind, Reply};
use crate::store::{By, Commit, Document, Fault, Loaded, Origin, Repeated, Stamp};
use crate::{host, log};

/// Who acts on which booking.
#[derive(Clone, Copy)]
pub struct Acting {
    pub operator: OperatorId,
    pub booking: BookingId,
    pub origin: Origin,
}

impl Acting {
    pub fn actor(&self) -> Actor {
        match self.origin.by {
            By::Link(_) => Actor::Customer,
            By::ApiKey(_) => Actor::Operator,
            By::System => Actor::System,
        }
    }

    /// The same, from an address.
    pub fn from(self, address: Option<IpAddr>) -> Self {
        Self { origin: Origin { address, ..self.origin }, ..self }
    }

    /// Refuses a link that was revoked.
    pub fn check_current(&self, loaded: &Loaded<'_>) -> Result<(), Problem> {
        match self.origin.by {
            By::Link(generation) => Self::check_generation(loaded, generation),
            By::ApiKey(_) | By::System => Ok(()),
        }
    }

    /// Refuses a link of another generation than the booking's, and remembers that where the entry sees it.
    pub fn check_generation(loaded: &Loaded<'_>, generation: u16) -> Result<(), Problem> {
        if generation == loaded.generation {
            return Ok(());
        }
        revoked::remember(loaded.booking.id, loaded.generation);
        Err(Problem::LINK_REVOKED)
    }

    /// The booking, where whoever acts still may.
    pub fn load<'a>(&self, document: &'a Document) -> Result<Box<Loaded<'a>>, Fault> {
        let loaded = document.read(None)?;
        self.check_current(&loaded)?;
        Ok(loaded)
    }
}

/// What is sent to commit: the action again, and the quote that promised what it does.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CommitRequest {
    pub action: Action,
    pub quote: String,
}

/// A quote with the token that binds it.
pub struct BoundQuote {
    pub quote: Quote,
    pub token: String,
}

impl BoundQuote {
    /// The quote's JSON with one more field, `token`. Spliced: serde's `flatten` would make a second writer of everything in a quote.
    pub fn to_json(&self) -> Result<String, Fault> {
        let mut text = leeway_json::write(&self.quote)?;
        if text.pop() != Some('}') {
            return Err(Fault::platform("a quote is not an object"));
        }
        // A token is base64url: nothing in it needs escaping.
        text.push_str(",\"token\":\"");
        text.push_str(&self.token);
        text.push_str("\"}");
        Ok(text)
    }

    /// As an answer.
    pub fn reply(&self) -> Result<Reply, Fault> {
        Ok(Reply::bytes(200, Kind::Json, self.to_json()?.into_bytes()))
    }
}

/// What came of committing.
pub enum Committed {
    /// Done, now or earlier by the same quote.
    Done { id: CommandId, reply: Reply },
    /// The quote no longer holds; here is a fresh one.
    Changed(Box<BoundQuote>),
}

impl Desk {
    /// A fresh quote, signed.
    pub fn bound_quote(
        &self,
        acting: Acting,
        booking: &Booking,
        action: &Action,
        at: Instant,
    ) -> Result<BoundQuote, Fault> {
        let found = self.look_up(action, &[])?;
        let quote = quote(booking, action, &found.offers, acting.actor(), at)?;
        self.bind(acting, quote, found.digest()?, (&leeway_json::write(action)?, at))
    }

    fn bind(
        &self,
        acting: Acting,
        quote: Quote,
        offers: u64,
        (action, at): (&str, Instant),
    ) -> Result<BoundQuote, Fault> {
        let promise = Promise::of(&quote, offers, host::fresh_uuid(at.ms()));
        let token = promise.seal(&self.config.keys, &bound(acting, action));
        let token = token.ok_or_else(|| Fault::platform("no key to sign with"))?;
        Ok(BoundQuote { quote, token })
    }

    /// Does exactly what the quote promised, or says that it changed. The same quote twice is one command.
    ///
    /// Source: requirement E5
    pub fn commit(
        &self,
        acting: Acting,
        document: &Document,
        request: &CommitRequest,
        at: Instant,
    ) -> Result<Committed, Fault> {
        let action = leeway_json::write(&request.action)?;
        let promise = Promise::open(&self.config.keys, &bound(acting, &action), &request.quote);
        let promise = promise.ok_or_else(|| Problem::QUOTE_UNKNOWN.at("quote"))?;
        let loaded = document.read(Some(promise.id))?;
        acting.check_current(&loaded)?;
        if let Some(Repeated { at, events, after }) = &loaded.repeated {
            let undo_until = self.undo_until((events, after), *at);
            let reply = Reply::json(200, &Receipt::of(CommandId(promise.id), events, after, undo_until)?);
            return Ok(Committed::Done { id: CommandId(promise.id), reply });
        }
        let found = self.look_up(&request.action, &loaded.slots)?;
        let fresh = quote(&loaded.booking, &request.action, &found.offers, acting.actor(), at)?;
        let offers = found.digest()?;
        if !promise.is_kept_by(&fresh, offers, at) {
            return Ok(Committed::Changed(Box::new(self.bind(acting, fresh, offers, (&action, at))?)));
        }
        let envelope = Envelope {
            id: CommandId(promise.id),
            at,
            actor: acting.actor(),
            command: Command::Act(request.action.clone()),
        };
        let told = leeway_json::write(&fresh)?;
        let done = self.carry_out(loaded, &envelope, &found, (acting.origin, Some(&told)))?;
        log::committed("acted", acting.operator, acting.booking, done.booking.version);
        let undo_until = self.undo_until((&done.events, &done.booking), at);
        let reply = Reply::json(201, &Receipt::of(envelope.id, &done.events, &done.booking, undo_until)?);
        Ok(Committed::Done { id: envelope.id, reply })
    }

    /// A command of nobody's: the clock's, or a provider's word.
    pub fn system_command(&self, loaded: Box<Loaded<'_>>, command: Command, at: Instant) -> Result<Booking, Fault> {
        let id = CommandId(host::fresh_uuid(at.ms()));
        let envelope = Envelope { id, at, actor: Actor::System, command };
        Ok(self.carry_out(loaded, &envelope, &LookedUp::default(), (Origin::SYSTEM, None))?.booking)
    }

    /// Decides, applies, writes: one commit for the booking, its slots and its vouchers, with through what it came and the quote that is
    /// carried out.
    pub fn carry_out(
        &self,
        loaded: Box<Loaded<'_>>,
        envelope: &Envelope,
        found: &LookedUp,
        (origin, quote): (Origin, Option<&str>),
    ) -> Result<leeway_core::Commit, Fault> {
        let (id, version) = (loaded.booking.id, loaded.booking.version);
        let done = carry_out(Some(&loaded.booking), envelope, &found.offers, &found.rosters)?;
        let (stamp, rosters) = (stamp(envelope, origin), &found.rosters);
        let commit = Commit { stamp, version, done: &done, rosters, voucher: None, quote };
        let renamed = renamed(&envelope.command, &loaded.personal)?;
        self.store.transaction(|| {
            self.store.change(&commit)?;
            match &renamed {
                Some(personal) => self.store.set_personal(id, personal),
                None => Ok(()),
            }
        })?;
        Ok(done)
    }
}

/// What every event of a command is stored with.
pub fn stamp(envelope: &Envelope, origin: Origin) -> Stamp {
    Stamp { command: envelope.id, actor: envelope.actor, at: envelope.at, origin }
}

/// The personal data after a command: a name lies beside the log.
fn renamed(command: &Command, personal: &Raw<'_>) -> Result<Option<String>, Fault> {
    let Command::Act(Action::Rename { participant, name }) = command else { return Ok(None) };
    let mut personal: leeway_core::request::Personal = leeway_json::read(personal.as_str())?;
    personal.names.insert(*participant, name.clone());
    Ok(Some(leeway_json::write(&personal)?))
}

fn bound(acting: Acting, action: &str) -> Bound<'_> {
    let by_operator = acting.actor() == Actor::Operator;
    Bound { operator: acting.operator, booking: acting.booking, action, by_operator }
}

impl Committed {
    /// As an answer in JSON.
    pub fn into_reply(self) -> Result<Reply, Fault> {
        match self {
            Self::Done { reply, .. } => Ok(reply),
            Self::Changed(fresh) => Ok(Problem::QUOTE_CHANGED.with_quote(Raw::parse(fresh.to_json()?)?).reply()),
        }
    }
}
