//! Booking control in JSON: what the browser widget and other programs with a link use.

use leeway_core::Action;

use super::acting::{Acting, CommitRequest};
use super::view::View;
use super::{Asked, Desk};
use crate::access::Link;
use crate::input;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::ControlDoor;
use crate::store::{By, Document, Fault, Origin};

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
                let operator = self.operator.borrow();
                let operator = operator.as_ref().ok_or(Problem::LINK_UNKNOWN)?;
                Ok(Reply::json(200, &View::of(&loaded, operator, asked.at)?))
            }
            ControlDoor::Slots => {
                let loaded = link.acting().load(&document)?;
                self.slots_to_move_to(&loaded.booking, &input::form(query), asked.at)
            }
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

    /// The document of a link's booking.
    pub(super) fn linked(&self, link: &Link) -> Result<Document, Fault> {
        self.store.document(link.booking)?.ok_or_else(|| Problem::LINK_UNKNOWN.into())
    }
}
