//! Where texts come from: files, stdin, folders, and the scenarios that travel with the program.
//!
//! Every text that a load reads is kept, so that a recording can carry it along and be replayed
//! where the files are not.

#![expect(
    clippy::disallowed_types,
    reason = "a load reads through a shared reference; what it read is kept on the side"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use crate::course::shelf;
use crate::scenario::load::is_manifest;
use crate::scenario::source::{ReadError, Sources};
use crate::scenario::suggest::nearest;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;

use super::refusal::reason;

/// What `prova` alone plays.
pub(super) const DEFAULT: &str = "node-failure";

/// The short names of the built-in scenarios.
pub(super) fn built_in_names() -> impl Iterator<Item = String> {
    shelf::scenarios().into_iter().map(|(name, _)| name)
}

fn built_in(name: &str) -> Option<&'static str> {
    shelf::text(name).filter(|_| name.starts_with("scenarios/"))
}

/// Texts, and what was read of them so far.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Texts that stand for files: of a recording, or of stdin.
    texts: BTreeMap<String, String>,
    /// Whether only those count.
    sealed: bool,
    lang: Lang,
    read: RefCell<BTreeMap<String, String>>,
}

/// Why a name of the command line cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unusable(pub(super) String);

impl Shelf {
    /// The disk, stdin and the built-in texts.
    pub(super) fn new(lang: Lang) -> Self {
        Shelf { lang, ..Shelf::default() }
    }

    /// Only these texts, as a recording brings them.
    pub(super) fn sealed(texts: BTreeMap<String, String>) -> Self {
        Shelf { texts, sealed: true, ..Shelf::default() }
    }

    /// Every text that was read, by name.
    pub(super) fn read_so_far(&self) -> BTreeMap<String, String> {
        self.read.borrow().clone()
    }

    /// The names that a load understands, for the names that a person gave: folders become the
    /// manifests in them, `-` becomes what stdin holds, short names become built-in scenarios.
    ///
    /// Errors: a sentence about the first name that cannot be used.
    pub(super) fn resolve(
        &mut self,
        given: &[String],
        lang: Lang,
    ) -> Result<Vec<String>, Unusable> {
        let mut names = Vec::new();
        for name in given {
            if name == "-" {
                names.push(self.stdin(lang)?);
            } else if Path::new(name).is_dir() {
                names.extend(folder(name, lang)?);
            } else if Path::new(name).exists() {
                names.push(name.clone());
            } else {
                names.push(short(name).ok_or_else(|| not_found(name, lang))?);
            }
        }
        Ok(names)
    }

    fn stdin(&mut self, lang: Lang) -> Result<String, Unusable> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        let not_utf8 = |_| std::io::Error::from(std::io::ErrorKind::InvalidData);
        let text = read.and_then(|_| String::from_utf8(bytes).map_err(not_utf8));
        let text = text.map_err(|why| {
            let args = [("file", "-".to_owned()), ("reason", reason(&why, lang))];
            Unusable(Talk::FileUnreadable.fill(lang, &args))
        })?;
        let name = if looks_like_ron(&text) { "stdin.ron" } else { "stdin.yaml" };
        self.texts.insert(name.to_owned(), text);
        Ok(name.to_owned())
    }
}

impl Sources for Shelf {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        let text = match self.texts.get(name) {
            Some(text) => text.clone(),
            None if self.sealed => return Err(ReadError::NotFound),
            None => from_disk(name, self.lang)?,
        };
        self.read.borrow_mut().insert(name.to_owned(), text.clone());
        Ok(text)
    }
}

fn from_disk(name: &str, lang: Lang) -> Result<String, ReadError> {
    use std::io::ErrorKind;
    let bytes = match std::fs::read(name) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == ErrorKind::NotFound => {
            return built_in(name).map(str::to_owned).ok_or(ReadError::NotFound);
        }
        Err(why) => return Err(ReadError::Other(reason(&why, lang))),
    };
    String::from_utf8(bytes).map_err(|_| ReadError::NotUtf8)
}

/// A scenario opens with a parenthesis, after comments and attributes.
fn looks_like_ron(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| {
        !line.is_empty()
            && !line.starts_with("//")
            && !line.starts_with("#!")
            && !line.starts_with("/*")
    });
    first.is_some_and(|line| line.starts_with('(') || line.starts_with("Scenario"))
}

/// The path of a built-in scenario, for its path or its short name.
fn short(name: &str) -> Option<String> {
    let path = format!("scenarios/{}.ron", name.trim_end_matches(".ron"));
    [name.to_owned(), path].into_iter().find(|path| built_in(path).is_some())
}

fn folder(name: &str, lang: Lang) -> Result<Vec<String>, Unusable> {
    let entries = std::fs::read_dir(name).map_err(|why| {
        let args = [("file", name.to_owned()), ("reason", reason(&why, lang))];
        Unusable(Talk::FileUnreadable.fill(lang, &args))
    })?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path().to_str()?.to_owned()))
        .filter(|path| is_manifest(path) == Some(true) && Path::new(path).is_file())
        .collect();
    names.sort_unstable();
    if names.is_empty() {
        return Err(Unusable(Talk::EmptyFolder.fill(lang, &[("file", name)])));
    }
    Ok(names)
}

fn not_found(name: &str, lang: Lang) -> Unusable {
    let mut text = Talk::FileNotFound.fill(lang, &[("file", name)]);
    let near = neighbours(name);
    if !near.is_empty() {
        let hint = Talk::DidYouMean.fill(lang, &[("names", near.join(", "))]);
        text = format!("{text}\n  {hint}");
    }
    Unusable(text)
}

/// Names beside a name that does not exist, and built-in ones, that look like it.
fn neighbours(name: &str) -> Vec<String> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let listed = std::fs::read_dir(if folder.is_empty() { "." } else { folder });
    let found =
        listed.into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut known: Vec<String> = found.filter(|name| is_manifest(name).is_some()).collect();
    known.sort_unstable();
    let near = nearest(file, known.iter().map(String::as_str));
    let path = |near: String| if folder.is_empty() { near } else { format!("{folder}/{near}") };
    let stem = file.trim_end_matches(".ron");
    let built_in: Vec<String> = built_in_names().collect();
    let built_in = nearest(stem, built_in.iter().map(String::as_str));
    near.into_iter().map(path).chain(built_in).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_find_built_in_scenarios_and_slips_find_their_neighbours() {
        assert_eq!(short("node-failure").as_deref(), Some("scenarios/node-failure.ron"));
        assert_eq!(short("first-pod.ron").as_deref(), Some("scenarios/first-pod.ron"));
        assert_eq!(short("nonsense"), None);
        assert!(neighbours("node-failur").contains(&"node-failure".to_owned()));
        assert!(built_in_names().any(|name| name == DEFAULT));
    }

    #[test]
    fn stdin_is_known_by_its_first_letter() {
        assert!(looks_like_ron("// a\n\n(title: \"x\")"));
        assert!(!looks_like_ron("apiVersion: v1\n"));
    }

    #[test]
    fn a_sealed_shelf_knows_its_own_texts_only_and_remembers_what_was_read() {
        let shelf = Shelf::sealed(BTreeMap::from([("a".to_owned(), "1".to_owned())]));
        assert_eq!(shelf.read("a").as_deref(), Ok("1"));
        assert_eq!(shelf.read("scenarios/node-failure.ron"), Err(ReadError::NotFound));
        assert_eq!(shelf.read_so_far().len(), 1);
    }
}
