//! The simulation for a host that has WebAssembly and nothing else: numbers in, numbers out. `tests/hosts/simulate.mjs` calls it.
//!
//! Not the browser package: nothing of this is shipped, and no bindings are made for it.

use leeway_tests::simulate::{Summary, run_all};

/// Runs seeds from `first` on; answers one hash over theirs. A seed that fails ends the program, since a host that sees no hash
/// knows enough: the native run says why.
#[unsafe(no_mangle)]
pub extern "C" fn run(first: u64, seeds: u32) -> u64 {
    match run_all(first, seeds.into()) {
        Ok(Summary { hash, .. }) => hash.value(),
        Err(_) => std::process::abort(),
    }
}
