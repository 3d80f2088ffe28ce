//! Whether an object is in the scope of a list or a watch.

use crate::api::Object;
use crate::wire::api::{FieldSelector, Scope};

/// Whether `object` is in `scope`.
pub(crate) fn matches(scope: &Scope, object: &Object) -> bool {
    let meta = object.meta();
    in_namespace(scope, object)
        && scope.labels.as_ref().is_none_or(|selector| selector.matches(&meta.labels))
        && match &scope.field {
            None => true,
            Some(FieldSelector::Name(name)) => meta.name == *name,
            Some(FieldSelector::NodeName(node)) => {
                matches!(object, Object::Pod(pod) if pod.spec.node_name == *node)
            }
        }
}

/// Whether `object` lies in the namespace of `scope`.
pub(crate) fn in_namespace(scope: &Scope, object: &Object) -> bool {
    scope.namespace.as_ref().is_none_or(|namespace| *namespace == object.meta().namespace)
}

/// Whether `scope` asks for more than a namespace.
pub(crate) const fn is_picky(scope: &Scope) -> bool {
    scope.labels.is_some() || scope.field.is_some()
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
