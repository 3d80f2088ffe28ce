//! Every kind a manifest may hold, and what Prova does with it.

use k8s_openapi::Resource;
use k8s_openapi::api::{
    admissionregistration::v1 as admission, apps::v1 as apps, autoscaling::v1 as autoscaling_v1,
    autoscaling::v2 as autoscaling, batch::v1 as batch, coordination::v1 as coordination,
    core::v1 as core, discovery::v1 as discovery, flowcontrol::v1 as flowcontrol,
    networking::v1 as networking, node::v1 as node, policy::v1 as policy, rbac::v1 as rbac,
    scheduling::v1 as scheduling, storage::v1 as storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as extensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as aggregation;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::Kind;
use crate::scenario::tree::Node;
use crate::scenario::tree::de::{self, Cx};

/// What Prova does with the objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It lives in the simulated cluster.
    Simulated(Kind),
    /// Its controller would make pods, which will be missing.
    Workload,
    /// Left out; the cluster behaves much the same without it.
    Harmless,
}

/// One kind of Kubernetes.
pub struct KindRow {
    /// The name in `kind:`.
    pub kind: &'static str,
    /// The value of `apiVersion:`.
    pub api_version: &'static str,
    /// Do its objects live in namespaces?
    pub namespaced: bool,
    /// What Prova does with it.
    pub standing: Standing,
    /// Reads a document strictly; Kubernetes' own JSON form comes out.
    pub(super) read: fn(&Node, &mut Cx<'_>) -> Option<serde_json::Value>,
}

fn read_as<T: Resource + DeserializeOwned + Serialize>(
    node: &Node,
    cx: &mut Cx<'_>,
) -> Option<serde_json::Value> {
    let value: T = de::read(node, T::KIND, cx)?;
    serde_json::to_value(value).ok()
}

const NAMESPACED: bool = true;
const CLUSTER: bool = false;

const fn row<T: Resource + DeserializeOwned + Serialize>(
    namespaced: bool,
    standing: Standing,
) -> KindRow {
    KindRow { kind: T::KIND, api_version: T::API_VERSION, namespaced, standing, read: read_as::<T> }
}

const fn simulated<T: Resource + DeserializeOwned + Serialize>(kind: Kind) -> KindRow {
    row::<T>(kind.is_namespaced(), Standing::Simulated(kind))
}

const fn workload<T: Resource + DeserializeOwned + Serialize>() -> KindRow {
    row::<T>(NAMESPACED, Standing::Workload)
}

const fn harmless<T: Resource + DeserializeOwned + Serialize>(namespaced: bool) -> KindRow {
    row::<T>(namespaced, Standing::Harmless)
}

/// Every kind that is read; a kind may have a row per version, the one to recommend first.
pub(super) static KINDS: &[KindRow] = &[
    simulated::<core::Namespace>(Kind::Namespace),
    simulated::<core::Node>(Kind::Node),
    simulated::<core::Pod>(Kind::Pod),
    simulated::<core::Service>(Kind::Service),
    simulated::<core::ConfigMap>(Kind::ConfigMap),
    simulated::<core::Secret>(Kind::Secret),
    simulated::<core::Event>(Kind::Event),
    simulated::<apps::Deployment>(Kind::Deployment),
    simulated::<apps::ReplicaSet>(Kind::ReplicaSet),
    simulated::<autoscaling::HorizontalPodAutoscaler>(Kind::HorizontalPodAutoscaler),
    simulated::<autoscaling_v1::HorizontalPodAutoscaler>(Kind::HorizontalPodAutoscaler),
    simulated::<coordination::Lease>(Kind::Lease),
    simulated::<discovery::EndpointSlice>(Kind::EndpointSlice),
    workload::<apps::StatefulSet>(),
    workload::<apps::DaemonSet>(),
    workload::<batch::Job>(),
    workload::<batch::CronJob>(),
    workload::<core::ReplicationController>(),
    harmless::<core::ServiceAccount>(NAMESPACED),
    harmless::<core::PersistentVolume>(CLUSTER),
    harmless::<core::PersistentVolumeClaim>(NAMESPACED),
    harmless::<core::LimitRange>(NAMESPACED),
    harmless::<core::ResourceQuota>(NAMESPACED),
    harmless::<core::Endpoints>(NAMESPACED),
    harmless::<core::PodTemplate>(NAMESPACED),
    harmless::<apps::ControllerRevision>(NAMESPACED),
    harmless::<networking::Ingress>(NAMESPACED),
    harmless::<networking::IngressClass>(CLUSTER),
    harmless::<networking::NetworkPolicy>(NAMESPACED),
    harmless::<rbac::Role>(NAMESPACED),
    harmless::<rbac::RoleBinding>(NAMESPACED),
    harmless::<rbac::ClusterRole>(CLUSTER),
    harmless::<rbac::ClusterRoleBinding>(CLUSTER),
    harmless::<policy::PodDisruptionBudget>(NAMESPACED),
    harmless::<scheduling::PriorityClass>(CLUSTER),
    harmless::<storage::StorageClass>(CLUSTER),
    harmless::<storage::CSIDriver>(CLUSTER),
    harmless::<storage::VolumeAttachment>(CLUSTER),
    harmless::<node::RuntimeClass>(CLUSTER),
    harmless::<flowcontrol::FlowSchema>(CLUSTER),
    harmless::<flowcontrol::PriorityLevelConfiguration>(CLUSTER),
    harmless::<admission::MutatingWebhookConfiguration>(CLUSTER),
    harmless::<admission::ValidatingWebhookConfiguration>(CLUSTER),
    harmless::<admission::ValidatingAdmissionPolicy>(CLUSTER),
    harmless::<admission::ValidatingAdmissionPolicyBinding>(CLUSTER),
    harmless::<extensions::CustomResourceDefinition>(CLUSTER),
    harmless::<aggregation::APIService>(CLUSTER),
];

/// The row of a kind in a version; without a version the one to recommend.
pub fn find(kind: &str, api_version: Option<&str>) -> Option<&'static KindRow> {
    let fits = |row: &&KindRow| {
        row.kind == kind && api_version.is_none_or(|version| row.api_version == version)
    };
    KINDS.iter().find(fits)
}

/// Is this an API group that Kubernetes itself has? Others belong to custom resources.
pub(super) fn is_builtin_group(api_version: &str) -> bool {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let old = ["", "extensions", "apps", "batch", "autoscaling", "policy"];
    old.contains(&group) || KINDS.iter().any(|row| row.api_version.split('/').next() == Some(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_simulated_kind_has_a_row_with_the_version_of_the_api() {
        for kind in Kind::ALL {
            let row = find(kind.name(), Some(kind.api_version()));
            assert_eq!(row.map(|row| row.standing), Some(Standing::Simulated(kind)), "{kind}");
        }
    }

    #[test]
    fn kinds_and_versions_are_listed_once() {
        let mut rows: Vec<_> = KINDS.iter().map(|row| (row.kind, row.api_version)).collect();
        let count = rows.len();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), count);
        assert!(is_builtin_group("extensions/v1beta1") && !is_builtin_group("argoproj.io/v1"));
    }
}
