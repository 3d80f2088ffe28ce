//! Where objects lie in etcd.
//!
//! Source: kubernetes/kubernetes:pkg/kubeapiserver/default_storage_factory_builder.go (the
//! special prefixes); `/registry` is `--etcd-prefix`.

use crate::api::{Kind, ObjectKey, Str};
use crate::wire::etcd::Key;

/// The prefix of all objects of a kind, with the last slash.
#[must_use]
pub const fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Namespace => "/registry/namespaces/",
        Kind::Node => "/registry/minions/",
        Kind::Pod => "/registry/pods/",
        Kind::ReplicaSet => "/registry/replicasets/",
        Kind::Deployment => "/registry/deployments/",
        Kind::Service => "/registry/services/specs/",
        Kind::EndpointSlice => "/registry/endpointslices/",
        Kind::Lease => "/registry/leases/",
        Kind::Event => "/registry/events/",
        Kind::ConfigMap => "/registry/configmaps/",
        Kind::Secret => "/registry/secrets/",
        Kind::HorizontalPodAutoscaler => "/registry/horizontalpodautoscalers/",
    }
}

/// The key of one object.
#[must_use]
pub fn key(kind: Kind, object: &ObjectKey) -> Key {
    let prefix = prefix(kind);
    let ObjectKey { namespace, name } = object;
    let mut text = String::with_capacity(prefix.len() + namespace.len() + 1 + name.len());
    text.push_str(prefix);
    if kind.is_namespaced() {
        text.push_str(namespace);
        text.push('/');
    }
    text.push_str(name);
    Key::from(text)
}

/// The prefix of all objects of a kind in one namespace, or in all.
pub(super) fn list_prefix(kind: Kind, namespace: Option<&Str>) -> Key {
    match namespace {
        Some(namespace) => Key::from(format!("{}{namespace}/", prefix(kind))),
        None => Key::from(prefix(kind)),
    }
}

/// Namespace and name from a key below the prefix of `kind`.
pub(super) fn object(kind: Kind, key: &str) -> Option<ObjectKey> {
    let rest = key.strip_prefix(prefix(kind))?;
    if kind.is_namespaced() {
        let (namespace, name) = rest.split_once('/')?;
        Some(ObjectKey::new(namespace, name))
    } else {
        Some(ObjectKey::new("", rest))
    }
}

/// The key that stands for a Service address in use.
///
/// Upstream (since 1.33) keeps an `IPAddress` object there; its existence is the claim.
pub(super) fn address(address: &str) -> Key {
    Key::from(format!("/registry/ipaddresses/{address}"))
}

/// The key that stands for a node port in use.
///
/// Simplified: upstream keeps one bitmap of all ports under `/registry/ranges/servicenodeports`;
/// a key for each gives the same promise without making Services wait for one another.
pub(super) fn node_port(port: i32) -> Key {
    Key::from(format!("/registry/ranges/servicenodeports/{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_where_kubernetes_puts_them_and_read_back() {
        let check = |kind: Kind, namespace: &str, name: &str, want: &str| {
            let object_key = ObjectKey::new(namespace, name);
            assert_eq!(key(kind, &object_key), want);
            assert_eq!(object(kind, want), Some(object_key));
            assert!(want.starts_with(&*list_prefix(kind, None)));
        };
        check(Kind::Pod, "default", "web-1", "/registry/pods/default/web-1");
        check(Kind::Node, "", "n1", "/registry/minions/n1");
        check(Kind::Service, "default", "web", "/registry/services/specs/default/web");
        check(Kind::Lease, "kube-node-lease", "n1", "/registry/leases/kube-node-lease/n1");
        assert_eq!(list_prefix(Kind::Event, Some(&"a".into())), "/registry/events/a/");
    }
}
