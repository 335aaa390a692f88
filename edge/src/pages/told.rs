//! What the rules said, told: each code of the core, with its facts, as a sentence. Exhaustive, so that a new code needs its words.

use std::borrow::Cow;

use leeway_core::Money;
use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::booking::Method;
use leeway_core::explain::{FeeCode, NextChange};
use leeway_core::policy::RefundMode;
use leeway_core::refund::{Refund, RefundState, Share, Way};
use leeway_core::refusal::{Refusal, Verb};
use leeway_core::timeline::Segment;

use super::Page;
use crate::words::{Text, Word};

impl Page<'_> {
    /// One step of a fee.
    pub fn step(&self, code: &FeeCode) -> Text {
        match code {
            FeeCode::KeptLines {} => self.say(Word::FeeKeptLines),
            FeeCode::Percent { percent, of } => {
                self.say(Word::FeePercent { percent: &self.reader.percent(*percent), of: &self.money(*of) })
            }
            FeeCode::Fixed {} => self.say(Word::FeeFixed),
            FeeCode::PerParticipant { each, participants } => {
                let participants = participants.to_string();
                self.say(Word::FeePerParticipant { each: &self.money(*each), participants: &participants })
            }
            FeeCode::Minimum { min } => self.say(Word::FeeMinimum { min: &self.money(*min) }),
            FeeCode::Maximum { max } => self.say(Word::FeeMaximum { max: &self.money(*max) }),
            FeeCode::PriceCap { price } => self.say(Word::FeePriceCap { price: &self.money(*price) }),
            FeeCode::AlreadyCharged {} => self.say(Word::FeeAlreadyCharged),
            FeeCode::NotBelowZero {} => self.say(Word::FeeNotBelowZero),
        }
    }

    /// Why the rules do not allow something.
    pub fn refusal(&self, refusal: &Refusal) -> Text {
        self.say(match refusal {
            Refusal::PastLimit { verb, limit, zone, .. } => {
                let limit = &self.reader.limit(*limit, zone);
                return self.say(match verb {
                    Verb::Cancel => Word::RefusalPastLimitCancel { limit },
                    Verb::Rebook => Word::RefusalPastLimitRebook { limit },
                    Verb::Rename => Word::RefusalPastLimitRename { limit },
                });
            }
            Refusal::SwitchedOff { .. } => Word::RefusalSwitchedOff { operator: self.operator() },
            Refusal::ItemCanceled { .. } => Word::RefusalItemCanceled,
            Refusal::ParticipantCanceled { .. } => Word::RefusalParticipantCanceled,
            Refusal::NothingSelected {} => Word::RefusalNothingSelected,
            Refusal::NothingToCancel {} => Word::RefusalNothingToCancel,
            Refusal::TextNotValid { most } => Word::RefusalTextNotValid { most: u64::from(*most) },
            Refusal::UnknownItem { .. } | Refusal::UnknownParticipant { .. } => Word::RefusalUnknown,
            Refusal::UnknownSlot { .. } => Word::RefusalUnknownSlot,
            Refusal::SameSlot { .. } => Word::RefusalSameSlot,
            Refusal::SlotStarted { .. } => Word::RefusalSlotStarted,
            Refusal::TooManyMoves { most, .. } => Word::RefusalTooManyMoves { most: u64::from(*most) },
            Refusal::TooFar { .. } => Word::RefusalTooFar,
            Refusal::SlotFull { .. } => Word::RefusalSlotFull,
            Refusal::SlotClosed { .. } => Word::RefusalSlotClosed,
            Refusal::BookingCanceled {} => Word::RefusalBookingCanceled,
            Refusal::NothingToUndo {} => Word::RefusalNothingToUndo,
            Refusal::NotYourOwn {} => Word::RefusalNotYourOwn { operator: self.operator() },
            Refusal::UndoTooLate { until } => {
                let (until, operator) = (&self.limit(*until), self.operator());
                return self.say(Word::RefusalUndoTooLate { until, operator });
            }
            Refusal::RefundUnderWay { .. } => Word::RefusalRefundUnderWay { operator: self.operator() },
            Refusal::UndoOvertaken {} => Word::RefusalUndoOvertaken { operator: self.operator() },
            Refusal::NothingDue {} => Word::RefusalNothingDue,
            Refusal::AmountAboveBalance { most } => {
                return self.say(Word::RefusalAmountAboveBalance { most: &self.money(*most) });
            }
            Refusal::BelowMinimumCharge { minimum } => {
                return self.say(Word::RefusalBelowMinimumCharge { minimum: &self.money(*minimum) });
            }
            Refusal::LeavesBelowMinimum { left, minimum } => {
                let (left, minimum) = (&self.money(*left), &self.money(*minimum));
                return self.say(Word::RefusalLeavesBelowMinimum { left, minimum });
            }
            Refusal::VoucherTooSmall { most, .. } => {
                return self.say(Word::RefusalVoucherTooSmall { most: &self.money(*most) });
            }
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
            | Refusal::NoVoucherOffered { .. }
            | Refusal::NothingOverridden {}
            | Refusal::UnknownWindow { .. }
            | Refusal::FeeAbovePrice { .. }
            | Refusal::MovedTwice { .. }
            | Refusal::OtherService { .. }
            | Refusal::CapacityBelowTaken { .. }
            | Refusal::TooMany { .. } => Word::RefusalOther,
        })
    }

    /// What changes next for the same selection.
    pub fn next_change(&self, next: &NextChange) -> Text {
        match next {
            NextChange::Price { after, fee, refund } => {
                let (after, fee) = (&self.after(*after), &self.money(*fee));
                if refund.is_positive() {
                    self.say(Word::NextPrice { after, fee, refund: &self.money(*refund) })
                } else {
                    self.say(Word::NextPriceOnly { after, fee })
                }
            }
            NextChange::Closed { after, place } => {
                let after = &self.reader.after(*after, &place.zone);
                self.say(Word::NextClosed { after, service: self.service(place.item) })
            }
        }
    }

    /// What a stretch costs: `Costs ¥17,517`.
    pub fn stretch_fee(&self, segment: &Segment) -> Text {
        if segment.fee.is_positive() {
            self.say(Word::PolicyCosts { fee: &self.money(segment.fee) })
        } else {
            self.say(Word::PolicyFree)
        }
    }

    /// What a stretch pays back; nothing to say where nothing has been paid.
    pub fn stretch_refund(&self, segment: &Segment) -> Option<Text> {
        let refund = &self.money(segment.refund);
        Some(self.say(match (segment.refund.is_positive(), segment.refund_mode) {
            (true, RefundMode::Approval) => Word::PolicyBackApproval { refund },
            (true, RefundMode::Automatic | RefundMode::Never) => Word::PolicyBack { refund },
            (false, _) if !self.shown.totals.paid.is_positive() => return None,
            (false, _) if self.is_by_hand(segment) => Word::PolicyBackByHand,
            (false, _) => Word::PolicyBackNothing,
        }))
    }

    /// Would the operator settle a refund by hand?
    pub fn is_by_hand(&self, segment: &Segment) -> bool {
        segment.refund_mode == RefundMode::Never && !segment.fee.is_positive() && self.shown.totals.paid.is_positive()
    }

    /// What changes next for the whole booking: the sentence on top of its page.
    pub fn lead(&self) -> (Text, Option<Text>) {
        let shown = self.shown;
        if shown.booking.is_canceled() {
            return (self.say(Word::LeadCanceled), None);
        }
        if let leeway_core::options::Permission::Refused(refusal) = &shown.options.cancel {
            return (self.refusal(refusal), None);
        }
        let mut ahead = shown.timeline.iter().skip_while(|segment| segment.until < shown.at);
        let Some(now) = ahead.next() else { return (self.say(Word::RefusalOther), None) };
        (self.lead_now(now), Some(self.lead_then(ahead.next())))
    }

    fn lead_now(&self, now: &Segment) -> Text {
        let (fee, refund, until) = (&self.money(now.fee), &self.money(now.refund), &*self.limit(now.until));
        let is_one = super::choose::is_one_choice(self);
        self.say(match (now.fee.is_positive(), now.refund.is_positive()) {
            (false, false) if self.is_by_hand(now) => Word::LeadByHand { operator: self.operator(), until },
            (false, _) => Word::LeadFree { until },
            (true, true) if is_one => Word::LeadFee { fee, refund, until },
            (true, true) => Word::LeadFeeAll { fee, refund, until },
            (true, false) if is_one => Word::LeadFeeOnly { fee, until },
            (true, false) => Word::LeadFeeOnlyAll { fee, until },
        })
    }

    fn lead_then(&self, then: Option<&Segment>) -> Text {
        let Some(then) = then else { return self.say(Word::ThenClosed) };
        let (fee, refund) = (&self.money(then.fee), &self.money(then.refund));
        self.say(match (then.fee.is_positive(), then.refund.is_positive()) {
            (false, _) => Word::ThenFree,
            (true, true) => Word::ThenFee { fee, refund },
            (true, false) => Word::ThenFeeOnly { fee },
        })
    }

    /// How a refund comes back.
    pub fn mode(&self, mode: RefundMode, amount: Money) -> Text {
        let operator = self.operator();
        match mode {
            RefundMode::Automatic => self.say(Word::ReasonRefundModeAutomatic),
            RefundMode::Approval => self.say(Word::ReasonRefundModeApproval { operator }),
            RefundMode::Never => self.by_hand(amount),
        }
    }

    /// That the operator pays this back, and nobody else.
    pub fn by_hand(&self, amount: Money) -> Text {
        self.say(Word::ReasonRefundByHand { amount: &self.money(amount), operator: self.operator() })
    }

    /// How far a refund has come.
    pub fn refund_state(&self, state: RefundState) -> Text {
        let operator = self.operator();
        self.say(match state {
            RefundState::AwaitingApproval => Word::RefundAwaitingApproval { operator },
            RefundState::Requested => Word::RefundRequested,
            RefundState::Submitted => Word::RefundSubmitted,
            RefundState::Settled => Word::RefundSettled,
            RefundState::Failed => Word::RefundFailed { operator },
            RefundState::Voided => Word::RefundVoided,
        })
    }

    /// How far the booking is paid.
    pub fn payment_status(&self) -> Text {
        let amount = &self.money(self.shown.totals.balance.negated());
        self.say(match self.shown.payment_status {
            PaymentStatus::Unpaid => Word::PaymentUnpaid,
            PaymentStatus::PartlyPaid => Word::PaymentPartlyPaid,
            PaymentStatus::Paid => Word::PaymentPaid,
            PaymentStatus::Overpaid => Word::PaymentOverpaid { amount },
        })
    }

    /// What is left of the booking.
    pub fn status(&self) -> Text {
        self.say(match self.shown.status {
            Status::Booked => Word::StatusBooked,
            Status::PartlyCanceled => Word::StatusPartlyCanceled,
            Status::Canceled => Word::StatusCanceled,
        })
    }

    /// That money came, and how.
    pub fn received(&self, method: Method) -> Text {
        self.say(match method {
            Method::Card => Word::ReceivedCard,
            Method::Cash => Word::ReceivedCash,
            Method::BankTransfer => Word::ReceivedBankTransfer,
            Method::Voucher => Word::ReceivedVoucher,
        })
    }

    /// What goes back, and how: `€38.32 to your card`.
    pub fn goes_back(&self, share: &Share) -> Text {
        let amount = &self.money(share.amount);
        self.say(match share.method {
            Method::Card => Word::BackCard { amount },
            Method::Cash => Word::BackCash { amount },
            Method::BankTransfer => Word::BackBankTransfer { amount },
            Method::Voucher => Word::BackVoucher { amount },
        })
    }
}

/// The shares of a refund by the way that they take: a card's money that goes to a bank account does not go to the card. What had been paid by
/// voucher goes back as one, whichever way the rest goes.
pub fn shares(refund: &Refund) -> impl Iterator<Item = Cow<'_, Share>> {
    let method = match refund.way {
        Way::AsPaid => None,
        Way::Voucher => Some(Method::Voucher),
        Way::CreditNote | Way::BankTransfer => Some(Method::BankTransfer),
        Way::Cash => Some(Method::Cash),
    };
    refund.split.iter().map(move |share| match method {
        Some(method) if share.method != Method::Voucher => Cow::Owned(Share { method, ..share.clone() }),
        Some(_) | None => Cow::Borrowed(share),
    })
}
