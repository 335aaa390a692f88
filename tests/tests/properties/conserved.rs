//! Over a whole operator no money is lost or made: what came in and did not go back is held by bookings or outstanding in vouchers. Bonuses are
//! counted apart, since nobody paid for them.

use leeway_core::Instant;
use leeway_core::balance::totals;
use leeway_core::event::Event;
use leeway_core::id::{PaymentId, RefundId};
use leeway_core::refund::{Document, Share};
use leeway_core::voucher::{VoucherEvent, VoucherPart};
use proptest::prelude::*;

use super::config;
use super::generate::scene;
use super::history::{History, Track};
use super::money::minor;

/// Minor units that were paid for, and that were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Worth {
    money: i64,
    bonus: i64,
}

impl Worth {
    fn of<'a>(parts: impl IntoIterator<Item = &'a VoucherPart>) -> Self {
        let mut worth = Self::default();
        for part in parts {
            let sum = if part.bonus.is_some() { &mut worth.bonus } else { &mut worth.money };
            *sum += part.amount.minor();
        }
        worth
    }

    fn of_share(share: &Share) -> Self {
        if share.parts.is_empty() { Self { money: share.amount.minor(), bonus: 0 } } else { Self::of(&share.parts) }
    }

    fn add(&mut self, other: Self, sign: i64) {
        self.money += sign * other.money;
        self.bonus += sign * other.bonus;
    }
}

/// Everything that moved, from the events of all bookings.
#[derive(Debug, Default)]
struct Flow {
    /// Money from outside, less money back to it.
    outside: Worth,
    /// Given to customers as vouchers for what they had paid.
    as_vouchers: Worth,
    /// Worth of the vouchers, the bonus that came on top included.
    issued: Worth,
    granted: i64,
    redeemed: Worth,
    /// Bonuses that left as money, which only the operator's credit note can do.
    cashed_bonus: i64,
}

fn share_of(track: &Track, refund: RefundId, payment: PaymentId) -> Worth {
    Worth::of_share(track.booking.refund(refund).unwrap().share(payment).unwrap())
}

impl Flow {
    fn read(&mut self, track: &Track, event: &Event, at: Instant) {
        match event {
            Event::PaymentRecorded(paid) => match &paid.voucher {
                None => self.outside.money += paid.amount.minor(),
                Some(redeemed) => {
                    assert_eq!(minor(redeemed.parts.iter().map(|part| part.amount)), paid.amount.minor());
                    assert!(redeemed.parts.iter().all(|part| part.is_usable(at)), "an expired bonus was redeemed");
                    self.redeemed.add(Worth::of(&redeemed.parts), 1);
                }
            },
            Event::RefundSettled(settled) => {
                let noted = track.booking.refund(settled.refund).unwrap().document;
                for payment in settled.payments.as_ref().unwrap() {
                    let worth = share_of(track, settled.refund, *payment);
                    assert!(
                        worth.bonus == 0
                            || matches!(noted, Some(Document::CreditNoteMade | Document::CreditNoteApproved))
                    );
                    self.cashed_bonus += worth.bonus;
                    self.outside.add(worth, -1);
                }
            }
            Event::RefundFailed(failed) if failed.reversed.is_some() => {
                self.outside.add(share_of(track, failed.refund, failed.payment), 1);
            }
            Event::VoucherIssued(issued) => {
                let refund = track.booking.refund(issued.refund).unwrap();
                let (mut back, mut with_bonus) = (Worth::default(), 0);
                for share in issued.payments.iter().map(|payment| refund.share(*payment).unwrap()) {
                    back.add(Worth::of_share(share), 1);
                    with_bonus += if share.parts.is_empty() { share.amount.minor() } else { 0 };
                }
                let granted = refund.offer.as_ref().map_or(0, |offer| percent(&offer.bonus.to_string(), with_bonus));
                let issued = Worth::of(&issued.parts);
                assert_eq!(issued, Worth { bonus: back.bonus + granted, ..back }, "a voucher is worth what it settles");
                self.granted += granted;
                self.as_vouchers.add(back, 1);
                self.issued.add(issued, 1);
            }
            _ => {}
        }
    }

    fn of(history: &History) -> Self {
        let mut flow = Self::default();
        for track in &history.tracks {
            track.events.iter().for_each(|(event, at)| flow.read(track, event, *at));
        }
        flow
    }
}

/// So many per cent, half a minor unit away from zero.
fn percent(percent: &str, of: i64) -> i64 {
    let (whole, digits) = percent.split_once('.').unwrap_or((percent, ""));
    let percent: i64 = format!("{whole}{digits:0<4}").parse().unwrap();
    (of * percent + 500_000) / 1_000_000
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirements C1, C11, C13
    #[test]
    fn money_is_held_or_outstanding(scene in scene()) {
        let flow = Flow::of(&scene.history);
        let held: i64 = scene.history.tracks.iter().map(|track| totals(&track.booking).unwrap().paid.minor()).sum();
        let mut outstanding = Worth::default();
        for purse in &scene.history.purses {
            prop_assert!(purse.voucher.parts.iter().all(|part| part.amount.is_positive()));
            outstanding.add(Worth::of(&purse.voucher.parts), 1);
        }
        let held_bonus = flow.redeemed.bonus - (flow.as_vouchers.bonus + flow.cashed_bonus);
        prop_assert_eq!(flow.outside.money, held - held_bonus + outstanding.money, "{:?}", flow);
        prop_assert_eq!(flow.granted, outstanding.bonus + flow.redeemed.bonus - flow.as_vouchers.bonus, "{:?}", flow);
        prop_assert!(held_bonus >= 0 && held >= held_bonus);
    }

    /// Source: requirements C7, C13
    #[test]
    fn a_voucher_gives_what_it_has(scene in scene()) {
        for purse in &scene.history.purses {
            let (mut has, mut bookings) = (Worth::default(), 0);
            for (event, _) in &purse.events {
                match event {
                    VoucherEvent::VoucherIssued { id, refund, booking, parts, .. } => {
                        prop_assert_eq!((id.0, *booking), (refund.0, purse.voucher.booking));
                        has.add(Worth::of(parts), 1);
                        bookings += 1;
                    }
                    VoucherEvent::VoucherRedeemed { booking, payment, parts } => {
                        has.add(Worth::of(parts), -1);
                        prop_assert!(has.money >= 0 && has.bonus >= 0, "more than it had");
                        let tracks = scene.history.tracks.iter().map(|track| &track.booking);
                        let mut paid = tracks.filter(|one| one.id == *booking).flat_map(|one| one.received());
                        let paid = paid.find(|one| one.id == *payment).and_then(|one| one.voucher.clone()).unwrap();
                        prop_assert_eq!((paid.voucher, &paid.parts), (purse.voucher.id, parts));
                    }
                }
            }
            prop_assert_eq!(bookings, 1, "issued once");
            prop_assert_eq!(has, Worth::of(&purse.voucher.parts));
            let usable = purse.voucher.usable(scene.at).unwrap().minor();
            prop_assert!(has.money <= usable && usable <= has.money + has.bonus);
        }
    }
}
