//! The last instant of a limit as a customer meets it: in frozen terms, and in the quote for canceling. Not where the limit lies: the
//! table says that.

use leeway_core::booking::SlotTime;
use leeway_core::command::{Action, Actor, Command, Envelope};
use leeway_core::freeze::freeze;
use leeway_core::id::CommandId;
use leeway_core::quote::Quote;
use leeway_core::request::{BookingRequest, prepare};
use leeway_core::time::Zone;
use leeway_core::{Booking, Instant, Policy, Refusal, Selection, carry_out, quote};
use serde_json::json;
use uuid::Uuid;

use super::table::Table;
use super::{Case, HOUR_MS, cases, minutes, say};

/// Milliseconds after the limit, and whether it still holds then.
const AROUND_MS: [(i64, bool); 4] = [(-1_000, true), (0, true), (1, false), (1_000, false)];

/// Two policies that have the limit under test, and a booking to freeze them into.
struct Scene {
    /// Dearer after the limit.
    dearer: Policy,
    /// Closed after the limit.
    closed: Policy,
    booking: Booking,
}

impl Scene {
    fn new() -> Self {
        let dearer = json!({"name": "p", "shortfall": "bill", "windows": [
            {"code": "early", "until": "start", "percent": "10"}, {"code": "late", "until": "start", "percent": "50"}
        ]});
        let dearer: Policy = serde_json::from_value(dearer).unwrap();
        let closed = serde_json::from_value(json!({"name": "p"})).unwrap();
        let booking = booking(&dearer);
        Self { dearer, closed, booking }
    }

    /// Asks before, at and after the limit of a case.
    fn check(&mut self, zone: &Zone, case: &Case) {
        self.dearer.windows[0].until = case.limit;
        self.closed.cancel = Some(case.limit);
        let starts_at = Instant::from_ms(case.start_ms).unwrap();
        let slot = SlotTime { starts_at, ends_at: starts_at.shifted_ms(HOUR_MS), zone: zone.clone() };
        let limit = Instant::from_ms(case.expected_ms).unwrap();
        let what = format!("{} before {starts_at} in {}", json!(case.limit), zone.name());
        let item = &mut self.booking.items[0];
        item.slot.time = slot;

        item.terms = freeze(&self.dearer, &item.slot.time).unwrap();
        for (by_ms, inside) in AROUND_MS {
            let at = limit.shifted_ms(by_ms);
            let (code, fee) = if inside { ("early", 100) } else { ("late", 500) };
            assert_eq!(self.booking.items[0].terms.window_at(at).unwrap().code.as_str(), code, "{what}, at {at}");
            assert_eq!(self.fee_minor(at), Ok(fee), "{what}, at {at}");
        }
        let item = &mut self.booking.items[0];
        item.terms = freeze(&self.closed, &item.slot.time).unwrap();
        assert_eq!(item.terms.cancel, Some(limit), "{what}");
        for (by_ms, inside) in AROUND_MS {
            let at = limit.shifted_ms(by_ms);
            assert_eq!(self.booking.items[0].terms.window_at(at).is_some(), inside, "{what}, at {at}");
            match self.fee_minor(at) {
                Ok(fee) => assert!(inside && fee == 0, "{what}, at {at}"),
                Err(Refusal::PastLimit { limit: told, .. }) => assert!(!inside && told == limit, "{what}, at {at}"),
                Err(other) => panic!("{what}, at {at}: {other}"),
            }
        }
    }

    /// What canceling all of it costs the customer at an instant.
    fn fee_minor(&self, at: Instant) -> Result<i64, Refusal> {
        let action = Action::cancel(Selection::All);
        match quote(&self.booking, &action, &[], Actor::Customer, at)? {
            Quote::Cancel(quote) => Ok(quote.fee.minor()),
            Quote::Rebook(_) | Quote::Rename(_) => panic!("canceling was asked for"),
        }
    }
}

/// One guest, 10.00 EUR.
fn booking(policy: &Policy) -> Booking {
    let request = json!({
        "policy": "p", "currency": "EUR", "customer": {"name": "Ana", "email": "ana@example.com"},
        "items": [{
            "service": "Tour",
            "slot": {"starts_at": "2000-08-14T08:00:00Z", "ends_at": "2000-08-14T10:00:00Z", "zone": "Europe/Zagreb"},
            "participants": [{"name": "Ana", "price": {"amount": "10.00", "currency": "EUR"}}]
        }]
    });
    let request: BookingRequest = serde_json::from_value(request).unwrap();
    let mut ids = 0;
    let fresh = || {
        ids += 1;
        Uuid::from_u128(ids)
    };
    let at = Instant::parse("1999-01-01T00:00:00Z").unwrap();
    let (new, _) = prepare(&request, policy, &"LW-1".to_owned().try_into().unwrap(), at, fresh).unwrap();
    let made = Envelope {
        id: CommandId(Uuid::from_u128(1 << 64)),
        at,
        actor: Actor::Operator,
        command: Command::Make(Box::new(new)),
    };
    carry_out(None, &made, &[], &leeway_core::Map::new()).unwrap().booking
}

/// Source: requirements B2, B8
#[test]
fn the_limit_itself_is_inside_and_the_next_millisecond_is_not() {
    let (mut scene, mut checked) = (Scene::new(), 0);
    for (index, (zone, change)) in Table::get().changes().enumerate() {
        // One after another: on the lower clock, in the middle of the gap or the fold, on the upper clock; each in every form.
        let mut cases = cases(change, [2, 5, 8][index % 3]);
        let calendar = cases.swap_remove(index / 3 % cases.len());
        let before_ms = 24 * HOUR_MS;
        let elapsed =
            Case { start_ms: change.at.ms() + before_ms, limit: minutes(24 * 60), expected_ms: change.at.ms() };
        for case in [calendar, elapsed] {
            scene.check(zone, &case);
            checked += 1;
        }
    }
    say(&format!("{checked} limits to the millisecond, in terms and in quotes"));
}
