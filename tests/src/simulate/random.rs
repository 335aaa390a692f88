//! Chance that is decided by a seed alone: splitmix64. Not for secrets.

use uuid::Uuid;

/// A sequence of numbers that follows from a seed, on every machine alike.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// Starts a sequence. Seeds that lie side by side have nothing in common.
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Self(seed);
        random.next();
        random
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `end`; 0 where that is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The high half of a product: no modulo, and the same on 32 bits.
        let product = u128::from(self.next()) * u128::from(end);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `first` to `last`, both included.
    pub(crate) fn between(&mut self, first: i64, last: i64) -> i64 {
        let width = u64::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(0);
        first.saturating_add(i64::try_from(self.below(width)).unwrap_or(0))
    }

    /// Yes, so many times in a thousand.
    pub(crate) fn chance(&mut self, in_a_thousand: u64) -> bool {
        self.below(1000) < in_a_thousand
    }

    /// A place in a list of this length.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(0))).unwrap_or(0)
    }

    /// One of these; none of nothing.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.index(of.len()))
    }

    /// One of these, for lists that are never empty.
    pub(crate) fn one_of<T: Copy, const N: usize>(&mut self, of: [T; N], otherwise: T) -> T {
        self.pick(&of).copied().unwrap_or(otherwise)
    }

    /// A new id.
    pub(crate) fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference implementation's first numbers for the state 1234567.
    #[test]
    fn is_splitmix64() {
        let mut random = Random(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn stays_inside() {
        let mut random = Random::of(1);
        let seen: Vec<i64> = (0..200).map(|_| random.between(-2, 2)).collect();
        assert_eq!((seen.iter().min(), seen.iter().max()), (Some(&-2), Some(&2)));
        assert_eq!((random.below(0), random.pick::<u8>(&[])), (0, None));
    }
}
