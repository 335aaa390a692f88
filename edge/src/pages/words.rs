//! Every sentence of the pages, in one table: a code and the English for it, with `{…}` where something is put in.
//!
//! Pages name a [`Word`] and never write prose. The page's script gets the words that it needs from the same table, by code, so that there
//! is one copy of each. Another language is another column.

use std::fmt::Write as _;

/// The language of the table, for `<html lang>` and for dates and amounts.
pub const LANGUAGE: &str = "en";

macro_rules! words {
    ($($word:ident $code:literal $english:literal;)*) => {
        /// A sentence, or a piece of one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word { $($word),* }

        impl Word {
            /// All of them, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$word),*];

            /// The stable code; for words about the rules it ends in the rules' own code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$word => $code),* }
            }

            /// The English.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$word => $english),* }
            }
        }
    };
}

words! {
    // Whole pages.
    BookingTitle "page.booking" "Booking {reference}";
    ReviewTitle "page.review" "Review your cancellation";
    ReviewLead "page.review_lead" "Nothing is canceled yet. Please check every line before you confirm.";
    RescheduleTitle "page.reschedule" "Reschedule";
    MoveReviewTitle "page.move_review" "Review the new date";
    MoveReviewLead "page.move_review_lead" "Nothing is changed yet. Please check every line before you confirm.";
    Footer "page.footer" "Changes and refunds follow the terms that you and {operator} agreed when you booked.";
    SkipToContent "page.skip" "Skip to the content";
    Back "page.back" "Back to the booking";

    // What a booking is.
    Booked "status.booked" "Booked";
    PartlyCanceled "status.partly_canceled" "Partly canceled";
    Canceled "status.canceled" "Canceled";
    Unpaid "payment.unpaid" "Unpaid";
    PartlyPaid "payment.partly_paid" "Partly paid";
    Paid "payment.paid" "Paid";
    Overpaid "payment.overpaid" "We owe you {amount}";
    SumOwed "sum.owed" "Price now";
    SumOwedCanceled "sum.owed_canceled" "Charged for canceling";
    SumPaid "sum.paid" "Paid";
    SumDue "sum.due" "You still owe";
    SumWeOwe "sum.we_owe" "We owe you";
    SumSettled "sum.settled" "Still to pay";
    Promised "sum.promised" "{amount} of it is requested as a refund.";
    CityTime "zone.city" "{city} time";
    InZone "zone.in" "{time} ({zone})";
    // A limit that is the last instant before a whole minute is told by that minute.
    JustBefore "zone.just_before" "just before {time}";
    After "zone.after" "After {time}";
    From "zone.from" "From {time}";

    // What changes next.
    LeadFree "lead.free" "Free of charge until {until}.";
    Canceling "lead.canceling" "Canceling";
    CancelingAll "lead.canceling_all" "Canceling everything";
    LeadFee "lead.fee" "{canceling} now costs {fee} and pays back {refund}, until {until}.";
    LeadFeeOnly "lead.fee_only" "{canceling} now costs {fee} and pays nothing back, until {until}.";
    LeadByHand "lead.by_hand" "You can cancel free of charge until {until}. {operator} then settles the refund with you directly.";
    ThenFee "then.fee" "After that, canceling costs {fee} and pays back {refund}.";
    ThenFeeOnly "then.fee_only" "After that, canceling costs {fee} and pays nothing back.";
    ThenFree "then.free" "After that, canceling costs nothing, but the refund is handled differently.";
    ThenClosed "then.closed" "After that, it can no longer be canceled.";
    AllCanceled "lead.canceled" "This booking is canceled. There is nothing left to do here.";

    // The policy drawn as a timeline.
    PolicyHeading "policy.heading" "Until when, and what it costs";
    PolicyAll "policy.all" "These amounts are for canceling everything; below you see them for what you choose.";
    PolicyZone "policy.zone" "All times are {zone}.";
    Now "policy.now" "Now";
    Past "policy.past" "Past";
    UntilTime "policy.until" "Until {until}";
    BeforeTime "policy.before" "Before {until}";
    Free "policy.free" "Free of charge";
    FreeShort "policy.free_short" "Free";
    CostsFee "policy.costs" "Costs {fee}";
    PaysBack "policy.back" "{refund} back";
    PaysBackApproved "policy.back_approval" "{refund} back, once approved";
    PaysByHand "policy.back_by_hand" "refund by hand";
    PaysNothing "policy.back_nothing" "nothing back";
    Without "policy.without" "without {service}";
    NotPossible "policy.closed" "No longer possible";

    // Items and who attends.
    ItemsHeading "items.heading" "What you booked";
    ChooseHint "items.hint" "Tick what you want to cancel.";
    ChooseEverything "items.everything" "Everything that can still be canceled";
    ChooseItem "items.whole" "All of it, with everyone and everything in it";
    ChooseOnlyItem "items.only" "Cancel this";
    ForEverybody "items.shared" "For everyone";
    Ticket "items.ticket" "Ticket";
    Included "items.included" "included";
    CancelUntil "items.cancel_until" "Can be canceled until {until}.";
    MoveUntil "items.move_until" "Can be moved to another date until {until}.";
    MoveButton "items.move" "Reschedule";
    MoveButtonOf "items.move_of" "Reschedule {service}";
    RenameHeading "rename.heading" "Change a name";
    RenameUntil "rename.until" "Free of charge until {until}.";
    RenameLabel "rename.label" "New name instead of {name}";
    RenameButton "rename.button" "Save";

    // The panel that cancels.
    SummaryHeading "panel.summary" "Your booking";
    CancelHeading "panel.heading" "Cancel";
    PanelEverything "panel.everything" "Canceling everything now";
    LivePrompt "live.prompt" "Choose what to cancel, and see here at once what it costs and pays back.";
    LiveSelection "live.selection" "If you cancel this now";
    LiveFee "live.fee" "You are charged";
    LiveRefund "live.refund" "You get back";
    LiveDue "live.due" "You still owe then";
    LiveByHand "live.by_hand" "Settled by hand";
    ReviewButton "live.review" "Review the cancellation";
    ReviewRefund "live.review_refund" "Review: refund {refund}";
    ReviewNothing "live.review_nothing" "Review: no refund";
    ReviewByHand "live.review_by_hand" "Review: refund by hand";
    ReviewNote "panel.note" "Nothing is canceled yet. The next page shows every amount and asks you to confirm.";

    // Choosing another date.
    MoveLead "move.lead" "{service} is booked for {when}. Choose a new date; you see what it costs before anything changes.";
    WhoHeading "move.who" "Who moves";
    WhoEverybody "move.everybody" "Everyone: {names}";
    WhoSome "move.some" "{names}. The others stay.";
    WhoChange "move.who_change" "Move only some of them";
    WhoButton "move.who_button" "Show dates for them";
    MonthHeading "move.month" "Dates in {month}";
    MonthNone "move.month_none" "No date is free in {month}.";
    MonthBefore "move.before" "Earlier";
    MonthNext "move.next" "Later";
    MonthBeforeTo "move.before_to" "Earlier: {month}";
    MonthNextTo "move.next_to" "Later: {month}";
    NextFree "move.next_free" "The next date is in {month}";
    NothingFree "move.nothing_free" "No later date is open either. {operator} can tell you when there is one.";
    DayOne "move.day_one" "{day}, 1 time";
    DayMany "move.day_many" "{day}, {count} times";
    DayHeading "move.day" "Times on {day}";
    DayNone "move.day_none" "No time is free on that day any more.";
    TimesZone "move.zone" "All times are {zone}.";
    ChoiceSame "move.same" "no extra cost";
    ChoiceMore "move.more" "costs {amount} more";
    ChoiceLess "move.less" "costs {amount} less";
    PlaceLeft "move.place" "1 place left";
    PlacesLeft "move.places" "{count} places left";
    MoveReview "move.review" "Review the move";

    // Moving, line by line.
    MoveWhat "moved.what" "What moves";
    MoveFrom "moved.from" "From";
    MoveTo "moved.to" "To";
    MoveCosts "moved.costs" "What it costs";
    OldPrice "moved.old" "Price on the old date";
    NewPrice "moved.new" "Price on the new date";
    SamePrice "moved.same" "The price stays {price}.";
    PriceDifference "moved.difference" "Price difference";
    DifferenceKept "moved.kept" "Kept of the lower price, as canceling that much now would cost";
    DifferenceKeptLate "moved.kept_late" "Kept of the lower price, since the last window to cancel is past";
    MoveFee "moved.fee" "Fee for moving";
    MoveSum "moved.sum" "It costs you";
    MoveSumLess "moved.sum_less" "Your booking costs less by";
    MoveFree "moved.free" "Moving is free of charge.";
    MoveThen "moved.then" "What is due or goes back";
    DueThen "moved.due" "{amount} is due after this.";
    LimitsOriginal "moved.limits_original" "The limits of your first date stay: {service} can be canceled until {until}.";
    LimitsOriginalOff "moved.limits_original_off" "The rules of your first date stay: {service} cannot be canceled here.";
    LimitsNew "moved.limits_new" "The limits of the new date hold: {service} can be canceled until {until}.";
    LimitsNewOff "moved.limits_new_off" "The rules of the new date hold: {service} cannot be canceled here.";
    LimitsHeading "moved.limits" "Canceling after the move";
    PaymentFirst "moved.payment_first" "This service needs to be paid beforehand, and nothing has been paid yet.";
    NoPlaceHeld "moved.no_place" "The place is yours once you confirm; until then somebody else may take it.";
    ConfirmMove "moved.confirm" "Move to {when}";
    KeepDate "moved.keep" "Keep the old date";
    VoucherWorth "moved.voucher" "{amount} as a voucher";
    DoneMoved "moved.done" "Moved";
    DoneMovedTo "moved.done_to" "{what} to {when}";
    DoneMoveFree "moved.done_free" "The price stays the same.";
    DoneDearer "moved.done_dearer" "Costs more";
    DoneCheaper "moved.done_cheaper" "Costs less";
    MoveChangedText "moved.changed" "So nothing was moved. Below is what it costs as it is now. Please check it again.";

    // Reasons that an amount comes out as it does.
    ReasonNoFee "why.no_fee" "No fee: {operator} asked for this.";
    ReasonOverridden "why.overridden" "{operator} decided: {why}";
    ReasonGroup "why.group_price_lost" "Group price lost: fewer than {at_least} stay, so {tickets} × {otherwise}";
    ReasonGroupBack "why.group_price_back" "Fewer tickets pay the price without a group";
    ReasonBilled "why.shortfall_billed" "{amount} of the fee has not been paid yet and stays due.";
    ReasonBonus "why.voucher_bonus" "Bonus of {percent}% on the voucher: {bonus}";

    // How the price came about.
    PriceHeading "price.heading" "How the price came about";
    PriceBooked "price.booked" "Price as booked";
    PriceCanceled "price.canceled_lines" "Canceled";
    PriceGroup "price.group_price_lost" "Group price lost";
    PriceDifferent "price.difference" "Another price on the new date";
    PriceFee "price.cancellation_fee" "Fee for canceling";
    PriceMoveFee "price.move_fee" "Fee for moving";
    PriceKept "price.difference_kept" "Kept of a lower price";
    PriceWaived "price.shortfall_waived" "Waived, since less had been paid";
    PriceGateway "price.gateway_fee" "The payment provider’s fee, not refunded";
    PriceDeclined "price.refund_declined" "Refund declined by {operator}";
    PriceRefund "price.refund" "Taken off for a refund";

    // The plan.
    DuePaid "due.paid" "paid";
    DueOverdue "due.overdue" "overdue since {due}";
    DueNext "due.next" "next, until {due}";
    DueLater "due.later" "until {due}";
    DuePartly "due.partly" "{paid} of it is paid";

    // Payments and refunds so far.
    MoneyHeading "money.heading" "Payments and refunds";
    PlanHeading "money.plan" "What is due when";
    Received "money.received" "Paid {method}";
    PaidBack "money.paid_back" "Paid back to you";
    CameBack "money.came_back" "A refund that came back";
    NothingYet "money.none" "No payments yet.";
    RefundAwaiting "refund.awaiting_approval" "Refund, waiting for approval by {operator}";
    RefundRequested "refund.requested" "Refund requested";
    RefundSubmitted "refund.submitted" "Refund on its way";
    RefundFailed "refund.failed" "Refund failed; {operator} sees to it";
    RefundVoided "refund.voided" "Refund withdrawn";
    RefundSettled "refund.settled" "Refund paid back";
    TaskByHand "task.refund_by_hand" "{operator} settles this refund with you directly";
    ByCard "by.card" "by card";
    ByCash "by.cash" "in cash";
    ByBank "by.bank_transfer" "by bank transfer";
    ByVoucher "by.voucher" "with a voucher";
    ToCard "to.card" "to your card";
    ToCash "to.cash" "in cash";
    ToBank "to.bank_transfer" "to your bank account";
    ToVoucher "to.voucher" "as a voucher";

    // Canceling, line by line.
    WhatHeading "quote.what" "What is canceled";
    PriceSum "quote.price" "Price of what is canceled";
    ItemStays "quote.stays" "{service} stays booked: it could be canceled until {until}.";
    ItemStaysOff "quote.stays_off" "{service} stays booked: it cannot be canceled here.";
    FeeHeading "quote.fee" "What it costs";
    FeeSum "quote.fee_sum" "You are charged";
    FeeNone "quote.fee_none" "No fee: at this time canceling is free of charge.";
    StepKept "fee.kept_lines" "Lines that are never refunded";
    StepPercent "fee.percent" "{percent}% of {of}";
    StepFixed "fee.fixed" "Fixed fee";
    StepPerParticipant "fee.per_participant" "{participants} × {each}, for each participant";
    StepMinimum "fee.minimum" "Raised to the minimum of {min}";
    StepMaximum "fee.maximum" "Lowered to the maximum of {max}";
    StepCap "fee.price_cap" "Never more than the price of {price}";
    StepCharged "fee.already_charged" "Already charged for an earlier cancellation";
    StepNotBelow "fee.not_below_zero" "Earlier charges are not paid back";
    Waived "reason.shortfall_waived" "Waived, since less has been paid";
    GatewayKept "reason.gateway_fee_kept" "The payment provider’s fee, not refunded";
    BackHeading "quote.back" "What you get back";
    BackSum "quote.refund" "Refund";
    ShareTo "quote.share" "{amount} {to}, from the payment of {date}";
    ModeAutomatic "mode.automatic" "It is requested at once; nobody has to approve it.";
    ModeApproval "mode.approval" "{operator} approves the refund first; then it is paid back.";
    ModeByHand "mode.by_hand" "Nothing goes back automatically. {operator} settles {amount} with you directly.";
    BackNothing "quote.back_nothing" "Nothing is paid back.";
    StaysDue "quote.stays_due" "{amount} stays due after this.";
    StaysNothing "quote.stays_nothing" "Nothing is left to pay after this.";
    HoldsUntil "quote.holds" "These amounts hold until {until}.";
    NextPrice "next.price" "{after}, the same costs {fee} and pays back {refund}.";
    NextPriceOnly "next.price_only" "{after}, the same costs {fee} and pays nothing back.";
    NextClosed "next.closed" "{after}, {service} can no longer be canceled.";
    ConfirmRefund "confirm.refund" "Cancel and refund {refund}";
    ConfirmApproval "confirm.approval" "Cancel and ask for {refund} back";
    ConfirmByHand "confirm.by_hand" "Cancel, refund by hand";
    ConfirmDue "confirm.due" "Cancel, {amount} stays due";
    ConfirmNothing "confirm.nothing" "Cancel without a refund";
    ConfirmFree "confirm.free" "Cancel free of charge";
    Keep "confirm.keep" "Keep my booking";

    // Notices at the top.
    DoneHeading "done.heading" "Canceled";
    DoneCharged "done.charged" "Charged";
    DoneRefund "done.refund" "Refund";
    DoneNoRefund "done.no_refund" "Nothing is paid back.";
    DoneRenamed "done.renamed" "The name is changed.";
    ChangedHeading "changed.heading" "Something changed since you looked";
    ChangedText "changed.text" "So nothing was canceled. Below are the amounts as they are now: {fee} is charged, {refund} goes back. Please check them again.";
    ChooseHeading "choose.heading" "Nothing chosen yet";
    ChooseText "choose.text" "Tick at least one box below, then review the cancellation.";
    RefusedHeading "refused.heading" "This is not possible";

    // The rules' no.
    SwitchedOff "refusal.switched_off" "This cannot be changed here. {operator} can help you with it.";
    PastLimitCancel "refusal.past_limit.cancel" "This could be canceled until {limit}.";
    PastLimitRebook "refusal.past_limit.rebook" "This could be moved until {limit}.";
    PastLimitRename "refusal.past_limit.rename" "Names could be changed until {limit}.";
    ItemCanceled "refusal.item_canceled" "This is canceled already.";
    ParticipantCanceled "refusal.participant_canceled" "This person is canceled already.";
    NothingSelected "refusal.nothing_selected" "Nothing is chosen.";
    NothingToCancel "refusal.nothing_to_cancel" "Nothing is left to cancel.";
    TextNotValid "refusal.text_not_valid" "A name has 1 to {most} letters.";
    RefusalSlotFull "refusal.slot_full" "Too few places are left on that date. Somebody was faster; please choose another one.";
    RefusalSlotClosed "refusal.slot_closed" "That date is no longer open. Please choose another one.";
    RefusalSlotStarted "refusal.slot_started" "That date has begun already. Please choose another one.";
    RefusalSlotUnknown "refusal.unknown_slot" "That date is no longer offered. Please choose another one.";
    RefusalSameSlot "refusal.same_slot" "That is the date it is booked for.";
    RefusalTooFar "refusal.too_far" "That date is too far from the first one.";
    RefusalMoves "refusal.too_many_moves" "This cannot be moved again: it was moved {most} times.";
    RefusalMovesOne "refusal.too_many_moves_one" "This cannot be moved again: it was moved once.";
    RefusalCanceled "refusal.booking_canceled" "This booking is canceled.";
    NotInBooking "refusal.unknown" "That is not part of this booking.";
    NotAllowed "refusal.other" "The rules of this booking do not allow it.";

    // Problems.
    LinkUnknown "problem.link_unknown" "This link does not lead to a booking";
    LinkUnknownNext "problem.link_unknown.next" "Perhaps a part of it got lost. Please open the whole link from your booking email, or copy it once more.";
    LinkExpired "problem.link_expired" "This link has expired";
    LinkExpiredNext "problem.link_expired.next" "Links work for some time after the last date of a booking. If you still need something, please answer your booking email.";
    LinkRevoked "problem.link_revoked" "This link has been replaced";
    LinkRevokedNext "problem.link_revoked.next" "Please use the link in the newest email about your booking.";
    OutOfScope "problem.out_of_scope" "This link only shows the booking";
    OutOfScopeNext "problem.out_of_scope.next" "Please use the link from your booking email to change something.";
    TooMany "problem.too_many_requests" "That was a little fast";
    TooManyNext "problem.too_many_requests.next" "Please wait a moment and load the page again. Nothing was changed.";
    BadForm "problem.malformed" "The form did not arrive as we know it";
    BadFormNext "problem.malformed.next" "Nothing was changed. Please go back, load the page again and try once more.";
    Missing "problem.not_found" "There is nothing here";
    MissingNext "problem.not_found.next" "Please open the link from your booking email.";
    Broken "problem.internal" "Something went wrong on our side";
    BrokenNext "problem.internal.next" "Please try again in a minute. If you had just confirmed something, open your booking first: it shows what has happened.";
    RuleNo "problem.refused" "This is not possible";
    RuleNoNext "problem.refused.next" "Nothing was changed. Please go back to your booking: it shows what you can do.";
    ProblemCode "problem.code" "Code: {code}";
}

impl Word {
    /// Does the page's script need it?
    pub fn is_live(self) -> bool {
        ["live.", "fee.", "reason.", "next.", "refusal.", "zone."].iter().any(|start| self.code().starts_with(start))
    }
}

/// A word that needs nothing put in.
pub fn word(word: Word) -> &'static str {
    word.english()
}

/// A word with what is put in.
pub fn say(word: Word, with: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(96);
    let mut rest = word.english();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else { break };
        match with.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            // INVARIANT: every caller names what its word takes.
            None => drop(write!(out, "{{{name}}}")),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in() {
        assert_eq!(say(Word::ToCard, &[]), "to your card");
        assert_eq!(say(Word::StepPercent, &[("of", "€76.65"), ("percent", "50")]), "50% of €76.65");
        assert_eq!(say(Word::StepFixed, &[("of", "{fee}")]), "Fixed fee");
        assert_eq!(say(Word::CostsFee, &[("fee", "{fee}")]), "Costs {fee}");
    }

    #[test]
    fn codes_are_unique_and_braces_match() {
        for (index, one) in Word::ALL.iter().enumerate() {
            assert!(Word::ALL.iter().skip(index + 1).all(|other| other.code() != one.code()), "{}", one.code());
            assert_eq!(one.english().matches('{').count(), one.english().matches('}').count(), "{}", one.code());
        }
    }

    #[test]
    fn the_rules_steps_have_words() {
        for code in [
            "kept_lines",
            "percent",
            "fixed",
            "per_participant",
            "minimum",
            "maximum",
            "price_cap",
            "already_charged",
            "not_below_zero",
        ] {
            let code = format!("fee.{code}");
            assert!(Word::ALL.iter().any(|one| one.code() == code && one.is_live()), "{code}");
        }
    }
}
