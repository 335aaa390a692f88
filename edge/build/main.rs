//! What cargo does before it compiles the worker: it compiles the sentences, takes what only people read out of the migrations, and tells one
//! browser package from another.

mod migrations;
mod package;
mod words;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    package::version()?;
    migrations::strip()?;
    words::compile()
}
