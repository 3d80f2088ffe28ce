//! The present state of an object, in a few lines.

use crate::api::ConditionStatus;
use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::pod_status::ContainerState;
use crate::api::reasons;
use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::verdict::Explains;

/// An object as kubectl names it.
pub fn name(kind: Kind, key: &ObjectKey) -> String {
    super::sentence::object(kind, key)
}

/// Labels and values that describe an object.
pub fn rows(object: &Object, lang: Lang) -> Vec<(&'static str, String)> {
    let label = |key: Explains| key.text(lang);
    let mut rows = Vec::new();
    match object {
        Object::Pod(pod) => {
            rows.push((label(Explains::Phase), phase(pod)));
            let node = if pod.spec.node_name.is_empty() {
                label(Explains::None).to_owned()
            } else {
                pod.spec.node_name.to_string()
            };
            rows.push((label(Explains::Node), node));
            rows.push((label(Explains::Conditions), conditions(&pod.status.conditions.0)));
            rows.extend(containers(pod, lang).map(|text| (label(Explains::Containers), text)));
        }
        Object::Node(node) => {
            rows.push((label(Explains::Conditions), conditions(&node.status.conditions.0)));
            let taints: Vec<String> = node
                .spec
                .taints
                .iter()
                .map(|taint| format!("{}:{}", taint.key, taint.effect.name()))
                .collect();
            let taints = if taints.is_empty() {
                label(Explains::None).to_owned()
            } else {
                taints.join(", ")
            };
            rows.push((label(Explains::Taints), taints));
        }
        Object::Deployment(it) => {
            let status = &it.status;
            let numbers = [
                it.spec.replicas,
                status.replicas,
                status.ready_replicas,
                status.available_replicas,
            ];
            rows.push((label(Explains::Replicas), replicas(numbers, lang)));
            rows.push((label(Explains::Conditions), conditions(&status.conditions.0)));
        }
        Object::ReplicaSet(it) => {
            let status = &it.status;
            let numbers = [
                it.spec.replicas,
                status.replicas,
                status.ready_replicas,
                status.available_replicas,
            ];
            rows.push((label(Explains::Replicas), replicas(numbers, lang)));
        }
        Object::EndpointSlice(slice) => {
            let ready = slice.endpoints.iter().filter(|endpoint| endpoint.conditions.ready).count();
            rows.push((label(Explains::Endpoints), format!("{ready}/{}", slice.endpoints.len())));
        }
        Object::Namespace(_)
        | Object::Service(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_)
        | Object::HorizontalPodAutoscaler(_) => {}
    }
    if object.meta().is_terminating() {
        rows.push((label(Explains::DeletionMark), "deletionTimestamp".to_owned()));
    }
    rows
}

/// The phase; a pod that is being deleted says so, as in kubectl's table.
fn phase(pod: &Pod) -> String {
    let phase = format!("{:?}", pod.status.phase);
    if pod.metadata.is_terminating() { format!("{phase}, Terminating") } else { phase }
}

fn replicas([wanted, have, ready, available]: [i32; 4], lang: Lang) -> String {
    let args = [
        ("wanted", wanted.to_string()),
        ("have", have.to_string()),
        ("ready", ready.to_string()),
        ("available", available.to_string()),
    ];
    Explains::ReplicasText.fill(lang, &args)
}

fn conditions(all: &[crate::api::Condition]) -> String {
    let one = |condition: &crate::api::Condition| {
        let why = [condition.reason.as_str(), condition.message.as_str()];
        let why: Vec<&str> = why.into_iter().filter(|part| !part.is_empty()).collect();
        let healthy = condition.status == ConditionStatus::True || why.is_empty();
        let text = format!("{}={:?}", condition.kind, condition.status);
        if healthy { text } else { format!("{text} ({})", why.join(": ")) }
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn containers(pod: &Pod, lang: Lang) -> impl Iterator<Item = String> {
    pod.status.container_statuses.iter().map(move |status| {
        let args = [
            ("name", status.name.to_string()),
            ("state", container(&status.state, lang)),
            ("count", status.restart_count.to_string()),
        ];
        Explains::Restarts.fill(lang, &args)
    })
}

fn container(state: &ContainerState, lang: Lang) -> String {
    if let Some(waiting) = &state.waiting {
        return Explains::Waiting.fill(lang, &[("why", waiting.reason.as_str())]);
    }
    if let Some(ended) = &state.terminated {
        return Explains::Ended
            .fill(lang, &[("why", format!("{}, {}", ended.reason, ended.exit_code))]);
    }
    Explains::Running.text(lang).to_owned()
}

/// Why a pod is not ready, in Kubernetes' own words.
pub fn why_not_ready(pod: &Pod) -> String {
    let waiting =
        pod.status.container_statuses.iter().find_map(|status| status.state.waiting.as_ref());
    if let Some(waiting) = waiting {
        let message = if waiting.message.is_empty() {
            String::new()
        } else {
            format!(": {}", waiting.message)
        };
        return format!("{}, {}{message}", phase(pod), waiting.reason);
    }
    let condition = |kind: &str| {
        pod.status.conditions.get(kind).filter(|found| found.status != ConditionStatus::True)
    };
    let found = condition(&reasons::POD_SCHEDULED).or_else(|| condition(&reasons::READY));
    match found {
        Some(found) if !found.reason.is_empty() => {
            format!("{}, {}: {}", phase(pod), found.reason, found.message)
        }
        _ => phase(pod),
    }
}
