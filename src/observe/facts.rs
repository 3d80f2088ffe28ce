//! Notable facts with their causes.
//!
//! Facts are tied by [`Web`], from each cause to its consequences. They
//! are only what a person would tell: objects that changed in a way that matters, Events,
//! elections, faults, commands. What lies between two facts (messages, timers) is passed over by
//! inheritance: every delivery knows the nearest fact behind it.

use std::collections::BTreeMap;

use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Str;
use crate::api::service::SERVICE_NAME_LABEL;
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
use crate::wire::api::{ApiReply, CallId, WatchChange};
use crate::wire::etcd::Revision;
use crate::wire::note::{CallNote, RequestLost, RequestNote};

use super::calls::{begun, ended};
use super::harm::{Harms, runtime_of};
use super::model::Change;
use super::notable::{is_notable, is_ready, matters, restarted};
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
    /// The fact before the newest, about each pod.
    earlier: SharedMap<ObjectKey, FactId>,
    /// The newest fact about the endpoints of each Service.
    endpoints: SharedMap<ObjectKey, FactId>,
    /// The newest decision on each pod.
    decided: SharedMap<ObjectKey, FactId>,
    /// What each open call was made for, by who called and the number of the call.
    asked: SharedMap<(Slot, CallId), FactId>,
    /// The newest fault on each machine, by its name.
    faults: BTreeMap<Str, FactId>,
    harms: Harms,
}

/// How the users of kubelets begin.
const KUBELET: &str = "system:node:";

/// Where the cause of a note is to be found.
enum Story {
    /// In the event in which it was taken.
    Inherited,
    /// In what is told of its subject; if nothing is, nothing is known.
    Own(Option<FactId>),
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
        if event == EventId::NONE {
            return None; // what comes from outside has no cause on the stage
        }
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
        let inherited = self.behind(event.cause);
        let behind = if let Some(call) = ended(&event.msg) {
            self.asked.remove(&(event.to.slot, call))
        } else if let Msg::Api(ApiReply::Watch(watch)) = &event.msg {
            self.of_watch(&watch.change, inherited)
        } else {
            inherited
        };
        if let (Some(call), Some(fact)) = (begun(&event.msg), behind) {
            self.asked.insert((event.from.slot, call), fact);
        }
        if behind.is_some() {
            self.set_behind(event.id, behind);
        }
    }

    /// The fact behind what a watch tells.
    fn of_watch(&self, told: &WatchChange, inherited: Option<FactId>) -> Option<FactId> {
        match told {
            WatchChange::Added(object)
            | WatchChange::Modified(object)
            | WatchChange::Deleted(object) => {
                let known = self.of_revision(Revision::try_from(told.version()).unwrap_or(0));
                known.or_else(|| self.newest(object.kind(), &object.key()))
            }
            WatchChange::Bookmark(_) => None,
            WatchChange::Expired | WatchChange::Closed => inherited,
        }
    }

    /// A note was taken that is not a change of objects.
    pub(super) fn note(&mut self, noted: &Noted<Note>, directory: &Directory) {
        if let Note::Call(call) = &noted.note {
            self.adopt(call);
        }
        if let Note::Because(event) = &noted.note {
            self.set_behind(noted.event, self.behind(*event));
        }
        if !is_notable(&noted.note) || self.brief && matches!(noted.note, Note::Rules { .. }) {
            return;
        }
        let id = self.add(noted, What::Noted(noted.note.clone()));
        if let Story::Own(own) = self.story(noted, directory) {
            self.tell_of(id, own);
        }
        if let Note::Decision(decision) = &noted.note {
            self.decided.insert(decision.pod.clone(), id);
        }
        if let Note::Fault { machines, name, actors, pods, .. } = &noted.note {
            self.harms.note((id, noted.at), name, actors, pods);
            for machine in machines.iter() {
                self.faults.insert(machine.clone(), id);
            }
        }
    }

    /// Where the cause of a note lies: the event it stands in may stem from what its actor did
    /// before, which has nothing to do with it.
    fn story(&self, noted: &Noted<Note>, directory: &Directory) -> Story {
        match &noted.note {
            Note::Decision(decision) => Story::Own(self.newest(Kind::Pod, &decision.pod)),
            Note::Request(request) => Story::Own(self.loss(noted, request, directory)),
            Note::Rules { service, .. } => {
                self.endpoints.get(service).map_or(Story::Inherited, |id| Story::Own(Some(*id)))
            }
            Note::Kernel(kernel) => self.stroke(noted.at, *kernel, directory),
            Note::Raft(_)
            | Note::Applied(_)
            | Note::Call(_)
            | Note::Leading { .. }
            | Note::Operator { .. }
            | Note::Fault { .. }
            | Note::Bookmark(_)
            | Note::Because(_) => Story::Inherited,
        }
    }

    /// What the engine does to a process it does because of the fault, or its end, of that moment.
    fn stroke(&self, at: SimTime, note: KernelNote, directory: &Directory) -> Story {
        let (KernelNote::Crashed(slot)
        | KernelNote::Restarted(slot)
        | KernelNote::Paused(slot)
        | KernelNote::Resumed(slot)) = note
        else {
            return Story::Inherited;
        };
        let fault = directory.machine_of(slot).and_then(|machine| self.fault_on(&machine.name));
        let fault = fault.filter(|id| self.get(*id).is_some_and(|fault| fault.at == at));
        fault.map_or(Story::Inherited, |fault| Story::Own(Some(fault)))
    }

    /// Why a request was lost: a fault that silenced whom it went to while it was on its way;
    /// else what is told of the pod or of the endpoints. A fault elsewhere is no reason.
    fn loss(
        &self,
        noted: &Noted<Note>,
        request: &RequestNote,
        directory: &Directory,
    ) -> Option<FactId> {
        let pod = request.pod.as_ref().and_then(|pod| self.newest(Kind::Pod, pod));
        let gone = pod.filter(|pod| self.get(*pod).is_some_and(Fact::is_of_failing_pod));
        let endpoints = || {
            let known = self.endpoints.get(&request.service).copied();
            known.or_else(|| self.newest(Kind::Service, &request.service))
        };
        match request.lost? {
            RequestLost::NoEndpoint => endpoints(),
            RequestLost::Refused => gone,
            RequestLost::TimedOut => {
                let sent = SimTime::ZERO + noted.at.since(SimTime::ZERO + request.took);
                let node = pod.and_then(|pod| self.get(pod)).and_then(Fact::node);
                let server = node.and_then(|node| runtime_of(node, directory));
                let way = [server, request.asked, Some(noted.actor)].into_iter().flatten();
                let harm = way.filter_map(|slot| self.harms.after(slot, sent)).next();
                let program = || self.harms.of_pod(request.pod.as_ref()?, sent);
                harm.or_else(program).or(gone)
            }
        }
    }

    /// Makes `own` the only cause of a fact.
    fn tell_of(&mut self, id: FactId, own: Option<FactId>) {
        let inherited: Vec<FactId> = self.web.causes(id).collect();
        for cause in inherited {
            self.web.untie(cause, id);
        }
        if let Some(own) = own {
            self.link(own, id);
        }
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
            let before = self.newest.insert((change.kind, change.key.clone()), id);
            if let (Kind::Pod, Some(before)) = (change.kind, before) {
                self.earlier.insert(change.key.clone(), before);
            }
        }
        if let (Kind::EndpointSlice, Some(slice)) = (change.kind, change.either())
            && let Some(service) = slice.meta().labels.get(&SERVICE_NAME_LABEL)
        {
            let service = ObjectKey::new(change.key.namespace.clone(), service.clone());
            self.endpoints.insert(service, id);
        }
        if restarted(change) {
            self.harms.restarted(&change.key, noted.at);
        }
        if let Some(reason) = self.silence_behind(change, directory) {
            self.link(reason, id);
        }
    }

    /// What falls silent has a cause that sent no message: a node, the fault on its machine; a
    /// pod, its silent node or the fault in its program.
    fn silence_behind(&self, change: &Change, directory: &Directory) -> Option<FactId> {
        match (&change.old, &change.new) {
            (_, Some(Object::Node(node))) if !is_ready(node) => {
                self.harms.of_node(&node.metadata.name, directory)
            }
            (Some(Object::Pod(old)), Some(Object::Pod(new)))
                if old.is_ready() && !new.is_ready() =>
            {
                let node = ObjectKey::new("", new.spec.node_name.clone());
                let node = self.newest(Kind::Node, &node);
                let silent = |id: &FactId| self.get(*id).is_some_and(Fact::is_of_silent_node);
                node.filter(silent).or_else(|| self.harms.of_pod(&change.key, SimTime::MAX))
            }
            _ => None,
        }
    }

    /// Ties a revision to the call that asked for it: etcd batches writes, so the event in which
    /// a revision was applied may stem from another call. A call that was made for nothing known
    /// leaves its revision without a cause.
    fn adopt(&mut self, call: &CallNote) {
        let revision = Revision::try_from(call.version).unwrap_or(0);
        let Some(id) = self.of_revision(revision) else { return };
        let cause = self.cause_of(id, call);
        let strangers: Vec<FactId> =
            self.web.causes(id).filter(|tied| !self.belongs(*tied, id)).collect();
        for stranger in strangers {
            self.web.untie(stranger, id);
        }
        if let Some(cause) = cause {
            self.link(cause, id);
        }
    }

    /// The cause of a change that a call asked for. The scheduler decides on several pods while it
    /// handles one event: of its decisions, the one on that pod. A kubelet looks after all pods of
    /// its node in one loop: what it tells of a pod goes on from what was told of that pod before.
    fn cause_of(&self, id: FactId, call: &CallNote) -> Option<FactId> {
        let asked = self.behind(call.request);
        let What::Changed(change) = &self.get(id)?.what else { return asked };
        let pod = match change.either() {
            Some(Object::Pod(_)) => &change.key,
            Some(Object::Event(event)) if event.involved_object.kind == Kind::Pod => {
                &event.involved_object.key()
            }
            Some(_) | None => return asked,
        };
        let other =
            |fact: &Fact| matches!(&fact.what, What::Noted(Note::Decision(it)) if it.pod != *pod);
        let behind = asked.and_then(|asked| self.get(asked));
        if behind.is_some_and(other) {
            return self.decided.get(pod).copied();
        }
        let own = |fact: &Fact| {
            fact.is_about(Kind::Pod, pod) || matches!(fact.what, What::Noted(Note::Fault { .. }))
        };
        if call.user.starts_with(KUBELET) && !behind.is_some_and(own) {
            // An Event is tied to its object's story already.
            return self.earlier.get(pod).copied().filter(|_| change.kind == Kind::Pod);
        }
        asked
    }

    /// Whether a cause of a change was tied to it for what it says, not for the event's sake.
    fn belongs(&self, cause: FactId, id: FactId) -> bool {
        let (Some(cause), Some(fact)) = (self.get(cause), self.get(id)) else { return false };
        let What::Changed(change) = &fact.what else { return true };
        if let Some(Object::Event(event)) = &change.new {
            let about = &event.involved_object;
            return cause.is_about(about.kind, &about.key());
        }
        let fault = matches!(cause.what, What::Noted(Note::Fault { .. }));
        matches!(change.kind, Kind::Node | Kind::Pod) && (fault || cause.is_of_silent_node())
    }

    fn add(&mut self, noted: &Noted<Note>, what: What) -> FactId {
        // A name for a moment brings nothing about.
        let brings_about = !matches!(what, What::Noted(Note::Bookmark(_)));
        let fact = Fact { at: noted.at, event: noted.event, actor: noted.actor, what };
        let id = FactId(u32::try_from(self.facts.len()).unwrap_or(u32::MAX));
        self.facts.push(fact);
        self.web.add();
        if let Some(cause) = self.behind(noted.event) {
            self.link(cause, id);
        }
        if brings_about {
            self.set_behind(noted.event, Some(id));
        }
        id
    }

    fn link(&mut self, cause: FactId, consequence: FactId) {
        if cause < consequence {
            self.web.tie(cause, consequence);
        }
    }

    fn set_behind(&mut self, event: EventId, fact: Option<FactId>) {
        if let Ok(index) = usize::try_from(event.0) {
            self.behind.set(index, fact.map_or(0, |fact| fact.0 + 1), &0);
        }
    }
}

/// A fact that was stored as its number and one.
fn stored(numbers: &Chunks<u32, 512>, index: usize) -> Option<FactId> {
    numbers.get(index).and_then(|stored| stored.checked_sub(1)).map(FactId)
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
