//! Paths to doors. Pure: it reads a URL and a method and knows no request.

mod role;

/// The method of a request. HEAD is GET without the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    /// Of a browser that asks on a page's behalf whether it may.
    Options,
    Other,
}

impl Method {
    pub fn parse(name: &str) -> Self {
        match name {
            "GET" | "HEAD" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            "OPTIONS" => Self::Options,
            _ => Self::Other,
        }
    }
}

/// A door.
#[derive(Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// Does nothing: what the entry costs by itself.
    Noop,
    /// Are we up?
    Health,
    /// The description of the doors.
    OpenApi,
    /// A file of the pages.
    Asset(&'a str),
    /// Booking control, in JSON.
    Control(&'a str, ControlDoor),
    /// Booking control, as pages.
    Page(&'a str, PageDoor),
    /// A bill, as pages.
    Pay(&'a str, PayDoor),
    /// What a mailbox of one's own machine keeps: of which operator, and which message.
    Mailbox(&'a str, Option<&'a str>),
    /// What Stripe says to an operator.
    StripeWebhook(&'a str),
    /// Sends a message to one of the operator's systems, to try it.
    TryEndpoint(&'a str),
    /// A new operator.
    Operators,
    /// What an operator's systems use.
    Api(ApiDoor<'a>),
    /// Works off what is due in an operator's outbox, for tests: then it is as late as the request says.
    #[cfg(feature = "test-doors")]
    RunDue(&'a str),
}

/// A door under a control link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlDoor {
    View,
    /// What something of it can be moved to.
    Slots,
    Quotes,
    Actions,
    /// A cancellation is taken back.
    Undo,
    /// The dates, for a calendar.
    Calendar,
}

/// A page under a control link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageDoor {
    /// The booking, and what may be done.
    Show,
    /// What canceling would do; a POST does it.
    Cancel,
    /// Where something can be moved to, and what that would do; a POST does it.
    Reschedule,
    /// Another name for a participant.
    Rename,
    /// A cancellation is taken back.
    Undo,
}

/// A page under a payment link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayDoor {
    /// What is due; a POST leads to the checkout.
    Bill,
    /// Where the checkout leads back to.
    Done,
    /// And where it does when nothing was paid.
    Canceled,
}

/// A door of the operator's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiDoor<'a> {
    /// A policy; a POST to the one named `lint` tries one instead.
    Policy(&'a str),
    Slots,
    Slot(&'a str),
    Bookings,
    Booking(&'a str),
    Payments(&'a str),
    Quotes(&'a str),
    Actions(&'a str),
    Links(&'a str),
    /// An extra that comes later, or a rebate.
    Adjustments(&'a str),
    Voucher(&'a str),
    Refund(RefundDoor<'a>),
    /// A cancellation is taken back.
    Undo(&'a str),
    PaymentLinks(&'a str),
    /// Links without a booking.
    Bills,
    Bill(&'a str),
    /// Who takes the money.
    Provider(ProviderDoor),
    /// Which systems are told what happens.
    Endpoints(EndpointDoor<'a>),
    /// What happened at providers without us.
    Notices,
    /// What holds for all bookings from now on.
    Settings,
    /// What is still to be done outside.
    Outbox,
    OutboxRetry(&'a str),
    /// All policies.
    Policies,
    /// What a policy would have made of past cancellations.
    WhatIf(&'a str),
    /// What was done to a booking, by whom.
    Events(&'a str),
    /// The names and addresses of a booking.
    Personal(&'a str),
    Key(KeyDoor<'a>),
    /// How mail is sent.
    Mail,
    /// Sends one message now.
    MailTest,
    /// What messages say: all templates, one of them by kind and locale, and what one would say.
    Templates,
    Template(&'a str, &'a str),
    Preview,
    /// What no public door expresses, for tests.
    #[cfg(feature = "test-doors")]
    Commands(&'a str),
}

/// A door of the refund module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundDoor<'a> {
    /// Those of all bookings.
    Search,
    Statistics,
    /// Those of one booking; a POST enters another.
    OfBooking(&'a str),
    One(&'a str),
    /// What is done with one.
    Step(&'a str, StepDoor),
}

/// A door of the API's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyDoor<'a> {
    All,
    One(&'a str),
}

/// A step of a refund, by the word in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepDoor {
    Approve,
    Decline,
    Void,
    /// It goes back another way, or once more after a failure.
    Route,
    /// As a voucher.
    Voucher,
    /// By a credit note.
    CreditNote,
    ApproveCreditNote,
    /// The money is back.
    Finalize,
}

impl StepDoor {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "approve" => Self::Approve,
            "decline" => Self::Decline,
            "void" => Self::Void,
            "route" => Self::Route,
            "voucher" => Self::Voucher,
            "credit-note" => Self::CreditNote,
            "approve-credit-note" => Self::ApproveCreditNote,
            "finalize" => Self::Finalize,
            _ => return None,
        })
    }
}

/// A door of the systems that are told what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointDoor<'a> {
    All,
    One(&'a str),
    /// It is told again.
    Enable(&'a str),
    /// It gets a new secret.
    Roll(&'a str),
}

/// A provider that can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderDoor {
    Stripe,
    Manual,
}

/// A URL's path and query.
pub fn split_url(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/");
    let path = path.split('#').next().unwrap_or(path);
    path.split_once('?').unwrap_or((path, ""))
}

/// The door that a path leads to.
pub fn route(path: &str) -> Option<Route<'_>> {
    let mut parts = path.strip_prefix('/')?.split('/');
    let found = match parts.next()? {
        "v1" => return v1(parts),
        "b" => {
            let token = parts.next().filter(|token| !token.is_empty())?;
            match parts.next() {
                None => Route::Page(token, PageDoor::Show),
                Some("cancel") => Route::Page(token, PageDoor::Cancel),
                Some("reschedule") => Route::Page(token, PageDoor::Reschedule),
                Some("rename") => Route::Page(token, PageDoor::Rename),
                Some("undo") => Route::Page(token, PageDoor::Undo),
                Some(_) => return None,
            }
        }
        "p" => {
            let token = parts.next().filter(|token| !token.is_empty())?;
            match parts.next() {
                None => Route::Pay(token, PayDoor::Bill),
                Some("done") => Route::Pay(token, PayDoor::Done),
                Some("canceled") => Route::Pay(token, PayDoor::Canceled),
                Some(_) => return None,
            }
        }
        "mailbox" => {
            let operator = parts.next()?;
            Route::Mailbox(operator, parts.next())
        }
        "webhooks" => match (parts.next()?, parts.next()?) {
            ("stripe", token) => Route::StripeWebhook(token),
            _ => return None,
        },
        "noop" => Route::Noop,
        "healthz" => Route::Health,
        "openapi.json" => Route::OpenApi,
        "assets" => Route::Asset(parts.next()?),
        #[cfg(feature = "test-doors")]
        "test" => match (parts.next()?, parts.next()?, parts.next()?) {
            ("bookings", id, "commands") => Route::Api(ApiDoor::Commands(id)),
            ("operators", id, "run-due") => Route::RunDue(id),
            _ => return None,
        },
        _ => return None,
    };
    parts.next().is_none().then_some(found)
}

fn v1<'a>(mut parts: std::str::Split<'a, char>) -> Option<Route<'a>> {
    let found = match (parts.next()?, parts.next(), parts.next()) {
        ("control", Some(token), None) if !token.is_empty() => Route::Control(token, ControlDoor::View),
        ("control", Some(token), Some("slots")) => Route::Control(token, ControlDoor::Slots),
        ("control", Some(token), Some("quotes")) => Route::Control(token, ControlDoor::Quotes),
        ("control", Some(token), Some("calendar.ics")) => Route::Control(token, ControlDoor::Calendar),
        ("control", Some(token), Some("actions")) => Route::Control(token, ControlDoor::Actions),
        ("control", Some(token), Some("undo")) => Route::Control(token, ControlDoor::Undo),
        ("bookings", Some(id), Some("undo")) => Route::Api(ApiDoor::Undo(id)),
        ("operators", None, None) => Route::Operators,
        ("policies", None, None) => Route::Api(ApiDoor::Policies),
        ("policies", Some(name), Some("what-if")) => Route::Api(ApiDoor::WhatIf(name)),
        ("keys", None, None) => Route::Api(ApiDoor::Key(KeyDoor::All)),
        ("keys", Some(id), None) => Route::Api(ApiDoor::Key(KeyDoor::One(id))),
        ("policies", Some(name), None) => Route::Api(ApiDoor::Policy(name)),
        ("slots", None, None) => Route::Api(ApiDoor::Slots),
        ("slots", Some(id), None) => Route::Api(ApiDoor::Slot(id)),
        ("mail", None, None) => Route::Api(ApiDoor::Mail),
        ("mail", Some("test"), None) => Route::Api(ApiDoor::MailTest),
        ("templates", None, None) => Route::Api(ApiDoor::Templates),
        ("templates", Some("preview"), None) => Route::Api(ApiDoor::Preview),
        ("templates", Some(kind), Some(locale)) => Route::Api(ApiDoor::Template(kind, locale)),
        ("bookings", None, None) => Route::Api(ApiDoor::Bookings),
        ("bookings", Some(id), None) => Route::Api(ApiDoor::Booking(id)),
        ("bookings", Some(id), Some("payments")) => Route::Api(ApiDoor::Payments(id)),
        ("bookings", Some(id), Some("quotes")) => Route::Api(ApiDoor::Quotes(id)),
        ("bookings", Some(id), Some("actions")) => Route::Api(ApiDoor::Actions(id)),
        ("bookings", Some(id), Some("links")) => Route::Api(ApiDoor::Links(id)),
        ("bookings", Some(id), Some("events")) => Route::Api(ApiDoor::Events(id)),
        ("bookings", Some(id), Some("personal")) => Route::Api(ApiDoor::Personal(id)),
        ("bookings", Some(id), Some("adjustments")) => Route::Api(ApiDoor::Adjustments(id)),
        ("bookings", Some(id), Some("refunds")) => Route::Api(ApiDoor::Refund(RefundDoor::OfBooking(id))),
        ("refunds", None, None) => Route::Api(ApiDoor::Refund(RefundDoor::Search)),
        ("refunds", Some("statistics"), None) => Route::Api(ApiDoor::Refund(RefundDoor::Statistics)),
        ("refunds", Some(id), None) => Route::Api(ApiDoor::Refund(RefundDoor::One(id))),
        ("refunds", Some(id), Some(step)) => Route::Api(ApiDoor::Refund(RefundDoor::Step(id, StepDoor::parse(step)?))),
        ("vouchers", Some(code), None) => Route::Api(ApiDoor::Voucher(code)),
        ("bookings", Some(id), Some("payment-links")) => Route::Api(ApiDoor::PaymentLinks(id)),
        ("payment-links", None, None) => Route::Api(ApiDoor::Bills),
        ("payment-links", Some(id), None) => Route::Api(ApiDoor::Bill(id)),
        ("providers", Some("stripe"), None) => Route::Api(ApiDoor::Provider(ProviderDoor::Stripe)),
        ("providers", Some("manual"), None) => Route::Api(ApiDoor::Provider(ProviderDoor::Manual)),
        ("webhooks", None, None) => Route::Api(ApiDoor::Endpoints(EndpointDoor::All)),
        ("webhooks", Some(id), None) => Route::Api(ApiDoor::Endpoints(EndpointDoor::One(id))),
        ("webhooks", Some(id), Some("enable")) => Route::Api(ApiDoor::Endpoints(EndpointDoor::Enable(id))),
        ("webhooks", Some(id), Some("roll")) => Route::Api(ApiDoor::Endpoints(EndpointDoor::Roll(id))),
        ("webhooks", Some(id), Some("test")) => Route::TryEndpoint(id),
        ("notices", None, None) => Route::Api(ApiDoor::Notices),
        ("settings", None, None) => Route::Api(ApiDoor::Settings),
        ("outbox", None, None) => Route::Api(ApiDoor::Outbox),
        ("outbox", Some(seq), Some("retry")) => Route::Api(ApiDoor::OutboxRetry(seq)),
        _ => return None,
    };
    parts.next().is_none().then_some(found)
}

impl Route<'_> {
    /// The methods that the door takes.
    pub fn allowed(&self) -> &'static str {
        match self {
            Self::Noop | Self::Health | Self::OpenApi | Self::Asset(_) | Self::Mailbox(..) => "GET, HEAD",
            Self::Page(_, PageDoor::Show) => "GET, HEAD",
            Self::Control(_, ControlDoor::View | ControlDoor::Slots | ControlDoor::Calendar) => "GET, HEAD, OPTIONS",
            Self::Control(_, ControlDoor::Quotes | ControlDoor::Actions | ControlDoor::Undo) => "OPTIONS, POST",
            Self::Page(_, PageDoor::Cancel | PageDoor::Reschedule) | Self::Pay(_, PayDoor::Bill) => "GET, HEAD, POST",
            Self::Pay(_, PayDoor::Done | PayDoor::Canceled) => "GET, HEAD",
            Self::StripeWebhook(_) | Self::TryEndpoint(_) => "POST",
            Self::Page(_, PageDoor::Rename | PageDoor::Undo) | Self::Operators => "POST",
            Self::Api(ApiDoor::Policy("lint")) => "GET, HEAD, POST, PUT",
            Self::Api(ApiDoor::Policy(_)) => "GET, HEAD, PUT",
            Self::Api(ApiDoor::Key(KeyDoor::One(_)) | ApiDoor::Personal(_)) => "DELETE",
            Self::Api(ApiDoor::Slots | ApiDoor::Bookings | ApiDoor::Key(KeyDoor::All)) => "GET, HEAD, POST",
            Self::Api(ApiDoor::Slot(_)) => "GET, HEAD, PATCH, POST",
            Self::Api(ApiDoor::Refund(RefundDoor::OfBooking(_))) => "GET, HEAD, POST",
            Self::Api(ApiDoor::Refund(RefundDoor::Search | RefundDoor::Statistics | RefundDoor::One(_))) => "GET, HEAD",
            Self::Api(ApiDoor::Booking(_) | ApiDoor::Voucher(_) | ApiDoor::Policies | ApiDoor::Events(_)) => {
                "GET, HEAD"
            }
            Self::Api(ApiDoor::Settings) => "GET, HEAD, PUT",
            Self::Api(ApiDoor::Provider(_)) => "DELETE, GET, HEAD, PUT",
            Self::Api(ApiDoor::PaymentLinks(_) | ApiDoor::Bills | ApiDoor::Endpoints(EndpointDoor::All)) => {
                "GET, HEAD, POST"
            }
            Self::Api(ApiDoor::Bill(_) | ApiDoor::Endpoints(EndpointDoor::One(_))) => "DELETE, GET, HEAD",
            Self::Api(ApiDoor::Outbox | ApiDoor::Notices | ApiDoor::Templates) => "GET, HEAD",
            Self::Api(ApiDoor::Template(..) | ApiDoor::Mail) => "DELETE, GET, HEAD, PUT",
            Self::Api(_) => "POST",
            #[cfg(feature = "test-doors")]
            Self::RunDue(_) => "POST",
        }
    }

    /// Does the door take this method?
    pub fn takes(&self, method: Method) -> bool {
        let name = match method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Other => return false,
        };
        self.allowed().split(", ").any(|allowed| allowed == name)
    }

    /// The longest body that the door takes, in bytes.
    pub fn body_bytes_max(&self) -> usize {
        match self {
            Self::Api(ApiDoor::Bookings | ApiDoor::Policy(_) | ApiDoor::Slots) => 512 * 1024,
            Self::StripeWebhook(_) => 256 * 1024,
            // Text of four bytes a character.
            Self::Api(ApiDoor::Template(..) | ApiDoor::Preview) => 96 * 1024,
            Self::Api(_)
            | Self::TryEndpoint(_)
            | Self::Operators
            | Self::Control(..)
            | Self::Page(..)
            | Self::Pay(..) => 32 * 1024,
            Self::Noop | Self::Health | Self::OpenApi | Self::Asset(_) | Self::Mailbox(..) => 0,
            #[cfg(feature = "test-doors")]
            Self::RunDue(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_cut_at_its_path_and_query() {
        assert_eq!(split_url("http://a:1/b/T?x=1#y"), ("/b/T", "x=1"));
        assert_eq!(split_url("http://a"), ("/", ""));
        assert_eq!(split_url("https://a/v1/control/T"), ("/v1/control/T", ""));
    }

    #[test]
    fn doors() {
        assert_eq!(route("/v1/control/T"), Some(Route::Control("T", ControlDoor::View)));
        assert_eq!(route("/v1/control/T/quotes"), Some(Route::Control("T", ControlDoor::Quotes)));
        assert_eq!(route("/v1/control/T/slots"), Some(Route::Control("T", ControlDoor::Slots)));
        assert_eq!(route("/v1/slots/1"), Some(Route::Api(ApiDoor::Slot("1"))));
        assert_eq!(route("/b/T/reschedule"), Some(Route::Page("T", PageDoor::Reschedule)));
        assert_eq!(route("/b/T/cancel"), Some(Route::Page("T", PageDoor::Cancel)));
        assert_eq!(route("/v1/bookings/1/payments"), Some(Route::Api(ApiDoor::Payments("1"))));
        let refund = |door| Some(Route::Api(ApiDoor::Refund(door)));
        assert_eq!(route("/v1/refunds/statistics"), refund(RefundDoor::Statistics));
        assert_eq!(route("/v1/refunds/1"), refund(RefundDoor::One("1")));
        assert_eq!(route("/v1/refunds/1/credit-note"), refund(RefundDoor::Step("1", StepDoor::CreditNote)));
        for path in [
            "",
            "/",
            "/v1",
            "/v1/control",
            "/v1/control/",
            "/v1/control/T/quotes/x",
            "/b/",
            "/b/T/cancel/x",
            "/noop/x",
            "/v2/x",
            "/v1/refunds/1/fly",
            "/v1/refunds/1/approve/x",
        ] {
            assert_eq!(route(path), None, "{path}");
        }
    }

    #[test]
    fn methods() {
        assert!(Route::Api(ApiDoor::Policy("lint")).takes(Method::Post));
        assert!(!Route::Api(ApiDoor::Policy("tour")).takes(Method::Post));
        assert!(Route::Api(ApiDoor::Slot("1")).takes(Method::parse("PATCH")));
        assert!(!Route::Control("T", ControlDoor::Slots).takes(Method::Post));
        assert!(Route::Page("T", PageDoor::Cancel).takes(Method::Post));
        assert!(!Route::Control("T", ControlDoor::View).takes(Method::Post));
        assert!(!Route::Control("T", ControlDoor::Actions).takes(Method::parse("HEAD")));
        assert!(!Route::Noop.takes(Method::parse("TRACE")));
    }
}
