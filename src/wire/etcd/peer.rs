//! What members tell each other, and what a member reminds itself of.

use std::sync::Arc;

use crate::kernel::Digest;
use crate::raft;
use crate::raft::Bytes;

use super::command::Command;
use super::kv::{KeyValue, LeaseId, Revision};
use super::response::AlarmMember;

/// The whole store at one revision, as a member sends it to another that has fallen too far back.
///
/// Versions are shared with the sender's store, never copied.
/// Source: etcd-io/etcd:server/etcdserver/snapshot_merge.go: there it is the database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreImage {
    /// The newest revision.
    pub revision: Revision,
    /// The floor of history.
    pub compacted: Revision,
    /// Every known version of every key, in key order, oldest first.
    pub versions: Vec<Arc<KeyValue>>,
    /// All changes from the floor on, in the order they happened.
    pub history: Vec<Arc<KeyValue>>,
    /// The leases with their granted life. Unit: seconds.
    pub leases: Vec<(LeaseId, i64)>,
    /// The raised alarms.
    pub alarms: Vec<AlarmMember>,
    /// The size of the store's file. Unit: bytes.
    pub file_bytes: u64,
}

/// What a Raft snapshot carries: the store when it travels, nothing while it only marks a place
/// in the log, because the member's own store stands for it.
pub type Image = Option<Arc<StoreImage>>;

/// A Raft message between two members.
pub type PeerMessage = raft::Message<Arc<Command>, Image>;

impl raft::Data for Command {
    fn size(&self) -> Bytes {
        Command::size(self) as Bytes
    }
}

/// What a member reminds itself of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtcdTimer {
    /// A tick of Raft's logical clock.
    Tick,
    /// The disk has finished its fsync.
    Synced,
    /// The oldest waiting request may have waited long enough.
    Requests,
    /// The read with this number has no confirmation yet: ask again.
    ReadRetry(u64),
    /// Look for leases that have ended.
    Leases,
    /// Report progress to quiet watchers.
    WatchProgress,
    /// The member has waited long enough for its cluster: it serves its clients all the same.
    ServeAnyway,
    /// A snapshot to the member with this Raft id should have arrived by now.
    Snapshot(u64),
}

/// Folds what tells one Raft message from another.
pub(super) fn digest(message: &PeerMessage, digest: &mut Digest) {
    use crate::raft::Body;
    digest.fold(message.term << 8 | 3);
    let (tag, one, two) = match &message.body {
        Body::Append { prev, entries, commit } => {
            (1, prev.index << 16 | entries.len() as u64, *commit)
        }
        Body::AppendAccepted { index } => (2, *index, 0),
        Body::AppendRejected { rejected, hint } => (3, *rejected, hint.index),
        Body::Heartbeat { commit, context } => (4, *commit, context.map_or(0, |c| c.0)),
        Body::HeartbeatResponse { context } => (5, 0, context.map_or(0, |c| c.0)),
        Body::Vote { kind, last, .. } => (6, *kind as u64, last.index),
        Body::VoteResponse { kind, granted } => (7, *kind as u64, u64::from(*granted)),
        Body::Snapshot(snapshot) => (8, snapshot.position.index, snapshot.position.term),
        Body::TimeoutNow => (9, 0, 0),
        Body::TransferLeader { to } => (10, to.0, 0),
        Body::Propose { data } => (11, data.id, 0),
        Body::ReadIndex { context } => (12, context.0, 0),
        Body::ReadIndexResponse { context, index } => (13, context.0, *index),
    };
    digest.fold(one << 4 | tag);
    digest.fold(two);
}

impl EtcdTimer {
    pub(super) fn digest(self, digest: &mut Digest) {
        digest.fold(match self {
            EtcdTimer::Tick => 0x10,
            EtcdTimer::Synced => 0x11,
            EtcdTimer::Requests => 0x12,
            EtcdTimer::ReadRetry(number) => number << 8 | 0x13,
            EtcdTimer::Leases => 0x14,
            EtcdTimer::WatchProgress => 0x15,
            EtcdTimer::ServeAnyway => 0x17,
            EtcdTimer::Snapshot(to) => to << 8 | 0x16,
        });
    }
}
