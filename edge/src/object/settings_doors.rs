//! What an operator sets, and what there is to see to in the outbox. Secrets come in and never go out.

use leeway_json::Raw;
use serde::{Deserialize, Serialize};

use super::{Asked, Desk};
use crate::effects::{Kind, State};
use crate::input::{self, field};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::Method;
use crate::sealed::{self, Label};
use crate::settings::{General, Topic};
use crate::store::Fault;
use crate::{host, log};

/// The most rows in one answer.
const ROWS_MAX: u32 = 200;
const ROWS: u32 = 50;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "OutboxRows"))]
pub struct Listed {
    #[cfg_attr(test, schemars(with = "Vec<std::collections::BTreeMap<String, serde_json::Value>>"))]
    rows: Vec<Raw<'static>>,
    /// Ask again with this for those after; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<u64>,
}

/// The query of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    pub state: Option<State>,
    pub kind: Option<Kind>,
    /// Rows after this one.
    pub after: u64,
    pub most: u32,
}

impl Desk {
    pub(super) fn settings(&self, asked: &Asked) -> Result<Reply, Fault> {
        if asked.method == Method::Get {
            return Ok(Reply::json(200, &self.store.general()?));
        }
        let general: General = input::json(&asked.body)?;
        general.check()?;
        self.store.transaction(|| self.store.put_general(&general, asked.at))?;
        Ok(Reply::json(200, &general))
    }

    /// Rows of the outbox, the oldest first.
    pub(super) fn outbox(&self, query: &str) -> Result<Reply, Fault> {
        let listing = listing(&input::form(query))?;
        let (rows, cursor) = self.store.outbox(listing)?;
        Ok(Reply::json(200, &Listed { rows, cursor }))
    }

    /// Tries a dead row again, from its first attempt.
    pub(super) fn retry_row(&self, seq: &str, asked: &Asked) -> Result<Reply, Fault> {
        let seq: u64 = seq.parse().map_err(|_| Problem::ROW_UNKNOWN)?;
        self.store.outbox_row(seq)?.ok_or(Problem::ROW_UNKNOWN)?;
        self.store.transaction(|| {
            let revived = self.store.revive(seq, asked.at)?;
            if revived { Ok(()) } else { Err(Problem::ROW_NOT_DEAD.into()) }
        })?;
        log::committed("outbox_retried", self.operator()?.id, seq, 0);
        Ok(Reply::json(200, &self.store.outbox_row(seq)?.ok_or(Problem::ROW_UNKNOWN)?))
    }

    /// A secret of this operator, as it is stored.
    pub(super) fn seal(&self, topic: Topic, secret: &str) -> Result<String, Fault> {
        let label = Label { operator: self.operator()?.id, purpose: topic.name() };
        let sealed = sealed::seal(&self.config.keys, label, host::random(), secret);
        sealed.ok_or_else(|| Fault::platform("no key to seal with"))
    }

    /// What was sealed for this operator.
    pub fn unseal(&self, topic: Topic, text: &str) -> Result<String, Fault> {
        let label = Label { operator: self.operator()?.id, purpose: topic.name() };
        let secret = sealed::open(&self.config.keys, label, text);
        secret.ok_or_else(|| {
            Fault::platform(format!("a secret of `{}` was sealed with a key that is gone", topic.name()))
        })
    }
}

fn listing(fields: &[(String, String)]) -> Result<Listing, Problem> {
    fn named<T: for<'de> Deserialize<'de>>(fields: &[(String, String)], name: &str) -> Result<Option<T>, Problem> {
        let Some(text) = field(fields, name) else { return Ok(None) };
        let quoted = leeway_json::write(&text).map_err(|_| Problem::INTERNAL)?;
        leeway_json::read(&quoted).map(Some).map_err(|malformed| Problem::malformed(name, malformed.message))
    }
    let number = |name: &str, default: u64, most: u64| match field(fields, name) {
        Some(text) => text
            .parse()
            .ok()
            .filter(|n| *n <= most)
            .ok_or_else(|| Problem::malformed(name, format!("a number up to {most}"))),
        None => Ok(default),
    };
    Ok(Listing {
        state: named(fields, "state")?,
        kind: named(fields, "kind")?,
        after: number("cursor", 0, 1 << 53)?,
        most: u32::try_from(number("limit", ROWS.into(), ROWS_MAX.into())?.max(1)).unwrap_or(ROWS),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(String, String)> {
        input::form(text)
    }

    #[test]
    fn a_listing_names_what_is_wrong() {
        let plain = Listing { state: None, kind: None, after: 0, most: 50 };
        assert_eq!(listing(&[]).unwrap(), plain);
        let all = Listing { state: Some(State::Dead), kind: Some(Kind::Refund), after: 7, most: 200 };
        assert_eq!(listing(&fields("state=dead&kind=refund&cursor=7&limit=200")).unwrap(), all);
        for (text, path) in
            [("state=lost", "state"), ("kind=fax", "kind"), ("cursor=-1", "cursor"), ("limit=201", "limit")]
        {
            assert_eq!(listing(&fields(text)).unwrap_err().path(), Some(path));
        }
    }
}
