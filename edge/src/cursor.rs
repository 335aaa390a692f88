//! Where a list goes on: the sort key of its last entry, opaque to whoever sends it back. Not signed: it opens nothing.

use leeway_core::Instant;

use crate::base64url;
use crate::input;
use crate::problem::Problem;

/// The largest number that crosses to JavaScript exactly, 2^53 − 1.
const NUMBER_MAX: u64 = 9_007_199_254_740_991;

/// The last entry of a part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The time by which the list is sorted first, in milliseconds since 1970; nothing where it is sorted by number alone.
    pub at_ms: i64,
    /// The number, which no two entries share.
    pub number: u64,
}

impl Cursor {
    /// After an entry of a list that is sorted by number.
    pub fn of_number(number: u64) -> Self {
        Self { at_ms: 0, number }
    }

    pub fn text(self) -> String {
        let mut bytes = Vec::with_capacity(16);
        bytes.extend(self.at_ms.to_be_bytes());
        bytes.extend(self.number.to_be_bytes());
        base64url::encode(&bytes)
    }

    /// The field `cursor`.
    pub fn read(fields: &[(String, String)]) -> Result<Option<Self>, Problem> {
        let Some(text) = input::field(fields, "cursor") else { return Ok(None) };
        let read = base64url::decode(&text).and_then(|bytes| Self::of_bytes(&bytes));
        read.map(Some).ok_or_else(|| Problem::malformed("cursor", "not a cursor of this list"))
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (at, number) = bytes.split_first_chunk::<8>()?;
        let cursor = Self { at_ms: i64::from_be_bytes(*at), number: u64::from_be_bytes(number.try_into().ok()?) };
        // What a list never makes, it does not take.
        (Instant::from_ms(cursor.at_ms).is_ok() && cursor.number <= NUMBER_MAX).then_some(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Cursor>, Problem> {
        Cursor::read(&[("cursor".to_owned(), text.to_owned())])
    }

    #[test]
    fn what_was_given_out_is_taken_back_and_nothing_else() {
        let cursor = Cursor { at_ms: 1_786_694_400_000, number: 7 };
        assert_eq!(read(&cursor.text()).unwrap(), Some(cursor));
        assert_eq!(Cursor::read(&[]).unwrap(), None);
        let beyond = Cursor::of_number(u64::MAX).text();
        let before = Cursor { at_ms: i64::MIN, number: 1 }.text();
        for text in ["", "x", "AAAA", &format!("{}A", cursor.text()), &beyond, &before] {
            assert_eq!(read(text).unwrap_err().path(), Some("cursor"), "{text}");
        }
    }
}
