//! What happened to a booking. Events carry results (amounts, the window that held), so that replaying them never runs a policy.
//!
//! Their bodies are in [`body`]; how events of every version are read is in [`stored`].

use serde::Serialize;

use crate::command::RecordPayment;
use crate::refund::Task;

pub mod body;
pub mod stored;

pub use body::{
    Canceled, CanceledItem, CancellationUndone, Extent, GatewayFeeNoted, LinksRevoked, Made, MovedItem, MovedLine,
    ParticipantRenamed, PaymentRecorded, PlanAdjusted, Rebooked, RefundApproved, RefundDeclined, RefundEntered,
    RefundFailed, RefundRouted, RefundSettled, RefundSubmitted, RefundVoided, RefundWritten, RestoredItem,
    VoucherIssued,
};
pub use stored::{EVENT_VERSION, Stored};

/// Something that happened: `{"kind":…,"body":…}`, the kind first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    /// The booking was made.
    BookingMade(Box<Made>),
    /// Money came in.
    PaymentRecorded(PaymentRecorded),
    /// What the gateway took of a payment became known.
    GatewayFeeNoted(GatewayFeeNoted),
    /// An extra came later, or a rebate.
    PlanAdjusted(PlanAdjusted),
    /// All or a part was canceled.
    Canceled(Box<Canceled>),
    /// A cancellation was taken back.
    CancellationUndone(Box<CancellationUndone>),
    /// All or a part was moved to other slots.
    Rebooked(Box<Rebooked>),
    /// Money is to go back.
    RefundEntered(Box<RefundEntered>),
    /// The operator agreed to a refund.
    RefundApproved(RefundApproved),
    /// The operator keeps the money of a refund.
    RefundDeclined(RefundDeclined),
    /// A refund was undone before anything of it left.
    RefundVoided(RefundVoided),
    /// A refund goes back another way, or is tried again.
    RefundRouted(RefundRouted),
    /// A provider has shares of a refund in hand.
    RefundSubmitted(RefundSubmitted),
    /// The money of shares of a refund is back.
    RefundSettled(RefundSettled),
    /// A provider could not pay a share of a refund back, or it came back.
    RefundFailed(RefundFailed),
    /// A refund was settled by a voucher.
    VoucherIssued(VoucherIssued),
    /// A credit note was made for a refund.
    CreditNoteMade(RefundWritten),
    /// The credit note of a refund was approved.
    CreditNoteApproved(RefundWritten),
    /// The operator has to do something by hand.
    TaskOpened(Task),
    /// Somebody else attends; the name lies beside the log.
    ParticipantRenamed(ParticipantRenamed),
    /// Links of a lower generation stopped working.
    LinksRevoked(LinksRevoked),
}

impl Event {
    /// The kind, as it is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BookingMade(_) => "booking_made",
            Self::PaymentRecorded(_) => "payment_recorded",
            Self::GatewayFeeNoted(_) => "gateway_fee_noted",
            Self::PlanAdjusted(_) => "plan_adjusted",
            Self::Canceled(_) => "canceled",
            Self::CancellationUndone(_) => "cancellation_undone",
            Self::Rebooked(_) => "rebooked",
            Self::RefundEntered(_) => "refund_entered",
            Self::RefundApproved(_) => "refund_approved",
            Self::RefundDeclined(_) => "refund_declined",
            Self::RefundVoided(_) => "refund_voided",
            Self::RefundRouted(_) => "refund_routed",
            Self::RefundSubmitted(_) => "refund_submitted",
            Self::RefundSettled(_) => "refund_settled",
            Self::RefundFailed(_) => "refund_failed",
            Self::VoucherIssued(_) => "voucher_issued",
            Self::CreditNoteMade(_) => "credit_note_made",
            Self::CreditNoteApproved(_) => "credit_note_approved",
            Self::TaskOpened(_) => "task_opened",
            Self::ParticipantRenamed(_) => "participant_renamed",
            Self::LinksRevoked(_) => "links_revoked",
        }
    }
}

impl From<RecordPayment> for PaymentRecorded {
    fn from(RecordPayment { id, method, amount, gateway_fee }: RecordPayment) -> Self {
        Self { id, method, amount, gateway_fee, voucher: None }
    }
}
