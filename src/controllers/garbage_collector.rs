//! Garbage collector: what is owned goes when its last owner is gone.
//!
//! The graph of owners is not kept apart: the caches' indexes *are* the graph. An edge in them may
//! be old, so nothing is deleted before the object and its owners were read afresh from the API
//! server.
//!
//! Three ways of deleting an owner: in the *background* it goes at once and its dependents after
//! it; in the *foreground* it carries the finalizer `foregroundDeletion` until every dependent that
//! blocks it is gone; an *orphaning* deletion carries the finalizer `orphan` until every dependent
//! has lost the reference.
//!
//! Soft state: owners that were found to be absent (a uid never comes back, so this only saves
//! questions).
//!
//! Simplified: upstream also keeps nodes for objects it has only heard of, and unblocks circles of
//! foreground deletions.
//! Source: kubernetes/kubernetes:pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go.

use std::collections::{BTreeSet, VecDeque};

use crate::api::{Kind, Object, ObjectKey, ObjectMeta, OwnerReference, Str, Uid};
use crate::wire::api::{ApiCall, DeleteOptions, Patch, Propagation, StatusReason};

use super::caches::Change;
use super::config::Config;
use super::reconcile::{Answer, Controller, Plan, Queue, View, answered_object, is_failure};

/// Finalizer of a foreground deletion.
/// Source: kubernetes/apimachinery:pkg/apis/meta/v1/types.go `FinalizerDeleteDependents`.
pub const FINALIZER_FOREGROUND: Str = arcstr::literal!("foregroundDeletion");
/// Finalizer of an orphaning deletion.
/// Source: kubernetes/apimachinery:pkg/apis/meta/v1/types.go `FinalizerOrphanDependents`.
pub const FINALIZER_ORPHAN: Str = arcstr::literal!("orphan");
/// How many absent owners are remembered.
/// Source: kubernetes/kubernetes:pkg/controller/garbagecollector/garbagecollector.go.
const ABSENT_OWNERS_MAX: usize = 500;

/// One object in one of its lives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    kind: Kind,
    key: ObjectKey,
    uid: Uid,
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// See whether the object must go.
    Delete(Identity),
    /// Free the object's dependents of it.
    Orphan(Identity),
}

/// What the calls under way are for.
#[derive(Clone, Debug)]
pub enum Doing {
    /// The object is read afresh.
    Fresh,
    /// Its owners are.
    Owners {
        /// The object.
        latest: Object,
        /// Those who are asked for, in the order of the calls.
        asked: Vec<OwnerReference>,
        /// Those who are known to be absent.
        absent: Vec<OwnerReference>,
    },
    /// Its dependents lose their reference to it.
    Orphaning,
}

/// The garbage collector.
#[derive(Clone, Debug, Default)]
pub struct GarbageCollector {
    absent: BTreeSet<Uid>,
    absent_in_order: VecDeque<Uid>,
}

impl Controller for GarbageCollector {
    type Key = Work;
    type Progress = Doing;

    const NAME: &'static str = "garbage-collector-controller";
    const KINDS: &'static [Kind] = &Kind::ALL;

    fn new(_config: &Config) -> Self {
        GarbageCollector::default()
    }

    fn workers(config: &Config) -> u32 {
        config.concurrent_gc_syncs
    }

    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, Work>) {
        let (old, new) = (change.old.as_ref(), change.new.as_ref());
        let same_life = matches!((old, new), (Some(old), Some(new))
            if old.meta().uid == new.meta().uid);
        let gone = old.filter(|_| !same_life);
        if let Some(gone) = gone {
            enqueue_dependents(view, gone.meta().uid, queue);
        }
        if let Some(new) = new {
            came_or_changed(view, old.filter(|_| same_life), new, queue);
        }
        // An owner that waits for its dependents may have one fewer now.
        let lost = |old: &&Object| {
            let owners = &old.meta().owner_references;
            gone.is_some() || new.is_some_and(|new| new.meta().owner_references != *owners)
        };
        if let Some(old) = old.filter(lost) {
            for owner in &old.meta().owner_references {
                let cached = view.caches.object(owner.kind, &owner_key(old.meta(), owner));
                let waits = |owner: &Object| is_waiting(owner.meta(), &FINALIZER_FOREGROUND);
                if let Some(owner) = cached.filter(waits) {
                    queue.add(Work::Delete(identity(&owner)));
                }
            }
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &Work) -> Plan<Doing> {
        match key {
            Work::Delete(id) => {
                let cached = view.caches.object(id.kind, &id.key);
                // Whatever is being deleted already needs no help, unless it waits for dependents.
                let goes = |object: &Object| {
                    let meta = object.meta();
                    meta.uid == id.uid
                        && meta.is_terminating()
                        && !is_waiting(meta, &FINALIZER_FOREGROUND)
                };
                if cached.as_ref().is_some_and(goes) {
                    return Plan::done();
                }
                Plan::then(vec![get(id.kind, id.key.clone())], Doing::Fresh)
            }
            Work::Orphan(id) => {
                let dependents = view.caches.dependents(id.uid);
                let calls = dependents.iter().filter_map(|object| disown(object, id.uid));
                Plan::then(calls.collect(), Doing::Orphaning)
            }
        }
    }

    fn resume(
        &mut self,
        view: &View<'_>,
        key: &Work,
        progress: Doing,
        answers: Vec<Answer>,
    ) -> Plan<Doing> {
        let (Work::Delete(id) | Work::Orphan(id)) = key;
        match progress {
            Doing::Fresh => self.fresh(view, id, answers.into_iter().next()),
            Doing::Owners { latest, asked, absent } => {
                self.owners(view, &latest, (asked, absent), &answers)
            }
            Doing::Orphaning if answers.iter().any(is_failure) => Plan::retry(),
            Doing::Orphaning => Plan::last(vec![remove_finalizer(id, FINALIZER_ORPHAN)]),
        }
    }
}

impl GarbageCollector {
    /// The object as it really is.
    fn fresh(&mut self, view: &View<'_>, id: &Identity, answer: Option<Answer>) -> Plan<Doing> {
        let latest = match answer {
            Some(Ok(_)) => answer.as_ref().and_then(answered_object).cloned(),
            // It is gone; the informer will say so, and its dependents have their turn then.
            Some(Err(status)) if status.reason == StatusReason::NotFound => return Plan::done(),
            Some(Err(_)) | None => return Plan::retry(),
        };
        let Some(latest) = latest.filter(|latest| latest.meta().uid == id.uid) else {
            return Plan::done();
        };
        if is_waiting(latest.meta(), &FINALIZER_FOREGROUND) {
            let blocks = |object: &Object| {
                let owners = &object.meta().owner_references;
                owners.iter().any(|owner| owner.uid == id.uid && owner.block_owner_deletion)
            };
            if view.caches.dependents(id.uid).iter().any(blocks) {
                return Plan::done();
            }
            return Plan::last(vec![remove_finalizer(id, FINALIZER_FOREGROUND)]);
        }
        let owners = latest.meta().owner_references.clone();
        if owners.is_empty() {
            return Plan::done();
        }
        let known = |owner: &OwnerReference| self.absent.contains(&owner.uid);
        let (absent, asked): (Vec<_>, Vec<_>) = owners.into_iter().partition(known);
        let ask = |owner: &OwnerReference| get(owner.kind, owner_key(latest.meta(), owner));
        let calls = asked.iter().map(ask).collect();
        Plan::then(calls, Doing::Owners { latest: latest.clone(), asked, absent })
    }

    /// The owners as they really are: solid ones keep the object, dangling ones are dropped, and
    /// those that wait for their dependents make it go first.
    fn owners(
        &mut self,
        view: &View<'_>,
        latest: &Object,
        (asked, mut dangling): (Vec<OwnerReference>, Vec<OwnerReference>),
        answers: &[Answer],
    ) -> Plan<Doing> {
        let (mut solid, mut waiting) = (0, Vec::new());
        for (owner, answer) in asked.into_iter().zip(answers) {
            if is_failure(answer) {
                return Plan::retry();
            }
            let found = answered_object(answer).filter(|found| found.meta().uid == owner.uid);
            match found {
                None => {
                    self.remember_absent(owner.uid);
                    dangling.push(owner);
                }
                Some(found) if is_waiting(found.meta(), &FINALIZER_FOREGROUND) => {
                    waiting.push(owner);
                }
                Some(_) => solid += 1,
            }
        }
        let uid = latest.meta().uid;
        if solid > 0 {
            let lost = dangling.iter().chain(&waiting);
            return Plan::last(lost.filter_map(|owner| disown(latest, owner.uid)).collect());
        }
        let propagation = if !waiting.is_empty() && !view.caches.dependents(uid).is_empty() {
            Propagation::Foreground
        } else if has_finalizer(latest.meta(), &FINALIZER_ORPHAN) {
            Propagation::Orphan
        } else if has_finalizer(latest.meta(), &FINALIZER_FOREGROUND) {
            Propagation::Foreground
        } else {
            Propagation::Background
        };
        let options = DeleteOptions { uid: Some(uid), propagation, ..DeleteOptions::default() };
        let call = ApiCall::Delete { kind: latest.kind(), key: latest.key(), options };
        Plan::last(vec![call])
    }

    fn remember_absent(&mut self, uid: Uid) {
        if self.absent.insert(uid) {
            self.absent_in_order.push_back(uid);
        }
        if self.absent.len() > ABSENT_OWNERS_MAX
            && let Some(oldest) = self.absent_in_order.pop_front()
        {
            self.absent.remove(&oldest);
        }
    }
}

/// An object is new (`old` none) or changed.
fn came_or_changed(
    view: &View<'_>,
    old: Option<&Object>,
    new: &Object,
    queue: &mut Queue<'_, Work>,
) {
    let owners = &new.meta().owner_references;
    if old.is_none_or(|old| old.meta().owner_references != *owners) {
        let absent = |owner: &OwnerReference| {
            let cached = view.caches.object(owner.kind, &owner_key(new.meta(), owner));
            cached.is_none_or(|cached| cached.meta().uid != owner.uid)
        };
        if owners.iter().any(absent) {
            queue.add(Work::Delete(identity(new)));
        }
    }
    let begins = |finalizer: &Str| {
        is_waiting(new.meta(), finalizer)
            && !old.is_some_and(|old| is_waiting(old.meta(), finalizer))
    };
    if begins(&FINALIZER_ORPHAN) {
        queue.add(Work::Orphan(identity(new)));
    } else if begins(&FINALIZER_FOREGROUND) {
        enqueue_dependents(view, new.meta().uid, queue);
        queue.add(Work::Delete(identity(new)));
    }
}

fn enqueue_dependents(view: &View<'_>, uid: Uid, queue: &mut Queue<'_, Work>) {
    for dependent in view.caches.dependents(uid) {
        queue.add(Work::Delete(identity(&dependent)));
    }
}

fn identity(object: &Object) -> Identity {
    Identity { kind: object.kind(), key: object.key(), uid: object.meta().uid }
}

/// Where an owner of an object is found: in its namespace, or in none.
fn owner_key(dependent: &ObjectMeta, owner: &OwnerReference) -> ObjectKey {
    let namespaced = owner.kind.is_namespaced();
    let namespace = if namespaced { dependent.namespace.clone() } else { Str::new() };
    ObjectKey { namespace, name: owner.name.clone() }
}

fn has_finalizer(meta: &ObjectMeta, finalizer: &Str) -> bool {
    meta.finalizers.contains(finalizer)
}

/// Whether a deletion waits for the garbage collector to do its part.
fn is_waiting(meta: &ObjectMeta, finalizer: &Str) -> bool {
    meta.is_terminating() && has_finalizer(meta, finalizer)
}

fn get(kind: Kind, key: ObjectKey) -> ApiCall {
    ApiCall::Get { kind, key }
}

/// Takes the reference to `owner` off an object.
fn disown(object: &Object, owner: Uid) -> Option<ApiCall> {
    let meta = object.meta();
    let owner = meta.owner_references.iter().find(|known| known.uid == owner)?.clone();
    let patch = Box::new(Patch::Owner { owner, adopt: false, uid: meta.uid });
    Some(ApiCall::Patch { kind: object.kind(), key: object.key(), patch })
}

fn remove_finalizer(id: &Identity, finalizer: Str) -> ApiCall {
    let patch = Box::new(Patch::RemoveFinalizers(vec![finalizer]));
    ApiCall::Patch { kind: id.kind, key: id.key.clone(), patch }
}

#[cfg(test)]
mod tests {
    use super::super::claim::owner_reference;
    use super::super::rig::{Rig, key, replica_set};
    use super::*;
    use crate::api::{Pod, ReplicaSet, Time};

    /// A ReplicaSet with two pods.
    fn family() -> (Rig, Uid) {
        let mut rig = Rig::of::<GarbageCollector>();
        let owner = rig.create(replica_set("web", 2));
        for name in ["web-1", "web-2"] {
            let metadata = ObjectMeta::named("default", name);
            let mut pod = Pod { metadata, ..Pod::default() };
            pod.metadata.owner_references = vec![owner_reference(Kind::ReplicaSet, owner.meta())];
            rig.create(pod);
        }
        rig.settle();
        assert_eq!(rig.take_writes(), [""; 0]);
        (rig, owner.meta().uid)
    }

    fn mark(rig: &mut Rig, finalizer: Str) {
        let now = Time(rig.now);
        rig.change::<ReplicaSet>(&key("web"), |rs| {
            rs.metadata.deletion_timestamp = Some(now);
            rs.metadata.finalizers.push(finalizer);
        });
    }

    #[test]
    fn dependents_go_after_their_owner() {
        let (mut rig, _) = family();
        rig.remove(Kind::ReplicaSet, &key("web"));
        rig.settle();
        assert_eq!(rig.take_writes(), ["delete Pod", "delete Pod"]);
        assert!(rig.all::<Pod>().is_empty());
    }

    #[test]
    fn in_the_foreground_dependents_go_first() {
        let (mut rig, _) = family();
        mark(&mut rig, FINALIZER_FOREGROUND);
        rig.settle();
        assert_eq!(rig.take_writes(), ["delete Pod", "delete Pod", "patch ReplicaSet"]);
        assert!(rig.all::<ReplicaSet>().is_empty());
    }

    #[test]
    fn orphans_stay_without_their_owner() {
        let (mut rig, _) = family();
        mark(&mut rig, FINALIZER_ORPHAN);
        rig.settle();
        assert!(rig.all::<ReplicaSet>().is_empty());
        let pods = rig.all::<Pod>();
        assert_eq!(pods.len(), 2);
        assert!(pods.iter().all(|pod| pod.metadata.owner_references.is_empty()));
    }

    #[test]
    fn an_owner_that_only_the_cache_misses_keeps_its_dependents() {
        let (mut rig, uid) = family();
        // The cache is told that the owner is gone; the API server knows better.
        let owner = rig.get::<ReplicaSet>(&key("web")).unwrap();
        rig.tell_of_deletion(owner.into());
        rig.settle();
        assert_eq!(rig.take_writes(), [""; 0]);
        assert_eq!(rig.all::<Pod>().len(), 2);
        assert!(!uid.is_unset());
    }

    #[test]
    fn a_newcomer_of_the_same_name_is_no_owner() {
        let (mut rig, _) = family();
        rig.remove(Kind::ReplicaSet, &key("web"));
        rig.create(replica_set("web", 2));
        rig.settle();
        assert!(rig.all::<Pod>().is_empty());
        assert_eq!(rig.all::<ReplicaSet>().len(), 1);
    }

    #[test]
    fn one_owner_of_two_is_enough() {
        let (mut rig, _) = family();
        let second = rig.create(replica_set("other", 0));
        let mut reference = owner_reference(Kind::ReplicaSet, second.meta());
        reference.controller = false;
        rig.change::<Pod>(&key("web-1"), |pod| pod.metadata.owner_references.push(reference));
        rig.remove(Kind::ReplicaSet, &key("web"));
        rig.settle();
        let pods = rig.all::<Pod>();
        assert_eq!(pods.len(), 1);
        assert_eq!(pods[0].metadata.owner_references.len(), 1);
        rig.remove(Kind::ReplicaSet, &key("other"));
        rig.settle();
        assert!(rig.all::<Pod>().is_empty());
    }
}
