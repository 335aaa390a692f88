//! The fees of a cancellation: which parts one rule is applied to together, what it takes, and each part's share. Not the rule itself: see
//! [`crate::fee`].

use super::selection::before;
use super::{Cancellation, Part, PartOutcome};
use crate::allocate::allocate;
use crate::explain::{FeeCode, FeeLine};
use crate::fee::{self, Basis};
use crate::money::{Money, MoneyError};
use crate::policy::Per;
use crate::refusal::Refusal;
use crate::terms::Window;

/// A rule applied once: to one item, or to all items of one window together.
#[derive(Debug)]
pub struct Unit<'a> {
    /// The window that holds.
    pub window: &'a Window,
    /// Indices into [`Cancellation::parts`].
    pub parts: Vec<usize>,
    /// What is canceled now, and what was before.
    basis: Basis,
    charged: Money,
}

impl Part<'_> {
    /// What of the item is canceled now, and was before.
    fn over_its_life(&self) -> Result<Basis, MoneyError> {
        self.basis.plus(self.before.basis)
    }
}

impl<'a> Cancellation<'a> {
    /// Gives every part its share of the fees of the windows that hold.
    pub(super) fn charge(&self, open: &mut [PartOutcome<'a>]) -> Result<(), MoneyError> {
        // Most rules count per item: each part bears its own fee, and nothing is shared.
        for one in open.iter_mut() {
            let (Some(part), Some(window)) = (self.parts.get(one.index), one.window) else { continue };
            if window.rule.per == Per::Item {
                one.fee = fee::charge(&window.rule, part.over_its_life()?)?.minus(part.before.charged)?.or_zero();
            }
        }
        let counts_per_booking =
            |one: &PartOutcome<'_>| one.window.is_some_and(|window| window.rule.per == Per::Booking);
        if open.iter().any(counts_per_booking) {
            for unit in self.units(open)?.iter().filter(|unit| unit.window.rule.per == Per::Booking) {
                self.share(&unit.parts, self.unit_fee(unit)?, open)?;
            }
        }
        Ok(())
    }

    /// Gives every part its share of a fee that the operator decided on.
    ///
    /// Source: requirement B10
    pub(super) fn share_all(&self, fee: Money, open: &mut [PartOutcome<'a>]) -> Result<(), Refusal> {
        let mut price = Money::zero(self.booking.currency);
        for part in &self.parts {
            price = price.plus(part.basis.price()?)?;
        }
        if fee.is_negative() || fee.compare(price)?.is_gt() {
            return Err(Refusal::FeeAbovePrice { price });
        }
        let all: Vec<usize> = (0..self.parts.len()).collect();
        Ok(self.share(&all, fee, open)?)
    }

    /// Puts together what one rule is applied to.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn units(&self, open: &[PartOutcome<'a>]) -> Result<Vec<Unit<'a>>, MoneyError> {
        let mut units: Vec<Unit<'a>> = Vec::with_capacity(open.len());
        for one in open {
            let (Some(part), Some(window)) = (self.parts.get(one.index), one.window) else { continue };
            let together = (window.rule.per == Per::Booking)
                .then(|| units.iter_mut().find(|unit| self.is_together(unit, part, window)))
                .flatten();
            if let Some(unit) = together {
                unit.basis = unit.basis.plus(part.basis)?.plus(part.before.basis)?;
                unit.charged = unit.charged.plus(part.before.charged)?;
                unit.parts.push(one.index);
            } else {
                let basis = part.over_its_life()?;
                let mut unit = Unit { window, parts: vec![one.index], basis, charged: part.before.charged };
                if window.rule.per == Per::Booking {
                    self.add_earlier_items(&mut unit, part, open)?;
                }
                units.push(unit);
            }
        }
        Ok(units)
    }

    fn is_together(&self, unit: &Unit<'_>, part: &Part<'_>, window: &Window) -> bool {
        let policy = unit.parts.first().and_then(|first| self.parts.get(*first)).map(|first| &first.item.terms.policy);
        policy == Some(&part.item.terms.policy)
            && unit.window.code == window.code
            && unit.window.rule.per == Per::Booking
    }

    /// A rule per booking counts its fixed amounts once: items that were charged in the same window before belong to it, whenever that was.
    fn add_earlier_items(
        &self,
        unit: &mut Unit<'a>,
        part: &Part<'_>,
        open: &[PartOutcome<'a>],
    ) -> Result<(), MoneyError> {
        let going = open.iter().filter_map(|one| self.parts.get(one.index));
        for item in &self.booking.items {
            let selected = going.clone().any(|other| other.item.id == item.id);
            let same_window =
                item.terms.policy == part.item.terms.policy && item.charged_in.as_ref() == Some(&unit.window.code);
            if !selected && same_window {
                let before = before(self.booking, item)?;
                unit.basis = unit.basis.plus(before.basis)?;
                unit.charged = unit.charged.plus(before.charged)?;
            }
        }
        Ok(())
    }

    /// What the whole canceled part would cost now, less what was charged before, and never less than nothing.
    ///
    /// Source: requirement B12
    fn unit_fee(&self, unit: &Unit<'_>) -> Result<Money, MoneyError> {
        Ok(fee::charge(&unit.window.rule, unit.basis)?.minus(unit.charged)?.or_zero())
    }

    /// Shares a fee out to parts by their price.
    fn share(&self, parts: &[usize], fee: Money, open: &mut [PartOutcome<'a>]) -> Result<(), MoneyError> {
        let mut prices = Vec::with_capacity(parts.len());
        for part in parts.iter().filter_map(|index| self.parts.get(*index)) {
            prices.push(part.basis.price()?);
        }
        let shares = if prices.len() == 1 { vec![fee] } else { allocate(fee, &prices)? };
        for (index, share) in parts.iter().zip(shares) {
            if let Some(one) = open.iter_mut().find(|one| one.index == *index) {
                one.fee = share;
            }
        }
        Ok(())
    }

    /// A unit's fee and the lines that add up to it.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    ///
    /// Source: requirement E7
    pub fn explain(&self, unit: &Unit<'_>) -> Result<(Money, Vec<FeeLine>), MoneyError> {
        let fee = self.unit_fee(unit)?;
        let mut lines = fee::explain(&unit.window.rule, unit.basis)?;
        if !unit.charged.is_zero() {
            lines.push(FeeLine { code: FeeCode::AlreadyCharged {}, amount: unit.charged.negated() });
        }
        let shown = Money::sum(self.booking.currency, lines.iter().map(|line| line.amount))?;
        if shown != fee {
            lines.push(FeeLine { code: FeeCode::NotBelowZero {}, amount: fee.minus(shown)? });
        }
        Ok((fee, lines))
    }
}
