//! The bodies of events: everything that replaying one needs. Not what was wanted: that is a [`crate::command::Command`].

use serde::{Deserialize, Serialize};

use crate::booking::{Charge, GroupPrice, Item, Method, Redeemed, Reference, Slot};
use crate::command::{CancelReason, Instalment, MoveReason, Override};
use crate::currency::Currency;
use crate::fields::FromObject;
use crate::id::{BookingId, CommandId, ItemId, LineId, ParticipantId, PaymentId, RefundId};
use crate::money::{Money, MoneyError};
use crate::policy::Code;
use crate::refund::{Refund, Task, Way};
use crate::terms::Terms;
use crate::voucher::VoucherPart;

/// A booking as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct Made {
    /// Its id.
    pub id: BookingId,
    /// What people call it.
    pub reference: Reference,
    /// Its currency.
    pub currency: Currency,
    /// Its items.
    pub items: Vec<Item>,
    /// Its plan; the sum is the price.
    pub plan: Vec<Instalment>,
}

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct PaymentRecorded {
    /// Its id.
    pub id: PaymentId,
    /// How it came.
    pub method: Method,
    /// How much.
    pub amount: Money,
    /// What the gateway took of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_fee: Option<Money>,
    /// What it took from a voucher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Redeemed>,
}

/// What the gateway took of a payment that was recorded without it.
///
/// Source: requirement B9
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
pub struct GatewayFeeNoted {
    /// The payment.
    pub payment: PaymentId,
    /// How much of it the gateway took.
    pub fee: Money,
}

/// An extra that came later, or a rebate.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct PlanAdjusted {
    /// The operator's name for it.
    pub code: Code,
    /// How much; negative for a rebate.
    pub amount: Money,
}

/// What was canceled, and what that cost.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct Canceled {
    /// Why.
    pub reason: CancelReason,
    /// Item by item.
    pub items: Vec<CanceledItem>,
    /// The price of it all.
    pub price: Money,
    /// What those who stay pay more, or (negative) no longer pay more, since a group's price is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_price_lost: Option<Money>,
    /// The fees, before anything is waived.
    pub fee: Money,
    /// What is waived of what the customer would owe.
    pub waived: Money,
    /// What the gateway took, kept from the refund.
    pub gateway_fee: Money,
    /// What the operator decided against the policy.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Box<Override>>,
}

impl Canceled {
    /// What was charged: the fees, less what is waived of them, plus what is kept for the gateway.
    ///
    /// # Errors
    /// [`MoneyError`] never for an event that was decided on.
    pub fn charged(&self) -> Result<Money, MoneyError> {
        self.fee.minus(self.waived)?.or_zero().plus(self.gateway_fee)
    }
}

/// What was canceled of one item.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct CanceledItem {
    /// The item.
    pub item: ItemId,
    /// The window that held; none where the operator canceled.
    pub window: Option<Code>,
    /// Does the item end?
    pub extent: Extent,
    /// Who no longer attends.
    pub participants: Vec<ParticipantId>,
    /// Which lines are no longer due.
    pub lines: Vec<LineId>,
    /// The item's share of the fee.
    pub fee: Money,
}

/// A cancellation that was taken back: what stands again, and what that takes out of the books.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct CancellationUndone {
    /// The command that had canceled.
    pub command: CommandId,
    /// What stands again, item by item.
    pub items: Vec<RestoredItem>,
    /// The new entries of the plan: each takes one of the cancellation's back.
    pub charges: Vec<Charge>,
    /// The refund entry of the cancellation, which is not paid back any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<RefundId>,
    /// What the operator has to do by hand, as it was before the cancellation.
    pub tasks: Vec<Task>,
}

/// What of one item stands again.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct RestoredItem {
    /// The item.
    pub item: ItemId,
    /// Had the item ended?
    pub extent: Extent,
    /// Who attends again.
    pub participants: Vec<ParticipantId>,
    /// Which lines are due again.
    pub lines: Vec<LineId>,
    /// The fees of its earlier cancellations, which still count.
    pub charged: Vec<Money>,
    /// The window of the last of them.
    pub charged_in: Option<Code>,
}

/// What was moved, and what that cost.
///
/// Source: requirement D4
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct Rebooked {
    /// Why.
    pub reason: MoveReason,
    /// Move by move.
    pub moves: Vec<MovedItem>,
    /// The new prices less the old ones.
    pub difference: Money,
    /// What is kept of a lower price.
    pub kept: Money,
    /// What those who stay pay more, or (negative) no longer pay more, since a group's price is lost.
    pub group_price_lost: Money,
    /// What the moves cost.
    pub fee: Money,
    /// What the gateway took, kept from the refund.
    pub gateway_fee: Money,
    /// What the operator decided against the policy.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Box<Override>>,
}

/// What was moved of one item.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct MovedItem {
    /// The item.
    pub item: ItemId,
    /// All that was left of it, or a part?
    pub extent: Extent,
    /// The item that it is now: itself, or a new one where only a part moved.
    pub into: ItemId,
    /// Who moved.
    pub participants: Vec<ParticipantId>,
    /// What moved, at its new price.
    pub lines: Vec<MovedLine>,
    /// Where to.
    pub slot: Slot,
    /// What is offered there.
    pub service: String,
    /// What the customer may do with it from now on.
    pub terms: Terms,
    /// The price of a group from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupPrice>,
    /// Do those who stay keep the group's price for good, since the operator moved the others?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_group_price: bool,
}

/// A line at its new price.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct MovedLine {
    /// The line.
    pub line: LineId,
    /// Its price from now on.
    pub price: Money,
}

/// How much of an item is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// Everything that was left of it.
    Whole,
    /// Some participants with what is bound to them.
    Part,
}

/// A refund entry as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct RefundEntered {
    /// The entry.
    pub refund: Refund,
    /// What the entry takes off the plan, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_charge: Option<Money>,
}

/// The operator's yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
pub struct RefundApproved {
    /// The entry.
    pub refund: RefundId,
}

/// The operator's no.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct RefundDeclined {
    /// The entry.
    pub refund: RefundId,
    /// Why.
    pub why: String,
    /// What the customer owes because of it: the amount of the entry.
    pub kept: Money,
}

/// A refund that was undone.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct RefundVoided {
    /// The entry.
    pub refund: RefundId,
    /// Why.
    pub why: String,
    /// What its virtual entry took off the plan, put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Money>,
}

/// A refund's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
pub struct RefundRouted {
    /// The entry.
    pub refund: RefundId,
    /// The way from now on; what had failed is tried again.
    pub way: Way,
}

/// A share that a provider has in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
pub struct RefundSubmitted {
    /// The entry.
    pub refund: RefundId,
    /// The payment that the share is taken from.
    pub payment: PaymentId,
}

/// Money that is back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
pub struct RefundSettled {
    /// The entry.
    pub refund: RefundId,
    /// The payments whose shares are back; absent: all that were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<PaymentId>>,
}

/// A share that a provider could not pay back.
#[derive(Debug, Clone, PartialEq, Serialize, FromObject)]
pub struct RefundFailed {
    /// The entry.
    pub refund: RefundId,
    /// The payment that the share is taken from.
    pub payment: PaymentId,
    /// What the provider says.
    pub why: String,
    /// What had been paid back and has come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed: Option<Money>,
}

/// A voucher that settled shares of a refund; it has the refund's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
pub struct VoucherIssued {
    /// The entry.
    pub refund: RefundId,
    /// What the voucher is worth.
    pub parts: Vec<VoucherPart>,
    /// The payments whose shares it settled.
    pub payments: Vec<PaymentId>,
}

/// A refund whose document was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
pub struct RefundWritten {
    /// The entry.
    pub refund: RefundId,
}

/// Who goes by another name now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
pub struct ParticipantRenamed {
    /// Who.
    pub participant: ParticipantId,
}

/// Which links work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromObject)]
pub struct LinksRevoked {
    /// The first generation that works.
    pub generation: u16,
}
