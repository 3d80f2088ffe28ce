//! The texts that travel with the program: chapters, quizzes, exercises, scenarios.

use include_dir::{Dir, include_dir};

use crate::scenario::source::{ReadError, Sources};

static CHAPTERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/book/src");
static QUIZZES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/book/quizzes");
static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// Where the learner's copies lie, seen from the folder in which `prova learn` runs.
pub const DESK: &str = "alistirmalar";

/// The text of a file by its path in the repository: `scenarios/…`, `book/src/…`, `book/quizzes/…`.
#[must_use]
pub fn text(path: &str) -> Option<&'static str> {
    let places =
        [("scenarios/", &SCENARIOS), ("book/src/", &CHAPTERS), ("book/quizzes/", &QUIZZES)];
    let found = places.iter().find_map(|(lead, dir)| Some((dir, path.strip_prefix(lead)?)));
    let (dir, rest) = found?;
    dir.get_file(rest)?.contents_utf8()
}

/// The paths of all chapters, in their order.
#[must_use]
pub fn chapters() -> Vec<String> {
    listed(&CHAPTERS, "book/src/", ".md", |name| name.starts_with(|c: char| c.is_ascii_digit()))
}

/// The paths of all quizzes, in their order.
#[must_use]
pub fn quizzes() -> Vec<String> {
    listed(&QUIZZES, "book/quizzes/", ".ron", |_| true)
}

/// The scenarios to play, by short name and title, in the order of their names.
#[must_use]
pub fn scenarios() -> Vec<(String, String)> {
    let paths = listed(&SCENARIOS, "scenarios/", ".ron", |_| true);
    let named = paths.iter().filter_map(|path| {
        let name = path.strip_prefix("scenarios/")?.strip_suffix(".ron")?;
        Some((name.to_owned(), title_of(text(path)?)))
    });
    named.collect()
}

/// The title that a scenario's text gives itself.
fn title_of(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("title: \""));
    line.and_then(|rest| rest.rsplit_once('"'))
        .map(|(title, _)| title.to_owned())
        .unwrap_or_default()
}

fn listed(dir: &Dir<'_>, lead: &str, ending: &str, wanted: fn(&str) -> bool) -> Vec<String> {
    let names = dir.files().filter_map(|file| file.path().to_str());
    let fitting = names.filter(|name| name.ends_with(ending) && wanted(name));
    let mut paths: Vec<String> = fitting.map(|name| format!("{lead}{name}")).collect();
    paths.sort_unstable();
    paths
}

/// The ids of all exercises, in their order.
#[must_use]
pub fn exercise_ids() -> Vec<&'static str> {
    let folders = SCENARIOS.get_dir("exercises").map(|dir| dir.dirs().collect::<Vec<_>>());
    let paths = folders.unwrap_or_default();
    let named = paths.iter().filter(|dir| dir.get_file(dir.path().join("exercise.ron")).is_some());
    let mut ids: Vec<&str> = named.filter_map(|dir| dir.path().file_name()?.to_str()).collect();
    ids.sort_unstable();
    ids
}

/// The path of a file of an exercise.
#[must_use]
pub fn path_of(id: &str, file: &str) -> String {
    format!("scenarios/exercises/{id}/{file}")
}

/// The texts that travel with the program, as sources.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shelf;

impl Sources for Shelf {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        text(name).map(str::to_owned).ok_or(ReadError::NotFound)
    }
}

/// The learner's desk: the learner's own text, whatever else lies there, and behind it the shelf.
#[derive(Clone, Copy)]
pub struct Desk<'d> {
    /// What lies beside the learner's file.
    pub disk: &'d dyn Sources,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Sources for Desk<'_> {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        match self.disk.read(name) {
            Err(ReadError::NotFound) => {
                let lead = format!("{DESK}/");
                // A copy lies two folders below its root, as the exercise on the shelf does below
                // `scenarios`: `../../manifests/x.yaml` means the same file from both.
                let behind = match name.strip_prefix(&lead) {
                    Some(rest) => format!("scenarios/exercises/{rest}"),
                    None => format!("scenarios/{name}"),
                };
                text(&behind).map(str::to_owned).ok_or(ReadError::NotFound)
            }
            found => found,
        }
    }
}
