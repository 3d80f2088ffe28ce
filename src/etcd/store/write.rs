//! Changing the store: everything one command changes becomes one revision.
//!
//! Source: etcd-io/etcd:server/storage/mvcc/kvstore_txn.go.

use std::sync::Arc;

use super::Store;
use crate::wire::etcd::{
    DeleteRangeRequest, DeleteRangeResponse, EtcdError, Event, Key, KeyRange, KeyValue, LeaseId,
    NO_LEASE, PutRequest, PutResponse, ResponseHeader, Revision, Value,
};

/// A change under way. It writes at the revision after the one it began at; the store takes that
/// revision when the change is [finished](Self::finish), and only if something did change.
pub(super) struct WriteTxn<'a> {
    pub(super) store: &'a mut Store,
    begin: Revision,
    events: Vec<Event>,
}

impl<'a> WriteTxn<'a> {
    pub(super) fn new(store: &'a mut Store) -> Self {
        let begin = store.revision;
        WriteTxn { store, begin, events: Vec::new() }
    }

    /// The revision a read inside the change sees: the new one as soon as there is a write.
    pub(super) fn revision(&self) -> Revision {
        if self.events.is_empty() { self.begin } else { self.begin + 1 }
    }

    /// Ends the change: what happened, in order of operation.
    pub(super) fn finish(self) -> Vec<Event> {
        if !self.events.is_empty() {
            self.store.revision = self.begin + 1;
        }
        self.events
    }

    /// Writes one key.
    ///
    /// # Errors
    /// The key to keep something of is not there, or the lease is not.
    pub(super) fn put(&mut self, request: &PutRequest) -> Result<PutResponse, EtcdError> {
        if request.lease != NO_LEASE && !self.store.lessor.contains(request.lease) {
            return Err(EtcdError::LeaseNotFound);
        }
        let (mut value, mut lease) = (request.value.clone(), request.lease);
        if request.ignore_value || request.ignore_lease {
            let kept = self.store.index.live(&request.key).ok_or(EtcdError::KeyNotFound)?;
            if request.ignore_value {
                value = kept.value.clone();
            }
            if request.ignore_lease {
                lease = kept.lease;
            }
        }
        let before = self.write(&request.key, value, lease);
        Ok(PutResponse {
            header: ResponseHeader::at(self.begin + 1),
            prev_kv: if request.prev_kv { before } else { None },
        })
    }

    /// Deletes the keys of an interval.
    pub(super) fn delete_range(&mut self, request: &DeleteRangeRequest) -> DeleteRangeResponse {
        let doomed = self.doomed(&request.range);
        doomed.iter().for_each(|kv| self.delete(kv));
        DeleteRangeResponse {
            deleted: i64::try_from(doomed.len()).expect("fewer than 2^63 keys"),
            header: ResponseHeader::at(self.revision()),
            prev_kvs: if request.prev_kv { doomed } else { Vec::new() },
        }
    }

    /// Deletes the given keys, as far as they are there: what the end of a lease does.
    pub(super) fn delete_keys(&mut self, keys: impl IntoIterator<Item = Key>) {
        for key in keys {
            if let Some(kv) = self.store.index.live(&key).cloned() {
                self.delete(&kv);
            }
        }
    }

    /// The pairs that a deletion of the interval takes.
    fn doomed(&self, range: &KeyRange) -> Vec<Arc<KeyValue>> {
        self.store.index.range(range, self.revision()).cloned().collect()
    }

    /// Writes a version, moves the key from its old lease to the new one, and tells what was
    /// there before, if it was alive.
    fn write(&mut self, key: &Key, value: Value, lease: LeaseId) -> Option<Arc<KeyValue>> {
        let revision = self.begin + 1;
        let (kv, before) = self.store.index.write(key, |key, before| {
            let alive = before.filter(|kv| !kv.is_tombstone());
            KeyValue {
                key,
                value,
                create_revision: alive.map_or(revision, |kv| kv.create_revision),
                mod_revision: revision,
                version: alive.map_or(0, |kv| kv.version) + 1,
                lease,
            }
        });
        let before = before.filter(|kv| !kv.is_tombstone());
        let old_lease = before.as_ref().map_or(NO_LEASE, |kv| kv.lease);
        if old_lease != lease {
            self.store.lessor.detach(old_lease, &kv.key);
            self.store.lessor.attach(lease, &kv.key);
        }
        self.record(kv, before.clone());
        before
    }

    /// Ends one key that is alive.
    fn delete(&mut self, alive: &Arc<KeyValue>) {
        let revision = self.begin + 1;
        let (kv, _) =
            self.store.index.write(&alive.key, |key, _| KeyValue::tombstone(key, revision));
        self.store.lessor.detach(alive.lease, &kv.key);
        self.record(kv, Some(alive.clone()));
    }

    /// Books a change.
    fn record(&mut self, kv: Arc<KeyValue>, before: Option<Arc<KeyValue>>) {
        self.store.space.add(&kv);
        self.store.history.push(kv.clone());
        // Nested transactions can write one key twice in a revision; a watcher is told what was
        // there before the revision.
        let prev_kv = match before {
            Some(kv) if kv.mod_revision > self.begin => {
                self.store.index.at(&kv.key, self.begin).cloned()
            }
            before => before,
        };
        self.events.push(Event { kv, prev_kv });
    }
}
