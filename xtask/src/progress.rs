//! What is going on, and how long it took, on stderr: stdout belongs to results.

use std::time::{Duration, Instant};

/// Says one line.
pub(crate) fn say(line: &str) {
    eprintln!("· {line}");
}

/// Says what is done now, does it, and says how long it took.
pub(crate) fn timed<T, E>(what: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    say(&format!("{what} …"));
    let began = Instant::now();
    let result = work();
    let how = if result.is_ok() { "done" } else { "failed" };
    say(&format!("{what}: {how} in {}", seconds(began.elapsed())));
    result
}

/// A duration as people read it: `0.4 s`, `1 min 12 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 { format!("{:.1} s", time.as_secs_f64()) } else { format!("{} min {} s", whole / 60, whole % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(72)), "1 min 12 s");
    }
}
