//! What is measured, for the criterion benchmark and for counting instructions: one booking (three items of four participants, four windows each,
//! paid in two parts), and histories of it of any length.

use std::error::Error;

use leeway_core::command::{Adjust, EnterRefund, Envelope, RecordPayment, RefundStep};
use leeway_core::event::Made;
use leeway_core::id::{CommandId, PaymentId, RefundId};
use leeway_core::policy::Code;
use leeway_core::refund::{RefundReason, Way};
use leeway_core::{
    Action, Actor, Booking, Command, Event, Instant, Map, Money, Quote, Refusal, Selection, carry_out, evolve, quote,
};
use uuid::Uuid;

const BOOKING: &str = include_str!("../../tests/fixtures/bench/made.json");
/// In the third window of each item.
const AT: &str = "2026-11-23T12:00:00Z";

/// The booking, and what is asked of it.
pub struct Scene {
    pub booking: Booking,
    pub action: Action,
    pub at: Instant,
}

impl Scene {
    pub fn new() -> Result<Self, Box<dyn Error>> {
        let (booking, at) = (serde_json::from_str(BOOKING)?, Instant::parse(AT)?);
        Ok(Self { booking, action: Action::cancel(Selection::All), at })
    }

    /// A quote, everything worked out anew.
    pub fn quote(&self) -> Result<Quote, Refusal> {
        quote(&self.booking, &self.action, &[], Actor::Customer, self.at)
    }

    /// The same action decided on and applied.
    pub fn commit(&self) -> Result<leeway_core::Commit, Refusal> {
        let id = CommandId(Uuid::from_u128(1));
        let envelope = Envelope { id, at: self.at, actor: Actor::Customer, command: Command::Act(self.action.clone()) };
        carry_out(Some(&self.booking), &envelope, &[], &Map::new())
    }

    /// So many events: the booking, then payments, names, extras, rebates and refunds in turn, each decided on by the rules.
    pub fn history(&self, length: usize) -> Result<Vec<Event>, Box<dyn Error>> {
        let Booking { id, reference, currency, items, .. } = self.booking.clone();
        let plan = Vec::new();
        let mut events = vec![Event::BookingMade(Box::new(Made { id, reference, currency, items, plan }))];
        let mut booking = evolve(None, events.first().ok_or("an event")?, self.at);
        let mut number = 0_u128;
        while events.len() < length {
            number += 1;
            let id = CommandId(Uuid::from_u128(number));
            let envelope = Envelope { id, at: self.at, actor: Actor::Operator, command: self.command(number)? };
            let commit = carry_out(booking.as_ref(), &envelope, &[], &Map::new())?;
            booking = Some(commit.booking);
            events.extend(commit.events);
        }
        events.truncate(length);
        Ok(events)
    }

    fn command(&self, number: u128) -> Result<Command, Box<dyn Error>> {
        let amount = |text: &str| Money::parse(text, self.booking.currency);
        let code = Code::parse("extra").ok_or("a code")?;
        Ok(match number % 6 {
            0 => Command::Refund { refund: RefundId(Uuid::from_u128(number - 1)), step: RefundStep::Finalize {} },
            1 | 4 => Command::RecordPayment(RecordPayment {
                id: PaymentId(Uuid::from_u128(number)),
                method: leeway_core::booking::Method::Card,
                amount: amount("20.00")?,
                gateway_fee: Some(amount("0.55")?),
            }),
            2 => {
                let participant = self.booking.items.iter().flat_map(|item| &item.participants).next();
                let participant = participant.ok_or("a participant")?.id;
                Command::Act(Action::Rename { participant, name: "Ana Kovač".to_owned() })
            }
            3 => Command::Adjust(Adjust { code, amount: amount("5.00")? }),
            _ => Command::EnterRefund(EnterRefund {
                reason: RefundReason::Overpayment,
                amount: Some(amount("1.00")?),
                way: Way::AsPaid,
                note: String::new(),
            }),
        })
    }
}

/// Applies events from the first to the last.
pub fn replay(events: &[Event], at: Instant) -> Option<Booking> {
    events.iter().fold(None, |booking, event| evolve(booking, event, at))
}
