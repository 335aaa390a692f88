//! What an operator has set: a row a topic.

use leeway_core::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Fault, Store, stored, text};
use crate::mail::settings::{MailSettings, Offer};
use crate::settings::{General, Topic};

impl Store {
    /// What was set for a topic.
    pub fn setting<T: DeserializeOwned>(&self, topic: Topic) -> Result<Option<Box<T>>, Fault> {
        let row = self.row("SELECT body FROM settings WHERE name = ?", &[topic.name().into()])?;
        row.and_then(|row| row.get(0).as_string()).map(|body| stored(body.as_bytes())).transpose()
    }

    /// Sets a topic.
    pub fn put_setting(&self, topic: Topic, value: &impl Serialize, at: Instant) -> Result<(), Fault> {
        const SQL: &str = "INSERT INTO settings (name, body, at) VALUES (?, ?, ?) \
             ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at";
        self.run(SQL, &[topic.name().into(), leeway_json::write(value)?.into(), text(at)])
    }

    /// Forgets a topic.
    pub fn clear_setting(&self, topic: Topic) -> Result<(), Fault> {
        self.run("DELETE FROM settings WHERE name = ?", &[topic.name().into()])
    }

    /// The general settings; what is switched on is remembered, since every commit asks for it.
    pub fn put_general(&self, general: &General, at: Instant) -> Result<(), Fault> {
        self.put_setting(Topic::General, general, at)?;
        self.switch()
    }

    /// How mail is sent; whether it is at all is remembered likewise.
    pub fn put_mail(&self, settings: &MailSettings, at: Instant) -> Result<(), Fault> {
        self.put_setting(Topic::Mail, settings, at)?;
        self.switch()
    }

    pub fn clear_mail(&self) -> Result<(), Fault> {
        self.clear_setting(Topic::Mail)?;
        self.switch()
    }

    /// Is mail kept where an operator has set nothing?
    pub fn mailbox_by_default(&self) -> Offer {
        self.mailbox
    }

    /// Remembers what is switched on.
    pub(super) fn switch(&self) -> Result<(), Fault> {
        let mail = match self.setting::<MailSettings>(Topic::Mail)? {
            Some(_) => Offer::Yes,
            None => self.mailbox,
        };
        let general = self.general()?;
        self.switches.replace(general.switches(mail));
        self.origins.replace(general.allowed_origins);
        Ok(())
    }

    /// For how long a cancellation can be taken back: as long as its refund waits.
    pub fn undo_delay_ms(&self) -> i64 {
        self.switches.borrow().undo_delay_ms
    }

    pub fn general(&self) -> Result<General, Fault> {
        Ok(self.setting(Topic::General)?.map(|general| *general).unwrap_or_default())
    }
}
