//! The two things that are shipped, built in order: the browser package, then the worker, with the package and its other files beside it.
//!
//! Cargo decides what to compile. What comes after it (wasm-bindgen, wasm-opt, esbuild) is skipped while its inputs
//! are the ones of the last time.

mod whole;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::setup::BuildTools;
use crate::{Outcome, process, progress, secrets, setup};

/// The worker comes in two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    /// What is deployed.
    Release,
    /// The worker of the tests: its clock can be set. It is never deployed.
    TestDoors,
}

impl Flavor {
    /// Where the built worker is, inside the project.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Release => "build/worker",
            Self::TestDoors => "build/worker-test",
        }
    }

    /// Cargo's profile; its output folder has the same name.
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::TestDoors => "testing",
        }
    }

    fn features(self) -> &'static [&'static str] {
        match self {
            Self::Release => &[],
            Self::TestDoors => &["--features", "test-doors"],
        }
    }
}

/// The wasm features that rustc emits; an optimizer that was not told would refuse them.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The browser package's folder inside the project.
pub(crate) const WEB_FOLDER: &str = "web-pkg/pkg";
/// What the platform serves beside the worker.
pub(crate) const ASSETS_FOLDER: &str = "build/assets";
/// What makes the npm package around what wasm-bindgen made, its sources, and the sentences that it takes along.
const WEB_BUILD: &str = "web-pkg/build.mjs";
const WEB_SCRIPTS: &str = "web-pkg/js";
const SENTENCES: &str = "locales";
/// The file that the build of the package writes last.
const WEB_LAST: &str = "locales/de.js";
const TARGET: &str = "wasm32-unknown-unknown";
const STAMPS: &str = "stamps";
/// How wasm-opt treats the browser package. Putting a function into its only caller saves a few bytes, but large functions number their
/// variables higher and repeat less: gzip wants the small ones.
const WEB_LEVELS: [&str; 2] = ["-Oz", "--one-caller-inline-max-function-size=0"];
/// How it treats the worker. What -O3 adds to -O2 is larger here; functions that are named alike are alike, and gzip sees 32 kB at a time.
const WORKER_LEVELS: [&str; 5] =
    ["-O2", "-s", "1", "--one-caller-inline-max-function-size=0", "--reorder-functions-by-name"];
/// What of the edge lies beside the worker, together with the browser package.
const EDGE_ASSETS: [&str; 4] =
    ["edge/assets/page.js", "edge/assets/page.css", "edge/assets/icon.svg", "edge/openapi.json"];
/// The example of `web-pkg` that measures the rules.
const RULES_ALONE: &str = "quote_us";

/// Installs what is missing and builds everything; also writes what `wrangler dev` needs.
///
/// # Errors
/// A tool is missing or a step failed.
pub(crate) fn build(project: &Project, flavor: Flavor) -> Result<Outcome> {
    worker(project, flavor)?;
    secrets::write_dev_vars(project)?;
    Ok(Outcome::Passed)
}

/// Builds the browser package.
///
/// # Errors
/// A tool is missing or a step failed.
pub(crate) fn browser_package(project: &Project) -> Result<()> {
    let tools = setup::for_build(project)?;
    let _lock = setup::lock(project)?;
    web(project, &tools)
}

/// Builds the browser package and the worker around it.
///
/// # Errors
/// A tool is missing or a step failed.
pub(crate) fn worker(project: &Project, flavor: Flavor) -> Result<()> {
    let tools = setup::for_build(project)?;
    let _lock = setup::lock(project)?;
    web(project, &tools)?;
    edge(project, &tools, flavor)
}

/// Builds the rules as the browser package has them, but with a door that asks them over and over; answers the folder.
///
/// # Errors
/// A tool is missing or a step failed.
pub(crate) fn rules_alone(project: &Project) -> Result<PathBuf> {
    let tools = setup::for_build(project)?;
    let _lock = setup::lock(project)?;
    let args = ["--example", RULES_ALONE, "--package", "leeway-web", "--profile", "web"];
    let raw = compile(project, &args, "web/examples", RULES_ALONE)?;
    let stage = bindgen(project, &tools, &raw, RULES_ALONE, &[])?;
    optimize(&tools, &stage.join(format!("{RULES_ALONE}_bg.wasm")), &WEB_LEVELS)?;
    Ok(stage)
}

fn web(project: &Project, tools: &BuildTools) -> Result<()> {
    let args = ["--lib", "--crate-type", "cdylib", "--package", "leeway-web", "--profile", "web"];
    let raw = compile(project, &args, "web", "leeway_web")?;
    let out = project.path(WEB_FOLDER);
    let mut inputs = vec![fs::read(&raw)?, tools_of(project)?];
    for source in [WEB_BUILD, WEB_SCRIPTS, SENTENCES] {
        read_all(&project.path(source), &mut inputs)?;
    }
    stamped(project, "web", &inputs, &out.join(WEB_LAST), || {
        progress::timed("browser package", || {
            // The address of the .wasm file is what hosts differ in: each host's file has its own.
            let stage = bindgen(project, tools, &raw, "leeway", &["--omit-default-module-path"])?;
            optimize(tools, &stage.join("leeway_bg.wasm"), &WEB_LEVELS)?;
            minify(tools, &stage.join("leeway.js"))?;
            // They are in the script now.
            let _ = fs::remove_dir_all(stage.join("snippets"));
            let _ = fs::remove_dir_all(&out);
            copy_all(&stage, &out)?;
            process::quiet(Command::new("node").arg(WEB_BUILD).current_dir(project.root())).map(drop)
        })
    })?;
    lay_beside(project, &["leeway.js", "leeway_bg.wasm"].map(|name| out.join(name)))
}

/// Copies files into the folder that the platform serves beside the worker.
fn lay_beside(project: &Project, files: &[PathBuf]) -> Result<()> {
    let folder = project.path(ASSETS_FOLDER);
    fs::create_dir_all(&folder)?;
    for file in files {
        let name = file.file_name().context("a file without a name")?;
        fs::copy(file, folder.join(name)).with_context(|| format!("cannot copy `{}`", file.display()))?;
    }
    Ok(())
}

fn edge(project: &Project, tools: &BuildTools, flavor: Flavor) -> Result<()> {
    lay_beside(project, &EDGE_ASSETS.map(|file| project.path(file)))?;
    let mut args = vec!["--lib", "--crate-type", "cdylib", "--package", "leeway-edge", "--profile", flavor.profile()];
    args.extend(flavor.features());
    let raw = compile(project, &args, flavor.profile(), "leeway_edge")?;
    let out = project.path(flavor.folder());
    let entry = project.path("edge/js/entry.mjs");
    let inputs = [fs::read(&raw)?, fs::read(&entry)?, tools_of(project)?];
    stamped(project, flavor.profile(), &inputs, &out.join("index.js"), || {
        progress::timed("worker", || {
            let stage = bindgen(project, tools, &raw, "leeway_edge", &["--experimental-reset-state-function"])?;
            let wasm = "leeway_edge_bg.wasm";
            // The tests' worker is never downloaded, and is built far more often.
            if flavor == Flavor::Release {
                optimize(tools, &stage.join(wasm), &WORKER_LEVELS)?;
            }
            fs::create_dir_all(&out)?;
            fs::copy(stage.join(wasm), out.join(wasm))?;
            bundle(tools, &entry, &stage.join("leeway_edge.js"), &out.join("index.js"))
        })
    })
}

/// Changes when a tool of npm does. wasm-bindgen's version is in what cargo compiled.
fn tools_of(project: &Project) -> Result<Vec<u8>> {
    fs::read(project.path("package-lock.json")).context("cannot read package-lock.json")
}

/// Compiles one crate or example to wasm; answers the file. Of a library one crate type only: beside an `rlib`, cargo leaves out link-time
/// optimization, which is a fifth of the size.
fn compile(project: &Project, args: &[&str], folder: &str, name: &str) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["rustc", "--quiet", "--target", TARGET]).args(args);
    cargo.current_dir(project.root());
    process::shown(&mut cargo)?;
    Ok(project.target(TARGET).join(folder).join(format!("{name}.wasm")))
}

/// Makes the JavaScript around a wasm file, in a scratch folder that it answers.
fn bindgen(project: &Project, tools: &BuildTools, raw: &Path, name: &str, more: &[&str]) -> Result<PathBuf> {
    let stage = project.scratch("bindgen").join(name);
    let _ = fs::remove_dir_all(&stage);
    let mut command = Command::new(&tools.wasm_bindgen);
    command.arg(raw).args(["--target", "web", "--out-name", name]).args(more).arg("--out-dir").arg(&stage);
    process::quiet(&mut command)?;
    Ok(stage)
}

fn optimize(tools: &BuildTools, wasm: &Path, levels: &[&str]) -> Result<()> {
    let mut command = Command::new(&tools.wasm_opt);
    let beside = wasm.with_extension("wasm.new");
    command.arg(wasm).arg("-o").arg(&beside).args(levels).args(["--strip-debug", "--strip-producers"]);
    process::quiet(command.args(WASM_FEATURES))?;
    whole::check(&beside)?;
    fs::rename(&beside, wasm).with_context(|| format!("cannot replace `{}`", wasm.display()))
}

/// Makes one script of what wasm-bindgen made, without what only people read: the documentation is in the types beside it, which the first line
/// leads to.
fn minify(tools: &BuildTools, script: &Path) -> Result<()> {
    let mut command = Command::new(&tools.esbuild);
    command.arg(script).arg(format!("--outfile={}", script.display())).arg("--allow-overwrite");
    command.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error"]);
    command.arg(r#"--banner:js=/* @ts-self-types="./leeway.d.ts" */"#);
    process::quiet(&mut command).map(drop)
}

/// Joins the entry with what wasm-bindgen made into one script.
fn bundle(tools: &BuildTools, entry: &Path, bindings: &Path, out: &Path) -> Result<()> {
    let mut command = Command::new(&tools.esbuild);
    command.arg(entry).arg(format!("--alias:leeway-edge={}", bindings.display()));
    command.arg(format!("--outfile={}", out.display()));
    command.args(["--bundle", "--format=esm", "--platform=neutral", "--target=es2022", "--minify"]);
    command.args(["--external:*.wasm", "--external:cloudflare:*", "--log-level=error"]);
    process::quiet(&mut command).map(drop)
}

/// Does `work` unless `product` is there and was made from the same inputs.
fn stamped(
    project: &Project,
    name: &str,
    inputs: &[Vec<u8>],
    product: &Path,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = project.scratch(STAMPS).join(name);
    let fingerprint = fingerprint(inputs);
    if product.exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == fingerprint) {
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    work()?;
    fs::create_dir_all(project.scratch(STAMPS))?;
    fs::write(&stamp, fingerprint).with_context(|| format!("cannot write `{}`", stamp.display()))
}

/// Tells changed inputs from unchanged ones; guards against accidents, not against attacks.
fn fingerprint(inputs: &[Vec<u8>]) -> String {
    let mut hasher = DefaultHasher::new();
    inputs.hash(&mut hasher);
    include_str!("build.rs").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Reads a file, or every file below a folder, in the order of their names.
fn read_all(path: &Path, contents: &mut Vec<Vec<u8>>) -> Result<()> {
    if path.is_file() {
        contents.push(fs::read(path)?);
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().try_for_each(|path| read_all(path, contents))
}

pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_inputs_apart() {
        let (a, b) = (fingerprint(&[b"a".to_vec(), b"b".to_vec()]), fingerprint(&[b"ab".to_vec(), vec![]]));
        assert_ne!(a, b);
        assert_eq!(a, fingerprint(&[b"a".to_vec(), b"b".to_vec()]));
    }

    #[test]
    fn the_tests_worker_is_never_where_the_deployed_one_is() {
        assert_ne!(Flavor::Release.folder(), Flavor::TestDoors.folder());
    }
}
