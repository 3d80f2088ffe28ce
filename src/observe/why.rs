//! Why is this so? Chains of causes, from a fact back to what began it.

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::kernel::SimTime;

use super::facts::{FactId, Facts};

/// One link of a chain: a fact, and how far back it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The fact.
    pub fact: FactId,
    /// 0 for the fact asked about, 1 for its cause, and so on.
    pub depth: u32,
}

/// Longest chain that is told; a run's beginning lies seldom further.
const CHAIN_MAX: usize = 40;

/// The chain behind the newest fact about an object at `at`, the fact itself first.
///
/// Where a fact has several causes, the latest one is followed first; a second cause (a fault
/// that made a machine silent) is told beside it at the same depth.
#[must_use]
pub fn explain(facts: &Facts, kind: Kind, key: &ObjectKey, at: SimTime) -> Vec<Reason> {
    let Some(mut newest) = facts.newest(kind, key) else { return Vec::new() };
    // The newest fact may lie after the moment asked about: go back along the object's story.
    if facts.get(newest).is_some_and(|fact| fact.at > at) {
        let before = facts
            .iter()
            .filter(|(_, fact)| fact.at <= at && fact.is_about(kind, key))
            .map(|(id, _)| id)
            .last();
        let Some(found) = before else { return Vec::new() };
        newest = found;
    }
    chain(facts, newest)
}

/// The chain behind one fact.
#[must_use]
pub fn chain(facts: &Facts, fact: FactId) -> Vec<Reason> {
    let mut reasons = vec![Reason { fact, depth: 0 }];
    let mut now = fact;
    for depth in 1.. {
        let causes: Vec<FactId> = facts.causes(now).collect();
        let Some(first) = causes.first().copied() else { break };
        reasons.extend(causes.iter().map(|cause| Reason { fact: *cause, depth }));
        // A fault or a command is where a story begins; prefer it over an older routine.
        now = causes.iter().copied().find(|cause| facts.is_beginning(*cause)).unwrap_or(first);
        if facts.is_beginning(now) || reasons.len() >= CHAIN_MAX {
            break;
        }
    }
    reasons
}
