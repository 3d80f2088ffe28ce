//! What a ReplicaSet reports: how many pods there are, and the condition ReplicaFailure.
//!
//! Source: kubernetes/kubernetes:pkg/controller/replicaset/replica_set_utils.go.

use std::sync::Arc;

use crate::api::reasons::{READY, REPLICA_FAILURE};
use crate::api::workload::ReplicaSetStatus;
use crate::api::{Condition, Pod, ReplicaSet, Str, Time};
use crate::kernel::Span;

/// Whether a ready pod has been so for `min_ready_seconds`.
#[must_use]
pub fn is_available(pod: &Pod, min_ready_seconds: i32, now: Time) -> bool {
    available_in(pod, min_ready_seconds, now) == Some(Span::ZERO)
}

/// When a ready pod becomes available; none when it is not ready.
#[must_use]
pub fn available_in(pod: &Pod, min_ready_seconds: i32, now: Time) -> Option<Span> {
    if !pod.is_ready() {
        return None;
    }
    let least = Span::secs(u64::try_from(min_ready_seconds).unwrap_or(0));
    if least.is_zero() {
        return Some(Span::ZERO);
    }
    let ready = pod.status.conditions.get(&READY)?;
    Some(least.saturating_sub(now.0.since(ready.last_transition_time?.0)))
}

/// The counts over the active pods. `failure` is what went wrong with making or deleting pods.
#[must_use]
pub fn calculate(
    rs: &ReplicaSet,
    active: &[Arc<Pod>],
    failure: Option<Str>,
    now: Time,
) -> ReplicaSetStatus {
    let labels = &rs.spec.template.metadata.labels;
    let mut status = ReplicaSetStatus {
        replicas: i32::try_from(active.len()).unwrap_or(i32::MAX),
        fully_labeled_replicas: 0,
        ready_replicas: 0,
        available_replicas: 0,
        observed_generation: rs.metadata.generation,
        conditions: rs.status.conditions.clone(),
    };
    // One walk for all counts: a look at a pod costs more than what is counted of it.
    for pod in active {
        let least = rs.spec.min_ready_seconds;
        let ready = pod.is_ready();
        let available = ready && (least <= 0 || is_available(pod, least, now));
        status.fully_labeled_replicas += i32::from(pod.metadata.labels.contains_all(labels));
        status.ready_replicas += i32::from(ready);
        status.available_replicas += i32::from(available);
    }
    match failure {
        None => {
            status.conditions.remove(&REPLICA_FAILURE);
        }
        Some(_) if status.conditions.get(&REPLICA_FAILURE).is_some() => {}
        Some(message) => {
            let too_few = status.replicas < rs.spec.replicas;
            let reason = if too_few { FAILED_CREATE } else { FAILED_DELETE };
            let condition = Condition::new(REPLICA_FAILURE, true, reason, message);
            status.conditions.set(condition, now);
        }
    }
    status
}

/// Reason: pods could not be made.
pub const FAILED_CREATE: Str = arcstr::literal!("FailedCreate");
/// Reason: pods could not be deleted.
pub const FAILED_DELETE: Str = arcstr::literal!("FailedDelete");
