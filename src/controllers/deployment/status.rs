//! What a Deployment reports: counts over its ReplicaSets, and the conditions Available,
//! Progressing and ReplicaFailure with Kubernetes' own reasons and sentences.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/{sync,progress}.go and
//! util/deployment_util.go.

use std::sync::Arc;

use crate::api::reasons::{AVAILABLE, PROGRESSING, REPLICA_FAILURE};
use crate::api::workload::DeploymentStatus;
use crate::api::{Condition, ConditionStatus, Conditions, Deployment, ReplicaSet, Str, Time};
use crate::kernel::Span;

use super::util::{
    actual_replica_count, available_replica_count, max_unavailable, ready_replica_count,
    replica_count,
};

/// Reasons of the condition Progressing.
pub mod reason {
    use crate::api::Str;

    /// A new ReplicaSet was made.
    pub const NEW_REPLICA_SET: Str = arcstr::literal!("NewReplicaSetCreated");
    /// The ReplicaSet of the template was there already.
    pub const FOUND_NEW_REPLICA_SET: Str = arcstr::literal!("FoundNewReplicaSet");
    /// The rollout moves on.
    pub const REPLICA_SET_UPDATED: Str = arcstr::literal!("ReplicaSetUpdated");
    /// The rollout is complete.
    pub const NEW_REPLICA_SET_AVAILABLE: Str = arcstr::literal!("NewReplicaSetAvailable");
    /// The new ReplicaSet could not be made.
    pub const FAILED_CREATE: Str = arcstr::literal!("ReplicaSetCreateError");
    /// No progress for too long.
    pub const TIMED_OUT: Str = arcstr::literal!("ProgressDeadlineExceeded");
    /// Somebody paused it.
    pub const PAUSED: Str = arcstr::literal!("DeploymentPaused");
    /// Somebody resumed it.
    pub const RESUMED: Str = arcstr::literal!("DeploymentResumed");
    /// Available: enough pods.
    pub const MINIMUM_AVAILABLE: Str = arcstr::literal!("MinimumReplicasAvailable");
    /// Available: not enough pods.
    pub const MINIMUM_UNAVAILABLE: Str = arcstr::literal!("MinimumReplicasUnavailable");
}

/// A condition that was updated at `now`.
#[must_use]
pub fn condition(
    kind: Str,
    status: ConditionStatus,
    (reason, message): (Str, Str),
    now: Time,
) -> Condition {
    let times = (Some(now), Some(now));
    let mut condition = Condition::new(kind, status, reason, message);
    (condition.last_transition_time, condition.last_heartbeat_time) = times;
    condition
}

/// Puts `condition` among `conditions`, unless it says the same as the present one (status and
/// reason): then nothing changes, not even the message or the update time.
pub fn set_condition(conditions: &mut Conditions, mut condition: Condition) {
    let known = conditions.get(&condition.kind).filter(|known| known.status == condition.status);
    if let Some(known) = known {
        if known.reason == condition.reason {
            return;
        }
        condition.last_transition_time = known.last_transition_time;
    }
    conditions.remove(&condition.kind);
    conditions.0.push(condition);
}

/// Whether the Deployment has a deadline for progress; the greatest number means none.
#[must_use]
pub fn has_progress_deadline(deployment: &Deployment) -> bool {
    deployment.spec.progress_deadline_seconds != i32::MAX
}

/// Counts, and the condition Available; the other conditions stay as they are.
#[must_use]
pub fn calculate(
    deployment: &Deployment,
    all: &[Arc<ReplicaSet>],
    new_rs: Option<&Arc<ReplicaSet>>,
    now: Time,
) -> DeploymentStatus {
    let available = available_replica_count(all);
    let mut status = DeploymentStatus {
        observed_generation: deployment.metadata.generation,
        replicas: actual_replica_count(all),
        updated_replicas: new_rs.map_or(0, |rs| rs.status.replicas),
        ready_replicas: ready_replica_count(all),
        available_replicas: available,
        unavailable_replicas: (replica_count(all) - available).max(0),
        conditions: deployment.status.conditions.clone(),
        collision_count: deployment.status.collision_count,
    };
    let enough = available >= deployment.spec.replicas - max_unavailable(deployment);
    let why = if enough {
        let message = arcstr::literal!("Deployment has minimum availability.");
        (reason::MINIMUM_AVAILABLE, message)
    } else {
        let message = arcstr::literal!("Deployment does not have minimum availability.");
        (reason::MINIMUM_UNAVAILABLE, message)
    };
    set_condition(&mut status.conditions, condition(AVAILABLE, enough.into(), why, now));
    status
}

/// The status during a rollout: [`calculate`], and how the rollout goes.
#[must_use]
pub fn rollout(
    deployment: &Deployment,
    all: &[Arc<ReplicaSet>],
    new_rs: Option<&Arc<ReplicaSet>>,
    now: Time,
) -> DeploymentStatus {
    let mut status = calculate(deployment, all, new_rs, now);
    let current = deployment.status.conditions.get(&PROGRESSING);
    let completed_before = status.replicas == status.updated_replicas
        && current.is_some_and(|known| known.reason == reason::NEW_REPLICA_SET_AVAILABLE);
    if !has_progress_deadline(deployment) {
        status.conditions.remove(&PROGRESSING);
    } else if !completed_before && let Some(progress) = progress(deployment, &status, new_rs, now) {
        if progress.reason == reason::REPLICA_SET_UPDATED {
            // Progress counts even when the condition already said so: the deadline is measured
            // from its update time.
            replace_progressing(&mut status.conditions, progress, current);
        } else {
            set_condition(&mut status.conditions, progress);
        }
    }
    match replica_failure(all, new_rs) {
        Some(failure) => set_condition(&mut status.conditions, failure),
        None => {
            status.conditions.remove(&REPLICA_FAILURE);
        }
    }
    status
}

/// The condition that the rollout deserves now; none when nothing can be said.
fn progress(
    deployment: &Deployment,
    status: &DeploymentStatus,
    new_rs: Option<&Arc<ReplicaSet>>,
    now: Time,
) -> Option<Condition> {
    let subject = || match new_rs {
        Some(rs) => format!("ReplicaSet \"{}\"", rs.metadata.name),
        None => format!("Deployment \"{}\"", deployment.metadata.name),
    };
    let (holds, reason, rest) = if is_complete(deployment, status) {
        (true, reason::NEW_REPLICA_SET_AVAILABLE, "has successfully progressed.")
    } else if is_progressing(&deployment.status, status) {
        (true, reason::REPLICA_SET_UPDATED, "is progressing.")
    } else if is_timed_out(deployment, status, now) {
        (false, reason::TIMED_OUT, "has timed out progressing.")
    } else {
        return None;
    };
    let known = status.conditions.get(&PROGRESSING);
    if known.is_some_and(|known| known.reason == reason && reason != reason::REPLICA_SET_UPDATED) {
        return None; // It would change nothing, so its sentence need not be made.
    }
    let message = format!("{} {rest}", subject()).into();
    Some(condition(PROGRESSING, holds.into(), (reason, message), now))
}

fn replace_progressing(to: &mut Conditions, mut new: Condition, current: Option<&Condition>) {
    if let Some(current) = current.filter(|known| known.status == ConditionStatus::True) {
        new.last_transition_time = current.last_transition_time;
    }
    to.remove(&PROGRESSING);
    to.0.push(new);
}

/// Whether every wanted pod is of the new template and available, and no old one is left.
#[must_use]
pub fn is_complete(deployment: &Deployment, status: &DeploymentStatus) -> bool {
    let want = deployment.spec.replicas;
    status.updated_replicas == want
        && status.replicas == want
        && status.available_replicas == want
        && status.observed_generation >= deployment.metadata.generation
}

/// Whether the rollout moved between two statuses: more new pods, fewer old ones, more that are
/// ready or available.
#[must_use]
pub fn is_progressing(old: &DeploymentStatus, new: &DeploymentStatus) -> bool {
    new.updated_replicas > old.updated_replicas
        || new.replicas - new.updated_replicas < old.replicas - old.updated_replicas
        || new.ready_replicas > old.ready_replicas
        || new.available_replicas > old.available_replicas
}

/// Whether nothing has moved for longer than the deadline.
#[must_use]
pub fn is_timed_out(deployment: &Deployment, status: &DeploymentStatus, now: Time) -> bool {
    let Some(known) = status.conditions.get(&PROGRESSING) else { return false };
    if !has_progress_deadline(deployment) || known.reason == reason::NEW_REPLICA_SET_AVAILABLE {
        return false;
    }
    let since = now.0.since(known.last_heartbeat_time.unwrap_or_default().0);
    known.reason == reason::TIMED_OUT || since > deadline(deployment)
}

/// After how long a rollout that waits must be looked at again, to see whether it is stuck.
#[must_use]
pub fn requeue_after(deployment: &Deployment, now: Time) -> Option<Span> {
    let status = &deployment.status;
    let known = status.conditions.get(&PROGRESSING)?;
    let settled = is_complete(deployment, status) || known.reason == reason::TIMED_OUT;
    if !has_progress_deadline(deployment) || settled {
        return None;
    }
    let since = now.0.since(known.last_heartbeat_time.unwrap_or_default().0);
    // A second more, so that the deadline has certainly passed by then.
    Some(deadline(deployment).saturating_sub(since) + Span::secs(1))
}

fn deadline(deployment: &Deployment) -> Span {
    let seconds = u64::try_from(deployment.spec.progress_deadline_seconds).unwrap_or(0);
    Span::secs(seconds)
}

/// The failure of the new ReplicaSet, or else of an old one.
fn replica_failure(all: &[Arc<ReplicaSet>], new_rs: Option<&Arc<ReplicaSet>>) -> Option<Condition> {
    let of = |rs: &Arc<ReplicaSet>| rs.status.conditions.get(&REPLICA_FAILURE).cloned();
    new_rs.and_then(of).or_else(|| all.iter().find_map(of))
}
