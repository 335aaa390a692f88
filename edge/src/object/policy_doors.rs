//! Policies: all of them, and what one would have made of the past. One policy is in [`super::api`].
//!
//! Source: requirement B7

use leeway_core::fields::FromObject;
use leeway_core::what_if::{PastCancellation, WhatIf, what_if};
use leeway_core::{Instant, Policy};
use serde::Serialize;

use super::{Asked, Desk};
use crate::input;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::store::{Fault, Precedent};

/// The most bookings whose cancellations are judged again.
const BOOKINGS_MAX: u32 = 500;

/// All policies.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PolicyList {
    pub policies: Vec<Policy>,
}

/// What is asked about the past.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WhatIfRequest {
    /// The policy as it would be; absent, as it is stored.
    #[serde(default)]
    pub policy: Option<Policy>,
    /// Cancellations at this instant or later.
    #[serde(default)]
    pub from: Option<Instant>,
    /// And before this one.
    #[serde(default)]
    pub to: Option<Instant>,
}

/// What a policy would have made of the past.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WhatIfAnswer {
    /// Of how many bookings.
    pub bookings: u32,
    /// Were there more? Then these are those that were canceled last.
    pub more: bool,
    /// What came of their cancellations by customers, and what would have, by currency.
    pub currencies: Vec<WhatIf>,
}

impl Desk {
    pub(super) fn policies(&self) -> Result<Reply, Fault> {
        Ok(Reply::json(200, &PolicyList { policies: self.store.policies()? }))
    }

    pub(super) fn what_if(&self, name: &str, asked: &Asked) -> Result<Reply, Fault> {
        let WhatIfRequest { policy, from, to } = input::json(&asked.body)?;
        let stored = self.store.policy(name)?.ok_or(Problem::NOT_FOUND)?;
        let policy = policy.unwrap_or(stored);
        let range = from.unwrap_or(Instant::EPOCH)..to.unwrap_or(Instant::EPOCH.shifted_ms(i64::MAX));
        let mut ids = self.store.canceled(&range, BOOKINGS_MAX.saturating_add(1))?;
        let more = ids.len() > BOOKINGS_MAX as usize;
        ids.truncate(BOOKINGS_MAX as usize);
        let mut past: Vec<Precedent> = Vec::new();
        for id in &ids {
            let document = self.store.document(*id)?.ok_or_else(|| Fault::platform("no booking"))?;
            past.extend(document.cancellations()?.into_iter().filter(|one| range.contains(&one.at)));
        }
        let past: Vec<_> = past
            .iter()
            .map(|Precedent { booking, selection, at }| PastCancellation { booking, selection, at: *at })
            .collect();
        let currencies = what_if(&policy, &past).map_err(|error| Problem::malformed("policy", error.to_string()))?;
        let bookings = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        Ok(Reply::json(200, &WhatIfAnswer { bookings, more, currencies }))
    }
}
