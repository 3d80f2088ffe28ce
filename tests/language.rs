//! The scenario language is used as it is described: every word appears in a scenario of the
//! repository, and the template that beginners get loads without a finding.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use prova::scenario::expect::EXPECTATIONS;
use prova::scenario::source::Texts;
use prova::scenario::steps::Action;
use prova::scenario::{self, Overrides, TEMPLATE};

/// The text of every scenario that is meant to run.
fn scenarios() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "ron"));
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_word_of_the_language_is_used_by_a_scenario() {
    let text = scenarios();
    let words = Action::WORDS.iter().chain(EXPECTATIONS);
    let unused: Vec<_> = words.filter(|word| !text.contains(&format!("{word}("))).collect();
    assert!(unused.is_empty(), "no scenario uses {unused:?}");
}

#[test]
fn the_template_loads_without_a_finding() {
    let sources = Texts::new().with("t.ron", TEMPLATE);
    let loaded = scenario::load(&["t.ron"], &Overrides::default(), &sources);
    assert_eq!(loaded.diagnostics, []);
    let plan = loaded.value.unwrap();
    assert_eq!((plan.objects.len(), plan.steps.len(), plan.cluster.nodes.len()), (2, 2, 3));
}

#[test]
fn the_command_line_wins_over_the_file_and_its_slips_are_shown() {
    let sources = Texts::new().with("t.ron", TEMPLATE);
    let overrides = Overrides {
        seed: Some(7),
        until: Some("2h".to_owned()),
        nodes: Some(5),
        settings: vec!["kube-scheduler.kube-api-qps=80".to_owned()],
    };
    let plan = scenario::load(&["t.ron"], &overrides, &sources).value.unwrap();
    assert_eq!((plan.seed, plan.cluster.nodes.len(), plan.until.as_secs()), (7, 5, 7200));
    let qps = plan.cluster.settings.get("kube-scheduler.kube-api-qps");
    assert_eq!(qps.map(String::as_str), Some("80"));
    let overrides = Overrides {
        until: Some("iki saat".to_owned()),
        settings: vec!["renk=mavi".to_owned(), "kube-scheduler.kube-api-qps".to_owned()],
        ..Overrides::default()
    };
    let loaded = scenario::load(&["t.ron"], &overrides, &sources);
    let codes: Vec<&str> = loaded.diagnostics.iter().map(|found| found.code.code).collect();
    assert_eq!(codes, ["P0170", "P0451", "P0452"]);
}

#[test]
fn a_bare_manifest_becomes_a_run_in_which_everything_must_work() {
    let manifest = TEMPLATE.split("inline(r#\"").nth(1).unwrap().split("\"#").next().unwrap();
    let sources = Texts::new().with("web.yaml", manifest);
    let overrides = Overrides { nodes: Some(4), ..Overrides::default() };
    let plan = scenario::load(&["web.yaml"], &overrides, &sources).value.unwrap();
    let words: Vec<&str> = plan.expect.iter().map(|demand| demand.value.word()).collect();
    assert_eq!(words, ["eventually", "eventually"]);
    assert_eq!(plan.cluster.nodes.iter().map(|node| node.name.as_str()).next_back(), Some("n4"));
}
