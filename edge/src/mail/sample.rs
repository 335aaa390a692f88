//! A booking that never was, for previews: made, paid, moved, canceled and refunded by the real rules, so that what an operator sees in a
//! preview is what customers will see. It has what makes messages long: a fee of several steps, a line that is never refunded, money that came
//! by card and by voucher and goes back as both.

use leeway_core::Map;
use leeway_core::booking::{Method, Reference, Slot, SlotTime};
use leeway_core::command::{Move, MoveReason, ProviderWord, RecordPayment, RefundStep};
use leeway_core::freeze::freeze;
use leeway_core::id::{CommandId, PaymentId, RefundId, SlotId};
use leeway_core::policy::Code;
use leeway_core::rebook::{KindPrice, Offer};
use leeway_core::refund::Refund;
use leeway_core::request::{
    AddOnRequest, BookingRequest, Customer, InstalmentRequest, ItemRequest, ParticipantRequest, Personal, prepare,
};
use leeway_core::time::Zone;
use leeway_core::{
    Action, Actor, Booking, Command, Currency, Envelope, Event, Instant, Money, Policy, Refusal, Selection, carry_out,
};
use uuid::Uuid;

use super::kind::Kind;
use crate::store::{Fault, Moment, Operator};

const POLICY: &str = r#"{"name":"sample","keep":["booking_fee"],"rebook":{"hours":24},"rename":"start","gateway_fee":"absorbed",
    "moves":{"fee":{"percent":"10"}},
    "windows":[{"code":"free","until":{"days":14}},{"code":"late","until":"start","percent":"20"}]}"#;
const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
const PRICE_MINOR: i64 = 4_990;
const DEARER_MINOR: i64 = 5_490;
const BOOKING_FEE_MINOR: i64 = 500;
/// What canceling late costs beside its percentage.
const FIXED_MINOR: i64 = 250;
const VOUCHER_MINOR: i64 = 4_000;

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
        Kind::Canceled => story.cancel()?,
        Kind::RefundSent => story.refund(ProviderWord::Paid)?,
        Kind::RefundFailed => story.refund(ProviderWord::Failed("the card has expired".to_owned()))?,
    }
    let (Some(now), Some((before, events))) = (story.booking, story.told) else {
        return Err(Fault::platform("a sample without a booking"));
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
        let price = amount(PRICE_MINOR, operator.currency)?;
        let zone = Zone::parse(&operator.time_zone).map_err(|error| Fault::platform(error.to_string()))?;
        let participant = |name: &str| ParticipantRequest { name: name.to_owned(), price };
        let item = ItemRequest {
            service: "Sunset kayak tour".to_owned(),
            slot: slot(self.at.shifted_ms(7 * DAY_MS), zone),
            slot_id: None,
            group: None,
            participants: vec![participant("Ana Kovač"), participant("Ivo Babić")],
            add_ons: vec![AddOnRequest {
                kind: code("booking_fee")?,
                label: None,
                participant: None,
                price: amount(BOOKING_FEE_MINOR, operator.currency)?,
            }],
        };
        let policy = policy(operator.currency)?;
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
                code: code("balance")?,
                due: None,
                due_before_start: None,
                due_after_hours: Some(48),
                amount: None,
                percent: None,
            }],
        };
        let reference =
            Reference::try_from("SAMPLE-1".to_owned()).map_err(|error| Fault::platform(error.to_owned()))?;
        let prepared = prepare(&request, &policy, &reference, self.at, || {
            self.ids = self.ids.saturating_add(1);
            Uuid::from_u128(self.ids)
        });
        let (make, personal) = prepared.map_err(|error| Fault::platform(error.to_string()))?;
        self.act(Command::Make(Box::new(make)), &[])?;
        Ok(personal)
    }

    /// By card, all that is owed.
    fn pay(&mut self) -> Result<(), Fault> {
        let Some(booking) = &self.booking else { return Ok(()) };
        let amount = leeway_core::balance(booking).map_err(Refusal::from)?;
        self.receive(Method::Card, amount)
    }

    fn receive(&mut self, method: Method, amount: Money) -> Result<(), Fault> {
        let id = PaymentId(self.fresh());
        self.act(Command::RecordPayment(RecordPayment { id, method, amount, gateway_fee: None }), &[])
    }

    /// After it was paid by voucher and card: a part of each goes back.
    fn cancel(&mut self) -> Result<(), Fault> {
        let Some(currency) = self.booking.as_ref().map(|booking| booking.currency) else { return Ok(()) };
        self.receive(Method::Voucher, amount(VOUCHER_MINOR, currency)?)?;
        self.pay()?;
        self.act(Command::Act(Action::cancel(Selection::All)), &[])
    }

    /// To another day, at a higher price and for a fee.
    fn rebook(&mut self) -> Result<(), Fault> {
        let id = SlotId(self.fresh());
        let Some(booking) = &self.booking else { return Ok(()) };
        let Some(item) = booking.items.first() else { return Ok(()) };
        let policy = policy(booking.currency)?;
        let prices = vec![KindPrice { kind: code("ticket")?, price: amount(DEARER_MINOR, booking.currency)? }];
        let time = slot(item.slot.time.starts_at.shifted_ms(2 * DAY_MS), item.slot.time.zone.clone());
        let terms = freeze(&policy, &time).map_err(|error| Fault::platform(error.to_string()))?;
        let offer = Offer { slot: Slot { id, time }, service: item.service.clone(), room: 8, prices, terms };
        let moves = vec![Move { item: item.id, participants: Vec::new(), slot: id }];
        let action = Action::Rebook { moves, reason: MoveReason::CustomerRequest, overridden: None };
        self.act(Command::Act(action), &[offer])
    }

    fn refund(&mut self, word: ProviderWord) -> Result<(), Fault> {
        self.cancel()?;
        let refund = self.booking.as_ref().and_then(|booking| booking.refunds.first());
        let by_card = |refund: &Refund| {
            let share = refund.split.iter().find(|share| share.method == Method::Card)?;
            Some((refund.id, share.payment))
        };
        let Some((refund, payment)) = refund.and_then(by_card) else { return Ok(()) };
        self.act(provider(refund, payment, ProviderWord::Accepted), &[])?;
        self.act(provider(refund, payment, word), &[])
    }

    fn act(&mut self, command: Command, offers: &[Offer]) -> Result<(), Fault> {
        let envelope = Envelope { id: CommandId(self.fresh()), at: self.at, actor: Actor::System, command };
        let done = carry_out(self.booking.as_ref(), &envelope, offers, &Map::new())?;
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

fn policy(currency: Currency) -> Result<Policy, Fault> {
    let mut policy: Policy = leeway_json::read(POLICY)?;
    if let Some(late) = policy.windows.last_mut() {
        late.rule.fixed = Some(amount(FIXED_MINOR, currency)?);
    }
    Ok(policy)
}

fn code(text: &str) -> Result<Code, Fault> {
    Code::parse(text).ok_or_else(|| Fault::platform(format!("not a code: {text}")))
}

fn amount(minor: i64, currency: Currency) -> Result<Money, Fault> {
    Ok(Money::of_minor(minor, currency).map_err(Refusal::from)?)
}

/// Two hours from a whole hour on.
fn slot(near: Instant, zone: Zone) -> SlotTime {
    let starts_at = near.shifted_ms((near.ms() % HOUR_MS).saturating_neg());
    SlotTime { starts_at, ends_at: starts_at.shifted_ms(2 * HOUR_MS), zone }
}

#[cfg(test)]
mod tests {
    use leeway_core::id::OperatorId;
    use leeway_core::refund::Document;
    use leeway_core::{Quote, quote};

    use super::*;
    use crate::mail::follow::follow;

    fn operator(currency: &str, zone: &str) -> Operator {
        Operator {
            id: OperatorId(Uuid::from_u128(1)),
            name: "Adriatic".to_owned(),
            time_zone: zone.to_owned(),
            currency: Currency::parse(currency).unwrap(),
            locale: "en".to_owned(),
        }
    }

    fn at() -> Instant {
        Instant::parse("2026-07-01T10:20:30Z").unwrap()
    }

    #[test]
    fn every_kind_that_follows_from_a_command_has_such_a_command() {
        for operator in [operator("EUR", "Europe/Zagreb"), operator("JPY", "Asia/Tokyo")] {
            for kind in Kind::ALL {
                let (moment, personal) = moment(kind, &operator, "de-AT", at()).unwrap();
                let without_event = [Kind::PaymentRequired, Kind::PaymentLink, Kind::SignInLink, Kind::Inquiry];
                let expected = if without_event.contains(&kind) { Kind::Confirmation } else { kind };
                assert_eq!(follow(&moment.events, &moment.after), [expected], "{kind:?}");
                assert_eq!(personal.customer.locale.as_deref(), Some("de-AT"));
            }
        }
    }

    #[test]
    fn a_cancellation_has_a_fee_of_several_steps_and_goes_back_in_two_ways() {
        for operator in
            [operator("EUR", "Europe/Zagreb"), operator("JPY", "Asia/Tokyo"), operator("KWD", "Asia/Kuwait")]
        {
            let (moment, _) = moment(Kind::Canceled, &operator, "en", at()).unwrap();
            let (before, action) = (moment.before.unwrap(), Action::cancel(Selection::All));
            let Ok(Quote::Cancel(quote)) = quote(&before, &action, &[], Actor::System, at()) else { panic!("a quote") };
            assert_eq!(quote.charges.iter().map(|charge| charge.lines.len()).collect::<Vec<_>>(), [3]);
            let refund = moment.after.refunds.first().unwrap();
            assert_eq!(refund.document, Some(Document::Voucher));
            assert_eq!(
                refund.split.iter().map(|share| share.method).collect::<Vec<_>>(),
                [Method::Card, Method::Voucher]
            );
        }
    }
}
