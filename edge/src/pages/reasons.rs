//! The reasons behind an amount, told: those that move it, as rows; those that only explain, as sentences. Exhaustive, so that a new reason
//! needs its words.

use leeway_core::Money;
use leeway_core::explain::Reason;
use leeway_core::policy::MoveLimits;

use super::Page;
use super::words::{Word, say, word};

impl Page<'_> {
    /// A row beside the steps of a fee, with its amount.
    pub fn adjusts(&self, reason: &Reason) -> Option<(String, Money)> {
        match reason {
            Reason::ShortfallWaived { amount } => Some((word(Word::Waived).to_owned(), amount.negated())),
            Reason::GatewayFeeKept(kept) => Some((word(Word::GatewayKept).to_owned(), kept.amount)),
            Reason::DifferenceKept { window, amount, .. } => {
                let said = if window.is_some() { Word::DifferenceKept } else { Word::DifferenceKeptLate };
                Some((word(said).to_owned(), *amount))
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
    pub fn group_price(&self, reason: &Reason) -> Option<(String, Money)> {
        let Reason::GroupPriceLost { amount, at_least, otherwise, tickets, .. } = reason else { return None };
        if amount.is_negative() {
            return Some((word(Word::ReasonGroupBack).to_owned(), *amount));
        }
        let (at_least, tickets, otherwise) = (at_least.to_string(), tickets.to_string(), self.money(*otherwise));
        let with = [("at_least", &*at_least), ("tickets", &*tickets), ("otherwise", &*otherwise)];
        Some((say(Word::ReasonGroup, &with), *amount))
    }

    /// A sentence of its own.
    pub fn sentence(&self, reason: &Reason) -> Option<String> {
        match reason {
            Reason::NoFee {} => Some(say(Word::ReasonNoFee, &[("operator", self.operator())])),
            Reason::Overridden { why, .. } => {
                Some(say(Word::ReasonOverridden, &[("operator", self.operator()), ("why", why)]))
            }
            Reason::ShortfallBilled { amount } => Some(say(Word::ReasonBilled, &[("amount", &self.money(*amount))])),
            Reason::VoucherBonus { percent, bonus, .. } => {
                Some(say(Word::ReasonBonus, &[("percent", &percent.to_string()), ("bonus", &self.money(*bonus))]))
            }
            Reason::LimitsAfter { item, limits, cancel } => {
                let said = match (limits, cancel) {
                    (MoveLimits::Original, Some(_)) => Word::LimitsOriginal,
                    (MoveLimits::Original, None) => Word::LimitsOriginalOff,
                    (MoveLimits::New, Some(_)) => Word::LimitsNew,
                    (MoveLimits::New, None) => Word::LimitsNewOff,
                };
                let zone = self.item(*item).map(|item| &item.slot.time.zone);
                let until = cancel.zip(zone).map(|(until, zone)| self.format.limit(until, zone)).unwrap_or_default();
                Some(say(said, &[("service", self.service(*item)), ("until", &until)]))
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
