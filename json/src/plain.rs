//! How far a string goes on without a character that JSON writes otherwise. Eight bytes at a time: most of a booking's JSON is ids, instants
//! and names of fields, and nearly none of their bytes needs looking at.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = ONES << 7;

/// How many bytes come before the first quote, backslash or control character.
#[inline]
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut len = 0_usize;
    for word in words {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            return len.saturating_add((special.trailing_zeros() / 8) as usize);
        }
        len = len.saturating_add(8);
    }
    let in_rest = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    len.saturating_add(in_rest.unwrap_or(rest.len()))
}

/// The high bit of each special byte. INVARIANT: none below the first special one is set; above it some may be that should not, since a
/// subtraction borrows.
fn special(word: u64) -> u64 {
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES.wrapping_mul(limit)) & !bytes;
    let equal = |byte: u8| below(word ^ ONES.wrapping_mul(byte.into()), 1);
    (below(word, 0x20) | equal(b'"') | equal(b'\\')) & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place() {
        for byte in 0..=u8::MAX {
            for len in 0..20 {
                for at in 0..len {
                    for (around, after) in
                        [(b'a', b'a'), (0x7f, 0xff), (b'!', b'"'), (b'#', 0), (b'[', b'\\'), (b' ', 0x21)]
                    {
                        let mut bytes = vec![around; len];
                        bytes[at] = byte;
                        bytes[at + 1..].fill(after);
                        let slow = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
                        assert_eq!(plain_len(&bytes), slow.unwrap_or(len), "{bytes:?}");
                    }
                }
            }
        }
    }
}
