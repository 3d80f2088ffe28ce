//! The book keeps its word: every claim holds in its scenario, every name in it exists.

use std::path::Path;

use prova::book::shelf::Shelf;

#[test]
fn every_claim_of_the_book_is_true_and_every_name_in_it_exists() {
    let shelf = Shelf::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    let found = shelf.check();
    let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(shelf.chapters.len() >= 18, "{} chapters", shelf.chapters.len());
    assert!(found.uncovered.is_empty(), "rows without a chapter: {}", found.uncovered.join(" "));
}
