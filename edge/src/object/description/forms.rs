//! The fields of the pages' forms, as their doors read them. A form's own reader is where its door is; here are only the names.

use leeway_core::id::{CommandId, ItemId, ParticipantId, SlotId};
use schemars::JsonSchema;
use serde::Serialize;

/// What is canceled: everything, or what is named.
#[derive(Serialize, JsonSchema)]
pub struct CancelForm {
    /// Anything: all that is booked.
    all: Option<String>,
    /// Whole items.
    item: Option<Vec<ItemId>>,
    /// Participants of items.
    participant: Option<Vec<ParticipantId>>,
    /// The token of the quote that was shown.
    quote: String,
}

/// What moves, and where to.
#[derive(Serialize, JsonSchema)]
pub struct RescheduleForm {
    item: ItemId,
    /// Who of those who attend it; absent: everybody.
    participant: Option<Vec<ParticipantId>>,
    slot: SlotId,
    /// The token of the quote that was shown.
    quote: String,
}

/// A participant's new name.
#[derive(Serialize, JsonSchema)]
pub struct RenameForm {
    participant: ParticipantId,
    name: String,
}

/// What is taken back.
#[derive(Serialize, JsonSchema)]
pub struct UndoForm {
    command: CommandId,
}

/// What is about to be paid.
#[derive(Serialize, JsonSchema)]
pub struct CheckoutForm {
    /// As the bill showed it, such as `109.98 EUR`; where another amount is due by now, the bill is shown again.
    amount: String,
    /// What of it, for whoever holds the control link: `due_now` or `balance`.
    ask: Option<String>,
}
