//! A booking as entries of a calendar, with what its reader needs at hand: whose it is, who comes, the local time, the way to change it.

use leeway_core::request::Personal;
use leeway_core::{Booking, Instant, Item};

use crate::ics::{Entry, Standing};
use crate::reader::Reader;
use crate::words::Word;

/// Whose calendar it is, and what of.
pub struct Diary<'a> {
    pub booking: &'a Booking,
    pub personal: &'a Personal,
    pub operator: &'a str,
    pub reader: &'a Reader,
    pub control_url: &'a str,
    /// When this was so.
    pub at: Instant,
}

impl Diary<'_> {
    /// An item, as it stands.
    pub fn entry(&self, item: &Item) -> Entry {
        Entry {
            item: item.id,
            sequence: self.booking.version,
            stamp: self.at,
            starts_at: item.slot.time.starts_at,
            ends_at: item.slot.time.ends_at,
            standing: if item.is_booked() { Standing::Confirmed } else { Standing::Canceled },
            summary: item.service.clone(),
            description: self.description(item),
            url: self.control_url.to_owned(),
        }
    }

    fn description(&self, item: &Item) -> String {
        let names = item.attending().filter_map(|one| self.personal.names.get(&one.id)).map(String::as_str);
        let names: Vec<&str> = names.collect();
        let reference = self.reader.say(Word::PageBooking { reference: self.booking.reference.as_str() });
        let lines = [
            format!("{reference}, {}", self.operator),
            self.reader.slot(&item.slot.time).into_owned(),
            names.join(", "),
            self.control_url.to_owned(),
        ];
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}
