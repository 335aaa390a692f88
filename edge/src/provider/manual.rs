//! What people do by hand: cash, bank transfers. Nobody answers on the other side; the operator says when money has come or gone.

use leeway_core::command::ProviderWord;
use leeway_core::fields::FromObject;
use leeway_core::{Currency, Money};
use serde::Serialize;

use super::{Order, PayBack, PaymentProvider, Session, Standing, Trouble};
use crate::problem::Problem;

const INSTRUCTIONS_CHARS_MAX: usize = 2_000;

/// How customers pay where no provider takes cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ManualSettings {
    /// Shown with the amount and the booking's reference: account, address, opening hours.
    pub instructions: String,
}

impl ManualSettings {
    /// Is all of it within its limits?
    pub fn check(&self) -> Result<(), Problem> {
        let plain = !self.instructions.chars().any(|c| c.is_control() && c != '\n');
        let fits = plain && (1..=INSTRUCTIONS_CHARS_MAX).contains(&self.instructions.chars().count());
        let detail = || format!("1 to {INSTRUCTIONS_CHARS_MAX} characters of plain text");
        if fits { Ok(()) } else { Err(Problem::malformed("instructions", detail())) }
    }
}

/// The operator's own hands.
pub struct Manual;

impl PaymentProvider for Manual {
    /// Any amount can be handed over: the smallest is one of the minor unit.
    fn least(&self, currency: Currency) -> Option<Money> {
        Money::of_minor(1, currency).ok()
    }

    /// The customer says that the money will come, and reads how on the page that follows.
    async fn open(&self, order: &Order<'_>) -> Result<Session, Trouble> {
        Ok(Session { id: order.checkout.to_string(), url: order.success_url.to_owned() })
    }

    /// Only the operator's own record of a payment says that it came.
    async fn look_up(&self, _session: &str, _currency: Currency) -> Result<Standing, Trouble> {
        Ok(Standing::Open)
    }

    /// A promise that was taken back; money that comes all the same is recorded as any other.
    async fn close(&self, _session: &str, _currency: Currency) -> Result<Standing, Trouble> {
        Ok(Standing::Closed)
    }

    /// A task for the operator until somebody confirms it: nobody here can.
    ///
    /// Source: requirement C10
    async fn pay_back(&self, _order: &PayBack<'_>) -> Result<ProviderWord, Trouble> {
        Err(Trouble::Refused("is paid back by hand".to_owned()))
    }
}
