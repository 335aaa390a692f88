//! A value, told part by part to whatever it is put down in. What is compiled for each field of each type is little more than two calls: telling
//! cannot fail but for a value that has no form anywhere.

use std::fmt::{self, Display};

use serde::ser::{self, Serialize, Serializer};

use crate::raw;

/// What a value is put down in. There are hundreds of fields, so that methods are best never inlined.
pub trait Form {
    /// Nothing.
    fn null(&mut self);

    /// Yes or no.
    fn bool(&mut self, value: bool);

    /// A whole number by its sign and its size.
    fn number(&mut self, is_negative: bool, size: u64);

    /// A text.
    fn text(&mut self, text: &str);

    /// A [`Raw`](crate::Raw).
    ///
    /// # Errors
    /// [`NoForm`] where there is no place for JSON.
    fn raw(&mut self, json: &dyn Display) -> Result<(), NoForm>;

    /// The start of what has parts.
    fn open(&mut self, whole: Whole);

    /// An element of a list or the key of a map is next.
    fn next(&mut self);

    /// The name of the next field.
    fn name(&mut self, name: &'static str);

    /// The key of a map was told, and its value is next.
    ///
    /// # Errors
    /// [`NoForm`] for a key that is no text.
    fn keyed(&mut self) -> Result<(), NoForm>;

    /// The end of what has parts.
    fn close(&mut self, whole: Whole);
}

/// What has parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// Values.
    List,
    /// Names and values.
    Object,
    /// Keys, which are told like values, and values.
    Map,
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

/// Tells a value.
///
/// # Errors
/// [`NoForm`] for floats, bytes, and variants with data outside a tagged enum; the form then holds what came before.
pub fn tell<T: Serialize + ?Sized, F: Form>(value: &T, form: &mut F) -> Result<(), NoForm> {
    value.serialize(To(form))
}

struct To<'a, F>(&'a mut F);

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

impl<'a, F: Form> Serializer for To<'a, F> {
    type Ok = ();
    type Error = NoForm;
    type SerializeSeq = Parts<'a, F>;
    type SerializeTuple = Parts<'a, F>;
    type SerializeTupleStruct = Parts<'a, F>;
    type SerializeTupleVariant = ser::Impossible<(), NoForm>;
    type SerializeMap = Parts<'a, F>;
    type SerializeStruct = Parts<'a, F>;
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
        self.0.bool(value);
        Ok(())
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Result<(), NoForm> {
        self.0.number(value < 0, value.unsigned_abs());
        Ok(())
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Result<(), NoForm> {
        self.0.number(false, value);
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
        self.0.text(value);
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
        self.0.null();
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
            return self.0.raw(&Verbatim(value));
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
    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a, F>, NoForm> {
        Ok(Parts::of(Whole::List, self.0))
    }

    #[inline]
    fn serialize_tuple(self, len: usize) -> Result<Parts<'a, F>, NoForm> {
        self.serialize_seq(Some(len))
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Parts<'a, F>, NoForm> {
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
    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a, F>, NoForm> {
        Ok(Parts::of(Whole::Map, self.0))
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a, F>, NoForm> {
        Ok(Parts::of(Whole::Object, self.0))
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

/// What is being told part by part.
struct Parts<'a, F>(&'a mut F);

impl<'a, F: Form> Parts<'a, F> {
    #[inline]
    fn of(whole: Whole, form: &'a mut F) -> Self {
        form.open(whole);
        Self(form)
    }

    #[inline]
    fn next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoForm> {
        self.0.next();
        value.serialize(To(self.0))
    }

    #[inline]
    fn close(self, whole: Whole) -> Result<(), NoForm> {
        self.0.close(whole);
        Ok(())
    }
}

macro_rules! lists {
    ($($of:ident $method:ident)*) => {$(
        impl<F: Form> ser::$of for Parts<'_, F> {
            type Ok = ();
            type Error = NoForm;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoForm> {
                self.next(value)
            }

            #[inline]
            fn end(self) -> Result<(), NoForm> {
                self.close(Whole::List)
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
}

impl<F: Form> ser::SerializeMap for Parts<'_, F> {
    type Ok = ();
    type Error = NoForm;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NoForm> {
        self.next(key)?;
        self.0.keyed()
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoForm> {
        value.serialize(To(self.0))
    }

    #[inline]
    fn end(self) -> Result<(), NoForm> {
        self.close(Whole::Map)
    }
}

impl<F: Form> ser::SerializeStruct for Parts<'_, F> {
    type Ok = ();
    type Error = NoForm;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NoForm> {
        self.0.name(name);
        value.serialize(To(self.0))
    }

    #[inline]
    fn end(self) -> Result<(), NoForm> {
        self.close(Whole::Object)
    }
}
