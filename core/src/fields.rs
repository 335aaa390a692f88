//! What the readers of all structs share: the fields of an object, read into a table of places. Not a format: serde's `Deserializer` brings that.
//!
//! ```
//! use leeway_core::fields::FromObject;
//! #[derive(FromObject)]
//! #[serde(deny_unknown_fields)]
//! struct Guest {
//!     name: String,
//!     age: Option<u8>,
//! }
//! let guest: Guest = serde_json::from_str(r#"{"name":"Ana"}"#)?;
//! assert_eq!((guest.name.as_str(), guest.age), ("Ana", None));
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

pub use leeway_derive::FromObject;
#[doc(hidden)]
pub use serde;

/// Which fields a struct has.
#[derive(Debug)]
pub struct Shape {
    /// Their names.
    pub names: &'static [&'static str],
    /// One bit for each that has to come.
    pub needed: u64,
    /// What happens to fields of other names.
    pub others: Others,
}

/// What happens to fields that a struct does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// They are a mistake.
    Refused,
    /// They are read over.
    Skipped,
}

/// Where the value of a field is put.
pub trait Slot<'de, A: MapAccess<'de>> {
    /// Reads the value that comes next.
    ///
    /// # Errors
    /// It is not of the field's type.
    fn fill(&mut self, map: &mut A) -> Result<(), A::Error>;
}

/// A field that has to come.
impl<'de, T: Deserialize<'de>, A: MapAccess<'de>> Slot<'de, A> for Option<T> {
    fn fill(&mut self, map: &mut A) -> Result<(), A::Error> {
        *self = Some(map.next_value()?);
        Ok(())
    }
}

/// A field that has a value where it does not come.
#[derive(Debug)]
pub struct Held<T>(pub T);

impl<T> Held<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<'de, T: Deserialize<'de>, A: MapAccess<'de>> Slot<'de, A> for Held<T> {
    fn fill(&mut self, map: &mut A) -> Result<(), A::Error> {
        self.0 = map.next_value()?;
        Ok(())
    }
}

/// Reads all fields of an object, each into its place: one function for all structs.
///
/// # Errors
/// A field is wrong, comes twice, or does not come and has to.
#[inline(never)]
pub fn read<'de, A: MapAccess<'de>>(
    map: &mut A,
    shape: &'static Shape,
    slots: &mut [&mut dyn Slot<'de, A>],
) -> Result<(), A::Error> {
    let mut came = 0_u64;
    while let Some(place) = map.next_key_seed(shape)? {
        let (Some(slot), Some(name)) = (slots.get_mut(place as usize), shape.names.get(place as usize)) else {
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        let bit = 1_u64.wrapping_shl(place);
        if came & bit != 0 {
            return Err(A::Error::duplicate_field(name));
        }
        came |= bit;
        slot.fill(map)?;
    }
    let first_missing = (shape.needed & !came).trailing_zeros();
    match shape.names.get(first_missing as usize) {
        Some(name) => Err(A::Error::missing_field(name)),
        None => Ok(()),
    }
}

/// What [`read`] has found before: a field that has to come and did not.
#[cold]
#[inline(never)]
pub fn missing<E: Error>() -> E {
    E::custom("a field is missing")
}

/// The place of a name; one behind the last where it is not known and skipped.
impl<'de> DeserializeSeed<'de> for &'static Shape {
    type Value = u32;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u32, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for &'static Shape {
    type Value = u32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    /// A format that knows the names says the place.
    fn visit_u64<E: Error>(self, place: u64) -> Result<u32, E> {
        match u32::try_from(place) {
            Ok(place) if self.names.get(place as usize).is_some() => Ok(place),
            _ if self.others == Others::Skipped => Ok(u32::MAX),
            _ => Err(E::custom("no field has this place")),
        }
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<u32, E> {
        match (0..).zip(self.names).find(|(_, known)| **known == name) {
            Some((place, _)) => Ok(place),
            None if self.others == Others::Skipped => Ok(u32::MAX),
            None => Err(E::unknown_field(name, self.names)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::FromObject;

    #[derive(Debug, PartialEq, FromObject)]
    #[serde(deny_unknown_fields)]
    struct Strict<'a> {
        #[serde(rename = "type")]
        kind: Cow<'a, str>,
        count: u8,
        note: Option<u8>,
        #[serde(default)]
        list: Vec<u8>,
        #[serde(default = "seven")]
        seven: u8,
    }

    fn seven() -> u8 {
        7
    }

    #[derive(Debug, PartialEq, FromObject)]
    struct Loose {
        one: u8,
    }

    fn refused(text: &str) -> String {
        serde_json::from_str::<Strict<'_>>(text).unwrap_err().to_string()
    }

    #[test]
    fn fields_come_in_any_order_or_have_a_value() {
        let read: Strict<'_> = serde_json::from_str(r#"{"count":1,"type":"a"}"#).unwrap();
        assert_eq!(read, Strict { kind: "a".into(), count: 1, note: None, list: Vec::new(), seven: 7 });
        let read: Strict<'_> = serde_json::from_str(r#"{"list":[1],"seven":8,"note":2,"type":"","count":0}"#).unwrap();
        assert_eq!(read, Strict { kind: "".into(), count: 0, note: Some(2), list: vec![1], seven: 8 });
        let read: Strict<'_> = serde_json::from_str(r#"{"type":"","count":0,"note":null}"#).unwrap();
        assert_eq!(read.note, None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(refused("{}").starts_with("missing field `type`"));
        assert!(refused(r#"{"type":"a"}"#).starts_with("missing field `count`"));
        assert!(refused(r#"{"kind":"a"}"#).starts_with("unknown field `kind`"));
        assert!(refused(r#"{"count":1,"count":1}"#).starts_with("duplicate field `count`"));
        assert!(refused(r#"{"note":1,"note":1}"#).starts_with("duplicate field `note`"));
        assert!(refused(r#"{"count":256}"#).starts_with("invalid value"));
        assert!(refused("[]").starts_with("invalid type"));
    }

    #[test]
    fn other_fields_are_read_over() {
        assert_eq!(serde_json::from_str::<Loose>(r#"{"x":[{}],"one":3}"#).unwrap(), Loose { one: 3 });
    }
}
