//! The multi-version store of one member: the state machine behind the Raft log.
//!
//! It is a pure function of the commands applied to it: [`Store::apply`] takes a command and
//! gives the answer and the events, and members that applied the same commands are equal (their
//! [hashes](Store::hash_kv) say so). Only one thing here looks at a clock, the end of leases,
//! and that counts on the leader alone and comes back as a command.
//!
//! | file | what lives there |
//! |---|---|
//! | `index` | every key with its known versions |
//! | `history` | all changes in order, for watches |
//! | `range` | reading an interval |
//! | `write` | putting and deleting, one revision per command |
//! | `txn` | guards and branches |
//! | `space` | size, quota |
//! | `image` | the whole store, to be sent to a member that lags |
//! | `admin` | compaction, leases, alarms, hash |

mod admin;
mod history;
mod image;
mod index;
mod range;
mod space;
mod txn;
mod write;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::history::History;
use self::index::Index;
use self::space::Space;
use self::write::WriteTxn;
use crate::etcd::lease::Lessor;
use crate::kernel::SimTime;
use crate::wire::etcd::{
    AlarmMember, AlarmType, EtcdError, EtcdResponse, EtcdResult, Event, KeyRange, KeyValue,
    Mutation, Revision,
};

/// The revision of a store that nobody has written to.
///
/// Source: etcd-io/etcd:server/storage/mvcc/kvstore.go, `NewStore`.
pub const FIRST_REVISION: Revision = 1;

/// The floor of a history that was never compacted.
///
/// Source: etcd-io/etcd:server/storage/mvcc/kvstore.go, `NewStore`.
pub const NEVER_COMPACTED: Revision = -1;

/// The settings that decide what a store accepts. They must be the same on all members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreConfig {
    /// The size at which the store takes no more writes. Unit: bytes. Default: 2 GiB.
    ///
    /// Source: etcd-io/etcd:server/storage/quota.go, `DefaultQuotaBytes`.
    pub quota_bytes: u64,
    /// The shortest life of a lease. Unit: seconds. Default: 2, which is one and a half election
    /// timeouts of 1 s, rounded up.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/server.go, `minTTL`.
    pub min_lease_ttl: i64,
}

impl Default for StoreConfig {
    fn default() -> Self {
        StoreConfig { quota_bytes: 2 * 1024 * 1024 * 1024, min_lease_ttl: 2 }
    }
}

/// What applying a command gave.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The answer for the client.
    pub result: EtcdResult,
    /// What changed, all at the one revision the command made; empty if nothing did. Each event
    /// carries what was there before.
    pub events: Vec<Event>,
}

/// The store of one member. A clone is independent of the original and shares all values with it.
#[derive(Debug, Clone)]
pub struct Store {
    config: StoreConfig,
    revision: Revision,
    compacted: Revision,
    index: Index,
    history: History,
    lessor: Lessor,
    space: Space,
    alarms: BTreeSet<AlarmMember>,
}

impl Store {
    /// A store that nobody has written to.
    #[must_use]
    pub fn new(config: StoreConfig) -> Self {
        Store {
            config,
            revision: FIRST_REVISION,
            compacted: NEVER_COMPACTED,
            index: Index::default(),
            history: History::default(),
            lessor: Lessor::new(config.min_lease_ttl),
            space: Space::default(),
            alarms: BTreeSet::new(),
        }
    }

    /// Applies one command of the log. `now` is the member's own clock; it decides nothing but
    /// when the leases of this member's lessor end.
    pub fn apply(&mut self, mutation: &Mutation, now: SimTime) -> Applied {
        if let Some(error) = self.refusal(mutation) {
            return Applied { result: Err(error), events: Vec::new() };
        }
        // The quota is judged before the command, but the command is applied all the same: that
        // is how far beyond its quota a store can come.
        let fits = self.fits(mutation);
        let Applied { mut result, events } = self.apply_unchecked(mutation, now);
        if result.is_ok() && !fits {
            result = Err(EtcdError::NoSpace);
        }
        Applied { result, events }
    }

    fn apply_unchecked(&mut self, mutation: &Mutation, now: SimTime) -> Applied {
        let quiet = |result: EtcdResult| Applied { result, events: Vec::new() };
        match mutation {
            Mutation::Put(put) => {
                let mut write = WriteTxn::new(self);
                let result = write.put(put).map(EtcdResponse::Put);
                Applied { result, events: write.finish() }
            }
            Mutation::DeleteRange(delete) => {
                let mut write = WriteTxn::new(self);
                let response = write.delete_range(delete);
                Applied { result: Ok(EtcdResponse::DeleteRange(response)), events: write.finish() }
            }
            Mutation::Txn(txn) => {
                let (result, events) = self.txn(txn);
                Applied { result: result.map(EtcdResponse::Txn), events }
            }
            Mutation::Compact(compact) => quiet(self.compact(compact.revision)),
            Mutation::LeaseGrant { id, ttl } => quiet(self.lease_grant(*id, *ttl, now)),
            Mutation::LeaseRevoke(id) => self.lease_revoke(*id),
            Mutation::Alarm(alarm) => quiet(self.alarm(alarm)),
        }
    }

    /// Why the raised alarms forbid a command.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/apply/apply.go, `applierV3Capped`, and
    /// apply/corrupt.go.
    fn refusal(&self, mutation: &Mutation) -> Option<EtcdError> {
        if matches!(mutation, Mutation::Alarm(_)) {
            None
        } else if self.has_alarm(AlarmType::Corrupt) {
            Some(EtcdError::Corrupt)
        } else if self.has_alarm(AlarmType::NoSpace) && space::cost(mutation) > 0 {
            Some(EtcdError::NoSpace)
        } else {
            None
        }
    }

    /// Whether the store has room for a command. The member asks before it proposes one, and
    /// raises [`AlarmType::NoSpace`] if not.
    #[must_use]
    pub fn fits(&self, mutation: &Mutation) -> bool {
        let cost = space::cost(mutation);
        cost == 0 || self.space.size() + cost < self.config.quota_bytes
    }

    /// The newest revision.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The floor of history: the oldest revision that can be read. [`NEVER_COMPACTED`] at first.
    #[must_use]
    pub fn compacted(&self) -> Revision {
        self.compacted
    }

    /// The pair under a key, now.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Arc<KeyValue>> {
        self.index.live(key)
    }

    /// How many keys are known, deleted ones included until compaction takes them.
    #[must_use]
    pub fn known_keys(&self) -> usize {
        self.index.len()
    }

    /// The leases, and this member's idea of when they end.
    #[must_use]
    pub fn lessor(&self) -> &Lessor {
        &self.lessor
    }

    /// The leases, for the member to renew them, and to take over or give up their clock.
    pub fn lessor_mut(&mut self) -> &mut Lessor {
        &mut self.lessor
    }

    /// What happened in an interval at `revision` and later, with what was there before each
    /// change unless that lies below the floor.
    pub fn events_since<'a>(
        &'a self,
        revision: Revision,
        range: &'a KeyRange,
    ) -> impl Iterator<Item = Event> + 'a {
        self.history.since(revision).filter(|kv| range.contains(&kv.key)).map(|kv| {
            let prev_kv = self
                .readable(kv.mod_revision - 1, self.revision)
                .ok()
                .and_then(|before| self.index.at(&kv.key, before).cloned());
            Event { kv: kv.clone(), prev_kv }
        })
    }
}
