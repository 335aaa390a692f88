//! What the verbs of a vector want, as the core takes it: read from JSON as every host reads it.

use anyhow::{Context as _, Result};
use leeway_core::command::{RecordPayment, RefundStep};
use leeway_core::id::{PaymentId, RefundId, SlotId};
use leeway_core::slot::SlotCommand;
use leeway_core::{Ask, Money};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Reads as every host does, from text.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<T> {
    serde_json::from_str(&value.to_string()).with_context(|| format!("`{value}` is malformed"))
}

/// A payment that came before has the id that it had.
pub(super) fn read_payment(value: &Value, id: PaymentId) -> Result<RecordPayment> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        method: leeway_core::booking::Method,
        amount: Money,
        gateway_fee: Option<Money>,
        again: Option<PaymentId>,
    }
    let Written { method, amount, gateway_fee, again } = read(value)?;
    Ok(RecordPayment { id: again.unwrap_or(id), method, amount, gateway_fee })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotedFee {
    pub(super) payment: PaymentId,
    pub(super) fee: Money,
}

/// What a step canceled, the steps counted from 0.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Undoing {
    pub(super) step: usize,
    pub(super) within_ms: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Redeem {
    pub(super) voucher: usize,
    pub(super) amount: Option<Money>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collecting {
    pub(super) ask: Ask,
    pub(super) minimum: Option<Money>,
}

/// `{"refund":…}` and the step beside it.
pub(super) fn read_step(value: &Value) -> Result<(RefundId, RefundStep)> {
    let mut step = value.clone();
    let refund = step.as_object_mut().and_then(|members| members.remove("refund")).context("there is no `refund`")?;
    Ok((read(&refund)?, read(&step)?))
}

/// `{"slot":…}` and the command beside it.
pub(super) fn read_slot(value: &Value) -> Result<(SlotId, SlotCommand)> {
    let slot = read(value.get("slot").context("there is no `slot`")?)?;
    let is_open = value.get("type").and_then(Value::as_str) == Some("open");
    let mut command = value.clone();
    if let (false, Some(members)) = (is_open, command.as_object_mut()) {
        members.remove("slot");
    }
    Ok((slot, read(&command)?))
}
