//! What can be wrong with a text, in words. Where it is wrong, the source knows.

use std::fmt::{self, Display, Write as _};

use serde::de::{self, Expected, Unexpected};

use crate::number::Number;

/// A sentence about a mistake. One pointer in size, since every reader of every type answers it.
#[derive(Debug)]
pub(crate) struct Mistake(Box<Sentence>);

#[derive(Debug)]
struct Sentence(String);

impl Mistake {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(sentence: String) -> Self {
        Self(Box::new(Sentence(sentence)))
    }

    /// Another kind of value than the one that should be there.
    #[cold]
    #[inline(never)]
    pub(crate) fn kind(given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid("type", given, expected)
    }

    #[cold]
    #[inline(never)]
    fn invalid(what: &str, given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let mut sentence = ["invalid ", what, ": "].concat();
        Given(given).tell(&mut sentence);
        sentence.push_str(", expected ");
        // A text takes whatever is written.
        let _ = write!(sentence, "{expected}");
        Self::new(sentence)
    }

    #[cold]
    #[inline(never)]
    fn unknown(what: &str, name: &str, known: &'static [&'static str]) -> Self {
        let mut sentence = ["unknown ", what, " `", name, "`, expected "].concat();
        let _ = write!(sentence, "{}", OneOf(known));
        Self::new(sentence)
    }

    pub(crate) fn into_sentence(self) -> String {
        self.0.0
    }
}

impl Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.0)
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    #[cold]
    #[inline(never)]
    fn custom<T: Display>(sentence: T) -> Self {
        Self::new(sentence.to_string())
    }

    #[cold]
    fn invalid_type(given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::kind(given, expected)
    }

    #[cold]
    fn invalid_value(given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid("value", given, expected)
    }

    #[cold]
    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Self {
        Self::unknown("variant", name, known)
    }

    #[cold]
    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::unknown("field", name, known)
    }

    #[cold]
    fn missing_field(name: &'static str) -> Self {
        Self::new(["missing field `", name, "`"].concat())
    }

    #[cold]
    fn duplicate_field(name: &'static str) -> Self {
        Self::new(["duplicate field `", name, "`"].concat())
    }
}

/// The names that are known.
pub(crate) struct OneOf(pub(crate) &'static [&'static str]);

impl Display for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of")?;
        for (index, name) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { " `" } else { ", `" })?;
            f.write_str(name)?;
            f.write_str("`")?;
        }
        Ok(())
    }
}

impl Expected for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// What was there. serde's own words for it bring the printing of floats, and those of the standard library padding: both are larger than
/// what is said.
struct Given<'a>(Unexpected<'a>);

impl Given<'_> {
    fn tell(&self, to: &mut String) {
        let mut quoted = |kind: &str, text: &str| to.extend([kind, " `", text, "`"]);
        match self.0 {
            Unexpected::Bool(value) => quoted("boolean", if value { "true" } else { "false" }),
            Unexpected::Unsigned(value) => quoted("number", Number::of(false, value).as_str()),
            Unexpected::Signed(value) => quoted("number", Number::of(value < 0, value.unsigned_abs()).as_str()),
            Unexpected::Other(text) => quoted("number", text),
            Unexpected::Str(text) => quoted("string", text),
            Unexpected::Seq => to.push_str("sequence"),
            Unexpected::Map => to.push_str("map"),
            Unexpected::Unit | Unexpected::Option => to.push_str("null"),
            // What this crate never offers to a visitor.
            Unexpected::Float(_)
            | Unexpected::Char(_)
            | Unexpected::Bytes(_)
            | Unexpected::NewtypeStruct
            | Unexpected::Enum
            | Unexpected::UnitVariant
            | Unexpected::NewtypeVariant
            | Unexpected::TupleVariant
            | Unexpected::StructVariant => to.push_str("value"),
        }
    }
}
