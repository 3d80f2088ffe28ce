//! A rolling update's next step: the new ReplicaSet grows as far as the surge allows, then the
//! old ones shrink as far as availability allows, unhealthy pods first.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/rolling.go.

use std::sync::Arc;

use crate::api::{Deployment, ReplicaSet};

use super::scale::Resize;
use super::util::{
    active, available_replica_count, by_creation, max_unavailable, new_rs_new_replicas,
    replica_count,
};

/// One step of the rollout: the sizes to change, in this order; none when it has to wait.
#[must_use]
pub fn step(
    deployment: &Deployment,
    new_rs: &Arc<ReplicaSet>,
    old: &[Arc<ReplicaSet>],
) -> Vec<Resize> {
    let all: Vec<Arc<ReplicaSet>> = old.iter().chain([new_rs]).cloned().collect();
    if let Some(resize) = reconcile_new(deployment, &all, new_rs) {
        return vec![resize];
    }
    reconcile_old(deployment, &all, &active(old), new_rs)
}

/// The new ReplicaSet's next size, when it is another one.
#[must_use]
pub fn reconcile_new(
    deployment: &Deployment,
    all: &[Arc<ReplicaSet>],
    new_rs: &ReplicaSet,
) -> Option<Resize> {
    let (have, want) = (new_rs.spec.replicas, deployment.spec.replicas);
    let size = if have > want { want } else { new_rs_new_replicas(deployment, all, new_rs) };
    Resize::of(new_rs, size)
}

/// The old ReplicaSets' next sizes (`old`: those with pods). Several steps may name one set.
#[must_use]
pub fn reconcile_old(
    deployment: &Deployment,
    all: &[Arc<ReplicaSet>],
    old: &[Arc<ReplicaSet>],
    new_rs: &ReplicaSet,
) -> Vec<Resize> {
    if replica_count(old) == 0 {
        return Vec::new();
    }
    let min_available = deployment.spec.replicas - max_unavailable(deployment);
    // New pods that are not available yet may still fail, so old ones must stand in for them.
    let new_unavailable = new_rs.spec.replicas - new_rs.status.available_replicas;
    let max_scaled_down = replica_count(all) - min_available - new_unavailable;
    if max_scaled_down <= 0 {
        return Vec::new();
    }
    let mut steps = cleanup_unhealthy(old, max_scaled_down);
    let mut left: Vec<Arc<ReplicaSet>> = old.to_vec();
    for resize in &steps {
        resize.apply(&mut left);
    }
    let available = available_replica_count(old) + new_rs.status.available_replicas;
    steps.extend(scale_down_old(deployment, &left, available));
    steps
}

/// Takes pods that are not available anyway from the old ReplicaSets, the oldest set first, at
/// most `max_cleanup` of them: they do nobody any good.
#[must_use]
pub fn cleanup_unhealthy(old: &[Arc<ReplicaSet>], max_cleanup: i32) -> Vec<Resize> {
    let mut sorted: Vec<&Arc<ReplicaSet>> = old.iter().collect();
    sorted.sort_by(|a, b| by_creation(a, b));
    let mut left = max_cleanup;
    let mut steps = Vec::new();
    for rs in sorted {
        let unhealthy = rs.spec.replicas - rs.status.available_replicas;
        let count = left.min(unhealthy);
        if count > 0 {
            left -= count;
            steps.extend(Resize::of(rs, rs.spec.replicas - count));
        }
    }
    steps
}

/// Takes as many pods from the old ReplicaSets as are available beyond the least number, the
/// oldest set first. `available` counts the pods of all ReplicaSets.
#[must_use]
pub fn scale_down_old(
    deployment: &Deployment,
    old: &[Arc<ReplicaSet>],
    available: i32,
) -> Vec<Resize> {
    let min_available = deployment.spec.replicas - max_unavailable(deployment);
    let mut sorted: Vec<&Arc<ReplicaSet>> = old.iter().collect();
    sorted.sort_by(|a, b| by_creation(a, b));
    let mut left = available - min_available;
    let mut steps = Vec::new();
    for rs in sorted {
        let count = left.min(rs.spec.replicas);
        if count > 0 {
            left -= count;
            steps.extend(Resize::of(rs, rs.spec.replicas - count));
        }
    }
    steps
}
