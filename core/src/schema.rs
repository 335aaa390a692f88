//! JSON schemas of the types that write and read themselves by hand, beside those that are derived. With the feature `schema` only: nothing that
//! is shipped contains it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::booking::Reference;
use crate::command::Selection;
use crate::currency::Currency;
use crate::id::{ItemId, ParticipantId};
use crate::money::Money;
use crate::options::Permission;
use crate::policy::{Code, Percent};
use crate::refusal::Refusal;
use crate::time::{Instant, Limit, Zone};

macro_rules! written_by_hand {
    ($($name:ident, $generator:ident => $schema:expr;)*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

written_by_hand! {
    Money, generator => json_schema!({
        "description": "An amount of one currency, as text with never more digits than the currency has.",
        "type": "object",
        "properties": {
            "amount": {"type": "string", "pattern": "^-?[0-9]{1,16}(\\.[0-9]{1,4})?$"},
            "currency": generator.subschema_for::<Currency>(),
        },
        "required": ["amount", "currency"],
        "additionalProperties": false,
    });
    Currency, _generator => json_schema!({
        "description": "A currency of ISO 4217.",
        "type": "string",
        "pattern": "^[A-Z]{3}$",
    });
    Instant, _generator => json_schema!({
        "description": "A point in time from 1970 to 2199: RFC 3339 with its zone; written in UTC, with milliseconds.",
        "type": "string",
        "format": "date-time",
    });
    Zone, _generator => json_schema!({
        "description": "A zone of the IANA database, such as Europe/Zagreb.",
        "type": "string",
        "pattern": "^[A-Za-z0-9/_+-]{1,64}$",
    });
    Code, _generator => json_schema!({
        "description": "The operator's name for something, as programs read it.",
        "type": "string",
        "pattern": "^[a-z0-9_-]{1,40}$",
    });
    Percent, _generator => json_schema!({
        "description": "A percentage from 0 to 100.",
        "type": "string",
        "pattern": "^[0-9]{1,3}(\\.[0-9]{1,4})?$",
    });
    Reference, _generator => json_schema!({
        "description": "What people call a booking: no control characters, no spaces at its ends.",
        "type": "string",
        "minLength": 1,
        "maxLength": 40,
    });
    Limit, _generator => json_schema!({
        "description": "How long before a slot; the limit itself is inside. Hours and minutes are elapsed time, days are those of the slot's calendar.",
        "oneOf": [
            {"type": "string", "const": "start"},
            {"type": "object", "properties": {"hours": {"type": "integer", "minimum": 0, "maximum": 87_600}},
                "required": ["hours"], "additionalProperties": false},
            {"type": "object", "properties": {"minutes": {"type": "integer", "minimum": 0, "maximum": 5_256_000}},
                "required": ["minutes"], "additionalProperties": false},
            {"type": "object", "properties": {"days": {"type": "integer", "minimum": 0, "maximum": 3_650},
                "at": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}},
                "required": ["days"], "additionalProperties": false},
        ],
    });
    Selection, generator => json_schema!({
        "description": "What of a booking is meant. The order of ids, and an id named twice, mean nothing.",
        "oneOf": [
            {"type": "object", "properties": {"all": {"const": true}}, "required": ["all"], "additionalProperties": false},
            {"type": "object", "properties": {
                "items": {"type": "array", "maxItems": 500, "items": generator.subschema_for::<ItemId>()},
                "participants": {"type": "array", "maxItems": 500, "items": generator.subschema_for::<ParticipantId>()},
            }, "additionalProperties": false},
        ],
    });
    Permission, generator => json_schema!({
        "description": "Yes, until an instant; or the rules' no.",
        "oneOf": [
            {"type": "object", "properties": {"allowed": {"const": true}, "until": generator.subschema_for::<Instant>()},
                "required": ["allowed", "until"]},
            {"type": "object", "properties": {"allowed": {"const": false}, "refusal": generator.subschema_for::<Refusal>()},
                "required": ["allowed", "refusal"]},
        ],
    });
}
