//! Booking control as pages: forms in, HTML out. They work without JavaScript; nothing changes but by a POST that repeats the shown quote.
//!
//! Source: requirement E3

use leeway_core::id::{CommandId, ItemId, ParticipantId};
use leeway_core::{Action, Event, Selection};
use uuid::Uuid;

use super::acting::{CommitRequest, Committed};
use super::view::View;
use super::{Asked, Desk};
use crate::access::{Link, Scope};
use crate::input::{self, field};
use crate::pages::{self, Notice, Shown};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::{Method, PageDoor};
use crate::store::{Coded, Document, Fault, Loaded, Repeated};
use crate::words::Language;

impl Desk {
    pub(super) fn page(
        &self,
        link: &Link,
        token: &str,
        door: PageDoor,
        query: &str,
        asked: &Asked,
    ) -> Result<Reply, Fault> {
        let document = self.linked(link)?;
        let language = pages::asked_language(query);
        let at = Visit { link, token, language, document: &document, asked };
        match (door, asked.method) {
            (PageDoor::Show, _) => self.show(&at, self.done(&at, &input::form(query))?),
            (PageDoor::Cancel, Method::Get) => match selection(&input::form(query)) {
                Some(selection) => self.review(&at, selection),
                None => self.show(&at, Some(Notice::NothingChosen)),
            },
            (PageDoor::Cancel, _) => self.cancel(&at),
            (PageDoor::Reschedule, Method::Get) => self.reschedule(&at, &input::form(query)),
            (PageDoor::Reschedule, _) => self.rebook(&at),
            (PageDoor::Rename, _) => self.rename(&at),
            (PageDoor::Undo, _) => self.undo_page(&at),
        }
    }

    pub(super) fn show(&self, at: &Visit<'_>, notice: Option<Notice>) -> Result<Reply, Fault> {
        let loaded = at.link.acting().load(at.document)?;
        Ok(pages::control(&self.shown(at, &loaded)?, notice))
    }

    fn review(&self, at: &Visit<'_>, selection: Selection) -> Result<Reply, Fault> {
        let loaded = at.link.acting().load(at.document)?;
        let action = cancel_action(selection.clone());
        match self.bound_quote(at.link.acting(), &loaded.booking, &action, at.asked.at) {
            Ok(fresh) => Ok(pages::review(&self.shown(at, &loaded)?, &selection, &fresh, None)),
            Err(fault) => self.refused(at, fault),
        }
    }

    /// What the rules do not allow is said on the booking's page, which shows what they do.
    pub(super) fn refused(&self, at: &Visit<'_>, fault: Fault) -> Result<Reply, Fault> {
        let notice = Notice::refused(fault)?;
        self.show(at, Some(notice))
    }

    fn cancel(&self, at: &Visit<'_>) -> Result<Reply, Fault> {
        let fields = input::form(&at.asked.body);
        let selection = selection(&fields).ok_or_else(|| Problem::malformed("", "nothing is chosen"))?;
        let quote = field(&fields, "quote").ok_or_else(|| Problem::malformed("quote", "missing"))?;
        let request = CommitRequest { action: cancel_action(selection.clone()), quote };
        match self.commit(at.link.acting().from(at.asked.address), at.document, &request, at.asked.at) {
            Ok(Committed::Done { id, .. }) => Ok(at.receipt(at.token, &format!("?done=canceled&act={id}"))),
            Ok(Committed::Changed(fresh)) => {
                let loaded = at.link.acting().load(at.document)?;
                Ok(pages::review(&self.shown(at, &loaded)?, &selection, &fresh, Some(Notice::QuoteChanged)))
            }
            Err(fault) => self.refused(at, fault),
        }
    }

    fn rename(&self, at: &Visit<'_>) -> Result<Reply, Fault> {
        let action = rename_action(&input::form(&at.asked.body))?;
        let acting = at.link.acting().from(at.asked.address);
        let loaded = acting.load(at.document)?;
        let quote = match self.bound_quote(acting, &loaded.booking, &action, at.asked.at) {
            Ok(bound) => bound.token,
            Err(fault) => return self.refused(at, fault),
        };
        self.commit(acting, at.document, &CommitRequest { action, quote }, at.asked.at)?;
        Ok(at.receipt(at.token, "?done=renamed"))
    }

    /// What the address says was done, where the log says so too.
    fn done(&self, at: &Visit<'_>, fields: &[(String, String)]) -> Result<Option<Notice>, Fault> {
        match field(fields, "done").as_deref() {
            Some("renamed") => Ok(Some(Notice::Renamed)),
            Some("undone") => Ok(Some(Notice::Undone)),
            Some("canceled" | "moved") => {
                let Some(act) = field(fields, "act").and_then(|id| Uuid::try_parse(&id).ok()) else { return Ok(None) };
                let Some(Repeated { events, .. }) = at.document.read(Some(act))?.repeated else { return Ok(None) };
                let is_canceled = events.iter().any(|event| matches!(event, Event::Canceled(_)));
                let acting = at.link.acting();
                let offer = || self.undo_offer(acting, at.document, CommandId(act), at.asked.at);
                let undo = if is_canceled { offer()? } else { None };
                Ok(Some(Notice::Done(events, undo)))
            }
            Some(_) | None => Ok(None),
        }
    }

    pub(super) fn shown<'a>(&'a self, visit: &Visit<'a>, loaded: &'a Loaded<'a>) -> Result<Shown<'a>, Fault> {
        let (token, language, operator) = (visit.token, visit.language, self.operator()?);
        let personal = leeway_json::read(loaded.personal.as_str())?;
        let view = View::of(loaded, operator, visit.asked.at)?;
        let View { at, status, payment_status, totals, options, timeline, .. } = view;
        let booking = &loaded.booking;
        let payable = if visit.link.scope.includes(Scope::PAY) && totals.balance.is_positive() {
            self.payable(booking, at)?
        } else {
            None
        };
        let coded = self.spendable(visit.link, booking)?;
        let (vouchers, codes) = Coded::apart(coded);
        let (slots, scope) = (loaded.slots.as_slice(), visit.link.scope);
        Ok(Shown {
            token,
            language,
            scope,
            slots,
            at,
            booking,
            personal,
            operator,
            status,
            payment_status,
            totals,
            options,
            timeline,
            payable,
            vouchers,
            codes,
        })
    }
}

/// One request for a page.
pub(super) struct Visit<'a> {
    pub link: &'a Link,
    pub token: &'a str,
    /// The language that the address asks for.
    pub language: Option<Language>,
    pub document: &'a Document,
    pub asked: &'a Asked,
}

impl Visit<'_> {
    /// Leads to the booking's page, which says what was done.
    pub(super) fn receipt(&self, token: &str, done: &str) -> Reply {
        Reply::see_other(pages::address(token, done, self.language))
    }
}

/// What a form names: `all=1`, or any number of `item` and `participant`.
fn selection(fields: &[(String, String)]) -> Option<Selection> {
    let ids = |name: &str| -> Vec<Uuid> {
        let named = fields.iter().filter(|(field, _)| field == name);
        named.filter_map(|(_, value)| Uuid::try_parse(value).ok()).collect()
    };
    if field(fields, "all").is_some() {
        return Some(Selection::All);
    }
    let items: Vec<ItemId> = ids("item").into_iter().map(ItemId).collect();
    let participants: Vec<ParticipantId> = ids("participant").into_iter().map(ParticipantId).collect();
    let none = items.is_empty() && participants.is_empty();
    (!none).then(|| Selection::of_parts(items, participants))
}

fn cancel_action(selection: Selection) -> Action {
    Action::cancel(selection)
}

fn rename_action(fields: &[(String, String)]) -> Result<Action, Problem> {
    let participant = field(fields, "participant").and_then(|id| Uuid::try_parse(&id).ok());
    let participant = participant.ok_or_else(|| Problem::malformed("participant", "expected an id"))?;
    let name = field(fields, "name").ok_or_else(|| Problem::malformed("name", "missing"))?;
    Ok(Action::Rename { participant: ParticipantId(participant), name: name.trim().to_owned() })
}
