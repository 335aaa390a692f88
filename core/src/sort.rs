//! Sorting small lists with little code: each byte is downloaded or loaded, and the standard `sort` brings 13 kB for each type.

use std::collections::BinaryHeap;

/// Sorts by way of a heap. Not stable: where that matters, sort by a key that tells equals apart.
#[must_use]
pub fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}

/// Sorts, and leaves each once.
///
/// ```
/// assert_eq!(leeway_core::sort::distinct(vec![2, 1, 2]), [1, 2]);
/// ```
#[must_use]
pub fn distinct<T: Ord>(items: Vec<T>) -> Vec<T> {
    let mut items = sorted(items);
    items.dedup();
    items
}
