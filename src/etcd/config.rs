//! The settings of an etcd member, each default once, with its source.

use crate::etcd::check::RequestLimits;
use crate::etcd::store::StoreConfig;
use crate::kernel::{Dist, Span};
use crate::raft;
use crate::raft::NodeId;
use crate::setting;
use crate::wire::setting::Setting;

/// How one member behaves. All members of a cluster should have the same settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EtcdConfig {
    /// The length of a Raft tick, which is also the heartbeat interval. Default: 100 ms.
    ///
    /// Source: etcd-io/etcd:server/embed/config.go, `DefaultTickMs`.
    pub heartbeat_interval: Span,
    /// How long a follower waits for its leader. Default: 1 s, ten ticks.
    ///
    /// Source: etcd-io/etcd:server/embed/config.go, `DefaultElectionMs`.
    pub election_timeout: Span,
    /// Ask before raising the term. Default: true.
    ///
    /// Source: etcd-io/etcd:server/embed/config.go, `DefaultPreVote`, since 3.5.
    pub pre_vote: bool,
    /// A leader without a majority steps down. Default: true; the real one cannot turn it off.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/bootstrap.go, `raftConfig`.
    pub check_quorum: bool,
    /// A member that starts lets all but the last ticks of its first time-out pass at once.
    /// Default: true.
    ///
    /// Source: etcd-io/etcd:server/embed/config.go, `InitialElectionTickAdvance`.
    pub initial_election_tick_advance: bool,
    /// How long a member that starts keeps its clients waiting for its cluster. Default: 5 s.
    ///
    /// Source: etcd-io/etcd:server/embed/config.go, `DefaultWaitClusterReadyTimeout`.
    pub wait_cluster_ready_timeout: Span,
    /// After how long an unconfirmed linearizable read asks again. Default: 500 ms.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/v3_server.go, `readIndexRetryTime`.
    pub read_index_retry: Span,
    /// How many entries are applied between two snapshots. Default: 10,000.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/server.go, `DefaultSnapshotCount` (3.6).
    pub snapshot_count: u64,
    /// How many entries stay in the log behind a snapshot for slow followers. Default: 5,000.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/server.go, `DefaultSnapshotCatchUpEntries`.
    pub snapshot_catch_up_entries: u64,
    /// How far committed entries may run ahead of applied ones. Default: 5,000.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/v3_server.go, `maxGapBetweenApplyAndCommitIndex`.
    pub apply_gap_max: u64,
    /// When the sender of a snapshot takes it for lost. Default: 5 s.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/api/rafthttp/peer.go, `ConnWriteTimeout`.
    pub snapshot_timeout: Span,
    /// How long one fsync takes. Default: half of them below 3 ms, one in six above 4.5 ms, as a
    /// local solid-state disk does it; etcd's advice is a 99th percentile below 10 ms.
    ///
    /// Source: etcd.io/docs, "What does the etcd warning about slow fdatasync mean"; measured.
    pub fsync: Dist,
    /// Quota and leases.
    pub store: StoreConfig,
    /// Limits on requests.
    pub limits: RequestLimits,
}

impl Default for EtcdConfig {
    fn default() -> Self {
        EtcdConfig {
            heartbeat_interval: Span::millis(100),
            election_timeout: Span::millis(1000),
            pre_vote: true,
            check_quorum: true,
            initial_election_tick_advance: true,
            wait_cluster_ready_timeout: Span::secs(5),
            read_index_retry: Span::millis(500),
            snapshot_count: 10_000,
            snapshot_catch_up_entries: 5_000,
            apply_gap_max: 5_000,
            snapshot_timeout: Span::secs(5),
            fsync: Dist::LogNormal { median: Span::millis(3), spread_percent: 150 },
            store: StoreConfig::default(),
            limits: RequestLimits::default(),
        }
    }
}

impl EtcdConfig {
    /// How long a request may take inside the server: time for a disk to be slow and for an
    /// election to happen. With the defaults: 7 s.
    ///
    /// Source: etcd-io/etcd:server/config/config.go, `ReqTimeout`.
    #[must_use]
    pub fn request_timeout(&self) -> Span {
        Span::secs(5) + self.election_timeout + self.election_timeout
    }

    /// The election time-out in ticks, more than one.
    #[must_use]
    pub fn election_ticks(&self) -> u32 {
        let ticks = self.election_timeout.as_nanos() / self.heartbeat_interval.as_nanos().max(1);
        u32::try_from(ticks).unwrap_or(u32::MAX).max(2)
    }

    /// The settings of the member's Raft node.
    #[must_use]
    pub fn raft(&self, id: NodeId) -> raft::Config {
        raft::Config {
            election_tick: self.election_ticks(),
            pre_vote: self.pre_vote,
            check_quorum: self.check_quorum,
            ..raft::Config::new(id)
        }
    }
}

/// The settings that a scenario can change by name.
pub const SETTINGS: &[Setting<EtcdConfig>] = &[
    setting!(EtcdConfig, heartbeat_interval, "heartbeat-interval", "etcd:server/embed/config.go"),
    setting!(EtcdConfig, election_timeout, "election-timeout", "etcd:server/embed/config.go"),
    setting!(EtcdConfig, pre_vote, "pre-vote", "etcd:server/embed/config.go"),
    setting!(EtcdConfig, check_quorum, "check-quorum", "etcd:server/etcdserver/bootstrap.go"),
    setting!(EtcdConfig, snapshot_count, "snapshot-count", "etcd:server/embed/config.go"),
    setting!(EtcdConfig, store.quota_bytes, "quota-backend-bytes", "etcd:server/embed/config.go"),
    setting!(EtcdConfig, limits.max_txn_ops, "max-txn-ops", "etcd:server/embed/config.go"),
    setting!(
        EtcdConfig,
        limits.max_request_bytes,
        "max-request-bytes",
        "etcd:server/embed/config.go"
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_may_take_seven_seconds() {
        let config = EtcdConfig::default();
        assert_eq!(config.request_timeout(), Span::secs(7));
        assert_eq!(config.election_ticks(), 10);
    }

    #[test]
    fn every_setting_reads_back_what_it_writes_and_has_its_own_name() {
        let mut config = EtcdConfig::default();
        for setting in SETTINGS {
            let text = (setting.get)(&config);
            assert_eq!((setting.set)(&mut config, &text), Ok(()), "{}", setting.name);
            assert_eq!(SETTINGS.iter().filter(|s| s.name == setting.name).count(), 1);
        }
        assert_eq!(config, EtcdConfig::default());
    }
}
