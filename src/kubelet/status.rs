//! What is reported of a pod: conditions, phase, containers.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/{kubelet_pods.go,status/generate.go}.

use crate::api::conditions::{Condition, Conditions};
use crate::api::pod::{ContainerState, ContainerStatus, PodStatus, QosClass};
use crate::api::{Container, Pod, PodPhase, PodSpec, ResourceList, Str, Time, reasons};

use super::phase::is_sidecar;
use super::words::go_list;

/// Reason of a condition: containers are not ready.
const CONTAINERS_NOT_READY: Str = arcstr::literal!("ContainersNotReady");
/// Reason of a condition: init containers have not ended well yet.
const CONTAINERS_NOT_INITIALIZED: Str = arcstr::literal!("ContainersNotInitialized");
/// Reason of a condition: everything ended well.
const POD_COMPLETED: Str = arcstr::literal!("PodCompleted");
/// Reason of a condition: the pod failed.
const POD_FAILED: Str = arcstr::literal!("PodFailed");

/// The conditions that the kubelet writes; all others belong to others.
pub(super) const OWN_CONDITIONS: [Str; 5] = [
    reasons::POD_READY_TO_START_CONTAINERS,
    reasons::INITIALIZED,
    reasons::READY,
    reasons::CONTAINERS_READY,
    reasons::POD_SCHEDULED,
];

/// Sets the kubelet's conditions for the containers and the phase in `status`.
pub(super) fn set_conditions(pod: &Pod, status: &mut PodStatus, sandbox: bool, now: Time) {
    let mut conditions = std::mem::take(&mut status.conditions);
    let (reason, message) = (Str::new(), Str::new());
    let plain = |kind, holds: bool| Condition::new(kind, holds, reason.clone(), message.clone());
    conditions.set(plain(reasons::POD_READY_TO_START_CONTAINERS, sandbox), now);
    conditions.set(initialized(&pod.spec, status), now);
    let ready = containers_ready(&pod.spec, status);
    conditions.set(Condition { kind: reasons::READY, ..ready.clone() }, now);
    conditions.set(ready, now);
    if !conditions.is_true(&reasons::POD_SCHEDULED) {
        conditions.set(plain(reasons::POD_SCHEDULED, true), now);
    }
    status.conditions = conditions;
}

/// The conditions of `status` that the kubelet writes.
pub(super) fn own_conditions(conditions: &Conditions) -> Conditions {
    let own = conditions.0.iter().filter(|known| OWN_CONDITIONS.contains(&known.kind));
    Conditions(own.cloned().collect())
}

fn find<'s>(statuses: &'s [ContainerStatus], container: &Container) -> Option<&'s ContainerStatus> {
    statuses.iter().find(|status| status.name == container.name)
}

fn failing(kind: Str, reason: Str, unknown: &[&str], bad: (&str, &[&str])) -> Condition {
    let mut parts = Vec::new();
    if !unknown.is_empty() {
        parts.push(format!("containers with unknown status: {}", go_list(unknown)));
    }
    if !bad.1.is_empty() {
        parts.push(format!("containers with {} status: {}", bad.0, go_list(bad.1)));
    }
    Condition::new(kind, false, reason, Str::from(parts.join(", ")))
}

fn containers_ready(spec: &PodSpec, status: &PodStatus) -> Condition {
    let kind = reasons::CONTAINERS_READY;
    let (mut unknown, mut unready) = (Vec::new(), Vec::new());
    let mut look = |container: &'_ Container, found: Option<&ContainerStatus>| match found {
        None => unknown.push(container.name.clone()),
        Some(found) if !found.ready => unready.push(container.name.clone()),
        Some(_) => {}
    };
    for container in spec.init_containers.iter().filter(|own| is_sidecar(own)) {
        look(container, find(&status.init_container_statuses, container));
    }
    for container in &*spec.containers {
        look(container, find(&status.container_statuses, container));
    }
    match status.phase {
        PodPhase::Succeeded if unknown.is_empty() => {
            Condition::new(kind, false, POD_COMPLETED, Str::new())
        }
        PodPhase::Failed => Condition::new(kind, false, POD_FAILED, Str::new()),
        PodPhase::Pending | PodPhase::Running | PodPhase::Succeeded | PodPhase::Unknown => {
            if unknown.is_empty() && unready.is_empty() {
                return Condition::new(kind, true, Str::new(), Str::new());
            }
            let (unknown, unready) = (texts(&unknown), texts(&unready));
            failing(kind, CONTAINERS_NOT_READY, &unknown, ("unready", &unready))
        }
    }
}

fn texts(names: &[Str]) -> Vec<&str> {
    names.iter().map(Str::as_str).collect()
}

fn initialized(spec: &PodSpec, status: &PodStatus) -> Condition {
    let kind = reasons::INITIALIZED;
    let (mut unknown, mut incomplete) = (Vec::new(), Vec::new());
    for container in &*spec.init_containers {
        match find(&status.init_container_statuses, container) {
            None => unknown.push(container.name.as_str()),
            Some(found) => {
                let done =
                    if is_sidecar(container) { found.started == Some(true) } else { found.ready };
                if !done {
                    incomplete.push(container.name.as_str());
                }
            }
        }
    }
    if status.phase == PodPhase::Succeeded && unknown.is_empty() {
        return Condition::new(kind, true, POD_COMPLETED, Str::new());
    }
    let good = unknown.is_empty() && incomplete.is_empty();
    if good || super::phase::has_started(status) {
        return Condition::new(kind, true, Str::new(), Str::new());
    }
    failing(kind, CONTAINERS_NOT_INITIALIZED, &unknown, ("incomplete", &incomplete))
}

/// Whether an init container has ended well.
pub(super) fn ended_well(state: &ContainerState) -> bool {
    state.terminated.as_ref().is_some_and(|end| end.exit_code == 0)
}

/// The quality-of-service class of a pod.
///
/// Source: kubernetes/kubernetes:pkg/apis/core/v1/helper/qos/qos.go.
pub(super) fn qos_class(spec: &PodSpec) -> QosClass {
    let counted = [reasons::CPU, reasons::MEMORY];
    let given =
        |list: &ResourceList, name: &Str| list.get(name).copied().filter(|own| own.nano > 0);
    let (mut any, mut guaranteed) = (false, true);
    for container in spec.init_containers.iter().chain(&*spec.containers) {
        for name in &counted {
            let request = given(&container.resources.requests, name);
            let limit = given(&container.resources.limits, name);
            any |= request.is_some() || limit.is_some();
            guaranteed &= limit.is_some() && request.is_none_or(|own| Some(own) == limit);
        }
    }
    match (any, guaranteed) {
        (false, _) => QosClass::BestEffort,
        (true, true) => QosClass::Guaranteed,
        (true, false) => QosClass::Burstable,
    }
}
