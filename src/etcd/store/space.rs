//! How large the store is, and what a command would add.

use crate::wire::etcd::{KeyValue, Mutation, PutRequest, RequestOp, TxnRequest};

/// What a version takes beside its key and value: its revision as the key of a B+tree page, the
/// page's header for it, and the numbers of the pair. Unit: bytes.
///
/// Simplified: one figure for all; the real one depends on how the pages of bbolt fill.
const VERSION_OVERHEAD: u64 = 64;

/// What a put may add beside its key and value. Unit: bytes.
///
/// Source: etcd-io/etcd:server/storage/quota.go, `kvOverhead`.
const PUT_OVERHEAD: u64 = 256;

/// What a lease may add. Unit: bytes.
///
/// Source: etcd-io/etcd:server/storage/quota.go, `leaseOverhead`.
const LEASE_OVERHEAD: u64 = 64;

/// The size of the store's file. Unit: bytes.
///
/// Compaction makes room inside of the file, but only a defragmentation makes it smaller; the
/// quota looks at the file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Space {
    file: u64,
    in_use: u64,
}

impl Space {
    /// A version is kept.
    pub(super) fn add(&mut self, kv: &KeyValue) {
        self.in_use += version_size(kv);
        self.file = self.file.max(self.in_use);
    }

    /// A version is forgotten.
    pub(super) fn free(&mut self, kv: &KeyValue) {
        self.in_use = self.in_use.saturating_sub(version_size(kv));
    }

    /// The file is at least this large.
    pub(super) fn grow_to(&mut self, file: u64) {
        self.file = self.file.max(file);
    }

    /// The file becomes as small as what is in it.
    pub(super) fn defragment(&mut self) {
        self.file = self.in_use;
    }

    /// The size of the file.
    pub(super) fn size(&self) -> u64 {
        self.file
    }

    /// How much of it is in use.
    pub(super) fn in_use(&self) -> u64 {
        self.in_use
    }
}

fn version_size(kv: &KeyValue) -> u64 {
    VERSION_OVERHEAD + (kv.key.len() + kv.value.size()) as u64
}

/// The most a command can add to the store; 0 for one that is welcome even when the store is full.
///
/// Source: etcd-io/etcd:server/storage/quota.go, `Cost`.
pub(super) fn cost(mutation: &Mutation) -> u64 {
    match mutation {
        Mutation::Put(request) => put(request),
        Mutation::Txn(request) => txn(request),
        Mutation::LeaseGrant { .. } => LEASE_OVERHEAD,
        Mutation::DeleteRange(_)
        | Mutation::Compact(_)
        | Mutation::LeaseRevoke(_)
        | Mutation::Alarm(_) => 0,
    }
}

fn put(request: &PutRequest) -> u64 {
    PUT_OVERHEAD + (request.key.len() + request.value.size()) as u64
}

/// The dearer of the two branches.
fn txn(request: &TxnRequest) -> u64 {
    let branch = |ops: &[RequestOp]| {
        ops.iter()
            .map(|op| match op {
                RequestOp::Put(request) => put(request),
                RequestOp::Txn(request) => txn(request),
                RequestOp::Range(_) | RequestOp::DeleteRange(_) => 0,
            })
            .sum::<u64>()
    };
    branch(&request.success).max(branch(&request.failure))
}
