//! Deployment controller: rolls ReplicaSets forward and back, within the bounds of the strategy.
//!
//! A Deployment never touches pods. It makes one ReplicaSet per template and changes sizes: the
//! new one's up, the old ones' down, one step per look; each ReplicaSet makes and deletes its pods
//! by itself and reports, and the report brings the next look.
//!
//! Soft state: none.
//!
//! | file | what lives there |
//! |---|---|
//! | `sync` | one look, step by step, each write after the answer to the one before |
//! | `revision` | finding or making the ReplicaSet of the template |
//! | `template` | the hash of a template, and which ReplicaSet has it |
//! | `rolling` `recreate` | the two strategies |
//! | `scale` | a change of the number of replicas in the middle of a rollout |
//! | `status` | counts, conditions, the progress deadline |
//! | `history` | revision numbers, and which old ReplicaSets are kept |
//! | `util` | bounds, sums, orders |
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/deployment_controller.go.

pub mod history;
pub mod recreate;
mod revision;
pub mod rolling;
pub mod scale;
pub mod status;
mod sync;
pub mod template;
pub mod util;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::api::workload::StrategyType;
use crate::api::{Deployment, Kind, ObjectKey, Pod, ReplicaSet, Resource};

use super::caches::Change;
use super::config::Config;
use super::reconcile::{Answer, Controller, Plan, Queue, View};

pub use sync::Look;

/// The Deployment controller.
#[derive(Clone, Debug)]
pub struct DeploymentController;

impl Controller for DeploymentController {
    type Key = ObjectKey;
    type Progress = Look;

    const NAME: &'static str = "deployment-controller";
    const KINDS: &'static [Kind] = &[Kind::Deployment, Kind::ReplicaSet, Kind::Pod];
    /// Source: kubernetes/kubernetes:pkg/controller/deployment/deployment_controller.go
    /// `maxRetries`.
    const MAX_RETRIES: Option<u32> = Some(15);

    fn new(_config: &Config) -> Self {
        DeploymentController
    }

    fn workers(config: &Config) -> u32 {
        config.concurrent_deployment_syncs
    }

    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, ObjectKey>) {
        if change.kind() == Kind::Deployment {
            queue.add(change.key());
        } else if let Some((old, new)) = change.of::<ReplicaSet>() {
            replica_set_changed(view, old, new, queue);
        } else if let Some((Some(pod), None)) = change.of::<Pod>() {
            pod_gone(view, pod, queue);
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &ObjectKey) -> Plan<Look> {
        match view.caches.get::<Deployment>(key) {
            Some(deployment) => Look::begin(view, deployment),
            None => Plan::done(),
        }
    }

    fn resume(
        &mut self,
        view: &View<'_>,
        _key: &ObjectKey,
        progress: Look,
        answers: Vec<Answer>,
    ) -> Plan<Look> {
        progress.answered(view, answers)
    }
}

/// Enqueues the Deployment of a ReplicaSet, the one it had before, or those that might adopt it.
fn replica_set_changed(
    view: &View<'_>,
    old: Option<&Arc<ReplicaSet>>,
    new: Option<&Arc<ReplicaSet>>,
    queue: &mut Queue<'_, ObjectKey>,
) {
    let of = |rs: Option<&Arc<ReplicaSet>>| rs.and_then(|rs| deployment_of(view, rs));
    let (old_owner, new_owner) = (of(old), of(new));
    if old_owner != new_owner {
        old_owner.into_iter().for_each(|key| queue.add(key));
    }
    if let Some(key) = new_owner {
        return queue.add(key);
    }
    let Some(rs) = new.filter(|rs| rs.metadata.controller().is_none()) else { return };
    let same = |old: &Arc<ReplicaSet>| {
        old.metadata.labels == rs.metadata.labels
            && old.metadata.owner_references == rs.metadata.owner_references
    };
    if old.is_some_and(same) {
        return;
    }
    for deployment in view.caches.in_namespace::<Deployment>(&rs.metadata.namespace) {
        if deployment.spec.selector.matches(&rs.metadata.labels) {
            queue.add(deployment.key());
        }
    }
}

/// The strategy `Recreate` waits for the last old pod to be gone.
fn pod_gone(view: &View<'_>, pod: &Pod, queue: &mut Queue<'_, ObjectKey>) {
    let owner = pod.metadata.controller().filter(|owner| owner.kind == Kind::ReplicaSet);
    let Some(owner) = owner else { return };
    let key = ObjectKey::new(pod.metadata.namespace.clone(), owner.name.clone());
    let rs = view.caches.get::<ReplicaSet>(&key).filter(|rs| rs.metadata.uid == owner.uid);
    let Some(key) = rs.and_then(|rs| deployment_of(view, rs)) else { return };
    let Some(deployment) = view.caches.get::<Deployment>(&key) else { return };
    if deployment.spec.strategy.kind != StrategyType::Recreate {
        return;
    }
    let sets = view.caches.controlled_by::<ReplicaSet>(deployment.metadata.uid);
    let mut pods = sets.flat_map(|rs| view.caches.controlled_by::<Pod>(rs.metadata.uid));
    if pods.next().is_none() {
        queue.add(key);
    }
}

/// The key of the Deployment that manages `rs`, if it is known.
fn deployment_of(view: &View<'_>, rs: &ReplicaSet) -> Option<ObjectKey> {
    let owner = rs.metadata.controller().filter(|owner| owner.kind == Kind::Deployment)?;
    let key = ObjectKey::new(rs.metadata.namespace.clone(), owner.name.clone());
    let deployment = view.caches.get::<Deployment>(&key)?;
    (deployment.metadata.uid == owner.uid).then_some(key)
}
