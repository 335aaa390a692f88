//! Taking a cancellation back while its refund waits: by the customer who canceled, or the operator. Whether it is possible the rules say.
//!
//! Source: requirement E3

use leeway_core::fields::FromObject;
use leeway_core::id::{CommandId, SlotId};
use leeway_core::slot::Roster;
use leeway_core::undo::{Undo, is_open};
use leeway_core::{Booking, Command, Envelope, Event, Instant, Map, carry_out};
use uuid::Uuid;

use super::acting::Acting;
use super::offers::LookedUp;
use super::page_doors::Visit;
use super::{Asked, Desk};
use crate::host;
use crate::input::{self, field};
use crate::log;
use crate::pages::{self, UndoOffer};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::store::{Document, Fault};

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// The id of the receipt.
    command: CommandId,
}

impl Desk {
    /// As JSON: what is taken back is named by its receipt's id.
    pub(super) fn undo(&self, acting: Acting, document: &Document, asked: &Asked) -> Result<(), Fault> {
        let UndoRequest { command } = input::json(&asked.body)?;
        self.take_back(acting, document, command, asked.at)
    }

    /// As a form.
    pub(super) fn undo_page(&self, at: &Visit<'_>) -> Result<Reply, Fault> {
        let fields = input::form(&at.asked.body);
        let command = field(&fields, "command").and_then(|id| Uuid::try_parse(&id).ok());
        let command = command.ok_or_else(|| Problem::malformed("command", "expected an id"))?;
        match self.take_back(at.link.acting().from(at.asked.address), at.document, CommandId(command), at.asked.at) {
            Ok(()) => Ok(Reply::see_other(pages::address(at.token, "?done=undone", at.language))),
            Err(fault) => self.refused(at, fault),
        }
    }

    fn take_back(&self, acting: Acting, document: &Document, command: CommandId, at: Instant) -> Result<(), Fault> {
        let loaded = acting.load(document)?;
        let (envelope, rosters) = self.wish(acting, document, command, at)?;
        let found = LookedUp { offers: Vec::new(), rosters };
        let after = self.carry_out(loaded, &envelope, &found, (acting.origin, None))?.booking;
        log::committed("undone", acting.operator, after.id, after.version);
        Ok(())
    }

    /// What it takes to ask the rules.
    fn wish(
        &self,
        acting: Acting,
        document: &Document,
        command: CommandId,
        at: Instant,
    ) -> Result<(Envelope, Map<SlotId, Roster>), Fault> {
        let past = self.store.past(document, acting.booking, command)?;
        let slots: Vec<_> = past.slots().collect();
        let rosters = self.store.slots(&slots)?.rosters();
        let within_ms = self.store.undo_delay_ms();
        let id = CommandId(host::fresh_uuid(at.ms()));
        let undo = Command::Undo(Box::new(Undo { past, within_ms }));
        Ok((Envelope { id, at, actor: acting.actor(), command: undo }, rosters))
    }

    /// Until when what a command did at an instant can be taken back, where it can.
    pub(super) fn undo_until(&self, (events, after): (&[Event], &Booking), at: Instant) -> Option<Instant> {
        let until = whole_seconds(at.shifted_ms(self.store.undo_delay_ms()));
        // A delay of nothing leaves no time to take anything back.
        (until > at && is_open(events, after)).then_some(until)
    }

    /// What a page can offer to take back: the rules are asked, and nothing is done.
    pub(super) fn undo_offer(
        &self,
        acting: Acting,
        document: &Document,
        command: CommandId,
        at: Instant,
    ) -> Result<Option<UndoOffer>, Fault> {
        let loaded = acting.load(document)?;
        let (envelope, rosters) = match self.wish(acting, document, command, at) {
            Ok(wish) => wish,
            // Nothing of this booking goes by that name.
            Err(fault) if fault.problem().is_some() => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let Command::Undo(wanted) = &envelope.command else { return Ok(None) };
        let until = whole_seconds(wanted.past.until(wanted.within_ms));
        let possible = carry_out(Some(&loaded.booking), &envelope, &[], &rosters).is_ok();
        Ok(possible.then_some(UndoOffer { command, until }))
    }
}

/// The second until which it certainly holds: a limit with thousandths helps nobody.
fn whole_seconds(until: Instant) -> Instant {
    until.shifted_ms(-(until.ms() % 1000))
}
