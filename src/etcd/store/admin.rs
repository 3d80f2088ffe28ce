//! Everything but reading and writing keys: compaction, leases, alarms, hash, size.

use super::write::WriteTxn;
use super::{Applied, Store};
use crate::kernel::SimTime;
use crate::wire::etcd::{
    AlarmAction, AlarmMember, AlarmRequest, AlarmResponse, AlarmType, EtcdError, EtcdResponse,
    EtcdResult, HashKvResponse, LeaseGrantResponse, LeaseId, LeaseLeasesResponse,
    LeaseTimeToLiveRequest, LeaseTimeToLiveResponse, ResponseHeader, Revision,
};

impl Store {
    /// Raises the floor of history.
    ///
    /// Simplified: the real one frees the space in the background, a thousand versions at a time.
    pub(super) fn compact(&mut self, revision: Revision) -> EtcdResult {
        if revision <= self.compacted {
            return Err(EtcdError::Compacted);
        }
        if revision > self.revision {
            return Err(EtcdError::FutureRev);
        }
        self.compacted = revision;
        self.history.compact(revision);
        let Store { index, space, .. } = self;
        index.compact(revision, |kv| space.free(kv));
        Ok(EtcdResponse::Compact(ResponseHeader::at(self.revision)))
    }

    pub(super) fn lease_grant(&mut self, id: LeaseId, ttl: i64, now: SimTime) -> EtcdResult {
        let ttl = self.lessor.grant(id, ttl, now)?;
        Ok(EtcdResponse::LeaseGrant(LeaseGrantResponse {
            header: ResponseHeader::at(self.revision),
            id,
            ttl,
        }))
    }

    /// Ends a lease: all its keys go in one revision, in key order.
    pub(super) fn lease_revoke(&mut self, id: LeaseId) -> Applied {
        let keys = match self.lessor.revoke(id) {
            Ok(keys) => keys,
            Err(error) => return Applied { result: Err(error), events: Vec::new() },
        };
        let mut write = WriteTxn::new(self);
        write.delete_keys(keys);
        let events = write.finish();
        let header = ResponseHeader::at(self.revision);
        Applied { result: Ok(EtcdResponse::LeaseRevoke(header)), events }
    }

    /// How long a lease still lives, by this member's clock. Only the leader's answer counts.
    #[must_use]
    pub fn lease_time_to_live(
        &self,
        request: LeaseTimeToLiveRequest,
        now: SimTime,
    ) -> LeaseTimeToLiveResponse {
        let header = ResponseHeader::at(self.revision);
        let unknown = LeaseTimeToLiveResponse {
            header,
            id: request.id,
            ttl: -1,
            granted_ttl: 0,
            keys: Vec::new(),
        };
        self.lessor.get(request.id).map_or(unknown, |lease| LeaseTimeToLiveResponse {
            header,
            id: request.id,
            ttl: lease.remaining(now),
            granted_ttl: lease.ttl(),
            keys: if request.keys { lease.keys().cloned().collect() } else { Vec::new() },
        })
    }

    /// All leases, the first to end first.
    #[must_use]
    pub fn lease_leases(&self) -> LeaseLeasesResponse {
        LeaseLeasesResponse {
            header: ResponseHeader::at(self.revision),
            leases: self.lessor.by_expiry(),
        }
    }

    /// Lists, raises or clears alarms.
    pub(super) fn alarm(&mut self, request: &AlarmRequest) -> EtcdResult {
        let concerns = |alarm: &AlarmMember| {
            request.alarm.is_none_or(|kind| kind == alarm.alarm)
                && (request.member_id == 0 || request.member_id == alarm.member_id)
        };
        let alarms = match (request.action, request.alarm) {
            (AlarmAction::Activate, Some(alarm)) => {
                let alarm = AlarmMember { member_id: request.member_id, alarm };
                self.alarms.insert(alarm);
                vec![alarm]
            }
            (AlarmAction::Activate, None) => Vec::new(),
            (AlarmAction::Get, kind) => {
                self.alarms.iter().filter(|a| kind.is_none_or(|k| k == a.alarm)).copied().collect()
            }
            (AlarmAction::Deactivate, _) => {
                let cleared: Vec<_> = self.alarms.iter().copied().filter(concerns).collect();
                cleared.iter().for_each(|alarm| {
                    self.alarms.remove(alarm);
                });
                cleared
            }
        };
        Ok(EtcdResponse::Alarm(AlarmResponse { header: ResponseHeader::at(self.revision), alarms }))
    }

    /// The raised alarms.
    pub fn alarms(&self) -> impl Iterator<Item = &AlarmMember> {
        self.alarms.iter()
    }

    /// Whether any member raised this alarm.
    #[must_use]
    pub fn has_alarm(&self, kind: AlarmType) -> bool {
        self.alarms.iter().any(|alarm| alarm.alarm == kind)
    }

    /// A fingerprint of every version up to `revision` (0: the current one) that compaction left.
    /// Members at the same floor must agree on it.
    ///
    /// # Errors
    /// The revision lies in the future or below the floor of history.
    pub fn hash_kv(&self, revision: Revision) -> Result<HashKvResponse, EtcdError> {
        let at = self.readable(revision, self.revision)?;
        let mut hash = Fnv::default();
        for kv in self.index.versions().filter(|kv| kv.mod_revision <= at) {
            hash.feed(kv.key.as_bytes());
            kv.value.feed(&mut |bytes| hash.feed(bytes));
            for number in [kv.create_revision, kv.mod_revision, kv.version, kv.lease] {
                hash.feed(&number.to_le_bytes());
            }
        }
        Ok(HashKvResponse {
            header: ResponseHeader::at(self.revision),
            hash: hash.folded(),
            compact_revision: self.compacted,
        })
    }

    /// The size of the store's file. Unit: bytes.
    #[must_use]
    pub fn db_size(&self) -> u64 {
        self.space.size()
    }

    /// How much of the file is in use. Unit: bytes.
    #[must_use]
    pub fn db_size_in_use(&self) -> u64 {
        self.space.in_use()
    }

    /// Makes the file as small as what is in it.
    pub fn defragment(&mut self) {
        self.space.defragment();
    }
}

/// The FNV-1a hash: the same on every platform. (etcd uses a CRC over its pages, which are not
/// modelled; only whether two hashes are equal means anything.)
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Takes in bytes and, so that two neighbours cannot trade bytes, the end of them.
    fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Both halves over each other.
    fn folded(&self) -> u32 {
        let low = self.0 & u64::from(u32::MAX);
        u32::try_from(low ^ (self.0 >> 32)).expect("both are halves of a word")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::etcd::store::StoreConfig;
    use crate::wire::etcd::{DeleteRangeRequest, KeyRange, Mutation, PutRequest};

    fn apply(store: &mut Store, mutation: Mutation) -> EtcdResult {
        store.apply(&mutation, SimTime::ZERO).result
    }

    fn put(key: &str, value: &str) -> Mutation {
        Mutation::Put(Arc::new(PutRequest::new(key, value)))
    }

    fn alarm(action: AlarmAction, alarm: AlarmType) -> Mutation {
        Mutation::Alarm(AlarmRequest { action, member_id: 1, alarm: Some(alarm) })
    }

    #[test]
    fn a_full_store_takes_only_what_frees_space_until_somebody_made_room() {
        let config = StoreConfig { quota_bytes: 2000, ..StoreConfig::default() };
        let mut store = Store::new(config);
        let large = "x".repeat(1000);
        assert!(apply(&mut store, put("a", &large)).is_ok());
        assert!(!store.fits(&put("b", &large)));
        assert!(apply(&mut store, alarm(AlarmAction::Activate, AlarmType::NoSpace)).is_ok());
        assert_eq!(apply(&mut store, put("b", "")), Err(EtcdError::NoSpace));
        let delete = Mutation::DeleteRange(Arc::new(DeleteRangeRequest::new(KeyRange::all())));
        assert!(apply(&mut store, delete).is_ok());
        let revision = store.revision();
        assert!(store.compact(revision).is_ok());
        assert!(!store.fits(&put("b", &large)), "the file is as large as ever");
        store.defragment();
        assert!(apply(&mut store, alarm(AlarmAction::Deactivate, AlarmType::NoSpace)).is_ok());
        assert!(apply(&mut store, put("b", &large)).is_ok());
    }

    #[test]
    fn a_corrupt_cluster_takes_nothing() {
        let mut store = Store::new(StoreConfig::default());
        assert!(apply(&mut store, alarm(AlarmAction::Activate, AlarmType::Corrupt)).is_ok());
        assert_eq!(apply(&mut store, put("a", "")), Err(EtcdError::Corrupt));
        assert_eq!(apply(&mut store, Mutation::LeaseRevoke(1)), Err(EtcdError::Corrupt));
    }

    #[test]
    fn the_hash_sees_a_value_move_from_one_key_to_its_neighbour() {
        let hash = |pairs: [(&str, &str); 2]| {
            let mut store = Store::new(StoreConfig::default());
            for (key, value) in pairs {
                assert!(apply(&mut store, put(key, value)).is_ok());
            }
            store.hash_kv(0).map(|response| response.hash)
        };
        assert_ne!(hash([("a", "xy"), ("b", "")]), hash([("a", "x"), ("b", "y")]));
        assert_eq!(hash([("a", "x"), ("b", "y")]), hash([("a", "x"), ("b", "y")]));
    }

    #[test]
    fn a_lease_keeps_the_key_it_is_given_anew_and_loses_the_one_that_moves_on() {
        let mut store = Store::new(StoreConfig::default());
        for id in [1, 2] {
            assert!(apply(&mut store, Mutation::LeaseGrant { id, ttl: 10 }).is_ok());
        }
        for lease in [1, 1, 2] {
            let request = PutRequest { lease, ..PutRequest::new("a", "v") };
            assert!(apply(&mut store, Mutation::Put(Arc::new(request))).is_ok());
        }
        assert!(apply(&mut store, Mutation::LeaseRevoke(1)).is_ok());
        assert!(store.get("a").is_some());
        assert!(apply(&mut store, Mutation::LeaseRevoke(2)).is_ok());
        assert!(store.get("a").is_none());
    }
}
