//! A value that is kept as it is written: what only passes through is neither taken apart nor put together again.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::form::NoForm;
use crate::read::Malformed;
use crate::source::Source;
use crate::write::write;

/// The name by which this crate's reader and writer know a [`Raw`]. Another format would see a text in a struct of this name.
pub(crate) const NAME: &str = "$leeway_json::Raw";

/// The JSON of one value.
///
/// ```
/// use leeway_json::Raw;
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Envelope<'a> {
///     to: String,
///     #[serde(borrow)]
///     letter: Raw<'a>,
/// }
/// let text = r#"{"to":"Ana","letter":{"any": [1.50]}}"#;
/// let envelope: Envelope<'_> = leeway_json::read(text)?;
/// assert_eq!(envelope.letter.as_str(), r#"{"any": [1.50]}"#);
/// assert_eq!(leeway_json::write(&envelope).as_deref(), Ok(text));
/// # Ok::<(), Box<leeway_json::Malformed>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw<'a>(Cow<'a, str>);

impl<'a> Raw<'a> {
    /// Checks that a text is one value.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Result<Self, Box<Malformed>> {
        let text = text.into();
        let mut source = Source::new(&text);
        let checked = source.skip().and_then(|()| source.end());
        checked.map_err(|mistake| Malformed::of(&source, mistake))?;
        Ok(Self(text))
    }

    /// The JSON of a value.
    ///
    /// # Errors
    /// [`NoForm`], as of [`write()`].
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Raw<'static>, NoForm> {
        write(value).map(|text| Raw(Cow::Owned(text)))
    }

    /// The JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its own copy of the text, where it has none.
    #[must_use]
    pub fn into_owned(self) -> Raw<'static> {
        Raw(Cow::Owned(self.0.into_owned()))
    }
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(NAME, self.as_str())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Raw<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the JSON of a value")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Raw<'de>, E> {
                Ok(Raw(Cow::Borrowed(text)))
            }
        }
        deserializer.deserialize_newtype_struct(NAME, Text)
    }
}
