//! Pods, their containers, and the template that pods are made from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::intstr::IntOrString;
use super::labels::{LabelSelector, Labels, Requirement};
use super::meta::{ObjectMeta, Str};
use super::node::TaintEffect;
pub use super::pod_status::{
    ContainerState, ContainerStateRunning, ContainerStateTerminated, ContainerStateWaiting,
    ContainerStatus, PodPhase, PodStatus, QosClass,
};
use super::quantity::ResourceList;

/// Containers that are placed together, share an address, and end together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pod {
    /// Name, identity, owners.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: PodSpec,
    /// What was last reported.
    pub status: PodStatus,
}

/// What a controller stamps pods from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodTemplateSpec {
    /// Labels and annotations of the pods.
    pub metadata: TemplateMeta,
    /// The pods' spec.
    pub spec: PodSpec,
}

/// The metadata of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateMeta {
    /// Labels of the pods.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Annotations of the pods.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub annotations: Labels,
}

/// When the kubelet starts a container again.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum RestartPolicy {
    /// Whenever it ends.
    #[default]
    Always,
    /// When it ends with a code other than 0.
    OnFailure,
    /// Never.
    Never,
}

/// The wanted state of a pod. The parts that all pods of a template share are shared in memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// Run one after the other before `containers`; those with `restartPolicy: Always` stay
    /// (sidecars).
    #[serde(skip_serializing_if = "is_empty_list")]
    pub init_containers: Arc<[Container]>,
    /// Run together.
    pub containers: Arc<[Container]>,
    /// When containers are started again.
    pub restart_policy: RestartPolicy,
    /// Time between SIGTERM and SIGKILL \[s\]. Default: 30.
    pub termination_grace_period_seconds: i64,
    /// Longest life of the pod \[s\]; none when unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_deadline_seconds: Option<i64>,
    /// Labels the node must have.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub node_selector: Labels,
    /// The node; empty until the scheduler binds the pod.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub node_name: Str,
    /// Further rules about nodes and neighbours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Arc<Affinity>>,
    /// Taints the pod puts up with.
    #[serde(skip_serializing_if = "is_empty_list")]
    pub tolerations: Arc<[Toleration]>,
    /// How evenly pods lie over zones or hosts.
    #[serde(skip_serializing_if = "is_empty_list")]
    pub topology_spread_constraints: Arc<[TopologySpreadConstraint]>,
    /// Which scheduler places it.
    pub scheduler_name: Str,
    /// Higher is more important.
    pub priority: i32,
    /// Where `priority` comes from.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub priority_class_name: Str,
    /// Whether the pod uses the node's own address and ports.
    pub host_network: bool,
    /// What the sandbox itself needs.
    #[serde(skip_serializing_if = "ResourceList::is_empty")]
    pub overhead: ResourceList,
}

/// Default `terminationGracePeriodSeconds` \[s\].
/// Source: kubernetes/kubernetes:pkg/apis/core/v1/defaults.go.
pub const TERMINATION_GRACE_PERIOD_SECONDS: i64 = 30;

/// Default `schedulerName`.
pub const DEFAULT_SCHEDULER: Str = arcstr::literal!("default-scheduler");

impl Default for PodSpec {
    fn default() -> Self {
        PodSpec {
            init_containers: Arc::default(),
            containers: Arc::default(),
            restart_policy: RestartPolicy::default(),
            termination_grace_period_seconds: TERMINATION_GRACE_PERIOD_SECONDS,
            active_deadline_seconds: None,
            node_selector: Labels::default(),
            node_name: Str::new(),
            affinity: None,
            tolerations: Arc::default(),
            topology_spread_constraints: Arc::default(),
            scheduler_name: DEFAULT_SCHEDULER,
            priority: 0,
            priority_class_name: Str::new(),
            host_network: false,
            overhead: ResourceList::new(),
        }
    }
}

/// One container of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Unique in the pod.
    pub name: Str,
    /// What runs.
    pub image: Str,
    /// `Always`, `IfNotPresent` or `Never`; empty: by the tag (`:latest` is always pulled).
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub image_pull_policy: Str,
    /// Ports that it listens on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ContainerPort>,
    /// What it asks for and may use at most.
    pub resources: ResourceRequirements,
    /// Whether it can take requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness_probe: Option<Probe>,
    /// Whether it must be started again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liveness_probe: Option<Probe>,
    /// Whether it has finished starting; holds the other two back until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub startup_probe: Option<Probe>,
    /// `Always` on an init container makes it a sidecar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<RestartPolicy>,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    /// A name that Services may use.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub name: Str,
    /// The number.
    pub container_port: i32,
    /// The same port on the node; 0 for none.
    #[serde(skip_serializing_if = "is_zero_port")]
    pub host_port: i32,
    /// `TCP`, `UDP` or `SCTP`; empty means TCP.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub protocol: Str,
}

/// What a container asks for and may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceRequirements {
    /// Set aside by the scheduler.
    #[serde(skip_serializing_if = "ResourceList::is_empty")]
    pub requests: ResourceList,
    /// The most it may use.
    #[serde(skip_serializing_if = "ResourceList::is_empty")]
    pub limits: ResourceList,
}

/// A regular check of a container. Simplified: what is asked (HTTP, TCP, exec, gRPC) does not
/// matter, only whether the simulated process answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Probe {
    /// Wait before the first check \[s\]. Default: 0.
    pub initial_delay_seconds: i32,
    /// Between checks \[s\]. Default: 10.
    pub period_seconds: i32,
    /// Longest answer \[s\]. Default: 1.
    pub timeout_seconds: i32,
    /// Successes in a row that turn it to good. Default: 1.
    pub success_threshold: i32,
    /// Failures in a row that turn it to bad. Default: 3.
    pub failure_threshold: i32,
}

impl Default for Probe {
    /// Source: kubernetes/kubernetes:pkg/apis/core/v1/defaults.go.
    fn default() -> Self {
        Probe {
            initial_delay_seconds: 0,
            period_seconds: 10,
            timeout_seconds: 1,
            success_threshold: 1,
            failure_threshold: 3,
        }
    }
}

/// A taint that the pod puts up with.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Toleration {
    /// Which taint; empty with `Exists` means every one.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub key: Str,
    /// `Equal` (default), `Exists`, and behind a feature gate `Gt` and `Lt`.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub operator: Str,
    /// The value to equal.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub value: Str,
    /// Which effect; unset means every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<TaintEffect>,
    /// How long a NoExecute taint is put up with \[s\]; unset means for ever, 0 and less not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toleration_seconds: Option<i64>,
}

/// Rules about nodes and neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Affinity {
    /// Which nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_affinity: Option<NodeAffinity>,
}

/// Which nodes a pod must and would like to run on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeAffinity {
    /// Must hold when the pod is placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_during_scheduling_ignored_during_execution: Option<NodeSelector>,
    /// Adds to a node's score.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preferred_during_scheduling_ignored_during_execution: Vec<PreferredSchedulingTerm>,
}

/// Terms of which one must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelector {
    /// The terms.
    pub node_selector_terms: Vec<NodeSelectorTerm>,
}

/// Requirements that must all hold; a term without any matches nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelectorTerm {
    /// On the node's labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<Requirement>,
    /// On the node's fields (`metadata.name`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_fields: Vec<Requirement>,
}

/// A term and what it is worth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PreferredSchedulingTerm {
    /// 1 ..= 100.
    pub weight: i32,
    /// The term.
    pub preference: NodeSelectorTerm,
}

/// How evenly matching pods must lie over the values of a node label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopologySpreadConstraint {
    /// Greatest difference between a value's count and the least count.
    pub max_skew: i32,
    /// The node label.
    pub topology_key: Str,
    /// `DoNotSchedule` or `ScheduleAnyway`.
    pub when_unsatisfiable: Str,
    /// Which pods count; missing means none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_selector: Option<LabelSelector>,
    /// With fewer values than this, the least count is taken as 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_domains: Option<i32>,
    /// Whether nodes outside the pod's node affinity count: `Honor` (default) or `Ignore`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_affinity_policy: Option<Str>,
    /// Whether nodes with taints the pod does not tolerate count: `Ignore` (default) or `Honor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_taints_policy: Option<Str>,
    /// Label keys of the pod whose values are added to the selector.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub match_label_keys: Vec<Str>,
}

fn is_empty_list<T>(list: &Arc<[T]>) -> bool {
    list.is_empty()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero_port(port: &i32) -> bool {
    *port == 0
}

/// A port of a Service may point at a container port by number or by name.
impl Pod {
    /// The port number that `target` means on this pod; none when no container names it so.
    #[must_use]
    pub fn resolve_port(&self, target: &IntOrString) -> Option<i32> {
        match target {
            IntOrString::Int(number) => Some(*number),
            IntOrString::String(name) => self
                .spec
                .containers
                .iter()
                .flat_map(|container| &container.ports)
                .find(|port| port.name == *name)
                .map(|port| port.container_port),
        }
    }

    /// Whether the pod has ended for good.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        matches!(self.status.phase, PodPhase::Succeeded | PodPhase::Failed)
    }

    /// Whether the Ready condition holds.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.status.conditions.is_true(super::reasons::READY.as_str())
    }
}
