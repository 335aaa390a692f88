//! Counts statements and commits, so that tests can hold every door to its number, and the requests that reach any object, so that they can show
//! that one did not. In builds with `test-doors` only.

use std::cell::Cell;

thread_local! {
    static STATEMENTS: Cell<u32> = const { Cell::new(0) };
    static COMMITS: Cell<u32> = const { Cell::new(0) };
    static REQUESTS: Cell<u32> = const { Cell::new(0) };
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

pub fn statement() {
    STATEMENTS.set(STATEMENTS.get().saturating_add(1));
}

/// A statement that writes: outside a transaction it is a commit of its own.
pub fn write() {
    statement();
    if DEPTH.get() == 0 {
        COMMITS.set(COMMITS.get().saturating_add(1));
    }
}

pub fn enter() {
    DEPTH.set(DEPTH.get().saturating_add(1));
}

pub fn leave(committed: bool) {
    DEPTH.set(DEPTH.get().saturating_sub(1));
    if committed && DEPTH.get() == 0 {
        COMMITS.set(COMMITS.get().saturating_add(1));
    }
}

/// A request has reached an object.
pub fn request() {
    REQUESTS.set(REQUESTS.get().saturating_add(1));
}

/// How many have, since the worker started.
pub fn requests() -> String {
    REQUESTS.get().to_string()
}

/// The counts since the last time.
pub fn take() -> String {
    format!("statements={} commits={}", STATEMENTS.take(), COMMITS.take())
}
