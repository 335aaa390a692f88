//! Tells one browser package from another: its hash goes into the addresses under which pages load it. A release needs the built package; a
//! check or a native test does without.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::{env, fs};

const FILES: [&str; 2] = ["leeway.js", "leeway_bg.wasm"];

pub(crate) fn version() -> Result<(), Box<dyn std::error::Error>> {
    let package = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../web-pkg/pkg");
    let for_use = env::var("PROFILE")? == "release" && env::var("TARGET")?.starts_with("wasm32");
    let mut hasher = DefaultHasher::new();
    for name in FILES {
        let built = package.join(name);
        println!("cargo::rerun-if-changed={}", built.display());
        match fs::read(&built) {
            Ok(bytes) => bytes.hash(&mut hasher),
            Err(_) if !for_use => {}
            Err(error) => return Err(format!("{}: {error}; `cargo xtask build` makes it", built.display()).into()),
        }
    }
    println!("cargo::rustc-env=LEEWAY_PACKAGE_VERSION={:016x}", hasher.finish());
    Ok(())
}
