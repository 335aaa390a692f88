//! Making a booking: what must hold of its items, lines and plan before it exists.

use crate::booking::{INSTALMENTS_MAX, ITEMS_MAX, Item, LINES_MAX, PARTICIPANTS_MAX, Standing};
use crate::command::{Instalment, MakeBooking, NAME_CHARS_MAX, NewItem};
use crate::event::{Event, Made};
use crate::money::Money;
use crate::policy::Code;
use crate::quote::check_text;
use crate::refusal::Refusal;
use crate::time::Instant;

pub(crate) fn make(new: &MakeBooking, at: Instant) -> Result<Vec<Event>, Refusal> {
    check_sizes(new)?;
    let mut price = Money::zero(new.currency);
    for item in &new.items {
        check_text(&item.service, NAME_CHARS_MAX)?;
        for line in &item.lines {
            if line.price.is_negative() {
                return Err(Refusal::AmountNotPositive {});
            }
            if let Some(participant) = line.participant.filter(|bound| !item.participants.contains(bound)) {
                return Err(Refusal::UnknownParticipant { participant });
            }
            price = price.plus(line.price)?;
        }
        let mut amounts = item.terms.amounts().chain(item.group.iter().map(|group| group.otherwise));
        if amounts.any(|amount| amount.currency() != new.currency) {
            return Err(Refusal::WrongCurrency {});
        }
    }
    let plan = plan(new, price, at)?;
    Ok(vec![Event::BookingMade(Box::new(Made {
        id: new.id,
        reference: new.reference.clone(),
        currency: new.currency,
        items: new.items.iter().map(item).collect(),
        plan,
    }))])
}

fn check_sizes(new: &MakeBooking) -> Result<(), Refusal> {
    if new.items.is_empty() || new.items.iter().any(|item| item.lines.is_empty()) {
        return Err(Refusal::NothingSelected {});
    }
    let at_most = |count: usize, most: usize| {
        let most_u32 = u32::try_from(most).unwrap_or(u32::MAX);
        if count > most { Err(Refusal::TooMany { most: most_u32 }) } else { Ok(()) }
    };
    at_most(new.items.len(), ITEMS_MAX)?;
    at_most(new.plan.len(), INSTALMENTS_MAX)?;
    for item in &new.items {
        at_most(item.participants.len(), PARTICIPANTS_MAX)?;
        at_most(item.lines.len(), LINES_MAX)?;
    }
    Ok(())
}

/// The plan as given, whose sum must be the price; or all of it at once.
///
/// Source: requirement A3
fn plan(new: &MakeBooking, price: Money, at: Instant) -> Result<Vec<Instalment>, Refusal> {
    if new.plan.is_empty() {
        return Ok(vec![Instalment { code: Code::literal("price"), due: at, amount: price }]);
    }
    if new.plan.iter().any(|part| part.amount.is_negative()) {
        return Err(Refusal::AmountNotPositive {});
    }
    let sum = Money::sum(new.currency, new.plan.iter().map(|part| part.amount))?;
    if sum == price { Ok(new.plan.clone()) } else { Err(Refusal::PlanIsNotThePrice { plan: sum, price }) }
}

fn item(new: &NewItem) -> Item {
    let participant =
        |id: &crate::id::ParticipantId| crate::booking::Participant { id: *id, standing: Standing::Booked };
    Item {
        id: new.id,
        service: new.service.clone(),
        slot: new.slot.clone(),
        terms: new.terms.clone(),
        participants: new.participants.iter().map(participant).collect(),
        lines: new.lines.clone(),
        standing: Standing::Booked,
        charged: Vec::new(),
        charged_in: None,
        // A group that is too small from the start has no price to lose.
        group: new.group.clone().filter(|group| new.participants.len() >= usize::from(group.at_least)),
        moves: 0,
    }
}
