//! Structured logs: one JSON object a line. Never a token, a key, a name or an address: only ids, codes and counts.

use std::cell::Cell;
use std::fmt::Display;

use leeway_core::id::OperatorId;
use serde_json::json;

/// What is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// What failed on our side.
    Errors,
    /// That, and every commit.
    Commits,
}

impl Level {
    /// Reads the setting `LOG`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "errors" => Some(Self::Errors),
            "commits" => Some(Self::Commits),
            _ => None,
        }
    }
}

thread_local! {
    static LEVEL: Cell<Level> = const { Cell::new(Level::Commits) };
}

/// Sets what is logged from now on.
pub fn set(level: Level) {
    LEVEL.set(level);
}

/// Something that failed on our side.
pub fn error(event: &str, message: &str) {
    worker::console_error!("{}", json!({ "level": "error", "event": event, "message": message }));
}

/// Something that happened and stays.
pub fn committed(event: &str, operator: OperatorId, subject: impl Display, version: u64) {
    if LEVEL.get() == Level::Errors {
        return;
    }
    let (operator, subject) = (operator.to_string(), subject.to_string());
    let line = json!({ "level": "info", "event": event, "operator": operator, "subject": subject, "version": version });
    worker::console_log!("{line}");
}
