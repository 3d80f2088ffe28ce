//! Who watches a kind, indexed so that a change costs as much as it interests people.
//!
//! Five thousand kubelets each watch the pods of their own node: a pod's change must reach one
//! of them, not ask all of them. So every watcher stands in exactly one list: that of a node, of
//! a name, of a namespace, or the list of those who want (nearly) everything.

use std::collections::BTreeSet;

use crate::api::{Object, Str};
use crate::kernel::{FixedMap, SimTime, Slot, Span};
use crate::wire::Cx;
use crate::wire::api::{ApiReply, FieldSelector, Scope, WatchChange, WatchEvent, WatchId};

use super::super::connections::Connections;
use super::history::Change;
use super::scope::{in_namespace, is_picky, matches, stamped};

/// Idle watchers hear how far things are about this often.
/// Source: kubernetes/apiserver:pkg/storage/cacher/cacher.go, `defaultBookmarkFrequency`.
const BOOKMARK_PERIOD: Span = Span::secs(60);
/// Housekeeping comes every second; a watcher's turn is once in this many rounds.
pub(crate) const TURNS: usize = 60;

/// One client's interest.
#[derive(Clone, Debug)]
pub(crate) struct Watcher {
    pub(crate) client: Slot,
    pub(crate) watch: WatchId,
    pub(crate) scope: Scope,
    /// Everything up to here was sent (or is none of its business).
    pub(crate) version: u64,
    /// When the server ends the stream.
    pub(crate) closes_at: SimTime,
    /// When something was last sent.
    told_at: SimTime,
    place: u32,
}

/// All watchers of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watchers {
    all: Vec<Option<Watcher>>,
    free: Vec<u32>,
    everything: BTreeSet<u32>,
    by_namespace: FixedMap<Str, BTreeSet<u32>>,
    by_name: FixedMap<Str, BTreeSet<u32>>,
    by_node: FixedMap<Str, BTreeSet<u32>>,
    /// Kept to save an allocation for each change.
    scratch: Vec<u32>,
}

impl Watcher {
    pub(crate) fn new(
        (client, watch): (Slot, WatchId),
        scope: Scope,
        version: u64,
        (now, closes_at): (SimTime, SimTime),
    ) -> Self {
        Watcher { client, watch, scope, version, closes_at, told_at: now, place: 0 }
    }

    pub(crate) fn send(&mut self, cx: &mut Cx<'_>, to: &mut Connections, change: WatchChange) {
        self.told_at = cx.now();
        let event = WatchEvent { watch: self.watch, place: self.place, change };
        to.send(cx, self.client, ApiReply::Watch(event));
        self.place = self.place.wrapping_add(1);
    }

    /// Sends what the change is from inside the scope: an object that leaves it is gone for
    /// this watcher, one that comes in is new.
    pub(crate) fn tell(&mut self, cx: &mut Cx<'_>, to: &mut Connections, change: &Change) {
        if change.version > self.version {
            self.version = change.version;
            self.tell_one(cx, to, change);
        }
    }

    /// As [`Watcher::tell`], for one of several changes of one revision.
    pub(crate) fn tell_one(&mut self, cx: &mut Cx<'_>, to: &mut Connections, change: &Change) {
        // An object never changes its namespace, so one look at it is enough.
        let Some(object) = change.new.as_ref().or(change.old.as_ref()) else { return };
        if !in_namespace(&self.scope, object) {
            return;
        }
        let picky = is_picky(&self.scope);
        let seen = |object: &Object| !picky || matches(&self.scope, object);
        let before = change.old.as_ref().filter(|object| seen(object));
        let after = change.new.as_ref().filter(|object| seen(object));
        let event = match (before, after) {
            (None, Some(new)) => WatchChange::Added(new.clone()),
            (Some(_), Some(new)) => WatchChange::Modified(new.clone()),
            (Some(old), None) if change.new.is_none() => WatchChange::Deleted(old.clone()),
            (Some(old), None) => WatchChange::Deleted(stamped(old, change.version)),
            (None, None) => return,
        };
        self.send(cx, to, event);
    }
}

impl Watchers {
    pub(crate) fn add(&mut self, watcher: Watcher) -> u32 {
        let id = self.free.pop().unwrap_or_else(|| {
            self.all.push(None);
            u32::try_from(self.all.len() - 1).expect("fewer than 2^32 watchers")
        });
        self.list_of(&watcher.scope).insert(id);
        self.all[id as usize] = Some(watcher);
        id
    }

    pub(crate) fn remove(&mut self, id: u32) {
        let Some(watcher) = self.all.get_mut(id as usize).and_then(Option::take) else { return };
        self.list_of(&watcher.scope).remove(&id);
        self.free.push(id);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.len() == self.free.len()
    }

    /// The one list in which a watcher of this scope stands.
    fn list_of(&mut self, scope: &Scope) -> &mut BTreeSet<u32> {
        match (&scope.field, &scope.namespace) {
            (Some(FieldSelector::NodeName(node)), _) => {
                self.by_node.entry_or_insert_with(node.clone(), BTreeSet::new)
            }
            (Some(FieldSelector::Name(name)), _) => {
                self.by_name.entry_or_insert_with(name.clone(), BTreeSet::new)
            }
            (None, Some(namespace)) => {
                self.by_namespace.entry_or_insert_with(namespace.clone(), BTreeSet::new)
            }
            (None, None) => &mut self.everything,
        }
    }

    /// Tells a change to everybody whom it may interest.
    pub(crate) fn tell(&mut self, cx: &mut Cx<'_>, to: &mut Connections, change: &Change) {
        if self.is_empty() {
            return;
        }
        let Some(object) = change.new.as_ref().or(change.old.as_ref()) else { return };
        let mut interested = std::mem::take(&mut self.scratch);
        interested.clear();
        interested.extend(&self.everything);
        let meta = object.meta();
        interested.extend(self.by_namespace.get(&meta.namespace).into_iter().flatten());
        interested.extend(self.by_name.get(&meta.name).into_iter().flatten());
        let node = |object: &Option<Object>| object.as_ref().and_then(super::node_name).cloned();
        let (before, after) = (node(&change.old), node(&change.new));
        if let Some(before) = before.filter(|before| after.as_ref() != Some(before)) {
            interested.extend(self.by_node.get(&before).into_iter().flatten());
        }
        if let Some(after) = after {
            interested.extend(self.by_node.get(&after).into_iter().flatten());
        }
        for id in &interested {
            if let Some(watcher) = &mut self.all[*id as usize] {
                watcher.tell(cx, to, change);
            }
        }
        self.scratch = interested;
    }

    /// Ends every watch.
    pub(crate) fn close_all(
        &mut self,
        cx: &mut Cx<'_>,
        to: &mut Connections,
    ) -> Vec<(Slot, WatchId)> {
        let mut closed = Vec::new();
        for mut watcher in std::mem::take(self).all.into_iter().flatten() {
            watcher.send(cx, to, WatchChange::Closed);
            closed.push((watcher.client, watcher.watch));
        }
        closed
    }

    /// Looks at one watcher in [`TURNS`]: ends old streams, tells idle ones how far things are.
    /// Returns the watches that are over.
    pub(crate) fn look_after(
        &mut self,
        cx: &mut Cx<'_>,
        to: &mut Connections,
        (turn, revision): (usize, u64),
    ) -> Vec<(Slot, WatchId)> {
        let mut ended = Vec::new();
        let mut places = Vec::new();
        for place in (turn % TURNS..self.all.len()).step_by(TURNS) {
            let Some(watcher) = &mut self.all[place] else { continue };
            let now = cx.now();
            if watcher.closes_at <= now {
                watcher.send(cx, to, WatchChange::Closed);
                ended.push((watcher.client, watcher.watch));
                places.extend(u32::try_from(place));
            } else if now.since(watcher.told_at) >= BOOKMARK_PERIOD && watcher.version < revision {
                watcher.version = revision;
                watcher.send(cx, to, WatchChange::Bookmark(revision));
            }
        }
        places.into_iter().for_each(|place| self.remove(place));
        ended
    }
}
