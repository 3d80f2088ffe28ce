//! Giving a pod its node: `pods/binding`.
//!
//! Source: kubernetes/kubernetes:pkg/registry/core/pod/storage/storage.go, `BindingREST`.

use std::sync::Arc;

use crate::api::reasons::POD_SCHEDULED;
use crate::api::{Condition, Object, Str, Uid};
use crate::wire::api::Status;

use super::super::status::{conflict, refuse};
use super::{Env, Outcome};

/// How messages name the subresource.
const RESOURCE: &str = "pods/binding";

/// Sets the node and the condition PodScheduled.
///
/// Errors: `Conflict` when the pod is another one, is being deleted, or has a node.
pub(super) fn bind(
    env: &Env<'_>,
    current: &Object,
    uid: Uid,
    node: &Str,
) -> Result<Outcome, Status> {
    let Object::Pod(pod) = current else {
        return Err(refuse(crate::wire::api::StatusReason::BadRequest, "only pods are bound"));
    };
    let name = &pod.metadata.name;
    let refused = |why: String| Err(conflict(RESOURCE, name, &why));
    if !uid.is_unset() && uid != pod.metadata.uid {
        let stored = pod.metadata.uid;
        return refused(format!(
            "Precondition failed: UID in precondition: {uid}, UID in object meta: {stored}"
        ));
    }
    if pod.metadata.is_terminating() {
        return refused(format!("pod {name} is being deleted, cannot be assigned to a host"));
    }
    if !pod.spec.node_name.is_empty() {
        let node = &pod.spec.node_name;
        return refused(format!("pod {name} is already assigned to node \"{node}\""));
    }
    let mut next = pod.clone();
    let bound = Arc::make_mut(&mut next);
    bound.spec.node_name = node.clone();
    bound.metadata.generation += 1;
    let scheduled = Condition::new(POD_SCHEDULED, true, Str::new(), Str::new());
    bound.status.conditions.set(scheduled, env.time());
    Ok(Outcome::Put(Object::Pod(next)))
}
