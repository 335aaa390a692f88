//! What has happened to a booking: commands that were carried out, and their events. A refused command leaves no trace.

use leeway_core::balance::totals;
use leeway_core::booking::Method;
use leeway_core::command::{Action, Actor, CancelReason, Command, EnterRefund, Envelope, MakeBooking, RecordPayment};
use leeway_core::decide::carry_out;
use leeway_core::id::{CommandId, PaymentId};
use leeway_core::refund::RefundReason;
use leeway_core::{Booking, Event, Instant, Money, Refusal};
use proptest::prelude::prop;
use uuid::Uuid;

use super::generate::{Chosen, selection};

pub(crate) const REASONS: [RefundReason; 7] = [
    RefundReason::Overpayment,
    RefundReason::CompensationOnReturn,
    RefundReason::CompensationAtBase,
    RefundReason::Reallocation,
    RefundReason::CustomerCancellation,
    RefundReason::OperatorCancellation,
    RefundReason::RefusedOnArrival,
];

/// Something that is tried.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// So much of the price, and so much of that for the gateway.
    Pay {
        percent: u32,
        gateway: Option<u32>,
    },
    Cancel {
        chosen: Chosen,
        who: prop::sample::Index,
    },
    EnterRefund {
        reason: usize,
        minor: Option<i64>,
    },
    Finalize {
        which: prop::sample::Index,
    },
    Rename {
        who: prop::sample::Index,
    },
    RevokeLinks,
}

/// A booking and the events that made it.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub booking: Booking,
    pub events: Vec<(Event, Instant)>,
    /// When the last command was tried.
    pub now: Instant,
    commands: u128,
}

impl History {
    pub(crate) fn begin(new: MakeBooking, at: Instant) -> Self {
        let command = Command::Make(Box::new(new));
        let id = CommandId(Uuid::from_u128(1 << 64));
        let envelope = Envelope { id, at, actor: Actor::Operator, command };
        let (booking, events) = carry_out(None, &envelope).unwrap();
        let events = events.into_iter().map(|event| (event, at)).collect();
        Self { booking: booking.unwrap(), events, now: at, commands: 1 << 64 }
    }

    fn fresh(&mut self) -> Uuid {
        self.commands += 1;
        Uuid::from_u128(self.commands)
    }

    /// Carries a command out; time never goes back.
    pub(crate) fn command(&mut self, actor: Actor, command: Command, at: Instant) -> Result<Vec<Event>, Refusal> {
        self.now = at.max(self.now);
        let envelope = Envelope { id: CommandId(self.fresh()), at: self.now, actor, command };
        let (booking, events) = carry_out(Some(self.booking.clone()), &envelope)?;
        self.booking = booking.unwrap();
        self.events.extend(events.iter().map(|event| (event.clone(), self.now)));
        Ok(events)
    }

    pub(crate) fn act(&mut self, actor: Actor, action: Action, at: Instant) -> Result<Vec<Event>, Refusal> {
        self.command(actor, Command::Act(action), at)
    }

    pub(crate) fn pay(&mut self, minor: i64, gateway_minor: Option<i64>, at: Instant) -> Result<Vec<Event>, Refusal> {
        let money = |minor| Money::of_minor(minor, self.booking.currency);
        let (amount, gateway_fee) = (money(minor)?, gateway_minor.map(money).transpose()?);
        let payment = RecordPayment { id: PaymentId(self.fresh()), method: Method::Card, amount, gateway_fee };
        self.command(Actor::Operator, Command::RecordPayment(payment), at)
    }

    /// Tries something; a refusal is as good as anything.
    pub(crate) fn play(&mut self, op: &Op, at: Instant) {
        let _ = match op {
            Op::Pay { percent, gateway } => {
                let minor = price(&self.booking) * i64::from(*percent) / 100;
                self.pay(minor, gateway.map(|percent| minor * i64::from(percent) / 100), at)
            }
            Op::Cancel { chosen, who } => {
                let (actor, reason) = *who.get(&[
                    (Actor::Customer, CancelReason::CustomerCancellation),
                    (Actor::Customer, CancelReason::CustomerCancellation),
                    (Actor::Operator, CancelReason::OperatorCancellation),
                    (Actor::Operator, CancelReason::RefusedOnArrival),
                ]);
                self.act(actor, Action::Cancel { selection: selection(&self.booking, chosen), reason }, at)
            }
            Op::EnterRefund { reason, minor } => {
                let amount = minor.map(|minor| Money::of_minor(minor, self.booking.currency).unwrap());
                let entry = EnterRefund { reason: REASONS[*reason], amount, note: String::new() };
                self.command(Actor::Operator, Command::EnterRefund(entry), at)
            }
            Op::Finalize { which } if !self.booking.refunds.is_empty() => {
                let refund = which.get(&self.booking.refunds).id;
                self.command(Actor::Operator, Command::FinalizeRefund { refund }, at)
            }
            Op::Rename { who } => {
                let all: Vec<_> = self.booking.items.iter().flat_map(|item| &item.participants).copied().collect();
                if all.is_empty() {
                    return;
                }
                let participant = who.get(&all).id;
                self.act(Actor::Customer, Action::Rename { participant, name: "Eva".to_owned() }, at)
            }
            Op::RevokeLinks => self.command(Actor::Operator, Command::RevokeLinks, at),
            Op::Finalize { .. } => return,
        };
    }
}

/// What all lines cost, canceled ones included, in minor units.
pub(crate) fn price(booking: &Booking) -> i64 {
    booking.items.iter().flat_map(|item| &item.lines).map(|line| line.price.minor()).sum()
}

/// What the gateways took that was kept from refunds, in minor units.
pub(crate) fn gateway_kept(booking: &Booking) -> i64 {
    use leeway_core::booking::ChargeKind;
    let kept = booking.plan.iter().filter(|charge| charge.kind == ChargeKind::GatewayFee {});
    kept.map(|charge| charge.amount.minor()).sum()
}

/// What is owed, in minor units.
pub(crate) fn owed(booking: &Booking) -> i64 {
    totals(booking).unwrap().owed.minor()
}
