//! What an API server is told: calls and watches of clients, answers of etcd, its own timers.

use crate::kernel::{Digest, Slot};

use super::api::{ApiRequest, WatchId, WatchStart};
use super::etcd::EtcdReply;

/// The inbox of an API server.
#[derive(Clone, Debug)]
pub enum ApiServerIn {
    /// A client opens a connection (an older one of the same client is over, with its watches);
    /// the answer is `ApiReply::Opened`. Whatever else comes from a client without a connection
    /// is answered with `ApiReply::Refused`.
    Open,
    /// A client has given its connection up, or the client's process is dead: forget its watches.
    Close,
    /// A client's call; the answer is `ApiReply::Response`.
    Request(Box<ApiRequest>),
    /// A client wants to be told of changes.
    Watch(Box<WatchStart>),
    /// A client has heard enough.
    StopWatch(WatchId),
    /// A client asks whether the connection lives; the answer is `ApiReply::Pong` with the
    /// counts of this connection.
    Ping,
    /// The balancer asks whether this server is healthy; the answer is `BalancerIn::Healthy`.
    Healthz,
    /// From the host's network: nobody listens at this client any more (its process is dead, its
    /// machine is not), so its calls and watches are over.
    Refused(Slot),
    /// etcd answers, or a change arrives on a watch at etcd.
    Etcd(EtcdReply),
    /// A timer of the server's own.
    Timer(ApiServerTimer),
}

/// What an API server reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiServerTimer {
    /// A call has been worked on long enough to go on (its processing time is over).
    Proceed(u64),
    /// The oldest unanswered call to etcd may have waited long enough.
    EtcdDeadline,
    /// Send bookmarks, close old watches, ask etcd how far it is.
    Housekeeping,
    /// Ask etcd again after a failure: list a kind (by [`crate::api::Kind::index`]), or make the
    /// objects that every cluster has.
    Retry(u8),
    /// Ask etcd to forget old revisions.
    Compact,
}

impl ApiServerIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            ApiServerIn::Open => "Open",
            ApiServerIn::Close => "Close",
            ApiServerIn::Request(request) => request.call.verb(),
            ApiServerIn::Watch(_) => "watch",
            ApiServerIn::StopWatch(_) => "StopWatch",
            ApiServerIn::Ping => "Ping",
            ApiServerIn::Healthz => "Healthz",
            ApiServerIn::Refused(_) => "Refused",
            ApiServerIn::Etcd(EtcdReply::Response { .. }) => "EtcdResponse",
            ApiServerIn::Etcd(EtcdReply::Watch(_)) => "EtcdWatch",
            ApiServerIn::Etcd(EtcdReply::Refused) => "EtcdRefused",
            ApiServerIn::Timer(_) => "Timer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            ApiServerIn::Open => digest.fold(0xf5),
            ApiServerIn::Close => digest.fold(0xf6),
            ApiServerIn::Request(request) => {
                digest.fold(request.id << 8 | request.call.kind().index() as u64);
            }
            ApiServerIn::Watch(start) => digest.fold(start.from << 8 | 0xf1),
            ApiServerIn::StopWatch(watch) => digest.fold(u64::from(*watch) << 8 | 0xf2),
            ApiServerIn::Ping => digest.fold(0xf3),
            ApiServerIn::Healthz => digest.fold(0xf4),
            ApiServerIn::Refused(slot) => digest.fold(u64::from(slot.0) << 8 | 0xf5),
            ApiServerIn::Etcd(reply) => reply.digest(digest),
            ApiServerIn::Timer(timer) => digest.fold(match timer {
                ApiServerTimer::Proceed(call) => call << 8 | 0xe1,
                ApiServerTimer::EtcdDeadline => 0xe2,
                ApiServerTimer::Retry(what) => u64::from(*what) << 8 | 0xe5,
                ApiServerTimer::Housekeeping => 0xe3,
                ApiServerTimer::Compact => 0xe4,
            }),
        }
    }
}
