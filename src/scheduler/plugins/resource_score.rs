//! How much of which resource would be taken: the common part of the two resource scorers.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/noderesources/resource_allocation.go.

use crate::api::Str;
use crate::api::reasons;
use crate::scheduler::node_info::{NodeInfo, PodInfo};
use crate::scheduler::resource::is_scalar;

/// A resource that a score looks at, and how much it weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedResource {
    /// The resource.
    pub name: Str,
    /// 1 ..= 100.
    pub weight: i64,
}

/// CPU and memory, each weighing 1.
///
/// Source: kubernetes/kubernetes:pkg/scheduler/apis/config/v1/defaults.go `defaultResourceSpec`.
#[must_use]
pub fn default_resources() -> Vec<WeightedResource> {
    let one = |name| WeightedResource { name, weight: 1 };
    vec![one(reasons::CPU), one(reasons::MEMORY)]
}

/// A configuration that is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The field.
    pub field: String,
    /// `Invalid`, `Required`, `Duplicate`.
    pub kind: &'static str,
}

impl ConfigError {
    pub(super) fn invalid(field: String) -> Self {
        ConfigError { field, kind: "Invalid" }
    }
}

/// How a resource is found on a node.
#[derive(Clone, Debug)]
enum Which {
    Cpu,
    Memory,
    EphemeralStorage,
    Scalar(Str),
    Unknown,
}

/// A resource with what the pod asks of it.
#[derive(Clone, Debug)]
pub struct Asked {
    which: Which,
    amount: i64,
    /// How much it weighs.
    pub weight: i64,
}

/// What the pod asks of each resource; `non_zero` counts containers without a request as if they
/// had the default one.
#[must_use]
pub fn asked(resources: &[WeightedResource], pod: &PodInfo, non_zero: bool) -> Vec<Asked> {
    let requests = &pod.requests;
    let one = |resource: &WeightedResource| {
        let which = match resource.name.as_str() {
            "cpu" => Which::Cpu,
            "memory" => Which::Memory,
            "ephemeral-storage" => Which::EphemeralStorage,
            other if is_scalar(other) => Which::Scalar(resource.name.clone()),
            _ => Which::Unknown,
        };
        let amount = match &which {
            Which::Cpu if non_zero => requests.non_zero_milli_cpu,
            Which::Memory if non_zero => requests.non_zero_memory,
            Which::Cpu
            | Which::Memory
            | Which::EphemeralStorage
            | Which::Scalar(_)
            | Which::Unknown => requests.requested.amount(&resource.name),
        };
        Asked { which, amount, weight: resource.weight }
    };
    resources.iter().map(one).collect()
}

impl Asked {
    /// What the node has, and what would be taken of it with the pod there; none when the resource
    /// does not count for this pod and node.
    #[inline]
    #[must_use]
    pub fn on(&self, node: &NodeInfo, non_zero: bool) -> Option<(i64, i64)> {
        let (allocatable, taken) = match &self.which {
            Which::Cpu if non_zero => (node.allocatable.milli_cpu, node.non_zero_milli_cpu),
            Which::Cpu => (node.allocatable.milli_cpu, node.requested.milli_cpu),
            Which::Memory if non_zero => (node.allocatable.memory, node.non_zero_memory),
            Which::Memory => (node.allocatable.memory, node.requested.memory),
            Which::EphemeralStorage => {
                (node.allocatable.ephemeral_storage, node.requested.ephemeral_storage)
            }
            Which::Scalar(_) if self.amount == 0 => return None,
            Which::Scalar(name) => {
                (node.allocatable.scalar(name)?, node.requested.scalar(name).unwrap_or(0))
            }
            Which::Unknown => return None,
        };
        (allocatable != 0).then_some((allocatable, taken + self.amount))
    }
}
