//! What an operator has to see to: refunds to approve, to pay back by hand, that failed. Derived from the booking; nothing here is stored but the
//! task that a policy without refunds leaves.
//!
//! Source: requirements B4, C10, C12

use serde::Serialize;

use crate::balance::{Totals, by_hand, totals};
use crate::booking::{Booking, Method};
use crate::id::{PaymentId, RefundId};
use crate::money::{Money, MoneyError};
use crate::refund::{Document, Refund, RefundState, Share, ShareState, Task, Way};

/// One thing to see to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Work {
    /// The policy never refunds by itself: somebody decides and pays back by hand.
    RefundByHand {
        /// All that is owed by hand.
        amount: Money,
    },
    /// A refund waits for a yes or a no.
    ApproveRefund {
        /// The entry.
        refund: RefundId,
        /// How much.
        amount: Money,
    },
    /// A credit note waits for approval.
    ApproveCreditNote {
        /// The entry.
        refund: RefundId,
        /// How much.
        amount: Money,
    },
    /// Money is to be handed or sent back, and that to be confirmed.
    PayBack {
        /// The entry.
        refund: RefundId,
        /// How.
        method: Method,
        /// How much.
        amount: Money,
    },
    /// More was paid than is owed, and nothing pays it back: a second payment, or one that came after the booking was canceled.
    Overpaid {
        /// How much.
        amount: Money,
    },
    /// A provider could not pay back: try again, or another way.
    RefundFailed {
        /// The entry.
        refund: RefundId,
        /// The payment that the share is taken from.
        payment: PaymentId,
        /// How much.
        amount: Money,
    },
}

/// Lists what there is to see to, the oldest entry first.
#[must_use]
pub fn work(booking: &Booking) -> Vec<Work> {
    let by_hand = booking.tasks.iter().map(|Task::RefundByHand { amount }| Work::RefundByHand { amount: *amount });
    let overpaid = overpaid(booking).ok().filter(|amount| amount.is_positive());
    let overpaid = overpaid.map(|amount| Work::Overpaid { amount });
    by_hand.chain(overpaid).chain(booking.refunds.iter().flat_map(of_refund)).collect()
}

/// What is held beyond what is owed, promised back, or owed by hand. A rebate above what is left is a credit that nobody paid.
fn overpaid(booking: &Booking) -> Result<Money, MoneyError> {
    let Totals { owed, paid, promised, .. } = totals(booking)?;
    paid.minus(promised)?.minus(owed.or_zero())?.minus(by_hand(booking)?)
}

fn of_refund(refund: &Refund) -> Vec<Work> {
    let (id, amount) = (refund.id, refund.amount);
    match (refund.state, refund.document) {
        (RefundState::Settled | RefundState::Voided, _) => Vec::new(),
        (RefundState::AwaitingApproval, _) => vec![Work::ApproveRefund { refund: id, amount }],
        (_, Some(Document::CreditNoteMade)) => vec![Work::ApproveCreditNote { refund: id, amount }],
        (RefundState::Requested | RefundState::Submitted | RefundState::Failed, _) => {
            refund.open_shares().filter_map(|share| of_share(refund, share)).collect()
        }
    }
}

fn of_share(refund: &Refund, share: &Share) -> Option<Work> {
    let (id, amount) = (refund.id, share.amount);
    let by_hand = |method| Some(Work::PayBack { refund: id, method, amount });
    match (share.state, refund.way) {
        (ShareState::Failed, _) => Some(Work::RefundFailed { refund: id, payment: share.payment, amount }),
        (ShareState::Submitted | ShareState::Settled, _) => None,
        (ShareState::Open, Way::BankTransfer | Way::CreditNote) => by_hand(Method::BankTransfer),
        (ShareState::Open, Way::Cash) => by_hand(Method::Cash),
        (ShareState::Open, Way::Voucher) => None,
        (ShareState::Open, Way::AsPaid) => match share.method {
            // The gateway's, and a voucher that settles at once.
            Method::Card | Method::Voucher => None,
            Method::Cash | Method::BankTransfer => by_hand(share.method),
        },
    }
}
