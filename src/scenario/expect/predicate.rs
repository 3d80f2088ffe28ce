//! What can be true of a cluster at a moment.
//!
//! A predicate here is data; `observe` answers it over the objects of the API server and over what
//! it has seen. Predicates about the past (`event`) become true once and stay true.

use serde::Deserialize;

use super::event::EventFilter;
use crate::api::{ConditionStatus, PodPhase, TaintEffect};
use crate::scenario::check::Check;
use crate::scenario::target::Election;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// What can be true at a moment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// So many pods of a Deployment or ReplicaSet (or the pod, or the node) are ready.
    Ready(Replicas),
    /// So many pods of a Deployment or ReplicaSet have been ready for `minReadySeconds`.
    Available(Replicas),
    /// A Deployment has nothing but updated, available pods.
    RolledOut(Whose),
    /// So many pods of an object, in a phase, on a machine.
    Pods(Pods),
    /// A status condition has a value.
    Condition(HasCondition),
    /// There is such an object.
    Exists(Whose),
    /// So many ready addresses stand behind a Service.
    Endpoints(Endpoints),
    /// Exactly one leads, and the others (or the API server) know it.
    Leader(Election),
    /// A machine has a taint.
    Tainted(Tainted),
    /// Pods may not be placed on a machine (`spec.unschedulable`).
    Cordoned(Spanned<String>),
    /// Such an Event has been seen.
    Event(EventFilter),
    /// A field of an object, in Kubernetes' JSON form, has a value.
    Field(Field),
    /// All of these hold.
    All(Vec<Predicate>),
    /// At least one of these holds.
    Any(Vec<Predicate>),
    /// This does not hold.
    Not(Box<Predicate>),
}

/// An object and a number of replicas.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Replicas {
    /// Which object.
    pub of: Spanned<ObjectRef>,
    /// At least how many. Default: as many as it wants (`spec.replicas`).
    #[serde(default)]
    pub replicas: Option<u32>,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Whose {
    /// Which object.
    pub of: Spanned<ObjectRef>,
}

/// A number of pods.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pods {
    /// Whose: a Deployment, ReplicaSet or Service, a namespace, or pods by name.
    /// Default: all pods of the cluster.
    #[serde(default)]
    pub of: Option<Spanned<ObjectRef>>,
    /// In this phase. Default: in any.
    #[serde(default)]
    pub phase: Option<PodPhase>,
    /// Ready or not. Default: both.
    #[serde(default)]
    pub ready: Option<bool>,
    /// On this machine. Default: on any or none.
    #[serde(default)]
    pub on: Option<Spanned<String>>,
    /// At least so many.
    #[serde(default)]
    pub at_least: Option<u64>,
    /// At most so many.
    #[serde(default)]
    pub at_most: Option<u64>,
    /// Exactly so many.
    #[serde(default)]
    pub exactly: Option<u64>,
}

/// A condition of an object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct HasCondition {
    /// Which object.
    pub of: Spanned<ObjectRef>,
    /// The condition, such as `Ready`.
    pub kind: String,
    /// Its value.
    pub is: ConditionStatus,
    /// Its reason. Default: any.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A number of addresses behind a Service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Endpoints {
    /// Which Service: `frontend` or `shop/frontend`.
    pub service: Spanned<String>,
    /// At least so many.
    #[serde(default)]
    pub at_least: Option<u64>,
    /// At most so many.
    #[serde(default)]
    pub at_most: Option<u64>,
    /// Exactly so many.
    #[serde(default)]
    pub exactly: Option<u64>,
}

/// A taint of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Tainted {
    /// Which machine.
    pub node: Spanned<String>,
    /// The key of the taint.
    pub key: String,
    /// Its effect. Default: any.
    #[serde(default)]
    pub effect: Option<TaintEffect>,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Field {
    /// Which object.
    pub of: Spanned<ObjectRef>,
    /// The way to the field: `status.readyReplicas`, `spec.template.spec.containers[0].image`.
    pub path: Spanned<String>,
    /// Its value as text.
    pub is: crate::scenario::file::Scalar,
}

impl Predicate {
    /// Checks every name in it.
    pub(in crate::scenario) fn check(&self, check: &mut Check<'_>) {
        match self {
            Predicate::Ready(what) | Predicate::Available(what) => check.object(&what.of),
            Predicate::RolledOut(what) => check.deployment(&what.of),
            Predicate::Exists(what) => check.object(&what.of),
            Predicate::Pods(pods) => {
                if let Some(of) = &pods.of {
                    check.object(of);
                }
                if let Some(node) = &pods.on {
                    check.node(node);
                }
                check.bounds([pods.at_least, pods.at_most, pods.exactly]);
            }
            Predicate::Condition(condition) => check.object(&condition.of),
            Predicate::Endpoints(endpoints) => {
                check.service(&endpoints.service);
                check.bounds([endpoints.at_least, endpoints.at_most, endpoints.exactly]);
            }
            Predicate::Leader(_) => {}
            Predicate::Tainted(tainted) => check.node(&tainted.node),
            Predicate::Cordoned(node) => check.node(node),
            Predicate::Event(filter) => filter.check(check),
            Predicate::Field(field) => check.object(&field.of),
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter().for_each(|part| part.check(check));
            }
            Predicate::Not(part) => part.check(check),
        }
    }
}
