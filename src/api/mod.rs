//! Kubernetes objects: the nouns of the whole play.
//!
//! The types have the shape and the JSON form of Kubernetes' own API (`serde`), cut down to the
//! fields that Prova simulates. An [`Object`] is one shared pointer to an immutable value:
//! cloning it copies the pointer, and changing an object means making a new one.
//!
//! | file | what lives there |
//! |---|---|
//! | `kind` | [`Kind`]: group, version, plural, scope |
//! | `object` | [`Object`], [`Resource`]: any object, and what all have in common |
//! | `meta` | names, uids, versions, owners, time |
//! | `labels` | label sets and selectors in manifests |
//! | `selector` | selectors as people type them |
//! | `names` | what may be a name |
//! | `quantity` | `100m`, `64Mi` |
//! | `intstr` | "25%" or 3 |
//! | `conditions` | status conditions |
//! | `pod` `pod_status` `node` `workload` `service` `autoscaling` `misc` | the kinds |
//! | `node_selector` `toleration` | which node suits which pod |
//! | `reasons` | reasons, conditions, taints and labels, each spelled once |
//!
//! Floor: 1
//! Imports: kernel

pub mod autoscaling;
pub mod conditions;
pub mod intstr;
pub mod kind;
pub mod labels;
pub mod meta;
pub mod misc;
pub mod names;
pub mod node;
pub mod node_selector;
pub mod object;
pub mod pod;
pub mod pod_status;
pub mod quantity;
pub mod reasons;
pub mod selector;
pub mod service;
pub mod toleration;
pub mod workload;

pub use autoscaling::HorizontalPodAutoscaler;
pub use conditions::{Condition, ConditionStatus, Conditions};
pub use intstr::IntOrString;
pub use kind::Kind;
pub use labels::{LabelSelector, Labels, Operator, Requirement};
pub use meta::{ObjectKey, ObjectMeta, OwnerReference, Str, Time, Uid};
pub use misc::{ConfigMap, Event, EventType, Lease, Namespace, ObjectReference, Secret};
pub use node::{Node, Taint, TaintEffect};
pub use object::{Object, Resource};
pub use pod::{Container, Pod, PodPhase, PodSpec, PodStatus, PodTemplateSpec, Toleration};
pub use quantity::{Quantity, ResourceList};
pub use service::{EndpointSlice, Service};
pub use workload::{Deployment, ReplicaSet};
