//! What happens in the cluster that can make an unschedulable pod schedulable.
//!
//! Every plugin says for each event whether it may help a pod that the plugin has refused (its
//! *queueing hint*), so that a pod waits for what it really needs and not for just anything.
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/events.go.

use std::sync::Arc;

use crate::api::{Labels, Node, Pod, Taint};

use super::framework::{PluginId, PluginSet};
use super::node_info::PodInfo;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum ClusterEvent {
    /// A node came (`old` missing) or changed in a way that matters.
    Node {
        /// How it was.
        old: Option<Arc<Node>>,
        /// How it is.
        new: Arc<Node>,
    },
    /// A node went.
    NodeDeleted(Arc<Node>),
    /// A pod is on a node now.
    PodAdded(Arc<Pod>),
    /// A pod on a node has other labels now, or is being deleted.
    PodChanged {
        /// How it was.
        old: Arc<Pod>,
        /// How it is.
        new: Arc<Pod>,
    },
    /// A pod that was on a node is gone (or has ended).
    PodDeleted(Arc<PodInfo>),
}

impl ClusterEvent {
    /// The event of a node that was updated; none when nothing changed that a plugin looks at.
    ///
    /// Heart-beats change nothing here: status conditions reach the scheduler as taints.
    #[must_use]
    pub fn of_node_update(old: &Arc<Node>, new: &Arc<Node>) -> Option<ClusterEvent> {
        let same = old.metadata.labels == new.metadata.labels
            && old.spec.unschedulable == new.spec.unschedulable
            && old.spec.taints == new.spec.taints
            && old.status.allocatable == new.status.allocatable;
        let event = || ClusterEvent::Node { old: Some(Arc::clone(old)), new: Arc::clone(new) };
        (!same).then(event)
    }
}

/// The labels of a node, as events carry it.
#[must_use]
pub fn labels_of(node: &Node) -> &Labels {
    &node.metadata.labels
}

/// The taints that keep new pods off a node.
pub fn forbidding(node: &Node) -> impl Iterator<Item = &Taint> {
    node.spec.taints.iter().filter(|taint| taint.effect.forbids_placing())
}

impl ClusterEvent {
    /// The plugins that may have a hint for this kind of event: the others need not be asked.
    #[must_use]
    pub fn concerns(&self) -> PluginSet {
        let plugins: &[PluginId] = match self {
            ClusterEvent::Node { .. } => &[
                PluginId::NodeUnschedulable,
                PluginId::NodeName,
                PluginId::TaintToleration,
                PluginId::NodeAffinity,
                PluginId::NodePorts,
                PluginId::NodeResourcesFit,
                PluginId::PodTopologySpread,
            ],
            ClusterEvent::PodDeleted(_) => {
                &[PluginId::NodePorts, PluginId::NodeResourcesFit, PluginId::PodTopologySpread]
            }
            ClusterEvent::NodeDeleted(_)
            | ClusterEvent::PodAdded(_)
            | ClusterEvent::PodChanged { .. } => &[PluginId::PodTopologySpread],
        };
        let mut set = PluginSet::default();
        plugins.iter().for_each(|plugin| set.insert(*plugin));
        set
    }
}
