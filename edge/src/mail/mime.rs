//! A letter as bytes: RFC 5322 headers and MIME parts. Only what our own messages need: text and HTML as alternatives, and calendar files beside
//! them. Everything is 7-bit, so that any server takes it.
//!
//! INVARIANT: no value reaches a header without [`header`], which lets no control character through, so none can begin a line of its own.
//! INVARIANT: the same letter of the same id is the same bytes: a message that is sent twice can be told by its `Message-ID`.
//!
//! See `docs/decisions/0015-mail.md`, which says why no crate does this. Source: requirement F5

use base64ct::{Base64, Encoding as _};
use chrono::{Datelike as _, Timelike as _};
use leeway_core::Instant;

use super::address::{Address, Mailbox};
use super::letter::Letter;

/// No line is longer, its end not counted (RFC 5322).
const LINE_BYTES_MAX: usize = 76;
/// What of a text goes into one encoded word: with the 12 characters that say that it is UTF-8 in base64, one fits behind `Subject: `.
const WORD_BYTES_MAX: usize = 39;

/// A message with everything that its bytes are made from.
#[derive(Debug, Clone)]
pub struct Message {
    /// Letters, digits and hyphens; the same for every attempt to send it.
    pub id: String,
    pub at: Instant,
    pub from: Mailbox,
    pub to: Mailbox,
    pub reply_to: Option<Address>,
    pub letter: Letter,
    pub attachments: Vec<Attachment>,
}

/// A file beside the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Letters, digits, hyphens and dots.
    pub name: String,
    /// Such as `text/calendar; method=REQUEST; charset=utf-8`.
    pub content_type: String,
    pub content: String,
}

impl Message {
    /// `<id@domain of the sender>`
    pub fn message_id(&self) -> String {
        format!("<{}@{}>", self.id, self.from.address.domain())
    }

    /// The bytes, with CRLF at the end of every line.
    pub fn to_mime(&self) -> String {
        let mut out = String::with_capacity(16 * 1024);
        header(&mut out, "Date", &date(self.at));
        header(&mut out, "From", &mailbox(&self.from));
        header(&mut out, "To", &mailbox(&self.to));
        if let Some(address) = &self.reply_to {
            header(&mut out, "Reply-To", address.as_str());
        }
        header(&mut out, "Subject", &unstructured(&self.letter.subject));
        header(&mut out, "Message-ID", &self.message_id());
        // No vacation note answers it (RFC 3834).
        header(&mut out, "Auto-Submitted", "auto-generated");
        header(&mut out, "MIME-Version", "1.0");
        if self.attachments.is_empty() {
            self.alternatives(&mut out);
        } else {
            let boundary = self.boundary("mixed");
            header(&mut out, "Content-Type", &format!("multipart/mixed; boundary=\"{boundary}\""));
            begin_part(&mut out, &boundary);
            self.alternatives(&mut out);
            for attachment in &self.attachments {
                begin_part(&mut out, &boundary);
                attachment.write(&mut out);
            }
            end_parts(&mut out, &boundary);
        }
        out
    }

    /// The text, then the HTML: a program shows the last one that it can.
    fn alternatives(&self, out: &mut String) {
        let boundary = self.boundary("alternative");
        header(out, "Content-Type", &format!("multipart/alternative; boundary=\"{boundary}\""));
        for (kind, text) in [("plain", &self.letter.text), ("html", &self.letter.html)] {
            begin_part(out, &boundary);
            header(out, "Content-Type", &format!("text/{kind}; charset=utf-8"));
            header(out, "Content-Transfer-Encoding", "quoted-printable");
            out.push_str("\r\n");
            quoted_printable(out, text);
        }
        end_parts(out, &boundary);
    }

    /// `=_` is in no text that is written quoted-printable, and `_` in none that is base64.
    fn boundary(&self, of: &str) -> String {
        format!("=_{of}_{}", self.id)
    }
}

impl Attachment {
    fn write(&self, out: &mut String) {
        header(out, "Content-Type", &self.content_type);
        header(out, "Content-Disposition", &format!("attachment; filename=\"{}\"", self.name));
        header(out, "Content-Transfer-Encoding", "base64");
        out.push_str("\r\n");
        let encoded = Base64::encode_string(self.content.as_bytes());
        let mut rest = encoded.as_str();
        while let Some((line, more)) = rest.split_at_checked(LINE_BYTES_MAX) {
            out.push_str(line);
            out.push_str("\r\n");
            rest = more;
        }
        out.push_str(rest);
        out.push_str("\r\n");
    }
}

fn begin_part(out: &mut String, boundary: &str) {
    out.push_str("\r\n--");
    out.push_str(boundary);
    out.push_str("\r\n");
}

fn end_parts(out: &mut String, boundary: &str) {
    out.push_str("\r\n--");
    out.push_str(boundary);
    out.push_str("--\r\n");
}

/// Writes a header, folded at spaces where it grows long.
fn header(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push(':');
    let mut column = name.len().saturating_add(1);
    for word in value.split(|c: char| c == ' ' || c.is_control()).filter(|word| !word.is_empty()) {
        let width = word.len().saturating_add(1);
        if column.saturating_add(width) > LINE_BYTES_MAX && column > name.len().saturating_add(1) {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column = column.saturating_add(width);
    }
    out.push_str("\r\n");
}

/// Words of a header such as the subject: as they are where they are short and ASCII, as encoded words otherwise (RFC 2047).
fn unstructured(text: &str) -> String {
    let is_plain = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    let fits = text.split(' ').all(|word| word.len() < LINE_BYTES_MAX);
    if is_plain && fits && !text.contains("=?") { text.to_owned() } else { encoded_words(text) }
}

/// `Ana Kovač <ana@example.com>`, the name quoted or encoded.
fn mailbox(mailbox: &Mailbox) -> String {
    let Mailbox { name, address } = mailbox;
    let name = name.trim();
    if name.is_empty() {
        return address.to_string();
    }
    let is_plain = name.bytes().all(|b| b.is_ascii_graphic() || b == b' ') && name.len() < LINE_BYTES_MAX;
    if is_plain && !name.contains("=?") {
        // The space between words may be folded, which quotes allow.
        format!("\"{}\" <{address}>", name.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        format!("{} <{address}>", encoded_words(name))
    }
}

/// UTF-8 in base64, cut between characters so that each word can be read by itself. The space between two of them is not part of the text.
fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut chunk = String::new();
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    for letter in clean {
        if chunk.len().saturating_add(letter.len_utf8()) > WORD_BYTES_MAX {
            words.push(encoded_word(&chunk));
            chunk.clear();
        }
        chunk.push(letter);
    }
    words.push(encoded_word(&chunk));
    words.join(" ")
}

fn encoded_word(text: &str) -> String {
    format!("=?utf-8?B?{}?=", Base64::encode_string(text.as_bytes()))
}

/// Writes a text quoted-printable (RFC 2045), its lines ended by CRLF.
fn quoted_printable(out: &mut String, text: &str) {
    for line in text.lines() {
        let mut column = 0_usize;
        let mut bytes = line.bytes().peekable();
        while let Some(byte) = bytes.next() {
            // A space at the end of a line would be lost.
            let is_literal = match byte {
                b' ' | b'\t' => bytes.peek().is_some(),
                b'=' => false,
                byte => byte.is_ascii_graphic(),
            };
            let width = if is_literal { 1 } else { 3 };
            // One column is kept for the sign that the line goes on.
            if column.saturating_add(width) >= LINE_BYTES_MAX {
                out.push_str("=\r\n");
                column = 0;
            }
            if is_literal {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("={byte:02X}"));
            }
            column = column.saturating_add(width);
        }
        out.push_str("\r\n");
    }
}

/// `Wed, 25 Nov 2026 01:46:13 +0000`
pub fn date(at: Instant) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let at = at.to_utc();
    let day = DAYS.get(at.weekday().num_days_from_monday() as usize).unwrap_or(&"Mon");
    let month = MONTHS.get(at.month0() as usize).unwrap_or(&"Jan");
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{day}, {:02} {month} {} {hour:02}:{minute:02}:{second:02} +0000", at.day(), at.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(subject: &str, text: &str, attachments: Vec<Attachment>) -> Message {
        let mailbox =
            |name: &str, address: &str| Mailbox { name: name.to_owned(), address: Address::parse(address).unwrap() };
        let letter = Letter { subject: subject.to_owned(), text: text.to_owned(), html: format!("<p>{text}</p>\n") };
        Message {
            id: "0195f3a0-0000-7000-8000-000000000001".to_owned(),
            at: Instant::parse("2026-11-05T08:09:03Z").unwrap(),
            from: mailbox("Adriatic & Co.", "tours@example.com"),
            to: mailbox("Ana Kovač", "ana@example.org"),
            reply_to: Address::parse("desk@example.com").ok(),
            letter,
            attachments,
        }
    }

    #[test]
    fn a_message_in_full() {
        let expected = "Date: Thu, 05 Nov 2026 08:09:03 +0000\r\n\
            From: \"Adriatic & Co.\" <tours@example.com>\r\n\
            To: =?utf-8?B?QW5hIEtvdmHEjQ==?= <ana@example.org>\r\n\
            Reply-To: desk@example.com\r\n\
            Subject: Booking LW-1\r\n\
            Message-ID: <0195f3a0-0000-7000-8000-000000000001@example.com>\r\n\
            Auto-Submitted: auto-generated\r\n\
            MIME-Version: 1.0\r\n\
            Content-Type: multipart/alternative;\r\n \
            boundary=\"=_alternative_0195f3a0-0000-7000-8000-000000000001\"\r\n\
            \r\n--=_alternative_0195f3a0-0000-7000-8000-000000000001\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\
            \r\nPrice: =E2=82=AC5.00=3D5\r\n\
            \r\n--=_alternative_0195f3a0-0000-7000-8000-000000000001\r\n\
            Content-Type: text/html; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\
            \r\n<p>Price: =E2=82=AC5.00=3D5</p>\r\n\
            \r\n--=_alternative_0195f3a0-0000-7000-8000-000000000001--\r\n";
        assert_eq!(message("Booking LW-1", "Price: €5.00=5", Vec::new()).to_mime(), expected);
    }

    #[test]
    fn nothing_begins_a_header_of_its_own() {
        let mut message = message("Hi\r\nBcc: all@example.com\r\n\r\nbody", "x", Vec::new());
        message.to.name = "A\"\r\nBcc: all@example.com".to_owned();
        message.from.name = "B\nX-Evil: 1\u{0}".to_owned();
        let mime = message.to_mime();
        let head = mime.split("\r\n\r\n").next().unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .filter_map(|line| line.split(':').next())
            .collect();
        let expected = [
            "Date",
            "From",
            "To",
            "Reply-To",
            "Subject",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(names, expected);
        assert!(!mime.replace("\r\n", "").contains(['\r', '\n', '\0']));
    }

    #[test]
    fn lines_stay_short_and_7_bit() {
        let subject = "Zażółć gęślą jaźń ".repeat(12);
        let attachment = Attachment {
            name: "a.ics".to_owned(),
            content_type: "text/calendar; method=REQUEST; charset=utf-8".to_owned(),
            content: "Zażółć ".repeat(100),
        };
        let long = format!("{}\n{}\n.\nFrom me \n", "ä".repeat(300), "x".repeat(300));
        let mime = message(&subject, &long, vec![attachment]).to_mime();
        assert!(mime.is_ascii());
        assert!(mime.split("\r\n").all(|line| line.len() <= LINE_BYTES_MAX), "{mime}");
        assert!(mime.contains("\r\n.\r\nFrom me=20\r\n"));
    }

    #[test]
    fn the_same_letter_is_the_same_bytes() {
        let once = message("a", "b", Vec::new());
        assert_eq!(once.to_mime(), once.clone().to_mime());
    }
}
