//! Why a request was refused, in etcd's own words.

use std::fmt;

/// The gRPC status code that goes with an error.
///
/// Source: etcd-io/etcd:api/v3rpc/rpctypes/error.go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request is wrong whatever the state of the store.
    InvalidArgument,
    /// A revision lies outside of the history that exists.
    OutOfRange,
    /// The thing named is not there.
    NotFound,
    /// Something is exhausted: space, or patience with unapplied entries.
    ResourceExhausted,
    /// The member is not in the state the request needs.
    FailedPrecondition,
    /// The cluster cannot serve now; a retry may work.
    Unavailable,
    /// The operation was called off.
    Canceled,
    /// Members disagree about the data.
    DataLoss,
    /// Anything else.
    Unknown,
}

impl Code {
    /// The name as gRPC spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Code::InvalidArgument => "InvalidArgument",
            Code::OutOfRange => "OutOfRange",
            Code::NotFound => "NotFound",
            Code::ResourceExhausted => "ResourceExhausted",
            Code::FailedPrecondition => "FailedPrecondition",
            Code::Unavailable => "Unavailable",
            Code::Canceled => "Canceled",
            Code::DataLoss => "DataLoss",
            Code::Unknown => "Unknown",
        }
    }
}

/// Why a request was refused. `Display` gives etcd's text.
///
/// Source: etcd-io/etcd:api/v3rpc/rpctypes/error.go; the two last ones from
/// server/storage/mvcc/watcher.go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtcdError {
    /// The key is empty.
    EmptyKey,
    /// A put wanted to keep what is not there.
    KeyNotFound,
    /// `ignore_value` together with a value.
    ValueProvided,
    /// `ignore_lease` together with a lease.
    LeaseProvided,
    /// More than 128 operations or guards in a transaction.
    TooManyOps,
    /// A transaction would change one key twice.
    DuplicateKey,
    /// A sort field or direction that does not exist.
    InvalidSortOption,
    /// The revision lies below the floor of history.
    Compacted,
    /// The revision is not there yet.
    FutureRev,
    /// The store reached its quota.
    NoSpace,
    /// No such lease.
    LeaseNotFound,
    /// The wanted lease id is taken.
    LeaseExists,
    /// The wanted life of a lease is beyond all measure.
    LeaseTtlTooLarge,
    /// The request is above 1.5 MiB.
    RequestTooLarge,
    /// Too many committed entries wait to be applied.
    TooManyRequests,
    /// The member knows no leader.
    NoLeader,
    /// Only the leader can do this.
    NotLeader,
    /// The leader changed while the request was on its way.
    LeaderChanged,
    /// The member is stopping.
    Stopped,
    /// The request did not come out of the log in time.
    Timeout,
    /// As `Timeout`, and a leader was lost meanwhile.
    TimeoutDueToLeaderFail,
    /// As `Timeout`, and the connection to the leader was lost meanwhile.
    TimeoutDueToConnectionLost,
    /// The cluster has not enough healthy members.
    Unhealthy,
    /// Members disagree about the data.
    Corrupt,
    /// A learner serves only serializable reads.
    NotSupportedForLearner,
    /// The member that shall become leader cannot.
    BadLeaderTransferee,
    /// Raft did not take the proposal: the leader hands over, or too much is uncommitted.
    ProposalDropped,
    /// The watcher's interval can hold no key.
    EmptyWatcherRange,
    /// The wanted watch id is taken on this stream.
    DuplicateWatchId,
}

impl EtcdError {
    /// The gRPC code and etcd's text.
    fn facts(self) -> (Code, &'static str) {
        use Code::{
            DataLoss, FailedPrecondition, InvalidArgument, NotFound, OutOfRange, ResourceExhausted,
            Unavailable, Unknown,
        };
        match self {
            Self::EmptyKey => (InvalidArgument, "etcdserver: key is not provided"),
            Self::KeyNotFound => (InvalidArgument, "etcdserver: key not found"),
            Self::ValueProvided => (InvalidArgument, "etcdserver: value is provided"),
            Self::LeaseProvided => (InvalidArgument, "etcdserver: lease is provided"),
            Self::TooManyOps => (InvalidArgument, "etcdserver: too many operations in txn request"),
            Self::DuplicateKey => {
                (InvalidArgument, "etcdserver: duplicate key given in txn request")
            }
            Self::InvalidSortOption => (InvalidArgument, "etcdserver: invalid sort option"),
            Self::Compacted => {
                (OutOfRange, "etcdserver: mvcc: required revision has been compacted")
            }
            Self::FutureRev => {
                (OutOfRange, "etcdserver: mvcc: required revision is a future revision")
            }
            Self::NoSpace => (ResourceExhausted, "etcdserver: mvcc: database space exceeded"),
            Self::LeaseNotFound => (NotFound, "etcdserver: requested lease not found"),
            Self::LeaseExists => (FailedPrecondition, "etcdserver: lease already exists"),
            Self::LeaseTtlTooLarge => (OutOfRange, "etcdserver: too large lease TTL"),
            Self::RequestTooLarge => (InvalidArgument, "etcdserver: request is too large"),
            Self::TooManyRequests => (ResourceExhausted, "etcdserver: too many requests"),
            Self::NoLeader => (Unavailable, "etcdserver: no leader"),
            Self::NotLeader => (FailedPrecondition, "etcdserver: not leader"),
            Self::LeaderChanged => (Unavailable, "etcdserver: leader changed"),
            Self::Stopped => (Unavailable, "etcdserver: server stopped"),
            Self::Timeout => (Unavailable, "etcdserver: request timed out"),
            Self::TimeoutDueToLeaderFail => (
                Unavailable,
                "etcdserver: request timed out, possibly due to previous leader failure",
            ),
            Self::TimeoutDueToConnectionLost => {
                (Unavailable, "etcdserver: request timed out, possibly due to connection lost")
            }
            Self::Unhealthy => (Unavailable, "etcdserver: unhealthy cluster"),
            Self::Corrupt => (DataLoss, "etcdserver: corrupt cluster"),
            Self::NotSupportedForLearner => {
                (Unavailable, "etcdserver: rpc not supported for learner")
            }
            Self::BadLeaderTransferee => (FailedPrecondition, "etcdserver: bad leader transferee"),
            Self::ProposalDropped => (Unknown, "raft proposal dropped"),
            Self::EmptyWatcherRange => (Unknown, "mvcc: watcher range is empty"),
            Self::DuplicateWatchId => {
                (Unknown, "mvcc: duplicate watch ID provided on the WatchStream")
            }
        }
    }

    /// The gRPC status code.
    #[must_use]
    pub fn code(self) -> Code {
        self.facts().0
    }
}

impl fmt::Display for EtcdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts().1)
    }
}

impl std::error::Error for EtcdError {}
