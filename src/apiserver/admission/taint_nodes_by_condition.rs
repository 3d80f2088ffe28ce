//! `TaintNodesByCondition`: a new node takes no pods until it is known to be ready.
//!
//! The node lifecycle controller removes the taint when the Ready condition turns True.
//! Source: kubernetes/kubernetes:plugin/pkg/admission/nodetaint/admission.go.

use std::sync::Arc;

use crate::api::reasons::TAINT_NOT_READY;
use crate::api::{Object, Taint, TaintEffect};
use crate::wire::api::Status;

use super::Context;

/// Adds the taint `node.kubernetes.io/not-ready:NoSchedule` to a new node.
#[expect(clippy::unnecessary_wraps, reason = "the form of a plugin")]
pub(super) fn admit(_context: &Context<'_>, object: &mut Object) -> Result<(), Status> {
    let Object::Node(node) = object else { return Ok(()) };
    let taints = &mut Arc::make_mut(node).spec.taints;
    let is_known =
        |taint: &Taint| taint.key == TAINT_NOT_READY && taint.effect == TaintEffect::NoSchedule;
    if !taints.iter().any(is_known) {
        let effect = TaintEffect::NoSchedule;
        taints.push(Taint { key: TAINT_NOT_READY, effect, ..Taint::default() });
    }
    Ok(())
}
