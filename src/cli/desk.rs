//! The learner's files: working copies, which are never overwritten, and the progress.

use std::path::{Path, PathBuf};

use crate::course::exercise::Exercise;
use crate::course::progress::{Progress, parse};
use crate::course::shelf;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;
use crate::texts::course::Course;

use super::exit::Exit;
use super::refusal::reason;
use super::screen::Screen;

/// Where the progress is kept.
const PROGRESS: &str = ".prova/ilerleme.ron";

/// A file that does not obey, and why.
#[derive(Debug)]
pub(super) struct Trouble {
    name: String,
    /// What was tried: to read, or to write.
    tried: Talk,
    why: std::io::Error,
}

impl Trouble {
    /// As a sentence.
    pub(super) fn text(&self, lang: Lang) -> String {
        let args = [("file", self.name.clone()), ("reason", reason(&self.why, lang))];
        self.tried.fill(lang, &args)
    }

    /// Says it where errors are said.
    pub(super) fn told(&self, screen: &mut Screen) -> Exit {
        let text = self.text(screen.lang);
        screen.complain(&format!("{}: {text}", Talk::Error.text(screen.lang)));
        Exit::Files
    }
}

fn trouble(name: &str) -> impl Fn(std::io::Error) -> Trouble {
    move |why| Trouble { name: name.to_owned(), tried: Talk::FileUnwritable, why }
}

fn unreadable(name: &str, why: std::io::Error) -> Trouble {
    Trouble { name: name.to_owned(), tried: Talk::FileUnreadable, why }
}

/// Lays out what is not there yet: the start and the task.
pub(super) fn lay_out(exercise: &Exercise) -> Result<(), Trouble> {
    let start = shelf::text(&shelf::path_of(&exercise.id, "start.ron")).unwrap_or_default();
    let task = format!("{}/{}/text.md", shelf::DESK, exercise.id);
    for (name, text) in [(exercise.desk_file(), start), (task, exercise.text())] {
        if !Path::new(&name).exists() {
            put(&name, text).map_err(trouble(&name))?;
        }
    }
    Ok(())
}

/// The start again; what the learner had is kept under another name, which is returned.
pub(super) fn reset(exercise: &Exercise) -> Result<Option<String>, Trouble> {
    let name = exercise.desk_file();
    let mut kept = None;
    if Path::new(&name).exists() {
        let old = free_name(&format!("{name}.eski"));
        std::fs::rename(&name, &old).map_err(trouble(&name))?;
        kept = Some(old);
    }
    lay_out(exercise)?;
    Ok(kept)
}

/// A name that no file has yet.
fn free_name(wanted: &str) -> String {
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names.find(|name| !Path::new(name).exists()).unwrap_or_else(|| wanted.to_owned())
}

/// The progress so far; a file that cannot be read is set aside, which is said and given back, for
/// those who see a whole screen only.
pub(super) fn progress(screen: &mut Screen) -> Result<(Progress, Option<String>), Exit> {
    let bytes = match std::fs::read(PROGRESS) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            return Ok((Progress::default(), None));
        }
        Err(why) => return Err(unreadable(PROGRESS, why).told(screen)),
    };
    let text = String::from_utf8(bytes).ok();
    let loaded = text.and_then(|text| parse(PROGRESS, &text).value);
    if let Some(progress) = loaded {
        return Ok((progress, None));
    }
    let aside = free_name(&format!("{PROGRESS}.bozuk"));
    std::fs::rename(PROGRESS, &aside).map_err(|why| trouble(PROGRESS)(why).told(screen))?;
    let args = [("file", PROGRESS), ("aside", aside.as_str())];
    let told = Course::SetAside.fill(screen.lang, &args);
    screen.complain(&told);
    Ok((Progress::default(), Some(told)))
}

/// Writes the progress, whole or not at all.
pub(super) fn save(progress: &Progress) -> Result<(), Trouble> {
    put(PROGRESS, &progress.to_text()).map_err(trouble(PROGRESS))
}

/// Writes the record of one exercise into the progress as it is on the disk now: another terminal
/// may have written other records meanwhile.
pub(super) fn save_one(progress: &Progress, id: &str) -> Result<(), Trouble> {
    let known = std::fs::read_to_string(PROGRESS).ok();
    let known = known.and_then(|text| parse(PROGRESS, &text).value);
    let (Some(mut known), Some(record)) = (known, progress.exercises.get(id)) else {
        return save(progress);
    };
    known.exercises.insert(id.to_owned(), record.clone());
    save(&known)
}

/// Writes a file beside its place and moves it there.
///
/// Errors: it cannot be written.
pub(super) fn put(name: &str, text: &str) -> std::io::Result<()> {
    let path = PathBuf::from(name);
    let beside = format!("{name}.yeni");
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, &path)
}

/// Writes a file that is not there yet.
///
/// Errors: it is there, or it cannot be written.
pub(super) fn write_new(name: &str, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    if let Some(folder) = Path::new(name).parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(name)?;
    file.write_all(text.as_bytes())
}
