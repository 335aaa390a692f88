//! Every sentence that the product says: [`Word`] has one variant for each, made by `build/words.rs` from the Fluent files in `locales`.
//!
//! What is said names a variant with its facts and never writes prose. A key or a fact that is missing in any language does not compile. The
//! page's script gets the sentences that it needs from the same table, so that there is one copy of each.
//!
//! Source: requirement F7

use std::borrow::Cow;
use std::cmp::Ordering;

use serde::Serialize;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// What was said. Most of it lies in the worker as it is.
pub type Text = Cow<'static, str>;

/// The texts of each language, by key.
const TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/words.txt"));
/// Keys and facts of the sentences that the page's script says, each in the line of its number.
const LIVE: &str = include_str!(concat!(env!("OUT_DIR"), "/live.txt"));
/// What languages call something that is named elsewhere: lines in order.
const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));
/// What is behind each text, and before each form of a text that counts.
const END: char = '\0';
const FORM: char = '\u{1f}';

/// A language that there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    Polish,
    German,
}

/// A text for the page's script, in which facts stand as `{name}`. As JSON: the text, or an object for those that count.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Said {
    Flat(Text),
    Counted {
        /// The fact that is counted.
        by: &'static str,
        one: Text,
        few: Text,
        rest: Text,
    },
}

/// A fact of a sentence.
#[derive(Clone, Copy)]
enum Fact<'a> {
    Text(&'a str),
    Count(u64),
}

impl Language {
    /// All of them, each under its own name, in the order of a menu.
    pub const ALL: [Self; 3] = [Self::English, Self::Polish, Self::German];

    /// The language of a locale's tag: `de-AT` is German.
    pub fn of(locale: &str) -> Option<Self> {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|one| one.tag().eq_ignore_ascii_case(language))
    }

    /// `de`
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
            Self::German => "de",
        }
    }

    /// What it calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Polish => "Polski",
            Self::German => "Deutsch",
        }
    }

    /// What it calls the city of a time zone, where it has a name of its own for it.
    pub fn city(self, city: &str) -> Option<&'static str> {
        self.names(&format!("city-{city}"))
    }

    /// What it calls what operators often have a code for: `ticket`, `deposit`.
    pub fn code(self, code: &str) -> Option<&'static str> {
        self.names(&format!("code-{code}"))
    }

    /// By halving.
    fn names(self, key: &str) -> Option<&'static str> {
        let mut lines = NAMES;
        while !lines.is_empty() {
            // Bytes: the middle can lie inside of a letter.
            let half = lines.as_bytes().get(..lines.len().checked_div(2)?)?;
            let from = half.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1));
            let (before, rest) = lines.split_at_checked(from)?;
            let (line, after) = rest.split_once('\n')?;
            let (known, names) = line.split_once(END)?;
            lines = match key.cmp(known) {
                Ordering::Equal => return names.split(END).nth(self.column()).filter(|name| !name.is_empty()),
                Ordering::Less => before,
                Ordering::Greater => after,
            };
        }
        None
    }

    /// The sentences that the page's script says, by key.
    pub fn live(self) -> impl Iterator<Item = (&'static str, Said)> {
        let texts = self.texts(0).zip(LIVE.lines());
        texts.filter(|(_, line)| !line.is_empty()).map(|(text, line)| {
            let mut parts = line.split(' ');
            (parts.next().unwrap_or_default(), open(text, &parts.collect::<Vec<_>>()))
        })
    }

    /// The texts from the beginning of a group on.
    fn texts(self, group: usize) -> impl Iterator<Item = &'static str> {
        let start = STARTS.get(self.column()).and_then(|starts| starts.get(group));
        start.and_then(|start| TEXTS.get(usize::from(*start)..)).unwrap_or_default().split(END)
    }

    /// The order of languages in the tables.
    const fn column(self) -> usize {
        match self {
            Self::English => 0,
            Self::Polish => 1,
            Self::German => 2,
        }
    }
}

const _: () = assert!(Language::ALL.len() == STARTS.len(), "every language has texts");

/// What is said by a sentence's number, as it lies in the table.
fn text(number: usize, language: Language) -> &'static str {
    let (group, before) = (number.checked_div(GROUP), number.checked_rem(GROUP));
    // INVARIANT: every number has its texts; the build writes both.
    language.texts(group.unwrap_or_default()).nth(before.unwrap_or_default()).unwrap_or_default()
}

fn written(number: usize, language: Language, facts: &[Fact<'_>]) -> Text {
    filled(form(text(number, language), language, facts), facts)
}

/// The form of a text that its count asks for; the text itself where nothing is counted.
fn form<'a>(text: &'a str, language: Language, facts: &[Fact<'_>]) -> &'a str {
    let Some((by, forms)) = text.split_once(FORM) else { return text };
    let form = match fact(by, facts) {
        Some(Fact::Count(count)) => Form::of(language, *count),
        // INVARIANT: what a sentence counts by is a count among its facts.
        Some(Fact::Text(_)) | None => Form::Rest,
    };
    forms.split(FORM).nth(form as usize).unwrap_or_default()
}

/// The text with its facts by name.
fn open(text: &'static str, names: &[&'static str]) -> Said {
    let shown: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
    let facts: Vec<Fact<'_>> = shown.iter().map(|shown| Fact::Text(shown)).collect();
    let Some((by, forms)) = text.split_once(FORM) else { return Said::Flat(filled(text, &facts)) };
    let mut forms = forms.split(FORM).map(|form| filled(form, &facts));
    let mut next = || forms.next().unwrap_or_default();
    Said::Counted { by: fact(by, names).copied().unwrap_or_default(), one: next(), few: next(), rest: next() }
}

/// What a text's mark stands for: the facts have the characters from U+0001 on.
fn fact<'a, T>(mark: &str, facts: &'a [T]) -> Option<&'a T> {
    let number = mark.bytes().next().map(usize::from)?;
    facts.get(number.checked_sub(1)?)
}

/// The forms in which our languages count whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    One,
    Few,
    Rest,
}

impl Form {
    /// As Unicode's CLDR has it.
    fn of(language: Language, count: u64) -> Self {
        match (language, count, count % 100, count % 10) {
            (_, 1, _, _) => Self::One,
            (Language::Polish, _, 12..=14, _) => Self::Rest,
            (Language::Polish, _, _, 2..=4) => Self::Few,
            (Language::English | Language::German | Language::Polish, _, _, _) => Self::Rest,
        }
    }
}

/// A text with its facts put in.
fn filled(text: &'static str, facts: &[Fact<'_>]) -> Text {
    if facts.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(32));
    let mut rest = text;
    // INVARIANT: a text has marks for facts of its sentence only; the build makes them.
    while let Some((before, mark)) = rest.find(|letter| letter < '\n').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        match fact(mark, facts) {
            Some(Fact::Text(text)) => out.push_str(text),
            Some(Fact::Count(count)) => out.push_str(&count.to_string()),
            None => {}
        }
        rest = mark.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn facts_are_put_in_and_never_read_as_text() {
        let percent = Word::FeePercent { percent: "50%", of: "{percent}" };
        assert_eq!(percent.said(Language::English), "50% of {percent}");
        assert!(matches!(Word::FeeFixed.said(Language::German), Cow::Borrowed("Pauschale")));
    }

    #[test]
    fn languages_count_each_in_their_way() {
        let moves = |language, most| Word::RefusalTooManyMoves { most }.said(language).into_owned();
        assert!(moves(Language::English, 1).ends_with("moved once."));
        assert!(moves(Language::English, 0).ends_with("moved 0 times."));
        let places = |count| Word::MovePlaces { count }.said(Language::Polish).into_owned();
        let said = [1, 2, 4, 5, 0, 12, 14, 21, 22, 112, 124].map(places);
        let expected = [
            "zostało 1 miejsce",
            "zostały 2 miejsca",
            "zostały 4 miejsca",
            "zostało 5 miejsc",
            "zostało 0 miejsc",
            "zostało 12 miejsc",
            "zostało 14 miejsc",
            "zostało 21 miejsc",
            "zostały 22 miejsca",
            "zostało 112 miejsc",
            "zostały 124 miejsca",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn the_pages_script_gets_texts_with_the_names_of_facts() {
        let live: BTreeMap<&str, Said> = Language::German.live().collect();
        let json = |key| serde_json::to_value(&live[key]).unwrap();
        assert_eq!(json("fee-fixed"), "Pauschale");
        assert_eq!(json("fee-percent"), "{percent} von {of}");
        let most = json("refusal-too_many_moves");
        assert_eq!(most["by"], "most");
        assert!(most["one"].is_string() && most["few"] == most["rest"]);
        assert!(most["rest"].as_str().unwrap().contains("{most}"));
        assert!(!live.contains_key("sum-settled"));
    }

    /// What Fluent's own implementation says of the same files: `tests/words/sentences.test.mjs` wrote it.
    #[test]
    fn every_sentence_is_what_fluent_says() {
        let fixture: BTreeMap<String, BTreeMap<String, Expected>> =
            serde_json::from_str(include_str!("../../tests/fixtures/sentences.json")).unwrap();
        assert_eq!(fixture.len(), SENTENCES);
        let lines = include_str!(concat!(env!("OUT_DIR"), "/keys.txt")).lines();
        for (number, line) in lines.enumerate() {
            let (key, names) = line.split_once(' ').unwrap_or((line, ""));
            let names: Vec<String> = names.split_whitespace().map(|name| format!("‹{name}›")).collect();
            for language in Language::ALL {
                let sampled = |count: Option<u64>| {
                    let by = count.map(|_| text(number, language).split_once(FORM).unwrap().0);
                    let by = by.and_then(|by| fact(by, &names));
                    let given = |name| match count {
                        Some(count) if Some(name) == by => Fact::Count(count),
                        _ => Fact::Text(name),
                    };
                    written(number, language, &names.iter().map(given).collect::<Vec<_>>())
                };
                match &fixture[key][language.tag()] {
                    Expected::Flat(text) => assert_eq!(&*sampled(None), text, "{key}"),
                    Expected::Counted(by_count) => {
                        for (count, text) in by_count {
                            assert_eq!(&*sampled(Some(count.parse().unwrap())), text, "{key} of {count}");
                        }
                    }
                }
            }
        }
    }

    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Expected {
        Flat(String),
        Counted(BTreeMap<String, String>),
    }

    #[test]
    fn names_are_found_by_their_english() {
        assert_eq!(Language::Polish.city("Warsaw"), Some("Warszawa"));
        assert_eq!(Language::German.city("Hong_Kong"), Some("Hongkong"));
        assert_eq!(Language::German.city("Berlin"), None);
        assert_eq!(Language::Polish.code("deposit"), Some("Zaliczka"));
        assert!(NAMES.lines().is_sorted(), "a search needs the order");
        for line in NAMES.lines() {
            let mut parts = line.split(END);
            let key = parts.next().unwrap();
            for (language, name) in Language::ALL.into_iter().zip(parts) {
                assert_eq!(language.names(key), Some(name).filter(|name| !name.is_empty()), "{key}");
            }
        }
    }

    #[test]
    fn tags_name_languages() {
        assert_eq!(Language::of("de-AT"), Some(Language::German));
        assert_eq!(Language::of("PL"), Some(Language::Polish));
        assert_eq!(Language::of("pl_PL"), Some(Language::Polish));
        assert_eq!(Language::of("hr"), None);
        assert_eq!(Language::of(""), None);
    }
}
