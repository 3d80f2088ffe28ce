//! Node lifecycle controller: decides that a node is gone, and says so in conditions and taints.
//!
//! | file | what lives there |
//! |---|---|
//! | `health` | how long a node may be silent, and its conditions when it is |
//! | `zone` | how fast the nodes of a zone may be emptied |
//! | `taints` | which taints the conditions ask for |
//! | `config` | the flags |
//!
//! The death of a node, step by step: its Lease is no longer renewed; 50 s later a look at all
//! nodes (every 5 s) finds it silent and writes its conditions as Unknown; at once the taint
//! `unreachable:NoSchedule` keeps new pods away and the node's pods are marked as not ready, so
//! that Services drop them; when its turn has come (one node in 10 s and zone) the taint
//! `unreachable:NoExecute` is added, and the taint eviction controller ends the pods as their
//! tolerations allow. Steps follow one another only through objects, never by a call.
//!
//! Soft state: when each node was last heard of, which nodes have been told of, whose pods must
//! still be marked, how the zones are. A new manager gives every node a whole grace period.
//!
//! Simplified: upstream's pools of workers (8 for nodes, 4 for pods, 30 for the monitor) are one;
//! a failed write of a status is tried again by the queue instead of five times in place; labels
//! for operating system and architecture are not reconciled.
//!
//! Source: kubernetes/kubernetes:pkg/controller/nodelifecycle/node_lifecycle_controller.go.

mod config;
pub mod health;
pub mod taints;
pub mod zone;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::conditions::ConditionStatus;
use crate::api::reasons::{NS_KUBE_NODE_LEASE, READY};
use crate::api::{Kind, Lease, Node, ObjectKey, ObjectReference, Pod, Resource, Str, Uid};
use crate::kernel::Span;
use crate::wire::api::{ApiCall, Part, Patch};

use super::caches::Change;
use super::reconcile::{Answer, Controller, Plan, Queue, Said, View, is_failure};
pub use config::Config;
use health::Health;
use taints::NoExecute;
use zone::{Count, Token, Turn, Zone, Zones};

/// How many keys are worked on at once.
/// Source: kubernetes/kubernetes:pkg/controller/nodelifecycle/node_lifecycle_controller.go
/// `scheduler.UpdateWorkerSize`.
const WORKERS: u32 = 30;
/// How often upstream looks whose turn it is to be emptied.
/// Source: kubernetes/kubernetes:pkg/controller/nodelifecycle/scheduler/timed_workers.go
/// `NodeEvictionPeriod`.
const NODE_EVICTION_PERIOD: Span = Span::millis(100);

const NODE_NOT_READY: Str = arcstr::literal!("NodeNotReady");
const REGISTERED_NODE: Str = arcstr::literal!("RegisteredNode");
const REMOVING_NODE: Str = arcstr::literal!("RemovingNode");

/// The node lifecycle controller.
#[derive(Clone, Debug, Default)]
pub struct NodeLifecycleController {
    nodes: BTreeMap<Str, Known>,
    /// Nodes that are gone and have not been told of.
    gone: BTreeMap<Str, Uid>,
    zones: Zones,
}

/// What is remembered of a node.
#[derive(Clone, Debug)]
struct Known {
    health: Health,
    zone: Zone,
    /// Whether the node has been told of.
    registered: bool,
    /// Its NoExecute taints must come off, whatever its conditions say.
    clear: bool,
    /// Its pods could not all be marked.
    marks_missing: bool,
}

/// What there is to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The health of a node.
    Health(Str),
    /// The NoSchedule taints of a node.
    NoSchedule(Str),
    /// Whose turn it is in a zone to get a NoExecute taint.
    Turn(Zone),
    /// A pod that came to a node that is not ready.
    Pod(ObjectKey),
}

/// What the calls under way are for.
#[derive(Clone, Debug)]
pub enum Doing {
    /// The node's conditions are written; before, its Ready condition was this.
    Write(ConditionStatus),
    /// These pods are marked as not ready.
    Mark {
        /// The pods.
        pods: Vec<Arc<Pod>>,
        /// Calls that stand before those of the pods.
        first: usize,
    },
    /// A node gets its NoExecute taint.
    Taint(Str),
}

impl Controller for NodeLifecycleController {
    type Key = Key;
    type Progress = Doing;

    const NAME: &'static str = "node-lifecycle-controller";
    const EVENT_SOURCE: &'static str = "node-controller";
    const KINDS: &'static [Kind] = &[Kind::Node, Kind::Pod];

    fn new(_config: &super::Config) -> Self {
        NodeLifecycleController::default()
    }

    fn workers(_config: &super::Config) -> u32 {
        WORKERS
    }

    fn period(config: &super::Config) -> Option<Span> {
        Some(config.node_lifecycle.monitor_period)
    }

    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, Key>) {
        if let Some((old, new)) = change.of::<Node>() {
            match (old, new) {
                (Some(old), None) => self.forget(old),
                (_, Some(node)) => self.node_changed(view, node, queue),
                (None, None) => {}
            }
        } else if let Some((old, Some(pod))) = change.of::<Pod>() {
            let moved = old.is_none_or(|old| old.spec.node_name != pod.spec.node_name);
            if moved && belongs_to_lost_node(view, pod) {
                queue.add(Key::Pod(pod.key()));
            }
        }
    }

    fn tick(&mut self, view: &View<'_>, queue: &mut Queue<'_, Key>) {
        self.gone.keys().for_each(|name| queue.add(Key::Health(name.clone())));
        let counts = self.look_at_all(view, queue);
        match self.zones.judge(&counts, &view.config.node_lifecycle, view.now.0) {
            Turn::None => {}
            Turn::AllDown => self.stop_emptying(view, queue),
            Turn::Recovered => {
                self.nodes.values_mut().for_each(|known| known.health.restart(view.now));
            }
        }
        for zone in counts.keys() {
            if self.zones.queue(zone).is_some_and(|waiting| waiting.head().is_some()) {
                queue.add(Key::Turn(zone.clone()));
            }
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &Key) -> Plan<Doing> {
        match key {
            Key::Health(name) => self.check(view, name),
            Key::NoSchedule(name) => match node(view, name) {
                Some(node) => Plan::last(taints::call(node, taints::no_schedule(node, view.now))),
                None => Plan::done(),
            },
            Key::Turn(zone) => self.take_turn(view, zone),
            Key::Pod(key) => match view.caches.get::<Pod>(key) {
                Some(pod) if belongs_to_lost_node(view, pod) => {
                    mark(view, Vec::new(), vec![pod.clone()])
                }
                Some(_) | None => Plan::done(),
            },
        }
    }

    fn resume(
        &mut self,
        view: &View<'_>,
        key: &Key,
        progress: Doing,
        answers: Vec<Answer>,
    ) -> Plan<Doing> {
        match (progress, key) {
            (Doing::Write(before), Key::Health(name)) => {
                if answers.iter().any(is_failure) {
                    return Plan::retry();
                }
                self.follow_up(view, name, (before, ConditionStatus::Unknown), Vec::new())
            }
            (Doing::Mark { pods, first }, key) => {
                let answers = &answers[first.min(answers.len())..];
                if let Key::Health(name) = key
                    && let Some(known) = self.nodes.get_mut(name)
                {
                    known.marks_missing = answers.iter().any(is_failure);
                }
                let marked = pods.iter().zip(answers).filter(|(_, answer)| answer.is_ok());
                Plan::done().saying(marked.map(|(pod, _)| pod_not_ready(pod)).collect())
            }
            (Doing::Taint(name), Key::Turn(zone)) => {
                let Some(waiting) = self.zones.queue(zone) else { return Plan::done() };
                if answers.iter().any(is_failure) {
                    waiting.again(name);
                }
                match waiting.head() {
                    Some(_) => Plan::done_until(NODE_EVICTION_PERIOD),
                    None => Plan::done(),
                }
            }
            (Doing::Write(_) | Doing::Taint(_), _) => Plan::done(),
        }
    }
}

impl NodeLifecycleController {
    /// How the zones were last judged.
    pub fn zones(&self) -> impl Iterator<Item = (&Zone, zone::ZoneState)> {
        self.zones.states()
    }

    fn forget(&mut self, node: &Node) {
        let name = &node.metadata.name;
        if let Some(known) = self.nodes.remove(name) {
            if let Some(waiting) = self.zones.queue(&known.zone) {
                waiting.remove(name);
            }
            if known.registered {
                self.gone.insert(name.clone(), node.metadata.uid);
            }
        }
    }

    fn node_changed(&mut self, view: &View<'_>, node: &Node, queue: &mut Queue<'_, Key>) {
        let name = &node.metadata.name;
        if !taints::no_schedule(node, view.now).is_empty() {
            queue.add(Key::NoSchedule(name.clone()));
        }
        let Some(known) = self.nodes.get_mut(name) else { return };
        let zone = Zone::of(node);
        if zone != known.zone {
            if let Some(waiting) = self.zones.queue(&known.zone) {
                waiting.remove(name);
            }
            self.zones.ensure(&zone, &view.config.node_lifecycle);
            known.zone = zone;
        }
        // Only this controller writes Unknown: the node begins to wait without another look.
        let unknown = ConditionStatus::Unknown;
        if node.status.conditions.status(&READY) == Some(unknown)
            && taints::no_execute(node, unknown, view.now) == NoExecute::Wait
            && self.zones.queue(&known.zone).is_some_and(|waiting| waiting.add(name))
        {
            queue.add(Key::Turn(known.zone.clone()));
        }
    }

    /// Looks at every node and wants those to be worked on of which something must be written.
    fn look_at_all(
        &mut self,
        view: &View<'_>,
        queue: &mut Queue<'_, Key>,
    ) -> BTreeMap<Zone, Count> {
        let config = &view.config.node_lifecycle;
        let mut counts: BTreeMap<Zone, Count> = BTreeMap::new();
        let namespace = NS_KUBE_NODE_LEASE;
        // Nodes and Leases both come in the order of their names.
        let mut leases = view.caches.in_namespace::<Lease>(&namespace).peekable();
        for node in view.caches.all::<Node>().iter() {
            let name = &node.metadata.name;
            while leases.next_if(|lease| lease.metadata.name < *name).is_some() {}
            let lease = leases.next_if(|lease| lease.metadata.name == *name);
            let (known, zones) = (look(&mut self.nodes, view, node, lease), &mut self.zones);
            let written = node.status.conditions.status(&READY);
            let silent = known.health.is_silent(config, view.now);
            let ready = if silent { Some(ConditionStatus::Unknown) } else { written };
            if !known.registered {
                zones.ensure(&known.zone, config);
            }
            let mut work = !known.registered || known.marks_missing || known.clear;
            work |= silent && written != Some(ConditionStatus::Unknown);
            if node.metadata.labels.get(&zone::LABEL_EXCLUDE_DISRUPTION).is_none() {
                match counts.get_mut(&known.zone) {
                    Some(count) => count.add(ready),
                    None => counts.entry(known.zone.clone()).or_default().add(ready),
                }
            }
            // A node whose conditions are only about to be written would have its turn too early.
            if let (Some(ready), Some(waiting)) = (ready, zones.queue(&known.zone))
                && written == Some(ready)
            {
                work |= decide(view, node, ready, waiting);
            }
            if work {
                queue.add(Key::Health(name.clone()));
            }
        }
        counts
    }

    /// All zones are down: nobody waits any longer, and NoExecute taints come off.
    fn stop_emptying(&mut self, view: &View<'_>, queue: &mut Queue<'_, Key>) {
        for node in view.caches.all::<Node>().iter() {
            let name = &node.metadata.name;
            let Some(known) = self.nodes.get_mut(name) else { continue };
            if let Some(waiting) = self.zones.queue(&known.zone) {
                waiting.remove(name);
            }
            if !taints::cleared(node).is_empty() {
                known.clear = true;
                queue.add(Key::Health(name.clone()));
            }
        }
    }

    /// Does what the last look at a node asked for.
    fn check(&mut self, view: &View<'_>, name: &Str) -> Plan<Doing> {
        let mut events = Vec::new();
        if let Some(uid) = self.gone.remove(name) {
            let message = format!("Node {name} event: Removing Node {name} from Controller");
            events.push(Said::normal(reference(name, uid), REMOVING_NODE, message));
        }
        let (Some(node), Some(known)) = (node(view, name), self.nodes.get_mut(name)) else {
            return Plan::done().saying(events);
        };
        if !known.registered {
            known.registered = true;
            known.clear = !taints::cleared(node).is_empty();
            let message = format!("Node {name} event: Registered Node {name} in Controller");
            let about = reference(name, node.metadata.uid);
            events.push(Said::normal(about, REGISTERED_NODE, message));
        }
        let before = node.status.conditions.status(&READY).unwrap_or(ConditionStatus::Unknown);
        if known.health.is_silent(&view.config.node_lifecycle, view.now)
            && let Some(conditions) = health::unknown_conditions(node, view.now)
        {
            let mut silent = Node::clone(node);
            silent.status.conditions = conditions;
            let write =
                ApiCall::Update { object: Arc::new(silent).into_object(), part: Part::Status };
            return Plan::then(vec![write], Doing::Write(before)).saying(events);
        }
        self.follow_up(view, name, (before, before), events)
    }

    /// Taints, and the marks on the pods, after a node's Ready condition went from `before` to
    /// `ready`.
    fn follow_up(
        &mut self,
        view: &View<'_>,
        name: &Str,
        (before, ready): (ConditionStatus, ConditionStatus),
        mut events: Vec<Said>,
    ) -> Plan<Doing> {
        let (Some(node), Some(known)) = (node(view, name), self.nodes.get_mut(name)) else {
            return Plan::done().saying(events);
        };
        let change = if std::mem::take(&mut known.clear) {
            taints::cleared(node)
        } else if let NoExecute::Now(change) = taints::no_execute(node, ready, view.now)
            && node.status.conditions.0.iter().any(|condition| condition.kind == READY)
        {
            change
        } else {
            taints::TaintChange::default()
        };
        let calls = taints::call(node, change);
        let lost = before == ConditionStatus::True && ready != ConditionStatus::True;
        if lost {
            let message = format!("Node {name} status is now: {NODE_NOT_READY}");
            events.push(Said::normal(reference(name, node.metadata.uid), NODE_NOT_READY, message));
        }
        if !lost && !known.marks_missing {
            return Plan::last(calls).saying(events);
        }
        let pods = if ready == ConditionStatus::True {
            Vec::new()
        } else {
            view.caches.pods_on(name).cloned().collect()
        };
        known.marks_missing = false;
        mark(view, calls, pods).saying(events)
    }

    /// Lets the next node of a zone have its NoExecute taint, if there is a token.
    fn take_turn(&mut self, view: &View<'_>, zone: &Zone) -> Plan<Doing> {
        let Some(waiting) = self.zones.queue(zone) else { return Plan::done() };
        while let Some(name) = waiting.head().cloned() {
            match waiting.take(view.now.0) {
                Token::Never => return Plan::done(),
                Token::In(wait) => return Plan::done_until(wait),
                Token::Taken => waiting.done(),
            }
            let node = node(view, &name);
            if let Some(node) = node
                && let Some(change) = taints::turn(node, view.now)
            {
                return Plan::then(taints::call(node, change), Doing::Taint(name));
            }
        }
        Plan::done()
    }
}

/// What is known of a node after a look at it.
fn look<'a>(
    nodes: &'a mut BTreeMap<Str, Known>,
    view: &View<'_>,
    node: &Node,
    lease: Option<&Arc<Lease>>,
) -> &'a mut Known {
    let lease = lease.map(Arc::as_ref);
    let known = nodes.entry(node.metadata.name.clone());
    known
        .and_modify(|known| {
            known.health = Health::look(Some(known.health), node, lease, view.now);
        })
        .or_insert_with(|| Known {
            health: Health::look(None, node, lease, view.now),
            zone: Zone::of(node),
            registered: false,
            clear: false,
            marks_missing: false,
        })
}

/// Lets a node wait for its NoExecute taint, or no longer; whether its taints must change now.
fn decide(
    view: &View<'_>,
    node: &Node,
    ready: ConditionStatus,
    waiting: &mut zone::TaintQueue,
) -> bool {
    let name = &node.metadata.name;
    match taints::no_execute(node, ready, view.now) {
        NoExecute::Now(change) => {
            if ready == ConditionStatus::True {
                waiting.remove(name);
            }
            !change.is_empty()
        }
        NoExecute::Wait => {
            waiting.lacks_taint(name);
            waiting.add(name);
            false
        }
        NoExecute::Done => false,
    }
}

/// Whether a pod that says that it is ready stands on a node that is not.
fn belongs_to_lost_node(view: &View<'_>, pod: &Pod) -> bool {
    let ready = |node: &Arc<Node>| node.status.conditions.status(&READY);
    !pod.spec.node_name.is_empty()
        && health::not_ready(pod, view.now).is_some()
        && node(view, &pod.spec.node_name)
            .and_then(ready)
            .is_some_and(|ready| ready != ConditionStatus::True)
}

fn node<'a>(view: &View<'a>, name: &Str) -> Option<&'a Arc<Node>> {
    view.caches.get::<Node>(&ObjectKey { namespace: Str::new(), name: name.clone() })
}

fn reference(name: &Str, uid: Uid) -> ObjectReference {
    ObjectReference { kind: Kind::Node, namespace: Str::new(), name: name.clone(), uid }
}

/// Marks pods as not ready, besides other calls.
fn mark(view: &View<'_>, mut calls: Vec<ApiCall>, pods: Vec<Arc<Pod>>) -> Plan<Doing> {
    let first = calls.len();
    let mut marked = Vec::new();
    for pod in pods {
        if let Some(condition) = health::not_ready(&pod, view.now) {
            let patch = Box::new(Patch::Conditions(vec![condition]));
            calls.push(ApiCall::Patch { kind: Kind::Pod, key: pod.key(), patch });
            marked.push(pod);
        }
    }
    Plan::then(calls, Doing::Mark { pods: marked, first })
}

fn pod_not_ready(pod: &Arc<Pod>) -> Said {
    let about = ObjectReference::to(Kind::Pod, &pod.metadata);
    Said::warning(about, NODE_NOT_READY, arcstr::literal!("Node is not ready"))
}

#[cfg(test)]
mod tests;
