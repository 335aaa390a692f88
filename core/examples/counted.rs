//! Does one thing so many times, for a program that counts instructions: `counted quote|decide|replay TIMES [EVENTS]`. `cargo xtask instructions`
//! runs it twice and takes the difference, so that starting and reading the booking do not count.

use std::error::Error;
use std::hint::black_box;

#[allow(unreachable_pub, missing_docs, reason = "shared with the benchmark")]
#[path = "../benches/scene.rs"]
mod scene;

use scene::{Scene, replay};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, default: usize| {
        arguments.get(index).map_or(Ok(default), |text| text.parse::<usize>()).map_err(|error| error.to_string())
    };
    let (times, length) = (number(1, 1)?, number(2, 100)?);
    let scene = Scene::new()?;
    let events = scene.history(length)?;
    for _ in 0..times {
        match arguments.first().map(String::as_str) {
            Some("quote") => drop(black_box(black_box(&scene).quote()?)),
            Some("decide") => drop(black_box(black_box(&scene).commit()?)),
            Some("replay") => drop(black_box(replay(black_box(&events), scene.at))),
            _ => return Err("usage: counted quote|decide|replay TIMES [EVENTS]".into()),
        }
    }
    Ok(())
}
