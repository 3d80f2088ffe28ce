//! The watchers of one member's clients.
//!
//! A watcher first gets what already happened since the revision it asked for, then every new
//! revision as it is applied. Nothing is lost, doubled or out of order, and a revision is never
//! split over two responses. Watchers are the member's own business: they are not replicated and
//! die with it.
//!
//! Simplified: a client that reads slowly is not modelled, so there are no "victims" whose
//! responses wait in the member, and a watcher of the past is served at once, not by a loop that
//! runs every 100 ms. Responses are not cut into fragments.
//!
//! Source: etcd-io/etcd:server/storage/mvcc/watchable_store.go, watcher_group.go and
//! server/etcdserver/api/v3rpc/watch.go.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::etcd::store::Store;
use crate::kernel::{FixedMap, Span};
use crate::wire::etcd::{
    EtcdError, Event, EventType, Key, KeyRange, PROGRESS_WATCH_ID, Revision, WatchCreate, WatchId,
    WatchResponse,
};

/// The most revisions in one response to a watcher that catches up.
///
/// Source: etcd-io/etcd:server/storage/mvcc/watcher_group.go, `watchBatchMaxRevs`.
pub const WATCH_BATCH_MAX_REVISIONS: usize = 1000;

/// How often a quiet watcher that wants to know hears how far the store has come.
///
/// Source: etcd-io/etcd:server/etcdserver/api/v3rpc/watch.go, `defaultProgressReportInterval`.
pub const PROGRESS_REPORT_INTERVAL: Span = Span::mins(10);

/// The id in the answer to a watch that could not be created.
///
/// Source: etcd-io/etcd:server/storage/mvcc/watcher.go, `InvalidWatchID`.
const INVALID_WATCH_ID: WatchId = -1;

/// Where a watcher lies in the table of watchers.
type Place = usize;

/// One watcher.
#[derive(Debug, Clone)]
struct Watcher<A> {
    client: A,
    id: WatchId,
    wish: WatchCreate,
    /// Nothing below this revision is sent.
    min_revision: Revision,
    /// Whether nothing was sent since the last progress report.
    quiet: bool,
    /// What it gets of the revision that is being handed out; empty in between.
    pending: Vec<Event>,
}

impl<A> Watcher<A> {
    /// The event as this watcher wants it, if it wants it.
    fn select(&self, event: &Event) -> Option<Event> {
        let filters = self.wish.filters;
        let unwanted = match event.kind() {
            EventType::Put => filters.no_put,
            EventType::Delete => filters.no_delete,
        };
        if unwanted || event.kv.mod_revision < self.min_revision {
            return None;
        }
        let prev_kv = if self.wish.prev_kv { event.prev_kv.clone() } else { None };
        Some(Event { kv: event.kv.clone(), prev_kv })
    }
}

/// One client's stream of watchers.
#[derive(Debug, Clone, Default)]
struct Stream {
    watchers: BTreeMap<WatchId, Place>,
    next_id: WatchId,
    /// How many responses were sent on it.
    sent: u32,
}

/// All watchers of a member, by client address `A`.
#[derive(Debug, Clone)]
pub struct WatchHub<A> {
    watchers: Vec<Option<Watcher<A>>>,
    free: Vec<Place>,
    streams: BTreeMap<A, Stream>,
    /// Watchers of one key, in order of creation.
    singles: FixedMap<Key, Vec<Place>>,
    /// Watchers of an interval, equal intervals together.
    ranges: Vec<(KeyRange, Vec<Place>)>,
    /// Everything up to here was handed out.
    notified: Revision,
}

impl<A> Default for WatchHub<A> {
    fn default() -> Self {
        WatchHub {
            watchers: Vec::new(),
            free: Vec::new(),
            streams: BTreeMap::new(),
            singles: FixedMap::default(),
            ranges: Vec::new(),
            notified: 0,
        }
    }
}

/// What to send to whom, in this order.
pub type Outgoing<A> = Vec<(A, Arc<WatchResponse>)>;

impl<A: Copy + Ord> WatchHub<A> {
    /// Starts a watcher. The first response says so; what already happened follows. A watcher
    /// that asks for history below the floor is told the floor, and is gone again.
    pub fn create(&mut self, store: &Store, client: A, wish: WatchCreate) -> Outgoing<A> {
        let created =
            WatchResponse { revision: store.revision(), created: true, ..WatchResponse::default() };
        let id = match self.name(client, &wish) {
            Ok(id) => id,
            Err(error) => {
                let refused = WatchResponse {
                    watch_id: INVALID_WATCH_ID,
                    canceled: true,
                    cancel_reason: Some(error),
                    ..created
                };
                return vec![(client, Arc::new(refused))];
            }
        };
        let next = store.revision() + 1;
        let start = if wish.start_revision <= 0 { next } else { wish.start_revision };
        let watcher =
            Watcher { client, id, wish, min_revision: start, quiet: true, pending: Vec::new() };
        let place = self.add(watcher);
        let mut out = vec![(client, Arc::new(WatchResponse { watch_id: id, ..created }))];
        self.catch_up(store, place, start, &mut out);
        out
    }

    /// Ends a watcher; no answer if there is none of that id.
    pub fn cancel(&mut self, store: &Store, client: A, id: WatchId) -> Outgoing<A> {
        let Some(place) = self.streams.get(&client).and_then(|s| s.watchers.get(&id)).copied()
        else {
            return Vec::new();
        };
        self.remove(place);
        let response = WatchResponse {
            watch_id: id,
            revision: store.revision(),
            canceled: true,
            ..WatchResponse::default()
        };
        vec![(client, Arc::new(response))]
    }

    /// Forgets a client with all its watchers.
    pub fn close(&mut self, client: A) {
        let places: Vec<Place> = self
            .streams
            .get(&client)
            .map_or_else(Vec::new, |stream| stream.watchers.values().copied().collect());
        places.into_iter().for_each(|place| self.remove(place));
        self.streams.remove(&client);
    }

    /// The place of the next response on a client's stream; none if it has no stream.
    pub fn next_place(&mut self, client: A) -> Option<u32> {
        let stream = self.streams.get_mut(&client)?;
        let place = stream.sent;
        stream.sent = stream.sent.wrapping_add(1);
        Some(place)
    }

    /// Tells a client that asks how far its stream has come.
    #[must_use]
    pub fn progress(&self, store: &Store, client: A) -> Outgoing<A> {
        let response = WatchResponse {
            watch_id: PROGRESS_WATCH_ID,
            revision: store.revision(),
            ..WatchResponse::default()
        };
        vec![(client, Arc::new(response))]
    }

    /// Reports progress to the watchers that want to know and got nothing since the last time.
    /// The member calls this every [`PROGRESS_REPORT_INTERVAL`].
    ///
    /// Simplified: all streams share one rhythm, instead of counting from when each was opened.
    pub fn report_progress(&mut self, store: &Store) -> Outgoing<A> {
        let mut out = Vec::new();
        for watcher in self.watchers.iter_mut().flatten().filter(|w| w.wish.progress_notify) {
            if watcher.quiet {
                let response = WatchResponse {
                    watch_id: watcher.id,
                    revision: store.revision(),
                    ..WatchResponse::default()
                };
                out.push((watcher.client, Arc::new(response)));
            }
            watcher.quiet = true;
        }
        out
    }

    /// Hands out the events of a revision that has just been applied, in order.
    pub fn notify(&mut self, revision: Revision, events: &[Event]) -> Outgoing<A> {
        self.notified = revision;
        if self.is_empty() {
            return Vec::new();
        }
        let mut touched: Vec<Place> = Vec::new();
        let WatchHub { watchers, singles, ranges, .. } = self;
        for event in events {
            let of_key = singles.get(&event.kv.key).into_iter();
            let of_range = ranges.iter().filter(|(range, _)| range.contains(&event.kv.key));
            for place in of_key.chain(of_range.map(|(_, places)| places)).flatten() {
                let Some(watcher) = watchers[*place].as_mut() else { continue };
                if let Some(event) = watcher.select(event) {
                    if watcher.pending.is_empty() {
                        touched.push(*place);
                    }
                    watcher.pending.push(event);
                }
            }
        }
        let mut out = Vec::with_capacity(touched.len());
        for place in touched {
            let Some(watcher) = watchers[place].as_mut() else { continue };
            watcher.quiet = false;
            let response = WatchResponse {
                watch_id: watcher.id,
                revision,
                events: std::mem::take(&mut watcher.pending),
                ..WatchResponse::default()
            };
            out.push((watcher.client, Arc::new(response)));
        }
        out
    }

    /// The store jumped ahead, because a snapshot replaced it: every watcher gets what it missed.
    pub fn resync(&mut self, store: &Store) -> Outgoing<A> {
        let mut out = Vec::new();
        let missed_from = self.notified + 1;
        for place in 0..self.watchers.len() {
            if let Some(watcher) = &self.watchers[place] {
                let start = watcher.min_revision.max(missed_from);
                self.catch_up(store, place, start, &mut out);
            }
        }
        self.notified = store.revision();
        out
    }

    /// How many watchers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.watchers.len() - self.free.len()
    }

    /// Whether there is no watcher.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sends a watcher what happened from `start` on, or ends it if that is no longer known.
    fn catch_up(&mut self, store: &Store, place: Place, start: Revision, out: &mut Outgoing<A>) {
        let Some(watcher) = self.watchers[place].as_mut() else { return };
        if start > store.revision() {
            return;
        }
        if start < store.compacted() {
            let response = WatchResponse {
                watch_id: watcher.id,
                canceled: true,
                compact_revision: store.compacted(),
                ..WatchResponse::default()
            };
            out.push((watcher.client, Arc::new(response)));
            self.remove(place);
            return;
        }
        let events: Vec<Event> = store
            .events_since(start, &watcher.wish.range)
            .filter_map(|event| watcher.select(&event))
            .collect();
        watcher.min_revision = store.revision() + 1;
        for batch in batches(events) {
            watcher.quiet = false;
            let response = WatchResponse {
                watch_id: watcher.id,
                revision: store.revision(),
                events: batch,
                ..WatchResponse::default()
            };
            out.push((watcher.client, Arc::new(response)));
        }
    }

    /// The number of a new watcher on its client's stream.
    fn name(&mut self, client: A, wish: &WatchCreate) -> Result<WatchId, EtcdError> {
        if wish.range.is_void() {
            return Err(EtcdError::EmptyWatcherRange);
        }
        let stream = self.streams.entry(client).or_default();
        if wish.watch_id != 0 {
            let taken = stream.watchers.contains_key(&wish.watch_id);
            return if taken { Err(EtcdError::DuplicateWatchId) } else { Ok(wish.watch_id) };
        }
        while stream.watchers.contains_key(&stream.next_id) {
            stream.next_id += 1;
        }
        stream.next_id += 1;
        Ok(stream.next_id - 1)
    }

    fn add(&mut self, watcher: Watcher<A>) -> Place {
        let (client, id, range) = (watcher.client, watcher.id, watcher.wish.range.clone());
        let place = if let Some(place) = self.free.pop() {
            self.watchers[place] = Some(watcher);
            place
        } else {
            self.watchers.push(Some(watcher));
            self.watchers.len() - 1
        };
        self.streams.entry(client).or_default().watchers.insert(id, place);
        if range.is_single() {
            self.singles.entry_or_insert_with(range.key, Vec::new).push(place);
        } else if let Some((_, places)) = self.ranges.iter_mut().find(|(r, _)| *r == range) {
            places.push(place);
        } else {
            self.ranges.push((range, vec![place]));
        }
        place
    }

    fn remove(&mut self, place: Place) {
        let Some(watcher) = self.watchers[place].take() else { return };
        self.free.push(place);
        if let Some(stream) = self.streams.get_mut(&watcher.client) {
            stream.watchers.remove(&watcher.id);
        }
        let range = &watcher.wish.range;
        if range.is_single() {
            let left = self.singles.get_mut(&range.key).map(|places| {
                places.retain(|other| *other != place);
                places.len()
            });
            if left == Some(0) {
                self.singles.remove(&range.key);
            }
        } else {
            self.ranges.iter_mut().for_each(|(_, places)| places.retain(|other| *other != place));
            self.ranges.retain(|(_, places)| !places.is_empty());
        }
    }
}

/// Cuts events into responses of at most [`WATCH_BATCH_MAX_REVISIONS`] revisions.
fn batches(events: Vec<Event>) -> Vec<Vec<Event>> {
    let mut batches: Vec<Vec<Event>> = Vec::new();
    let (mut revisions, mut last) = (0, 0);
    for event in events {
        let revision = event.kv.mod_revision;
        let new_revision = revision != last;
        last = revision;
        revisions += usize::from(new_revision);
        match batches.last_mut() {
            Some(batch) if revisions <= WATCH_BATCH_MAX_REVISIONS => batch.push(event),
            Some(_) | None => {
                batches.push(vec![event]);
                revisions = 1;
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::store::StoreConfig;
    use crate::kernel::SimTime;
    use crate::wire::etcd::{
        CompactRequest, DeleteRangeRequest, Mutation, PutRequest, WatchFilters,
    };

    fn put(store: &mut Store, key: &str) -> Vec<Event> {
        let put = Mutation::Put(Arc::new(PutRequest::new(key, "v")));
        store.apply(&put, SimTime::ZERO).events
    }

    fn delete(store: &mut Store, range: KeyRange) -> Vec<Event> {
        let delete = Mutation::DeleteRange(Arc::new(DeleteRangeRequest::new(range)));
        store.apply(&delete, SimTime::ZERO).events
    }

    fn all(start_revision: Revision) -> WatchCreate {
        WatchCreate { start_revision, ..WatchCreate::new(KeyRange::all()) }
    }

    #[test]
    fn a_filter_keeps_its_kind_of_event_away_and_an_empty_response_is_not_sent() {
        let mut store = Store::new(StoreConfig::default());
        let mut hub = WatchHub::default();
        let filters = WatchFilters { no_put: true, no_delete: false };
        hub.create(&store, 1_u8, WatchCreate { filters, ..all(0) });
        let events = put(&mut store, "a");
        assert!(hub.notify(store.revision(), &events).is_empty());
        let events = delete(&mut store, KeyRange::all());
        assert_eq!(hub.notify(store.revision(), &events).len(), 1);
    }

    #[test]
    fn a_long_past_comes_in_batches_that_do_not_split_a_revision() {
        let mut store = Store::new(StoreConfig::default());
        let revisions = 2 * WATCH_BATCH_MAX_REVISIONS + 1;
        for n in 0..revisions {
            put(&mut store, &format!("k{n}"));
        }
        delete(&mut store, KeyRange::all());
        let out = WatchHub::default().create(&store, 1_u8, all(2));
        let lengths: Vec<_> = out.iter().map(|(_, r)| r.events.len()).collect();
        assert_eq!(lengths, [0, 1000, 1000, 1 + revisions]);
    }

    #[test]
    fn ids_are_unique_on_a_stream_but_not_between_streams() {
        let store = Store::new(StoreConfig::default());
        let mut hub = WatchHub::default();
        let wish = WatchCreate { watch_id: 1, ..all(0) };
        let ids = |out: Outgoing<u8>| out[0].1.watch_id;
        assert_eq!(ids(hub.create(&store, 1, wish.clone())), 1);
        assert_eq!(ids(hub.create(&store, 2, wish.clone())), 1);
        assert_eq!(ids(hub.create(&store, 1, all(0))), 0);
        assert_eq!(ids(hub.create(&store, 1, all(0))), 2, "1 is taken");
        let refused = hub.create(&store, 1, wish);
        assert_eq!(refused[0].1.cancel_reason, Some(EtcdError::DuplicateWatchId));
        let void = WatchCreate::new(KeyRange::until("b", "a"));
        let refused = hub.create(&store, 1, void);
        assert_eq!(refused[0].1.cancel_reason, Some(EtcdError::EmptyWatcherRange));
        hub.close(1);
        assert_eq!(hub.len(), 1, "the other stream's");
        assert!(hub.cancel(&store, 2, 1)[0].1.canceled && hub.is_empty());
    }

    #[test]
    fn progress_is_reported_to_those_who_want_it_and_heard_nothing() {
        let mut store = Store::new(StoreConfig::default());
        let mut hub = WatchHub::default();
        hub.create(&store, 1_u8, WatchCreate { progress_notify: true, ..all(0) });
        hub.create(&store, 1_u8, all(0));
        assert_eq!(hub.report_progress(&store).len(), 1);
        let events = put(&mut store, "a");
        hub.notify(store.revision(), &events);
        assert!(hub.report_progress(&store).is_empty(), "it has just got an event");
        let report = hub.report_progress(&store);
        assert!(report[0].1.is_progress() && report[0].1.revision == 2);
    }

    #[test]
    fn after_a_snapshot_a_watcher_gets_what_it_missed_or_is_told_the_floor() {
        let mut leader = Store::new(StoreConfig::default());
        put(&mut leader, "a");
        let mut hub = WatchHub::default();
        hub.create(&leader, 1_u8, all(0));
        let events = put(&mut leader, "b");
        hub.notify(leader.revision(), &events);
        put(&mut leader, "c");
        put(&mut leader, "d");
        let mut resynced = hub.clone();
        let missed: Vec<_> =
            resynced.resync(&leader).iter().flat_map(|o| o.1.events.clone()).collect();
        assert_eq!(missed.iter().map(|e| &*e.kv.key).collect::<Vec<_>>(), ["c", "d"]);
        assert!(resynced.resync(&leader).is_empty(), "only once");
        let compact = CompactRequest { revision: 5, physical: true };
        leader.apply(&Mutation::Compact(compact), SimTime::ZERO);
        assert_eq!(hub.resync(&leader)[0].1.compact_revision, 5);
    }
}
