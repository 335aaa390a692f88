//! Structured logs: one JSON object a line. Never a token, a key, a name or an address: only ids, codes and counts.

use std::cell::Cell;
use std::fmt::Display;

use leeway_core::id::OperatorId;
use serde::Serialize;

use crate::host::{console_error, console_log};

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

#[derive(Serialize)]
struct Failed<'a> {
    level: &'static str,
    event: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Done<'a> {
    level: &'static str,
    event: &'a str,
    operator: OperatorId,
    subject: String,
    version: u64,
}

/// Something that failed on our side.
pub fn error(event: &str, message: &str) {
    if let Ok(line) = leeway_json::write(&Failed { level: "error", event, message }) {
        console_error(&line);
    }
}

/// Something that happened and stays.
pub fn committed(event: &str, operator: OperatorId, subject: impl Display, version: u64) {
    if LEVEL.get() == Level::Errors {
        return;
    }
    let subject = subject.to_string();
    if let Ok(line) = leeway_json::write(&Done { level: "info", event, operator, subject, version }) {
        console_log(&line);
    }
}
