//! What the page's script works with: the booking, the words, and how amounts and dates are written. Embedded, since a second request
//! would be slower and could tell of another moment.

use leeway_core::{Booking, Instant, Map};
use leeway_json::Raw;
use maud::{Markup, html};
use serde::{Serialize, Serializer};

use super::Page;
use super::layout::embedded;
use crate::assets;
use crate::reader::Style;
use crate::words::{Language, Text};

#[derive(Serialize)]
struct Data<'a> {
    /// The server's clock when the page was made: the reader's may be wrong.
    at: Instant,
    language: &'static str,
    locales: [&'a str; 2],
    operator: &'a str,
    /// Tells one build's files from another's.
    version: String,
    #[serde(serialize_with = "words")]
    words: Language,
    /// What the items' time zones are called.
    zones: Map<&'a str, Text>,
    /// Options for `Intl.DateTimeFormat`, from the shortest.
    styles: [Option<Raw<'static>>; 3],
    booking: &'a Booking,
}

fn words<S: Serializer>(language: &Language, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(language.live())
}

/// The data, as an element of the page.
pub fn data(page: &Page<'_>) -> Markup {
    let names = page.shown.booking.items.iter().map(|item| &item.slot.time.zone);
    let zones = names.map(|zone| (zone.name(), page.reader.zone_name(zone))).collect();
    let data = Data {
        at: page.shown.at,
        language: page.reader.language.tag(),
        locales: page.reader.locales(),
        operator: page.operator(),
        version: format!("{:x}", assets::VERSION),
        words: page.reader.language,
        zones,
        styles: [Style::Minute, Style::Second, Style::Millisecond].map(options),
        booking: page.shown.booking,
    };
    match leeway_json::write(&data) {
        Ok(json) => embedded("data", &json),
        // The page is complete without it.
        Err(_) => html! {},
    }
}

fn options(style: Style) -> Option<Raw<'static>> {
    Raw::parse(style.options()).ok()
}
