//! A million forged links, none of which is accepted: bits turned, ends cut and grown, characters put in and taken out, halves of two genuine links
//! joined. Every one comes from a seed and is another text than any genuine one.

use leeway_core::id::{BookingId, OperatorId};
use uuid::Uuid;

use super::{Link, PayAccess, PayLink, Scope};
use crate::base64url;
use crate::config::Keys;

const FORGED: u32 = 1_000_000;
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Marsaglia's xorshift: any chance will do here, as long as it is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }

    fn letter(&mut self) -> char {
        char::from(LETTERS[self.below(LETTERS.len())])
    }
}

/// Links of two bookings under two keys, of both kinds.
fn genuine(keys: &[Keys]) -> Vec<String> {
    let of = |number: u128, keys: &Keys| {
        let (operator, booking) = (OperatorId(Uuid::from_u128(number)), BookingId(Uuid::from_u128(number + 100)));
        let (generation, expires_s) = (1, 1_800_000_000);
        let control = Link { scope: Scope::CONTROL, generation, expires_s, operator, booking };
        let bill = PayLink { generation, expires_s, operator, booking, link: Uuid::from_u128(number + 200) };
        [control.seal(keys).unwrap(), bill.seal(keys).unwrap()]
    };
    keys.iter().flat_map(|keys| (1..=2).flat_map(move |number| of(number, keys))).collect()
}

fn forge(genuine: &[String], chance: &mut Chance) -> String {
    let token = &genuine[chance.below(genuine.len())];
    let mut letters: Vec<char> = token.chars().collect();
    match chance.below(7) {
        // Bits of what is signed, or of the signature.
        0 | 1 => {
            let mut bytes = base64url::decode(token).unwrap();
            for _ in 0..=chance.below(3) {
                let bit = chance.below(bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            return base64url::encode(&bytes);
        }
        2 => letters.truncate(chance.below(letters.len())),
        3 => letters.extend((0..=chance.below(40)).map(|_| chance.letter()).collect::<Vec<_>>()),
        4 => {
            let at = chance.below(letters.len());
            letters[at] = chance.letter();
        }
        5 => {
            let at = chance.below(letters.len() + 1);
            letters.insert(at, chance.letter());
        }
        // The front of one and the back of another.
        _ => {
            let at = chance.below(letters.len());
            letters.truncate(at);
            letters.extend(genuine[chance.below(genuine.len())].chars().skip(at));
        }
    }
    letters.into_iter().collect()
}

#[test]
fn no_forged_link_is_accepted() {
    let both = |current: u8| {
        let keys = r#"{"1":"00112233445566778899aabbccddeeff","2":"ffeeddccbbaa99887766554433221100"}"#;
        Keys::parse(&format!(r#"{{"current":{current},"keys":{keys}}}"#)).unwrap()
    };
    let keys = [both(1), both(2)];
    let genuine = genuine(&keys);
    for token in &genuine {
        assert!(Link::open(&keys[0], token).is_some() || PayAccess::open(&keys[0], token).is_some());
    }
    let mut chance = Chance(SEED);
    let mut tried = 0_u32;
    while tried < FORGED {
        let forged = forge(&genuine, &mut chance);
        // A bit turned twice, or a letter put where it was.
        if genuine.contains(&forged) {
            continue;
        }
        assert_eq!(Link::open(&keys[0], &forged), None, "{forged}");
        assert_eq!(PayAccess::open(&keys[0], &forged), None, "{forged}");
        tried += 1;
    }
}
