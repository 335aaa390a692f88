//! The description of the doors, OpenAPI 3.1: made from the types that they read and write, and from the table that says which role each needs. In
//! tests only; what is served is the file that is written here.
//!
//! After a change of a door or a type: `LEEWAY_WRITE=1 cargo test -p leeway-edge description`. A new door takes a line in [`doors`] and one in
//! `TEMPLATES`, and does not pass the tests without.

mod doors;
mod forms;
mod operation;
mod schemas;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value, json};

use self::operation::Operation;
pub use self::schemas::LoggedEvent;
use self::schemas::{Schemas, resolve, tidy};
use crate::route::{
    ApiDoor, ControlDoor, EndpointDoor, KeyDoor, Method, PageDoor, PayDoor, ProviderDoor, RefundDoor, Route, StepDoor,
    route,
};

/// What is not described: files, what an empty door costs, and the mailbox of one's own machine.
const NOT_DESCRIBED: &str = "";

/// Each door with its path. Exhaustive, so that no door is left out.
macro_rules! templates {
    ($($door:pat => $path:expr,)*) => {
        const TEMPLATES: &[&str] = &[$($path),*];
        fn template(door: &Route<'_>) -> &'static str {
            match door { $($door => $path,)* }
        }
    };
}

templates! {
    Route::Noop => NOT_DESCRIBED,
    Route::Asset(_) => NOT_DESCRIBED,
    Route::Mailbox(..) => NOT_DESCRIBED,
    Route::OpenApi => "/openapi.json",
    Route::Health => "/healthz",
    Route::Control(_, ControlDoor::View) => "/v1/control/{token}",
    Route::Control(_, ControlDoor::Slots) => "/v1/control/{token}/slots",
    Route::Control(_, ControlDoor::Quotes) => "/v1/control/{token}/quotes",
    Route::Control(_, ControlDoor::Actions) => "/v1/control/{token}/actions",
    Route::Control(_, ControlDoor::Undo) => "/v1/control/{token}/undo",
    Route::Control(_, ControlDoor::Calendar) => "/v1/control/{token}/calendar.ics",
    Route::Page(_, PageDoor::Show) => "/b/{token}",
    Route::Page(_, PageDoor::Cancel) => "/b/{token}/cancel",
    Route::Page(_, PageDoor::Reschedule) => "/b/{token}/reschedule",
    Route::Page(_, PageDoor::Rename) => "/b/{token}/rename",
    Route::Page(_, PageDoor::Undo) => "/b/{token}/undo",
    Route::Pay(_, PayDoor::Bill) => "/p/{token}",
    Route::Pay(_, PayDoor::Done) => "/p/{token}/done",
    Route::Pay(_, PayDoor::Canceled) => "/p/{token}/canceled",
    Route::StripeWebhook(_) => "/webhooks/stripe/{token}",
    Route::Operators => "/v1/operators",
    Route::TryEndpoint(_) => "/v1/webhooks/{id}/test",
    Route::Api(ApiDoor::Policies) => "/v1/policies",
    Route::Api(ApiDoor::Policy("lint")) => "/v1/policies/lint",
    Route::Api(ApiDoor::Policy(_)) => "/v1/policies/{name}",
    Route::Api(ApiDoor::WhatIf(_)) => "/v1/policies/{name}/what-if",
    Route::Api(ApiDoor::Slots) => "/v1/slots",
    Route::Api(ApiDoor::Slot(_)) => "/v1/slots/{id}",
    Route::Api(ApiDoor::Bookings) => "/v1/bookings",
    Route::Api(ApiDoor::Booking(_)) => "/v1/bookings/{id}",
    Route::Api(ApiDoor::Payments(_)) => "/v1/bookings/{id}/payments",
    Route::Api(ApiDoor::Quotes(_)) => "/v1/bookings/{id}/quotes",
    Route::Api(ApiDoor::Actions(_)) => "/v1/bookings/{id}/actions",
    Route::Api(ApiDoor::Undo(_)) => "/v1/bookings/{id}/undo",
    Route::Api(ApiDoor::Links(_)) => "/v1/bookings/{id}/links",
    Route::Api(ApiDoor::Adjustments(_)) => "/v1/bookings/{id}/adjustments",
    Route::Api(ApiDoor::Events(_)) => "/v1/bookings/{id}/events",
    Route::Api(ApiDoor::Personal(_)) => "/v1/bookings/{id}/personal",
    Route::Api(ApiDoor::PaymentLinks(_)) => "/v1/bookings/{id}/payment-links",
    Route::Api(ApiDoor::Bills) => "/v1/payment-links",
    Route::Api(ApiDoor::Bill(_)) => "/v1/payment-links/{id}",
    Route::Api(ApiDoor::Refund(RefundDoor::OfBooking(_))) => "/v1/bookings/{id}/refunds",
    Route::Api(ApiDoor::Refund(RefundDoor::Search)) => "/v1/refunds",
    Route::Api(ApiDoor::Refund(RefundDoor::Statistics)) => "/v1/refunds/statistics",
    Route::Api(ApiDoor::Refund(RefundDoor::One(_))) => "/v1/refunds/{id}",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::Approve))) => "/v1/refunds/{id}/approve",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::Decline))) => "/v1/refunds/{id}/decline",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::Void))) => "/v1/refunds/{id}/void",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::Route))) => "/v1/refunds/{id}/route",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::Voucher))) => "/v1/refunds/{id}/voucher",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::CreditNote))) => "/v1/refunds/{id}/credit-note",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::ApproveCreditNote))) => "/v1/refunds/{id}/approve-credit-note",
    Route::Api(ApiDoor::Refund(RefundDoor::Step(_, StepDoor::Finalize))) => "/v1/refunds/{id}/finalize",
    Route::Api(ApiDoor::Voucher(_)) => "/v1/vouchers/{code}",
    Route::Api(ApiDoor::Key(KeyDoor::All)) => "/v1/keys",
    Route::Api(ApiDoor::Key(KeyDoor::One(_))) => "/v1/keys/{id}",
    Route::Api(ApiDoor::Provider(ProviderDoor::Stripe)) => "/v1/providers/stripe",
    Route::Api(ApiDoor::Provider(ProviderDoor::Manual)) => "/v1/providers/manual",
    Route::Api(ApiDoor::Endpoints(EndpointDoor::All)) => "/v1/webhooks",
    Route::Api(ApiDoor::Endpoints(EndpointDoor::One(_))) => "/v1/webhooks/{id}",
    Route::Api(ApiDoor::Endpoints(EndpointDoor::Enable(_))) => "/v1/webhooks/{id}/enable",
    Route::Api(ApiDoor::Endpoints(EndpointDoor::Roll(_))) => "/v1/webhooks/{id}/roll",
    Route::Api(ApiDoor::Mail) => "/v1/mail",
    Route::Api(ApiDoor::MailTest) => "/v1/mail/test",
    Route::Api(ApiDoor::Templates) => "/v1/templates",
    Route::Api(ApiDoor::Preview) => "/v1/templates/preview",
    Route::Api(ApiDoor::Template(..)) => "/v1/templates/{kind}/{locale}",
    Route::Api(ApiDoor::Notices) => "/v1/notices",
    Route::Api(ApiDoor::Settings) => "/v1/settings",
    Route::Api(ApiDoor::Outbox) => "/v1/outbox",
    Route::Api(ApiDoor::OutboxRetry(_)) => "/v1/outbox/{id}/retry",
}

/// A path with something in the place of its parameters.
fn example(path: &str) -> String {
    path.replace("{id}", "1")
        .replace("{token}", "T")
        .replace("{name}", "tour")
        .replace("{kind}", "canceled")
        .replace("{locale}", "en")
}

const METHODS: [(&str, Method); 5] = [
    ("get", Method::Get),
    ("post", Method::Post),
    ("put", Method::Put),
    ("patch", Method::Patch),
    ("delete", Method::Delete),
];

fn method(name: &str) -> Method {
    METHODS.into_iter().find(|(known, _)| *known == name).unwrap().1
}

fn description() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for operation in doors::doors() {
        let Operation { path, method, .. } = operation;
        let described = operation.describe(&mut schemas);
        assert!(paths.entry(path).or_default().insert(method.to_owned(), described).is_none(), "{method} {path} twice");
    }
    for (path, item) in &mut paths {
        let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let parameters: Vec<_> = names.map(|name| operation::in_path(path, name)).collect();
        if !parameters.is_empty() {
            item.insert("parameters".to_owned(), json!(parameters));
        }
    }
    let (schemas, responses) = schemas.into_components();
    let mut description = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Leeway",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "How much room a booking leaves its customer, and acting on it",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "a key of the operator's; `x-role` is the least role that opens a door"},
                "adminKey": {"type": "http", "scheme": "bearer", "description": "the key of the deployment"},
            },
            "schemas": schemas,
            "responses": responses,
        },
    });
    resolve(&mut description);
    tidy(&mut description);
    description
}

#[test]
fn what_is_served_is_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let mut text = serde_json::to_string_pretty(&description()).unwrap();
    text.push('\n');
    if std::env::var_os("LEEWAY_WRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        written == text,
        "edge/openapi.json is of other types: `LEEWAY_WRITE=1 cargo test -p leeway-edge description`"
    );
}

#[test]
fn every_door_and_every_method_is_described_and_no_other() {
    let mut described: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in doors::doors() {
        described.entry(operation.path).or_default().insert(operation.method);
    }
    let known: BTreeSet<&str> = TEMPLATES.iter().copied().filter(|path| *path != NOT_DESCRIBED).collect();
    assert_eq!(described.keys().copied().collect::<BTreeSet<_>>(), known);
    for (path, methods) in described {
        let example = example(path);
        let door = route(&example).unwrap_or_else(|| panic!("{path} leads nowhere"));
        assert_eq!(template(&door), path);
        let takes = METHODS.iter().filter(|(_, method)| door.takes(*method)).map(|(name, _)| *name);
        // A policy can have the name of a door beside it; that is described where the other policies are.
        let takes: BTreeSet<&str> =
            if path == "/v1/policies/lint" { takes.filter(|name| *name == "post").collect() } else { takes.collect() };
        assert_eq!(methods, takes, "{path}");
    }
}
