//! Rules out nodes that lack resources; prefers nodes by how full they would be.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/noderesources/{fit,
//! least_allocated,most_allocated,requested_to_capacity_ratio}.go.

use crate::api::{Node, Str};
use crate::scheduler::events::ClusterEvent;
use crate::scheduler::framework::{
    FilterPlugin, MAX_NODE_SCORE, PluginId, PreFiltered, ScorePlugin,
};
use crate::scheduler::node_info::{NodeId, NodeInfo, PodInfo};
use crate::scheduler::resource::{Resources, is_extended};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::verdict::{Reason, Rejection, Shortage};

use super::resource_score::{Asked, ConfigError, WeightedResource, asked, default_resources};

/// The plugin.
#[derive(Clone, Debug)]
pub struct NodeResourcesFit {
    /// Extended resources that are not checked.
    pub ignored_resources: Vec<Str>,
    /// Domains of extended resources that are not checked (`example.com`).
    pub ignored_resource_groups: Vec<Str>,
    /// How full a node should be.
    pub strategy: Strategy,
    /// What the strategy looks at.
    pub resources: Vec<WeightedResource>,
}

impl Default for NodeResourcesFit {
    fn default() -> Self {
        NodeResourcesFit {
            ignored_resources: Vec::new(),
            ignored_resource_groups: Vec::new(),
            strategy: Strategy::LeastAllocated,
            resources: default_resources(),
        }
    }
}

/// How full a node should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// The emptier the better: spreads load.
    #[default]
    LeastAllocated,
    /// The fuller the better: packs nodes.
    MostAllocated,
    /// As a curve says: points `(utilisation 0..=100, score 0..=10)`.
    RequestedToCapacityRatio(Vec<(i64, i64)>),
}

/// Custom scores lie in 0 ..= 10.
/// Source: kubernetes/kubernetes:pkg/scheduler/apis/config `MaxCustomPriorityScore`.
const MAX_CUSTOM_PRIORITY_SCORE: i64 = 10;

/// One resource that is short on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsufficientResource {
    /// Which.
    pub name: Str,
    /// What the pod asks for.
    pub requested: i64,
    /// What is taken.
    pub used: i64,
    /// What there is.
    pub capacity: i64,
}

impl NodeResourcesFit {
    /// What is wrong with the configuration.
    #[must_use]
    pub fn config_errors(&self) -> Vec<ConfigError> {
        let weights = self.resources.iter().enumerate();
        let mut errors: Vec<ConfigError> = weights
            .filter(|(_, resource)| !(1..=100).contains(&resource.weight))
            .map(|(i, _)| ConfigError::invalid(format!("scoringStrategy.resources[{i}].weight")))
            .collect();
        if let Strategy::RequestedToCapacityRatio(shape) = &self.strategy {
            errors.extend(shape_errors(shape));
        }
        errors
    }

    /// Every resource that is short, in the order in which they are checked.
    #[must_use]
    pub fn insufficient(&self, pod: &PodInfo, node: &NodeInfo) -> Vec<InsufficientResource> {
        let short = self.shortage(pod, node);
        let (asked, has, taken) = (&pod.requests.requested, &node.allocatable, &node.requested);
        let mut list = Vec::new();
        let mut add = |is: bool, name: &str, requested, used, capacity| {
            if is {
                list.push(InsufficientResource { name: name.into(), requested, used, capacity });
            }
        };
        add(short.pods, "pods", 1, node.pod_count(), node.allowed_pods);
        for (is, name) in [
            (short.cpu, "cpu"),
            (short.memory, "memory"),
            (short.ephemeral_storage, "ephemeral-storage"),
        ] {
            add(is, name, asked.amount(name), taken.amount(name), has.amount(name));
        }
        for name in short.scalar.iter().flat_map(|names| names.iter()) {
            add(true, name, asked.amount(name), taken.amount(name), has.amount(name));
        }
        list
    }

    #[inline]
    fn shortage(&self, pod: &PodInfo, node: &NodeInfo) -> Shortage {
        let (asked, has, taken) = (&pod.requests.requested, &node.allocatable, &node.requested);
        let short = |asked: i64, has: i64, taken: i64| asked > 0 && asked > has - taken;
        Shortage {
            pods: node.pod_count() + 1 > node.allowed_pods,
            cpu: short(asked.milli_cpu, has.milli_cpu, taken.milli_cpu),
            memory: short(asked.memory, has.memory, taken.memory),
            ephemeral_storage: short(
                asked.ephemeral_storage,
                has.ephemeral_storage,
                taken.ephemeral_storage,
            ),
            scalar: if asked.scalar.is_empty() {
                None
            } else {
                let missing: Vec<Str> = asked
                    .scalar
                    .iter()
                    .filter(|(name, amount)| {
                        let (has, taken) = (has.scalar(name), taken.scalar(name));
                        !self.is_ignored(name)
                            && short(*amount, has.unwrap_or(0), taken.unwrap_or(0))
                    })
                    .map(|(name, _)| name.clone())
                    .collect();
                (!missing.is_empty()).then(|| missing.into())
            },
        }
    }

    fn is_ignored(&self, name: &Str) -> bool {
        let group = name.split('/').next().unwrap_or_default();
        is_extended(name)
            && (self.ignored_resources.contains(name)
                || self.ignored_resource_groups.iter().any(|known| known == group))
    }

    /// Whether the pod asks for more than the whole node has: no eviction helps then.
    fn exceeds(&self, pod: &PodInfo, has: &Resources) -> bool {
        let asked = &pod.requests.requested;
        asked.milli_cpu > has.milli_cpu
            || asked.memory > has.memory
            || asked.ephemeral_storage > has.ephemeral_storage
            || asked.scalar.iter().any(|(name, amount)| {
                !self.is_ignored(name) && *amount > has.scalar(name).unwrap_or(0)
            })
    }

    fn refuse(&self, pod: &PodInfo, node: &NodeInfo, short: Shortage) -> Result<(), Rejection> {
        let resolvable = !self.exceeds(pod, &node.allocatable);
        let reason = Reason::Insufficient(short);
        Err(Rejection { plugin: PluginId::NodeResourcesFit, resolvable, reason })
    }

    fn node_change_helps(&self, pod: &PodInfo, old: Option<&Node>, new: &Node) -> bool {
        let has = Resources::of(&new.status.allocatable);
        let pods = |node: &Node| node.status.allocatable.get("pods").map_or(0, |p| p.value());
        if self.exceeds(pod, &has) || pods(new) < 1 {
            return false;
        }
        let Some(old) = old else { return true };
        let had = Resources::of(&old.status.allocatable);
        let asked = &pod.requests.requested;
        (asked.milli_cpu > 0 && has.milli_cpu > had.milli_cpu)
            || (asked.memory > 0 && has.memory > had.memory)
            || (asked.ephemeral_storage > 0 && has.ephemeral_storage > had.ephemeral_storage)
            || asked.scalar.iter().any(|(name, amount)| {
                *amount > 0 && has.scalar(name).unwrap_or(0) > had.scalar(name).unwrap_or(0)
            })
            || pods(new) > pods(old)
    }
}

impl FilterPlugin for NodeResourcesFit {
    /// The requests were added up when the pod came.
    type State = ();

    fn pre_filter(&self, _: &PodInfo, _: &mut Snapshot) -> PreFiltered<()> {
        PreFiltered::Ready(())
    }

    #[inline]
    fn filter(&self, (): &(), pod: &PodInfo, node: &NodeInfo) -> Result<(), Rejection> {
        let short = self.shortage(pod, node);
        if short.is_none() {
            return Ok(());
        }
        self.refuse(pod, node, short)
    }

    fn hint(&self, pod: &PodInfo, event: &ClusterEvent) -> bool {
        match event {
            ClusterEvent::Node { old, new } => self.node_change_helps(pod, old.as_deref(), new),
            ClusterEvent::PodDeleted(_) => true,
            ClusterEvent::NodeDeleted(_)
            | ClusterEvent::PodAdded(_)
            | ClusterEvent::PodChanged { .. } => false,
        }
    }
}

impl ScorePlugin for NodeResourcesFit {
    type State = Vec<Asked>;

    fn pre_score(&self, pod: &PodInfo, _: &[NodeId], _: &mut Snapshot) -> Option<Self::State> {
        (!self.resources.is_empty()).then(|| asked(&self.resources, pod, true))
    }

    #[inline]
    fn score(&self, state: &Self::State, node: &NodeInfo, _: &Snapshot) -> i64 {
        match &self.strategy {
            Strategy::LeastAllocated => mean(state, node, |taken, has| {
                if taken > has { 0 } else { (has - taken) * MAX_NODE_SCORE / has }
            }),
            Strategy::MostAllocated => {
                mean(state, node, |taken, has| taken.min(has) * MAX_NODE_SCORE / has)
            }
            Strategy::RequestedToCapacityRatio(shape) => by_curve(state, node, shape),
        }
    }
}

/// The weighted mean over the resources that count, cut off.
#[inline]
fn mean(state: &[Asked], node: &NodeInfo, score: impl Fn(i64, i64) -> i64) -> i64 {
    let (mut sum, mut weights) = (0, 0);
    for resource in state {
        if let Some((has, taken)) = resource.on(node, true) {
            sum += score(taken, has) * resource.weight;
            weights += resource.weight;
        }
    }
    if weights == 0 { 0 } else { sum / weights }
}

/// The weighted mean of the curve's values over the resources that score at all, rounded.
fn by_curve(state: &[Asked], node: &NodeInfo, shape: &[(i64, i64)]) -> i64 {
    let (mut sum, mut weights) = (0, 0);
    for resource in state {
        let Some((has, taken)) = resource.on(node, true) else { continue };
        let utilization = if taken > has { 100 } else { taken * 100 / has };
        let score = broken_linear(shape, utilization, MAX_NODE_SCORE / MAX_CUSTOM_PRIORITY_SCORE);
        if score > 0 {
            sum += score * resource.weight;
            weights += resource.weight;
        }
    }
    if weights == 0 { 0 } else { (2 * sum + weights) / (2 * weights) }
}

/// The curve through `points` (with their values times `factor`) at `x`: straight between two
/// points, level outside, whole numbers cut off.
///
/// Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/helper/shape_score.go.
#[must_use]
pub fn broken_linear(points: &[(i64, i64)], x: i64, factor: i64) -> i64 {
    let after = points.iter().position(|(at, _)| x <= *at);
    let value = |index: usize| points.get(index).map_or(0, |(_, value)| value * factor);
    match after {
        Some(0) => value(0),
        Some(index) => {
            let ((from, _), (to, _)) = (points[index - 1], points[index]);
            let (low, high) = (value(index - 1), value(index));
            low + (high - low) * (x - from) / (to - from)
        }
        None => value(points.len().saturating_sub(1)),
    }
}

fn shape_errors(shape: &[(i64, i64)]) -> Vec<ConfigError> {
    const PATH: &str = "scoringStrategy.requestedToCapacityRatio.shape";
    let mut errors = Vec::new();
    if shape.is_empty() {
        errors.push(ConfigError { field: PATH.into(), kind: "Required" });
    }
    for (i, pair) in shape.windows(2).enumerate() {
        if pair[0].0 >= pair[1].0 {
            errors.push(ConfigError::invalid(format!("{PATH}[{}].utilization", i + 1)));
        }
    }
    for (i, (utilization, score)) in shape.iter().enumerate() {
        if !(0..=100).contains(utilization) {
            errors.push(ConfigError::invalid(format!("{PATH}[{i}].utilization")));
        }
        if !(0..=MAX_CUSTOM_PRIORITY_SCORE).contains(score) {
            errors.push(ConfigError::invalid(format!("{PATH}[{i}].score")));
        }
    }
    errors
}
