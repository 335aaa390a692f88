//! Customers and an operator who want things: sensible, late, impossible. What they want follows from what they see and from chance. Whether it
//! happens they do not know: see `server`.

use anyhow::Result;
use leeway_core::command::{Actor, Command};
use leeway_core::id::{BookingId, CommandId, PaymentId, RefundId, SlotId, VoucherId};
use leeway_core::{Booking, Instant, Money};

use super::catalog::Catalog;
use super::memory::Memory;
use super::random::Random;
use super::server::{Request, Wanted};
use super::store::{Store, Stream};

mod making;
mod operator;
mod wishes;

/// What somebody sends, and what it means outside the worker.
#[derive(Debug)]
pub(crate) struct Thought {
    pub(crate) request: Request,
    pub(crate) outside: Outside,
}

/// Money that moves where the worker does not see it.
#[derive(Debug, Clone)]
pub(crate) enum Outside {
    Nothing,
    /// A customer has paid, before the request is sent.
    Paid {
        payment: PaymentId,
        booking: BookingId,
        amount: Money,
    },
    /// The operator hands these shares back, once the request is answered.
    HandsBack(Vec<(RefundId, PaymentId, i64)>),
}

/// What people see.
pub(crate) struct View<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) store: &'a Store,
    pub(crate) memory: &'a mut Memory,
    pub(crate) random: &'a mut Random,
    pub(crate) bookings: &'a [BookingId],
    pub(crate) vouchers: &'a [VoucherId],
    pub(crate) bookings_most: usize,
    pub(crate) now: Instant,
}

impl View<'_> {
    /// Somebody thinks of something: of nothing, of one thing, or of one for each booking in a slot.
    ///
    /// # Errors
    /// What lies in the store cannot be read.
    pub(crate) fn think(&mut self) -> Result<Vec<Thought>> {
        let few = self.bookings.len() < 6;
        let room = self.bookings.len() < self.bookings_most;
        let one = match self.random.below(100) {
            0..70 if few => making::make(self)?,
            0..8 if room => making::make(self)?,
            0..24 => return wishes::pay(self),
            24..29 => wishes::redeem(self)?,
            29..33 => operator::adjust(self)?,
            33..43 => wishes::cancel(self)?,
            43..46 => wishes::undo(self)?,
            46..58 => wishes::rebook(self)?,
            58..64 => wishes::rename(self)?,
            64..73 => operator::enter_refund(self)?,
            73..93 => operator::step_refund(self)?,
            93..97 => operator::slot(self)?,
            97 => return operator::weather(self),
            98 => self.of_some_booking(Actor::Operator, |_, _| Ok(Some(Command::RevokeLinks)))?,
            _ => wishes::nonsense(self)?,
        };
        Ok(one.into_iter().collect())
    }

    /// Somebody who holds no link looks at any booking; people care most about the latest ones.
    fn some_booking(&mut self) -> Option<BookingId> {
        let latest = self.bookings.len().saturating_sub(12);
        let among = if self.random.chance(700) { self.bookings.get(latest..) } else { Some(self.bookings) };
        among.and_then(|among| self.random.pick(among)).copied()
    }

    /// Thinks of a command for some booking, from what it is.
    fn of_some_booking(
        &mut self,
        actor: Actor,
        wish: impl FnOnce(&Booking, &mut Seen<'_>) -> Result<Option<Command>>,
    ) -> Result<Option<Thought>> {
        let Some(id) = self.some_booking() else { return Ok(None) };
        self.memory.load_booking(self.store, id)?;
        let Some(booking) = self.memory.bookings.get(&id) else { return Ok(None) };
        let mut seen = Seen { catalog: self.catalog, random: &mut *self.random };
        let Some(command) = wish(booking, &mut seen)? else { return Ok(None) };
        Ok(Some(self.plain(actor, Wanted::Booking(id, command))))
    }

    fn plain(&mut self, actor: Actor, wanted: Wanted) -> Thought {
        let request = Request { id: CommandId(self.random.id()), actor, wanted, seen: None };
        Thought { request, outside: Outside::Nothing }
    }

    /// The version of a booking, for who wants to change only what was seen.
    fn version(&self, id: BookingId) -> u64 {
        self.store.length(Stream::Booking(id))
    }
}

/// What is seen beside the booking.
pub(crate) struct Seen<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) random: &'a mut Random,
}

impl Seen<'_> {
    /// A slot of the catalog; rarely one that there is not.
    fn slot(&mut self) -> SlotId {
        let known = self.random.pick(&self.catalog.slots).map(|opened| opened.slot.id);
        known.filter(|_| !self.random.chance(20)).unwrap_or_else(|| SlotId(self.random.id()))
    }
}
