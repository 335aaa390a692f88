//! Booking control in JSON: what the browser widget and other programs with a link use.

use leeway_core::request::Personal;
use leeway_core::{Action, Booking, Instant};

use super::acting::{Acting, CommitRequest};
use super::view::View;
use super::{Asked, Desk};
use crate::access::{Link, Scope};
use crate::pages::facts::Diary;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::reply::{Kind, Reply};
use crate::route::ControlDoor;
use crate::store::{By, Coded, Document, Fault, Loaded, Origin};
use crate::{ics, input};

impl Link {
    /// The customer who holds it.
    pub fn acting(&self) -> Acting {
        let origin = Origin { by: By::Link(self.generation), address: None };
        Acting { operator: self.operator, booking: self.booking, origin }
    }
}

impl Desk {
    pub(super) fn control(&self, link: &Link, door: ControlDoor, query: &str, asked: &Asked) -> Result<Reply, Fault> {
        let document = self.linked(link)?;
        match door {
            ControlDoor::View => {
                let loaded = link.acting().load(&document)?;
                let operator = self.operator.get().ok_or(Problem::LINK_UNKNOWN)?;
                let mut view = View::of(&loaded, operator, asked.at)?;
                view.vouchers = Some(self.spendable(link, &loaded.booking)?).filter(|vouchers| !vouchers.is_empty());
                Ok(Reply::json(200, &view))
            }
            ControlDoor::Slots => {
                let loaded = link.acting().load(&document)?;
                self.slots_to_move_to(&loaded.booking, &input::form(query), asked.at)
            }
            ControlDoor::Calendar => self.dates(link, &*link.acting().load(&document)?, asked.at),
            ControlDoor::Quotes => {
                let action: Action = input::json(&asked.body)?;
                let loaded = link.acting().load(&document)?;
                self.bound_quote(link.acting(), &loaded.booking, &action, asked.at)?.reply()
            }
            ControlDoor::Undo => {
                self.undo(link.acting().from(asked.address), &document, asked)?;
                self.control(link, ControlDoor::View, query, asked)
            }
            ControlDoor::Actions => {
                let request: CommitRequest = input::json(&asked.body)?;
                self.commit(link.acting().from(asked.address), &document, &request, asked.at)?.into_reply()
            }
        }
    }

    /// The dates of a booking, with the link that they were asked for with.
    fn dates(&self, link: &Link, loaded: &Loaded<'_>, at: Instant) -> Result<Reply, Fault> {
        let (booking, operator) = (&loaded.booking, self.operator()?);
        let token = link.seal(&self.config.keys).ok_or_else(|| Fault::platform("no key to sign with"))?;
        let control_url = format!("{}/b/{token}", self.config.public_url);
        let personal: Personal = leeway_json::read(loaded.personal.as_str())?;
        let reader = Reader::of(None, personal.customer.locale.as_deref(), &operator.locale);
        let diary = Diary {
            booking,
            personal: &personal,
            operator: &operator.name,
            reader: &reader,
            control_url: &control_url,
            at,
        };
        let entries: Vec<_> = booking.items.iter().map(|item| diary.entry(item)).collect();
        let file = ics::write(&ics::Method::Publish(None), &entries);
        let reply = Reply::bytes(200, Kind::Calendar, file.into_bytes());
        Ok(reply.with("content-disposition", "attachment; filename=\"booking.ics\"".to_owned()))
    }

    /// The vouchers of a booking, with their codes, for whoever may change it.
    pub(super) fn spendable(&self, link: &Link, booking: &Booking) -> Result<Vec<Coded>, Fault> {
        let may_spend = link.scope.includes(Scope::CHANGE) && booking.has_voucher();
        if may_spend { self.store.vouchers(booking.id) } else { Ok(Vec::new()) }
    }

    /// The document of a link's booking.
    pub(super) fn linked(&self, link: &Link) -> Result<Document, Fault> {
        self.store.document(link.booking)?.ok_or_else(|| Problem::LINK_UNKNOWN.into())
    }
}
