//! See `leeway_tests::fuzz::policy`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leeway_tests::fuzz::policy(bytes));
