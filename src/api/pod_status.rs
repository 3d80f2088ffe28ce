//! What is known of a pod and of its containers.

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::meta::{Str, Time};

/// Where a pod stands in its life.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum PodPhase {
    /// Accepted, but not all containers have run yet.
    #[default]
    Pending,
    /// Bound, and at least one container runs or is being started again.
    Running,
    /// All containers ended well and stay ended.
    Succeeded,
    /// All containers ended, at least one badly.
    Failed,
    /// Nobody can tell.
    Unknown,
}

/// What the kubelet (and a few others) report of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus {
    /// Where it stands.
    pub phase: PodPhase,
    /// PodScheduled, Initialized, ContainersReady, Ready, …
    #[serde(skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// A word for programs, such as `Evicted`.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub reason: Str,
    /// A sentence for people.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub message: Str,
    /// A node that preemption is making room on.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub nominated_node_name: Str,
    /// The node's address.
    #[serde(rename = "hostIP", skip_serializing_if = "Str::is_empty")]
    pub host_ip: Str,
    /// The pod's address.
    #[serde(rename = "podIP", skip_serializing_if = "Str::is_empty")]
    pub pod_ip: Str,
    /// When the kubelet first saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,
    /// The quality-of-service class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qos_class: Option<QosClass>,
    /// Init containers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Containers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub container_statuses: Vec<ContainerStatus>,
}

/// Who is killed first when memory runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum QosClass {
    /// Requests equal limits, for every container, for CPU and memory.
    Guaranteed,
    /// Something is asked for or limited.
    Burstable,
    /// Nothing is.
    BestEffort,
}

/// What is known of one container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    /// The container's name.
    pub name: Str,
    /// Now.
    pub state: ContainerState,
    /// How the run before this one ended.
    #[serde(skip_serializing_if = "ContainerState::is_unset")]
    pub last_state: ContainerState,
    /// Whether it takes requests.
    pub ready: bool,
    /// Whether its startup probe (if any) has succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<bool>,
    /// How often it was started again.
    pub restart_count: i32,
    /// What runs.
    pub image: Str,
    /// The runtime's name for this run.
    #[serde(rename = "containerID", skip_serializing_if = "Str::is_empty")]
    pub container_id: Str,
}

/// One of three states; all unset means waiting for no stated reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerState {
    /// Not yet running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<ContainerStateWaiting>,
    /// Running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<ContainerStateRunning>,
    /// Ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminated: Option<Box<ContainerStateTerminated>>,
}

impl ContainerState {
    /// Whether nothing is known.
    #[must_use]
    pub const fn is_unset(&self) -> bool {
        self.waiting.is_none() && self.running.is_none() && self.terminated.is_none()
    }
}

/// Why a container is not running yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStateWaiting {
    /// `ContainerCreating`, `CrashLoopBackOff`, `ImagePullBackOff`, …
    pub reason: Str,
    /// A sentence for people.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub message: Str,
}

/// A running container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStateRunning {
    /// Since when.
    pub started_at: Time,
}

/// An ended container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStateTerminated {
    /// 0 is good; 137 is SIGKILL, 143 SIGTERM.
    pub exit_code: i32,
    /// `Completed`, `Error`, `OOMKilled`, `ContainerStatusUnknown`.
    pub reason: Str,
    /// Since when it ran.
    pub started_at: Time,
    /// When it ended.
    pub finished_at: Time,
}
