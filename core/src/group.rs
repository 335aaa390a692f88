//! Group prices: what those who stay pay more once fewer attend than the price asks for. A function of who attends, not of the steps that led
//! there, so that two partial cancellations never cost more than one.
//!
//! Source: requirement B12

use crate::booking::{GroupPrice, Item, Line, Standing};
use crate::currency::Currency;
use crate::event::Extent;
use crate::explain::Reason;
use crate::id::{ItemId, ParticipantId};
use crate::money::{Money, MoneyError};

/// Who leaves an item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaving<'a> {
    /// Everybody, or these?
    pub(crate) extent: Extent,
    /// Who.
    pub(crate) participants: &'a [ParticipantId],
}

impl Leaving<'_> {
    fn takes(&self, participant: ParticipantId) -> bool {
        self.extent == Extent::Whole || self.participants.contains(&participant)
    }
}

/// What the group's price is lost by when somebody leaves: the surcharge of those who stay, less what it was before. None where there is no
/// group price to lose.
pub(crate) fn lost(item: &Item, leaving: Leaving<'_>) -> Result<Option<GroupPriceLost>, MoneyError> {
    let Some(group) = &item.group else { return Ok(None) };
    let before = surcharge(item, group, |_| true)?;
    let stays = |participant: ParticipantId| !leaving.takes(participant);
    let after = match leaving.extent {
        Extent::Whole => Surcharge::nothing(before.amount.currency()),
        Extent::Part => surcharge(item, group, stays)?,
    };
    let amount = after.amount.minus(before.amount)?;
    Ok((!amount.is_zero()).then_some(GroupPriceLost {
        amount,
        at_least: group.at_least,
        otherwise: group.otherwise,
        tickets: after.tickets,
        with_group: after.with_group,
        before: before.amount,
    }))
}

/// A group price that is lost, or (negative) matters to fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GroupPriceLost {
    /// What those who stay pay more than before.
    pub(crate) amount: Money,
    /// So many would have to attend.
    pub(crate) at_least: u16,
    /// What a ticket costs without the group.
    pub(crate) otherwise: Money,
    /// So many tickets have that price then.
    pub(crate) tickets: u32,
    /// What they cost with the group.
    pub(crate) with_group: Money,
    /// What was paid more before.
    pub(crate) before: Money,
}

impl GroupPriceLost {
    /// As an explanation says it.
    pub(crate) fn because(self, item: ItemId) -> Reason {
        let Self { amount, at_least, otherwise, tickets, with_group, before } = self;
        Reason::GroupPriceLost { item, amount, at_least, otherwise, tickets, with_group, before }
    }
}

struct Surcharge {
    tickets: u32,
    with_group: Money,
    amount: Money,
}

impl Surcharge {
    fn nothing(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { tickets: 0, with_group: zero, amount: zero }
    }
}

/// What the tickets of those who stay cost more than at the group's price. Whom the operator took out still counts as attending.
fn surcharge(item: &Item, group: &GroupPrice, stays: impl Fn(ParticipantId) -> bool) -> Result<Surcharge, MoneyError> {
    let attending = item.participants.iter().filter(|one| one.standing != Standing::Canceled && stays(one.id)).count();
    let mut sum = Surcharge::nothing(group.otherwise.currency());
    if attending >= usize::from(group.at_least) {
        return Ok(sum);
    }
    let is_left =
        |line: &&Line| line.standing.is_booked() && line.kind == group.kind && line.participant.is_none_or(&stays);
    for line in item.lines.iter().filter(is_left) {
        sum.tickets = sum.tickets.saturating_add(1);
        let with_group = line.price.smaller(group.otherwise)?;
        sum.with_group = sum.with_group.plus(with_group)?;
        sum.amount = sum.amount.plus(group.otherwise.minus(with_group)?)?;
    }
    Ok(sum)
}
