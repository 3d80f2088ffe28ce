//! What the node hands out: messages, writes, committed entries, answers to reads, and facts.

use super::entry::{Entry, HardState, Index, NodeId, Snapshot, Term};
use super::message::{Message, ReadContext};

/// The number of a write, rising by one each time a [`Ready`] carries a [`Write`].
pub type WriteNumber = u64;

/// Everything the caller has to do now.
///
/// The order of work is: save `write`; send `messages` at once; apply `committed`; when the write
/// is durable, call `Node::persisted(number)` and send `messages_after_write`. After applying,
/// call `Node::applied`. The caller may hold several of these at a time, if its writes become
/// durable in order.
/// Source: etcd-io/raft:node.go `Ready`, rawnode.go `readyWithoutAccept`.
#[derive(Debug, Clone)]
pub struct Ready<D, S> {
    /// What must reach the disk.
    pub write: Option<Write<D, S>>,
    /// The write that `messages_after_write` waits for: this one or an earlier one under way.
    pub number: WriteNumber,
    /// Messages that promise nothing and may leave before the disk has answered.
    pub messages: Vec<Message<D, S>>,
    /// Promises (votes, acknowledgements): they leave when the write `number` is durable.
    pub messages_after_write: Vec<Message<D, S>>,
    /// Committed entries to apply, in order. They are on this member's disk already.
    pub committed: Vec<Entry<D>>,
    /// Reads that may be answered once the named index is applied.
    pub reads: Vec<ReadState>,
    /// What happened, in order, for observers; nothing needs to be done about it.
    pub facts: Vec<Fact>,
}

/// What must be durable before the promises that lean on it leave.
#[derive(Debug, Clone)]
pub struct Write<D, S> {
    /// Its number, for `Node::persisted`.
    pub number: WriteNumber,
    /// The new hard state, when it changed.
    pub hard_state: Option<HardState>,
    /// A leader's snapshot that replaces the log, and, once durable, the state machine.
    pub snapshot: Option<Snapshot<S>>,
    /// New entries; the first one replaces everything on disk from its index on.
    pub entries: Vec<Entry<D>>,
    /// Whether the write needs an fsync. A new commit index alone does not: it can be learnt anew.
    ///
    /// Source: etcd-io/raft:node.go `MustSync`.
    pub must_sync: bool,
}

/// The answer to a read request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadState {
    /// The caller's name for the request.
    pub context: ReadContext,
    /// Reading a state that has applied this index is linearizable.
    pub index: Index,
}

/// The part a member plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Answers, and waits for a leader's word.
    Follower,
    /// Asks whether it could win, without raising its term.
    PreCandidate,
    /// Asks for votes in its own term.
    Candidate,
    /// Orders the log.
    Leader,
}

impl Role {
    /// Names the role as etcd's status does.
    pub fn name(self) -> &'static str {
        match self {
            Self::Follower => "StateFollower",
            Self::PreCandidate => "StatePreCandidate",
            Self::Candidate => "StateCandidate",
            Self::Leader => "StateLeader",
        }
    }
}

/// Something that happened inside a node, for invariants, traces and lessons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The node plays another role, or the same one in another term.
    BecameRole {
        /// The new role.
        role: Role,
        /// The term it plays it in.
        term: Term,
    },
    /// The node knows another leader, or knows none any more.
    LeaderChanged {
        /// The leader now believed in.
        leader: Option<NodeId>,
        /// In which term.
        term: Term,
    },
    /// The node gave its one vote of `term`.
    Voted {
        /// To whom.
        candidate: NodeId,
        /// In which term.
        term: Term,
    },
    /// Entries joined the log, all with one term.
    Appended {
        /// The first of them.
        first: Index,
        /// The last of them.
        last: Index,
        /// The term of each of them.
        term: Term,
    },
    /// Uncommitted entries left the log because they conflicted with the leader's.
    Truncated {
        /// The first that is gone.
        from: Index,
    },
    /// A leader's snapshot replaced the log.
    Restored {
        /// The last index in the snapshot.
        index: Index,
        /// Its term.
        term: Term,
    },
    /// The commit index rose.
    Committed {
        /// To this index.
        to: Index,
    },
}
