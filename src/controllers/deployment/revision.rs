//! The ReplicaSet of the present template: found and brought up to date, or made.
//!
//! Source: kubernetes/kubernetes:pkg/controller/deployment/sync.go (`getNewReplicaSet`).

use std::sync::Arc;

use crate::api::reasons::{ANNOTATION_REVISION, LABEL_POD_TEMPLATE_HASH, PROGRESSING};
use crate::api::{
    ConditionStatus, Deployment, Kind, Object, ObjectKey, ObjectMeta, ReplicaSet, Str,
};
use crate::wire::api::{ApiCall, Part, Status, StatusReason};

use super::super::claim::owner_reference;
use super::super::reconcile::{Answer, Plan, Said, View, answered_object};
use super::super::replicaset::is_namespace_terminating;
use super::history::{max_revision, set_new_annotations};
use super::status::{has_progress_deadline, reason};
use super::sync::{Look, Step};
use super::template::{compute_hash, equal_ignore_hash};
use super::util::new_rs_new_replicas;

impl Look {
    /// Brings the ReplicaSet and the Deployment's revision up to date, one write at a time.
    pub(super) fn revision(&mut self, view: &View<'_>, create: bool) -> Vec<ApiCall> {
        let (new_rs, old) = self.split();
        let Some(rs) = new_rs else {
            if create {
                self.todo.push_front(Step::Create);
            }
            return Vec::new();
        };
        let mut updated = ReplicaSet::clone(&rs);
        let annotated =
            set_new_annotations(&self.deployment, &mut updated, max_revision(&old) + 1, true);
        let min_ready_seconds = self.deployment.spec.min_ready_seconds;
        if annotated || updated.spec.min_ready_seconds != min_ready_seconds {
            updated.spec.min_ready_seconds = min_ready_seconds;
            return vec![ApiCall::Update { object: updated.into(), part: Part::Main }];
        }
        let revision = rs.metadata.annotations.get(&ANNOTATION_REVISION).cloned();
        let mut changed = self.set_revision(revision.unwrap_or_default());
        let unknown = self.deployment.status.conditions.get(&PROGRESSING).is_none();
        if has_progress_deadline(&self.deployment) && unknown {
            let message = format!("Found new replica set \"{}\"", rs.metadata.name);
            let why = (reason::FOUND_NEW_REPLICA_SET, message.into());
            self.set_progressing(view, ConditionStatus::True, why);
            changed = true;
        }
        if changed {
            self.todo.push_front(Step::Record);
        }
        Vec::new()
    }

    /// The call that makes it.
    pub(super) fn create(&self) -> ApiCall {
        ApiCall::Create { object: self.new_replica_set().into() }
    }

    /// The ReplicaSet of the present template, at the size it may have now.
    fn new_replica_set(&self) -> ReplicaSet {
        let deployment = &self.deployment;
        let hash = compute_hash(&deployment.spec.template, deployment.status.collision_count);
        let mut rs = ReplicaSet::default();
        rs.spec.min_ready_seconds = deployment.spec.min_ready_seconds;
        rs.spec.template = deployment.spec.template.clone();
        let labels =
            deployment.spec.template.metadata.labels.with(LABEL_POD_TEMPLATE_HASH, hash.clone());
        rs.spec.template.metadata.labels = labels.clone();
        rs.spec.selector = deployment.spec.selector.clone();
        rs.spec.selector.match_labels =
            rs.spec.selector.match_labels.with(LABEL_POD_TEMPLATE_HASH, hash.clone());
        rs.metadata = ObjectMeta {
            name: format!("{}-{hash}", deployment.metadata.name).into(),
            namespace: deployment.metadata.namespace.clone(),
            labels,
            owner_references: vec![owner_reference(Kind::Deployment, &deployment.metadata)],
            ..ObjectMeta::default()
        };
        rs.spec.replicas = 0;
        rs.spec.replicas = new_rs_new_replicas(deployment, &self.sets, &rs);
        set_new_annotations(deployment, &mut rs, max_revision(&self.sets) + 1, false);
        rs
    }

    /// The answer to the making.
    pub(super) fn created(mut self, view: &View<'_>, answers: Vec<Answer>) -> Plan<Look> {
        let Some(answer) = answers.into_iter().next() else { return Plan::retry() };
        match answer {
            Ok(_) => {
                let object = answered_object(&answer).and_then(Object::as_kind::<ReplicaSet>);
                let Some(rs) = object.cloned() else { return Plan::retry() };
                self.say_created(&rs);
                if has_progress_deadline(&self.deployment) {
                    let message = format!("Created new replica set \"{}\"", rs.metadata.name);
                    let why = (reason::NEW_REPLICA_SET, message.into());
                    self.set_progressing(view, ConditionStatus::True, why);
                }
                self.settle(&rs);
                self.todo.push_front(Step::Record);
                self.sets.push(rs);
                self.go_on(view)
            }
            Err(status) if status.reason == StatusReason::AlreadyExists => self.collided(view),
            Err(status) if is_namespace_terminating(&status) => Plan::done(),
            Err(status) => self.not_created(view, &status),
        }
    }

    /// Somebody has the name: either our own cache is old, or two templates have one hash.
    fn collided(mut self, view: &View<'_>) -> Plan<Look> {
        let name = self.new_replica_set().metadata.name;
        let key = ObjectKey::new(self.deployment.metadata.namespace.clone(), name);
        let Some(rs) = view.caches.get::<ReplicaSet>(&key).cloned() else { return Plan::retry() };
        if is_own(&self.deployment, &rs) {
            self.settle(&rs);
            self.todo.push_front(Step::Record);
            self.sets.push(rs);
            return self.go_on(view);
        }
        let status = &mut Arc::make_mut(&mut self.deployment).status;
        status.collision_count = Some(status.collision_count.unwrap_or(0).saturating_add(1));
        self.fail(view)
    }

    fn not_created(mut self, view: &View<'_>, status: &Status) -> Plan<Look> {
        let name = self.new_replica_set().metadata.name;
        let message: Str =
            format!("Failed to create new replica set \"{name}\": {}", status.message).into();
        self.said.push(Said::warning(self.about(), reason::FAILED_CREATE, message.clone()));
        if !has_progress_deadline(&self.deployment) {
            return Plan::retry().saying(self.said);
        }
        let why = (reason::FAILED_CREATE, message);
        self.set_progressing(view, ConditionStatus::False, why);
        self.fail(view)
    }

    /// Writes the status, and then ends as a failure.
    fn fail(mut self, view: &View<'_>) -> Plan<Look> {
        self.todo.clear();
        self.todo.push_front(Step::Fail);
        self.go_on(view)
    }

    /// The Deployment takes over the revision of its ReplicaSet.
    fn settle(&mut self, rs: &ReplicaSet) {
        let revision = rs.metadata.annotations.get(&ANNOTATION_REVISION).cloned();
        self.set_revision(revision.unwrap_or_default());
    }

    fn set_revision(&mut self, revision: Str) -> bool {
        let annotations = &self.deployment.metadata.annotations;
        if annotations.get(&ANNOTATION_REVISION) == Some(&revision) {
            return false;
        }
        let annotations = annotations.with(ANNOTATION_REVISION, revision);
        Arc::make_mut(&mut self.deployment).metadata.annotations = annotations;
        true
    }
}

/// Whether the ReplicaSet is the Deployment's own, of its present template.
fn is_own(deployment: &Deployment, rs: &ReplicaSet) -> bool {
    let owner = rs.metadata.controller();
    owner.is_some_and(|owner| owner.uid == deployment.metadata.uid)
        && equal_ignore_hash(&deployment.spec.template, &rs.spec.template)
}
