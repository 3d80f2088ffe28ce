//! Fields that take one of a few words.
//!
//! Source: the constants in kubernetes/kubernetes:staging/src/k8s.io/api/*/types.go

use super::{At, Cx, push};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::suggest::nearest;
use crate::scenario::tree::Node;
use crate::texts::diagnostics::shape;

const PROTOCOLS: &[&str] = &["TCP", "UDP", "SCTP"];
const TRAFFIC_POLICIES: &[&str] = &["Cluster", "Local"];
const TAINT_EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];
const ACCESS_MODES: &[&str] =
    &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
const PREEMPTION: &[&str] = &["PreemptLowerPriority", "Never"];

/// Struct, field, and the words it may hold.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("Container", "imagePullPolicy", &["Always", "IfNotPresent", "Never"]),
    ("Container", "terminationMessagePolicy", &["File", "FallbackToLogsOnError"]),
    ("ContainerPort", "protocol", PROTOCOLS),
    ("PodSpec", "restartPolicy", &["Always", "OnFailure", "Never"]),
    ("PodSpec", "dnsPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ("PodSpec", "preemptionPolicy", PREEMPTION),
    ("Toleration", "operator", &["Equal", "Exists"]),
    ("Toleration", "effect", TAINT_EFFECTS),
    ("Taint", "effect", TAINT_EFFECTS),
    ("LabelSelectorRequirement", "operator", &["In", "NotIn", "Exists", "DoesNotExist"]),
    ("NodeSelectorRequirement", "operator", &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    ("TopologySpreadConstraint", "whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"]),
    ("TopologySpreadConstraint", "nodeAffinityPolicy", &["Honor", "Ignore"]),
    ("TopologySpreadConstraint", "nodeTaintsPolicy", &["Honor", "Ignore"]),
    ("HTTPGetAction", "scheme", &["HTTP", "HTTPS"]),
    ("DeploymentStrategy", "type", &["RollingUpdate", "Recreate"]),
    ("StatefulSetUpdateStrategy", "type", &["RollingUpdate", "OnDelete"]),
    ("StatefulSetSpec", "podManagementPolicy", &["OrderedReady", "Parallel"]),
    ("DaemonSetUpdateStrategy", "type", &["RollingUpdate", "OnDelete"]),
    ("JobSpec", "completionMode", &["NonIndexed", "Indexed"]),
    ("CronJobSpec", "concurrencyPolicy", &["Allow", "Forbid", "Replace"]),
    ("ServiceSpec", "type", &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
    ("ServiceSpec", "sessionAffinity", &["None", "ClientIP"]),
    ("ServiceSpec", "externalTrafficPolicy", TRAFFIC_POLICIES),
    ("ServiceSpec", "internalTrafficPolicy", TRAFFIC_POLICIES),
    ("ServiceSpec", "ipFamilyPolicy", &["SingleStack", "PreferDualStack", "RequireDualStack"]),
    ("ServicePort", "protocol", PROTOCOLS),
    ("MetricSpec", "type", &["Resource", "Pods", "Object", "External", "ContainerResource"]),
    ("MetricTarget", "type", &["Utilization", "Value", "AverageValue"]),
    ("HPAScalingRules", "selectPolicy", &["Max", "Min", "Disabled"]),
    ("HPAScalingPolicy", "type", &["Pods", "Percent"]),
    ("HTTPIngressPath", "pathType", &["Exact", "Prefix", "ImplementationSpecific"]),
    ("PersistentVolumeClaimSpec", "accessModes", ACCESS_MODES),
    ("PersistentVolumeClaimSpec", "volumeMode", &["Filesystem", "Block"]),
    ("PersistentVolumeSpec", "accessModes", ACCESS_MODES),
    ("PriorityClass", "preemptionPolicy", PREEMPTION),
    ("StorageClass", "volumeBindingMode", &["Immediate", "WaitForFirstConsumer"]),
    ("EndpointSlice", "addressType", &["IPv4", "IPv6", "FQDN"]),
];

pub(super) fn check(owner: &str, at: At<'_>, cx: &mut Cx<'_>) {
    for (_, field, words) in WORDS.iter().filter(|(name, ..)| *name == owner) {
        let Some(node) = at.node.get(field) else { continue };
        let items = if node.text().is_some() { std::slice::from_ref(node) } else { node.items() };
        for item in items {
            word(item, &at.path.key(field).to_string(), words, cx);
        }
    }
}

fn word(node: &Node, path: &str, words: &[&str], cx: &mut Cx<'_>) {
    let Some(text) = node.text().filter(|text| !words.contains(text)) else { return };
    let unknown = Diagnostic::error(&shape::UNKNOWN_VARIANT, cx.place(node.span))
        .arg("path", path)
        .arg("found", text)
        .arg("choices", words.join(", "))
        .suggest(nearest(text, words.iter().copied()));
    push(cx, unknown);
}
