//! Moving all or a part of a booking to other slots: what moves, whether it may, what it costs, what is due or goes back. Not the places in the
//! slots: they are taken and given back in the same commit, see [`crate::slot`].
//!
//! Source: requirements D1 to D5, A5

use serde::{Deserialize, Serialize};

use crate::booking::{Booking, GroupPrice, Item, Line, Slot};
use crate::cancel::selection::{booked_item, check_attends, part, rest};
use crate::cancel::{Part, refusal};
use crate::command::{Actor, Move, MoveReason, NOTE_CHARS_MAX, Override};
use crate::event::Extent;
use crate::explain::KeptForGateway;
use crate::fee::{self, Basis};
use crate::group::{self, GroupPriceLost, Leaving};
use crate::id::{ItemId, ParticipantId};
use crate::money::{Money, MoneyError};
use crate::policy::{Cheaper, Code, GatewayFee, MoveLimits, Per, RefundMode, Rule};
use crate::quote::check_text;
use crate::refusal::{Refusal, Verb};
use crate::settle::{Sums, back};
use crate::terms::{MoveTerms, Terms};
use crate::time::Instant;

/// A slot that something can be moved to, as it was looked up: where there is room, at what price, under which terms.
///
/// Source: requirement D3
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What moving does.
#[derive(Debug)]
pub(crate) struct Moved {
    pub(crate) difference: Money,
    pub(crate) kept: Money,
    pub(crate) group_price_lost: Money,
    pub(crate) lost: Vec<(ItemId, GroupPriceLost)>,
    pub(crate) fees: Vec<MoveFee>,
    pub(crate) fee: Money,
    pub(crate) gateway: KeptForGateway,
    pub(crate) refund: Money,
    pub(crate) by_hand: Money,
    pub(crate) mode: RefundMode,
    pub(crate) to_voucher: bool,
    pub(crate) owed: Money,
    pub(crate) balance: Money,
}

/// One rule applied once, to these moves.
#[derive(Debug)]
pub(crate) struct MoveFee {
    pub(crate) items: Vec<ItemId>,
    pub(crate) rule: Rule,
    pub(crate) basis: Basis,
    pub(crate) fee: Money,
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

    /// What the moves do to the money.
    ///
    /// Source: requirement D4
    pub(crate) fn settle(&self, at: Instant) -> Result<Moved, Refusal> {
        let zero = Money::zero(self.booking.currency);
        let (mut difference, mut kept) = (zero, zero);
        for going in &self.moves {
            difference = difference.plus(going.new)?.minus(going.old)?;
            kept = kept.plus(going.kept)?;
        }
        let lost = self.lost()?;
        let group_price_lost = Money::sum(self.booking.currency, lost.iter().map(|(_, lost)| lost.amount))?;
        let (fees, fee) = self.fees()?;
        let change = difference.plus(kept)?.plus(group_price_lost)?.plus(fee)?;
        let owed = self.sums.plan.plus(change)?;
        // After a rebate less than nothing can be owed; nobody gets back what was never paid.
        let free = self.sums.held()?.minus(owed.or_zero())?.smaller(change.negated())?.or_zero();
        let (mode, gateway) = self.ways(at);
        let back = back(self.booking, &self.sums, free, mode, gateway)?;
        let owed = owed.plus(back.gateway.amount)?;
        Ok(Moved {
            difference,
            kept,
            group_price_lost,
            lost,
            fees,
            fee,
            gateway: back.gateway,
            refund: back.refund,
            by_hand: back.by_hand,
            mode,
            to_voucher: self.moves.iter().any(|going| going.part.item.terms.moves.cheaper == Cheaper::Voucher),
            owed,
            balance: owed.minus(self.sums.paid)?,
        })
    }

    /// The group prices that the moves lose, once for each item that somebody leaves.
    fn lost(&self) -> Result<Vec<(ItemId, GroupPriceLost)>, MoneyError> {
        let mut lost: Vec<(ItemId, GroupPriceLost)> = Vec::new();
        let mut seen: Vec<ItemId> = Vec::with_capacity(self.moves.len());
        for going in &self.moves {
            let item = going.part.item;
            if item.group.is_none() || seen.contains(&item.id) || going.group().is_some() {
                continue;
            }
            seen.push(item.id);
            let of_item = self.moves.iter().filter(|other| other.part.item.id == item.id);
            let participants: Vec<ParticipantId> =
                of_item.flat_map(|other| other.part.participants.iter().copied()).collect();
            // Where the operator moves others, those who stay keep the group's price: nothing is left to lose.
            let extent = if going.keeps_group_price(self.reason) { Extent::Whole } else { going.part.extent };
            lost.extend(
                group::lost(item, Leaving { extent, participants: &participants })?.map(|lost| (item.id, lost)),
            );
        }
        Ok(lost)
    }

    fn fees(&self) -> Result<(Vec<MoveFee>, Money), Refusal> {
        let zero = Money::zero(self.booking.currency);
        let mut fees: Vec<MoveFee> = Vec::with_capacity(self.moves.len());
        if self.reason == MoveReason::OperatorRequest {
            return Ok((fees, zero));
        }
        if let Some(fee) = self.overridden.and_then(|overridden| overridden.fee) {
            let price = Money::sum(self.booking.currency, self.moves.iter().map(|going| going.old))?;
            if fee.is_negative() || fee.compare(price)?.is_gt() {
                return Err(Refusal::FeeAbovePrice { price });
            }
            return Ok((fees, fee));
        }
        for going in &self.moves {
            let (item, rule) = (going.part.item, &going.part.item.terms.moves.fee);
            let together = fees.iter_mut().find(|fee| rule.per == Per::Booking && fee.rule == *rule);
            match together {
                Some(fee) => {
                    fee.basis = fee.basis.plus(going.part.basis)?;
                    fee.items.push(item.id);
                }
                None => {
                    fees.push(MoveFee { items: vec![item.id], rule: rule.clone(), basis: going.part.basis, fee: zero })
                }
            }
        }
        let mut sum = zero;
        for one in &mut fees {
            // Nothing is kept from what only moves: kept lines are price like the others.
            one.basis = Basis { kept: zero, rest: one.basis.price()?, ..one.basis };
            one.fee = fee::charge(&one.rule, one.basis)?;
            sum = sum.plus(one.fee)?;
        }
        Ok((fees, sum))
    }

    /// How money comes back, and who bears the gateway's fee: as canceling now would have it.
    fn ways(&self, at: Instant) -> (RefundMode, GatewayFee) {
        let (mut mode, mut gateway) = (RefundMode::Automatic, GatewayFee::Absorbed);
        if self.reason == MoveReason::OperatorRequest {
            return (mode, gateway);
        }
        for terms in self.moves.iter().map(|going| &going.part.item.terms) {
            mode = mode.max(terms.window_at(at).map_or(RefundMode::Automatic, |window| window.refund));
            if terms.gateway_fee == GatewayFee::Kept {
                gateway = GatewayFee::Kept;
            }
        }
        (mode, gateway)
    }

    /// May a message ask for money? Where the service needs to be paid beforehand and nothing has been paid.
    ///
    /// Source: requirement D5
    pub(crate) fn message(&self) -> Message {
        let needs = self.moves.iter().any(|going| going.part.item.terms.prepayment);
        if needs && !self.sums.paid.is_positive() { Message::PaymentRequired } else { Message::BookingChange }
    }
}

/// Which message follows a move.
///
/// Source: requirement D5
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// "Booking confirmation – payment required".
    PaymentRequired,
    /// "Booking change".
    BookingChange,
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

/// What is kept of a difference: what canceling that much would cost now by the window's percentage and maximum, all of it after the last
/// window. So that moving to something cheaper is no way around a fee.
fn kept(item: &Item, difference: Money, at: Instant) -> Result<Money, MoneyError> {
    if !difference.is_positive() {
        return Ok(Money::zero(difference.currency()));
    }
    let Some(window) = item.terms.window_at(at) else { return Ok(difference) };
    let rule = Rule { percent: window.rule.percent, max: window.rule.max, ..Rule::default() };
    let nothing = Basis::nothing(difference.currency());
    fee::charge(&rule, Basis { rest: difference, ..nothing })
}
