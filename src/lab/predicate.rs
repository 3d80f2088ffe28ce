//! Whether something holds now, over the committed truth and what was seen.

use crate::api::Deployment;
use crate::api::EndpointSlice;
use crate::api::Kind;
use crate::api::Node;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::ReplicaSet;
use crate::api::Str;
use crate::api::service::SERVICE_NAME_LABEL;
use crate::observe::Model;
use crate::observe::Observation;
use crate::scenario::expect::event::EventFilter;
use crate::scenario::expect::predicate::{
    Endpoints, Field, HasCondition, Pods, Predicate, Replicas,
};
use crate::scenario::target::Election;
use crate::scenario::values::ObjectRef;

use super::stage::service_key;

/// Whether `predicate` holds, and what was seen (short, for people and programs).
#[must_use]
pub fn holds(predicate: &Predicate, seen: &Observation) -> (bool, String) {
    let model = &seen.model;
    match predicate {
        Predicate::Ready(what) => replicas(what, model, false),
        Predicate::Available(what) => replicas(what, model, true),
        Predicate::RolledOut(what) => rolled_out(&what.of.value, model),
        Predicate::Pods(what) => pods(what, model),
        Predicate::Condition(what) => condition(what, model),
        Predicate::Exists(what) => {
            let found = matching(&what.of.value, model).next().is_some();
            (found, if found { "exists".into() } else { "missing".into() })
        }
        Predicate::Endpoints(what) => endpoints(what, model),
        Predicate::Leader(election) => leader(*election, seen),
        Predicate::Tainted(what) => {
            let node = node(&what.node.value, model);
            let taints = node.map(|node| node.spec.taints.as_slice()).unwrap_or_default();
            let found = taints.iter().any(|taint| {
                taint.key == what.key && what.effect.is_none_or(|effect| effect == taint.effect)
            });
            let names: Vec<&str> = taints.iter().map(|taint| taint.key.as_str()).collect();
            (found, format!("taints [{}]", names.join(", ")))
        }
        Predicate::Cordoned(name) => {
            let cordoned = node(&name.value, model).is_some_and(|node| node.spec.unschedulable);
            (cordoned, format!("unschedulable={cordoned}"))
        }
        Predicate::Event(filter) => {
            let found = model.of::<crate::api::Event>().any(|event| event_fits(filter, event));
            (found, if found { "seen".into() } else { "not seen".into() })
        }
        Predicate::Field(what) => field(what, model),
        Predicate::All(parts) => {
            let failed = parts.iter().map(|part| holds(part, seen)).find(|(held, _)| !held);
            failed.unwrap_or((true, "all hold".into()))
        }
        Predicate::Any(parts) => {
            let all: Vec<(bool, String)> = parts.iter().map(|part| holds(part, seen)).collect();
            match all.iter().find(|(held, _)| *held) {
                Some((_, text)) => (true, text.clone()),
                None => {
                    (false, all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("; "))
                }
            }
        }
        Predicate::Not(part) => {
            let (held, text) = holds(part, seen);
            (!held, text)
        }
    }
}

/// Whether an Event fits a filter.
#[must_use]
pub fn event_fits(filter: &EventFilter, event: &crate::api::Event) -> bool {
    let about = &event.involved_object;
    filter.reason.as_ref().is_none_or(|reason| event.reason == reason.value)
        && filter.kind.is_none_or(|kind| kind == event.kind)
        && filter.contains.as_ref().is_none_or(|part| event.message.contains(part.as_str()))
        && filter
            .about
            .as_ref()
            .is_none_or(|of| of.value.matches(about.kind, &about.namespace, &about.name))
}

/// The objects that a reference means.
fn matching<'a>(of: &'a ObjectRef, model: &'a Model) -> impl Iterator<Item = &'a Object> {
    model.all(of.kind).filter(|object| {
        let meta = object.meta();
        of.matches(of.kind, &meta.namespace, &meta.name)
    })
}

fn one<'a>(of: &ObjectRef, model: &'a Model) -> Option<&'a Object> {
    model.get(of.kind, &ObjectKey::new(of.namespace.as_str(), of.name.as_str()))
}

fn node<'a>(name: &str, model: &'a Model) -> Option<&'a Node> {
    match model.get(Kind::Node, &ObjectKey::new("", name)) {
        Some(Object::Node(node)) => Some(node),
        _ => None,
    }
}

/// Ready or available replicas against the wanted number.
fn replicas(what: &Replicas, model: &Model, available: bool) -> (bool, String) {
    let of = &what.of.value;
    if matches!(of.kind, Kind::Pod | Kind::Node) {
        let all: Vec<bool> = matching(of, model).map(is_ready).collect();
        let ready = all.iter().filter(|ready| **ready).count();
        let wanted = what.replicas.map_or(all.len().max(1), |number| number as usize);
        return (ready >= wanted, format!("ready {ready}/{wanted}"));
    }
    let (have, wants) = match one(of, model) {
        Some(Object::Deployment(deployment)) => {
            let Deployment { spec, status, .. } = deployment.as_ref();
            let have = if available { status.available_replicas } else { status.ready_replicas };
            (have, spec.replicas)
        }
        Some(Object::ReplicaSet(set)) => {
            let ReplicaSet { spec, status, .. } = set.as_ref();
            let have = if available { status.available_replicas } else { status.ready_replicas };
            (have, spec.replicas)
        }
        _ => return (false, "missing".into()),
    };
    let wanted = what.replicas.map_or(i64::from(wants), i64::from);
    let word = if available { "available" } else { "ready" };
    (i64::from(have) >= wanted, format!("{word} {have}/{wanted}"))
}

fn is_ready(object: &Object) -> bool {
    if let Object::Pod(pod) = object {
        return pod.is_ready();
    }
    let Object::Node(node) = object else { return false };
    node.status.conditions.is_true(&crate::api::reasons::READY)
}

/// As `kubectl rollout status` decides.
/// Source: kubernetes/kubectl:pkg/polymorphichelpers/rollout_status.go.
fn rolled_out(of: &ObjectRef, model: &Model) -> (bool, String) {
    let Some(Object::Deployment(deployment)) = one(of, model) else {
        return (false, "missing".into());
    };
    let Deployment { metadata, spec, status } = deployment.as_ref();
    let done = status.observed_generation >= metadata.generation
        && status.updated_replicas >= spec.replicas
        && status.replicas <= status.updated_replicas
        && status.available_replicas >= status.updated_replicas;
    let text = format!(
        "updated {}/{}, available {}, total {}",
        status.updated_replicas, spec.replicas, status.available_replicas, status.replicas
    );
    (done, text)
}

fn within(count: u64, (least, most, exactly): (Option<u64>, Option<u64>, Option<u64>)) -> bool {
    let nothing_said = least.is_none() && most.is_none() && exactly.is_none();
    least.is_none_or(|least| count >= least)
        && most.is_none_or(|most| count <= most)
        && exactly.is_none_or(|exactly| count == exactly)
        && (!nothing_said || count > 0)
}

fn pods(what: &Pods, model: &Model) -> (bool, String) {
    let fits = |pod: &Pod| {
        what.phase.is_none_or(|phase| pod.status.phase == phase)
            && what.ready.is_none_or(|ready| pod.is_ready() == ready)
            && what.on.as_ref().is_none_or(|node| pod.spec.node_name == node.value)
    };
    let every_pod = what.of.is_none() && what.ready.is_none() && what.on.is_none();
    if let (true, Some(phase)) = (every_pod, what.phase) {
        let count = model.in_phase(phase);
        let held = within(count, (what.at_least, what.at_most, what.exactly));
        return (held, format!("{count} pods"));
    }
    let count = match &what.of {
        None => model.of::<Pod>().filter(|pod| fits(pod)).count(),
        Some(of) => pods_of(&of.value, model).into_iter().filter(|pod| fits(pod)).count(),
    };
    let count = count as u64;
    (within(count, (what.at_least, what.at_most, what.exactly)), format!("{count} pods"))
}

/// The pods that a reference means: pods by name, or those of every object it names.
fn pods_of<'a>(of: &ObjectRef, model: &'a Model) -> Vec<&'a Pod> {
    if of.kind == Kind::Namespace {
        let namespace = Str::from(of.name.as_str());
        return model.of::<Pod>().filter(|pod| pod.metadata.namespace == namespace).collect();
    }
    if of.kind == Kind::Pod {
        let named = |pod: &&Pod| of.matches(Kind::Pod, &pod.metadata.namespace, &pod.metadata.name);
        return model.of::<Pod>().filter(named).collect();
    }
    let keys: Vec<ObjectKey> = matching(of, model).map(Object::key).collect();
    keys.iter().flat_map(|key| model.pods_of(of.kind, key)).collect()
}

fn condition(what: &HasCondition, model: &Model) -> (bool, String) {
    let Some(object) = one(&what.of.value, model) else { return (false, "missing".into()) };
    let conditions = match object {
        Object::Pod(pod) => &pod.status.conditions,
        Object::Node(node) => &node.status.conditions,
        Object::Deployment(deployment) => &deployment.status.conditions,
        Object::ReplicaSet(set) => &set.status.conditions,
        Object::HorizontalPodAutoscaler(scaler) => &scaler.status.conditions,
        Object::Namespace(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_) => return (false, "no conditions".into()),
    };
    match conditions.get(&what.kind) {
        None => (false, format!("{} unset", what.kind)),
        Some(found) => {
            let fits = found.status == what.is
                && what.reason.as_ref().is_none_or(|reason| found.reason == reason.as_str());
            (fits, format!("{}={:?} ({})", what.kind, found.status, found.reason))
        }
    }
}

fn endpoints(what: &Endpoints, model: &Model) -> (bool, String) {
    let key = service_key(&what.service.value);
    let ready: usize = model
        .of::<EndpointSlice>()
        .filter(|slice| {
            slice.metadata.namespace == key.namespace
                && slice.metadata.labels.get(&SERVICE_NAME_LABEL) == Some(&key.name)
        })
        .map(|slice| slice.endpoints.iter().filter(|endpoint| endpoint.conditions.ready).count())
        .sum();
    let count = ready as u64;
    (within(count, (what.at_least, what.at_most, what.exactly)), format!("{count} ready endpoints"))
}

fn leader(election: Election, seen: &Observation) -> (bool, String) {
    let leader = match election {
        Election::Etcd => seen.metrics.raft_leader_known(),
        Election::Scheduler => seen.metrics.lease_leader("kube-scheduler"),
        Election::ControllerManager => seen.metrics.lease_leader("kube-controller-manager"),
    };
    match leader {
        Some(name) => (true, format!("leader {name}")),
        None => (false, "no leader".into()),
    }
}

fn field(what: &Field, model: &Model) -> (bool, String) {
    let Some(object) = one(&what.of.value, model) else { return (false, "missing".into()) };
    let json = object.to_json();
    let mut at = &json;
    for part in what.path.value.split('.') {
        let (name, indexes) = part.split_once('[').map_or((part, ""), |(name, rest)| (name, rest));
        at = &at[name];
        for index in
            indexes.split('[').filter_map(|text| text.trim_end_matches(']').parse::<usize>().ok())
        {
            at = &at[index];
        }
    }
    let text = at.as_str().map_or_else(|| at.to_string(), str::to_owned);
    (text == what.is.0, format!("{} = {text}", what.path.value))
}
