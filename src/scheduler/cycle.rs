//! One scheduling cycle: from a pod to a node.
//!
//! Filter until enough nodes suit, score those, take the best. Nothing is changed in here but the
//! place where the next search begins; the decision is carried out by the caller.
//! Source: kubernetes/kubernetes:pkg/scheduler/schedule_one.go.

use std::collections::BTreeMap;

use crate::kernel::Stream;

use super::framework::{FilterStates, PluginId, PluginSet, Profile, ScoreTable, left_out};
use super::node_info::{NodeId, PodInfo};
use super::snapshot::Snapshot;
use super::verdict::{FitError, Reason, Rejection};

/// A cluster with fewer suitable nodes is looked at whole.
/// Source: kubernetes/kubernetes:pkg/scheduler/schedule_one.go `minFeasibleNodesToFind`.
pub const MIN_FEASIBLE_NODES_TO_FIND: usize = 100;

/// However large the cluster, this part of it is looked at [%].
/// Source: kubernetes/kubernetes:pkg/scheduler/schedule_one.go `minFeasibleNodesPercentageToFind`.
pub const MIN_FEASIBLE_NODES_PERCENTAGE_TO_FIND: usize = 5;

/// What is said when there is no node at all.
pub const NO_NODES: &str = "no nodes available to schedule pods";

/// What came of a cycle.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The pod shall run here.
    Node(NodeId),
    /// There is no node at all.
    NoNodes,
    /// No node suits.
    Unschedulable {
        /// The message.
        error: FitError,
        /// The plugins that refused a node: what the pod waits for.
        refused_by: PluginSet,
    },
}

/// How much work a cycle was; what virtual time it takes follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Nodes that were filtered.
    pub filtered: usize,
    /// Nodes that were scored.
    pub scored: usize,
    /// Nodes that were walked over to count for topology spreading.
    pub counted: usize,
}

/// The algorithm, with its memory.
#[derive(Clone, Debug, Default)]
pub struct Algorithm {
    /// Share of the nodes that must suit before the search ends [%]; 0: by the cluster's size.
    percentage_of_nodes_to_score: u32,
    next_start: usize,
    suitable: Vec<NodeId>,
    refused: Vec<(NodeId, Rejection)>,
    table: ScoreTable,
    work: Work,
}

/// After how many suitable nodes the search ends.
///
/// The whole cluster below 100 nodes; else a share that shrinks with the size, from 50 % down to
/// 5 %, but never fewer than 100 nodes.
#[must_use]
pub fn nodes_to_find(percentage: u32, nodes: usize) -> usize {
    if nodes < MIN_FEASIBLE_NODES_TO_FIND {
        return nodes;
    }
    let percentage = match percentage {
        0 => (50usize.saturating_sub(nodes / 125)).max(MIN_FEASIBLE_NODES_PERCENTAGE_TO_FIND),
        set => usize::try_from(set).unwrap_or(100).min(100),
    };
    (nodes * percentage / 100).max(MIN_FEASIBLE_NODES_TO_FIND)
}

impl Algorithm {
    /// An algorithm that looks at so much of the cluster [%]; 0: by the cluster's size.
    #[must_use]
    pub fn new(percentage_of_nodes_to_score: u32) -> Self {
        Algorithm { percentage_of_nodes_to_score, ..Algorithm::default() }
    }

    /// Finds a node for the pod. `chance` breaks ties between equally good nodes.
    pub fn schedule<'c>(
        &mut self,
        profile: &Profile,
        pod: &PodInfo,
        snapshot: &mut Snapshot,
        chance: impl FnOnce() -> &'c mut Stream,
    ) -> Outcome {
        self.suitable.clear();
        self.refused.clear();
        self.table.clear();
        self.work = Work::default();
        let nodes = snapshot.order().len();
        if nodes == 0 {
            return Outcome::NoNodes;
        }
        let (states, narrowed) = match profile.pre_filter(pod, snapshot) {
            Ok(found) => found,
            Err(rejection) => return refused_at_once(&rejection, nodes),
        };
        if states.counts_nodes() {
            self.work.counted += nodes;
        }
        let only = narrowed.as_ref().map(|(only, _)| &only[..]);
        self.find(profile, pod, snapshot, (&states, only));
        match self.suitable.as_slice() {
            [] => self.diagnose(nodes, narrowed.map(|(_, by)| by)),
            [only] => Outcome::Node(*only),
            _ => {
                profile.score(pod, &self.suitable, snapshot, &mut self.table);
                self.work.scored = self.suitable.len();
                if self.table.columns().iter().any(|c| c.plugin == PluginId::PodTopologySpread) {
                    self.work.counted += nodes;
                }
                Outcome::Node(self.best(chance))
            }
        }
    }

    /// Filters nodes, from where the last search ended, until enough of them suit.
    ///
    /// Simplified: upstream filters sixteen nodes at a time and may look at a few more.
    fn find(
        &mut self,
        profile: &Profile,
        pod: &PodInfo,
        snapshot: &Snapshot,
        (states, only): (&FilterStates, Option<&[NodeId]>),
    ) {
        let all = snapshot.listed();
        let nodes = only.unwrap_or(all);
        let enough = nodes_to_find(self.percentage_of_nodes_to_score, nodes.len());
        let start = if nodes.is_empty() { 0 } else { self.next_start % nodes.len() };
        let (before, after) = nodes.split_at(start);
        for id in after.iter().chain(before) {
            match profile.filter(states, pod, snapshot.node(*id)) {
                Ok(()) => {
                    self.suitable.push(*id);
                    if self.suitable.len() >= enough {
                        break;
                    }
                }
                Err(rejection) => self.refused.push((*id, rejection)),
            }
        }
        self.work.filtered = self.suitable.len() + self.refused.len();
        self.next_start = (self.next_start + self.work.filtered) % all.len();
    }

    /// The best node; among equals, each has the same chance (reservoir sampling).
    fn best<'c>(&self, chance: impl FnOnce() -> &'c mut Stream) -> NodeId {
        let totals = &self.table.totals;
        let highest = totals.iter().copied().max().unwrap_or(0);
        let mut ties = totals.iter().enumerate().filter(|(_, total)| **total == highest);
        let mut chosen = ties.next().map_or(0, |(index, _)| index);
        let mut stream = None;
        let mut chance = Some(chance);
        for (seen, (index, _)) in (2..).zip(ties) {
            let stream = stream.get_or_insert_with(|| {
                let take = chance.take().expect("the stream is taken once");
                take()
            });
            if stream.index(seen) == 0 {
                chosen = index;
            }
        }
        self.suitable[chosen]
    }

    fn diagnose(&self, nodes: usize, narrowed_by: Option<PluginSet>) -> Outcome {
        let mut error = FitError { nodes, ..FitError::default() };
        let mut refused_by = narrowed_by.unwrap_or_default();
        let mut counts: BTreeMap<&Reason, usize> = BTreeMap::new();
        for (_, rejection) in &self.refused {
            refused_by.insert(rejection.plugin);
            *counts.entry(&rejection.reason).or_insert(0) += 1;
        }
        for (reason, count) in counts {
            error.count(reason, count);
        }
        let absent = nodes - self.refused.len();
        if let Some(by) = narrowed_by.filter(|_| absent > 0) {
            error.count(&left_out(by), absent);
        }
        let resolvable = self.refused.iter().filter(|(_, rejection)| rejection.resolvable).count();
        error.post_filter = post_filter_message(nodes, resolvable);
        Outcome::Unschedulable { error, refused_by }
    }

    /// The nodes that suited in the last cycle.
    #[must_use]
    pub fn suitable(&self) -> &[NodeId] {
        &self.suitable
    }

    /// The nodes that did not suit in the last cycle, each with the reason.
    #[must_use]
    pub fn refused(&self) -> &[(NodeId, Rejection)] {
        &self.refused
    }

    /// The scores of the last cycle.
    #[must_use]
    pub const fn table(&self) -> &ScoreTable {
        &self.table
    }

    /// How much work the last cycle was.
    #[must_use]
    pub const fn work(&self) -> Work {
        self.work
    }
}

fn refused_at_once(rejection: &Rejection, nodes: usize) -> Outcome {
    let mut refused_by = PluginSet::default();
    refused_by.insert(rejection.plugin);
    let pre_filter = rejection.reason.texts().join(", ");
    let resolvable = if rejection.resolvable { nodes } else { 0 };
    let post_filter = post_filter_message(nodes, resolvable);
    let error = FitError { nodes, pre_filter, post_filter, ..FitError::default() };
    Outcome::Unschedulable { error, refused_by }
}

/// What DefaultPreemption says: eviction could help only on nodes whose refusal is resolvable.
///
/// Simplified: nobody is evicted yet, so no victims are found anywhere.
/// Source: kubernetes/kubernetes:pkg/scheduler/framework/preemption/preemption.go.
fn post_filter_message(nodes: usize, resolvable: usize) -> String {
    let mut error = FitError { nodes, ..FitError::default() };
    if resolvable > 0 {
        error.count(&Reason::Plain("No preemption victims found for incoming pod"), resolvable);
    }
    if nodes > resolvable {
        let rest = nodes - resolvable;
        error.count(&Reason::Plain("Preemption is not helpful for scheduling"), rest);
    }
    format!("preemption: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_clusters_are_looked_at_in_part() {
        for (percentage, nodes, wanted) in [
            (0, 10, 10),
            (0, 1_000, 420),
            (0, 5_000, 500),
            (0, 6_000, 300),
            (40, 1_000, 400),
            (1, 200, 100),
        ] {
            assert_eq!(nodes_to_find(percentage, nodes), wanted, "{percentage} % of {nodes}");
        }
    }
}
