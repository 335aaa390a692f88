//! Is a webhook Stripe's? `Stripe-Signature: t=…,v1=…[,v1=…]`: HMAC-SHA256 over `t.body`. Any of the secrets may have made any of the
//! signatures, since there are two while one is being rolled.

use hmac::{Hmac, KeyInit as _, Mac as _};
use leeway_core::Instant;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::hex;

/// How far its time may be from ours.
const TOLERANCE_S: i64 = 300;
/// The most signatures that are looked at.
const SIGNATURES_MAX: usize = 8;

/// Why a webhook is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsigned {
    /// The header is missing or not of the form.
    Malformed,
    /// Its time is too far from ours.
    TooOld,
    /// None of the secrets made any of its signatures.
    Wrong,
}

/// Checks a webhook's signature over its raw body.
pub fn check(header: &str, body: &str, secrets: &[String], now: Instant) -> Result<(), Unsigned> {
    let fields = || header.split(',').filter_map(|field| field.trim().split_once('='));
    let time = fields().find(|(name, _)| *name == "t").map(|(_, value)| value).ok_or(Unsigned::Malformed)?;
    let sent_s: i64 = time.parse().map_err(|_| Unsigned::Malformed)?;
    let signatures: Vec<[u8; 32]> = fields()
        .filter(|(name, _)| *name == "v1")
        .take(SIGNATURES_MAX)
        .filter_map(|(_, value)| hex::decode(value)?.try_into().ok())
        .collect();
    if signatures.is_empty() {
        return Err(Unsigned::Malformed);
    }
    let age_s = (now.ms() / 1000).saturating_sub(sent_s);
    if age_s.saturating_abs() > TOLERANCE_S {
        return Err(Unsigned::TooOld);
    }
    for secret in secrets {
        let expected = sign(secret, time, body).ok_or(Unsigned::Wrong)?;
        if signatures.iter().any(|signature| bool::from(signature.ct_eq(&expected))) {
            return Ok(());
        }
    }
    Err(Unsigned::Wrong)
}

fn sign(secret: &str, time: &str, body: &str) -> Option<[u8; 32]> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    Some(mac.chain_update(time).chain_update(b".").chain_update(body).finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"id":"evt_1"}"#;
    const T: i64 = 1_800_000_000;

    fn header(secret: &str) -> String {
        let hex: String =
            sign(secret, &T.to_string(), BODY).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={T},v1={hex}")
    }

    fn secrets(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn at(seconds: i64) -> Instant {
        Instant::EPOCH.shifted_ms((T + seconds) * 1000)
    }

    #[test]
    fn either_secret_while_one_is_rolled() {
        let both = secrets(&["whsec_new", "whsec_old"]);
        assert_eq!(check(&header("whsec_old"), BODY, &both, at(0)), Ok(()));
        assert_eq!(check(&header("whsec_new"), BODY, &both, at(0)), Ok(()));
        let (old, new) = (header("whsec_old"), header("whsec_new"));
        let two = format!("{old},{}", new.split_once(',').unwrap().1);
        assert_eq!(check(&two, BODY, &secrets(&["whsec_new"]), at(0)), Ok(()));
        assert_eq!(check(&old, BODY, &secrets(&["whsec_new"]), at(0)), Err(Unsigned::Wrong));
        assert_eq!(check(&old, BODY, &[], at(0)), Err(Unsigned::Wrong));
    }

    #[test]
    fn five_minutes_and_not_a_second_longer() {
        let one = secrets(&["s"]);
        for seconds in [-300, 300] {
            assert_eq!(check(&header("s"), BODY, &one, at(seconds)), Ok(()));
        }
        for seconds in [-301, 301] {
            assert_eq!(check(&header("s"), BODY, &one, at(seconds)), Err(Unsigned::TooOld));
        }
    }

    #[test]
    fn another_body_or_form_is_not_believed() {
        let one = secrets(&["s"]);
        assert_eq!(check(&header("s"), r#"{"id":"evt_2"}"#, &one, at(0)), Err(Unsigned::Wrong));
        for text in ["", "t=x,v1=00", "v1=00", "t=1800000000", "t=1800000000,v1=zz", "t=1800000000,v0=00"] {
            assert_eq!(check(text, BODY, &one, at(0)), Err(Unsigned::Malformed), "{text}");
        }
    }
}
