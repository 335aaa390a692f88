//! One method of one door, and how it is described.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::schemas::{Schemas, Way};
use super::{example, method};
use crate::problem::{Problem, refusals};
use crate::route::{Method, Route, route};

/// Makes a schema among the others.
type Make = fn(&mut Schemas) -> Value;
/// A status, what it says, and in which form.
type Answer = (u16, &'static str, Option<(&'static str, Make)>);

/// One method of one door.
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    summary: &'static str,
    access: Access,
    query: Vec<(&'static str, &'static str, Make, Count)>,
    body: Option<(&'static str, Need, Make)>,
    answers: Vec<Answer>,
    problems: BTreeMap<u16, BTreeSet<&'static str>>,
    headers: Vec<Header>,
}

/// Who may come in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Anybody,
    /// Whoever has the link in the path.
    Link,
    ApiKey,
    AdminKey,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

/// How often a field of a query can come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    Must,
    Once,
    Often,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    IdempotencyKey,
    IfMatch,
}

fn input<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    schemas.of::<T>(Way::In)
}

fn output<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    schemas.of::<T>(Way::Out)
}

const JSON: &str = "application/json";
const HTML: &str = "text/html";
const FORM: &str = "application/x-www-form-urlencoded";

impl Operation {
    fn new(method: &'static str, path: &'static str, access: Access, summary: &'static str) -> Self {
        let (query, answers, problems, headers) = (Vec::new(), Vec::new(), BTreeMap::new(), Vec::new());
        Self { method, path, summary, access, query, body: None, answers, problems, headers }
    }

    /// A door for everybody.
    pub fn open(method: &'static str, path: &'static str, summary: &'static str) -> Self {
        Self::new(method, path, Access::Anybody, summary)
    }

    /// A door of the API.
    pub fn api(method: &'static str, path: &'static str, summary: &'static str) -> Self {
        let this = Self::new(method, path, Access::ApiKey, summary);
        let this = this.problem(&Problem::UNAUTHORIZED).problem(&Problem::ROLE_TOO_LOW).problem(&Problem::TOO_MANY);
        // An idempotency key is taken wherever something is posted.
        if method == "post" {
            this.header(Header::IdempotencyKey).problem(&Problem::KEY_REUSED).malformed()
        } else {
            this
        }
    }

    /// A door of the deployment's.
    pub fn admin(method: &'static str, path: &'static str, summary: &'static str) -> Self {
        Self::new(method, path, Access::AdminKey, summary).problem(&Problem::UNAUTHORIZED)
    }

    /// A door under a link.
    pub fn linked(method: &'static str, path: &'static str, summary: &'static str) -> Self {
        let this = Self::new(method, path, Access::Link, summary);
        let this = this.problem(&Problem::LINK_UNKNOWN).problem(&Problem::LINK_EXPIRED).problem(&Problem::LINK_REVOKED);
        this.problem(&Problem::OUT_OF_SCOPE).problem(&Problem::TOO_MANY)
    }

    fn header(mut self, header: Header) -> Self {
        self.headers.push(header);
        self
    }

    /// It takes no idempotency key.
    pub fn not_remembered(mut self) -> Self {
        self.headers.retain(|header| *header != Header::IdempotencyKey);
        self.problems.retain(|_, codes| {
            codes.remove(Problem::KEY_REUSED.code());
            !codes.is_empty()
        });
        self
    }

    /// A page that can be asked for in a language. A wrong one is no mistake.
    pub fn in_languages(mut self) -> Self {
        let text = "the page's language, such as `pl`; absent, or one that there is not: the customer's own";
        self.query.push(("lang", text, input::<String>, Count::Once));
        self
    }

    /// It can be meant for one version of a booking.
    pub fn versioned(self) -> Self {
        self.header(Header::IfMatch).problem(&Problem::VERSION_CHANGED)
    }

    /// A field of the query.
    pub fn query<T: JsonSchema>(mut self, name: &'static str, text: &'static str) -> Self {
        self.query.push((name, text, input::<T>, Count::Once));
        self.malformed()
    }

    /// One that must be there.
    pub fn query_must<T: JsonSchema>(mut self, name: &'static str, text: &'static str) -> Self {
        self.query.push((name, text, input::<T>, Count::Must));
        self.malformed()
    }

    /// One that can come more than once.
    pub fn query_often<T: JsonSchema>(mut self, name: &'static str, text: &'static str) -> Self {
        self.query.push((name, text, input::<Vec<T>>, Count::Often));
        self.malformed()
    }

    /// `from` and `to`.
    pub fn range(self, of: &'static str) -> Self {
        use leeway_core::Instant;
        self.query::<Instant>("from", of).query::<Instant>("to", "and before this instant")
    }

    /// A list that is read in parts.
    pub fn paged(self) -> Self {
        self.query::<super::schemas::Limit>("limit", "how many at most")
            .query::<String>("cursor", "`next` of the part before: what comes after it")
    }

    fn with_body(mut self, kind: &'static str, need: Need, make: Make) -> Self {
        self.body = Some((kind, need, make));
        self.problem(&Problem::LENGTH_REQUIRED).problem(&Problem::too_large(0)).malformed()
    }

    /// What it reads.
    pub fn body<T: JsonSchema>(self) -> Self {
        self.with_body(JSON, Need::Required, input::<T>)
    }

    /// What it reads, or nothing.
    pub fn body_or_nothing<T: JsonSchema>(self) -> Self {
        self.with_body(JSON, Need::Optional, input::<T>)
    }

    /// A form.
    pub fn form<T: JsonSchema>(self) -> Self {
        self.with_body(FORM, Need::Required, input::<T>)
    }

    /// What it answers.
    pub fn answer<T: JsonSchema>(mut self, status: u16, text: &'static str) -> Self {
        self.answers.push((status, text, Some((JSON, output::<T>))));
        self
    }

    /// A page.
    pub fn page(mut self, status: u16, text: &'static str) -> Self {
        self.answers.push((status, text, Some((HTML, |_| json!({"type": "string"})))));
        self
    }

    /// A calendar.
    pub fn calendar(mut self, status: u16, text: &'static str) -> Self {
        self.answers.push((status, text, Some(("text/calendar", |_| json!({"type": "string"})))));
        self
    }

    /// An answer without a body.
    pub fn empty(mut self, status: u16, text: &'static str) -> Self {
        self.answers.push((status, text, None));
        self
    }

    pub fn problem(mut self, problem: &Problem) -> Self {
        self.problems.entry(problem.status()).or_default().insert(problem.code());
        self
    }

    fn malformed(self) -> Self {
        self.problem(&Problem::malformed("", ""))
    }

    /// The rules are asked, and can say no in any way.
    pub fn rules(self) -> Self {
        refusals().into_iter().fold(self, |this, refused| this.problem(&refused))
    }

    pub fn describe(&self, schemas: &mut Schemas) -> Value {
        let mut described = Map::new();
        described.insert("summary".to_owned(), self.summary.into());
        described.insert("operationId".to_owned(), operation_id(self.method, self.path).into());
        let role = route(&example(self.path)).and_then(|door| match door {
            Route::Api(door) => Some(door.role(method(self.method)).as_str()),
            Route::TryEndpoint(_) => Some("admin"),
            Route::Noop
            | Route::Health
            | Route::OpenApi
            | Route::Asset(_)
            | Route::Mailbox(..)
            | Route::Control(..)
            | Route::Page(..)
            | Route::Pay(..)
            | Route::StripeWebhook(_)
            | Route::Operators => None,
        });
        if let Some(role) = role {
            described.insert("x-role".to_owned(), role.into());
        }
        let security = match self.access {
            Access::Anybody | Access::Link => json!([]),
            Access::ApiKey => json!([{"apiKey": []}]),
            Access::AdminKey => json!([{"adminKey": []}]),
        };
        described.insert("security".to_owned(), security);
        let parameters = self.parameters(schemas);
        if !parameters.is_empty() {
            described.insert("parameters".to_owned(), json!(parameters));
        }
        if let Some((kind, need, make)) = self.body {
            let content = json!({kind: {"schema": make(schemas)}});
            described.insert("requestBody".to_owned(), json!({"required": need == Need::Required, "content": content}));
        }
        described.insert("responses".to_owned(), self.responses(schemas));
        described.into()
    }

    fn parameters(&self, schemas: &mut Schemas) -> Vec<Value> {
        let query = self.query.iter().map(|(name, text, make, count)| {
            let mut field = json!({"name": name, "in": "query", "description": text, "schema": make(schemas)});
            match count {
                Count::Must => field["required"] = true.into(),
                Count::Once => {}
                Count::Often => field["explode"] = true.into(),
            }
            field
        });
        let mut parameters: Vec<_> = query.collect();
        parameters.extend(self.headers.iter().map(|header| match header {
            Header::IdempotencyKey => json!({
                "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 255},
                "description": "for 24 hours the same key answers the same request the same way, and does nothing twice; what was refused is judged anew",
            }),
            Header::IfMatch => json!({
                "name": "If-Match", "in": "header", "schema": {"type": "string"},
                "description": "the `ETag` of the booking that this is meant for; any other is refused",
            }),
        }));
        parameters
    }

    fn responses(&self, schemas: &mut Schemas) -> Value {
        let mut responses = Map::new();
        for (status, text, content) in &self.answers {
            let mut answer = json!({"description": text});
            if let Some((kind, make)) = content {
                answer["content"] = json!({*kind: {"schema": make(schemas)}});
            }
            responses.insert(status.to_string(), answer);
        }
        let is_page = self.answers.iter().any(|(_, _, content)| content.is_some_and(|(kind, _)| kind == HTML));
        for (status, codes) in &self.problems {
            let refused = if is_page { refused_page(codes) } else { schemas.refused(*status, codes) };
            responses.insert(status.to_string(), refused);
        }
        responses.into()
    }
}

/// A page that says why not.
fn refused_page(codes: &BTreeSet<&str>) -> Value {
    let list = codes.iter().copied().collect::<Vec<_>>().join(", ");
    json!({"description": format!("a page that says why not: {list}"), "content": {HTML: {"schema": {"type": "string"}}}})
}

/// `post /v1/refunds/{id}/approve` → `post_refunds_id_approve`
fn operation_id(method: &str, path: &str) -> String {
    let plain = |part: &&str| !part.is_empty() && *part != "v1";
    let parts = path.split('/').filter(plain).map(|part| part.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    std::iter::once(method.to_owned()).chain(parts).collect::<Vec<_>>().join("_")
}

/// A part of a path that differs.
pub fn in_path(path: &str, name: &str) -> Value {
    let (schema, text) = match (path, name) {
        ("/webhooks/stripe/{token}", _) => {
            (json!({"type": "string"}), "the address that `GET /v1/providers/stripe` shows")
        }
        (_, "token") => (json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,200}$"}), "the end of the link"),
        ("/v1/outbox/{id}/retry", _) => (json!({"type": "integer", "minimum": 0}), "the row's id"),
        (_, "kind") => (json!({"type": "string", "pattern": "^[a-z_]{1,40}$"}), "which message"),
        (_, "locale") => (json!({"type": "string", "pattern": "^[A-Za-z0-9-]{1,35}$"}), "in which language"),
        (_, "name") => (json!({"type": "string", "pattern": "^[a-z0-9_-]{1,40}$"}), "the policy's name"),
        _ => (json!({"type": "string", "format": "uuid"}), "its id"),
    };
    json!({"name": name, "in": "path", "required": true, "description": text, "schema": schema})
}

#[test]
fn ids_are_made_of_method_and_path() {
    assert_eq!(operation_id("post", "/v1/refunds/{id}/credit-note"), "post_refunds_id_credit_note");
    assert_eq!(operation_id("get", "/openapi.json"), "get_openapi_json");
    assert_eq!(method("delete"), Method::Delete);
}
