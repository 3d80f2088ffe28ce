//! Services and the addresses behind them.

use serde::{Deserialize, Serialize};

use super::intstr::IntOrString;
use super::labels::Labels;
use super::meta::{ObjectMeta, Str};
use super::misc::ObjectReference;

/// A stable name and address for changing pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Service {
    /// Name.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: ServiceSpec,
}

/// The wanted state of a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceSpec {
    /// Who can reach it. Simplified: NodePort and LoadBalancer behave like ClusterIP with more
    /// doors; ExternalName has no endpoints.
    #[serde(rename = "type")]
    pub kind: ServiceType,
    /// Which pods stand behind it; empty means somebody else writes the endpoints.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub selector: Labels,
    /// Its ports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ServicePort>,
    /// Its address; `None` makes it headless.
    #[serde(rename = "clusterIP", skip_serializing_if = "Str::is_empty")]
    pub cluster_ip: Str,
    /// Whether pods that are not ready count too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub publish_not_ready_addresses: bool,
    /// `None` or `ClientIP`; empty means `None`.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub session_affinity: Str,
    /// The DNS name that an ExternalName stands for.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub external_name: Str,
}

impl ServiceSpec {
    /// The value of `clusterIP` that makes a Service headless.
    pub const HEADLESS: &'static str = "None";

    /// Whether clients get the pods' own addresses.
    #[must_use]
    pub fn is_headless(&self) -> bool {
        self.cluster_ip == Self::HEADLESS
    }
}

/// Who can reach a Service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ServiceType {
    /// Pods and nodes.
    #[default]
    ClusterIP,
    /// Also from outside, on one port of every node.
    NodePort,
    /// Also through a cloud's balancer.
    LoadBalancer,
    /// Nobody: an alias in DNS.
    ExternalName,
}

/// One port of a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServicePort {
    /// Needed when there are several.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub name: Str,
    /// `TCP`, `UDP` or `SCTP`; empty means TCP.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub protocol: Str,
    /// The Service's port.
    pub port: i32,
    /// The pods' port; missing means the same number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_port: Option<IntOrString>,
    /// The nodes' port; 0 for none.
    #[serde(skip_serializing_if = "is_zero")]
    pub node_port: i32,
}

/// A part (at most 100) of the addresses behind a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EndpointSlice {
    /// Name; the label `kubernetes.io/service-name` says which Service.
    pub metadata: ObjectMeta,
    /// `IPv4`.
    pub address_type: Str,
    /// The addresses.
    pub endpoints: Vec<Endpoint>,
    /// The ports, the same for all of them.
    pub ports: Vec<EndpointPort>,
}

/// One address behind a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Endpoint {
    /// The pod's address.
    pub addresses: Vec<Str>,
    /// Whether it can be used.
    pub conditions: EndpointConditions,
    /// The node it is on.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub node_name: Str,
    /// The zone it is in.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub zone: Str,
    /// The pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_ref: Option<ObjectReference>,
}

/// Whether an endpoint can be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EndpointConditions {
    /// Serving and not terminating (or the Service publishes everything).
    pub ready: bool,
    /// The pod's readiness, even while it terminates.
    pub serving: bool,
    /// The pod has a deletion timestamp.
    pub terminating: bool,
}

/// One port of a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EndpointPort {
    /// The Service port's name.
    #[serde(skip_serializing_if = "Str::is_empty")]
    pub name: Str,
    /// The pods' port.
    pub port: i32,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Str,
}

/// The label on a slice that names its Service.
pub const SERVICE_NAME_LABEL: Str = arcstr::literal!("kubernetes.io/service-name");

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(port: &i32) -> bool {
    *port == 0
}
