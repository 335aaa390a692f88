//! What the rules cost: `cargo bench -p leeway-core`. Figures are printed, never asserted; docs/figures.md has those of one machine.

#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::error::Error;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use leeway_core::{options, timeline};

#[allow(unreachable_pub, missing_docs, reason = "shared with an example")]
mod scene;

use scene::{Scene, replay};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    questions(&mut criterion, &Scene::new()?);
    replays(&mut criterion, &Scene::new()?)?;
    criterion.final_summary();
    Ok(())
}

fn questions(criterion: &mut Criterion, scene: &Scene) {
    criterion.bench_function("quote", |bencher| bencher.iter(|| black_box(scene).quote()));
    criterion.bench_function("decide and apply", |bencher| bencher.iter(|| black_box(scene).commit()));
    criterion.bench_function("options", |bencher| bencher.iter(|| options(black_box(&scene.booking), scene.at)));
    let all = leeway_core::Selection::All;
    criterion.bench_function("timeline", |bencher| bencher.iter(|| timeline(black_box(&scene.booking), &all)));
}

/// An event costs the same however long the history is.
fn replays(criterion: &mut Criterion, scene: &Scene) -> Result<(), Box<dyn Error>> {
    let mut group = criterion.benchmark_group("replay");
    for length in [10_usize, 100, 1_000] {
        let events = scene.history(length)?;
        group.throughput(Throughput::Elements(u64::try_from(length)?));
        group.bench_with_input(BenchmarkId::from_parameter(length), &events, |bencher, events| {
            bencher.iter(|| replay(black_box(events), scene.at));
        });
    }
    group.finish();
    Ok(())
}
