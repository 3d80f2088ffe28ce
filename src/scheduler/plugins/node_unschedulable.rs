//! Keeps pods off cordoned nodes.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/nodeunschedulable.

use crate::api::reasons::TAINT_UNSCHEDULABLE;
use crate::api::toleration::tolerated;
use crate::api::{Str, Taint, TaintEffect, Toleration};
use crate::scheduler::events::ClusterEvent;
use crate::scheduler::framework::{FilterPlugin, PluginId, PreFiltered};
use crate::scheduler::node_info::{NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::verdict::{Reason, Rejection};

/// The refusal.
pub const UNSCHEDULABLE: &str = "node(s) were unschedulable";

/// The plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeUnschedulable;

fn tolerates(tolerations: &[Toleration]) -> bool {
    let cordon = Taint {
        key: TAINT_UNSCHEDULABLE,
        value: Str::new(),
        effect: TaintEffect::NoSchedule,
        time_added: None,
    };
    tolerated(&cordon, tolerations, false)
}

impl FilterPlugin for NodeUnschedulable {
    type State = ();

    fn pre_filter(&self, pod: &PodInfo, _: &mut Snapshot) -> PreFiltered<()> {
        if tolerates(&pod.pod.spec.tolerations) {
            PreFiltered::Skip
        } else {
            PreFiltered::Ready(())
        }
    }

    fn filter(&self, (): &(), _: &PodInfo, node: &NodeInfo) -> Result<(), Rejection> {
        if node.unschedulable {
            let reason = Reason::Plain(UNSCHEDULABLE);
            return Err(Rejection::unresolvable(PluginId::NodeUnschedulable, reason));
        }
        Ok(())
    }

    fn hint(&self, _: &PodInfo, event: &ClusterEvent) -> bool {
        let ClusterEvent::Node { old, new } = event else { return false };
        !new.spec.unschedulable && old.as_ref().is_none_or(|old| old.spec.unschedulable)
    }
}
