//! Balance, places and vouchers are what their events say: added up again from the events as they are written, without the core's own sums.

use std::collections::{BTreeMap, BTreeSet};

use leeway_core::balance::totals;
use leeway_core::event::{EVENT_VERSION, Event, Stored};
use leeway_core::plan::{DueState, schedule};
use leeway_core::slot::{self, Roster, SlotEvent};
use leeway_core::voucher::{self, Voucher, VoucherEvent};
use leeway_core::{Booking, evolve};
use proptest::prelude::*;
use serde::de::DeserializeSeed as _;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::config;
use super::generate::scene;
use super::history::Track;

/// The minor units of an amount in JSON, read without the core; nothing where there is none.
fn minor_in(value: &Value) -> i128 {
    value["amount"].as_str().map_or(0, |amount| amount.replace('.', "").parse().unwrap())
}

/// The sums of a booking, from its events.
#[derive(Default)]
struct Book {
    plan: i128,
    fees: i128,
    paid: i128,
    booked: BTreeSet<String>,
    /// What is to go back of each entry, by payment.
    open: BTreeMap<String, BTreeMap<String, i128>>,
    settled: BTreeMap<(String, String), i128>,
}

impl Book {
    /// Adds to the plan; `stays` counts after a cancellation too.
    fn charge(&mut self, body: &Value, adds: &[&str], stays: &[&str]) {
        let sum = |names: &[&str]| names.iter().map(|name| minor_in(&body[*name])).sum::<i128>();
        self.plan += sum(adds) + sum(stays);
        self.fees += sum(stays);
    }

    fn pay_back(&mut self, refund: &str, payments: &Value) {
        let open = self.open.get_mut(refund).unwrap();
        for payment in payments.as_array().unwrap() {
            let payment = payment.as_str().unwrap();
            let amount = open.remove(payment).unwrap();
            self.paid -= amount;
            self.settled.insert((refund.to_owned(), payment.to_owned()), amount);
        }
    }

    fn read(&mut self, event: &Value) {
        let body = &event["body"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        match event["kind"].as_str().unwrap() {
            "booking_made" => {
                self.plan += list(&body["plan"]).iter().map(|part| minor_in(&part["amount"])).sum::<i128>();
                self.booked.extend(list(&body["items"]).iter().map(|item| text(&item["id"])));
            }
            "payment_recorded" => self.paid += minor_in(&body["amount"]),
            "plan_adjusted" => self.charge(body, &["amount"], &[]),
            "canceled" => {
                self.charge(body, &["group_price_lost"], &["fee", "gateway_fee"]);
                self.plan -= minor_in(&body["price"]) + minor_in(&body["waived"]);
                self.fees -= minor_in(&body["waived"]);
                for item in list(&body["items"]).iter().filter(|item| item["extent"] == "whole") {
                    assert!(self.booked.remove(item["item"].as_str().unwrap()), "canceled twice");
                }
            }
            "cancellation_undone" => {
                for charge in list(&body["charges"]) {
                    let fees = ["cancellation_fee", "shortfall_waived", "gateway_fee"];
                    let stays = fees.contains(&charge["kind"].as_str().unwrap());
                    self.charge(&charge, if stays { &[] } else { &["amount"] }, if stays { &["amount"] } else { &[] });
                }
                let ended = list(&body["items"]).into_iter().filter(|item| item["extent"] == "whole");
                self.booked.extend(ended.map(|item| text(&item["item"])));
                if let Some(refund) = body["refund"].as_str() {
                    self.open.remove(refund);
                }
            }
            "rebooked" => {
                self.charge(body, &["difference", "group_price_lost"], &["kept", "fee", "gateway_fee"]);
                self.booked.extend(list(&body["moves"]).iter().map(|one| text(&one["into"])));
            }
            "refund_entered" => {
                self.charge(body, &["virtual_charge"], &[]);
                let refund = &body["refund"];
                let shares = list(&refund["split"]);
                let shares = shares.iter().map(|share| (text(&share["payment"]), minor_in(&share["amount"])));
                self.open.insert(text(&refund["id"]), shares.collect());
            }
            "refund_declined" => {
                self.charge(body, &[], &["kept"]);
                self.open.remove(body["refund"].as_str().unwrap());
            }
            "refund_voided" => {
                self.charge(body, &["restored"], &[]);
                self.open.remove(body["refund"].as_str().unwrap());
            }
            "refund_settled" | "voucher_issued" => self.pay_back(&text(&body["refund"]), &body["payments"]),
            "refund_failed" => {
                let key = (text(&body["refund"]), text(&body["payment"]));
                if let Some(amount) = self.settled.remove(&key) {
                    assert_eq!(minor_in(&body["reversed"]), amount, "what was paid back comes back");
                    self.paid += amount;
                    self.open.get_mut(&key.0).unwrap().insert(key.1, amount);
                } else {
                    assert!(body.get("reversed").is_none());
                }
            }
            "gateway_fee_noted"
            | "refund_approved"
            | "refund_routed"
            | "refund_submitted"
            | "credit_note_made"
            | "credit_note_approved"
            | "task_opened"
            | "participant_renamed"
            | "links_revoked" => {}
            other => unreachable!("`{other}` is not in this book"),
        }
    }

    fn of(track: &Track) -> Self {
        let mut book = Self::default();
        track.events.iter().for_each(|(event, _)| book.read(&serde_json::to_value(event).unwrap()));
        book
    }
}

fn again<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(one: &T) -> Result<T, TestCaseError> {
    let text = serde_json::to_string(one).unwrap();
    let read: T = serde_json::from_str(&text).unwrap();
    prop_assert_eq!(&read, one);
    prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
    Ok(read)
}

proptest! {
    #![proptest_config(config())]

    /// Source: requirement C1
    #[test]
    fn the_balance_is_the_sum_of_the_events(scene in scene()) {
        for track in &scene.history.tracks {
            let book = Book::of(track);
            let totals = totals(&track.booking).unwrap();
            let owed = if book.booked.is_empty() { book.fees } else { book.plan };
            let promised: i128 = book.open.values().flat_map(|shares| shares.values()).sum();
            prop_assert_eq!(i128::from(totals.owed.minor()), owed);
            prop_assert_eq!(i128::from(totals.paid.minor()), book.paid);
            prop_assert_eq!(i128::from(totals.promised.minor()), promised);
            prop_assert_eq!(i128::from(totals.balance.minor()), owed - book.paid);
        }
    }

    /// Source: requirement A3
    #[test]
    fn the_schedule_comes_to_the_balance(scene in scene()) {
        for track in &scene.history.tracks {
            let schedule = schedule(&track.booking, scene.at).unwrap();
            let dues = schedule.dues.iter().map(|due| due.amount.minor() - due.paid.minor()).sum::<i64>();
            let balance = totals(&track.booking).unwrap().balance.minor();
            prop_assert_eq!(dues - schedule.overpaid.minor(), balance);
            prop_assert!(schedule.dues.is_sorted_by_key(|due| due.due), "the earliest first");
            prop_assert!(schedule.overpaid.minor() == 0 || dues == 0, "overpaid with something unpaid");
            let first_open = schedule.dues.iter().position(|due| due.paid.minor() < due.amount.minor());
            let (mut overdue, mut next) = (0, None);
            for (index, due) in schedule.dues.iter().enumerate() {
                let (amount, paid) = (due.amount.minor(), due.paid.minor());
                prop_assert!(0 <= paid && paid <= amount, "{due:?}");
                prop_assert!(paid == 0 || first_open.is_none_or(|first| index <= first), "paid before an older one");
                let state = match (paid < amount, scene.at > due.due, &next) {
                    (false, _, _) => DueState::Paid,
                    (true, true, _) => DueState::Overdue,
                    (true, false, None) => DueState::Next,
                    (true, false, Some(_)) => DueState::Later,
                };
                prop_assert_eq!(due.state, state);
                overdue += if state == DueState::Overdue { amount - paid } else { 0 };
                if state == DueState::Next {
                    next = Some((amount - paid, due.due));
                }
            }
            let (due_now, until) = match next {
                _ if overdue > 0 => (overdue, None),
                Some((rest, due)) => (rest, Some(due)),
                None => (0, None),
            };
            prop_assert_eq!((schedule.overdue.minor(), schedule.due_now.minor()), (overdue, due_now));
            prop_assert_eq!(schedule.due_until, until);
            prop_assert!(due_now <= balance.max(0));
        }
    }

    /// Source: requirement C1
    #[test]
    fn written_and_read_again_it_is_the_same(scene in scene()) {
        for track in &scene.history.tracks {
            let read: Booking = again(&track.booking)?;
            prop_assert_eq!(totals(&read).unwrap(), totals(&track.booking).unwrap());
        }
        scene.history.rosters.values().try_for_each(|roster| again::<Roster>(roster).map(drop))?;
        scene.history.purses.iter().try_for_each(|purse| again::<Voucher>(&purse.voucher).map(drop))?;
    }

    /// Source: requirement B7
    #[test]
    fn the_events_make_everything_again(scene in scene()) {
        for track in &scene.history.tracks {
            let mut booking = None;
            for (event, at) in &track.events {
                let text = serde_json::to_string(&again::<Event>(event)?).unwrap();
                let stored = Stored { version: EVENT_VERSION };
                let read = stored.deserialize(&mut serde_json::Deserializer::from_str(&text)).unwrap();
                booking = evolve(booking, &read, *at);
            }
            prop_assert_eq!(booking.as_ref(), Some(&track.booking));
            prop_assert_eq!(u64::try_from(track.events.len()).unwrap(), track.booking.version);
        }
        for purse in &scene.history.purses {
            let mut voucher = None;
            for (event, at) in &purse.events {
                voucher = voucher::evolve(voucher, &again::<VoucherEvent>(event)?, *at);
            }
            prop_assert_eq!(voucher.as_ref(), Some(&purse.voucher));
        }
        let mut rosters = leeway_core::Map::new();
        for (id, event) in &scene.history.slot_events {
            let roster = slot::evolve(rosters.remove(id), &again::<SlotEvent>(event)?).unwrap();
            rosters.insert(*id, roster);
        }
        prop_assert_eq!(&rosters, &scene.history.rosters);
    }

    /// Source: requirement D3
    #[test]
    fn no_slot_has_more_people_than_places(scene in scene()) {
        for roster in scene.history.rosters.values() {
            let mut sits = BTreeMap::new();
            let items = scene.history.tracks.iter().flat_map(|track| &track.booking.items);
            for item in items.filter(|item| item.is_booked() && item.slot.id == roster.slot) {
                let named = item.participants.iter().filter(|one| one.standing.is_booked()).count();
                sits.insert(item.id, u32::try_from(named.max(1)).unwrap());
            }
            prop_assert!(roster.held.iter().eq(&sits), "{:?} {sits:?}", roster.held);
            prop_assert!(sits.values().sum::<u32>() <= roster.capacity);
        }
    }
}
