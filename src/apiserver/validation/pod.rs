//! Pod specs: containers, ports, resources, probes, tolerations; and what may change in a pod.
//!
//! Source: kubernetes/kubernetes:pkg/apis/core/validation/validation.go.

use crate::api::names::{is_dns1123_label, is_dns1123_subdomain};
use crate::api::pod::{ContainerPort, Probe, TopologySpreadConstraint};
use crate::api::{Container, Pod, PodSpec, Taint, TaintEffect, Toleration};

use super::meta::{LABEL, SUBDOMAIN, check_labels, check_requirements};
use super::{FieldError, not_negative};

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";
const IMMUTABLE: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// Checks a pod.
pub(super) fn check(pod: &Pod, errors: &mut Vec<FieldError>) {
    check_spec(&pod.spec, "spec", errors);
}

/// Checks the spec of a pod or of a template.
pub(super) fn check_spec(spec: &PodSpec, path: &str, errors: &mut Vec<FieldError>) {
    if spec.containers.is_empty() {
        errors.push(FieldError::required(format!("{path}.containers"), ""));
    }
    check_containers(spec, path, errors);
    let grace = spec.termination_grace_period_seconds;
    if grace < 0 {
        not_negative(grace, format!("{path}.terminationGracePeriodSeconds"), errors);
    }
    if spec.active_deadline_seconds.is_some_and(|seconds| seconds < 1) {
        let value = spec.active_deadline_seconds.unwrap_or(0).to_string();
        let why = "must be between 1 and 2147483647, inclusive";
        errors.push(FieldError::invalid(format!("{path}.activeDeadlineSeconds"), value, why));
    }
    if !spec.node_name.is_empty() && !is_dns1123_subdomain(&spec.node_name) {
        let path = format!("{path}.nodeName");
        errors.push(FieldError::invalid_text(path, &spec.node_name, SUBDOMAIN));
    }
    if !spec.node_selector.is_empty() {
        check_labels(&spec.node_selector, &format!("{path}.nodeSelector"), errors);
    }
    for (place, toleration) in spec.tolerations.iter().enumerate() {
        check_toleration(toleration, (path, place), errors);
    }
    for (place, constraint) in spec.topology_spread_constraints.iter().enumerate() {
        check_spread(constraint, (path, place), errors);
    }
    check_affinity(spec, path, errors);
}

fn check_containers(spec: &PodSpec, path: &str, errors: &mut Vec<FieldError>) {
    for (list, containers) in
        [("initContainers", &spec.init_containers), ("containers", &spec.containers)]
    {
        for (place, container) in containers.iter().enumerate() {
            let at = || format!("{path}.{list}[{place}]");
            let earlier = containers[..place].iter();
            let others = if list == "containers" { spec.init_containers.iter() } else { [].iter() };
            let mut known = earlier.chain(others);
            if !container.name.is_empty() && known.any(|other| other.name == container.name) {
                errors.push(FieldError::duplicate(format!("{}.name", at()), &container.name));
            }
            check_container(container, &at, errors);
        }
    }
}

fn check_container(container: &Container, at: &dyn Fn() -> String, errors: &mut Vec<FieldError>) {
    let Container { name, image, .. } = container;
    if name.is_empty() {
        errors.push(FieldError::required(format!("{}.name", at()), ""));
    } else if !is_dns1123_label(name) {
        errors.push(FieldError::invalid_text(format!("{}.name", at()), name, LABEL));
    }
    if image.is_empty() {
        errors.push(FieldError::required(format!("{}.image", at()), ""));
    } else if image.trim() != image {
        let why = "must not have leading or trailing whitespace";
        errors.push(FieldError::invalid_text(format!("{}.image", at()), image, why));
    }
    let policy = &container.image_pull_policy;
    if !["", "Always", "IfNotPresent", "Never"].contains(&policy.as_str()) {
        let known = ["Always", "IfNotPresent", "Never"];
        let path = format!("{}.imagePullPolicy", at());
        errors.push(FieldError::not_supported(path, policy, &known));
    }
    for (place, port) in container.ports.iter().enumerate() {
        check_port(port, &|| format!("{}.ports[{place}]", at()), errors);
    }
    check_resources(container, at, errors);
    for (field, probe) in [
        ("livenessProbe", &container.liveness_probe),
        ("readinessProbe", &container.readiness_probe),
        ("startupProbe", &container.startup_probe),
    ] {
        if let Some(probe) = probe {
            check_probe(probe, field, at, errors);
        }
    }
}

fn check_port(port: &ContainerPort, at: &dyn Fn() -> String, errors: &mut Vec<FieldError>) {
    if port.container_port == 0 {
        errors.push(FieldError::required(format!("{}.containerPort", at()), ""));
    } else if !(1..=65_535).contains(&port.container_port) {
        let (path, value) = (format!("{}.containerPort", at()), port.container_port.to_string());
        errors.push(FieldError::invalid(path, value, PORT_RANGE));
    }
    if port.host_port != 0 && !(1..=65_535).contains(&port.host_port) {
        let (path, value) = (format!("{}.hostPort", at()), port.host_port.to_string());
        errors.push(FieldError::invalid(path, value, PORT_RANGE));
    }
    if !port.name.is_empty() && !is_port_name(&port.name) {
        let why = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        errors.push(FieldError::invalid_text(format!("{}.name", at()), &port.name, why));
    }
    if !port.protocol.is_empty() && !PROTOCOLS.contains(&port.protocol.as_str()) {
        let path = format!("{}.protocol", at());
        errors.push(FieldError::not_supported(path, &port.protocol, &PROTOCOLS));
    }
}

/// An IANA service name: at most 15 letters, digits and inner single dashes, one letter at least.
pub(super) fn is_port_name(name: &str) -> bool {
    name.len() <= 15
        && is_dns1123_label(name)
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
        && !name.contains("--")
}

fn check_resources(container: &Container, at: &dyn Fn() -> String, errors: &mut Vec<FieldError>) {
    let resources = &container.resources;
    for (field, list) in [("limits", &resources.limits), ("requests", &resources.requests)] {
        for (name, amount) in list {
            if amount.nano < 0 {
                let path = format!("{}.resources.{field}[{name}]", at());
                let why = "must be greater than or equal to 0";
                errors.push(FieldError::invalid_text(path, &amount.to_string(), why));
            }
        }
    }
    for (name, request) in &resources.requests {
        let Some(limit) = resources.limits.get(name) else { continue };
        if request > limit {
            let why = format!("must be less than or equal to {name} limit of {limit}");
            let path = format!("{}.resources.requests", at());
            errors.push(FieldError::invalid_text(path, &request.to_string(), &why));
        }
    }
}

fn check_probe(probe: &Probe, field: &str, at: &dyn Fn() -> String, errors: &mut Vec<FieldError>) {
    for (name, value) in [
        ("initialDelaySeconds", probe.initial_delay_seconds),
        ("timeoutSeconds", probe.timeout_seconds),
        ("periodSeconds", probe.period_seconds),
        ("successThreshold", probe.success_threshold),
        ("failureThreshold", probe.failure_threshold),
    ] {
        if value < 0 {
            not_negative(value, format!("{}.{field}.{name}", at()), errors);
        }
    }
    if field != "readinessProbe" && probe.success_threshold > 1 {
        let path = format!("{}.{field}.successThreshold", at());
        let value = probe.success_threshold.to_string();
        errors.push(FieldError::invalid(path, value, "must be 1"));
    }
}

fn check_toleration(
    toleration: &Toleration,
    (path, place): (&str, usize),
    errors: &mut Vec<FieldError>,
) {
    let at = |field: &str| format!("{path}.tolerations[{place}].{field}");
    let Toleration { key, operator, value, effect, toleration_seconds } = toleration;
    if key.is_empty() && operator != "Exists" {
        let why = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        errors.push(FieldError::invalid_text(at("operator"), operator, why));
    }
    if toleration_seconds.is_some() && *effect != Some(TaintEffect::NoExecute) {
        let shown = effect.map_or("", TaintEffect::name);
        let why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
        errors.push(FieldError::invalid_text(at("effect"), shown, why));
    }
    match operator.as_str() {
        "" | "Equal" => {}
        "Exists" if value.is_empty() => {}
        "Exists" => {
            let why = "value must be empty when `operator` is 'Exists'";
            errors.push(FieldError::invalid_text(at("operator"), value, why));
        }
        other => {
            let known = ["Equal", "Exists"];
            errors.push(FieldError::not_supported(at("operator"), other, &known));
        }
    }
}

fn check_spread(
    constraint: &TopologySpreadConstraint,
    (path, place): (&str, usize),
    errors: &mut Vec<FieldError>,
) {
    let at = |field: &str| format!("{path}.topologySpreadConstraints[{place}].{field}");
    if constraint.max_skew <= 0 {
        let value = constraint.max_skew.to_string();
        errors.push(FieldError::invalid(at("maxSkew"), value, "must be greater than zero"));
    }
    if constraint.topology_key.is_empty() {
        errors.push(FieldError::required(at("topologyKey"), "can not be empty"));
    }
    let known = ["DoNotSchedule", "ScheduleAnyway"];
    if !known.contains(&constraint.when_unsatisfiable.as_str()) {
        let value = &constraint.when_unsatisfiable;
        errors.push(FieldError::not_supported(at("whenUnsatisfiable"), value, &known));
    }
}

fn check_affinity(spec: &PodSpec, path: &str, errors: &mut Vec<FieldError>) {
    let affinity = spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
    let Some(affinity) = affinity else { return };
    let base = format!("{path}.affinity.nodeAffinity");
    if let Some(required) = &affinity.required_during_scheduling_ignored_during_execution {
        let base = format!("{base}.requiredDuringSchedulingIgnoredDuringExecution");
        let base = format!("{base}.nodeSelectorTerms");
        if required.node_selector_terms.is_empty() {
            let why = "must have at least one node selector term";
            errors.push(FieldError::required(base.clone(), why));
        }
        for (place, term) in required.node_selector_terms.iter().enumerate() {
            let at = format!("{base}[{place}].matchExpressions");
            check_requirements(&term.match_expressions, &at, errors);
        }
    }
    let preferred = &affinity.preferred_during_scheduling_ignored_during_execution;
    for (place, term) in preferred.iter().enumerate() {
        let at = format!("{base}.preferredDuringSchedulingIgnoredDuringExecution[{place}]");
        if !(1..=100).contains(&term.weight) {
            let (path, value) = (format!("{at}.weight"), term.weight.to_string());
            errors.push(FieldError::invalid(path, value, "must be in the range 1-100"));
        }
        let at = format!("{at}.preference.matchExpressions");
        check_requirements(&term.preference.match_expressions, &at, errors);
    }
}

/// Checks a node's taints: each key and effect once.
pub(super) fn check_taints(taints: &[Taint], errors: &mut Vec<FieldError>) {
    for (place, taint) in taints.iter().enumerate() {
        if taint.key.is_empty() {
            errors.push(FieldError::required(format!("spec.taints[{place}].key"), ""));
        }
        let same = |other: &Taint| other.key == taint.key && other.effect == taint.effect;
        if taints[..place].iter().any(same) {
            let path = format!("spec.taints[{place}]");
            errors.push(FieldError::duplicate(path, &taint.key));
        }
    }
}

/// Checks that nothing changes in a pod that may not.
pub(super) fn check_update(pod: &Pod, stored: &Pod, errors: &mut Vec<FieldError>) {
    if pod.spec == stored.spec {
        return;
    }
    let added = pod.spec.tolerations.len() >= stored.spec.tolerations.len()
        && stored.spec.tolerations.iter().all(|known| pod.spec.tolerations.contains(known));
    if !added {
        let why = "existing toleration can not be modified except its tolerationSeconds";
        errors.push(FieldError::forbidden("spec.tolerations", why));
    }
    let allowed = PodSpec {
        containers: with_images(&pod.spec.containers, &stored.spec.containers),
        init_containers: with_images(&pod.spec.init_containers, &stored.spec.init_containers),
        active_deadline_seconds: pod.spec.active_deadline_seconds,
        tolerations: pod.spec.tolerations.clone(),
        ..stored.spec.clone()
    };
    if pod.spec != allowed {
        errors.push(FieldError::forbidden("spec", IMMUTABLE));
    }
    check_spec(&pod.spec, "spec", errors);
}

/// The stored containers with the new images.
fn with_images(new: &[Container], stored: &[Container]) -> std::sync::Arc<[Container]> {
    let image = |place: usize, container: &Container| {
        new.get(place).map_or_else(|| container.image.clone(), |new| new.image.clone())
    };
    stored
        .iter()
        .enumerate()
        .map(|(place, container)| Container { image: image(place, container), ..container.clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(spec: serde_json::Value) -> Pod {
        serde_json::from_value(json!({"spec": spec})).expect("a pod")
    }

    fn said(spec: serde_json::Value) -> Vec<String> {
        let mut errors = Vec::new();
        check(&pod(spec), &mut errors);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_error_of_a_pod_is_told_at_once() {
        assert_eq!(said(json!({})), ["spec.containers: Required value"]);
        let errors = said(json!({"containers": [
            {"name": "c", "image": " nginx ", "ports": [{"containerPort": 70000}]},
            {"name": "c", "resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}},
        ]}));
        assert_eq!(
            errors,
            [
                "spec.containers[0].image: Invalid value: \" nginx \": must not have leading or trailing whitespace",
                "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
                "spec.containers[1].name: Duplicate value: \"c\"",
                "spec.containers[1].image: Required value",
                "spec.containers[1].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1",
            ]
        );
    }

    #[test]
    fn tolerations_must_make_sense() {
        let containers = json!([{"name": "c", "image": "x"}]);
        let errors = said(json!({"containers": containers, "tolerations": [
            {"operator": "Equal"}, {"key": "k", "operator": "Exists", "value": "v"},
            {"key": "k", "tolerationSeconds": 5, "effect": "NoSchedule"},
        ]}));
        assert_eq!(errors.len(), 3);
        assert!(errors[0].starts_with("spec.tolerations[0].operator: Invalid value: \"Equal\""));
    }

    #[test]
    fn only_images_and_few_things_more_may_change() {
        let old = pod(json!({"containers": [{"name": "c", "image": "a"}]}));
        let check = |new: serde_json::Value| {
            let mut errors = Vec::new();
            check_update(&pod(new), &old, &mut errors);
            errors.len()
        };
        assert_eq!(check(json!({"containers": [{"name": "c", "image": "b"}]})), 0);
        assert_eq!(
            check(json!({"containers": [{"name": "c", "image": "a"}], "activeDeadlineSeconds": 9})),
            0
        );
        assert_eq!(check(json!({"containers": [{"name": "d", "image": "a"}]})), 1);
        assert_eq!(
            check(json!({"containers": [{"name": "c", "image": "a"}], "nodeName": "n1"})),
            1
        );
    }
}
