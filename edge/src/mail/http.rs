//! Handing a message to a provider's HTTP API, of the form that Resend's has: what is sent, and what the answer means. Who sends it is
//! [`super::transport`].

use base64ct::{Base64, Encoding as _};
use leeway_core::fields::FromObject;
use serde::Serialize;

use super::address::Mailbox;
use super::mime::{Attachment, Message};
use super::smtp::Handed;

/// What of a provider's words is kept as a reason, in characters.
const WHY_CHARS_MAX: usize = 300;

#[derive(Serialize)]
struct Body<'a> {
    from: String,
    to: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<&'a str>,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    headers: Headers,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<File<'a>>,
}

#[derive(Serialize)]
struct Headers {
    #[serde(rename = "Message-ID")]
    message_id: String,
    #[serde(rename = "Auto-Submitted")]
    auto_submitted: &'static str,
}

#[derive(Serialize)]
struct File<'a> {
    filename: &'a str,
    content: String,
    content_type: &'a str,
}

impl<'a> File<'a> {
    fn of(Attachment { name, content_type, content }: &'a Attachment) -> Self {
        Self { filename: name, content: Base64::encode_string(content.as_bytes()), content_type }
    }
}

/// What is posted. The same message is the same text, as an idempotency key asks for.
pub fn body(message: &Message) -> Result<String, leeway_json::NoForm> {
    let Message { from, to, reply_to, letter, attachments, .. } = message;
    leeway_json::write(&Body {
        from: sender(from),
        to: [to.address.as_str()],
        reply_to: reply_to.as_ref().map(|address| address.as_str()),
        subject: &letter.subject,
        text: &letter.text,
        html: &letter.html,
        headers: Headers { message_id: message.message_id(), auto_submitted: "auto-generated" },
        attachments: attachments.iter().map(File::of).collect(),
    })
}

/// `"Adriatic & Co." <tours@example.com>`
fn sender(Mailbox { name, address }: &Mailbox) -> String {
    let name: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\' | '<' | '>')).collect();
    format!("\"{name}\" <{address}>")
}

/// What an answer means.
pub fn handed(status: u16, body: &str) -> Handed {
    #[derive(FromObject)]
    struct Said {
        message: String,
    }
    let said = leeway_json::read::<Said>(body).map(|said| said.message).unwrap_or_default();
    let why: String = format!("{status} {said}").chars().filter(|c| !c.is_control()).take(WHY_CHARS_MAX).collect();
    match status {
        200..=299 => Handed::Over,
        // The message itself is at fault. A wrong key, too many at once or trouble on the other side is not.
        400 | 413 | 422 => Handed::Refused(why),
        _ => Handed::Later(why),
    }
}

#[cfg(test)]
mod tests {
    use leeway_core::Instant;

    use super::*;
    use crate::mail::address::Address;
    use crate::mail::letter::Letter;

    #[test]
    fn what_is_posted() {
        let mailbox =
            |name: &str, address: &str| Mailbox { name: name.to_owned(), address: Address::parse(address).unwrap() };
        let message = Message {
            id: "1-canceled".to_owned(),
            at: Instant::EPOCH,
            from: mailbox("Adriatic \"<x>\" Co.", "tours@example.com"),
            to: mailbox("Ana", "ana@example.org"),
            reply_to: None,
            letter: Letter { subject: "S".to_owned(), text: "T".to_owned(), html: "H".to_owned() },
            attachments: vec![Attachment {
                name: "a.ics".to_owned(),
                content_type: "text/calendar".to_owned(),
                content: "x".to_owned(),
            }],
        };
        let expected = concat!(
            r#"{"from":"\"Adriatic x Co.\" <tours@example.com>","to":["ana@example.org"],"subject":"S","text":"T","html":"H","#,
            r#""headers":{"Message-ID":"<1-canceled@example.com>","Auto-Submitted":"auto-generated"},"#,
            r#""attachments":[{"filename":"a.ics","content":"eA==","content_type":"text/calendar"}]}"#
        );
        assert_eq!(body(&message).unwrap(), expected);
    }

    #[test]
    fn what_an_answer_means() {
        let later = |why: &str| Handed::Later(why.to_owned());
        for (status, body, expected) in [
            (200, r#"{"id":"1"}"#, Handed::Over),
            (401, r#"{"message":"wrong key"}"#, later("401 wrong key")),
            (409, "", later("409 ")),
            (422, r#"{"name":"x","message":"bad to"}"#, Handed::Refused("422 bad to".to_owned())),
            (429, "slow down", later("429 ")),
            (302, "", later("302 ")),
            (503, "<html>", later("503 ")),
        ] {
            assert_eq!(handed(status, body), expected, "{status}");
        }
    }
}
