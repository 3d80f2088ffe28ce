//! Any object: one shared pointer, whatever the kind.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::autoscaling::HorizontalPodAutoscaler;
use super::kind::Kind;
use super::meta::{ObjectKey, ObjectMeta};
use super::misc::{ConfigMap, Event, Lease, Namespace, Secret};
use super::node::Node;
use super::pod::Pod;
use super::service::{EndpointSlice, Service};
use super::workload::{Deployment, ReplicaSet};

/// What all kinds have in common.
pub trait Resource: Clone + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// The kind.
    const KIND: Kind;
    /// The metadata.
    fn meta(&self) -> &ObjectMeta;
    /// The metadata, to change (in a value that is not shared yet).
    fn meta_mut(&mut self) -> &mut ObjectMeta;
    /// Any object as this kind, if it is one.
    fn of(object: &Object) -> Option<&Arc<Self>>;
    /// This kind as any object.
    fn into_object(self: Arc<Self>) -> Object;

    /// Namespace and name.
    fn key(&self) -> ObjectKey {
        self.meta().key()
    }
}

macro_rules! kinds {
    ($($kind:ident),* $(,)?) => {
        /// Any object. Cloning copies a pointer; the value behind it never changes.
        ///
        /// The JSON form is Kubernetes' own, tagged by `kind` (and `apiVersion`, see
        /// [`Object::to_json`]).
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Object {
            $(#[doc = concat!("A ", stringify!($kind), ".")] $kind(Arc<$kind>),)*
        }

        impl Object {
            /// The kind.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self { $(Object::$kind(_) => Kind::$kind,)* }
            }

            /// The metadata.
            #[must_use]
            pub fn meta(&self) -> &ObjectMeta {
                match self { $(Object::$kind(object) => &object.metadata,)* }
            }

            /// The metadata, to change; copies the object when it is shared.
            pub fn meta_mut(&mut self) -> &mut ObjectMeta {
                match self { $(Object::$kind(object) => &mut Arc::make_mut(object).metadata,)* }
            }

            /// Reads the JSON form of a given kind.
            ///
            /// Errors: the JSON does not have the shape of `kind`.
            pub fn from_json(kind: Kind, json: serde_json::Value) -> Result<Object, serde_json::Error> {
                Object::deserialize_as(kind, json)
            }

            /// Reads an object of a given kind from any deserializer (its `kind` and
            /// `apiVersion` fields are ignored).
            ///
            /// Errors: as the deserializer finds.
            pub fn deserialize_as<'de, D: serde::Deserializer<'de>>(kind: Kind, from: D) -> Result<Object, D::Error> {
                Ok(match kind {
                    $(Kind::$kind => Object::$kind(Arc::new($kind::deserialize(from)?)),)*
                })
            }
        }

        $(
            impl Resource for $kind {
                const KIND: Kind = Kind::$kind;
                fn meta(&self) -> &ObjectMeta { &self.metadata }
                fn meta_mut(&mut self) -> &mut ObjectMeta { &mut self.metadata }
                fn of(object: &Object) -> Option<&Arc<Self>> {
                    if let Object::$kind(found) = object { Some(found) } else { None }
                }
                fn into_object(self: Arc<Self>) -> Object { Object::$kind(self) }
            }

            impl From<$kind> for Object {
                fn from(object: $kind) -> Object { Object::$kind(Arc::new(object)) }
            }

            impl From<Arc<$kind>> for Object {
                fn from(object: Arc<$kind>) -> Object { Object::$kind(object) }
            }
        )*
    };
}

kinds!(
    Namespace,
    Node,
    Pod,
    ReplicaSet,
    Deployment,
    Service,
    EndpointSlice,
    Lease,
    Event,
    ConfigMap,
    Secret,
    HorizontalPodAutoscaler,
);

impl Object {
    /// Namespace and name.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        self.meta().key()
    }

    /// This object as one kind.
    #[must_use]
    pub fn as_kind<R: Resource>(&self) -> Option<&Arc<R>> {
        R::of(self)
    }

    /// Kubernetes' JSON form, with `apiVersion` and `kind`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::to_value(self).unwrap_or_default();
        if let Some(map) = json.as_object_mut() {
            map.insert("apiVersion".into(), self.kind().api_version().into());
        }
        json
    }

    /// About how many bytes the object takes in etcd.
    ///
    /// Simplified: a typical size by kind; nobody serialises objects inside a run.
    #[must_use]
    pub const fn typical_size(&self) -> usize {
        match self.kind() {
            Kind::Pod => 2_400,
            Kind::Node => 3_000,
            Kind::ReplicaSet | Kind::Deployment => 1_600,
            Kind::EndpointSlice => 4_000,
            Kind::Event => 700,
            Kind::Lease => 300,
            Kind::Service | Kind::HorizontalPodAutoscaler => 900,
            Kind::Namespace | Kind::ConfigMap | Kind::Secret => 500,
        }
    }

    /// Whether two objects are one and the same value in memory (a cheap "nothing changed").
    #[must_use]
    pub fn same(&self, other: &Object) -> bool {
        self.kind() == other.kind() && std::ptr::eq(self.meta(), other.meta())
    }
}

/// An object stays two words wide, since lists of 150,000 of them are common.
const _: () = assert!(std::mem::size_of::<Object>() == 16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_survives_its_json() {
        let json = serde_json::json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "web", "namespace": "default", "labels": {"app": "web"}},
            "spec": {"containers": [{"name": "c", "image": "nginx", "resources": {"requests": {"cpu": "100m"}}}]},
        });
        let pod: Object = serde_json::from_value(json).expect("a pod");
        assert_eq!(pod.kind(), Kind::Pod);
        assert_eq!(pod.key().to_string(), "default/web");
        let again: Object = serde_json::from_value(pod.to_json()).expect("the same pod");
        assert_eq!(pod, again);
    }

    #[test]
    fn changing_a_shared_object_leaves_the_other_alone() {
        let one: Object = Pod::default().into();
        let mut two = one.clone();
        assert!(one.same(&two));
        two.meta_mut().name = "other".into();
        assert!(!one.same(&two) && one.meta().name.is_empty());
    }
}
