//! Addresses of mail: only those that can stand in a header and in SMTP as they are. What comes in is checked more loosely elsewhere, so an
//! address that cannot be written to is found here, with a reason.

use std::fmt;

/// The longest address (RFC 5321).
const BYTES_MAX: usize = 254;
/// The longest part before the `@`.
const LOCAL_BYTES_MAX: usize = 64;
/// The longest name beside an address, in characters.
pub const NAME_CHARS_MAX: usize = 120;

/// `ana@example.com`: letters, digits and the signs that need no quoting; a domain of ASCII labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// Why a text is not such an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("not an email address such as `ana@example.com`")]
    Form,
    #[error("an address with letters outside ASCII cannot be sent to; its domain can be given in its `xn--` form")]
    NotAscii,
    #[error("an email address has at most 254 characters, 64 of them before the `@`")]
    TooLong,
}

impl Address {
    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::Form)?;
        if !text.is_ascii() {
            return Err(AddressError::NotAscii);
        }
        if text.len() > BYTES_MAX || local.len() > LOCAL_BYTES_MAX {
            return Err(AddressError::TooLong);
        }
        let atom = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        let label = |part: &str| {
            let ends = [part.bytes().next(), part.bytes().next_back()];
            part.len() <= 63
                && ends.iter().all(|end| end.is_some_and(|b| b.is_ascii_alphanumeric()))
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if local.split('.').all(atom) && domain.contains('.') && domain.split('.').all(label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(AddressError::Form)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address with the name that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub name: String,
    pub address: Address,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_written_to() {
        for good in ["a@b.c", "ana.kovac+tours@sub.example.com", "x'y@xn--mller-kva.de", "1@2.3"] {
            assert_eq!(Address::parse(good).map(|address| address.to_string()).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b",
            "a b@c.d",
            "a@b..c",
            ".a@b.c",
            "a.@b.c",
            "a@-b.c",
            "a@b-.c",
            "a@b.c\r\nRCPT TO:<x@y.z>",
            "<a@b.c>",
            "\"a\"@b.c",
            "a@b.c,d@e.f",
            "a@[127.0.0.1]",
            "a\0@b.c",
        ] {
            assert_eq!(Address::parse(bad), Err(AddressError::Form), "{bad}");
        }
        assert_eq!(Address::parse("ana@müller.de"), Err(AddressError::NotAscii));
        assert_eq!(Address::parse(&format!("{}@b.c", "a".repeat(65))), Err(AddressError::TooLong));
    }
}
