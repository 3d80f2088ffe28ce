//! An exercise at work: what the host tells of the learner's file, and the keys that belong to it.
//!
//! The host watches the file, judges it away from the screen and tells the [`News`]; the runs that
//! the verdict speaks of open as branches of one stage, so that every key of a scenario works on
//! them: a violation is a moment to go to, a passing seed is another branch to compare with.

use std::sync::Arc;

use crate::course::attempt::FIRST_SEED;
use crate::course::exercise::Kind;
use crate::course::judge::{Line, Work};
use crate::course::{Attempt, Exercise, State, exercise, shelf};
use crate::dashboard::model::{Page, Role, Target, Text};
use crate::dashboard::stops::Stop;
use crate::dashboard::task::{Place, Seeds, Standing, Task, hints, next_after, word};
use crate::lab::{Options, Timeline};
use crate::scenario::splice::with_field;
use crate::texts::Key as _;
use crate::texts::course::Course;
use crate::texts::dashboard::screen;
use crate::texts::dashboard::task::Task as Say;

use super::answer::Doing;
use super::ask::{Ask, Item, Overlay};
use super::choose::Pane;
use super::stage::{Branch, Focus, Opened, Stage};
use super::{App, Effect};

/// What the host tells of the learner's file.
#[derive(Clone, Debug)]
pub enum News {
    /// It changed and is being judged.
    Judging,
    /// It cannot be read, or the exercise is broken: the reason in words.
    Wrong(String),
    /// It was judged.
    Judged {
        /// The file's text.
        text: String,
        /// What became of it.
        attempt: Box<Attempt>,
        /// The learner has just saved it, so it counts.
        saved: bool,
    },
    /// A further seed was played, and passed or not; the first that fails comes with its lines.
    Seed {
        /// The seed.
        seed: u64,
        /// Its lines.
        lines: Vec<Line>,
    },
}

/// An exercise that is open.
#[derive(Debug)]
pub(super) struct Sitting {
    pub(super) exercise: Exercise,
    pub(super) standing: Standing,
    pub(super) seeds: Seeds,
    /// The learner's text as it was judged.
    text: String,
    /// Where the reader stands in the task while no run is open.
    pub(super) pane: Pane,
}

impl App {
    /// Opens an exercise; the host is asked to lay out its files and to watch them.
    ///
    /// Errors: there is none of this id, or its own file is broken, in words.
    pub fn sit(&mut self, id: &str) -> Result<(), String> {
        let lang = self.look.lang;
        let loaded = exercise(id).ok_or_else(|| Course::NoExercise.fill(lang, &[("id", id)]))?;
        let wrong = crate::course::read::errors(&loaded, lang);
        let exercise = loaded.value.ok_or(wrong)?;
        self.stage = None;
        self.overlay = None;
        self.cache = super::view::Cache::default();
        self.sitting = Some(Box::new(Sitting {
            exercise,
            standing: Standing::default(),
            seeds: Seeds::default(),
            text: String::new(),
            pane: Pane::default(),
        }));
        self.effects.push(Effect::Sit(id.to_owned()));
        Ok(())
    }

    /// What became of the learner's file; news of an exercise that is no longer open is dropped by
    /// the host.
    pub fn news(&mut self, news: News) {
        let Some(sitting) = &mut self.sitting else { return };
        self.cache = super::view::Cache::default();
        match news {
            News::Judging => {
                sitting.standing = Standing::Judging;
                sitting.seeds = Seeds::default();
            }
            News::Wrong(why) => {
                sitting.standing = Standing::Wrong(why);
                sitting.seeds = Seeds::default();
            }
            News::Judged { text, attempt, saved } => self.judged(text, attempt, saved),
            News::Seed { seed, lines } => self.further(seed, lines),
        }
    }

    fn judged(&mut self, text: String, attempt: Box<Attempt>, saved: bool) {
        let Some(sitting) = &mut self.sitting else { return };
        let id = sitting.exercise.id.clone();
        let verdict = &attempt.verdict;
        if saved {
            self.notice = None;
        }
        // A save that changed nothing is no attempt.
        if saved && text != sitting.text {
            self.progress.tried(&id, &attempt.work, verdict);
            self.effects.push(Effect::Progress(id.clone()));
        }
        // Answers have one seed only; scenarios must pass the further seeds, too.
        if verdict.passed() && sitting.exercise.kind.answers() {
            self.progress.solved(&id, &text, 0);
            self.effects.push(Effect::Progress(id.clone()));
        }
        let first = verdict.lines.iter().position(|line| !line.held).map(Place::Line);
        let open = verdict.open.first().cloned().map(Place::Question);
        // Who has just come reads the task first.
        let chosen = first.or(open).filter(|_| saved).map(|place| Stop::On(place.target()));
        let opened = opened(&sitting.exercise, &text, &attempt);
        let cases: Vec<_> = attempt.runs.iter().skip(1).cloned().collect();
        sitting.text = text;
        sitting.seeds = Seeds::default();
        sitting.standing = Standing::Judged(attempt);
        sitting.pane = Pane::default();
        sitting.pane.chosen = chosen;
        let old = self.stage.take();
        self.close_what_was_of_the_old_run();
        let Some(opened) = opened else { return };
        let Some(sitting) = &mut self.sitting else { return };
        match Stage::new(opened) {
            Ok(mut stage) => {
                stage.task_pane = sitting.pane.clone();
                stage.focus = Focus::Task;
                for case in cases {
                    let name = case.case.clone().unwrap_or_default();
                    let given = Some((case.case, FIRST_SEED));
                    // The judge has built this very plan: it is not refused here.
                    if let Ok(timeline) = Timeline::new(case.plan, Options::default()) {
                        stage.branches.push(Branch { name, text: None, timeline, given });
                    }
                }
                let began = old.is_none();
                if let Some(old) = old {
                    stage.succeed(*old);
                }
                self.stage = Some(Box::new(stage));
                self.opened += 1;
                if began {
                    self.show_first_violation();
                }
            }
            Err(why) => sitting.standing = Standing::Wrong(why.to_string()),
        }
    }

    /// A list of the old run's branches or moments means nothing on the new one; what is being
    /// answered or read stays open.
    fn close_what_was_of_the_old_run(&mut self) {
        let stays = |overlay: &Overlay| {
            matches!(
                overlay.ask,
                Ask::Answer(_)
                    | Ask::Text
                    | Ask::Hint
                    | Ask::Exercises
                    | Ask::Again
                    | Ask::Palette
                    | Ask::Help
            )
        };
        self.overlay = self.overlay.take().filter(stays);
    }

    /// A run that opens beside its verdict shows the moment of what went wrong first.
    fn show_first_violation(&mut self) {
        let there = self.meant().is_some_and(|(_, line)| !line.held && line.at.is_some());
        // What was said at the beginning is not talked over.
        let said = self.notice.take();
        if there {
            self.go_to_meant();
        }
        self.notice = said;
        if let Some(stage) = &mut self.stage {
            stage.focus = Focus::Task;
        }
    }

    fn further(&mut self, seed: u64, lines: Vec<Line>) {
        let Some(sitting) = &mut self.sitting else { return };
        let Standing::Judged(attempt) = &sitting.standing else { return };
        let (first, seeds) = (attempt.verdict.passed(), &mut sitting.seeds);
        seeds.played += 1;
        if lines.iter().all(|line| line.held) {
            seeds.passed.push(seed);
            // They come in any order; what is shown must not depend on it.
            seeds.passed.sort_unstable();
        } else if first && seeds.broken.as_ref().is_none_or(|(before, _)| seed < *before) {
            seeds.broken = Some((seed, lines));
        }
        if first && seeds.is_done() && seeds.broken.is_none() {
            let id = sitting.exercise.id.clone();
            self.progress.solved(&id, &sitting.text, Seeds::all());
            let next = next_after(&id, |id| self.progress.state(id));
            let next = next.map(|next| Stop::On(Place::Exercise(next.to_owned()).target()));
            if let Some(stage) = &mut self.stage {
                stage.task_pane.chosen = next;
            }
            self.effects.push(Effect::Progress(id));
        }
    }

    /// The progress, for the host to write.
    #[must_use]
    pub fn progress(&self) -> &crate::course::Progress {
        &self.progress
    }

    /// Whether the exercise was solved.
    pub(super) fn is_done(&self) -> bool {
        let id = self.sitting.as_ref().map(|sitting| sitting.exercise.id.as_str());
        id.is_some_and(|id| self.progress.state(id) == State::Done)
    }

    /// What stands on top while no run is open.
    pub(super) fn why_no_run(&self) -> Say {
        let bets = self.sitting.as_ref().is_some_and(|it| it.exercise.kind == Kind::T);
        if bets { Say::NoRun } else { Say::NoRunYet }
    }

    /// The task panel's page.
    pub(super) fn task_page(&self) -> Page {
        let Some(sitting) = &self.sitting else { return Page::default() };
        let id = sitting.exercise.id.as_str();
        let none = crate::course::Record::default();
        let before = |one: &&str| {
            let chapter = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
            chapter(one) < chapter(id) && self.progress.state(one) == State::Skipped
        };
        let skipped: Vec<&str> = shelf::exercise_ids().into_iter().filter(before).collect();
        Task {
            skipped: &skipped,
            exercise: &sitting.exercise,
            record: self.progress.exercises.get(id).unwrap_or(&none),
            standing: &sitting.standing,
            seeds: &sitting.seeds,
            next: next_after(id, |id| self.progress.state(id)),
            words: self.words(),
            ascii: self.look.ascii,
        }
        .page()
    }

    /// Enter on a line of the task.
    pub(super) fn go_in_task(&mut self, target: &Target) {
        match Place::of(target) {
            Some(Place::Question(name)) => self.ask_answer(&name),
            Some(Place::Exercise(id)) => self.sit_or_tell(&id),
            Some(Place::Line(_) | Place::Seed(_)) => {
                // An answer that is tied to no moment is given again.
                let again = |(_, line): &(u64, Line)| line.sides.is_some() && line.at.is_none();
                match self.meant().filter(again) {
                    Some((_, line)) => self.ask_answer(&line.name),
                    None => {
                        self.go_to_meant();
                    }
                }
            }
            None => {}
        }
    }

    pub(super) fn sit_or_tell(&mut self, id: &str) {
        if self.warned() {
            return;
        }
        if let Err(why) = self.sit(id) {
            self.tell(Role::Bad, why);
        }
    }

    /// `h` in an exercise: the note of a known error, then the rungs, one more than before.
    pub(super) fn next_hint(&mut self) {
        let lang = self.look.lang;
        let Some(sitting) = &self.sitting else { return };
        let (id, all) = (sitting.exercise.id.clone(), sitting.exercise.hints.len());
        let before = self.progress.exercises.get(&id).map_or(0, |record| record.hint);
        let rung = self.progress.next_hint(&id, all);
        let mut lines = Vec::new();
        if let Standing::Judged(attempt) = &sitting.standing
            && let Some((_, note)) = &attempt.verdict.note
        {
            lines.push(Say::MistakeNote.fill(lang, &[("note", note.as_str())]));
        }
        lines.extend(hints(&sitting.exercise, rung, lang).iter().map(Text::letters));
        if usize::try_from(before).is_ok_and(|before| before >= all) {
            lines.push(self.words().text(Say::HintLast));
        }
        self.effects.push(Effect::Progress(id));
        self.cache = super::view::Cache::default();
        let last = lines.len().saturating_sub(1);
        self.show_text(Ask::Hint, Say::HintTitle.text(lang), &lines.join("\n"));
        if let Some(overlay) = &mut self.overlay {
            overlay.chosen = Some(last);
        }
    }

    /// `l`: every exercise with its state.
    pub(super) fn ask_exercises(&mut self) {
        let (lang, ascii) = (self.look.lang, self.look.ascii);
        let ids = shelf::exercise_ids();
        let done = ids.iter().filter(|id| self.progress.state(id) == State::Done).count();
        let args = [("done", done.to_string()), ("all", ids.len().to_string())];
        let title = Say::ListTitle.fill(lang, &args);
        let here = self.sitting.as_ref().map(|sitting| sitting.exercise.id.clone());
        let chosen = ids.iter().position(|id| here.as_deref() == Some(*id));
        let items = ids.iter().filter_map(|id| {
            let of = exercise(id)?.value?;
            let (role, state) = word(self.progress.state(id));
            let args = [("title", of.title.clone()), ("minutes", of.minutes.to_string())];
            let about = Text::state(role, state.text(lang), ascii)
                .and(Role::Plain, format!("  {}", Say::ListItem.fill(lang, &args)));
            Some(Item::new(Text::plain(*id), about, Doing::Sit((*id).to_owned())))
        });
        let items = items.collect();
        let label = screen::Say::NarrowLabel.text(lang);
        self.ask_titled(Ask::Exercises, &title, Some(label), items);
        if let Some(overlay) = &mut self.overlay {
            overlay.chosen = chosen;
        }
    }

    /// `r`: asks before the start comes back.
    pub(super) fn ask_again(&mut self) {
        let lang = self.look.lang;
        if self.sitting.is_none() {
            self.tell(Role::Unknown, self.words().text(Say::NoExercise));
            return;
        }
        let say = |key: Say| Text::plain(key.text(lang));
        let items = vec![
            Item::new(say(Say::AgainNo), Text::default(), Doing::Nothing),
            Item::new(say(Say::AgainYes), say(Say::AgainYesHow), Doing::Again),
        ];
        self.ask_titled(Ask::Again, Say::AgainTitle.text(lang), None, items);
    }

    /// `s`: the solution, when the exercise is done.
    pub(super) fn show_solution(&mut self) {
        let lang = self.look.lang;
        let Some(sitting) = &self.sitting else {
            self.tell(Role::Unknown, self.words().text(Say::NoExercise));
            return;
        };
        let id = &sitting.exercise.id;
        if self.progress.state(id) != State::Done {
            self.tell(Role::Unknown, self.words().text(Say::SolutionLater));
            return;
        }
        let text = shelf::text(&shelf::path_of(id, "solution.ron")).unwrap_or_default();
        self.show_text(Ask::Text, Say::SolutionTitle.text(lang), text);
    }

    /// Leaves the exercise out, and opens the next one.
    pub(super) fn skip(&mut self) {
        let lang = self.look.lang;
        let Some(id) = self.sitting.as_ref().map(|sitting| sitting.exercise.id.clone()) else {
            self.tell(Role::Unknown, self.words().text(Say::NoExercise));
            return;
        };
        if self.warned() {
            return;
        }
        let record = self.progress.of(&id);
        if record.state != State::Done {
            record.state = State::Skipped;
        }
        self.effects.push(Effect::Progress(id.clone()));
        if let Some(next) = next_after(&id, |id| self.progress.state(id)) {
            self.sit_or_tell(next);
        }
        self.tell(Role::Mark, Say::WasSkipped.fill(lang, &[("id", id)]));
    }

    /// `e`: the host opens the learner's file in an editor.
    pub(super) fn edit(&mut self) {
        match &self.sitting {
            Some(sitting) => self.effects.push(Effect::Edit(sitting.exercise.desk_file())),
            None => self.tell(Role::Unknown, self.words().text(Say::NoExercise)),
        }
    }
}

/// What is opened for a verdict: the plain run with the learner's text, so that a session of it can
/// be saved.
fn opened(exercise: &Exercise, text: &str, attempt: &Attempt) -> Option<Opened> {
    let first = attempt.runs.first()?;
    let file = exercise.desk_file();
    let (name, text) = match &attempt.work {
        Work::Scenario(_) => (file, with_field(text, &["seed"], &FIRST_SEED.to_string())),
        Work::Answers(_) => {
            let text = shelf::text(&first.file).map(str::to_owned);
            (first.file.clone(), text)
        }
    };
    let lesson = Some(exercise.chapter.clone());
    Some(Opened { name, text, plan: Arc::clone(&first.plan), lesson })
}
