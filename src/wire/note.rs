//! Facts for the observers: what components tell about themselves, without effect on the play.

use std::sync::Arc;

use crate::api::{Kind, ObjectKey, Str};
use crate::kernel::{EventId, KernelNote, Slot, Span};

use super::api::StatusReason;
use super::etcd::{Key, Revision, Value};

/// One fact.
#[derive(Clone, Debug)]
pub enum Note {
    /// From the engine: lost messages, deaths, pauses.
    Kernel(KernelNote),
    /// From etcd's Raft.
    Raft(RaftNote),
    /// An etcd member applied a revision. Every member says so for itself; the first one counts.
    Applied(Arc<AppliedRevision>),
    /// An API server answered a call.
    Call(Box<CallNote>),
    /// The scheduler decided on a pod.
    Decision(Box<DecisionNote>),
    /// A component won or lost its leader-election Lease.
    Leading {
        /// The Lease: `kube-scheduler`, `kube-controller-manager`.
        lease: Str,
        /// Who.
        identity: Str,
        /// Won or lost.
        leads: bool,
    },
    /// A node's rules for a Service were written.
    Rules {
        /// The node.
        node: Str,
        /// The Service.
        service: ObjectKey,
        /// Ready endpoints in the rules now.
        endpoints: usize,
    },
    /// A client's request to a Service ended.
    Request(Box<RequestNote>),
    /// A person's command was given or answered (`kubectl …`).
    Operator {
        /// The command, as one would type it.
        command: Str,
        /// The outcome, when it has one already.
        outcome: Option<Result<Str, Str>>,
    },
    /// The plan did something to the stage: a fault, a healing.
    Fault {
        /// Its name in the scenario language: `crash`, `partition`, …
        name: &'static str,
        /// On whom or what.
        target: Str,
        /// The actors it touches.
        actors: Arc<[Slot]>,
        /// The machines it touches, by name.
        machines: Arc<[Str]>,
        /// The pods whose programs it touches.
        pods: Arc<[ObjectKey]>,
    },
    /// A moment with a name.
    Bookmark(Str),
    /// What its actor does in this event it does because of an earlier one: work that waited, in
    /// a queue or for a delay, is no consequence of whatever rang the timer.
    Because(EventId),
}

impl From<KernelNote> for Note {
    fn from(note: KernelNote) -> Note {
        Note::Kernel(note)
    }
}

/// What happens inside Raft; enough to check its safety from outside.
#[derive(Clone, Debug)]
pub enum RaftNote {
    /// A member has another role or term.
    Role {
        /// The member's Raft id.
        member: u64,
        /// Its term.
        term: u64,
        /// Its role.
        role: RaftRole,
        /// Whom it takes for the leader; 0 for nobody.
        leader: u64,
    },
    /// A member voted.
    Voted {
        /// The member.
        member: u64,
        /// In this term.
        term: u64,
        /// For this one.
        candidate: u64,
    },
    /// Entries were written into a member's log.
    Appended {
        /// The member.
        member: u64,
        /// `(index, term)` of the entries.
        entries: Arc<[(u64, u64)]>,
        /// Everything from this index on was cut off before, when it was there.
        truncated_from: Option<u64>,
    },
    /// A member's disk has everything up to here.
    Persisted {
        /// The member.
        member: u64,
        /// The index.
        index: u64,
        /// The term of the entry.
        term: u64,
    },
    /// A member knows that everything up to here is decided.
    Committed {
        /// The member.
        member: u64,
        /// The index.
        index: u64,
        /// The term of the entry.
        term: u64,
    },
    /// A member applied an entry.
    AppliedEntry {
        /// The member.
        member: u64,
        /// The index.
        index: u64,
        /// The term of the entry.
        term: u64,
    },
    /// A member took over a snapshot.
    Restored {
        /// The member.
        member: u64,
        /// The last index in it.
        index: u64,
        /// Its term.
        term: u64,
    },
}

/// The roles of Raft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RaftRole {
    /// Listens.
    Follower,
    /// Asks whether a vote would be worth while.
    PreCandidate,
    /// Asks for votes.
    Candidate,
    /// Decides the order.
    Leader,
}

/// A revision, as one member applied it.
#[derive(Clone, Debug)]
pub struct AppliedRevision {
    /// The member's Raft id.
    pub member: u64,
    /// The revision.
    pub revision: Revision,
    /// The keys that changed; no value means deleted.
    pub changes: Vec<(Key, Option<Value>)>,
}

/// One call, seen from the API server.
#[derive(Clone, Debug)]
pub struct CallNote {
    /// Who called.
    pub user: Str,
    /// `get`, `list`, `create`, …
    pub verb: &'static str,
    /// What kind.
    pub kind: Kind,
    /// Which object.
    pub key: ObjectKey,
    /// The event in which the call arrived.
    pub request: EventId,
    /// The version that it made; 0 when it made none.
    pub version: u64,
    /// How long it took inside the server.
    pub took: Span,
    /// The stages it went through, with the verdict of each: `authenticate`, `authorize`, …
    pub stages: Vec<(&'static str, Span)>,
    /// Why it was refused, and what was said.
    pub refused: Option<(StatusReason, Str)>,
}

/// One decision of the scheduler.
#[derive(Clone, Debug)]
pub struct DecisionNote {
    /// The pod.
    pub pod: ObjectKey,
    /// The node, when one was found.
    pub node: Option<Str>,
    /// Nodes that were ruled out, with the plugin and its reason.
    pub filtered: Vec<(Str, &'static str, Str)>,
    /// Nodes that were weighed: plugin scores (already weighted) and their sum.
    pub scored: Vec<NodeScore>,
    /// The message of FailedScheduling, when there is one.
    pub message: Str,
}

/// What one node was worth.
#[derive(Clone, Debug)]
pub struct NodeScore {
    /// The node.
    pub node: Str,
    /// What each plugin gave, already weighted.
    pub plugins: Vec<(&'static str, i64)>,
    /// The sum.
    pub total: i64,
}

/// One request of a client to a Service.
#[derive(Clone, Debug)]
pub struct RequestNote {
    /// The client.
    pub client: Str,
    /// The Service.
    pub service: ObjectKey,
    /// The pod that should have served it, when the rules named one.
    pub pod: Option<ObjectKey>,
    /// The machine whose rules were asked; none when there was no machine to ask.
    pub asked: Option<Slot>,
    /// How long the client waited.
    pub took: Span,
    /// Why it was lost; none when it was served.
    pub lost: Option<RequestLost>,
}

/// Why a request was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestLost {
    /// The node's rules have no endpoint for the Service (or do not know it).
    NoEndpoint,
    /// Nobody listens at the address: the pod is gone, its node is up.
    Refused,
    /// No answer in time: the node is down, cut off, or the pod too slow.
    TimedOut,
}
