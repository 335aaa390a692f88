//! How long to wait before the next try: twice as long each time, with jitter, so that many rows do not come back at once.

/// After the first failure, about so long.
const FIRST_MS: i64 = 2_000;
/// And never longer.
const MOST_MS: i64 = 60 * 60 * 1000;

/// Milliseconds to wait after so many attempts: between half of and the whole of 2 s × 2^(n−1), at most an hour.
pub fn after(attempts: u32, random: [u8; 2]) -> i64 {
    let doublings = attempts.saturating_sub(1).min(20);
    let whole = FIRST_MS.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(i64::MAX)).min(MOST_MS);
    let half = whole / 2;
    let part = half.saturating_mul(u16::from_be_bytes(random).into()) / i64::from(u16::MAX);
    half.saturating_add(part)
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn doubles_up_to_an_hour_and_never_waits_less_than_half() {
        assert_eq!((after(1, [0, 0]), after(1, [255, 255])), (1_000, 2_000));
        assert_eq!((after(2, [0, 0]), after(2, [255, 255])), (2_000, 4_000));
        assert_eq!((after(11, [255, 255]), after(12, [255, 255])), (2_048_000, 3_600_000));
        assert_eq!((after(24, [0, 0]), after(u32::MAX, [255, 255])), (1_800_000, 3_600_000));
        assert_eq!(after(0, [0, 0]), 1_000);
    }
}
