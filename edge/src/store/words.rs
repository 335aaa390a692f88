//! What somebody types into a search field, as full-text search wants it. Every word has to be there, as the beginning of a word: nothing that is
//! typed is taken for an operator.

use crate::problem::Problem;

/// The longest text that is searched for, in characters.
const TEXT_CHARS_MAX: usize = 100;
/// The most words in it.
const WORDS_MAX: usize = 8;

/// The field `q` as an expression of FTS5.
pub fn expression(text: &str) -> Result<String, Problem> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(Problem::malformed("q", format!("at most {TEXT_CHARS_MAX} characters")));
    }
    let words: Vec<&str> = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() || words.len() > WORDS_MAX {
        return Err(Problem::malformed("q", format!("1 to {WORDS_MAX} words")));
    }
    // A single letter begins every other word: it has to be a word itself.
    let quoted =
        |word: &&str| if word.chars().nth(1).is_some() { format!("\"{word}\"*") } else { format!("\"{word}\"") };
    Ok(words.iter().map(quoted).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn words_and_nothing_else() {
        assert_eq!(expression("Ana Kovač").unwrap(), "\"Ana\"* \"Kovač\"*");
        assert_eq!(expression("ana@example.com").unwrap(), "\"ana\"* \"example\"* \"com\"*");
        assert_eq!(expression("LW-000012").unwrap(), "\"LW\"* \"000012\"*");
        assert_eq!(expression("a \" OR NEAR(b) * x:y").unwrap(), "\"a\" \"OR\"* \"NEAR\"* \"b\" \"x\" \"y\"");
        for text in ["", " - \"*", "a b c d e f g h i", &"a".repeat(101)] {
            assert_eq!(expression(text).unwrap_err().path(), Some("q"), "{text}");
        }
    }
}
