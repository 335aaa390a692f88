//! Writes the TypeScript types from the Rust types, and fails where `js/types.ts` differs from them.
//!
//! After a change of the rules' types: `LEEWAY_WRITE=1 cargo test -p leeway-web --test types`.

#![cfg(not(target_arch = "wasm32"))]

use std::any::TypeId;
use std::collections::BTreeMap;
use std::path::Path;

use leeway_core::balance::Totals;
use leeway_core::timeline::Segment;
use leeway_core::{Action, Actor, Booking, Offer, Options, Quote, Refusal, Selection};
use ts_rs::{Config, TS, TypeVisitor};

/// What the doors add to the rules' types.
const HEAD: &str = "\
// The types of what goes in and out. Made from the Rust types by `web-pkg/tests/types.rs`; edit those.

/** What a door answers: a value, or the rules' \"no\". Malformed calls throw a `TypeError` instead. */
export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** An instant that is asked about: RFC 3339 with a zone, or what `JSON.stringify` writes as such: a `Date`, a `Temporal.Instant`. */
export type At = Instant | Date | { toJSON(): string };

/** The stable code of a refusal. */
export type RefusalCode = Refusal[\"code\"];

/** What a value can be tried for. */
export type What = \"booking\" | \"action\" | \"selection\" | \"offers\";

/** What is wrong with a value: where, as in `items[0].lines[2].price`, and a sentence about it. The value itself has the path `\"\"`. */
export type Mistake = { path: string; message: string };
";

/// Every type that can be reached from the doors, by name.
struct Declarations {
    config: Config,
    seen: Vec<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        T::visit_dependencies(self);
        // A type without a file of its own is one of the language's: a string, an array.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}\n", T::decl(&self.config));
            self.by_name.insert(T::ident(&self.config), tidy(&declaration));
        }
    }
}

/// Leaves out what only readers of the Rust source need.
fn tidy(declaration: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut in_example = false;
    for line in declaration.lines() {
        let fence = line.trim_start() == "* ```";
        in_example ^= fence;
        if !fence && !in_example && !line.starts_with(" * Source: ") {
            lines.push(line.trim_end());
        }
    }
    indented(&lines.join("\n").replace("\n *\n */", "\n */"))
}

/// Sets a line for each brace that holds more than a line, as people write them: wasm-bindgen indents by the braces at line ends.
fn indented(declaration: &str) -> String {
    let (mut text, mut depths) = (String::new(), Vec::new());
    let break_line = |text: &mut String, depth: usize| {
        text.truncate(text.trim_end().len());
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    let mut rest = declaration;
    while let Some(char) = rest.chars().next() {
        let long = |depths: &[bool]| depths.iter().filter(|long| **long).count();
        if let Some(doc) = rest.strip_prefix("/**").and_then(|doc| doc.split_once("*/")).map(|(doc, _)| doc) {
            let lines: Vec<&str> =
                doc.lines().map(|line| line.trim_start_matches(" *").trim()).filter(|l| !l.is_empty()).collect();
            match lines.as_slice() {
                [line] => text += &format!("/** {line} */"),
                lines => {
                    let indent = "  ".repeat(long(&depths));
                    let body: Vec<String> = lines.iter().map(|line| format!("{indent} * {line}")).collect();
                    text += &format!("/**\n{}\n{indent} */", body.join("\n"));
                }
            }
            rest = &rest[doc.len() + "/***/".len()..];
            continue;
        }
        rest = &rest[char.len_utf8()..];
        match char {
            '{' => {
                let is_long = block(rest).contains('\n');
                depths.push(is_long);
                text.push('{');
                if is_long {
                    break_line(&mut text, long(&depths));
                    rest = rest.trim_start();
                }
            }
            '}' => {
                if depths.pop() == Some(true) {
                    break_line(&mut text, long(&depths));
                }
                text.push('}');
            }
            '\n' => break_line(&mut text, long(&depths)),
            other => text.push(other),
        }
    }
    text.push('\n');
    text
}

/// What stands before the brace that closes this block.
fn block(rest: &str) -> &str {
    let mut open = 1;
    let end = rest.find(|char| {
        open += i32::from(char == '{') - i32::from(char == '}');
        open == 0
    });
    end.map_or(rest, |end| &rest[..end])
}

fn declarations() -> String {
    let config = Config::new().with_large_int("number");
    let mut all = Declarations { config, seen: Vec::new(), by_name: BTreeMap::new() };
    all.visit::<Booking>();
    all.visit::<Action>();
    all.visit::<Actor>();
    all.visit::<Selection>();
    all.visit::<Options>();
    all.visit::<Quote>();
    all.visit::<Refusal>();
    all.visit::<Segment>();
    all.visit::<Totals>();
    all.visit::<Offer>();
    let bodies: Vec<String> = all.by_name.into_values().collect();
    format!("{HEAD}\n{}", bodies.join("\n"))
}

#[test]
fn committed_types_are_those_of_the_rules() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/types.ts");
    let made = declarations();
    if std::env::var_os("LEEWAY_WRITE").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    assert!(committed == made, "`js/types.ts` is old: run `LEEWAY_WRITE=1 cargo test -p leeway-web --test types`");
}
