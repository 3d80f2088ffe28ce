//! Revisions: which ReplicaSet stands for which rollout, and how many old ones are kept.
//!
//! `kubectl rollout undo` is a patch of the template back to an older one. The old ReplicaSet of
//! that template is found again and gets a *new* revision number; the one it had is remembered.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/util/deployment_util.go and sync.go.

use std::sync::Arc;

use crate::api::reasons::ANNOTATION_REVISION;
use crate::api::{Deployment, Labels, ReplicaSet, Str};

use super::util::{
    ANNOTATION_DESIRED_REPLICAS, ANNOTATION_MAX_REPLICAS, by_creation, max_replicas,
    set_replicas_annotations,
};

/// Annotation: the revisions a ReplicaSet had before it was rolled back to.
pub const ANNOTATION_REVISION_HISTORY: Str =
    arcstr::literal!("deployment.kubernetes.io/revision-history");
/// Annotation: what `kubectl apply` applied last.
pub const ANNOTATION_LAST_APPLIED: Str =
    arcstr::literal!("kubectl.kubernetes.io/last-applied-configuration");
/// Longest list of old revisions, in characters; the oldest are forgotten first.
const REVISION_HISTORY_CHARS_MAX: usize = 2000;

/// Annotations of the Deployment that are its own and not copied to its ReplicaSets.
const NOT_COPIED: [Str; 5] = [
    ANNOTATION_LAST_APPLIED,
    ANNOTATION_REVISION,
    ANNOTATION_REVISION_HISTORY,
    ANNOTATION_DESIRED_REPLICAS,
    ANNOTATION_MAX_REPLICAS,
];

/// The revision in the annotations; 0 when there is none.
#[must_use]
pub fn revision(annotations: &Labels) -> i64 {
    annotations.get(&ANNOTATION_REVISION).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The greatest revision.
#[must_use]
pub fn max_revision(sets: &[Arc<ReplicaSet>]) -> i64 {
    sets.iter().map(|rs| revision(&rs.metadata.annotations)).max().unwrap_or(0)
}

/// Brings the new ReplicaSet's annotations up to date: the Deployment's own, the revision, and
/// on a set that is about to be made (`exists` is false) its wanted sizes. Whether any changed.
pub fn set_new_annotations(
    deployment: &Deployment,
    rs: &mut ReplicaSet,
    new_revision: i64,
    exists: bool,
) -> bool {
    let before = rs.metadata.annotations.clone();
    for (key, value) in deployment.metadata.annotations.iter() {
        if !NOT_COPIED.contains(key) && rs.metadata.annotations.get(key) != Some(value) {
            rs.metadata.annotations = rs.metadata.annotations.with(key.clone(), value.clone());
        }
    }
    let known = before.get(&ANNOTATION_REVISION);
    if revision(&before) < new_revision {
        let mut annotations = rs.metadata.annotations.clone();
        if let Some(known) = known {
            annotations = remember(&annotations, known);
        }
        rs.metadata.annotations = annotations.with(ANNOTATION_REVISION, new_revision.to_string());
    }
    if !exists {
        let sizes = (deployment.spec.replicas, max_replicas(deployment));
        set_replicas_annotations(rs, sizes.0, sizes.1);
    }
    rs.metadata.annotations != before
}

/// Adds `known` to the list of old revisions.
fn remember(annotations: &Labels, known: &str) -> Labels {
    let history = annotations.get(&ANNOTATION_REVISION_HISTORY).map_or("", Str::as_str);
    let mut list = if history.is_empty() { known.to_owned() } else { format!("{history},{known}") };
    while list.len() > REVISION_HISTORY_CHARS_MAX {
        match list.split_once(',') {
            Some((_, newer)) => list = newer.to_owned(),
            None => return annotations.clone(),
        }
    }
    annotations.with(ANNOTATION_REVISION_HISTORY, list)
}

/// The old ReplicaSets that are too many for the history: the lowest revisions first, and never
/// one that has pods, is not fully reported, or is being deleted.
#[must_use]
pub fn superfluous(deployment: &Deployment, old: &[Arc<ReplicaSet>]) -> Vec<Arc<ReplicaSet>> {
    let limit = deployment.spec.revision_history_limit;
    let mut alive: Vec<&Arc<ReplicaSet>> =
        old.iter().filter(|rs| !rs.metadata.is_terminating()).collect();
    let excess = match (usize::try_from(limit), limit == i32::MAX) {
        (Ok(limit), false) => alive.len().saturating_sub(limit),
        (Ok(_), true) | (Err(_), _) => 0,
    };
    alive.sort_by(|a, b| {
        let of = |rs: &ReplicaSet| revision(&rs.metadata.annotations);
        of(a).cmp(&of(b)).then_with(|| by_creation(a, b))
    });
    let empty = |rs: &&Arc<ReplicaSet>| {
        rs.status.replicas == 0
            && rs.spec.replicas == 0
            && rs.metadata.generation <= rs.status.observed_generation
    };
    alive.into_iter().take(excess).filter(empty).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_gives_a_new_revision_and_remembers_the_old_one() {
        let deployment = Deployment::default();
        let mut rs = ReplicaSet::default();
        assert!(set_new_annotations(&deployment, &mut rs, 1, true));
        assert!(!set_new_annotations(&deployment, &mut rs, 1, true));
        assert!(set_new_annotations(&deployment, &mut rs, 3, true));
        assert!(set_new_annotations(&deployment, &mut rs, 5, true));
        assert_eq!(revision(&rs.metadata.annotations), 5);
        let history = rs.metadata.annotations.get(&ANNOTATION_REVISION_HISTORY);
        assert_eq!(history.map(Str::as_str), Some("1,3"));
    }

    #[test]
    fn annotations_of_the_deployment_reach_the_replica_set_but_not_its_own_books() {
        let mut deployment = Deployment::default();
        deployment.metadata.annotations = Labels::from_iter([
            (arcstr::literal!("kubernetes.io/change-cause"), arcstr::literal!("new image")),
            (ANNOTATION_LAST_APPLIED, arcstr::literal!("{}")),
        ]);
        let mut rs = ReplicaSet::default();
        assert!(set_new_annotations(&deployment, &mut rs, 1, false));
        assert_eq!(rs.metadata.annotations.len(), 4); // cause, revision, desired, max
    }
}
