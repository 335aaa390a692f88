//! What the rules said, told: each code of the core, with its facts, as a sentence. Exhaustive, so that a new code needs its words.

use leeway_core::Money;
use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::booking::Method;
use leeway_core::explain::{FeeCode, NextChange};
use leeway_core::policy::RefundMode;
use leeway_core::refund::RefundState;
use leeway_core::refusal::{Refusal, Verb};
use leeway_core::timeline::Segment;

use super::Page;
use super::words::{Word, say, word};

impl Page<'_> {
    /// One step of a fee.
    pub fn step(&self, code: &FeeCode) -> String {
        match code {
            FeeCode::KeptLines {} => word(Word::StepKept).to_owned(),
            FeeCode::Percent { percent, of } => {
                say(Word::StepPercent, &[("percent", &percent.to_string()), ("of", &self.money(*of))])
            }
            FeeCode::Fixed {} => word(Word::StepFixed).to_owned(),
            FeeCode::PerParticipant { each, participants } => say(
                Word::StepPerParticipant,
                &[("each", &self.money(*each)), ("participants", &participants.to_string())],
            ),
            FeeCode::Minimum { min } => say(Word::StepMinimum, &[("min", &self.money(*min))]),
            FeeCode::Maximum { max } => say(Word::StepMaximum, &[("max", &self.money(*max))]),
            FeeCode::PriceCap { price } => say(Word::StepCap, &[("price", &self.money(*price))]),
            FeeCode::AlreadyCharged {} => word(Word::StepCharged).to_owned(),
            FeeCode::NotBelowZero {} => word(Word::StepNotBelow).to_owned(),
        }
    }

    /// Why the rules do not allow something.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::PastLimit { verb, limit, zone, .. } => {
                let about = match verb {
                    Verb::Cancel => Word::PastLimitCancel,
                    Verb::Rebook => Word::PastLimitRebook,
                    Verb::Rename => Word::PastLimitRename,
                };
                say(about, &[("limit", &self.format.limit(*limit, zone))])
            }
            Refusal::SwitchedOff { .. } => say(Word::SwitchedOff, &[("operator", self.operator())]),
            Refusal::ItemCanceled { .. } => word(Word::ItemCanceled).to_owned(),
            Refusal::ParticipantCanceled { .. } => word(Word::ParticipantCanceled).to_owned(),
            Refusal::NothingSelected {} => word(Word::NothingSelected).to_owned(),
            Refusal::NothingToCancel {} => word(Word::NothingToCancel).to_owned(),
            Refusal::TextNotValid { most } => say(Word::TextNotValid, &[("most", &most.to_string())]),
            Refusal::UnknownItem { .. } | Refusal::UnknownParticipant { .. } => word(Word::NotInBooking).to_owned(),
            Refusal::UnknownSlot { .. } => word(Word::RefusalSlotUnknown).to_owned(),
            Refusal::SameSlot { .. } => word(Word::RefusalSameSlot).to_owned(),
            Refusal::SlotStarted { .. } => word(Word::RefusalSlotStarted).to_owned(),
            Refusal::TooManyMoves { most: 1, .. } => word(Word::RefusalMovesOne).to_owned(),
            Refusal::TooManyMoves { most, .. } => say(Word::RefusalMoves, &[("most", &most.to_string())]),
            Refusal::TooFar { .. } => word(Word::RefusalTooFar).to_owned(),
            Refusal::SlotFull { .. } => word(Word::RefusalSlotFull).to_owned(),
            Refusal::SlotClosed { .. } => word(Word::RefusalSlotClosed).to_owned(),
            Refusal::BookingCanceled {} => word(Word::RefusalCanceled).to_owned(),
            Refusal::AlreadyMade {}
            | Refusal::NotMade {}
            | Refusal::UnknownRefund { .. }
            | Refusal::ReasonNotAllowed {}
            | Refusal::NotArrivedYet { .. }
            | Refusal::WrongCurrency {}
            | Refusal::AmountOutOfRange {}
            | Refusal::AmountNotPositive {}
            | Refusal::GatewayFeeTooHigh {}
            | Refusal::PaymentKnown { .. }
            | Refusal::GatewayFeeKnown { .. }
            | Refusal::PlanIsNotThePrice { .. }
            | Refusal::RefundTooHigh { .. }
            | Refusal::AmountNeeded { .. }
            | Refusal::NotCanceled {}
            | Refusal::RefundNotOpen { .. }
            | Refusal::UnknownPayment { .. }
            | Refusal::DocumentExists {}
            | Refusal::NoCreditNote { .. }
            | Refusal::CreditNoteNotApproved {}
            | Refusal::WayNotPossible { .. }
            | Refusal::RebateAbovePlan { .. }
            | Refusal::NothingDue {}
            | Refusal::AmountAboveBalance { .. }
            | Refusal::BelowMinimumCharge { .. }
            | Refusal::LeavesBelowMinimum { .. }
            | Refusal::VoucherTooSmall { .. }
            | Refusal::NoVoucherOffered { .. }
            | Refusal::NothingOverridden {}
            | Refusal::UnknownWindow { .. }
            | Refusal::FeeAbovePrice { .. }
            | Refusal::MovedTwice { .. }
            | Refusal::OtherService { .. }
            | Refusal::CapacityBelowTaken { .. }
            | Refusal::NothingToUndo {}
            | Refusal::NotYourOwn {}
            | Refusal::UndoTooLate { .. }
            | Refusal::RefundUnderWay { .. }
            | Refusal::UndoOvertaken {}
            | Refusal::TooMany { .. } => word(Word::NotAllowed).to_owned(),
        }
    }

    /// What changes next for the same selection.
    pub fn next_change(&self, next: &NextChange) -> String {
        match next {
            NextChange::Price { after, fee, refund } => {
                let said = if refund.is_positive() { Word::NextPrice } else { Word::NextPriceOnly };
                let (fee, refund) = (self.money(*fee), self.money(*refund));
                say(said, &[("after", &self.after(*after)), ("fee", &fee), ("refund", &refund)])
            }
            NextChange::Closed { after, place } => {
                let after = self.format.after(*after, &place.zone);
                say(Word::NextClosed, &[("after", &after), ("service", self.service(place.item))])
            }
        }
    }

    /// What a stretch costs: `Costs ¥17,517`.
    pub fn stretch_fee(&self, segment: &Segment) -> String {
        if segment.fee.is_positive() {
            say(Word::CostsFee, &[("fee", &self.money(segment.fee))])
        } else {
            word(Word::Free).to_owned()
        }
    }

    /// What a stretch pays back; nothing to say where nothing has been paid.
    pub fn stretch_refund(&self, segment: &Segment) -> Option<String> {
        let refund = self.money(segment.refund);
        match (segment.refund.is_positive(), segment.refund_mode) {
            (true, RefundMode::Approval) => Some(say(Word::PaysBackApproved, &[("refund", &refund)])),
            (true, RefundMode::Automatic | RefundMode::Never) => Some(say(Word::PaysBack, &[("refund", &refund)])),
            (false, _) if !self.shown.totals.paid.is_positive() => None,
            (false, _) if self.is_by_hand(segment) => Some(word(Word::PaysByHand).to_owned()),
            (false, _) => Some(word(Word::PaysNothing).to_owned()),
        }
    }

    /// Would the operator settle a refund by hand?
    pub fn is_by_hand(&self, segment: &Segment) -> bool {
        segment.refund_mode == RefundMode::Never && !segment.fee.is_positive() && self.shown.totals.paid.is_positive()
    }

    /// What changes next for the whole booking: the sentence on top of its page.
    pub fn lead(&self) -> (String, Option<String>) {
        let shown = self.shown;
        if shown.booking.is_canceled() {
            return (word(Word::AllCanceled).to_owned(), None);
        }
        if let leeway_core::options::Permission::Refused(refusal) = &shown.options.cancel {
            return (self.refusal(refusal), None);
        }
        let mut ahead = shown.timeline.iter().skip_while(|segment| segment.until < shown.at);
        let Some(now) = ahead.next() else { return (word(Word::NotAllowed).to_owned(), None) };
        (self.lead_now(now), Some(self.lead_then(ahead.next())))
    }

    fn lead_now(&self, now: &Segment) -> String {
        let (fee, refund, until) = (self.money(now.fee), self.money(now.refund), self.limit(now.until));
        let said = match (now.fee.is_positive(), now.refund.is_positive()) {
            (false, false) if self.is_by_hand(now) => Word::LeadByHand,
            (false, _) => Word::LeadFree,
            (true, true) => Word::LeadFee,
            (true, false) => Word::LeadFeeOnly,
        };
        let canceling = word(if super::choose::is_one_choice(self) { Word::Canceling } else { Word::CancelingAll });
        let operator = self.operator();
        say(
            said,
            &[("canceling", canceling), ("fee", &fee), ("refund", &refund), ("until", &until), ("operator", operator)],
        )
    }

    fn lead_then(&self, then: Option<&Segment>) -> String {
        let Some(then) = then else { return word(Word::ThenClosed).to_owned() };
        let said = match (then.fee.is_positive(), then.refund.is_positive()) {
            (false, _) => Word::ThenFree,
            (true, true) => Word::ThenFee,
            (true, false) => Word::ThenFeeOnly,
        };
        say(said, &[("fee", &self.money(then.fee)), ("refund", &self.money(then.refund))])
    }

    /// How a refund comes back; the amount is what goes back by hand.
    pub fn mode(&self, mode: RefundMode, by_hand: Option<Money>) -> String {
        let amount = by_hand.map_or_else(String::new, |amount| self.money(amount));
        let said = match mode {
            RefundMode::Automatic => Word::ModeAutomatic,
            RefundMode::Approval => Word::ModeApproval,
            RefundMode::Never => Word::ModeByHand,
        };
        say(said, &[("operator", self.operator()), ("amount", &amount)])
    }

    /// How far a refund has come.
    pub fn refund_state(&self, state: RefundState) -> String {
        let said = match state {
            RefundState::AwaitingApproval => Word::RefundAwaiting,
            RefundState::Requested => Word::RefundRequested,
            RefundState::Submitted => Word::RefundSubmitted,
            RefundState::Settled => Word::RefundSettled,
            RefundState::Failed => Word::RefundFailed,
            RefundState::Voided => Word::RefundVoided,
        };
        say(said, &[("operator", self.operator())])
    }

    /// How far the booking is paid.
    pub fn payment_status(&self) -> String {
        let said = match self.shown.payment_status {
            PaymentStatus::Unpaid => Word::Unpaid,
            PaymentStatus::PartlyPaid => Word::PartlyPaid,
            PaymentStatus::Paid => Word::Paid,
            PaymentStatus::Overpaid => Word::Overpaid,
        };
        say(said, &[("amount", &self.money(self.shown.totals.balance.negated()))])
    }
}

/// What is left of a booking.
pub fn status(status: Status) -> &'static str {
    word(match status {
        Status::Booked => Word::Booked,
        Status::PartlyCanceled => Word::PartlyCanceled,
        Status::Canceled => Word::Canceled,
    })
}

/// How money came.
pub fn paid_by(method: Method) -> &'static str {
    word(match method {
        Method::Card => Word::ByCard,
        Method::Cash => Word::ByCash,
        Method::BankTransfer => Word::ByBank,
        Method::Voucher => Word::ByVoucher,
    })
}

/// How money goes back.
pub fn back_to(method: Method) -> &'static str {
    word(match method {
        Method::Card => Word::ToCard,
        Method::Cash => Word::ToCash,
        Method::BankTransfer => Word::ToBank,
        Method::Voucher => Word::ToVoucher,
    })
}
