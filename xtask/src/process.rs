//! Running other programs to their end. Programs that stay, such as workerd, are in `worker`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::Outcome;

const TAIL_LINES: usize = 40;

/// Runs a program without showing what it prints, and answers its stdout.
///
/// # Errors
/// It cannot be started, or it failed: then the end of what it printed is in the message.
pub(crate) fn quiet(command: &mut Command) -> Result<String> {
    let name = name(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{name}`"))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(stdout);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    bail!("`{name}` failed ({}):\n{}", output.status, tail(&format!("{stdout}{stderr}")))
}

/// Runs a program that shows what it does on stderr.
///
/// # Errors
/// It cannot be started, or it failed.
pub(crate) fn shown(command: &mut Command) -> Result<()> {
    let name = name(command);
    let command = command.stdin(Stdio::null()).stdout(Stdio::from(std::io::stderr()));
    let status = command.status().with_context(|| format!("cannot start `{name}`"))?;
    if status.success() { Ok(()) } else { bail!("`{name}` failed ({status})") }
}

/// Runs a program, passing on each line of its stdout to `line`; answers how it ended.
///
/// # Errors
/// It cannot be started, or its output cannot be read.
pub(crate) fn lines(command: &mut Command, mut line: impl FnMut(&str)) -> Result<Outcome> {
    let name = name(command);
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start `{name}`"))?;
    let stdout = child.stdout.take().with_context(|| format!("`{name}` has no output"))?;
    for bytes in BufReader::new(stdout).split(b'\n') {
        line(&String::from_utf8_lossy(&bytes?));
    }
    Ok(if child.wait()?.success() { Outcome::Passed } else { Outcome::Failed })
}

fn name(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    match command.get_args().next() {
        Some(first) => format!("{program} {}", first.to_string_lossy()),
        None => program,
    }
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_the_program_said() {
        let error = quiet(Command::new("sh").args(["-c", "echo no such tool >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("no such tool"), "{error}");
        assert!(quiet(&mut Command::new("/does/not/exist")).is_err());
    }

    #[test]
    fn lines_arrive_one_by_one() {
        let mut seen = Vec::new();
        let outcome = lines(Command::new("sh").args(["-c", "echo a; echo b"]), |line| seen.push(line.to_owned()));
        assert_eq!((outcome.unwrap(), seen), (Outcome::Passed, vec!["a".to_owned(), "b".to_owned()]));
    }
}
