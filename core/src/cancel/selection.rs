//! What a selection means: which parts of which items, with which lines. Not whether they may be canceled: that is asked of an instant.

use super::{Before, Part};
use crate::booking::{Booking, Item, Line, Standing};
use crate::command::Selection;
use crate::event::Extent;
use crate::fee::Basis;
use crate::group::{self, Leaving};
use crate::id::{ItemId, ParticipantId};
use crate::money::{Money, MoneyError};
use crate::refusal::Refusal;

/// The parts that a selection means, in the booking's order.
pub(super) fn parts<'a>(booking: &'a Booking, selection: &Selection) -> Result<Vec<Part<'a>>, Refusal> {
    match selection {
        Selection::All => {
            let booked = booking.items.iter().filter(|item| item.is_booked());
            let parts: Vec<Part<'a>> = booked.map(|item| part(booking, item, None)).collect::<Result<_, _>>()?;
            if parts.is_empty() { Err(Refusal::NothingToCancel {}) } else { Ok(parts) }
        }
        Selection::Parts { items, participants } => pick(booking, items, participants),
    }
}

/// Finds an item that still takes place.
pub(crate) fn booked_item(booking: &Booking, id: ItemId) -> Result<&Item, Refusal> {
    match booking.item(id) {
        None => Err(Refusal::UnknownItem { item: id }),
        Some(found) if !found.is_booked() => Err(Refusal::ItemCanceled { item: id }),
        Some(found) => Ok(found),
    }
}

/// Makes sure that somebody among these still attends.
pub(crate) fn check_attends<'a>(items: impl IntoIterator<Item = &'a Item>, id: ParticipantId) -> Result<(), Refusal> {
    let mut all = items.into_iter().flat_map(|item| &item.participants);
    match all.find(|one| one.id == id) {
        None => Err(Refusal::UnknownParticipant { participant: id }),
        Some(one) if !one.standing.is_booked() => Err(Refusal::ParticipantCanceled { participant: id }),
        Some(_) => Ok(()),
    }
}

/// The parts that ids mean. Naming everybody who still attends means the whole item.
fn pick<'a>(booking: &'a Booking, items: &[ItemId], participants: &[ParticipantId]) -> Result<Vec<Part<'a>>, Refusal> {
    for item in items {
        booked_item(booking, *item)?;
    }
    for participant in participants {
        check_attends(&booking.items, *participant)?;
    }
    let mut parts = Vec::with_capacity(booking.items.len());
    for item in booking.items.iter().filter(|item| item.is_booked()) {
        if items.contains(&item.id) {
            parts.push(part(booking, item, None)?);
        } else if item.attending().any(|one| participants.contains(&one.id)) {
            parts.push(part(booking, item, Some(participants))?);
        }
    }
    if parts.is_empty() { Err(Refusal::NothingSelected {}) } else { Ok(parts) }
}

/// All of an item that is left, or these participants with what is bound to them.
///
/// Source: requirements A1, D2
pub(crate) fn part<'a>(
    booking: &Booking,
    item: &'a Item,
    chosen: Option<&[ParticipantId]>,
) -> Result<Part<'a>, Refusal> {
    let is_chosen = |id: ParticipantId| chosen.is_none_or(|chosen| chosen.contains(&id));
    let participants: Vec<ParticipantId> = item.attending().map(|one| one.id).filter(|id| is_chosen(*id)).collect();
    let extent =
        if chosen.is_none() || participants.len() == item.attending().count() { Extent::Whole } else { Extent::Part };
    let goes = |line: &&Line| match (extent, line.participant) {
        (Extent::Whole, _) => line.standing.is_booked(),
        (Extent::Part, Some(participant)) => line.standing.is_booked() && is_chosen(participant),
        (Extent::Part, None) => false,
    };
    let lines: Vec<&Line> = item.lines.iter().filter(goes).collect();
    let basis = basis(booking, item, lines.iter().copied(), participants.len())?;
    let group_price_lost = group::lost(item, Leaving { extent, participants: &participants })?;
    Ok(Part { item, extent, participants, lines, basis, group_price_lost, before: before(booking, item)? })
}

/// All that is left of an item once these have gone: nobody stays, so that what is bound to the item goes too.
///
/// Source: requirement D2
pub(crate) fn rest<'a>(booking: &Booking, item: &'a Item, gone: &[ParticipantId]) -> Result<Part<'a>, Refusal> {
    let all = part(booking, item, None)?;
    let has_gone = |id: &ParticipantId| gone.contains(id);
    let participants: Vec<ParticipantId> = all.participants.iter().copied().filter(|id| !has_gone(id)).collect();
    let is_left = |line: &&Line| !line.participant.as_ref().is_some_and(has_gone);
    let lines: Vec<&Line> = all.lines.iter().copied().filter(is_left).collect();
    let basis = basis(booking, item, lines.iter().copied(), participants.len())?;
    Ok(Part { participants, lines, basis, ..all })
}

/// What customers canceled of an item so far. What the operator withdrew never counts.
pub(super) fn before(booking: &Booking, item: &Item) -> Result<Before, MoneyError> {
    let canceled = item.lines.iter().filter(|line| line.standing == Standing::Canceled);
    let participants = item.participants.iter().filter(|one| one.standing == Standing::Canceled).count();
    let basis = basis(booking, item, canceled, participants)?;
    Ok(Before { basis, charged: Money::sum(booking.currency, item.charged.iter().copied())? })
}

fn basis<'a>(
    booking: &Booking,
    item: &Item,
    lines: impl Iterator<Item = &'a Line>,
    participants: usize,
) -> Result<Basis, MoneyError> {
    let mut basis = Basis::nothing(booking.currency);
    basis.participants = u32::try_from(participants).map_err(|_| MoneyError::OutOfRange)?;
    for line in lines {
        let sum = if item.terms.keeps(&line.kind) { &mut basis.kept } else { &mut basis.rest };
        *sum = sum.plus(line.price)?;
    }
    Ok(basis)
}
