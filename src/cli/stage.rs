//! From names on the command line to a plan, and from a plan to a run that has begun.

use std::sync::Arc;

use serde_json::Value;

use crate::lab::{Options, Run};
use crate::scenario::Overrides;
use crate::scenario::Plan;
use crate::scenario::diagnostic::{Diagnostic, Severity};
use crate::scenario::load;
use crate::scenario::render;
use crate::scenario::source::Files;
use crate::texts::Key as _;
use crate::texts::cli::Talk;
use crate::texts::diagnostics::files as file_texts;

use super::exit::Exit;
use super::screen::Screen;
use super::sources::Shelf;

/// A plan, and all that is known about where it came from.
#[derive(Debug)]
pub(super) struct Staged {
    /// The plan.
    pub(super) plan: Arc<Plan>,
    /// The names that were loaded.
    pub(super) names: Vec<String>,
    /// What stood in place of the files' words.
    pub(super) overrides: Overrides,
    /// The texts.
    pub(super) shelf: Shelf,
    /// Warnings and notes.
    pub(super) remarks: Vec<String>,
}

/// Loads what a person named; findings are shown.
///
/// Errors: the exit code, after the reason was shown.
pub(super) fn load_given(
    given: &[String],
    overrides: &Overrides,
    json: bool,
    screen: &mut Screen,
) -> Result<Staged, Exit> {
    let mut shelf = Shelf::new(screen.lang);
    let names = match shelf.resolve(given, screen.lang) {
        Ok(names) => names,
        Err(unusable) => {
            screen.complain(&format!("{}: {}", Talk::Error.text(screen.lang), unusable.0));
            return Err(Exit::Files);
        }
    };
    load_named(names, overrides, shelf, json, screen)
}

/// Loads by names that a load understands.
///
/// Errors: the exit code, after the reason was shown.
pub(super) fn load_named(
    names: Vec<String>,
    overrides: &Overrides,
    shelf: Shelf,
    json: bool,
    screen: &mut Screen,
) -> Result<Staged, Exit> {
    let lang = screen.lang;
    let words: Vec<&str> = names.iter().map(String::as_str).collect();
    let loaded = load(&words, overrides, &shelf);
    let (found, files) = (&loaded.diagnostics, &loaded.files);
    let Some(plan) = loaded.value else {
        show_errors(found, files, json, screen);
        return Err(exit_of(found, files, &names));
    };
    let remark = |one: &Diagnostic| {
        let text = render::to_text(one, files, lang);
        text.lines().next().map(str::to_owned).unwrap_or_default()
    };
    let remarks = found.iter().map(remark).collect();
    Ok(Staged { plan: Arc::new(plan), names, overrides: overrides.clone(), shelf, remarks })
}

/// A file of the command line that cannot be read is file trouble, not an invalid scenario.
fn exit_of(found: &[Diagnostic], files: &Files, names: &[String]) -> Exit {
    let unreadable = [&file_texts::FILE_NOT_FOUND, &file_texts::FILE_UNREADABLE];
    let about_named = |one: &Diagnostic| {
        let file = files.get(one.place.file);
        unreadable.iter().any(|code| std::ptr::eq(one.code, *code))
            && file.is_some_and(|file| file.text.is_empty() && names.contains(&file.name))
    };
    if found.iter().any(about_named) { Exit::Files } else { Exit::Invalid }
}

/// Every finding: as JSON on stdout, or as text on stderr.
pub(super) fn show_errors(found: &[Diagnostic], files: &Files, json: bool, screen: &mut Screen) {
    let lang = screen.lang;
    if json {
        let all: Vec<Value> = found.iter().map(|one| render::to_json(one, files, lang)).collect();
        screen.line(&Value::Array(all).to_string());
        return;
    }
    // Errors last and whole: they are what must be read. Remarks would only hide them.
    let errors: Vec<Diagnostic> =
        found.iter().filter(|one| one.severity != Severity::Note).cloned().collect();
    screen.complain(&render::all_to_text(&errors, files, lang));
}

/// Begins the run of a plan.
///
/// Errors: the exit code, after the reason was shown.
pub(super) fn begin(staged: &Staged, screen: &mut Screen) -> Result<Run, Exit> {
    Run::new(staged.plan.clone(), Options::default()).map_err(|why| {
        let reason = Talk::CannotBuild.fill(screen.lang, &[("reason", why.to_string())]);
        screen.complain(&format!("{}: {reason}", Talk::Error.text(screen.lang)));
        Exit::Invalid
    })
}

/// The command that plays the same again.
pub(super) fn again(names: &[String], overrides: &Overrides, seed: u64) -> String {
    let mut words = vec!["prova".to_owned(), "run".to_owned()];
    words.extend(names.iter().map(|name| quoted(name)));
    words.push(format!("--seed {seed}"));
    words.extend(overrides.nodes.map(|nodes| format!("--nodes {nodes}")));
    words.extend(overrides.until.iter().map(|until| format!("--until {}", quoted(until))));
    words.extend(overrides.settings.iter().map(|set| format!("--set {}", quoted(set))));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let safe = |letter: char| letter.is_alphanumeric() || "-_./=:,+".contains(letter);
    if word.chars().all(safe) && !word.is_empty() {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_run_is_one_command_away() {
        let overrides = Overrides { nodes: Some(4), ..Overrides::default() };
        let files = ["my shop.yaml".to_owned()];
        assert_eq!(again(&files, &overrides, 7), "prova run 'my shop.yaml' --seed 7 --nodes 4");
    }
}
