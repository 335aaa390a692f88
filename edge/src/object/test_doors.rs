//! Commands that no public door takes yet, for tests: refunds, extras, vouchers, what may be collected. Only in builds with `test-doors`.

use leeway_core::booking::Method;
use leeway_core::command::{Adjust, EnterRefund, RecordPayment, RefundStep};
use leeway_core::id::{CommandId, PaymentId, RefundId, VoucherId};
use leeway_core::policy::Code;
use leeway_core::refund::{RefundReason, Way};
use leeway_core::undo::Undo;
use leeway_core::voucher::redeem;
use leeway_core::{Actor, Ask, Command, Envelope, Money, collect, evolve};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::acting::stamp;
use super::api::operators;
use super::offers::LookedUp;
use super::{Asked, Desk};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::store::{Commit, Fault, Loaded};
use crate::{host, input};

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum TestCommand {
    EnterRefund {
        reason: RefundReason,
        amount: Option<Money>,
        #[serde(default)]
        note: String,
        #[serde(default)]
        way: Way,
    },
    /// A payment that was told before.
    PayAgain {
        again: PaymentId,
        method: Method,
        amount: Money,
        gateway_fee: Option<Money>,
    },
    NoteFee {
        payment: PaymentId,
        fee: Money,
    },
    Undo {
        command: CommandId,
        within_ms: i64,
        actor: Actor,
    },
    Adjust {
        code: Code,
        amount: Money,
    },
    Refund {
        refund: RefundId,
        step: RefundStep,
    },
    Redeem {
        voucher: VoucherId,
        amount: Option<Money>,
    },
    Collect {
        ask: Ask,
        minimum: Option<Money>,
    },
}

impl Desk {
    pub(super) fn test_command(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let document = self.own(id)?;
        let loaded = document.read(None)?;
        let command = match input::json(&asked.body)? {
            TestCommand::EnterRefund { reason, amount, note, way } => {
                Command::EnterRefund(EnterRefund { reason, amount, way, note })
            }
            TestCommand::PayAgain { again: id, method, amount, gateway_fee } => {
                Command::RecordPayment(RecordPayment { id, method, amount, gateway_fee })
            }
            TestCommand::NoteFee { payment, fee } => Command::NoteGatewayFee { payment, fee },
            TestCommand::Undo { command, within_ms, actor } => {
                return self.undo(id, command, within_ms, (actor, asked));
            }
            TestCommand::Adjust { code, amount } => Command::Adjust(Adjust { code, amount }),
            TestCommand::Refund { refund, step } => Command::Refund { refund, step },
            TestCommand::Redeem { voucher, amount } => return self.redeem(id, &loaded, voucher, amount, asked),
            TestCommand::Collect { ask, minimum } => {
                return Ok(Reply::json(200, &collect(&loaded.booking, ask, minimum, asked.at)?));
            }
        };
        self.command(loaded, command, asked)?;
        self.operator_view(200, &self.own(id)?, asked.at)
    }

    /// Takes a cancellation back, as whoever wants it.
    fn undo(
        &self,
        id: &str,
        command: CommandId,
        within_ms: i64,
        (actor, asked): (Actor, &Asked),
    ) -> Result<Reply, Fault> {
        let document = self.own(id)?;
        let loaded = document.read(None)?;
        let past = self.store.past(&document, loaded.booking.id, command)?;
        let slots: Vec<_> = past.slots().collect();
        let rosters = self.store.slots(&slots)?.rosters();
        let undo = Command::Undo(Box::new(Undo { past, within_ms }));
        let envelope = Envelope { actor, ..operators(undo, asked) };
        self.carry_out(loaded, &envelope, &LookedUp { offers: Vec::new(), rosters })?;
        self.operator_view(200, &self.own(id)?, asked.at)
    }

    /// Pays with a voucher: the events of both in one commit.
    fn redeem(
        &self,
        id: &str,
        loaded: &Loaded<'_>,
        voucher: VoucherId,
        amount: Option<Money>,
        asked: &Asked,
    ) -> Result<Reply, Fault> {
        let voucher = self.store.voucher(voucher)?.ok_or(Problem::NOT_FOUND)?;
        let payment = PaymentId(host::fresh_uuid(asked.at.ms()));
        let (paid, redeemed) = redeem(&loaded.booking, &voucher, payment, amount, asked.at)?;
        let booking = evolve(Some(loaded.booking.clone()), &paid, asked.at).ok_or(Problem::BOOKING_UNKNOWN)?;
        let (events, vouchers) = (vec![paid], vec![(voucher.id, redeemed)]);
        let done = leeway_core::Commit { booking, events, slots: Vec::new(), vouchers };
        // No command of the core's: it only gives the events their stamp.
        let stamp = stamp(&operators(Command::RevokeLinks, asked));
        let (version, rosters) = (loaded.booking.version, BTreeMap::new());
        let commit = Commit { stamp, version, done: &done, rosters: &rosters, voucher: Some(&voucher) };
        self.store.transaction(|| self.store.change(&commit))?;
        self.operator_view(200, &self.own(id)?, asked.at)
    }
}
