//! Rescheduling as pages: a GET shows where something can be moved to and what that would do, a POST that repeats the shown quote does it.
//!
//! Source: requirements D3, D4, E3

use leeway_core::id::SlotId;
use leeway_core::{Booking, Item};
use uuid::Uuid;

use super::acting::{CommitRequest, Committed};
use super::calendar::{self, Month};
use super::offers::{Moving, days, movable};
use super::page_doors::Visit;
use super::{Desk, calendar::local_day};
use crate::access::Link;
use crate::input;
use crate::pages::{self, Choosing, Notice};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::store::Fault;

impl Desk {
    /// The month and the day that were asked for, or what moving to a slot would do.
    pub(super) fn reschedule(&self, at: &Visit<'_>, fields: &[(String, String)]) -> Result<Reply, Fault> {
        let loaded = at.link.acting().load(at.document)?;
        let moving = moving(&loaded.booking, fields)?;
        let Some(slot) = slot(fields)? else { return self.choose(at, &moving, fields, None) };
        let action = moving.to(slot);
        match self.bound_quote(at.link.acting(), &loaded.booking, &action, at.asked.at) {
            Ok(fresh) => Ok(pages::move_review(&self.shown(at, &loaded)?, &moving, &fresh, None)),
            Err(fault) => {
                let notice = Notice::refused(fault)?;
                self.choose(at, &moving, fields, Some(notice))
            }
        }
    }

    pub(super) fn rebook(&self, at: &Visit<'_>) -> Result<Reply, Fault> {
        let fields = input::form(&at.asked.body);
        let loaded = at.link.acting().load(at.document)?;
        let moving = moving(&loaded.booking, &fields)?;
        let slot = slot(&fields)?.ok_or_else(|| Problem::malformed("slot", "missing"))?;
        let quote = input::field(&fields, "quote").ok_or_else(|| Problem::malformed("quote", "missing"))?;
        let request = CommitRequest { action: moving.to(slot), quote };
        match self.commit(at.link.acting().from(at.asked.address), at.document, &request, at.asked.at) {
            Ok(Committed::Done { id, .. }) => {
                let token = self.lasting(at)?;
                Ok(at.receipt(&token, &format!("?done=moved&act={id}")))
            }
            Ok(Committed::Changed(fresh)) => {
                Ok(pages::move_review(&self.shown(at, &loaded)?, &moving, &fresh, Some(Notice::QuoteChanged)))
            }
            Err(fault) => {
                let notice = Notice::refused(fault)?;
                self.choose(at, &moving, &fields, Some(notice))
            }
        }
    }

    fn choose(
        &self,
        at: &Visit<'_>,
        moving: &Moving,
        fields: &[(String, String)],
        notice: Option<Notice>,
    ) -> Result<Reply, Fault> {
        let loaded = at.link.acting().load(at.document)?;
        let now = at.asked.at;
        let item = match movable(&loaded.booking, moving.item, now) {
            Ok(item) if loaded.slots.contains(&item.slot.id) => item,
            Ok(_) => return Err(Problem::NOT_FOUND.into()),
            Err(fault) => {
                let Some(problem) = fault.problem() else { return Err(fault) };
                let refused = loaded.booking.item(moving.item).and_then(|item| refusal(&loaded.booking, item, at));
                return match refused {
                    Some(refusal) => self.show(at, Some(Notice::Refused(Box::new(refusal), problem.status()))),
                    None => Err(fault),
                };
            }
        };
        let zone = &item.slot.time.zone;
        let (month, day) = (calendar::month(fields)?, calendar::day(fields)?);
        let this = Month::of(local_day(now, zone)?);
        let booked = Month::of(local_day(item.slot.time.starts_at, zone)?);
        let month = day.map(Month::of).or(month).unwrap_or_else(|| booked.max(this));
        let (from, to) = month.range(zone)?;
        let choices = self.choices(&loaded.booking, moving, (from, to), now)?;
        let days = days(&choices, zone)?;
        let mut next_free = None;
        if days.is_empty() {
            let next = self.store.next_start(&item.service, to.max(now).just_before())?;
            next_free = next.map(|start| local_day(start, zone)).transpose()?.map(Month::of);
        }
        let of_day = |day| {
            let on_day = choices
                .into_iter()
                .filter(|choice| local_day(choice.offer.slot.time.starts_at, zone).is_ok_and(|on| on == day));
            (day, on_day.collect())
        };
        let earlier = (month > this).then(|| month.before());
        let choosing = Choosing { moving, item, month, days, day: day.map(of_day), earlier, next_free };
        Ok(pages::reschedule(&self.shown(at, &loaded)?, &choosing, notice))
    }

    /// A link that lasts as long after the new date as the old one did after the old date.
    fn lasting(&self, at: &Visit<'_>) -> Result<String, Fault> {
        let document = self.linked(at.link)?;
        let fresh = self.control_link(self.operator()?, &document.read(None)?.booking);
        if fresh.expires_s <= at.link.expires_s {
            return Ok(at.token.to_owned());
        }
        let link = Link { scope: at.link.scope, ..fresh };
        link.seal(&self.config.keys).ok_or_else(|| Fault::platform("no key to sign with"))
    }
}

/// The refusal that an item's options show.
fn refusal(booking: &Booking, item: &Item, at: &Visit<'_>) -> Option<leeway_core::Refusal> {
    let options = leeway_core::options(booking, at.asked.at).ok()?;
    let of_item = options.items.into_iter().find(|options| options.item == item.id)?;
    match of_item.rebook {
        leeway_core::options::Permission::Refused(refusal) => Some(refusal),
        leeway_core::options::Permission::Allowed { .. } => None,
    }
}

/// Who moves; everybody by name is everybody.
fn moving(booking: &Booking, fields: &[(String, String)]) -> Result<Moving, Problem> {
    let mut moving = Moving::read(fields)?;
    let everybody =
        booking.item(moving.item).map(|item| item.attending().all(|one| moving.participants.contains(&one.id)));
    if everybody == Some(true) {
        moving.participants.clear();
    }
    Ok(moving)
}

fn slot(fields: &[(String, String)]) -> Result<Option<SlotId>, Problem> {
    let Some(text) = input::field(fields, "slot") else { return Ok(None) };
    Uuid::try_parse(&text).map(|id| Some(SlotId(id))).map_err(|_| Problem::malformed("slot", "expected an id"))
}
