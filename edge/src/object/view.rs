//! What is answered about a booking: the view that a control link shows, and the receipt of a command.

use std::borrow::Cow;

use leeway_core::balance::{PaymentStatus, Status, payment_status, status, totals};
use leeway_core::event::Canceled;
use leeway_core::id::{BookingId, CommandId};
use leeway_core::refund::Refund;
use leeway_core::timeline::Segment;
use leeway_core::{
    Action, Actor, Booking, Event, Instant, Money, Options, Quote, Refusal, Selection, Totals, options, quote, timeline,
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::store::{Fault, Loaded, Operator};

/// Everything that a control link shows at an instant.
#[derive(Serialize)]
pub struct View<'a> {
    pub id: BookingId,
    pub reference: &'a str,
    pub version: u64,
    /// For operators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_url: Option<String>,
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
    /// Names, addresses, labels.
    pub personal: &'a RawValue,
}

/// What the rules say of an action.
#[derive(Serialize)]
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
            personal: loaded.personal,
        })
    }
}

/// What a command did; the same again when it is sent twice.
#[derive(Serialize)]
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
}

impl<'a> Receipt<'a> {
    pub fn of(id: CommandId, events: &[Event], booking: &'a Booking) -> Result<Self, Fault> {
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
        })
    }
}

fn charged(events: &[Event], booking: &Booking) -> Result<Money, Fault> {
    let canceled =
        events.iter().find_map(|event| if let Event::Canceled(canceled) = event { Some(canceled) } else { None });
    Ok(match canceled {
        Some(canceled) => Canceled::charged(canceled).map_err(Refusal::from)?,
        None => Money::zero(booking.currency),
    })
}
