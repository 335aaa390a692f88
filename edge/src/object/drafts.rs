//! Bookings that are made once they are paid: private and custom tours. Until then they take no place, have no reference and no events.
//!
//! Source: requirement E2

use leeway_core::booking::{Reference, SlotTime};
use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, CommandId};
use leeway_core::policy::Code;
use leeway_core::request::{AddOnRequest, BookingRequest, Customer, ItemRequest, Personal, prepare};
use leeway_core::{Actor, Booking, Command, Envelope, Instant, Map, Money, carry_out};

use super::Desk;
use crate::host;
use crate::problem::Problem;
use crate::store::{Commit, Draft, Fault, Origin, Stamp};

/// The kind of the one line of such a booking.
const KIND: &str = "custom_tour";
/// What a booking is called that is not made yet.
const NO_REFERENCE: &str = "NEW";

/// What is sold by a link alone.
#[derive(Debug, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    /// What the customer reads.
    pub title: String,
    pub policy: Code,
    pub amount: Money,
    pub customer: Customer,
    pub slot: SlotTime,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub expires_at: Option<Instant>,
    /// Is the link sent to the customer?
    #[serde(default)]
    pub email: bool,
}

impl DraftRequest {
    /// The booking that it will be.
    pub fn booking(&self) -> BookingRequest {
        let Self { title, policy, amount, customer, slot, .. } = self;
        let kind = Code::parse(KIND).unwrap_or(*policy);
        let line = AddOnRequest { kind, label: Some(title.clone()), participant: None, price: *amount };
        let item = ItemRequest {
            service: title.clone(),
            slot: slot.clone(),
            slot_id: None,
            group: None,
            participants: Vec::new(),
            add_ons: vec![line],
        };
        BookingRequest {
            policy: *policy,
            reference: None,
            currency: amount.currency(),
            customer: customer.clone(),
            items: vec![item],
            plan: Vec::new(),
        }
    }
}

/// The booking as it would be, for its bill: nothing of it is stored.
pub fn imagined(id: BookingId, draft: &Draft, at: Instant) -> Result<(Booking, Personal), Fault> {
    let reference = Reference::try_from(NO_REFERENCE.to_owned()).map_err(|error| Fault::platform(error.to_owned()))?;
    made(id, draft, &reference, stamp_of(CommandId(id.0), at)).map(|(done, personal)| (done.booking, personal))
}

/// Makes the booking of a draft under the id that its links know.
fn made(
    id: BookingId,
    draft: &Draft,
    reference: &Reference,
    stamp: Stamp,
) -> Result<(leeway_core::Commit, Personal), Fault> {
    // The first id that is asked for is the booking's own.
    let mut first = Some(id.0);
    let fresh = || first.take().unwrap_or_else(|| host::fresh_uuid(stamp.at.ms()));
    let prepared = prepare(&draft.request, &draft.policy, reference, stamp.at, fresh);
    let (make, personal) = prepared.map_err(|error| Problem::malformed(error.path, error.detail))?;
    let Stamp { command, actor, at, .. } = stamp;
    let envelope = Envelope { id: command, at, actor, command: Command::Make(Box::new(make)) };
    let done = carry_out(None, &envelope, &[], &Map::new())?;
    Ok((done, personal))
}

fn stamp_of(command: CommandId, at: Instant) -> Stamp {
    Stamp { command, actor: Actor::System, at, origin: Origin::SYSTEM }
}

impl Desk {
    /// Makes the booking of a draft, where there is one. Whoever calls it holds the transaction.
    pub(super) fn make_of_draft(&self, id: BookingId, at: Instant) -> Result<(), Fault> {
        let Some(draft) = self.store.draft(id)? else { return Ok(()) };
        let reference = self.next_reference()?;
        let stamp = stamp_of(CommandId(host::fresh_uuid(at.ms())), at);
        let (done, personal) = made(id, &draft, &reference, stamp)?;
        let commit = Commit { stamp, version: 0, done: &done, rosters: &Map::new(), voucher: None, quote: None };
        self.store.open(&commit, &leeway_json::write(&personal)?)?;
        self.store.clear_draft(id)
    }
}
