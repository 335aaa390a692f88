//! Writes the Rust, and the texts beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Fault, LANGUAGES, Said, Sentence, Sentences};

/// The group of sentences that the page's script says by itself: the worker need not. Any other that is not said anywhere is a warning.
const LIVE: &str = "live-";
/// What stands for each fact, behind each text, and before each form of what is counted: as in `src/words.rs`.
const MARKS: [&str; 4] = ["\u{1}", "\u{2}", "\u{3}", "\u{4}"];
const END: &str = "\0";
const FORM: &str = "\u{1f}";
/// How many sentences are found together: a start for each of them would be 1.7 kB more of the worker.
const GROUP: usize = 8;
const UNUSED: &str = "    #[allow(dead_code, reason = \"the page's script says it\")]\n";

/// How the code takes a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Text,
    Count,
}

/// The enum, and how a variant becomes its number and its facts. Variants that take facts of the same kinds share the code that hands them over.
pub(super) fn rust(spoken: &[Sentences]) -> Result<String, Fault> {
    let Some(first) = spoken.first() else { return Err("there is no language".into()) };
    let (mut variants, mut numbers) = (String::new(), String::new());
    let mut alike: BTreeMap<Vec<Kind>, Vec<String>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for (number, (key, sentence)) in first.iter().enumerate() {
        let name = camel(key);
        if !names.insert(name.clone()) {
            return Err(format!("`{key}` and another key are both `{name}` in Rust").into());
        }
        let facts = facts(key, spoken);
        let allowed = if key.starts_with(LIVE) { UNUSED } else { "" };
        writeln!(variants, "    /// `{key}`: {}\n{allowed}    {name}{},", shown(sentence), fields(&facts))?;
        writeln!(numbers, "            Self::{name} {{ .. }} => {number},")?;
        alike.entry(facts.values().copied().collect()).or_default().push(format!("Self::{name} {}", taken(&facts)));
    }
    let mut arms = String::new();
    for (kinds, patterns) in alike {
        let fact = |(at, kind): (usize, &Kind)| format!("Fact::{kind:?}(f{at})");
        let given: Vec<String> = kinds.iter().enumerate().map(fact).collect();
        writeln!(arms, "            {} => written(number, language, &[{}]),", patterns.join(" | "), given.join(", "))?;
    }
    let sentences = first.len();
    Ok(format!(
        "/// A sentence, with the facts that it takes.\n#[derive(Debug, Clone, Copy)]\npub enum Word<'a> {{\n{variants}}}\n\n\
         impl Word<'_> {{\n    /// Says it.\n    pub fn said(self, language: Language) -> Text {{\n        \
         let number = match self {{\n{numbers}        }};\n        match self {{\n{arms}        }}\n    }}\n}}\n\n\
         /// How many sentences there are.\n#[cfg(test)]\nconst SENTENCES: usize = {sentences};\n"
    ))
}

/// The texts of each language, by key, each with [`END`] behind it. And where in them each group of sentences begins.
pub(super) fn texts(spoken: &[Sentences]) -> Result<(String, String), Fault> {
    let Some(first) = spoken.first() else { return Err("there is no language".into()) };
    let (mut texts, mut starts) = (String::new(), String::new());
    for (language, sentences) in LANGUAGES.iter().zip(spoken) {
        starts.push('[');
        for (number, key) in first.keys().enumerate() {
            if number % GROUP == 0 {
                write!(starts, "{}, ", u16::try_from(texts.len())?)?;
            }
            let sentence = sentences.get(key).ok_or_else(|| format!("`{}` has no `{key}`", language.folder))?;
            let text = text(&sentence.said, &facts(key, spoken));
            let text = text.map_err(|fault| format!("`{key}` of `{}`: {fault}", language.folder))?;
            texts.extend([text.as_str(), END]);
        }
        starts.push_str("], ");
    }
    let rust = format!(
        "/// How many sentences are found together.\nconst GROUP: usize = {GROUP};\n/// Where the groups of each language begin.\n\
         static STARTS: [[u16; {}]; {}] = [{starts}];\n",
        first.len().div_ceil(GROUP),
        spoken.len(),
    );
    Ok((texts, rust))
}

/// A line for every sentence: its key, and what its facts are called. The line is empty where nothing asks for it.
pub(super) fn keys(spoken: &[Sentences], asked: impl Fn(&str) -> bool) -> String {
    let line = |key: &String| {
        let facts = facts(key, spoken).into_keys();
        let parts: Vec<String> = [key.clone()].into_iter().chain(facts).collect();
        if asked(key) { parts.join(" ") + "\n" } else { "\n".to_owned() }
    };
    spoken.first().into_iter().flat_map(Sentences::keys).map(line).collect()
}

/// A line for everything that has a name in any language, in order: what it is, and each language's name or nothing, with [`END`] between them.
pub(super) fn names(named: &[Sentences]) -> Result<String, Fault> {
    let keys: BTreeSet<&String> = named.iter().flat_map(Sentences::keys).collect();
    let name = |key: &str, names: &Sentences| match names.get(key).map(|name| (&name.said, name.facts.is_empty())) {
        None => Ok(String::new()),
        Some((Said::Flat(text), true)) if !text.contains('\n') => Ok(text.clone()),
        Some(_) => Err(format!("`{key}` is not a name")),
    };
    let mut lines = String::new();
    for key in keys {
        let mut parts = vec![key.clone()];
        for names in named {
            parts.push(name(key, names)?);
        }
        writeln!(lines, "{}", parts.join(END))?;
    }
    Ok(lines)
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
    braced(facts.keys().enumerate().map(|(at, name)| format!("{name}: f{at}")))
}

fn braced(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields.collect();
    if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) }
}

/// A text as the worker reads it: a fact is a character, its number from one on. What is counted begins with its fact, and has [`FORM`] before
/// each of three forms.
fn text(said: &Said, facts: &BTreeMap<String, Kind>) -> Result<String, Fault> {
    let marked =
        |text: &String| {
            if text.contains(|letter: char| letter.is_control() && letter != '\n') {
                return Err("a control character is part of the text");
            }
            // Many companies end in "Co." or "Ltd.".
            if text.contains("{operator}.") {
                return Err("a full stop right after a name");
            }
            let mark = |(at, fact): (usize, &String)| (format!("{{{fact}}}"), MARKS.get(at).copied());
            facts.keys().enumerate().map(mark).try_fold(text.clone(), |text, (fact, mark)| {
                Ok(text.replace(&fact, mark.ok_or("it has too many facts")?))
            })
        };
    match said {
        Said::Flat(text) => Ok(marked(text)?),
        Said::Counted { by, texts } => {
            // A language of two forms says a few as it says the rest.
            let forms = [texts.first(), texts.get(1), texts.last()];
            let mut counted = marked(&format!("{{{by}}}"))?;
            for form in forms {
                counted.extend([FORM, &marked(form.ok_or("it has no forms")?)?]);
            }
            Ok(counted)
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
