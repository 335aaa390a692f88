//! Where requests come in. Refuses what it can by itself; hands the rest, untouched, to the operator's object.

use std::cell::RefCell;
use std::rc::Rc;

use leeway_core::Map;
use leeway_core::id::OperatorId;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Request, RequestInit, WritableStream};

use crate::access::{self, ApiKey, Link, PayAccess, Scope, revoked};
use crate::assets::Asset;
use crate::config::{Config, config};
use crate::host::Env;
use crate::mail::settings::Offer;
use crate::problem::Problem;
use crate::reply::{Kind, Reply};
use crate::route::{ControlDoor, Method, PageDoor, Route, route, split_url};
use crate::words::Language;
use crate::{assets, clock, cors, host, log, pages};

/// The header in which the entry tells a new object whose it is. Nobody else's word for it is taken.
pub const OPERATOR_HEADER: &str = "leeway-operator";

/// The longest body that is read only to be thrown away.
const DRAINED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// How many operators' ids are remembered.
const IDS_MAX: usize = 10_000;

/// Answers a request: with a `Response` where that needs nothing else, with the object's promise of one otherwise.
#[wasm_bindgen]
pub fn fetch(request: Request, env: Env) -> Result<JsValue, JsValue> {
    let config = match config(&env) {
        Ok(config) => config,
        Err(error) => {
            log::error("configuration", &error);
            return respond(Problem::INTERNAL.reply());
        }
    };
    let url = request.url();
    let (path, _query) = split_url(&url);
    let Some(route) = route(path) else { return respond(Problem::NOT_FOUND.reply()) };
    let method = Method::parse(&request.method());
    match admit(&config, &request, &route, method) {
        Ok(Admitted::Answered(reply)) => respond(reply),
        Ok(Admitted::Stored(asset)) => Ok(assets::stored(&config, asset).into()),
        Ok(Admitted::For(operator)) => Ok(stub(&config, operator)?.fetch(&request)?.into()),
        Ok(Admitted::NewOperator) => Ok(new_operator(config, request).into()),
        Err(problem) if problem.is_too_large() => {
            let refused = refuse(&request, &route, &problem);
            Ok(drained(request, refused).into())
        }
        Err(problem) => respond(refuse(&request, &route, &problem)),
    }
}

enum Admitted {
    Answered(Reply),
    Stored(Asset),
    For(OperatorId),
    NewOperator,
}

fn admit(config: &Config, request: &Request, route: &Route<'_>, method: Method) -> Result<Admitted, Problem> {
    if !route.takes(method) {
        return Err(Problem::METHOD);
    }
    let admitted = match route {
        Route::Noop => Admitted::Answered(Reply::bytes(200, Kind::Text, b"ok".to_vec())),
        Route::Health => Admitted::Answered(Reply::bytes(200, Kind::Json, br#"{"status":"ok"}"#.to_vec())),
        Route::OpenApi => Admitted::Stored(assets::OPENAPI),
        Route::Asset(name) => Admitted::Stored(assets::find(name).ok_or(Problem::NOT_FOUND)?),
        Route::Control(token, _) | Route::Page(token, _) => {
            let link = Link::open(&config.keys, token).ok_or(Problem::LINK_UNKNOWN)?;
            if link.is_expired(clock::now(request)) {
                return Err(Problem::LINK_EXPIRED);
            }
            if revoked::is_known(link.booking, link.generation) {
                return Err(Problem::LINK_REVOKED);
            }
            if !link.scope.includes(needed(route, method)) {
                return Err(Problem::OUT_OF_SCOPE);
            }
            Admitted::For(link.operator)
        }
        Route::Pay(token, _) => {
            let access = PayAccess::open(&config.keys, token).ok_or(Problem::LINK_UNKNOWN)?;
            if access.is_expired(clock::now(request)) {
                return Err(Problem::LINK_EXPIRED);
            }
            if revoked::is_known(access.booking(), access.generation()) {
                return Err(Problem::LINK_REVOKED);
            }
            Admitted::For(access.operator())
        }
        // On one's own machine nobody else asks.
        Route::Mailbox(id, _) if config.mail.mailbox == Offer::Yes => Admitted::For(operator_id(id)?),
        Route::Mailbox(..) => return Err(Problem::NOT_FOUND),
        Route::StripeWebhook(token) => Admitted::For(access::open_hook(&config.keys, token).ok_or(Problem::NOT_FOUND)?),
        #[cfg(feature = "test-doors")]
        Route::RunDue(id) => Admitted::For(operator_id(id)?),
        Route::Operators => match bearer(request) {
            Some(key) if config.is_admin(&key) => Admitted::NewOperator,
            _ => return Err(Problem::UNAUTHORIZED),
        },
        Route::Api(_) | Route::TryEndpoint(_) => {
            let key = bearer(request).and_then(|text| ApiKey::open(&config.keys, &text));
            Admitted::For(key.ok_or(Problem::UNAUTHORIZED)?.operator)
        }
    };
    match method {
        Method::Get | Method::Options => {}
        // Most clients send none with it, and no length of it either.
        Method::Delete if request.body().is_none() => {}
        Method::Post | Method::Put | Method::Patch | Method::Delete | Method::Other => check_length(request, route)?,
    }
    Ok(admitted)
}

/// The operator that a path names.
fn operator_id(text: &str) -> Result<OperatorId, Problem> {
    uuid::Uuid::try_parse(text).map(OperatorId).map_err(|_| Problem::NOT_FOUND)
}

/// What a link must allow for a door.
fn needed(route: &Route<'_>, method: Method) -> Scope {
    match (route, method) {
        (
            Route::Control(_, ControlDoor::Slots | ControlDoor::Quotes | ControlDoor::Actions | ControlDoor::Undo)
            | Route::Page(_, PageDoor::Cancel | PageDoor::Reschedule | PageDoor::Rename | PageDoor::Undo),
            _,
        ) => Scope::CHANGE,
        _ => Scope::VIEW,
    }
}

/// An object that answers without reading a body can break the connection, so what is too long is refused here.
fn check_length(request: &Request, route: &Route<'_>) -> Result<(), Problem> {
    let most = route.body_bytes_max();
    let length = request.headers().get("content-length").ok().flatten();
    let length = length.and_then(|text| text.parse::<usize>().ok()).ok_or(Problem::LENGTH_REQUIRED)?;
    if length > most { Err(Problem::too_large(most)) } else { Ok(()) }
}

/// The key in an `Authorization: Bearer …` header.
pub fn bearer(request: &Request) -> Option<String> {
    let header = request.headers().get("authorization").ok().flatten()?;
    let (scheme, key) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned())
}

fn refuse(request: &Request, route: &Route<'_>, problem: &Problem) -> Reply {
    let reply = match route {
        Route::Page(..) | Route::Pay(..) => {
            let (method, url) = (Method::parse(&request.method()), request.url());
            pages::problem(problem, language(request, &url), (method, &url))
        }
        Route::Control(..) => cors::readable_by_all(problem.reply()),
        Route::Noop
        | Route::Health
        | Route::OpenApi
        | Route::Asset(_)
        | Route::Mailbox(..)
        | Route::StripeWebhook(_)
        | Route::TryEndpoint(_)
        | Route::Operators
        | Route::Api(_) => problem.reply(),
        #[cfg(feature = "test-doors")]
        Route::RunDue(_) => problem.reply(),
    };
    if problem.status() == 405 { reply.with("allow", route.allowed().to_owned()) } else { reply }
}

/// The language that an address asks for, else the first of the browser's that there are words in: nobody else is known here.
fn language(request: &Request, url: &str) -> Language {
    let asked = pages::asked_language(split_url(url).1);
    let browsers = || {
        let header = request.headers().get("accept-language").ok().flatten()?;
        header.split(',').find_map(|locale| Language::of(locale.split(';').next().unwrap_or(locale).trim()))
    };
    asked.or_else(browsers).unwrap_or(Language::English)
}

fn respond(reply: Reply) -> Result<JsValue, JsValue> {
    Ok(reply.into_response()?.into())
}

/// Answers once the body has been read and thrown away: whoever still sends would see a broken connection and no answer. A body that is
/// longer than a mistake would be is cut off.
fn drained(request: Request, reply: Reply) -> js_sys::Promise {
    future_to_promise(async move {
        let length = request.headers().get("content-length")?.and_then(|text| text.parse::<u64>().ok());
        if let Some(body) = request.body().filter(|_| length.is_some_and(|length| length <= DRAINED_BYTES_MAX)) {
            // Nothing depends on it: a sender who gives up gets no answer.
            drop(JsFuture::from(body.pipe_to(&WritableStream::new()?)).await);
        }
        Ok(reply.into_response()?.into())
    })
}

thread_local! {
    static IDS: RefCell<Map<OperatorId, JsValue>> = const { RefCell::new(Map::new()) };
}

/// An operator's object. Its id is worked out once; the stub itself belongs to one request.
fn stub(config: &Config, operator: OperatorId) -> Result<host::Stub, JsValue> {
    if let Some(id) = IDS.with(|ids| ids.borrow().get(&operator).cloned()) {
        return config.operators.get(&id);
    }
    let id = config.operators.id_from_name(&operator.to_string())?;
    IDS.with(|ids| {
        let mut ids = ids.borrow_mut();
        if ids.len() >= IDS_MAX {
            ids.clear();
        }
        ids.insert(operator, id.clone());
    });
    config.operators.get(&id)
}

/// Gives a new operator its id and hands it to the object of that id.
fn new_operator(config: Rc<Config>, request: Request) -> js_sys::Promise {
    future_to_promise(async move {
        let body = JsFuture::from(request.text()?).await?;
        let operator = OperatorId(host::fresh_uuid(clock::now(&request).ms()));
        let headers = web_sys::Headers::new_with_headers(&request.headers())?;
        headers.set(OPERATOR_HEADER, &operator.to_string())?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&body);
        let inner = Request::new_with_str_and_init(&request.url(), &init)?;
        JsFuture::from(stub(&config, operator)?.fetch(&inner)?).await
    })
}
