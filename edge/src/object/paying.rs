//! Paying by a link: the bill as it is now, the checkout that it leads to, and what came of that. A GET shows; a POST that repeats the shown
//! amount opens the checkout. The money itself is recorded where the provider's word is taken: [`Desk::settle_checkout`].
//!
//! At most one checkout of a booking is open: an older one is closed at its provider before a new one is opened, and where it turns out to be
//! paid instead, its payment is recorded and the bill looked at again.
//!
//! Source: requirements E2, E4

use leeway_core::booking::Method;
use leeway_core::collect::Collect;
use leeway_core::command::RecordPayment;
use leeway_core::id::{BookingId, PaymentId};
use leeway_core::request::Personal;
use leeway_core::{Ask, Booking, Command, Instant, Money, Refusal, collect};
use uuid::Uuid;

use super::acting::Acting;
use super::drafts::imagined;
use super::{Asked, Desk};
use crate::access::{PayAccess, PayLink};
use crate::effects::checkouts::{first_look, row};
use crate::host;
use crate::input::{self, field};
use crate::pages::{self, BillShown, How, PayNotice};
use crate::problem::Problem;
use crate::provider::{Order, PaymentProvider as _, Provider, Session, Standing, Trouble};
use crate::reply::Reply;
use crate::route::{PayDoor, split_url};
use crate::store::{Checkout, CheckoutState, Document, Fault, PaymentLink, ProviderName};

/// How long a checkout can be paid: longer than the half hour that Stripe asks for, short enough that its amount is still right.
const CHECKOUT_MS: i64 = 60 * 60 * 1000;
/// A promise to pay by hand holds so long.
const PROMISE_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// Nobody is sent to a checkout that is about to close.
const ALMOST_OVER_MS: i64 = 5 * 60 * 1000;
/// Close one, open another, and once more for somebody who was faster.
const STEPS_MAX: u32 = 6;

/// A bill as it is now.
pub(super) struct Bill {
    pub access: PayAccess,
    pub link: Option<Box<PaymentLink>>,
    pub booking: Booking,
    pub personal: Personal,
    pub ask: Ask,
}

/// What has to be done before the customer can be sent on.
enum Step {
    Answer(Reply),
    Open(Box<Checkout>),
    Close(Box<Checkout>),
}

impl Desk {
    /// The pages of a bill.
    pub(super) fn bill_page(&self, token: &str, door: PayDoor, query: &str, asked: &Asked) -> Result<Reply, Fault> {
        let fields = input::form(query);
        let bill = self.bill(token, &fields, asked)?;
        let notice = match door {
            PayDoor::Bill => None,
            PayDoor::Canceled => Some(PayNotice::Canceled),
            PayDoor::Done => Some(self.what_came_of_it(&bill, &fields)?),
        };
        self.shown_bill(&bill, token, notice, asked)
    }

    /// Leads to the checkout of exactly the amount that was shown.
    pub(super) async fn pay(&self, token: &str, asked: &Asked) -> Result<Reply, Fault> {
        let fields = input::form(&asked.body);
        for _ in 0..STEPS_MAX {
            match self.next_step(token, &fields, asked)? {
                Step::Answer(reply) => return Ok(reply),
                Step::Open(checkout) => self.open_checkout(&checkout, Some(asked.at)).await?,
                Step::Close(checkout) => self.close_checkout(&checkout, asked.at).await?,
            }
        }
        Err(Problem::PAYMENT_PENDING.into())
    }

    /// Looks at everything anew: between two steps others were let in.
    fn next_step(&self, token: &str, fields: &[(String, String)], asked: &Asked) -> Result<Step, Fault> {
        let bill = self.bill(token, fields, asked)?;
        let provider = self.provider()?;
        let due = match due(&bill, &provider, asked.at) {
            Ok(due) => due,
            Err(_) => return Ok(Step::Answer(self.shown_bill(&bill, token, None, asked)?)),
        };
        if field(fields, "amount").as_deref() != Some(due.amount.to_string().as_str()) {
            return Ok(Step::Answer(self.shown_bill(&bill, token, Some(PayNotice::Changed), asked)?));
        }
        let link = bill.link.as_ref().map(|link| link.id);
        let open = self.store.checkouts(bill.booking.id)?.into_iter().rfind(|checkout| checkout.is_open());
        if let Some(open) = open {
            return Ok(match (&open.url, open.serves(link, due.amount, provider.name(), asked.at)) {
                (Some(url), true) => Step::Answer(Reply::see_other(url.clone())),
                (None, _) => Step::Open(Box::new(open)),
                (Some(_), false) => Step::Close(Box::new(open)),
            });
        }
        let checkout = Box::new(new_checkout(&bill, due.amount, provider.name(), asked.at));
        self.store.transaction(|| {
            self.store.put_checkout(&checkout)?;
            match checkout.provider {
                ProviderName::Stripe => {
                    self.store.enqueue(&[row(checkout.id, checkout.booking, first_look(asked.at))?], asked.at)
                }
                ProviderName::Manual => Ok(()),
            }
        })?;
        Ok(Step::Open(checkout))
    }

    /// Asks the provider for a checkout; asked twice, it is the same one. Somebody who waits is told of trouble, an effect tries again.
    pub async fn open_checkout(&self, checkout: &Checkout, waited_for: Option<Instant>) -> Result<(), Fault> {
        let opened = self.ask_to_open(checkout).await?;
        match (opened, waited_for) {
            (Ok(Session { id, url }), _) => {
                self.store.transaction(|| self.store.checkout_opened(checkout.id, &id, &url))
            }
            (Err(Trouble::Refused(why)), at) => {
                let at = at.unwrap_or(checkout.made_at);
                self.store.transaction(|| self.store.checkout_ended(checkout.id, CheckoutState::Failed, at))?;
                Err(Problem::PROVIDER_REFUSED.because(why).into())
            }
            (Err(Trouble::Unknown(_)), Some(_)) => Err(Problem::PROVIDER_UNREACHABLE.into()),
            (Err(Trouble::Unknown(why)), None) => Err(Fault::platform(why)),
        }
    }

    async fn ask_to_open(&self, checkout: &Checkout) -> Result<Result<Session, Trouble>, Fault> {
        let provider = self.provider_named(checkout.provider)?;
        let bill = self.billed(checkout)?;
        let operator = self.operator()?;
        let token = self.pay_token(&bill.booking, bill.link.as_deref())?;
        let page = format!("{}/p/{token}", self.config.public_url);
        let services: Vec<&str> = bill.booking.items.iter().map(|item| item.service.as_str()).collect();
        let title: String = format!("{}: {}", operator.name, services.join(", ")).chars().take(200).collect();
        let customer = &bill.personal.customer;
        let locale = customer.locale.as_deref().unwrap_or(&operator.locale);
        let order = Order {
            checkout: checkout.id,
            booking: checkout.booking,
            amount: checkout.amount,
            title: &title,
            email: &customer.email,
            locale,
            success_url: &format!("{page}/done?checkout={}", checkout.id),
            cancel_url: &format!("{page}/canceled"),
            expires_at: checkout.expires_at,
        };
        Ok(provider.open(&order).await)
    }

    async fn close_checkout(&self, checkout: &Checkout, at: Instant) -> Result<(), Fault> {
        let provider = self.provider_named(checkout.provider)?;
        let session = checkout.session.as_deref().unwrap_or_default();
        match provider.close(session, checkout.amount.currency()).await {
            // Somebody's bank has it in hand: a second payment would be one too many.
            Ok(Standing::Open) => Err(Problem::PAYMENT_PENDING.into()),
            Ok(standing) => self.store.transaction(|| self.settle_checkout(checkout.id, &standing, at)),
            Err(Trouble::Unknown(_) | Trouble::Refused(_)) => Err(Problem::PROVIDER_UNREACHABLE.into()),
        }
    }

    /// Records what a provider says of a checkout: the payment, once, whatever has become of the booking; a booking that was only a draft is
    /// made. Whoever calls it holds the transaction.
    pub fn settle_checkout(&self, id: PaymentId, standing: &Standing, at: Instant) -> Result<(), Fault> {
        let checkout = self.store.checkout(id)?.ok_or_else(|| Fault::platform("no such checkout"))?;
        let paid = match standing {
            Standing::Open => return Ok(()),
            Standing::Closed => return self.store.checkout_ended(id, CheckoutState::Closed, at),
            Standing::Paid(paid) => paid,
        };
        let command = if checkout.state == CheckoutState::Paid {
            // The payment is known; what the provider took of it may be new.
            let Some(fee) = paid.fee else { return Ok(()) };
            Command::NoteGatewayFee { payment: id, fee }
        } else {
            self.store.checkout_paid(id, &paid.intent, at)?;
            self.make_of_draft(checkout.booking, at)?;
            Command::RecordPayment(RecordPayment {
                id,
                method: Method::Card,
                amount: paid.amount,
                gateway_fee: paid.fee,
            })
        };
        let document = self.document(checkout.booking)?;
        self.system_command(document.read(None)?, command, at).map(drop)
    }

    /// The bill that a link leads to, while it does.
    fn bill(&self, token: &str, fields: &[(String, String)], asked: &Asked) -> Result<Box<Bill>, Fault> {
        let access = PayAccess::peek(token).ok_or(Problem::LINK_UNKNOWN)?;
        self.limit(access.booking().0, crate::limiter::LINK, asked)?;
        let bill = self.bill_of(access, ask(fields)?, asked.at)?;
        if bill.link.as_ref().is_some_and(|link| link.revoked_at.is_some()) {
            return Err(Problem::LINK_REVOKED.into());
        }
        Ok(bill)
    }

    fn bill_of(&self, access: PayAccess, asked_for: Option<Ask>, at: Instant) -> Result<Box<Bill>, Fault> {
        let link = match access {
            PayAccess::Bill(PayLink { link, .. }) => Some(self.store.payment_link(link)?.ok_or(Problem::LINK_UNKNOWN)?),
            PayAccess::Control(_) => None,
        };
        let id = access.booking();
        if let Some(draft) = link.as_ref().and_then(|link| link.draft.as_ref()) {
            let (booking, personal) = imagined(id, draft, at)?;
            return Ok(Box::new(Bill { access, ask: Ask::Balance, booking, personal, link }));
        }
        let document = self.store.document(id)?.ok_or(Problem::LINK_UNKNOWN)?;
        let loaded = document.read(None)?;
        Acting::check_generation(&loaded, access.generation())?;
        let personal = leeway_json::read(loaded.personal.as_str())?;
        let standard = standard_ask(&loaded.booking);
        let chosen = asked_for.filter(|_| standard != Ask::Fee).unwrap_or(standard);
        let ask = link.as_ref().map_or(chosen, |link| link.ask);
        Ok(Box::new(Bill { access, ask, booking: loaded.booking, personal, link }))
    }

    /// The bill of a checkout, for its provider.
    fn billed(&self, checkout: &Checkout) -> Result<Box<Bill>, Fault> {
        let link = checkout.link.map(|id| self.store.payment_link(id)).transpose()?.flatten();
        let operator = self.operator()?;
        let draft = link.as_ref().and_then(|link| link.draft.as_ref());
        let (booking, personal) = match draft {
            Some(draft) => imagined(checkout.booking, draft, checkout.made_at)?,
            None => {
                let document = self.document(checkout.booking)?;
                let loaded = document.read(None)?;
                let personal = leeway_json::read(loaded.personal.as_str())?;
                (loaded.booking, personal)
            }
        };
        let access = PayAccess::Control(self.control_link(operator, &booking));
        Ok(Box::new(Bill { access, link, booking, personal, ask: Ask::Balance }))
    }

    /// The token that leads to a bill: of its payment link, else the booking's control link.
    pub(super) fn pay_token(&self, booking: &Booking, link: Option<&PaymentLink>) -> Result<String, Fault> {
        let operator = self.operator()?;
        let sealed = match link {
            None => self.control_link(operator, booking).seal(&self.config.keys),
            Some(link) => {
                let expires_s = u32::try_from(link.expires_at.ms() / 1000).unwrap_or(u32::MAX);
                let generation = booking.link_generation;
                let bill = PayLink { generation, expires_s, operator: operator.id, booking: booking.id, link: link.id };
                bill.seal(&self.config.keys)
            }
        };
        sealed.ok_or_else(|| Fault::platform("no key to sign with"))
    }

    /// What the customer is told on the way back from a checkout. The page asks nobody: what is not known yet is not known.
    fn what_came_of_it(&self, bill: &Bill, fields: &[(String, String)]) -> Result<PayNotice, Fault> {
        let id = field(fields, "checkout").and_then(|id| Uuid::try_parse(&id).ok()).map(PaymentId);
        let checkout = id.map(|id| self.store.checkout(id)).transpose()?.flatten();
        let Some(checkout) = checkout.filter(|checkout| checkout.booking == bill.booking.id) else {
            return Ok(PayNotice::Waiting);
        };
        Ok(match (checkout.state, checkout.provider) {
            (CheckoutState::Paid, _) => PayNotice::Paid(checkout.amount),
            (CheckoutState::Closed | CheckoutState::Failed, _) => PayNotice::NotPaid,
            (CheckoutState::Opening | CheckoutState::Open, ProviderName::Manual) => PayNotice::Promised,
            (CheckoutState::Opening | CheckoutState::Open, ProviderName::Stripe) => PayNotice::Waiting,
        })
    }

    fn shown_bill(&self, bill: &Bill, token: &str, notice: Option<PayNotice>, asked: &Asked) -> Result<Reply, Fault> {
        let provider = self.provider()?;
        let operator = self.operator()?;
        let due = due(bill, &provider, asked.at);
        let language = pages::asked_language(split_url(&asked.url).1);
        let how = match provider {
            Provider::Stripe(_) => How::ByCard,
            Provider::Manual(_, instructions) => How::ByHand(instructions),
        };
        let control = match bill.access {
            PayAccess::Control(_) => Some(token),
            PayAccess::Bill(_) => None,
        };
        let note = bill.link.as_ref().map_or("", |link| link.note.as_str());
        let (booking, personal) = (&bill.booking, &bill.personal);
        let shown = BillShown { token, language, control, booking, personal, operator, note, due, how };
        Ok(pages::bill(&shown, notice).leading_to_checkout(&self.config.stripe.url))
    }
}

impl Desk {
    /// What a customer can pay now of what is due: a button that is shown does not fail.
    ///
    /// Source: requirement E6
    pub(super) fn payable(&self, booking: &Booking, at: Instant) -> Result<Option<Money>, Fault> {
        let least = self.provider()?.least(booking.currency);
        Ok(collect(booking, standard_ask(booking), least, at).ok().map(|due| due.amount))
    }
}

/// What a control link asks for unless told otherwise: of a canceled booking, its fee.
fn standard_ask(booking: &Booking) -> Ask {
    if booking.is_canceled() { Ask::Fee } else { Ask::DueNow }
}

/// What may be collected now.
fn due(bill: &Bill, provider: &Provider, at: Instant) -> Result<Collect, Refusal> {
    collect(&bill.booking, bill.ask, provider.least(bill.booking.currency), at)
}

/// What of it a holder of the control link wants to pay: what is due now, or all of it.
fn ask(fields: &[(String, String)]) -> Result<Option<Ask>, Problem> {
    match field(fields, "ask").as_deref() {
        None => Ok(None),
        Some("due_now") => Ok(Some(Ask::DueNow)),
        Some("balance") => Ok(Some(Ask::Balance)),
        Some(_) => Err(Problem::malformed("ask", "`due_now` or `balance`")),
    }
}

fn new_checkout(bill: &Bill, amount: Money, provider: ProviderName, at: Instant) -> Checkout {
    let lasts_ms = match provider {
        ProviderName::Stripe => CHECKOUT_MS,
        ProviderName::Manual => PROMISE_MS,
    };
    Checkout {
        id: PaymentId(host::fresh_uuid(at.ms())),
        booking: bill.booking.id,
        link: bill.link.as_ref().map(|link| link.id),
        provider,
        state: CheckoutState::Opening,
        amount,
        session: None,
        url: None,
        intent: None,
        made_at: at,
        expires_at: at.shifted_ms(lasts_ms),
    }
}

impl Checkout {
    fn is_open(&self) -> bool {
        match self.state {
            CheckoutState::Opening | CheckoutState::Open => true,
            CheckoutState::Paid | CheckoutState::Closed | CheckoutState::Failed => false,
        }
    }

    /// Is it just what is wanted now?
    fn serves(&self, link: Option<Uuid>, amount: Money, provider: ProviderName, at: Instant) -> bool {
        let lasts = at.shifted_ms(ALMOST_OVER_MS) < self.expires_at;
        self.link == link && self.amount == amount && self.provider == provider && lasts
    }
}

impl Desk {
    /// A booking's events; a booking that is named by a row of ours is there.
    pub fn document(&self, id: BookingId) -> Result<Document, Fault> {
        self.store.document(id)?.ok_or_else(|| Problem::BOOKING_UNKNOWN.into())
    }
}
