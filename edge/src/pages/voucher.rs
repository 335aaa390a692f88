//! The vouchers that refunds of a booking made: their codes, what is left on them, until when a bonus can be used. A code pays like money, so
//! it is shown only to whoever may change the booking.
//!
//! Source: requirements C6, C13

use leeway_core::Instant;
use leeway_core::voucher::{Voucher, VoucherPart};
use maud::{Markup, html};

use super::layout::sum;
use super::{Page, money};
use crate::words::{Text, Word};

/// A card for each of them; nothing where there is none.
pub fn section(page: &Page<'_>) -> Markup {
    html! { @for voucher in &page.shown.vouchers { (card(page, voucher)) } }
}

fn card(page: &Page<'_>, voucher: &Voucher) -> Markup {
    let heading = format!("voucher-{}", voucher.id);
    let usable = voucher.usable(page.shown.at).ok();
    html! {
        section.card.voucher aria-labelledby=(heading) {
            h2 id=(heading) { (page.say(Word::VoucherHeading)) }
            div {
                p.small { (page.say(Word::VoucherCode)) }
                p.code { @if let Some(code) = page.shown.codes.get(&voucher.id) { (code) } }
            }
            @if let Some(usable) = usable { dl.sums { (sum(&page.say(Word::VoucherLeft), &page.money(usable), Some("voucher-left"))) } }
            p.small { (sentences(page, voucher).join(" ")) }
            @if usable.is_some_and(|usable| usable.is_positive()) {
                p { (page.say(Word::VoucherHow { operator: page.operator() })) }
            }
        }
    }
}

/// Until when which part of it can be used.
pub fn sentences(page: &Page<'_>, voucher: &Voucher) -> Vec<Text> {
    let at = page.shown.at;
    let (ends, lasts): (Vec<&VoucherPart>, Vec<&VoucherPart>) =
        voucher.parts.iter().partition(|part| expires_at(part).is_some());
    let mut said: Vec<Text> = ends.iter().filter_map(|part| bonus(page, part)).collect();
    if !lasts.is_empty() {
        said.push(page.say(if ends.is_empty() { Word::VoucherLasts } else { Word::VoucherLastsRest }));
    } else if !ends.iter().any(|part| part.is_usable(at)) {
        said.push(page.say(Word::VoucherSpent));
    }
    said
}

fn bonus(page: &Page<'_>, part: &VoucherPart) -> Option<Text> {
    let (until, amount) = (expires_at(part)?, &page.money(part.amount));
    Some(if part.is_usable(page.shown.at) {
        let zone = page.shown.booking.items.first().map(|item| &item.slot.time.zone)?;
        page.say(Word::VoucherBonus { amount, until: &page.reader.within(until, zone) })
    } else {
        page.say(Word::VoucherBonusPast { amount, date: &money::date(page, until) })
    })
}

fn expires_at(part: &VoucherPart) -> Option<Instant> {
    part.bonus.and_then(|bonus| bonus.expires_at)
}
