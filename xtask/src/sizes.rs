//! The sizes of what is shipped, as a browser or Cloudflare receives them: gzip at its best level.

use std::fs;
use std::io::Write as _;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Outcome;
use crate::build::{self, Flavor, WEB_FOLDER};
use crate::project::Project;

/// One shipped thing: its files count together.
#[derive(Debug, Clone, Copy)]
struct Shipped {
    name: &'static str,
    folder: &'static str,
    files: &'static [&'static str],
    gzip_bytes_max: u64,
}

const SHIPPED: [Shipped; 3] = [
    Shipped {
        name: "browser package",
        folder: WEB_FOLDER,
        files: &["leeway_bg.wasm", "rules.js", "web.js"],
        gzip_bytes_max: 100_000,
    },
    Shipped {
        name: "element, with its largest language",
        folder: WEB_FOLDER,
        files: &["element.js", "define.js", "words.js", "locales/pl.js"],
        gzip_bytes_max: 20_000,
    },
    Shipped {
        name: "worker",
        folder: "build/worker",
        files: &["leeway_edge_bg.wasm", "index.js"],
        gzip_bytes_max: 450_000,
    },
];

/// Builds, prints the table, and fails if anything is above its limit.
///
/// # Errors
/// The build fails, or a file that should have been built is not there.
pub(crate) fn sizes(project: &Project) -> Result<Outcome> {
    build::worker(project, Flavor::Release)?;
    measure(project)
}

/// Prints the table for what is built now.
///
/// # Errors
/// A file is missing.
pub(crate) fn measure(project: &Project) -> Result<Outcome> {
    let mut outcome = Outcome::Passed;
    println!("{:<36}{:>12}{:>12}{:>12}", "", "bytes", "gzip", "limit");
    for shipped in SHIPPED {
        let mut total = Size::default();
        for file in shipped.files {
            let path = project.path(shipped.folder).join(file);
            let bytes = fs::read(&path).with_context(|| format!("`{}` has not been built", path.display()))?;
            let size = Size::of(&bytes)?;
            println!("  {file:<34}{:>12}{:>12}", size.bytes, size.gzip_bytes);
            total.bytes += size.bytes;
            total.gzip_bytes += size.gzip_bytes;
        }
        let Shipped { name, gzip_bytes_max, .. } = shipped;
        println!("{name:<36}{:>12}{:>12}{gzip_bytes_max:>12}", total.bytes, total.gzip_bytes);
        if judge(total.gzip_bytes, gzip_bytes_max) == Outcome::Failed {
            outcome = Outcome::Failed;
            println!("{name} is {} bytes above its limit", total.gzip_bytes - gzip_bytes_max);
        }
    }
    Ok(outcome)
}

/// A limit is a size that is still allowed.
fn judge(gzip_bytes: u64, gzip_bytes_max: u64) -> Outcome {
    if gzip_bytes <= gzip_bytes_max { Outcome::Passed } else { Outcome::Failed }
}

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    bytes: u64,
    gzip_bytes: u64,
}

impl Size {
    fn of(bytes: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        Ok(Self { bytes: bytes.len() as u64, gzip_bytes: gzip.finish()?.len() as u64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_itself_is_allowed() {
        assert_eq!(judge(100_000, 100_000), Outcome::Passed);
        assert_eq!(judge(100_001, 100_000), Outcome::Failed);
    }

    #[test]
    fn sizes_are_those_of_gzip() {
        let size = Size::of(&[b'a'; 10_000]).unwrap();
        assert_eq!(size.bytes, 10_000);
        assert!(size.gzip_bytes < 100);
    }
}
