//! What a fact says, in a word for programs and a few named values.
//!
//! The trace writes these as JSON and the faces turn them into sentences, so both tell the same.

use crate::api::ConditionStatus;
use crate::api::Deployment;
use crate::api::EndpointSlice;
use crate::api::Kind;
use crate::api::Node;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::api::ReplicaSet;
use crate::api::Resource;
use crate::api::Str;
use crate::api::reasons;
use crate::api::service::SERVICE_NAME_LABEL;
use crate::cluster::Directory;
use crate::kernel::KernelNote;
use crate::wire::Note;
use crate::wire::note::{RaftNote, RaftRole, RequestLost, RequestNote};

use super::facts::{Fact, What};
use super::model::Change;

/// One thing that a fact says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// A word for programs: `pod.phase`, `raft.role`, …
    pub what: &'static str,
    /// The object it is about.
    pub object: Option<(Kind, ObjectKey)>,
    /// Named values, in a fixed order.
    pub fields: Vec<(&'static str, String)>,
}

impl Told {
    fn new(what: &'static str) -> Self {
        Told { what, object: None, fields: Vec::new() }
    }

    fn about(what: &'static str, change: &Change) -> Self {
        Told { what, object: Some((change.kind, change.key.clone())), fields: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.fields.push((name, value.to_string()));
        self
    }

    /// The value called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Everything that a fact says, the most important thing first.
#[must_use]
pub fn tell(fact: &Fact, directory: &Directory) -> Vec<Told> {
    match &fact.what {
        What::Changed(change) => changed(change),
        What::Noted(note) => noted(note, directory).into_iter().collect(),
    }
}

fn changed(change: &Change) -> Vec<Told> {
    match (&change.old, &change.new) {
        (_, Some(Object::Event(event))) => {
            let about = &event.involved_object;
            vec![Told {
                what: "event",
                object: Some((about.kind, about.key())),
                fields: vec![
                    ("type", format!("{:?}", event.kind)),
                    ("reason", event.reason.to_string()),
                    ("message", event.message.to_string()),
                    ("source", event.source.component.to_string()),
                    ("count", event.count.to_string()),
                ],
            }]
        }
        (None, Some(new)) => created(change, new),
        (Some(_), None) => vec![Told::about("object.deleted", change)],
        (Some(old), Some(new)) => updated(change, old, new),
        (None, None) => Vec::new(),
    }
}

fn created(change: &Change, new: &Object) -> Vec<Told> {
    let owner = new.meta().controller().map(|owner| format!("{}/{}", owner.kind, owner.name));
    let told = Told::about("object.created", change);
    vec![match owner {
        Some(owner) => told.with("owner", owner),
        None => told,
    }]
}

fn updated(change: &Change, old: &Object, new: &Object) -> Vec<Told> {
    let mut told = match (old, new) {
        (Object::Pod(old), Object::Pod(new)) => pod(change, old, new),
        (Object::Node(old), Object::Node(new)) => node(change, old, new),
        (Object::Deployment(old), Object::Deployment(new)) => deployment(change, old, new),
        (Object::ReplicaSet(old), Object::ReplicaSet(new)) => replica_set(change, old, new),
        (Object::EndpointSlice(old), Object::EndpointSlice(new)) => endpoints(change, old, new),
        (Object::Lease(_), Object::Lease(new)) => {
            vec![Told::about("lease.holder", change).with("holder", &new.spec.holder_identity)]
        }
        _ => Vec::new(),
    };
    if old.meta().deletion_timestamp.is_none() && new.meta().deletion_timestamp.is_some() {
        let grace = new.meta().deletion_grace_period_seconds.unwrap_or(0);
        told.push(Told::about("object.terminating", change).with("grace_s", grace));
    }
    if told.is_empty() {
        told.push(Told::about("object.changed", change));
    }
    told
}

fn pod(change: &Change, old: &Pod, new: &Pod) -> Vec<Told> {
    let mut told = Vec::new();
    if old.spec.node_name != new.spec.node_name {
        told.push(Told::about("pod.bound", change).with("node", &new.spec.node_name));
    }
    if old.status.phase != new.status.phase {
        let (from, to) = (old.status.phase, new.status.phase);
        told.push(
            Told::about("pod.phase", change)
                .with("from", format!("{from:?}"))
                .with("to", format!("{to:?}"))
                .with("node", &new.spec.node_name),
        );
    }
    if old.is_ready() != new.is_ready() {
        told.push(
            Told::about("pod.ready", change)
                .with("ready", new.is_ready())
                .with("node", &new.spec.node_name),
        );
    }
    let scheduled = new.status.conditions.get(&reasons::POD_SCHEDULED);
    if let Some(condition) = scheduled.filter(|found| found.status == ConditionStatus::False)
        && old.status.conditions.get(&reasons::POD_SCHEDULED) != Some(condition)
    {
        told.push(
            Told::about("pod.unschedulable", change)
                .with("reason", &condition.reason)
                .with("message", &condition.message),
        );
    }
    let restarts = |pod: &Pod| -> i32 {
        pod.status.container_statuses.iter().map(|status| status.restart_count).sum()
    };
    if restarts(new) > restarts(old) {
        told.push(Told::about("pod.restarted", change).with("restarts", restarts(new)));
    }
    told
}

fn node(change: &Change, old: &Node, new: &Node) -> Vec<Told> {
    let mut told = Vec::new();
    let ready = |node: &Node| node.status.conditions.status(&reasons::READY);
    if ready(old) != ready(new) {
        let condition = new.status.conditions.get(&reasons::READY);
        told.push(
            Told::about("node.ready", change)
                .with("status", ready(new).map_or("-".into(), |status| format!("{status:?}")))
                .with("reason", condition.map(|found| found.reason.as_str()).unwrap_or_default()),
        );
    }
    let name = |taint: &crate::api::Taint| format!("{}:{}", taint.key, taint.effect.name());
    let missing = |of: &Node, than: &Node| -> Vec<String> {
        let there: Vec<String> = than.spec.taints.iter().map(name).collect();
        of.spec.taints.iter().map(name).filter(|taint| !there.contains(taint)).collect()
    };
    let (added, removed) = (missing(new, old), missing(old, new));
    if !added.is_empty() {
        told.push(Told::about("node.tainted", change).with("taints", added.join(",")));
    }
    if !removed.is_empty() {
        told.push(Told::about("node.untainted", change).with("taints", removed.join(",")));
    }
    if old.spec.unschedulable != new.spec.unschedulable {
        let cordoned = new.spec.unschedulable;
        told.push(Told::about("node.cordoned", change).with("cordoned", cordoned));
    }
    told
}

fn deployment(change: &Change, old: &Deployment, new: &Deployment) -> Vec<Told> {
    let mut told = Vec::new();
    if old.spec.replicas != new.spec.replicas {
        told.push(scaled(change, old.spec.replicas, new.spec.replicas));
    }
    if old.spec.template != new.spec.template {
        let images: Vec<&str> =
            new.spec.template.spec.containers.iter().map(|c| c.image.as_str()).collect();
        told.push(Told::about("deployment.template", change).with("images", images.join(",")));
    }
    if old.status.available_replicas != new.status.available_replicas
        || old.status.updated_replicas != new.status.updated_replicas
    {
        told.push(
            Told::about("deployment.progress", change)
                .with("updated", new.status.updated_replicas)
                .with("available", new.status.available_replicas)
                .with("wanted", new.spec.replicas),
        );
    }
    told
}

fn replica_set(change: &Change, old: &ReplicaSet, new: &ReplicaSet) -> Vec<Told> {
    if old.spec.replicas == new.spec.replicas {
        return Vec::new();
    }
    vec![scaled(change, old.spec.replicas, new.spec.replicas)]
}

fn scaled(change: &Change, from: i32, to: i32) -> Told {
    Told::about("object.scaled", change).with("from", from).with("to", to)
}

fn endpoints(change: &Change, old: &EndpointSlice, new: &EndpointSlice) -> Vec<Told> {
    let ready = |slice: &EndpointSlice| {
        slice.endpoints.iter().filter(|endpoint| endpoint.conditions.ready).count()
    };
    if ready(old) == ready(new) && old.endpoints.len() == new.endpoints.len() {
        return Vec::new();
    }
    let service = new.meta().labels.get(&SERVICE_NAME_LABEL).cloned().unwrap_or_default();
    vec![
        Told::about("endpoints.ready", change)
            .with("service", service)
            .with("from", ready(old))
            .with("to", ready(new)),
    ]
}

fn noted(note: &Note, directory: &Directory) -> Option<Told> {
    Some(match note {
        Note::Kernel(kernel) => return kernel_note(*kernel, directory),
        Note::Raft(RaftNote::Role { member, term, role, leader }) => Told::new("raft.role")
            .with("member", format!("etcd-{member}"))
            .with("term", term)
            .with("role", role_name(*role))
            .with(
                "leader",
                if *leader == 0 { Str::new() } else { format!("etcd-{leader}").into() },
            ),
        Note::Decision(decision) => {
            let mut told = Told::new("scheduler.decision");
            told.object = Some((Kind::Pod, decision.pod.clone()));
            told.with("node", decision.node.clone().unwrap_or_default())
                .with("filtered", decision.filtered.len())
                .with("scored", decision.scored.len())
                .with("message", &decision.message)
        }
        Note::Leading { lease, identity, leads } => Told::new("lease.leader")
            .with("lease", lease)
            .with("identity", identity)
            .with("leads", leads),
        Note::Rules { node, service, endpoints } => {
            let mut told = Told::new("proxy.rules");
            told.object = Some((Kind::Service, service.clone()));
            told.with("node", node).with("endpoints", endpoints)
        }
        Note::Request(request) => {
            let mut told = Told::new("request.lost");
            told.object = Some((Kind::Service, request.service.clone()));
            told.with("client", &request.client)
                .with("pod", request.pod.as_ref().map(ToString::to_string).unwrap_or_default())
                .with("node", asked(request, directory))
                .with("reason", request.lost.map_or("", lost_name))
        }
        Note::Operator { command, outcome } => {
            let told = Told::new("kubectl").with("command", command);
            match outcome {
                None => told,
                Some(Ok(text)) => told.with("answer", text),
                Some(Err(text)) => told.with("error", text),
            }
        }
        Note::Fault { name, target, .. } => {
            Told::new("fault").with("name", name).with("target", target)
        }
        Note::Bookmark(name) => Told::new("bookmark").with("name", name),
        Note::Raft(_) | Note::Applied(_) | Note::Call(_) | Note::Because(_) => return None,
    })
}

/// The machine that was asked for a Service.
fn asked(request: &RequestNote, directory: &Directory) -> Str {
    let machine = request.asked.and_then(|slot| directory.machine_of(slot));
    machine.map(|machine| machine.name.clone()).unwrap_or_default()
}

fn kernel_note(note: KernelNote, directory: &Directory) -> Option<Told> {
    let (what, slot) = match note {
        KernelNote::Crashed(slot) => ("process.crashed", slot),
        KernelNote::Restarted(slot) => ("process.started", slot),
        KernelNote::Paused(slot) => ("process.paused", slot),
        KernelNote::Resumed(slot) => ("process.resumed", slot),
        KernelNote::Lost { .. } | KernelNote::Held { .. } => return None,
    };
    Some(Told::new(what).with("process", directory.name(slot)))
}

/// A role as the Raft paper names it.
#[must_use]
pub fn role_name(role: RaftRole) -> &'static str {
    match role {
        RaftRole::Follower => "follower",
        RaftRole::PreCandidate => "pre-candidate",
        RaftRole::Candidate => "candidate",
        RaftRole::Leader => "leader",
    }
}

/// Why a request was lost, in a word.
#[must_use]
pub fn lost_name(why: RequestLost) -> &'static str {
    match why {
        RequestLost::NoEndpoint => "no-endpoint",
        RequestLost::Refused => "refused",
        RequestLost::TimedOut => "timed-out",
    }
}
