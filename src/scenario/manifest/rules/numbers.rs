//! Fields whose numbers have bounds.
//!
//! Source: kubernetes/kubernetes:pkg/apis/{core,apps,autoscaling}/validation/validation.go

use super::{At, Cx, push};
use crate::scenario::diagnostic::Diagnostic;
use crate::texts::diagnostics::{kubernetes, shape};

const INT32_MAX: i128 = i32::MAX as i128;
const PORT: (i128, i128) = (1, 65_535);
const NOT_NEGATIVE: (i128, i128) = (0, INT32_MAX);
const POSITIVE: (i128, i128) = (1, INT32_MAX);
const WEIGHT: (i128, i128) = (1, 100);

/// Struct, field, and the smallest and largest number it may hold.
const BOUNDS: &[(&str, &str, (i128, i128))] = &[
    ("ContainerPort", "containerPort", PORT),
    ("ContainerPort", "hostPort", PORT),
    ("ServicePort", "port", PORT),
    ("ServicePort", "nodePort", PORT),
    ("EndpointPort", "port", PORT),
    ("DeploymentSpec", "replicas", NOT_NEGATIVE),
    ("DeploymentSpec", "minReadySeconds", NOT_NEGATIVE),
    ("DeploymentSpec", "revisionHistoryLimit", NOT_NEGATIVE),
    ("DeploymentSpec", "progressDeadlineSeconds", POSITIVE),
    ("ReplicaSetSpec", "replicas", NOT_NEGATIVE),
    ("ReplicaSetSpec", "minReadySeconds", NOT_NEGATIVE),
    ("StatefulSetSpec", "replicas", NOT_NEGATIVE),
    ("StatefulSetSpec", "minReadySeconds", NOT_NEGATIVE),
    ("DaemonSetSpec", "minReadySeconds", NOT_NEGATIVE),
    ("JobSpec", "parallelism", NOT_NEGATIVE),
    ("JobSpec", "completions", NOT_NEGATIVE),
    ("JobSpec", "backoffLimit", NOT_NEGATIVE),
    ("PodSpec", "terminationGracePeriodSeconds", NOT_NEGATIVE),
    ("PodSpec", "activeDeadlineSeconds", POSITIVE),
    ("Probe", "initialDelaySeconds", NOT_NEGATIVE),
    ("Probe", "periodSeconds", NOT_NEGATIVE),
    ("Probe", "timeoutSeconds", NOT_NEGATIVE),
    ("Probe", "successThreshold", NOT_NEGATIVE),
    ("Probe", "failureThreshold", NOT_NEGATIVE),
    ("PreferredSchedulingTerm", "weight", WEIGHT),
    ("WeightedPodAffinityTerm", "weight", WEIGHT),
    ("TopologySpreadConstraint", "maxSkew", POSITIVE),
    ("TopologySpreadConstraint", "minDomains", POSITIVE),
    ("HorizontalPodAutoscalerSpec", "minReplicas", POSITIVE),
    ("HorizontalPodAutoscalerSpec", "maxReplicas", POSITIVE),
    ("MetricTarget", "averageUtilization", POSITIVE),
    ("HPAScalingRules", "stabilizationWindowSeconds", (0, 3600)),
    ("HPAScalingPolicy", "value", POSITIVE),
    ("HPAScalingPolicy", "periodSeconds", (1, 1800)),
];

/// Struct and field that hold a number or a percentage.
const PERCENTS: &[(&str, &str)] = &[
    ("RollingUpdateDeployment", "maxSurge"),
    ("RollingUpdateDeployment", "maxUnavailable"),
    ("RollingUpdateDaemonSet", "maxSurge"),
    ("RollingUpdateDaemonSet", "maxUnavailable"),
    ("PodDisruptionBudgetSpec", "minAvailable"),
    ("PodDisruptionBudgetSpec", "maxUnavailable"),
];

pub(super) fn check(owner: &str, at: At<'_>, cx: &mut Cx<'_>) {
    for (_, field, (min, max)) in BOUNDS.iter().filter(|(name, ..)| *name == owner) {
        let Some(node) = at.node.get(field) else { continue };
        let Some(number) = node.int().filter(|number| number < min || number > max) else {
            continue;
        };
        cx.spoil(node);
        let wrong = Diagnostic::error(&shape::OUT_OF_RANGE, cx.place(node.span))
            .arg("path", at.path.key(field).to_string())
            .arg("min", min.to_string())
            .arg("max", max.to_string())
            .arg("found", number.to_string());
        push(cx, wrong);
    }
    for (_, field) in PERCENTS.iter().filter(|(name, _)| *name == owner) {
        let Some(node) = at.node.get(field) else { continue };
        let bad_number = node.int().is_some_and(|number| number < 0);
        let bad_text = node.text().is_some_and(|text| !is_percent(text));
        if bad_number || bad_text {
            let shown = cx.file.slice(node.span).trim_matches(['"', '\'']).to_owned();
            let wrong = Diagnostic::error(&kubernetes::BAD_PERCENT, cx.place(node.span))
                .arg("path", at.path.key(field).to_string())
                .arg("found", shown);
            push(cx, wrong);
        }
    }
}

/// `25%`: digits and a percent sign.
fn is_percent(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|number| {
        !number.is_empty() && number.len() <= 9 && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
