//! What the tests over whole scenarios share: finding and loading them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use prova::scenario::source::{ReadError, Sources};
use prova::scenario::{Overrides, Plan, load};

/// Files of the repository.
pub(crate) struct Files;

impl Sources for Files {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        let other = |error: std::io::Error| {
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            if missing { ReadError::NotFound } else { ReadError::Other(error.to_string()) }
        };
        std::fs::read_to_string(root().join(name)).map_err(other)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of all scenarios that run as tests, without folder and ending, sorted.
///
/// Those under `scenarios/scale` are too large for a test; the README names their command.
pub(crate) fn scenario_names() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("scenarios")).expect("the folder of scenarios");
    let paths = folder.map(|entry| entry.expect("a readable folder").path());
    let is_scenario = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "ron");
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = paths.filter(is_scenario).filter_map(stem).collect();
    names.sort();
    names
}

/// The plan of a scenario; a scenario of ours has no errors.
pub(crate) fn plan(name: &str) -> Arc<Plan> {
    let file = format!("scenarios/{name}.ron");
    let loaded = load(&[&file], &Overrides::default(), &Files);
    let found: Vec<String> = loaded.diagnostics.iter().map(|one| format!("{one:?}")).collect();
    Arc::new(loaded.value.unwrap_or_else(|| panic!("{file}: {}", found.join("\n"))))
}
