//! What is still to be done outside: refunds at the provider, checkouts to follow, mails, messages to the operator's systems. Rows of the
//! outbox are worked off here; they are written in the commit that causes them ([`follow`]), never here.
//!
//! A row is tried at least once and can be tried twice: whoever delivers does it under a key that belongs to the row, so that the other side
//! recognizes the second time. An attempt is marked before the call, its outcome is committed after it; a crash in between leaves a row whose
//! time comes again.
//!
//! INVARIANT: the alarm never fails, or the platform would give it up after six tries.

mod backoff;
pub mod checkouts;
pub mod email;
pub mod follow;
pub mod refunds;
mod row;
pub mod webhooks;

pub use row::{Kind, Needs, NewRow, Row, State};

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use leeway_core::Instant;

use crate::object::Desk;
use crate::store::{Fault, Why};
use crate::{host, log};

/// So many rows are under way at once, each of a lane of its own.
const AT_ONCE: u32 = 16;
/// How long an attempt may take: none takes longer, since every call outside has a shorter limit of its own.
pub const LEASE_MS: i64 = 30_000;
/// So many batches in one alarm; what is left comes with the next one.
const BATCHES_MAX: u32 = 64;
/// How long ended rows are kept, and a provider's webhooks remembered, which are sent again for three days.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What came of an attempt.
pub enum Outcome {
    /// Done; nothing else changes.
    Done,
    /// Done, and this is what changes with it, in one commit.
    Commit(Work, Then),
    /// Nothing to do any more.
    Dropped(&'static str),
    /// Not yet: to be looked at again at this instant. Counts as no attempt.
    Later(Instant),
    /// It may work later.
    Retry(String),
    /// It will not work however often it is tried: somebody has to look at it.
    Dead(String),
}

impl Outcome {
    /// What is wrong with what was asked stays wrong; what is ours may work later.
    fn failed(fault: Fault) -> Self {
        match fault.why() {
            Why::Problem(problem) => Self::Dead(problem.told()),
            Why::Platform(why) => Self::Retry(why.into()),
        }
    }
}

/// What becomes of a row whose outcome is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    End,
    /// The other side has it in hand: looked at again after so many milliseconds, in case its word is lost.
    LookAgain(i64),
}

/// What is committed with an outcome.
pub type Work = Box<dyn FnOnce(&Desk, Instant) -> Result<(), Fault>>;

/// The time for effects: the platform's own, or in tests the one that was asked for.
#[derive(Clone, Copy)]
pub enum Clock {
    Platform,
    #[cfg(feature = "test-doors")]
    Fixed(Instant),
}

impl Clock {
    fn now(self) -> Instant {
        match self {
            Self::Platform => Instant::EPOCH.shifted_ms(host::now_ms()),
            #[cfg(feature = "test-doors")]
            Self::Fixed(at) => at,
        }
    }
}

/// Works off what is due; answers how many rows were tried. Then sets the alarm for what is due next.
pub async fn run(desk: &Desk, clock: Clock) -> u32 {
    if desk.effects_run.replace(true) {
        return 0;
    }
    let tried = run_batches(desk, clock).await;
    desk.effects_run.set(false);
    let before = clock.now().shifted_ms(KEPT_MS.saturating_neg());
    if let Err(fault) = desk.store.prune_outbox(before).and_then(|()| desk.store.prune_provider_events(before)) {
        log::error("outbox_prune", &format!("{fault:?}"));
    }
    desk.store.rearm();
    tried
}

async fn run_batches(desk: &Desk, clock: Clock) -> u32 {
    let mut tried = 0_u32;
    for _ in 0..BATCHES_MAX {
        let now = clock.now();
        let rows = match desk.store.claim(now, now.shifted_ms(LEASE_MS), AT_ONCE) {
            Ok(rows) => rows,
            Err(fault) => {
                log::error("outbox_claim", &format!("{fault:?}"));
                return tried;
            }
        };
        if rows.is_empty() {
            break;
        }
        tried = tried.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        all(rows.iter().map(|row| attempt(desk, row, clock))).await;
    }
    tried
}

/// Waits for all of them at once. They are few, so that each is looked at whenever one can go on.
async fn all(attempts: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut open: Vec<_> = attempts.map(Box::pin).collect();
    poll_fn(|context| {
        open.retain_mut(|attempt| attempt.as_mut().poll(context).is_pending());
        if open.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

async fn attempt(desk: &Desk, row: &Row, clock: Clock) {
    let outcome = deliver(desk, row, clock.now()).await;
    if let Err(fault) = conclude(desk, row, outcome, clock.now()) {
        // The row stays as it was marked: its time comes again.
        log::error("outbox_conclude", &format!("{} {}: {fault:?}", row.kind.as_str(), row.seq));
    }
}

/// Does what a row says.
async fn deliver(desk: &Desk, row: &Row, at: Instant) -> Outcome {
    match row.kind {
        Kind::Refund => refunds::deliver(desk, row, at).await,
        Kind::Checkout => checkouts::deliver(desk, row, at).await,
        Kind::Webhook => webhooks::deliver(desk, row, at).await,
        Kind::CloseCheckouts => checkouts::close(desk, row).await,
        Kind::Email => email::deliver(desk, row, at).await,
    }
}

/// Records what came of an attempt, with what it changes, in one commit.
fn conclude(desk: &Desk, row: &Row, outcome: Outcome, at: Instant) -> Result<(), Fault> {
    let end = |state, error: Option<&str>| desk.store.end_row(row, state, error, at);
    match outcome {
        Outcome::Done => desk.store.transaction(|| end(State::Done, None)),
        Outcome::Dropped(why) => desk.store.transaction(|| end(State::Dropped, Some(why))),
        Outcome::Dead(why) => dead(desk, row, &why, at),
        Outcome::Later(when) => desk.store.transaction(|| desk.store.put_off(row, when, None, 0)),
        Outcome::Retry(why) => retry(desk, row, &why, at),
        Outcome::Commit(work, then) => {
            let done = desk.store.transaction(|| {
                work(desk, at)?;
                match then {
                    Then::End => end(State::Done, None),
                    Then::LookAgain(after_ms) => desk.store.put_off(row, at.shifted_ms(after_ms), None, row.attempts),
                }
            });
            match done {
                Ok(()) => Ok(()),
                // The rules say no to what came of it: no later try would change that.
                Err(fault) => match fault.why() {
                    Why::Problem(problem) => dead(desk, row, &problem.told(), at),
                    Why::Platform(why) => retry(desk, row, &why, at),
                },
            }
        }
    }
}

fn retry(desk: &Desk, row: &Row, why: &str, at: Instant) -> Result<(), Fault> {
    if row.attempts >= row.kind.attempts_max() {
        return dead(desk, row, why, at);
    }
    let next = at.shifted_ms(backoff::after(row.attempts, host::random()));
    desk.store.transaction(|| desk.store.put_off(row, next, Some(why), row.attempts))
}

fn dead(desk: &Desk, row: &Row, why: &str, at: Instant) -> Result<(), Fault> {
    let command = row.command.map_or_else(String::new, |command| format!(" of command {command}"));
    log::error("outbox_dead", &format!("{} {}{command}", row.kind.as_str(), row.seq));
    desk.store.transaction(|| desk.store.end_row(row, State::Dead, Some(why), at))
}

/// The object's alarm.
pub async fn alarm(desk: Rc<Result<Desk, String>>) {
    match desk.as_ref() {
        Ok(desk) if desk.keeps_time() => drop(run(desk, Clock::Platform).await),
        Ok(_) => {}
        Err(error) => log::error("alarm", error),
    }
}
