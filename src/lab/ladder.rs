//! Checkpoints of a run, thinner the longer it gets.

use std::sync::Arc;

use super::run::Run;

/// Steps between two checkpoints at first: what is played again in a few milliseconds.
const SPACING: u64 = 10_000;

/// Most checkpoints; beyond, every second one goes and the spacing doubles.
const RUNGS_MAX: usize = 48;

/// A checkpoint of thousands of nodes takes hundreds of megabytes: there, few of them stand far
/// apart, and going back takes seconds.
const SPACING_LARGE: u64 = 2_000_000;
/// Most checkpoints of a large cluster.
const RUNGS_MAX_LARGE: usize = 4;
/// Steps between two checkpoints that are let go: freeing one of a large cluster takes longer than a
/// frame, and nobody should wait for three.
const LET_GO_EVERY: u64 = 5_000;

/// Checkpoints in the order of steps; a clone shares them.
#[derive(Clone, Debug)]
pub(super) struct Ladder {
    spacing: u64,
    most: usize,
    lowest: Arc<Run>,
    rungs: Vec<Arc<Run>>,
    /// Checkpoints that stand no more, until they are freed.
    spent: Vec<Arc<Run>>,
}

impl Ladder {
    /// A ladder whose lowest rung is `begun`.
    pub(super) fn new(begun: Run) -> Self {
        let large = begun.is_large();
        let (spacing, most) =
            if large { (SPACING_LARGE, RUNGS_MAX_LARGE) } else { (SPACING, RUNGS_MAX) };
        Ladder { spacing, most, lowest: Arc::new(begun), rungs: Vec::new(), spent: Vec::new() }
    }

    /// The lowest rung.
    pub(super) fn lowest(&self) -> &Run {
        &self.lowest
    }

    /// How many checkpoints there are.
    pub(super) fn len(&self) -> usize {
        self.rungs.len() + 1
    }

    /// Takes a checkpoint when the last one is far enough behind.
    pub(super) fn offer(&mut self, run: &Run) {
        if run.steps().is_multiple_of(LET_GO_EVERY) {
            self.spent.pop();
        }
        let last = self.rungs.last().unwrap_or(&self.lowest).steps();
        if run.steps() < last + self.spacing {
            return;
        }
        self.rungs.push(Arc::new(run.clone()));
        if self.rungs.len() > self.most {
            self.spacing *= 2;
            let all = std::mem::take(&mut self.rungs);
            for (number, rung) in all.into_iter().enumerate() {
                let stays = number % 2 == 1;
                let to = if stays { &mut self.rungs } else { &mut self.spent };
                to.push(rung);
            }
            if !run.is_large() {
                self.spent.clear();
            }
        }
    }

    /// The highest rung of which `fits` is true; the lowest when there is none.
    pub(super) fn last(&self, fits: impl Fn(&Run) -> bool) -> &Run {
        let place = self.rungs.partition_point(|run| fits(run));
        place.checked_sub(1).map_or(&self.lowest, |place| &self.rungs[place])
    }

    /// Forgets what lies beyond so many steps; the lowest rung stays.
    pub(super) fn forget_after(&mut self, step: u64) {
        let keep = self.rungs.partition_point(|run| run.steps() <= step);
        let gone = self.rungs.split_off(keep);
        if self.lowest.is_large() {
            self.spent.extend(gone);
        }
    }
}
