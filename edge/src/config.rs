//! What a deployment sets: keys, the admin key, the public address. Read once for an instance; secrets never leave it.

use std::cell::OnceCell;
use std::rc::Rc;

use hmac::{Hmac, KeyInit as _};
use leeway_core::Map;
use leeway_core::fields::FromObject;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::host::{Env, Fetcher, Namespace};
use crate::mail::binding::SendEmail;
use crate::mail::settings::{Offer, Offered};
use crate::provider::Defaults;
use crate::{hex, log};

/// The shortest key for link tokens and admin keys, in bytes.
const SECRET_BYTES_MIN: usize = 16;
/// Where Stripe is, unless a test says otherwise.
const STRIPE_URL: &str = "https://api.stripe.com";

/// The settings of a deployment.
pub struct Config {
    /// Keys that sign links, quotes and API keys.
    pub keys: Keys,
    /// Where links point to, without a slash at its end.
    pub public_url: String,
    /// Where operators' objects are found.
    pub operators: Namespace,
    /// The folder with the browser package.
    pub assets: Fetcher,
    /// The deployment's own account at Stripe, for operators that are connected to it.
    pub stripe: Defaults,
    /// What there is for mail: a mailbox, the platform's own.
    pub mail: Offered,
    /// Is the mailbox where mail goes that no operator has set?
    pub mailbox_by_default: Offer,
    /// The platform's own mail.
    pub email: Option<SendEmail>,
    /// The name under which mail servers are greeted.
    pub mail_client: String,
    admin_key: String,
}

/// Keys by their id. Several are valid while one is being replaced.
pub struct Keys {
    /// The key that signs.
    pub current: u8,
    /// Each with its key taken in: that is half of the work for a short message.
    macs: Map<u8, Hmac<Sha256>>,
}

#[derive(FromObject)]
#[serde(deny_unknown_fields)]
struct RawKeys {
    current: u8,
    keys: Map<String, String>,
}

impl Keys {
    /// Reads `{"current":1,"keys":{"1":"<hex>"}}`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: RawKeys = leeway_json::read(text).map_err(|malformed| malformed.to_string())?;
        let mut macs = Map::new();
        for (id, hex) in raw.keys {
            let id = id.parse().map_err(|_| format!("`{id}` is no key's number: 0 to 255"))?;
            let key = hex::decode(&hex).filter(|key| key.len() >= SECRET_BYTES_MIN);
            let mac = key.and_then(|key| Hmac::new_from_slice(&key).ok());
            macs.insert(id, mac.ok_or_else(|| format!("key {id} is not at least {SECRET_BYTES_MIN} bytes in hex"))?);
        }
        if !macs.contains_key(&raw.current) {
            return Err(format!("there is no key {}", raw.current));
        }
        Ok(Self { current: raw.current, macs })
    }

    /// A message authentication code that is to be worked out with the key of an id.
    pub fn mac(&self, id: u8) -> Option<Hmac<Sha256>> {
        self.macs.get(&id).cloned()
    }
}

/// A setting that need not be there. A variable that workerd finds nothing for is bound as null.
fn optional(env: &Env, name: &str) -> Option<String> {
    let value = js_sys::Reflect::get(env, &JsValue::from_str(name)).ok()?;
    value.as_string().filter(|text| !text.is_empty())
}

/// How a host of ours introduces itself to a mail server (RFC 5321): by its name, or its address in brackets.
fn greeting(public_url: &str) -> String {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or(host);
    if host.bytes().all(|b| b.is_ascii_digit() || b == b'.') { format!("[{host}]") } else { host.to_owned() }
}

impl Config {
    fn read(env: &Env) -> Result<Self, String> {
        let text = |name: &str| optional(env, name).ok_or_else(|| format!("`{name}` is not set"));
        let admin_key = text("ADMIN_KEY")?;
        if admin_key.len() < SECRET_BYTES_MIN {
            return Err(format!("`ADMIN_KEY` has fewer than {SECRET_BYTES_MIN} characters"));
        }
        let keys = Keys::parse(&text("LINK_KEYS")?).map_err(|error| format!("`LINK_KEYS`: {error}"))?;
        let public_url = text("PUBLIC_URL")?.trim_end_matches('/').to_owned();
        if let Some(level) = optional(env, "LOG") {
            log::set(log::Level::parse(&level).ok_or("`LOG` is neither `errors` nor `commits`")?);
        }
        let bound = |name: &str| {
            let binding = js_sys::Reflect::get(env, &JsValue::from_str(name)).ok().filter(JsValue::is_object);
            binding.ok_or_else(|| format!("`{name}` is not bound"))
        };
        let (operators, assets) = (bound("OPERATORS")?.unchecked_into(), bound("ASSETS")?.unchecked_into());
        let stripe = Defaults {
            url: optional(env, "STRIPE_URL").unwrap_or_else(|| STRIPE_URL.to_owned()).trim_end_matches('/').to_owned(),
            secret_key: optional(env, "STRIPE_SECRET_KEY"),
            webhook_secrets: optional(env, "STRIPE_WEBHOOK_SECRET").into_iter().collect(),
        };
        let (mailbox, mailbox_by_default) = match optional(env, "MAILBOX").as_deref() {
            None => (Offer::No, Offer::No),
            Some("offered") => (Offer::Yes, Offer::No),
            Some("default") => (Offer::Yes, Offer::Yes),
            Some(_) => return Err("`MAILBOX` is neither `default` nor `offered`".to_owned()),
        };
        let email: Option<SendEmail> = bound("EMAIL").ok().map(wasm_bindgen::JsCast::unchecked_into);
        let mail = Offered { mailbox, binding: if email.is_some() { Offer::Yes } else { Offer::No } };
        let mail_client = greeting(&public_url);
        Ok(Self {
            keys,
            public_url,
            operators,
            assets,
            stripe,
            mail,
            mailbox_by_default,
            email,
            mail_client,
            admin_key,
        })
    }

    /// Is this the admin key? Takes as long for a wrong one.
    pub fn is_admin(&self, key: &str) -> bool {
        key.as_bytes().ct_eq(self.admin_key.as_bytes()).into()
    }
}

thread_local! {
    static CONFIG: OnceCell<Rc<Config>> = const { OnceCell::new() };
}

/// The settings of this deployment.
pub fn config(env: &Env) -> Result<Rc<Config>, String> {
    CONFIG.with(|cell| match cell.get() {
        Some(config) => Ok(Rc::clone(config)),
        None => {
            let config = Rc::new(Config::read(env)?);
            Ok(Rc::clone(cell.get_or_init(|| config)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_mail_servers_are_greeted() {
        assert_eq!(greeting("https://book.example.com/x"), "book.example.com");
        assert_eq!(greeting("http://127.0.0.1:8787"), "[127.0.0.1]");
        assert_eq!(greeting("http://localhost:8787"), "localhost");
    }

    #[test]
    fn keys_are_checked_when_they_are_read() {
        let hex = "00112233445566778899aabbccddeeff";
        assert!(Keys::parse(&format!(r#"{{"current":1,"keys":{{"1":"{hex}"}}}}"#)).is_ok());
        for text in [
            format!(r#"{{"current":2,"keys":{{"1":"{hex}"}}}}"#),
            r#"{"current":1,"keys":{"1":"0011"}}"#.to_owned(),
            r#"{"current":1,"keys":{"1":"zz112233445566778899aabbccddeeff"}}"#.to_owned(),
            "{}".to_owned(),
        ] {
            assert!(Keys::parse(&text).is_err(), "{text}");
        }
    }
}
