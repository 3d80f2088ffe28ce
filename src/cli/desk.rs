//! The learner's files: working copies, which are never overwritten, the progress, and keys of their
//! own.

use std::path::{Path, PathBuf};

use crate::course::exercise::Exercise;
use crate::course::progress::{Progress, parse};
use crate::course::shelf;
use crate::dashboard::keyfile;
use crate::dashboard::keymap::Keymap;
use crate::scenario::render::in_one_line;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Talk;
use crate::texts::course::Course;

use super::exit::Exit;
use super::refusal::reason;
use super::screen::Screen;
use super::stage::show_errors;

/// Where a reader writes other keys for the dashboard.
const KEYS: &str = ".prova/tuslar.ron";
/// Where the progress is kept.
pub(super) const PROGRESS: &str = ".prova/ilerleme.ron";
/// What is put behind its name when it cannot be read.
const ASIDE: &str = ".bozuk";

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

/// What lies where the progress is kept.
pub(super) enum Kept {
    /// Nothing.
    Nothing,
    /// A progress.
    Known(Progress),
    /// A file that cannot be read as one.
    Broken,
}

/// Reads the progress as it is on the disk now.
pub(super) fn kept() -> Result<Kept, Trouble> {
    let bytes = match std::fs::read(PROGRESS) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Kept::Nothing),
        Err(why) => return Err(unreadable(PROGRESS, why)),
    };
    let text = String::from_utf8(bytes).ok();
    let known = text.and_then(|text| parse(PROGRESS, &text).value);
    Ok(known.map_or(Kept::Broken, Kept::Known))
}

/// Puts a progress that cannot be read aside, under a name that no file has; gives the name.
pub(super) fn set_aside() -> Result<String, Trouble> {
    let aside = free_name(&format!("{PROGRESS}{ASIDE}"));
    std::fs::rename(PROGRESS, &aside).map_err(trouble(PROGRESS))?;
    Ok(aside)
}

/// The progress so far; a file that cannot be read is set aside, which is said and given back, for
/// those who see a whole screen only.
pub(super) fn progress(screen: &mut Screen) -> Result<(Progress, Option<String>), Exit> {
    match kept().map_err(|it| it.told(screen))? {
        Kept::Nothing => Ok((Progress::default(), None)),
        Kept::Known(progress) => Ok((progress, None)),
        Kept::Broken => {
            let aside = set_aside().map_err(|it| it.told(screen))?;
            let args = [("file", PROGRESS), ("aside", aside.as_str())];
            let told = Course::SetAside.fill(screen.lang, &args);
            screen.complain(&told);
            Ok((Progress::default(), Some(told)))
        }
    }
}

/// The files that were set aside, the oldest name first.
pub(super) fn asides() -> Result<Vec<String>, Trouble> {
    let path = Path::new(PROGRESS);
    let (folder, lead) = (path.parent().unwrap_or(path), format!("{PROGRESS}{ASIDE}"));
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(unreadable(&folder.display().to_string(), why)),
    };
    let mut found: Vec<(u64, String)> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|why| unreadable(PROGRESS, why))?;
        let name = format!("{}/{}", folder.display(), entry.file_name().to_string_lossy());
        let number = match name.strip_prefix(&lead) {
            Some("") => Some(1),
            Some(rest) => rest.strip_prefix('-').and_then(|number| number.parse().ok()),
            None => None,
        };
        found.extend(number.map(|number| (number, name)));
    }
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// The bytes of a file.
pub(super) fn bytes(name: &str) -> Result<Vec<u8>, Trouble> {
    std::fs::read(name).map_err(|why| unreadable(name, why))
}

/// Whether the learner has written something into the file of an exercise: it is there, and it is
/// not the start, whatever an editor does to the ends of its lines.
pub(super) fn is_edited(exercise: &Exercise) -> bool {
    let start = shelf::text(&shelf::path_of(&exercise.id, "start.ron")).unwrap_or_default();
    let own = std::fs::read(exercise.desk_file()).ok();
    own.is_some_and(|own| {
        let own = String::from_utf8_lossy(&own).replace("\r\n", "\n");
        own.trim_end() != start.trim_end()
    })
}

/// The reader's own keys. What is wrong with their file is said and given back, for those who see a
/// whole screen only; then the keys are those of the table.
pub(super) fn keys(screen: &mut Screen) -> (Keymap, Option<String>) {
    let lang = screen.lang;
    let text = match std::fs::read_to_string(KEYS) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return (Keymap::default(), None),
        Err(why) => {
            let trouble = unreadable(KEYS, why);
            trouble.told(screen);
            return (Keymap::default(), Some(trouble.text(lang)));
        }
    };
    let loaded = keyfile::parse(KEYS, &text);
    if let Some(keys) = loaded.value {
        return (keys, None);
    }
    show_errors(&loaded.diagnostics, &loaded.files, false, screen);
    let first = loaded.diagnostics.first().map(|one| in_one_line(one, &loaded.files, lang));
    let args = [("file", KEYS.to_owned()), ("why", first.unwrap_or_default())];
    (Keymap::default(), Some(Talk::DefaultKeys.fill(lang, &args)))
}

/// Writes the progress, whole or not at all.
pub(super) fn save(progress: &Progress) -> Result<(), Trouble> {
    put(PROGRESS, &progress.to_text()).map_err(trouble(PROGRESS))
}

/// Writes the record of one exercise into the progress as it is on the disk now: another terminal
/// may have written other records meanwhile.
pub(super) fn save_one(progress: &Progress, id: &str) -> Result<(), Trouble> {
    let known = match kept()? {
        Kept::Known(known) => Some(known),
        Kept::Nothing => None,
        // It was broken while this program had it in mind: nothing is written over.
        Kept::Broken => {
            set_aside()?;
            None
        }
    };
    let (Some(mut known), Some(record)) = (known, progress.exercises.get(id)) else {
        return save(progress);
    };
    known.exercises.insert(id.to_owned(), record.clone());
    save(&known)
}

/// Writes these records into the progress as it is on the disk now, wherever they are better.
pub(super) fn save_better(progress: &Progress) -> Result<(), Trouble> {
    let mut known = match kept()? {
        Kept::Known(known) => known,
        Kept::Nothing => Progress::default(),
        Kept::Broken => {
            set_aside()?;
            Progress::default()
        }
    };
    for (id, record) in &progress.exercises {
        known.take_better(id, record.clone());
    }
    known.take_rest(&progress.rest);
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
