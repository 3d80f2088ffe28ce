//! A claim of the book against a run of its scenario.

use std::sync::Arc;

use crate::lab::{Options, Outcome, Run};
use crate::scenario::Overrides;
use crate::scenario::load;
use crate::scenario::render;
use crate::scenario::source::{ReadError, Sources};
use crate::scenario::splice::with_entry;
use crate::tell::form;
use crate::tell::sights;
use crate::texts::Lang;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The expectation held.
    Holds,
    /// It did not; what was seen instead, and when.
    Fails(String),
    /// It cannot even be asked; the findings.
    Unreadable(String),
}

/// The scenario with one more expectation, behind its own.
struct Spliced<'s> {
    file: &'s str,
    text: String,
    rest: &'s dyn Sources,
}

impl Sources for Spliced<'_> {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        if name == self.file { Ok(self.text.clone()) } else { self.rest.read(name) }
    }
}

/// Plays the scenario in `file` and holds it against `expectation` (the scenario language).
#[must_use]
pub fn prove(file: &str, expectation: &str, sources: &dyn Sources, lang: Lang) -> Proof {
    let text = match sources.read(file) {
        Ok(text) => with_entry(&text, "expect", expectation).unwrap_or(text),
        Err(why) => return Proof::Unreadable(format!("{file}: {why:?}")),
    };
    let spliced = Spliced { file, text, rest: sources };
    let loaded = load(&[file], &Overrides::default(), &spliced);
    let Some(plan) = loaded.value else {
        return Proof::Unreadable(render::all_to_text(&loaded.diagnostics, &loaded.files, lang));
    };
    let mut run = match Run::new(Arc::new(plan), Options::default()) {
        Ok(run) => run,
        Err(why) => return Proof::Unreadable(why.to_string()),
    };
    match run.finish().outcomes.last() {
        Some(Outcome::Held(_)) => Proof::Holds,
        Some(Outcome::Broken(finding)) => {
            let seen = sights::sentence(&finding.seen, lang);
            Proof::Fails(format!("{}: {seen}", form::moment(lang, finding.at)))
        }
        None => Proof::Unreadable(expectation.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Disk;

    impl Sources for Disk {
        fn read(&self, name: &str) -> Result<String, ReadError> {
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(root.join(name)).map_err(|_| ReadError::NotFound)
        }
    }

    #[test]
    fn a_true_claim_holds_and_a_false_one_says_what_was_seen() {
        let file = "scenarios/first-pod.ron";
        let check = |expectation: &str| prove(file, expectation, &Disk, Lang::Tr);
        assert_eq!(check(r#"eventually(that: event(reason: "Scheduled"))"#), Proof::Holds);
        let wrong = check(r#"never(that: event(reason: "Scheduled"))"#);
        assert!(matches!(wrong, Proof::Fails(_)), "{wrong:?}");
        let broken = check("neverr(that: x)");
        assert!(matches!(broken, Proof::Unreadable(_)), "{broken:?}");
    }
}
