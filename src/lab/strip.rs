//! One question, many seeds: when it held in each of them.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rayon::prelude::*;

use crate::cluster::BuildError;
use crate::kernel::SimTime;
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

/// Asks `predicate` of the runs of all these seeds; the same answer for any number of threads.
///
/// Errors: the plan's cluster cannot be built (a checked plan's can).
pub fn strip(
    plan: &Arc<Plan>,
    predicate: &Predicate,
    seeds: RangeInclusive<u64>,
) -> Result<Vec<SeedLine>, BuildError> {
    let one = |seed: u64| -> Result<SeedLine, BuildError> {
        let options = Options { seed: Some(seed), observe: true };
        let mut run = Run::new(plan.clone(), options)?;
        let (mut held, mut since, mut looked) = (Vec::new(), None, None);
        loop {
            if let Some(seen) = run.seen()
                && looked != Some(seen.changes())
            {
                looked = Some(seen.changes());
                match (since, holds(predicate, seen).0) {
                    (None, true) => since = Some(run.now()),
                    (Some(from), false) => {
                        held.push((from, run.now()));
                        since = None;
                    }
                    (None, false) | (Some(_), true) => {}
                }
            }
            if !run.step() {
                break;
            }
        }
        held.extend(since.map(|from| (from, run.plan().until)));
        Ok(SeedLine { seed, held })
    };
    let seeds: Vec<u64> = seeds.collect();
    seeds.into_par_iter().map(one).collect()
}
