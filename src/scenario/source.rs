//! Texts as the user wrote them: files by name, places by byte, positions by line and column.
//!
//! This room opens no file. The caller (the command line, a test, a web page) hands texts over
//! through [`Sources`]; every later stage speaks of a place as a [`Place`]: which text, which bytes.

use std::sync::Arc;

/// Where texts come from: a name goes in, its text comes out.
///
/// The command line reads the disk, tests use a list, the web face asks the browser. Closures of
/// the same shape are sources too.
pub trait Sources {
    /// The text called `name`.
    ///
    /// `name` is resolved the way the caller likes; [`join`] has already made it relative to the
    /// file that mentions it.
    /// Errors: a [`ReadError`] that says why there is no text.
    fn read(&self, name: &str) -> Result<String, ReadError>;
}

impl<F: Fn(&str) -> Result<String, ReadError>> Sources for F {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        self(name)
    }
}

/// Why a text could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing has that name.
    NotFound,
    /// It exists, but its bytes are not UTF-8.
    NotUtf8,
    /// Anything else, in the words of whoever tried.
    Other(String),
}

/// Texts held in memory, by name; what tests and the built-in scenarios use.
#[derive(Clone, Debug, Default)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// No texts yet.
    pub fn new() -> Texts {
        Texts::default()
    }

    /// Adds one text; a later text of the same name wins.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> Texts {
        self.0.push((name.into(), text.into()));
        self
    }
}

impl Sources for Texts {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone()).ok_or(ReadError::NotFound)
    }
}

/// The name of `mentioned` as seen from the folder of the file `from`.
///
/// `join("scenarios/a.ron", "manifests/shop.yaml")` is `scenarios/manifests/shop.yaml`;
/// an absolute name stays as it is; `..` steps are resolved.
pub fn join(from: &str, mentioned: &str) -> String {
    let absolute = mentioned.starts_with('/') || mentioned.contains("://");
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    if absolute || folder.is_empty() && !from.starts_with('/') {
        return mentioned.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in mentioned.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// A stretch of one text, in bytes; `start == end` is a place between two letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end: end.max(start) }
    }

    /// From the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start, other.end)
    }
}

/// Number of a text within its [`Files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub usize);

/// A stretch of one of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which text.
    pub file: FileId,
    /// Which bytes of it.
    pub span: Span,
}

/// One text with its name and the starts of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The name the user knows it by.
    pub name: String,
    /// The whole text.
    pub text: String,
    line_starts: Vec<usize>,
}

/// Line and column as editors count them: from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1; a tab is one character.
    pub column: usize,
}

impl SourceFile {
    /// Takes a text in; a byte order mark at its start is dropped.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> SourceFile {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        SourceFile { name: name.into(), text, line_starts }
    }

    /// Line and column of a byte; a byte past the end counts as the end.
    pub fn position(&self, byte: usize) -> Position {
        let byte = self.floor(byte);
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_starts[line - 1];
        Position { line, column: self.text[start..byte].chars().count() + 1 }
    }

    /// The text of line `line` (from 1) without its line break; empty past the end.
    pub fn line(&self, line: usize) -> &str {
        let Some(start) = line.checked_sub(1).and_then(|index| self.line_starts.get(index)) else {
            return "";
        };
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        self.text[*start..end].trim_end_matches(['\n', '\r'])
    }

    /// The first byte of line `line` (from 1); the end of the text past the last line.
    pub fn line_start(&self, line: usize) -> usize {
        let start = line.checked_sub(1).and_then(|index| self.line_starts.get(index));
        start.copied().unwrap_or(self.text.len())
    }

    /// All of it.
    pub fn whole(&self) -> Span {
        Span::new(0, self.text.len())
    }

    /// The text under `span`, cut to what exists.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[self.floor(span.start)..self.floor(span.end)]
    }

    /// The nearest character boundary at or before `byte`.
    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

/// The texts of one load, numbered in the order they were met.
///
/// Cheap to clone: a diagnostic or a plan may keep them for rendering later.
#[derive(Clone, Debug, Default)]
pub struct Files(Vec<Arc<SourceFile>>);

impl Files {
    /// No texts yet.
    pub fn new() -> Files {
        Files::default()
    }

    /// Takes a text in and numbers it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.0.push(Arc::new(SourceFile::new(name, text)));
        FileId(self.0.len() - 1)
    }

    /// The text with this number; numbers come from [`Files::add`] only.
    pub fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.0.get(id.0)
    }

    /// All texts in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let file = SourceFile::new("a", "ağ: ş\n\tx\r\nson");
        let at = |needle: &str| file.position(file.text.find(needle).unwrap_or(0));
        assert_eq!(at("ş"), Position { line: 1, column: 5 });
        assert_eq!(at("x"), Position { line: 2, column: 2 });
        assert_eq!(file.line(2), "\tx");
        assert_eq!(file.position(999), Position { line: 3, column: 4 });
        assert_eq!(file.line(9), "");
        assert_eq!(file.slice(Span::new(2, 999)), "\u{11f}: ş\n\tx\r\nson".get(..).unwrap_or(""));
    }

    #[test]
    fn names_are_seen_from_the_mentioning_file() {
        assert_eq!(join("scenarios/a.ron", "m/shop.yaml"), "scenarios/m/shop.yaml");
        assert_eq!(join("a.ron", "m/shop.yaml"), "m/shop.yaml");
        assert_eq!(join("scenarios/x/a.ron", "../m.yaml"), "scenarios/m.yaml");
        assert_eq!(join("scenarios/a.ron", "/abs.yaml"), "/abs.yaml");
        assert_eq!(join("/a/b.ron", "./c.yaml"), "/a/c.yaml");
    }

    #[test]
    fn texts_are_sources_and_the_last_one_wins() {
        let texts = Texts::new().with("a", "1").with("a", "2");
        assert_eq!(texts.read("a"), Ok("2".to_owned()));
        assert_eq!(texts.read("b"), Err(ReadError::NotFound));
    }
}
