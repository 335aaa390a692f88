//! A booking as its events left it: items in slots, who attends, what each line costs, what was paid and promised back.
//!
//! Data only. How events change it is in [`mod@crate::evolve`], what follows from it in [`crate::balance`] and [`crate::quote`].
//! No personal data: names and addresses lie beside the log, so that they can be erased.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::id::{BookingId, ItemId, LineId, ParticipantId, PaymentId, RefundId, SlotId};
use crate::money::{Money, MoneyError};
use crate::policy::Code;
use crate::refund::{Refund, Task};
use crate::terms::Terms;
use crate::time::{Instant, Zone};

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
/// The most entries of any one list of a booking.
const ENTRIES_MAX: usize = 4_000;

/// One purchase: one customer, one currency, one reference.
///
/// Source: requirement A1
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(try_from = "RawBooking")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Place {
    /// The item.
    pub item: ItemId,
    /// Its slot's zone.
    pub zone: Zone,
}

/// One dated slot of one service in a booking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The fees of its cancellations, oldest first; only ever added to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charged: Vec<Money>,
    /// The window in which it was last charged; where that window's rule counts per booking, its items share the fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_in: Option<Code>,
}

/// Booked, or given up by one side or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It takes place.
    #[default]
    Booked,
    /// It was canceled under the policy.
    Canceled,
    /// The operator took it back, without a fee: later fees never count it.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

/// An entry of the plan: positive where the customer owes more, negative where less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(try_from = "RawCharge")]
pub struct Charge {
    /// Why.
    #[serde(flatten)]
    pub kind: ChargeKind,
    /// Since when.
    pub at: Instant,
    /// How much.
    pub amount: Money,
}

/// Why the customer owes something, or less.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChargeKind {
    /// A part of the price.
    Instalment {
        /// The operator's name for it: deposit, balance.
        code: Code,
        /// When it is to be paid.
        due: Instant,
    },
    /// The price of lines that were canceled (negative).
    CanceledLines {},
    /// A cancellation fee.
    CancellationFee {},
    /// What a cancellation fee was lowered by, since less had been paid (negative).
    ShortfallWaived {},
    /// What the gateway took, kept from a refund.
    GatewayFee {},
    /// The virtual entry of a refund (negative).
    Refund {
        /// The entry.
        refund: RefundId,
    },
}

// Entries are read flat by hand: serde reads a flattened or tagged value into a buffer first, which costs time and, in the browser package,
// twenty kilobytes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Charge")]
struct RawCharge {
    kind: RawChargeKind,
    at: Instant,
    amount: Money,
    code: Option<Code>,
    due: Option<Instant>,
    refund: Option<RefundId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawChargeKind {
    Instalment,
    CanceledLines,
    CancellationFee,
    ShortfallWaived,
    GatewayFee,
    Refund,
}

impl TryFrom<RawCharge> for Charge {
    type Error = EntryError;
    fn try_from(raw: RawCharge) -> Result<Self, EntryError> {
        let RawCharge { kind, at, amount, code, due, refund } = raw;
        let kind = match (kind, code, due, refund) {
            (RawChargeKind::Instalment, Some(code), Some(due), None) => ChargeKind::Instalment { code, due },
            (RawChargeKind::Refund, None, None, Some(refund)) => ChargeKind::Refund { refund },
            (RawChargeKind::CanceledLines, None, None, None) => ChargeKind::CanceledLines {},
            (RawChargeKind::CancellationFee, None, None, None) => ChargeKind::CancellationFee {},
            (RawChargeKind::ShortfallWaived, None, None, None) => ChargeKind::ShortfallWaived {},
            (RawChargeKind::GatewayFee, None, None, None) => ChargeKind::GatewayFee {},
            _ => return Err(EntryError),
        };
        Ok(Self { kind, at, amount })
    }
}

/// An entry with fields that its kind does not have, or without those that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the fields are not those of an entry of this kind")]
struct EntryError;

impl ChargeKind {
    /// Does it count once the booking is canceled? Fees do; the plan does not.
    ///
    /// Source: requirement C1
    #[must_use]
    pub fn outlives_cancellation(&self) -> bool {
        match self {
            Self::CancellationFee {} | Self::ShortfallWaived {} | Self::GatewayFee {} => true,
            Self::Instalment { .. } | Self::CanceledLines {} | Self::Refund { .. } => false,
        }
    }
}

/// Money in, or (negative) the virtual payment of a finalized refund.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "RawPayment")]
pub enum Payment {
    /// Money in.
    Received(Received),
    /// A refund that was paid back.
    PaidBack {
        /// The entry.
        refund: RefundId,
        /// When.
        at: Instant,
        /// How much (negative).
        amount: Money,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Payment")]
struct RawPayment {
    kind: RawPaymentKind,
    at: Instant,
    amount: Money,
    id: Option<PaymentId>,
    method: Option<Method>,
    gateway_fee: Option<Money>,
    refund: Option<RefundId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawPaymentKind {
    Received,
    PaidBack,
}

impl TryFrom<RawPayment> for Payment {
    type Error = EntryError;
    fn try_from(raw: RawPayment) -> Result<Self, EntryError> {
        let RawPayment { kind, at, amount, id, method, gateway_fee, refund } = raw;
        match (kind, id, method, gateway_fee, refund) {
            (RawPaymentKind::Received, Some(id), Some(method), gateway_fee, None) => {
                Ok(Self::Received(Received { id, method, at, amount, gateway_fee }))
            }
            (RawPaymentKind::PaidBack, None, None, None, Some(refund)) => Ok(Self::PaidBack { refund, at, amount }),
            _ => Err(EntryError),
        }
    }
}

impl Payment {
    /// What it adds to the money that we hold.
    #[must_use]
    pub fn amount(&self) -> Money {
        match self {
            Self::Received(received) => received.amount,
            Self::PaidBack { amount, .. } => *amount,
        }
    }
}

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Received {
    /// Its id.
    pub id: PaymentId,
    /// How it came.
    pub method: Method,
    /// When.
    pub at: Instant,
    /// How much.
    pub amount: Money,
    /// What the gateway took of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub gateway_fee: Option<Money>,
}

/// How money comes and goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By card, through a gateway.
    Card,
    /// In cash.
    Cash,
    /// To a bank account.
    BankTransfer,
    /// With a voucher.
    Voucher,
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

    /// What can still go back of a payment: what came in, less what refund entries take of it.
    ///
    /// # Errors
    /// [`MoneyError`] never for a payment of this booking.
    pub fn left_of(&self, payment: &Received) -> Result<Money, MoneyError> {
        let shares = self.refunds.iter().flat_map(|refund| &refund.split).filter(|share| share.payment == payment.id);
        shares.map(|share| share.amount).try_fold(payment.amount, Money::minus)
    }

    /// The payments that brought money in.
    pub fn received(&self) -> impl Iterator<Item = &Received> {
        self.payments.iter().filter_map(|payment| match payment {
            Payment::Received(received) => Some(received),
            Payment::PaidBack { .. } => None,
        })
    }
}

/// A booking as it comes from outside, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBooking {
    id: BookingId,
    reference: Reference,
    currency: Currency,
    version: u64,
    made_at: Instant,
    items: Vec<Item>,
    plan: Vec<Charge>,
    payments: Vec<Payment>,
    refunds: Vec<Refund>,
    tasks: Vec<Task>,
    link_generation: u16,
}

/// What a document that claims to be a booking cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum BookingError {
    #[error("a booking has amounts of its own currency only")]
    MixedCurrencies,
    #[error(
        "a booking has at most {ITEMS_MAX} items, an item at most {PARTICIPANTS_MAX} participants and {LINES_MAX} lines"
    )]
    TooLarge,
    #[error("windows rise")]
    Windows,
    #[error("two ids are the same")]
    DuplicateId,
}

impl TryFrom<RawBooking> for Booking {
    type Error = BookingError;
    fn try_from(raw: RawBooking) -> Result<Self, BookingError> {
        let RawBooking {
            id,
            reference,
            currency,
            version,
            made_at,
            items,
            plan,
            payments,
            refunds,
            tasks,
            link_generation,
        } = raw;
        let booking =
            Self { id, reference, currency, version, made_at, items, plan, payments, refunds, tasks, link_generation };
        booking.check()?;
        Ok(booking)
    }
}

impl Booking {
    fn check(&self) -> Result<(), BookingError> {
        let crowded = |item: &Item| item.participants.len() > PARTICIPANTS_MAX || item.lines.len() > LINES_MAX;
        if self.items.len() > ITEMS_MAX
            || self.payments.len() > ENTRIES_MAX
            || self.plan.len() > ENTRIES_MAX
            || self.items.iter().any(crowded)
        {
            return Err(BookingError::TooLarge);
        }
        if self.amounts().any(|amount| amount.currency() != self.currency) {
            return Err(BookingError::MixedCurrencies);
        }
        let falls = |item: &Item| !item.terms.windows.is_sorted_by(|a, b| a.until < b.until);
        if self.items.iter().any(falls) {
            return Err(BookingError::Windows);
        }
        let items = self.items.iter().map(|item| item.id.0);
        let participants = self.items.iter().flat_map(|item| item.participants.iter().map(|one| one.id.0));
        let ids = crate::sort::sorted(items.chain(participants).collect());
        if ids.windows(2).any(|pair| pair.first() == pair.last()) { Err(BookingError::DuplicateId) } else { Ok(()) }
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        let items = self.items.iter().flat_map(|item| {
            let lines = item.lines.iter().map(|line| line.price);
            let rules = item.terms.windows.iter().flat_map(|window| window.rule.amounts());
            lines.chain(rules).chain(item.charged.iter().copied())
        });
        let received = self.received().filter_map(|one| one.gateway_fee);
        items
            .chain(self.plan.iter().map(|charge| charge.amount))
            .chain(self.payments.iter().map(Payment::amount))
            .chain(received)
            .chain(self.refunds.iter().flat_map(Refund::amounts))
            .chain(self.tasks.iter().map(Task::amount))
    }
}
