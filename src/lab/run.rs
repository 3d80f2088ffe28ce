//! One run: the plan's agenda against the kernel's queue.
//!
//! What the plan wants at a moment happens before any event of that moment. A run is a value: a
//! clone is a checkpoint, with its agenda, its observation and its judge.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cluster::BuildError;
use crate::cluster::Cluster;
use crate::cluster::Role;
use crate::cluster::build;
use crate::kernel::Detail;
use crate::kernel::Digest;
use crate::kernel::Observer;
use crate::kernel::Quiet;
use crate::kernel::Sim;
use crate::kernel::SimTime;
use crate::kernel::Slot;
use crate::kernel::Span;
use crate::observe::Observation;
use crate::observe::Violation;
use crate::scenario::plan::{Plan, PlannedStep};
use crate::scenario::steps::Action;
use crate::scenario::tree::spanned::Spanned;
use crate::wire::Note;
use crate::wire::operator::{Command, OperatorIn};

use super::act::{Later, Scars, act, later};
use super::judge::{Judge, Outcome};
use super::predicate::holds;
use super::stage::stage;

/// When the plan's manifests are applied: the cluster has its leaders and nodes by then.
///
/// Simplified: a cluster of kubeadm takes minutes to boot; nothing of that is of interest here.
pub(super) const APPLY_AT: SimTime = SimTime::from_secs(5);

/// From so many nodes on only what a verdict needs is observed: the story of 150,000 pods is for
/// nobody to read, and it would fill the memory.
pub(super) const LARGE_CLUSTER: usize = 500;

/// How a run is begun.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The seed; none means the plan's.
    pub seed: Option<u64>,
    /// Whether it is observed: without it there is no verdict, only a digest.
    pub observe: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { seed: None, observe: true }
    }
}

/// Something on the agenda.
#[derive(Clone, Debug)]
enum Due {
    /// Apply the plan's manifests.
    Apply,
    /// A step of the plan, by its number.
    Step(usize),
    /// A bookmark with a time, by its number.
    Bookmark(usize),
    /// Something that ends or goes on.
    Later(Later),
}

/// What comes first among the entries of one moment, however late they were entered: so a step
/// that was added by hand comes where a scenario's step would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The plan's manifests.
    Apply,
    /// Steps, in the order of the plan.
    Step,
    /// Bookmarks.
    Bookmark,
    /// What ends or goes on.
    Later,
}

impl Due {
    fn rank(&self) -> Rank {
        match self {
            Due::Apply => Rank::Apply,
            Due::Step(_) => Rank::Step,
            Due::Bookmark(_) => Rank::Bookmark,
            Due::Later(_) => Rank::Later,
        }
    }
}

/// A run under way.
#[derive(Clone, Debug)]
pub struct Run {
    plan: Arc<Plan>,
    sim: Sim<Cluster>,
    agenda: BTreeMap<(SimTime, Rank, u32), Due>,
    entries: u32,
    scars: Scars,
    seen: Option<Box<Observation>>,
    judge: Judge,
    bookmarks: BTreeMap<usize, SimTime>,
    judged: u64,
    /// Agenda entries and deliveries so far: the address of this state.
    steps: u64,
}

/// What is left of a run at its end.
#[derive(Clone, Debug)]
pub struct Report {
    /// The fingerprint.
    pub digest: Digest,
    /// Deliveries.
    pub delivered: u64,
    /// The last moment.
    pub end: SimTime,
    /// The seed.
    pub seed: u64,
    /// What became of each expectation, in their order.
    pub outcomes: Vec<Outcome>,
    /// Laws that were broken: bugs of ours.
    pub violations: Vec<Violation>,
    /// Bookmarks that were reached, by their number.
    pub bookmarks: BTreeMap<usize, SimTime>,
}

impl Report {
    /// Whether every expectation held.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Held(_)))
    }
}

impl Run {
    /// Begins a run: builds the cluster and starts every process.
    ///
    /// Errors: the plan's cluster cannot be built; a checked plan's can.
    pub fn new(plan: Arc<Plan>, options: Options) -> Result<Run, BuildError> {
        let seed = options.seed.unwrap_or(plan.seed);
        let mut sim = build(&stage(&plan), seed)?;
        let detail = if !options.observe {
            Detail::Nothing
        } else if plan.cluster.nodes.len() > LARGE_CLUSTER {
            Detail::Brief
        } else {
            Detail::Full
        };
        sim.observe(detail);
        let directory = sim.world().directory().clone();
        let seen = options.observe.then(|| Box::new(Observation::new(directory, detail)));
        let judge = Judge::new(plan.expect.iter().map(|expectation| expectation.value.clone()));
        sim.boot();
        let mut run = Run {
            plan,
            sim,
            agenda: BTreeMap::new(),
            entries: 0,
            scars: Scars::default(),
            seen,
            judge,
            bookmarks: BTreeMap::new(),
            judged: 0,
            steps: 0,
        };
        run.fill_agenda();
        run.flush();
        Ok(run)
    }

    fn fill_agenda(&mut self) {
        let plan = self.plan.clone();
        if !plan.objects.is_empty() {
            self.put(APPLY_AT, Due::Apply);
        }
        for (number, step) in plan.steps.iter().enumerate() {
            self.put(step.at, Due::Step(number));
        }
        for (number, bookmark) in plan.bookmarks.iter().enumerate() {
            if let Some(at) = &bookmark.at {
                self.put(SimTime::ZERO + at.value.0, Due::Bookmark(number));
            }
        }
    }

    fn put(&mut self, at: SimTime, due: Due) {
        self.entries += 1;
        self.agenda.insert((at, due.rank(), self.entries), due);
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The stage, to look at.
    #[must_use]
    pub fn sim(&self) -> &Sim<Cluster> {
        &self.sim
    }

    /// Whether the cluster is so large that only what a verdict needs is observed.
    #[must_use]
    pub fn is_large(&self) -> bool {
        self.plan.cluster.nodes.len() > LARGE_CLUSTER
    }

    /// What was seen; none in a run without observers.
    #[must_use]
    pub fn seen(&self) -> Option<&Observation> {
        self.seen.as_deref()
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.sim.now()
    }

    /// Whether the plan's end is reached.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.sim.now() >= self.plan.until
    }

    /// One thing more: an entry of the agenda or one event. False at the plan's end.
    pub fn step(&mut self) -> bool {
        self.step_until(self.plan.until)
    }

    /// Plays up to `until`, at most to the plan's end.
    pub fn play_until(&mut self, until: SimTime) {
        let until = until.min(self.plan.until);
        while self.step_until(until) {}
        self.sim.advance_to(until);
        self.flush();
        self.look();
    }

    /// Plays `span` beyond the plan's end, for what comes after a settled run.
    pub fn play_on(&mut self, span: Span) {
        let until = self.sim.now() + span;
        while self.step_until(until) {}
        self.sim.advance_to(until);
        self.flush();
    }

    /// Plays to the plan's end and judges.
    pub fn finish(&mut self) -> Report {
        self.play_until(self.plan.until);
        self.report()
    }

    /// The verdict as it would be if the run ended now.
    #[must_use]
    pub fn report(&self) -> Report {
        let outcomes = match &self.seen {
            Some(seen) => self.judge.verdict(self.sim.now(), seen),
            None => Vec::new(),
        };
        let violations = self.seen.as_ref().map(|seen| seen.invariants.violations().to_vec());
        Report {
            digest: self.sim.digest(),
            delivered: self.sim.delivered(),
            end: self.sim.now(),
            seed: self.sim.seed(),
            outcomes,
            violations: violations.unwrap_or_default(),
            bookmarks: self.bookmarks.clone(),
        }
    }

    /// Steps since the beginning: agenda entries and deliveries.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Bookmarks that were reached, by their number.
    #[must_use]
    pub fn bookmarks(&self) -> &BTreeMap<usize, SimTime> {
        &self.bookmarks
    }

    /// Puts a deed on the agenda and gives its moment.
    ///
    /// That is the next nanosecond and not now: a plan's steps come before the events of their
    /// moment, and some of this moment's may be over. So a scenario with this step is the same run.
    pub(super) fn plan_deed(&mut self, action: Action) -> SimTime {
        let at = self.sim.now() + Span::nanos(1);
        let action = Spanned::bare(action);
        let step = PlannedStep { at, action, objects: Vec::new(), note: String::new() };
        let plan = Arc::make_mut(&mut self.plan);
        plan.steps.push(step);
        let number = plan.steps.len() - 1;
        self.put(at, Due::Step(number));
        at
    }

    /// Takes over the steps that `plan` has beyond this run's own; those of the future are put on
    /// the agenda.
    pub(super) fn take_steps_of(&mut self, plan: &Arc<Plan>) {
        let known = self.plan.steps.len();
        for (number, step) in plan.steps.iter().enumerate().skip(known) {
            assert!(step.at > self.sim.now(), "checkpoints beyond a deed are forgotten");
            self.put(step.at, Due::Step(number));
        }
        if plan.steps.len() > known {
            self.plan = plan.clone();
        }
    }

    /// Lets time pass in which nothing is due.
    pub(super) fn wait_until(&mut self, at: SimTime) {
        self.sim.advance_to(at);
    }

    /// One step that is due at `until` or before; false when there is none.
    pub(super) fn step_until(&mut self, until: SimTime) -> bool {
        let moved = self.one_step(until);
        self.steps += u64::from(moved);
        moved
    }

    fn one_step(&mut self, until: SimTime) -> bool {
        let next_event = self.sim.next_at();
        let next_due = self.agenda.keys().next().map(|(at, _, _)| *at);
        let due_first = next_due.is_some_and(|due| next_event.is_none_or(|event| due <= event));
        if due_first {
            let Some(at) = next_due.filter(|at| *at <= until) else { return false };
            self.sim.advance_to(at);
            self.carry_out();
            return true;
        }
        if next_event.is_none_or(|at| at > until) {
            return false;
        }
        match &mut self.seen {
            Some(seen) => {
                self.sim.step(seen.as_mut());
                if seen.changes() != self.judged {
                    self.look();
                }
            }
            None => {
                self.sim.step(&mut Quiet);
            }
        }
        true
    }

    /// Carries out the first entry of the agenda.
    fn carry_out(&mut self) {
        let Some(((at, _, _), due)) = self.agenda.pop_first() else { return };
        let plan = self.plan.clone();
        let comes = match due {
            Due::Apply => {
                let operator = self.sim.world().directory().slot(Role::Operator);
                let command = Command::Apply(plan.objects.clone());
                self.sim.inject(operator, OperatorIn::Do(Box::new(command)));
                Vec::new()
            }
            Due::Step(number) => act(&mut self.sim, &mut self.scars, &plan.steps[number]),
            Due::Bookmark(number) => {
                self.reach(number);
                Vec::new()
            }
            Due::Later(what) => later(&mut self.sim, &mut self.scars, what),
        };
        for (span, what) in comes {
            self.put(at + span, Due::Later(what));
        }
        self.flush();
    }

    /// A bookmark is reached.
    fn reach(&mut self, number: usize) {
        let name = self.plan.bookmarks[number].name.value.as_str().into();
        // The last event is named, not a new one: a bookmark is no part of the run.
        let event = self.sim.last_event();
        self.sim.note(event, Note::Bookmark(name));
        self.bookmarks.insert(number, self.sim.now());
    }

    fn flush(&mut self) {
        match &mut self.seen {
            Some(seen) => self.sim.flush(seen.as_mut()),
            None => self.sim.flush(&mut Quiet),
        }
    }

    /// Lets the judge and the waiting bookmarks look.
    fn look(&mut self) {
        let Some(seen) = &self.seen else { return };
        self.judged = seen.changes();
        let now = self.sim.now();
        if !self.judge.is_due(now, seen) {
            return;
        }
        self.judge.look(now, seen);
        let reached: Vec<usize> = self
            .plan
            .bookmarks
            .iter()
            .enumerate()
            .filter(|(number, _)| !self.bookmarks.contains_key(number))
            .filter_map(|(number, bookmark)| Some((number, bookmark.first.as_ref()?)))
            .filter(|(_, first)| holds(&first.value, seen).0)
            .map(|(number, _)| number)
            .collect();
        for number in reached {
            self.reach(number);
        }
    }

    /// Numbers an intervention that changes nothing, for tests that a digest notices it.
    pub fn disturb(&mut self) {
        self.sim.intervene(Slot::OUTSIDE, 99);
    }
}

/// A run can be moved to another thread.
const _: fn() = || {
    fn is_send<T: Send>() {}
    is_send::<Run>();
    fn observes<T: Observer<Cluster>>() {}
    observes::<Observation>();
};
