//! Puts the browser package where `assets` embeds it. A release needs the built package; a check or a native test does without.

use std::path::{Path, PathBuf};
use std::{env, fs};

const FILES: [&str; 2] = ["leeway.js", "leeway_bg.wasm"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let package = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../web-pkg/pkg");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let for_use = env::var("PROFILE")? == "release" && env::var("TARGET")?.starts_with("wasm32");
    for name in FILES {
        let built = package.join(name);
        println!("cargo::rerun-if-changed={}", built.display());
        match fs::read(&built) {
            Ok(bytes) => fs::write(out.join(name), bytes)?,
            Err(_) if !for_use => fs::write(out.join(name), [])?,
            Err(error) => return Err(format!("{}: {error}; `cargo xtask build` makes it", built.display()).into()),
        }
    }
    Ok(())
}
