//! Reading an interval: revision, order, limit and filters, in etcd's order of doing things.
//!
//! Source: etcd-io/etcd:server/etcdserver/txn/range.go.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Store;
use crate::wire::etcd::{
    EtcdError, KeyRange, KeyValue, RangeFilter, RangeRequest, RangeResponse, ResponseHeader,
    Revision, SortOrder, SortTarget, Value,
};

impl Store {
    /// Reads an interval.
    ///
    /// # Errors
    /// The revision lies in the future or below the floor of history.
    pub fn range(&self, request: &RangeRequest) -> Result<RangeResponse, EtcdError> {
        self.range_at(request, self.revision)
    }

    /// Reads an interval when the current revision is `current`: inside a transaction that has
    /// written, that is the revision it is about to make.
    pub(super) fn range_at(
        &self,
        request: &RangeRequest,
        current: Revision,
    ) -> Result<RangeResponse, EtcdError> {
        let at = self.readable(request.revision, current)?;
        let mut response =
            RangeResponse { header: ResponseHeader::at(current), ..RangeResponse::default() };
        if request.count_only {
            response.count = count(self.index.range(&request.range, at).count());
            return Ok(response);
        }
        let limit = usize::try_from(request.limit).unwrap_or(0);
        // Sorting and filtering need everything; otherwise one pair more than the limit is
        // enough to know whether there is more.
        let everything = request.sort_order != SortOrder::None || !request.filter.is_none();
        let fetch = if limit == 0 || everything { usize::MAX } else { limit.saturating_add(1) };
        let (mut kvs, total) = self.pairs(&request.range, at, fetch);
        response.count = count(total);
        kvs.retain(|kv| admits(&request.filter, kv));
        sort(&mut kvs, request.sort_order, request.sort_target);
        if limit > 0 && kvs.len() > limit {
            kvs.truncate(limit);
            response.more = true;
        }
        if request.keys_only {
            kvs.iter_mut().for_each(drop_value);
        }
        response.kvs = kvs;
        Ok(response)
    }

    /// The first `fetch` pairs of an interval at a revision, and how many there are in all.
    fn pairs(&self, range: &KeyRange, at: Revision, fetch: usize) -> (Vec<Arc<KeyValue>>, usize) {
        let mut found = self.index.range(range, at);
        let kvs: Vec<_> = found.by_ref().take(fetch).cloned().collect();
        let total = kvs.len() + found.count();
        (kvs, total)
    }

    /// The revision a request means, if history still and already has it.
    pub(super) fn readable(
        &self,
        revision: Revision,
        current: Revision,
    ) -> Result<Revision, EtcdError> {
        let at = if revision <= 0 { current } else { revision };
        if at > current {
            Err(EtcdError::FutureRev)
        } else if at < self.compacted {
            Err(EtcdError::Compacted)
        } else {
            Ok(at)
        }
    }
}

/// Whether the pair's revisions lie within the filter's bounds.
fn admits(filter: &RangeFilter, kv: &KeyValue) -> bool {
    let within = |value: Revision, min: Revision, max: Revision| {
        (min == 0 || value >= min) && (max == 0 || value <= max)
    };
    within(kv.mod_revision, filter.min_mod_revision, filter.max_mod_revision)
        && within(kv.create_revision, filter.min_create_revision, filter.max_create_revision)
}

/// Sorts pairs that come in key order; ties stay in that order.
///
/// Simplified: for ties etcd's order is that of an unstable sort.
fn sort(kvs: &mut [Arc<KeyValue>], order: SortOrder, target: SortTarget) {
    let compare: fn(&KeyValue, &KeyValue) -> Ordering = match target {
        SortTarget::Key => |a, b| a.key.cmp(&b.key),
        SortTarget::Version => |a, b| a.version.cmp(&b.version),
        SortTarget::Create => |a, b| a.create_revision.cmp(&b.create_revision),
        SortTarget::Mod => |a, b| a.mod_revision.cmp(&b.mod_revision),
        SortTarget::Value => |a, b| a.value.cmp(&b.value),
    };
    match order {
        SortOrder::None | SortOrder::Ascend if target == SortTarget::Key => {}
        SortOrder::None | SortOrder::Ascend => kvs.sort_by(|a, b| compare(a, b)),
        SortOrder::Descend => kvs.sort_by(|a, b| compare(b, a)),
    }
}

fn drop_value(kv: &mut Arc<KeyValue>) {
    if !kv.value.is_empty() {
        *kv = Arc::new(KeyValue { value: Value::empty(), ..KeyValue::clone(kv) });
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).expect("fewer than 2^63 keys")
}
