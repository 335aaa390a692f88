//! JSON in: what serde's readers of types ask for, asked of the source. A struct is read from an object only and an enum from its name only;
//! serde's derived code could also read them from lists and objects, which nobody may send.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::mistake::{Mistake, OneOf};
use crate::raw;
use crate::source::{Source, Whole};

/// Reads a value; the text is all of it.
///
/// # Errors
/// [`Malformed`].
pub fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Box<Malformed>> {
    read_as(PhantomData, text)
}

/// Reads a value by a seed, which knows more than its type says.
///
/// # Errors
/// [`Malformed`].
pub fn read_as<'a, S: DeserializeSeed<'a>>(seed: S, text: &'a str) -> Result<S::Value, Box<Malformed>> {
    let mut source = Source::new(text);
    let value = seed.deserialize(&mut source).and_then(|value| source.end().map(|()| value));
    value.map_err(|mistake| Malformed::of(&source, mistake))
}

/// What is wrong with a text, and where. Boxed where it is answered: what is read is often small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The field, or the object around it where one is missing, such as `items[0].lines[2].price`; empty where it is the whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl Malformed {
    #[cold]
    #[inline(never)]
    pub(crate) fn of(source: &Source<'_>, mistake: Mistake) -> Box<Self> {
        Box::new(Self { path: source.path(), message: mistake.into_sentence() })
    }
}

impl Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.message)
    }
}

impl std::error::Error for Malformed {}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            match self.expect_number(&visitor)? {
                Whole::Unsigned(value) => visitor.visit_u64(value),
                Whole::Negative(value) => visitor.visit_i64(value),
            }
        }
    )*};
}

macro_rules! strings {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            self.expect_string(&visitor)?;
            visitor.visit_str(self.string())
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Source<'de> {
    type Error = Mistake;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    strings! {
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.peek() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            _ => self.deserialize_i64(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let value = self.expect_bool(&visitor)?;
        visitor.visit_bool(value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if self.null()? { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if self.null()? { visitor.visit_unit() } else { Err(self.mismatch(&visitor)) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        if name == raw::NAME { visitor.visit_borrowed_str(self.raw()?) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.expect_list(&visitor)?;
        visitor.visit_seq(Entries(self))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Mistake> {
        self.expect_list(&visitor)?;
        let value = visitor.visit_seq(Entries(self))?;
        // Its visitor knows how many there are and does not ask for another.
        if self.next_element()? { Err(Error::invalid_length(len.saturating_add(1), &"fewer")) } else { Ok(value) }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.expect_object(&visitor)?;
        visitor.visit_map(Entries(self))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.expect_object(&"an object")?;
        visitor.visit_map(Fields { source: self, known: fields, next: 0 })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.expect_string(&OneOf(variants))?;
        let place = self.place(variants, 0).ok_or_else(|| Error::unknown_variant(self.string(), variants))?;
        visitor.visit_enum(U32Deserializer::new(place))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// The entries of a list or an object.
struct Entries<'s, 'a>(&'s mut Source<'a>);

impl<'de> SeqAccess<'de> for Entries<'_, 'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mistake> {
        if self.0.next_element()? { seed.deserialize(&mut *self.0).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mistake> {
        if !self.0.next_name()? {
            return Ok(None);
        }
        seed.deserialize(StrDeserializer::new(self.0.string())).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mistake> {
        seed.deserialize(&mut *self.0)
    }
}

/// The fields of a struct. Their readers are told a field's place and not its name: names are compared here, once for all types.
struct Fields<'s, 'a> {
    source: &'s mut Source<'a>,
    known: &'static [&'static str],
    /// The place after that of the last field: most texts have them in order.
    next: u32,
}

impl<'de> MapAccess<'de> for Fields<'_, 'de> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mistake> {
        let Some(place) = self.next_place()? else { return Ok(None) };
        // INVARIANT: only a place that is none can be refused.
        seed.deserialize(U32Deserializer::<Mistake>::new(place)).map(Some).map_err(|_| self.unknown())
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mistake> {
        seed.deserialize(&mut *self.source)
    }
}

impl Fields<'_, '_> {
    /// The place of the next field; of one that is not known, a place that no field has.
    #[inline(never)]
    fn next_place(&mut self) -> Result<Option<u32>, Mistake> {
        if !self.source.next_name()? {
            return Ok(None);
        }
        let Some(place) = self.source.place(self.known, self.next) else { return Ok(Some(u32::MAX)) };
        self.next = place.saturating_add(1);
        Ok(Some(place))
    }

    #[cold]
    #[inline(never)]
    fn unknown(&self) -> Mistake {
        Error::unknown_field(self.source.string(), self.known)
    }
}
