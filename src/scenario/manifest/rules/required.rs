//! Fields that must be there.
//!
//! `k8s-openapi` fills what is missing with empty values, so the list stands here.
//! Source: kubernetes/kubernetes:pkg/apis/{core,apps,autoscaling,networking}/validation/validation.go

use super::{At, Cx, push};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::suggest::nearest;
use crate::scenario::tree::Value;
use crate::texts::diagnostics::shape;

/// Struct and the fields without which the API server refuses it.
const REQUIRED: &[(&str, &[&str])] = &[
    ("PodTemplateSpec", &["spec"]),
    ("PodSpec", &["containers"]),
    ("Container", &["name", "image"]),
    ("ContainerPort", &["containerPort"]),
    ("EnvVar", &["name"]),
    ("VolumeMount", &["name", "mountPath"]),
    ("Volume", &["name"]),
    ("KeyToPath", &["key", "path"]),
    ("ConfigMapKeySelector", &["key"]),
    ("SecretKeySelector", &["key"]),
    ("ObjectFieldSelector", &["fieldPath"]),
    ("HTTPGetAction", &["port"]),
    ("TCPSocketAction", &["port"]),
    ("GRPCAction", &["port"]),
    ("Pod", &["spec"]),
    ("Deployment", &["spec"]),
    ("ReplicaSet", &["spec"]),
    ("StatefulSet", &["spec"]),
    ("DaemonSet", &["spec"]),
    ("Job", &["spec"]),
    ("CronJob", &["spec"]),
    ("Service", &["spec"]),
    ("HorizontalPodAutoscaler", &["spec"]),
    ("DeploymentSpec", &["selector", "template"]),
    ("ReplicaSetSpec", &["selector", "template"]),
    ("StatefulSetSpec", &["selector", "template"]),
    ("DaemonSetSpec", &["selector", "template"]),
    ("JobSpec", &["template"]),
    ("CronJobSpec", &["schedule", "jobTemplate"]),
    ("LabelSelectorRequirement", &["key", "operator"]),
    ("NodeSelectorRequirement", &["key", "operator"]),
    ("NodeSelector", &["nodeSelectorTerms"]),
    ("PreferredSchedulingTerm", &["weight", "preference"]),
    ("PodAffinityTerm", &["topologyKey"]),
    ("WeightedPodAffinityTerm", &["weight", "podAffinityTerm"]),
    ("TopologySpreadConstraint", &["maxSkew", "topologyKey", "whenUnsatisfiable"]),
    ("Taint", &["key", "effect"]),
    ("ServicePort", &["port"]),
    ("HorizontalPodAutoscalerSpec", &["scaleTargetRef", "maxReplicas"]),
    ("CrossVersionObjectReference", &["kind", "name"]),
    ("MetricSpec", &["type"]),
    ("MetricTarget", &["type"]),
    ("ResourceMetricSource", &["name", "target"]),
    ("HPAScalingPolicy", &["type", "value", "periodSeconds"]),
    ("HTTPIngressPath", &["pathType", "backend"]),
    ("IngressServiceBackend", &["name"]),
    ("RoleRef", &["apiGroup", "kind", "name"]),
    ("Subject", &["kind", "name"]),
    ("PolicyRule", &["verbs"]),
    ("StorageClass", &["provisioner"]),
    ("PriorityClass", &["value"]),
    ("EndpointSlice", &["addressType", "endpoints"]),
    ("Endpoint", &["addresses"]),
];

pub(super) fn check(owner: &str, at: At<'_>, cx: &mut Cx<'_>) {
    let Some((_, fields)) = REQUIRED.iter().find(|(name, _)| *name == owner) else { return };
    for field in *fields {
        let entry = at.node.entry(field);
        let empty = entry.is_none_or(|entry| match &entry.value.value {
            Value::Null => true,
            Value::Str(text) => text.is_empty(),
            Value::Seq(items) => items.is_empty() && *field == "containers",
            Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Map(_)
            | Value::Word(_)
            | Value::Tuple(..)
            | Value::Fields(..) => false,
        });
        // `containerport` is told as an unknown field; that `containerPort` lacks would be noise.
        let mistyped = |key: &str| key != *field && !nearest(key, [*field]).is_empty();
        if empty && !at.node.entries().iter().any(|entry| mistyped(&entry.key)) {
            let head = at.node.entries().first().map_or(at.node.span, |entry| entry.key_span);
            let span = entry.map_or(head, |entry| entry.key_span);
            let missing = Diagnostic::error(&shape::MISSING_FIELD, cx.place(span));
            push(cx, missing.arg("owner", at.path.to_string()).arg("field", *field));
        }
    }
}
