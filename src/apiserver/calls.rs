//! The calls that are being worked on: how many may be, who waits, what each has gone through.

use std::collections::VecDeque;

use crate::api::ObjectKey;
use crate::kernel::{EventId, FixedMap, SimTime, Slot, Span};
use crate::wire::api::ApiRequest;
use crate::wire::note::CallNote;

use super::authenticate::Identity;
use super::config::Config;
use super::txn::Write;

/// Calls that may wait for their turn; more are refused with 429.
///
/// Simplified: API Priority and Fairness keeps eight levels with up to 128 queues of 50 calls
/// each, so that no client can starve another one; here reads and writes have one queue each.
/// Source: kubernetes/apiserver:pkg/apis/flowcontrol/bootstrap/default.go.
const QUEUE_MAX: usize = 128 * 50;

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// Who gets the answer; none for the server's own calls.
    pub(super) client: Option<Slot>,
    pub(super) request: Box<ApiRequest>,
    pub(super) key: ObjectKey,
    pub(super) who: Option<Identity>,
    pub(super) arrived: SimTime,
    /// The event in which it arrived.
    pub(super) cause: EventId,
    /// The version that it made; 0 as long as it made none.
    pub(super) version: u64,
    /// When it left the queue; none while it waits there.
    pub(super) started: Option<SimTime>,
    pub(super) stage: Stage,
    pub(super) step: Step,
    /// How often it has asked etcd.
    pub(super) attempts: u32,
}

/// How far a call has come, for the observers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Authenticate,
    Authorize,
    Queue,
    Admission,
    Validation,
    Storage,
}

/// What a call waits for.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Its turn, or the end of its processing time.
    Working,
    /// The present state of its object.
    ReadObject,
    /// The namespace that it creates something in.
    ReadNamespace,
    /// All objects in scope, straight from etcd.
    ReadList,
    /// The present revision of etcd, so that a list from the cache is no older.
    ReadRevision,
    /// The cache, to come to this revision.
    Fresh(u64),
    /// Its transaction; before it, for an Event, a lease.
    Write(Box<Pending>),
}

/// A transaction on its way, and what the answer will show.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) write: Write,
    pub(super) shown: crate::api::Object,
}

/// Calls of one sort: reads or writes.
#[derive(Clone, Debug, Default)]
struct Lane {
    active: usize,
    queue: VecDeque<u64>,
}

/// All calls that are not answered yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    next: u64,
    open: FixedMap<u64, Box<Call>>,
    reads: Lane,
    writes: Lane,
}

/// What becomes of a new call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admitted {
    /// It is worked on now.
    Now,
    /// It waits.
    Later,
    /// There is no room.
    No,
}

impl Calls {
    /// Takes a call in; gives its number.
    pub(super) fn admit(&mut self, call: Box<Call>, config: &Config) -> (u64, Admitted) {
        let id = self.next;
        let mutating = call.request.call.is_mutating();
        let limit = if mutating {
            config.max_mutating_requests_inflight
        } else {
            config.max_requests_inflight
        };
        let lane = self.lane(mutating);
        let admitted = if lane.active < limit {
            lane.active += 1;
            Admitted::Now
        } else if lane.queue.len() < QUEUE_MAX {
            lane.queue.push_back(id);
            Admitted::Later
        } else {
            Admitted::No
        };
        self.next += 1;
        self.open.insert(id, call);
        (id, admitted)
    }

    const fn lane(&mut self, mutating: bool) -> &mut Lane {
        if mutating { &mut self.writes } else { &mut self.reads }
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Call> {
        self.open.get_mut(&id).map(AsMut::as_mut)
    }

    /// Takes a call out, to work on it.
    pub(super) fn take(&mut self, id: u64) -> Option<Box<Call>> {
        self.open.remove(&id)
    }

    /// Puts a call back that must wait.
    pub(super) fn put_back(&mut self, id: u64, call: Box<Call>) {
        self.open.insert(id, call);
    }

    /// A call has been answered; the next one of its lane, if one waits.
    pub(super) fn done(&mut self, call: &Call) -> Option<u64> {
        call.started?;
        let lane = self.lane(call.request.call.is_mutating());
        lane.active -= 1;
        let next = lane.queue.pop_front()?;
        lane.active += 1;
        Some(next)
    }
}

impl Call {
    /// What the observers are told when it ends.
    pub(super) fn note(
        &self,
        now: SimTime,
        config: &Config,
        refused: Option<&crate::wire::api::Status>,
    ) -> CallNote {
        CallNote {
            user: self.request.user.clone(),
            verb: self.request.call.verb(),
            kind: self.request.call.kind(),
            key: self.key.clone(),
            request: self.cause,
            version: self.version,
            took: now.since(self.arrived),
            stages: self.stages(now, config),
            refused: refused.map(|status| (status.reason, status.message.clone())),
        }
    }

    /// The stages it went through, each with its time.
    ///
    /// The server's own work is one span in the play; here it is shared out over its parts.
    fn stages(&self, now: SimTime, config: &Config) -> Vec<(&'static str, Span)> {
        let mutating = self.request.call.is_mutating();
        let cost = if mutating { config.write_cost } else { config.read_cost };
        let started = self.started.unwrap_or(now);
        let storage = now.since(started).saturating_sub(cost);
        let all = [
            (Stage::Authenticate, "authenticate", cost / 10),
            (Stage::Authorize, "authorize", cost / 10),
            (Stage::Queue, "queue", started.since(self.arrived)),
            (Stage::Admission, "admission", if mutating { cost * 4 / 10 } else { Span::ZERO }),
            (Stage::Validation, "validation", if mutating { cost * 4 / 10 } else { Span::ZERO }),
            (Stage::Storage, "storage", if mutating { storage } else { storage + cost * 8 / 10 }),
        ];
        all.into_iter()
            .filter(|(stage, _, _)| *stage <= self.stage)
            .filter(|(stage, _, span)| !span.is_zero() || *stage == Stage::Storage)
            .map(|(_, name, span)| (name, span))
            .collect()
    }
}
