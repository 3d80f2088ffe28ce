//! Which objects belong to a controller object: those it owns and still selects, and orphans that
//! it adopts. What it owns and no longer selects is released.
//!
//! Nobody takes an object away from another owner. And because the cache may be old, the owner
//! is read afresh from the API server before anything is adopted: one that is being deleted, or
//! is another object of the same name, must not adopt.
//!
//! Source: kubernetes/kubernetes:pkg/controller/controller_ref_manager.go.

use std::sync::Arc;

use crate::api::{Kind, LabelSelector, ObjectMeta, OwnerReference, Resource};
use crate::wire::api::{ApiCall, Patch};

use super::reconcile::{Answer, answered_object};

/// The outcome of looking through the candidates.
#[derive(Clone, Debug)]
pub struct Claims<R> {
    /// Owned and selected.
    pub owned: Vec<Arc<R>>,
    /// Selected orphans, to adopt.
    pub adopt: Vec<Arc<R>>,
    /// Owned, but no longer selected, to release.
    pub release: Vec<Arc<R>>,
}

/// Looks through `owned` (whose controller is `owner`) and `orphans` (without a controller).
#[must_use]
pub fn claim<'a, R: Resource>(
    owner: &ObjectMeta,
    selector: &LabelSelector,
    owned: impl Iterator<Item = &'a Arc<R>>,
    orphans: impl Iterator<Item = &'a Arc<R>>,
) -> Claims<R> {
    let selected = |object: &&Arc<R>| selector.matches(&object.meta().labels);
    let (owned, release): (Vec<_>, Vec<_>) = owned.cloned().partition(|object| selected(&object));
    if owner.is_terminating() {
        return Claims { owned, adopt: Vec::new(), release: Vec::new() };
    }
    let free = |object: &&Arc<R>| !object.meta().is_terminating() && selected(object);
    Claims { owned, adopt: orphans.filter(free).cloned().collect(), release }
}

impl<R: Resource> Claims<R> {
    /// Whether nothing has to be written.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.adopt.is_empty() && self.release.is_empty()
    }

    /// Reads the owner afresh, if anything is to be adopted.
    #[must_use]
    pub fn recheck(&self, kind: Kind, owner: &ObjectMeta) -> Option<ApiCall> {
        (!self.adopt.is_empty()).then(|| ApiCall::Get { kind, key: owner.key() })
    }

    /// Whether the fresh owner may adopt.
    #[must_use]
    pub fn may_adopt(owner: &ObjectMeta, fresh: &Answer) -> bool {
        answered_object(fresh)
            .is_some_and(|object| object.meta().uid == owner.uid && !object.meta().is_terminating())
    }

    /// The writes: adoptions first, then releases.
    #[must_use]
    pub fn patches(&self, kind: Kind, owner: &ObjectMeta) -> Vec<ApiCall> {
        let reference = owner_reference(kind, owner);
        let patch = |object: &Arc<R>, adopt: bool| ApiCall::Patch {
            kind: R::KIND,
            key: object.key(),
            patch: Box::new(Patch::Owner {
                owner: reference.clone(),
                adopt,
                uid: object.meta().uid,
            }),
        };
        let adopt = self.adopt.iter().map(|object| patch(object, true));
        adopt.chain(self.release.iter().map(|object| patch(object, false))).collect()
    }
}

/// The reference that makes `owner` the managing controller of an object.
#[must_use]
pub fn owner_reference(kind: Kind, owner: &ObjectMeta) -> OwnerReference {
    OwnerReference {
        kind,
        name: owner.name.clone(),
        uid: owner.uid,
        controller: true,
        block_owner_deletion: true,
    }
}
