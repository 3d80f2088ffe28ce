//! The way to etcd: one member at a time, the next one when it fails.
//!
//! The server prefers the first member of its list (a control plane's own). When that member
//! refuses, cannot serve, or is silent until a request's time is over, the server *turns* to the
//! next: requests that were on their way are lost, watches must be set up again.
//!
//! Simplified: upstream's client spreads requests over all members of its list, and finds a
//! silent one by HTTP/2 keep-alives (30 s and 10 s).

use std::collections::{BTreeMap, VecDeque};

use crate::api::Kind;
use crate::kernel::{SimTime, Slot, Span};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::apiserver::{ApiServerIn, ApiServerTimer};
use crate::wire::etcd::{EtcdIn, EtcdRequest, WatchRequest};

/// Longest wait for an answer of etcd.
/// Source: kubernetes/apiserver:pkg/endpoints/handlers/rest.go, `requestTimeoutUpperBound`.
const ANSWER_TIMEOUT: Span = Span::secs(34);

/// Between two turns away from members that answer, but cannot serve.
const PATIENCE: Span = Span::secs(1);

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asker {
    /// The call of a client, by the server's own number.
    Call(u64),
    /// The cache of a kind wants its first list.
    List(Kind),
    /// Events need a lease.
    Lease,
    /// This balancer asked for a health check, then.
    Health(Slot, SimTime),
    /// The compactor took (or lost) its turn.
    CompactTurn,
    /// The compaction itself; nobody waits.
    Compact,
}

/// One request on its way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    asker: Asker,
    at: SimTime,
    member: Slot,
}

/// The client of etcd inside an API server.
#[derive(Clone, Debug)]
pub(super) struct EtcdClient {
    members: Vec<Slot>,
    current: usize,
    next_id: u64,
    waiting: BTreeMap<u64, Asked>,
    /// When the requests in flight are given up, oldest first; answered ones are skipped.
    deadlines: VecDeque<(SimTime, u64)>,
    timer_armed: bool,
    last_answer: SimTime,
    turned_at: SimTime,
}

impl EtcdClient {
    pub(super) fn new(members: Vec<Slot>) -> Self {
        assert!(!members.is_empty(), "an API server knows at least one member of etcd");
        EtcdClient {
            members,
            current: 0,
            next_id: 1,
            waiting: BTreeMap::new(),
            deadlines: VecDeque::new(),
            timer_armed: false,
            last_answer: SimTime::ZERO,
            turned_at: SimTime::ZERO,
        }
    }

    /// Forgets what was on its way; a new life of the process begins at the preferred member.
    pub(super) fn reset(&mut self) {
        let next_id = self.next_id;
        *self = EtcdClient::new(std::mem::take(&mut self.members));
        self.next_id = next_id;
    }

    /// The member that is asked now.
    pub(super) fn member(&self) -> Slot {
        self.members[self.current]
    }

    /// All members, the preferred one first.
    pub(super) fn members(&self) -> Vec<Slot> {
        self.members.clone()
    }

    /// How many members there are.
    pub(super) fn count(&self) -> usize {
        self.members.len()
    }

    /// Sends a request.
    pub(super) fn ask(&mut self, cx: &mut Cx<'_>, asker: Asker, request: EtcdRequest) {
        let id = self.next_id;
        self.next_id += 1;
        let at = cx.now();
        let member = self.member();
        self.waiting.insert(id, Asked { asker, at, member });
        self.deadlines.push_back((at + ANSWER_TIMEOUT, id));
        cx.stream(self.member(), Msg::Etcd(EtcdIn::Client { id, request: Box::new(request) }));
        self.arm(cx);
    }

    /// Sends a message on the watch stream.
    pub(super) fn watch(&self, cx: &mut Cx<'_>, request: WatchRequest) {
        cx.stream(self.member(), Msg::Etcd(EtcdIn::Watch(Box::new(request))));
    }

    /// An answer arrived: who waited for it? Nobody, when it is late.
    pub(super) fn answered(&mut self, now: SimTime, id: u64) -> Option<Asker> {
        self.last_answer = now;
        self.waiting.remove(&id).map(|asked| asked.asker)
    }

    /// Gives up what has waited too long; the member, if nothing was heard of it meanwhile.
    pub(super) fn expire(&mut self, cx: &mut Cx<'_>) -> (Vec<Asker>, Option<Slot>) {
        self.timer_armed = false;
        let mut expired = Vec::new();
        let mut silent = None;
        while let Some(&(at, id)) = self.deadlines.front() {
            let waits = self.waiting.contains_key(&id);
            if waits && at > cx.now() {
                break;
            }
            self.deadlines.pop_front();
            if let Some(asked) = self.waiting.remove(&id) {
                if self.last_answer < asked.at {
                    silent = Some(asked.member);
                }
                expired.push(asked.asker);
            }
        }
        self.arm(cx);
        (expired, silent)
    }

    /// Turns to the next member: later requests and watches go there.
    pub(super) fn turn(&mut self, now: SimTime) {
        self.current = (self.current + 1) % self.members.len();
        self.turned_at = now;
    }

    /// Whether a member was given long enough to show that it cannot serve, so that a cluster
    /// without a leader is not run through in circles.
    pub(super) fn may_turn(&self, now: SimTime) -> bool {
        self.members.len() > 1 && now.since(self.turned_at) >= PATIENCE
    }

    /// What was asked of this member is lost; whoever waited waits in vain.
    pub(super) fn lose(&mut self, member: Slot) -> Vec<Asker> {
        let lost = |(id, asked): (&u64, &Asked)| (asked.member == member).then_some(*id);
        let lost: Vec<u64> = self.waiting.iter().filter_map(lost).collect();
        lost.iter().filter_map(|id| self.waiting.remove(id)).map(|asked| asked.asker).collect()
    }

    /// One timer watches over the oldest request.
    fn arm(&mut self, cx: &mut Cx<'_>) {
        if self.timer_armed {
            return;
        }
        if let Some(&(at, _)) = self.deadlines.front() {
            self.timer_armed = true;
            let timer = ApiServerIn::Timer(ApiServerTimer::EtcdDeadline);
            cx.after(at.since(cx.now()), timer);
        }
    }
}
