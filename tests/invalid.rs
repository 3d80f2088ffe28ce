//! Every broken text under `scenarios/invalid/` gives exactly the findings beside it.
//!
//! `PROVA_REWRITE=1 cargo test --test invalid` writes the `.expected` files anew; whoever does that
//! reads the difference.

#![expect(clippy::disallowed_methods, reason = "the switch that rewrites golden files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use prova::scenario::source::ReadError;
use prova::scenario::{self, Overrides, render};
use prova::texts::Lang;

/// Fewer broken texts than this would mean that some were lost.
const TEXTS_MIN: usize = 60;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/invalid")
}

fn read(name: &str) -> Result<String, ReadError> {
    let bytes = fs::read(folder().join(name)).map_err(|_| ReadError::NotFound)?;
    String::from_utf8(bytes).map_err(|_| ReadError::NotUtf8)
}

fn broken_texts() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter(|name| scenario::load::is_manifest(name).is_some()).collect();
    names.sort();
    names
}

#[test]
fn every_broken_text_gives_its_golden_findings() {
    let rewrite = std::env::var("PROVA_REWRITE").is_ok();
    let names = broken_texts();
    assert!(names.len() >= TEXTS_MIN, "only {} broken texts", names.len());
    let mut differences = String::new();
    for name in names {
        let loaded = scenario::load(&[&name], &Overrides::default(), &read);
        let shown = render::all_to_text(&loaded.diagnostics, &loaded.files, Lang::Tr);
        let golden = folder().join(format!("{name}.expected"));
        if rewrite {
            fs::write(&golden, &shown).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != shown {
            differences.push_str(&format!("=== {name}\n{shown}\n"));
        }
    }
    assert!(differences.is_empty(), "these findings changed:\n{differences}");
}

#[test]
fn every_broken_text_has_a_finding_and_every_finding_speaks_both_languages() {
    for name in broken_texts() {
        let loaded = scenario::load(&[&name], &Overrides::default(), &read);
        assert!(!loaded.diagnostics.is_empty(), "{name} is not broken");
        for found in &loaded.diagnostics {
            for lang in [Lang::Tr, Lang::En] {
                let text = render::to_text(found, &loaded.files, lang);
                let holes = prova::texts::holes(&text);
                let inside: Vec<_> =
                    holes.iter().filter(|hole| text.contains(&format!("{{{hole}}}"))).collect();
                let known = loaded
                    .files
                    .iter()
                    .any(|file| inside.iter().any(|hole| file.text.contains(**hole)));
                assert!(inside.is_empty() || known, "{name}: an unfilled hole in\n{text}");
            }
            let json = render::to_json(found, &loaded.files, Lang::En);
            assert!(json["line"].as_u64() >= Some(1) && json["code"].is_string(), "{name}: {json}");
        }
    }
}

/// Codes that no scenario can cause: they are about files that cannot be had, about chapters and
/// the learner's progress (the tests of `course` hold those), and about a reader's own keys (those of
/// `dashboard::keyfile` do).
const FILE_CODES: &[&str] = &[
    "P0002", "P0003", "P0005", "P0006", "P0801", "P0802", "P0803", "P0901", "P0902", "P0903",
    "P0904", "P0905", "P0906", "P0907", "P0908",
];

#[test]
fn every_code_stands_in_a_golden_file() {
    let golden: String = broken_texts()
        .iter()
        .map(|name| fs::read_to_string(folder().join(format!("{name}.expected"))).unwrap())
        .collect();
    let missing: Vec<&str> = prova::texts::diagnostics::all()
        .map(|entry| entry.code)
        .filter(|code| !golden.contains(&format!("[{code}]")) && !FILE_CODES.contains(code))
        .collect();
    assert!(missing.is_empty(), "no broken text shows {missing:?}");
}
