//! What goes through the Raft log: the requests that change something, and nothing else.
//!
//! A command carries every fact that its leader had to choose (the id of a lease), so that all
//! members come to the same state whenever they apply it.

use std::sync::Arc;

use super::kv::LeaseId;
use super::request::{AlarmRequest, CompactRequest, DeleteRangeRequest, PutRequest};
use super::txn::TxnRequest;

/// One entry of the replicated log.
///
/// Cheap to clone: it lies in several logs and travels in several messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Names the request in the whole cluster: the proposing member waits for this number to come
    /// back out of the log.
    pub id: u64,
    /// What to change.
    pub mutation: Mutation,
    /// Its size in the log, counted once: every member asks for it at every step of its way.
    size: usize,
}

impl Command {
    /// A command with its number.
    #[must_use]
    pub fn new(id: u64, mutation: Mutation) -> Self {
        Command { id, size: mutation.wire_size(), mutation }
    }

    /// What a log entry with it weighs. Unit: bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }
}

/// A change of the replicated state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mutation {
    /// Write one key.
    Put(Arc<PutRequest>),
    /// Delete keys.
    DeleteRange(Arc<DeleteRangeRequest>),
    /// A transaction.
    Txn(Arc<TxnRequest>),
    /// Forget history.
    Compact(CompactRequest),
    /// Create the lease with exactly this id.
    LeaseGrant {
        /// The name, never 0 here.
        id: LeaseId,
        /// The wanted life. Unit: seconds.
        ttl: i64,
    },
    /// End a lease and delete its keys in one revision.
    LeaseRevoke(LeaseId),
    /// Raise or clear an alarm.
    Alarm(AlarmRequest),
}

impl Mutation {
    /// The size of the request in its wire form: what etcd holds against its limit of 1.5 MiB,
    /// and what a log entry weighs on a link and a disk. Unit: bytes.
    ///
    /// Counts the protocol-buffer fields of the request, not the envelope around it.
    #[must_use]
    pub fn wire_size(&self) -> usize {
        size::of(self)
    }
}

mod size {
    //! Lengths of protocol-buffer encodings: a field is a one-byte tag and its content; a zero,
    //! an empty text and a false are not written at all.

    use super::Mutation;
    use crate::wire::etcd::{
        Compare, CompareTarget, DeleteRangeRequest, KeyRange, PutRequest, RangeRequest, RequestOp,
        TxnRequest,
    };

    pub(super) fn of(mutation: &Mutation) -> usize {
        match mutation {
            Mutation::Put(put) => self::put(put),
            Mutation::DeleteRange(delete) => self::delete(delete),
            Mutation::Txn(txn) => self::txn(txn),
            Mutation::Compact(compact) => number(compact.revision) + flag(compact.physical),
            Mutation::LeaseGrant { id, ttl } => number(*ttl) + number(*id),
            Mutation::LeaseRevoke(id) => number(*id),
            Mutation::Alarm(alarm) => 4 + varint(alarm.member_id),
        }
    }

    fn put(put: &PutRequest) -> usize {
        bytes(put.key.len())
            + bytes(put.value.size())
            + number(put.lease)
            + flag(put.prev_kv)
            + flag(put.ignore_value)
            + flag(put.ignore_lease)
    }

    fn delete(delete: &DeleteRangeRequest) -> usize {
        interval(&delete.range) + flag(delete.prev_kv)
    }

    fn range(range: &RangeRequest) -> usize {
        let filter = &range.filter;
        interval(&range.range)
            + number(range.limit)
            + number(range.revision)
            + 4
            + flag(range.serializable)
            + flag(range.keys_only)
            + flag(range.count_only)
            + number(filter.min_mod_revision)
            + number(filter.max_mod_revision)
            + number(filter.min_create_revision)
            + number(filter.max_create_revision)
    }

    fn txn(txn: &TxnRequest) -> usize {
        let compares: usize = txn.compare.iter().map(|c| message(compare(c))).sum();
        let ops: usize =
            txn.success.iter().chain(&txn.failure).map(|op| message(self::op(op))).sum();
        compares + ops
    }

    fn op(op: &RequestOp) -> usize {
        message(match op {
            RequestOp::Range(request) => range(request),
            RequestOp::Put(request) => put(request),
            RequestOp::DeleteRange(request) => delete(request),
            RequestOp::Txn(request) => txn(request),
        })
    }

    fn compare(compare: &Compare) -> usize {
        let target = match &compare.target {
            CompareTarget::Version(n)
            | CompareTarget::Create(n)
            | CompareTarget::Mod(n)
            | CompareTarget::Lease(n) => 1 + varint(n.cast_unsigned()),
            CompareTarget::Value(value) => message(value.size()),
        };
        4 + interval(&compare.range) + target
    }

    fn interval(range: &KeyRange) -> usize {
        bytes(range.key.len()) + bytes(range.end_size())
    }

    fn bytes(length: usize) -> usize {
        if length == 0 { 0 } else { message(length) }
    }

    fn message(length: usize) -> usize {
        1 + varint(length as u64) + length
    }

    fn number(value: i64) -> usize {
        if value == 0 { 0 } else { 1 + varint(value.cast_unsigned()) }
    }

    fn flag(value: bool) -> usize {
        if value { 2 } else { 0 }
    }

    /// Seven bits a byte.
    fn varint(value: u64) -> usize {
        (64 - (value | 1).leading_zeros()).div_ceil(7) as usize
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_number_takes_a_byte_for_every_seven_bits() {
            assert_eq!([0, 127, 128, 16_383, 16_384, u64::MAX].map(varint), [1, 1, 2, 2, 3, 10]);
        }

        #[test]
        fn a_put_weighs_what_protocol_buffers_make_of_it() {
            // tag, length, "key"; tag, two length bytes, 200 bytes; tag, lease 300 in two bytes
            let mut put = PutRequest::new("key", "x".repeat(200));
            put.lease = 300;
            assert_eq!(super::put(&put), 5 + 203 + 3);
        }
    }
}
