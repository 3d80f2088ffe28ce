//! What a member answers.

use std::sync::Arc;

use super::error::EtcdError;
use super::kv::{Key, KeyValue, LeaseId, Revision};
use super::request::AlarmType;

/// The outcome of a request.
pub type EtcdResult = Result<EtcdResponse, EtcdError>;

/// Where and when an answer was made.
///
/// The store fills the revision; the member that answers adds who it is and which term it lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResponseHeader {
    /// The store's revision when the request was applied. 0 in the header of a nested transaction.
    pub revision: Revision,
    /// The Raft id of the member that answers.
    pub member_id: u64,
    /// Its Raft term.
    pub raft_term: u64,
}

impl ResponseHeader {
    /// A header that knows the revision only.
    #[must_use]
    pub fn at(revision: Revision) -> Self {
        ResponseHeader { revision, member_id: 0, raft_term: 0 }
    }
}

/// A successful answer: the counterpart of each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EtcdResponse {
    /// To a range.
    Range(RangeResponse),
    /// To a put.
    Put(PutResponse),
    /// To a deletion.
    DeleteRange(DeleteRangeResponse),
    /// To a transaction.
    Txn(TxnResponse),
    /// To a compaction.
    Compact(ResponseHeader),
    /// To the wish for a lease.
    LeaseGrant(LeaseGrantResponse),
    /// To the end of a lease.
    LeaseRevoke(ResponseHeader),
    /// To a renewal.
    LeaseKeepAlive(LeaseKeepAliveResponse),
    /// To the question for a lease's life.
    LeaseTimeToLive(LeaseTimeToLiveResponse),
    /// To the question for all leases.
    LeaseLeases(LeaseLeasesResponse),
    /// To alarms.
    Alarm(AlarmResponse),
    /// To a hash.
    HashKv(HashKvResponse),
    /// To the question for the member's state.
    Status(StatusResponse),
    /// To a defragmentation.
    Defragment(ResponseHeader),
    /// To a hand-over of leadership.
    MoveLeader(ResponseHeader),
}

impl EtcdResponse {
    /// The header, which every answer carries.
    #[must_use]
    pub fn header(&self) -> &ResponseHeader {
        match self {
            EtcdResponse::Range(r) => &r.header,
            EtcdResponse::Put(r) => &r.header,
            EtcdResponse::DeleteRange(r) => &r.header,
            EtcdResponse::Txn(r) => &r.header,
            EtcdResponse::LeaseGrant(r) => &r.header,
            EtcdResponse::LeaseKeepAlive(r) => &r.header,
            EtcdResponse::LeaseTimeToLive(r) => &r.header,
            EtcdResponse::LeaseLeases(r) => &r.header,
            EtcdResponse::Alarm(r) => &r.header,
            EtcdResponse::HashKv(r) => &r.header,
            EtcdResponse::Status(r) => &r.header,
            EtcdResponse::Compact(h)
            | EtcdResponse::LeaseRevoke(h)
            | EtcdResponse::Defragment(h)
            | EtcdResponse::MoveLeader(h) => h,
        }
    }

    /// The header, for the member to complete.
    pub fn header_mut(&mut self) -> &mut ResponseHeader {
        match self {
            EtcdResponse::Range(r) => &mut r.header,
            EtcdResponse::Put(r) => &mut r.header,
            EtcdResponse::DeleteRange(r) => &mut r.header,
            EtcdResponse::Txn(r) => &mut r.header,
            EtcdResponse::LeaseGrant(r) => &mut r.header,
            EtcdResponse::LeaseKeepAlive(r) => &mut r.header,
            EtcdResponse::LeaseTimeToLive(r) => &mut r.header,
            EtcdResponse::LeaseLeases(r) => &mut r.header,
            EtcdResponse::Alarm(r) => &mut r.header,
            EtcdResponse::HashKv(r) => &mut r.header,
            EtcdResponse::Status(r) => &mut r.header,
            EtcdResponse::Compact(h)
            | EtcdResponse::LeaseRevoke(h)
            | EtcdResponse::Defragment(h)
            | EtcdResponse::MoveLeader(h) => h,
        }
    }
}

/// The pairs of an interval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RangeResponse {
    /// When.
    pub header: ResponseHeader,
    /// The pairs, sorted and cut as asked.
    pub kvs: Vec<Arc<KeyValue>>,
    /// Whether the limit cut something off.
    pub more: bool,
    /// How many keys the interval holds, whatever limit and filters say.
    pub count: i64,
}

/// A key was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PutResponse {
    /// When.
    pub header: ResponseHeader,
    /// What was there before, if it was asked for and there was something.
    pub prev_kv: Option<Arc<KeyValue>>,
}

/// Keys were deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeleteRangeResponse {
    /// When.
    pub header: ResponseHeader,
    /// How many.
    pub deleted: i64,
    /// The deleted pairs in key order, if they were asked for.
    pub prev_kvs: Vec<Arc<KeyValue>>,
}

/// The answer to one operation of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseOp {
    /// To a read.
    Range(RangeResponse),
    /// To a write.
    Put(PutResponse),
    /// To a deletion.
    DeleteRange(DeleteRangeResponse),
    /// To a nested transaction, whose header is empty.
    Txn(TxnResponse),
}

/// A transaction was applied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TxnResponse {
    /// When.
    pub header: ResponseHeader,
    /// Whether all guards held.
    pub succeeded: bool,
    /// One answer per operation of the chosen branch.
    pub responses: Vec<ResponseOp>,
}

/// A lease exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeaseGrantResponse {
    /// When.
    pub header: ResponseHeader,
    /// Its name.
    pub id: LeaseId,
    /// Its life, at least the server's minimum. Unit: seconds.
    pub ttl: i64,
}

/// A lease was renewed, or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeaseKeepAliveResponse {
    /// When.
    pub header: ResponseHeader,
    /// The lease.
    pub id: LeaseId,
    /// Its new life; 0 if there is no such lease. Unit: seconds.
    pub ttl: i64,
}

/// How long a lease still lives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaseTimeToLiveResponse {
    /// When.
    pub header: ResponseHeader,
    /// The lease.
    pub id: LeaseId,
    /// What is left; -1 if there is no such lease. Unit: seconds.
    pub ttl: i64,
    /// What was granted; 0 if there is no such lease. Unit: seconds.
    pub granted_ttl: i64,
    /// Its keys in order, if they were asked for.
    pub keys: Vec<Key>,
}

/// All leases, the first to end first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaseLeasesResponse {
    /// When.
    pub header: ResponseHeader,
    /// Their names.
    pub leases: Vec<LeaseId>,
}

/// A raised alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlarmMember {
    /// The member it belongs to.
    pub member_id: u64,
    /// What it is about.
    pub alarm: AlarmType,
}

/// The alarms the request was about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlarmResponse {
    /// When.
    pub header: ResponseHeader,
    /// Listed, raised or cleared alarms.
    pub alarms: Vec<AlarmMember>,
}

/// A fingerprint of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HashKvResponse {
    /// When.
    pub header: ResponseHeader,
    /// The fingerprint.
    pub hash: u32,
    /// The floor of history when it was taken. Only hashes with equal floors can be compared.
    pub compact_revision: Revision,
}

/// A member about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusResponse {
    /// When.
    pub header: ResponseHeader,
    /// Size of the store's file. Unit: bytes.
    pub db_size: u64,
    /// How much of it is in use. Unit: bytes.
    pub db_size_in_use: u64,
    /// The leader it believes in; 0 for none.
    pub leader: u64,
    /// Its committed index.
    pub raft_index: u64,
    /// Its applied index.
    pub raft_applied_index: u64,
    /// Raised alarms.
    pub errors: Vec<AlarmMember>,
}
