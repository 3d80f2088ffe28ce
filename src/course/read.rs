//! From RON to the values of the course, with the diagnostics of the scenario language.

use serde::de::DeserializeOwned;

use crate::scenario::Loaded;
use crate::scenario::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::scenario::ron;
use crate::scenario::source::{FileId, Files, ReadError, Sources};
use crate::scenario::tree::Node;
use crate::scenario::tree::de::{self, Cx};
use crate::texts::diagnostics::files as file_texts;

/// A reading under way: the texts and what was found in them.
#[derive(Default)]
pub(super) struct Reading {
    /// The texts.
    pub(super) files: Files,
    /// The findings.
    pub(super) found: Diagnostics,
}

impl Reading {
    /// Takes a text in.
    pub(super) fn add(&mut self, name: &str, text: &str) -> FileId {
        self.files.add(name, text)
    }

    /// Gets a text from somewhere.
    pub(super) fn fetch(&mut self, name: &str, sources: &dyn Sources) -> Option<FileId> {
        match sources.read(name) {
            Ok(text) => Some(self.files.add(name, text)),
            Err(error) => {
                let file = self.files.add(name, "");
                let place = crate::scenario::source::Place { file, ..Default::default() };
                let found = match error {
                    ReadError::NotFound => Diagnostic::error(&file_texts::FILE_NOT_FOUND, place),
                    ReadError::NotUtf8 => Diagnostic::error(&file_texts::FILE_NOT_UTF8, place),
                    ReadError::Other(reason) => {
                        Diagnostic::error(&file_texts::FILE_UNREADABLE, place).arg("reason", reason)
                    }
                };
                self.found.push(found.arg("file", name));
                None
            }
        }
    }

    /// The tree of a text.
    pub(super) fn tree(&mut self, id: FileId) -> Option<Node> {
        let file = self.files.get(id)?.clone();
        ron::read(&file, id, &mut self.found)
    }

    /// The value of a text.
    pub(super) fn value<T: DeserializeOwned>(&mut self, id: FileId, root: &str) -> Option<T> {
        let tree = self.tree(id)?;
        let file = self.files.get(id)?.clone();
        let mut cx = Cx::new(&file, id);
        let value = de::read(&tree, root, &mut cx);
        self.found.extend(std::mem::take(&mut cx.found));
        value
    }

    /// What came of it.
    pub(super) fn done<T>(self, value: Option<T>) -> Loaded<T> {
        let value = value.filter(|_| !self.found.has_errors());
        Loaded { value, files: self.files, diagnostics: self.found.into_sorted() }
    }
}

/// One value out of one text.
pub(super) fn one<T: DeserializeOwned>(name: &str, text: &str, root: &str) -> Loaded<T> {
    let mut reading = Reading::default();
    let id = reading.add(name, text);
    let value = reading.value(id, root);
    reading.done(value)
}

/// Keeps the errors of a load as lines for people.
#[must_use]
pub fn errors<T>(loaded: &Loaded<T>, lang: crate::texts::Lang) -> String {
    let wrong: Vec<Diagnostic> =
        loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error).cloned().collect();
    crate::scenario::render::all_to_text(&wrong, &loaded.files, lang)
}
