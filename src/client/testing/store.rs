//! What the fake servers share: objects, their history, and how far back it goes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{Conditions, Kind, Object, ObjectKey, Pod, Str, Uid};
use crate::wire::api::{ApiCall, ApiOk, Patch, Scope, Status, StatusReason, WatchChange};

/// All objects at one revision, and what led there.
#[derive(Clone, Debug, Default)]
pub struct Store {
    objects: BTreeMap<(Kind, ObjectKey), Object>,
    history: Vec<(u64, WatchChange)>,
    revision: u64,
    /// Changes up to here are forgotten.
    forgotten: u64,
}

impl Store {
    /// The present revision.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The object called `key`.
    #[must_use]
    pub fn get(&self, kind: Kind, key: &ObjectKey) -> Option<&Object> {
        self.objects.get(&(kind, key.clone()))
    }

    /// All objects of a kind.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(move |((of, _), _)| *of == kind).map(|(_, object)| object)
    }

    /// Stores an object, new or changed, whatever its version; returns it with its new one.
    pub fn put(&mut self, mut object: Object) -> Object {
        self.revision += 1;
        let place = (object.kind(), object.key());
        let old = self.objects.get(&place).map(|old| old.meta().uid);
        let meta = object.meta_mut();
        meta.resource_version = self.revision;
        meta.uid = old.unwrap_or(Uid(self.revision));
        let change = if old.is_some() {
            WatchChange::Modified(object.clone())
        } else {
            WatchChange::Added(object.clone())
        };
        self.history.push((self.revision, change));
        self.objects.insert(place, object.clone());
        object
    }

    /// Removes an object.
    pub fn remove(&mut self, kind: Kind, key: &ObjectKey) -> Option<Object> {
        let mut object = self.objects.remove(&(kind, key.clone()))?;
        self.revision += 1;
        object.meta_mut().resource_version = self.revision;
        self.history.push((self.revision, WatchChange::Deleted(object.clone())));
        Some(object)
    }

    /// Forgets the history, as a compaction and a full watch cache do.
    pub fn compact(&mut self) {
        self.history.clear();
        self.forgotten = self.revision;
    }

    /// The changes of a kind after `from`; none when they are forgotten.
    #[must_use]
    pub fn since(&self, from: u64) -> Option<&[(u64, WatchChange)]> {
        let first = self.history.partition_point(|(revision, _)| *revision <= from);
        (from >= self.forgotten).then(|| &self.history[first..])
    }

    /// Answers a call as an API server would.
    pub fn call(&mut self, call: ApiCall) -> Result<ApiOk, Status> {
        match call {
            ApiCall::Get { kind, key } => {
                self.get(kind, &key).cloned().map(ApiOk::Object).ok_or_else(not_found)
            }
            ApiCall::List { kind, scope } => {
                let items: Arc<[Object]> =
                    self.all(kind).filter(|object| in_scope(object, &scope)).cloned().collect();
                Ok(ApiOk::List { items, version: self.revision })
            }
            ApiCall::Create { object } => {
                if self.get(object.kind(), &object.key()).is_some() {
                    return Err(refusal(StatusReason::AlreadyExists, "exists"));
                }
                Ok(ApiOk::Object(self.put(object)))
            }
            ApiCall::Update { object, .. } => self.update(object),
            ApiCall::Patch { kind, key, patch } => self.patch(kind, &key, &patch),
            ApiCall::Delete { kind, key, .. } => {
                self.remove(kind, &key).map(ApiOk::Object).ok_or_else(not_found)
            }
            ApiCall::Bind { pod, uid, node } => self.bind(&pod, uid, node),
        }
    }

    fn update(&mut self, object: Object) -> Result<ApiOk, Status> {
        let old = self.get(object.kind(), &object.key()).ok_or_else(not_found)?;
        let version = object.meta().resource_version;
        if version != 0 && version != old.meta().resource_version {
            return Err(refusal(StatusReason::Conflict, "somebody was first"));
        }
        Ok(ApiOk::Object(self.put(object)))
    }

    fn bind(&mut self, key: &ObjectKey, uid: Uid, node: Str) -> Result<ApiOk, Status> {
        let pod = self.get(Kind::Pod, key).and_then(Object::as_kind::<Pod>);
        let mut pod = Pod::clone(pod.ok_or_else(not_found)?);
        if pod.metadata.uid != uid || !pod.spec.node_name.is_empty() {
            return Err(refusal(StatusReason::Conflict, "is already assigned to a node"));
        }
        pod.spec.node_name = node;
        self.put(pod.into());
        Ok(ApiOk::Done)
    }

    fn patch(&mut self, kind: Kind, key: &ObjectKey, patch: &Patch) -> Result<ApiOk, Status> {
        let old = self.get(kind, key).ok_or_else(not_found)?;
        if let (Patch::Conditions(conditions), Object::Pod(pod)) = (patch, old) {
            let mut pod = Pod::clone(pod);
            pod.status.conditions.merge(&Conditions(conditions.clone()));
            return Ok(ApiOk::Object(self.put(pod.into())));
        }
        let Patch::Merge(serde_json::Value::Object(changes)) = patch else {
            return Err(refusal(StatusReason::BadRequest, "not in this fake"));
        };
        let mut json = old.to_json();
        for (field, value) in changes {
            json[field] = value.clone();
        }
        let object = Object::from_json(kind, json)
            .map_err(|_| refusal(StatusReason::Invalid, "has another shape"))?;
        Ok(ApiOk::Object(self.put(object)))
    }
}

/// Whether an object is in scope; namespaces only, that is enough here.
pub(super) fn in_scope(object: &Object, scope: &Scope) -> bool {
    scope.namespace.as_ref().is_none_or(|namespace| *namespace == object.meta().namespace)
}

fn not_found() -> Status {
    refusal(StatusReason::NotFound, "not found")
}

fn refusal(reason: StatusReason, message: &'static str) -> Status {
    Status { reason, message: Str::from(message) }
}
