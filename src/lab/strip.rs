//! One question, many seeds: when it held in each of them.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;

use rayon::prelude::*;

use crate::cluster::BuildError;
use crate::kernel::SimTime;
use crate::observe::Observation;
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::plan::Plan;

use super::predicate::holds;
use super::run::{Options, Run};

/// When a predicate held in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedLine {
    /// The seed.
    pub seed: u64,
    /// From, until; in the order of time.
    pub held: Vec<(SimTime, SimTime)>,
}

/// One question of the runs of many seeds, under way.
#[derive(Debug)]
pub struct Strip {
    plan: Arc<Plan>,
    predicate: Predicate,
    waiting: VecDeque<u64>,
    /// As many at once as there are threads.
    playing: Vec<Asked>,
    lines: Vec<SeedLine>,
}

/// A run that is asked.
#[derive(Debug)]
struct Asked {
    run: Run,
    line: SeedLine,
    since: Option<SimTime>,
    looked: Option<u64>,
    over: bool,
}

impl Strip {
    /// Begins to ask `predicate` of the runs of all these seeds.
    #[must_use]
    pub fn begin(plan: &Arc<Plan>, predicate: &Predicate, seeds: RangeInclusive<u64>) -> Strip {
        let (plan, predicate) = (plan.clone(), predicate.clone());
        let waiting = seeds.collect();
        Strip { plan, predicate, waiting, playing: Vec::new(), lines: Vec::new() }
    }

    /// Goes on, at most `steps` steps of each run that plays now; the answers in the order of the
    /// seeds once all are over, the same for any number of threads.
    ///
    /// Errors: the plan's cluster cannot be built (a checked plan's can).
    pub fn go_on(&mut self, steps: u64) -> Result<Option<Vec<SeedLine>>, BuildError> {
        let room = rayon::current_num_threads().max(1).saturating_sub(self.playing.len());
        for seed in self.waiting.drain(..room.min(self.waiting.len())) {
            let options = Options { seed: Some(seed), observe: true };
            let run = Run::new(self.plan.clone(), options)?;
            let line = SeedLine { seed, held: Vec::new() };
            self.playing.push(Asked { run, line, since: None, looked: None, over: false });
        }
        let predicate = &self.predicate;
        self.playing.par_iter_mut().for_each(|asked| asked.go_on(predicate, steps));
        let over = self.playing.extract_if(.., |asked| asked.over);
        self.lines.extend(over.map(|asked| asked.line));
        if !self.playing.is_empty() || !self.waiting.is_empty() {
            return Ok(None);
        }
        self.lines.sort_by_key(|line| line.seed);
        Ok(Some(std::mem::take(&mut self.lines)))
    }
}

impl Asked {
    fn go_on(&mut self, predicate: &Predicate, steps: u64) {
        for _ in 0..steps {
            self.look(predicate);
            if !self.run.step() {
                let until = self.run.plan().until;
                self.line.held.extend(self.since.take().map(|from| (from, until)));
                self.over = true;
                return;
            }
        }
    }

    fn look(&mut self, predicate: &Predicate) {
        let unseen = |seen: &&Observation| self.looked != Some(seen.changes());
        let Some(seen) = self.run.seen().filter(unseen) else { return };
        self.looked = Some(seen.changes());
        match (self.since, holds(predicate, seen).0) {
            (None, true) => self.since = Some(self.run.now()),
            (Some(from), false) => {
                self.line.held.push((from, self.run.now()));
                self.since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
}

/// Asks `predicate` of the runs of all these seeds, in one go.
///
/// Errors: the plan's cluster cannot be built (a checked plan's can).
pub fn strip(
    plan: &Arc<Plan>,
    predicate: &Predicate,
    seeds: RangeInclusive<u64>,
) -> Result<Vec<SeedLine>, BuildError> {
    let mut strip = Strip::begin(plan, predicate, seeds);
    loop {
        if let Some(lines) = strip.go_on(u64::MAX)? {
            return Ok(lines);
        }
    }
}
