//! The sizes of what is shipped, as a browser or Cloudflare receives them: gzip at its best level.

use std::fs;
use std::io::Write as _;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Outcome;
use crate::build::{self, Flavor, WEB_FOLDER};
use crate::project::Project;

/// The table in the package's README.
const README: &str = "web-pkg/README.md";
const TABLE_FROM: &str = "<!-- sizes: LEEWAY_WRITE=1 cargo xtask sizes -->\n";
const TABLE_TO: &str = "<!-- /sizes -->";
/// Another build of the standard library makes another size: a README that is off by less, in hundredths, is true.
const OFF_PERCENT_MAX: u64 = 2;

/// One shipped thing: its files count together.
#[derive(Debug, Clone, Copy)]
struct Shipped {
    name: &'static str,
    /// What the README says instead of the name; nothing where it is none of the package.
    told: Option<&'static str>,
    folder: &'static str,
    files: &'static [&'static str],
    gzip_bytes_max: Option<u64>,
}

const SHIPPED: [Shipped; 5] = [
    Shipped {
        name: "browser package",
        told: Some("`leeway`: `.wasm`, `rules.js`, `web.js`"),
        folder: WEB_FOLDER,
        files: &["leeway_bg.wasm", "rules.js", "web.js"],
        gzip_bytes_max: Some(100_000),
    },
    Shipped {
        name: "element, with its largest language",
        told: Some("`leeway/element/define` beside it, with `words.js` and one language (Polish, the largest)"),
        folder: WEB_FOLDER,
        files: &["element.js", "define.js", "words.js", "locales/pl.js"],
        gzip_bytes_max: Some(20_000),
    },
    Shipped {
        name: "sentences, in English",
        told: Some("`leeway/words` and one language alone (English)"),
        folder: WEB_FOLDER,
        files: &["words.js", "locales/en.js"],
        gzip_bytes_max: None,
    },
    Shipped {
        name: "all in one file",
        told: Some("`leeway/inline`, in place of the first row"),
        folder: WEB_FOLDER,
        files: &["inline.js", "rules.js"],
        gzip_bytes_max: None,
    },
    Shipped {
        name: "worker",
        told: None,
        folder: "build/worker",
        files: &["leeway_edge_bg.wasm", "index.js"],
        gzip_bytes_max: Some(450_000),
    },
];

/// Builds, prints the table, and fails if anything is above its limit or the README says something else.
///
/// # Errors
/// The build fails, or a file that should have been built is not there.
pub(crate) fn sizes(project: &Project) -> Result<Outcome> {
    build::worker(project, Flavor::Release)?;
    let row = |shipped| Ok((shipped, measured(project, shipped)?));
    let rows = SHIPPED.into_iter().map(row).collect::<Result<Vec<_>>>()?;
    let outcomes = [within_limits(&rows), readme(project, &rows)?];
    Ok(if outcomes.contains(&Outcome::Failed) { Outcome::Failed } else { Outcome::Passed })
}

fn within_limits(rows: &[(Shipped, Vec<Size>)]) -> Outcome {
    let mut outcome = Outcome::Passed;
    println!("{:<36}{:>12}{:>12}{:>12}", "", "bytes", "gzip", "limit");
    for (shipped, sizes) in rows {
        for (file, size) in shipped.files.iter().zip(sizes) {
            println!("  {file:<34}{:>12}{:>12}", size.bytes, size.gzip_bytes);
        }
        let Size { bytes, gzip_bytes } = Size::sum(sizes);
        let limit = shipped.gzip_bytes_max.map(|limit| limit.to_string()).unwrap_or_default();
        println!("{}", format!("{:<36}{bytes:>12}{gzip_bytes:>12}{limit:>12}", shipped.name).trim_end());
        if let Some(limit) = shipped.gzip_bytes_max
            && judge(gzip_bytes, limit) == Outcome::Failed
        {
            outcome = Outcome::Failed;
            println!("{} is {} bytes above its limit", shipped.name, gzip_bytes - limit);
        }
    }
    outcome
}

fn measured(project: &Project, shipped: Shipped) -> Result<Vec<Size>> {
    let size = |file: &&str| {
        let path = project.path(shipped.folder).join(file);
        let bytes = fs::read(&path).with_context(|| format!("`{}` has not been built", path.display()))?;
        Size::of(&bytes)
    };
    shipped.files.iter().map(size).collect()
}

/// Holds the README's table against what was measured, or writes it.
fn readme(project: &Project, rows: &[(Shipped, Vec<Size>)]) -> Result<Outcome> {
    let path = project.path(README);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{README}`"))?;
    let (before, rest) = text.split_once(TABLE_FROM).with_context(|| format!("`{README}` has no `{TABLE_FROM}`"))?;
    let (table, after) = rest.split_once(TABLE_TO).with_context(|| format!("`{README}` has no `{TABLE_TO}`"))?;
    if std::env::var_os("LEEWAY_WRITE").is_some() {
        fs::write(&path, [before, TABLE_FROM, &written(rows), TABLE_TO, after].concat())?;
        return Ok(Outcome::Passed);
    }
    let told = numbers(table);
    let measured = numbers(&written(rows));
    let is_true = told.len() == measured.len() && told.iter().zip(&measured).all(|(told, is)| close(*told, *is));
    if !is_true {
        println!("`{README}` tells other sizes: run `LEEWAY_WRITE=1 cargo xtask sizes`");
        return Ok(Outcome::Failed);
    }
    Ok(Outcome::Passed)
}

/// The table as the README has it.
fn written(rows: &[(Shipped, Vec<Size>)]) -> String {
    let mut table = "| | bytes | limit |\n| --- | --- | --- |\n".to_owned();
    for (shipped, sizes) in rows {
        if let Some(told) = shipped.told {
            let limit = shipped.gzip_bytes_max.map(grouped).unwrap_or_default();
            let size = grouped(Size::sum(sizes).gzip_bytes);
            table.push_str(&format!("| {told} | {size} | {limit} |\n").replace(" |  |", " | |"));
        }
    }
    table
}

/// `79573` as `79,573`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The numbers that stand in a table's cells.
fn numbers(table: &str) -> Vec<u64> {
    table.split('|').filter_map(|cell| cell.trim().replace(',', "").parse().ok()).collect()
}

fn close(told: u64, is: u64) -> bool {
    told.abs_diff(is) * 100 <= is * OFF_PERCENT_MAX
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
    fn sum(sizes: &[Self]) -> Self {
        sizes.iter().fold(Self::default(), |sum, size| Self {
            bytes: sum.bytes + size.bytes,
            gzip_bytes: sum.gzip_bytes + size.gzip_bytes,
        })
    }

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
    fn a_table_tells_what_was_measured() {
        let rows = SHIPPED.map(|shipped| (shipped, vec![Size { bytes: 5_000_000, gzip_bytes: 1_234_567 }]));
        let table = written(&rows);
        assert!(table.contains("| 1,234,567 | 100,000 |\n"), "{table}");
        assert!(table.contains("one language alone (English) | 1,234,567 | |\n"), "{table}");
        assert_eq!(numbers(&table), [1_234_567, 100_000, 1_234_567, 20_000, 1_234_567, 1_234_567]);
        assert_eq!(
            ["0", "999", "1,000", "79,573"],
            [0, 999, 1_000, 79_573].map(grouped).each_ref().map(String::as_str)
        );
        assert!(close(102, 100) && close(98, 100) && !close(103, 100) && !close(97, 100));
    }

    #[test]
    fn sizes_are_those_of_gzip() {
        let size = Size::of(&[b'a'; 10_000]).unwrap();
        assert_eq!(size.bytes, 10_000);
        assert!(size.gzip_bytes < 100);
    }
}
