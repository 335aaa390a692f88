//! A booking as its events left it: items in slots, who attends, what each line costs, what was paid and promised back.
//!
//! Data only. How events change it is in [`mod@crate::evolve`], what follows from it in [`mod@crate::balance`] and [`mod@crate::quote`].
//! The entries of its ledger are in [`entry`]; what a document that claims to be a booking must hold is in `read`.
//! No personal data: names and addresses lie beside the log, so that they can be erased.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::fields::FromObject;
use crate::id::{BookingId, ItemId, LineId, ParticipantId, RefundId, SlotId};
use crate::money::{Money, MoneyError};
use crate::policy::Code;
use crate::refund::{Document, Refund, RefundState, Task};
use crate::terms::Terms;
use crate::time::{Instant, Zone};

pub mod entry;
mod read;

pub use entry::{Charge, ChargeKind, Method, Payment, Received, Redeemed};

/// The most items in a booking.
pub const ITEMS_MAX: usize = 50;
/// The most participants in an item.
pub const PARTICIPANTS_MAX: usize = 200;
/// The most lines in an item.
pub const LINES_MAX: usize = 500;
/// The most instalments in a plan.
pub const INSTALMENTS_MAX: usize = 36;
/// The most payments that one booking takes.
pub const PAYMENTS_MAX: usize = 500;

/// One purchase: one customer, one currency, one reference.
///
/// Source: requirement A1
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!try_from))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(try_from = "read::RawBooking")]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// What people call it.
    pub reference: Reference,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// The number of its events.
    pub version: u64,
    /// When it was made.
    pub made_at: Instant,
    /// Its items, in the order given.
    pub items: Vec<Item>,
    /// What is owed and owed less, oldest first; only ever added to.
    pub plan: Vec<Charge>,
    /// Money in, and money back, oldest first; only ever added to.
    pub payments: Vec<Payment>,
    /// What is to be paid back.
    pub refunds: Vec<Refund>,
    /// What the operator has to do by hand.
    pub tasks: Vec<Task>,
    /// Links of a lower generation are revoked.
    pub link_generation: u16,
}

/// What people call a booking: 1 to 40 characters without spaces at the ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

impl Reference {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reference {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = !text.is_empty() && text.chars().count() <= 40 && text.trim() == text;
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text))
        } else {
            Err("a reference has 1 to 40 characters, none of them a control character, and no space at its ends")
        }
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

/// When a slot is, and in which zone people read that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SlotTime {
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// Whose local time counts.
    pub zone: Zone,
}

/// One dated run of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!from))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(from = "RawSlot")]
pub struct Slot {
    /// Its id.
    pub id: SlotId,
    /// When it is.
    #[serde(flatten)]
    pub time: SlotTime,
}

// Read flat by hand: serde's `flatten` reads into a buffer first, which costs time and a second copy of every reader.
#[derive(FromObject)]
#[serde(deny_unknown_fields, rename = "Slot")]
struct RawSlot {
    id: SlotId,
    starts_at: Instant,
    ends_at: Instant,
    zone: Zone,
}

impl From<RawSlot> for Slot {
    fn from(RawSlot { id, starts_at, ends_at, zone }: RawSlot) -> Self {
        Self { id, time: SlotTime { starts_at, ends_at, zone } }
    }
}

/// An item and the zone in which its instants are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Place {
    /// The item.
    pub item: ItemId,
    /// Its slot's zone.
    pub zone: Zone,
}

/// One dated slot of one service in a booking.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// What is offered.
    pub service: String,
    /// When.
    pub slot: Slot,
    /// What the customer may do with it.
    pub terms: Terms,
    /// Who attends; may be nobody by name, as when a boat is chartered.
    pub participants: Vec<Participant>,
    /// What it costs.
    pub lines: Vec<Line>,
    /// Is it still booked?
    #[serde(default, skip_serializing_if = "Standing::is_booked")]
    pub standing: Standing,
    /// The fees of its cancellations, oldest first; without those of cancellations that were taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charged: Vec<Money>,
    /// The window in which it was last charged; where that window's rule counts per booking, its items share the fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_in: Option<Code>,
    /// The price of a group, where the tickets have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupPrice>,
    /// How often it was moved.
    #[serde(default, skip_serializing_if = "is_never")]
    pub moves: u16,
}

/// So often: never. That is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
pub(crate) fn is_never(times: &u16) -> bool {
    *times == 0
}

/// A price that holds for a group only.
///
/// Source: requirement B12
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct GroupPrice {
    /// So many must attend.
    pub at_least: u16,
    /// Lines of this kind have the group's price.
    pub kind: Code,
    /// What one of them costs where fewer attend.
    pub otherwise: Money,
}

/// Booked, or given up by one side or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It takes place.
    #[default]
    Booked,
    /// It was canceled under the policy.
    Canceled,
    /// The operator took it back, or let it go for a fee of its own: later fees never count it.
    Withdrawn,
}

impl Standing {
    /// Does it take place?
    #[must_use]
    pub fn is_booked(&self) -> bool {
        *self == Self::Booked
    }
}

/// Somebody who attends. The name lies beside the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Participant {
    /// The id.
    pub id: ParticipantId,
    /// Does this one still attend?
    #[serde(default, skip_serializing_if = "Standing::is_booked")]
    pub standing: Standing,
}

/// One price: of a ticket, a charter, a fee, an add-on.
///
/// Source: requirement A1
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Line {
    /// Its id.
    pub id: LineId,
    /// What kind of thing it is; a policy names the kinds that are never refunded.
    pub kind: Code,
    /// The participant it is bound to; else it is bound to the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<ParticipantId>,
    /// Its price.
    pub price: Money,
    /// Is it still booked?
    #[serde(default, skip_serializing_if = "Standing::is_booked")]
    pub standing: Standing,
}

impl Item {
    /// Where its instants are read.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { item: self.id, zone: self.slot.time.zone.clone() }
    }

    /// Is it still booked?
    #[must_use]
    pub fn is_booked(&self) -> bool {
        self.standing.is_booked()
    }

    /// The participants who still attend.
    pub fn attending(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|participant| participant.standing.is_booked())
    }
}

impl Booking {
    /// Finds an item.
    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Is nothing of it booked any more?
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        !self.items.is_empty() && self.items.iter().all(|item| !item.is_booked())
    }

    /// The entries of its plan, without those that were taken back and those that take them back.
    pub fn charges(&self) -> impl Iterator<Item = &Charge> {
        let taken_back: Vec<usize> = self.plan.iter().filter_map(|charge| charge.reverses.map(usize::from)).collect();
        let counts = move |index: usize, charge: &Charge| charge.reverses.is_none() && !taken_back.contains(&index);
        let all = self.plan.iter().enumerate();
        all.filter(move |(index, charge)| counts(*index, charge)).map(|(_, charge)| charge)
    }

    /// Finds a refund entry.
    #[must_use]
    pub fn refund(&self, id: RefundId) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == id)
    }

    /// Was a voucher issued for one of its refunds?
    #[must_use]
    pub fn has_voucher(&self) -> bool {
        self.refunds.iter().any(|refund| refund.document == Some(Document::Voucher))
    }

    /// What can still go back of a payment: what came in, less what refund entries take of it. A voided entry takes nothing.
    ///
    /// # Errors
    /// [`MoneyError`] never for a payment of this booking.
    pub fn left_of(&self, payment: &Received) -> Result<Money, MoneyError> {
        let entries = self.refunds.iter().filter(|refund| refund.state != RefundState::Voided);
        let shares = entries.flat_map(|refund| &refund.split).filter(|share| share.payment == payment.id);
        shares.map(|share| share.amount).try_fold(payment.amount, Money::minus)
    }

    /// The payments that brought money in.
    pub fn received(&self) -> impl Iterator<Item = &Received> {
        self.payments.iter().filter_map(|payment| match payment {
            Payment::Received(received) => Some(received),
            Payment::PaidBack { .. } | Payment::Reversed { .. } => None,
        })
    }
}
