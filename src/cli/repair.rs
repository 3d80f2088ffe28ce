//! `prova learn --repair`: the progress, put together again from what can still be read.
//!
//! Three places are asked, in this order: the progress as it is, the files that were set aside,
//! and the learner's own exercises. A record is taken only where it says more than the one that is
//! known, so that repairing twice does nothing the second time, and repairing too early no harm.

use std::collections::BTreeMap;

use crate::course::attempt::{MORE_SEEDS, first_seed};
use crate::course::exercise::{Exercise, exercise};
use crate::course::progress::{Progress, Record, State};
use crate::course::salvage::salvage;
use crate::course::shelf::{self, Desk};
use crate::course::{judge, more_seeds, work};
use crate::scenario::source::Sources as _;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::course::Course;
use crate::texts::learn::Learn;

use super::desk::{self, Kept, PROGRESS};
use super::exit::Exit;
use super::learn::word;
use super::screen::{Paint, Screen};
use super::sources::Shelf;

/// Where a record was found again.
enum Origin {
    /// In a file that was set aside.
    Aside(String),
    /// On the desk: the file of the exercise was judged.
    Desk(String),
}

/// What is known so far.
#[derive(Default)]
struct Mended {
    progress: Progress,
    /// By the ids of the records that are better than before.
    from: BTreeMap<String, Origin>,
    /// Ids of records that could not be read, and their file.
    lost: Vec<(String, String)>,
}

impl Mended {
    /// Takes what a file that was set aside still holds.
    fn salvage(&mut self, name: &str, bytes: &[u8]) {
        let found = salvage(name, bytes);
        for (id, record) in found.progress.exercises {
            if self.progress.take_better(&id, record) {
                self.from.insert(id, Origin::Aside(name.to_owned()));
            }
        }
        self.progress.take_rest(&found.progress.rest);
        self.lost.extend(found.lost.into_iter().map(|id| (id, name.to_owned())));
    }

    /// Looks at the learner's file of an exercise.
    ///
    /// Errors: the exercise itself is wrong, and why.
    fn look(&mut self, exercise: &Exercise, lang: Lang) -> Result<(), String> {
        let id = &exercise.id;
        if self.progress.state(id) == State::Done || !desk::is_edited(exercise) {
            return Ok(());
        }
        let known = self.progress.exercises.get(id).cloned().unwrap_or_default();
        if self.progress.take_better(id, looked(exercise, known, lang)?) {
            self.from.insert(id.clone(), Origin::Desk(exercise.desk_file()));
        }
        Ok(())
    }
}

/// Puts the progress together again.
///
/// Errors: a file that cannot be read or written, after the complaint.
pub(super) fn repair(screen: &mut Screen) -> Result<Exit, Exit> {
    let lang = screen.lang;
    let mut mended = Mended::default();
    match desk::kept().map_err(|it| it.told(screen))? {
        Kept::Nothing => {}
        Kept::Known(progress) => mended.progress = progress,
        Kept::Broken => {
            let aside = desk::set_aside().map_err(|it| it.told(screen))?;
            screen.complain(
                &Learn::Aside.fill(lang, &[("file", PROGRESS), ("aside", aside.as_str())]),
            );
        }
    }
    let known = mended.progress.clone();
    for name in desk::asides().map_err(|it| it.told(screen))? {
        match desk::bytes(&name) {
            Ok(bytes) => mended.salvage(&name, &bytes),
            // The others may hold what this one does.
            Err(trouble) => {
                trouble.told(screen);
            }
        }
    }
    for id in shelf::exercise_ids() {
        let Some(exercise) = exercise(id).and_then(|loaded| loaded.value) else { continue };
        if let Err(why) = mended.look(&exercise, lang) {
            screen.complain(&format!("{id}: {}", Course::Broken.fill(lang, &[("why", why)])));
        }
    }
    if !mended.from.is_empty() {
        desk::save_better(&mended.progress).map_err(|it| it.told(screen))?;
    }
    told(&mended, &known, screen);
    Ok(Exit::Fine)
}

/// The record that a file on the desk stands for: solved, or else at least tried.
fn looked(exercise: &Exercise, known: Record, lang: Lang) -> Result<Record, String> {
    let (disk, name) = (Shelf::new(lang), exercise.desk_file());
    let fresh = known.state == State::New;
    let state = if fresh { State::Tried } else { known.state };
    let loaded = work(exercise, &name, &Desk { disk: &disk });
    // A file that cannot be read was begun all the same.
    let Some(own) = loaded.value else { return Ok(Record { state, ..known }) };
    let verdict = judge(exercise, &own, first_seed(exercise), lang)?;
    let more = if verdict.passed() { Some(more_seeds(exercise, &own, MORE_SEEDS)?) } else { None };
    let solved = more.and_then(|(passed, first)| first.is_none().then_some(passed));
    if solved.is_none() && !fresh {
        return Ok(known);
    }
    let mut alone = Progress::default();
    alone.exercises.insert(exercise.id.clone(), Record { attempts: 0, ..known.clone() });
    alone.tried(&exercise.id, &own, &verdict);
    if let Some(passed) = solved {
        alone.solved(&exercise.id, &disk.read(&name).unwrap_or_default(), passed);
    }
    let record = std::mem::take(alone.of(&exercise.id));
    // It was judged before, but how often nobody knows any more.
    let attempts = known.attempts.max(record.attempts);
    let state = if solved.is_some() { State::Done } else { state };
    Ok(Record { state, attempts, ..record })
}

/// One line for each record that came back or could not be read, and the sum.
fn told(mended: &Mended, known: &Progress, screen: &mut Screen) {
    let lang = screen.lang;
    for (id, origin) in &mended.from {
        let state = mended.progress.state(id);
        let (key, file) = match origin {
            Origin::Aside(name) => (Learn::FromAside, name),
            Origin::Desk(name) if state == State::Done => (Learn::FromSolved, name),
            Origin::Desk(name) => (Learn::FromTried, name),
        };
        let args =
            [("id", id.as_str()), ("state", word(state).text(lang)), ("file", file.as_str())];
        screen.wrapped("", &key.fill(lang, &args), Paint::Plain, 2);
    }
    // Of an exercise that has a record, from wherever, nothing is missing.
    let missing = |(id, _): &&(String, String)| !mended.progress.exercises.contains_key(id);
    for (id, file) in mended.lost.iter().filter(missing) {
        let args = [("id", id.as_str()), ("file", file.as_str())];
        screen.wrapped("", &Learn::Lost.fill(lang, &args), Paint::Warning, 2);
    }
    let kept = known.exercises.keys().filter(|id| !mended.from.contains_key(*id)).count();
    let args = [
        ("count", mended.from.len().to_string()),
        ("kept", kept.to_string()),
        ("file", PROGRESS.to_owned()),
    ];
    let (key, paint) = if mended.from.is_empty() {
        (Learn::NothingToRestore, Paint::Plain)
    } else {
        (Learn::Restored, Paint::Good)
    };
    let text = screen.painted(&key.fill(lang, &args), paint);
    screen.line(&text);
}
