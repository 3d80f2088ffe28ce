//! Prefers nodes whose resources would be used to equal parts.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go.

use crate::scheduler::framework::{MAX_NODE_SCORE, ScorePlugin};
use crate::scheduler::node_info::{NodeId, NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;

use super::resource_score::{Asked, ConfigError, WeightedResource, asked, default_resources};
use super::{float, whole};

/// The plugin.
#[derive(Clone, Debug)]
pub struct NodeResourcesBalancedAllocation {
    /// What must be in balance; every weight is 1.
    pub resources: Vec<WeightedResource>,
}

impl Default for NodeResourcesBalancedAllocation {
    fn default() -> Self {
        NodeResourcesBalancedAllocation { resources: default_resources() }
    }
}

impl NodeResourcesBalancedAllocation {
    /// What is wrong with the configuration.
    #[must_use]
    pub fn config_errors(&self) -> Vec<ConfigError> {
        let resources = self.resources.iter().enumerate();
        resources
            .filter(|(_, resource)| resource.weight != 1)
            .map(|(i, _)| ConfigError::invalid(format!("resources[{i}].weight")))
            .collect()
    }

    /// What the pod asks for; here a missing request is nothing at all.
    #[must_use]
    pub fn state_of(&self, pod: &PodInfo) -> Vec<Asked> {
        asked(&self.resources, pod, false)
    }
}

impl ScorePlugin for NodeResourcesBalancedAllocation {
    type State = Vec<Asked>;

    /// A pod that asks for nothing changes no balance.
    fn pre_score(&self, pod: &PodInfo, _: &[NodeId], _: &mut Snapshot) -> Option<Self::State> {
        (!pod.requests.is_best_effort() && !self.resources.is_empty()).then(|| self.state_of(pod))
    }

    /// One minus the standard deviation of the used fractions, times 100.
    #[inline]
    fn score(&self, state: &Self::State, node: &NodeInfo, _: &Snapshot) -> i64 {
        let fraction = |asked: &Asked| {
            let (has, taken) = asked.on(node, false)?;
            Some((float(taken) / float(has)).min(1.0))
        };
        let deviation = match state.as_slice() {
            [one, two] => match (fraction(one), fraction(two)) {
                (Some(one), Some(two)) => ((one - two) / 2.0).abs(),
                (Some(_) | None, None) | (None, Some(_)) => 0.0,
            },
            many => {
                let fractions: Vec<f64> = many.iter().filter_map(fraction).collect();
                standard_deviation(&fractions)
            }
        };
        whole((1.0 - deviation) * float(MAX_NODE_SCORE))
    }
}

/// The spread around the mean; square roots are exact on every platform, unlike logarithms.
fn standard_deviation(values: &[f64]) -> f64 {
    match values {
        [] | [_] => 0.0,
        [one, two] => ((one - two) / 2.0).abs(),
        many => {
            let count = float(i64::try_from(many.len()).unwrap_or(i64::MAX));
            let mean = many.iter().sum::<f64>() / count;
            let squares = many.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
            (squares / count).sqrt()
        }
    }
}
