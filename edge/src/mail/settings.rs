//! How an operator's mail is sent, as it is set, stored and shown. Secrets are sealed before they get into the store, and never go out.

use leeway_core::fields::FromObject;
use serde::{Deserialize, Serialize};

use super::address::{Address, Mailbox, NAME_CHARS_MAX};
use super::smtp::Protection;
use crate::problem::Problem;

/// The longest host, address, name or secret, in characters.
const TEXT_CHARS_MAX: usize = 255;

/// The sender of a local mailbox, where nothing is set: such a domain never exists (RFC 2606).
const LOCAL_SENDER: &str = "bookings@mailbox.invalid";

/// As it comes in, and as it is stored: then the secret is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    pub sender: Sender,
    /// Where answers go, and what is for the operator; absent: to the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    pub transport: Transport,
}

/// From whom messages come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sender {
    pub name: String,
    pub address: String,
}

/// The way that messages take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(!try_from, deny_unknown_fields))]
#[serde(tag = "type", rename_all = "snake_case", try_from = "RawTransport")]
pub enum Transport {
    /// A mail server's submission port.
    Smtp {
        host: String,
        port: u16,
        security: Security,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// Absent in a change: the one that is set stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        password: Option<String>,
    },
    /// A provider's HTTP API that takes what Resend's takes.
    Http {
        url: String,
        /// Absent in a change: the one that is set stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        api_key: Option<String>,
    },
    /// The platform's own, where the deployment has bound it.
    Binding {},
    /// Nobody: messages are kept and shown, on one's own machine.
    Mailbox {},
}

// Read flat: serde buffers a tagged enum, and an error inside would no longer know its path.
#[derive(FromObject)]
#[serde(deny_unknown_fields, rename = "Transport")]
struct RawTransport {
    r#type: TransportType,
    host: Option<String>,
    port: Option<u16>,
    security: Option<Security>,
    user: Option<String>,
    password: Option<String>,
    url: Option<String>,
    api_key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TransportType {
    Smtp,
    Http,
    Binding,
    Mailbox,
}

impl TryFrom<RawTransport> for Transport {
    type Error = &'static str;
    fn try_from(raw: RawTransport) -> Result<Self, Self::Error> {
        let RawTransport { r#type, host, port, security, user, password, url, api_key } = raw;
        match (r#type, host, port, security, user, password, url, api_key) {
            (TransportType::Smtp, Some(host), Some(port), Some(security), user, password, None, None) => {
                Ok(Self::Smtp { host, port, security, user, password })
            }
            (TransportType::Http, None, None, None, None, None, Some(url), api_key) => Ok(Self::Http { url, api_key }),
            (TransportType::Binding, None, None, None, None, None, None, None) => Ok(Self::Binding {}),
            (TransportType::Mailbox, None, None, None, None, None, None, None) => Ok(Self::Mailbox {}),
            (TransportType::Smtp, ..) => Err("`smtp` takes `host`, `port` and `security`, and `user` and `password`"),
            (TransportType::Http, ..) => Err("`http` takes `url` and `api_key`"),
            (TransportType::Binding, ..) => Err("`binding` takes nothing else"),
            (TransportType::Mailbox, ..) => Err("`mailbox` takes nothing else"),
        }
    }
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after a few lines; without it nothing is sent.
    StartTls,
    /// None: to a server on the same machine only.
    None,
}

impl From<Security> for Protection {
    fn from(security: Security) -> Self {
        match security {
            Security::Tls => Self::Tls,
            Security::StartTls => Self::StartTls,
            Security::None => Self::Nothing,
        }
    }
}

/// What a deployment has for mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    pub mailbox: Offer,
    pub binding: Offer,
}

/// Is something there?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    Yes,
    No,
}

impl MailSettings {
    /// Where an operator has set nothing and the deployment keeps a mailbox.
    pub fn local(operator: &str) -> Self {
        Self {
            sender: Sender { name: operator.to_owned(), address: LOCAL_SENDER.to_owned() },
            reply_to: None,
            transport: Transport::Mailbox {},
        }
    }

    /// Can it be used here?
    pub fn check(&self, offered: Offered) -> Result<(), Problem> {
        named("sender.name", &self.sender.name, NAME_CHARS_MAX)?;
        address("sender.address", &self.sender.address)?;
        if let Some(reply_to) = &self.reply_to {
            address("reply_to", reply_to)?;
        }
        self.transport.check(offered)
    }

    /// From whom.
    pub fn from(&self) -> Result<Mailbox, Problem> {
        Ok(Mailbox { name: self.sender.name.clone(), address: address("sender.address", &self.sender.address)? })
    }

    /// Where answers go.
    pub fn reply_to(&self) -> Result<Option<Address>, Problem> {
        self.reply_to.as_deref().map(|text| address("reply_to", text)).transpose()
    }

    /// Takes over the secret of what was set before, where this one names none and is for the same server.
    pub fn keep_secret(&mut self, before: &Self) {
        match (&mut self.transport, &before.transport) {
            (
                Transport::Smtp { host, port, user, password, .. },
                Transport::Smtp { host: old_host, port: old_port, user: old_user, password: old, .. },
            ) if password.is_none() && user.is_some() && (&*host, *port, &*user) == (old_host, *old_port, old_user) => {
                password.clone_from(old);
            }
            (Transport::Http { url, api_key }, Transport::Http { url: old_url, api_key: old })
                if api_key.is_none() && url == old_url =>
            {
                api_key.clone_from(old);
            }
            (Transport::Smtp { .. } | Transport::Http { .. } | Transport::Binding {} | Transport::Mailbox {}, _) => {}
        }
    }

    /// Its one secret, where its transport has one and it is set.
    pub fn secret(&mut self) -> Option<&mut String> {
        match &mut self.transport {
            Transport::Smtp { password, .. } => password.as_mut(),
            Transport::Http { api_key, .. } => api_key.as_mut(),
            Transport::Binding {} | Transport::Mailbox {} => None,
        }
    }

    /// As it is shown: without the secret.
    pub fn shown(mut self) -> Self {
        match &mut self.transport {
            Transport::Smtp { password: secret, .. } | Transport::Http { api_key: secret, .. } => *secret = None,
            Transport::Binding {} | Transport::Mailbox {} => {}
        }
        self
    }
}

impl Transport {
    fn check(&self, offered: Offered) -> Result<(), Problem> {
        match self {
            Self::Smtp { host, port, security, user, password } => {
                check_host(host)?;
                if *port == 0 {
                    return Err(Problem::malformed("transport.port", "a port is not 0"));
                }
                if *security == Security::None && !is_this_machine(host) {
                    let detail = "only a server on the same machine is talked to without TLS";
                    return Err(Problem::malformed("transport.security", detail));
                }
                match (user, password) {
                    (None, None) => Ok(()),
                    (Some(user), Some(password)) => {
                        named("transport.user", user, TEXT_CHARS_MAX)?;
                        named("transport.password", password, TEXT_CHARS_MAX)
                    }
                    (Some(_), None) => Err(Problem::malformed("transport.password", "needed with `user`")),
                    (None, Some(_)) => Err(Problem::malformed("transport.user", "needed with `password`")),
                }
            }
            Self::Http { url, api_key } => {
                check_url(url)?;
                let api_key = api_key.as_deref().ok_or_else(|| Problem::malformed("transport.api_key", "needed"))?;
                // It stands in a header.
                if api_key.bytes().all(|b| b.is_ascii_graphic()) {
                    named("transport.api_key", api_key, TEXT_CHARS_MAX)
                } else {
                    Err(Problem::malformed("transport.api_key", "a key has letters, digits and signs only"))
                }
            }
            Self::Binding {} => available("binding", offered.binding),
            Self::Mailbox {} => available("mailbox", offered.mailbox),
        }
    }
}

fn available(name: &str, offer: Offer) -> Result<(), Problem> {
    match offer {
        Offer::Yes => Ok(()),
        Offer::No => Err(Problem::malformed("transport.type", format!("this deployment has no `{name}`"))),
    }
}

fn address(path: &str, text: &str) -> Result<Address, Problem> {
    Address::parse(text).map_err(|error| Problem::malformed(path, error.to_string()))
}

fn named(path: &str, text: &str, chars_max: usize) -> Result<(), Problem> {
    let count = text.chars().count();
    if text.trim().is_empty() || count > chars_max || text.chars().any(char::is_control) {
        return Err(Problem::malformed(path, format!("1 to {chars_max} characters, none of them a control character")));
    }
    Ok(())
}

fn check_host(host: &str) -> Result<(), Problem> {
    let fits = (1..=TEXT_CHARS_MAX).contains(&host.len());
    if fits && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')) {
        Ok(())
    } else {
        Err(Problem::malformed("transport.host", "not a host such as `smtp.example.com`"))
    }
}

/// Whose name the system itself answers for: nothing leaves the machine.
fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1")
}

fn check_url(url: &str) -> Result<(), Problem> {
    // No name before the host, and no sign that browsers read as a slash: the host is what it looks like.
    let is_plain =
        url.len() <= TEXT_CHARS_MAX && url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'@' | b'\\'));
    let host = |rest: &str| rest.split(['/', ':', '?', '#']).next().unwrap_or_default().to_owned();
    let is_safe = match url.split_once("://") {
        Some(("https", rest)) => !host(rest).is_empty(),
        Some(("http", rest)) => is_this_machine(&host(rest)),
        Some(_) | None => false,
    };
    if is_plain && is_safe {
        Ok(())
    } else {
        Err(Problem::malformed("transport.url", "not an address such as `https://api.resend.com/emails`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Offered = Offered { mailbox: Offer::No, binding: Offer::No };

    fn smtp(more: &str) -> String {
        format!(r#"{{"type":"smtp","host":"smtp.example.com","port":587,"security":"starttls"{more}}}"#)
    }

    fn settings(transport: &str) -> MailSettings {
        let sender = r#"{"name":"Adriatic","address":"tours@example.com"}"#;
        leeway_json::read(&format!(r#"{{"sender":{sender},"transport":{transport}}}"#)).unwrap()
    }

    fn path(settings: &MailSettings) -> String {
        settings.check(NONE).err().and_then(|problem| problem.path().map(str::to_owned)).unwrap_or_default()
    }

    #[test]
    fn what_can_be_set() {
        let login = r#","user":"me","password":"secret""#;
        for (transport, expected) in [
            (smtp(login), ""),
            (smtp(""), ""),
            (smtp(r#","user":"me""#), "transport.password"),
            (smtp(r#","password":"x""#), "transport.user"),
            (smtp(login).replace("587", "0"), "transport.port"),
            (smtp(login).replace("smtp.example.com", "a b"), "transport.host"),
            (smtp(login).replace(r#""starttls""#, r#""none""#), "transport.security"),
            (smtp("").replace(r#""starttls""#, r#""none""#).replace("smtp.example.com", "127.0.0.1"), ""),
            (r#"{"type":"http","url":"https://api.resend.com/emails","api_key":"re_1"}"#.to_owned(), ""),
            (r#"{"type":"http","url":"https://api.resend.com/emails"}"#.to_owned(), "transport.api_key"),
            (r#"{"type":"http","url":"https://a","api_key":"a b"}"#.to_owned(), "transport.api_key"),
            (r#"{"type":"http","url":"http://127.0.0.1:9/emails","api_key":"k"}"#.to_owned(), ""),
            (r#"{"type":"http","url":"http://127.0.0.1@evil.example/","api_key":"k"}"#.to_owned(), "transport.url"),
            (r#"{"type":"http","url":"http://api.example.com","api_key":"k"}"#.to_owned(), "transport.url"),
            (r#"{"type":"binding"}"#.to_owned(), "transport.type"),
            (r#"{"type":"mailbox"}"#.to_owned(), "transport.type"),
        ] {
            assert_eq!(path(&settings(&transport)), expected, "{transport}");
        }
        let mut wrong = settings(&smtp(login));
        wrong.sender.address = "a@b.c\r\nBcc: x@y.z".to_owned();
        assert_eq!(path(&wrong), "sender.address");
    }

    #[test]
    fn a_secret_stays_with_its_server() {
        let before = settings(&smtp(r#","user":"me","password":"sealed""#));
        for (transport, kept) in [
            (smtp(r#","user":"me""#), Some("sealed")),
            (smtp(r#","user":"me","password":"new""#), Some("new")),
            (smtp(r#","user":"you""#), None),
            (smtp(""), None),
            (smtp(r#","user":"me""#).replace("smtp.example.com", "evil.example"), None),
        ] {
            let mut after = settings(&transport);
            after.keep_secret(&before);
            assert_eq!(after.secret().map(|secret| secret.as_str()), kept, "{transport}");
        }
        assert!(!leeway_json::write(&before.shown()).unwrap().contains("sealed"));
    }
}
