//! Short names that operators give to windows, kinds of line and instalments.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A short name for machines: 1 to 40 of `a–z`, `0–9`, `_` and `-`.
///
/// Copied, never allocated: every quote names windows and items by such codes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
pub struct Code {
    // INVARIANT: ASCII, zeros behind the last letter.
    letters: [u8; CODE_LETTERS_MAX],
}

const CODE_LETTERS_MAX: usize = 40;

impl Code {
    /// Checks a code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        let mut letters = [0; CODE_LETTERS_MAX];
        letters.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        (!text.is_empty() && text.as_bytes().iter().all(plain)).then_some(Self { letters })
    }

    /// A code that we write ourselves.
    pub(crate) fn literal(text: &'static str) -> Self {
        debug_assert!(Self::parse(text).is_some(), "`{text}` is no code");
        Self::parse(text).unwrap_or(Self { letters: [b'-'; CODE_LETTERS_MAX] })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.letters.iter().position(|letter| *letter == 0).unwrap_or(CODE_LETTERS_MAX);
        self.letters.get(..end).and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default()
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Code;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a code: 1 to 40 of a-z, 0-9, _ and -")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Code, E> {
                Code::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
