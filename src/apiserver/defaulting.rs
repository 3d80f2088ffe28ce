//! Step 3b: fields that nobody stated get Kubernetes' defaults, so that everybody reads the same.
//!
//! Many defaults already stand in the types of `api`, whose JSON form fills them in; here is what
//! depends on other fields, and what a program that builds objects in memory left empty. Lists
//! are copied only when something in them is missing: pods of one template keep sharing theirs.
//!
//! Simplified: DNS policy, service account, security context and volumes are not simulated.
//! Source: kubernetes/kubernetes:pkg/apis/{core/v1,apps/v1,autoscaling/v2,discovery/v1}/defaults.go.

use std::sync::Arc;

use crate::api::autoscaling::{
    Behavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget, ResourceMetric, ScalingPolicy,
    ScalingRules,
};
use crate::api::pod::Probe;
use crate::api::reasons::CPU;
use crate::api::service::{ServicePort, ServiceType};
use crate::api::workload::{RollingUpdate, StrategyType};
use crate::api::{
    Container, Deployment, EndpointSlice, HorizontalPodAutoscaler, IntOrString, Labels, Namespace,
    Object, PodSpec, ReplicaSet, Secret, Service, Str,
};

use super::config::Config;

const TCP: Str = arcstr::literal!("TCP");
const NONE: Str = arcstr::literal!("None");
/// The label that every namespace carries with its own name.
const METADATA_NAME: Str = arcstr::literal!("kubernetes.io/metadata.name");
/// Default target of an autoscaler that names no metric [percent of the requested CPU].
/// Source: kubernetes/kubernetes:pkg/apis/autoscaling/v2/defaults.go.
const DEFAULT_UTILIZATION: i32 = 80;

/// Fills in what is missing.
pub(super) fn default(object: &mut Object, _config: &Config) {
    match object {
        Object::Pod(pod) => {
            if lacks(&pod.spec) {
                pod_spec(&mut Arc::make_mut(pod).spec);
            }
        }
        Object::Deployment(it) => deployment(it),
        Object::ReplicaSet(set) => replica_set(set),
        Object::Service(it) => service(it),
        Object::HorizontalPodAutoscaler(it) => autoscaler(it),
        Object::Namespace(it) => namespace(it),
        Object::Secret(it) => secret(it),
        Object::EndpointSlice(it) => slice(it),
        Object::Node(_) | Object::Lease(_) | Object::Event(_) | Object::ConfigMap(_) => {}
    }
}

/// Whether a pod's spec lacks anything that [`pod_spec`] would fill in.
fn lacks(spec: &PodSpec) -> bool {
    spec.scheduler_name.is_empty()
        || spec
            .containers
            .iter()
            .chain(spec.init_containers.iter())
            .any(|container| container_lacks(container, spec.host_network))
}

fn pod_spec(spec: &mut PodSpec) {
    if spec.scheduler_name.is_empty() {
        spec.scheduler_name = crate::api::pod::DEFAULT_SCHEDULER;
    }
    let host = spec.host_network;
    for list in [&mut spec.containers, &mut spec.init_containers] {
        if list.iter().any(|container| container_lacks(container, host)) {
            for container in Arc::make_mut(list) {
                fill_container(container, host);
            }
        }
    }
}

fn container_lacks(container: &Container, host: bool) -> bool {
    let resources = &container.resources;
    container.image_pull_policy.is_empty()
        || container
            .ports
            .iter()
            .any(|port| port.protocol.is_empty() || host && port.host_port == 0)
        || resources.limits.keys().any(|name| !resources.requests.contains_key(name))
        || probes(container).into_iter().flatten().any(probe_lacks)
}

const fn probes(container: &Container) -> [Option<&Probe>; 3] {
    let Container { readiness_probe, liveness_probe, startup_probe, .. } = container;
    [readiness_probe.as_ref(), liveness_probe.as_ref(), startup_probe.as_ref()]
}

const fn probe_lacks(probe: &Probe) -> bool {
    probe.period_seconds == 0
        || probe.timeout_seconds == 0
        || probe.success_threshold == 0
        || probe.failure_threshold == 0
}

fn fill_container(container: &mut Container, host: bool) {
    if container.image_pull_policy.is_empty() {
        container.image_pull_policy = pull_policy(&container.image);
    }
    for port in &mut container.ports {
        if port.protocol.is_empty() {
            port.protocol = TCP;
        }
        if host && port.host_port == 0 {
            port.host_port = port.container_port;
        }
    }
    for (name, limit) in &container.resources.limits {
        container.resources.requests.entry(name.clone()).or_insert(*limit);
    }
    let Container { readiness_probe, liveness_probe, startup_probe, .. } = container;
    for probe in [readiness_probe, liveness_probe, startup_probe].into_iter().flatten() {
        fill_probe(probe);
    }
}

fn fill_probe(probe: &mut Probe) {
    let default = Probe::default();
    let fill = |field: &mut i32, default: i32| {
        if *field == 0 {
            *field = default;
        }
    };
    fill(&mut probe.period_seconds, default.period_seconds);
    fill(&mut probe.timeout_seconds, default.timeout_seconds);
    fill(&mut probe.success_threshold, default.success_threshold);
    fill(&mut probe.failure_threshold, default.failure_threshold);
}

/// Images without a tag or with `:latest` may change, so they are pulled each time.
fn pull_policy(image: &str) -> Str {
    let name = image.rsplit('/').next().unwrap_or(image);
    let tag = if name.contains('@') {
        "digest"
    } else {
        name.split_once(':').map_or("latest", |(_, tag)| tag)
    };
    if tag == "latest" { arcstr::literal!("Always") } else { arcstr::literal!("IfNotPresent") }
}

fn deployment(object: &mut Arc<Deployment>) {
    let strategy = &object.spec.strategy;
    if strategy.kind == StrategyType::RollingUpdate && strategy.rolling_update.is_none() {
        let strategy = &mut Arc::make_mut(object).spec.strategy;
        strategy.rolling_update = Some(RollingUpdate::default());
    }
    if lacks(&object.spec.template.spec) {
        pod_spec(&mut Arc::make_mut(object).spec.template.spec);
    }
}

fn replica_set(set: &mut Arc<ReplicaSet>) {
    if lacks(&set.spec.template.spec) {
        pod_spec(&mut Arc::make_mut(set).spec.template.spec);
    }
}

fn service(service: &mut Arc<Service>) {
    let lacks = |port: &ServicePort| port.protocol.is_empty() || port.target_port.is_none();
    let spec = &service.spec;
    if !spec.session_affinity.is_empty() && !spec.ports.iter().any(lacks) {
        return;
    }
    let spec = &mut Arc::make_mut(service).spec;
    if spec.session_affinity.is_empty() {
        spec.session_affinity = NONE;
    }
    let headless = spec.is_headless() || spec.kind == ServiceType::ExternalName;
    for port in &mut spec.ports {
        if port.protocol.is_empty() {
            port.protocol = TCP;
        }
        if port.target_port.is_none() && !(headless && port.port == 0) {
            port.target_port = Some(IntOrString::Int(port.port));
        }
    }
}

fn autoscaler(scaler: &mut Arc<HorizontalPodAutoscaler>) {
    let spec = &scaler.spec;
    if spec.min_replicas != 0 && !spec.metrics.is_empty() && spec.behavior.is_none() {
        return;
    }
    let spec: &mut HorizontalPodAutoscalerSpec = &mut Arc::make_mut(scaler).spec;
    if spec.min_replicas == 0 {
        spec.min_replicas = 1;
    }
    if spec.metrics.is_empty() {
        let target = MetricTarget {
            kind: arcstr::literal!("Utilization"),
            average_utilization: Some(DEFAULT_UTILIZATION),
            average_value: None,
        };
        let resource = Some(ResourceMetric { name: CPU, target });
        spec.metrics.push(MetricSpec { kind: arcstr::literal!("Resource"), resource });
    }
    if let Some(behavior) = &mut spec.behavior {
        fill_behavior(behavior);
    }
}

fn fill_behavior(behavior: &mut Behavior) {
    let policy = |kind: Str, value| ScalingPolicy { kind, value, period_seconds: 15 };
    let (pods, percent) = (arcstr::literal!("Pods"), arcstr::literal!("Percent"));
    let up = vec![policy(pods, 4), policy(percent.clone(), 100)];
    let down = vec![policy(percent, 100)];
    let fill = |rules: &mut Option<ScalingRules>, policies, window: Option<i32>| {
        let rules = rules.get_or_insert_with(ScalingRules::default);
        rules.stabilization_window_seconds = rules.stabilization_window_seconds.or(window);
        if rules.select_policy.is_empty() {
            rules.select_policy = arcstr::literal!("Max");
        }
        rules.policies.get_or_insert(policies);
    };
    fill(&mut behavior.scale_up, up, Some(0));
    fill(&mut behavior.scale_down, down, None);
}

fn namespace(namespace: &mut Arc<Namespace>) {
    let meta = &namespace.metadata;
    if meta.labels.get(&METADATA_NAME) != Some(&meta.name) {
        let meta = &mut Arc::make_mut(namespace).metadata;
        meta.labels = meta.labels.with(METADATA_NAME, meta.name.clone());
    }
}

fn secret(secret: &mut Arc<Secret>) {
    if !secret.kind.is_empty() && secret.string_data.is_empty() {
        return;
    }
    let secret = Arc::make_mut(secret);
    if secret.kind.is_empty() {
        secret.kind = arcstr::literal!("Opaque");
    }
    let plain = std::mem::take(&mut secret.string_data);
    for (key, value) in plain.iter() {
        secret.data = secret.data.with(key.clone(), base64(value.as_bytes()));
    }
    secret.string_data = Labels::default();
}

fn slice(slice: &mut Arc<EndpointSlice>) {
    if slice.ports.iter().any(|port| port.protocol.is_empty()) {
        for port in &mut Arc::make_mut(slice).ports {
            if port.protocol.is_empty() {
                port.protocol = TCP;
            }
        }
    }
}

/// RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Pod;
    use serde_json::json;

    fn defaulted(kind: crate::api::Kind, json: serde_json::Value) -> serde_json::Value {
        let mut object = Object::from_json(kind, json).expect("an object");
        default(&mut object, &Config::default());
        object.to_json()
    }

    #[test]
    fn a_container_is_completed() {
        let json = defaulted(
            crate::api::Kind::Pod,
            json!({"spec": {"containers": [{
                "name": "c", "image": "nginx:1.27",
                "ports": [{"containerPort": 80}],
                "resources": {"limits": {"cpu": "1"}},
                "readinessProbe": {"periodSeconds": 0},
            }]}}),
        );
        let container = &json["spec"]["containers"][0];
        assert_eq!(container["imagePullPolicy"], "IfNotPresent");
        assert_eq!(container["ports"][0]["protocol"], "TCP");
        assert_eq!(container["resources"]["requests"]["cpu"], "1");
        assert_eq!(container["readinessProbe"]["periodSeconds"], 10);
    }

    #[test]
    fn what_lacks_nothing_stays_shared() {
        let mut object: Object = Pod::default().into();
        default(&mut object, &Config::default());
        let before = object.clone();
        default(&mut object, &Config::default());
        assert!(object.same(&before));
    }

    #[test]
    fn images_that_may_change_are_pulled_each_time() {
        let check = |image, policy: &str| assert_eq!(pull_policy(image), policy, "{image}");
        check("nginx", "Always");
        check("nginx:latest", "Always");
        check("registry:5000/nginx", "Always");
        check("registry:5000/nginx:1.27", "IfNotPresent");
        check("nginx@sha256:abc", "IfNotPresent");
    }

    #[test]
    fn workloads_and_services_are_completed() {
        use crate::api::Kind;
        let json = defaulted(Kind::Deployment, json!({"spec": {}}));
        assert_eq!(json["spec"]["replicas"], 1);
        assert_eq!(json["spec"]["strategy"]["rollingUpdate"]["maxSurge"], "25%");
        let json = defaulted(Kind::Service, json!({"spec": {"ports": [{"port": 80}]}}));
        assert_eq!(json["spec"]["ports"][0]["targetPort"], 80);
        assert_eq!(json["spec"]["sessionAffinity"], "None");
        let json = defaulted(
            Kind::HorizontalPodAutoscaler,
            json!({"spec": {"maxReplicas": 3, "behavior": {"scaleUp": {}}}}),
        );
        assert_eq!(json["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"], 80);
        assert_eq!(json["spec"]["behavior"]["scaleUp"]["policies"][0]["value"], 4);
        assert_eq!(json["spec"]["behavior"]["scaleDown"]["policies"][0]["type"], "Percent");
    }

    #[test]
    fn secrets_are_spelled_in_base64() {
        for (plain, spelled) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(plain.as_bytes()), spelled);
        }
    }
}
