//! Quantities of a finished run, by name: what a sweep collects.

use crate::api::Kind;
use crate::api::Pod;
use crate::api::PodPhase;
use crate::kernel::SimTime;
use crate::kernel::Span;

use super::run::Run;

/// A quantity that can be measured.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its unit: `ms` or `1`.
    pub unit: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its values in one run; none when the run had no occasion for it.
    take: fn(&Run) -> Vec<u64>,
}

/// Every quantity.
pub const MEASURES: &[Measure] = &[
    Measure {
        name: "leaderless-time",
        unit: "ms",
        about: "every stretch without an etcd leader, after the first election",
        take: |run| {
            let stretches = run.seen().map(|seen| seen.metrics.leaderless.as_slice());
            stretches.unwrap_or_default().iter().map(|(_, span)| span.as_millis()).collect()
        },
    },
    Measure {
        name: "write-gap",
        unit: "ms",
        about: "the longest time between two committed writes",
        take: |run| of(run, |seen| Some(seen.metrics.write_gap().as_millis())),
    },
    Measure {
        name: "recovery-time",
        unit: "ms",
        about: "from the first fault until the last time that every pod became ready again",
        take: recovery,
    },
    Measure {
        name: "requests-lost",
        unit: "1",
        about: "requests of all clients that failed or timed out",
        take: |run| of(run, |seen| Some(seen.metrics.all_requests().1)),
    },
    Measure {
        name: "requests-served",
        unit: "1",
        about: "requests of all clients that were answered",
        take: |run| of(run, |seen| Some(seen.metrics.all_requests().0)),
    },
    Measure {
        name: "pods-pending",
        unit: "1",
        about: "pods that are Pending at the end",
        take: |run| {
            of(run, |seen| {
                let pods = seen.model.of::<Pod>();
                Some(pods.filter(|pod| pod.status.phase == PodPhase::Pending).count() as u64)
            })
        },
    },
    Measure {
        name: "pods-created",
        unit: "1",
        about: "pods that were created in all",
        take: |run| {
            of(run, |seen| Some(seen.metrics.created.get(&Kind::Pod).copied().unwrap_or(0)))
        },
    },
    Measure {
        name: "elections",
        unit: "1",
        about: "Raft elections that were won",
        take: |run| of(run, |seen| Some(seen.metrics.elections)),
    },
    Measure {
        name: "events-delivered",
        unit: "1",
        about: "messages and timers of the whole run",
        take: |run| vec![run.sim().delivered()],
    },
];

/// The quantity called `name`.
#[must_use]
pub fn measure(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}

impl Measure {
    /// Its values in a run.
    #[must_use]
    pub fn of(&self, run: &Run) -> Vec<u64> {
        (self.take)(run)
    }
}

fn of(run: &Run, take: impl Fn(&crate::observe::Observation) -> Option<u64>) -> Vec<u64> {
    run.seen().and_then(take).into_iter().collect()
}

/// From the first fault to the end of the last stretch in which some pod was not ready.
fn recovery(run: &Run) -> Vec<u64> {
    of(run, |seen| {
        let fault = seen.facts.first_fault()?;
        let recovered = seen.metrics.last_unready_end()?;
        let span = if recovered > fault { recovered.since(fault) } else { Span::ZERO };
        (recovered > SimTime::ZERO).then(|| span.as_millis())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), MEASURES.len());
        assert!(measure("write-gap").is_some() && measure("nonsense").is_none());
    }
}
