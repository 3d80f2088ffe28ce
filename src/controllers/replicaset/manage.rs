//! Making the pods that are missing and deleting those that are too many.
//!
//! Pods are made in batches of 1, 2, 4, 8 …: when the first one is refused (a quota, an admission
//! rule), the others would be too, and the API server is spared the storm.
//!
//! Source: kubernetes/kubernetes:pkg/controller/replicaset/replica_set.go (`manageReplicas`,
//! `slowStartBatch`) and pkg/controller/controller_utils.go (`RealPodControl`).

use std::sync::Arc;

use crate::api::{Kind, ObjectKey, ObjectMeta, ObjectReference, Pod, ReplicaSet, Resource, Str};
use crate::wire::api::{ApiCall, DeleteOptions, Status, StatusReason};

use super::super::claim::owner_reference;
use super::super::reconcile::{Answer, Plan, Said, View, answered_object};
use super::ranking::{Ranking, pods_to_delete};
use super::status::{FAILED_CREATE, FAILED_DELETE};
use super::{Doing, Look, ReplicaSetController};

/// Most pods that one look makes or deletes.
/// Source: kubernetes/kubernetes:pkg/controller/replicaset/replica_set.go `BurstReplicas`.
pub(super) const BURST_REPLICAS: usize = 500;
/// Size of the first batch.
/// Source: kubernetes/kubernetes:pkg/controller/controller_utils.go `SlowStartInitialBatchSize`.
pub(super) const SLOW_START_INITIAL_BATCH_SIZE: usize = 1;

const SUCCESSFUL_CREATE: Str = arcstr::literal!("SuccessfulCreate");
const SUCCESSFUL_DELETE: Str = arcstr::literal!("SuccessfulDelete");

/// Pods that are being made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    /// Of this batch.
    size: usize,
    /// Of later ones.
    left: usize,
}

impl ReplicaSetController {
    /// Makes or deletes what differs; then the status.
    pub(super) fn manage(&mut self, view: &View<'_>, look: Look) -> Plan<Look> {
        let have = look.pods.len();
        let want = usize::try_from(look.rs.spec.replicas).unwrap_or(0);
        if !look.may_manage || have == want {
            return Self::report(view, look, false);
        }
        let key = look.rs.key();
        if have < want {
            let count = (want - have).min(BURST_REPLICAS);
            self.expectations.expect_creations(&key, count, view.now);
            let size = SLOW_START_INITIAL_BATCH_SIZE.min(count);
            Self::create(look, Batch { size, left: count - size })
        } else {
            self.delete(view, look, (have - want).min(BURST_REPLICAS))
        }
    }

    fn create(mut look: Look, batch: Batch) -> Plan<Look> {
        let call = ApiCall::Create { object: pod_from_template(&look.rs).into() };
        look.doing = Doing::Create(batch);
        Plan::then(vec![call; batch.size], look)
    }

    pub(super) fn created(
        &mut self,
        view: &View<'_>,
        key: &ObjectKey,
        (mut look, batch): (Look, Batch),
        answers: Vec<Answer>,
    ) -> Plan<Look> {
        let about = ObjectReference::to(Kind::ReplicaSet, &look.rs.metadata);
        let mut events = Vec::with_capacity(answers.len());
        let mut missing = 0;
        for answer in &answers {
            match answer {
                Ok(_) => {
                    let name = answered_object(answer).map(|pod| pod.meta().name.clone());
                    let message = format!("Created pod: {}", name.unwrap_or_default());
                    events.push(Said::normal(about.clone(), SUCCESSFUL_CREATE, message));
                }
                // Every creation would fail; the pods go with their namespace anyway.
                Err(status) if is_namespace_terminating(status) => {}
                Err(status) => {
                    missing += 1;
                    let message = format!("Error creating: {}", status.message);
                    events.push(Said::warning(about.clone(), FAILED_CREATE, message));
                    look.failure.get_or_insert_with(|| status.message.clone());
                }
            }
        }
        if missing > 0 {
            // The informer will show neither these nor the ones that were not tried.
            self.expectations.creations_observed(key, missing + batch.left);
        }
        if missing > 0 || batch.left == 0 {
            return with_events(Self::report(view, look, false), events);
        }
        let size = (batch.size * 2).min(batch.left);
        with_events(Self::create(look, Batch { size, left: batch.left - size }), events)
    }

    fn delete(&mut self, view: &View<'_>, mut look: Look, count: usize) -> Plan<Look> {
        let ranking = Ranking::at(view.now);
        let related = related_sets(view, &look.rs);
        let related =
            related.iter().flat_map(|rs| view.caches.controlled_by::<Pod>(rs.metadata.uid));
        let pods = pods_to_delete(&look.pods, related, count, ranking);
        let uids = pods.iter().map(|pod| pod.metadata.uid);
        self.expectations.expect_deletions(&look.rs.key(), uids, view.now);
        let delete = |pod: &Arc<Pod>| ApiCall::Delete {
            kind: Kind::Pod,
            key: pod.key(),
            options: DeleteOptions::default(),
        };
        let calls = pods.iter().map(delete).collect();
        look.doing = Doing::Delete(pods);
        Plan::then(calls, look)
    }

    pub(super) fn deleted(
        &mut self,
        view: &View<'_>,
        key: &ObjectKey,
        (mut look, pods): (Look, Vec<Arc<Pod>>),
        answers: Vec<Answer>,
    ) -> Plan<Look> {
        let about = ObjectReference::to(Kind::ReplicaSet, &look.rs.metadata);
        let mut events = Vec::with_capacity(answers.len());
        for (pod, answer) in pods.iter().zip(&answers) {
            let name = &pod.metadata.name;
            let Err(status) = answer else {
                let message = format!("Deleted pod: {name}");
                events.push(Said::normal(about.clone(), SUCCESSFUL_DELETE, message));
                continue;
            };
            self.expectations.deletion_observed(key, pod.metadata.uid);
            if status.reason != StatusReason::NotFound {
                let message = format!("Error deleting: {}", status.message);
                events.push(Said::warning(about.clone(), FAILED_DELETE, message));
                look.failure.get_or_insert_with(|| status.message.clone());
            }
        }
        with_events(Self::report(view, look, false), events)
    }
}

/// The ReplicaSets of the same Deployment, this one among them.
fn related_sets(view: &View<'_>, rs: &Arc<ReplicaSet>) -> Vec<Arc<ReplicaSet>> {
    match rs.metadata.controller() {
        Some(owner) => view.caches.controlled_by::<ReplicaSet>(owner.uid).cloned().collect(),
        None => vec![rs.clone()],
    }
}

/// A pod as the template says, with the ReplicaSet as its controller.
#[must_use]
pub fn pod_from_template(rs: &ReplicaSet) -> Pod {
    let template = &rs.spec.template;
    let metadata = ObjectMeta {
        generate_name: format!("{}-", rs.metadata.name).into(),
        namespace: rs.metadata.namespace.clone(),
        labels: template.metadata.labels.clone(),
        annotations: template.metadata.annotations.clone(),
        owner_references: vec![owner_reference(Kind::ReplicaSet, &rs.metadata)],
        ..ObjectMeta::default()
    };
    Pod { metadata, spec: template.spec.clone(), ..Pod::default() }
}

/// Whether the API server refused because the namespace is being deleted.
///
/// Simplified: upstream marks the refusal with the cause `NamespaceTerminating`; here its
/// sentence tells.
#[must_use]
pub fn is_namespace_terminating(status: &Status) -> bool {
    status.reason == StatusReason::Forbidden
        && status.message.contains("because it is being terminated")
}

fn with_events(plan: Plan<Look>, events: Vec<Said>) -> Plan<Look> {
    plan.saying(events)
}
