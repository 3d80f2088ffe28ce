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

/// Every file that a learner reads.
fn read_by_learners(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_by_learners(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push((path.display().to_string(), text));
        }
    }
}

/// Words of the glossary are used, and a common noun takes its suffix without an apostrophe
/// (podun; but `Pod'un` where the kind is meant, as in a heading).
#[test]
fn the_words_are_those_of_the_glossary_and_pods_take_their_suffixes_bare() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["book/src", "book/quizzes", "scenarios"] {
        read_by_learners(&root.join(folder), &mut files);
    }
    // The file with the diagnostics' own rule names the words that it forbids.
    read_by_learners(&root.join("src/texts"), &mut files);
    files.retain(|(name, _)| !name.ends_with("texts/diagnostics/mod.rs"));
    assert!(files.len() > 100, "{}", files.len());
    let banned = ["konteynır", "replika", "deploy et", "schedule et", "simülasyon", "mevcut durum"];
    for (name, text) in &files {
        let text = text.to_lowercase();
        for word in banned {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
    for (name, text) in &files {
        for (line, text) in text.lines().enumerate() {
            let suffix = text
                .split("pod'")
                .skip(1)
                .find(|rest| rest.starts_with(char::is_alphabetic) && !rest.starts_with("s "));
            assert!(suffix.is_none(), "{name}:{}: {text}", line + 1);
        }
    }
}
