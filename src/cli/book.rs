//! `prova book`: proves, builds and serves the book of the project's folder.

use std::path::Path;

#[cfg(feature = "book")]
use crate::book::shelf::Disk;
use crate::book::shelf::{Findings, Shelf};
use crate::texts::Key as _;
use crate::texts::book::BookTalk;

use super::exit::Exit;
use super::form;
use super::screen::Screen;
use super::wishes::BookWishes;

/// What is to be done with the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Prove every claim, check every name.
    Check,
    /// And build the pages.
    Build,
    /// And serve them on this machine.
    Serve,
}

/// Where the pages go.
#[cfg(feature = "book")]
const OUT: &str = "target/book";

/// Carries out `prova book`.
pub(super) fn book(wishes: &BookWishes, screen: &mut Screen) -> Exit {
    let root = Path::new(".");
    if !root.join("book/src/SUMMARY.md").exists() {
        screen.complain(BookTalk::NoBook.text(screen.lang));
        return Exit::Files;
    }
    let shelf = Shelf::read(root);
    let found = shelf.check();
    tell(&shelf, &found, screen);
    if !found.faults.is_empty() {
        return Exit::Failed;
    }
    match wishes.task {
        Task::Check => Exit::Fine,
        Task::Build => build(root, &shelf, screen),
        Task::Serve => {
            let built = build(root, &shelf, screen);
            if built == Exit::Fine { serve(wishes.port, screen) } else { built }
        }
    }
}

fn tell(shelf: &Shelf, found: &Findings, screen: &mut Screen) {
    let lang = screen.lang;
    for fault in &found.faults {
        screen.complain(&fault.to_string());
    }
    let count = |number: usize| form::count(lang, u64::try_from(number).unwrap_or(u64::MAX));
    let args = [
        ("chapters", count(shelf.chapters.len())),
        ("claims", count(found.proven)),
        ("faults", count(found.faults.len())),
    ];
    screen.line(&BookTalk::Checked.fill(lang, &args));
    for chapter in shelf.chapters.iter().filter(|chapter| !chapter.front.draft) {
        let front = &chapter.front;
        let rows = [front.covers.join(" "), front.fixes.join(" ")].join(" ");
        screen.line(&format!("  {}: {}", front.title, rows.trim()));
    }
    if !found.uncovered.is_empty() {
        let args = [("rows", found.uncovered.join(" "))];
        screen.line(&BookTalk::Uncovered.fill(lang, &args));
    }
}

#[cfg(feature = "book")]
fn build(root: &Path, shelf: &Shelf, screen: &mut Screen) -> Exit {
    // mdBook wants a place that does not depend on where the book stands.
    let out = std::path::absolute(root.join(OUT)).unwrap_or_else(|_| OUT.into());
    let figure =
        |file: &str, at: &str, view: &str| crate::book::figure::figure(file, at, view, &Disk(root));
    match crate::book::build::build(root, &out, shelf, &figure) {
        Ok(()) => {
            screen.line(&BookTalk::Built.fill(screen.lang, &[("folder", OUT)]));
            Exit::Fine
        }
        Err(why) => {
            screen.complain(&why);
            Exit::Files
        }
    }
}

#[cfg(feature = "book")]
fn serve(port: u16, screen: &mut Screen) -> Exit {
    screen.line(&BookTalk::Serving.fill(screen.lang, &[("port", port.to_string())]));
    screen.flush();
    match crate::book::serve::serve(Path::new(OUT), port) {
        Ok(()) => Exit::Fine,
        Err(why) => {
            screen.complain(&why);
            Exit::Files
        }
    }
}

#[cfg(not(feature = "book"))]
fn build(_root: &Path, _shelf: &Shelf, screen: &mut Screen) -> Exit {
    screen.complain(BookTalk::NeedsFeature.text(screen.lang));
    Exit::Usage
}

#[cfg(not(feature = "book"))]
fn serve(_port: u16, _screen: &mut Screen) -> Exit {
    Exit::Usage
}
