//! What goes back after something was given up: what is held beyond what is owed, less what only goes back by hand, less what the gateway took.
//! Shared by canceling and rebooking. Not the fee: see [`crate::fee`].

use crate::allocate::proportion;
use crate::balance::{by_hand, owed, paid, promised};
use crate::booking::{Booking, ChargeKind};
use crate::explain::KeptForGateway;
use crate::money::{Money, MoneyError};
use crate::policy::{GatewayFee, RefundMode};
use crate::refund::{Refund, RefundState};

/// The sums of a booking that no instant changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sums {
    /// Of the plan.
    pub(crate) plan: Money,
    /// Of what outlives a cancellation.
    pub(crate) fees: Money,
    /// Money in, less money back.
    pub(crate) paid: Money,
    /// Refunds that are not back yet.
    pub(crate) promised: Money,
    /// What the operator owes by hand: no later refund by itself includes it.
    pub(crate) by_hand: Money,
}

impl Sums {
    pub(crate) fn of(booking: &Booking) -> Result<Self, MoneyError> {
        let owed = owed(booking)?;
        Ok(Self {
            plan: owed.plan,
            fees: owed.fees,
            paid: paid(booking)?,
            promised: promised(booking)?,
            by_hand: by_hand(booking)?,
        })
    }

    /// What is held and not promised back.
    pub(crate) fn held(&self) -> Result<Money, MoneyError> {
        self.paid.minus(self.promised)
    }
}

/// What goes back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Back {
    /// By itself, or once approved.
    pub(crate) refund: Money,
    /// By hand.
    pub(crate) by_hand: Money,
    /// What is kept of it for the gateway, with the figures behind it.
    pub(crate) gateway: KeptForGateway,
}

/// Shares out what is free to go back: never more than what is held, even where more is owed, as after a compensation above the price.
///
/// Source: requirements B4, B9
pub(crate) fn back(
    booking: &Booking,
    sums: &Sums,
    free: Money,
    mode: RefundMode,
    policy: GatewayFee,
) -> Result<Back, MoneyError> {
    let free = free.smaller(sums.held()?.or_zero())?;
    let by_hand = match mode {
        RefundMode::Automatic | RefundMode::Approval => sums.by_hand.smaller(free)?,
        RefundMode::Never => free,
    };
    let going = free.minus(by_hand)?;
    let gateway = match policy {
        GatewayFee::Kept if going.is_positive() => kept_for_gateway(booking, going)?,
        GatewayFee::Kept | GatewayFee::Absorbed => KeptForGateway::nothing(booking.currency),
    };
    Ok(Back { refund: going.minus(gateway.amount)?, by_hand, gateway })
}

/// What of the gateway's fees is kept: in proportion to what has gone back, this refund included, less what was kept before. So that several
/// refunds together keep what one would, and never more than the gateway took.
///
/// Source: requirement B9
fn kept_for_gateway(booking: &Booking, going: Money) -> Result<KeptForGateway, MoneyError> {
    let took = Money::sum(booking.currency, booking.received().filter_map(|payment| payment.gateway_fee))?;
    if took.is_zero() {
        return Ok(KeptForGateway::nothing(booking.currency));
    }
    let received = Money::sum(booking.currency, booking.received().map(|payment| payment.amount))?;
    let kept = booking.plan.iter().filter(|charge| matches!(charge.kind, ChargeKind::GatewayFee {}));
    let kept_before = Money::sum(booking.currency, kept.map(|charge| charge.amount))?;
    let counts = |refund: &&Refund| refund.is_in_ledger() && refund.state != RefundState::Voided;
    let refunds = booking.refunds.iter().filter(counts);
    let gone_before = Money::sum(booking.currency, refunds.map(|refund| refund.amount))?;
    let gone = gone_before.plus(kept_before)?.plus(going)?.smaller(received)?;
    let amount = proportion(took, gone, received)?.minus(kept_before)?.or_zero().smaller(going)?;
    Ok(KeptForGateway { amount, took, received, gone, kept_before })
}
