//! JSON out. Writing to a text cannot fail; serde_json's serializer carries an error of input and output through all of its calls.

use std::fmt::{Display, Write as _};

use serde::ser::Serialize;

use crate::form::{Form, NoForm, Whole, tell};
use crate::number::Number;
use crate::plain::plain_len;

/// Writes a value.
///
/// # Errors
/// [`NoForm`], as of [`tell`].
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, NoForm> {
    let mut text = Text::new();
    tell(value, &mut text)?;
    Ok(text.0)
}

/// What is written so far. Its methods are never inlined: there are hundreds of fields.
struct Text(String);

impl Text {
    #[inline(never)]
    fn new() -> Self {
        Self(String::with_capacity(512))
    }

    #[inline(never)]
    fn raw_text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'"' => self.raw_text("\\\""),
            b'\\' => self.raw_text("\\\\"),
            control => {
                self.raw_text(if control < 16 { "\\u000" } else { "\\u001" });
                let digit = usize::from(control % 16);
                self.raw_text("0123456789abcdef".get(digit..=digit).unwrap_or_default());
            }
        }
    }
}

impl Form for Text {
    #[inline]
    fn null(&mut self) {
        self.raw_text("null");
    }

    #[inline]
    fn bool(&mut self, value: bool) {
        self.raw_text(if value { "true" } else { "false" });
    }

    #[inline(never)]
    fn number(&mut self, is_negative: bool, size: u64) {
        self.0.push_str(Number::of(is_negative, size).as_str());
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
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

    #[inline(never)]
    fn raw(&mut self, json: &dyn Display) -> Result<(), NoForm> {
        write!(self.0, "{json}").map_err(|_| NoForm)
    }

    #[inline]
    fn open(&mut self, whole: Whole) {
        self.raw_text(match whole {
            Whole::List => "[",
            Whole::Object | Whole::Map => "{",
        });
    }

    /// A value never ends in an opening bracket: where one is last, the element is the first.
    #[inline(never)]
    fn next(&mut self) {
        if !matches!(self.0.as_bytes().last(), Some(b'{' | b'[')) {
            self.0.push(',');
        }
    }

    /// The name is one of Rust's: nothing in it is written otherwise.
    #[inline(never)]
    fn name(&mut self, name: &'static str) {
        debug_assert_eq!(plain_len(name.as_bytes()), name.len(), "a name of a field has no special characters");
        self.next();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    #[inline(never)]
    fn keyed(&mut self) -> Result<(), NoForm> {
        if !self.0.ends_with('"') {
            return Err(NoForm);
        }
        self.0.push(':');
        Ok(())
    }

    #[inline]
    fn close(&mut self, whole: Whole) {
        self.raw_text(match whole {
            Whole::List => "]",
            Whole::Object | Whole::Map => "}",
        });
    }
}
