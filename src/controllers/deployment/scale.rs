//! A change of the number of replicas in the middle of a rollout: every ReplicaSet gets its share,
//! so that the risk is spread over old and new pods as it was before.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/sync.go (`scale`, `isScalingEvent`).

use std::sync::Arc;

use crate::api::{Deployment, ReplicaSet, Uid};

use super::util::{
    active, by_creation, by_size_newer, by_size_older, is_rolling_update, max_replicas,
    replica_count, replicas_annotations,
};

/// A ReplicaSet gets another size, or (`from == to`) only new annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resize {
    /// The ReplicaSet.
    pub uid: Uid,
    /// Its size.
    pub from: i32,
    /// Its next size.
    pub to: i32,
}

impl Resize {
    /// A change of size; none when it is the same.
    #[must_use]
    pub fn of(rs: &ReplicaSet, to: i32) -> Option<Resize> {
        let from = rs.spec.replicas;
        (from != to).then_some(Resize { uid: rs.metadata.uid, from, to })
    }

    /// Gives the ReplicaSet among `sets` its new size.
    pub fn apply(&self, sets: &mut [Arc<ReplicaSet>]) {
        for rs in sets.iter_mut().filter(|rs| rs.metadata.uid == self.uid) {
            Arc::make_mut(rs).spec.replicas = self.to;
        }
    }
}

/// Whether somebody changed the number of replicas since the ReplicaSets were last sized.
#[must_use]
pub fn is_scaling_event(deployment: &Deployment, all: &[Arc<ReplicaSet>]) -> bool {
    let resized = |rs: &Arc<ReplicaSet>| {
        replicas_annotations(rs).0.is_some_and(|desired| desired != deployment.spec.replicas)
    };
    all.iter().filter(|rs| rs.spec.replicas > 0).any(resized)
}

/// The sizes to change when the Deployment was scaled or is paused.
#[must_use]
pub fn scale(
    deployment: &Deployment,
    new_rs: Option<&Arc<ReplicaSet>>,
    old: &[Arc<ReplicaSet>],
) -> Vec<Resize> {
    if let Some(only) = active_or_latest(new_rs, old) {
        return Resize::of(&only, deployment.spec.replicas).into_iter().collect();
    }
    if new_rs.is_some_and(|rs| is_saturated(deployment, rs)) {
        return active(old).iter().filter_map(|rs| Resize::of(rs, 0)).collect();
    }
    if !is_rolling_update(deployment) {
        return Vec::new();
    }
    let all: Vec<Arc<ReplicaSet>> = old.iter().chain(new_rs).cloned().collect();
    proportionally(deployment, active(&all))
}

/// The one ReplicaSet that should have all replicas: the only active one, or the newest when
/// none is active; none when there are several.
#[must_use]
pub fn active_or_latest(
    new_rs: Option<&Arc<ReplicaSet>>,
    old: &[Arc<ReplicaSet>],
) -> Option<Arc<ReplicaSet>> {
    let mut with_pods = old.iter().chain(new_rs).filter(|rs| rs.spec.replicas > 0);
    match (with_pods.next(), with_pods.next()) {
        (None, _) => new_rs.or_else(|| old.iter().max_by(|a, b| by_creation(a, b))).cloned(),
        (Some(only), None) => Some(only.clone()),
        (Some(_), Some(_)) => None,
    }
}

/// Whether the new ReplicaSet has everything the Deployment wants, available.
#[must_use]
pub fn is_saturated(deployment: &Deployment, rs: &ReplicaSet) -> bool {
    let want = deployment.spec.replicas;
    let desired = replicas_annotations(rs).0;
    rs.spec.replicas == want && desired == Some(want) && rs.status.available_replicas == want
}

/// Shares what is to be added (or taken) among the active ReplicaSets, by size. Each of them gets
/// at least new annotations, since they are what the next share is computed from.
fn proportionally(deployment: &Deployment, mut sets: Vec<Arc<ReplicaSet>>) -> Vec<Resize> {
    let allowed = if deployment.spec.replicas > 0 { max_replicas(deployment) } else { 0 };
    let to_add = allowed.saturating_sub(replica_count(&sets));
    if to_add > 0 {
        sets.sort_by(|a, b| by_size_newer(a, b));
    } else if to_add < 0 {
        sets.sort_by(|a, b| by_size_older(a, b));
    }
    let mut added = 0;
    let mut steps: Vec<Resize> = Vec::with_capacity(sets.len());
    for rs in &sets {
        let share = proportion(deployment, rs, to_add, added);
        added += share;
        let from = rs.spec.replicas;
        steps.push(Resize { uid: rs.metadata.uid, from, to: from + share });
    }
    // What rounding left over goes to (or comes from) the largest.
    if let Some(largest) = steps.first_mut().filter(|_| to_add != 0) {
        largest.to = (largest.to + to_add - added).max(0);
    }
    steps
}

/// The share of one ReplicaSet in `to_add`, when others already have `added` of it.
#[must_use]
pub fn proportion(deployment: &Deployment, rs: &ReplicaSet, to_add: i32, added: i32) -> i32 {
    if rs.spec.replicas == 0 || to_add == 0 || to_add == added {
        return 0;
    }
    let share = fraction(deployment, rs);
    let rest = to_add - added;
    if to_add > 0 { share.min(rest) } else { share.max(rest) }
}

/// By how much the ReplicaSet would grow (or shrink) if it kept its part of the whole.
#[must_use]
pub fn fraction(deployment: &Deployment, rs: &ReplicaSet) -> i32 {
    let size = rs.spec.replicas;
    if deployment.spec.replicas == 0 {
        return -size;
    }
    let before = match replicas_annotations(rs).1 {
        Some(max) if max != 0 => max,
        Some(_) | None => deployment.status.replicas,
    };
    if before == 0 {
        return 0;
    }
    let scaled = i64::from(size) * i64::from(max_replicas(deployment));
    let rounded = rounded_quotient(scaled, i64::from(before));
    i32::try_from(rounded).unwrap_or(i32::MAX) - size
}

/// `value / by`, halves away from zero (as Go's `math.Round` does), in whole numbers.
fn rounded_quotient(value: i64, by: i64) -> i64 {
    let sign = value.signum() * by.signum();
    let (value, by) = (value.unsigned_abs(), by.unsigned_abs());
    let rounded = (value.saturating_mul(2).saturating_add(by)) / by.saturating_mul(2);
    sign * i64::try_from(rounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (value, by, want) in [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (0, 7, 0), (15, 10, 2)] {
            assert_eq!(rounded_quotient(value, by), want, "{value}/{by}");
        }
    }
}
