//! Nodes: the machines that pods run on.

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::meta::{ObjectMeta, Str, Time};
use super::quantity::ResourceList;

/// A machine that a kubelet has registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    /// Name, labels.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: NodeSpec,
    /// What the kubelet (and the node lifecycle controller) reported.
    pub status: NodeStatus,
}

/// The wanted state of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSpec {
    /// Addresses for its pods.
    #[serde(rename = "podCIDR", skip_serializing_if = "Str::is_empty")]
    pub pod_cidr: Str,
    /// Whether new pods are kept away (cordon).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unschedulable: bool,
    /// What keeps pods away that do not tolerate it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taints: Vec<Taint>,
}

/// What a taint does to pods that do not tolerate it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum TaintEffect {
    /// They are not placed here.
    #[default]
    NoSchedule,
    /// They are placed here only when nothing else is good.
    PreferNoSchedule,
    /// They are not placed here, and those that run here are evicted.
    NoExecute,
}

impl TaintEffect {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            TaintEffect::NoSchedule => "NoSchedule",
            TaintEffect::PreferNoSchedule => "PreferNoSchedule",
            TaintEffect::NoExecute => "NoExecute",
        }
    }
}

/// A mark on a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Taint {
    /// Name.
    pub key: Str,
    /// Value, often empty.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub value: Str,
    /// What it does.
    pub effect: TaintEffect,
    /// Since when (NoExecute taints).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_added: Option<Time>,
}

/// What is known of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeStatus {
    /// What the machine has.
    pub capacity: ResourceList,
    /// What pods may use of it.
    pub allocatable: ResourceList,
    /// Ready, MemoryPressure, DiskPressure, PIDPressure.
    #[serde(skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// Addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<NodeAddress>,
    /// Images that need not be pulled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ContainerImage>,
    /// Versions of what runs there.
    pub node_info: NodeSystemInfo,
}

/// One address of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeAddress {
    /// `InternalIP`, `Hostname`, …
    #[serde(rename = "type")]
    pub kind: Str,
    /// The address.
    pub address: Str,
}

/// An image on a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerImage {
    /// Its names.
    pub names: Vec<Str>,
    /// Bytes.
    pub size_bytes: i64,
}

/// Versions of what runs on a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSystemInfo {
    /// `v1.33.0`
    pub kubelet_version: Str,
    /// `containerd://2.0.0`
    pub container_runtime_version: Str,
}
