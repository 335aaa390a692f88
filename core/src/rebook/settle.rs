//! What moves do to the money: old and new prices, fees, group prices, what is due or goes back. Not whether they may be.
//!
//! Source: requirement D4

use super::Rebooking;
use crate::booking::Item;
use crate::command::MoveReason;
use crate::event::Extent;
use crate::explain::KeptForGateway;
use crate::fee::{self, Basis};
use crate::group::{self, GroupPriceLost, Leaving};
use crate::id::{ItemId, ParticipantId};
use crate::money::{Money, MoneyError};
use crate::policy::{Cheaper, GatewayFee, Per, RefundMode, Rule};
use crate::refusal::Refusal;
use crate::settle::back;
use crate::time::Instant;

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

impl Rebooking<'_> {
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
}

/// What is kept of a difference: what canceling that much would cost now by the window's percentage and maximum, all of it after the last
/// window. So that moving to something cheaper is no way around a fee.
pub(super) fn kept(item: &Item, difference: Money, at: Instant) -> Result<Money, MoneyError> {
    if !difference.is_positive() {
        return Ok(Money::zero(difference.currency()));
    }
    let Some(window) = item.terms.window_at(at) else { return Ok(difference) };
    let rule = Rule { percent: window.rule.percent, max: window.rule.max, ..Rule::default() };
    let nothing = Basis::nothing(difference.currency());
    fee::charge(&rule, Basis { rest: difference, ..nothing })
}
