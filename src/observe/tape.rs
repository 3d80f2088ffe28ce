//! The last deliveries and API calls, for who wants to look at single messages.
//!
//! A tape keeps no message, only its name and what it is about. It forgets the oldest when it is
//! full, and it is cheap to clone: whole chunks are shared.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::kernel::Event;
use crate::kernel::EventId;
use crate::kernel::KernelNote;
use crate::kernel::LostWhy;
use crate::kernel::Noted;
use crate::kernel::SimTime;
use crate::kernel::Slot;
use crate::raft::Body;
use crate::raft::VoteKind;
use crate::wire::Msg;
use crate::wire::Note;
use crate::wire::api::{ApiOk, ApiReply, WatchChange};
use crate::wire::apiserver::ApiServerIn;
use crate::wire::cri::CriCall;
use crate::wire::etcd::{EtcdIn, PeerMessage};
use crate::wire::note::CallNote;
use crate::wire::runtime::RuntimeIn;

/// Entries that share one allocation.
const CHUNK: usize = 64;
/// Full chunks of deliveries that are kept: about the last 2,000.
const DELIVERY_CHUNKS: usize = 31;
/// Full chunks of calls that are kept: about the last 500.
const CALL_CHUNKS: usize = 8;

/// A message that was delivered or lost, or a timer that rang.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its number.
    pub id: EventId,
    /// The event whose handling sent it.
    pub cause: EventId,
    /// When it arrived, or was lost.
    pub at: SimTime,
    /// Who sent it.
    pub from: Slot,
    /// Whom it is for.
    pub to: Slot,
    /// The message's name: `RequestVote`, `WatchModified`; empty where the network lost it, since
    /// nobody looked into it.
    pub word: &'static str,
    /// The object it is about; a list or a watch has an empty name.
    pub object: Option<(Kind, ObjectKey)>,
    /// Why it never arrived.
    pub lost: Option<LostWhy>,
}

impl Delivery {
    /// Whether somebody reminded itself.
    #[must_use]
    pub fn is_timer(&self) -> bool {
        self.from == self.to
    }
}

/// A call to an API server that was answered.
#[derive(Clone, Debug)]
pub struct Call {
    /// When it was answered.
    pub at: SimTime,
    /// The API server.
    pub server: Slot,
    /// What it was, and how it went.
    pub note: Arc<CallNote>,
}

/// The last deliveries and calls.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    /// Nothing is kept.
    brief: bool,
    deliveries: Ring<Delivery>,
    calls: Ring<Call>,
}

impl Tape {
    /// An empty tape; a brief one stays empty.
    #[must_use]
    pub fn new(brief: bool) -> Self {
        Tape { brief, ..Tape::default() }
    }

    /// The last deliveries and losses, oldest first.
    pub fn deliveries(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.iter()
    }

    /// The last calls, oldest first.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    /// One delivery, while it is still on the tape.
    #[must_use]
    pub fn delivery(&self, id: EventId) -> Option<&Delivery> {
        self.deliveries().rev().find(|delivery| delivery.id == id)
    }

    /// One call, by the event in which it arrived, while it is still on the tape.
    #[must_use]
    pub fn call(&self, request: EventId) -> Option<&Call> {
        self.calls().rev().find(|call| call.note.request == request)
    }

    /// When a message was sent: when its cause was handled, if that is still on the tape.
    #[must_use]
    pub fn sent_at(&self, delivery: &Delivery) -> Option<SimTime> {
        self.delivery(delivery.cause).map(|cause| cause.at)
    }

    /// An event is about to be handled.
    pub(super) fn before(&mut self, event: &Event<Msg>) {
        if self.brief {
            return;
        }
        let delivery = Delivery {
            id: event.id,
            cause: event.cause,
            at: event.at,
            from: event.from.slot,
            to: event.to.slot,
            word: word(&event.msg),
            object: object(&event.msg),
            lost: None,
        };
        self.deliveries.push(delivery, DELIVERY_CHUNKS);
    }

    /// A note was taken.
    pub(super) fn note(&mut self, noted: &Noted<Note>) {
        if self.brief {
            return;
        }
        if let Note::Call(call) = &noted.note {
            let note = Arc::new(call.as_ref().clone());
            self.calls.push(Call { at: noted.at, server: noted.actor, note }, CALL_CHUNKS);
        }
        if let Note::Kernel(KernelNote::Lost { event, from, to, why }) = noted.note {
            self.lost(noted, (event, from, to), why);
        }
    }

    fn lost(&mut self, noted: &Noted<Note>, what: (EventId, Slot, Slot), why: LostWhy) {
        let (id, from, to) = what;
        // Who finds its receiver dead was seen on its way a moment ago.
        if let Some(last) = self.deliveries.open.iter_mut().rev().find(|seen| seen.id == id) {
            last.lost = Some(why);
            return;
        }
        let cause = if noted.event == id { EventId::NONE } else { noted.event };
        let (at, lost) = (noted.at, Some(why));
        let delivery = Delivery { id, cause, at, from, to, word: "", object: None, lost };
        self.deliveries.push(delivery, DELIVERY_CHUNKS);
    }
}

/// The newest entries; full chunks are shared between clones.
#[derive(Clone, Debug)]
struct Ring<T> {
    full: VecDeque<Arc<[T]>>,
    open: Vec<T>,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Ring { full: VecDeque::new(), open: Vec::new() }
    }
}

impl<T> Ring<T> {
    /// Adds an entry; of the full chunks, `keep` stay. The newest entry is always in the open one.
    fn push(&mut self, entry: T, keep: usize) {
        if self.open.len() == CHUNK {
            if self.full.len() == keep {
                self.full.pop_front();
            }
            self.full.push_back(self.open.drain(..).collect());
        }
        self.open.push(entry);
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(&self.open)
    }
}

/// A message's name.
fn word(msg: &Msg) -> &'static str {
    match msg {
        Msg::Etcd(EtcdIn::Peer(message)) => raft_word(message),
        Msg::Api(ApiReply::Watch(event)) => match &event.change {
            WatchChange::Added(_) => "WatchAdded",
            WatchChange::Modified(_) => "WatchModified",
            WatchChange::Deleted(_) => "WatchDeleted",
            WatchChange::Bookmark(_) => "WatchBookmark",
            WatchChange::Expired => "WatchExpired",
            WatchChange::Closed => "WatchClosed",
        },
        Msg::Etcd(_)
        | Msg::Api(_)
        | Msg::ApiServer(_)
        | Msg::Balancer(_)
        | Msg::Controllers(_)
        | Msg::Kubelet(_)
        | Msg::Metrics(_)
        | Msg::Operator(_)
        | Msg::Proxy(_)
        | Msg::Runtime(_)
        | Msg::Scheduler(_)
        | Msg::Traffic(_) => msg.label(),
    }
}

/// The names of the Raft paper.
fn raft_word(message: &PeerMessage) -> &'static str {
    match &message.body {
        Body::Vote { kind: VoteKind::PreVote, .. } => "RequestPreVote",
        Body::Vote { kind: VoteKind::Vote, .. } => "RequestVote",
        Body::VoteResponse { kind: VoteKind::PreVote, granted: true } => "PreVoteGranted",
        Body::VoteResponse { kind: VoteKind::PreVote, granted: false } => "PreVoteRefused",
        Body::VoteResponse { kind: VoteKind::Vote, granted: true } => "VoteGranted",
        Body::VoteResponse { kind: VoteKind::Vote, granted: false } => "VoteRefused",
        Body::Append { .. } => "AppendEntries",
        Body::AppendAccepted { .. } => "AppendAccepted",
        Body::AppendRejected { .. } => "AppendRejected",
        Body::Heartbeat { .. } => "Heartbeat",
        Body::HeartbeatResponse { .. } => "HeartbeatResponse",
        Body::Snapshot(_) => "InstallSnapshot",
        Body::TimeoutNow => "TimeoutNow",
        Body::TransferLeader { .. } => "TransferLeader",
        Body::Propose { .. } => "Propose",
        Body::ReadIndex { .. } => "ReadIndex",
        Body::ReadIndexResponse { .. } => "ReadIndexResponse",
    }
}

/// The object that a message is about.
fn object(msg: &Msg) -> Option<(Kind, ObjectKey)> {
    let of = |object: &Object| (object.kind(), object.key());
    match msg {
        Msg::Api(ApiReply::Watch(event)) => match &event.change {
            WatchChange::Added(object)
            | WatchChange::Modified(object)
            | WatchChange::Deleted(object) => Some(of(object)),
            WatchChange::Bookmark(_) | WatchChange::Expired | WatchChange::Closed => None,
        },
        Msg::Api(ApiReply::Response(response)) => match &response.result {
            Ok(ApiOk::Object(object)) => Some(of(object)),
            Ok(ApiOk::List { .. } | ApiOk::Done) | Err(_) => None,
        },
        Msg::ApiServer(ApiServerIn::Request(request)) => {
            Some((request.call.kind(), request.call.key()))
        }
        Msg::ApiServer(ApiServerIn::Watch(start)) => Some((start.kind, ObjectKey::default())),
        Msg::Runtime(RuntimeIn::Cri(CriCall::RunPodSandbox(pod))) => {
            Some((Kind::Pod, pod.metadata.key()))
        }
        Msg::Runtime(RuntimeIn::Dial(dial)) => Some((Kind::Service, dial.service.clone())),
        Msg::Runtime(RuntimeIn::Serve(serve)) => Some((Kind::Pod, serve.target.pod.clone())),
        Msg::Api(_)
        | Msg::ApiServer(_)
        | Msg::Balancer(_)
        | Msg::Controllers(_)
        | Msg::Etcd(_)
        | Msg::Kubelet(_)
        | Msg::Metrics(_)
        | Msg::Operator(_)
        | Msg::Proxy(_)
        | Msg::Runtime(_)
        | Msg::Scheduler(_)
        | Msg::Traffic(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_forgets_the_oldest_and_keeps_the_order() {
        let mut ring = Ring::default();
        for number in 0..1_000_usize {
            ring.push(number, 3);
        }
        let kept: Vec<usize> = ring.iter().copied().collect();
        assert!(kept.len() <= 4 * CHUNK && kept.len() > 3 * CHUNK);
        assert_eq!(kept.last(), Some(&999));
        assert!(kept.is_sorted());
    }
}
