//! Operators' templates: text with variables in brackets, `[CUSTOMER_NAME]`, as operators know them from the products they come from.
//! Deliberately no programming language: no loops, no conditions, no filters. What stands in for conditions: a line that names a variable
//! with nothing in it is left out, and so is a paragraph without lines.
//!
//! A link can have a label, `[BOOKING_CONTROL_URL: See your booking]`; alone in its paragraph it is a button. A block (`[AMOUNTS]`) has
//! lines of its own and stands alone in its paragraph. Other text in brackets is text.
//!
//! See `docs/decisions/0014-templates.md`. Source: requirements E1, F5

use serde::Serialize;

use super::kind::Kind;

/// The longest subject, in characters.
pub const SUBJECT_CHARS_MAX: usize = 200;
/// The longest body, in characters.
pub const BODY_CHARS_MAX: usize = 20_000;
/// No variable has a longer name; what is longer is text.
const NAME_CHARS_MAX: usize = 40;

macro_rules! variables {
    ($($(#[$doc:meta])* $variable:ident $name:literal $form:ident;)*) => {
        /// What a template can name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Variable { $($(#[$doc])* $variable),* }

        impl Variable {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variable),*];

            /// The name between the brackets.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variable => $name),* }
            }

            /// What it stands for.
            pub const fn form(self) -> Form {
                match self { $(Self::$variable => Form::$form),* }
            }
        }
    };
}

/// What a variable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Some words.
    Text,
    /// An address, which can have a label.
    Link,
    /// Lines of its own.
    Block,
}

variables! {
    /// The business.
    OperatorName "OPERATOR_NAME" Text;
    /// Who pays and manages.
    CustomerName "CUSTOMER_NAME" Text;
    CustomerEmail "CUSTOMER_EMAIL" Text;
    CustomerPhone "CUSTOMER_PHONE" Text;
    /// What people call the booking.
    Reference "REFERENCE" Text;
    /// The booking's page: see, pay, cancel, reschedule.
    ControlUrl "BOOKING_CONTROL_URL" Link;
    /// What is booked, or what the message is about: when, who.
    Items "ITEMS" Block;
    /// Every amount with its reason.
    Amounts "AMOUNTS" Block;
    /// Until when canceling is free, or what it costs.
    Terms "CANCELLATION_TERMS" Text;
    /// What was charged.
    FeeAmount "FEE_AMOUNT" Text;
    /// What goes back in all.
    RefundAmount "REFUND_AMOUNT" Text;
    /// Each part of it, and where to: `€38.32 to your card`.
    RefundWay "REFUND_WAY" Text;
    /// What came in.
    PaidAmount "PAID_AMOUNT" Text;
    /// How, as a sentence.
    PaymentMethod "PAYMENT_METHOD" Text;
    /// What is still to be paid.
    AmountDue "AMOUNT_DUE" Text;
    /// Until when.
    DueUntil "DUE_UNTIL" Text;
    /// The page on which to pay.
    PaymentUrl "PAYMENT_URL" Link;
    /// What the operator wrote.
    Note "NOTE" Text;
    /// The last instant at which the message's link works.
    ExpiresAt "EXPIRES_AT" Text;
    /// What went wrong.
    Problem "PROBLEM" Text;
    /// The way into the portal.
    SignInUrl "SIGN_IN_URL" Link;
    /// What somebody filled in.
    Fields "FIELDS" Block;
}

impl Variable {
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|variable| variable.name() == name)
    }
}

/// A template as it is written: a subject and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub subject: Line,
    pub paragraphs: Vec<Vec<Line>>,
}

/// A line of a template.
pub type Line = Vec<Piece>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Variable(Variable),
    /// A link under other words than its address.
    Labeled(Variable, String),
    /// A name in brackets that no variable has.
    Unknown(String),
}

impl Template {
    /// Reads a subject and a body. Every text is a template; [`lint`] says what its writer cannot have meant.
    pub fn parse(subject: &str, body: &str) -> Self {
        let mut paragraphs = vec![Vec::new()];
        for line in body.lines().map(str::trim_end) {
            match paragraphs.last_mut() {
                Some(lines) if !line.is_empty() => lines.push(pieces(line)),
                Some(lines) if lines.is_empty() => {}
                _ => paragraphs.push(Vec::new()),
            }
        }
        paragraphs.retain(|lines| !lines.is_empty());
        Self { subject: pieces(subject.trim()), paragraphs }
    }
}

/// Cuts a line into text and variables.
fn pieces(line: &str) -> Line {
    let mut pieces: Line = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        let found = after.split_once(']').and_then(|(inside, after)| Some((variable(inside)?, after)));
        match found {
            Some((piece, after)) => {
                push_text(&mut pieces, before);
                pieces.push(piece);
                rest = after;
            }
            None => {
                push_text(&mut pieces, before);
                push_text(&mut pieces, "[");
                rest = after;
            }
        }
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text(pieces: &mut Line, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// What stands between brackets, where it looks like a variable: capitals and underscores, or small letters with underscores.
fn variable(inside: &str) -> Option<Piece> {
    let (name, label) = inside.split_once(':').map_or((inside, None), |(name, label)| (name, Some(label.trim())));
    let is_name = (2..=NAME_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && (name.contains('_') || name.bytes().all(|b| b.is_ascii_uppercase()));
    if !is_name {
        return None;
    }
    Some(match (Variable::named(name), label) {
        (None, _) => Piece::Unknown(name.to_owned()),
        (Some(variable), Some(label)) if !label.is_empty() => Piece::Labeled(variable, label.to_owned()),
        (Some(variable), _) => Piece::Variable(variable),
    })
}

/// Where in a template something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "TemplateField"))]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Subject,
    Body,
}

impl Field {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
        }
    }
}

/// What a template's writer cannot have meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "TemplateFinding"))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Finding {
    /// Nothing has this name, or nothing in messages of this kind; with the one that was probably meant.
    UnknownVariable { field: Field, variable: String, nearest: Option<&'static str> },
    /// The message would not carry the link that it is for.
    LinkMissing { field: Field, variable: &'static str },
    /// Only links have labels.
    LabelNotPossible { field: Field, variable: &'static str },
    /// It has lines of its own, so it cannot stand in a sentence.
    BlockNotAlone { field: Field, variable: &'static str },
    /// A subject is words only.
    LinkInSubject { field: Field, variable: &'static str },
    /// It says nothing.
    Empty { field: Field },
    /// It is longer than a message may be.
    TooLong { field: Field, chars_max: usize },
    /// A subject is one line, and no text has control characters.
    ControlCharacter { field: Field },
}

impl Finding {
    /// Where it is.
    pub fn field(&self) -> Field {
        match self {
            Self::UnknownVariable { field, .. }
            | Self::LinkMissing { field, .. }
            | Self::LabelNotPossible { field, .. }
            | Self::BlockNotAlone { field, .. }
            | Self::LinkInSubject { field, .. }
            | Self::Empty { field }
            | Self::TooLong { field, .. }
            | Self::ControlCharacter { field } => *field,
        }
    }
}

/// Checks a template of a kind. One without findings can be stored.
pub fn lint(kind: Kind, subject: &str, body: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (field, text, chars_max) in [(Field::Subject, subject, SUBJECT_CHARS_MAX), (Field::Body, body, BODY_CHARS_MAX)]
    {
        if text.trim().is_empty() {
            findings.push(Finding::Empty { field });
        }
        if text.chars().count() > chars_max {
            findings.push(Finding::TooLong { field, chars_max });
        }
        let breaks = |c: char| field == Field::Body && matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(|c| c.is_control() && !breaks(c)) {
            findings.push(Finding::ControlCharacter { field });
        }
    }
    if !findings.is_empty() {
        // What is not even text is not looked at any closer.
        return findings;
    }
    let template = Template::parse(subject, body);
    for piece in &template.subject {
        findings.extend(misplaced(kind, Field::Subject, piece, Company::Others));
    }
    for lines in &template.paragraphs {
        let company = if lines.iter().map(Vec::len).sum::<usize>() == 1 { Company::Alone } else { Company::Others };
        findings.extend(lines.iter().flatten().filter_map(|piece| misplaced(kind, Field::Body, piece, company)));
    }
    let named = |wanted: Variable| {
        template.paragraphs.iter().flatten().flatten().any(|piece| match piece {
            Piece::Variable(variable) | Piece::Labeled(variable, _) => *variable == wanted,
            Piece::Text(_) | Piece::Unknown(_) => false,
        })
    };
    if let Some(link) = kind.required().filter(|link| !named(*link)) {
        findings.push(Finding::LinkMissing { field: Field::Body, variable: link.name() });
    }
    findings
}

/// Does a piece have its paragraph to itself?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Company {
    Alone,
    Others,
}

fn misplaced(kind: Kind, field: Field, piece: &Piece, company: Company) -> Option<Finding> {
    let (variable, is_labeled) = match piece {
        Piece::Text(_) => return None,
        Piece::Unknown(name) => {
            return Some(Finding::UnknownVariable { field, variable: name.clone(), nearest: nearest(kind, name) });
        }
        Piece::Variable(variable) => (*variable, false),
        Piece::Labeled(variable, _) => (*variable, true),
    };
    let name = variable.name();
    if !kind.variables().contains(&variable) {
        return Some(Finding::UnknownVariable { field, variable: name.to_owned(), nearest: nearest(kind, name) });
    }
    match (variable.form(), field) {
        (Form::Link, Field::Subject) => Some(Finding::LinkInSubject { field, variable: name }),
        (Form::Block, _) if field == Field::Subject || company == Company::Others => {
            Some(Finding::BlockNotAlone { field, variable: name })
        }
        (Form::Text | Form::Block, _) if is_labeled => Some(Finding::LabelNotPossible { field, variable: name }),
        (Form::Text | Form::Link | Form::Block, _) => None,
    }
}

/// The variable of a kind that is spelled most alike, where at most a third of it differs.
fn nearest(kind: Kind, name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    let known = kind.variables().iter().map(|variable| variable.name());
    let (edits, best) = known.map(|known| (distance(&upper, known), known)).min()?;
    (edits.saturating_mul(3) <= best.len().max(upper.len())).then_some(best)
}

/// How many letters have to be added, dropped or replaced (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, one) in a.bytes().enumerate() {
        let mut left = i.saturating_add(1);
        let mut next = vec![left];
        for (other, pair) in b.bytes().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            let replaced = diagonal.saturating_add(usize::from(one != other));
            left = replaced.min(above.saturating_add(1)).min(left.saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_brackets_is_a_variable_where_it_looks_like_one() {
        let text = |text: &str| Piece::Text(text.to_owned());
        for (line, expected) in [
            ("Dear [CUSTOMER_NAME],", vec![text("Dear "), Piece::Variable(Variable::CustomerName), text(",")]),
            ("[see below] [1]", vec![text("[see below] [1]")]),
            ("[a [REFERENCE]", vec![text("[a "), Piece::Variable(Variable::Reference)]),
            ("[CUSTMER_NAME]", vec![Piece::Unknown("CUSTMER_NAME".to_owned())]),
            ("[customer_name]", vec![Piece::Unknown("customer_name".to_owned())]),
            (
                "[BOOKING_CONTROL_URL: Your booking]",
                vec![Piece::Labeled(Variable::ControlUrl, "Your booking".to_owned())],
            ),
            ("[ITEMS", vec![text("[ITEMS")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(line), expected, "{line}");
        }
    }

    #[test]
    fn paragraphs_are_parted_by_empty_lines() {
        let template = Template::parse(" Hello ", "\n\na\nb\n \n\nc\n");
        let lines: Vec<usize> = template.paragraphs.iter().map(Vec::len).collect();
        assert_eq!((template.subject, lines), (vec![Piece::Text("Hello".to_owned())], vec![2, 1]));
    }

    #[test]
    fn what_cannot_be_meant() {
        let good = "Hello\n\n[BOOKING_CONTROL_URL]";
        assert_eq!(lint(Kind::Change, "[REFERENCE]", good), []);
        let found = |subject: &str, body: &str| lint(Kind::Change, subject, body);
        let (field, subject) = (Field::Body, Field::Subject);
        assert_eq!(
            found("[REFERENZ]", good),
            [Finding::UnknownVariable { field: subject, variable: "REFERENZ".to_owned(), nearest: Some("REFERENCE") }]
        );
        assert_eq!(
            found("x", &format!("[REFUND_WAY]\n\n{good}")),
            [Finding::UnknownVariable { field, variable: "REFUND_WAY".to_owned(), nearest: None }]
        );
        assert_eq!(found("x", "Hello"), [Finding::LinkMissing { field, variable: "BOOKING_CONTROL_URL" }]);
        assert_eq!(
            found("[BOOKING_CONTROL_URL]", good),
            [Finding::LinkInSubject { field: subject, variable: "BOOKING_CONTROL_URL" }]
        );
        assert_eq!(found("[AMOUNTS]", good), [Finding::BlockNotAlone { field: subject, variable: "AMOUNTS" }]);
        assert_eq!(
            found("x", &format!("So: [ITEMS]\n\n{good}")),
            [Finding::BlockNotAlone { field, variable: "ITEMS" }]
        );
        assert_eq!(
            found("x", &format!("[REFERENCE: your number]\n\n{good}")),
            [Finding::LabelNotPossible { field, variable: "REFERENCE" }]
        );
        assert_eq!(found(" ", good), [Finding::Empty { field: subject }]);
        assert_eq!(found("a\nb", good), [Finding::ControlCharacter { field: subject }]);
        assert_eq!(found("x", "a\u{7}"), [Finding::ControlCharacter { field }]);
        assert_eq!(found(&"x".repeat(201), good), [Finding::TooLong { field: subject, chars_max: SUBJECT_CHARS_MAX }]);
        assert_eq!(found("x", &"x".repeat(20_001)), [Finding::TooLong { field, chars_max: BODY_CHARS_MAX }]);
    }

    #[test]
    fn spelled_alike() {
        for (a, b, expected) in [("", "", 0), ("abc", "abc", 0), ("abc", "axc", 1), ("abc", "ac", 1), ("", "ab", 2)] {
            assert_eq!(distance(a, b), expected);
            assert_eq!(distance(b, a), expected);
        }
        assert_eq!(nearest(Kind::Canceled, "refund_amount"), Some("REFUND_AMOUNT"));
        assert_eq!(nearest(Kind::Canceled, "QQQQQQQ"), None);
    }
}
