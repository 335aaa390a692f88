//! The reasons behind an amount, told: those that move it, as rows; those that only explain, as sentences. Exhaustive, so that a new reason
//! needs its words.

use leeway_core::Money;
use leeway_core::explain::Reason;
use leeway_core::policy::MoveLimits;

use super::Page;
use crate::words::{Text, Word};

impl Page<'_> {
    /// A row beside the steps of a fee, with its amount.
    pub fn adjusts(&self, reason: &Reason) -> Option<(Text, Money)> {
        match reason {
            Reason::ShortfallWaived { amount } => Some((self.say(Word::ReasonShortfallWaived), amount.negated())),
            Reason::GatewayFeeKept(kept) => Some((self.say(Word::ReasonGatewayFeeKept), kept.amount)),
            Reason::DifferenceKept { window, amount, .. } => {
                let said = if window.is_some() { Word::ReasonDifferenceKept } else { Word::ReasonDifferenceKeptLate };
                Some((self.say(said), *amount))
            }
            Reason::WindowApplies { .. }
            | Reason::ItemStays { .. }
            | Reason::NoFee {}
            | Reason::Overridden { .. }
            | Reason::GroupPriceLost { .. }
            | Reason::ShortfallBilled { .. }
            | Reason::PriceChanges { .. }
            | Reason::LimitsAfter { .. }
            | Reason::VoucherBonus { .. }
            | Reason::RefundMode { .. }
            | Reason::RefundByHand { .. } => None,
        }
    }

    /// A row about the price of a group.
    pub fn group_price(&self, reason: &Reason) -> Option<(Text, Money)> {
        let Reason::GroupPriceLost { amount, at_least, otherwise, tickets, .. } = reason else { return None };
        if amount.is_negative() {
            return Some((self.say(Word::ReasonGroupPriceLostBack), *amount));
        }
        let (at_least, tickets) = (&at_least.to_string(), &tickets.to_string());
        Some((self.say(Word::ReasonGroupPriceLost { at_least, otherwise: &self.money(*otherwise), tickets }), *amount))
    }

    /// A sentence of its own.
    pub fn sentence(&self, reason: &Reason) -> Option<Text> {
        match reason {
            Reason::NoFee {} => Some(self.say(Word::ReasonNoFee { operator: self.operator() })),
            Reason::Overridden { why, .. } => Some(self.say(Word::ReasonOverridden { operator: self.operator(), why })),
            Reason::ShortfallBilled { amount } => {
                Some(self.say(Word::ReasonShortfallBilled { amount: &self.money(*amount) }))
            }
            Reason::VoucherBonus { percent, bonus, .. } => {
                let (percent, bonus) = (&self.reader.percent(*percent), &self.money(*bonus));
                Some(self.say(Word::ReasonVoucherBonus { bonus, percent }))
            }
            Reason::LimitsAfter { item, limits, cancel } => {
                let service = self.service(*item);
                let limit =
                    cancel.zip(self.item(*item)).map(|(until, item)| self.reader.limit(until, &item.slot.time.zone));
                Some(self.say(match (limits, &limit) {
                    (MoveLimits::Original, Some(cancel)) => Word::ReasonLimitsAfterOriginal { cancel, service },
                    (MoveLimits::Original, None) => Word::ReasonLimitsAfterOriginalOff { service },
                    (MoveLimits::New, Some(cancel)) => Word::ReasonLimitsAfterNew { cancel, service },
                    (MoveLimits::New, None) => Word::ReasonLimitsAfterNewOff { service },
                }))
            }
            Reason::WindowApplies { .. }
            | Reason::ItemStays { .. }
            | Reason::GroupPriceLost { .. }
            | Reason::ShortfallWaived { .. }
            | Reason::GatewayFeeKept(_)
            | Reason::PriceChanges { .. }
            | Reason::DifferenceKept { .. }
            | Reason::RefundMode { .. }
            | Reason::RefundByHand { .. } => None,
        }
    }
}
