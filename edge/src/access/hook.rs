//! The address that a provider's webhooks come to: which operator, signed, so that a made-up one wakes nothing. Whether a webhook is the
//! provider's says its own signature, which the operator's object checks.

use leeway_core::id::OperatorId;
use uuid::Uuid;

use super::mac::{Fields, VERSION, open, seal};
use crate::config::Keys;

const PURPOSE: &[&[u8]] = &[b"leeway/hook/1"];

/// Signs an operator's address.
pub fn seal_hook(keys: &Keys, operator: OperatorId) -> Option<String> {
    let mut payload = vec![VERSION, keys.current];
    payload.extend(operator.0.as_bytes());
    seal(keys, PURPOSE, payload)
}

/// The operator of an address of ours.
pub fn open_hook(keys: &Keys, token: &str) -> Option<OperatorId> {
    let payload = open(keys, PURPOSE, token)?;
    let mut fields = Fields(&payload);
    let [_version, _key] = fields.take::<2>()?;
    let operator = OperatorId(Uuid::from_bytes(fields.take()?));
    fields.done()?;
    Some(operator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_ours_and_no_other() {
        let keys = Keys::parse(r#"{"current":1,"keys":{"1":"00112233445566778899aabbccddeeff"}}"#).unwrap();
        let operator = OperatorId(Uuid::from_u128(7));
        let token = seal_hook(&keys, operator).unwrap();
        assert_eq!(open_hook(&keys, &token), Some(operator));
        assert_eq!(open_hook(&keys, &operator.to_string()), None);
        assert_eq!(super::super::PayAccess::open(&keys, &token), None);
    }
}
