//! Same seed, same run: twice in a process, in two threads, from a clone half-way, with observers
//! and without, and against the digests pinned in `tests/digests.txt` (which the release build is
//! held against in `.ci/run`).
//!
//! `PROVA_REWRITE=1 cargo test --test determinism` writes the pinned digests anew; whoever does so
//! says in the commit why runs have changed.

#![expect(clippy::disallowed_methods, reason = "threads and the environment are the subject")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use prova::kernel::SimTime;
use prova::lab::{Options, Run};
use prova::scenario::Plan;

fn begin(plan: &Arc<Plan>, options: Options) -> Run {
    Run::new(plan.clone(), options).expect("a checked plan is built")
}

fn digest(plan: &Arc<Plan>, options: Options) -> String {
    begin(plan, options).finish().digest.to_string()
}

/// The digest of the rest of a run, played by a clone taken half-way.
fn from_a_clone(plan: &Arc<Plan>) -> String {
    let mut run = begin(plan, Options::default());
    run.play_until(SimTime::from_nanos(plan.until.as_nanos() / 2));
    let mut clone = run.clone();
    run.finish(); // the original goes on; the clone must not notice
    clone.finish().digest.to_string()
}

#[test]
fn every_scenario_is_the_same_run_every_time() {
    let mut found = BTreeMap::new();
    for name in common::scenario_names() {
        let plan = common::plan(&name);
        let first = digest(&plan, Options::default());
        assert_eq!(digest(&plan, Options::default()), first, "{name}: a second time");
        let unseen = Options { observe: false, ..Options::default() };
        assert_eq!(digest(&plan, unseen), first, "{name}: without observers");
        assert_eq!(from_a_clone(&plan), first, "{name}: from a clone half-way");
        let threads = [plan.clone(), plan.clone()]
            .map(|plan| std::thread::spawn(move || digest(&plan, Options::default())));
        for thread in threads {
            let got = thread.join().expect("a run does not panic");
            assert_eq!(got, first, "{name}: in a thread");
        }
        let other = Options { seed: Some(plan.seed + 1), ..Options::default() };
        assert_ne!(digest(&plan, other), first, "{name}: another seed is another run");
        found.insert(name, first);
    }
    compare_with_the_pinned(&found);
}

fn compare_with_the_pinned(found: &BTreeMap<String, String>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/digests.txt");
    let text: String = found.iter().map(|(name, digest)| format!("{name} {digest}\n")).collect();
    if std::env::var("PROVA_REWRITE").is_ok() {
        std::fs::write(&file, text).expect("the pinned digests can be written");
        return;
    }
    let pinned = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text, pinned, "the runs have changed; see the header of this file");
}

#[test]
fn an_intervention_is_part_of_the_digest() {
    let plan = common::plan("first-pod");
    let mut run = begin(&plan, Options::default());
    let mut other = run.clone();
    other.disturb();
    assert_ne!(run.finish().digest, other.finish().digest);
}
