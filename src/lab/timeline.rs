//! Time as a value: a run that can be played, rewound and looked at from any moment.
//!
//! A timeline holds the *cursor*, where the reader stands, and the *frontier*, the furthest that
//! was played, where that is another state. While the furthest moves it leaves clones of itself
//! behind; to go to a moment is to clone the last one before it and to play the rest. So seeking
//! equals playing, by construction, and `tests/timeline.rs` holds it to that.
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
use super::journey::{Found, Goal};
use super::ladder::Ladder;
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
    pub(super) ladder: Ladder,
    pub(super) cursor: Run,
    /// The furthest run, while the cursor is not itself the furthest.
    pub(super) frontier: Option<Box<Run>>,
    own: Vec<(String, SimTime)>,
    journal: Journal,
}

impl Timeline {
    /// A timeline of `plan`, at its beginning.
    ///
    /// Errors: the plan's cluster cannot be built; a checked plan's can.
    pub fn new(plan: Arc<Plan>, options: Options) -> Result<Timeline, BuildError> {
        let begun = Run::new(plan, options)?;
        let ladder = Ladder::new(begun.clone());
        let (own, journal) = (Vec::new(), Journal::default());
        Ok(Timeline { ladder, cursor: begun, frontier: None, own, journal })
    }

    /// The world at the cursor.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.cursor
    }

    /// The furthest world that was played.
    #[must_use]
    pub fn known(&self) -> &Run {
        self.frontier.as_deref().unwrap_or(&self.cursor)
    }

    /// Where the cursor stands.
    #[must_use]
    pub fn cursor(&self) -> Moment {
        moment(&self.cursor)
    }

    /// How far was played.
    #[must_use]
    pub fn frontier(&self) -> Moment {
        moment(self.known())
    }

    /// How many checkpoints are kept.
    #[must_use]
    pub fn checkpoints(&self) -> usize {
        self.ladder.len()
    }

    /// When the plan ends.
    #[must_use]
    pub fn end(&self) -> SimTime {
        self.cursor.plan().until
    }

    /// Whether everything up to the plan's end was played.
    #[must_use]
    pub fn is_explored(&self) -> bool {
        self.known().is_over()
    }

    /// Plays the frontier on, at most `steps` steps; false when it is at the plan's end.
    pub fn explore(&mut self, steps: u64) -> bool {
        let end = self.end();
        let cursor = &self.cursor;
        let frontier = self.frontier.get_or_insert_with(|| Box::new(cursor.clone()));
        for _ in 0..steps {
            if !frontier.step_until(end) {
                frontier.play_until(end);
                return false;
            }
            self.ladder.offer(frontier);
        }
        true
    }

    /// Plays to the plan's end.
    pub fn explore_all(&mut self) {
        while self.explore(u64::MAX) {}
    }

    /// Goes to a time: everything that is due then or before has happened.
    pub fn seek(&mut self, at: SimTime) {
        self.go(Goal::Time(at));
    }

    /// Goes to the state after so many steps, or to the end before it.
    pub fn seek_step(&mut self, step: u64) {
        self.go(Goal::Step(step));
    }

    /// A whole journey.
    fn go(&mut self, goal: Goal) {
        while !self.go_on(goal, u64::MAX) {}
    }

    /// One step on; false at the plan's end.
    pub fn forward(&mut self) -> bool {
        self.step_to(self.end())
    }

    /// One step back; false at the beginning.
    pub fn back(&mut self) -> bool {
        let step = self.cursor.steps();
        if step <= self.ladder.lowest().steps() {
            return false;
        }
        self.seek_step(step - 1);
        true
    }

    pub(super) fn step_to(&mut self, at: SimTime) -> bool {
        let moved = self.cursor.step_until(at);
        let passed = |known: &Run| known.steps() <= self.cursor.steps();
        if self.frontier.as_deref().is_none_or(passed) {
            // The cursor is the furthest now: no second world is kept.
            self.frontier = None;
            self.ladder.offer(&self.cursor);
        }
        moved
    }

    /// Stands at a checkpoint; what was the furthest stays known.
    pub(super) fn stand(&mut self, rung: Run) {
        let state = self.with_deeds(rung);
        let left = std::mem::replace(&mut self.cursor, state);
        if self.frontier.is_none() {
            self.frontier = Some(Box::new(left));
        }
    }

    /// A checkpoint knows only the deeds that were done when it was taken; later ones join its
    /// agenda, so that playing on from it meets them.
    pub(super) fn with_deeds(&self, mut rung: Run) -> Run {
        rung.take_steps_of(self.cursor.plan());
        rung
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
        let home = self.cursor();
        let here = facts(&self.cursor);
        for id in (0..here).rev() {
            if !self.is_wanted(id, &wanted) {
                continue;
            }
            self.go(Goal::Fact(FactId(id)));
            if self.cursor().step < home.step {
                return Some(FactId(id));
            }
        }
        self.go(Goal::Back(home));
        None
    }

    fn is_wanted(&self, id: u32, wanted: &impl Fn(FactId, &Fact) -> bool) -> bool {
        let fact = self.cursor.seen().and_then(|seen| seen.facts.get(FactId(id)));
        fact.is_some_and(|fact| wanted(FactId(id), fact))
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
        let mut search = self.begin_search(predicate, first);
        loop {
            match self.search_on(&mut search, u64::MAX) {
                Found::NotYet => {}
                Found::At(moment) => return Some(moment),
                Found::Nothing => return None,
            }
        }
    }

    /// Every mark, in the order of time.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let plan = self.known().plan();
        let mut marks: Vec<Mark> = Vec::new();
        for step in &plan.steps {
            let kind = if self.journal.holds(step.at) { MarkKind::Done } else { MarkKind::Step };
            let name = step.action.value.word().to_owned();
            marks.push(Mark { at: step.at, kind, name, note: step.note.clone() });
        }
        for (number, at) in self.known().bookmarks() {
            if let Some(bookmark) = plan.bookmarks.get(*number) {
                let (name, note) = (bookmark.name.value.clone(), bookmark.note.clone());
                marks.push(Mark { at: *at, kind: MarkKind::Bookmark, name, note });
            }
        }
        for (name, at) in &self.own {
            let (name, note) = (name.clone(), String::new());
            marks.push(Mark { at: *at, kind: MarkKind::Own, name, note });
        }
        marks.sort();
        marks
    }

    /// Marks the cursor's moment; a name that is there already moves.
    pub fn set_bookmark(&mut self, name: impl Into<String>) {
        let (name, here) = (name.into(), self.cursor.now());
        self.own.retain(|(known, _)| *known != name);
        self.own.push((name, here));
    }

    /// The bookmarks that a person set on another run of the same exercise.
    pub fn take_bookmarks_of(&mut self, other: &Timeline) {
        self.own.clone_from(&other.own);
    }

    /// Does something now: what was played beyond is forgotten, and the deed is journaled.
    ///
    /// Deeds that were done at later moments stay planned, as the plan's own steps do.
    pub fn act(&mut self, action: Action, words: impl Into<String>) {
        let at = self.cursor.plan_deed(action);
        self.journal.add(Entry { at, words: words.into() });
        self.ladder.forget_after(self.cursor.steps());
        self.frontier = None;
        self.seek(at);
    }

    /// What was done by hand.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The same marks and deeds on another run, at its beginning.
    pub(super) fn again(&self, plan: Plan, seed: u64) -> Result<Timeline, BuildError> {
        let options = Options { seed: Some(seed), observe: self.cursor.seen().is_some() };
        let mut again = Timeline::new(Arc::new(plan), options)?;
        again.own.clone_from(&self.own);
        again.journal = self.journal.clone();
        Ok(again)
    }

    pub(super) fn forget_deed(&mut self, at: SimTime) {
        self.journal.forget(at);
    }
}

pub(super) fn moment(run: &Run) -> Moment {
    Moment { step: run.steps(), at: run.now() }
}

pub(super) fn facts(run: &Run) -> u32 {
    run.seen().map_or(0, |seen| u32::try_from(seen.facts.len()).unwrap_or(u32::MAX))
}
