//! Which messages follow from what a command did. Pure: events in, kinds out. What a message says is read later, from the events up to that
//! command, so that it explains what held then.
//!
//! Source: requirements C12, D5, F5

use leeway_core::balance::totals;
use leeway_core::event::{Made, Rebooked};
use leeway_core::rebook::Message;
use leeway_core::refund::RefundState;
use leeway_core::sort::distinct;
use leeway_core::{Booking, Event, Terms};

use super::kind::Kind;

/// The messages that follow from a command's events, `after` being the booking right after them. Each kind at most once.
pub fn follow(events: &[Event], after: &Booking) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = distinct(events.iter().filter_map(|event| of(event, after)).collect());
    // A voucher that a cancellation or a move brings at once is in its message.
    if kinds.iter().any(|kind| matches!(kind, Kind::Canceled | Kind::Change | Kind::PaymentRequired)) {
        kinds.retain(|kind| *kind != Kind::RefundSent);
    }
    kinds
}

fn of(event: &Event, after: &Booking) -> Option<Kind> {
    match event {
        Event::BookingMade(made) => Some(confirmed(made, after)),
        Event::Rebooked(rebooked) => Some(moved(rebooked, after)),
        Event::PaymentRecorded(_) => Some(Kind::PaymentReceived),
        Event::Canceled(_) => Some(Kind::Canceled),
        Event::CancellationUndone(_) => Some(Kind::Change),
        // Told once all of it is back; cash at the base was handed over in person.
        Event::RefundSettled(settled) => {
            let refund = after.refund(settled.refund)?;
            (refund.state == RefundState::Settled && refund.is_in_ledger()).then_some(Kind::RefundSent)
        }
        Event::VoucherIssued(issued) => {
            (after.refund(issued.refund)?.state == RefundState::Settled).then_some(Kind::RefundSent)
        }
        Event::RefundFailed(_) => Some(Kind::RefundFailed),
        // What these change is in the message of the event that they come with, or is the operator's own business.
        Event::PlanAdjusted(_)
        | Event::GatewayFeeNoted(_)
        | Event::RefundEntered(_)
        | Event::RefundApproved(_)
        | Event::RefundDeclined(_)
        | Event::RefundVoided(_)
        | Event::RefundRouted(_)
        | Event::RefundSubmitted(_)
        | Event::CreditNoteMade(_)
        | Event::CreditNoteApproved(_)
        | Event::TaskOpened(_)
        | Event::ParticipantRenamed(_)
        | Event::LinksRevoked(_) => None,
    }
}

/// A new booking that has to be paid beforehand and is not asks for money; any other is confirmed.
fn confirmed(made: &Made, after: &Booking) -> Kind {
    match asks(made.items.iter().map(|item| &item.terms), after) {
        Message::PaymentRequired => Kind::PaymentRequired,
        Message::BookingChange => Kind::Confirmation,
    }
}

fn moved(rebooked: &Rebooked, after: &Booking) -> Kind {
    match asks(rebooked.moves.iter().map(|moved| &moved.terms), after) {
        Message::PaymentRequired => Kind::PaymentRequired,
        Message::BookingChange => Kind::Change,
    }
}

/// Where sums leave the range nothing is asked for: such a booking cannot be made.
fn asks<'a>(terms: impl Iterator<Item = &'a Terms>, after: &Booking) -> Message {
    totals(after).map_or(Message::BookingChange, |totals| Message::of(terms, totals.paid))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use leeway_core::event::{EVENT_VERSION, Stored};
    use leeway_core::id::PaymentId;
    use leeway_core::refund::Share;
    use leeway_core::{Instant, evolve};

    use super::*;

    fn text(kind: &str) -> String {
        let path = format!("../tests/fixtures/events/today/{kind}.json");
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    }

    fn event(text: &str) -> Event {
        leeway_json::read_as(Stored { version: EVENT_VERSION }, text).unwrap()
    }

    /// The messages that follow from the last events of a story.
    fn story(before: &[Event], command: &[Event]) -> Vec<Kind> {
        let at = Instant::parse("2026-07-01T10:00:00Z").unwrap();
        let after = before.iter().chain(command).fold(None, |booking, event| evolve(booking, event, at));
        follow(command, &after.unwrap())
    }

    fn fixtures(kinds: &[&str]) -> Vec<Event> {
        kinds.iter().map(|kind| event(&text(kind))).collect()
    }

    /// The same event, of a service that has to be paid beforehand.
    fn prepaid(kind: &str) -> Event {
        let mut event = event(&text(kind));
        if let Event::BookingMade(made) = &mut event {
            made.items.iter_mut().for_each(|item| item.terms.prepayment = true);
        } else if let Event::Rebooked(rebooked) = &mut event {
            rebooked.moves.iter_mut().for_each(|moved| moved.terms.prepayment = true);
        } else {
            panic!("{event:?}");
        }
        event
    }

    #[test]
    fn what_follows_from_each_event() {
        let paid = ["booking_made", "payment_recorded"];
        let entered = [&paid[..], &["refund_entered"]].concat();
        for (before, command, expected) in [
            (&[][..], &["booking_made"][..], &[Kind::Confirmation][..]),
            (&paid[..1], &["payment_recorded"], &[Kind::PaymentReceived]),
            (&paid, &["rebooked"], &[Kind::Change]),
            (&paid, &["canceled"], &[Kind::Canceled]),
            (&paid, &["canceled", "refund_entered"], &[Kind::Canceled]),
            (&paid, &["canceled", "refund_entered", "refund_settled"], &[Kind::Canceled]),
            (&paid, &["refund_entered"], &[]),
            (&entered, &["refund_submitted"], &[]),
            (&entered, &["refund_settled"], &[Kind::RefundSent]),
            (&entered, &["refund_failed"], &[Kind::RefundFailed]),
            (&entered, &["refund_voided"], &[]),
            (&paid[..1], &["participant_renamed"], &[]),
            (&paid[..1], &["links_revoked"], &[]),
            (&paid[..1], &["plan_adjusted"], &[]),
            (&paid, &["task_opened"], &[]),
        ] {
            assert_eq!(story(&fixtures(before), &fixtures(command)), expected, "{before:?} {command:?}");
        }
    }

    #[test]
    fn a_refund_is_told_once_all_of_it_is_back() {
        let mut entered = event(&text("refund_entered"));
        let Event::RefundEntered(made) = &mut entered else { panic!("{entered:?}") };
        let split = &mut made.refund.split;
        let payment = PaymentId("0195f3a0-0000-7000-8000-000000000099".parse().unwrap());
        split.push(Share { payment, ..split[0].clone() });
        let before = [fixtures(&["booking_made", "payment_recorded"]), vec![entered]].concat();
        assert_eq!(story(&before, &fixtures(&["refund_settled"])), [], "one of two shares");
    }

    #[test]
    fn cash_at_the_base_was_handed_over() {
        let entered = text("refund_entered").replace("customer_cancellation", "compensation_at_base");
        let before = [fixtures(&["booking_made", "payment_recorded"]), vec![event(&entered)]].concat();
        assert_eq!(story(&before, &fixtures(&["refund_settled"])), []);
    }

    /// Requirement D5.
    #[test]
    fn what_has_to_be_paid_beforehand() {
        let made = prepaid("booking_made");
        assert_eq!(story(&[], std::slice::from_ref(&made)), [Kind::PaymentRequired]);
        assert_eq!(story(std::slice::from_ref(&made), &[prepaid("rebooked")]), [Kind::PaymentRequired]);
        let paid = [vec![made], fixtures(&["payment_recorded"])].concat();
        assert_eq!(story(&paid, &[prepaid("rebooked")]), [Kind::Change]);
        assert_eq!(story(&fixtures(&["booking_made"]), &fixtures(&["rebooked"])), [Kind::Change]);
    }
}
