//! What the rollout rules share: bounds of a rolling update, sums over ReplicaSets, their orders,
//! and what the annotations on a ReplicaSet remember.
//!
//! Everything here takes plain values, so that the conformance cases run through it unchanged.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/util/deployment_util.go and
//! pkg/controller/controller_utils.go.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use crate::api::workload::{RollingUpdate, StrategyType};
use crate::api::{Deployment, IntOrString, ReplicaSet, Str};

/// Annotation: how many replicas the Deployment wanted when it last sized this ReplicaSet.
pub const ANNOTATION_DESIRED_REPLICAS: Str =
    arcstr::literal!("deployment.kubernetes.io/desired-replicas");
/// Annotation: how many pods the Deployment allowed in all (with the surge) at that moment.
pub const ANNOTATION_MAX_REPLICAS: Str = arcstr::literal!("deployment.kubernetes.io/max-replicas");

/// Resolves the two bounds of a rolling update for `desired` replicas: `(surge, unavailable)`.
///
/// The surge rounds up and the other down; when both come to nothing, one pod may be missing,
/// or else the rollout could never move.
///
/// Errors: a text that is no percentage.
pub fn resolve_fenceposts(
    max_surge: Option<&IntOrString>,
    max_unavailable: Option<&IntOrString>,
    desired: i32,
) -> Result<(i32, i32), String> {
    let scaled = |bound: Option<&IntOrString>, up| bound.map_or(Ok(0), |b| b.scaled(desired, up));
    let surge = scaled(max_surge, true)?;
    let unavailable = scaled(max_unavailable, false)?;
    let stuck = surge == 0 && unavailable == 0;
    Ok((surge, if stuck { 1 } else { unavailable }))
}

/// The bounds of this Deployment; validation has refused texts that are no percentage, so an
/// error counts as no room at all.
fn fenceposts(deployment: &Deployment) -> (i32, i32) {
    let defaults = RollingUpdate::default();
    let bounds = deployment.spec.strategy.rolling_update.as_ref().unwrap_or(&defaults);
    let (surge, unavailable) = (Some(&bounds.max_surge), Some(&bounds.max_unavailable));
    resolve_fenceposts(surge, unavailable, deployment.spec.replicas).unwrap_or((0, 0))
}

/// Whether old pods give way a few at a time.
#[must_use]
pub fn is_rolling_update(deployment: &Deployment) -> bool {
    deployment.spec.strategy.kind == StrategyType::RollingUpdate
}

/// How many pods may be too many during a rollout.
#[must_use]
pub fn max_surge(deployment: &Deployment) -> i32 {
    if is_rolling_update(deployment) { fenceposts(deployment).0 } else { 0 }
}

/// How many pods may be missing during a rollout; never more than are wanted.
#[must_use]
pub fn max_unavailable(deployment: &Deployment) -> i32 {
    if !is_rolling_update(deployment) || deployment.spec.replicas == 0 {
        return 0;
    }
    fenceposts(deployment).1.min(deployment.spec.replicas)
}

/// How many pods must be available during a rollout.
#[must_use]
pub fn min_available(deployment: &Deployment) -> i32 {
    if !is_rolling_update(deployment) {
        return 0;
    }
    deployment.spec.replicas - max_unavailable(deployment)
}

/// How many pods there may be in all.
#[must_use]
pub fn max_replicas(deployment: &Deployment) -> i32 {
    deployment.spec.replicas.saturating_add(max_surge(deployment))
}

/// How large the new ReplicaSet may be now, beside all (`all` includes it).
#[must_use]
pub fn new_rs_new_replicas(
    deployment: &Deployment,
    all: &[Arc<ReplicaSet>],
    new_rs: &ReplicaSet,
) -> i32 {
    if !is_rolling_update(deployment) {
        return deployment.spec.replicas;
    }
    let room = max_replicas(deployment).saturating_sub(replica_count(all));
    if room <= 0 {
        return new_rs.spec.replicas;
    }
    new_rs.spec.replicas + room.min(deployment.spec.replicas - new_rs.spec.replicas)
}

/// The sum of the sizes that the ReplicaSets should have.
#[must_use]
pub fn replica_count(sets: &[Arc<ReplicaSet>]) -> i32 {
    sum(sets, |rs| rs.spec.replicas)
}

/// The sum of the pods that exist.
#[must_use]
pub fn actual_replica_count(sets: &[Arc<ReplicaSet>]) -> i32 {
    sum(sets, |rs| rs.status.replicas)
}

/// The sum of the pods that are ready.
#[must_use]
pub fn ready_replica_count(sets: &[Arc<ReplicaSet>]) -> i32 {
    sum(sets, |rs| rs.status.ready_replicas)
}

/// The sum of the pods that are available.
#[must_use]
pub fn available_replica_count(sets: &[Arc<ReplicaSet>]) -> i32 {
    sum(sets, |rs| rs.status.available_replicas)
}

fn sum(sets: &[Arc<ReplicaSet>], of: impl Fn(&ReplicaSet) -> i32) -> i32 {
    sets.iter().fold(0, |sum: i32, rs| sum.saturating_add(of(rs)))
}

/// Those that should have pods.
#[must_use]
pub fn active(sets: &[Arc<ReplicaSet>]) -> Vec<Arc<ReplicaSet>> {
    sets.iter().filter(|rs| rs.spec.replicas > 0).cloned().collect()
}

/// Older first; equally old ones by name.
#[must_use]
pub fn by_creation(a: &ReplicaSet, b: &ReplicaSet) -> Ordering {
    let of = |rs: &ReplicaSet| rs.metadata.creation_timestamp;
    of(a).cmp(&of(b)).then_with(|| a.metadata.name.cmp(&b.metadata.name))
}

/// Larger first; equally large ones older first.
#[must_use]
pub fn by_size_older(a: &ReplicaSet, b: &ReplicaSet) -> Ordering {
    Reverse(a.spec.replicas).cmp(&Reverse(b.spec.replicas)).then_with(|| by_creation(a, b))
}

/// Larger first; equally large ones newer first.
#[must_use]
pub fn by_size_newer(a: &ReplicaSet, b: &ReplicaSet) -> Ordering {
    Reverse(a.spec.replicas).cmp(&Reverse(b.spec.replicas)).then_with(|| by_creation(b, a))
}

/// What the annotations of a ReplicaSet remember: `(desired, max)`, each if it can be read.
#[must_use]
pub fn replicas_annotations(rs: &ReplicaSet) -> (Option<i32>, Option<i32>) {
    let read = |key: &str| rs.metadata.annotations.get(key).and_then(|text| text.parse().ok());
    (read(&ANNOTATION_DESIRED_REPLICAS), read(&ANNOTATION_MAX_REPLICAS))
}

/// Whether those annotations say something else than `desired` and `max`.
#[must_use]
pub fn replicas_annotations_need_update(rs: &ReplicaSet, desired: i32, max: i32) -> bool {
    replicas_annotations(rs) != (Some(desired), Some(max))
}

/// Writes them; whether anything changed.
pub fn set_replicas_annotations(rs: &mut ReplicaSet, desired: i32, max: i32) -> bool {
    let changed = replicas_annotations_need_update(rs, desired, max);
    if changed {
        rs.metadata.annotations = rs
            .metadata
            .annotations
            .with(ANNOTATION_DESIRED_REPLICAS, desired.to_string())
            .with(ANNOTATION_MAX_REPLICAS, max.to_string());
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollout_may_always_move_by_one_pod() {
        assert_eq!(resolve_fenceposts(None, None, 4), Ok((0, 1)));
        let tenth = IntOrString::String("10%".into());
        assert_eq!(resolve_fenceposts(None, Some(&tenth), 4), Ok((0, 1)));
        assert_eq!(resolve_fenceposts(Some(&tenth), Some(&tenth), 4), Ok((1, 0)));
    }

    #[test]
    fn no_more_pods_may_miss_than_are_wanted() {
        let mut deployment = Deployment::default();
        deployment.spec.replicas = 3;
        let bounds =
            RollingUpdate { max_surge: IntOrString::Int(0), max_unavailable: IntOrString::Int(9) };
        deployment.spec.strategy.rolling_update = Some(bounds);
        assert_eq!((max_unavailable(&deployment), min_available(&deployment)), (3, 0));
        deployment.spec.strategy.kind = StrategyType::Recreate;
        assert_eq!((max_unavailable(&deployment), max_surge(&deployment)), (0, 0));
    }
}
