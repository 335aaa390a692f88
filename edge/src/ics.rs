//! Calendar files (RFC 5545), and what one says to a calendar (RFC 5546): this is booked, this has changed, this is canceled.
//!
//! An entry is one item of a booking. Its `UID` is the item's and never changes; its `SEQUENCE` is the booking's version, so that whatever
//! comes later counts, in whatever order it arrives. Instants are in UTC, which every calendar shows in its reader's zone; the slot's own
//! zone is said in the description. So no zone's rules are copied into a file that would outlive them.
//!
//! Our own, since it is a page of code: see `docs/decisions/0015-mail.md`. Source: requirements E1, F5

use leeway_core::Instant;
use leeway_core::id::ItemId;

use crate::mail::address::Mailbox;

/// No line is longer, its end not counted.
const LINE_BYTES_MAX: usize = 75;

/// What a file wants of the calendar that reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// A file at an address: whoever fetches it may keep it. With an organizer where one is known.
    Publish(Option<Mailbox>),
    /// In a mail: put this into the calendar of `to`, or bring up to date what is there.
    Request { from: Mailbox, to: Mailbox },
    /// In a mail: take this out.
    Cancel { from: Mailbox, to: Mailbox },
}

impl Method {
    /// The word in a `Content-Type`; a file without an organizer is no message, and has none.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Publish(None) => None,
            Self::Publish(Some(_)) => Some("PUBLISH"),
            Self::Request { .. } => Some("REQUEST"),
            Self::Cancel { .. } => Some("CANCEL"),
        }
    }
}

/// Does it take place?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Confirmed,
    Canceled,
}

/// One item of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub item: ItemId,
    /// The booking's version.
    pub sequence: u64,
    /// When this was so.
    pub stamp: Instant,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub standing: Standing,
    pub summary: String,
    /// With the booking-control link: not every calendar shows the address apart.
    pub description: String,
    /// The booking-control link.
    pub url: String,
}

/// Writes a file.
pub fn write(method: &Method, entries: &[Entry]) -> String {
    let mut out = String::with_capacity(1024);
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//Leeway//Booking control//EN");
    line(&mut out, "CALSCALE:GREGORIAN");
    if let Some(name) = method.name() {
        line(&mut out, &format!("METHOD:{name}"));
    }
    for entry in entries {
        event(&mut out, method, entry);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, method: &Method, entry: &Entry) {
    let Entry { item, sequence, stamp, starts_at, ends_at, standing, summary, description, url } = entry;
    let status = match standing {
        Standing::Confirmed => "CONFIRMED",
        Standing::Canceled => "CANCELLED",
    };
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{item}@leeway"));
    line(out, &format!("SEQUENCE:{sequence}"));
    line(out, &format!("DTSTAMP:{}", utc(*stamp)));
    line(out, &format!("DTSTART:{}", utc(*starts_at)));
    line(out, &format!("DTEND:{}", utc(*ends_at)));
    line(out, &format!("STATUS:{status}"));
    line(out, &format!("SUMMARY:{}", text(summary)));
    line(out, &format!("DESCRIPTION:{}", text(description)));
    line(out, &format!("URL:{}", plain(url)));
    people(out, method);
    line(out, "END:VEVENT");
}

/// Who asks whom. Nobody is asked to answer: the booking is made.
fn people(out: &mut String, method: &Method) {
    let (from, to) = match method {
        Method::Publish(None) => return,
        Method::Publish(Some(from)) => (from, None),
        Method::Request { from, to } | Method::Cancel { from, to } => (from, Some(to)),
    };
    line(out, &format!("ORGANIZER;{}", person(from)));
    if let Some(to) = to {
        line(out, &format!("ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE;{}", person(to)));
    }
}

fn person(Mailbox { name, address }: &Mailbox) -> String {
    // A quoted parameter has no quotes inside, and no way to write them.
    let name = plain(name).replace('"', "'");
    format!("CN=\"{name}\":mailto:{address}")
}

/// `20261126T090000Z`
fn utc(at: Instant) -> String {
    let text = at.to_string();
    let seconds = text.split('.').next().unwrap_or(&text);
    let mut out: String = seconds.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    out.push('Z');
    out
}

/// A text's value.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Without what would begin a line of its own.
fn plain(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).collect()
}

/// Writes a line, folded between characters where it is too long.
fn line(out: &mut String, content: &str) {
    let mut column = 0_usize;
    for letter in content.chars() {
        if column.saturating_add(letter.len_utf8()) > LINE_BYTES_MAX {
            out.push_str("\r\n ");
            column = 1;
        }
        out.push(letter);
        column = column.saturating_add(letter.len_utf8());
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::address::Address;

    fn mailbox(name: &str, address: &str) -> Mailbox {
        Mailbox { name: name.to_owned(), address: Address::parse(address).unwrap() }
    }

    fn entry() -> Entry {
        let at = |text: &str| Instant::parse(text).unwrap();
        Entry {
            item: ItemId("0195f3a0-0000-7000-8000-000000000001".parse().unwrap()),
            sequence: 3,
            stamp: at("2026-11-05T08:09:03.123Z"),
            starts_at: at("2026-11-26T09:00:00Z"),
            ends_at: at("2026-11-26T10:30:00Z"),
            standing: Standing::Confirmed,
            summary: "Kayak; two, or three\\".to_owned(),
            description: "Ana\r\nhttps://book.example.com/b/T".to_owned(),
            url: "https://book.example.com/b/T".to_owned(),
        }
    }

    #[test]
    fn a_file_in_full() {
        let (from, to) = (mailbox("Adriatic \"&\" Co.", "tours@example.com"), mailbox("Ana", "ana@example.org"));
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Leeway//Booking control//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "UID:0195f3a0-0000-7000-8000-000000000001@leeway",
            "SEQUENCE:3",
            "DTSTAMP:20261105T080903Z",
            "DTSTART:20261126T090000Z",
            "DTEND:20261126T103000Z",
            "STATUS:CONFIRMED",
            "SUMMARY:Kayak\\; two\\, or three\\\\",
            "DESCRIPTION:Ana\\nhttps://book.example.com/b/T",
            "URL:https://book.example.com/b/T",
            "ORGANIZER;CN=\"Adriatic '&' Co.\":mailto:tours@example.com",
            "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE;CN=\"Ana\":mailto:ana@example.org",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(write(&Method::Request { from, to }, &[entry()]), expected.join("\r\n"));
    }

    #[test]
    fn a_file_at_an_address_has_a_method_only_with_an_organizer() {
        assert!(!write(&Method::Publish(None), &[entry()]).contains("METHOD"));
        let published = write(&Method::Publish(Some(mailbox("A", "a@b.c"))), &[entry()]);
        assert!(published.contains("METHOD:PUBLISH\r\n") && !published.contains("ATTENDEE"));
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let long = Entry { summary: "ż€😀".repeat(60), description: "x".repeat(300), ..entry() };
        let file = write(&Method::Publish(None), std::slice::from_ref(&long));
        assert!(file.split("\r\n").all(|line| line.len() <= LINE_BYTES_MAX));
        assert!(file.replace("\r\n ", "").contains(&format!("SUMMARY:{}\r\n", long.summary)));
    }

    #[test]
    fn nothing_begins_a_line_of_its_own() {
        let evil = "x\r\nATTACH:http://evil.example\r\nEND:VEVENT".to_owned();
        let nasty = Entry { summary: evil.clone(), description: evil.clone(), url: evil.clone(), ..entry() };
        let organizer = Mailbox { name: evil, ..mailbox("", "a@b.c") };
        let file = write(&Method::Publish(Some(organizer)), &[nasty]);
        assert_eq!(file.matches("\r\nEND:VEVENT").count(), 1);
        assert!(!file.contains("\r\nATTACH") && !file.replace("\r\n", "").contains(['\r', '\n']));
    }
}
