//! The rules' "no". Each has a stable code and the facts behind it. Malformed input is not a refusal: it never reaches the rules.

use serde::{Deserialize, Serialize};

use crate::id::{ItemId, ParticipantId, PaymentId, RefundId, SlotId};
use crate::money::{Money, MoneyError, NotMoney};
use crate::policy::Code;
use crate::refund::{RefundReason, RefundState, Way};
use crate::time::{Instant, Zone};

/// What a policy can switch off, or limit in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Give up.
    Cancel,
    /// Move.
    Rebook,
    /// Let somebody else attend.
    Rename,
}

impl std::fmt::Display for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cancel => "cancel",
            Self::Rebook => "rebook",
            Self::Rename => "rename",
        })
    }
}

/// Why the rules do not allow something.
///
/// On the wire `{"code":"past_limit","params":{…}}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Refusal {
    /// The booking exists already.
    #[error("the booking has been made already")]
    AlreadyMade {},
    /// There is no such booking.
    #[error("the booking has not been made")]
    NotMade {},
    /// The booking has no such item.
    #[error("the booking has no item `{item}`")]
    UnknownItem {
        /// As named.
        item: ItemId,
    },
    /// The booking has no such participant.
    #[error("the booking has no participant `{participant}`")]
    UnknownParticipant {
        /// As named.
        participant: ParticipantId,
    },
    /// The booking has no such refund entry.
    #[error("the booking has no refund `{refund}`")]
    UnknownRefund {
        /// As named.
        refund: RefundId,
    },
    /// The item was canceled before.
    #[error("the item `{item}` is canceled already")]
    ItemCanceled {
        /// The item.
        item: ItemId,
    },
    /// The participant was canceled before.
    #[error("the participant `{participant}` is canceled already")]
    ParticipantCanceled {
        /// The participant.
        participant: ParticipantId,
    },
    /// The selection names nothing.
    #[error("nothing is selected")]
    NothingSelected {},
    /// Everything is canceled already.
    #[error("nothing is left to cancel")]
    NothingToCancel {},
    /// The policy has this switched off.
    #[error("the policy does not let customers {verb}")]
    SwitchedOff {
        /// What.
        verb: Verb,
        /// For which item.
        item: ItemId,
    },
    /// The last instant for this is past.
    #[error("the last instant to {verb} was {limit}")]
    PastLimit {
        /// What.
        verb: Verb,
        /// For which item.
        item: ItemId,
        /// The last instant.
        limit: Instant,
        /// In whose local time people read it.
        zone: Zone,
    },
    /// Only the operator may give this reason, or decide against the policy.
    #[error("only the operator can give this reason, or decide against the policy")]
    ReasonNotAllowed {},
    /// The slot has not come to its day: nothing can be refused on arrival yet.
    #[error("nothing can be refused on arrival before {from}")]
    NotArrivedYet {
        /// 24 hours before the start.
        from: Instant,
    },
    /// An amount in another currency than the booking's.
    #[error("an amount is in another currency than the booking")]
    WrongCurrency {},
    /// A sum beyond what can be represented.
    #[error("an amount is out of range")]
    AmountOutOfRange {},
    /// The amount is nothing or less.
    #[error("the amount has to be more than nothing")]
    AmountNotPositive {},
    /// The gateway cannot take more than came in.
    #[error("the gateway's fee is above the payment")]
    GatewayFeeTooHigh {},
    /// A payment of this id came already, of another amount or another way.
    #[error("the payment `{payment}` is known already, and is another one")]
    PaymentKnown {
        /// The payment.
        payment: PaymentId,
    },
    /// The gateway's fee for this payment is known already, and is another.
    #[error("the gateway's fee for the payment `{payment}` is known already: {fee}")]
    GatewayFeeKnown {
        /// The payment.
        payment: PaymentId,
        /// The fee that is known.
        fee: Money,
    },
    /// The instalments are not the price.
    #[error("the instalments come to {plan}, the price to {price}")]
    PlanIsNotThePrice {
        /// The sum of the instalments.
        plan: Money,
        /// The sum of the lines.
        price: Money,
    },
    /// More than the payments have left.
    #[error("at most {most} can go back")]
    RefundTooHigh {
        /// The most that can go back.
        most: Money,
    },
    /// This reason needs an amount.
    #[error("a refund for this reason needs an amount")]
    AmountNeeded {
        /// The reason.
        reason: RefundReason,
    },
    /// The reason goes with a canceled booking.
    #[error("the booking is not canceled")]
    NotCanceled {},
    /// The entry is not in a state in which that can happen.
    #[error("a refund that is `{}` does not allow this", state.as_str())]
    RefundNotOpen {
        /// Its state.
        state: RefundState,
    },
    /// The booking has no such payment, or the refund takes nothing of it.
    #[error("the booking has no payment `{payment}`, or the refund takes nothing of it")]
    UnknownPayment {
        /// As named.
        payment: PaymentId,
    },
    /// The entry has a voucher or a credit note already, and there is only one document.
    #[error("the refund has its document already")]
    DocumentExists {},
    /// The entry has no credit note that waits for approval.
    #[error("the refund has no credit note to approve")]
    NoCreditNote {
        /// The entry's state.
        state: RefundState,
    },
    /// The credit note has to be approved first.
    #[error("the credit note has to be approved first")]
    CreditNoteNotApproved {},
    /// Money for this reason, or money that was paid by voucher, cannot go back this way.
    #[error("this money cannot go back this way")]
    WayNotPossible {
        /// The way.
        way: Way,
    },
    /// A rebate above what the booking costs.
    #[error("a rebate is at most {most}")]
    RebateAbovePlan {
        /// What the plan comes to.
        most: Money,
    },
    /// The booking is canceled: nothing of its price is due any more.
    #[error("the booking is canceled")]
    BookingCanceled {},
    /// Nothing is due.
    #[error("nothing is due")]
    NothingDue {},
    /// More than is due.
    #[error("at most {most} is due")]
    AmountAboveBalance {
        /// What is due.
        most: Money,
    },
    /// Less than a gateway takes.
    #[error("at least {minimum} can be charged")]
    BelowMinimumCharge {
        /// The least.
        minimum: Money,
    },
    /// What would be left is less than a gateway takes, so that it could not be charged later.
    #[error("at least {minimum} can be charged, and only {left} would be left")]
    LeavesBelowMinimum {
        /// What would be left.
        left: Money,
        /// The least.
        minimum: Money,
    },
    /// The voucher has less.
    #[error("the voucher is worth {most} now, which is not enough")]
    VoucherTooSmall {
        /// What can be redeemed of it.
        most: Money,
    },
    /// The policy offers no voucher in place of money.
    #[error("the policy offers no voucher in place of money")]
    NoVoucherOffered {
        /// For which item.
        item: ItemId,
    },
    /// An override that says nothing, or too much.
    #[error("an override names one fee or one window of what the customer cancels, or the fee of a move")]
    NothingOverridden {},
    /// The terms have no such window.
    #[error("the terms have no window `{window}`")]
    UnknownWindow {
        /// As named.
        window: Code,
    },
    /// A fee below nothing, or above the price.
    #[error("a fee is between nothing and {price}")]
    FeeAbovePrice {
        /// The price.
        price: Money,
    },
    /// There is no such slot to move to.
    #[error("there is no slot `{slot}` to move to")]
    UnknownSlot {
        /// As named.
        slot: SlotId,
    },
    /// The item is in that slot already.
    #[error("the item is in that slot already")]
    SameSlot {
        /// The item.
        item: ItemId,
    },
    /// Two moves of the same thing.
    #[error("the item, or somebody in it, is moved twice")]
    MovedTwice {
        /// The item.
        item: ItemId,
    },
    /// A customer moves in time only: the service and the place stay.
    #[error("only the date and the time can change")]
    OtherService {
        /// The item.
        item: ItemId,
    },
    /// The slot has begun.
    #[error("the slot started at {starts_at}")]
    SlotStarted {
        /// The slot.
        slot: SlotId,
        /// When.
        starts_at: Instant,
    },
    /// The item was moved as often as the policy allows.
    #[error("an item is moved at most {most} times")]
    TooManyMoves {
        /// The item.
        item: ItemId,
        /// How often.
        most: u16,
    },
    /// The slot is further from the first date than the policy allows.
    #[error("the slot is too far from the date that was booked at first")]
    TooFar {
        /// The item.
        item: ItemId,
        /// The first start that it can move to.
        earliest: Option<Instant>,
        /// The last start that it can move to.
        latest: Option<Instant>,
    },
    /// Fewer places are free than people.
    #[error("there are too few free places in the slot: {room}")]
    SlotFull {
        /// The slot.
        slot: SlotId,
        /// How many places are free.
        room: u32,
    },
    /// The slot takes nobody any more.
    #[error("the slot takes nobody any more")]
    SlotClosed {
        /// The slot.
        slot: SlotId,
    },
    /// More places are taken than the slot would have.
    #[error("the slot cannot have fewer places than are taken: {taken}")]
    CapacityBelowTaken {
        /// How many.
        taken: u32,
    },
    /// There is no such cancellation, or nothing of it is in force any more.
    #[error("there is no cancellation to take back")]
    NothingToUndo {},
    /// A customer takes back only what a customer did.
    #[error("only the operator can take back what the operator did")]
    NotYourOwn {},
    /// The time in which it could be taken back is over.
    #[error("the last instant to take the cancellation back was {until}")]
    UndoTooLate {
        /// The last instant.
        until: Instant,
    },
    /// The refund of the cancellation is on its way, or somebody has dealt with it.
    #[error("the refund `{refund}` of the cancellation was already dealt with")]
    RefundUnderWay {
        /// The entry.
        refund: RefundId,
    },
    /// What came after the cancellation builds on it.
    #[error("something was done since the cancellation that builds on it")]
    UndoOvertaken {},
    /// A list is longer than a booking can hold.
    #[error("a booking holds at most {most} of these")]
    TooMany {
        /// How many.
        most: u32,
    },
    /// A name or note is empty, too long, or has control characters.
    #[error("a name or note is 1 to {most} characters long and has no control characters")]
    TextNotValid {
        /// The longest, in characters.
        most: u32,
    },
}

impl Refusal {
    pub(crate) fn too_many(most: usize) -> Self {
        Self::TooMany { most: u32::try_from(most).unwrap_or(u32::MAX) }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyMade {} => "already_made",
            Self::NotMade {} => "not_made",
            Self::UnknownItem { .. } => "unknown_item",
            Self::UnknownParticipant { .. } => "unknown_participant",
            Self::UnknownRefund { .. } => "unknown_refund",
            Self::ItemCanceled { .. } => "item_canceled",
            Self::ParticipantCanceled { .. } => "participant_canceled",
            Self::NothingSelected {} => "nothing_selected",
            Self::NothingToCancel {} => "nothing_to_cancel",
            Self::SwitchedOff { .. } => "switched_off",
            Self::PastLimit { .. } => "past_limit",
            Self::ReasonNotAllowed {} => "reason_not_allowed",
            Self::NotArrivedYet { .. } => "not_arrived_yet",
            Self::WrongCurrency {} => "wrong_currency",
            Self::AmountOutOfRange {} => "amount_out_of_range",
            Self::AmountNotPositive {} => "amount_not_positive",
            Self::GatewayFeeTooHigh {} => "gateway_fee_too_high",
            Self::PaymentKnown { .. } => "payment_known",
            Self::GatewayFeeKnown { .. } => "gateway_fee_known",
            Self::PlanIsNotThePrice { .. } => "plan_is_not_the_price",
            Self::RefundTooHigh { .. } => "refund_too_high",
            Self::AmountNeeded { .. } => "amount_needed",
            Self::NotCanceled {} => "not_canceled",
            Self::RefundNotOpen { .. } => "refund_not_open",
            Self::UnknownPayment { .. } => "unknown_payment",
            Self::DocumentExists {} => "document_exists",
            Self::NoCreditNote { .. } => "no_credit_note",
            Self::CreditNoteNotApproved {} => "credit_note_not_approved",
            Self::WayNotPossible { .. } => "way_not_possible",
            Self::RebateAbovePlan { .. } => "rebate_above_plan",
            Self::BookingCanceled {} => "booking_canceled",
            Self::NothingDue {} => "nothing_due",
            Self::AmountAboveBalance { .. } => "amount_above_balance",
            Self::BelowMinimumCharge { .. } => "below_minimum_charge",
            Self::LeavesBelowMinimum { .. } => "leaves_below_minimum",
            Self::VoucherTooSmall { .. } => "voucher_too_small",
            Self::NoVoucherOffered { .. } => "no_voucher_offered",
            Self::NothingOverridden {} => "nothing_overridden",
            Self::UnknownWindow { .. } => "unknown_window",
            Self::FeeAbovePrice { .. } => "fee_above_price",
            Self::UnknownSlot { .. } => "unknown_slot",
            Self::SameSlot { .. } => "same_slot",
            Self::MovedTwice { .. } => "moved_twice",
            Self::OtherService { .. } => "other_service",
            Self::SlotStarted { .. } => "slot_started",
            Self::TooManyMoves { .. } => "too_many_moves",
            Self::TooFar { .. } => "too_far",
            Self::SlotFull { .. } => "slot_full",
            Self::SlotClosed { .. } => "slot_closed",
            Self::CapacityBelowTaken { .. } => "capacity_below_taken",
            Self::NothingToUndo {} => "nothing_to_undo",
            Self::NotYourOwn {} => "not_your_own",
            Self::UndoTooLate { .. } => "undo_too_late",
            Self::RefundUnderWay { .. } => "refund_under_way",
            Self::UndoOvertaken {} => "undo_overtaken",
            Self::TooMany { .. } => "too_many",
            Self::TextNotValid { .. } => "text_not_valid",
        }
    }
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::CurrencyMismatch => Self::WrongCurrency {},
            MoneyError::OutOfRange => Self::AmountOutOfRange {},
        }
    }
}

impl From<NotMoney> for Refusal {
    fn from(error: NotMoney) -> Self {
        match error {
            NotMoney::UnknownCurrency(_) => Self::WrongCurrency {},
            NotMoney::TooPrecise { .. } | NotMoney::NotANumber(_) => Self::AmountOutOfRange {},
            NotMoney::Beyond(error) => error.into(),
        }
    }
}
