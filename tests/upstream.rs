//! Runs the conformance cases in `tests/conformance` (or in `PROVA_VECTORS`) through the functions
//! that the simulated components themselves use, and prints a line per file.
//!
//! A kind of case that a runner does not know counts as failed, never as skipped. The run fails if
//! a file that [`cases::COMPLETE`] promises has a failing case, or if a vector cannot be read.
//!
//! `cargo test --test upstream -- quantity` runs only the files whose name contains the word.

#![expect(clippy::print_stdout, reason = "the table is what this test is for")]
#![expect(clippy::disallowed_methods, reason = "PROVA_VECTORS names another folder of cases")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod etcd_stage;

#[path = "upstream/mod.rs"]
mod cases;

use cases::case::Case;

/// How one file of cases went.
struct Outcome {
    file: String,
    total: usize,
    /// Failed cases: identity, kind, reason. `None`: no runner knows the file.
    failed: Option<Vec<(String, String, String)>>,
}

fn main() -> ExitCode {
    let folder = std::env::var("PROVA_VECTORS").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance"),
        PathBuf::from,
    );
    // A panic is one failed case with its message, not a wall of text.
    std::panic::set_hook(Box::new(|_| {}));
    let filters: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    match run(&folder, &filters) {
        Ok(outcomes) => report(&outcomes),
        Err(why) => {
            println!("cannot run the cases in {}: {why}", folder.display());
            ExitCode::FAILURE
        }
    }
}

/// Runs every file of the folder that a filter admits, in the order of their names.
fn run(folder: &Path, filters: &[String]) -> Result<Vec<Outcome>, String> {
    let mut outcomes = Vec::new();
    for group in ["k8s", "etcd"] {
        let mut paths: Vec<PathBuf> = match std::fs::read_dir(folder.join(group)) {
            Ok(entries) => entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect(),
            Err(_) => continue,
        };
        paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
        paths.sort();
        for path in paths {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let file = format!("{group}/{stem}");
            if filters.is_empty() || filters.iter().any(|f| file.contains(f.as_str())) {
                let text = std::fs::read_to_string(&path).map_err(|e| format!("{file}: {e}"))?;
                outcomes.push(run_file(file, &text)?);
            }
        }
    }
    if outcomes.is_empty() && filters.is_empty() {
        return Err("no k8s/*.json or etcd/*.json there".to_owned());
    }
    Ok(outcomes)
}

/// Runs one file.
fn run_file(file: String, text: &str) -> Result<Outcome, String> {
    let cases = Case::read_all(text).map_err(|why| format!("{file}: {why}"))?;
    let total = cases.len();
    let runner = cases::RUNNERS.iter().find(|(name, _)| *name == file).map(|(_, run)| *run);
    let failed = runner.map(|runner| {
        cases
            .iter()
            .filter_map(|case| {
                let why = catch_unwind(AssertUnwindSafe(|| runner(case)))
                    .unwrap_or_else(|panic| Err(panic_text(panic.as_ref())))
                    .err()?;
                Some((case.id().to_owned(), case.kind().to_owned(), why))
            })
            .collect()
    });
    Ok(Outcome { file, total, failed })
}

/// What a panic said.
fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    format!("panicked: {text}")
}

/// Prints the table, and judges.
fn report(outcomes: &[Outcome]) -> ExitCode {
    let (mut passed_all, mut failed_all, mut not_run) = (0, 0, 0);
    let mut broken = Vec::new();
    for outcome in outcomes {
        let Outcome { file, total, failed } = outcome;
        let Some(failed) = failed else {
            println!("{file}: not yet run ({total} cases)");
            not_run += total;
            continue;
        };
        let passed = total - failed.len();
        println!("{file}: {passed}/{total}");
        for (id, _, why) in failed {
            println!("    failed: {id}: {}", shorten(why));
        }
        passed_all += passed;
        failed_all += failed.len();
        let counts = |kind: &str| !cases::NOT_YET.contains(&(file.as_str(), kind));
        let breaks = |(id, kind, _): &(String, String, String)| {
            counts(kind) && !cases::DISPUTED.contains(&id.as_str())
        };
        if cases::COMPLETE.contains(&file.as_str()) && failed.iter().any(breaks) {
            broken.push(file.as_str());
        }
    }
    if !broken.is_empty() {
        println!("declared complete, but not: {}", broken.join(", "));
    }
    println!("{passed_all} passed, {failed_all} failed, {not_run} not yet run");
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One line, not endless.
fn shorten(why: &str) -> String {
    let line = why.replace('\n', " ");
    if line.chars().count() <= 400 {
        line
    } else {
        line.chars().take(400).chain("…".chars()).collect()
    }
}
