//! The store as one would write it without caring for time or space: a whole map per revision.

use std::collections::{BTreeMap, BTreeSet};

use prova::wire::etcd::{
    Compare, CompareOp, CompareTarget, DeleteRangeRequest, KeyRange, KeyValue, LeaseId, Mutation,
    NO_LEASE, RangeRequest, RequestOp, Revision, SortOrder, SortTarget, TxnRequest,
};

/// The pairs at one revision.
pub(crate) type Pairs = BTreeMap<String, KeyValue>;

/// The model: `maps[r]` is the state at revision `r`.
pub(crate) struct Model {
    pub(crate) maps: Vec<Pairs>,
    pub(crate) compacted: Revision,
    pub(crate) leases: BTreeSet<LeaseId>,
}

impl Model {
    /// Nothing at revision 1.
    pub(crate) fn new() -> Self {
        Model { maps: vec![Pairs::new(), Pairs::new()], compacted: -1, leases: BTreeSet::new() }
    }

    /// The newest revision.
    pub(crate) fn revision(&self) -> Revision {
        self.maps.len() as Revision - 1
    }

    /// The state at a revision.
    pub(crate) fn at(&self, revision: Revision) -> &Pairs {
        &self.maps[usize::try_from(revision).unwrap_or(0)]
    }

    /// Applies a change; says whether it is accepted.
    pub(crate) fn apply(&mut self, mutation: &Mutation) -> bool {
        let mut next = self.at(self.revision()).clone();
        let revision = self.revision() + 1;
        let changes = match mutation {
            Mutation::Put(put) => {
                if !self.may_put(put.lease) {
                    return false;
                }
                put_pair(&mut next, put.key.as_ref(), put, revision);
                1
            }
            Mutation::DeleteRange(delete) => delete_pairs(&mut next, delete),
            Mutation::Txn(txn) => {
                let Some(changes) = self.txn(&mut next, txn, revision) else { return false };
                changes
            }
            Mutation::Compact(compact) => {
                if compact.revision <= self.compacted || compact.revision > self.revision() {
                    return false;
                }
                self.compacted = compact.revision;
                0
            }
            Mutation::LeaseGrant { id, .. } => return self.leases.insert(*id),
            Mutation::LeaseRevoke(id) => {
                let known = self.leases.remove(id);
                let before = next.len();
                next.retain(|_, kv| kv.lease != *id);
                if !known {
                    return false;
                }
                before - next.len()
            }
            Mutation::Alarm(_) => 0,
        };
        if changes > 0 {
            self.maps.push(next);
        }
        true
    }

    fn may_put(&self, lease: LeaseId) -> bool {
        lease == NO_LEASE || self.leases.contains(&lease)
    }

    fn txn(&self, next: &mut Pairs, txn: &TxnRequest, revision: Revision) -> Option<usize> {
        let now = self.at(self.revision());
        let holds = txn.compare.iter().all(|compare| holds(compare, now));
        let ops = if holds { &txn.success } else { &txn.failure };
        let mut changes = 0;
        for op in ops {
            match op {
                RequestOp::Put(put) if !self.may_put(put.lease) => return None,
                RequestOp::Put(put) => {
                    put_pair(next, put.key.as_ref(), put, revision);
                    changes += 1;
                }
                RequestOp::DeleteRange(delete) => changes += delete_pairs(next, delete),
                RequestOp::Range(read) => {
                    let at = read.revision;
                    if at > 0 && (at < self.compacted || at > self.revision()) {
                        return None;
                    }
                }
                RequestOp::Txn(_) => {}
            }
        }
        Some(changes)
    }

    /// What a read gives: the pairs, the count, whether there is more. `None`: refused.
    pub(crate) fn range(&self, request: &RangeRequest) -> Option<(Vec<KeyValue>, i64, bool)> {
        let at = if request.revision <= 0 { self.revision() } else { request.revision };
        if at < self.compacted || at > self.revision() {
            return None;
        }
        let inside = |kv: &&KeyValue| inside(&request.range, &kv.key);
        let mut kvs: Vec<KeyValue> = self.at(at).values().filter(inside).cloned().collect();
        let count = kvs.len() as i64;
        if request.count_only {
            return Some((Vec::new(), count, false));
        }
        let filter = &request.filter;
        kvs.retain(|kv| filter.min_mod_revision == 0 || kv.mod_revision >= filter.min_mod_revision);
        kvs.retain(|kv| {
            filter.max_create_revision == 0 || kv.create_revision <= filter.max_create_revision
        });
        match request.sort_target {
            SortTarget::Key => {}
            SortTarget::Version => kvs.sort_by_key(|kv| kv.version),
            SortTarget::Create => kvs.sort_by_key(|kv| kv.create_revision),
            SortTarget::Mod => kvs.sort_by_key(|kv| kv.mod_revision),
            SortTarget::Value => kvs.sort_by(|a, b| a.value.cmp(&b.value)),
        }
        if request.sort_order == SortOrder::Descend && request.sort_target == SortTarget::Key {
            kvs.reverse();
        }
        let limit = usize::try_from(request.limit).unwrap_or(0);
        let more = limit > 0 && kvs.len() > limit;
        if more {
            kvs.truncate(limit);
        }
        Some((kvs, count, more))
    }
}

/// Membership by the letter of the definition, not by the code under test.
fn inside(range: &KeyRange, key: &str) -> bool {
    use prova::wire::etcd::RangeEnd::{FromKey, Prefix, Single, Until};
    let key = key.as_bytes();
    let start = range.key.as_bytes();
    match &range.end {
        Single => key == start,
        Until(end) => start <= key && key < end.as_bytes(),
        Prefix => key.len() >= start.len() && key[..start.len()] == *start,
        FromKey => start <= key,
    }
}

fn put_pair(pairs: &mut Pairs, key: &str, put: &prova::wire::etcd::PutRequest, revision: Revision) {
    let before = pairs.get(key);
    let kv = KeyValue {
        key: put.key.clone(),
        value: put.value.clone(),
        create_revision: before.map_or(revision, |kv| kv.create_revision),
        mod_revision: revision,
        version: before.map_or(1, |kv| kv.version + 1),
        lease: put.lease,
    };
    pairs.insert(key.to_owned(), kv);
}

fn delete_pairs(pairs: &mut Pairs, delete: &DeleteRangeRequest) -> usize {
    let before = pairs.len();
    pairs.retain(|key, _| !inside(&delete.range, key));
    before - pairs.len()
}

fn holds(compare: &Compare, pairs: &Pairs) -> bool {
    let one = |kv: Option<&KeyValue>| {
        let fits = |stored: i64, given: i64| match compare.op {
            CompareOp::Equal => stored == given,
            CompareOp::NotEqual => stored != given,
            CompareOp::Greater => stored > given,
            CompareOp::Less => stored < given,
        };
        match &compare.target {
            CompareTarget::Version(given) => fits(kv.map_or(0, |kv| kv.version), *given),
            CompareTarget::Create(given) => fits(kv.map_or(0, |kv| kv.create_revision), *given),
            CompareTarget::Mod(given) => fits(kv.map_or(0, |kv| kv.mod_revision), *given),
            CompareTarget::Lease(given) => fits(kv.map_or(0, |kv| kv.lease), *given),
            CompareTarget::Value(given) => kv.is_some_and(|kv| match compare.op {
                CompareOp::Equal => kv.value == *given,
                CompareOp::NotEqual => kv.value != *given,
                CompareOp::Greater => kv.value > *given,
                CompareOp::Less => kv.value < *given,
            }),
        }
    };
    let keys: Vec<_> = pairs.values().filter(|kv| inside(&compare.range, &kv.key)).collect();
    if keys.is_empty() { one(None) } else { keys.into_iter().all(|kv| one(Some(kv))) }
}
