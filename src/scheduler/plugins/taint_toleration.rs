//! Keeps pods off nodes with taints that they do not tolerate; prefers nodes with fewer of the
//! milder sort.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/tainttoleration.

use crate::api::toleration::{find_untolerated, tolerated};
use crate::api::{Node, TaintEffect, Toleration};
use crate::scheduler::events::ClusterEvent;
use crate::scheduler::framework::{
    FilterPlugin, PluginId, PreFiltered, ScorePlugin, default_normalize,
};
use crate::scheduler::node_info::{NodeId, NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::verdict::{Reason, Rejection};

/// The plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaintToleration {
    /// Whether `Gt` and `Lt` count (feature gate `TaintTolerationComparisonOperators`).
    pub comparison_operators: bool,
}

impl FilterPlugin for TaintToleration {
    type State = ();

    fn pre_filter(&self, _: &PodInfo, _: &mut Snapshot) -> PreFiltered<()> {
        PreFiltered::Ready(())
    }

    fn filter(&self, (): &(), pod: &PodInfo, node: &NodeInfo) -> Result<(), Rejection> {
        if !node.has_barring_taints {
            return Ok(());
        }
        let taints = node.taints();
        let tolerations = &pod.pod.spec.tolerations;
        let found = find_untolerated(taints, tolerations, self.comparison_operators, |taint| {
            taint.effect.forbids_placing()
        });
        found.map_or(Ok(()), |taint| {
            let (key, value) = (taint.key.clone(), taint.value.clone());
            let reason = Reason::Untolerated { key, value };
            Err(Rejection::unresolvable(PluginId::TaintToleration, reason))
        })
    }

    fn hint(&self, pod: &PodInfo, event: &ClusterEvent) -> bool {
        let ClusterEvent::Node { old, new } = event else { return false };
        let tolerations = &pod.pod.spec.tolerations;
        let bars = |node: &Node| {
            let gate = self.comparison_operators;
            find_untolerated(&node.spec.taints, tolerations, gate, |t| t.effect.forbids_placing())
                .is_some()
        };
        !bars(new) && old.as_ref().is_none_or(|old| bars(old))
    }
}

impl ScorePlugin for TaintToleration {
    /// The tolerations that can cover a PreferNoSchedule taint.
    type State = Vec<Toleration>;

    fn pre_score(&self, pod: &PodInfo, _: &[NodeId], _: &mut Snapshot) -> Option<Self::State> {
        let mild = |toleration: &&Toleration| {
            toleration.effect.is_none_or(|effect| effect == TaintEffect::PreferNoSchedule)
        };
        Some(pod.pod.spec.tolerations.iter().filter(mild).cloned().collect())
    }

    fn score(&self, tolerations: &Self::State, node: &NodeInfo, _: &Snapshot) -> i64 {
        if !node.has_mild_taints {
            return 0;
        }
        let mild = node.taints().iter().filter(|t| t.effect == TaintEffect::PreferNoSchedule);
        let counted =
            mild.filter(|taint| !tolerated(taint, tolerations, self.comparison_operators));
        i64::try_from(counted.count()).unwrap_or(i64::MAX)
    }

    fn normalize(&self, _: &Self::State, scores: &mut [i64]) {
        default_normalize(scores, true);
    }
}
