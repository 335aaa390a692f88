//! Every sentence that the product says: [`Word`] has one variant for each, made by `build/words.rs` from the Fluent files in `locales`.
//!
//! What is said names a variant with its facts and never writes prose. A key or a fact that is missing in any language does not compile. The
//! page's script gets the sentences that it needs from the same table, so that there is one copy of each.
//!
//! Source: requirement F7

use std::borrow::Cow;

use serde::Serialize;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// What was said. Most of it lies in the worker as it is.
pub type Text = Cow<'static, str>;

/// The groups of sentences that the page's script says by itself.
const LIVE: [&str; 6] = ["fee-", "live-", "next-", "reason-", "refusal-", "time-"];

/// A language that there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    Polish,
    German,
}

/// What a sentence is in each language.
struct Sentence {
    key: &'static str,
    en: Said,
    pl: Said,
    de: Said,
}

/// A text, in which facts stand as `{name}`. As JSON: the text, or an object for those that count.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum Said {
    Flat(&'static str),
    Counted(&'static Counted),
}

/// Texts that differ by a count.
#[derive(Serialize)]
pub struct Counted {
    /// The fact that is counted.
    by: &'static str,
    one: &'static str,
    few: &'static str,
    rest: &'static str,
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

    fn names(self, key: &str) -> Option<&'static str> {
        let names = match self {
            Self::English => NAMES.en,
            Self::Polish => NAMES.pl,
            Self::German => NAMES.de,
        };
        let at = names.binary_search_by_key(&key, |(key, _)| key).ok()?;
        names.get(at).map(|(_, name)| *name)
    }

    /// The sentences that the page's script says, by key.
    pub fn live(self) -> impl Iterator<Item = (&'static str, Said)> {
        let live = SENTENCES.iter().filter(|sentence| LIVE.iter().any(|group| sentence.key.starts_with(group)));
        live.map(move |sentence| (sentence.key, sentence.said(self)))
    }
}

impl Sentence {
    fn said(&self, language: Language) -> Said {
        match language {
            Language::English => self.en,
            Language::Polish => self.pl,
            Language::German => self.de,
        }
    }

    fn written(&self, language: Language, facts: &[(&str, Fact<'_>)]) -> Text {
        let text = match self.said(language) {
            Said::Flat(text) => text,
            Said::Counted(texts) => texts.form(language, facts),
        };
        if facts.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(filled(text, facts)) }
    }
}

impl Counted {
    fn form(&self, language: Language, facts: &[(&str, Fact<'_>)]) -> &'static str {
        let counted = facts.iter().find(|(name, _)| *name == self.by);
        match counted {
            Some((_, Fact::Count(count))) => match Form::of(language, *count) {
                Form::One => self.one,
                Form::Few => self.few,
                Form::Rest => self.rest,
            },
            // INVARIANT: what a sentence counts by is a count among its facts.
            Some((_, Fact::Text(_))) | None => self.rest,
        }
    }
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
fn filled(text: &str, facts: &[(&str, Fact<'_>)]) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(32));
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        match facts.iter().find(|(known, _)| *known == name) {
            Some((_, Fact::Text(text))) => out.push_str(text),
            Some((_, Fact::Count(count))) => out.push_str(&count.to_string()),
            // INVARIANT: a text names facts of its sentence only; the build refuses any other.
            None => {}
        }
        rest = tail;
    }
    out.push_str(rest);
    out
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

    /// What Fluent's own implementation says of the same files: `tests/words/sentences.test.mjs` wrote it.
    #[test]
    fn every_sentence_is_what_fluent_says() {
        let fixture: BTreeMap<String, BTreeMap<String, Expected>> =
            serde_json::from_str(include_str!("../../tests/fixtures/sentences.json")).unwrap();
        assert_eq!(fixture.len(), SENTENCES.len());
        for sentence in SENTENCES {
            for language in Language::ALL {
                match &fixture[sentence.key][language.tag()] {
                    Expected::Flat(text) => assert_eq!(&*sampled(sentence, language, None), text, "{}", sentence.key),
                    Expected::Counted(by_count) => {
                        for (count, text) in by_count {
                            let said = sampled(sentence, language, Some(count.parse().unwrap()));
                            assert_eq!(&*said, text, "{} of {count}", sentence.key);
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

    /// A sentence with its facts named in guillemets, and this count.
    fn sampled(sentence: &Sentence, language: Language, count: Option<u64>) -> Text {
        let (text, by) = match sentence.said(language) {
            Said::Flat(text) => (text.to_owned(), None),
            Said::Counted(texts) => ([texts.one, texts.few, texts.rest].concat(), Some(texts.by)),
        };
        let names: Vec<&str> = text.split('{').skip(1).filter_map(|part| part.split('}').next()).chain(by).collect();
        let shown: Vec<String> = names.iter().map(|name| format!("‹{name}›")).collect();
        let facts: Vec<(&str, Fact<'_>)> = names
            .iter()
            .zip(&shown)
            .map(|(name, shown)| match count {
                Some(count) if by == Some(*name) => (*name, Fact::Count(count)),
                _ => (*name, Fact::Text(shown)),
            })
            .collect();
        sentence.written(language, &facts)
    }

    #[test]
    fn names_are_found_by_their_english() {
        assert_eq!(Language::Polish.city("Warsaw"), Some("Warszawa"));
        assert_eq!(Language::German.city("Hong_Kong"), Some("Hongkong"));
        assert_eq!(Language::German.city("Berlin"), None);
        assert_eq!(Language::Polish.code("deposit"), Some("Zaliczka"));
        for names in [NAMES.en, NAMES.pl, NAMES.de] {
            assert!(names.is_sorted(), "a search needs the order");
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
