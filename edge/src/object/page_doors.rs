//! Booking control as pages: forms in, HTML out. They work without JavaScript; nothing changes but by a POST that repeats the shown quote.
//!
//! Source: requirement E3

use leeway_core::command::CancelReason;
use leeway_core::id::{ItemId, ParticipantId};
use leeway_core::{Action, Selection};
use uuid::Uuid;

use super::acting::{CommitRequest, Committed};
use super::view::View;
use super::{Asked, Desk};
use crate::access::Link;
use crate::input;
use crate::pages::{self, Notice, Shown};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::{Method, PageDoor};
use crate::store::{Fault, Loaded};

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
        let acting = link.acting();
        match (door, asked.method) {
            (PageDoor::Show, _) => {
                let loaded = acting.load(&document)?;
                self.show(token, &loaded, Notice::of(query), asked)
            }
            (PageDoor::Cancel, Method::Get) => {
                let loaded = acting.load(&document)?;
                let Some(action) = cancel_action(&input::form(query)) else {
                    return self.show(token, &loaded, Some(Notice::NothingChosen), asked);
                };
                self.review(link, token, &loaded, &action, None, asked)
            }
            (PageDoor::Cancel, _) => {
                let fields = input::form(&asked.body);
                let action = cancel_action(&fields).ok_or_else(|| Problem::malformed("", "nothing is chosen"))?;
                let quote = field(&fields, "quote").ok_or_else(|| Problem::malformed("quote", "missing"))?;
                match self.commit(acting, &document, &CommitRequest { action, quote }, asked.at)? {
                    Committed::Done { .. } => Ok(Reply::see_other(format!("/b/{token}?done=canceled"))),
                    Committed::Changed(fresh) => {
                        let loaded = acting.load(&document)?;
                        let shown = self.shown(token, &loaded, asked)?;
                        Ok(pages::review(&shown, &fresh, Some(Notice::QuoteChanged), 409))
                    }
                }
            }
            (PageDoor::Rename, _) => {
                let fields = input::form(&asked.body);
                let action = rename_action(&fields)?;
                let loaded = acting.load(&document)?;
                let quote = self.bound_quote(acting, &loaded.booking, &action, asked.at)?.token;
                self.commit(acting, &document, &CommitRequest { action, quote }, asked.at)?;
                Ok(Reply::see_other(format!("/b/{token}?done=renamed")))
            }
        }
    }

    fn show(&self, token: &str, loaded: &Loaded<'_>, notice: Option<Notice>, asked: &Asked) -> Result<Reply, Fault> {
        Ok(pages::control(&self.shown(token, loaded, asked)?, notice))
    }

    fn review(
        &self,
        link: &Link,
        token: &str,
        loaded: &Loaded<'_>,
        action: &Action,
        notice: Option<Notice>,
        asked: &Asked,
    ) -> Result<Reply, Fault> {
        let fresh = match self.bound_quote(link.acting(), &loaded.booking, action, asked.at) {
            Err(Fault::Problem(problem)) if problem.status != 500 => {
                return self.show(token, loaded, Some(Notice::Refused(problem)), asked);
            }
            other => other?,
        };
        Ok(pages::review(&self.shown(token, loaded, asked)?, &fresh, notice, 200))
    }

    fn shown<'a>(&self, token: &'a str, loaded: &'a Loaded<'a>, asked: &Asked) -> Result<Shown<'a>, Fault> {
        let operator = self.operator()?;
        let personal = serde_json::from_slice(loaded.personal.get().as_bytes())?;
        let View { at, status, payment_status, totals, options, timeline, .. } = View::of(loaded, &operator, asked.at)?;
        let booking = &loaded.booking;
        Ok(Shown { token, at, booking, personal, operator, status, payment_status, totals, options, timeline })
    }
}

/// The cancellation that a form names: `all=1`, or any number of `item` and `participant`.
fn cancel_action(fields: &[(String, String)]) -> Option<Action> {
    let ids = |name: &str| -> Vec<Uuid> {
        let named = fields.iter().filter(|(field, _)| field == name);
        named.filter_map(|(_, value)| Uuid::try_parse(value).ok()).collect()
    };
    let selection = if field(fields, "all").is_some() {
        Selection::All
    } else {
        let items: Vec<ItemId> = ids("item").into_iter().map(ItemId).collect();
        let participants: Vec<ParticipantId> = ids("participant").into_iter().map(ParticipantId).collect();
        if items.is_empty() && participants.is_empty() {
            return None;
        }
        Selection::of_parts(items, participants)
    };
    Some(Action::Cancel { selection, reason: CancelReason::CustomerCancellation })
}

fn rename_action(fields: &[(String, String)]) -> Result<Action, Problem> {
    let participant = field(fields, "participant").and_then(|id| Uuid::try_parse(&id).ok());
    let participant = participant.ok_or_else(|| Problem::malformed("participant", "expected an id"))?;
    let name = field(fields, "name").ok_or_else(|| Problem::malformed("name", "missing"))?;
    Ok(Action::Rename { participant: ParticipantId(participant), name: name.trim().to_owned() })
}

fn field(fields: &[(String, String)], name: &str) -> Option<String> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
}
