//! The folder of the book, read once, and everything that can be wrong in it.

use std::path::{Path, PathBuf};

use crate::course::chapter::{self, Head};
use crate::course::correction::{self, Correction};
use crate::course::quiz::{self, Quiz};
use crate::scenario::Loaded;
use crate::scenario::diagnostic::Severity;
use crate::scenario::render;
use crate::scenario::source::{ReadError, Sources};
use crate::texts::Lang;

use super::Fault;
use super::claim::{Proof, prove};
use super::coverage::{uncovered, unknown_rows};
use super::directive::{Directive, directives, words};
use super::figure::{view_named, view_of};

/// A chapter as it stands in its file.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The file, seen from the folder of the project: `book/src/14-ariza-gunu.md`.
    pub file: String,
    /// What it says of itself.
    pub front: Head,
    /// Its whole text, front matter included, so that lines count right.
    pub text: String,
}

/// A page without front matter: the introduction, the glossary, an appendix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appendix {
    /// The file, seen from the folder of the project: `book/src/ek-araclar.md`.
    pub file: String,
    /// Its whole text.
    pub text: String,
}

/// Everything that the book is made of.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// The folder of the project.
    pub root: PathBuf,
    /// The chapters with front matter, sorted by file.
    pub chapters: Vec<Chapter>,
    /// Pages without front matter, sorted by file.
    pub appendices: Vec<Appendix>,
    /// Corrections of the notes.
    pub corrections: Vec<Correction>,
    /// All questions.
    pub questions: Vec<Quiz>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// What was looked at and found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// How many claims were proven.
    pub proven: usize,
    /// Rows of the course that no chapter names.
    pub uncovered: Vec<String>,
}

/// The texts of a project's folder.
pub struct Disk<'r>(pub &'r Path);

impl Sources for Disk<'_> {
    fn read(&self, name: &str) -> Result<String, ReadError> {
        std::fs::read_to_string(self.0.join(name)).map_err(|_| ReadError::NotFound)
    }
}

impl Shelf {
    /// Reads the book in the project's folder; what cannot be read is a fault.
    #[must_use]
    pub fn read(root: &Path) -> Shelf {
        let mut shelf = Shelf { root: root.to_owned(), ..Shelf::default() };
        for name in names(&root.join("book/src"), "md") {
            if name.starts_with(|first: char| first.is_ascii_digit()) {
                shelf.chapter(format!("book/src/{name}"));
            } else if name != "SUMMARY.md" {
                let file = format!("book/src/{name}");
                let text = shelf.text(&file);
                shelf.appendices.extend(text.map(|text| Appendix { file, text }));
            }
        }
        shelf.corrections = shelf.list("book/corrections.ron", correction::parse);
        for name in names(&root.join("book/quizzes"), "ron") {
            let more = shelf.list(&format!("book/quizzes/{name}"), quiz::parse);
            shelf.questions.extend(more);
        }
        shelf
    }

    fn chapter(&mut self, file: String) {
        let Some(text) = self.text(&file) else { return };
        if let Some(chapter) = self.value(&file, chapter::parse(&file, &text)) {
            self.chapters.push(Chapter { file, front: chapter.head, text });
        }
    }

    fn list<T>(&mut self, file: &str, parse: fn(&str, &str) -> Loaded<Vec<T>>) -> Vec<T> {
        let Some(text) = self.text(file) else { return Vec::new() };
        self.value(file, parse(file, &text)).unwrap_or_default()
    }

    /// What was read; every error becomes a fault at its line.
    fn value<T>(&mut self, file: &str, loaded: Loaded<T>) -> Option<T> {
        for one in loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error) {
            let line = render::to_json(one, &loaded.files, Lang::Tr)["line"].as_u64();
            let line = line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
            let what = one.message(Lang::Tr);
            self.faults.push(Fault { file: file.to_owned(), line, what });
        }
        loaded.value
    }

    fn text(&mut self, file: &str) -> Option<String> {
        let read = std::fs::read_to_string(self.root.join(file));
        read.map_err(|why| {
            let what = format!("okunamadı: {why}");
            self.faults.push(Fault { file: file.to_owned(), line: 1, what });
        })
        .ok()
    }

    /// Checks every name and proves every claim.
    #[must_use]
    pub fn check(&self) -> Findings {
        let mut found = Findings { faults: self.faults.clone(), ..Findings::default() };
        for chapter in &self.chapters {
            self.check_front(chapter, &mut found);
            self.check_directives(&chapter.file, &chapter.text, &mut found);
        }
        for page in &self.appendices {
            self.check_directives(&page.file, &page.text, &mut found);
        }
        found.uncovered = uncovered(self.chapters.iter().map(|chapter| &chapter.front));
        found
    }

    fn check_directives(&self, file: &str, text: &str, found: &mut Findings) {
        for directive in directives(text) {
            if let Some(what) = self.wrong(&directive, &mut found.proven) {
                let (file, line) = (file.to_owned(), directive.line);
                found.faults.push(Fault { file, line, what });
            }
        }
    }

    fn check_front(&self, chapter: &Chapter, found: &mut Findings) {
        let front = &chapter.front;
        let mut say = |what: String| {
            found.faults.push(Fault { file: chapter.file.clone(), line: 1, what });
        };
        for row in unknown_rows(front) {
            say(format!("{row} diye bir satır yok"));
        }
        for name in &front.scenarios {
            if !self.root.join(scenario_file(name)).exists() {
                say(format!("{name} diye bir senaryo yok"));
            }
        }
        for id in &front.exercises {
            if !self.root.join(format!("scenarios/exercises/{id}/exercise.ron")).exists() {
                say(format!("{id} diye bir alıştırma yok"));
            }
        }
        let file = format!("book/src/{}.md", front.id);
        if file != chapter.file {
            say(format!("`id` dosyanın adı olmalı: {}", front.id));
        }
    }

    /// What is wrong with a directive, if anything.
    fn wrong(&self, directive: &Directive<'_>, proven: &mut usize) -> Option<String> {
        let args = words(directive.args);
        let first = args.first().map(String::as_str).unwrap_or_default();
        match directive.word {
            "iddia" => self.unproven(directive, proven),
            "an" | "prova" => self.no_moment(first, &args).or_else(|| no_view(&args)),
            "duzeltme" => (!self.corrections.iter().any(|one| one.id == first))
                .then(|| format!("{first} düzeltmesi book/corrections.ron içinde yok")),
            "sinama" => (!self.questions.iter().any(|one| one.id == first))
                .then(|| format!("{first} sorusu book/quizzes içinde yok")),
            "alistirma" => {
                let folder = format!("scenarios/exercises/{first}/exercise.ron");
                (!self.root.join(folder).exists())
                    .then(|| format!("{first} diye bir alıştırma yok"))
            }
            "terim" | "tuslar" => None,
            other => Some(format!("`{other}` diye bir yönerge yok")),
        }
    }

    /// What is wrong with the moment that a directive names.
    fn no_moment(&self, scenario: &str, args: &[String]) -> Option<String> {
        let file = self.root.join(scenario_file(scenario));
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let moment =
            args.iter().skip(1).find(|word| !word.contains('=') || word.starts_with("an="));
        let moment = moment.map(|word| word.trim_start_matches("an="))?;
        let known = text.contains(&format!("name: \"{moment}\""));
        let is_time = moment.starts_with(|digit: char| digit.is_ascii_digit());
        (!known && !is_time)
            .then(|| format!("{scenario} senaryosunda `{moment}` diye bir yer imi yok"))
    }

    fn unproven(&self, directive: &Directive<'_>, proven: &mut usize) -> Option<String> {
        let Some((name, expectation)) = directive.args.split_once(':') else {
            return Some("iddia `senaryo: beklenti` biçiminde olmalı".to_owned());
        };
        let file = scenario_file(name.trim());
        match prove(&file, expectation.trim(), &Disk(&self.root), Lang::Tr) {
            Proof::Holds => {
                *proven += 1;
                None
            }
            Proof::Fails(seen) => Some(format!("iddia doğru değil; olan: {seen}")),
            Proof::Unreadable(why) => Some(format!("iddia okunamadı: {why}")),
        }
    }
}

/// What is wrong with the view that a figure names.
fn no_view(args: &[String]) -> Option<String> {
    let view = view_of(args);
    view_named(view).is_none().then(|| format!("gösterge panelinde `{view}` diye bir görünüm yok"))
}

/// The file of a scenario, for its short name.
#[must_use]
pub fn scenario_file(name: &str) -> String {
    format!("scenarios/{name}.ron")
}

fn names(folder: &Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().extension().is_some_and(|found| found == ending))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
