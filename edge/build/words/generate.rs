//! Writes the Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Fault, LANGUAGES, Said, Sentence, Sentences};

/// The group of sentences that the page's script says by itself: the worker need not. Any other that is not said anywhere is a warning.
const LIVE: &str = "live-";
const UNUSED: &str = "    #[allow(dead_code, reason = \"the page's script says it\")]\n";

/// How the code takes a fact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Count,
}

/// The enum, what each variant's facts are called, and the texts.
pub(super) fn rust(spoken: &[Sentences]) -> Result<String, Fault> {
    let Some(first) = spoken.first() else { return Err("there is no language".into()) };
    let (mut variants, mut arms, mut statics) = (String::new(), String::new(), String::new());
    let mut names = BTreeSet::new();
    for (key, sentence) in first {
        let name = camel(key);
        if !names.insert(name.clone()) {
            return Err(format!("`{key}` and another key are both `{name}` in Rust").into());
        }
        let facts = facts(key, spoken);
        let allowed = if key.starts_with(LIVE) { UNUSED } else { "" };
        writeln!(variants, "    /// `{key}`: {}\n{allowed}    {name}{},", shown(sentence), fields(&facts))?;
        writeln!(
            arms,
            "            Self::{name}{} => {}.written(language, &[{}]),",
            taken(&facts),
            upper(key),
            given(&facts)
        )?;
        writeln!(statics, "static {}: Sentence = {};", upper(key), texts(key, spoken)?)?;
    }
    let all: Vec<String> = first.keys().map(|key| format!("&{}", upper(key))).collect();
    Ok(format!(
        "/// A sentence, with the facts that it takes.\n#[derive(Debug, Clone, Copy)]\npub enum Word<'a> {{\n{variants}}}\n\n\
         impl Word<'_> {{\n    /// Says it.\n    pub fn said(self, language: Language) -> Text {{\n        \
         match self {{\n{arms}        }}\n    }}\n}}\n\n{statics}\n/// All of them, by key.\n\
         static SENTENCES: [&Sentence; {}] = [{}];\n",
        all.len(),
        all.join(", ")
    ))
}

/// The names of every language, by key, in the order in which they are searched.
pub(super) fn names(named: &[Sentences]) -> Result<String, Fault> {
    let mut rust = "/// What a language calls something that is named elsewhere.\nstruct Names {\n".to_owned();
    for language in &LANGUAGES {
        writeln!(rust, "    {}: &'static [(&'static str, &'static str)],", language.folder)?;
    }
    rust.push_str("}\n\nstatic NAMES: Names = Names {\n");
    for (language, names) in LANGUAGES.iter().zip(named) {
        let pair = |(key, name): (&String, &Sentence)| match &name.said {
            Said::Flat(text) if name.facts.is_empty() => Ok(format!("({key:?}, {text:?})")),
            Said::Flat(_) | Said::Counted { .. } => Err(format!("`{key}` is not a name")),
        };
        let pairs = names.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
        writeln!(rust, "    {}: &[{}],", language.folder, pairs.join(", "))?;
    }
    rust.push_str("};\n");
    Ok(rust)
}

/// The facts of a sentence: what a language counts by is a count in all of them.
fn facts(key: &str, spoken: &[Sentences]) -> BTreeMap<String, Kind> {
    let mut facts = BTreeMap::new();
    for sentence in spoken.iter().filter_map(|sentences| sentences.get(key)) {
        for fact in &sentence.facts {
            facts.entry(fact.clone()).or_insert(Kind::Text);
        }
        if let Said::Counted { by, .. } = &sentence.said {
            facts.insert(by.clone(), Kind::Count);
        }
    }
    facts
}

fn fields(facts: &BTreeMap<String, Kind>) -> String {
    let field = |(name, kind): (&String, &Kind)| match kind {
        Kind::Text => format!("{name}: &'a str"),
        Kind::Count => format!("{name}: u64"),
    };
    braced(facts.iter().map(field))
}

fn taken(facts: &BTreeMap<String, Kind>) -> String {
    braced(facts.keys().cloned())
}

fn braced(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields.collect();
    if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) }
}

fn given(facts: &BTreeMap<String, Kind>) -> String {
    let fact = |(name, kind): (&String, &Kind)| match kind {
        Kind::Text => format!("({name:?}, Fact::Text({name}))"),
        Kind::Count => format!("({name:?}, Fact::Count({name}))"),
    };
    facts.iter().map(fact).collect::<Vec<_>>().join(", ")
}

/// What is said in every language.
fn texts(key: &str, spoken: &[Sentences]) -> Result<String, Fault> {
    let mut texts = format!("Sentence {{ key: {key:?}");
    for (language, sentences) in LANGUAGES.iter().zip(spoken) {
        let sentence = sentences.get(key).ok_or_else(|| format!("`{}` has no `{key}`", language.folder))?;
        let written = said(&sentence.said);
        // Many companies end in "Co." or "Ltd.".
        if written.contains("{operator}.") {
            return Err(format!("`{key}` of `{}` has a full stop right after a name", language.folder).into());
        }
        write!(texts, ", {}: {}", language.folder, written)?;
    }
    texts.push_str(" }");
    Ok(texts)
}

fn said(said: &Said) -> String {
    match said {
        Said::Flat(text) => format!("Said::Flat({text:?})"),
        Said::Counted { by, texts } => {
            // A language of two forms says a few as it says the rest.
            let form = |text: Option<&String>| format!("{:?}", text.map_or("", String::as_str));
            let (one, few, rest) = (form(texts.first()), form(texts.get(1)), form(texts.last()));
            format!("Said::Counted(&Counted {{ by: {by:?}, one: {one}, few: {few}, rest: {rest} }})")
        }
    }
}

/// The sentence as its variant's documentation shows it.
fn shown(sentence: &Sentence) -> String {
    let text = match &sentence.said {
        Said::Flat(text) => text.clone(),
        Said::Counted { texts, .. } => texts.last().cloned().unwrap_or_default(),
    };
    text.replace(['[', ']', '<', '>'], "")
}

/// `fee-per_participant` is `FeePerParticipant`.
fn camel(key: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    key.split(['-', '_']).map(capital).collect()
}

/// `fee-per_participant` is `FEE__PER_PARTICIPANT`.
fn upper(key: &str) -> String {
    key.replace('-', "__").to_uppercase()
}
