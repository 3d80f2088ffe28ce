//! The kinds of objects that Prova knows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A room of names.
    Namespace,
    /// A machine that runs pods.
    Node,
    /// Containers that live and die together.
    Pod,
    /// Keeps a number of equal pods.
    ReplicaSet,
    /// Rolls ReplicaSets forward and back.
    Deployment,
    /// A stable name and address for changing pods.
    Service,
    /// The present addresses behind a Service.
    EndpointSlice,
    /// A claim that must be renewed.
    Lease,
    /// Something that happened, told to people.
    Event,
    /// Configuration.
    ConfigMap,
    /// Configuration that should not be shown.
    Secret,
    /// Changes the number of replicas with the load.
    HorizontalPodAutoscaler,
}

impl Kind {
    /// Every kind, in the order in which `kubectl apply` of a whole folder works best.
    pub const ALL: [Kind; 12] = [
        Kind::Namespace,
        Kind::Node,
        Kind::ConfigMap,
        Kind::Secret,
        Kind::Service,
        Kind::Pod,
        Kind::ReplicaSet,
        Kind::Deployment,
        Kind::HorizontalPodAutoscaler,
        Kind::EndpointSlice,
        Kind::Lease,
        Kind::Event,
    ];

    /// The name in `kind:`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Namespace => "Namespace",
            Kind::Node => "Node",
            Kind::Pod => "Pod",
            Kind::ReplicaSet => "ReplicaSet",
            Kind::Deployment => "Deployment",
            Kind::Service => "Service",
            Kind::EndpointSlice => "EndpointSlice",
            Kind::Lease => "Lease",
            Kind::Event => "Event",
            Kind::ConfigMap => "ConfigMap",
            Kind::Secret => "Secret",
            Kind::HorizontalPodAutoscaler => "HorizontalPodAutoscaler",
        }
    }

    /// The name in paths and in etcd keys.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Kind::Namespace => "namespaces",
            Kind::Node => "nodes",
            Kind::Pod => "pods",
            Kind::ReplicaSet => "replicasets",
            Kind::Deployment => "deployments",
            Kind::Service => "services",
            Kind::EndpointSlice => "endpointslices",
            Kind::Lease => "leases",
            Kind::Event => "events",
            Kind::ConfigMap => "configmaps",
            Kind::Secret => "secrets",
            Kind::HorizontalPodAutoscaler => "horizontalpodautoscalers",
        }
    }

    /// The value of `apiVersion:`.
    #[must_use]
    pub const fn api_version(self) -> &'static str {
        match self {
            Kind::Namespace
            | Kind::Node
            | Kind::Pod
            | Kind::Service
            | Kind::Event
            | Kind::ConfigMap
            | Kind::Secret => "v1",
            Kind::ReplicaSet | Kind::Deployment => "apps/v1",
            Kind::EndpointSlice => "discovery.k8s.io/v1",
            Kind::Lease => "coordination.k8s.io/v1",
            Kind::HorizontalPodAutoscaler => "autoscaling/v2",
        }
    }

    /// The API group; empty for the core group.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// Whether its objects live in namespaces.
    #[must_use]
    pub const fn is_namespaced(self) -> bool {
        !matches!(self, Kind::Namespace | Kind::Node)
    }

    /// The place in [`Kind::ALL`]-sized tables.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = ();

    /// Reads a kind as people write it: `Pod`, `pod`, `pods`, `po`, `deploy`, `svc`.
    fn from_str(text: &str) -> Result<Kind, ()> {
        let lower = text.to_ascii_lowercase();
        let short = match lower.as_str() {
            "ns" => Some(Kind::Namespace),
            "no" => Some(Kind::Node),
            "po" => Some(Kind::Pod),
            "rs" => Some(Kind::ReplicaSet),
            "deploy" => Some(Kind::Deployment),
            "svc" => Some(Kind::Service),
            "ev" => Some(Kind::Event),
            "cm" => Some(Kind::ConfigMap),
            "hpa" => Some(Kind::HorizontalPodAutoscaler),
            _ => None,
        };
        let full = || {
            Kind::ALL
                .into_iter()
                .find(|kind| lower == kind.plural() || lower.eq_ignore_ascii_case(kind.name()))
        };
        short.or_else(full).ok_or(())
    }
}
