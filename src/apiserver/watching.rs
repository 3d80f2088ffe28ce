//! Watches: those of the clients at this server, and those of this server at etcd.

use std::collections::BTreeMap;

use crate::api::Kind;
use crate::kernel::{SimTime, Slot, Span};
use crate::wire::Cx;
use crate::wire::api::{ApiReply, WatchChange, WatchEvent, WatchId, WatchStart};
use crate::wire::etcd::{
    Event, KeyRange, PROGRESS_WATCH_ID, Revision, WatchCreate, WatchRequest, WatchResponse,
};

use super::authorize::Attributes;
use super::server::{ApiServer, WATCH_LIFE, cached_kinds, is_cached};
use super::txn::{decode, version};
use super::watchcache::{Change, Sync, Watcher, stamped};
use super::{authenticate, authorize, keys};

/// etcd is asked this often [rounds of housekeeping] how far it is, so that bookmarks move on in
/// kinds that nobody changes.
/// Source: etcd's `--experimental-watch-progress-notify-interval`, which kubeadm sets to 5 s.
const PROGRESS_ROUNDS: usize = 5;

/// What a watch at etcd feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fed {
    /// The cache of a kind.
    Cache(Kind),
    /// One client's watch of Events, which have no cache.
    Client(Slot, WatchId),
}

/// Where a client's watch is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the cache of a kind, under this number.
    Cache(Kind, u32),
    /// It is fed by a watch at etcd of its own.
    Direct(i64),
}

/// The clients' watches.
#[derive(Clone, Debug, Default)]
pub(super) struct Watching {
    places: BTreeMap<(Slot, WatchId), Place>,
    direct: BTreeMap<(Slot, WatchId), Watcher>,
}

impl Watching {
    /// These watches are over.
    pub(super) fn forget(&mut self, ended: &[(Slot, WatchId)]) {
        for id in ended {
            self.places.remove(id);
        }
    }
}

impl ApiServer {
    /// A client wants to be told of changes. A watch with the same number is over.
    ///
    /// A watch that is not allowed, or whose cache has no first list yet, is closed at once.
    pub(super) fn start_watch(&mut self, cx: &mut Cx<'_>, client: Slot, start: WatchStart) {
        let id = (client, start.watch);
        self.stop_watch(cx, id);
        let kind = start.kind;
        if !is_allowed(&start) || is_cached(kind) && !self.caches[kind.index()].is_ready() {
            let event = WatchEvent { watch: start.watch, place: 0, change: WatchChange::Closed };
            self.connections.send(cx, client, ApiReply::Watch(event));
            return;
        }
        let closes_at = self.watch_end(cx);
        let watcher = Watcher::new(id, start.scope, start.from, (cx.now(), closes_at));
        if is_cached(kind) {
            let cache = &mut self.caches[kind.index()];
            if let Some(place) = cache.watch(cx, &mut self.connections, watcher) {
                self.watching.places.insert(id, Place::Cache(kind, place));
            }
        } else {
            self.watching.direct.insert(id, watcher);
            self.watch_directly(cx, id);
        }
    }

    /// A random moment between once and twice the shortest life of a watch from now.
    fn watch_end(&self, cx: &mut Cx<'_>) -> SimTime {
        let life = self.config.min_request_timeout;
        let extra = cx.chance(WATCH_LIFE).below(life.as_nanos());
        cx.now() + life + Span::nanos(extra)
    }

    pub(super) fn stop_watch(&mut self, cx: &mut Cx<'_>, id: (Slot, WatchId)) {
        match self.watching.places.remove(&id) {
            Some(Place::Cache(kind, place)) => self.caches[kind.index()].watchers.remove(place),
            Some(Place::Direct(watch)) => {
                self.watching.direct.remove(&id);
                self.etcd_watches.remove(&watch);
                self.etcd.watch(cx, WatchRequest::Cancel(watch));
            }
            None => {}
        }
    }

    /// A client's connection is over, and with it its watches.
    ///
    /// Watches at etcd of its own run on until their next event finds nobody.
    pub(super) fn forget_watches_of(&mut self, client: Slot) {
        while let Some((&id, &place)) =
            self.watching.places.range((client, 0)..=(client, WatchId::MAX)).next()
        {
            self.watching.places.remove(&id);
            match place {
                Place::Cache(kind, place) => self.caches[kind.index()].watchers.remove(place),
                Place::Direct(_) => drop(self.watching.direct.remove(&id)),
            }
        }
    }

    /// Once a second: a part of the watches gets bookmarks or comes to its end.
    pub(super) fn look_after_watches(&mut self, cx: &mut Cx<'_>) {
        for kind in cached_kinds() {
            let cache = &mut self.caches[kind.index()];
            for ended in cache.look_after(cx, &mut self.connections, self.round) {
                self.watching.places.remove(&ended);
            }
        }
        let now = cx.now();
        let old =
            |(id, watcher): (&(Slot, WatchId), &Watcher)| (watcher.closes_at <= now).then_some(*id);
        let ended: Vec<_> = self.watching.direct.iter().filter_map(old).collect();
        for id in ended {
            if let Some(watcher) = self.watching.direct.get_mut(&id) {
                watcher.send(cx, &mut self.connections, WatchChange::Closed);
            }
            self.stop_watch(cx, id);
        }
        if self.stream.is_some() && self.round.is_multiple_of(PROGRESS_ROUNDS) {
            self.etcd.watch(cx, WatchRequest::Progress);
        }
    }

    /// Sets up the watch at etcd that feeds a cache, from where the cache stands.
    pub(super) fn feed(&mut self, cx: &mut Cx<'_>, kind: Kind) {
        let watch = self.number(Fed::Cache(kind));
        let cache = &mut self.caches[kind.index()];
        self.etcd_watches.remove(&cache.etcd_watch);
        cache.etcd_watch = watch;
        cache.is_fed = false;
        self.stream_since = cx.now();
        cache.sync = Sync::Watching;
        let range = KeyRange::prefix(keys::prefix(kind));
        let start_revision = next_after(cache.revision);
        let create = WatchCreate { watch_id: watch, start_revision, ..WatchCreate::new(range) };
        self.etcd.watch(cx, WatchRequest::Create(create));
    }

    /// Sets up the watch at etcd that feeds one client's watch of Events.
    fn watch_directly(&mut self, cx: &mut Cx<'_>, id: (Slot, WatchId)) {
        let watch = self.number(Fed::Client(id.0, id.1));
        let Some(watcher) = self.watching.direct.get(&id) else { return };
        if let Some(Place::Direct(old)) = self.watching.places.insert(id, Place::Direct(watch)) {
            self.etcd_watches.remove(&old);
        }
        let namespace = watcher.scope.namespace.as_ref();
        let range = KeyRange::prefix(keys::list_prefix(Kind::Event, namespace));
        let start_revision = if watcher.version == 0 { 0 } else { next_after(watcher.version) };
        let create = WatchCreate {
            watch_id: watch,
            start_revision,
            prev_kv: true,
            ..WatchCreate::new(range)
        };
        self.etcd.watch(cx, WatchRequest::Create(create));
    }

    /// A new number for a watch at etcd; never used before on any stream.
    fn number(&mut self, fed: Fed) -> i64 {
        let watch = self.next_etcd_watch;
        self.next_etcd_watch += 1;
        self.etcd_watches.insert(watch, fed);
        watch
    }

    /// All watches at etcd again, on a new stream.
    pub(super) fn watch_again(&mut self, cx: &mut Cx<'_>) {
        self.etcd.watch(cx, WatchRequest::CloseStream);
        self.stream = None;
        self.stream_since = cx.now();
        for kind in cached_kinds() {
            if self.caches[kind.index()].sync == Sync::Watching {
                self.feed(cx, kind);
            }
        }
        let direct: Vec<_> = self.watching.direct.keys().copied().collect();
        for id in direct {
            self.watch_directly(cx, id);
        }
    }

    /// Something happened on the stream from etcd.
    pub(super) fn etcd_watch(&mut self, cx: &mut Cx<'_>, response: &WatchResponse) {
        match self.stream {
            Some(place) if place == response.place => self.stream = Some(place.wrapping_add(1)),
            // A part of the stream was lost: all watches go on from what they have, anew.
            Some(_) => return self.restart_stream(cx),
            None if self.begins(response) => self.stream = Some(1),
            None => return,
        }
        if response.watch_id == PROGRESS_WATCH_ID {
            for kind in cached_kinds() {
                if self.caches[kind.index()].is_fed {
                    self.caches[kind.index()].progress(version(response.revision));
                    self.serve_waiting(cx, kind);
                }
            }
            return;
        }
        match self.etcd_watches.get(&response.watch_id).copied() {
            Some(Fed::Cache(kind)) => self.feed_cache(cx, kind, response),
            Some(Fed::Client(client, watch)) => self.feed_client(cx, (client, watch), response),
            None if !response.canceled => {
                self.etcd.watch(cx, WatchRequest::Cancel(response.watch_id));
            }
            None => {}
        }
    }

    /// Whether this is the first response of the new stream: place 0, and of a watch of now.
    fn begins(&self, response: &WatchResponse) -> bool {
        response.place == 0 && self.etcd_watches.contains(&response.watch_id)
    }

    fn feed_cache(&mut self, cx: &mut Cx<'_>, kind: Kind, response: &WatchResponse) {
        let cache = &mut self.caches[kind.index()];
        if response.canceled {
            self.etcd_watches.remove(&response.watch_id);
            if response.compact_revision == 0 {
                return self.etcd_cannot_serve(cx);
            }
            return self.list_kind(cx, kind);
        }
        cache.is_fed |= response.created;
        for event in &response.events {
            cache.apply(cx, &mut self.connections, &event.kv);
        }
        if response.is_progress() {
            cache.progress(version(response.revision));
        }
        self.serve_waiting(cx, kind);
    }

    pub(super) fn serve_waiting(&mut self, cx: &mut Cx<'_>, kind: Kind) {
        for call in self.caches[kind.index()].served() {
            self.cache_is_fresh(cx, call);
        }
    }

    fn feed_client(&mut self, cx: &mut Cx<'_>, id: (Slot, WatchId), response: &WatchResponse) {
        let Some(watcher) = self.watching.direct.get_mut(&id) else {
            self.etcd_watches.remove(&response.watch_id);
            self.etcd.watch(cx, WatchRequest::Cancel(response.watch_id));
            return;
        };
        if response.canceled {
            if response.compact_revision == 0 {
                return self.etcd_cannot_serve(cx);
            }
            watcher.send(cx, &mut self.connections, WatchChange::Expired);
            return self.stop_watch(cx, id);
        }
        for event in &response.events {
            if let Some(change) = change_of(event) {
                watcher.tell_one(cx, &mut self.connections, &change);
            }
        }
        if let Some(last) = response.events.last() {
            watcher.version = version(last.kv.mod_revision);
        }
    }
}

fn is_allowed(start: &WatchStart) -> bool {
    let scope = Some(&start.scope);
    let namespace = start.scope.namespace.as_deref().unwrap_or_default();
    let what = Attributes { verb: "watch", kind: start.kind, namespace, name: "", scope };
    authenticate::authenticate(&start.user)
        .and_then(|who| authorize::authorize(&who, &what))
        .is_ok()
}

fn next_after(version: u64) -> Revision {
    Revision::try_from(version + 1).unwrap_or(Revision::MAX)
}

/// A change as etcd tells it, with what was there before.
fn change_of(event: &Event) -> Option<Change> {
    let at = version(event.kv.mod_revision);
    let before = event.prev_kv.as_ref().and_then(|pair| decode(pair));
    if event.kv.is_tombstone() {
        let old = stamped(&before?, at);
        return Some(Change { version: at, old: Some(old), new: None });
    }
    Some(Change { version: at, old: before, new: decode(&event.kv) })
}
