//! What a Raft log is made of: terms, indexes, entries, snapshots and the hard state.
//!
//! These are plain values. Everything that is shared between members (entries in a message, the
//! payload of an entry) is shared by reference counting and never changed in place, so that a
//! clone of a whole cluster costs pointers.

use std::fmt;
use std::sync::Arc;

use super::quorum::VoterSet;

/// The identity of one member, unique in its cluster for ever.
///
/// Source: etcd-io/raft:raft.go `Config.ID` (there 0 means "none"; here that is `Option`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u64);

impl fmt::Display for NodeId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

/// A logical clock of leaderships: each term has at most one leader. 0 is before the first.
pub type Term = u64;

/// The place of an entry in the log. The first entry has index 1; 0 is "before the log".
pub type Index = u64;

/// The number of bytes of a payload, as the flow limits count them.
pub type Bytes = u64;

/// What an entry may carry.
///
/// The node never looks inside; it only needs the size for its flow limits, and cheap clones,
/// which is why real users wrap their command in an `Arc`.
pub trait Data: Clone {
    /// The size on the wire \[B\].
    fn size(&self) -> Bytes;
}

impl<T: Data> Data for Arc<T> {
    fn size(&self) -> Bytes {
        self.as_ref().size()
    }
}

impl Data for String {
    fn size(&self) -> Bytes {
        Bytes::try_from(self.len()).unwrap_or(Bytes::MAX)
    }
}

impl Data for u64 {
    fn size(&self) -> Bytes {
        8
    }
}

/// A point in a log: an index and the term of the entry there.
///
/// Two logs that share a position are identical up to it (the Log Matching Property), which is
/// why one pair of numbers is enough to compare prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The index of the entry.
    pub index: Index,
    /// The term in which a leader created that entry.
    pub term: Term,
}

/// The content of one entry.
///
/// A configuration change will be a third case here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload<D> {
    /// What a new leader appends first, to be able to commit what its predecessors left.
    Empty,
    /// A command of the state machine.
    Normal(D),
}

/// One slot of the replicated log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<D> {
    /// The term of the leader that created it.
    pub term: Term,
    /// Its place in the log.
    pub index: Index,
    /// What it says.
    pub payload: Payload<D>,
}

impl<D: Data> Entry<D> {
    /// Counts the payload's bytes; an empty entry costs nothing.
    pub fn size(&self) -> Bytes {
        match &self.payload {
            Payload::Empty => 0,
            Payload::Normal(data) => data.size(),
        }
    }
}

impl<D> Entry<D> {
    /// Names the entry's place and term.
    pub fn position(&self) -> Position {
        Position { index: self.index, term: self.term }
    }

    /// Gives the command, if the entry carries one.
    pub fn data(&self) -> Option<&D> {
        match &self.payload {
            Payload::Empty => None,
            Payload::Normal(data) => Some(data),
        }
    }
}

/// A run of consecutive entries, shared by all messages that carry it.
pub type Entries<D> = Arc<[Entry<D>]>;

/// The state machine at one point of the log, standing for the whole prefix up to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot<S> {
    /// The last entry that the snapshot contains.
    pub position: Position,
    /// The voters at that point; a member that starts from the snapshot knows no other source.
    pub voters: VoterSet,
    /// The state itself, opaque to Raft.
    pub data: S,
}

/// What must survive a crash beside the log.
///
/// Source: Raft paper, figure 2 "persistent state"; `commit` is there only to restart faster
/// (etcd-io/raft:raftpb/raft.proto `HardState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HardState {
    /// The latest term the member has seen.
    pub term: Term,
    /// Whom it voted for in that term.
    pub vote: Option<NodeId>,
    /// The highest index it knew to be committed.
    pub commit: Index,
}
