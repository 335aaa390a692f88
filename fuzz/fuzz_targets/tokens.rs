//! See `edge/src/access/fuzzing.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leeway_edge::tokens(bytes));
