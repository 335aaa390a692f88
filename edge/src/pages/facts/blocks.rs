//! Blocks of messages: what is booked, what was moved or canceled, and every amount with its reason.

use leeway_core::booking::{Line, Received};
use leeway_core::command::{Move, RefundTo};
use leeway_core::event::{Canceled, Extent, MovedItem, MovedLine, Rebooked};
use leeway_core::id::ParticipantId;
use leeway_core::plan::Due;
use leeway_core::quote::{CancelQuote, RebookQuote};
use leeway_core::rebook::{KindPrice, Offer};
use leeway_core::refund::{Document, Refund, Way};
use leeway_core::voucher::Voucher;
use leeway_core::{Action, Actor, Booking, Event, Item, Money, MoneyError, Quote, Refusal, Selection, quote};

use super::super::told::shares;
use super::super::{Page, money, notice, review, voucher};
use crate::mail::letter::Row;
use crate::store::Moment;
use crate::words::Word;

/// Everything that is booked: when, who, what it costs.
pub fn booked_items(page: &Page<'_>) -> Vec<Row> {
    let booked = page.shown.booking.items.iter().filter(|item| item.is_booked());
    booked.flat_map(|item| item_rows(page, item)).collect()
}

/// The same, with where each came from.
pub fn moved_items(page: &Page<'_>, before: Option<&Booking>, rebooked: Option<&Rebooked>) -> Vec<Row> {
    let mut rows = Vec::new();
    for item in page.shown.booking.items.iter().filter(|item| item.is_booked()) {
        let moved = rebooked.and_then(|rebooked| rebooked.moves.iter().find(|moved| moved.into == item.id));
        let from = moved.zip(before).and_then(|(moved, before)| before.item(moved.item));
        let mut own = item_rows(page, item);
        if let (Some(from), Some(when)) = (from, own.get_mut(1)) {
            let old = page.reader.slot(&from.slot.time);
            *when = Row::note(format!("{}: {}", page.say(Word::MovedTo), when.name));
            own.insert(1, Row::note(format!("{}: {old}", page.say(Word::MovedFrom))));
        }
        rows.extend(own);
    }
    rows
}

/// What was canceled of each item.
pub fn canceled_items(page: &Page<'_>, canceled: &Canceled) -> Vec<Row> {
    let mut rows = Vec::new();
    for one in &canceled.items {
        let Some(item) = page.item(one.item) else { continue };
        rows.push(Row::heading(item.service.as_str()));
        rows.push(Row::note(page.reader.slot(&item.slot.time)));
        rows.extend(lines(page, item, &one.participants, |line| one.lines.contains(&line.id)));
    }
    rows.push(Row::total(page.say(Word::QuotePrice), page.money(canceled.price)));
    rows
}

fn item_rows(page: &Page<'_>, item: &Item) -> Vec<Row> {
    let attending: Vec<ParticipantId> = item.attending().map(|one| one.id).collect();
    let mut rows = vec![Row::heading(item.service.as_str()), Row::note(page.reader.slot(&item.slot.time))];
    rows.extend(lines(page, item, &attending, |line| line.standing.is_booked()));
    rows
}

/// The lines of an item: each one's ticket under the name, what else is bound to whom, and what is for everyone.
fn lines(page: &Page<'_>, item: &Item, people: &[ParticipantId], counts: impl Fn(&Line) -> bool) -> Vec<Row> {
    let of = |whose: Option<ParticipantId>| item.lines.iter().filter(move |line| line.participant == whose);
    let price = |line: &Line| {
        if line.price.is_zero() { page.say(Word::ItemsIncluded).into_owned() } else { page.money(line.price) }
    };
    let mut rows = Vec::new();
    for person in people {
        let mut own = of(Some(*person)).filter(|line| counts(line));
        match own.next() {
            Some(ticket) => rows.push(Row::line(page.name(*person), price(ticket))),
            None => rows.push(Row::note(page.name(*person))),
        }
        rows.extend(own.map(|line| Row::line(page.label(item, line.id), price(line)).detailed(page.name(*person))));
    }
    rows.extend(of(None).filter(|line| counts(line)).map(|line| Row::line(page.label(item, line.id), price(line))));
    rows
}

/// What is owed, what was paid, what is open, and what is due when.
pub fn sums(page: &Page<'_>) -> Vec<Row> {
    let totals = page.shown.totals;
    let owed = if page.shown.booking.is_canceled() { Word::SumOwedCanceled } else { Word::SumOwed };
    let (open, amount) = if totals.balance.is_negative() {
        (Word::SumWeOwe, totals.balance.negated())
    } else if totals.balance.is_positive() {
        (Word::SumDue, totals.balance)
    } else {
        (Word::SumSettled, totals.balance)
    };
    let mut rows = vec![
        Row::line(page.say(owed), page.money(totals.owed)),
        Row::line(page.say(Word::SumPaid), page.money(totals.paid)),
        Row::total(page.say(open), page.money(amount)),
    ];
    if totals.promised.is_positive() {
        rows.push(Row::note(page.say(Word::SumPromised { amount: &page.money(totals.promised) })));
    }
    rows.extend(plan(page));
    rows
}

/// What is due when, where that is more than one amount.
fn plan(page: &Page<'_>) -> Vec<Row> {
    let dues: Vec<&Due> = page.shown.options.payment.dues.iter().filter(|due| due.amount.is_positive()).collect();
    if dues.len() < 2 {
        return Vec::new();
    }
    let row = |due: &&Due| {
        Row::line(page.reader.code(due.code.as_str()), page.money(due.amount)).detailed(money::due_state(page, due))
    };
    std::iter::once(Row::heading(page.say(Word::MoneyPlan))).chain(dues.iter().map(row)).collect()
}

/// What came in.
pub fn received(page: &Page<'_>, received: &[&Received]) -> Vec<Row> {
    received.iter().map(|one| Row::line(page.received(one.method), page.money(one.amount))).collect()
}

/// What canceling cost, step by step.
pub fn fee(page: &Page<'_>, moment: &Moment, canceled: &Canceled) -> Result<Vec<Row>, Refusal> {
    let fee = canceled.charged()?;
    let mut rows = vec![Row::heading(page.say(Word::QuoteFee))];
    if let Some(quote) = explained(moment, canceled, fee) {
        rows.extend(steps(page, &quote));
    }
    rows.push(Row::total(page.say(Word::QuoteFeeSum), page.money(fee)));
    Ok(rows)
}

/// The quote that was carried out, worked out once more by the same rules on the booking as it was. Only where it comes to the amount that
/// the log has: rules of a later version may not, and then the sums alone are told.
fn explained(moment: &Moment, canceled: &Canceled, fee: Money) -> Option<Box<CancelQuote>> {
    let before = moment.before.as_ref()?;
    let whole = canceled.items.iter().filter(|one| one.extent == Extent::Whole).map(|one| one.item).collect();
    let parts = canceled.items.iter().filter(|one| one.extent == Extent::Part);
    let participants = parts.flat_map(|one| one.participants.iter().copied()).collect();
    let to_voucher =
        |event: &Event| matches!(event, Event::RefundEntered(entered) if entered.refund.way == Way::Voucher);
    let action = Action::Cancel {
        selection: Selection::Parts { items: whole, participants },
        reason: canceled.reason,
        refund_to: if moment.events.iter().any(to_voucher) { RefundTo::Voucher } else { RefundTo::Money },
        overridden: canceled.overridden.clone(),
    };
    match quote(before, &action, &[], Actor::Operator, moment.at) {
        Ok(Quote::Cancel(quote)) if quote.fee == fee => Some(quote),
        Ok(Quote::Cancel(_) | Quote::Rebook(_) | Quote::Rename(_)) | Err(_) => None,
    }
}

fn steps(page: &Page<'_>, quote: &CancelQuote) -> Vec<Row> {
    let mut rows = Vec::new();
    for charge in &quote.charges {
        let services: Vec<&str> = charge.items.iter().map(|item| page.service(*item)).collect();
        for line in &charge.lines {
            let row = Row::line(page.step(&line.code), page.money(line.amount));
            rows.push(if quote.charges.len() > 1 { row.detailed(services.join(", ")) } else { row });
        }
    }
    for reason in &quote.explanation {
        let adjusted = page.adjusts(reason).or_else(|| page.group_price(reason));
        rows.extend(adjusted.map(|(said, amount)| Row::line(said, page.money(amount))));
    }
    rows.extend(quote.explanation.iter().filter_map(|reason| page.sentence(reason)).map(Row::note));
    rows
}

/// What a move cost.
pub fn moved_amounts(page: &Page<'_>, moment: &Moment, rebooked: &Rebooked) -> Result<Vec<Row>, MoneyError> {
    let Rebooked { difference, kept, group_price_lost, fee, gateway_fee, .. } = rebooked;
    let mut rows = vec![Row::heading(page.say(Word::MovedCosts))];
    let part = |word, amount: Money| (!amount.is_zero()).then(|| Row::line(page.say(word), page.money(amount)));
    rows.extend(part(Word::MovedDifference, *difference));
    rows.extend(part(Word::PriceDifferenceKept, *kept));
    rows.extend(part(Word::PriceGroupPriceLost, *group_price_lost));
    match explained_move(moment, rebooked) {
        Some(quote) => rows.extend(move_steps(page, &quote)),
        None => rows.extend(part(Word::PriceMoveFee, *fee)),
    }
    rows.extend(part(Word::PriceGatewayFee, *gateway_fee));
    let change = notice::change(rebooked)?;
    rows.push(if change.is_zero() {
        Row::note(page.say(Word::MovedDoneFree))
    } else if change.is_negative() {
        Row::total(page.say(Word::MovedSumLess), page.money(change.negated()))
    } else {
        Row::total(page.say(Word::MovedSum), page.money(change))
    });
    Ok(rows)
}

/// The quote of a move, worked out once more as that of a cancellation is: on the booking as it was, with what the log says of the new slots.
/// Only where it comes to the same amounts.
fn explained_move(moment: &Moment, rebooked: &Rebooked) -> Option<Box<RebookQuote>> {
    let before = moment.before.as_ref()?;
    let offers: Vec<Offer> = rebooked.moves.iter().map(|moved| offer(before, moved)).collect();
    let one = |moved: &MovedItem| Move {
        item: moved.item,
        participants: match moved.extent {
            Extent::Whole => Vec::new(),
            Extent::Part => moved.participants.clone(),
        },
        slot: moved.slot.id,
    };
    let action = Action::Rebook {
        moves: rebooked.moves.iter().map(one).collect(),
        reason: rebooked.reason,
        overridden: rebooked.overridden.clone(),
    };
    match quote(before, &action, &offers, Actor::Operator, moment.at) {
        Ok(Quote::Rebook(quote)) if (quote.fee, quote.difference) == (rebooked.fee, rebooked.difference) => Some(quote),
        Ok(Quote::Cancel(_) | Quote::Rebook(_) | Quote::Rename(_)) | Err(_) => None,
    }
}

/// What was offered to who moved there: at the prices of what moved. That there was room is known.
fn offer(before: &Booking, moved: &MovedItem) -> Offer {
    let lines = before.item(moved.item).map(|item| item.lines.as_slice()).unwrap_or_default();
    let priced = |one: &MovedLine| {
        let kind = lines.iter().find(|line| line.id == one.line).map(|line| line.kind)?;
        Some(KindPrice { kind, price: one.price })
    };
    Offer {
        slot: moved.slot.clone(),
        service: moved.service.clone(),
        room: u32::MAX,
        prices: moved.lines.iter().filter_map(priced).collect(),
        terms: moved.terms.clone(),
    }
}

fn move_steps(page: &Page<'_>, quote: &RebookQuote) -> Vec<Row> {
    let mut rows = Vec::new();
    for fee in &quote.fees {
        let services: Vec<&str> = fee.items.iter().map(|item| page.service(*item)).collect();
        for line in &fee.lines {
            let row = Row::line(page.say(Word::MovedFee { step: &page.step(&line.code) }), page.money(line.amount));
            rows.push(if quote.fees.len() > 1 { row.detailed(services.join(", ")) } else { row });
        }
    }
    rows
}

/// What goes back, from which payment, and how far that has come.
pub fn refund(page: &Page<'_>, refund: &Refund) -> Vec<Row> {
    let mut rows = vec![Row::heading(page.say(Word::QuoteBack))];
    rows.extend(shares(refund).map(|share| Row::note(review::share_line(page, &share))));
    rows.push(Row::total(page.say(Word::QuoteRefund), page.money(refund.amount)));
    rows.push(Row::note(page.refund_state(refund.state)));
    if refund.document == Some(Document::Voucher) {
        let code = page.shown.codes.get(&refund.id.into());
        rows.extend(code.map(|code| Row::note(page.say(Word::QuoteVoucherCode { code }))));
        rows.extend(
            page.shown.vouchers.iter().filter(|voucher| voucher.refund == refund.id).flat_map(|one| worth(page, one)),
        );
    }
    rows
}

/// What a voucher that was just issued is worth, and until when.
fn worth(page: &Page<'_>, voucher: &Voucher) -> Vec<Row> {
    let usable = voucher.usable(page.shown.at).ok();
    let worth = usable.map(|amount| page.say(Word::VoucherWorth { amount: &page.money(amount) }));
    worth.into_iter().chain(voucher::sentences(page, voucher)).map(Row::note).collect()
}

/// Why nothing goes back.
pub fn no_refund(page: &Page<'_>, events: &[Event]) -> Vec<Row> {
    vec![Row::heading(page.say(Word::QuoteBack)), Row::note(notice::no_refund(page, events))]
}
