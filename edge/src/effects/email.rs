//! A message leaves: what it says is read at that moment from the booking's events up to the command that it is about, so that it explains what
//! held then; where it goes, and under whose name, is as it is now.
//!
//! Sent twice it is recognizably the same one: its `Message-ID` and its bytes are those of the command and the kind.
//!
//! Source: requirements D5, F5

use leeway_core::Instant;
use leeway_core::event::Extent;
use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, CommandId, ItemId};
use leeway_core::request::Personal;
use leeway_core::{Booking, Event, Map};
use serde::Serialize;
use uuid::Uuid;

use super::{Kind as RowKind, Needs, NewRow, Outcome, Row, Then};
use crate::ics::{self, Method};
use crate::mail::address::{Address, Mailbox, NAME_CHARS_MAX};
use crate::mail::follow::follow;
use crate::mail::kind::{Audience, Kind};
use crate::mail::letter;
use crate::mail::mime::{Attachment, Message};
use crate::mail::settings::{MailSettings, Transport};
use crate::mail::smtp::Handed;
use crate::mail::template::Variable;
use crate::mail::transport;
use crate::object::Desk;
use crate::pages::facts::{self, About, Bill, Diary};
use crate::reader::Reader;
use crate::store::{Fault, Moment, Operator, PaymentLink};

/// What a row of this kind says: the rest is in its booking and its command.
#[derive(Serialize, FromObject)]
struct Body {
    message: String,
    /// Of a payment link's message: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Uuid>,
}

/// The rows that follow from what a command did.
pub fn rows(
    events: &[Event],
    after: &Booking,
    command: CommandId,
    at: Instant,
) -> Result<Vec<NewRow>, leeway_json::NoForm> {
    let row = |kind| new_row(kind, after.id, Some(command), (format!("email:{command}:"), None), at);
    follow(events, after).into_iter().map(row).collect()
}

/// The row of a message that leads to a payment link.
pub fn link_row(booking: BookingId, link: Uuid, at: Instant) -> Result<NewRow, leeway_json::NoForm> {
    new_row(Kind::PaymentLink, booking, None, (format!("email:{link}:"), Some(link)), at)
}

/// Messages about one booking leave in the order of what happened to it.
fn new_row(
    kind: Kind,
    booking: BookingId,
    command: Option<CommandId>,
    (about, link): (String, Option<Uuid>),
    at: Instant,
) -> Result<NewRow, leeway_json::NoForm> {
    Ok(NewRow {
        lane: format!("email:{booking}"),
        kind: RowKind::Email,
        booking: Some(booking),
        command,
        dedupe: about + kind.as_str(),
        body: leeway_json::write(&Body { message: kind.as_str().to_owned(), link })?,
        due_at: at,
        needs: Needs::Nothing,
    })
}

pub async fn deliver(desk: &Desk, row: &Row, at: Instant) -> Outcome {
    let (settings, message) = match prepare(desk, row, at) {
        Ok(Ready::Go(settings, message)) => (settings, *message),
        Ok(Ready::Dropped(why)) => return Outcome::Dropped(why),
        Err(fault) => return Outcome::failed(fault),
    };
    if settings.transport == (Transport::Mailbox {}) {
        let keep = move |desk: &Desk, at: Instant| desk.store.keep_message(&message, at);
        return Outcome::Commit(Box::new(keep), Then::End);
    }
    match transport::send(desk.mail_binding(), desk.mail_client(), &settings.transport, &message).await {
        Handed::Over => Outcome::Done,
        Handed::Later(why) => Outcome::Retry(why),
        Handed::Refused(why) => Outcome::Dead(why),
        Handed::Unknown(why) => Outcome::Retry(format!("perhaps it was taken: {why}")),
    }
}

enum Ready {
    Go(Box<MailSettings>, Box<Message>),
    Dropped(&'static str),
}

fn prepare(desk: &Desk, row: &Row, at: Instant) -> Result<Ready, Fault> {
    let Some(settings) = desk.mail_settings()? else { return Ok(Ready::Dropped("mail is not set")) };
    let Body { message, link } = leeway_json::read(&row.body)?;
    let kind = Kind::parse(&message).ok_or_else(|| Fault::platform(format!("no message `{message}`")))?;
    let booking = row.booking.ok_or_else(|| Fault::platform("a message without a booking"))?;
    match (link, row.command) {
        (Some(link), _) => about_link(desk, settings, link, at),
        (None, Some(command)) => about_command(desk, settings, kind, booking, command),
        (None, None) => Err(Fault::platform("a message about nothing")),
    }
}

fn about_command(
    desk: &Desk,
    settings: Box<MailSettings>,
    kind: Kind,
    booking: BookingId,
    command: CommandId,
) -> Result<Ready, Fault> {
    let document = desk.document(booking)?;
    let Some((moment, personal)) = document.moment(command.0)? else {
        return Ok(Ready::Dropped("its command is gone"));
    };
    let personal: Personal = leeway_json::read(personal.as_str())?;
    if personal.customer.email.is_empty() {
        return Ok(Ready::Dropped("the customer's address was erased"));
    }
    let operator = desk.operator()?;
    let post = Post::new(&settings, operator, &personal, kind.audience())?;
    let control_url = desk.control_url(operator, &moment.now)?;
    let language = post.reader.language;
    let codes = desk.codes(&moment.after)?;
    let about = About { moment, personal, operator, control_url, codes, language };
    let values = facts::values(kind, &about)?;
    let template = desk.template_of(kind, language)?;
    let letter = letter::write(&template, &values, language, &about.operator.name);
    let attachments = match kind.audience() {
        Audience::Customer => dates(kind, &about, &post),
        Audience::Operator => Vec::new(),
    };
    let id = format!("{command}-{}", kind.as_str().replace('_', "-"));
    let at = about.moment.at;
    let Post { from, to, reply_to, .. } = post;
    let message = Message { id, at, from, to, reply_to, letter, attachments };
    Ok(Ready::Go(settings, Box::new(message)))
}

fn about_link(desk: &Desk, settings: Box<MailSettings>, link: Uuid, at: Instant) -> Result<Ready, Fault> {
    let Some(asks) = desk.asked_by_link(link, at)? else {
        return Ok(Ready::Dropped("the link collects nothing any more"));
    };
    let operator = desk.operator()?;
    let post = Post::new(&settings, operator, &asks.personal, Audience::Customer)?;
    let language = post.reader.language;
    let control_url = desk.control_url(operator, &asks.booking)?;
    let (after, now) = (asks.booking.clone(), asks.booking);
    let moment = Moment { at, before: None, events: Vec::new(), after, now };
    let about = About { moment, personal: asks.personal, operator, control_url, codes: Map::new(), language };
    let mut values = facts::values(Kind::PaymentLink, &about)?;
    if asks.link.draft.is_some() {
        // It is no booking before it is paid.
        values.retain(|variable, _| !matches!(variable, Variable::ControlUrl | Variable::Reference));
    }
    let zone = about.moment.after.items.first().map(|item| &item.slot.time.zone);
    let zone = zone.ok_or_else(|| Fault::platform("a booking without an item"))?;
    let PaymentLink { note, expires_at, made_at, .. } = &*asks.link;
    let bill = Bill { amount: asks.amount, url: asks.url, note, expires_at: *expires_at, zone };
    values.extend(bill.told(&post.reader));
    let template = desk.template_of(Kind::PaymentLink, language)?;
    let letter = letter::write(&template, &values, language, &about.operator.name);
    let Post { from, to, reply_to, .. } = post;
    let message = Message {
        id: format!("{link}-payment-link"),
        at: *made_at,
        from,
        to,
        reply_to,
        letter,
        attachments: Vec::new(),
    };
    Ok(Ready::Go(settings, Box::new(message)))
}

/// From whom to whom, and in whose language.
pub struct Post {
    pub from: Mailbox,
    pub to: Mailbox,
    pub reply_to: Option<Address>,
    pub reader: Reader,
}

impl Post {
    fn new(
        settings: &MailSettings,
        operator: &Operator,
        personal: &Personal,
        audience: Audience,
    ) -> Result<Self, Fault> {
        let (from, own) = (settings.from()?, settings.reply_to()?);
        let customer = &personal.customer;
        let parsed = Address::parse(&customer.email);
        let theirs = |text: &str| text.chars().take(NAME_CHARS_MAX).collect::<String>();
        match audience {
            Audience::Customer => {
                let address =
                    parsed.map_err(|error| crate::problem::Problem::malformed("customer.email", error.to_string()))?;
                let to = Mailbox { name: theirs(&customer.name), address };
                let reader = Reader::of(None, customer.locale.as_deref(), &operator.locale);
                Ok(Self { from, to, reply_to: own, reader })
            }
            // An answer goes to the customer whom it is about.
            Audience::Operator => {
                let address = own.unwrap_or_else(|| from.address.clone());
                let to = Mailbox { name: operator.name.clone(), address };
                Ok(Self { from, to, reply_to: parsed.ok(), reader: Reader::of(None, None, &operator.locale) })
            }
        }
    }
}

/// What the customer's calendar is to do: one file an item, since a calendar takes one entry from a mail.
fn dates(kind: Kind, about: &About<'_>, post: &Post) -> Vec<Attachment> {
    let About { moment, personal, operator, control_url, .. } = about;
    let is_about_dates = match kind {
        Kind::Confirmation | Kind::PaymentRequired | Kind::Change | Kind::Canceled => true,
        Kind::PaymentReceived
        | Kind::RefundSent
        | Kind::RefundFailed
        | Kind::PaymentLink
        | Kind::SignInLink
        | Kind::Inquiry => false,
    };
    if !is_about_dates {
        return Vec::new();
    }
    let diary = Diary {
        booking: &moment.after,
        personal,
        operator: &operator.name,
        reader: &post.reader,
        control_url,
        at: moment.at,
    };
    let touched = touched(moment);
    let items = moment.after.items.iter().filter(|item| touched.contains(&item.id));
    let file = |(index, item)| {
        let item: &leeway_core::Item = item;
        let (from, to) = (post.from.clone(), post.to.clone());
        let method = if item.is_booked() { Method::Request { from, to } } else { Method::Cancel { from, to } };
        let name = method.name().unwrap_or("PUBLISH");
        Attachment {
            name: format!("booking-{}.ics", usize::saturating_add(index, 1)),
            content_type: format!("text/calendar; method={name}; charset=utf-8"),
            content: ics::write(&method, &[diary.entry(item)]),
        }
    };
    items.enumerate().map(file).collect()
}

/// The items whose dates or people a command changed.
fn touched(moment: &Moment) -> Vec<ItemId> {
    moment
        .events
        .iter()
        .flat_map(|event| match event {
            Event::BookingMade(made) => made.items.iter().map(|item| item.id).collect(),
            Event::Canceled(canceled) => canceled.items.iter().map(|one| one.item).collect(),
            Event::CancellationUndone(undone) => undone.items.iter().map(|one| one.item).collect(),
            Event::Rebooked(rebooked) => {
                let both = rebooked
                    .moves
                    .iter()
                    .flat_map(|moved| [Some(moved.into), (moved.extent == Extent::Part).then_some(moved.item)]);
                both.flatten().collect()
            }
            Event::PaymentRecorded(_)
            | Event::GatewayFeeNoted(_)
            | Event::PlanAdjusted(_)
            | Event::RefundEntered(_)
            | Event::RefundApproved(_)
            | Event::RefundDeclined(_)
            | Event::RefundVoided(_)
            | Event::RefundRouted(_)
            | Event::RefundSubmitted(_)
            | Event::RefundSettled(_)
            | Event::RefundFailed(_)
            | Event::VoucherIssued(_)
            | Event::CreditNoteMade(_)
            | Event::CreditNoteApproved(_)
            | Event::TaskOpened(_)
            | Event::ParticipantRenamed(_)
            | Event::LinksRevoked(_) => Vec::<ItemId>::new(),
        })
        .collect()
}
