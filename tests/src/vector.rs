//! The format of a vector. Data only: symbolic ids and short amounts are still in it, see [`crate::resolve`].

use leeway_core::Instant;
use serde::Deserialize;
use serde_json::Value;

/// A booking, what is done with it, and what must be seen after each step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// A sentence; no two vectors have the same.
    pub name: String,
    /// The numbers of the requirements that it shows, such as `B5`.
    pub requirement: Vec<String>,
    /// Whose words the requirement is, as in the requirements' first paragraph.
    #[serde(default)]
    pub source: Option<Source>,
    /// The booking before the first step.
    pub given: Given,
    /// What is done, in the order of time.
    pub steps: Vec<Step>,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Source {
    /// A tour platform.
    T,
    /// A yacht charter's refund module.
    Y,
    /// An activity park's guest portal.
    P,
    /// An appointment scheduler.
    C,
    /// Users of comparable systems.
    U,
}

/// The booking before the first step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// When the booking is made.
    pub made_at: Instant,
    /// The policy, as the operator writes it.
    pub policy: Value,
    /// The booking, as the operator's system asks for it.
    pub booking: Value,
    /// Slots that are open before it is made, for it or to move to.
    #[serde(default)]
    pub slots: Vec<Value>,
}

/// One thing that is done.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawStep")]
pub struct Step {
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor: Who,
    /// What.
    pub verb: Verb,
    /// What must be seen then.
    pub then: Then,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever holds the control link.
    #[default]
    Customer,
    /// The business.
    Operator,
}

/// What can be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// Money comes in: `method`, `amount`, `gateway_fee`; `again` where it came before.
    Pay(Value),
    /// What a gateway took becomes known: `payment`, `fee`.
    NoteFee(Value),
    /// What an earlier step canceled is taken back: `step`, `within_ms`.
    Undo(Value),
    /// An action is quoted, then carried out.
    Act(Value),
    /// An action is quoted.
    Quote(Value),
    /// The operator enters a refund.
    EnterRefund(Value),
    /// The money of a refund is back; the refund counted from 0.
    FinalizeRefund(usize),
    /// A step of a refund: the entry, and what is done with it.
    Refund(Value),
    /// An extra comes later, or a rebate.
    Adjust(Value),
    /// The booking is paid with a voucher, counted from 0.
    Redeem(Value),
    /// A slot is opened with another number of places, or closed.
    Slot(Value),
    /// What a payment link may collect.
    Collect(Value),
    /// Another booking of the same operator is made; the steps after it are about that one.
    Make(Value),
    /// The operator writes the policy anew.
    EditPolicy(Value),
    /// Nothing is done.
    Check,
}

/// What must be seen after a step. Only what is named is compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// The step is refused so; else it must succeed.
    pub refusal: Option<Value>,
    /// The action's quote.
    pub quote: Option<Value>,
    /// What may be collected.
    pub collect: Option<Value>,
    /// The booking's balance.
    pub balance: Option<Value>,
    /// Money in, less money back.
    pub paid: Option<Value>,
    /// What the booking costs.
    pub owed: Option<Value>,
    /// Refunds that are entered and not paid back yet.
    pub promised: Option<Value>,
    /// What is left of the booking.
    pub status: Option<Value>,
    /// How far it is paid.
    pub payment_status: Option<Value>,
    /// What the customer may do at the step's instant.
    pub options: Option<Value>,
    /// How the price of canceling everything changes.
    pub timeline: Option<Value>,
    /// The frozen terms of the first item.
    pub terms: Option<Value>,
    /// The refund entries.
    pub refunds: Option<Value>,
    /// What the operator has to do by hand.
    pub tasks: Option<Value>,
    /// The booking's items.
    pub items: Option<Value>,
    /// The entries of its plan.
    pub plan: Option<Value>,
    /// Its payments.
    pub payments: Option<Value>,
    /// What the operator has to see to.
    pub work: Option<Value>,
    /// The vouchers that were issued.
    pub vouchers: Option<Value>,
    /// The slots: how many places are there, and free.
    pub slots: Option<Value>,
}

impl Then {
    /// Does it name nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let answer = [&self.refusal, &self.quote, &self.collect];
        answer.iter().all(|member| member.is_none()) && self.seen().iter().all(|(_, member)| member.is_none())
    }

    /// What is compared with the booking after the step, by name.
    #[must_use]
    pub fn seen(&self) -> [(&'static str, Option<&Value>); 17] {
        [
            ("balance", self.balance.as_ref()),
            ("paid", self.paid.as_ref()),
            ("owed", self.owed.as_ref()),
            ("promised", self.promised.as_ref()),
            ("status", self.status.as_ref()),
            ("payment_status", self.payment_status.as_ref()),
            ("options", self.options.as_ref()),
            ("timeline", self.timeline.as_ref()),
            ("terms", self.terms.as_ref()),
            ("refunds", self.refunds.as_ref()),
            ("tasks", self.tasks.as_ref()),
            ("items", self.items.as_ref()),
            ("plan", self.plan.as_ref()),
            ("payments", self.payments.as_ref()),
            ("work", self.work.as_ref()),
            ("vouchers", self.vouchers.as_ref()),
            ("slots", self.slots.as_ref()),
        ]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    at: Instant,
    #[serde(default)]
    actor: Who,
    pay: Option<Value>,
    note_fee: Option<Value>,
    undo: Option<Value>,
    act: Option<Value>,
    quote: Option<Value>,
    enter_refund: Option<Value>,
    finalize_refund: Option<usize>,
    refund: Option<Value>,
    adjust: Option<Value>,
    redeem: Option<Value>,
    slot: Option<Value>,
    collect: Option<Value>,
    make: Option<Value>,
    edit_policy: Option<Value>,
    check: Option<Nothing>,
    #[serde(default)]
    then: Then,
}

/// `{}`: an object without members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl TryFrom<RawStep> for Step {
    type Error = &'static str;
    fn try_from(raw: RawStep) -> Result<Self, Self::Error> {
        let RawStep { at, actor, pay, act, quote, enter_refund, finalize_refund, edit_policy, check, then, .. } = raw;
        let verbs = [
            pay.map(Verb::Pay),
            raw.note_fee.map(Verb::NoteFee),
            raw.undo.map(Verb::Undo),
            act.map(Verb::Act),
            quote.map(Verb::Quote),
            enter_refund.map(Verb::EnterRefund),
            finalize_refund.map(Verb::FinalizeRefund),
            raw.refund.map(Verb::Refund),
            raw.adjust.map(Verb::Adjust),
            raw.redeem.map(Verb::Redeem),
            raw.slot.map(Verb::Slot),
            raw.collect.map(Verb::Collect),
            raw.make.map(Verb::Make),
            edit_policy.map(Verb::EditPolicy),
            check.map(|Nothing {}| Verb::Check),
        ];
        let mut verbs = verbs.into_iter().flatten();
        match (verbs.next(), verbs.next()) {
            (Some(verb), None) => Ok(Self { at, actor, verb, then }),
            _ => Err("a step has exactly one verb"),
        }
    }
}

impl Vector {
    /// Checks what the types do not say.
    ///
    /// # Errors
    /// What is wrong with the vector.
    pub fn check(&self) -> Result<(), &'static str> {
        let number = |text: &String| {
            let mut bytes = text.bytes();
            bytes.next().is_some_and(|b| b.is_ascii_uppercase()) && text.len() > 1 && bytes.all(|b| b.is_ascii_digit())
        };
        if self.requirement.is_empty() || !self.requirement.iter().all(number) {
            return Err("`requirement` names rules such as `B5`");
        }
        if self.steps.iter().all(|step| step.then.is_empty()) {
            return Err("nothing is expected: no step has a `then`");
        }
        if self.steps.iter().any(|step| step.then.quote.is_some() && !step.verb.is_action()) {
            return Err("only `act` and `quote` have a quote");
        }
        let times = std::iter::once(self.given.made_at).chain(self.steps.iter().map(|step| step.at));
        if times.is_sorted() { Ok(()) } else { Err("the steps are in the order of time") }
    }
}

impl Verb {
    /// Is it an action, and so has a quote?
    #[must_use]
    pub fn is_action(&self) -> bool {
        match self {
            Self::Act(_) | Self::Quote(_) => true,
            Self::Pay(_)
            | Self::NoteFee(_)
            | Self::Undo(_)
            | Self::EnterRefund(_)
            | Self::FinalizeRefund(_)
            | Self::Refund(_)
            | Self::Adjust(_)
            | Self::Redeem(_)
            | Self::Slot(_)
            | Self::Collect(_)
            | Self::Make(_)
            | Self::EditPolicy(_)
            | Self::Check => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(requirement: &str, step: &str) -> Result<(), String> {
        let text = format!(
            r#"{{"name":"n","requirement":[{requirement}],"given":{{"made_at":"2026-01-01T00:00:00Z","policy":{{}},"booking":{{}}}},
                "steps":[{{"at":"2026-01-02T00:00:00Z",{step}}}]}}"#
        );
        let vector: Vector = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        vector.check().map_err(str::to_owned)
    }

    #[test]
    fn what_a_vector_cannot_leave_out_or_add() {
        let good = r#""check":{},"then":{"status":"booked"}"#;
        assert_eq!(read(r#""B5""#, good), Ok(()));
        for (requirement, step, reason) in [
            ("", good, "names rules"),
            (r#""b5""#, good, "names rules"),
            (r#""B5""#, r#""check":{}"#, "nothing is expected"),
            (r#""B5""#, r#""check":{},"then":{}"#, "nothing is expected"),
            (r#""B5""#, r#""then":{"status":"booked"}"#, "exactly one verb"),
            (r#""B5""#, r#""check":{},"finalize_refund":0,"then":{"status":"booked"}"#, "exactly one verb"),
            (r#""B5""#, r#""check":{"x":1},"then":{"status":"booked"}"#, "unknown field"),
            (r#""B5""#, r#""check":{},"then":{"color":"red"}"#, "unknown field"),
            (r#""B5""#, r#""check":{},"then":{"quote":{}}"#, "only `act` and `quote`"),
        ] {
            let error = read(requirement, step).unwrap_err();
            assert!(error.contains(reason), "{step}: {error}");
        }
    }
}
