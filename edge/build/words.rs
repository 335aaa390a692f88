//! Compiles the Fluent files of `locales` into Rust: an enum `Word` with a variant for every sentence, whose fields are the facts that the
//! sentence takes. So a sentence or a fact that is missing, in any language, does not compile. Beside it lie the texts of all sentences, one after
//! the other: a table of where each is would be as large as a third of them.
//!
//! Not all of Fluent, and a file that goes beyond is refused by name: text, `{ $fact }`, `{ "text" }`, and one selector per sentence, which
//! counts. No terms, attributes, functions or references: they hide a word from the person who translates the sentence around it.

mod generate;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The languages, by folder and field; the first is the one that others are compared with.
const LANGUAGES: [Language; 3] = [
    Language { folder: "en", forms: &["one", "other"] },
    Language { folder: "pl", forms: &["one", "few", "many"] },
    Language { folder: "de", forms: &["one", "other"] },
];
/// The files of a language that the worker says. Others are the browser package's.
const FILES: [&str; 3] = ["rules.ftl", "pages.ftl", "pay.ftl"];
/// The groups of sentences that the page's script says by itself.
const LIVE: [&str; 6] = ["fee-", "live-", "next-", "reason-", "refusal-", "time-"];
/// The file of names. What a language has no name for keeps the one it came with.
const NAMES: &str = "names.ftl";

struct Language {
    folder: &'static str,
    /// The forms in which it counts whole numbers; the last is that of all the rest.
    forms: &'static [&'static str],
}

/// What a language says for a key. Facts stand in a text as `{name}`.
enum Said {
    Flat(String),
    /// Counted by a fact: a text for each form of the language.
    Counted {
        by: String,
        texts: Vec<String>,
    },
}

/// A sentence in one language.
struct Sentence {
    said: Said,
    facts: BTreeSet<String>,
}

/// A language's sentences by key.
type Sentences = BTreeMap<String, Sentence>;

type Fault = Box<dyn std::error::Error>;

pub(crate) fn compile() -> Result<(), Fault> {
    let locales = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../locales");
    let (mut spoken, mut names) = (Vec::new(), Vec::new());
    for language in &LANGUAGES {
        spoken.push(sentences(&locales, language, &FILES)?);
        names.push(sentences(&locales, language, &[NAMES])?);
    }
    check(&spoken)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let (texts, starts) = generate::texts(&spoken)?;
    fs::write(out.join("words.rs"), generate::rust(&spoken)? + &starts)?;
    fs::write(out.join("names.txt"), generate::names(&names)?)?;
    fs::write(out.join("words.txt"), texts)?;
    fs::write(out.join("live.txt"), generate::keys(&spoken, |key| LIVE.iter().any(|group| key.starts_with(group))))?;
    Ok(fs::write(out.join("keys.txt"), generate::keys(&spoken, |_| true))?)
}

fn sentences(locales: &Path, language: &Language, files: &[&str]) -> Result<Sentences, Fault> {
    let mut all = Sentences::new();
    for name in files {
        let file = locales.join(language.folder).join(name);
        println!("cargo::rerun-if-changed={}", file.display());
        let within = |fault: Fault| format!("{}: {fault}", file.display());
        let text = fs::read_to_string(&file).map_err(|error| within(error.into()))?;
        for (key, sentence) in read::file(&text, language).map_err(within)? {
            if all.insert(key.clone(), sentence).is_some() {
                return Err(within(format!("`{key}` is there twice").into()).into());
            }
        }
    }
    Ok(all)
}

/// Every language has the sentences of the first, each with the same facts.
fn check(spoken: &[Sentences]) -> Result<(), Fault> {
    let Some((first, others)) = spoken.split_first() else { return Err("there is no language".into()) };
    for (language, own) in LANGUAGES.iter().skip(1).zip(others) {
        let folder = language.folder;
        for (key, sentence) in first {
            let translated = own.get(key).ok_or_else(|| format!("`{folder}` has no `{key}`"))?;
            if translated.facts != sentence.facts {
                let (has, takes) = (&translated.facts, &sentence.facts);
                return Err(format!("`{key}` in `{folder}` has the facts {has:?} instead of {takes:?}").into());
            }
        }
        if let Some(key) = own.keys().find(|key| !first.contains_key(*key)) {
            return Err(format!("`{key}` is in `{folder}` only").into());
        }
    }
    Ok(())
}
