//! A payment provider that pays back: slowly, sometimes not, sometimes only to take it back weeks later. It does an attempt once, however often
//! it is asked, and keeps its own books of what really left.

use std::collections::BTreeMap;

use leeway_core::command::ProviderWord;
use leeway_core::id::{PaymentId, RefundId};

use super::random::Random;
use super::store::PayoutKey;

/// How an attempt stands with the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Accepted,
    Paid,
    Failed,
}

impl Standing {
    fn word(self) -> ProviderWord {
        match self {
            Self::Accepted => ProviderWord::Accepted,
            Self::Paid => ProviderWord::Paid,
            Self::Failed => ProviderWord::failed("the account is closed"),
        }
    }
}

/// What becomes of an attempt in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Paid,
    Fails,
    FailsAfterPaying,
}

#[derive(Debug, Clone, Copy)]
struct Attempt {
    minor: i64,
    standing: Standing,
    fate: Fate,
}

/// The provider.
#[derive(Debug, Default)]
pub(crate) struct Provider {
    attempts: BTreeMap<PayoutKey, Attempt>,
    moving: Vec<PayoutKey>,
    left: BTreeMap<(RefundId, PaymentId), i64>,
    forgets: bool,
}

impl Provider {
    /// A provider that does again what it is asked again.
    pub(crate) fn forgetful() -> Self {
        Self { forgets: true, ..Self::default() }
    }

    /// Asks it for a refund; the same attempt again is only answered.
    pub(crate) fn ask(&mut self, key: PayoutKey, minor: i64, random: &mut Random) -> ProviderWord {
        let known = self.attempts.get(&key).map(|attempt| attempt.standing);
        match known {
            Some(standing) if !self.forgets => standing.word(),
            Some(_) | None => self.begin(key, minor, random),
        }
    }

    fn begin(&mut self, key: PayoutKey, minor: i64, random: &mut Random) -> ProviderWord {
        let fate = match random.below(100) {
            0..70 => Fate::Paid,
            70..88 => Fate::Fails,
            _ => Fate::FailsAfterPaying,
        };
        self.attempts.insert(key, Attempt { minor, standing: Standing::Accepted, fate });
        self.moving.push(key);
        if random.chance(300) { self.go_on(self.moving.len() - 1) } else { Standing::Accepted.word() }
    }

    /// Something happens at the provider: which attempt, and what it says of it now.
    pub(crate) fn happens(&mut self, random: &mut Random) -> Option<(PayoutKey, ProviderWord)> {
        let at = random.index(self.moving.len());
        let key = *self.moving.get(at)?;
        Some((key, self.go_on(at)))
    }

    fn go_on(&mut self, at: usize) -> ProviderWord {
        let found = self.moving.get(at).copied().and_then(|key| Some((key, self.attempts.get_mut(&key)?)));
        let Some((key, attempt)) = found else { return Standing::Failed.word() };
        let left = self.left.entry((key.refund, key.payment)).or_default();
        attempt.standing = match (attempt.standing, attempt.fate) {
            (Standing::Accepted, Fate::Paid | Fate::FailsAfterPaying) => {
                *left += attempt.minor;
                Standing::Paid
            }
            (Standing::Paid, Fate::FailsAfterPaying) => {
                *left -= attempt.minor;
                Standing::Failed
            }
            (Standing::Accepted, Fate::Fails) => Standing::Failed,
            (standing @ (Standing::Paid | Standing::Failed), _) => standing,
        };
        let word = attempt.standing.word();
        if (attempt.standing, attempt.fate) != (Standing::Paid, Fate::FailsAfterPaying) {
            self.moving.swap_remove(at);
        }
        word
    }

    /// What it says of an attempt when it is asked; nothing of one that it was never asked for.
    pub(crate) fn word(&self, key: PayoutKey) -> Option<ProviderWord> {
        self.attempts.get(&key).map(|attempt| attempt.standing.word())
    }

    /// What really left for a share, over all its attempts, less what came back.
    pub(crate) fn left(&self, refund: RefundId, payment: PaymentId) -> i64 {
        self.left.get(&(refund, payment)).copied().unwrap_or(0)
    }

    /// Everything that really left.
    pub(crate) fn all_left(&self) -> impl Iterator<Item = ((RefundId, PaymentId), i64)> {
        self.left.iter().map(|(share, minor)| (*share, *minor))
    }
}
