//! Reads `fixtures/zones/changes.txt`, whose README says what it holds. It trusts nothing: a line that is missing or odd is a failure.

use std::collections::HashMap;
use std::sync::OnceLock;

use leeway_core::Instant;
use leeway_core::time::Zone;

const TEXT: &str = include_str!("../../fixtures/zones/changes.txt");

/// The whole table.
pub(crate) struct Table {
    /// The release of the IANA database that it was made from, such as `2026e`.
    pub database: &'static str,
    pub zones: Vec<Clock>,
}

/// A zone, and how its clocks were and will be moved.
pub(crate) struct Clock {
    pub zone: Zone,
    /// The offset from UTC when the table begins.
    pub first_offset_ms: i64,
    pub changes: Vec<Change>,
}

/// One change of the clock.
#[derive(Clone)]
pub(crate) struct Change {
    /// The first instant with the new offset.
    pub at: Instant,
    pub before_ms: i64,
    pub after_ms: i64,
    /// How many days after the local times around the change a slot stands, and the offset from UTC there.
    pub slots: Vec<(u16, i64)>,
    /// What the oracle answers.
    pub answers: Answers,
}

/// Where limits lie, in milliseconds after the change.
#[derive(Clone)]
pub(crate) struct Answers {
    /// Limits that fall on the local times of [`Change::walls_ms`].
    pub around: [i64; 11],
    /// `{"days":1}` for slots at [`STARTS_MS`] after the change.
    pub day_before: [i64; 5],
}

/// Slots close to a change, in milliseconds after it.
pub(crate) const STARTS_MS: [i64; 5] = [-1_000, -1, 0, 1_000, 43_200_000];

impl Table {
    /// The table, read once.
    pub(crate) fn get() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(read)
    }

    /// Every change of every zone.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&Zone, &Change)> {
        self.zones.iter().flat_map(|clock| clock.changes.iter().map(|change| (&clock.zone, change)))
    }
}

impl Clock {
    /// The stretches from 2000 to 2037 in which the offset stays the same: first instant, first instant after it, offset.
    pub(crate) fn stretches_ms(&self) -> Vec<(i64, i64, i64)> {
        let [begin, end] = ["2000-01-01T00:00:00Z", "2038-01-01T00:00:00Z"].map(|text| Instant::parse(text).unwrap());
        let mut from = (begin.ms(), self.first_offset_ms);
        let mut stretches = Vec::with_capacity(self.changes.len() + 1);
        for change in &self.changes {
            assert_eq!(change.before_ms, from.1, "{} {}", self.zone.name(), change.at);
            stretches.push((from.0, change.at.ms(), from.1));
            from = (change.at.ms(), change.after_ms);
        }
        stretches.push((from.0, end.ms(), from.1));
        stretches
    }
}

impl Change {
    /// How far the clock is moved: forward, and there is a gap; back, and there is a fold.
    pub(crate) fn jump_ms(&self) -> i64 {
        self.after_ms - self.before_ms
    }

    /// Eleven local times, as if they were UTC: a minute and a second before, at, and after the lower and the upper reading of the clock
    /// at the change; the sixth is in their middle, inside the gap or the fold.
    pub(crate) fn walls_ms(&self) -> [i64; 11] {
        let low = self.at.ms() + self.before_ms.min(self.after_ms);
        let high = self.at.ms() + self.before_ms.max(self.after_ms);
        let [a, b, c, d, e] = [-60_000, -1_000, 0, 1_000, 60_000];
        [
            low + a,
            low + b,
            low + c,
            low + d,
            low + e,
            low.midpoint(high),
            high + a,
            high + b,
            high + c,
            high + d,
            high + e,
        ]
    }
}

fn read() -> Table {
    let mut lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    let mut next = |word: &str| {
        let line = lines.next().unwrap_or_else(|| panic!("the table ends where `{word}` should stand"));
        let fields: Vec<&'static str> = line.split(' ').collect();
        assert!(word.is_empty() || fields[0] == word, "`{line}` should begin with `{word}`");
        fields
    };
    let database = next("database")[1];
    let head = next("zones");
    assert_eq!((head[2], head[4], head.len()), ("changes", "answers", 6), "{head:?}");
    let [zone_count, change_count, answer_count] = [1, 3, 5].map(|place: usize| number::<usize>(head[place]));
    let mut answers = HashMap::new();
    for _ in 0..answer_count {
        let fields = next("answers");
        assert!(answers.insert(fields[1], Answers { around: list(fields[2]), day_before: list(fields[3]) }).is_none());
    }
    let mut zones = Vec::with_capacity(zone_count);
    for _ in 0..zone_count {
        let fields = next("zone");
        let (zone, first_offset_ms) = (Zone::parse(fields[1]).unwrap(), seconds_ms(fields[2]));
        assert_eq!(zone.name(), fields[1], "spelled otherwise");
        let changes = (0..number(fields[3])).map(|_| change(&next(""), &answers)).collect();
        zones.push(Clock { zone, first_offset_ms, changes });
    }
    let table = Table { database, zones };
    assert_eq!(table.changes().count(), change_count);
    assert!(lines.next().is_none(), "lines after the last zone");
    table
}

fn change(fields: &[&str], answers: &HashMap<&str, Answers>) -> Change {
    let &[at, before, after, slots, told] = fields else { panic!("{fields:?} is no change") };
    let slot = |text: &str| {
        let (days, offset) = text.split_once('@').unwrap();
        (number(days), seconds_ms(offset))
    };
    Change {
        at: Instant::parse(at).unwrap(),
        before_ms: seconds_ms(before),
        after_ms: seconds_ms(after),
        slots: slots.split(',').map(slot).collect(),
        answers: answers[told].clone(),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no such number"))
}

/// `-3600` or `-86400.001`.
fn seconds_ms(text: &str) -> i64 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "000"));
    assert_eq!(rest.len(), 3, "`{text}`");
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    number::<i64>(whole) * 1_000 + sign * number::<i64>(rest)
}

fn list<const N: usize>(text: &str) -> [i64; N] {
    let all: Vec<i64> = text.split(',').map(seconds_ms).collect();
    all.try_into().unwrap_or_else(|_| panic!("`{text}` has not {N} answers"))
}
