//! Operators' templates: read, write, try. What a template can say is in [`crate::mail::template`].

use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, VoucherId};
use leeway_core::time::Zone;
use leeway_core::{Booking, Map, Refusal};
use leeway_json::Raw;
use serde::Serialize;

use super::{Asked, Desk};
use crate::mail::follow::follow;
use crate::mail::kind::Kind;
use crate::mail::letter::{self, Letter, Row, Value};
use crate::mail::template::{Finding, Template, Variable, lint};
use crate::mail::{default_template, sample};
use crate::pages::facts::{self, About, Bill};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::reply::Reply;
use crate::route::Method;
use crate::store::{Coded, Fault};
use crate::words::Language;
use crate::{input, log};

/// The control link of a preview: it leads nowhere.
const SAMPLE_TOKEN: &str = "SAMPLE";
const SAMPLE_NOTE: &str = "We would like to go at sunset, two adults and a dog.";
const SAMPLE_LINK_MS: i64 = 3 * 24 * 60 * 60 * 1000;

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateRequest {
    subject: String,
    body: String,
}

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    kind: String,
    locale: String,
    /// Absent, as the body: what is set.
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    body: Option<String>,
    /// The last thing that happened to this booking and leads to such a message; absent: a sample.
    #[serde(default)]
    booking: Option<BookingId>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ListedTemplates {
    templates: Vec<TemplateView>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TemplateView {
    kind: &'static str,
    locale: &'static str,
    /// The operator's own, or ours?
    is_own: bool,
    subject: String,
    body: String,
    /// What it can name.
    variables: Vec<&'static str>,
    /// The link that it must carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'static str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Previewed {
    subject: String,
    text: String,
    html: String,
    findings: Vec<Finding>,
}

impl Desk {
    pub(super) fn templates(&self) -> Result<Reply, Fault> {
        let all = Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| (kind, language)));
        let templates = all.map(|(kind, language)| self.template_view(kind, language)).collect::<Result<_, _>>()?;
        Ok(Reply::json(200, &ListedTemplates { templates }))
    }

    pub(super) fn template(&self, kind: &str, locale: &str, asked: &Asked) -> Result<Reply, Fault> {
        let kind = Kind::parse(kind).ok_or(Problem::NOT_FOUND)?;
        let language = language(locale).ok_or(Problem::NOT_FOUND)?;
        match asked.method {
            Method::Put => {
                let TemplateRequest { subject, body } = input::json(&asked.body)?;
                check(kind, &subject, &body)?;
                self.store.put_template((kind, language), &subject, &body, asked.at)?;
                log::committed("template_set", self.operator()?.id, kind.as_str(), 0);
            }
            Method::Delete => self.store.delete_template(kind, language)?,
            Method::Get | Method::Post | Method::Patch | Method::Options | Method::Other => {}
        }
        Ok(Reply::json(200, &self.template_view(kind, language)?))
    }

    fn template_view(&self, kind: Kind, language: Language) -> Result<TemplateView, Fault> {
        let own = self.store.own_template(kind, language)?;
        let is_own = own.is_some();
        let (subject, body) = own.unwrap_or_else(|| owned(default_template(kind, language)));
        Ok(TemplateView {
            kind: kind.as_str(),
            locale: language.tag(),
            is_own,
            subject,
            body,
            variables: kind.variables().iter().map(|variable| variable.name()).collect(),
            required: kind.required().map(|variable| variable.name()),
        })
    }

    /// The template that holds.
    pub fn template_of(&self, kind: Kind, language: Language) -> Result<Template, Fault> {
        let own = self.store.own_template(kind, language)?;
        let (subject, body) = own.unwrap_or_else(|| owned(default_template(kind, language)));
        Ok(Template::parse(&subject, &body))
    }

    /// What a template would say. Nothing is stored, and nothing is sent.
    pub(super) fn preview(&self, asked: &Asked) -> Result<Reply, Fault> {
        let PreviewRequest { kind, locale, subject, body, booking } = input::json(&asked.body)?;
        let kind = Kind::parse(&kind).ok_or_else(|| Problem::malformed("kind", "not a kind of message"))?;
        let language = language(&locale).ok_or_else(|| Problem::malformed("locale", "not one of `en`, `pl`, `de`"))?;
        let own = self.store.own_template(kind, language)?;
        let (set_subject, set_body) = own.unwrap_or_else(|| owned(default_template(kind, language)));
        let (subject, body) = (subject.unwrap_or(set_subject), body.unwrap_or(set_body));
        let findings = lint(kind, &subject, &body);
        let about = match booking {
            Some(id) => self.last_of(kind, id, language)?,
            None => self.sample(kind, language, asked)?,
        };
        let operator = self.operator()?;
        let mut values = facts::values(kind, &about)?;
        values.extend(self.more_of_sample(kind, &about)?);
        let template = Template::parse(&subject, &body);
        let Letter { subject, text, html } = letter::write(&template, &values, language, &operator.name);
        Ok(Reply::json(200, &Previewed { subject, text, html, findings }))
    }

    fn sample(&self, kind: Kind, language: Language, asked: &Asked) -> Result<About<'_>, Fault> {
        let operator = self.operator()?;
        let (moment, personal) = sample::moment(kind, operator, language.tag(), asked.at)?;
        let control_url = self.sample_url();
        let codes = moment.after.refunds.iter().map(|refund| (refund.id.into(), SAMPLE_TOKEN.to_owned())).collect();
        Ok(About { moment, personal, operator, control_url, codes, language })
    }

    /// What the vouchers of a booking's refunds are spent by.
    pub fn codes(&self, booking: &Booking) -> Result<Map<VoucherId, String>, Fault> {
        let vouchers = if booking.has_voucher() { self.store.vouchers(booking.id)? } else { Vec::new() };
        let (_, codes) = Coded::apart(vouchers);
        Ok(codes)
    }

    /// The page of a booking that never was.
    pub(super) fn sample_url(&self) -> String {
        format!("{}/b/{SAMPLE_TOKEN}", self.config.public_url)
    }

    /// What messages say that follow from no command.
    fn more_of_sample(&self, kind: Kind, about: &About<'_>) -> Result<Vec<(Variable, Value)>, Fault> {
        let reader = Reader::of(Some(about.language), None, &about.operator.locale);
        let zone = Zone::parse(&about.operator.time_zone).map_err(|error| Fault::platform(error.to_string()))?;
        let (expires_at, url) = (about.moment.at.shifted_ms(SAMPLE_LINK_MS), |of| {
            format!("{}/{of}/{SAMPLE_TOKEN}", self.config.public_url)
        });
        Ok(match kind {
            Kind::PaymentLink => {
                let amount = leeway_core::balance(&about.moment.after).map_err(Refusal::from)?;
                Bill { amount, url: url("p"), note: SAMPLE_NOTE, expires_at, zone: &zone }.told(&reader).into()
            }
            Kind::SignInLink => facts::sign_in(&reader, url("portal"), expires_at, &zone).into(),
            Kind::Inquiry => vec![(Variable::Fields, Value::Block(vec![Row::note(SAMPLE_NOTE)]))],
            Kind::Confirmation
            | Kind::PaymentRequired
            | Kind::PaymentReceived
            | Kind::Change
            | Kind::Canceled
            | Kind::RefundSent
            | Kind::RefundFailed => Vec::new(),
        })
    }

    fn last_of(&self, kind: Kind, id: BookingId, language: Language) -> Result<About<'_>, Fault> {
        let document = self.store.document(id)?.ok_or_else(|| Problem::BOOKING_UNKNOWN.at("booking"))?;
        for command in document.commands()?.into_iter().rev() {
            let Some((moment, personal)) = document.moment(command)? else { continue };
            if follow(&moment.events, &moment.after).contains(&kind) {
                let (operator, personal) = (self.operator()?, leeway_json::read(personal.as_str())?);
                let control_url = self.control_url(operator, &moment.now)?;
                let codes = self.codes(&moment.after)?;
                return Ok(About { moment, personal, operator, control_url, codes, language });
            }
        }
        Err(Problem::malformed("booking", "nothing that happened to this booking leads to such a message").into())
    }
}

fn owned((subject, body): (&str, &str)) -> (String, String) {
    (subject.to_owned(), body.to_owned())
}

/// Exactly one of the languages that there are templates in.
fn language(tag: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.tag() == tag)
}

/// Refuses what its writer cannot have meant.
fn check(kind: Kind, subject: &str, body: &str) -> Result<(), Fault> {
    let findings = lint(kind, subject, body);
    if findings.is_empty() {
        return Ok(());
    }
    let problem = Problem::TEMPLATE_NOT_VALID.with_params(Raw::of(&findings)?);
    Err(match findings.first().map(Finding::field) {
        Some(field) => problem.at(field.as_str()),
        None => problem,
    }
    .into())
}
