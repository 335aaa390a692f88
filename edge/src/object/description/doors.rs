//! The doors, one operation after the other: what each reads and answers. The order is that of the description's readers, not of its file.

use std::collections::BTreeMap;

use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::booking::Method as PaymentMethod;
use leeway_core::command::{Adjust, EnterRefund};
use leeway_core::id::{BookingId, ItemId, ParticipantId, SlotId};
use leeway_core::refund::{RefundReason, RefundState, Way};
use leeway_core::request::BookingRequest;
use leeway_core::{Action, Policy};
use serde_json::Value;

use super::forms::{CancelForm, CheckoutForm, RenameForm, RescheduleForm, UndoForm};
use super::operation::Operation;
use super::schemas::SignedQuote;
use crate::mail::settings::MailSettings;
use crate::object::acting::CommitRequest;
use crate::object::api::{LintRequest, Linted, NewOperator, OperatorRequest, PaymentRequest};
use crate::object::booking_doors::BookingList;
use crate::object::drafts::DraftRequest;
use crate::object::key_doors::{KeyList, KeyRequest, NewKey};
use crate::object::mail_doors::{self, TestRequest};
use crate::object::offers;
use crate::object::payment_doors::{self, LinkRequest};
use crate::object::policy_doors::{PolicyList, WhatIfAnswer, WhatIfRequest};
use crate::object::provider_doors::{Noticed, StripeShown};
use crate::object::refund_doors::{Nothing, RefundList, RefundStatistics, RefundView, WayRequest, WhyRequest};
use crate::object::settings_doors;
use crate::object::slot_doors::{PlacesRequest, Slots, SlotsRequest, SoldAsRequest};
use crate::object::template_doors::{ListedTemplates, PreviewRequest, Previewed, TemplateRequest, TemplateView};
use crate::object::trail_doors::Trail;
use crate::object::undoing::UndoRequest;
use crate::object::view::{Receipt, View};
use crate::object::voucher_doors::VoucherView;
use crate::object::webhook_doors::{self, EndpointRequest, Tried};
use crate::problem::Problem;
use crate::provider::{ManualSettings, StripeSettings};
use crate::settings::General;
use crate::store::{BookingOrder, StoredSlot};

type Object = BTreeMap<String, Value>;

pub fn doors() -> Vec<Operation> {
    let parts = [open(), control(), pages(), policies(), slots(), bookings(), refunds(), money(), account()];
    parts.into_iter().flatten().collect()
}

fn open() -> Vec<Operation> {
    vec![
        Operation::open("get", "/healthz", "Are we up?").answer::<Object>(200, "yes"),
        Operation::open("get", "/openapi.json", "This description").answer::<Object>(200, "OpenAPI 3.1"),
        Operation::admin("post", "/v1/operators", "Make an operator")
            .body::<OperatorRequest>()
            .answer::<NewOperator<'_>>(201, "made; its first key, with the role `admin`, is shown once"),
        Operation::open("post", "/webhooks/stripe/{token}", "What Stripe says")
            .body::<Object>()
            .answer::<Object>(200, "taken")
            .problem(&Problem::NOT_FOUND)
            .problem(&Problem::SIGNATURE_WRONG),
    ]
}

fn control() -> Vec<Operation> {
    vec![
        Operation::linked("get", "/v1/control/{token}", "See a booking: what may be done, until when, for how much")
            .answer::<View<'_>>(200, "the booking, what it still allows, and what canceling it would do"),
        Operation::linked("get", "/v1/control/{token}/slots", "What an item can be moved to")
            .query_must::<ItemId>("item", "what moves")
            .query_often::<ParticipantId>("participant", "some of those who attend it; absent: everybody")
            .query::<String>("month", "such as `2026-08`: which of its days have any")
            .query::<String>("day", "such as `2026-08-14`: which there are on it")
            .range("that start at this instant or later")
            .answer::<offers::Listed<'_>>(200, "days of a month, or offers")
            .rules(),
        Operation::linked("get", "/v1/control/{token}/calendar.ics", "The dates, for a calendar")
            .calendar(200, "iCalendar"),
        Operation::linked("post", "/v1/control/{token}/quotes", "Say what an action would do")
            .body::<Action>()
            .answer::<SignedQuote>(200, "the quote, with the token that binds it")
            .rules(),
        Operation::linked("post", "/v1/control/{token}/actions", "Do what a quote promised")
            .body::<CommitRequest>()
            .answer::<Receipt<'_>>(201, "done")
            .answer::<Receipt<'_>>(200, "done before, by the same quote")
            .problem(&Problem::QUOTE_UNKNOWN)
            .problem(&Problem::QUOTE_CHANGED)
            .rules(),
        Operation::linked("post", "/v1/control/{token}/undo", "Take a cancellation back while its refund waits")
            .body::<UndoRequest>()
            .answer::<View<'_>>(200, "the booking as it is again")
            .rules(),
    ]
}

fn pages() -> Vec<Operation> {
    let page = |method, path, text| Operation::linked(method, path, text).in_languages();
    vec![
        page("get", "/b/{token}", "The booking's page").page(200, "the page"),
        page("get", "/b/{token}/cancel", "What canceling would do; changes nothing").page(200, "the page").rules(),
        page("post", "/b/{token}/cancel", "Cancel, repeating the shown quote")
            .form::<CancelForm>()
            .page(200, "the quote has changed: a fresh one is shown")
            .empty(303, "done: to the booking's page")
            .rules(),
        page(
            "get",
            "/b/{token}/reschedule",
            "Where something can be moved to, and with `slot` what that would do; changes nothing",
        )
        .page(200, "the page")
        .rules(),
        page("post", "/b/{token}/reschedule", "Move, repeating the shown quote")
            .form::<RescheduleForm>()
            .page(200, "the quote has changed: a fresh one is shown")
            .empty(303, "done: to the booking's page")
            .rules(),
        page("post", "/b/{token}/rename", "Rename a participant")
            .form::<RenameForm>()
            .page(200, "why not")
            .empty(303, "done: to the booking's page")
            .rules(),
        page("post", "/b/{token}/undo", "Take a cancellation back")
            .form::<UndoForm>()
            .page(200, "why not")
            .empty(303, "done: to the booking's page")
            .rules(),
        page("get", "/p/{token}", "What is due").page(200, "the bill"),
        page("post", "/p/{token}", "To the checkout")
            .form::<CheckoutForm>()
            .page(200, "why not")
            .empty(303, "to the checkout")
            .problem(&Problem::PROVIDER_REFUSED)
            .problem(&Problem::PROVIDER_UNREACHABLE)
            .problem(&Problem::PAYMENT_PENDING)
            .rules(),
        page("get", "/p/{token}/done", "After the checkout: what is known of the payment").page(200, "the page"),
        page("get", "/p/{token}/canceled", "After a checkout without a payment").page(200, "the page"),
    ]
}

fn policies() -> Vec<Operation> {
    vec![
        Operation::api("get", "/v1/policies", "All policies").answer::<PolicyList>(200, "by name"),
        Operation::api("get", "/v1/policies/{name}", "Read a policy")
            .answer::<Policy>(200, "the policy")
            .problem(&Problem::NOT_FOUND),
        Operation::api("put", "/v1/policies/{name}", "Write a policy: bookings that exist keep theirs")
            .body::<Policy>()
            .answer::<Policy>(200, "written anew")
            .answer::<Policy>(201, "written"),
        Operation::api("post", "/v1/policies/lint", "Find what cannot be meant by a policy; nothing is stored")
            .body::<LintRequest>()
            .answer::<Linted>(200, "what was found"),
        Operation::api(
            "post",
            "/v1/policies/{name}/what-if",
            "What a policy would have made of past cancellations by customers",
        )
        .body::<WhatIfRequest>()
        .answer::<WhatIfAnswer>(200, "what came of them, and what would have")
        .problem(&Problem::NOT_FOUND),
    ]
}

fn slots() -> Vec<Operation> {
    vec![
        Operation::api("get", "/v1/slots", "List slots in the order of their start")
            .query::<String>("service", "of this service")
            .range("that start at this instant or later")
            .query::<SlotId>("after", "`next` of the part before")
            .answer::<Slots<'_>>(200, "at most 500, and where the list goes on"),
        Operation::api("post", "/v1/slots", "Open slots")
            .body::<SlotsRequest>()
            .answer::<Slots<'_>>(201, "opened")
            .problem(&Problem::POLICY_UNKNOWN),
        Operation::api("get", "/v1/slots/{id}", "One slot")
            .answer::<StoredSlot>(200, "the slot")
            .problem(&Problem::SLOT_UNKNOWN),
        Operation::api("post", "/v1/slots/{id}", "Give out another number of places, or none")
            .body::<PlacesRequest>()
            .answer::<StoredSlot>(200, "the slot as it is now")
            .problem(&Problem::SLOT_UNKNOWN)
            .rules(),
        Operation::api("patch", "/v1/slots/{id}", "Change what it is sold as, for whoever comes from now on")
            .body::<SoldAsRequest>()
            .answer::<StoredSlot>(200, "the slot as it is now")
            .problem(&Problem::SLOT_UNKNOWN)
            .problem(&Problem::POLICY_UNKNOWN),
    ]
}

fn bookings() -> Vec<Operation> {
    let of = |method, path, text| Operation::api(method, path, text).problem(&Problem::BOOKING_UNKNOWN);
    vec![
        Operation::api("get", "/v1/bookings", "List and search bookings")
            .query::<String>("q", "words that begin words of reference, name or email: all of them")
            .query_often::<Status>("status", "any of these")
            .query_often::<PaymentStatus>("payment_status", "any of these")
            .query::<String>("service", "that have something of this service")
            .range("whose first slot starts at this instant or later")
            .query::<BookingOrder>("order", "the newest first, unless told otherwise")
            .paged()
            .answer::<BookingList>(200, "a part of the list"),
        Operation::api("post", "/v1/bookings", "Make a booking")
            .body::<BookingRequest>()
            .answer::<View<'_>>(201, "made, its policy frozen; with the control link for the customer")
            .problem(&Problem::POLICY_UNKNOWN)
            .problem(&Problem::REFERENCE_TAKEN)
            .rules(),
        of("get", "/v1/bookings/{id}", "Read a booking").answer::<View<'_>>(
            200,
            "as the customer sees it, with what there is to see to; `control_url` from the role `agent` on",
        ),
        of("post", "/v1/bookings/{id}/payments", "Record money that came in by hand, or pay with a voucher")
            .versioned()
            .body::<PaymentRequest>()
            .answer::<View<'_>>(201, "recorded")
            .problem(&Problem::VOUCHER_UNKNOWN.with_status(422))
            .rules(),
        of("post", "/v1/bookings/{id}/adjustments", "Add an extra, or (negative) a rebate")
            .versioned()
            .body::<Adjust>()
            .answer::<View<'_>>(201, "added")
            .rules(),
        of("post", "/v1/bookings/{id}/quotes", "Say what an action would do, as the operator")
            .body::<Action>()
            .answer::<SignedQuote>(200, "the quote, with the token that binds it")
            .rules(),
        of(
            "post",
            "/v1/bookings/{id}/actions",
            "Do what a quote promised, as the operator; against the policy with the role `finance` only",
        )
        .versioned()
        .body::<CommitRequest>()
        .answer::<Receipt<'_>>(201, "done")
        .answer::<Receipt<'_>>(200, "done before, by the same quote")
        .problem(&Problem::QUOTE_UNKNOWN)
        .problem(&Problem::QUOTE_CHANGED)
        .rules(),
        of("post", "/v1/bookings/{id}/undo", "Take a cancellation back while its refund waits")
            .body::<UndoRequest>()
            .answer::<View<'_>>(200, "the booking as it is again")
            .rules(),
        of("post", "/v1/bookings/{id}/links", "Revoke every link sent so far")
            .versioned()
            .answer::<View<'_>>(201, "revoked; with a new control link"),
        of("get", "/v1/bookings/{id}/events", "The trail: who did what, when, from where, and what they were told")
            .paged()
            .answer::<Trail<'_>>(200, "a part of it, the oldest first"),
        of("delete", "/v1/bookings/{id}/personal", "Erase names and addresses for ever; the log has none and stays")
            .empty(204, "erased"),
    ]
}

fn refunds() -> Vec<Operation> {
    let mut doors = vec![
        Operation::api("get", "/v1/refunds", "List and search refunds, the newest first")
            .query::<String>("q", "words that begin words of reference, name, email or note: all of them")
            .query_often::<RefundState>("state", "any of these")
            .query_often::<RefundReason>("reason", "any of these")
            .query_often::<Way>("way", "any of these")
            .query_often::<PaymentMethod>("method", "how the money had come: any of these")
            .range("that were entered at this instant or later")
            .paged()
            .answer::<RefundList>(200, "a part of the list"),
        Operation::api(
            "get",
            "/v1/refunds/statistics",
            "How many refunds, and how much, by everything they have in common",
        )
        .range("that were entered at this instant or later")
        .answer::<RefundStatistics>(200, "sums by currency"),
        Operation::api("get", "/v1/bookings/{id}/refunds", "The refunds of a booking")
            .answer::<RefundList>(200, "all of them, the newest first")
            .problem(&Problem::BOOKING_UNKNOWN),
        Operation::api("post", "/v1/bookings/{id}/refunds", "Enter a refund")
            .versioned()
            .body::<EnterRefund>()
            .answer::<RefundView<'_>>(201, "entered")
            .problem(&Problem::BOOKING_UNKNOWN)
            .rules(),
        Operation::api("get", "/v1/refunds/{id}", "One refund")
            .answer::<RefundView<'_>>(200, "the refund")
            .unknown_refund(),
        Operation::api("get", "/v1/vouchers/{code}", "One voucher, and what can be redeemed of it")
            .answer::<VoucherView<'_>>(200, "the voucher")
            .problem(&Problem::VOUCHER_UNKNOWN),
    ];
    let step = |path, text| {
        Operation::api("post", path, text).versioned().answer::<RefundView<'_>>(200, "the refund as it is now")
    };
    let steps = vec![
        step("/v1/refunds/{id}/approve", "Agree that it is paid back").body_or_nothing::<Nothing>(),
        step("/v1/refunds/{id}/decline", "Keep the money: the customer owes as much").body::<WhyRequest>(),
        step("/v1/refunds/{id}/void", "Undo it before anything of it has left").body::<WhyRequest>(),
        step("/v1/refunds/{id}/route", "Another way, or once more after a failure").body::<WayRequest>(),
        step("/v1/refunds/{id}/voucher", "As a voucher, which settles it").body_or_nothing::<Nothing>(),
        step("/v1/refunds/{id}/credit-note", "By a credit note, which has to be approved").body_or_nothing::<Nothing>(),
        step("/v1/refunds/{id}/approve-credit-note", "Approve the credit note").body_or_nothing::<Nothing>(),
        step("/v1/refunds/{id}/finalize", "The money is back").body_or_nothing::<Nothing>(),
    ];
    doors.extend(steps.into_iter().map(|step| step.unknown_refund().rules()));
    doors
}

fn money() -> Vec<Operation> {
    let link = |method, path, text| Operation::api(method, path, text);
    vec![
        link("get", "/v1/bookings/{id}/payment-links", "The payment links of a booking")
            .answer::<payment_doors::Listed>(200, "all of them")
            .problem(&Problem::BOOKING_UNKNOWN),
        link("post", "/v1/bookings/{id}/payment-links", "Make a payment link")
            .body::<LinkRequest>()
            .answer::<payment_doors::Shown>(201, "made; `url` is what goes to the customer")
            .problem(&Problem::BOOKING_UNKNOWN)
            .rules(),
        link("get", "/v1/payment-links", "Links that are bookings once they are paid")
            .answer::<payment_doors::Listed>(200, "those that are not paid yet"),
        link("post", "/v1/payment-links", "Make a link that is a booking once it is paid")
            .body::<DraftRequest>()
            .answer::<payment_doors::Shown>(201, "made; `url` is what goes to the customer")
            .problem(&Problem::POLICY_UNKNOWN)
            .rules(),
        link("get", "/v1/payment-links/{id}", "One payment link")
            .answer::<payment_doors::Shown>(200, "the link")
            .problem(&Problem::PAYMENT_LINK_UNKNOWN),
        link("delete", "/v1/payment-links/{id}", "Revoke a payment link")
            .answer::<payment_doors::Shown>(200, "revoked")
            .problem(&Problem::PAYMENT_LINK_UNKNOWN),
        Operation::api("get", "/v1/providers/stripe", "The account at Stripe")
            .answer::<StripeShown<'_>>(200, "whether there are secrets, and not which")
            .problem(&Problem::NO_PROVIDER),
        Operation::api("put", "/v1/providers/stripe", "Set the account at Stripe")
            .body::<StripeSettings>()
            .answer::<StripeShown<'_>>(200, "set"),
        Operation::api("delete", "/v1/providers/stripe", "Forget the account at Stripe").empty(204, "forgotten"),
        Operation::api("get", "/v1/providers/manual", "How customers pay by hand")
            .answer::<ManualSettings>(200, "what they read")
            .problem(&Problem::NO_PROVIDER),
        Operation::api("put", "/v1/providers/manual", "Set how customers pay by hand")
            .body::<ManualSettings>()
            .answer::<ManualSettings>(200, "set"),
        Operation::api("delete", "/v1/providers/manual", "No payment by hand").empty(204, "forgotten"),
        Operation::api("get", "/v1/notices", "What happened at providers without us")
            .query::<BookingId>("booking", "of this booking")
            .answer::<Noticed>(200, "the newest first")
            .problem(&Problem::BOOKING_UNKNOWN),
    ]
}

fn account() -> Vec<Operation> {
    let endpoint = |method, path, text| Operation::api(method, path, text).problem(&Problem::ENDPOINT_UNKNOWN);
    vec![
        Operation::api("get", "/v1/keys", "All API keys").answer::<KeyList>(200, "without the keys themselves"),
        Operation::api("post", "/v1/keys", "Make an API key")
            .not_remembered()
            .body::<KeyRequest>()
            .answer::<NewKey<'_>>(201, "made; it is shown once")
            .problem(&Problem::TOO_MANY_KEYS),
        Operation::api("delete", "/v1/keys/{id}", "Withdraw an API key at once")
            .empty(204, "withdrawn")
            .problem(&Problem::KEY_UNKNOWN)
            .problem(&Problem::LAST_ADMIN_KEY),
        Operation::api("get", "/v1/settings", "What holds for all bookings").answer::<General>(200, "the settings"),
        Operation::api("put", "/v1/settings", "Set what holds for all bookings from now on")
            .body::<General>()
            .answer::<General>(200, "set"),
        Operation::api("get", "/v1/mail", "How mail is sent")
            .answer::<MailSettings>(200, "without its secret")
            .problem(&Problem::MAIL_NOT_SET),
        Operation::api("put", "/v1/mail", "Set how mail is sent")
            .body::<MailSettings>()
            .answer::<MailSettings>(200, "set"),
        Operation::api("delete", "/v1/mail", "Forget how mail is sent").empty(204, "forgotten"),
        Operation::api("post", "/v1/mail/test", "Send one message now")
            .not_remembered()
            .body::<TestRequest>()
            .answer::<mail_doors::Tried>(200, "what came of it")
            .problem(&Problem::MAIL_NOT_SET),
        Operation::api("get", "/v1/templates", "What messages say").answer::<ListedTemplates>(200, "all of them"),
        Operation::api("get", "/v1/templates/{kind}/{locale}", "What one message says")
            .answer::<TemplateView>(200, "the template")
            .problem(&Problem::NOT_FOUND),
        Operation::api("put", "/v1/templates/{kind}/{locale}", "Say it in one's own words")
            .body::<TemplateRequest>()
            .answer::<TemplateView>(200, "as it is now")
            .problem(&Problem::TEMPLATE_NOT_VALID)
            .problem(&Problem::NOT_FOUND),
        Operation::api("delete", "/v1/templates/{kind}/{locale}", "Say it in our words again")
            .answer::<TemplateView>(200, "as it is now")
            .problem(&Problem::NOT_FOUND),
        Operation::api("post", "/v1/templates/preview", "What a message would say")
            .body::<PreviewRequest>()
            .answer::<Previewed>(200, "the message, and what is wrong with its template")
            .problem(&Problem::TEMPLATE_NOT_VALID)
            .problem(&Problem::BOOKING_UNKNOWN),
        Operation::api("get", "/v1/webhooks", "Which systems are told what happens")
            .answer::<webhook_doors::Listed<'_>>(200, "all of them"),
        Operation::api("post", "/v1/webhooks", "Tell a system what happens, by the Standard Webhooks specification")
            .not_remembered()
            .body::<EndpointRequest>()
            .answer::<webhook_doors::Shown<'_>>(201, "told from now on; its secret is shown once"),
        endpoint("get", "/v1/webhooks/{id}", "One of them").answer::<webhook_doors::Shown<'_>>(200, "the endpoint"),
        endpoint("delete", "/v1/webhooks/{id}", "Tell it nothing more").empty(204, "gone"),
        endpoint("post", "/v1/webhooks/{id}/enable", "Tell it again")
            .answer::<webhook_doors::Shown<'_>>(200, "enabled"),
        endpoint("post", "/v1/webhooks/{id}/roll", "A new secret, beside which the old one signs for a day")
            .not_remembered()
            .answer::<webhook_doors::Shown<'_>>(200, "with the new secret, shown once"),
        endpoint("post", "/v1/webhooks/{id}/test", "Send a message that says nothing")
            .not_remembered()
            .answer::<Tried>(200, "what it made of it"),
        Operation::api("get", "/v1/outbox", "What is still to be done outside, and what was given up")
            .query::<crate::effects::State>("state", "in this state")
            .query::<crate::effects::Kind>("kind", "of this kind")
            .query::<super::schemas::Limit>("limit", "how many at most")
            .query::<u64>("cursor", "`cursor` of the part before")
            .answer::<settings_doors::Listed>(200, "a part of it, the oldest first"),
        Operation::api("post", "/v1/outbox/{id}/retry", "Try again what was given up")
            .answer::<Object>(200, "the row as it is now")
            .problem(&Problem::ROW_UNKNOWN)
            .problem(&Problem::ROW_NOT_DEAD),
    ]
}

impl Operation {
    fn unknown_refund(self) -> Self {
        let refusal = leeway_core::Refusal::UnknownRefund { refund: leeway_core::id::RefundId(uuid::Uuid::nil()) };
        self.problem(&Problem::from(refusal).with_status(404)).problem(&Problem::NOT_FOUND)
    }
}
