//! Checkpoints of a run, thinner the further apart they may be.

use crate::kernel::SimTime;

use super::run::Run;

/// Steps between two checkpoints at first: what is played again in a few milliseconds.
const SPACING: u64 = 10_000;

/// Most checkpoints; beyond, every second one goes and the spacing doubles.
const RUNGS_MAX: usize = 48;

/// Checkpoints in the order of steps.
#[derive(Clone, Debug)]
pub(super) struct Ladder {
    spacing: u64,
    rungs: Vec<Run>,
}

impl Ladder {
    /// A ladder whose lowest rung is `begun`.
    pub(super) fn new(begun: Run) -> Self {
        Ladder { spacing: SPACING, rungs: vec![begun] }
    }

    /// The steps of the lowest rung.
    pub(super) fn first(&self) -> u64 {
        self.rungs.first().map_or(0, Run::steps)
    }

    /// Takes a checkpoint when the last one is far enough behind.
    pub(super) fn offer(&mut self, run: &Run) {
        let last = self.rungs.last().map_or(0, Run::steps);
        if run.steps() >= last + self.spacing {
            self.put(run);
        }
    }

    /// Takes a checkpoint.
    pub(super) fn put(&mut self, run: &Run) {
        if self.rungs.last().is_some_and(|last| last.steps() >= run.steps()) {
            self.forget_after(run.steps().saturating_sub(1));
        }
        self.rungs.push(run.clone());
        if self.rungs.len() > RUNGS_MAX {
            self.spacing *= 2;
            let mut number = 0;
            self.rungs.retain(|_| {
                number += 1;
                number % 2 == 1
            });
        }
    }

    /// The highest rung of which `fits` is true; the lowest when there is none.
    pub(super) fn last(&self, fits: impl Fn(&Run) -> bool) -> &Run {
        let place = self.rungs.partition_point(fits);
        let place = place.saturating_sub(1);
        assert!(place < self.rungs.len(), "a ladder has a lowest rung");
        &self.rungs[place]
    }

    /// The highest rung with at most so many steps.
    pub(super) fn at_or_before(&self, step: u64) -> &Run {
        self.last(|run| run.steps() <= step)
    }

    /// The highest rung whose moment lies before `at`.
    pub(super) fn before(&self, at: SimTime) -> &Run {
        self.last(|run| run.now() < at)
    }

    /// Whether some rung lies between a state of `from` steps and the state of `step` steps.
    pub(super) fn is_nearer(&self, step: u64, from: u64) -> bool {
        self.at_or_before(step).steps() > from
    }

    /// Whether some rung before `at` lies beyond a state of `from` steps.
    pub(super) fn is_nearer_at(&self, at: SimTime, from: u64) -> bool {
        self.before(at).steps() > from
    }

    /// Forgets what lies beyond so many steps; the lowest rung stays.
    pub(super) fn forget_after(&mut self, step: u64) {
        let keep = self.rungs.partition_point(|run| run.steps() <= step).max(1);
        self.rungs.truncate(keep);
    }
}
