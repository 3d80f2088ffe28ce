//! Transactions: guards, and the two lists of operations they choose between.

use super::kv::{Key, LeaseId, Revision, Value};
use super::range::{KeyRange, RangeEnd};
use super::request::{DeleteRangeRequest, PutRequest, RangeRequest};

/// How a stored field must stand to the given one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// The same.
    Equal,
    /// Stored is larger.
    Greater,
    /// Stored is smaller.
    Less,
    /// Different.
    NotEqual,
}

/// Which field of a pair is compared, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompareTarget {
    /// The version; 0 for a key that is not there.
    Version(i64),
    /// The creation revision; 0 for a key that is not there.
    Create(Revision),
    /// The revision of the last change; 0 for a key that is not there.
    Mod(Revision),
    /// The value. No comparison with a key that is not there is true, not even "differs".
    Value(Value),
    /// The attached lease; 0 for none and for a key that is not there.
    Lease(LeaseId),
}

/// One guard of a transaction: every key of the interval must satisfy it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compare {
    /// Which keys. An interval without any key counts as one key that is not there.
    pub range: KeyRange,
    /// The relation.
    pub op: CompareOp,
    /// The field and what it is held against.
    pub target: CompareTarget,
}

impl Compare {
    /// A guard on a single key.
    #[must_use]
    pub fn new(key: impl Into<Key>, op: CompareOp, target: CompareTarget) -> Self {
        Compare { range: KeyRange { key: key.into(), end: RangeEnd::Single }, op, target }
    }
}

/// One operation inside a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestOp {
    /// Read.
    Range(RangeRequest),
    /// Write.
    Put(PutRequest),
    /// Delete.
    DeleteRange(DeleteRangeRequest),
    /// A transaction inside. Its guards, too, are judged before anything is written.
    Txn(TxnRequest),
}

/// If all guards hold then `success`, else `failure`; all changes share one revision.
///
/// Source: etcd-io/etcd:api/etcdserverpb/rpc.proto, `TxnRequest`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TxnRequest {
    /// The guards; none at all means success.
    pub compare: Vec<Compare>,
    /// What to do if all hold.
    pub success: Vec<RequestOp>,
    /// What to do otherwise.
    pub failure: Vec<RequestOp>,
}

impl TxnRequest {
    /// Whether neither branch can change anything, so that the log need not be asked.
    ///
    /// A nested transaction counts as a change, whatever it holds.
    /// Source: etcd-io/etcd:server/etcdserver/txn/util.go, `IsTxnReadonly`.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.operations().all(|op| matches!(op, RequestOp::Range(_)))
    }

    /// Whether every operation is a read that accepts the member's own, possibly stale, state.
    #[must_use]
    pub fn is_serializable(&self) -> bool {
        self.operations().all(|op| matches!(op, RequestOp::Range(read) if read.serializable))
    }

    /// The operations of both branches.
    fn operations(&self) -> impl Iterator<Item = &RequestOp> {
        self.success.iter().chain(&self.failure)
    }
}
