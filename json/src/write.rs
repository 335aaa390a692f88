//! JSON out. Writing to a text cannot fail, so what is compiled for each field of each type is little more than two calls; serde_json's
//! serializer carries an error of input and output through all of them.

use std::fmt::{self, Display, Write as _};

use serde::ser::{self, Serialize, Serializer};

use crate::plain::plain_len;
use crate::raw;

/// Writes a value.
///
/// # Errors
/// [`NoForm`] for floats, bytes, and variants with data outside a tagged enum.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, NoForm> {
    let mut text = Text::new();
    value.serialize(&mut text)?;
    Ok(text.0)
}

/// The value has something in it that has no form here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoForm;

impl Display for NoForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no form in JSON")
    }
}

impl std::error::Error for NoForm {}

impl ser::Error for NoForm {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// What is written so far. Its methods are never inlined: there are hundreds of fields.
struct Text(String);

impl Text {
    #[inline(never)]
    fn new() -> Self {
        Self(String::with_capacity(512))
    }

    #[inline(never)]
    fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// Goes on to the next element. A value never ends in an opening bracket: where one is last, the element is the first.
    #[inline(never)]
    fn next(&mut self) {
        if !matches!(self.0.as_bytes().last(), Some(b'{' | b'[')) {
            self.0.push(',');
        }
    }

    /// The name of a field, which is one of Rust's: nothing in it is written otherwise.
    #[inline(never)]
    fn name(&mut self, name: &'static str) {
        debug_assert_eq!(plain_len(name.as_bytes()), name.len(), "a name of a field has no special characters");
        self.next();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    #[inline(never)]
    fn quoted(&mut self, text: &str) {
        self.0.push('"');
        let mut rest = text;
        loop {
            let (plain, special) = rest.split_at_checked(plain_len(rest.as_bytes())).unwrap_or((rest, ""));
            self.0.push_str(plain);
            // INVARIANT: what is special is one byte.
            let Some((&byte, _)) = special.as_bytes().split_first() else { break };
            self.escaped(byte);
            rest = special.get(1..).unwrap_or_default();
        }
        self.0.push('"');
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'"' => self.raw("\\\""),
            b'\\' => self.raw("\\\\"),
            control => {
                self.raw(if control < 16 { "\\u000" } else { "\\u001" });
                let digit = usize::from(control % 16);
                self.raw("0123456789abcdef".get(digit..=digit).unwrap_or_default());
            }
        }
    }

    #[inline(never)]
    fn number(&mut self, mut value: u64) {
        let mut digits = [b'0'; 20];
        let mut first = digits.len();
        for digit in digits.iter_mut().rev() {
            *digit = b'0'.wrapping_add((value % 10) as u8);
            value /= 10;
            first = first.saturating_sub(1);
            if value == 0 {
                break;
            }
        }
        let digits = digits.get(first..).and_then(|digits| std::str::from_utf8(digits).ok());
        self.0.push_str(digits.unwrap_or_default());
    }
}

/// The text that a value is, without quotes: serde can write one into a formatter.
struct Verbatim<'v, T: ?Sized>(&'v T);

impl<T: Serialize + ?Sized> Display for Verbatim<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(f)
    }
}

macro_rules! widened {
    ($($method:ident $from:ty => $as:ident;)*) => {$(
        #[inline]
        fn $method(self, value: $from) -> Result<(), NoForm> {
            self.$as(value.into())
        }
    )*};
}

impl<'a> Serializer for &'a mut Text {
    type Ok = ();
    type Error = NoForm;
    type SerializeSeq = Entries<'a>;
    type SerializeTuple = Entries<'a>;
    type SerializeTupleStruct = Entries<'a>;
    type SerializeTupleVariant = ser::Impossible<(), NoForm>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = ser::Impossible<(), NoForm>;

    widened! {
        serialize_i8 i8 => serialize_i64;
        serialize_i16 i16 => serialize_i64;
        serialize_i32 i32 => serialize_i64;
        serialize_u8 u8 => serialize_u64;
        serialize_u16 u16 => serialize_u64;
        serialize_u32 u32 => serialize_u64;
        serialize_f32 f32 => serialize_f64;
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), NoForm> {
        self.raw(if value { "true" } else { "false" });
        Ok(())
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Result<(), NoForm> {
        if value < 0 {
            self.raw("-");
        }
        self.serialize_u64(value.unsigned_abs())
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Result<(), NoForm> {
        self.number(value);
        Ok(())
    }

    #[inline]
    fn serialize_f64(self, _: f64) -> Result<(), NoForm> {
        Err(NoForm)
    }

    #[inline]
    fn serialize_char(self, value: char) -> Result<(), NoForm> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), NoForm> {
        self.quoted(value);
        Ok(())
    }

    #[inline]
    fn serialize_bytes(self, _: &[u8]) -> Result<(), NoForm> {
        Err(NoForm)
    }

    #[inline]
    fn serialize_none(self) -> Result<(), NoForm> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NoForm> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), NoForm> {
        self.raw("null");
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NoForm> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), NoForm> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), NoForm> {
        if name == raw::NAME {
            return write!(self.0, "{}", Verbatim(value)).map_err(|fmt::Error| NoForm);
        }
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NoForm> {
        Err(NoForm)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Entries<'a>, NoForm> {
        self.raw("[");
        Ok(Entries { text: self, close: "]" })
    }

    #[inline]
    fn serialize_tuple(self, len: usize) -> Result<Entries<'a>, NoForm> {
        self.serialize_seq(Some(len))
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Entries<'a>, NoForm> {
        self.serialize_seq(Some(len))
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NoForm> {
        Err(NoForm)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, NoForm> {
        self.raw("{");
        Ok(Entries { text: self, close: "}" })
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Entries<'a>, NoForm> {
        self.serialize_map(Some(len))
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NoForm> {
        Err(NoForm)
    }
}

/// A list or an object that is being written.
struct Entries<'a> {
    text: &'a mut Text,
    close: &'static str,
}

impl Entries<'_> {
    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoForm> {
        self.text.next();
        value.serialize(&mut *self.text)
    }

    #[inline]
    fn close(self) -> Result<(), NoForm> {
        self.text.raw(self.close);
        Ok(())
    }
}

macro_rules! lists {
    ($($of:ident $method:ident)*) => {$(
        impl ser::$of for Entries<'_> {
            type Ok = ();
            type Error = NoForm;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoForm> {
                self.element(value)
            }

            #[inline]
            fn end(self) -> Result<(), NoForm> {
                self.close()
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = NoForm;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NoForm> {
        self.element(key)?;
        // A key is a text: anything else would be no JSON.
        if self.text.0.ends_with('"') { Ok(()) } else { Err(NoForm) }
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoForm> {
        self.text.raw(":");
        value.serialize(&mut *self.text)
    }

    #[inline]
    fn end(self) -> Result<(), NoForm> {
        self.close()
    }
}

impl ser::SerializeStruct for Entries<'_> {
    type Ok = ();
    type Error = NoForm;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NoForm> {
        self.text.name(name);
        value.serialize(&mut *self.text)
    }

    #[inline]
    fn end(self) -> Result<(), NoForm> {
        self.close()
    }
}
