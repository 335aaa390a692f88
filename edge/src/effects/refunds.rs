//! One share of a refund entry goes back through the provider that took the money, and is followed to its end.
//!
//! Before the provider is asked the ledger says that it has the share in hand: from then on nobody can undo the refund or send it another way,
//! even if the answer never comes. What the answer is, the ledger learns in the commit that ends the row.
//!
//! Source: requirements C6, C10, C12

use leeway_core::command::{ProviderWord, RefundStep};
use leeway_core::refund::{RefundState, ShareState, Way};
use leeway_core::{Booking, Command, Instant, Money};

use super::follow::RefundShare;
use super::{Outcome, Row, Then};
use crate::object::Desk;
use crate::provider::{Asked, PayBack, PaymentProvider as _, Trouble};
use crate::store::Fault;

/// A refund that the provider has in hand is looked at again after so long: its word may have been lost.
const LOOK_AGAIN_MS: i64 = 6 * 60 * 60 * 1000;

pub async fn deliver(desk: &Desk, row: &Row, at: Instant) -> Outcome {
    match prepare(desk, row, at) {
        Ok(Ready::Go(order)) => pay_back(desk, &order).await,
        Ok(Ready::Dropped(why)) => Outcome::Dropped(why),
        Err(fault) => Outcome::failed(fault),
    }
}

/// What a provider is to be asked.
struct Task {
    share: RefundShare,
    booking: leeway_core::id::BookingId,
    amount: Money,
    intent: String,
    asked: Asked,
}

enum Ready {
    Go(Task),
    Dropped(&'static str),
}

/// Looks at the entry as it is now, and takes the share in hand.
fn prepare(desk: &Desk, row: &Row, at: Instant) -> Result<Ready, Fault> {
    let share: RefundShare = leeway_json::read(&row.body)?;
    let booking = row.booking.ok_or_else(|| Fault::platform("a refund without a booking"))?;
    let Some(checkout) = desk.store.checkout(share.payment)? else {
        return Ok(Ready::Dropped("no provider took this payment"));
    };
    let Some(intent) = checkout.intent else { return Ok(Ready::Dropped("no provider took this payment")) };
    let document = desk.document(booking)?;
    let loaded = document.read(None)?;
    let (amount, state) = match standing(&loaded.booking, share) {
        Ok(standing) => standing,
        Err(why) => return Ok(Ready::Dropped(why)),
    };
    if state == ShareState::Open {
        desk.system_command(loaded, word(share, ProviderWord::Accepted), at)?;
    }
    let before = row.attempts > 1 || state == ShareState::Submitted;
    let asked = if before { Asked::Perhaps } else { Asked::Never };
    Ok(Ready::Go(Task { share, booking, amount, intent, asked }))
}

/// How much is to go back, and how far that has come; or why there is nothing to do any more.
fn standing(booking: &Booking, share: RefundShare) -> Result<(Money, ShareState), &'static str> {
    let refund = booking.refund(share.refund).ok_or("the refund is gone")?;
    let now = refund.share(share.payment).ok_or("the share is gone")?;
    if now.attempt != share.attempt {
        return Err("it was sent another time since");
    }
    match refund.state {
        RefundState::Voided | RefundState::AwaitingApproval => return Err("it was undone"),
        RefundState::Settled => return Err("it is back"),
        RefundState::Requested | RefundState::Submitted | RefundState::Failed => {}
    }
    match (now.state, refund.way) {
        (ShareState::Settled, _) => Err("it is back"),
        (ShareState::Failed, _) => Err("it failed"),
        (ShareState::Submitted, _) | (ShareState::Open, Way::AsPaid) => Ok((now.amount, now.state)),
        (ShareState::Open, Way::Voucher | Way::CreditNote | Way::BankTransfer | Way::Cash) => {
            Err("it goes another way")
        }
    }
}

async fn pay_back(desk: &Desk, task: &Task) -> Outcome {
    let provider = match desk.provider() {
        Ok(provider) => provider,
        Err(fault) => return Outcome::Retry(format!("{fault:?}")),
    };
    let Task { share, booking, amount, ref intent, asked } = *task;
    let answer = provider.pay_back(&PayBack { share, booking, amount, intent, asked }).await;
    let said = match answer {
        Ok(said) => said,
        Err(Trouble::Refused(why)) => ProviderWord::failed(&why),
        Err(Trouble::Unknown(why)) => return Outcome::Retry(why),
    };
    let then = if said == ProviderWord::Accepted { Then::LookAgain(LOOK_AGAIN_MS) } else { Then::End };
    let record = move |desk: &Desk, at: Instant| {
        let document = desk.document(booking)?;
        desk.system_command(document.read(None)?, word(share, said), at).map(drop)
    };
    Outcome::Commit(Box::new(record), then)
}

/// The provider's word as a command.
pub fn word(share: RefundShare, word: ProviderWord) -> Command {
    let RefundShare { refund, payment, attempt } = share;
    Command::Refund { refund, step: RefundStep::Provider { payment, attempt, word } }
}
