//! The way in: names of texts go in, what they mean and every finding come out.

use crate::scenario::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::scenario::manifest::{self, Manifest};
use crate::scenario::source::{FileId, Files, Place, ReadError, Sources};
use crate::texts::diagnostics::files as file_texts;

/// What a load brought: the value, if the texts were good enough, and all findings.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// The value; `None` when a finding is an error.
    pub value: Option<T>,
    /// The texts that were read, for showing findings.
    pub files: Files,
    /// Every finding in the order of the texts: errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Loaded<T> {
    /// A load that is finished: the value stays only when no finding is an error.
    pub(crate) fn new(value: Option<T>, files: Files, found: Diagnostics) -> Loaded<T> {
        let value = value.filter(|_| !found.has_errors());
        Loaded { value, files, diagnostics: found.into_sorted() }
    }

    /// Was something wrong?
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }
}

/// Reads Kubernetes manifests: every object of every file, checked one by one and together.
pub fn manifests(names: &[&str], sources: &dyn Sources) -> Loaded<Vec<Manifest>> {
    let (mut files, mut found) = (Files::new(), Diagnostics::new());
    let mut read = Vec::new();
    for name in names {
        if let Some(id) = fetch(name, sources, (&mut files, &mut found)) {
            read.push(manifest::read(&files, id, &mut found));
        }
    }
    let all: Vec<&Manifest> = read.iter().collect();
    manifest::across::references(&all, &mut found);
    Loaded::new(Some(read), files, found)
}

/// Gets one text; why it could not be had becomes a finding at the start of an empty text.
pub(crate) fn fetch(
    name: &str,
    sources: &dyn Sources,
    (files, found): (&mut Files, &mut Diagnostics),
) -> Option<FileId> {
    match sources.read(name) {
        Ok(text) => Some(files.add(name, text)),
        Err(error) => {
            let file = files.add(name, "");
            found.push(unreadable(name, error, Place { file, ..Place::default() }));
            None
        }
    }
}

/// The finding for a text that could not be had, at the place that mentions it.
pub(crate) fn unreadable(name: &str, error: ReadError, place: Place) -> Diagnostic {
    match error {
        ReadError::NotFound => Diagnostic::error(&file_texts::FILE_NOT_FOUND, place),
        ReadError::NotUtf8 => Diagnostic::error(&file_texts::FILE_NOT_UTF8, place),
        ReadError::Other(reason) => {
            Diagnostic::error(&file_texts::FILE_UNREADABLE, place).arg("reason", reason)
        }
    }
    .arg("file", name)
}
