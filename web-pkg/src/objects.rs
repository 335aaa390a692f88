//! Answers out, as plain objects. An answer is told in words, its texts beside them, and `objects.js` makes of both what `JSON.parse` would make of
//! its JSON. Neither has to write or read a field's name each time (decision 20).
//!
//! A word is a kind in its lowest three bits and a number in the others. The name of a field is the word of where it lies in memory: it is read
//! there once.

use std::fmt::Display;

use leeway_json::{Form, NoForm, Whole, tell};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/objects.js")]
extern "C" {
    fn build(texts: &str, words: &[u32]) -> JsValue;
}

/// A value as JavaScript has it.
///
/// # Errors
/// [`NoForm`]; never for the answers of `leeway-core`.
pub fn object<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, NoForm> {
    let mut told = Told::new();
    tell(value, &mut told)?;
    if told.is_beyond {
        return Err(NoForm);
    }
    Ok(build(&told.texts, &told.words))
}

/// What a word says; `objects.js` has the same numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Null, false or true, by their places.
    Constant = 0,
    /// The number itself.
    Number = 1,
    /// A number that does not fit, or is below zero: its sign, and two words follow.
    Large = 2,
    /// So many units of the texts.
    Text = 3,
    /// Values follow.
    List = 4,
    /// Names and values follow.
    Object = 5,
    /// Texts and values follow.
    Map = 6,
    /// No more follow. As a name it would lie at no place.
    End = 7,
}

const KIND_BITS: u32 = 3;
/// What does not fit beside a kind.
const NUMBER_BEYOND: u32 = 1 << (u32::BITS - KIND_BITS);
/// Assigned to, it is no field but what the object inherits from.
const PROTO: &str = "__proto__";
/// What does not fit beside the length of a name, which takes eight bits.
const PLACE_BEYOND: usize = 1 << (u32::BITS - 8);

impl Kind {
    const fn with(self, number: u32) -> u32 {
        number << KIND_BITS | self as u32
    }

    /// Whether a word is of this kind.
    const fn is(self, word: u32) -> bool {
        word & ((1 << KIND_BITS) - 1) == self as u32
    }
}

/// What is told so far.
struct Told {
    words: Vec<u32>,
    texts: String,
    /// Something is larger than words can say.
    is_beyond: bool,
}

impl Told {
    #[inline(never)]
    fn new() -> Self {
        Self { words: Vec::with_capacity(512), texts: String::with_capacity(2_048), is_beyond: false }
    }

    #[inline(never)]
    fn push(&mut self, word: u32) {
        self.words.push(word);
    }

    #[inline(never)]
    fn counted(&mut self, kind: Kind, number: u32) {
        self.is_beyond |= number >= NUMBER_BEYOND;
        self.push(kind.with(number));
    }

    /// A word that says all by its kind.
    #[inline(never)]
    fn mark(&mut self, kind: Kind) {
        self.push(kind.with(0));
    }
}

impl Form for Told {
    #[inline]
    fn null(&mut self) {
        self.counted(Kind::Constant, 0);
    }

    #[inline]
    fn bool(&mut self, value: bool) {
        self.counted(Kind::Constant, if value { 2 } else { 1 });
    }

    #[inline(never)]
    fn number(&mut self, is_negative: bool, size: u64) {
        match u32::try_from(size) {
            Ok(number) if number < NUMBER_BEYOND && !is_negative => self.counted(Kind::Number, number),
            _ => {
                self.push(Kind::Large.with(is_negative.into()));
                self.push((size >> u32::BITS) as u32);
                self.push(size as u32);
            }
        }
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        // JavaScript counts in units of UTF-16.
        let units = if text.is_ascii() { text.len() } else { text.encode_utf16().count() };
        self.counted(Kind::Text, u32::try_from(units).unwrap_or(NUMBER_BEYOND));
        self.texts.push_str(text);
    }

    fn raw(&mut self, _: &dyn Display) -> Result<(), NoForm> {
        Err(NoForm)
    }

    #[inline]
    fn open(&mut self, whole: Whole) {
        self.mark(match whole {
            Whole::List => Kind::List,
            Whole::Object => Kind::Object,
            Whole::Map => Kind::Map,
        });
    }

    #[inline]
    fn next(&mut self) {}

    #[inline(never)]
    fn name(&mut self, name: &'static str) {
        let (place, len) = (name.as_ptr() as usize, name.len());
        self.is_beyond |= place >= PLACE_BEYOND || len > usize::from(u8::MAX);
        self.push((place << 8 | len) as u32);
    }

    #[inline(never)]
    fn keyed(&mut self) -> Result<(), NoForm> {
        let word = self.words.last().copied().unwrap_or_default();
        let is_proto = word == Kind::Text.with(PROTO.len() as u32) && self.texts.ends_with(PROTO);
        let is_field = Kind::Text.is(word) && !is_proto;
        if is_field { Ok(()) } else { Err(NoForm) }
    }

    #[inline]
    fn close(&mut self, _: Whole) {
        self.mark(Kind::End);
    }
}
