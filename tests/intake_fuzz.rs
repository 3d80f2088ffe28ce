//! Whatever bytes come in, the intake answers: it never panics, never hangs, and what it says can
//! be shown in both languages.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use prova::scenario::diagnostic::Diagnostics;
use prova::scenario::source::{Files, ReadError, Texts};
use prova::scenario::{self, Overrides, render, ron};
use prova::texts::Lang;

/// Texts that mutations start from: every valid scenario and manifest.
fn seeds() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut texts);
    texts.sort();
    assert!(texts.len() >= 20, "the scenarios are gone");
    texts
}

fn collect(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, texts);
        } else if scenario::load::is_manifest(&name).is_some() {
            texts.push((name.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Loads a text under a name and shows all findings; panics where the intake or the renderer do.
fn swallow(name: &str, text: &str) {
    let sources = Texts::new().with(name, text);
    let loaded = scenario::load(&[name], &Overrides::default(), &sources);
    for lang in [Lang::Tr, Lang::En] {
        let shown = render::all_to_text(&loaded.diagnostics, &loaded.files, lang);
        assert!(!shown.chars().any(|letter| letter.is_control() && letter != '\n'), "{shown:?}");
    }
    for found in &loaded.diagnostics {
        let value = render::to_json(found, &loaded.files, Lang::En);
        assert!(value["code"].is_string());
    }
    assert!(loaded.value.is_some() || loaded.has_errors(), "no plan, and nobody says why");
}

/// Letters that mean something to one of the two readers, and some that hurt.
const SPICE: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "'",
    "\\",
    "#",
    "r#\"",
    "\"#",
    "/*",
    "*/",
    "//",
    "- ",
    "? ",
    ": ",
    "---\n",
    "...\n",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "|\n",
    ">-\n",
    "\t",
    "\n",
    " ",
    "\u{0}",
    "ğ",
    "İ",
    "\u{202e}",
    "\u{feff}",
    "💥",
    "-1",
    "1e999",
    "0x",
    "null",
    "~",
    "yes",
    "Some(",
    "None",
    "999999999999999999999999",
    "\"60s\"",
    "crash(",
    "apiVersion",
    "kind",
    "%YAML 1.2\n",
    "@",
    "`",
    "\r",
    "\u{85}",
    "\u{2028}",
];

/// One change: where (in thousandths of the text), what, and how many bytes go.
type Change = (usize, usize, usize);

fn mutate(text: &str, changes: &[Change]) -> String {
    let mut out = text.to_owned();
    for (place, spice, gone) in changes {
        let mut at = (out.len() * place / 1000).min(out.len());
        while !out.is_char_boundary(at) {
            at -= 1;
        }
        let mut end = (at + gone).min(out.len());
        while !out.is_char_boundary(end) {
            end += 1;
        }
        out.replace_range(at..end, SPICE[spice % SPICE.len()]);
    }
    out
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((0usize..=1000, 0usize..SPICE.len(), 0usize..12), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        swallow("x.yaml", &text);
        swallow("x.ron", &text);
    }

    #[test]
    fn random_words_never_panic(words in prop::collection::vec(0usize..SPICE.len(), 0..80)) {
        let text: String = words.iter().map(|word| SPICE[*word]).collect();
        swallow("x.yaml", &text);
        swallow("x.ron", &text);
        swallow("x.ron", &format!("(title: \"x\", {text})"));
    }

    #[test]
    fn mutations_of_valid_texts_never_panic(seed in any::<prop::sample::Index>(), changes in changes()) {
        let seeds = seeds();
        let (name, text) = seed.get(&seeds);
        swallow(name, &mutate(text, &changes));
    }

    /// What the reader of this program takes without complaint, the `ron` crate takes too.
    #[test]
    fn accepted_ron_is_ron(seed in any::<prop::sample::Index>(), changes in changes()) {
        let seeds: Vec<_> = seeds().into_iter().filter(|(name, _)| name.ends_with(".ron")).collect();
        let text = mutate(&seed.get(&seeds).1, &changes);
        if accepts(&text) {
            prop_assert!(is_ron(&text), "accepted, but not RON: {text}");
        }
    }
}

/// Does the reader of this program take the text without complaint?
fn accepts(text: &str) -> bool {
    let (mut files, mut found) = (Files::new(), Diagnostics::new());
    let id = files.add("x.ron", text);
    let file = files.get(id).unwrap().clone();
    ron::read(&file, id, &mut found).is_some() && !found.has_errors()
}

/// Does the `ron` crate take the text?
fn is_ron(text: &str) -> bool {
    // A comment that ends with the text needs a line end there before the crate takes it.
    let text = format!("{}\n", text.trim_start_matches('\u{feff}'));
    ::ron::from_str::<Box<::ron::value::RawValue>>(&text).is_ok()
}

#[test]
fn every_scenario_of_the_repository_is_ron_to_the_ron_crate_as_well() {
    for (name, text) in seeds() {
        if name.ends_with(".ron") && !name.contains("invalid") {
            assert!(accepts(&text) && is_ron(&text), "{name}");
        }
    }
}

#[test]
fn a_text_that_cannot_be_had_is_a_finding() {
    let errors = [ReadError::NotFound, ReadError::NotUtf8, ReadError::Other("x".to_owned())];
    for error in errors {
        let sources = move |_: &str| -> Result<String, ReadError> { Err(error.clone()) };
        for name in ["x.ron", "x.yaml", "x.txt", ""] {
            let loaded = scenario::load(&[name], &Overrides::default(), &sources);
            assert!(loaded.value.is_none() && loaded.has_errors(), "{name}");
        }
        let two = scenario::load(&["a.ron", "b.ron"], &Overrides::default(), &sources);
        assert!(two.value.is_none() && two.has_errors());
    }
}

/// Found by the law above: these words are values, and have no fields.
#[test]
fn words_that_are_values_have_no_fields() {
    for text in ["(a: Some(at: 1))", "(a: None(at: 1))", "(a: true(at: 1))"] {
        assert!(!accepts(text) && !is_ron(text), "{text}");
    }
    assert!(accepts("(a: Some(1), b: crash(at: 1))"));
}
