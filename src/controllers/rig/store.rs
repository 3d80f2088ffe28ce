//! The API server of the rig: a map, and what its watches have still to show.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::api::{
    Condition, Conditions, Kind, Namespace, Object, ObjectKey, Pod, Resource, Taint, Time, Uid,
};
use crate::kernel::SimTime;
use crate::wire::api::{
    ApiCall, ApiOk, DeleteOptions, Part, Patch, Propagation, Status, StatusReason, WatchChange,
};

use super::super::garbage_collector::{FINALIZER_FOREGROUND, FINALIZER_ORPHAN};
use super::super::reconcile::Answer;

/// An API server that is a map.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Store {
    pub(in super::super) objects: BTreeMap<(Kind, ObjectKey), Object>,
    version: u64,
    /// What the watches have not shown yet.
    pub(super) changes: VecDeque<WatchChange>,
    /// Calls that fail: how many of this verb and kind.
    pub(in super::super) failing: Vec<(&'static str, Kind, usize)>,
}

impl Store {
    fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    pub(super) fn replace(&mut self, mut object: Object) -> Object {
        let known = self.objects.get(&(object.kind(), object.key()));
        // A write that changes nothing is none, as in the real store.
        if let Some(known) = known.filter(|known| **known == object) {
            return known.clone();
        }
        object.meta_mut().resource_version = self.next_version();
        let place = (object.kind(), object.key());
        let gone = object.meta().is_terminating()
            && object.meta().finalizers.is_empty()
            && !matches!(object, Object::Pod(_))
            && Namespace::of(&object).is_none_or(|ns| ns.spec.finalizers.is_empty());
        if gone {
            self.remove(place.0, &place.1);
            return object;
        }
        let known = self.objects.insert(place, object.clone());
        let shown = object.clone();
        self.changes.push_back(match known {
            Some(_) => WatchChange::Modified(shown),
            None => WatchChange::Added(shown),
        });
        object
    }

    pub(super) fn remove(&mut self, kind: Kind, key: &ObjectKey) {
        if let Some(object) = self.objects.remove(&(kind, key.clone())) {
            self.next_version();
            self.changes.push_back(WatchChange::Deleted(object));
        }
    }

    pub(super) fn call(&mut self, call: ApiCall, now: SimTime) -> Answer {
        let (verb, kind) = (call.verb(), call.kind());
        for (failing, of, left) in &mut self.failing {
            if (*failing, *of) == (verb, kind) && *left > 0 {
                *left -= 1;
                return refused(StatusReason::Forbidden, "exceeded quota");
            }
        }
        match call {
            ApiCall::Get { kind, key } => self.find(kind, &key).map(ApiOk::Object),
            ApiCall::List { kind, scope } => {
                let of = |object: &&Object| {
                    let namespace = scope.namespace.as_ref();
                    object.kind() == kind
                        && namespace.is_none_or(|ns| *ns == object.meta().namespace)
                };
                let items = self.objects.values().filter(of).cloned().collect();
                Ok(ApiOk::List { items, version: self.version })
            }
            ApiCall::Create { object } => self.create(object, now),
            ApiCall::Update { object, part } => self.update(object, part),
            ApiCall::Patch { kind, key, patch } => {
                let object = self.find(kind, &key)?;
                self.patch(object, *patch)
            }
            ApiCall::Delete { kind, key, options } => {
                let object = self.find(kind, &key)?;
                self.delete(object, options, now)
            }
            ApiCall::Bind { .. } => refused(StatusReason::BadRequest, "nobody binds here"),
        }
    }

    fn find(&self, kind: Kind, key: &ObjectKey) -> Result<Object, Status> {
        let missing = || Status {
            reason: StatusReason::NotFound,
            message: format!("{} \"{}\" not found", kind.plural(), key.name).into(),
        };
        self.objects.get(&(kind, key.clone())).cloned().ok_or_else(missing)
    }

    fn create(&mut self, mut object: Object, now: SimTime) -> Answer {
        let version = self.next_version();
        let meta = object.meta_mut();
        if meta.name.is_empty() {
            meta.name = format!("{}{version:05}", meta.generate_name).into();
        }
        meta.uid = Uid(version);
        meta.generation = 1;
        meta.creation_timestamp = Some(Time(now));
        if self.objects.contains_key(&(object.kind(), object.key())) {
            return refused(StatusReason::AlreadyExists, "already exists");
        }
        Ok(ApiOk::Object(self.replace(object)))
    }

    fn update(&mut self, object: Object, part: Part) -> Answer {
        let known = self.find(object.kind(), &object.key())?;
        if known.meta().resource_version != object.meta().resource_version {
            return refused(StatusReason::Conflict, "the object has been modified");
        }
        let mut new = object;
        match (&mut new, &known, part) {
            (Object::Deployment(new), Object::Deployment(known), Part::Status) => {
                Arc::make_mut(new).spec = known.spec.clone();
            }
            (Object::ReplicaSet(new), Object::ReplicaSet(known), Part::Status) => {
                Arc::make_mut(new).spec = known.spec.clone();
                Arc::make_mut(new).metadata = known.metadata.clone();
            }
            (Object::ReplicaSet(new), Object::ReplicaSet(known), _) => {
                let new = Arc::make_mut(new);
                new.status = known.status.clone();
                new.metadata.generation += i64::from(new.spec != known.spec);
            }
            // Controllers write the other kinds whole.
            (_, _, _) => {}
        }
        Ok(ApiOk::Object(self.replace(new)))
    }

    fn patch(&mut self, mut object: Object, patch: Patch) -> Answer {
        let meta = object.meta_mut();
        match patch {
            Patch::Owner { uid, .. } if uid != meta.uid => {
                return refused(StatusReason::Conflict, "another uid");
            }
            Patch::Owner { owner, adopt, .. } => {
                meta.owner_references.retain(|known| known.uid != owner.uid);
                meta.owner_references.extend(adopt.then_some(owner));
            }
            Patch::RemoveFinalizers(done) => {
                meta.finalizers.retain(|finalizer| !done.contains(finalizer));
            }
            Patch::Status(new) => patch_status(&mut object, &new),
            Patch::Conditions(new) => patch_conditions(&mut object, new),
            Patch::Taints { add, remove } => {
                let Object::Node(node) = &mut object else { return unknown_patch() };
                let taints = &mut Arc::make_mut(node).spec.taints;
                let same = |a: &Taint, b: &Taint| a.key == b.key && a.effect == b.effect;
                let replaced =
                    |known: &Taint| remove.iter().chain(&add).any(|other| same(known, other));
                taints.retain(|known| !replaced(known));
                taints.extend(add);
            }
            Patch::Scale(replicas) => patch_scale(&mut object, replicas),
            Patch::Merge(_)
            | Patch::NominatedNode(_)
            | Patch::Labels(_)
            | Patch::Annotations(_)
            | Patch::Unschedulable(_) => return unknown_patch(),
        }
        Ok(ApiOk::Object(self.replace(object)))
    }

    fn delete(&mut self, mut object: Object, options: DeleteOptions, now: SimTime) -> Answer {
        if options.uid.is_some_and(|uid| uid != object.meta().uid) {
            return refused(StatusReason::Conflict, "another uid");
        }
        let graceful = Pod::of(&object).is_some_and(|pod| !pod.spec.node_name.is_empty())
            && options.grace_period_seconds != Some(0);
        let waits = Namespace::of(&object).is_some();
        let meta = object.meta_mut();
        match options.propagation {
            Propagation::Background => {}
            Propagation::Foreground => meta.finalizers.push(FINALIZER_FOREGROUND),
            Propagation::Orphan => meta.finalizers.push(FINALIZER_ORPHAN),
        }
        if graceful || waits || !meta.finalizers.is_empty() {
            meta.deletion_timestamp = Some(Time(now));
            meta.deletion_grace_period_seconds = graceful.then_some(30);
            return Ok(ApiOk::Object(self.replace(object)));
        }
        self.remove(object.kind(), &object.key());
        Ok(ApiOk::Object(object))
    }
}

fn patch_status(object: &mut Object, new: &Object) {
    match (object, new) {
        (Object::Pod(known), Object::Pod(new)) => {
            Arc::make_mut(known).status = new.status.clone();
        }
        (Object::Node(known), Object::Node(new)) => {
            Arc::make_mut(known).status = new.status.clone();
        }
        (known, _) => panic!("nobody patches the status of {known:?} so"),
    }
}

fn patch_conditions(object: &mut Object, new: Vec<Condition>) {
    if let Object::Pod(pod) = object {
        Arc::make_mut(pod).status.conditions.merge(&Conditions(new));
    } else if let Object::Node(node) = object {
        Arc::make_mut(node).status.conditions.merge(&Conditions(new));
    }
}

fn patch_scale(object: &mut Object, replicas: i32) {
    if let Object::Deployment(known) = object {
        Arc::make_mut(known).spec.replicas = replicas;
    } else if let Object::ReplicaSet(known) = object {
        Arc::make_mut(known).spec.replicas = replicas;
    }
    object.meta_mut().generation += 1;
}

fn unknown_patch() -> Answer {
    refused(StatusReason::BadRequest, "no controller patches so")
}

fn refused(reason: StatusReason, message: &'static str) -> Answer {
    Err(Status { reason, message: message.into() })
}
