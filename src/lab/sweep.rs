//! Many seeds on all cores: the distribution of what chance decides.
//!
//! Each run is one thread's own; the results are put in the order of the seeds, so the number of
//! threads changes nothing but the waiting.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rayon::prelude::*;

use crate::cluster::BuildError;
use crate::kernel::Digest;
use crate::scenario::plan::Plan;

use super::measure::Measure;
use super::run::{Options, Run};

/// What one seed gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The seed.
    pub seed: u64,
    /// The run's digest.
    pub digest: Digest,
    /// The numbers (in the plan's order) of the expectations that were broken.
    pub broken: Vec<usize>,
    /// How many laws were broken.
    pub violations: usize,
    /// The values of each measure, in the order asked for.
    pub values: Vec<Vec<u64>>,
}

/// What all seeds gave, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// One per seed.
    pub samples: Vec<Sample>,
}

/// The shape of a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// How many values.
    pub n: usize,
    /// Smallest.
    pub min: f64,
    /// A tenth is smaller.
    pub p10: f64,
    /// A quarter is smaller.
    pub p25: f64,
    /// Half are smaller.
    pub median: f64,
    /// Three quarters are smaller.
    pub p75: f64,
    /// Nine tenths are smaller.
    pub p90: f64,
    /// All but a hundredth are smaller.
    pub p99: f64,
    /// Greatest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
}

/// Runs `plan` with every seed; `progress` hears of each seed that is done.
///
/// Errors: the plan's cluster cannot be built (a checked plan's can).
pub fn sweep(
    plan: &Arc<Plan>,
    seeds: RangeInclusive<u64>,
    measures: &[&Measure],
    progress: &(dyn Fn(&Sample) + Sync),
) -> Result<Sweep, BuildError> {
    let one = |seed: u64| {
        let mut run = Run::new(plan.clone(), Options { seed: Some(seed), observe: true })?;
        let report = run.finish();
        let broken = report.outcomes.iter().enumerate();
        let broken = broken.filter(|(_, outcome)| outcome.is_broken()).map(|(number, _)| number);
        let sample = Sample {
            seed,
            digest: report.digest,
            broken: broken.collect(),
            violations: report.violations.len(),
            values: measures.iter().map(|measure| measure.of(&run)).collect(),
        };
        progress(&sample);
        Ok(sample)
    };
    let seeds: Vec<u64> = seeds.collect();
    let samples: Result<Vec<Sample>, BuildError> = seeds.into_par_iter().map(one).collect();
    Ok(Sweep { samples: samples? })
}

impl Sweep {
    /// All values of one measure (by its place among those asked for), in the order of the seeds.
    #[must_use]
    pub fn values(&self, place: usize) -> Vec<u64> {
        let of = |sample: &Sample| sample.values.get(place).cloned().unwrap_or_default();
        self.samples.iter().flat_map(of).collect()
    }

    /// Seeds with a broken expectation or law.
    pub fn failed(&self) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(|sample| !sample.broken.is_empty() || sample.violations > 0)
    }
}

/// The shape of some values; none when there are none.
#[must_use]
pub fn quantiles(values: &[u64]) -> Option<Distribution> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let (first, last) = (*sorted.first()?, *sorted.last()?);
    let sum: u128 = sorted.iter().map(|value| u128::from(*value)).sum();
    let at = |percent: u64| quantile(&sorted, percent);
    Some(Distribution {
        n: sorted.len(),
        min: first as f64,
        p10: at(10),
        p25: at(25),
        median: at(50),
        p75: at(75),
        p90: at(90),
        p99: at(99),
        max: last as f64,
        mean: sum as f64 / sorted.len() as f64,
    })
}

/// Between the two nearest values, as most statistics programs do it (type 7).
fn quantile(sorted: &[u64], percent: u64) -> f64 {
    let place = (sorted.len() - 1) as u64 * percent;
    let (low, part) = (usize::try_from(place / 100).unwrap_or(0), place % 100);
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] as f64 + (sorted[high] - sorted[low]) as f64 * part as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_where_statistics_puts_them() {
        let found = quantiles(&[1, 2, 3, 4]).expect("four values");
        assert_eq!((found.min, found.median, found.max, found.mean), (1.0, 2.5, 4.0, 2.5));
        assert_eq!(found.p25, 1.75);
        assert_eq!(quantiles(&[]), None);
    }
}
