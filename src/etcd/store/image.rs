//! The whole store as one value, for a member that has fallen behind the log.
//!
//! Source: etcd-io/etcd:server/etcdserver/snapshot_merge.go (there, a copy of the database file).

use std::sync::Arc;

use super::history::History;
use super::index::Index;
use super::space::Space;
use super::{Store, StoreConfig};
use crate::etcd::lease::Lessor;
use crate::wire::etcd::{NO_LEASE, StoreImage};

impl Store {
    /// Takes an image; all versions are shared with the store.
    #[must_use]
    pub fn image(&self) -> StoreImage {
        StoreImage {
            revision: self.revision,
            compacted: self.compacted,
            versions: self.index.versions().cloned().collect(),
            history: self.history.since(self.compacted).cloned().collect(),
            leases: self.lessor.lives().collect(),
            alarms: self.alarms.iter().copied().collect(),
            file_bytes: self.space.size(),
        }
    }

    /// Makes a store from an image. Its leases end by nobody's clock until it leads.
    #[must_use]
    pub fn from_image(config: StoreConfig, image: &StoreImage) -> Self {
        let mut index = Index::default();
        let mut history = History::default();
        let mut space = Space::default();
        let mut lessor = Lessor::new(config.min_lease_ttl);
        for (id, ttl) in &image.leases {
            lessor.restore(*id, *ttl);
        }
        for kv in &image.versions {
            space.add(kv);
            index.restore(Arc::clone(kv));
        }
        for kv in &image.versions {
            let attached = index.live(&kv.key).is_some_and(|live| Arc::ptr_eq(live, kv));
            if attached && kv.lease != NO_LEASE {
                lessor.attach(kv.lease, &kv.key);
            }
        }
        space.grow_to(image.file_bytes);
        for kv in &image.history {
            history.push(Arc::clone(kv));
        }
        Store {
            config,
            revision: image.revision,
            compacted: image.compacted,
            index,
            history,
            lessor,
            space,
            alarms: image.alarms.iter().copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SimTime;
    use crate::wire::etcd::{
        AlarmAction, AlarmRequest, AlarmType, CompactRequest, DeleteRangeRequest, KeyRange,
        LeaseTimeToLiveRequest, Mutation, PutRequest,
    };

    fn apply(store: &mut Store, mutation: &Mutation) {
        let applied = store.apply(mutation, SimTime::ZERO);
        assert!(applied.result.is_ok(), "{mutation:?}");
    }

    fn put(key: &str, value: &str, lease: i64) -> Mutation {
        Mutation::Put(Arc::new(PutRequest { lease, ..PutRequest::new(key, value) }))
    }

    #[test]
    fn a_store_from_an_image_is_the_same_store() {
        let mut store = Store::new(StoreConfig::default());
        apply(&mut store, &Mutation::LeaseGrant { id: 7, ttl: 60 });
        for round in 0..3 {
            for key in ["b", "a", "c"] {
                apply(&mut store, &put(key, &format!("{round}"), if key == "a" { 7 } else { 0 }));
            }
        }
        let delete = DeleteRangeRequest::new(KeyRange::single("b"));
        apply(&mut store, &Mutation::DeleteRange(Arc::new(delete)));
        apply(&mut store, &Mutation::Compact(CompactRequest { revision: 5, physical: false }));
        let alarm = AlarmRequest {
            action: AlarmAction::Activate,
            member_id: 3,
            alarm: Some(AlarmType::NoSpace),
        };
        apply(&mut store, &Mutation::Alarm(alarm));

        let copy = Store::from_image(StoreConfig::default(), &store.image());
        assert_eq!(copy.image(), store.image());
        assert_eq!(copy.hash_kv(0), store.hash_kv(0));
        let all = KeyRange::from_key("\0");
        let events = |store: &Store| store.events_since(6, &all).collect::<Vec<_>>();
        assert_eq!(events(&copy), events(&store));
        let request = LeaseTimeToLiveRequest { id: 7, keys: true };
        let lease = copy.lease_time_to_live(request, SimTime::ZERO);
        assert_eq!((lease.granted_ttl, lease.keys.len()), (60, 1));
        assert!(copy.has_alarm(AlarmType::NoSpace));
    }
}
