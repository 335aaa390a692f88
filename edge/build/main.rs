//! What cargo does before it compiles the worker: it compiles the sentences, and tells one browser package from another.

mod package;
mod words;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    package::version()?;
    words::compile()
}
