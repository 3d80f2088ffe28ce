//! What a recording holds, and where two runs part.
//!
//! A run needs no recording of its events: scenario and seed are enough to play it again. A
//! recording holds the digest at regular moments, so that a difference is found near its place.

use serde::{Deserialize, Serialize};

use crate::kernel::SimTime;
use crate::kernel::Span;

use super::run::Run;

/// Between two checkpoints of a recording, in virtual time.
pub const CHECKPOINT_EVERY: Span = Span::secs(10);

/// The digest at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// When \[ns\].
    pub t_ns: u64,
    /// Deliveries so far.
    pub delivered: u64,
    /// The digest.
    pub digest: String,
}

/// A recorded run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// The version of this form.
    pub v: u32,
    /// The files that were run: names as given.
    pub files: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// Changes from the command line, to be made again.
    pub overrides: Vec<(String, String)>,
    /// Digests on the way.
    pub checkpoints: Vec<Checkpoint>,
}

/// Where two runs part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// They were still equal here \[ns\].
    pub after_ns: u64,
    /// They differ here \[ns\].
    pub at_ns: u64,
    /// What was recorded.
    pub recorded: Checkpoint,
    /// What was found now.
    pub found: Checkpoint,
}

/// Plays a run to its end and takes a checkpoint at every mark.
pub fn record(run: &mut Run) -> Vec<Checkpoint> {
    let mut checkpoints = Vec::new();
    let end = run.plan().until;
    let mut mark = SimTime::ZERO + CHECKPOINT_EVERY;
    loop {
        let at = mark.min(end);
        run.play_until(at);
        checkpoints.push(checkpoint(run));
        if at == end {
            return checkpoints;
        }
        mark += CHECKPOINT_EVERY;
    }
}

/// The digest now.
#[must_use]
pub fn checkpoint(run: &Run) -> Checkpoint {
    Checkpoint {
        t_ns: run.now().as_nanos(),
        delivered: run.sim().delivered(),
        digest: run.sim().digest().to_string(),
    }
}

/// The first difference between a recording and a run played again.
#[must_use]
pub fn first_difference(recorded: &[Checkpoint], found: &[Checkpoint]) -> Option<Difference> {
    let mut after_ns = 0;
    for (old, new) in recorded.iter().zip(found) {
        if old != new {
            let (recorded, found) = (old.clone(), new.clone());
            return Some(Difference { after_ns, at_ns: old.t_ns, recorded, found });
        }
        after_ns = old.t_ns;
    }
    match (recorded.get(found.len()), found.get(recorded.len())) {
        (None, None) => None,
        (old, new) => {
            let last = |list: &[Checkpoint]| list.last().cloned();
            let recorded_end = old.cloned().or_else(|| last(recorded))?;
            let found_end = new.cloned().or_else(|| last(found))?;
            let at_ns = recorded_end.t_ns.max(found_end.t_ns);
            Some(Difference { after_ns, at_ns, recorded: recorded_end, found: found_end })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(t_ns: u64, digest: &str) -> Checkpoint {
        Checkpoint { t_ns, delivered: t_ns, digest: digest.into() }
    }

    #[test]
    fn the_first_difference_is_found() {
        let one = [mark(1, "a"), mark(2, "b"), mark(3, "c")];
        let two = [mark(1, "a"), mark(2, "x"), mark(3, "y")];
        let found = first_difference(&one, &two).map(|found| (found.after_ns, found.at_ns));
        assert_eq!(found, Some((1, 2)));
        assert_eq!(first_difference(&one, &one), None);
        let shorter = first_difference(&one, &one[..2]).map(|found| found.after_ns);
        assert_eq!(shorter, Some(2));
    }
}
