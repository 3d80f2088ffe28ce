//! Notable facts with their causes.
//!
//! Facts are tied by [`Web`], from each cause to its consequences. They
//! are only what a person would tell: objects that changed in a way that matters, Events,
//! elections, faults, commands. What lies between two facts (messages, timers) is passed over by
//! inheritance: every delivery knows the nearest fact behind it.

use std::collections::BTreeMap;

use crate::api::ConditionStatus;
use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::PodPhase;
use crate::api::Str;
use crate::api::reasons;
use crate::cluster::Directory;
use crate::kernel::Chunks;
use crate::kernel::Event;
use crate::kernel::EventId;
use crate::kernel::KernelNote;
use crate::kernel::Noted;
use crate::kernel::SharedMap;
use crate::kernel::SimTime;
use crate::kernel::Slot;
use crate::wire::Msg;
use crate::wire::Note;
use crate::wire::api::{ApiOk, ApiReply};
use crate::wire::etcd::Revision;
use crate::wire::note::RequestLost;

use super::model::Change;
use super::web::Web;

/// The number of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u32);

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// An object was created, changed or deleted.
    Changed(Box<Change>),
    /// A note of a component or of the plan.
    Noted(Note),
}

/// One fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// When.
    pub at: SimTime,
    /// While which event was handled.
    pub event: EventId,
    /// By whom.
    pub actor: Slot,
    /// What.
    pub what: What,
}

/// All notable facts of a run, with their causes.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What happens to single pods is left out.
    brief: bool,
    facts: Chunks<Fact, 64>,
    web: Web,
    /// The nearest fact behind each event, by the event's number; 0 for none, else fact + 1.
    behind: Chunks<u32, 512>,
    /// The fact of a revision, in the same manner.
    revisions: Chunks<u32, 512>,
    /// The newest fact about each object.
    newest: SharedMap<(Kind, ObjectKey), FactId>,
    /// The newest fault on each machine, by its name.
    faults: BTreeMap<Str, FactId>,
}

impl Facts {
    /// No facts yet; a brief story leaves out what happens to single pods.
    #[must_use]
    pub fn new(brief: bool) -> Self {
        Facts { brief, ..Facts::default() }
    }

    /// How many facts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether nothing notable has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// One fact.
    #[must_use]
    pub fn get(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(id.0 as usize)
    }

    /// All facts in the order in which they happened.
    pub fn iter(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        (0..).map(FactId).zip(self.facts.iter())
    }

    /// What caused a fact, the nearest cause first.
    pub fn causes(&self, id: FactId) -> impl Iterator<Item = FactId> {
        let mut causes: Vec<FactId> = self.web.causes(id).collect();
        causes.sort_unstable_by(|one, two| two.cmp(one));
        causes.into_iter()
    }

    /// What a fact caused.
    pub fn consequences(&self, id: FactId) -> impl Iterator<Item = FactId> {
        let mut consequences: Vec<FactId> = self.web.consequences(id).collect();
        consequences.sort_unstable();
        consequences.into_iter()
    }

    /// The newest fact about an object.
    #[must_use]
    pub fn newest(&self, kind: Kind, key: &ObjectKey) -> Option<FactId> {
        self.newest.get(&(kind, key.clone())).copied()
    }

    /// The newest fault on a machine.
    #[must_use]
    pub fn fault_on(&self, machine: &str) -> Option<FactId> {
        self.faults.get(machine).copied()
    }

    /// The nearest fact behind an event.
    #[must_use]
    pub fn behind(&self, event: EventId) -> Option<FactId> {
        stored(&self.behind, usize::try_from(event.0).ok()?)
    }

    fn of_revision(&self, revision: Revision) -> Option<FactId> {
        stored(&self.revisions, usize::try_from(revision).ok()?)
    }

    /// An event is about to be handled: it inherits the fact behind it.
    pub(super) fn delivery(&mut self, event: &Event<Msg>) {
        if self.brief {
            return;
        }
        let carried = carried_revision(&event.msg).and_then(|revision| self.of_revision(revision));
        let behind = carried.or_else(|| self.behind(event.cause));
        if let Some(fact) = behind {
            self.set_behind(event.id, fact);
        }
    }

    /// A note was taken that is not a change of objects.
    pub(super) fn note(&mut self, noted: &Noted<Note>) {
        if let Note::Call(call) = &noted.note {
            self.adopt(call.version, call.request);
        }
        if !is_notable(&noted.note) || self.brief && matches!(noted.note, Note::Rules { .. }) {
            return;
        }
        let id = self.add(noted, What::Noted(noted.note.clone()));
        if let Some(own) = self.own_story(&noted.note) {
            self.tell_of(id, own);
        }
        if let Note::Fault { machines, .. } = &noted.note {
            for machine in machines.iter() {
                self.faults.insert(machine.clone(), id);
            }
        }
    }

    /// The fact of its own story that a note goes on from: the event it stands in may stem from
    /// what its actor did before, which has nothing to do with it.
    fn own_story(&self, note: &Note) -> Option<FactId> {
        match note {
            Note::Decision(decision) => self.newest(Kind::Pod, &decision.pod),
            Note::Request(request) => {
                let pod = request.pod.as_ref().and_then(|pod| self.newest(Kind::Pod, pod));
                if pod.is_none() && request.lost == Some(RequestLost::TimedOut) {
                    // No rule was reached at all: the machine that was asked is silent.
                    // Simplified: which machine that was is not noted; the newest fault is told.
                    return self.faults.values().max().copied();
                }
                let pod = pod.or_else(|| self.newest(Kind::Service, &request.service))?;
                // A machine that is off answers nobody, whatever was told of its pods.
                let fault = self.get(pod).and_then(Fact::node).and_then(|node| self.fault_on(node));
                Some(fault.unwrap_or(pod))
            }
            Note::Kernel(_)
            | Note::Raft(_)
            | Note::Applied(_)
            | Note::Call(_)
            | Note::Leading { .. }
            | Note::Rules { .. }
            | Note::Operator { .. }
            | Note::Fault { .. }
            | Note::Bookmark(_) => None,
        }
    }

    /// Makes `own` the only cause of a fact.
    fn tell_of(&mut self, id: FactId, own: FactId) {
        let inherited: Vec<FactId> = self.web.causes(id).collect();
        for cause in inherited {
            self.web.untie(cause, id);
        }
        self.link(own, id);
    }

    /// An object changed.
    pub(super) fn change(&mut self, noted: &Noted<Note>, change: &Change, directory: &Directory) {
        let routine = matches!(
            change.kind,
            Kind::Pod | Kind::Event | Kind::EndpointSlice | Kind::ReplicaSet | Kind::Lease
        );
        if self.brief && routine || !matters(change) {
            return;
        }
        let id = self.add(noted, What::Changed(Box::new(change.clone())));
        if let Ok(revision) = usize::try_from(change.revision) {
            self.revisions.set(revision, id.0 + 1, &0);
        }
        if let Some(Object::Event(event)) = &change.new {
            // An Event speaks about an object: it belongs to that object's story, too.
            let about = &event.involved_object;
            if let Some(of) = self.newest(about.kind, &about.key()) {
                self.link(of, id);
            }
        } else {
            self.newest.insert((change.kind, change.key.clone()), id);
        }
        if let Some(fault) = self.fault_behind(change, directory) {
            self.link(fault, id);
        }
    }

    /// A node that falls silent has a cause that sent no message: the fault on its machine.
    fn fault_behind(&self, change: &Change, directory: &Directory) -> Option<FactId> {
        let Some(Object::Node(node)) = &change.new else { return None };
        let ready = node.status.conditions.status(&reasons::READY);
        if ready == Some(ConditionStatus::True) {
            return None;
        }
        directory.machine(&node.metadata.name)?;
        self.fault_on(&node.metadata.name)
    }

    /// Ties a revision to the call that asked for it: etcd batches writes, so the event in which
    /// a revision was applied may stem from another call.
    fn adopt(&mut self, version: u64, request: EventId) {
        let revision = Revision::try_from(version).unwrap_or(0);
        let (Some(fact), Some(cause)) = (self.of_revision(revision), self.behind(request)) else {
            return;
        };
        if cause >= fact || self.get(fact).is_none_or(Fact::adopted) {
            return;
        }
        let inherited: Vec<FactId> = self.web.causes(fact).collect();
        if let [only] = inherited.as_slice() {
            self.web.untie(*only, fact);
        }
        self.link(cause, fact);
    }

    fn add(&mut self, noted: &Noted<Note>, what: What) -> FactId {
        let fact = Fact { at: noted.at, event: noted.event, actor: noted.actor, what };
        let id = FactId(u32::try_from(self.facts.len()).unwrap_or(u32::MAX));
        self.facts.push(fact);
        self.web.add();
        if let Some(cause) = self.behind(noted.event) {
            self.link(cause, id);
        }
        self.set_behind(noted.event, id);
        id
    }

    fn link(&mut self, cause: FactId, consequence: FactId) {
        if cause < consequence {
            self.web.tie(cause, consequence);
        }
    }

    fn set_behind(&mut self, event: EventId, fact: FactId) {
        if let Ok(index) = usize::try_from(event.0) {
            self.behind.set(index, fact.0 + 1, &0);
        }
    }
}

impl Fact {
    /// The node of the pod that it tells of.
    fn node(&self) -> Option<&str> {
        let What::Changed(change) = &self.what else { return None };
        let Some(Object::Pod(pod)) = change.new.as_ref().or(change.old.as_ref()) else {
            return None;
        };
        Some(&pod.spec.node_name).filter(|node| !node.is_empty()).map(|node| node.as_str())
    }

    /// Whether its cause is certain already: notes stand in the very event, only changes of
    /// objects pass through etcd's batches.
    fn adopted(&self) -> bool {
        matches!(self.what, What::Noted(_))
    }
}

/// A fact that was stored as its number and one.
fn stored(numbers: &Chunks<u32, 512>, index: usize) -> Option<FactId> {
    numbers.get(index).and_then(|stored| stored.checked_sub(1)).map(FactId)
}

/// The revision that a message of the API carries to a client.
fn carried_revision(msg: &Msg) -> Option<Revision> {
    let Msg::Api(reply) = msg else { return None };
    let version = match reply {
        ApiReply::Watch(event) => event.change.version(),
        ApiReply::Response(response) => match &response.result {
            Ok(ApiOk::Object(object)) => object.meta().resource_version,
            Ok(ApiOk::List { .. } | ApiOk::Done) | Err(_) => 0,
        },
        ApiReply::Opened | ApiReply::Pong(_) | ApiReply::Connected(_) | ApiReply::Refused(_) => 0,
    };
    Revision::try_from(version).ok().filter(|revision| *revision > 0)
}

/// Whether a note is worth telling.
fn is_notable(note: &Note) -> bool {
    match note {
        Note::Kernel(kernel) => {
            !matches!(kernel, KernelNote::Lost { .. } | KernelNote::Held { .. })
        }
        Note::Raft(raft) => matches!(raft, crate::wire::note::RaftNote::Role { .. }),
        Note::Request(request) => request.lost.is_some(),
        Note::Call(_) | Note::Applied(_) => false,
        Note::Decision(_)
        | Note::Leading { .. }
        | Note::Rules { .. }
        | Note::Operator { .. }
        | Note::Fault { .. }
        | Note::Bookmark(_) => true,
    }
}

/// Whether a change of an object is worth telling: a heartbeat is not.
fn matters(change: &Change) -> bool {
    let (Some(old), Some(new)) = (&change.old, &change.new) else {
        return change.kind != Kind::Lease;
    };
    match (old, new) {
        (Object::Pod(old), Object::Pod(new)) => {
            old.status.phase != new.status.phase
                || old.is_ready() != new.is_ready()
                || old.spec.node_name != new.spec.node_name
                || old.metadata.is_terminating() != new.metadata.is_terminating()
                || restarts(old) != restarts(new)
                || old.status.phase == PodPhase::Pending
                    && old.status.conditions != new.status.conditions
        }
        (Object::Node(old), Object::Node(new)) => {
            old.spec != new.spec
                || old.status.conditions.status(&reasons::READY)
                    != new.status.conditions.status(&reasons::READY)
        }
        (Object::Lease(old), Object::Lease(new)) => {
            old.spec.holder_identity != new.spec.holder_identity
        }
        _ => true,
    }
}

fn restarts(pod: &crate::api::Pod) -> i32 {
    pod.status.container_statuses.iter().map(|status| status.restart_count).sum()
}

impl Facts {
    /// Whether a fact came from outside: a fault, a command.
    #[must_use]
    pub fn is_beginning(&self, id: FactId) -> bool {
        self.get(id).is_some_and(|fact| {
            matches!(
                &fact.what,
                What::Noted(Note::Fault { .. } | Note::Operator { outcome: None, .. })
            )
        })
    }
}

impl Facts {
    /// When the first fault struck.
    #[must_use]
    pub fn first_fault(&self) -> Option<SimTime> {
        let is_fault = |fact: &&Fact| matches!(&fact.what, What::Noted(Note::Fault { .. }));
        self.facts.iter().find(is_fault).map(|fact| fact.at)
    }
}

impl Fact {
    /// Whether it is about this object.
    #[must_use]
    pub fn is_about(&self, kind: Kind, key: &ObjectKey) -> bool {
        matches!(&self.what, What::Changed(change) if change.kind == kind && change.key == *key)
    }
}
