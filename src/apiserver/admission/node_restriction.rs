//! `NodeRestriction`: a kubelet touches only its own node and the pods bound to it.
//!
//! The authorizer judges by names; this plugin judges by the stored object.
//! Source: kubernetes/kubernetes:plugin/pkg/admission/noderestriction/admission.go.

use crate::api::{Kind, Object};
use crate::wire::api::Status;

use super::super::authenticate::Identity;
use super::super::status::forbidden;

/// Whether this user may create `object`.
///
/// Errors: `Forbidden` for a kubelet that reaches beyond its node.
pub(crate) fn may_create(who: &Identity, object: &Object) -> Result<(), Status> {
    let Some(node) = who.node() else { return Ok(()) };
    let name = &object.meta().name;
    match object {
        Object::Node(_) if name != node => Err(forbidden(
            Kind::Node,
            name,
            &format!("node \"{node}\" is not allowed to modify node \"{name}\""),
        )),
        Object::Pod(pod) if pod.spec.node_name != node => Err(forbidden(
            Kind::Pod,
            name,
            &format!("node \"{node}\" can only create pods with spec.nodeName set to itself"),
        )),
        Object::Node(_)
        | Object::Pod(_)
        | Object::Namespace(_)
        | Object::ReplicaSet(_)
        | Object::Deployment(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_)
        | Object::HorizontalPodAutoscaler(_) => Ok(()),
    }
}

/// Whether this user may change or delete `current`.
///
/// Errors: `Forbidden` for a kubelet that reaches beyond its node.
pub(crate) fn may_change(who: &Identity, verb: &str, current: &Object) -> Result<(), Status> {
    let Some(node) = who.node() else { return Ok(()) };
    let Object::Pod(pod) = current else { return Ok(()) };
    if pod.spec.node_name == node {
        return Ok(());
    }
    let what = if verb == "delete" { "delete pods" } else { "update pod status for pods" };
    let why = format!("node \"{node}\" can only {what} with spec.nodeName set to itself");
    Err(forbidden(Kind::Pod, &pod.metadata.name, &why))
}

#[cfg(test)]
mod tests {
    use super::super::super::authenticate::authenticate;
    use super::*;
    use crate::api::Pod;

    #[test]
    fn a_kubelet_reaches_only_its_own_pods() {
        let mut pod = Pod::default();
        pod.spec.node_name = "n1".into();
        let pod = pod.into();
        let may = |user: &'static str| {
            let who = authenticate(&user.into()).expect("a name");
            may_change(&who, "delete", &pod).is_ok()
        };
        assert!(may("system:node:n1") && !may("system:node:n2"));
        assert!(may("system:kube-scheduler"));
    }
}
