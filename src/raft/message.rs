//! Everything one node may say to another: a closed list.
//!
//! Each message has its sender's term, the logical clock that orders leaderships. Requests to the
//! leader (`Propose`, `ReadIndex`) carry no meaning in their term: a follower that lags may still
//! forward them.

use super::entry::{Entries, Index, NodeId, Position, Snapshot, Term};

/// The name a caller gives to a read request, unique among the requests under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadContext(pub u64);

/// One message between two members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<D, S> {
    /// The member that sends.
    pub from: NodeId,
    /// The member that shall get it.
    pub to: NodeId,
    /// The sender's term; for a pre-vote the term it would campaign in.
    pub term: Term,
    /// What it says.
    pub body: Body<D, S>,
}

/// Whether a vote counts or only asks how it would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VoteKind {
    /// "Would you vote for me?" binds nobody and raises no term.
    PreVote,
    /// A real vote: one per term and voter.
    Vote,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body<D, S> {
    /// AppendEntries of the paper, with entries or empty (etcd's `MsgApp`).
    Append {
        /// The entry just before the new ones; the follower must have exactly it.
        prev: Position,
        /// The new entries, consecutive from `prev.index + 1`.
        entries: Entries<D>,
        /// The leader's commit index.
        commit: Index,
    },
    /// The follower's log matches the leader's up to `index`, on disk.
    AppendAccepted {
        /// The last matching index.
        index: Index,
    },
    /// The follower lacks `rejected`, the leader's `prev`.
    AppendRejected {
        /// The index whose term did not match.
        rejected: Index,
        /// Where the leader should look next: the follower's last entry that can match at all.
        hint: Position,
    },
    /// "I lead" without entries; keeps followers quiet and confirms reads (etcd's `MsgHeartbeat`).
    Heartbeat {
        /// The commit index, at most what this follower surely has.
        commit: Index,
        /// The latest read that waits for a confirmation of leadership.
        context: Option<ReadContext>,
    },
    /// The answer to a heartbeat.
    HeartbeatResponse {
        /// The context of that heartbeat.
        context: Option<ReadContext>,
    },
    /// RequestVote of the paper.
    Vote {
        /// Real or trial.
        kind: VoteKind,
        /// The end of the candidate's log.
        last: Position,
        /// Set when the old leader asked for this election: the vote lease does not apply.
        transfer: bool,
    },
    /// The answer to a vote request.
    VoteResponse {
        /// Real or trial.
        kind: VoteKind,
        /// Whether the voter agrees.
        granted: bool,
    },
    /// InstallSnapshot: the follower needs entries that the leader no longer has.
    Snapshot(Snapshot<S>),
    /// The leader asks its successor to campaign at once.
    TimeoutNow,
    /// A request, forwarded to the leader, to hand leadership to `to`.
    TransferLeader {
        /// The wished successor.
        to: NodeId,
    },
    /// A proposal, forwarded to the leader.
    Propose {
        /// The command.
        data: D,
    },
    /// A follower asks which index a linearizable read must wait for.
    ReadIndex {
        /// The follower's name for the request.
        context: ReadContext,
    },
    /// The answer: a state that has applied `index` may answer the read.
    ReadIndexResponse {
        /// The follower's name for the request.
        context: ReadContext,
        /// The leader's commit index when the request arrived.
        index: Index,
    },
}

impl<D, S> Body<D, S> {
    /// Names the message as etcd's traces do, for logs and golden dialogues.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Append { .. } => "MsgApp",
            Self::AppendAccepted { .. } | Self::AppendRejected { .. } => "MsgAppResp",
            Self::Heartbeat { .. } => "MsgHeartbeat",
            Self::HeartbeatResponse { .. } => "MsgHeartbeatResp",
            Self::Vote { kind: VoteKind::PreVote, .. } => "MsgPreVote",
            Self::Vote { kind: VoteKind::Vote, .. } => "MsgVote",
            Self::VoteResponse { kind: VoteKind::PreVote, .. } => "MsgPreVoteResp",
            Self::VoteResponse { kind: VoteKind::Vote, .. } => "MsgVoteResp",
            Self::Snapshot(_) => "MsgSnap",
            Self::TimeoutNow => "MsgTimeoutNow",
            Self::TransferLeader { .. } => "MsgTransferLeader",
            Self::Propose { .. } => "MsgProp",
            Self::ReadIndex { .. } => "MsgReadIndex",
            Self::ReadIndexResponse { .. } => "MsgReadIndexResp",
        }
    }

    /// Tells whether only the leader of the message's term can have sent it.
    pub(super) fn is_from_leader(&self) -> bool {
        matches!(self, Self::Append { .. } | Self::Heartbeat { .. } | Self::Snapshot(_))
    }

    /// Tells whether the term says nothing: a request on its way to whoever leads.
    pub(super) fn is_request_to_leader(&self) -> bool {
        matches!(self, Self::Propose { .. } | Self::ReadIndex { .. })
    }

    /// Tells whether the message promises something that must be on disk before it leaves.
    ///
    /// An acknowledgement of entries and a vote are promises: breaking one after a crash would
    /// break Raft. A pre-vote answer waits with them as upstream does, so that order is kept.
    /// Source: etcd-io/raft:raft.go `send`, the `msgsAfterAppend` branch.
    pub(super) fn is_promise(&self) -> bool {
        matches!(
            self,
            Self::AppendAccepted { .. } | Self::AppendRejected { .. } | Self::VoteResponse { .. }
        )
    }
}
