//! Moving all or a part of a booking to other slots: what moves, and whether it may. What that costs is in `settle`. Not the places in the
//! slots: they are taken and given back in the same commit, see [`crate::slot`].
//!
//! Source: requirements D1 to D5, A5

use serde::{Deserialize, Serialize};

use crate::booking::{Booking, GroupPrice, Item, Line, Slot};
use crate::cancel::selection::{booked_item, check_attends, part, rest};
use crate::cancel::{Part, refusal};
use crate::command::{Actor, Move, MoveReason, NOTE_CHARS_MAX, Override};
use crate::event::Extent;
use crate::fields::FromObject;
use crate::id::ParticipantId;
use crate::money::{Money, MoneyError};
use crate::policy::{Cheaper, Code, MoveLimits};
use crate::quote::check_text;
use crate::refusal::{Refusal, Verb};
use crate::settle::Sums;
use crate::terms::{MoveTerms, Terms};
use crate::time::Instant;

mod settle;

use settle::kept;
pub(crate) use settle::{MoveFee, Moved};

/// A slot that something can be moved to, as it was looked up: where there is room, at what price, under which terms.
///
/// Source: requirement D3
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The slot.
    pub slot: Slot,
    /// What is offered in it.
    pub service: String,
    /// How many places are free.
    pub room: u32,
    /// What lines cost in it, by their kind; others keep their price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<KindPrice>,
    /// The policy, frozen for this slot.
    pub terms: Terms,
}

/// The price of every line of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct KindPrice {
    /// The kind.
    pub kind: Code,
    /// What one line of it costs.
    pub price: Money,
}

impl Offer {
    fn price(&self, kind: &Code) -> Option<Money> {
        self.prices.iter().find(|priced| priced.kind == *kind).map(|priced| priced.price)
    }
}

/// Moves that somebody thinks of, each with the slot it goes to.
#[derive(Debug)]
pub(crate) struct Rebooking<'a> {
    booking: &'a Booking,
    pub(crate) reason: MoveReason,
    pub(crate) overridden: Option<&'a Override>,
    pub(crate) moves: Vec<Going<'a>>,
    pub(crate) sums: Sums,
    pub(crate) until: Option<Instant>,
}

/// One move.
#[derive(Debug)]
pub(crate) struct Going<'a> {
    pub(crate) part: Part<'a>,
    pub(crate) offer: &'a Offer,
    /// Each line that moves, with its new price.
    pub(crate) lines: Vec<(&'a Line, Money)>,
    pub(crate) old: Money,
    pub(crate) new: Money,
    /// What is kept of a lower price.
    pub(crate) kept: Money,
}

impl<'a> Rebooking<'a> {
    /// Finds what moves mean, and whether they may happen at an instant.
    ///
    /// # Errors
    /// A [`Refusal`] when they may not.
    pub(crate) fn new(
        booking: &'a Booking,
        moves: &'a [Move],
        reason: MoveReason,
        overridden: Option<&'a Override>,
        offers: &'a [Offer],
        (actor, at): (Actor, Instant),
    ) -> Result<Self, Refusal> {
        if moves.is_empty() {
            return Err(Refusal::NothingSelected {});
        }
        check_right(actor, reason, overridden)?;
        let sums = Sums::of(booking)?;
        let mut this = Self { booking, reason, overridden, moves: Vec::with_capacity(moves.len()), sums, until: None };
        for one in moves {
            let going = this.going(one, offers, at)?;
            this.check(&going, at)?;
            this.moves.push(going);
        }
        this.check_room()?;
        Ok(this)
    }

    /// Do the customer's limits bind?
    pub(crate) fn is_bound(&self) -> bool {
        self.reason == MoveReason::CustomerRequest && self.overridden.is_none()
    }

    fn going(&self, one: &Move, offers: &'a [Offer], at: Instant) -> Result<Going<'a>, Refusal> {
        let item = booked_item(self.booking, one.item)?;
        for participant in &one.participants {
            check_attends([item], *participant)?;
        }
        let part = self.part(item, one)?;
        let offer = offers.iter().find(|offer| offer.slot.id == one.slot);
        let offer = offer.ok_or(Refusal::UnknownSlot { slot: one.slot })?;
        let mut lines = Vec::with_capacity(part.lines.len());
        let (mut old, mut new) = (Money::zero(self.booking.currency), Money::zero(self.booking.currency));
        for line in &part.lines {
            let price = self.new_price(item, line, offer)?;
            (old, new) = (old.plus(line.price)?, new.plus(price)?);
            lines.push((*line, price));
        }
        let kept = if self.reason == MoveReason::CustomerRequest {
            kept(item, old.minus(new)?.or_zero(), at)?
        } else {
            Money::zero(self.booking.currency)
        };
        Ok(Going { part, offer, lines, old, new, kept })
    }

    /// What a move means. The last who leave an item in one step take the rest of it along, as if the others had left before.
    fn part(&self, item: &'a Item, one: &Move) -> Result<Part<'a>, Refusal> {
        let chosen = (!one.participants.is_empty()).then_some(one.participants.as_slice());
        let part = part(self.booking, item, chosen)?;
        let earlier = self.moves.iter().filter(|other| other.part.item.id == item.id);
        let gone: Vec<ParticipantId> = earlier.flat_map(|other| other.part.participants.iter().copied()).collect();
        let leaves = |id: ParticipantId| gone.contains(&id) != part.participants.contains(&id);
        if part.extent == Extent::Part && item.attending().all(|who| leaves(who.id)) {
            return rest(self.booking, item, &gone);
        }
        Ok(part)
    }

    /// A line's price in the new slot: never dearer where the operator moves it, never cheaper where the policy keeps the price, or keeps such
    /// lines when something is canceled.
    fn new_price(&self, item: &Item, line: &Line, offer: &Offer) -> Result<Money, MoneyError> {
        let Some(price) = offer.price(&line.kind) else { return Ok(line.price) };
        match (self.reason, item.terms.moves.cheaper) {
            (MoveReason::OperatorRequest, _) => price.smaller(line.price),
            (MoveReason::CustomerRequest, Cheaper::Keep) => price.larger(line.price),
            (MoveReason::CustomerRequest, Cheaper::Refund | Cheaper::Voucher) if item.terms.keeps(&line.kind) => {
                price.larger(line.price)
            }
            (MoveReason::CustomerRequest, Cheaper::Refund | Cheaper::Voucher) => Ok(price),
        }
    }

    /// Whether one move may happen.
    fn check(&mut self, going: &Going<'a>, at: Instant) -> Result<(), Refusal> {
        let (item, offer) = (going.part.item, going.offer);
        let id = item.id;
        let claims = |other: &&Going<'_>| other.part.item.id == id && going.part.overlaps(&other.part);
        if self.moves.iter().any(|other| claims(&other)) {
            return Err(Refusal::MovedTwice { item: id });
        }
        if offer.slot.id == item.slot.id {
            return Err(Refusal::SameSlot { item: id });
        }
        if offer.prices.iter().any(|priced| priced.price.currency() != self.booking.currency)
            || offer.terms.amounts().any(|amount| amount.currency() != self.booking.currency)
        {
            return Err(Refusal::WrongCurrency {});
        }
        if !self.is_bound() {
            return Ok(());
        }
        if offer.service != item.service || offer.slot.time.zone != item.slot.time.zone {
            return Err(Refusal::OtherService { item: id });
        }
        if offer.slot.time.starts_at <= at {
            return Err(Refusal::SlotStarted { slot: offer.slot.id, starts_at: offer.slot.time.starts_at });
        }
        let terms = &item.terms;
        match terms.rebook {
            Some(limit) if at <= limit => self.until = Some(self.until.map_or(limit, |until| until.min(limit))),
            limit => return Err(refusal(item, Verb::Rebook, limit)),
        }
        if let Some(most) = terms.moves.most.filter(|most| item.moves >= *most) {
            return Err(Refusal::TooManyMoves { item: id, most });
        }
        let starts_at = offer.slot.time.starts_at;
        let (earliest, latest) = (terms.moves.earliest, terms.moves.latest);
        if earliest.is_some_and(|earliest| starts_at < earliest) || latest.is_some_and(|latest| starts_at > latest) {
            return Err(Refusal::TooFar { item: id, earliest, latest });
        }
        Ok(())
    }

    /// Never more people than places, however many moves go to one slot.
    fn check_room(&self) -> Result<(), Refusal> {
        for going in &self.moves {
            let slot = going.offer.slot.id;
            let together = self.moves.iter().filter(|other| other.offer.slot.id == slot);
            let needed = together.fold(0_u32, |sum, other| sum.saturating_add(other.part.places()));
            if needed > going.offer.room {
                return Err(Refusal::SlotFull { slot, room: going.offer.room });
            }
        }
        Ok(())
    }

    /// Which message follows.
    pub(crate) fn message(&self) -> Message {
        let terms: Vec<Terms> = self.moves.iter().map(Going::terms).collect();
        Message::of(&terms, self.sums.paid)
    }
}

/// Which message follows a move.
///
/// Source: requirement D5
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// "Booking confirmation – payment required".
    PaymentRequired,
    /// "Booking change".
    BookingChange,
}

impl Message {
    /// Asks for money where something has to be paid beforehand and nothing has been paid. The terms are those that hold after the move.
    pub fn of<'a>(terms: impl IntoIterator<Item = &'a Terms>, paid: Money) -> Self {
        let needs = terms.into_iter().any(|terms| terms.prepayment);
        if needs && !paid.is_positive() { Self::PaymentRequired } else { Self::BookingChange }
    }
}

impl Going<'_> {
    /// What the customer may do with it from now on.
    pub(crate) fn terms(&self) -> Terms {
        let new = &self.offer.terms;
        match self.part.item.terms.moves.limits {
            MoveLimits::New => {
                // How far is counted from the day that was booked at first, whoever's limits hold.
                let MoveTerms { earliest, latest, .. } = self.part.item.terms.moves;
                Terms { moves: MoveTerms { earliest, latest, ..new.moves.clone() }, ..new.clone() }
            }
            MoveLimits::Original => {
                let rename = self.part.item.terms.rename.and(new.rename);
                self.part.item.terms.moved_to(self.offer.slot.time.starts_at, rename)
            }
        }
    }

    /// The group's price, where everybody moves together and the new slot has no price of its own for these tickets.
    pub(crate) fn group(&self) -> Option<GroupPrice> {
        let group = self.part.item.group.as_ref()?;
        let is_together = self.part.participants.len() == self.part.item.attending().count();
        let stays = is_together && self.part.extent == Extent::Whole && self.offer.price(&group.kind).is_none();
        stays.then(|| group.clone())
    }

    /// Do those who stay keep the group's price for good?
    pub(crate) fn keeps_group_price(&self, reason: MoveReason) -> bool {
        self.part.extent == Extent::Part && reason == MoveReason::OperatorRequest
    }
}

impl Part<'_> {
    /// How many places it takes: one for each who attends, and one for what nobody attends by name.
    pub(crate) fn places(&self) -> u32 {
        u32::try_from(self.participants.len()).unwrap_or(u32::MAX).max(1)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let are_whole = self.extent == Extent::Whole && other.extent == Extent::Whole;
        are_whole || self.participants.iter().any(|one| other.participants.contains(one))
    }
}

fn check_right(actor: Actor, reason: MoveReason, overridden: Option<&Override>) -> Result<(), Refusal> {
    let needs_operator = reason == MoveReason::OperatorRequest || overridden.is_some();
    if needs_operator && actor != Actor::Operator {
        return Err(Refusal::ReasonNotAllowed {});
    }
    match overridden {
        Some(Override { window, why, .. }) => {
            if window.is_some() || reason == MoveReason::OperatorRequest {
                return Err(Refusal::NothingOverridden {});
            }
            check_text(why, NOTE_CHARS_MAX)
        }
        None => Ok(()),
    }
}
