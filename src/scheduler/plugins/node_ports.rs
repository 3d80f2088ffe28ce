//! Keeps two pods from taking the same port of a node.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/nodeports.

use crate::scheduler::events::ClusterEvent;
use crate::scheduler::framework::{FilterPlugin, PluginId, PreFiltered};
use crate::scheduler::node_info::{NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::verdict::{Reason, Rejection};

/// The refusal.
pub const NO_FREE_PORTS: &str = "node(s) didn't have free ports for the requested pod ports";

/// The plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodePorts;

impl FilterPlugin for NodePorts {
    type State = ();

    fn pre_filter(&self, pod: &PodInfo, _: &mut Snapshot) -> PreFiltered<()> {
        if pod.ports.is_empty() { PreFiltered::Skip } else { PreFiltered::Ready(()) }
    }

    fn filter(&self, (): &(), pod: &PodInfo, node: &NodeInfo) -> Result<(), Rejection> {
        if node.has_free(&pod.ports) {
            return Ok(());
        }
        Err(Rejection::unschedulable(PluginId::NodePorts, Reason::Plain(NO_FREE_PORTS)))
    }

    fn hint(&self, pod: &PodInfo, event: &ClusterEvent) -> bool {
        match event {
            ClusterEvent::Node { old, .. } => old.is_none(),
            ClusterEvent::PodDeleted(gone) => {
                gone.ports.iter().any(|freed| pod.ports.contains(freed))
            }
            ClusterEvent::NodeDeleted(_)
            | ClusterEvent::PodAdded(_)
            | ClusterEvent::PodChanged { .. } => false,
        }
    }
}
