//! The API server's protocol: what clients call, what they get, what streams to them.
//!
//! A client holds one connection to one API server, which the balancer chose: `Connect` →
//! `Connected`, then `Open` → `Opened`. Calls are numbered by the client. A watch is a numbered
//! stream of changes on the same connection; every message of it carries a running number, so
//! that a client notices a gap (a broken connection) and starts again from the last version it
//! has seen.
//!
//! A connection is a fact of the server's memory, as a socket is: a server that was restarted
//! knows none of its old ones and answers whatever comes on them with `Refused` (TCP's reset).
//! A client that gets something on a connection it has given up answers `Close`.

use crate::api::conditions::Condition;
use crate::api::{Kind, LabelSelector, Object, ObjectKey, Str, Taint, Uid};
use crate::kernel::{Digest, Slot, Ticket};

/// A call's number, chosen by the client; unique per client.
pub type CallId = u64;

/// A watch's number, chosen by the client; unique per client.
pub type WatchId = u32;

/// One call to the API server.
#[derive(Clone, Debug)]
pub struct ApiRequest {
    /// The client's number for it.
    pub id: CallId,
    /// Who calls: `system:kube-scheduler`, `system:node:n1`, `kubernetes-admin`, …
    pub user: Str,
    /// What is called.
    pub call: ApiCall,
}

/// What can be called.
#[derive(Clone, Debug)]
pub enum ApiCall {
    /// Read one object.
    Get {
        /// Of which kind.
        kind: Kind,
        /// Which one.
        key: ObjectKey,
    },
    /// Read many objects at one version.
    List {
        /// Of which kind.
        kind: Kind,
        /// Which of them.
        scope: Scope,
    },
    /// Make an object. An empty name with a `generateName` gets five random characters.
    Create {
        /// The new object.
        object: Object,
    },
    /// Replace an object. A `resourceVersion` other than 0 must be the stored one, or 409.
    Update {
        /// The new object.
        object: Object,
        /// Which part of it counts.
        part: Part,
    },
    /// Change a part of an object, whatever its version.
    Patch {
        /// Of which kind.
        kind: Kind,
        /// Which one.
        key: ObjectKey,
        /// The change.
        patch: Box<Patch>,
    },
    /// Remove an object, gracefully where its kind knows grace.
    Delete {
        /// Of which kind.
        kind: Kind,
        /// Which one.
        key: ObjectKey,
        /// How.
        options: DeleteOptions,
    },
    /// Give a pod its node: the scheduler's `pods/binding`.
    Bind {
        /// The pod.
        pod: ObjectKey,
        /// Its identity, so that a pod of the same name is not bound by mistake.
        uid: Uid,
        /// The node.
        node: Str,
    },
}

/// Which part of an object a write is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Everything but the status.
    Main,
    /// The `status` subresource: nothing but the status.
    Status,
    /// The `scale` subresource: nothing but the number of replicas.
    Scale,
    /// The `finalize` subresource of a namespace.
    Finalize,
}

/// Which objects a list or a watch is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only this namespace.
    pub namespace: Option<Str>,
    /// Only objects with such labels.
    pub labels: Option<LabelSelector>,
    /// Only objects with such a field.
    pub field: Option<FieldSelector>,
}

/// The field selectors that Kubernetes' own components use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSelector {
    /// `metadata.name=…`
    Name(Str),
    /// `spec.nodeName=…` (pods): what a kubelet watches.
    NodeName(Str),
}

/// A change of a part of an object.
///
/// Simplified: clients inside the play send typed changes; people send a JSON merge patch.
#[derive(Clone, Debug)]
pub enum Patch {
    /// A JSON merge patch (RFC 7386).
    Merge(serde_json::Value),
    /// The status of this object: conditions are merged by type, the rest is replaced. A uid
    /// other than 0 must be the stored one, or 409.
    Status(Object),
    /// These pod or node conditions, merged by type.
    Conditions(Vec<Condition>),
    /// A pod's nominated node.
    NominatedNode(Str),
    /// A node's taints: `remove` by key and effect, then `add`.
    Taints {
        /// Taints to put on.
        add: Vec<Taint>,
        /// Taints to take off.
        remove: Vec<Taint>,
    },
    /// The labels to set (`Some`) or remove (`None`).
    Labels(Vec<(Str, Option<Str>)>),
    /// The annotations to set (`Some`) or remove (`None`).
    Annotations(Vec<(Str, Option<Str>)>),
    /// `spec.replicas` through the `scale` subresource.
    Scale(i32),
    /// `spec.unschedulable` of a node (cordon).
    Unschedulable(bool),
    /// Owner references, for adoption (`true`) and release (`false`) of one owner.
    Owner {
        /// The owner.
        owner: crate::api::OwnerReference,
        /// Whether it is added or removed.
        adopt: bool,
        /// The identity the object must have, or 409.
        uid: Uid,
    },
    /// Finalizers that are done.
    RemoveFinalizers(Vec<Str>),
}

/// How an object is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// Grace \[s\]; unset means the object's own default, 0 means at once.
    pub grace_period_seconds: Option<i64>,
    /// Only this very object, or 409.
    pub uid: Option<Uid>,
    /// What happens to its dependents.
    pub propagation: Propagation,
}

/// What happens to the dependents of a deleted object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Propagation {
    /// The garbage collector deletes them afterwards.
    #[default]
    Background,
    /// The garbage collector deletes them first.
    Foreground,
    /// They stay and lose their owner.
    Orphan,
}

/// A wish to be told of changes.
#[derive(Clone, Debug)]
pub struct WatchStart {
    /// The client's number for it.
    pub watch: WatchId,
    /// Who watches.
    pub user: Str,
    /// Of which kind.
    pub kind: Kind,
    /// Which objects.
    pub scope: Scope,
    /// Only changes after this version.
    pub from: u64,
}

/// What a client gets on its connection.
#[derive(Clone, Debug)]
pub enum ApiReply {
    /// The answer to a call.
    Response(Box<ApiResponse>),
    /// A change on a watch.
    Watch(WatchEvent),
    /// The answer to [`super::apiserver::ApiServerIn::Open`]: the connection stands.
    Opened,
    /// The answer to [`super::apiserver::ApiServerIn::Ping`]: the connection lives, and this is
    /// what passed over it.
    Pong(Tally),
    /// From the balancer: this API server will serve you; none when none is healthy.
    Connected(Option<Slot>),
    /// From the host's network: nobody listens there (the process is dead, its machine is not),
    /// or a new process does, which knows nothing of this connection.
    Refused(Slot),
}

/// What an API server counted on one connection since it was opened.
///
/// The client compares it with its own counts and so learns that a partition has swallowed
/// something for good: a call, the start of a watch, or the last changes of one.
/// Simplified: it stands for TCP's acknowledgements, which go with every segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages of the client: `Request`, `Watch` and `StopWatch`.
    pub received: u32,
    /// Messages to the client: `Response` and `Watch`.
    pub sent: u32,
}

/// The answer to a call.
#[derive(Clone, Debug)]
pub struct ApiResponse {
    /// The number of the call.
    pub id: CallId,
    /// What came of it.
    pub result: Result<ApiOk, Status>,
}

/// A successful answer.
#[derive(Clone, Debug)]
pub enum ApiOk {
    /// The object as it now is (a deleted one: as it last was).
    Object(Object),
    /// All objects in scope at one version, sorted by key.
    List {
        /// The objects.
        items: std::sync::Arc<[Object]>,
        /// The version of the list; a watch goes on from here.
        version: u64,
    },
    /// Done, and there is nothing to show.
    Done,
}

/// A refusal, as Kubernetes words it.
///
/// Source: k8s.io/apimachinery `metav1.Status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Why.
    pub reason: StatusReason,
    /// In a sentence.
    pub message: Str,
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusReason {
    /// 400
    BadRequest,
    /// 401
    Unauthorized,
    /// 403
    Forbidden,
    /// 404
    NotFound,
    /// 409: somebody was first.
    AlreadyExists,
    /// 409: the version or the identity is another one.
    Conflict,
    /// 410: that version is forgotten; list again.
    Expired,
    /// 422
    Invalid,
    /// 429
    TooManyRequests,
    /// 500
    InternalError,
    /// 503
    ServiceUnavailable,
    /// 504: the store did not answer in time; the write may still happen.
    Timeout,
    /// No answer: the connection broke or the client gave up. Made by the client itself.
    ConnectionLost,
}

impl StatusReason {
    /// The HTTP code; 0 for [`StatusReason::ConnectionLost`], which has none.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            StatusReason::BadRequest => 400,
            StatusReason::Unauthorized => 401,
            StatusReason::Forbidden => 403,
            StatusReason::NotFound => 404,
            StatusReason::AlreadyExists | StatusReason::Conflict => 409,
            StatusReason::Expired => 410,
            StatusReason::Invalid => 422,
            StatusReason::TooManyRequests => 429,
            StatusReason::InternalError => 500,
            StatusReason::ServiceUnavailable => 503,
            StatusReason::Timeout => 504,
            StatusReason::ConnectionLost => 0,
        }
    }
}

/// One message of a watch.
#[derive(Clone, Debug)]
pub struct WatchEvent {
    /// Which watch.
    pub watch: WatchId,
    /// Its place in the stream, from 0; a gap means that the connection broke.
    pub place: u32,
    /// What changed.
    pub change: WatchChange,
}

/// What changed. The object carries its version in `metadata.resourceVersion`; that of a deleted
/// one is the version of the deletion.
#[derive(Clone, Debug)]
pub enum WatchChange {
    /// It is new, or came into scope.
    Added(Object),
    /// It changed.
    Modified(Object),
    /// It is gone, or left the scope.
    Deleted(Object),
    /// Nothing new up to this version.
    Bookmark(u64),
    /// The version asked for is forgotten (410 Gone): list again.
    Expired,
    /// The server ends the stream (time-out); watch again from the last version.
    Closed,
}

impl WatchChange {
    /// The version this message brings the client to; 0 where it brings none.
    #[must_use]
    pub fn version(&self) -> u64 {
        match self {
            WatchChange::Added(object)
            | WatchChange::Modified(object)
            | WatchChange::Deleted(object) => object.meta().resource_version,
            WatchChange::Bookmark(version) => *version,
            WatchChange::Expired | WatchChange::Closed => 0,
        }
    }
}

impl ApiCall {
    /// The verb in lower case, as audit logs and RBAC rules spell it.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            ApiCall::Get { .. } => "get",
            ApiCall::List { .. } => "list",
            ApiCall::Create { .. } | ApiCall::Bind { .. } => "create",
            ApiCall::Update { .. } => "update",
            ApiCall::Patch { .. } => "patch",
            ApiCall::Delete { .. } => "delete",
        }
    }

    /// The kind it is about.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            ApiCall::Get { kind, .. }
            | ApiCall::List { kind, .. }
            | ApiCall::Patch { kind, .. }
            | ApiCall::Delete { kind, .. } => *kind,
            ApiCall::Create { object } | ApiCall::Update { object, .. } => object.kind(),
            ApiCall::Bind { .. } => Kind::Pod,
        }
    }

    /// Namespace and name of the object it is about; empty for a list.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        match self {
            ApiCall::Get { key, .. } | ApiCall::Patch { key, .. } | ApiCall::Delete { key, .. } => {
                key.clone()
            }
            ApiCall::Create { object } | ApiCall::Update { object, .. } => object.key(),
            ApiCall::Bind { pod, .. } => pod.clone(),
            ApiCall::List { scope, .. } => {
                ObjectKey::new(scope.namespace.clone().unwrap_or_default(), "")
            }
        }
    }

    /// Whether it changes anything.
    #[must_use]
    pub const fn is_mutating(&self) -> bool {
        !matches!(self, ApiCall::Get { .. } | ApiCall::List { .. })
    }
}

impl ApiReply {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            ApiReply::Response(response) if response.result.is_ok() => "Response",
            ApiReply::Response(_) => "ErrorResponse",
            ApiReply::Watch(_) => "WatchEvent",
            ApiReply::Opened => "Opened",
            ApiReply::Pong(_) => "Pong",
            ApiReply::Connected(_) => "Connected",
            ApiReply::Refused(_) => "Refused",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            ApiReply::Response(response) => {
                digest.fold(response.id << 4 | 1);
                match &response.result {
                    Ok(ApiOk::Object(object)) => digest.fold(object.meta().resource_version),
                    Ok(ApiOk::List { items, version }) => {
                        digest.fold(*version ^ (items.len() as u64) << 40)
                    }
                    Ok(ApiOk::Done) => digest.fold(7),
                    Err(status) => digest.fold(u64::from(status.reason.code())),
                }
            }
            ApiReply::Watch(event) => {
                digest.fold(u64::from(event.watch) << 36 | u64::from(event.place) << 4 | 2);
                digest.fold(event.change.version());
            }
            ApiReply::Opened => digest.fold(6),
            ApiReply::Pong(tally) => {
                digest.fold(u64::from(tally.received) << 32 | u64::from(tally.sent));
                digest.fold(3);
            }
            ApiReply::Connected(server) => {
                digest.fold(u64::from(server.map_or(0, |slot| slot.0 + 1)) << 4 | 4);
            }
            ApiReply::Refused(slot) => digest.fold(u64::from(slot.0) << 4 | 5),
        }
    }
}

/// A timer of the API client inside a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientTimer {
    /// The token bucket has a token again, so a waiting call may go.
    Send(Ticket),
    /// Look whether the connection lives and whether calls have waited long enough.
    Health(Ticket),
    /// Connect (again), or give up an attempt.
    Connect(Ticket),
    /// Start a list or a watch again after a failure; by the number of the informer.
    Relist(u8, Ticket),
    /// Hand every object of an informer to its owner again.
    Resync(u8, Ticket),
    /// Try to get or to keep the leader's Lease.
    Leader(Ticket),
    /// Write a waiting Event.
    Events(Ticket),
}

impl ClientTimer {
    /// Folds what tells this timer from another.
    pub fn digest(&self, digest: &mut Digest) {
        let (ticket, kind) = match self {
            ClientTimer::Send(ticket) => (ticket, 1),
            ClientTimer::Health(ticket) => (ticket, 2),
            ClientTimer::Connect(ticket) => (ticket, 3),
            ClientTimer::Relist(informer, ticket) => (ticket, u64::from(*informer) << 8 | 4),
            ClientTimer::Resync(informer, ticket) => (ticket, u64::from(*informer) << 8 | 5),
            ClientTimer::Leader(ticket) => (ticket, 6),
            ClientTimer::Events(ticket) => (ticket, 7),
        };
        digest.fold(u64::from(ticket.0) << 16 | kind);
    }
}
