//! What a fuzzer once found interesting, done again: `cargo xtask fuzz --keep` adds to it, and every finding becomes a file in it. The tokens' corpus
//! belongs to the edge, whose unit test does the same.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::fs;
use std::path::Path;

use leeway_tests::fuzz::TARGETS;

#[test]
fn nothing_that_a_fuzzer_found_breaks_anything() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus");
    for (name, target) in TARGETS {
        let files: Vec<_> = fs::read_dir(corpus.join(name)).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(files.len() > 10, "there is no corpus of `{name}`");
        files.iter().for_each(|file| target(&fs::read(file).unwrap()));
    }
}
