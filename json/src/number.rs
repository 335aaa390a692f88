//! The digits of a whole number, on the stack. The standard library's way brings padding, signs and alignment.

/// A sign and twenty digits.
const BYTES_MAX: usize = 21;

/// A number as it is written.
pub(crate) struct Number {
    bytes: [u8; BYTES_MAX],
    from: usize,
}

impl Number {
    #[inline(never)]
    pub(crate) fn of(is_negative: bool, mut size: u64) -> Self {
        let mut number = Self { bytes: [b'0'; BYTES_MAX], from: BYTES_MAX };
        loop {
            number.put(b'0'.wrapping_add((size % 10) as u8));
            size /= 10;
            if size == 0 {
                break;
            }
        }
        if is_negative {
            number.put(b'-');
        }
        number
    }

    fn put(&mut self, byte: u8) {
        self.from = self.from.saturating_sub(1);
        if let Some(place) = self.bytes.get_mut(self.from) {
            *place = byte;
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(self.from..).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}
