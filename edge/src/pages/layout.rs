//! The shell of every page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assets;
use crate::reader::Reader;
use crate::words::{Language, Word};

/// What the shell needs to know.
pub struct Shell<'a> {
    pub reader: &'a Reader,
    /// The same page in every language, where there is one to choose.
    pub languages: Option<[(Language, String); 3]>,
    pub title: &'a str,
    /// Whose booking; nobody's where the link is not known.
    pub operator: Option<&'a str>,
    pub script: Script,
    pub width: Width,
}

/// How wide the content may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Two columns, where there is room.
    Columns,
    /// One column of text.
    Text,
}

/// Does the page come alive?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Yes,
    No,
}

/// A whole page.
pub fn shell(shell: &Shell<'_>, content: &Markup) -> Markup {
    let version = assets::VERSION;
    html! {
        (DOCTYPE)
        html lang=(shell.reader.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="format-detection" content="telephone=no, date=no, address=no, email=no";
                title {
                    (shell.title)
                    @if let Some(operator) = shell.operator { " – " (operator) }
                }
                link rel="stylesheet" href=(format!("/assets/page.css?v={version:x}"));
                link rel="icon" type="image/svg+xml" href=(format!("/assets/icon.svg?v={version:x}"));
                @if shell.script == Script::Yes {
                    link rel="modulepreload" href=(format!("/assets/leeway.js?v={version:x}"));
                    script type="module" src=(format!("/assets/page.js?v={version:x}")) {}
                }
            }
            body.slim[shell.width == Width::Text] {
                a.skip href="#content" { (shell.reader.say(Word::PageSkip)) }
                @if let Some(operator) = shell.operator {
                    header.top { p.operator { (operator) } }
                }
                main #content tabindex="-1" { (content) }
                @if shell.operator.is_some() || shell.languages.is_some() {
                    footer.bottom {
                        @if let Some(operator) = shell.operator { p { (shell.reader.say(Word::PageFooter { operator })) } }
                        @if let Some(languages) = &shell.languages { (switch(shell.reader, languages)) }
                    }
                }
            }
        }
    }
}

/// The way to another language.
fn switch(reader: &Reader, languages: &[(Language, String)]) -> Markup {
    html! {
        nav.languages aria-label=(reader.say(Word::PageLanguage)) {
            @for (language, address) in languages {
                @if *language == reader.language { span aria-current="true" { (language.name()) } }
                @else { a href=(address) lang=(language.tag()) hreflang=(language.tag()) rel="alternate" { (language.name()) } }
            }
        }
    }
}

/// A sum: what it is and how much, each on its side.
pub fn sum(name: &str, amount: &str, slot: Option<&str>) -> Markup {
    html! { div { dt { (name) } dd data-slot=[slot] { (amount) } } }
}

/// A drawn sign, seen and not read aloud.
pub fn icon(path: &str) -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" {
            path d=(path) fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" {}
        }
    }
}

/// JSON inside a page: no text in it can end the element.
pub fn embedded(id: &str, json: &str) -> Markup {
    let safe = json.replace('<', "\\u003c").replace("\u{2028}", "\\u2028").replace("\u{2029}", "\\u2029");
    html! { script type="application/json" id=(id) { (PreEscaped(safe)) } }
}

#[cfg(test)]
mod tests {
    #[test]
    fn embedded_json_ends_where_we_say() {
        let page = super::embedded("data", r#"{"name":"</script><script>"}"#).into_string();
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(page.contains(r"\u003c/script>"));
    }
}
