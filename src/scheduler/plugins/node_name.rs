//! Honours a node that the pod names itself.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/nodename.

use crate::scheduler::events::ClusterEvent;
use crate::scheduler::framework::{FilterPlugin, PluginId, PreFiltered};
use crate::scheduler::node_info::{NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::verdict::{Reason, Rejection};

/// The refusal.
pub const OTHER_NODE: &str = "node(s) didn't match the requested node name";

/// The plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeName;

impl FilterPlugin for NodeName {
    type State = ();

    fn pre_filter(&self, pod: &PodInfo, _: &mut Snapshot) -> PreFiltered<()> {
        if pod.pod.spec.node_name.is_empty() { PreFiltered::Skip } else { PreFiltered::Ready(()) }
    }

    fn filter(&self, (): &(), pod: &PodInfo, node: &NodeInfo) -> Result<(), Rejection> {
        if pod.pod.spec.node_name == node.name {
            return Ok(());
        }
        Err(Rejection::unresolvable(PluginId::NodeName, Reason::Plain(OTHER_NODE)))
    }

    fn hint(&self, pod: &PodInfo, event: &ClusterEvent) -> bool {
        let ClusterEvent::Node { old: None, new } = event else { return false };
        new.metadata.name == pod.pod.spec.node_name
    }
}
