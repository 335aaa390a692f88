//! How an operator's mail is sent: set, shown, tried. And the mailbox of one's own machine.

use leeway_core::fields::FromObject;
use leeway_core::{Instant, Map};
use serde::Serialize;

use super::{Asked, Desk};
use crate::mail::address::{Address, Mailbox};
use crate::mail::binding::SendEmail;
use crate::mail::kind::Kind;
use crate::mail::letter;
use crate::mail::mime::Message;
use crate::mail::settings::{MailSettings, Offer, Transport};
use crate::mail::smtp::Handed;
use crate::mail::template::Template;
use crate::mail::{sample, transport};
use crate::pages::facts::{self, About};
use crate::pages::mailbox;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::reply::Reply;
use crate::route::{ApiDoor, Method};
use crate::settings::Topic;
use crate::store::Fault;
use crate::{host, input, log};

#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "MailTestRequest"))]
#[serde(deny_unknown_fields)]
pub struct TestRequest {
    /// Where it goes; absent: to where the operator's own mail goes.
    #[serde(default)]
    to: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "MailTried"))]
pub struct Tried {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl Desk {
    /// Shows, sets or forgets how mail is sent.
    pub(super) fn mail(&self, asked: &Asked) -> Result<Reply, Fault> {
        match asked.method {
            Method::Put => {
                let mut settings: MailSettings = input::json(&asked.body)?;
                if let Some(before) = self.mail_settings()? {
                    settings.keep_secret(&before);
                }
                settings.check(self.config.mail)?;
                let mut sealed = settings.clone();
                if let Some(secret) = sealed.secret() {
                    *secret = self.seal(Topic::Mail, secret)?;
                }
                self.store.transaction(|| self.store.put_mail(&sealed, asked.at))?;
                log::committed("mail_set", self.operator()?.id, "mail", 0);
                Ok(Reply::json(200, &settings.shown()))
            }
            Method::Delete => {
                self.store.transaction(|| self.store.clear_mail())?;
                log::committed("mail_cleared", self.operator()?.id, "mail", 0);
                Ok(Reply::empty(204))
            }
            Method::Get | Method::Post | Method::Patch | Method::Options | Method::Other => {
                let settings = self.mail_settings()?.ok_or(Problem::MAIL_NOT_SET)?;
                Ok(Reply::json(200, &settings.shown()))
            }
        }
    }

    /// How mail is sent, its secret open; nothing where it is not.
    pub fn mail_settings(&self) -> Result<Option<Box<MailSettings>>, Fault> {
        if let Some(mut settings) = self.store.setting::<MailSettings>(Topic::Mail)? {
            if let Some(secret) = settings.secret() {
                *secret = self.unseal(Topic::Mail, secret)?;
            }
            return Ok(Some(settings));
        }
        match self.store.mailbox_by_default() {
            Offer::Yes => Ok(Some(Box::new(MailSettings::local(&self.operator()?.name)))),
            Offer::No => Ok(None),
        }
    }

    /// The platform's own mail.
    pub fn mail_binding(&self) -> Option<&SendEmail> {
        self.config.email.as_ref()
    }

    /// The name under which mail servers are greeted: our own host.
    pub fn mail_client(&self) -> &str {
        &self.config.mail_client
    }

    /// Sends a message now, and says what came of it. It changes nothing and is no row of the outbox.
    pub(super) async fn try_mail(&self, asked: &Asked) -> Result<Reply, Fault> {
        self.check_key(asked)?;
        asked.check_role(ApiDoor::MailTest.role(asked.method))?;
        let TestRequest { to } = input::json(&asked.body)?;
        let settings = self.mail_settings()?.ok_or(Problem::MAIL_NOT_SET)?;
        let message = self.test_message(&settings, to.as_deref(), asked.at)?;
        let handed = match &settings.transport {
            Transport::Mailbox {} => {
                self.store.transaction(|| self.store.keep_message(&message, asked.at))?;
                Handed::Over
            }
            transport @ (Transport::Smtp { .. } | Transport::Http { .. } | Transport::Binding {}) => {
                transport::send(self.mail_binding(), self.mail_client(), transport, &message).await
            }
        };
        let (outcome, why) = match handed {
            Handed::Over => ("sent", None),
            Handed::Later(why) => ("failed", Some(why)),
            Handed::Refused(why) => ("refused", Some(why)),
            Handed::Unknown(why) => ("unknown", Some(why)),
        };
        Ok(Reply::json(200, &Tried { outcome, why }))
    }

    /// A confirmation of the sample, so that one sees what customers will.
    fn test_message(&self, settings: &MailSettings, to: Option<&str>, at: Instant) -> Result<Message, Fault> {
        let operator = self.operator()?;
        let (from, reply_to) = (settings.from()?, settings.reply_to()?);
        let address = match to {
            Some(text) => Address::parse(text).map_err(|error| Problem::malformed("to", error.to_string()))?,
            None => reply_to.clone().unwrap_or_else(|| from.address.clone()),
        };
        let language = Reader::of(None, None, &operator.locale).language;
        let template: Template = self.template_of(Kind::Confirmation, language)?;
        let (moment, personal) = sample::moment(Kind::Confirmation, operator, language.tag(), at)?;
        let control_url = self.sample_url();
        let to = Mailbox { name: operator.name.clone(), address };
        let name = operator.name.clone();
        let about = About { moment, personal, operator, control_url, codes: Map::new(), language };
        let letter = letter::write(&template, &facts::values(Kind::Confirmation, &about)?, language, &name);
        let id = format!("{}-test", host::fresh_uuid(at.ms()));
        Ok(Message { id, at, from, to, reply_to, letter, attachments: Vec::new() })
    }

    /// The mailbox of one's own machine: what was sent, or one message of it.
    pub(super) fn mailbox(&self, seq: Option<&str>) -> Result<Reply, Fault> {
        let operator = self.operator()?;
        match seq {
            None => Ok(mailbox::list(operator, &self.store.mailbox()?)),
            Some(seq) => {
                let kept = seq.parse().ok().map(|seq| self.store.kept_message(seq)).transpose()?.flatten();
                Ok(mailbox::message(operator, &kept.ok_or(Problem::NOT_FOUND)?))
            }
        }
    }
}
