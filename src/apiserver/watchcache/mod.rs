//! The watch cache: the present state of one kind, its recent changes, and who watches it.
//!
//! One watch at etcd feeds it; thousands of clients are served from it. Lists come from the
//! present state, a watch from an old version is first served from history, then live.
//!
//! Source: kubernetes/apiserver:pkg/storage/cacher/{cacher,watch_cache}.go.

mod history;
mod scope;
mod watchers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::api::{Kind, Object, ObjectKey, Str};
use crate::kernel::{Shared, SharedMap, Slot, SortedMap};
use crate::wire::Cx;
use crate::wire::api::{FieldSelector, Scope, WatchChange, WatchId};
use crate::wire::etcd::{Key, KeyValue};

use super::connections::Connections;
use super::keys;
use super::txn::{decode, version};

pub(super) use history::{Change, History};
pub(super) use scope::{is_everything, matches, stamped};
pub(super) use watchers::{Watcher, Watchers};

/// Where the cache stands with etcd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sync {
    /// It waits to ask for a list.
    #[default]
    Idle,
    /// It has asked for a list.
    Listing,
    /// It has a list and watches from there on.
    Watching,
}

/// One stored object.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its key in etcd, so that a write need not spell it again.
    pub(super) key: Key,
    /// The object, with its version inside.
    pub(super) object: Object,
}

/// The cache of one kind.
#[derive(Clone, Debug)]
pub(super) struct KindCache {
    pub(super) kind: Kind,
    pub(super) sync: Sync,
    /// The number of the watch at etcd that feeds it.
    pub(super) etcd_watch: i64,
    /// Whether etcd has confirmed that watch.
    pub(super) is_fed: bool,
    /// Everything up to here is in it.
    pub(super) revision: u64,
    pub(super) watchers: Watchers,
    ready: bool,
    entries: SharedMap<ObjectKey, Entry>,
    order: SortedMap<ObjectKey, ()>,
    /// Pods by node, so that 5,000 kubelets can list theirs without looking at all.
    by_node: BTreeMap<Str, Shared<BTreeSet<ObjectKey>>>,
    history: History,
    /// The last complete list, shared between those who ask at one version.
    memo: Option<(u64, Arc<[Object]>)>,
    /// Reads that need a later revision, with that revision.
    waiting: Vec<(u64, u64)>,
    /// Decoded copies made for the answers to this server's own writes, by revision.
    written: BTreeMap<u64, Object>,
}

impl KindCache {
    pub(super) fn new(kind: Kind) -> Self {
        KindCache {
            kind,
            sync: Sync::Idle,
            etcd_watch: 0,
            is_fed: false,
            revision: 0,
            watchers: Watchers::default(),
            ready: false,
            entries: SharedMap::default(),
            order: SortedMap::default(),
            by_node: BTreeMap::new(),
            history: History::default(),
            memo: None,
            waiting: Vec::new(),
            written: BTreeMap::new(),
        }
    }

    /// Whether it has had its first list.
    pub(super) const fn is_ready(&self) -> bool {
        self.ready
    }

    pub(super) fn get(&self, key: &ObjectKey) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Starts over from a list; history and watchers of before are gone.
    pub(super) fn replace(&mut self, pairs: &[Arc<KeyValue>], revision: u64) {
        self.entries.clear();
        self.order = SortedMap::default();
        self.by_node.clear();
        self.memo = None;
        self.written.clear();
        self.history.restart(revision);
        self.revision = revision;
        self.ready = true;
        for pair in pairs {
            if let Some(object) = decode(pair) {
                self.store(object.key(), Entry { key: pair.key.clone(), object });
            }
        }
    }

    /// Takes over one change from etcd and tells those who are interested.
    pub(super) fn apply(&mut self, cx: &mut Cx<'_>, to: &mut Connections, pair: &KeyValue) {
        let at = version(pair.mod_revision);
        if at <= self.revision {
            return; // heard already, before a turn to another member
        }
        self.revision = at;
        let change = if pair.is_tombstone() { self.remove(pair, at) } else { self.put(pair, at) };
        if let Some(change) = change {
            self.watchers.tell(cx, to, &change);
            self.history.push(change, cx.now());
        }
    }

    fn put(&mut self, pair: &KeyValue, at: u64) -> Option<Change> {
        let object = self.written.remove(&at).or_else(|| decode(pair))?;
        let key = object.key();
        let old = self.store(key, Entry { key: pair.key.clone(), object: object.clone() });
        Some(Change { version: at, old: old.map(|entry| entry.object), new: Some(object) })
    }

    fn remove(&mut self, pair: &KeyValue, at: u64) -> Option<Change> {
        let key = keys::object(self.kind, &pair.key)?;
        let old = self.entries.remove(&key)?.object;
        self.index_node(&key, node_name(&old), None);
        self.order.remove(&key);
        Some(Change { version: at, old: Some(stamped(&old, at)), new: None })
    }

    fn store(&mut self, key: ObjectKey, entry: Entry) -> Option<Entry> {
        let node = node_name(&entry.object).cloned();
        let old = self.entries.insert(key.clone(), entry);
        let before = old.as_ref().and_then(|entry| node_name(&entry.object));
        if before != node.as_ref() {
            self.index_node(&key, before, node);
        }
        if old.is_none() {
            self.order.insert(key, ());
        }
        old
    }

    fn index_node(&mut self, key: &ObjectKey, before: Option<&Str>, after: Option<Str>) {
        if let Some(before) = before
            && let Some(keys) = self.by_node.get_mut(before)
        {
            keys.remove(key);
            if keys.is_empty() {
                self.by_node.remove(before);
            }
        }
        if let Some(after) = after {
            self.by_node.entry(after).or_default().insert(key.clone());
        }
    }

    /// The stamped copy of what this server wrote at `revision`: made once, shared between the
    /// answer and the cache, whichever comes first.
    pub(super) fn written(&mut self, object: &Object, revision: u64) -> Object {
        let known = self.entries.get(&object.key()).map(|entry| &entry.object);
        if let Some(known) = known.filter(|known| known.meta().resource_version == revision) {
            return known.clone();
        }
        let stamped = stamped(object, revision);
        if self.ready && revision > self.revision {
            self.written.insert(revision, stamped.clone());
        }
        stamped
    }

    /// Etcd says that nothing is on its way up to here.
    pub(super) fn progress(&mut self, revision: u64) {
        self.revision = self.revision.max(revision);
        while self.written.first_key_value().is_some_and(|(at, _)| *at <= self.revision) {
            self.written.pop_first();
        }
    }

    /// All objects in scope, sorted by key.
    pub(super) fn list(&mut self, scope: &Scope) -> Arc<[Object]> {
        if is_everything(scope) {
            if let Some((at, items)) = &self.memo
                && *at == self.revision
            {
                return items.clone();
            }
            let items: Arc<[Object]> = self.objects(self.order.keys()).collect();
            self.memo = Some((self.revision, items.clone()));
            return items;
        }
        let chosen = |object: &Object| matches(scope, object);
        match (&scope.field, &scope.namespace) {
            (Some(FieldSelector::NodeName(node)), _) => {
                let keys = self.by_node.get(node).into_iter().flat_map(|keys| keys.iter());
                self.objects(keys).filter(chosen).collect()
            }
            (Some(FieldSelector::Name(name)), Some(_)) => self.one(scope, name),
            (Some(FieldSelector::Name(name)), None) if !self.kind.is_namespaced() => {
                self.one(scope, name)
            }
            (_, Some(namespace)) => {
                let first = ObjectKey::new(namespace.clone(), "");
                let keys = self
                    .order
                    .from(&first)
                    .map(|(key, ())| key)
                    .take_while(|key| key.namespace == *namespace);
                self.objects(keys).filter(chosen).collect()
            }
            (_, None) => self.objects(self.order.keys()).filter(chosen).collect(),
        }
    }

    fn one(&self, scope: &Scope, name: &Str) -> Arc<[Object]> {
        let key = ObjectKey::new(scope.namespace.clone().unwrap_or_default(), name.clone());
        let found = self.get(&key).map(|entry| entry.object.clone());
        found.into_iter().filter(|object| matches(scope, object)).collect()
    }

    fn objects<'a>(
        &'a self,
        keys: impl Iterator<Item = &'a ObjectKey>,
    ) -> impl Iterator<Item = Object> {
        keys.filter_map(|key| self.entries.get(key)).map(|entry| entry.object.clone())
    }

    /// A read waits until the cache has `revision`.
    pub(super) fn wait(&mut self, revision: u64, call: u64) {
        self.waiting.push((revision, call));
    }

    /// Whether anybody waits for a later revision.
    pub(super) fn is_awaited(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The reads whose revision has come.
    pub(super) fn served(&mut self) -> Vec<u64> {
        if self.waiting.is_empty() {
            return Vec::new();
        }
        let revision = self.revision;
        let (ready, rest): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|(wanted, _)| *wanted <= revision);
        self.waiting = rest;
        ready.into_iter().map(|(_, call)| call).collect()
    }

    /// Takes the reads out that have waited too long.
    pub(super) fn take_waiting(&mut self, mut is_late: impl FnMut(u64) -> bool) -> Vec<u64> {
        if self.waiting.is_empty() {
            return Vec::new();
        }
        let (late, rest): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|(_, call)| is_late(*call));
        self.waiting = rest;
        late.into_iter().map(|(_, call)| call).collect()
    }

    /// A client watches from `from` on; 0 means: begin with all that is there.
    ///
    /// `Expired` is sent when that version is forgotten. Returns the watcher's place.
    pub(super) fn watch(
        &mut self,
        cx: &mut Cx<'_>,
        to: &mut Connections,
        mut watcher: Watcher,
    ) -> Option<u32> {
        let from = watcher.version;
        if from == 0 {
            for object in self.list(&watcher.scope).iter() {
                watcher.send(cx, to, WatchChange::Added(object.clone()));
            }
            watcher.version = self.revision;
        } else if from < self.history.floor() {
            watcher.send(cx, to, WatchChange::Expired);
            return None;
        } else {
            for change in self.history.after(from) {
                watcher.tell(cx, to, change);
            }
        }
        Some(self.watchers.add(watcher))
    }

    /// Ends every watch: after a new list nobody can go on without a gap.
    pub(super) fn close_all(
        &mut self,
        cx: &mut Cx<'_>,
        to: &mut Connections,
    ) -> Vec<(Slot, WatchId)> {
        self.watchers.close_all(cx, to)
    }

    /// Bookmarks for idle watchers, ends for old ones; each watcher's turn comes once a minute.
    pub(super) fn look_after(
        &mut self,
        cx: &mut Cx<'_>,
        to: &mut Connections,
        turn: usize,
    ) -> Vec<(Slot, WatchId)> {
        self.watchers.look_after(cx, to, (turn, self.revision))
    }
}

/// The node of a pod that has one.
fn node_name(object: &Object) -> Option<&Str> {
    match object {
        Object::Pod(pod) if !pod.spec.node_name.is_empty() => Some(&pod.spec.node_name),
        Object::Pod(_)
        | Object::Namespace(_)
        | Object::Node(_)
        | Object::ReplicaSet(_)
        | Object::Deployment(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_)
        | Object::HorizontalPodAutoscaler(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Node, ObjectMeta, Pod};
    use crate::wire::etcd::Value;

    fn pair(object: impl Into<Object>, revision: i64) -> Arc<KeyValue> {
        let object = object.into();
        let key = keys::key(object.kind(), &object.key());
        let value = Value::Object(object);
        let (create_revision, mod_revision, version, lease) = (revision, revision, 1, 0);
        Arc::new(KeyValue { key, value, create_revision, mod_revision, version, lease })
    }

    fn pod(name: &'static str, node: &'static str) -> Pod {
        let mut pod = Pod { metadata: ObjectMeta::named("default", name), ..Pod::default() };
        pod.spec.node_name = node.into();
        pod
    }

    #[test]
    fn lists_are_sorted_scoped_and_shared() {
        let mut cache = KindCache::new(Kind::Pod);
        cache.replace(&[pair(pod("b", "n1"), 4), pair(pod("a", "n2"), 3)], 7);
        let all = cache.list(&Scope::default());
        let names: Vec<_> = all.iter().map(|object| object.meta().name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(all[1].meta().resource_version, 4);
        assert!(Arc::ptr_eq(&all, &cache.list(&Scope::default())));
        let count = |cache: &mut KindCache, scope: &Scope| cache.list(scope).len();
        let on = |node: &'static str| Scope {
            field: Some(FieldSelector::NodeName(node.into())),
            ..Scope::default()
        };
        assert_eq!((count(&mut cache, &on("n1")), count(&mut cache, &on("n3"))), (1, 0));
        let elsewhere = Scope { namespace: Some("other".into()), ..Scope::default() };
        assert_eq!(count(&mut cache, &elsewhere), 0);
    }

    #[test]
    fn one_cluster_scoped_object_is_found_by_name() {
        let mut cache = KindCache::new(Kind::Node);
        let node = Node { metadata: ObjectMeta::named("", "n1"), ..Node::default() };
        cache.replace(&[pair(node, 4)], 4);
        let field = Some(FieldSelector::Name("n1".into()));
        assert_eq!(cache.list(&Scope { field, ..Scope::default() }).len(), 1);
    }

    #[test]
    fn readers_wait_until_their_revision_has_come() {
        let mut cache = KindCache::new(Kind::Pod);
        cache.replace(&[], 5);
        cache.wait(6, 1);
        cache.wait(9, 2);
        assert!(cache.served().is_empty());
        cache.progress(8);
        assert_eq!(cache.served(), [1]);
        assert_eq!(cache.take_waiting(|call| call == 2), [2]);
        assert!(!cache.is_awaited());
    }
}
