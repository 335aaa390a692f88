//! Reads one Fluent file, by Fluent's own parser.

use std::collections::BTreeSet;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser;
use fluent_syntax::unicode::unescape_unicode_to_string;

use super::{Fault, Language, Said, Sentence};

/// The sentences of a file, by key.
pub(super) fn file(text: &str, language: &Language) -> Result<Vec<(String, Sentence)>, Fault> {
    let resource = parser::parse(text).map_err(|(_, errors)| format!("{errors:?}"))?;
    let mut sentences = Vec::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name;
                let read = sentence(message, language).map_err(|fault| format!("`{key}`: {fault}"))?;
                sentences.push((key.to_owned(), read));
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(term) => return Err(format!("`-{}` is a term", term.id.name).into()),
            Entry::Junk { content } => return Err(format!("cannot read `{content}`").into()),
        }
    }
    Ok(sentences)
}

fn sentence(message: &Message<&str>, language: &Language) -> Result<Sentence, Fault> {
    let pattern = message.value.as_ref().ok_or("it says nothing")?;
    if !message.attributes.is_empty() {
        return Err("it has attributes".into());
    }
    let mut facts = BTreeSet::new();
    let said = said(pattern, language, &mut facts)?;
    Ok(Sentence { said, facts })
}

/// What a pattern says. A text around a selector is part of each of its forms.
fn said(pattern: &Pattern<&str>, language: &Language, facts: &mut BTreeSet<String>) -> Result<Said, Fault> {
    let mut counted: Option<String> = None;
    let mut texts = vec![String::new()];
    for element in &pattern.elements {
        let PatternElement::Placeable { expression: Expression::Select { selector, variants } } = element else {
            let part = part(element, facts)?;
            texts.iter_mut().for_each(|text| text.push_str(&part));
            continue;
        };
        let InlineExpression::VariableReference { id } = selector else { return Err("a selector is a fact".into()) };
        if counted.replace(id.name.to_owned()).is_some() {
            return Err("it has two selectors".into());
        }
        facts.insert(id.name.to_owned());
        let before = texts.concat();
        texts = forms(variants, language, facts)?.into_iter().map(|form| format!("{before}{form}")).collect();
    }
    Ok(match counted {
        Some(by) => Said::Counted { by, texts },
        None => Said::Flat(texts.concat()),
    })
}

/// The texts of a selector, one for each form in which the language counts.
fn forms(variants: &[Variant<&str>], language: &Language, facts: &mut BTreeSet<String>) -> Result<Vec<String>, Fault> {
    let name = |variant: &Variant<&str>| match variant.key {
        VariantKey::Identifier { name } => name.to_owned(),
        VariantKey::NumberLiteral { value } => value.to_owned(),
    };
    let named: Vec<String> = variants.iter().map(name).collect();
    if named != language.forms || !variants.last().is_some_and(|last| last.default) {
        return Err(format!("its forms are {named:?} instead of {:?}, the last by default", language.forms).into());
    }
    variants.iter().map(|variant| variant.value.elements.iter().map(|element| part(element, facts)).collect()).collect()
}

/// A piece of a text.
fn part(element: &PatternElement<&str>, facts: &mut BTreeSet<String>) -> Result<String, Fault> {
    let text = match element {
        PatternElement::TextElement { value } => (*value).to_owned(),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
            InlineExpression::VariableReference { id } => {
                facts.insert(id.name.to_owned());
                return Ok(format!("{{{}}}", id.name));
            }
            InlineExpression::StringLiteral { value } => unescape_unicode_to_string(value).into_owned(),
            InlineExpression::NumberLiteral { .. }
            | InlineExpression::FunctionReference { .. }
            | InlineExpression::MessageReference { .. }
            | InlineExpression::TermReference { .. }
            | InlineExpression::Placeable { .. } => return Err("only a fact or a text can stand in braces".into()),
        },
        PatternElement::Placeable { expression: Expression::Select { .. } } => {
            return Err("a selector inside another".into());
        }
    };
    if text.contains(['{', '}']) { Err("a brace is part of the text".into()) } else { Ok(text) }
}
