//! A JSON text and the place in it that has been read. Knows the grammar and the path; knows nothing of types.
//!
//! Nothing here is generic or inlined, so that the readers of all types share it.

use serde::de::{Expected, Unexpected};

use crate::mistake::Mistake;
use crate::number::Number;
use crate::plain::plain_len;

/// As deep as serde_json goes: a text of brackets alone must not overflow the stack.
const DEPTH_MAX: usize = 127;
/// How much of a text that is no JSON a message shows.
const SHOWN_CHARS_MAX: usize = 20;

/// A text that is being read.
pub(crate) struct Source<'a> {
    text: &'a str,
    at: usize,
    string: Content,
    /// Where a string has escapes, what it means.
    unescaped: String,
    /// Where the text is being read. INVARIANT: after a mistake it is left as it is, so that it leads to what is wrong.
    path: Vec<Step>,
    /// Is the next element the first of its list or object?
    first: bool,
}

/// The string that was read last.
enum Content {
    /// A part of the text.
    Plain { from: usize, to: usize },
    /// In `unescaped`.
    Unescaped,
}

/// A list or an object that is being read.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// The name of the field, as a part of the text; nothing before the first.
    Field { from: usize, to: usize },
    /// How many elements were begun.
    Element(usize),
}

/// A whole number.
pub(crate) enum Whole {
    Unsigned(u64),
    Negative(i64),
}

impl<'a> Source<'a> {
    #[inline(never)]
    pub(crate) fn new(text: &'a str) -> Self {
        let string = Content::Plain { from: 0, to: 0 };
        Self { text, at: 0, string, unescaped: String::new(), path: Vec::new(), first: true }
    }

    /// The path of the value that was being read, such as `items[0].price`.
    #[cold]
    #[inline(never)]
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match *step {
                Step::Field { from, to } => {
                    if from < to && !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(self.part(from, to));
                }
                Step::Element(begun) => {
                    let index = Number::of(false, begun.saturating_sub(1) as u64);
                    path.extend(["[", index.as_str(), "]"]);
                }
            }
        }
        path
    }

    /// The string that was read last.
    pub(crate) fn string(&self) -> &str {
        match self.string {
            Content::Plain { from, to } => self.part(from, to),
            Content::Unescaped => &self.unescaped,
        }
    }

    /// The place among names of the string that was read last; `likely` is looked at first.
    #[inline(never)]
    pub(crate) fn place(&self, names: &[&str], likely: u32) -> Option<u32> {
        let name = self.string();
        if names.get(likely as usize) == Some(&name) {
            return Some(likely);
        }
        (0..).zip(names).find(|(_, known)| **known == name).map(|(place, _)| place)
    }

    /// Nothing may follow, and nothing may be open: a reader that leaves a list or an object before its end is refused.
    #[inline(never)]
    pub(crate) fn end(&mut self) -> Result<(), Mistake> {
        let is_left = self.path.is_empty();
        if is_left && self.peek().is_none() { Ok(()) } else { Err(self.no_json()) }
    }

    #[inline(never)]
    pub(crate) fn expect_string(&mut self, expected: &dyn Expected) -> Result<(), Mistake> {
        if self.peek() == Some(b'"') { self.read_string() } else { Err(self.mismatch(expected)) }
    }

    #[inline(never)]
    pub(crate) fn expect_number(&mut self, expected: &dyn Expected) -> Result<Whole, Mistake> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.mismatch(expected));
        }
        let from = self.at;
        let whole = self.read_number()?;
        whole.ok_or_else(|| Mistake::kind(Unexpected::Other(self.part(from, self.at)), expected))
    }

    #[inline(never)]
    pub(crate) fn expect_bool(&mut self, expected: &dyn Expected) -> Result<bool, Mistake> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => Err(self.mismatch(expected)),
        }
    }

    #[inline(never)]
    pub(crate) fn null(&mut self) -> Result<bool, Mistake> {
        if self.peek() == Some(b'n') { self.word("null").map(|()| true) } else { Ok(false) }
    }

    /// Goes into a list.
    #[inline(never)]
    pub(crate) fn expect_list(&mut self, expected: &dyn Expected) -> Result<(), Mistake> {
        self.enter(b'[', Step::Element(0), expected)
    }

    /// Goes into an object.
    #[inline(never)]
    pub(crate) fn expect_object(&mut self, expected: &dyn Expected) -> Result<(), Mistake> {
        self.enter(b'{', Step::Field { from: 0, to: 0 }, expected)
    }

    /// Goes to the next element of a list, or out of it.
    #[inline(never)]
    pub(crate) fn next_element(&mut self) -> Result<bool, Mistake> {
        if !self.next(b']')? {
            return Ok(false);
        }
        if let Some(Step::Element(begun)) = self.path.last_mut() {
            *begun = begun.saturating_add(1);
        }
        Ok(true)
    }

    /// Reads the next name of an object, or goes out of it.
    #[inline(never)]
    pub(crate) fn next_name(&mut self) -> Result<bool, Mistake> {
        if !self.next(b'}')? {
            return Ok(false);
        }
        if self.peek() != Some(b'"') {
            return Err(self.no_json());
        }
        let from = self.at.saturating_add(1);
        self.read_string()?;
        if let Some(step) = self.path.last_mut() {
            *step = Step::Field { from, to: self.at.saturating_sub(1) };
        }
        if self.take(b':') { Ok(true) } else { Err(self.no_json()) }
    }

    /// Reads over a value of any kind.
    #[inline(never)]
    pub(crate) fn skip(&mut self) -> Result<(), Mistake> {
        match self.peek() {
            Some(b'"') => self.read_string(),
            Some(b'{') => {
                self.expect_object(&"")?;
                while self.next_name()? {
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'[') => {
                self.expect_list(&"")?;
                while self.next_element()? {
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'n') => self.word("null"),
            Some(b't' | b'f') => self.expect_bool(&"").map(drop),
            _ => self.read_number().map(drop),
        }
    }

    /// Reads over a value; answers it as it is written.
    #[inline(never)]
    pub(crate) fn raw(&mut self) -> Result<&'a str, Mistake> {
        self.peek();
        let from = self.at;
        self.skip()?;
        Ok(self.part(from, self.at))
    }

    /// What is there is of another kind.
    #[cold]
    #[inline(never)]
    pub(crate) fn mismatch(&mut self, expected: &dyn Expected) -> Mistake {
        let begins = self.peek();
        let from = self.at;
        let given = match begins {
            Some(b'{') => Unexpected::Map,
            Some(b'[') => Unexpected::Seq,
            _ => match (self.skip(), begins) {
                (Err(mistake), _) => return mistake,
                (Ok(()), Some(b'"')) => Unexpected::Str(self.string()),
                (Ok(()), Some(b'n')) => Unexpected::Unit,
                (Ok(()), Some(byte @ (b't' | b'f'))) => Unexpected::Bool(byte == b't'),
                (Ok(()), _) => Unexpected::Other(self.part(from, self.at)),
            },
        };
        Mistake::kind(given, expected)
    }

    /// What is there is no JSON.
    #[cold]
    #[inline(never)]
    fn no_json(&self) -> Mistake {
        let shown: String = self.part(self.at, self.text.len()).chars().take(SHOWN_CHARS_MAX).collect();
        Mistake::new(if shown.is_empty() {
            "the JSON ends too early".to_owned()
        } else {
            ["no JSON from `", &shown, "` on"].concat()
        })
    }

    fn part(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.byte() == Some(byte);
        if is_there {
            self.advance();
        }
        is_there
    }

    /// The next byte that is no space.
    #[inline(never)]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.advance();
        }
        self.byte()
    }

    #[inline(never)]
    fn take(&mut self, byte: u8) -> bool {
        self.peek();
        self.eat(byte)
    }

    #[inline(never)]
    fn word(&mut self, word: &str) -> Result<(), Mistake> {
        for byte in word.bytes() {
            if !self.eat(byte) {
                return Err(self.no_json());
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn enter(&mut self, open: u8, step: Step, expected: &dyn Expected) -> Result<(), Mistake> {
        if !self.take(open) {
            return Err(self.mismatch(expected));
        }
        if self.path.len() >= DEPTH_MAX {
            return Err(Mistake::new("lists and objects are nested too deep".to_owned()));
        }
        self.path.push(step);
        self.first = true;
        Ok(())
    }

    /// Goes to the next element, or out.
    #[inline(never)]
    fn next(&mut self, close: u8) -> Result<bool, Mistake> {
        let is_first = std::mem::replace(&mut self.first, false);
        if self.take(close) {
            self.path.pop();
            return Ok(false);
        }
        if is_first || self.take(b',') { Ok(true) } else { Err(self.no_json()) }
    }

    /// Reads a number; none where it has a point or an exponent, or is too large.
    #[inline(never)]
    fn read_number(&mut self) -> Result<Option<Whole>, Mistake> {
        let is_negative = self.eat(b'-');
        let from = self.at;
        let begins_with_zero = self.byte() == Some(b'0');
        let value = self.digits()?;
        let to = self.at;
        if begins_with_zero && to.saturating_sub(from) > 1 {
            return Err(self.no_json());
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(match value.filter(|_| self.at == to) {
            Some(value) if !is_negative => Some(Whole::Unsigned(value)),
            Some(value) if value > 0 => 0_i64.checked_sub_unsigned(value).map(Whole::Negative),
            _ => None,
        })
    }

    /// One digit or more; none where they come to more than fits.
    #[inline(never)]
    fn digits(&mut self) -> Result<Option<u64>, Mistake> {
        let mut value = Some(0_u64);
        let from = self.at;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            let digit = u64::from(digit.saturating_sub(b'0'));
            value = value.and_then(|value| value.checked_mul(10)?.checked_add(digit));
            self.advance();
        }
        if self.at == from { Err(self.no_json()) } else { Ok(value) }
    }

    /// Reads a string that begins here.
    #[inline(never)]
    fn read_string(&mut self) -> Result<(), Mistake> {
        self.advance();
        let from = self.at;
        self.plain();
        if self.byte() == Some(b'"') {
            self.string = Content::Plain { from, to: self.at };
            self.advance();
            return Ok(());
        }
        self.unescape(from)
    }

    /// Reads over what stands for itself.
    fn plain(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at = self.at.saturating_add(plain_len(rest));
    }

    /// Reads the rest of a string that begins at `from` and has an escape, or no end, here.
    #[inline(never)]
    fn unescape(&mut self, mut from: usize) -> Result<(), Mistake> {
        self.unescaped.clear();
        self.string = Content::Unescaped;
        loop {
            let part = self.part(from, self.at);
            self.unescaped.push_str(part);
            if self.eat(b'"') {
                return Ok(());
            }
            if !self.eat(b'\\') {
                return Err(self.no_json());
            }
            let char = self.escape().ok_or_else(|| self.no_json())?;
            self.unescaped.push(char);
            from = self.at;
            self.plain();
        }
    }

    /// What a backslash stands for. A half of a pair of surrogates alone is no text.
    fn escape(&mut self) -> Option<char> {
        let byte = self.byte()?;
        self.advance();
        match byte {
            b'"' | b'\\' | b'/' => Some(char::from(byte)),
            b'b' => Some('\u{8}'),
            b'f' => Some('\u{c}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'u' => {
                let unit = self.hex()?;
                let low = if matches!(unit, 0xd800..=0xdbff) && self.eat(b'\\') && self.eat(b'u') {
                    Some(self.hex()?)
                } else {
                    None
                };
                char::decode_utf16(std::iter::once(unit).chain(low)).next()?.ok()
            }
            _ => None,
        }
    }

    fn hex(&mut self) -> Option<u16> {
        let to = self.at.saturating_add(4);
        let digits = self.text.get(self.at..to)?;
        let mut unit = 0_u16;
        for digit in digits.chars() {
            unit = unit.wrapping_mul(16).wrapping_add(u16::try_from(digit.to_digit(16)?).ok()?);
        }
        self.at = to;
        Some(unit)
    }
}
