//! Whether an object is in the scope of a list or a watch.

use crate::api::Object;
use crate::wire::api::{FieldSelector, Scope};

/// Whether `object` is in `scope`.
pub(crate) fn matches(scope: &Scope, object: &Object) -> bool {
    let meta = object.meta();
    scope.namespace.as_ref().is_none_or(|namespace| *namespace == meta.namespace)
        && scope.labels.as_ref().is_none_or(|selector| selector.matches(&meta.labels))
        && match &scope.field {
            None => true,
            Some(FieldSelector::Name(name)) => meta.name == *name,
            Some(FieldSelector::NodeName(node)) => {
                matches!(object, Object::Pod(pod) if pod.spec.node_name == *node)
            }
        }
}

/// Whether every object is in `scope`.
pub(crate) const fn is_everything(scope: &Scope) -> bool {
    scope.namespace.is_none() && scope.labels.is_none() && scope.field.is_none()
}

/// A copy of `object` with this version.
pub(crate) fn stamped(object: &Object, version: u64) -> Object {
    let mut object = object.clone();
    object.meta_mut().resource_version = version;
    object
}
