//! `Priority`: the name of a priority class becomes a number.
//!
//! Simplified: PriorityClass objects are not simulated, so only the two classes that every
//! cluster has are known; a pod that names another class keeps the number it brings.
//! Source: kubernetes/kubernetes:plugin/pkg/admission/priority/admission.go,
//! pkg/apis/scheduling/v1/helpers.go.

use std::sync::Arc;

use crate::api::{Kind, Object};
use crate::wire::api::Status;

use super::super::status::forbidden;
use super::Context;

/// The two classes that every cluster has.
const SYSTEM_CLASSES: [(&str, i32); 2] =
    [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

/// Sets the number that goes with the class.
///
/// Errors: `Forbidden` for a class that nobody knows, when no number is given either.
pub(super) fn admit(_context: &Context<'_>, object: &mut Object) -> Result<(), Status> {
    let Object::Pod(pod) = object else { return Ok(()) };
    let class = &pod.spec.priority_class_name;
    if class.is_empty() {
        return Ok(());
    }
    match SYSTEM_CLASSES.iter().find(|(name, _)| *name == class.as_str()) {
        Some((_, priority)) => Arc::make_mut(pod).spec.priority = *priority,
        None if pod.spec.priority == 0 => {
            let why = format!("no PriorityClass with name {class} was found");
            return Err(forbidden(Kind::Pod, &pod.metadata.name, &why));
        }
        None => {}
    }
    Ok(())
}
