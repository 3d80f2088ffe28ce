//! The committed truth: every object at the last revision that etcd decided.
//!
//! Each etcd member notes the revisions that it applies; the first member to apply one makes it
//! visible here, so the model never runs ahead of the cluster and never sees a revision twice.

use std::collections::BTreeMap;

use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::PodPhase;
use crate::api::Resource;
use crate::api::Str;
use crate::kernel::SharedMap;
use crate::kernel::SimTime;
use crate::kernel::SortedMap;
use crate::wire::etcd::{Revision, Value};
use crate::wire::note::AppliedRevision;

use super::tally::Tally;

/// One object that changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The revision.
    pub revision: Revision,
    /// Which kind.
    pub kind: Kind,
    /// Which object.
    pub key: ObjectKey,
    /// As it was before; none when it was created.
    pub old: Option<Object>,
    /// As it is now; none when it was deleted.
    pub new: Option<Object>,
}

impl Change {
    /// The object: as it is now, or as it last was.
    #[must_use]
    pub fn either(&self) -> Option<&Object> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

/// All objects at one revision.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Events and Leases are passed on, but not kept.
    brief: bool,
    revision: Revision,
    objects: SharedMap<(Kind, ObjectKey), Kept>,
    /// The keys in their order; only touched when an object comes or goes.
    order: SortedMap<(Kind, ObjectKey), ()>,
    /// How many pods there are in each phase, since 150,000 are not counted at every look.
    phases: BTreeMap<PodPhase, u64>,
    /// How many objects there are of each kind.
    counts: BTreeMap<Kind, usize>,
    /// The pods by node and state.
    tally: Tally,
    /// Where an etcd key leads, since a deletion names only the key.
    keys: SharedMap<Str, (Kind, ObjectKey)>,
}

/// One object, and when and at which revision it was last changed.
#[derive(Clone, Debug)]
struct Kept {
    object: Object,
    changed: (SimTime, Revision),
}

impl Model {
    /// An empty model; a brief one keeps neither Events nor Leases.
    #[must_use]
    pub fn new(brief: bool) -> Self {
        Model { brief, ..Model::default() }
    }

    /// The last revision seen.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Takes a revision in; what changed by it, unless it was known already.
    pub fn apply(&mut self, at: SimTime, applied: &AppliedRevision) -> Vec<Change> {
        if applied.revision <= self.revision {
            return Vec::new();
        }
        self.revision = applied.revision;
        let revision = applied.revision;
        let mut changes = Vec::with_capacity(applied.changes.len());
        for (key, value) in &applied.changes {
            changes.extend(match value {
                Some(Value::Object(object)) => Some(self.put(at, revision, key, object)),
                Some(Value::Text(_)) => None,
                None => self.delete(revision, key),
            });
        }
        changes
    }

    fn put(&mut self, at: SimTime, revision: Revision, key: &Str, object: &Object) -> Change {
        let (kind, name) = (object.kind(), object.key());
        if self.brief && matches!(kind, Kind::Event | Kind::Lease) {
            return Change { revision, kind, key: name, old: None, new: Some(object.clone()) };
        }
        let kept = Kept { object: object.clone(), changed: (at, revision) };
        let old = self.objects.insert((kind, name.clone()), kept).map(|kept| kept.object);
        self.count_pod(old.as_ref(), Some(object));
        if old.is_none() {
            *self.counts.entry(kind).or_default() += 1;
            self.keys.insert(key.clone(), (kind, name.clone()));
            self.order.insert((kind, name.clone()), ());
        }
        Change { revision, kind, key: name, old, new: Some(object.clone()) }
    }

    fn delete(&mut self, revision: Revision, key: &Str) -> Option<Change> {
        let place = self.keys.remove(key)?;
        let old = self.objects.remove(&place).map(|kept| kept.object);
        self.order.remove(&place);
        self.count_pod(old.as_ref(), None);
        let (kind, key) = place;
        if let Some(count) = self.counts.get_mut(&kind).filter(|_| old.is_some()) {
            *count = count.saturating_sub(1);
        }
        Some(Change { revision, kind, key, old, new: None })
    }

    fn count_pod(&mut self, old: Option<&Object>, new: Option<&Object>) {
        let (old, new) = (pod_of(old), pod_of(new));
        if let Some(pod) = old {
            let count = self.phases.entry(pod.status.phase).or_default();
            *count = count.saturating_sub(1);
        }
        if let Some(pod) = new {
            *self.phases.entry(pod.status.phase).or_default() += 1;
        }
        self.tally.change(old, new);
    }

    /// How many pods there are in a phase.
    #[must_use]
    pub fn in_phase(&self, phase: PodPhase) -> u64 {
        self.phases.get(&phase).copied().unwrap_or(0)
    }

    /// One object.
    #[must_use]
    pub fn get(&self, kind: Kind, key: &ObjectKey) -> Option<&Object> {
        self.kept(&(kind, key.clone()))
    }

    fn kept(&self, place: &(Kind, ObjectKey)) -> Option<&Object> {
        self.objects.get(place).map(|kept| &kept.object)
    }

    /// When an object last changed, and at which revision.
    #[must_use]
    pub fn changed(&self, kind: Kind, key: &ObjectKey) -> Option<(SimTime, Revision)> {
        self.objects.get(&(kind, key.clone())).map(|kept| kept.changed)
    }

    /// All objects of one kind, sorted by key.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        let from = (kind, ObjectKey::default());
        self.order
            .from(&from)
            .map(|(place, ())| place)
            .take_while(move |(found, _)| *found == kind)
            .filter_map(|place| self.kept(place))
    }

    /// All objects of one kind and namespace, sorted by name.
    pub fn in_namespace(&self, kind: Kind, namespace: &Str) -> impl Iterator<Item = &Object> {
        let from = (kind, ObjectKey::new(namespace.clone(), ""));
        let namespace = namespace.clone();
        self.order
            .from(&from)
            .map(|(place, ())| place)
            .take_while(move |(found, key)| *found == kind && key.namespace == namespace)
            .filter_map(|place| self.kept(place))
    }

    /// All objects of one kind, typed.
    pub fn of<R: Resource>(&self) -> impl Iterator<Item = &R> {
        self.all(R::KIND).filter_map(|object| R::of(object).map(AsRef::as_ref))
    }

    /// How many objects of one kind there are.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.counts.get(&kind).copied().unwrap_or(0)
    }

    /// The pods by node and state.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The pods of one node, sorted by key; of the empty name, those without a node.
    pub fn pods_on(&self, node: &Str) -> impl Iterator<Item = &Pod> {
        let keys = self.tally.keys_on(node);
        keys.filter_map(|key| self.get(Kind::Pod, key)).filter_map(Pod::of).map(AsRef::as_ref)
    }

    /// The pods under a Deployment, a ReplicaSet, a Service, or a pod itself.
    #[must_use]
    pub fn pods_of(&self, kind: Kind, key: &ObjectKey) -> Vec<&Pod> {
        let Some(owner) = self.get(kind, key) else { return Vec::new() };
        let selects = |pod: &Pod| match owner {
            Object::Pod(own) => own.metadata.uid == pod.metadata.uid,
            Object::Service(service) => {
                !service.spec.selector.is_empty()
                    && pod.metadata.labels.contains_all(&service.spec.selector)
            }
            Object::ReplicaSet(_) => self.owner_is(pod, owner.meta().uid),
            Object::Deployment(_) => self.grand_owner_is(pod, owner.meta().uid),
            Object::Node(_)
            | Object::Namespace(_)
            | Object::EndpointSlice(_)
            | Object::Lease(_)
            | Object::Event(_)
            | Object::ConfigMap(_)
            | Object::Secret(_)
            | Object::HorizontalPodAutoscaler(_) => false,
        };
        if let Object::Node(node) = owner {
            return self.pods_on(&node.metadata.name).collect();
        }
        self.in_namespace(Kind::Pod, &key.namespace)
            .filter_map(|object| Pod::of(object).map(AsRef::as_ref))
            .filter(|pod| selects(pod))
            .collect()
    }

    fn owner_is(&self, pod: &Pod, uid: crate::api::Uid) -> bool {
        pod.metadata.controller().is_some_and(|owner| owner.uid == uid)
    }

    fn grand_owner_is(&self, pod: &Pod, uid: crate::api::Uid) -> bool {
        let Some(owner) = pod.metadata.controller() else { return false };
        let key = ObjectKey::new(pod.metadata.namespace.clone(), owner.name.clone());
        self.get(Kind::ReplicaSet, &key)
            .is_some_and(|set| set.meta().controller().is_some_and(|grand| grand.uid == uid))
    }
}

fn pod_of(object: Option<&Object>) -> Option<&Pod> {
    object.and_then(Pod::of).map(AsRef::as_ref)
}
