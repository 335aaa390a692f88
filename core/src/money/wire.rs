//! Money in documents: `{"amount":"123.45","currency":"EUR"}`.

use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::number::Digits;
use super::{Currency, Money};

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Money", 2)?;
        fields.serialize_field("amount", self.written().as_str())?;
        fields.serialize_field("currency", &self.currency)?;
        fields.end()
    }
}

/// A number as it stands in a document.
struct AmountText(Digits);

impl<'de> Deserialize<'de> for AmountText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = AmountText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount in text, such as \"12.50\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<AmountText, E> {
                Digits::parse(text).map(AmountText).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Amount,
    Currency,
}

// By hand, so that an amount that its currency cannot have is an error of this value and not of what comes after it.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> de::Visitor<'de> for Parts {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("money, such as {\"amount\":\"12.50\",\"currency\":\"EUR\"}")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Money, A::Error> {
                let (mut amount, mut currency) = (None, None);
                while let Some(field) = map.next_key()? {
                    match field {
                        Field::Amount if amount.is_some() => return Err(de::Error::duplicate_field("amount")),
                        Field::Currency if currency.is_some() => return Err(de::Error::duplicate_field("currency")),
                        Field::Amount => amount = Some(map.next_value::<AmountText>()?.0),
                        Field::Currency => currency = Some(map.next_value::<Currency>()?),
                    }
                }
                let amount = amount.ok_or_else(|| de::Error::missing_field("amount"))?;
                let currency = currency.ok_or_else(|| de::Error::missing_field("currency"))?;
                Money::of_digits(amount, currency).map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_map(Parts)
    }
}
