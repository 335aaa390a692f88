//! An operator's account at Stripe, as it is set and stored. Secrets are sealed before they get here.

use leeway_core::fields::FromObject;
use serde::Serialize;

use crate::problem::Problem;

const SECRET_CHARS_MAX: usize = 255;
/// Two while one is rolled, and one to spare.
const WEBHOOK_SECRETS_MAX: usize = 3;

/// What a deployment gives to all its operators: its own platform's account.
pub struct Defaults {
    pub url: String,
    pub secret_key: Option<String>,
    pub webhook_secrets: Vec<String>,
}

/// As it comes in, and as it is stored: then each secret is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StripeSettings {
    /// The operator's own secret key; absent: the deployment's, for the connected `account`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_key: Option<String>,
    /// A connected account, `acct_…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Any of them may have signed a webhook; absent: the deployment's.
    #[serde(default)]
    pub webhook_secrets: Vec<String>,
}

impl StripeSettings {
    /// Are its fields of Stripe's forms?
    pub fn check(&self, defaults: &Defaults) -> Result<(), Problem> {
        let plain = |text: &str, prefixes: &[&str]| {
            let known = prefixes.iter().any(|prefix| text.starts_with(prefix));
            let fits = text.len() <= SECRET_CHARS_MAX && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            known && fits
        };
        if self.secret_key.as_deref().is_some_and(|key| !plain(key, &["sk_", "rk_"])) {
            return Err(Problem::malformed("secret_key", "not a secret key such as `sk_live_…` or `rk_live_…`"));
        }
        if self.account.as_deref().is_some_and(|account| !plain(account, &["acct_"])) {
            return Err(Problem::malformed("account", "not an account such as `acct_…`"));
        }
        if self.webhook_secrets.len() > WEBHOOK_SECRETS_MAX {
            return Err(Problem::malformed("webhook_secrets", format!("at most {WEBHOOK_SECRETS_MAX} secrets")));
        }
        for (index, secret) in self.webhook_secrets.iter().enumerate() {
            if !plain(secret, &["whsec_"]) {
                return Err(Problem::malformed(format!("webhook_secrets[{index}]"), "not a secret such as `whsec_…`"));
            }
        }
        if self.secret_key.is_none() && (self.account.is_none() || defaults.secret_key.is_none()) {
            return Err(Problem::malformed(
                "secret_key",
                "needed: this deployment has no account of its own for `account`",
            ));
        }
        if self.webhook_secrets.is_empty() && defaults.webhook_secrets.is_empty() {
            return Err(Problem::malformed("webhook_secrets", "needed: this deployment has none of its own"));
        }
        Ok(())
    }
}
