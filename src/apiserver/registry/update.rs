//! Replacing an object, or a part of it.
//!
//! Source: kubernetes/apiserver:pkg/registry/rest/update.go, pkg/registry/generic/registry/store.go.

use std::sync::Arc;

use crate::api::{Kind, Object, ObjectMeta, Str};
use crate::wire::api::{Part, Status};

use super::super::status::{bad_request, invalid, stale, wrong_uid};
use super::super::validation::{self, FieldError};
use super::super::{defaulting, status};
use super::{Env, Outcome, strategy};

/// What an update comes to.
///
/// Errors: `Conflict` when version or identity are not the stored ones; `Invalid`.
pub(super) fn update(
    env: &Env<'_>,
    current: &Object,
    wanted: &Object,
    part: Part,
) -> Result<Outcome, Status> {
    let kind = current.kind();
    let (meta, stored) = (wanted.meta(), current.meta());
    if wanted.kind() != kind {
        return Err(bad_request("the object provided is unrecognized"));
    }
    if !meta.uid.is_unset() && meta.uid != stored.uid {
        return Err(wrong_uid(kind, &stored.name, (meta.uid, stored.uid)));
    }
    if meta.resource_version == 0 && !strategy::allows_unconditional_update(kind) {
        let missing = FieldError::invalid(
            "metadata.resourceVersion",
            "0x0",
            "must be specified for an update",
        );
        return Err(invalid(kind, &stored.name, &[missing]));
    }
    if meta.resource_version != 0 && meta.resource_version != stored.resource_version {
        return Err(stale(kind, &stored.name));
    }
    let next = match part {
        Part::Main => wanted.clone(),
        Part::Status => {
            let mut next = current.clone();
            strategy::keep_status(&mut next, wanted);
            keep_namespace_spec(&mut next, current);
            keep_annotations(&mut next, wanted);
            next
        }
        Part::Scale => {
            let mut next = current.clone();
            let replicas = strategy::replicas(wanted).unwrap_or(0);
            if !strategy::set_replicas(&mut next, replicas) {
                return Err(no_such_resource());
            }
            next
        }
        Part::Finalize => finalized(current, wanted).ok_or_else(no_such_resource)?,
    };
    complete(env, current, next, part)
}

/// 404 for a subresource that a kind does not have.
pub(super) fn no_such_resource() -> Status {
    let message = arcstr::literal!("the server could not find the requested resource");
    status::refuse(crate::wire::api::StatusReason::NotFound, message)
}

/// `keep_status` takes a namespace's spec along with its status; a status write must not.
fn keep_namespace_spec(next: &mut Object, current: &Object) {
    if let (Object::Namespace(next), Object::Namespace(current)) = (next, current) {
        Arc::make_mut(next).spec = current.spec.clone();
    }
}

/// A Deployment's revision travels with its status: a status write keeps spec and labels as they
/// are, and takes the annotations.
///
/// Source: kubernetes/kubernetes:pkg/registry/apps/deployment/strategy.go
/// (`deploymentStatusStrategy.PrepareForUpdate`).
fn keep_annotations(next: &mut Object, wanted: &Object) {
    if let (Object::Deployment(next), Object::Deployment(wanted)) = (next, wanted) {
        Arc::make_mut(next).metadata.annotations = wanted.metadata.annotations.clone();
    }
}

fn finalized(current: &Object, wanted: &Object) -> Option<Object> {
    let (Object::Namespace(namespace), Object::Namespace(wanted)) = (current, wanted) else {
        return None;
    };
    let mut next = namespace.clone();
    Arc::make_mut(&mut next).spec.finalizers = wanted.spec.finalizers.clone();
    Some(Object::Namespace(next))
}

/// The common end of updates and patches: what the server owns is kept, changes are counted and
/// checked, and an object that only waited for its last finalizer goes.
pub(super) fn complete(
    env: &Env<'_>,
    current: &Object,
    mut next: Object,
    part: Part,
) -> Result<Outcome, Status> {
    keep_system_fields(next.meta_mut(), current.meta());
    if part == Part::Main {
        strategy::keep_status(&mut next, current);
        defaulting::default(&mut next, env.config);
    }
    if next == *current {
        return Ok(Outcome::Unchanged);
    }
    if part != Part::Status {
        let errors = validation::update(&next, current, env.config);
        if !errors.is_empty() {
            return Err(invalid(current.kind(), &current.meta().name, &errors));
        }
        if strategy::counts_generations(current.kind()) && !strategy::same_spec(&next, current) {
            next.meta_mut().generation += 1;
        }
    }
    if is_finished(&next) { Ok(Outcome::Delete(next)) } else { Ok(Outcome::Put(next)) }
}

/// What nobody but the server writes.
fn keep_system_fields(meta: &mut ObjectMeta, stored: &ObjectMeta) {
    meta.name = stored.name.clone();
    meta.namespace = stored.namespace.clone();
    meta.generate_name = stored.generate_name.clone();
    meta.uid = stored.uid;
    meta.resource_version = stored.resource_version;
    meta.generation = stored.generation;
    meta.creation_timestamp = stored.creation_timestamp;
    meta.deletion_timestamp = stored.deletion_timestamp;
    meta.deletion_grace_period_seconds = stored.deletion_grace_period_seconds;
}

/// Whether a deletion has nothing left to wait for.
///
/// Source: kubernetes/apiserver:pkg/registry/generic/registry/store.go,
/// `ShouldDeleteDuringUpdate`; kubernetes/kubernetes:pkg/registry/core/namespace/storage.
pub(crate) fn is_finished(object: &Object) -> bool {
    let meta = object.meta();
    meta.is_terminating()
        && meta.finalizers.is_empty()
        && meta.deletion_grace_period_seconds.unwrap_or(0) == 0
        && namespace_finalizers(object).is_empty()
}

/// The finalizers in a namespace's spec; other kinds have none there.
pub(super) fn namespace_finalizers(object: &Object) -> &[Str] {
    if object.kind() != Kind::Namespace {
        return &[];
    }
    object.as_kind::<crate::api::Namespace>().map_or(&[], |namespace| &namespace.spec.finalizers)
}
