//! What is wrong with a text, where, and what to do about it.
//!
//! A diagnostic is data: a code from the table of texts, a place and the words that fill the holes.
//! Which language and which form (lines for people, JSON for editors) is chosen when it is shown.

use std::collections::BTreeSet;

use crate::scenario::source::Place;
use crate::texts::diagnostics::{CodeText, Label};
use crate::texts::{Key, Lang, Pair};

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used as it stands.
    Error,
    /// The text can be used, but probably does not mean what its writer thinks.
    Warning,
    /// Worth knowing; nothing to do.
    Note,
}

/// A second place that explains the first ("first used here").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there: an entry of the table, filled with the diagnostic's own arguments.
    pub label: Label,
}

/// What fills a hole: the user's own word, or a word of the table that has two languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Shown as it is.
    Text(String),
    /// Shown in the reader's language.
    Words(Pair),
}

impl From<String> for Arg {
    fn from(text: String) -> Arg {
        Arg::Text(text)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.to_owned())
    }
}

impl<K: Key> From<K> for Arg {
    fn from(word: K) -> Arg {
        Arg::Words(word.pair())
    }
}

/// One finding about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its entry in the table of texts: number, message, help and page.
    pub code: &'static CodeText,
    /// How much it matters.
    pub severity: Severity,
    /// The word that is wrong.
    pub place: Place,
    /// What fills the holes of the message and the help.
    pub args: Vec<(&'static str, Arg)>,
    /// What the writer may have meant, best first.
    pub suggestions: Vec<String>,
    /// Other places that matter.
    pub related: Vec<Related>,
}

impl Diagnostic {
    /// An error of kind `code` at `place`.
    pub fn error(code: &'static CodeText, place: Place) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            place,
            args: Vec::new(),
            suggestions: Vec::new(),
            related: Vec::new(),
        }
    }

    /// A warning of kind `code` at `place`.
    pub fn warning(code: &'static CodeText, place: Place) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, place) }
    }

    /// A note of kind `code` at `place`.
    pub fn note(code: &'static CodeText, place: Place) -> Diagnostic {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, place) }
    }

    /// Fills the hole `name`.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Diagnostic {
        self.args.push((name, value.into()));
        self
    }

    /// The arguments in one language, ready for a template.
    pub fn words(&self, lang: Lang) -> Vec<(&'static str, String)> {
        let word = |arg: &Arg| match arg {
            Arg::Text(text) => text.clone(),
            Arg::Words(pair) => pair.template(lang).to_owned(),
        };
        self.args.iter().map(|(name, arg)| (*name, word(arg))).collect()
    }

    /// The message in one language.
    pub fn message(&self, lang: Lang) -> String {
        self.code.message.fill(lang, &self.words(lang))
    }

    /// Adds what the writer may have meant.
    #[must_use]
    pub fn suggest(mut self, suggestions: impl IntoIterator<Item = String>) -> Diagnostic {
        self.suggestions.extend(suggestions);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, place: Place, label: Label) -> Diagnostic {
        self.related.push(Related { place, label });
        self
    }

    /// Adds a second place, unless it is empty (a default has no place in the text).
    #[must_use]
    pub fn also_if(self, place: Place, label: Label) -> Diagnostic {
        if place.span.start == place.span.end { self } else { self.also(place, label) }
    }
}

/// The findings of one load, collected rather than thrown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    known: BTreeSet<(Place, &'static str, String)>,
}

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Keeps a finding; the same code at the same place is kept once.
    pub fn push(&mut self, found: Diagnostic) {
        let key = (found.place, found.code.code, format!("{:?}", found.args));
        if self.known.insert(key) {
            self.all.push(found);
        }
    }

    /// Keeps all findings of `others`.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        for found in others {
            self.push(found);
        }
    }

    /// Is there an error among them?
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|found| found.severity == Severity::Error)
    }

    /// How many of `severity` there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.all.iter().filter(|found| found.severity == severity).count()
    }

    /// The findings as they were pushed.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// The findings in the order of the text: by file, then by place, errors first at one place.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.all.sort_by(|a, b| {
            let key = |found: &Diagnostic| (found.place.file, found.place.span.start);
            key(a).cmp(&key(b)).then(a.severity.cmp(&b.severity)).then(a.code.code.cmp(b.code.code))
        });
        self.all
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}
