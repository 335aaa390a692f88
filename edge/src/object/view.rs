//! What is answered about a booking: the view that a control link shows, and the receipt of a command.

use std::borrow::Cow;

use leeway_core::balance::{PaymentStatus, Status, payment_status, status, totals};
use leeway_core::event::{Canceled, Rebooked};
use leeway_core::id::{BookingId, CommandId, SlotId};
use leeway_core::refund::Refund;
use leeway_core::timeline::Segment;
use leeway_core::work::Work;
use leeway_core::{
    Action, Actor, Booking, Event, Instant, Money, MoneyError, Options, Quote, Refusal, Selection, Totals, options,
    quote, timeline,
};
use leeway_json::Raw;
use serde::Serialize;

use crate::store::{Coded, Fault, Loaded, Operator};

/// Everything that a control link shows at an instant.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct View<'a> {
    pub id: BookingId,
    pub reference: &'a str,
    pub version: u64,
    /// For operators only, as what comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_url: Option<String>,
    /// What there is to see to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<Vec<Work>>,
    /// The vouchers that were issued for its refunds, as they are now: for operators, and where there are some for whoever may change the booking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vouchers: Option<Vec<Coded>>,
    pub at: Instant,
    pub operator: Cow<'a, Operator>,
    pub status: Status,
    pub payment_status: PaymentStatus,
    pub totals: Totals,
    pub options: Options,
    /// What canceling everything would do now, or why it is not possible.
    pub quote: QuoteOrRefusal,
    /// How that changes with time.
    pub timeline: Vec<Segment>,
    /// What the browser package computes with.
    pub booking: &'a Booking,
    /// The slots opened for many in which it has places: what is in one of them can be moved.
    pub slots: &'a [SlotId],
    /// Names, addresses, labels.
    #[cfg_attr(test, schemars(with = "leeway_core::request::Personal"))]
    pub personal: &'a Raw<'a>,
}

/// What the rules say of an action.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum QuoteOrRefusal {
    Quote(Quote),
    Refusal { refusal: Refusal },
}

/// Canceling all that may be canceled, as the customer.
pub fn cancel_all() -> Action {
    Action::cancel(Selection::All)
}

impl<'a> View<'a> {
    pub fn of(loaded: &'a Loaded<'a>, operator: &'a Operator, at: Instant) -> Result<Self, Fault> {
        let booking = &loaded.booking;
        let totals = totals(booking).map_err(Refusal::from)?;
        Ok(Self {
            id: booking.id,
            reference: booking.reference.as_str(),
            version: booking.version,
            control_url: None,
            work: None,
            vouchers: None,
            at,
            operator: Cow::Borrowed(operator),
            status: status(booking),
            payment_status: payment_status(&totals),
            totals,
            options: options(booking, at)?,
            quote: match quote(booking, &cancel_all(), &[], Actor::Customer, at) {
                Ok(quote) => QuoteOrRefusal::Quote(quote),
                Err(refusal) => QuoteOrRefusal::Refusal { refusal },
            },
            timeline: timeline(booking, &Selection::All)?,
            booking,
            slots: &loaded.slots,
            personal: &loaded.personal,
        })
    }
}

/// What a command did; the same again when it is sent twice.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Receipt<'a> {
    /// The command.
    pub id: CommandId,
    pub booking: BookingId,
    pub reference: &'a str,
    pub version: u64,
    pub status: Status,
    pub payment_status: PaymentStatus,
    pub totals: Totals,
    /// What was charged for it.
    pub fee: Money,
    /// The refund entries of the booking.
    pub refunds: &'a [Refund],
    /// Until when a cancellation can be taken back, the last instant inside, unless something is done about it before; absent for what cannot be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Instant>,
}

impl<'a> Receipt<'a> {
    pub fn of(
        id: CommandId,
        events: &[Event],
        booking: &'a Booking,
        undo_until: Option<Instant>,
    ) -> Result<Self, Fault> {
        let totals = totals(booking).map_err(Refusal::from)?;
        Ok(Self {
            id,
            booking: booking.id,
            reference: booking.reference.as_str(),
            version: booking.version,
            status: status(booking),
            payment_status: payment_status(&totals),
            totals,
            fee: charged(events, booking)?,
            refunds: &booking.refunds,
            undo_until,
        })
    }
}

/// The fees; what a move makes dearer or cheaper is in the totals.
fn charged(events: &[Event], booking: &Booking) -> Result<Money, Fault> {
    let fee = events.iter().find_map(|event| match event {
        Event::Canceled(canceled) => Some(Canceled::charged(canceled)),
        Event::Rebooked(rebooked) => Some(move_fee(rebooked)),
        Event::BookingMade(_)
        | Event::PaymentRecorded(_)
        | Event::GatewayFeeNoted(_)
        | Event::PlanAdjusted(_)
        | Event::CancellationUndone(_)
        | Event::RefundEntered(_)
        | Event::RefundApproved(_)
        | Event::RefundDeclined(_)
        | Event::RefundVoided(_)
        | Event::RefundRouted(_)
        | Event::RefundSubmitted(_)
        | Event::RefundSettled(_)
        | Event::RefundFailed(_)
        | Event::VoucherIssued(_)
        | Event::CreditNoteMade(_)
        | Event::CreditNoteApproved(_)
        | Event::TaskOpened(_)
        | Event::ParticipantRenamed(_)
        | Event::LinksRevoked(_) => None,
    });
    Ok(fee.transpose().map_err(Refusal::from)?.unwrap_or_else(|| Money::zero(booking.currency)))
}

fn move_fee(rebooked: &Rebooked) -> Result<Money, MoneyError> {
    rebooked.fee.plus(rebooked.gateway_fee)
}
