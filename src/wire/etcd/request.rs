//! What a client may ask of a member.

use super::kv::{Key, LeaseId, NO_LEASE, Revision, Value};
use super::range::KeyRange;
use super::txn::TxnRequest;

/// Everything a client may ask outside its watch stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EtcdRequest {
    /// Read keys.
    Range(RangeRequest),
    /// Write one key.
    Put(PutRequest),
    /// Delete keys.
    DeleteRange(DeleteRangeRequest),
    /// Compare, then do one of two lists of operations as one revision.
    Txn(TxnRequest),
    /// Forget the history below a revision.
    Compact(CompactRequest),
    /// Create a lease.
    LeaseGrant(LeaseGrantRequest),
    /// End a lease and delete its keys.
    LeaseRevoke(LeaseId),
    /// Renew a lease once.
    LeaseKeepAlive(LeaseId),
    /// Ask how long a lease still lives.
    LeaseTimeToLive(LeaseTimeToLiveRequest),
    /// List all leases.
    LeaseLeases,
    /// List, raise or clear alarms.
    Alarm(AlarmRequest),
    /// Hash the history up to a revision (0: the current one), to compare members.
    HashKv(Revision),
    /// Ask the member about itself.
    Status,
    /// Give the space that compaction freed back to the file system.
    Defragment,
    /// Ask the leader to hand over to the member with this id.
    MoveLeader(u64),
}

/// In which direction an answer is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    /// As stored, which is ascending by key.
    #[default]
    None,
    /// Smallest first.
    Ascend,
    /// Largest first.
    Descend,
}

/// By which field an answer is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortTarget {
    /// The key.
    #[default]
    Key,
    /// The version.
    Version,
    /// The creation revision.
    Create,
    /// The revision of the last change.
    Mod,
    /// The value.
    Value,
}

/// Bounds on the revisions of the pairs a range returns; 0 means no bound. Both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RangeFilter {
    /// Lowest `mod_revision`.
    pub min_mod_revision: Revision,
    /// Highest `mod_revision`.
    pub max_mod_revision: Revision,
    /// Lowest `create_revision`.
    pub min_create_revision: Revision,
    /// Highest `create_revision`.
    pub max_create_revision: Revision,
}

impl RangeFilter {
    /// Whether nothing is filtered.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == RangeFilter::default()
    }
}

/// Read the keys of an interval.
///
/// Source: etcd-io/etcd:api/etcdserverpb/rpc.proto, `RangeRequest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeRequest {
    /// Which keys.
    pub range: KeyRange,
    /// The revision to read at; 0 or less: the current one.
    pub revision: Revision,
    /// The most pairs to return, after sorting; 0 or less: all.
    pub limit: i64,
    /// Direction of the order.
    pub sort_order: SortOrder,
    /// Field of the order. Other than the key, it sorts ascending even without a direction.
    pub sort_target: SortTarget,
    /// Answer from the member's own state, which may be stale, without asking the leader.
    pub serializable: bool,
    /// Leave the values out.
    pub keys_only: bool,
    /// Return only the count.
    pub count_only: bool,
    /// Drop pairs whose revisions lie outside; the count does not care.
    pub filter: RangeFilter,
}

impl RangeRequest {
    /// A linearizable read of the whole interval, now, in key order.
    #[must_use]
    pub fn new(range: KeyRange) -> Self {
        RangeRequest {
            range,
            revision: 0,
            limit: 0,
            sort_order: SortOrder::None,
            sort_target: SortTarget::Key,
            serializable: false,
            keys_only: false,
            count_only: false,
            filter: RangeFilter::default(),
        }
    }
}

/// Write one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutRequest {
    /// The key. An empty one is refused.
    pub key: Key,
    /// What it shall hold.
    pub value: Value,
    /// The lease to attach the key to. [`NO_LEASE`] detaches it from any.
    pub lease: LeaseId,
    /// Return the pair that was there before.
    pub prev_kv: bool,
    /// Keep the value (which must then not be given) and change only the rest.
    pub ignore_value: bool,
    /// Keep the lease (which must then not be given).
    pub ignore_lease: bool,
}

impl PutRequest {
    /// A plain put without a lease.
    #[must_use]
    pub fn new(key: impl Into<Key>, value: impl Into<Value>) -> Self {
        PutRequest {
            key: key.into(),
            value: value.into(),
            lease: NO_LEASE,
            prev_kv: false,
            ignore_value: false,
            ignore_lease: false,
        }
    }
}

/// Delete the keys of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteRangeRequest {
    /// Which keys.
    pub range: KeyRange,
    /// Return the deleted pairs.
    pub prev_kv: bool,
}

impl DeleteRangeRequest {
    /// A deletion that does not ask for the deleted pairs.
    #[must_use]
    pub fn new(range: KeyRange) -> Self {
        DeleteRangeRequest { range, prev_kv: false }
    }
}

/// Forget the history below a revision; what was visible at it stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompactRequest {
    /// The new floor of history.
    pub revision: Revision,
    /// Wait until the space is really free. Simplified: here it always is at once.
    pub physical: bool,
}

/// Create a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseGrantRequest {
    /// The wanted life. Unit: seconds. Raised to the server's minimum.
    pub ttl: i64,
    /// The wanted name; [`NO_LEASE`] lets the server choose.
    pub id: LeaseId,
}

/// Ask how long a lease still lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTimeToLiveRequest {
    /// The lease.
    pub id: LeaseId,
    /// List its keys, too.
    pub keys: bool,
}

/// What an alarm is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmType {
    /// The store reached its quota: only reads and deletions go on.
    NoSpace,
    /// Members disagree about the data: nothing goes on.
    Corrupt,
}

/// What to do with alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmAction {
    /// List them.
    Get,
    /// Raise one.
    Activate,
    /// Clear one.
    Deactivate,
}

/// List, raise or clear alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlarmRequest {
    /// What to do.
    pub action: AlarmAction,
    /// The member the alarm belongs to; 0 for any.
    pub member_id: u64,
    /// Which alarm; `None` for any.
    pub alarm: Option<AlarmType>,
}
