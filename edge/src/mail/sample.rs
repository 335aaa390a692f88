//! A booking that never was, for previews: made, paid, moved, canceled and refunded by the real rules, so that what an operator sees in a
//! preview is what customers will see.

use std::collections::BTreeMap;

use leeway_core::booking::{Method, Reference, Slot, SlotTime};
use leeway_core::command::{Move, MoveReason, ProviderWord, RecordPayment, RefundStep};
use leeway_core::freeze::freeze;
use leeway_core::id::{CommandId, PaymentId, RefundId, SlotId};
use leeway_core::policy::Code;
use leeway_core::rebook::Offer;
use leeway_core::request::{
    BookingRequest, Customer, InstalmentRequest, ItemRequest, ParticipantRequest, Personal, prepare,
};
use leeway_core::time::Zone;
use leeway_core::{
    Action, Actor, Booking, Command, Envelope, Event, Instant, Money, Policy, Refusal, Selection, carry_out,
};
use uuid::Uuid;

use super::kind::Kind;
use crate::store::{Fault, Moment, Operator};

const POLICY: &str = r#"{"name":"sample","rebook":{"hours":24},"rename":"start","gateway_fee":"absorbed","windows":[
    {"code":"free","until":{"days":14}},{"code":"half","until":"start","percent":"50"}]}"#;
const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
const PRICE_MINOR: i64 = 4_990;

/// The moment of a command that a message of this kind would tell, and the people in it.
pub fn moment(kind: Kind, operator: &Operator, locale: &str, at: Instant) -> Result<(Moment, Personal), Fault> {
    let mut story = Story { at, ids: 0, booking: None, told: None };
    let personal = story.make(operator, locale)?;
    match kind {
        Kind::Confirmation | Kind::PaymentRequired | Kind::PaymentLink | Kind::SignInLink | Kind::Inquiry => {}
        Kind::PaymentReceived => story.pay()?,
        Kind::Change => {
            story.pay()?;
            story.rebook()?;
        }
        Kind::Canceled => {
            story.pay()?;
            story.cancel()?;
        }
        Kind::RefundSent => story.refund(ProviderWord::Paid)?,
        Kind::RefundFailed => story.refund(ProviderWord::Failed("the card has expired".to_owned()))?,
    }
    let (Some(now), Some((before, events))) = (story.booking, story.told) else {
        return Err(Fault::Platform("a sample without a booking".to_owned()));
    };
    Ok((Moment { at, before, events, after: now.clone(), now }, personal))
}

/// What has happened so far.
struct Story {
    at: Instant,
    ids: u128,
    booking: Option<Booking>,
    /// The booking before the last command, and what that did.
    told: Option<(Option<Booking>, Vec<Event>)>,
}

impl Story {
    fn make(&mut self, operator: &Operator, locale: &str) -> Result<Personal, Fault> {
        let price = Money::of_minor(PRICE_MINOR, operator.currency).map_err(Refusal::from)?;
        let zone = Zone::parse(&operator.time_zone).map_err(|error| Fault::Platform(error.to_string()))?;
        let participant = |name: &str| ParticipantRequest { name: name.to_owned(), price };
        let item = ItemRequest {
            service: "Sunset kayak tour".to_owned(),
            slot: slot(self.at.shifted_ms(7 * DAY_MS), zone),
            slot_id: None,
            group: None,
            participants: vec![participant("Ana Kovač"), participant("Ivo Babić")],
            add_ons: Vec::new(),
        };
        let policy: Policy = leeway_json::read(POLICY)?;
        let request = BookingRequest {
            policy: policy.name,
            reference: None,
            currency: operator.currency,
            customer: Customer {
                name: "Ana Kovač".to_owned(),
                email: "ana@example.com".to_owned(),
                phone: Some("+385 1 2345 678".to_owned()),
                locale: Some(locale.to_owned()),
            },
            items: vec![item],
            plan: vec![InstalmentRequest {
                code: Code::parse("balance").unwrap_or(policy.name),
                due: None,
                due_before_start: None,
                due_after_hours: Some(48),
                amount: None,
                percent: None,
            }],
        };
        let reference =
            Reference::try_from("SAMPLE-1".to_owned()).map_err(|error| Fault::Platform(error.to_owned()))?;
        let prepared = prepare(&request, &policy, &reference, self.at, || {
            self.ids = self.ids.saturating_add(1);
            Uuid::from_u128(self.ids)
        });
        let (make, personal) = prepared.map_err(|error| Fault::Platform(error.to_string()))?;
        self.act(Command::Make(Box::new(make)), &[])?;
        Ok(personal)
    }

    fn pay(&mut self) -> Result<(), Fault> {
        let Some(booking) = &self.booking else { return Ok(()) };
        let amount = leeway_core::balance(booking).map_err(Refusal::from)?;
        let id = PaymentId(self.fresh());
        self.act(Command::RecordPayment(RecordPayment { id, method: Method::Card, amount, gateway_fee: None }), &[])
    }

    fn cancel(&mut self) -> Result<(), Fault> {
        self.act(Command::Act(Action::cancel(Selection::All)), &[])
    }

    /// To another day, at a higher price.
    fn rebook(&mut self) -> Result<(), Fault> {
        let id = SlotId(self.fresh());
        let Some(item) = self.booking.as_ref().and_then(|booking| booking.items.first()) else { return Ok(()) };
        let policy: Policy = leeway_json::read(POLICY)?;
        let time = slot(item.slot.time.starts_at.shifted_ms(2 * DAY_MS), item.slot.time.zone.clone());
        let terms = freeze(&policy, &time).map_err(|error| Fault::Platform(error.to_string()))?;
        let offer =
            Offer { slot: Slot { id, time }, service: item.service.clone(), room: 8, prices: Vec::new(), terms };
        let moves = vec![Move { item: item.id, participants: Vec::new(), slot: id }];
        let action = Action::Rebook { moves, reason: MoveReason::CustomerRequest, overridden: None };
        self.act(Command::Act(action), &[offer])
    }

    fn refund(&mut self, word: ProviderWord) -> Result<(), Fault> {
        self.pay()?;
        self.cancel()?;
        let share = self.booking.as_ref().and_then(|booking| booking.refunds.first());
        let share = share.and_then(|refund| Some((refund.id, refund.split.first()?.payment)));
        let Some((refund, payment)) = share else { return Ok(()) };
        self.act(provider(refund, payment, ProviderWord::Accepted), &[])?;
        self.act(provider(refund, payment, word), &[])
    }

    fn act(&mut self, command: Command, offers: &[Offer]) -> Result<(), Fault> {
        let envelope = Envelope { id: CommandId(self.fresh()), at: self.at, actor: Actor::System, command };
        let done = carry_out(self.booking.as_ref(), &envelope, offers, &BTreeMap::new())?;
        self.told = Some((self.booking.replace(done.booking), done.events));
        Ok(())
    }

    fn fresh(&mut self) -> Uuid {
        self.ids = self.ids.saturating_add(1);
        Uuid::from_u128(self.ids)
    }
}

fn provider(refund: RefundId, payment: PaymentId, word: ProviderWord) -> Command {
    Command::Refund { refund, step: RefundStep::Provider { payment, attempt: 0, word } }
}

/// Two hours from a whole hour on.
fn slot(near: Instant, zone: Zone) -> SlotTime {
    let starts_at = near.shifted_ms((near.ms() % HOUR_MS).saturating_neg());
    SlotTime { starts_at, ends_at: starts_at.shifted_ms(2 * HOUR_MS), zone }
}

#[cfg(test)]
mod tests {
    use leeway_core::{Currency, id::OperatorId};

    use super::*;
    use crate::mail::follow::follow;

    #[test]
    fn every_kind_that_follows_from_a_command_has_such_a_command() {
        let at = Instant::parse("2026-07-01T10:20:30Z").unwrap();
        for (currency, zone) in [("EUR", "Europe/Zagreb"), ("JPY", "Asia/Tokyo")] {
            let operator = Operator {
                id: OperatorId(Uuid::from_u128(1)),
                name: "Adriatic".to_owned(),
                time_zone: zone.to_owned(),
                currency: Currency::parse(currency).unwrap(),
                locale: "en".to_owned(),
            };
            for kind in Kind::ALL {
                let (moment, personal) = moment(kind, &operator, "de-AT", at).unwrap();
                let without_event = [Kind::PaymentRequired, Kind::PaymentLink, Kind::SignInLink, Kind::Inquiry];
                let expected = if without_event.contains(&kind) { Kind::Confirmation } else { kind };
                assert_eq!(follow(&moment.events, &moment.after), [expected], "{kind:?}");
                assert_eq!(personal.customer.locale.as_deref(), Some("de-AT"));
            }
        }
    }
}
