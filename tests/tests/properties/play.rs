//! What customers, operators and providers try, and how it becomes commands. Refusals are as good as anything.

use leeway_core::booking::{Method, Received, Standing};
use leeway_core::command::{
    Action, Actor, Adjust, CancelReason, Command, EnterRefund, Move, MoveReason, Override, ProviderWord, RecordPayment,
    RefundStep, RefundTo, Selection,
};
use leeway_core::id::CommandId;
use leeway_core::policy::Code;
use leeway_core::refund::{Document, Refund, RefundReason, RefundState, Way};
use leeway_core::slot::SlotCommand;
use leeway_core::{Booking, Event, Instant, Money, Refusal, balance};
use proptest::sample::Index;

use super::history::{History, Track, price};

pub(crate) const REASONS: [RefundReason; 7] = [
    RefundReason::Overpayment,
    RefundReason::CompensationOnReturn,
    RefundReason::CompensationAtBase,
    RefundReason::Reallocation,
    RefundReason::CustomerCancellation,
    RefundReason::OperatorCancellation,
    RefundReason::RefusedOnArrival,
];
pub(crate) const METHODS: [Method; 4] = [Method::Card, Method::Cash, Method::BankTransfer, Method::Voucher];
pub(crate) const WAYS: [Way; 5] = [Way::AsPaid, Way::Voucher, Way::CreditNote, Way::BankTransfer, Way::Cash];

/// How long something can be taken back: longer than most of what happens in a scene.
pub(crate) const UNDO_MS: i64 = 72 * 60 * 60 * 1000;

/// What somebody points at.
#[derive(Debug, Clone)]
pub(crate) enum Chosen {
    All,
    Parts { items: Vec<Index>, participants: Vec<Index>, of: Among },
}

/// Among what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Among {
    Booked,
    Everything,
}

pub(crate) fn selection(booking: &Booking, chosen: &Chosen) -> Selection {
    let Chosen::Parts { items, participants, of } = chosen else { return Selection::All };
    let counts = |standing: Standing| *of == Among::Everything || standing.is_booked();
    let all: Vec<_> = booking.items.iter().filter(|item| counts(item.standing)).map(|item| item.id).collect();
    let people = booking.items.iter().flat_map(|item| &item.participants);
    let people: Vec<_> = people.filter(|one| counts(one.standing)).map(|one| one.id).collect();
    Selection::of_parts(pick(&all, items), pick(&people, participants))
}

fn pick<T: Copy>(all: &[T], which: &[Index]) -> Vec<T> {
    if all.is_empty() { Vec::new() } else { which.iter().map(|index| *index.get(all)).collect() }
}

/// Who cancels, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Canceling {
    Customer,
    ForVoucher,
    Operator,
    OnArrival,
    FeeInstead { percent: u8 },
    WindowInstead { number: u8 },
}

impl Canceling {
    pub(crate) fn actor(self) -> Actor {
        match self {
            Self::Customer | Self::ForVoucher => Actor::Customer,
            Self::Operator | Self::OnArrival | Self::FeeInstead { .. } | Self::WindowInstead { .. } => Actor::Operator,
        }
    }

    pub(crate) fn action(self, booking: &Booking, selection: Selection) -> Action {
        let reason = match self {
            Self::Operator => CancelReason::OperatorCancellation,
            Self::OnArrival => CancelReason::RefusedOnArrival,
            Self::Customer | Self::ForVoucher | Self::FeeInstead { .. } | Self::WindowInstead { .. } => {
                CancelReason::CustomerCancellation
            }
        };
        let (fee, window) = match self {
            Self::FeeInstead { percent } => (Some(part_of_price(booking, u32::from(percent))), None),
            Self::WindowInstead { number } => (None, Code::parse(&format!("w{number}"))),
            Self::Customer | Self::ForVoucher | Self::Operator | Self::OnArrival => (None, None),
        };
        let why = "for good will".to_owned();
        let overridden = (fee.is_some() || window.is_some()).then(|| Box::new(Override { fee, window, why }));
        let refund_to = if self == Self::ForVoucher { RefundTo::Voucher } else { RefundTo::Money };
        Action::Cancel { selection, reason, refund_to, overridden }
    }
}

/// Who moves, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moving {
    Customer,
    Operator,
    FeeInstead { percent: u8 },
    LimitsOnly,
}

impl Moving {
    pub(crate) fn actor(self) -> Actor {
        if self == Self::Customer { Actor::Customer } else { Actor::Operator }
    }
}

/// Something that moves somewhere.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub item: Index,
    pub participants: Vec<Index>,
    pub slot: Index,
}

pub(crate) fn rebooking(history: &History, on: usize, pieces: &[Piece], how: Moving) -> Option<Action> {
    let booking = &history.tracks[on].booking;
    let booked: Vec<_> = booking.items.iter().filter(|item| item.is_booked()).collect();
    if booked.is_empty() || history.slots.is_empty() {
        return None;
    }
    let moves = pieces.iter().map(|piece| {
        let item = piece.item.get(&booked);
        let people: Vec<_> = item.attending().map(|one| one.id).collect();
        let slot = piece.slot.get(&history.slots).slot.id;
        Move { item: item.id, participants: pick(&people, &piece.participants), slot }
    });
    let reason = if how == Moving::Operator { MoveReason::OperatorRequest } else { MoveReason::CustomerRequest };
    let fee = match how {
        Moving::FeeInstead { percent } => Some(part_of_price(booking, u32::from(percent))),
        Moving::Customer | Moving::Operator | Moving::LimitsOnly => None,
    };
    let is_overridden = matches!(how, Moving::FeeInstead { .. } | Moving::LimitsOnly);
    let why = "a friend of the house".to_owned();
    let overridden = is_overridden.then(|| Box::new(Override { fee, window: None, why }));
    Some(Action::Rebook { moves: moves.collect(), reason, overridden })
}

/// A step of a refund entry, whoever takes it.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Approve,
    Decline,
    Void,
    Route(Way),
    ApproveCreditNote,
    Finalize,
}

impl Step {
    fn on_wire(&self) -> RefundStep {
        let why = || "as agreed".to_owned();
        match self {
            Self::Approve => RefundStep::Approve {},
            Self::Decline => RefundStep::Decline { why: why() },
            Self::Void => RefundStep::Void { why: why() },
            Self::Route(way) => RefundStep::Route { way: *way },
            Self::ApproveCreditNote => RefundStep::ApproveCreditNote {},
            Self::Finalize => RefundStep::Finalize {},
        }
    }
}

/// Something that is tried.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// So much of the price, and so much of that for the gateway.
    Pay {
        percent: u32,
        gateway: Option<u32>,
        method: Method,
    },
    /// All that is owed.
    PayUp,
    Redeem {
        voucher: Index,
        minor: Option<i64>,
    },
    Adjust {
        minor: i64,
    },
    Cancel {
        chosen: Chosen,
        how: Canceling,
    },
    Rebook {
        pieces: Vec<Piece>,
        how: Moving,
    },
    EnterRefund {
        reason: usize,
        minor: Option<i64>,
        way: Way,
    },
    Refund {
        which: Index,
        step: Step,
    },
    /// A word of a provider about anything that it was ever asked for.
    Word {
        which: Index,
        word: ProviderWord,
    },
    Rename {
        who: Index,
    },
    RevokeLinks,
    /// Something that was canceled is taken back.
    Undo {
        which: Index,
        actor: Actor,
    },
    /// A payment is told once more.
    PayAgain {
        which: Index,
        minor_more: i64,
    },
    NoteFee {
        which: Index,
        percent: u32,
    },
    Capacity {
        slot: Index,
        places: u32,
    },
    Close {
        slot: Index,
    },
}

impl History {
    /// Tries something with one of the bookings.
    pub(crate) fn play(&mut self, on: usize, op: &Op, at: Instant) {
        // A refusal is as good as anything.
        let _ = self.attempt(on % self.tracks.len(), op, at);
    }

    fn attempt(&mut self, on: usize, op: &Op, at: Instant) -> Result<(), Refusal> {
        let Some(command) = self.wanted(on, op) else { return self.beside(on, op, at) };
        let actor = match op {
            Op::Cancel { how, .. } => how.actor(),
            Op::Rebook { how, .. } => how.actor(),
            Op::Rename { .. } => Actor::Customer,
            _ => Actor::Operator,
        };
        self.command(on, actor, command, at).map(drop)
    }

    fn wanted(&self, on: usize, op: &Op) -> Option<Command> {
        let booking = &self.tracks[on].booking;
        let money = |minor: i64| Money::of_minor(minor, booking.currency).unwrap();
        Some(match op {
            Op::Cancel { chosen, how } => Command::Act(how.action(booking, selection(booking, chosen))),
            Op::Rebook { pieces, how } => Command::Act(rebooking(self, on, pieces, *how)?),
            Op::Adjust { minor } => {
                Command::Adjust(Adjust { code: Code::parse("extra").unwrap(), amount: money(*minor) })
            }
            Op::EnterRefund { reason, minor, way } => {
                let (reason, amount) = (REASONS[*reason], minor.map(money));
                Command::EnterRefund(EnterRefund { reason, amount, way: *way, note: String::new() })
            }
            Op::Refund { which, step } if !booking.refunds.is_empty() => {
                // One that this can be done with, as long as there is one; else one that something can be done with.
                let waits = |refund: &&Refund| match step {
                    Step::Approve | Step::Decline => refund.state == RefundState::AwaitingApproval,
                    Step::ApproveCreditNote => refund.document == Some(Document::CreditNoteMade),
                    Step::Void | Step::Route(_) | Step::Finalize => refund.state.is_open(),
                };
                let all: Vec<_> = booking.refunds.iter().collect();
                let waiting: Vec<_> = all.iter().copied().filter(waits).collect();
                let refund = which.get(if waiting.is_empty() { &all } else { &waiting });
                let step = match (step, refund.state) {
                    (Step::ApproveCreditNote | Step::Finalize, RefundState::AwaitingApproval) => &Step::Approve,
                    (step, _) => step,
                };
                Command::Refund { refund: refund.id, step: step.on_wire() }
            }
            Op::Rename { who } => {
                let all: Vec<_> = booking.items.iter().flat_map(|item| &item.participants).collect();
                if all.is_empty() {
                    return None;
                }
                Command::Act(Action::Rename { participant: who.get(&all).id, name: "Eva".to_owned() })
            }
            Op::RevokeLinks => Command::RevokeLinks,
            Op::Pay { .. }
            | Op::PayUp
            | Op::Redeem { .. }
            | Op::Refund { .. }
            | Op::Word { .. }
            | Op::Undo { .. }
            | Op::PayAgain { .. }
            | Op::NoteFee { .. }
            | Op::Capacity { .. }
            | Op::Close { .. } => return None,
        })
    }

    /// What is more than a command to a booking.
    fn beside(&mut self, on: usize, op: &Op, at: Instant) -> Result<(), Refusal> {
        let booking = &self.tracks[on].booking;
        match op {
            Op::Pay { percent, gateway, method } => {
                let minor = price(booking) * i64::from(*percent) / 100;
                let gateway = gateway.map(|percent| minor * i64::from(percent) / 100);
                self.pay(on, *method, (minor, gateway), at).map(drop)
            }
            Op::PayUp => {
                let minor = balance(booking)?.minor();
                self.pay(on, Method::Card, (minor, Some(minor / 50)), at).map(drop)
            }
            Op::Redeem { voucher, minor } if !self.purses.is_empty() => {
                let amount = minor.map(|minor| Money::of_minor(minor, booking.currency)).transpose()?;
                // A booking that owes something, as long as there is one.
                let owes = |track: &Track| balance(&track.booking).is_ok_and(|owed| owed.is_positive());
                let owing = self.tracks.iter().position(owes).filter(|_| !owes(&self.tracks[on]));
                self.redeem(owing.unwrap_or(on), voucher.index(self.purses.len()), amount, at)
            }
            Op::Word { which, word } if !self.tracks[on].asked.is_empty() => {
                let asked = *which.get(&self.tracks[on].asked);
                self.say(on, asked, word.clone(), at).map(drop)
            }
            Op::Undo { which, actor } => {
                let canceled = canceled_by(&self.tracks[on]);
                let latest = canceled.last().copied().filter(|_| which.index(4) > 0);
                let any = (!canceled.is_empty()).then(|| *which.get(&canceled));
                let Some(command) = latest.or(any) else { return Ok(()) };
                self.undo(on, *actor, (command, UNDO_MS), at).map(drop)
            }
            Op::PayAgain { which, minor_more } => {
                let Some(known) = one_received(booking, which) else { return Ok(()) };
                let amount = Money::of_minor(known.amount.minor() + minor_more, booking.currency)?;
                let again =
                    RecordPayment { id: known.id, method: known.method, amount, gateway_fee: known.gateway_fee };
                self.command(on, Actor::System, Command::RecordPayment(again), at).map(drop)
            }
            Op::NoteFee { which, percent } => {
                let Some(known) = one_received(booking, which) else { return Ok(()) };
                let minor = known.amount.minor() * i64::from(*percent) / 100;
                let (payment, fee) = (known.id, Money::of_minor(minor, booking.currency)?);
                self.command(on, Actor::System, Command::NoteGatewayFee { payment, fee }, at).map(drop)
            }
            Op::Capacity { slot, places } if !self.slots.is_empty() => {
                let id = slot.get(&self.slots).slot.id;
                self.slot_command(id, &SlotCommand::Open { slot: id, capacity: *places })
            }
            Op::Close { slot } if !self.slots.is_empty() => {
                let id = slot.get(&self.slots).slot.id;
                self.slot_command(id, &SlotCommand::Close {})
            }
            _ => Ok(()),
        }
    }
}

/// The commands that canceled something, the oldest first.
pub(crate) fn canceled_by(track: &Track) -> Vec<CommandId> {
    let all = track.events.iter().zip(&track.commands);
    all.filter(|((event, _), _)| matches!(event, Event::Canceled(_))).map(|(_, (command, _))| *command).collect()
}

fn one_received(booking: &Booking, which: &Index) -> Option<Received> {
    let all: Vec<Received> = booking.received().cloned().collect();
    (!all.is_empty()).then(|| which.get(&all).clone())
}

fn part_of_price(booking: &Booking, percent: u32) -> Money {
    Money::of_minor(price(booking) * i64::from(percent) / 100, booking.currency).unwrap()
}
