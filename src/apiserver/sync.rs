//! Keeping in step with etcd: first lists, new lists after a loss, turning to another member.

use crate::api::Kind;
use crate::kernel::{Slot, Span};
use crate::wire::Cx;
use crate::wire::apiserver::ApiServerTimer;
use crate::wire::etcd::{
    Code, EtcdRequest, EtcdResponse, EtcdResult, KeyRange, RangeRequest, WatchRequest,
};

use super::etcd_client::Asker;
use super::server::{ApiServer, cached_kinds, timer};
use super::txn::version;
use super::watchcache::Sync;
use super::{keys, status};

/// Between two attempts to list a kind.
/// Source: kubernetes/client-go:tools/cache/reflector.go (800 ms and more, with jitter).
const LIST_RETRY: Span = Span::secs(1);
/// Between a turn to another member and the new watches there.
const REWATCH_DELAY: Span = Span::millis(500);
/// Between two questions how far etcd is, while reads wait for it.
/// Source: kubernetes/apiserver:pkg/storage/etcd3/watcher.go, `progressRequestPeriod`.
const PROGRESS_PERIOD: Span = Span::millis(100);
/// A new watch that etcd has not confirmed for so long was lost.
const CONFIRM_TIMEOUT: Span = Span::secs(5);
/// Longest wait of a read for a fresh cache.
/// Source: kubernetes/apiserver:pkg/storage/cacher/watch_cache.go, `blockTimeout`.
const FRESH_TIMEOUT: Span = Span::secs(3);

/// [`ApiServerTimer::Retry`]: watch again at another member.
const REWATCH: u8 = 250;
/// [`ApiServerTimer::Retry`]: ask etcd how far it is.
const PROGRESS: u8 = 251;
/// [`ApiServerTimer::Retry`]: make the objects that every cluster has.
pub(super) const BOOT: u8 = 252;

impl ApiServer {
    /// Asks etcd for all objects of a kind.
    pub(super) fn list_kind(&mut self, cx: &mut Cx<'_>, kind: Kind) {
        self.caches[kind.index()].sync = Sync::Listing;
        let range = RangeRequest::new(KeyRange::prefix(keys::prefix(kind)));
        self.etcd.ask(cx, Asker::List(kind), EtcdRequest::Range(range));
    }

    /// etcd has listed a kind: the cache begins (again), and watches from there on.
    pub(super) fn kind_listed(&mut self, cx: &mut Cx<'_>, kind: Kind, result: EtcdResult) {
        let range = match result {
            Ok(EtcdResponse::Range(range)) => range,
            Ok(_) => return,
            Err(error) => {
                if error.code() == Code::Unavailable {
                    self.etcd_cannot_serve(cx);
                }
                return self.list_later(cx, kind);
            }
        };
        let cache = &mut self.caches[kind.index()];
        let closed = cache.close_all(cx, &mut self.connections);
        self.watching.forget(&closed);
        cache.replace(&range.kvs, version(range.header.revision));
        self.feed(cx, kind);
        self.serve_waiting(cx, kind);
        if self.is_ready() {
            self.boot_cluster(cx);
        }
    }

    fn list_later(&mut self, cx: &mut Cx<'_>, kind: Kind) {
        self.caches[kind.index()].sync = Sync::Idle;
        let what = u8::try_from(kind.index()).unwrap_or(u8::MAX);
        cx.after(LIST_RETRY, timer(ApiServerTimer::Retry(what)));
    }

    /// The member answers, but cannot serve (no leader, stopping …): the next one may.
    pub(super) fn etcd_cannot_serve(&mut self, cx: &mut Cx<'_>) {
        if self.etcd.may_turn(cx.now()) {
            self.etcd.watch(cx, WatchRequest::CloseStream);
            self.etcd.turn(cx.now());
            self.stream = None;
        }
        self.watch_again_later(cx);
    }

    /// Nobody listens at the member, or it was silent for too long.
    pub(super) fn member_is_lost(&mut self, cx: &mut Cx<'_>, member: Slot) {
        if member == self.etcd.member() {
            self.etcd.turn(cx.now());
            self.restart_stream(cx);
        }
        for asker in self.etcd.lose(member) {
            match asker {
                Asker::Call(call) => self.lost(cx, call),
                Asker::List(kind) => self.list_later(cx, kind),
                Asker::Lease => self.lease_failed(cx, &status::unreachable()),
                Asker::Health(..) | Asker::CompactTurn | Asker::Compact => {}
            }
        }
    }

    /// The stream of watches lost something, or never began: a new one, soon.
    pub(super) fn restart_stream(&mut self, cx: &mut Cx<'_>) {
        self.stream = None;
        self.stream_since = cx.now();
        self.watch_again_later(cx);
    }

    /// Once a second: a stream that does not begin, or a watch that etcd does not confirm, was
    /// lost on the way.
    pub(super) fn check_stream(&mut self, cx: &mut Cx<'_>) {
        let feeds = |kind: Kind| self.caches[kind.index()].sync == Sync::Watching;
        let lacks = |kind: Kind| feeds(kind) && !self.caches[kind.index()].is_fed;
        let waits = self.stream.is_none() && cached_kinds().any(feeds);
        let overdue = cx.now().since(self.stream_since) > CONFIRM_TIMEOUT;
        if overdue && (waits || cached_kinds().any(lacks)) {
            self.restart_stream(cx);
        }
    }

    fn watch_again_later(&mut self, cx: &mut Cx<'_>) {
        if !self.rewatch_armed {
            self.rewatch_armed = true;
            cx.after(REWATCH_DELAY, timer(ApiServerTimer::Retry(REWATCH)));
        }
    }

    /// Requests have waited too long for etcd.
    pub(super) fn expire(&mut self, cx: &mut Cx<'_>) {
        let (expired, silent) = self.etcd.expire(cx);
        for asker in expired {
            match asker {
                Asker::Call(call) => self.timed_out(cx, call),
                Asker::List(kind) => self.list_later(cx, kind),
                Asker::Lease => self.lease_failed(cx, &status::deadline()),
                Asker::Health(..) | Asker::CompactTurn | Asker::Compact => {}
            }
        }
        if let Some(member) = silent {
            self.member_is_lost(cx, member);
        }
    }

    /// A delayed attempt is due.
    pub(super) fn retry(&mut self, cx: &mut Cx<'_>, what: u8) {
        match what {
            REWATCH => {
                self.rewatch_armed = false;
                self.watch_again(cx);
            }
            PROGRESS => {
                self.progress_armed = false;
                self.give_up_late_reads(cx);
                if cached_kinds().any(|kind| self.caches[kind.index()].is_awaited()) {
                    self.ask_for_progress(cx);
                }
            }
            BOOT => self.boot_cluster(cx),
            _ => {
                let kind = cached_kinds().find(|kind| kind.index() == usize::from(what));
                if let Some(kind) = kind.filter(|kind| self.caches[kind.index()].sync == Sync::Idle)
                {
                    self.list_kind(cx, kind);
                }
            }
        }
    }

    /// Asks etcd how far it is, now and again while reads wait.
    pub(super) fn ask_for_progress(&mut self, cx: &mut Cx<'_>) {
        if !self.progress_armed {
            self.progress_armed = true;
            if self.stream.is_some() {
                self.etcd.watch(cx, WatchRequest::Progress);
            }
            cx.after(PROGRESS_PERIOD, timer(ApiServerTimer::Retry(PROGRESS)));
        }
    }

    fn give_up_late_reads(&mut self, cx: &mut Cx<'_>) {
        for kind in cached_kinds() {
            let cache = &mut self.caches[kind.index()];
            let current = cache.revision;
            let calls = &mut self.calls;
            let is_late = |call: u64| {
                let arrived = calls.get_mut(call).map(|call| call.arrived);
                arrived.is_none_or(|arrived| cx.now().since(arrived) >= FRESH_TIMEOUT)
            };
            let late = cache.take_waiting(is_late);
            for call in late {
                self.cache_is_late(cx, call, current);
            }
        }
    }

    /// Every five minutes: try to take the turn at compacting.
    pub(super) fn compact(&mut self, cx: &mut Cx<'_>) {
        cx.after(self.config.etcd_compaction_interval, timer(ApiServerTimer::Compact));
        let request = self.compactor.take_turn();
        self.etcd.ask(cx, Asker::CompactTurn, request);
    }

    /// The turn was taken, by this server or by another one.
    pub(super) fn compaction_decided(&mut self, cx: &mut Cx<'_>, result: EtcdResult) {
        if let Ok(EtcdResponse::Txn(txn)) = result
            && let Some(request) = self.compactor.decided(&txn)
        {
            self.etcd.ask(cx, Asker::Compact, request);
        }
    }
}
