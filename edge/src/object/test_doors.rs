//! Commands that no public door takes, for tests: what a provider says of a payment or a refund, what is taken back, what may be collected. Only
//! in builds with `test-doors`.

use leeway_core::booking::Method;
use leeway_core::command::{RecordPayment, RefundStep};
use leeway_core::id::{CommandId, PaymentId, RefundId};
use leeway_core::undo::Undo;
use leeway_core::{Actor, Ask, Command, Envelope, Money, collect};
use serde::Deserialize;

use super::api::operators;
use super::offers::LookedUp;
use super::{Asked, Desk};
use crate::reply::Reply;
use crate::store::Fault;
use crate::{effects, input};

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum TestCommand {
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
    Refund {
        refund: RefundId,
        step: RefundStep,
    },
    /// What a bug of ours would do.
    Panic {},
    Collect {
        ask: Ask,
        minimum: Option<Money>,
    },
}

impl Desk {
    /// Works off what is due at the instant that the request names.
    pub(super) async fn run_due(&self, asked: &Asked) -> Result<Reply, Fault> {
        let tried = effects::run(self, effects::Clock::Fixed(asked.at)).await;
        Ok(Reply::json(200, &std::collections::BTreeMap::from([("tried", tried)])))
    }

    pub(super) fn test_command(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let document = self.own(id)?;
        let loaded = document.read(None)?;
        let command = match input::json(&asked.body)? {
            TestCommand::PayAgain { again: id, method, amount, gateway_fee } => {
                Command::RecordPayment(RecordPayment { id, method, amount, gateway_fee })
            }
            TestCommand::NoteFee { payment, fee } => Command::NoteGatewayFee { payment, fee },
            TestCommand::Undo { command, within_ms, actor } => {
                return self.undo_as(id, command, within_ms, (actor, asked));
            }
            TestCommand::Refund { refund, step } => Command::Refund { refund, step },
            #[expect(clippy::panic, reason = "tests see what becomes of the others")]
            TestCommand::Panic {} => panic!("as a test wants it"),
            TestCommand::Collect { ask, minimum } => {
                return Ok(Reply::json(200, &collect(&loaded.booking, ask, minimum, asked.at)?));
            }
        };
        self.command(loaded, command, asked)?;
        self.operator_view(200, &self.own(id)?, asked)
    }

    /// Takes a cancellation back, as whoever wants it.
    fn undo_as(
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
        self.carry_out(loaded, &envelope, &LookedUp { offers: Vec::new(), rosters }, (asked.origin(), None))?;
        self.operator_view(200, &self.own(id)?, asked)
    }
}
