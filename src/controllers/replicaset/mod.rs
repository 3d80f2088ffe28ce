//! ReplicaSet controller: as many pods as are wanted, no more and no fewer.
//!
//! One look at a ReplicaSet: claim pods, make or delete what differs, count, report. What was made
//! or deleted and is not yet seen in the cache is *expected*; until it is seen nothing more is
//! made or deleted.
//!
//! Soft state: the expectations. A restarted controller has none, looks at a fresh list, and at
//! worst makes a pod too many that it deletes again.
//!
//! | file | what lives there |
//! |---|---|
//! | `manage` | making pods in growing batches, deleting them in the order of `ranking` |
//! | `ranking` | which pod goes first |
//! | `status` | counts and the condition ReplicaFailure |
//!
//! Source: kubernetes/kubernetes:pkg/controller/replicaset/replica_set.go.

mod manage;
pub use manage::{is_namespace_terminating, pod_from_template};
pub mod ranking;
pub mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::api::reasons::READY;
use crate::api::{Kind, Object, ObjectKey, Pod, ReplicaSet, Resource, Str};
use crate::kernel::Span;
use crate::wire::api::{ApiCall, Part};

use super::caches::Change;
use super::claim::{Claims, claim};
use super::config::Config;
use super::expectations::Expectations;
use super::reconcile::{Answer, Controller, Next, Plan, Queue, View, answered_object, is_failure};

use manage::Batch;
use ranking::is_active;

/// The ReplicaSet controller.
#[derive(Clone, Debug)]
pub struct ReplicaSetController {
    expectations: Expectations,
}

/// One look at a ReplicaSet.
#[derive(Clone, Debug)]
pub struct Look {
    rs: Arc<ReplicaSet>,
    /// Its active pods.
    pods: Vec<Arc<Pod>>,
    /// Whether the cache showed everything that was expected when the pods were read.
    may_manage: bool,
    /// What went wrong with making or deleting pods.
    failure: Option<Str>,
    doing: Doing,
}

/// What the calls under way are for.
#[derive(Clone, Debug)]
enum Doing {
    /// The owner is read afresh.
    Recheck(Claims<Pod>),
    /// Pods are adopted and released.
    Claim(Claims<Pod>),
    /// Pods are made.
    Create(Batch),
    /// Pods are deleted.
    Delete(Vec<Arc<Pod>>),
    /// The status is written; whether for the second time.
    Report(bool),
    /// The ReplicaSet is read afresh after the status could not be written.
    Reread,
}

impl Controller for ReplicaSetController {
    type Key = ObjectKey;
    type Progress = Look;

    const NAME: &'static str = "replicaset-controller";
    const KINDS: &'static [Kind] = &[Kind::ReplicaSet, Kind::Pod];

    fn new(_config: &Config) -> Self {
        ReplicaSetController { expectations: Expectations::default() }
    }

    fn workers(config: &Config) -> u32 {
        config.concurrent_replicaset_syncs
    }

    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, ObjectKey>) {
        if let Some((old, new)) = change.of::<Pod>() {
            self.pod_changed(view, old, new, queue);
        } else if let Some((old, new)) = change.of::<ReplicaSet>() {
            let another =
                |old: &ReplicaSet| new.is_none_or(|new| new.metadata.uid != old.metadata.uid);
            if let Some(old) = old.filter(|old| another(old)) {
                self.expectations.forget(&old.key());
            }
            queue.add(change.key());
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &ObjectKey) -> Plan<Look> {
        let Some(rs) = view.caches.get::<ReplicaSet>(key).cloned() else {
            self.expectations.forget(key);
            return Plan::done();
        };
        let may_manage =
            self.expectations.satisfied(key, view.now) && !rs.metadata.is_terminating();
        let owned = view.caches.controlled_by::<Pod>(rs.metadata.uid).filter(|pod| is_active(pod));
        let orphans = view.caches.orphans::<Pod>(&key.namespace).filter(|pod| is_active(pod));
        let claims = claim(&rs.metadata, &rs.spec.selector, owned, orphans);
        let look =
            Look { rs, pods: Vec::new(), may_manage, failure: None, doing: Doing::Report(false) };
        self.claim(view, look, claims)
    }

    fn resume(
        &mut self,
        view: &View<'_>,
        key: &ObjectKey,
        mut look: Look,
        answers: Vec<Answer>,
    ) -> Plan<Look> {
        match std::mem::replace(&mut look.doing, Doing::Reread) {
            Doing::Recheck(claims) => {
                let fresh = answers.first();
                if !fresh.is_some_and(|fresh| Claims::<Pod>::may_adopt(&look.rs.metadata, fresh)) {
                    return Plan::retry();
                }
                let calls = claims.patches(Kind::ReplicaSet, &look.rs.metadata);
                look.doing = Doing::Claim(claims);
                Plan::then(calls, look)
            }
            Doing::Claim(claims) => self.claimed(view, look, claims, &answers),
            Doing::Create(batch) => self.created(view, key, (look, batch), answers),
            Doing::Delete(pods) => self.deleted(view, key, (look, pods), answers),
            Doing::Report(again) => Self::reported(view, look, again, &answers),
            Doing::Reread => Self::reread(view, look, &answers),
        }
    }
}

impl ReplicaSetController {
    fn pod_changed(
        &mut self,
        view: &View<'_>,
        old: Option<&Arc<Pod>>,
        new: Option<&Arc<Pod>>,
        queue: &mut Queue<'_, ObjectKey>,
    ) {
        if let (Some(old), Some(new)) = (old, new)
            && !counts_otherwise(old, new)
        {
            return;
        }
        let of = |pod: Option<&Arc<Pod>>| pod.and_then(|pod| replica_set_of(view, pod));
        let (old_owner, new_owner) = (of(old), of(new));
        let ends = |pod: &Arc<Pod>| pod.metadata.is_terminating();
        let (Some(pod), false) = (new, new.is_some_and(ends)) else {
            // It is gone, or about to go: from now on it does not count.
            if let (Some(pod), Some(key)) = (new.or(old), new_owner.or(old_owner)) {
                self.expectations.deletion_observed(&key, pod.metadata.uid);
                if new.is_none() || !old.is_some_and(ends) {
                    queue.add(key);
                }
            }
            return;
        };
        if old_owner != new_owner {
            old_owner.into_iter().for_each(|key| queue.add(key));
        }
        match (new_owner, old) {
            (Some(key), None) => {
                self.expectations.creation_observed(&key);
                queue.add(key);
            }
            (Some(key), Some(_)) => queue.add(key),
            (None, old) => {
                let same = |old: &Arc<Pod>| {
                    old.metadata.labels == pod.metadata.labels
                        && old.metadata.owner_references == pod.metadata.owner_references
                };
                if pod.metadata.controller().is_none() && !old.is_some_and(same) {
                    for rs in view.caches.in_namespace::<ReplicaSet>(&pod.metadata.namespace) {
                        if rs.spec.selector.matches(&pod.metadata.labels) {
                            queue.add(rs.key());
                        }
                    }
                }
            }
        }
    }

    /// Adopts and releases, or goes on at once when there is nothing of that.
    fn claim(&mut self, view: &View<'_>, mut look: Look, claims: Claims<Pod>) -> Plan<Look> {
        if claims.is_settled() {
            look.pods = claims.owned;
            return self.manage(view, look);
        }
        let owner = &look.rs.metadata;
        match claims.recheck(Kind::ReplicaSet, owner) {
            Some(call) => {
                look.doing = Doing::Recheck(claims);
                Plan::then(vec![call], look)
            }
            None => {
                let calls = claims.patches(Kind::ReplicaSet, owner);
                look.doing = Doing::Claim(claims);
                Plan::then(calls, look)
            }
        }
    }

    fn claimed(
        &mut self,
        view: &View<'_>,
        mut look: Look,
        claims: Claims<Pod>,
        answers: &[Answer],
    ) -> Plan<Look> {
        if answers.iter().any(is_failure) {
            return Plan::retry();
        }
        look.pods = claims.owned;
        let adopted = answers.iter().take(claims.adopt.len()).filter_map(answered_object);
        look.pods.extend(adopted.filter_map(Object::as_kind::<Pod>).cloned());
        self.manage(view, look)
    }

    /// Writes the status if it says something new.
    fn report(view: &View<'_>, mut look: Look, again: bool) -> Plan<Look> {
        let status = status::calculate(&look.rs, &look.pods, look.failure.clone(), view.now);
        if status == look.rs.status {
            return Self::finish(view, &look);
        }
        let mut rs = ReplicaSet::clone(&look.rs);
        rs.status = status;
        look.doing = Doing::Report(again);
        let call = ApiCall::Update { object: rs.into(), part: Part::Status };
        Plan::then(vec![call], look)
    }

    fn reported(view: &View<'_>, mut look: Look, again: bool, answers: &[Answer]) -> Plan<Look> {
        if answers.iter().all(Result::is_ok) {
            return Self::finish(view, &look);
        }
        if again {
            return Plan::retry();
        }
        let call = ApiCall::Get { kind: Kind::ReplicaSet, key: look.rs.key() };
        look.doing = Doing::Reread;
        Plan::then(vec![call], look)
    }

    fn reread(view: &View<'_>, mut look: Look, answers: &[Answer]) -> Plan<Look> {
        let fresh =
            answers.first().and_then(answered_object).and_then(Object::as_kind::<ReplicaSet>);
        let Some(fresh) = fresh.filter(|rs| rs.metadata.uid == look.rs.metadata.uid) else {
            return Plan::retry();
        };
        // The numbers are those of the generation that was looked at, not of a newer one.
        let mut rs = ReplicaSet::clone(fresh);
        rs.metadata.generation = look.rs.metadata.generation;
        look.rs = Arc::new(rs);
        Self::report(view, look, true)
    }

    /// Fails if pods could not be made; else comes back when a ready pod becomes available.
    fn finish(view: &View<'_>, look: &Look) -> Plan<Look> {
        if look.failure.is_some() {
            return Plan::retry();
        }
        let least = look.rs.spec.min_ready_seconds;
        let waits = |pod: &Arc<Pod>| status::available_in(pod, least, view.now);
        // Without a least time of being ready nobody waits for it.
        let pods = if least > 0 { look.pods.as_slice() } else { &[] };
        let after = pods.iter().filter_map(waits).filter(|span| *span > Span::ZERO).min();
        Plan { calls: Vec::new(), events: Vec::new(), next: Next::Done { after } }
    }
}

/// The key of the ReplicaSet that manages `pod`, if it is known.
fn replica_set_of(view: &View<'_>, pod: &Pod) -> Option<ObjectKey> {
    let owner = pod.metadata.controller().filter(|owner| owner.kind == Kind::ReplicaSet)?;
    let key = ObjectKey::new(pod.metadata.namespace.clone(), owner.name.clone());
    let rs = view.caches.get::<ReplicaSet>(&key)?;
    (rs.metadata.uid == owner.uid).then_some(key)
}

/// Whether a change of a pod can change anything that its ReplicaSet counts or claims.
///
/// Upstream looks at the ReplicaSet after every change of a pod; a look after any other change
/// finds nothing to do, and with 150,000 pods those looks are most of the work.
fn counts_otherwise(old: &Pod, new: &Pod) -> bool {
    let ready = |pod: &Pod| {
        let ready = pod.status.conditions.get(&READY);
        ready.map(|ready| (ready.status, ready.last_transition_time))
    };
    old.metadata.uid != new.metadata.uid
        || old.metadata.owner_references != new.metadata.owner_references
        || old.metadata.labels != new.metadata.labels
        || is_active(old) != is_active(new)
        || ready(old) != ready(new)
}
