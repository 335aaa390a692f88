//! Makes the zone database that `src/zones.rs` reads. Without the feature `tz` there is none, and nothing to do.

#[cfg(feature = "tz")]
#[path = "build/zones.rs"]
mod zones;

#[cfg(feature = "tz")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build/zones.rs");
    zones::write(std::path::Path::new(&std::env::var("OUT_DIR")?))
}

#[cfg(not(feature = "tz"))]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
}
