//! Every scenario parses without a finding, runs, meets its expectations and breaks no law.

mod common;

use prova::lab::{Options, Outcome, Run};
use prova::scenario::{Overrides, load};

#[test]
fn every_scenario_meets_its_expectations() {
    let mut wrong = Vec::new();
    for name in common::scenario_names() {
        let plan = common::plan(&name);
        let mut run = Run::new(plan.clone(), Options::default()).expect("a checked plan is built");
        let report = run.finish();
        for (expectation, outcome) in plan.expect.iter().zip(&report.outcomes) {
            if let Outcome::Broken(finding) = outcome {
                let word = expectation.value.word();
                wrong.push(format!("{name}: {word} at {}: {}", finding.at, finding.seen));
            }
        }
        for violation in &report.violations {
            wrong
                .push(format!("{name}: {} at {}: {}", violation.law, violation.at, violation.seen));
        }
        assert!(!plan.expect.is_empty(), "{name} expects nothing");
        assert!(!plan.notes.trim().is_empty(), "{name} has no notes");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_scenario_has_a_finding() {
    let names = common::scenario_names();
    let large = ["scale/5000-nodes".to_owned()];
    for name in names.iter().chain(&large) {
        let file = format!("scenarios/{name}.ron");
        let loaded = load(&[&file], &Overrides::default(), &common::Files);
        let codes: Vec<String> =
            loaded.diagnostics.iter().map(|found| format!("{:?}", found.code)).collect();
        assert!(loaded.value.is_some() && !loaded.has_errors(), "{file}: {codes:?}");
    }
}
