//! The schemas that doors speak of, by name: each type once, and twice where what is read of it differs from what is written.

use std::collections::{BTreeMap, BTreeSet};

use leeway_core::Quote;
use leeway_core::money::MINOR_UNITS_MAX;
use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::problem::refusals;

const DEFINITIONS: &str = "/components/schemas";

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    In,
    Out,
}

/// All schemas so far. Those of what is read have a mark on their names until it is known which of them differ.
pub struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
    /// Answers that refuse, by their names.
    refused: BTreeMap<String, Value>,
}

/// The mark: no name has it.
const MARK: &str = "<";

impl Schemas {
    pub fn new() -> Self {
        let generator = |contract: Contract| {
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.contract = contract;
                settings.definitions_path = DEFINITIONS.into();
                settings.meta_schema = None;
            });
            settings.into_generator()
        };
        Self {
            read: generator(Contract::Deserialize),
            written: generator(Contract::Serialize),
            refused: BTreeMap::new(),
        }
    }

    /// A reference to the schema of a type, or the schema where it has no name.
    pub fn of<T: JsonSchema>(&mut self, way: Way) -> Value {
        match way {
            Way::In => marked(self.read.subschema_for::<T>().to_value()),
            Way::Out => self.written.subschema_for::<T>().to_value(),
        }
    }

    /// A reference to the answer that refuses with one of these codes.
    pub fn refused(&mut self, status: u16, codes: &BTreeSet<&'static str>) -> Value {
        let rules: BTreeSet<&str> =
            refusals().iter().filter(|refused| refused.status() == status).map(|refused| refused.code()).collect();
        let name = if rules.is_subset(codes) && !rules.is_empty() {
            let others = codes.difference(&rules).copied();
            std::iter::once("the_rules").chain(others).collect::<Vec<_>>().join("-")
        } else {
            codes.iter().copied().collect::<Vec<_>>().join("-")
        };
        let name = format!("{status}-{name}");
        let problem = self.of::<ProblemSchema>(Way::Out);
        let list = codes.iter().copied().collect::<Vec<_>>().join(", ");
        let codes = json!({"properties": {"code": {"enum": codes}, "status": {"const": status}}});
        let content = json!({"application/problem+json": {"schema": {"allOf": [problem, codes]}}});
        self.refused.insert(name.clone(), json!({"description": list, "content": content}));
        json!({"$ref": format!("#/components/responses/{name}")})
    }

    /// Every schema by its name. `resolve` has to run over the rest of the description.
    fn definitions(&mut self) -> (BTreeMap<String, Value>, BTreeMap<String, Value>) {
        let read = self.read.take_definitions(true);
        let written = self.written.take_definitions(true);
        (read.into_iter().collect(), written.into_iter().collect())
    }

    /// The schemas, and the answers that refuse.
    pub fn into_components(mut self) -> (Value, Value) {
        let (read, written) = self.definitions();
        let mut components: Map<String, Value> = written.into_iter().collect();
        for (name, schema) in read {
            components.insert(format!("{name}{MARK}"), marked(schema));
        }
        (components.into(), json!(self.refused))
    }
}

/// With the mark on every reference.
fn marked(mut value: Value) -> Value {
    each_reference(&mut value, &mut |reference| reference.push_str(MARK));
    value
}

fn each_reference(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "$ref"
                    && let Value::String(reference) = member
                {
                    change(reference);
                } else {
                    each_reference(member, change);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_reference(item, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Leaves out what only readers of the Rust source need: examples, and where a rule comes from.
pub fn tidy(value: &mut Value) {
    if let Some(text) = value.get("description").and_then(Value::as_str) {
        let mut in_example = false;
        let lines = text.lines().filter(|line| {
            let fence = line.starts_with("```");
            in_example ^= fence;
            !fence && !in_example && !line.starts_with("Source: ")
        });
        let text = lines.collect::<Vec<_>>().join("\n").replace("[`", "`").replace("`]", "`").trim().to_owned();
        value["description"] = text.into();
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(tidy),
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Takes the marks off: what is read of a type is the same schema as what is written, where nothing in it differs; else it gets a name of its own.
pub fn resolve(description: &mut Value) {
    let components = description["components"]["schemas"].as_object().unwrap().clone();
    let base = |name: &str| name.trim_end_matches(MARK).to_owned();
    let plain = |schema: &Value| schema.to_string().replace(MARK, "");
    // Different by itself, or by what it refers to: until nothing more is found.
    let mut differ: Vec<String> = Vec::new();
    loop {
        let more = components.iter().filter(|(name, _)| name.ends_with(MARK)).find(|(name, schema)| {
            let twin = components.get(&base(name));
            let mut refers = false;
            each_reference(&mut (*schema).clone(), &mut |reference| {
                refers |= differ.contains(&base(reference.trim_start_matches(&format!("#{DEFINITIONS}/"))));
            });
            !differ.contains(&base(name)) && twin.is_some_and(|twin| refers || plain(twin) != plain(schema))
        });
        match more {
            Some((name, _)) => differ.push(base(name)),
            None => break,
        }
    }
    let rename = |name: &str| match name.strip_suffix(MARK) {
        Some(base) if differ.iter().any(|one| one == base) => format!("{base}Input"),
        Some(base) => base.to_owned(),
        None => name.to_owned(),
    };
    each_reference(description, &mut |reference| {
        let (path, name) = reference.rsplit_once('/').unwrap();
        *reference = format!("{path}/{}", rename(name));
    });
    let schemas = description["components"]["schemas"].as_object_mut().unwrap();
    let renamed: BTreeMap<String, Value> =
        std::mem::take(schemas).into_iter().map(|(name, schema)| (rename(&name), schema)).collect();
    *schemas = renamed.into_iter().collect();
}

/// How many entries of a list.
pub struct Limit;

impl JsonSchema for Limit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ListLimit".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 1, "maximum": 200, "default": 50})
    }
}

/// A problem, RFC 9457.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
struct ProblemSchema {
    /// The code as an address.
    r#type: String,
    /// One sentence that does not change from case to case.
    title: String,
    status: u16,
    /// Stable.
    code: String,
    /// What is special in this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The field that is wrong, such as `items[0].slot.starts_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// The facts behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<Value>,
    /// A fresh quote, where the one that was sent no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<SignedQuote>,
}

/// A quote with the token that binds it.
#[derive(Serialize, JsonSchema)]
pub struct SignedQuote {
    #[serde(flatten)]
    quote: Quote,
    /// Sent back to commit.
    token: String,
}

/// An event of a booking's log.
#[derive(Serialize, JsonSchema)]
pub struct LoggedEvent {
    /// What happened.
    kind: String,
    /// With which results.
    body: Value,
}

#[test]
fn what_differs_one_way_has_two_names_and_so_has_what_refers_to_it() {
    let reference = |name: &str| json!({"$ref": format!("#{DEFINITIONS}/{name}")});
    let mut description = json!({
        "in": reference("Outer<"), "out": reference("Outer"), "same": reference("Same<"),
        "components": {"schemas": {
            "Outer": {"inner": reference("Inner")}, "Outer<": {"inner": reference("Inner<")},
            "Inner": {"required": ["a"]}, "Inner<": {},
            "Same": {"x": 1}, "Same<": {"x": 1},
        }},
    });
    resolve(&mut description);
    assert_eq!(description["in"], reference("OuterInput"));
    assert_eq!((&description["out"], &description["same"]), (&reference("Outer"), &reference("Same")));
    let schemas = &description["components"]["schemas"];
    assert_eq!(schemas["OuterInput"]["inner"], reference("InnerInput"));
    assert_eq!(schemas.as_object().unwrap().len(), 5);
    assert_eq!(MINOR_UNITS_MAX.to_string().len(), 16, "the digits of an amount");
}
