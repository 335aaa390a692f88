//! An answer, and how it becomes the platform's `Response`: bytes and one of a few fixed header sets, each built once for an instance.

use std::cell::RefCell;

use js_sys::Uint8Array;
use leeway_core::Map;
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{Headers, Response, ResponseInit};

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// What it is.
    pub kind: Kind,
    /// The body.
    pub body: Vec<u8>,
    /// Headers beside the fixed ones.
    pub headers: Vec<(&'static str, String)>,
}

/// What an answer is; decides its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// JSON.
    Json,
    /// RFC 9457.
    Problem,
    /// A page.
    Html,
    /// A page around somebody's message.
    Mailbox,
    /// Plain text.
    Text,
    /// Entries of a calendar.
    Calendar,
    /// A script of ours, which never changes under its name.
    Script,
    /// A style sheet of ours, likewise.
    Style,
    /// The pages' icon, likewise.
    Icon,
    /// The browser package, likewise.
    Wasm,
}

const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A message has its styles in place, and runs nothing.
const MAILBOX_CSP: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; form-action 'none'; base-uri 'none'; \
                           frame-ancestors 'none'";

impl Kind {
    fn headers(self) -> [(&'static str, &'static str); 5] {
        let (content_type, cache) = match self {
            Self::Json => ("application/json", "no-store"),
            Self::Problem => ("application/problem+json", "no-store"),
            Self::Html | Self::Mailbox => ("text/html; charset=utf-8", "no-store"),
            Self::Text => ("text/plain; charset=utf-8", "no-store"),
            Self::Calendar => ("text/calendar; charset=utf-8", "no-store"),
            Self::Script => ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
            Self::Style => ("text/css; charset=utf-8", "public, max-age=31536000, immutable"),
            Self::Icon => ("image/svg+xml", "public, max-age=31536000, immutable"),
            Self::Wasm => ("application/wasm", "public, max-age=31536000, immutable"),
        };
        [
            ("content-type", content_type),
            ("cache-control", cache),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-robots-tag", "noindex, nofollow"),
        ]
    }

    /// The status and the fixed headers, made once for an instance.
    pub fn init(self, status: u16) -> Result<ResponseInit, JsValue> {
        if let Some(known) = INITS.with(|inits| inits.borrow().get(&(status, self)).cloned()) {
            return Ok(known);
        }
        let init = make_init(status, &self.fixed()?);
        INITS.with(|inits| inits.borrow_mut().insert((status, self), init.clone()));
        Ok(init)
    }

    fn fixed(self) -> Result<Headers, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in self.headers() {
            headers.set(name, value)?;
        }
        match self {
            Self::Html => headers.set("content-security-policy", CSP)?,
            Self::Mailbox => headers.set("content-security-policy", MAILBOX_CSP)?,
            Self::Json
            | Self::Problem
            | Self::Text
            | Self::Calendar
            | Self::Script
            | Self::Style
            | Self::Icon
            | Self::Wasm => {}
        }
        Ok(headers)
    }
}

thread_local! {
    static INITS: RefCell<Map<(u16, Kind), ResponseInit>> = const { RefCell::new(Map::new()) };
}

impl Reply {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self::bytes(status, Kind::Text, Vec::new())
    }

    /// An answer of bytes.
    pub fn bytes(status: u16, kind: Kind, body: Vec<u8>) -> Self {
        Self { status, kind, body, headers: Vec::new() }
    }

    /// JSON of a value. Our own types always have one.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self::written(status, leeway_json::write(value))
    }

    /// The same for values of every type, so that it is compiled once.
    #[inline(never)]
    fn written(status: u16, json: Result<String, leeway_json::NoForm>) -> Self {
        match json {
            Ok(body) => Self::bytes(status, Kind::Json, body.into_bytes()),
            Err(error) => {
                crate::log::error("serialize", &error.to_string());
                Self::bytes(
                    500,
                    Kind::Problem,
                    br#"{"type":"about:blank","title":"Internal error","status":500,"code":"internal"}"#.to_vec(),
                )
            }
        }
    }

    /// To another page, by GET.
    pub fn see_other(location: String) -> Self {
        Self::empty(303).with("location", location)
    }

    /// With one more header.
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// A page whose form leads to a checkout. Browsers hold a form to the policy even where the answer to it leads on, and a provider's checkout can be
    /// at a domain of the operator's own: so any secure one is allowed, and where the provider itself is, which is on this machine in tests.
    pub fn leading_to_checkout(self, provider: &str) -> Self {
        let to = if provider.starts_with("https:") { "" } else { provider };
        self.with(
            "content-security-policy",
            CSP.replace("form-action 'self'", &format!("form-action 'self' https: {to}")),
        )
    }

    /// With the version of the booking that it speaks of.
    pub fn with_version(self, version: u64) -> Self {
        self.with("etag", format!("\"{version}\""))
    }

    /// The platform's own.
    pub fn into_response(self) -> Result<Response, JsValue> {
        let init = if self.headers.is_empty() { self.kind.init(self.status)? } else { self.own_init()? };
        if self.body.is_empty() {
            return Response::new_with_opt_str_and_init(None, &init);
        }
        // A copy: the memory behind a view moves when wasm's grows, and the body is read later.
        Response::new_with_opt_buffer_source_and_init(Some(&Uint8Array::from(self.body.as_slice())), &init)
    }

    fn own_init(&self) -> Result<ResponseInit, JsValue> {
        let headers = self.kind.fixed()?;
        for (name, value) in &self.headers {
            headers.set(name, value)?;
        }
        Ok(make_init(self.status, &headers))
    }
}

fn make_init(status: u16, headers: &Headers) -> ResponseInit {
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(headers);
    init
}
