//! Journeys through time in bites, for faces that must not wait.
//!
//! A journey first stands at the known state from which the way is shortest, then plays on. Where
//! it leads says all that the next bite must know, so that a journey is not a thing to be kept: it
//! can be left after any bite, and the cursor stands in a state of the run like any other. What is
//! done in one go (`seek`, `first`, …) is such a journey whose bite has no end.

use crate::api::Kind;
use crate::kernel::SimTime;
use crate::observe::FactId;
use crate::observe::Observation;
use crate::scenario::expect::predicate::Predicate;

use super::predicate::holds;
use super::run::Run;
use super::timeline::{Moment, Timeline, facts, moment};

/// Where a journey leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A time: everything that is due then or before has happened.
    Time(SimTime),
    /// The state after so many steps, or the end before it.
    Step(u64),
    /// The state in which this fact has just happened.
    Fact(FactId),
    /// A state where the cursor stood before: its step, then its time.
    Back(Moment),
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It goes on.
    NotYet,
    /// The cursor stands there.
    At(Moment),
    /// There is nothing; the cursor stands where the search began.
    Nothing,
}

/// The search for the first or the last moment at which something begins to hold.
#[derive(Clone, Debug)]
pub struct Search {
    predicate: Predicate,
    first: bool,
    /// Where the cursor stood.
    home: Moment,
    begun: bool,
    held: bool,
    looked: Option<u64>,
    found: Option<Moment>,
    /// Everything was looked at; the cursor goes there.
    way: Option<Goal>,
}

impl Search {
    /// Looks at a state, and says what that cost in steps.
    fn look(&mut self, run: &Run) -> u64 {
        let Some(seen) = run.seen().filter(|seen| self.looked != Some(seen.changes())) else {
            return 0;
        };
        self.looked = Some(seen.changes());
        let holds_now = holds(&self.predicate, seen).0;
        if holds_now && !self.held {
            self.found = Some(moment(run));
        }
        self.held = holds_now;
        price(&self.predicate, seen)
    }
}

/// What a look costs, in steps: some conditions go through all objects of a kind.
fn price(predicate: &Predicate, seen: &Observation) -> u64 {
    let all = |kind: Kind| 1 + u64::try_from(seen.model.count(kind)).unwrap_or(u64::MAX) / 16;
    match predicate {
        Predicate::Ready(what) | Predicate::Available(what) => {
            let kind = what.of.value.kind;
            if matches!(kind, Kind::Pod | Kind::Node) { all(kind) } else { 1 }
        }
        Predicate::Pods(_) => all(Kind::Pod),
        Predicate::Event(_) => all(Kind::Event),
        Predicate::Endpoints(_) => all(Kind::EndpointSlice),
        Predicate::Exists(what) => all(what.of.value.kind),
        Predicate::Condition(what) => all(what.of.value.kind),
        Predicate::All(parts) | Predicate::Any(parts) => {
            parts.iter().map(|part| price(part, seen)).sum()
        }
        Predicate::Not(part) => price(part, seen),
        Predicate::RolledOut(_)
        | Predicate::Leader(_)
        | Predicate::Tainted(_)
        | Predicate::Cordoned(_)
        | Predicate::Field(_) => 1,
    }
}

/// A look at another moment, while the cursor stays where it is.
#[derive(Clone, Debug)]
pub struct Scout {
    run: Run,
    to: SimTime,
}

impl Scout {
    /// Goes on, at most `steps` steps; true when it is there.
    pub fn go_on(&mut self, steps: u64) -> bool {
        for _ in 0..steps {
            if !self.run.step_until(self.to) {
                rest(&mut self.run, self.to);
                return true;
            }
        }
        false
    }

    /// The world where it stands.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }
}

/// Everything due was played: what is left of the way to `at` is waiting.
fn rest(run: &mut Run, at: SimTime) {
    if at >= run.plan().until {
        run.play_until(at);
    } else {
        run.wait_until(at);
    }
}

impl Timeline {
    /// Goes on towards a goal, at most `steps` steps; true when it is reached.
    ///
    /// Every bite is told the goal again; nothing else is kept between two of them.
    pub fn go_on(&mut self, goal: Goal, steps: u64) -> bool {
        match goal {
            Goal::Time(at) => self.go_on_to_time(at, steps),
            Goal::Step(step) => {
                if self.cursor.steps() != step {
                    // The furthest state may have waited beyond the moment of its step.
                    self.depart(|run| run.steps() <= step, |furthest| furthest.steps() < step);
                }
                self.play_while(|run| run.steps() < step, steps)
            }
            Goal::Fact(id) => {
                let before = |run: &Run| facts(run) <= id.0;
                self.depart(before, before);
                self.play_while(|run| facts(run) <= id.0, steps)
            }
            Goal::Back(to) => {
                let before = |run: &Run| moment(run) <= to;
                self.depart(before, before);
                if !self.play_while(|run| run.steps() < to.step, steps) {
                    return false;
                }
                let waited = self.cursor().at < to.at || to.at >= self.end();
                !waited || self.go_on_to_time(to.at, steps)
            }
        }
    }

    fn go_on_to_time(&mut self, at: SimTime, steps: u64) -> bool {
        let at = at.min(self.end());
        let before = |run: &Run| run.now() <= at;
        self.depart(before, before);
        for _ in 0..steps {
            if !self.step_to(at) {
                rest(&mut self.cursor, at);
                return true;
            }
        }
        false
    }

    /// Plays on while the goal is not reached; true when it is, or at the plan's end.
    fn play_while(&mut self, before: impl Fn(&Run) -> bool, steps: u64) -> bool {
        for _ in 0..steps {
            if !before(&self.cursor) || !self.forward() {
                return true;
            }
        }
        !before(&self.cursor)
    }

    /// Stands at the furthest known state that lies on the way.
    ///
    /// The furthest state of all, where it lies `before` the goal, needs no copy: the cursor takes
    /// its place.
    fn depart(&mut self, on_the_way: impl Fn(&Run) -> bool, before: impl Fn(&Run) -> bool) {
        if self.frontier.as_deref().is_some_and(before) {
            if let Some(furthest) = self.frontier.take() {
                self.cursor = *furthest;
            }
            return;
        }
        let rung = self.ladder.last(&on_the_way);
        if !on_the_way(&self.cursor) || rung.steps() > self.cursor.steps() {
            let rung = rung.clone();
            self.stand(rung);
        }
    }

    /// Stands where nothing was played yet: at the furthest state that is known.
    pub fn go_to_frontier(&mut self) {
        if let Some(furthest) = self.frontier.take() {
            self.cursor = *furthest;
        }
    }

    /// Begins to search for the `first` (or else the last) moment at which `predicate` begins to
    /// hold.
    #[must_use]
    pub fn begin_search(&self, predicate: &Predicate, first: bool) -> Search {
        let (predicate, home) = (predicate.clone(), self.cursor());
        let (begun, held, looked, found, way) = (false, false, None, None, None);
        Search { predicate, first, home, begun, held, looked, found, way }
    }

    /// Goes on with a search, about `steps` steps.
    ///
    /// The cursor itself goes, from the beginning on; whoever leaves a search stands where it was.
    pub fn search_on(&mut self, search: &mut Search, steps: u64) -> Found {
        if !search.begun {
            search.begun = true;
            let begun = self.ladder.lowest().clone();
            self.stand(begun);
        }
        let mut left = steps;
        while search.way.is_none() {
            left = left.saturating_sub(search.look(&self.cursor));
            let found = search.found.filter(|_| search.first);
            if found.is_some() || !self.forward() {
                let way = search.found.map(|found| Goal::Step(found.step));
                search.way = Some(way.unwrap_or(Goal::Back(search.home)));
            } else if left <= 1 {
                return Found::NotYet;
            }
            left = left.saturating_sub(1);
        }
        let there = search.way.is_none_or(|way| self.go_on(way, left));
        match search.found {
            _ if !there => Found::NotYet,
            Some(found) => Found::At(found),
            None => Found::Nothing,
        }
    }

    /// A look at another moment, from the known state that is nearest before it.
    #[must_use]
    pub fn scout(&self, to: SimTime) -> Scout {
        let to = to.min(self.end());
        let on_the_way = |run: &&Run| run.now() <= to;
        let known = [self.known(), &self.cursor].into_iter().find(on_the_way);
        let rung = self.ladder.last(|run| run.now() <= to);
        let nearest = known.filter(|known| known.steps() >= rung.steps());
        let run = nearest.map_or_else(|| self.with_deeds(rung.clone()), Run::clone);
        Scout { run, to }
    }
}
