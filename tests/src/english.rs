//! Explanations as sentences, for people who read snapshots and the list of refusals. Not what customers read: the edge words that, in their
//! language and their local time.

use leeway_core::Refusal;

/// Why the rules do not allow something: the message of the refusal, as a sentence.
#[must_use]
pub fn refusal(refusal: &Refusal) -> String {
    sentence(&refusal.to_string())
}

/// A clause with a capital letter and a full stop.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}
