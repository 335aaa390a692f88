//! A letter: a template with its variables filled in, as a subject, as plain text and as HTML. The facts are in [`Values`]; nothing here knows a
//! booking.
//!
//! The HTML is for mail programs: tables for the layout and styles in place, since many read nothing else; colors that stay legible where a
//! program turns them dark by itself, and our own dark ones for those that ask; no pictures, nothing fetched, no script.

use leeway_core::Map;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::template::{Form, Line, Piece, Template, Variable};
use crate::words::Language;

/// What the variables of one letter stand for. A variable that is absent has nothing to say: the lines that name it are left out.
pub type Values = Map<Variable, Value>;

/// What a variable stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words, amounts and dates too.
    Text(String),
    /// An address of ours.
    Link(String),
    /// Lines of its own.
    Block(Vec<Row>),
}

/// A line of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub weight: Weight,
    /// What it is.
    pub name: String,
    /// More about it, in smaller letters.
    pub detail: Option<String>,
    /// How much.
    pub amount: Option<String>,
}

/// What a line is in its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Begins a part.
    Heading,
    /// One of several.
    Line,
    /// What they come to.
    Total,
    /// A sentence about them.
    Note,
}

impl Row {
    /// The beginning of a part.
    pub fn heading(name: impl Into<String>) -> Self {
        Self { weight: Weight::Heading, name: name.into(), detail: None, amount: None }
    }

    /// One of several lines.
    pub fn line(name: impl Into<String>, amount: impl Into<String>) -> Self {
        Self { weight: Weight::Line, name: name.into(), detail: None, amount: Some(amount.into()) }
    }

    /// What the lines come to.
    pub fn total(name: impl Into<String>, amount: impl Into<String>) -> Self {
        Self { weight: Weight::Total, name: name.into(), detail: None, amount: Some(amount.into()) }
    }

    /// A sentence.
    pub fn note(name: impl Into<String>) -> Self {
        Self { weight: Weight::Note, name: name.into(), detail: None, amount: None }
    }

    /// With more about it.
    pub fn detailed(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// What is sent, before it becomes bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Fills a template in.
pub fn write(template: &Template, values: &Values, language: Language, operator: &str) -> Letter {
    let paragraphs = said(template, values);
    Letter {
        subject: words(&template.subject, values),
        text: text(&paragraphs, values),
        html: page(&paragraphs, values, language, operator).into_string(),
    }
}

/// The paragraphs that have something to say.
fn said<'a>(template: &'a Template, values: &Values) -> Vec<Vec<&'a Line>> {
    let is_known = |variable: &Variable| match values.get(variable) {
        None => false,
        Some(Value::Text(text) | Value::Link(text)) => !text.is_empty(),
        Some(Value::Block(rows)) => !rows.is_empty(),
    };
    let has_all = |line: &&Line| {
        line.iter().all(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Variable(variable) | Piece::Labeled(variable, _) => is_known(variable),
            // A stored template has none; in a preview the name shows where it would be.
            Piece::Unknown(_) => true,
        })
    };
    let kept = template.paragraphs.iter().map(|lines| lines.iter().filter(has_all).collect::<Vec<_>>());
    kept.filter(|lines| !lines.is_empty()).collect()
}

/// A line as words: of a subject, and of plain text.
fn words(line: &Line, values: &Values) -> String {
    let mut out = String::new();
    for piece in line {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Unknown(name) => out.push_str(&format!("[{name}]")),
            Piece::Variable(variable) => out.push_str(short(*variable, values)),
            Piece::Labeled(variable, label) => {
                out.push_str(label);
                out.push_str(": ");
                out.push_str(short(*variable, values));
            }
        }
    }
    // What people typed into names may break lines; a line stays one.
    out.replace(|c: char| c.is_control(), " ")
}

fn short(variable: Variable, values: &Values) -> &str {
    match values.get(&variable) {
        Some(Value::Text(text) | Value::Link(text)) => text,
        Some(Value::Block(_)) | None => "",
    }
}

/// What stands alone in a paragraph.
fn alone(lines: &[&Line]) -> Option<(Variable, Option<String>)> {
    let [line] = lines else { return None };
    match line.as_slice() {
        [Piece::Variable(variable)] => Some((*variable, None)),
        [Piece::Labeled(variable, label)] => Some((*variable, Some(label.clone()))),
        [] | [Piece::Text(_) | Piece::Unknown(_)] | [_, _, ..] => None,
    }
}

fn text(paragraphs: &[Vec<&Line>], values: &Values) -> String {
    let written: Vec<String> = paragraphs
        .iter()
        .map(|lines| match alone(lines).map(|(variable, label)| (values.get(&variable), label)) {
            Some((Some(Value::Block(rows)), _)) => block_text(rows),
            Some((Some(Value::Link(url)), Some(label))) => format!("{label}:\n{url}"),
            Some((Some(Value::Text(text)), _)) => text.clone(),
            _ => lines.iter().map(|line| words(line, values)).collect::<Vec<_>>().join("\n"),
        })
        .collect();
    written.join("\n\n") + "\n"
}

fn block_text(rows: &[Row]) -> String {
    let mut out = String::new();
    for (index, Row { weight, name, detail, amount }) in rows.iter().enumerate() {
        let detail = detail.as_ref().map(|detail| format!(", {detail}")).unwrap_or_default();
        let amount = amount.as_ref().map(|amount| format!(": {amount}")).unwrap_or_default();
        let (start, end) = match weight {
            Weight::Heading if index > 0 => ("\n\n", ""),
            Weight::Heading => ("", ""),
            Weight::Line => ("\n- ", ""),
            Weight::Total | Weight::Note => ("\n", ""),
        };
        let start = if index == 0 { start.trim_start_matches('\n') } else { start };
        out.push_str(&format!("{start}{name}{detail}{amount}{end}"));
    }
    out
}

const FONT: &str =
    "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:16px;line-height:1.5;";

/// Dark colors, for programs that ask for them. `!important`, since the light ones stand in place.
const STYLE: &str = ":root{color-scheme:light dark;supported-color-schemes:light dark}\
a{text-decoration:underline}\
@media(max-width:480px){.card{padding:24px 18px!important}.out{padding:12px 6px!important}}\
@media(prefers-color-scheme:dark){.out{background:#14181a!important}.card{background:#1c2225!important;border-color:#343c40!important}\
.ink{color:#e9ebe8!important}.soft{color:#a9b1b3!important}.line{border-color:#343c40!important}.accent{color:#6fd0c4!important}\
.go{background:#6fd0c4!important}.go a{color:#06302d!important}}";

fn page(paragraphs: &[Vec<&Line>], values: &Values, language: Language, operator: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                meta name="format-detection" content="telephone=no,date=no,address=no,email=no";
                title { (operator) }
                style { (PreEscaped(STYLE)) }
            }
            body.out style="margin:0;padding:0;background:#f6f5f1" {
                table.out role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f6f5f1;padding:24px 12px" {
                    tr { td align="center" {
                        table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px" {
                            tr { td.accent style={ (FONT) "padding:0 6px 12px;font-weight:650;color:#0a5f5b" } { (operator) } }
                            tr { td.card.ink style={ (FONT) "padding:30px 32px;background:#fffefb;border:1px solid #e0ddd4;border-radius:14px;color:#1d2327;overflow-wrap:anywhere" } {
                                @for (index, lines) in paragraphs.iter().enumerate() {
                                    (paragraph(lines, values, if index == 0 { "" } else { "margin-top:18px" }))
                                }
                            } }
                        }
                    } }
                }
            }
        }
    }
}

fn paragraph(lines: &[&Line], values: &Values, margin: &str) -> Markup {
    match alone(lines).map(|(variable, label)| (values.get(&variable), label)) {
        Some((Some(Value::Block(rows)), _)) => block(rows, margin),
        Some((Some(Value::Link(url)), label)) => button(url, label.as_deref().unwrap_or(url), margin),
        Some((Some(Value::Text(_)) | None, _)) | None => html! {
            p.ink style={ (FONT) "margin:0;color:#1d2327;" (margin) } {
                @for (index, line) in lines.iter().enumerate() {
                    @if index > 0 { br; }
                    @for piece in *line { (inline(piece, values)) }
                }
            }
        },
    }
}

fn inline(piece: &Piece, values: &Values) -> Markup {
    match piece {
        Piece::Text(text) => html! { (text) },
        Piece::Unknown(name) => html! { "[" (name) "]" },
        Piece::Variable(variable) | Piece::Labeled(variable, _) if variable.form() == Form::Link => {
            let url = short(*variable, values);
            let label = if let Piece::Labeled(_, label) = piece { label } else { url };
            html! { a.accent href=(url) style="color:#0a5f5b" { (label) } }
        }
        Piece::Variable(variable) | Piece::Labeled(variable, _) => {
            html! { @for (index, line) in short(*variable, values).lines().enumerate() { @if index > 0 { br; } (line) } }
        }
    }
}

fn button(url: &str, label: &str, margin: &str) -> Markup {
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" border="0" style={ "border-collapse:separate;" (margin) } {
            tr { td.go bgcolor="#0a5f5b" style="background:#0a5f5b;border-radius:10px" {
                a href=(url) style={ (FONT) "display:inline-block;padding:12px 22px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:10px" } { (label) }
            } }
        }
    }
}

fn block(rows: &[Row], margin: &str) -> Markup {
    html! {
        table.line role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style={ "border-collapse:collapse;" (margin) } {
            @for row in rows { (block_row(row)) }
        }
    }
}

fn block_row(row: &Row) -> Markup {
    let Row { weight, name, detail, amount } = row;
    let (class, style) = match weight {
        Weight::Heading => ("ink", "padding:12px 0 2px;font-weight:600;color:#1d2327;"),
        Weight::Line => ("ink line", "padding:7px 0;border-top:1px solid #e0ddd4;color:#1d2327;"),
        Weight::Total => ("ink line", "padding:9px 0;border-top:1px solid #e0ddd4;font-weight:700;color:#1d2327;"),
        Weight::Note => ("soft", "padding:4px 0;font-size:14px;color:#596167;"),
    };
    html! {
        tr {
            td class=(class) valign="top" colspan=[amount.is_none().then_some("2")] style={ (FONT) (style) } {
                (name)
                @if let Some(detail) = detail { br; span.soft style="font-size:14px;font-weight:400;color:#596167" { (detail) } }
            }
            @if let Some(amount) = amount {
                td class=(class) valign="top" align="right" style={ (FONT) (style) "padding-left:16px;white-space:nowrap;text-align:right" } { (amount) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(subject: &str, body: &str, values: &[(Variable, Value)]) -> Letter {
        let values = values.iter().cloned().collect();
        write(&Template::parse(subject, body), &values, Language::English, "Kayaks & Co.")
    }

    fn text(of: &str) -> Value {
        Value::Text(of.to_owned())
    }

    #[test]
    fn a_line_about_nothing_is_left_out() {
        let body = "Hello [CUSTOMER_NAME],\nyour [NOTE]\n\nDue: [AMOUNT_DUE]\nUntil: [DUE_UNTIL]\n\n[ITEMS]\n\nBye";
        let values = [
            (Variable::CustomerName, text("Ana")),
            (Variable::AmountDue, text("€5.00")),
            (Variable::Note, text("")),
            (Variable::Items, Value::Block(Vec::new())),
        ];
        assert_eq!(letter("s", body, &values).text, "Hello Ana,\n\nDue: €5.00\n\nBye\n");
    }

    #[test]
    fn values_are_escaped_in_html_and_keep_to_their_line() {
        let nasty = "<b>A&\"'</b>\r\nBcc: all@example.com";
        let values = [
            (Variable::CustomerName, text(nasty)),
            (Variable::ControlUrl, Value::Link("https://x/b/\"><i>".to_owned())),
        ];
        let letter = letter("To [CUSTOMER_NAME]", "<u>[CUSTOMER_NAME]</u> x\n\n[BOOKING_CONTROL_URL: <see>]", &values);
        assert_eq!(letter.subject, "To <b>A&\"'</b>  Bcc: all@example.com");
        for raw in ["<b>", "<u>", "<i>", "<see>"] {
            assert!(!letter.html.contains(raw), "{raw}");
        }
        assert!(letter.html.contains("&lt;b&gt;A&amp;&quot;"), "{}", letter.html);
        assert!(letter.html.contains("Kayaks &amp; Co."));
    }

    #[test]
    fn blocks_and_links() {
        let rows = vec![
            Row::heading("What it costs"),
            Row::line("50% of €76.65", "€38.33"),
            Row::line("Kayak", "€1.00").detailed("Sat, 10:00"),
            Row::total("You are charged", "€39.33"),
            Row::note("As agreed."),
            Row::heading("Back"),
        ];
        let values =
            [(Variable::Amounts, Value::Block(rows)), (Variable::ControlUrl, Value::Link("https://x/b/T".to_owned()))];
        let letter = letter(
            "s",
            "[AMOUNTS]\n\n[BOOKING_CONTROL_URL: See]\n\nOr [BOOKING_CONTROL_URL: here] ([BOOKING_CONTROL_URL])",
            &values,
        );
        let expected = "What it costs\n- 50% of €76.65: €38.33\n- Kayak, Sat, 10:00: €1.00\nYou are charged: €39.33\nAs agreed.\n\nBack\n\n\
                        See:\nhttps://x/b/T\n\nOr here: https://x/b/T (https://x/b/T)\n";
        assert_eq!(letter.text, expected);
        assert_eq!(letter.html.matches("href=\"https://x/b/T\"").count(), 3);
    }
}
