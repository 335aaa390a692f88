//! What an operator sets for all its bookings, by topic. Not policies, which are frozen into bookings: these hold for everything from now on.

use leeway_core::fields::FromObject;
use serde::Serialize;

use crate::effects::follow::Switches;
use crate::mail::settings::Offer;
use crate::problem::Problem;

const UNDO_DELAY_S: u32 = 60;
const UNDO_DELAY_S_MAX: u32 = 24 * 60 * 60;
const ORIGINS_MAX: usize = 20;
const ORIGIN_CHARS_MAX: usize = 200;

/// A topic: a row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// [`General`]
    General,
    /// The account at Stripe; its secrets are sealed.
    Stripe,
    /// How customers pay by hand: where to send a bank transfer.
    Manual,
    /// What signs messages to the operator's systems: its secrets lie with the endpoints, sealed under this name.
    Webhooks,
    /// How mail is sent; its secret is sealed.
    Mail,
}

impl Topic {
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Stripe => "stripe",
            Self::Manual => "manual",
            Self::Webhooks => "webhooks",
            Self::Mail => "mail",
        }
    }
}

/// What has no topic of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Settings"))]
#[serde(deny_unknown_fields)]
pub struct General {
    /// Seconds for which a refund waits before it leaves, so that a cancellation can be taken back.
    #[serde(default = "undo_delay_s")]
    pub undo_delay_s: u32,
    /// The sites whose pages may use the control doors, such as `https://www.example.com`.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
}

fn undo_delay_s() -> u32 {
    UNDO_DELAY_S
}

impl Default for General {
    fn default() -> Self {
        Self { undo_delay_s: UNDO_DELAY_S, allowed_origins: Vec::new() }
    }
}

impl General {
    /// Are all of it within their limits?
    pub fn check(&self) -> Result<(), Problem> {
        if self.undo_delay_s > UNDO_DELAY_S_MAX {
            return Err(Problem::malformed("undo_delay_s", format!("at most {UNDO_DELAY_S_MAX}")));
        }
        if self.allowed_origins.len() > ORIGINS_MAX {
            return Err(Problem::malformed("allowed_origins", format!("at most {ORIGINS_MAX} origins")));
        }
        for (index, origin) in self.allowed_origins.iter().enumerate() {
            if !is_origin(origin) {
                let detail = "not an origin such as `https://www.example.com`";
                return Err(Problem::malformed(format!("allowed_origins[{index}]"), detail));
            }
        }
        Ok(())
    }

    pub fn switches(&self, mail: Offer) -> Switches {
        Switches { undo_delay_ms: i64::from(self.undo_delay_s).saturating_mul(1000), mail }
    }
}

/// Scheme and host, as a browser says them: no path, nothing in capitals.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |host: &str| {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b);
        !host.is_empty() && host.bytes().all(allowed)
    };
    text.chars().count() <= ORIGIN_CHARS_MAX && host.is_some_and(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_as_browsers_say_them() {
        for origin in ["https://www.example.com", "http://localhost:5173", "https://[::1]:8443"] {
            assert!(is_origin(origin), "{origin}");
        }
        for origin in ["", "*", "null", "https://", "https://a.com/", "https://A.com", "ftp://a.com", "https://a.com?x"]
        {
            assert!(!is_origin(origin), "{origin}");
        }
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let general: General = leeway_json::read("{}").unwrap();
        assert_eq!(general, General::default());
        assert_eq!(general.switches(Offer::No).undo_delay_ms, 60_000);
        assert!(General { undo_delay_s: 86_401, ..General::default() }.check().is_err());
    }
}
