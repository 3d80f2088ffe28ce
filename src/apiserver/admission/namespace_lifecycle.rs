//! `NamespaceLifecycle`: nothing is created in a namespace that is missing or being emptied, and
//! the system's own namespaces stay.
//!
//! Source: kubernetes/apiserver:pkg/admission/plugin/namespace/lifecycle/admission.go.

use crate::api::misc::NamespacePhase;
use crate::api::{Kind, Namespace, Object, ObjectKey};
use crate::wire::api::Status;

use super::super::status::{forbidden, not_found};

/// Namespaces that cannot be deleted.
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// Whether an object of `kind` may be created in this namespace.
///
/// Errors: `NotFound` when there is no such namespace, `Forbidden` when it is being emptied.
pub(crate) fn may_create_in(
    kind: Kind,
    key: &ObjectKey,
    namespace: Option<&Object>,
) -> Result<(), Status> {
    let found = namespace.and_then(|object| object.as_kind::<Namespace>());
    let Some(namespace) = found else {
        return Err(not_found(Kind::Namespace, &key.namespace));
    };
    if namespace.status.phase == NamespacePhase::Active {
        return Ok(());
    }
    let why = format!(
        "unable to create new content in namespace {} because it is being terminated",
        key.namespace
    );
    Err(forbidden(kind, &key.name, &why))
}

/// Whether a namespace may be deleted.
///
/// Errors: `Forbidden` for those that every cluster has.
pub(crate) fn may_delete(kind: Kind, name: &str) -> Result<(), Status> {
    if kind == Kind::Namespace && IMMORTAL.contains(&name) {
        return Err(forbidden(kind, name, "this namespace may not be deleted"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_active_namespace_takes_new_objects() {
        let key = ObjectKey::new("shop", "web");
        let mut namespace = Namespace::default();
        let said = |namespace: Option<Namespace>| {
            let object = namespace.map(Object::from);
            may_create_in(Kind::Pod, &key, object.as_ref()).map_err(|it| it.message.to_string())
        };
        assert_eq!(said(Some(namespace.clone())), Ok(()));
        assert_eq!(said(None), Err("namespaces \"shop\" not found".into()));
        namespace.status.phase = NamespacePhase::Terminating;
        let why = "pods \"web\" is forbidden: unable to create new content in namespace shop because it is being terminated";
        assert_eq!(said(Some(namespace)), Err(why.into()));
    }

    #[test]
    fn the_systems_own_namespaces_stay() {
        assert!(may_delete(Kind::Namespace, "kube-system").is_err());
        assert!(may_delete(Kind::Namespace, "shop").is_ok());
        assert!(may_delete(Kind::Pod, "default").is_ok());
    }
}
