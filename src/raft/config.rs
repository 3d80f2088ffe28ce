//! The knobs of one node, each default once, with its source.
//!
//! All times are ticks: the node has no clock. etcd calls `tick` every 100 ms, so that ten ticks
//! are its election time-out of one second.

use super::entry::{Bytes, NodeId};

/// Ticks without a word of the leader before a follower stands for election.
///
/// Source: etcd-io/etcd:server/embed/config.go, election 1000 ms / heartbeat 100 ms.
pub const ELECTION_TICK: u32 = 10;

/// Ticks between two heartbeats of a leader.
///
/// Source: etcd-io/etcd:server/etcdserver/bootstrap.go `raftConfig`, `HeartbeatTick: 1`.
pub const HEARTBEAT_TICK: u32 = 1;

/// The most payload in one append message \[B\]; also of one batch of committed entries.
///
/// Source: etcd-io/etcd:server/etcdserver/raft.go `maxSizePerMsg`, 1 MiB.
pub const MAX_SIZE_PER_MSG: Bytes = 1 << 20;

/// The most append messages under way to one follower.
///
/// Source: etcd-io/etcd:server/etcdserver/raft.go `maxInflightMsgs = 4096 / 8`.
pub const MAX_INFLIGHT_MSGS: usize = 512;

/// The most payload a leader holds uncommitted before it drops proposals \[B\].
///
/// Source: etcd leaves `MaxUncommittedEntriesSize` at 0, which etcd-io/raft reads as no limit.
pub const MAX_UNCOMMITTED_SIZE: Bytes = Bytes::MAX;

/// How one node behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// This node's own identity.
    pub id: NodeId,
    /// The election time-out E \[ticks\]; each node waits E ..= 2E-1. Must exceed `heartbeat_tick`.
    pub election_tick: u32,
    /// The heartbeat interval \[ticks\], at least 1.
    pub heartbeat_tick: u32,
    /// Payload limit of an append message \[B\]; a single larger entry still travels, alone.
    pub max_size_per_msg: Bytes,
    /// Append messages under way to one follower, at least 1.
    pub max_inflight_msgs: usize,
    /// Uncommitted payload above which proposals are dropped \[B\]; one entry always fits.
    pub max_uncommitted_size: Bytes,
    /// Ask whether an election could be won before raising the term (dissertation 9.6).
    ///
    /// Default: true, as etcd since 3.5.
    pub pre_vote: bool,
    /// A leader without contact to a majority steps down, and a voter that heard a leader within
    /// E ticks ignores candidates (dissertation 6.2 and 4.2.3).
    ///
    /// Default: true, etcd never turns it off.
    pub check_quorum: bool,
}

impl Config {
    /// Gives etcd's own settings to the node `id`.
    pub fn new(id: NodeId) -> Self {
        Self {
            id,
            election_tick: ELECTION_TICK,
            heartbeat_tick: HEARTBEAT_TICK,
            max_size_per_msg: MAX_SIZE_PER_MSG,
            max_inflight_msgs: MAX_INFLIGHT_MSGS,
            max_uncommitted_size: MAX_UNCOMMITTED_SIZE,
            pre_vote: true,
            check_quorum: true,
        }
    }

    /// Checks the relations between the knobs.
    ///
    /// Errors: a sentence that names the knob; a scenario may set any of them.
    pub fn validate(&self) -> Result<(), &'static str> {
        if self.heartbeat_tick == 0 {
            Err("heartbeat_tick must be at least 1")
        } else if self.election_tick <= self.heartbeat_tick {
            Err("election_tick must be greater than heartbeat_tick")
        } else if self.max_inflight_msgs == 0 {
            Err("max_inflight_msgs must be at least 1")
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heartbeat_must_be_shorter_than_the_election_timeout() {
        let good = Config::new(NodeId(1));
        assert_eq!(good.validate(), Ok(()));
        assert!(Config { heartbeat_tick: 10, ..good.clone() }.validate().is_err());
        assert!(Config { heartbeat_tick: 0, ..good.clone() }.validate().is_err());
        assert!(Config { max_inflight_msgs: 0, ..good }.validate().is_err());
    }
}
