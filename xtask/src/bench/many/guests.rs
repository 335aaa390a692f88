//! Who books what: everything follows from the guest's number, so that every run has the same words as often.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

/// What nearly nobody is called: two guests of a thousand.
pub(super) const RARE_NAME: &str = "Zvonimirović";
/// A name that every twentieth has.
pub(super) const USUAL_NAME: &str = "Marija";
/// A word that every address has, and its beginning.
pub(super) const COMMON_WORD: &str = "example";
pub(super) const COMMON_BEGINNING: &str = "exam";
/// One guest of five hundred books it, and cancels.
pub(super) const RARE_SERVICE: &str = "Night dive";
/// A word of the notes on what is paid back without a cancellation.
pub(super) const NOTED: &str = "paddle";

const FIRST_NAMES: [&str; 20] = [
    "Ana", "Ivo", USUAL_NAME, "Luka", "Željka", "Žarko", "Petra", "Jan", "Zofia", "Piotr", "Hans", "Greta", "Noah",
    "Olivia", "Emma", "Tomasz", "Łucja", "Björn", "Maja", "Filip",
];
const LAST_NAMES: [&str; 24] = [
    "Kovač",
    "Horvat",
    "Babić",
    "Novak",
    "Đurić",
    "Marić",
    "Jurić",
    "Knežević",
    "Vuković",
    "Perić",
    "Nowak",
    "Kowalski",
    "Wiśniewska",
    "Zieliński",
    "Müller",
    "Schmidt",
    "Fischer",
    "Weber",
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Marino",
    "Examer",
];
const DOMAINS: [&str; 4] = ["example.com", "mail.example.com", "example.org", "example.net"];
const SERVICES: [&str; 12] = [
    "Sunset kayak tour",
    "Harbor walk",
    "Tea ceremony",
    "Cave dive",
    "Old town by bike",
    "Island hopping",
    "Wine tasting",
    "Sailing school",
    "Rafting",
    "Fishing at dawn",
    "Cooking class",
    "Canyon hike",
];
/// So that the policy pays something back of every one that is canceled.
const FIRST_DAY: u32 = 10;
const DAYS: u32 = 365;
const FIRST_HOUR: u32 = 6;
const HOURS: u32 = 12;

/// One booking's guest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guest(u32);

impl Guest {
    /// The guest with this number.
    pub(super) fn of(number: u32) -> Self {
        Self(number)
    }

    /// One of them. `topic` is another for each thing that is chosen, so that no two go together.
    fn pick<T: Copy>(self, of: &[T], topic: u64) -> Option<T> {
        let mut mixed = (u64::from(self.0) * 8 + topic + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        of.get(usize::try_from(mixed >> 33).ok()? % of.len()).copied()
    }

    fn name(self) -> String {
        let last = match self.0 % 1_000 {
            5 | 6 => RARE_NAME,
            _ => self.pick(&LAST_NAMES, 1).unwrap_or_default(),
        };
        format!("{} {last}", self.pick(&FIRST_NAMES, 0).unwrap_or_default())
    }

    fn service(self) -> &'static str {
        if self.0 % 500 == 10 { RARE_SERVICE } else { self.pick(&SERVICES, 2).unwrap_or_default() }
    }

    /// As `POST /v1/bookings` takes it: two people on one date.
    pub(super) fn booking(self, now: DateTime<Utc>) -> Value {
        let day = FIRST_DAY + self.0.wrapping_mul(7_919) % DAYS;
        let hour = FIRST_HOUR + self.0 % HOURS;
        let starts_at = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
            + Duration::days(day.into())
            + Duration::hours(hour.into());
        let written = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        let slot = json!({
            "starts_at": written(starts_at), "ends_at": written(starts_at + Duration::hours(3)), "zone": "Europe/Zagreb",
        });
        let name = self.name();
        let email = format!("guest.{}@{}", self.0, self.pick(&DOMAINS, 3).unwrap_or_default());
        let person = |name: &str| json!({ "name": name, "price": euros("49.90") });
        json!({
            "policy": "standard",
            "currency": "EUR",
            "customer": { "name": name, "email": email, "phone": "+385 91 555 0100", "locale": "hr-HR" },
            "items": [{
                "service": self.service(),
                "slot": slot,
                "participants": [person(&name), person("Ivo Horvat")],
                "add_ons": [{ "kind": "booking_fee", "label": "Booking fee", "price": euros("4.50") }],
            }],
        })
    }

    /// All of it, where it is paid at all: one booking of five is not.
    pub(super) fn payment(self) -> Option<Value> {
        let method = match self.0 % 3 {
            0 => "card",
            1 => "cash",
            _ => "bank_transfer",
        };
        (self.0 % 5 != 1).then(|| json!({ "method": method, "amount": euros("104.30") }))
    }

    /// Canceled as a whole: one booking of five, with a refund.
    pub(super) fn cancellation(self) -> Option<Value> {
        let reason = if self.0.is_multiple_of(20) { "operator_cancellation" } else { "customer_cancellation" };
        self.0.is_multiple_of(5).then(|| json!({ "type": "cancel", "selection": { "all": true }, "reason": reason }))
    }

    /// A refund without a cancellation, with a note: one booking of a hundred.
    pub(super) fn compensation(self) -> Option<Value> {
        let note = format!("Broken {NOTED}, told on the pier");
        let refund = json!({ "reason": "compensation_on_return", "amount": euros("15.00"), "note": note });
        (self.0 % 100 == 52).then_some(refund)
    }
}

fn euros(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests() -> impl Iterator<Item = Guest> {
        (0..1_000).map(Guest::of)
    }

    #[test]
    fn a_fifth_cancels_and_has_paid() {
        let canceled: Vec<Guest> = guests().filter(|guest| guest.cancellation().is_some()).collect();
        assert_eq!(canceled.len(), 200);
        assert!(canceled.iter().all(|guest| guest.payment().is_some() && guest.compensation().is_none()));
        assert_eq!(guests().filter(|guest| guest.compensation().is_some() && guest.payment().is_some()).count(), 10);
    }

    #[test]
    fn words_are_rare_and_common() {
        let names: Vec<String> = guests().map(Guest::name).collect();
        assert_eq!(names.iter().filter(|name| name.ends_with(RARE_NAME)).count(), 2);
        let usual = names.iter().filter(|name| name.starts_with(USUAL_NAME)).count();
        assert!((20..200).contains(&usual), "{usual}");
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert!(different.len() > 300, "{}", different.len());
        assert_eq!(guests().filter(|guest| guest.service() == RARE_SERVICE).count(), 2);
        assert!(DOMAINS.iter().all(|domain| domain.contains(COMMON_WORD)));
        assert!(COMMON_WORD.starts_with(COMMON_BEGINNING));
    }

    #[test]
    fn a_search_for_what_is_rare_finds_a_refund_too() {
        let rare = guests().filter(|guest| guest.name().ends_with(RARE_NAME));
        assert_eq!(rare.filter(|guest| guest.cancellation().is_some()).count(), 1);
    }
}
