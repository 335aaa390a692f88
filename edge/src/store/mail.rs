//! The rows of operators' templates, and of a local mailbox.

use leeway_core::Instant;
use leeway_core::fields::FromObject;
use serde::Serialize;

use super::{Fault, Store, stored, text};
use crate::mail::kind::Kind;
use crate::mail::mime::Message;
use crate::words::Language;

/// The most messages that a mailbox keeps.
const KEPT_MAX: u32 = 500;

/// A message as a mailbox keeps it.
#[derive(Debug, Clone, Serialize, FromObject)]
pub struct Kept {
    pub from: String,
    pub to: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attachments: Vec<KeptFile>,
}

/// A file beside it.
#[derive(Debug, Clone, Serialize, FromObject)]
pub struct KeptFile {
    pub name: String,
    pub content_type: String,
    pub content: String,
}

/// A message in the list of a mailbox.
#[derive(Debug, Clone, FromObject)]
pub struct Listed {
    pub seq: u64,
    pub at: Instant,
    pub to: String,
    pub subject: String,
}

impl From<&Message> for Kept {
    fn from(message: &Message) -> Self {
        let named = |mailbox: &crate::mail::address::Mailbox| format!("{} <{}>", mailbox.name, mailbox.address);
        let file = |one: &crate::mail::mime::Attachment| KeptFile {
            name: one.name.clone(),
            content_type: one.content_type.clone(),
            content: one.content.clone(),
        };
        Self {
            from: named(&message.from),
            to: named(&message.to),
            reply_to: message.reply_to.as_ref().map(ToString::to_string),
            subject: message.letter.subject.clone(),
            text: message.letter.text.clone(),
            html: message.letter.html.clone(),
            attachments: message.attachments.iter().map(file).collect(),
        }
    }
}

impl Store {
    /// An operator's own subject and body.
    pub fn own_template(&self, kind: Kind, language: Language) -> Result<Option<(String, String)>, Fault> {
        const SQL: &str = "SELECT subject, body FROM templates WHERE kind = ? AND language = ?";
        let row = self.row(SQL, &[kind.as_str().into(), language.tag().into()])?;
        Ok(row.and_then(|row| Some((row.get(0).as_string()?, row.get(1).as_string()?))))
    }

    pub fn put_template(
        &self,
        (kind, language): (Kind, Language),
        subject: &str,
        body: &str,
        at: Instant,
    ) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO templates (kind, language, subject, body, at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (kind, language) DO UPDATE SET subject = excluded.subject, body = excluded.body, at = excluded.at";
        self.run(SQL, &[kind.as_str().into(), language.tag().into(), subject.into(), body.into(), text(at)])
    }

    pub fn delete_template(&self, kind: Kind, language: Language) -> Result<(), Fault> {
        const SQL: &str = "DELETE FROM templates WHERE kind = ? AND language = ?";
        self.run(SQL, &[kind.as_str().into(), language.tag().into()])
    }

    /// Keeps a message in the mailbox, and no more than so many.
    pub fn keep_message(&self, message: &Message, at: Instant) -> Result<(), Fault> {
        const SQL: &str = "INSERT OR IGNORE INTO mailbox (message_id, at, message) VALUES (?, ?, ?)";
        const OLD: &str = "DELETE FROM mailbox WHERE seq <= (SELECT max(seq) FROM mailbox) - ?";
        let json = leeway_json::write(&Kept::from(message))?;
        self.run(SQL, &[message.message_id().into(), text(at), json.into()])?;
        self.run(OLD, &[f64::from(KEPT_MAX).into()])
    }

    /// The messages of the mailbox, the newest first.
    pub fn mailbox(&self) -> Result<Vec<Listed>, Fault> {
        const SQL: &str = "SELECT json_group_array(json_object('seq', seq, 'at', at, 'to', message ->> 'to', 'subject', message ->> 'subject') \
             ORDER BY seq DESC) FROM mailbox";
        let row = self.row(SQL, &[])?.and_then(|row| row.get(0).as_string());
        row.map_or_else(|| Ok(Vec::new()), |json| stored(json.as_bytes()))
    }

    /// One message of the mailbox.
    pub fn kept_message(&self, seq: u32) -> Result<Option<Kept>, Fault> {
        let row = self.row("SELECT message FROM mailbox WHERE seq = ?", &[f64::from(seq).into()])?;
        row.and_then(|row| row.get(0).as_string()).map(|json| stored(json.as_bytes())).transpose()
    }
}
