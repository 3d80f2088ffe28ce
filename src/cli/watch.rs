//! The learner's file while an exercise is open: laid out, watched, judged away from the screen.
//!
//! A save is judged on a thread of its own, then the further seeds are played there, one news each;
//! a newer save makes the older work stop at its next seed. The screen never waits for any of it.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a face may work for a person on threads of its own and ask when a file was saved; a run itself knows neither"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::SystemTime;

use rayon::prelude::*;

use crate::course::attempt::{MORE_SEEDS, attempt, on_seed};
use crate::course::shelf::Desk;
use crate::course::{Exercise, exercise, read, work};
use crate::dashboard::app::{App, News};
use crate::dashboard::model::Role;
use crate::scenario::source::Sources as _;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::dashboard::task::Task;

use super::desk;
use super::sources::Shelf;

/// The exercise whose file is watched, if one is.
#[derive(Debug)]
pub(super) struct Watch {
    open: Option<Open>,
    sender: Sender<(u64, News)>,
    news: Receiver<(u64, News)>,
    /// The number of the newest work; older work is not wanted any more.
    newest: Arc<AtomicU64>,
    hands: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Open {
    exercise: Arc<Exercise>,
    file: String,
    modified: Option<Mark>,
    lang: Lang,
    /// How often it was not there when it was looked for.
    missed: u32,
    /// It was saved, and no verdict on it was handed on yet.
    uncounted: bool,
}

/// So many looks without a file mean that it is gone, not that an editor replaces it.
const GONE: u32 = 4;

/// What tells two saves apart.
pub(super) type Mark = (SystemTime, u64);

/// One file to judge.
struct Job {
    number: u64,
    exercise: Arc<Exercise>,
    file: String,
    lang: Lang,
    saved: bool,
}

impl Watch {
    /// Nothing is watched yet.
    pub(super) fn new() -> Watch {
        let (sender, news) = channel();
        Watch { open: None, sender, news, newest: Arc::default(), hands: Vec::new() }
    }

    /// Whether there is a file to look at from time to time.
    pub(super) fn is_on(&self) -> bool {
        self.open.is_some()
    }

    /// Whether something is being judged or played.
    pub(super) fn is_busy(&self) -> bool {
        !self.hands.is_empty()
    }

    /// Lays out an exercise's files and judges what lies there.
    pub(super) fn sit(&mut self, id: &str, app: &mut App) {
        self.open = None;
        let Some(exercise) = exercise(id).and_then(|loaded| loaded.value) else { return };
        let lang = app.look().lang;
        if let Err(trouble) = desk::lay_out(&exercise) {
            app.news(News::Wrong(trouble.text(lang)));
            return;
        }
        let file = exercise.desk_file();
        let modified = modified(&file);
        self.open = Some(Open {
            exercise: Arc::new(exercise),
            file,
            modified,
            lang,
            missed: 0,
            uncounted: false,
        });
        self.judge(app);
    }

    /// The start again; what the learner had is kept.
    pub(super) fn again(&mut self, app: &mut App) {
        let Some(open) = &mut self.open else { return };
        let lang = app.look().lang;
        match desk::reset(&open.exercise) {
            Ok(old) => {
                open.modified = modified(&open.file);
                let old = old.unwrap_or_else(|| "-".to_owned());
                let args = [("file", open.file.clone()), ("old", old)];
                open.uncounted = false;
                self.judge(app);
                app.tell(Role::Mark, Task::WasReset.fill(lang, &args));
            }
            Err(trouble) => app.tell(Role::Bad, trouble.text(lang)),
        }
    }

    /// Looks whether the file was saved, and hands on the news; true when the screen is another.
    pub(super) fn look(&mut self, app: &mut App) -> bool {
        let mut dirty = false;
        if let Some(open) = &mut self.open {
            let now = modified(&open.file);
            // While an editor replaces the file there is none for a moment.
            let saved = now.is_some() && now != open.modified;
            open.missed = if now.is_none() { open.missed + 1 } else { 0 };
            if open.missed == GONE {
                open.modified = None;
                let gone = app.words().fill(Task::Gone, &[("file", open.file.as_str())]);
                // What is still being judged is of a file that is no more.
                self.newest.fetch_add(1, Ordering::SeqCst);
                app.news(News::Wrong(gone));
                dirty = true;
            }
            let turned = app.look().lang != open.lang;
            if saved {
                open.modified = now;
                open.uncounted = true;
            }
            open.lang = app.look().lang;
            if saved || turned {
                self.judge(app);
                dirty = true;
            }
        }
        let newest = self.newest.load(Ordering::SeqCst);
        while let Ok((number, news)) = self.news.try_recv() {
            let Some(open) = self.open.as_mut().filter(|_| number == newest) else { continue };
            if matches!(news, News::Judged { .. } | News::Wrong(_)) {
                open.uncounted = false;
            }
            app.news(news);
            dirty = true;
        }
        let (done, rest) = self.hands.drain(..).partition(JoinHandle::is_finished);
        self.hands = rest;
        let done: Vec<JoinHandle<()>> = done;
        for hand in done {
            // A broken invariant ends the program here as it does everywhere.
            if let Err(broken) = hand.join() {
                std::panic::resume_unwind(broken);
            }
        }
        dirty
    }

    /// Waits until everything is judged: for those who read lines instead of a screen.
    pub(super) fn settle(&mut self, app: &mut App) {
        while self.is_busy() {
            std::thread::sleep(std::time::Duration::from_millis(5));
            self.look(app);
        }
        self.look(app);
    }

    fn judge(&mut self, app: &mut App) {
        let Some(open) = &self.open else { return };
        let number = self.newest.fetch_add(1, Ordering::SeqCst) + 1;
        let job = Job {
            number,
            exercise: open.exercise.clone(),
            file: open.file.clone(),
            lang: open.lang,
            saved: open.uncounted,
        };
        app.news(News::Judging);
        let (sender, newest) = (self.sender.clone(), self.newest.clone());
        self.hands.push(std::thread::spawn(move || job.work(&sender, &newest)));
    }
}

impl Job {
    fn work(&self, sender: &Sender<(u64, News)>, newest: &AtomicU64) {
        let (exercise, lang) = (&self.exercise, self.lang);
        // Whoever listened may have left; then nobody misses the news.
        let send = |news: News| drop(sender.send((self.number, news)));
        let disk = Shelf::new(lang);
        let loaded = work(exercise, &self.file, &Desk { disk: &disk });
        let wrong = read::errors(&loaded, lang);
        let Some(own) = loaded.value else {
            send(News::Wrong(wrong));
            return;
        };
        let text = disk.read(&self.file).unwrap_or_default();
        let tried = match attempt(exercise, own, lang) {
            Ok(tried) => tried,
            Err(why) => {
                send(News::Wrong(Task::Broken.fill(lang, &[("why", why)])));
                return;
            }
        };
        let (own, more) = (tried.work.clone(), tried.wants_seeds());
        send(News::Judged { text, attempt: Box::new(tried), saved: self.saved });
        if !more {
            return;
        }
        let wanted = || newest.load(Ordering::SeqCst) == self.number;
        let seeds: Vec<u64> = MORE_SEEDS.collect();
        seeds.into_par_iter().filter(|_| wanted()).for_each(|seed| {
            match on_seed(exercise, &own, seed, lang) {
                Ok(lines) => send(News::Seed { seed, lines }),
                Err(why) => send(News::Wrong(Task::Broken.fill(lang, &[("why", why)]))),
            }
        });
    }
}

/// The last save of a file; none while there is no such file.
pub(super) fn modified(file: &str) -> Option<Mark> {
    let about = std::fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}
