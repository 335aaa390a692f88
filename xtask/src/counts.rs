//! What test programs print about how many tests they ran, as numbers.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed.
    pub(crate) failed: u64,
}

impl Counts {
    /// One thing that passed, such as a check of the formatting.
    pub(crate) const PASS: Self = Self { passed: 1, failed: 0 };
    /// One thing that failed.
    pub(crate) const FAIL: Self = Self { passed: 0, failed: 1 };

    /// Adds what one line says: `test result: ok. 3 passed; 0 failed; …` of cargo, `# pass 3` and `# fail 0` of Node.
    pub(crate) fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
        } else if let Some(number) = line.strip_prefix("# pass ") {
            self.passed += number.parse().unwrap_or(0);
        } else if let Some(number) = line.strip_prefix("# fail ").or(line.strip_prefix("# cancelled ")) {
            self.failed += number.parse().unwrap_or(0);
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The number that a runner of vectors prints: `ran 61`, after anything else on its line.
pub(crate) fn ran(line: &str) -> Option<u64> {
    let (before, number) = line.trim().rsplit_once("ran ")?;
    let alone = before.is_empty() || before.ends_with(' ');
    if alone { number.trim().parse().ok() } else { None }
}

fn number_before(text: &str, word: &str) -> u64 {
    let Some((before, _)) = text.split_once(word) else { return 0 };
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], passed: u64, failed: u64) {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read(line));
        assert_eq!(counts, Counts { passed, failed });
    }

    #[test]
    fn cargos_lines_add_up() {
        let ok = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        let failed = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        check(&["running 12 tests", ok, failed], 15, 2);
    }

    #[test]
    fn nodes_lines_add_up() {
        check(&["# tests 5", "# pass 3", "# fail 1", "# cancelled 1", "# skipped 0"], 3, 2);
    }

    #[test]
    fn prose_is_no_count() {
        check(&["the last run had 3 passed", "# passing 4"], 0, 0);
    }

    #[test]
    fn runners_say_how_many_they_ran() {
        assert_eq!(ran("ran 61"), Some(61));
        assert_eq!(ran("    vectors: ran 7"), Some(7));
        assert_eq!(ran("it ran away"), None);
        assert_eq!(ran("overran 3"), None);
    }
}
