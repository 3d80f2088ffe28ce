//! What etcd is asked, what it answers, and what its members write into their Raft log.
//!
//! The shapes follow etcd's own `rpc.proto` and `kv.proto` field by field, with three liberties:
//! an interval is a [`KeyRange`] (not two byte strings with magic values), a value is a [`Value`]
//! that is shared and never copied, and an answer is a `Result` with a typed [`EtcdError`].
//!
//! Source: etcd-io/etcd:api/etcdserverpb/rpc.proto, api/mvccpb/kv.proto.

use crate::kernel::Digest;

mod command;
mod error;
mod kv;
mod peer;
mod range;
mod request;
mod response;
mod txn;
mod watch;

pub use command::{Command, Mutation};
pub use error::{Code, EtcdError};
pub use kv::{Key, KeyValue, LeaseId, NO_LEASE, Revision, Value};
pub use peer::{EtcdTimer, Image, PeerMessage, StoreImage};
pub use range::{KeyRange, RangeEnd};
pub use request::{
    AlarmAction, AlarmRequest, AlarmType, CompactRequest, DeleteRangeRequest, EtcdRequest,
    LeaseGrantRequest, LeaseTimeToLiveRequest, PutRequest, RangeFilter, RangeRequest, SortOrder,
    SortTarget,
};
pub use response::{
    AlarmMember, AlarmResponse, DeleteRangeResponse, EtcdResponse, EtcdResult, HashKvResponse,
    LeaseGrantResponse, LeaseKeepAliveResponse, LeaseLeasesResponse, LeaseTimeToLiveResponse,
    PutResponse, RangeResponse, ResponseHeader, ResponseOp, StatusResponse, TxnResponse,
};
pub use txn::{Compare, CompareOp, CompareTarget, RequestOp, TxnRequest};
pub use watch::{
    Event, EventType, PROGRESS_WATCH_ID, WatchCreate, WatchFilters, WatchId, WatchRequest,
    WatchResponse,
};

/// The inbox of an etcd member.
#[derive(Debug, Clone)]
pub enum EtcdIn {
    /// A client's unary request. The answer comes back as [`EtcdReply::Response`] with the same
    /// `id`, which is the client's own and means nothing to the member.
    Client {
        /// The client's number for this request.
        id: u64,
        /// What is asked.
        request: Box<EtcdRequest>,
    },
    /// A message on the client's watch stream: there is one stream per client.
    Watch(Box<WatchRequest>),
    /// Raft, from another member.
    Peer(Box<PeerMessage>),
    /// A follower passes on what only the leader can answer.
    Forward {
        /// The follower's number for it.
        id: u64,
        /// What is asked.
        request: Box<EtcdRequest>,
    },
    /// The leader's answer to [`EtcdIn::Forward`].
    Forwarded {
        /// The follower's number for it.
        id: u64,
        /// The outcome.
        result: Box<EtcdResult>,
    },
    /// From the host's network: at the address that this seems to come from, no member listens.
    PeerRefused,
    /// A timer of the member's own.
    Timer(EtcdTimer),
}

/// What a client of etcd gets back.
#[derive(Debug, Clone)]
pub enum EtcdReply {
    /// The answer to the request that carried this `id`.
    Response {
        /// The number the client gave its request.
        id: u64,
        /// The outcome.
        result: Box<EtcdResult>,
    },
    /// Something happened on the client's watch stream.
    Watch(std::sync::Arc<WatchResponse>),
    /// From the host's network: no member listens there (its process is dead, its machine is not).
    Refused,
}

impl EtcdIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            EtcdIn::Client { .. } => "EtcdRequest",
            EtcdIn::Watch(_) => "EtcdWatchRequest",
            EtcdIn::Peer(message) => message.body.name(),
            EtcdIn::Forward { .. } => "EtcdForward",
            EtcdIn::Forwarded { .. } => "EtcdForwarded",
            EtcdIn::PeerRefused => "EtcdPeerRefused",
            EtcdIn::Timer(_) => "Timer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            EtcdIn::Client { id, .. } => digest.fold(id << 8 | 1),
            EtcdIn::Watch(_) => digest.fold(2),
            EtcdIn::Peer(message) => peer::digest(message, digest),
            EtcdIn::Forward { id, .. } => digest.fold(id << 8 | 4),
            EtcdIn::Forwarded { id, result } => {
                digest.fold(id << 8 | 6 | u64::from(result.is_ok()));
            }
            EtcdIn::PeerRefused => digest.fold(5),
            EtcdIn::Timer(timer) => timer.digest(digest),
        }
    }
}

impl EtcdReply {
    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            EtcdReply::Response { id, result } => {
                digest.fold(id << 8 | 0xd0 | u64::from(result.is_ok()));
            }
            EtcdReply::Watch(response) => digest.fold(response.events.len() as u64 + 0xd2),
            EtcdReply::Refused => digest.fold(0xd1d1),
        }
    }
}

/// Messages stay small, because the kernel's queue moves them.
const _: () =
    assert!(std::mem::size_of::<EtcdIn>() <= 32 && std::mem::size_of::<EtcdReply>() <= 32);
