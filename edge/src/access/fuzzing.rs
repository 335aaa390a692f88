//! What is done with bytes from anywhere that claim to be a token: a fuzzer looks for bytes that break it (`cargo xtask fuzz`), the unit test does it with
//! those that a fuzzer once found interesting. Nobody without a key makes a token, and every token has one spelling.

use leeway_core::id::{BookingId, OperatorId};
use uuid::Uuid;

use super::mac::Fields;
use super::{ApiKey, Bound, Link, PayAccess, PayLink, Promise, Scope, open_hook, seal_hook};
use crate::config::Keys;

/// Tries bytes as the text of a token, and as a change of a genuine one.
pub fn tokens(bytes: &[u8]) {
    let Ok(keys) = Keys::parse(r#"{"current":1,"keys":{"1":"00112233445566778899aabbccddeeff"}}"#) else { return };
    if let Ok(text) = std::str::from_utf8(bytes) {
        as_text(&keys, text);
    }
    changed(&keys, bytes);
}

/// A text that is opened was sealed by us: sealing what is in it makes the same text.
fn as_text(keys: &Keys, text: &str) {
    let _ = (Link::peek(text), PayAccess::peek(text), ApiKey::peek(text));
    let same = |sealed: Option<String>| assert_eq!(sealed.as_deref(), Some(text), "a token with two spellings");
    if let Some(link) = Link::open(keys, text) {
        same(link.seal(keys));
    }
    if let Some(PayAccess::Bill(link)) = PayAccess::open(keys, text) {
        same(link.seal(keys));
    }
    if let Some(key) = ApiKey::open(keys, text) {
        same(key.seal(keys));
    }
    if let Some(operator) = open_hook(keys, text) {
        same(seal_hook(keys, operator));
    }
    let _ = Promise::open(keys, &bound(Uuid::nil(), text), text);
}

/// Genuine tokens of every kind, one byte of each changed: where, and to what, the bytes say.
fn changed(keys: &Keys, bytes: &[u8]) {
    let mut fields = Fields(bytes);
    let (Some([at, to, generation, scope]), Some(id)) = (fields.take::<4>(), fields.take::<16>()) else { return };
    let (operator, booking, link) = (OperatorId(Uuid::from_bytes(id)), BookingId(Uuid::nil()), Uuid::nil());
    let (generation, expires_s) = (u16::from(generation), u32::from_be_bytes([generation, scope, at, to]));
    let control = Link { scope: Scope::of_bits(scope), generation, expires_s, operator, booking };
    let bill = PayLink { generation, expires_s, operator, booking, link };
    let key = ApiKey { operator, secret: link };
    let sealed = [control.seal(keys), bill.seal(keys), key.seal(keys), seal_hook(keys, operator)];
    for token in sealed.into_iter().flatten() {
        assert!(is_opened(keys, &token), "`{token}` is ours");
        let mut letters = token.clone().into_bytes();
        let place = usize::from(at).checked_rem(letters.len()).and_then(|at| letters.get_mut(at));
        if let Some(letter) = place {
            *letter = to;
        }
        let Ok(other) = String::from_utf8(letters) else { continue };
        assert!(other == token || !is_opened(keys, &other), "`{other}` is not ours");
    }
}

fn is_opened(keys: &Keys, token: &str) -> bool {
    Link::open(keys, token).is_some()
        || PayAccess::open(keys, token).is_some()
        || ApiKey::open(keys, token).is_some()
        || open_hook(keys, token).is_some()
}

fn bound(id: Uuid, action: &str) -> Bound<'_> {
    Bound { operator: OperatorId(id), booking: BookingId(id), action, by_operator: false }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    fn what_a_fuzzer_found_is_refused() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/corpus/tokens");
        let files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(!files.is_empty());
        files.iter().for_each(|file| super::tokens(&fs::read(file).unwrap()));
    }
}
