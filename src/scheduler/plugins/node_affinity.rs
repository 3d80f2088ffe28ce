//! Node selectors and node affinity: where a pod must be, and where it would like to be.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/nodeaffinity.

use std::sync::Arc;

use crate::api::node_selector::{RequiredNodeAffinity, preferred_weight};
use crate::api::pod::{NodeAffinity as Affinity, PreferredSchedulingTerm};
use crate::api::{Node, Pod};
use crate::scheduler::events::ClusterEvent;
use crate::scheduler::framework::{
    FilterPlugin, PluginId, PreFiltered, ScorePlugin, default_normalize,
};
use crate::scheduler::node_info::{NodeId, NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::verdict::{Reason, Rejection};

/// The pod's own rules are not met.
pub const NO_MATCH: &str = "node(s) didn't match Pod's node affinity/selector";
/// The rules that the scheduler's configuration adds are not met.
pub const NO_MATCH_ENFORCED: &str = "node(s) didn't match scheduler-enforced node affinity";
/// The terms name different nodes at once.
pub const CONFLICT: &str = "pod affinity terms conflict";

/// The plugin.
#[derive(Clone, Debug, Default)]
pub struct NodeAffinity {
    /// Rules for every pod on top of its own (`addedAffinity`). Default: none.
    pub added: Option<Arc<Affinity>>,
}

impl NodeAffinity {
    fn enforced_matches(&self, node: &Node) -> bool {
        let added = self.added.as_ref();
        let required =
            added.and_then(|a| a.required_during_scheduling_ignored_during_execution.as_ref());
        required.is_none_or(|rule| rule.matches(&node.metadata.name, &node.metadata.labels))
    }

    /// Whether the change of a node (`old` missing: it is new) may make a refused pod fit.
    #[must_use]
    pub fn node_change_helps(&self, pod: &Pod, old: Option<&Node>, new: &Node) -> bool {
        let required = RequiredNodeAffinity::of(&pod.spec);
        let suits = |node: &Node| {
            self.enforced_matches(node)
                && required.matches(&node.metadata.name, &node.metadata.labels)
        };
        suits(new) && old.is_none_or(|old| !suits(old))
    }
}

impl FilterPlugin for NodeAffinity {
    type State = RequiredNodeAffinity;

    fn pre_filter(&self, pod: &PodInfo, snapshot: &mut Snapshot) -> PreFiltered<Self::State> {
        let required = RequiredNodeAffinity::of(&pod.pod.spec);
        if required.allows_all() && self.added.is_none() {
            return PreFiltered::Skip;
        }
        let Some(names) = required.named_nodes() else { return PreFiltered::Ready(required) };
        if names.is_empty() {
            let reason = Reason::Plain(CONFLICT);
            return PreFiltered::Rejected(Rejection::unresolvable(PluginId::NodeAffinity, reason));
        }
        let known = names.iter().filter_map(|name| snapshot.find(name)).map(|node| node.id);
        PreFiltered::Only(required, known.collect())
    }

    fn filter(
        &self,
        required: &Self::State,
        _: &PodInfo,
        node: &NodeInfo,
    ) -> Result<(), Rejection> {
        let refused = |text| {
            let reason = Reason::Plain(text);
            Err(Rejection::unresolvable(PluginId::NodeAffinity, reason))
        };
        let Some(object) = &node.node else { return refused(NO_MATCH) };
        if self.added.is_some() && !self.enforced_matches(object) {
            return refused(NO_MATCH_ENFORCED);
        }
        if !required.matches(&node.name, &object.metadata.labels) {
            return refused(NO_MATCH);
        }
        Ok(())
    }

    fn hint(&self, pod: &PodInfo, event: &ClusterEvent) -> bool {
        let ClusterEvent::Node { old, new } = event else { return false };
        self.node_change_helps(&pod.pod, old.as_deref(), new)
    }
}

impl ScorePlugin for NodeAffinity {
    /// The preferred terms of the pod, and those that the configuration adds.
    type State = Vec<PreferredSchedulingTerm>;

    fn pre_score(&self, pod: &PodInfo, _: &[NodeId], _: &mut Snapshot) -> Option<Self::State> {
        let own =
            pod.pod.spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
        let all = own.into_iter().chain(self.added.as_deref());
        let terms: Vec<_> = all
            .flat_map(|rule| &rule.preferred_during_scheduling_ignored_during_execution)
            .filter(|term| term.counts())
            .cloned()
            .collect();
        (!terms.is_empty()).then_some(terms)
    }

    fn score(&self, terms: &Self::State, node: &NodeInfo, _: &Snapshot) -> i64 {
        node.labels().map_or(0, |labels| preferred_weight(terms, &node.name, labels))
    }

    fn normalize(&self, _: &Self::State, scores: &mut [i64]) {
        default_normalize(scores, false);
    }
}
