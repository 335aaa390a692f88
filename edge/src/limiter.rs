//! A limiter in the object's memory: a bucket for each link and each API key, refilled with time. It forgets when the object sleeps, which
//! is kind to customers and no help to anyone who has to wait for that.

use leeway_core::Map;
use uuid::Uuid;

/// How many buckets are kept; the full ones go first.
const BUCKETS_MAX: usize = 10_000;

/// How much a bucket holds, and how fast it fills.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// So many at once.
    pub burst: u32,
    /// So many a second after that.
    pub per_s: u32,
}

/// One person with one link.
pub const LINK: Rate = Rate { burst: 120, per_s: 20 };
/// One system of an operator.
pub const API_KEY: Rate = Rate { burst: 10_000, per_s: 1_000 };

struct Bucket {
    thousandths: i64,
    at_ms: i64,
}

/// The buckets of one object.
#[derive(Default)]
pub struct Limiter {
    buckets: Map<Uuid, Bucket>,
}

impl Limiter {
    /// Takes one, or says after how many seconds there is one.
    pub fn take(&mut self, who: Uuid, rate: Rate, now_ms: i64) -> Result<(), u32> {
        let full = i64::from(rate.burst).saturating_mul(1000);
        if self.buckets.len() >= BUCKETS_MAX && !self.buckets.contains_key(&who) {
            self.buckets.retain(|_, bucket| now_ms.saturating_sub(bucket.at_ms) < 60_000);
            if self.buckets.len() >= BUCKETS_MAX {
                self.buckets.clear();
            }
        }
        let bucket = self.buckets.get_or_insert_with(who, || Bucket { thousandths: full, at_ms: now_ms });
        let passed_ms = now_ms.saturating_sub(bucket.at_ms).max(0);
        let refill = passed_ms.saturating_mul(i64::from(rate.per_s));
        bucket.thousandths = bucket.thousandths.saturating_add(refill).min(full);
        bucket.at_ms = now_ms;
        if bucket.thousandths < 1000 {
            let missing = 1000_i64.saturating_sub(bucket.thousandths);
            let ms = missing.checked_div(i64::from(rate.per_s)).unwrap_or(1000);
            return Err(u32::try_from(ms / 1000).unwrap_or(1).saturating_add(1));
        }
        bucket.thousandths = bucket.thousandths.saturating_sub(1000);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_trickle() {
        let rate = Rate { burst: 3, per_s: 2 };
        let mut limiter = Limiter::default();
        let who = Uuid::from_u128(1);
        assert!((0..3).all(|_| limiter.take(who, rate, 0).is_ok()));
        assert_eq!(limiter.take(who, rate, 100), Err(1));
        assert!(limiter.take(who, rate, 500).is_ok());
        assert!(limiter.take(who, rate, 500).is_err());
        assert!(limiter.take(Uuid::from_u128(2), rate, 500).is_ok(), "another has its own");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let rate = Rate { burst: 1, per_s: 1 };
        let mut limiter = Limiter::default();
        let who = Uuid::from_u128(1);
        assert!(limiter.take(who, rate, 10_000).is_ok());
        assert!(limiter.take(who, rate, 0).is_err());
    }
}
