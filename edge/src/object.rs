//! One operator: its bookings and money commit together. Only the entry hands requests here, so a token is read and not checked again.
//!
//! INVARIANT: between loading a booking and committing to it nothing is awaited: what is decided on is what is committed on.

mod acting;
mod api;
mod booking_doors;
mod calendar;
mod control;
#[cfg(test)]
mod description;
mod drafts;
mod key_doors;
mod mail_doors;
mod offers;
mod page_doors;
mod paying;
mod payment_doors;
mod policy_doors;
mod provider_doors;
mod refund_doors;
mod reschedule_doors;
mod settings_doors;
mod slot_doors;
mod template_doors;
#[cfg(feature = "test-doors")]
mod test_doors;
mod trail_doors;
mod undoing;
mod view;
mod voucher_doors;
mod webhook_doors;

pub use acting::BoundQuote;
pub use calendar::{Month, noon};
pub use offers::{Choice, Day, Moving};
pub use settings_doors::Listing;

use std::cell::{Cell, OnceCell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;

use leeway_core::Instant;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;

use crate::access::{ApiKey, Link, Role};
use crate::config::{Config, config};
use crate::entry::{OPERATOR_HEADER, bearer};
use crate::host::{Env, ObjectState};
use crate::limiter::{self, Limiter};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::{ApiDoor, Method, Route, route, split_url};
use crate::store::{By, Fault, KeyRow, Operator, Origin, Store, Why};
use crate::words::Language;
use crate::{clock, cors, effects, log, pages};

/// The Durable Object of one operator.
#[wasm_bindgen]
pub struct OperatorObject {
    desk: Rc<Result<Desk, String>>,
}

/// What an object works with.
pub struct Desk {
    config: Rc<Config>,
    pub store: Store,
    /// Never another, once it is known.
    operator: OnceCell<Operator>,
    limiter: RefCell<Limiter>,
    /// Are rows of the outbox under way? They are never worked off twice at the same time.
    pub effects_run: Cell<bool>,
    /// Has a request of a test said what time it is? The platform's alarm keeps still then: time is what the tests say.
    #[cfg(feature = "test-doors")]
    timed_by_tests: Cell<bool>,
}

/// A request with its body read.
struct Asked {
    at: Instant,
    method: Method,
    url: String,
    body: String,
    bearer: Option<String>,
    /// Where it comes from, as the platform saw it; of what changes something only.
    address: Option<IpAddr>,
    if_match: Option<String>,
    /// The key that it came with, once that is known to be one.
    key: OnceCell<KeyRow>,
    idempotency_key: Option<String>,
    new_operator: Option<String>,
    /// The site whose page asks; read only where the operator allows some.
    origin: Option<String>,
    /// What signs a webhook.
    signature: Option<String>,
    /// Did the request say what time it is?
    #[cfg(feature = "test-doors")]
    is_timed: bool,
}

#[wasm_bindgen]
impl OperatorObject {
    /// Opens the store and brings it up to date.
    #[wasm_bindgen(constructor)]
    pub fn new(state: ObjectState, env: Env) -> Self {
        Self { desk: Rc::new(Desk::new(&state, &env)) }
    }

    /// Answers a request whose body has been read: at once, but for the few doors that ask the outside first.
    pub fn fetch(&self, request: &Request, body: String) -> Result<JsValue, JsValue> {
        #[cfg(feature = "test-doors")]
        crate::store::meter::request();
        let asked = self.asked(request, body);
        if outside(&asked).is_none() {
            return Ok(answer(&self.desk, &asked).into_response()?.into());
        }
        let desk = Rc::clone(&self.desk);
        Ok(future_to_promise(async move {
            let reply = match waiting(&desk, &asked).await {
                Some(reply) => reply,
                None => answer(&desk, &asked),
            };
            Ok(reply.into_response()?.into())
        })
        .into())
    }

    /// Works off what is due in the outbox. It never fails: the platform gives an alarm up after six failures.
    pub fn alarm(&self) -> js_sys::Promise {
        let desk = Rc::clone(&self.desk);
        future_to_promise(async move {
            effects::alarm(desk).await;
            Ok(JsValue::UNDEFINED)
        })
    }
}

impl OperatorObject {
    /// The site whose page asks, where that makes a difference: reading a header is a crossing.
    fn origin(&self, request: &Request, path: &str) -> Option<String> {
        let Ok(desk) = &*self.desk else { return None };
        let matters = path.starts_with("/v1/control/") && !desk.store.origins.borrow().is_empty();
        if matters { cors::origin(request) } else { None }
    }

    fn asked(&self, request: &Request, body: String) -> Asked {
        let (at, url) = (clock::now(request), request.url());
        let method = Method::parse(&request.method());
        let path = split_url(&url).0;
        // Each header read is a crossing, and whoever comes with a link needs none of these.
        let with_link = ["/v1/control/", "/b/", "/p/"].iter().any(|start| path.starts_with(start));
        let header = |name: &str| {
            if with_link { None } else { request.headers().get(name).ok().flatten() }
        };
        Asked {
            at,
            method,
            body,
            bearer: if with_link { None } else { bearer(request) },
            // Only what is done leaves a trail; a quote does nothing.
            address: if method == Method::Get || path.ends_with("/quotes") { None } else { address(request) },
            if_match: header("if-match"),
            key: OnceCell::new(),
            idempotency_key: header("idempotency-key"),
            new_operator: header(OPERATOR_HEADER),
            origin: self.origin(request, path),
            signature: if path.starts_with("/webhooks/") { header("stripe-signature") } else { None },
            #[cfg(feature = "test-doors")]
            is_timed: clock::is_set(request),
            url,
        }
    }
}

impl Asked {
    /// Through what it came, and from where. Of what comes with a link, the link says that: see [`acting::Acting`].
    fn origin(&self) -> Origin {
        let through = |key: &KeyRow| Origin { by: By::ApiKey(key.id), address: self.address };
        self.key.get().map_or(Origin::SYSTEM, through)
    }

    fn has_role(&self, needed: Role) -> bool {
        self.key.get().is_some_and(|key| key.role >= needed)
    }

    fn check_role(&self, needed: Role) -> Result<(), Problem> {
        let role = self.key.get().ok_or(Problem::UNAUTHORIZED)?.role;
        if role >= needed { Ok(()) } else { Err(Problem::role_too_low(needed, role)) }
    }

    /// Refuses what was meant for another version of a booking.
    fn check_version(&self, version: u64) -> Result<(), Problem> {
        let Some(wanted) = &self.if_match else { return Ok(()) };
        let current = format!("\"{version}\"");
        let is_it = wanted.split(',').map(str::trim).any(|tag| tag == "*" || tag == current);
        if is_it { Ok(()) } else { Err(Problem::version_changed(version)) }
    }
}

/// What an answer takes of the outside first.
enum Outside<'a> {
    Pay(&'a str),
    TryEndpoint(&'a str),
    TryMail,
    #[cfg(feature = "test-doors")]
    RunDue,
}

/// None: the door answers at once. Whatever is only read does.
fn outside(asked: &Asked) -> Option<Outside<'_>> {
    if matches!(asked.method, Method::Get | Method::Options) {
        return None;
    }
    match route(split_url(&asked.url).0)? {
        Route::Pay(token, _) => Some(Outside::Pay(token)),
        Route::TryEndpoint(id) => Some(Outside::TryEndpoint(id)),
        Route::Api(ApiDoor::MailTest) => Some(Outside::TryMail),
        #[cfg(feature = "test-doors")]
        Route::RunDue(_) => Some(Outside::RunDue),
        Route::Noop
        | Route::Health
        | Route::OpenApi
        | Route::Asset(_)
        | Route::Control(..)
        | Route::Page(..)
        | Route::Mailbox(..)
        | Route::StripeWebhook(_)
        | Route::Operators
        | Route::Api(_) => None,
    }
}

/// Answers where that takes something of the outside first. None: it does not, or there is no store to answer from.
async fn waiting(desk: &Result<Desk, String>, asked: &Asked) -> Option<Reply> {
    let Ok(living) = desk else { return None };
    let done = match outside(asked)? {
        Outside::Pay(token) => {
            let query = split_url(&asked.url).1;
            let refused = |fault| pages::problem(&refused(fault), language(desk, query), (asked.method, &asked.url));
            return Some(living.pay(token, asked).await.unwrap_or_else(refused));
        }
        Outside::TryEndpoint(id) => living.try_endpoint(id, asked).await,
        Outside::TryMail => living.try_mail(asked).await,
        #[cfg(feature = "test-doors")]
        Outside::RunDue => living.run_due(asked).await,
    };
    Some(done.unwrap_or_else(|fault| refused(fault).reply()))
}

/// What is said of a fault; one of ours is logged.
fn refused(fault: Fault) -> Problem {
    match fault.why() {
        Why::Problem(problem) => problem,
        Why::Platform(message) => {
            log::error("object", &message);
            Problem::INTERNAL
        }
    }
}

/// Where a request comes from. Only the platform sets that header; without the platform in front, whoever asks can.
fn address(request: &Request) -> Option<IpAddr> {
    request.headers().get("cf-connecting-ip").ok().flatten()?.parse().ok()
}

/// Answers, and in a test build says what that took of the store.
fn answer(desk: &Result<Desk, String>, asked: &Asked) -> Reply {
    let mut reply = answered(desk, asked);
    if let (Ok(desk), Some(origin)) = (desk, &asked.origin) {
        reply = cors::readable(reply, Some(origin), &desk.store.origins.borrow());
    }
    #[cfg(feature = "test-doors")]
    let reply = {
        use crate::store::meter;
        reply.with("leeway-test-store", meter::take()).with("leeway-test-requests", meter::requests())
    };
    reply
}

/// Answers, whatever happens.
fn answered(desk: &Result<Desk, String>, asked: &Asked) -> Reply {
    #[cfg(feature = "test-doors")]
    if let Ok(desk) = desk {
        desk.timed_by_tests.set(desk.timed_by_tests.get() || asked.is_timed);
    }
    let (path, query) = split_url(&asked.url);
    let route = route(path);
    let done = match (desk, &route) {
        (Err(error), _) => Err(Fault::platform(error.clone())),
        (Ok(_), None) => Err(Problem::NOT_FOUND.into()),
        (Ok(desk), Some(route)) => desk.dispatch(route, query, asked),
    };
    let problem = match done {
        Ok(reply) => return reply,
        Err(fault) => refused(fault),
    };
    match route {
        Some(Route::Page(..) | Route::Pay(..)) => {
            pages::problem(&problem, language(desk, query), (asked.method, &asked.url))
        }
        _ => problem.reply(),
    }
}

/// The language of a page that could not be made: the one that was asked for, else the operator's.
fn language(desk: &Result<Desk, String>, query: &str) -> Language {
    let operators = || desk.as_ref().ok()?.operator().ok().and_then(|operator| Language::of(&operator.locale));
    pages::asked_language(query).or_else(operators).unwrap_or(Language::English)
}

impl Desk {
    fn new(state: &ObjectState, env: &Env) -> Result<Self, String> {
        let config = config(env)?;
        let fault = |fault: Fault| format!("opening the store: {fault:?}");
        let store = Store::new(state.storage(), config.mailbox_by_default).map_err(fault)?;
        let operator = store.operator().map_err(fault)?.map(OnceCell::from).unwrap_or_default();
        Ok(Self {
            config,
            store,
            operator,
            limiter: RefCell::default(),
            effects_run: Cell::new(false),
            #[cfg(feature = "test-doors")]
            timed_by_tests: Cell::new(false),
        })
    }

    /// Does the platform's alarm tell this object what time it is?
    #[cfg(not(feature = "test-doors"))]
    pub fn keeps_time(&self) -> bool {
        true
    }

    #[cfg(feature = "test-doors")]
    pub fn keeps_time(&self) -> bool {
        !self.timed_by_tests.get()
    }

    fn dispatch(&self, route: &Route<'_>, query: &str, asked: &Asked) -> Result<Reply, Fault> {
        match route {
            Route::Control(token, _) if asked.method == Method::Options => {
                self.link(token, asked)?;
                cors::preflight(asked.origin.as_deref(), &self.store.origins.borrow())
            }
            Route::Control(token, door) => self.control(&self.link(token, asked)?, *door, query, asked),
            Route::Page(token, door) => self.page(&self.link(token, asked)?, token, *door, query, asked),
            Route::Pay(token, door) => self.bill_page(token, *door, query, asked),
            Route::Mailbox(_, seq) => self.mailbox(*seq),
            Route::StripeWebhook(_) => self.stripe_webhook(asked),
            Route::Operators => self.new_operator(asked),
            Route::Api(door) => {
                self.check_key(asked)?;
                self.api(*door, query, asked)
            }
            Route::Noop | Route::Health | Route::OpenApi | Route::Asset(_) | Route::TryEndpoint(_) => {
                Err(Problem::NOT_FOUND.into())
            }
            #[cfg(feature = "test-doors")]
            Route::RunDue(_) => Err(Problem::NOT_FOUND.into()),
        }
    }

    fn link(&self, token: &str, asked: &Asked) -> Result<Link, Fault> {
        let link = Link::peek(token).ok_or(Problem::LINK_UNKNOWN)?;
        self.limit(link.booking.0, limiter::LINK, asked)?;
        Ok(link)
    }

    fn check_key(&self, asked: &Asked) -> Result<(), Fault> {
        let key = asked.bearer.as_deref().and_then(ApiKey::peek).ok_or(Problem::UNAUTHORIZED)?;
        self.limit(key.secret, limiter::API_KEY, asked)?;
        let row = self.store.key(&key.hash())?.filter(|row| row.works(asked.at)).ok_or(Problem::UNAUTHORIZED)?;
        asked.key.get_or_init(|| row);
        Ok(())
    }

    fn limit(&self, who: uuid::Uuid, rate: limiter::Rate, asked: &Asked) -> Result<(), Fault> {
        let taken = self.limiter.borrow_mut().take(who, rate, asked.at.ms());
        taken.map_err(|seconds| Problem::TOO_MANY.retry_after(seconds).into())
    }

    pub fn operator(&self) -> Result<&Operator, Fault> {
        self.operator.get().ok_or_else(|| Problem::NOT_FOUND.into())
    }
}
