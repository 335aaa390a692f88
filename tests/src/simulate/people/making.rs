//! New bookings: baskets of tickets, charters and extras, in slots for many or of their own.

use anyhow::Result;
use leeway_core::booking::{GroupPrice, Line, Reference, Slot, Standing};
use leeway_core::command::{Actor, Instalment, MakeBooking, NewItem};
use leeway_core::id::{BookingId, ItemId, LineId, ParticipantId, SlotId};
use leeway_core::policy::Code;
use leeway_core::{Currency, Money};

use super::{Thought, View};
use crate::simulate::catalog::{DAY_MS, KINDS, amount, code};
use crate::simulate::random::Random;
use crate::simulate::server::Wanted;

/// Somebody books; rarely once more what was booked.
pub(super) fn make(view: &mut View<'_>) -> Result<Option<Thought>> {
    let again = view.random.pick(view.bookings).copied().filter(|_| view.random.chance(20));
    let id = again.unwrap_or_else(|| BookingId(view.random.id()));
    let [main, other] = view.catalog.currencies;
    let currency = if view.random.chance(850) { main } else { other };
    let mut items = Vec::new();
    for _ in 0..view.random.between(1, 3) {
        items.push(item(view, currency)?);
    }
    let plan = plan(view, &items, currency)?;
    let number = view.bookings.len() + 1;
    let reference = Reference::try_from(format!("LW-{number}")).map_err(anyhow::Error::msg)?;
    let new = MakeBooking { id, reference, currency, items, plan };
    Ok(Some(view.plain(Actor::Operator, Wanted::Make(Box::new(new)))))
}

fn item(view: &mut View<'_>, currency: Currency) -> Result<NewItem> {
    let opened = view.random.pick(&view.catalog.slots).filter(|_| view.random.chance(700));
    let (service, slot, terms) = match opened {
        Some(opened) => (opened.service.clone(), opened.slot.clone(), opened.terms.clone()),
        None => {
            let (time, terms) = view.catalog.time_and_terms(view.random)?;
            ("kayak".to_owned(), Slot { id: SlotId(view.random.id()), time }, terms)
        }
    };
    let random = &mut *view.random;
    let participants: Vec<ParticipantId> = (0..random.between(0, 4)).map(|_| ParticipantId(random.id())).collect();
    let ticket = amount(random, currency, 12_000)?;
    let mut lines = Vec::new();
    for participant in &participants {
        lines.push(line(random, code("ticket")?, Some(*participant), ticket));
    }
    for _ in 0..random.between(i64::from(lines.is_empty()), 2) {
        let kind = code(random.one_of(KINDS, "charter"))?;
        let bound = random.pick(&participants).copied().filter(|_| random.chance(500));
        let price = amount(random, currency, 20_000)?;
        lines.push(line(random, kind, bound, price));
    }
    let group = if participants.len() > 1 && random.chance(350) {
        let otherwise = ticket.plus(amount(random, currency, 4_000)?)?;
        Some(GroupPrice { at_least: u16::try_from(random.between(2, 4))?, kind: code("ticket")?, otherwise })
    } else {
        None
    };
    Ok(NewItem { id: ItemId(random.id()), service, slot, terms, participants, lines, group })
}

fn line(random: &mut Random, kind: Code, participant: Option<ParticipantId>, price: Money) -> Line {
    Line { id: LineId(random.id()), kind, participant, price, standing: Standing::Booked }
}

/// Nothing, a deposit and the rest, or (rarely) what does not add up.
fn plan(view: &mut View<'_>, items: &[NewItem], currency: Currency) -> Result<Vec<Instalment>> {
    if view.random.chance(500) {
        return Ok(Vec::new());
    }
    let price = Money::sum(currency, items.iter().flat_map(|item| &item.lines).map(|line| line.price))?;
    let deposit = Money::of_minor(price.minor() * view.random.between(0, 100) / 100, currency)?;
    let wrong = Money::of_minor(i64::from(view.random.chance(20)), currency)?;
    let rest = price.minus(deposit)?.plus(wrong)?;
    let due = view.now.shifted_ms(view.random.between(0, 20) * DAY_MS);
    Ok(vec![
        Instalment { code: code("deposit")?, due: view.now, amount: deposit },
        Instalment { code: code("balance")?, due, amount: rest },
    ])
}
