//! The extension points, and the closed list of plugins that stand at them.
//!
//! A plugin is a value with a few functions; what it computes once per pod is its *state*, which
//! the framework keeps for the cycle and hands back for every node. All calls are static: the list
//! is known at compile time, so a node that fits costs a few comparisons and no allocation.
//!
//! To add a plugin: a file in `plugins/`, a variant in [`PluginId`], a line in [`PLUGINS`] (both in
//! `plugin_list`), a line at each extension point below.

use super::events::ClusterEvent;
use super::node_info::{NodeId, NodeInfo, PodInfo};
pub use super::plugin_list::{PLUGINS, PluginEntry, PluginId, PluginSet, Point};
use super::plugins::image_locality::ImageLocality;
use super::plugins::node_affinity::NodeAffinity;
use super::plugins::node_name::NodeName;
use super::plugins::node_ports::NodePorts;
use super::plugins::node_resources_balanced_allocation::NodeResourcesBalancedAllocation;
use super::plugins::node_resources_fit::NodeResourcesFit;
use super::plugins::node_unschedulable::NodeUnschedulable;
use super::plugins::pod_topology_spread::PodTopologySpread;
use super::plugins::taint_toleration::TaintToleration;
use super::snapshot::Snapshot;
use super::verdict::{Reason, Rejection};

/// The highest score of a node after normalising.
pub const MAX_NODE_SCORE: i64 = 100;

/// What PreFilter says about a pod.
#[derive(Clone, Debug)]
pub enum PreFiltered<S> {
    /// Nothing to filter: the plugin is left out for this pod.
    Skip,
    /// Nodes will be judged with this state.
    Ready(S),
    /// As `Ready`, and only these nodes come into question.
    Only(S, Vec<NodeId>),
    /// No node can ever suit.
    Rejected(Rejection),
}

/// A plugin that rules nodes out.
pub trait FilterPlugin {
    /// What it computes once per pod.
    type State;

    /// Reads the pod, before any node is looked at.
    fn pre_filter(&self, pod: &PodInfo, snapshot: &mut Snapshot) -> PreFiltered<Self::State>;

    /// Whether the node suits.
    ///
    /// Errors: why it does not.
    fn filter(&self, state: &Self::State, pod: &PodInfo, node: &NodeInfo) -> Result<(), Rejection>;

    /// Whether `event` may make a pod fit that this plugin has refused.
    fn hint(&self, pod: &PodInfo, event: &ClusterEvent) -> bool;
}

/// A plugin that prefers some nodes over others.
pub trait ScorePlugin {
    /// What it computes once per pod.
    type State;

    /// Reads the pod when the suitable nodes are known; none leaves the plugin out for this pod.
    fn pre_score(
        &self,
        pod: &PodInfo,
        nodes: &[NodeId],
        snapshot: &mut Snapshot,
    ) -> Option<Self::State>;

    /// How well a node suits.
    fn score(&self, state: &Self::State, node: &NodeInfo, snapshot: &Snapshot) -> i64;

    /// Brings the scores to 0 ..= [`MAX_NODE_SCORE`]; plugins whose scores lie there already
    /// leave it out.
    fn normalize(&self, _state: &Self::State, _scores: &mut [i64]) {}
}

/// Scales scores to 0 ..= 100 by the highest of them; `reverse` turns them round.
///
/// Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/helper/normalize_score.go.
pub fn default_normalize(scores: &mut [i64], reverse: bool) {
    let highest = scores.iter().copied().max().unwrap_or(0);
    for score in scores {
        let scaled = if highest == 0 { 0 } else { MAX_NODE_SCORE * *score / highest };
        *score = if reverse { MAX_NODE_SCORE - scaled } else { scaled };
    }
}

/// The plugins of the default profile, configured.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Keeps pods off cordoned nodes.
    pub node_unschedulable: NodeUnschedulable,
    /// Honours a node that the pod names.
    pub node_name: NodeName,
    /// Taints.
    pub taint_toleration: TaintToleration,
    /// Node selectors and node affinity.
    pub node_affinity: NodeAffinity,
    /// Host ports.
    pub node_ports: NodePorts,
    /// Resources.
    pub node_resources_fit: NodeResourcesFit,
    /// Even spreading.
    pub pod_topology_spread: PodTopologySpread,
    /// Equal use of CPU and memory.
    pub node_resources_balanced_allocation: NodeResourcesBalancedAllocation,
    /// Images that are there already.
    pub image_locality: ImageLocality,
    /// What each plugin's score is multiplied with.
    pub weights: Weights,
}

/// What each plugin's score is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// TaintToleration. Default: 3.
    pub taint_toleration: i64,
    /// NodeAffinity. Default: 2.
    pub node_affinity: i64,
    /// NodeResourcesFit. Default: 1.
    pub node_resources_fit: i64,
    /// PodTopologySpread. Default: 2.
    pub pod_topology_spread: i64,
    /// NodeResourcesBalancedAllocation. Default: 1.
    pub node_resources_balanced_allocation: i64,
    /// ImageLocality. Default: 1.
    pub image_locality: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            taint_toleration: PluginId::TaintToleration.entry().weight,
            node_affinity: PluginId::NodeAffinity.entry().weight,
            node_resources_fit: PluginId::NodeResourcesFit.entry().weight,
            pod_topology_spread: PluginId::PodTopologySpread.entry().weight,
            node_resources_balanced_allocation: PluginId::NodeResourcesBalancedAllocation
                .entry()
                .weight,
            image_locality: PluginId::ImageLocality.entry().weight,
        }
    }
}

macro_rules! filters {
    ($($field:ident: $plugin:ident),* $(,)?) => {
        /// What the filter plugins computed for one pod; none where a plugin has nothing to say.
        #[derive(Debug, Default)]
        pub struct FilterStates {
            $($field: Option<<$plugin as FilterPlugin>::State>,)*
        }

        impl Profile {
            /// Runs PreFilter of every plugin. Gives the states and, when some plugin narrowed
            /// the choice, the nodes that are left and who narrowed it.
            ///
            /// Errors: no node can ever suit.
            pub fn pre_filter(
                &self,
                pod: &PodInfo,
                snapshot: &mut Snapshot,
            ) -> Result<(FilterStates, Option<(Vec<NodeId>, PluginSet)>), Rejection> {
                let mut states = FilterStates::default();
                let mut narrowed: Option<(Vec<NodeId>, PluginSet)> = None;
                $(match self.$field.pre_filter(pod, snapshot) {
                    PreFiltered::Skip => {}
                    PreFiltered::Ready(state) => states.$field = Some(state),
                    PreFiltered::Only(state, nodes) => {
                        states.$field = Some(state);
                        narrow(&mut narrowed, PluginId::$plugin, nodes);
                    }
                    PreFiltered::Rejected(rejection) => return Err(rejection),
                })*
                Ok((states, narrowed))
            }

            /// Runs Filter of every plugin, in order, until one refuses.
            ///
            /// Errors: the first refusal.
            #[inline]
            pub fn filter(
                &self,
                states: &FilterStates,
                pod: &PodInfo,
                node: &NodeInfo,
            ) -> Result<(), Rejection> {
                $(if let Some(state) = &states.$field {
                    self.$field.filter(state, pod, node)?;
                })*
                Ok(())
            }

            /// Whether one of the plugins that refused the pod thinks that `event` may help.
            #[must_use]
            pub fn hint(&self, refused_by: PluginSet, pod: &PodInfo, event: &ClusterEvent) -> bool {
                refused_by.iter().any(|plugin| match plugin {
                    $(PluginId::$plugin => self.$field.hint(pod, event),)*
                    PluginId::PrioritySort
                    | PluginId::NodeResourcesBalancedAllocation
                    | PluginId::ImageLocality
                    | PluginId::DefaultBinder => false,
                })
            }
        }
    };
}

// In the order in which they are asked; the first refusal decides.
filters! {
    node_unschedulable: NodeUnschedulable,
    node_name: NodeName,
    taint_toleration: TaintToleration,
    node_affinity: NodeAffinity,
    node_ports: NodePorts,
    node_resources_fit: NodeResourcesFit,
    pod_topology_spread: PodTopologySpread,
}

impl FilterStates {
    /// Whether a plugin has counted pods over all nodes.
    #[must_use]
    pub const fn counts_nodes(&self) -> bool {
        self.pod_topology_spread.is_some()
    }
}

/// The scores of one plugin.
#[derive(Clone, Debug)]
pub struct Column {
    /// Whose.
    pub plugin: PluginId,
    /// Already multiplied with the weight; by candidate.
    pub scores: Vec<i64>,
}

/// The score table of one pod; its memory is used again for the next.
#[derive(Clone, Debug, Default)]
pub struct ScoreTable {
    columns: Vec<Column>,
    used: usize,
    /// The sums, by candidate.
    pub totals: Vec<i64>,
}

impl ScoreTable {
    /// Empties the table.
    pub(super) fn clear(&mut self) {
        self.used = 0;
        self.totals.clear();
    }

    /// The columns of the plugins that had something to say.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns[..self.used]
    }

    fn column(&mut self, plugin: PluginId) -> &mut Vec<i64> {
        if self.used == self.columns.len() {
            self.columns.push(Column { plugin, scores: Vec::new() });
        }
        let column = &mut self.columns[self.used];
        self.used += 1;
        column.plugin = plugin;
        column.scores.clear();
        &mut column.scores
    }
}

macro_rules! scores {
    ($($field:ident: $plugin:ident),* $(,)?) => {
        impl Profile {
            /// Runs PreScore, Score and NormalizeScore of every plugin over the suitable nodes
            /// and adds up the weighted scores.
            pub fn score(
                &self,
                pod: &PodInfo,
                nodes: &[NodeId],
                snapshot: &mut Snapshot,
                table: &mut ScoreTable,
            ) {
                table.clear();
                table.totals.resize(nodes.len(), 0);
                $(if self.weights.$field != 0
                    && let Some(state) = self.$field.pre_score(pod, nodes, snapshot)
                {
                    let mut totals = std::mem::take(&mut table.totals);
                    let column = table.column(PluginId::$plugin);
                    let scored = nodes.iter().map(|node| snapshot.node(*node));
                    column.extend(scored.map(|node| self.$field.score(&state, node, snapshot)));
                    self.$field.normalize(&state, column);
                    for (score, total) in column.iter_mut().zip(&mut totals) {
                        *score *= self.weights.$field;
                        *total += *score;
                    }
                    table.totals = totals;
                })*
            }
        }
    };
}

scores! {
    taint_toleration: TaintToleration,
    node_affinity: NodeAffinity,
    node_resources_fit: NodeResourcesFit,
    pod_topology_spread: PodTopologySpread,
    node_resources_balanced_allocation: NodeResourcesBalancedAllocation,
    image_locality: ImageLocality,
}

/// Keeps only what is in both sets of nodes.
fn narrow(known: &mut Option<(Vec<NodeId>, PluginSet)>, plugin: PluginId, nodes: Vec<NodeId>) {
    let (left, by) = known.get_or_insert_with(|| (nodes.clone(), PluginSet::default()));
    left.retain(|node| nodes.contains(node));
    by.insert(plugin);
}

/// The refusal of the nodes that PreFilter left out.
///
/// Source: kubernetes/kubernetes:pkg/scheduler/schedule_one.go `findNodesThatFitPod`.
#[must_use]
pub fn left_out(by: PluginSet) -> Reason {
    let names: Vec<&str> = by.iter().map(PluginId::name).collect();
    Reason::Text(format!("node(s) didn't satisfy plugin(s) [{}]", names.join(" ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_scaled_by_the_highest() {
        let mut scores = [1, 4, 0];
        default_normalize(&mut scores, false);
        assert_eq!(scores, [25, 100, 0]);
        default_normalize(&mut scores, true);
        assert_eq!(scores, [75, 0, 100]);
        let mut none = [0, 0];
        default_normalize(&mut none, true);
        assert_eq!(none, [100, 100]);
    }
}
