//! Time as a value: a run that can be played, rewound and looked at from any moment.
//!
//! A timeline holds two runs: the *frontier*, the furthest that was played, and the *cursor*,
//! where the reader stands. While the frontier moves it leaves clones of itself behind; to go to
//! a moment is to clone the last one before it and to play the rest. So seeking equals playing,
//! by construction, and `tests/timeline.rs` holds it to that.
//!
//! The address of a state is a number of steps (entries of the agenda and deliveries), since many
//! events may share one instant.

use std::sync::Arc;

use crate::cluster::BuildError;
use crate::kernel::SimTime;
use crate::observe::Fact;
use crate::observe::FactId;
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::plan::Plan;
use crate::scenario::steps::Action;

use super::journal::{Entry, Journal};
use super::ladder::Ladder;
use super::predicate::holds;
use super::run::{Options, Run};

/// The address of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Steps since the beginning.
    pub step: u64,
    /// The virtual time.
    pub at: SimTime,
}

/// What a mark on the timeline stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A step of the plan: a fault, a command.
    Step,
    /// A bookmark of the plan.
    Bookmark,
    /// A bookmark of the reader.
    Own,
    /// Something the reader did.
    Done,
}

/// A moment with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When.
    pub at: SimTime,
    /// What it stands for.
    pub kind: MarkKind,
    /// Its name, or what happens in the scenario's own words.
    pub name: String,
    /// What to see there.
    pub note: String,
}

/// A run with its past and its future.
#[derive(Clone, Debug)]
pub struct Timeline {
    ladder: Ladder,
    frontier: Run,
    cursor: Run,
    own: Vec<(String, Moment)>,
    journal: Journal,
}

impl Timeline {
    /// A timeline of `plan`, at its beginning.
    ///
    /// Errors: the plan's cluster cannot be built; a checked plan's can.
    pub fn new(plan: Arc<Plan>, options: Options) -> Result<Timeline, BuildError> {
        let begun = Run::new(plan, options)?;
        Ok(Timeline::of(begun))
    }

    /// A timeline that begins with this run, wherever it stands.
    pub(super) fn of(begun: Run) -> Timeline {
        Timeline {
            ladder: Ladder::new(begun.clone()),
            frontier: begun.clone(),
            cursor: begun,
            own: Vec::new(),
            journal: Journal::default(),
        }
    }

    /// The world at the cursor.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.cursor
    }

    /// The furthest world that was played.
    #[must_use]
    pub fn known(&self) -> &Run {
        &self.frontier
    }

    /// Where the cursor stands.
    #[must_use]
    pub fn cursor(&self) -> Moment {
        moment(&self.cursor)
    }

    /// How far was played.
    #[must_use]
    pub fn frontier(&self) -> Moment {
        moment(&self.frontier)
    }

    /// When the plan ends.
    #[must_use]
    pub fn end(&self) -> SimTime {
        self.cursor.plan().until
    }

    /// Whether everything up to the plan's end was played.
    #[must_use]
    pub fn is_explored(&self) -> bool {
        self.frontier.is_over()
    }

    /// Plays the frontier on, at most `steps` steps; false when it is at the plan's end.
    pub fn explore(&mut self, steps: u64) -> bool {
        let end = self.end();
        for _ in 0..steps {
            if !self.frontier.step_until(end) {
                self.frontier.play_until(end);
                return false;
            }
            self.ladder.offer(&self.frontier);
        }
        true
    }

    /// Plays to the plan's end.
    pub fn explore_all(&mut self) {
        while self.explore(u64::MAX) {}
    }

    /// Goes to a time: everything that is due then or before has happened.
    pub fn seek(&mut self, at: SimTime) {
        let at = at.min(self.end());
        if self.cursor.now() > at || self.ladder.is_nearer_at(at, self.cursor.steps()) {
            self.cursor = self.ladder.before(at).clone();
        }
        self.play_to(at);
    }

    /// Goes to the state after so many steps, or to the end before it.
    pub fn seek_step(&mut self, step: u64) {
        if self.cursor.steps() > step || self.ladder.is_nearer(step, self.cursor.steps()) {
            self.cursor = self.ladder.at_or_before(step).clone();
        }
        while self.cursor.steps() < step && self.forward() {}
    }

    /// One step on; false at the plan's end.
    pub fn forward(&mut self) -> bool {
        let end = self.end();
        let moved = self.cursor.step_until(end);
        self.follow();
        moved
    }

    /// One step back; false at the beginning.
    pub fn back(&mut self) -> bool {
        let step = self.cursor.steps();
        let first = self.ladder.first();
        if step <= first {
            return false;
        }
        self.seek_step(step - 1);
        true
    }

    /// Goes to where the next fact that is `wanted` has just happened; none before the end.
    pub fn next_fact(&mut self, wanted: impl Fn(FactId, &Fact) -> bool) -> Option<FactId> {
        let mut told = facts(&self.cursor);
        loop {
            if !self.forward() {
                return None;
            }
            let all = facts(&self.cursor);
            if let Some(id) = (told..all).find(|id| self.is_wanted(*id, &wanted)) {
                return Some(FactId(id));
            }
            told = all;
        }
    }

    /// Goes back to where the fact before the last one that is `wanted` has just happened.
    pub fn previous_fact(&mut self, wanted: impl Fn(FactId, &Fact) -> bool) -> Option<FactId> {
        let here = facts(&self.cursor);
        let mut candidates = (0..here).rev().filter(|id| self.is_wanted(*id, &wanted));
        let now = self.cursor.steps();
        let found = candidates.find_map(|id| {
            let state = self.state_after(id);
            (state.steps() < now).then_some((id, state))
        });
        let (id, state) = found?;
        self.cursor = state;
        Some(FactId(id))
    }

    fn is_wanted(&self, id: u32, wanted: &impl Fn(FactId, &Fact) -> bool) -> bool {
        let fact = self.cursor.seen().and_then(|seen| seen.facts.get(FactId(id)));
        fact.is_some_and(|fact| wanted(FactId(id), fact))
    }

    /// The state in which a known fact has just happened.
    fn state_after(&self, id: u32) -> Run {
        let mut state = self.ladder.last(|run| facts(run) <= id).clone();
        let end = self.end();
        while facts(&state) <= id && state.step_until(end) {}
        state
    }

    /// Goes to the first moment at which `predicate` holds; the cursor stays when there is none.
    pub fn first(&mut self, predicate: &Predicate) -> Option<Moment> {
        self.turn(predicate, true)
    }

    /// Goes to the last moment at which `predicate` begins to hold or still does at the end.
    pub fn last(&mut self, predicate: &Predicate) -> Option<Moment> {
        self.turn(predicate, false)
    }

    fn turn(&mut self, predicate: &Predicate, first: bool) -> Option<Moment> {
        let mut state = self.ladder.at_or_before(0).clone();
        let end = self.end();
        let (mut found, mut held, mut looked) = (None, false, None);
        loop {
            let seen = state.seen()?;
            if looked != Some(seen.changes()) {
                looked = Some(seen.changes());
                let holds_now = holds(predicate, seen).0;
                if holds_now && !held {
                    found = Some(moment(&state));
                    if first {
                        break;
                    }
                }
                held = holds_now;
            }
            if !state.step_until(end) {
                break;
            }
        }
        let found = found?;
        self.seek_step(found.step);
        Some(found)
    }

    /// Every mark, in the order of time.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let plan = self.frontier.plan();
        let mut marks: Vec<Mark> = Vec::new();
        for step in &plan.steps {
            let kind = if self.journal.holds(step.at) { MarkKind::Done } else { MarkKind::Step };
            let name = step.action.value.word().to_owned();
            marks.push(Mark { at: step.at, kind, name, note: step.note.clone() });
        }
        for (number, at) in self.frontier.bookmarks() {
            if let Some(bookmark) = plan.bookmarks.get(*number) {
                let (name, note) = (bookmark.name.value.clone(), bookmark.note.clone());
                marks.push(Mark { at: *at, kind: MarkKind::Bookmark, name, note });
            }
        }
        for (name, moment) in &self.own {
            let (name, note) = (name.clone(), String::new());
            marks.push(Mark { at: moment.at, kind: MarkKind::Own, name, note });
        }
        marks.sort();
        marks
    }

    /// Marks the cursor's moment; a name that is there already moves.
    pub fn set_bookmark(&mut self, name: impl Into<String>) {
        let (name, here) = (name.into(), self.cursor());
        self.own.retain(|(known, _)| *known != name);
        self.own.push((name, here));
    }

    /// Does something now: the future that was played is forgotten, and the deed is journaled.
    pub fn act(&mut self, action: Action, words: impl Into<String>) {
        let at = self.cursor.plan_deed(action);
        self.journal.add(Entry { at, words: words.into() });
        self.ladder.forget_after(self.cursor.steps());
        self.own.retain(|(_, moment)| moment.step <= self.cursor.steps());
        self.ladder.put(&self.cursor);
        self.frontier = self.cursor.clone();
        self.seek(at);
        self.follow();
    }

    /// What was done by hand.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(super) fn take_marks_of(&mut self, other: &Timeline) {
        self.own.clone_from(&other.own);
        self.journal = other.journal.clone();
    }

    pub(super) fn parts(&self) -> (&Ladder, &Run, &Run) {
        (&self.ladder, &self.frontier, &self.cursor)
    }

    pub(super) fn from_parts(ladder: Ladder, frontier: Run, cursor: Run) -> Timeline {
        Timeline { ladder, frontier, cursor, own: Vec::new(), journal: Journal::default() }
    }

    fn play_to(&mut self, at: SimTime) {
        while self.cursor.step_until(at) {
            if self.cursor.steps() > self.frontier.steps() {
                self.ladder.offer(&self.cursor);
            }
        }
        if at >= self.end() {
            self.cursor.play_until(at);
        } else {
            self.cursor.wait_until(at);
        }
        self.follow();
    }

    /// The frontier is never behind the cursor.
    fn follow(&mut self) {
        if self.cursor.steps() > self.frontier.steps() {
            self.ladder.offer(&self.cursor);
            self.frontier = self.cursor.clone();
        }
    }
}

fn moment(run: &Run) -> Moment {
    Moment { step: run.steps(), at: run.now() }
}

fn facts(run: &Run) -> u32 {
    run.seen().map_or(0, |seen| u32::try_from(seen.facts.len()).unwrap_or(u32::MAX))
}
