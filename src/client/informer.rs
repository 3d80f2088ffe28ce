//! Informers: a typed local copy of the API server's objects, and what changed in it.

use std::sync::Arc;

use crate::api::{Object, ObjectKey, Resource};
use crate::kernel::Span;
use crate::wire::api::{Scope, WatchChange};

use super::lister::{IndexFn, Lister};

/// Which informer of a component; a constant to match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InformerId(pub u8);

/// News for an informer.
#[derive(Clone, Debug)]
pub enum Feed {
    /// A list: these are all objects there are.
    Replace {
        /// All objects in scope.
        items: Arc<[Object]>,
        /// The version of the list.
        version: u64,
    },
    /// One change from the watch.
    Change(WatchChange),
    /// The resync period is over: look at everything once more.
    Resync,
}

/// What happened to one object, as the store saw it.
///
/// `old` none: it is new. `new` none: it is gone. Both the same: a resync.
#[derive(Clone, Debug)]
pub struct Delta<R> {
    /// The object before.
    pub old: Option<Arc<R>>,
    /// The object now.
    pub new: Option<Arc<R>>,
}

/// The deltas of one feed; nearly always there is exactly one, and then nothing is allocated.
#[derive(Clone, Debug)]
pub struct Deltas<R> {
    one: Option<Delta<R>>,
    more: std::vec::IntoIter<Delta<R>>,
}

/// A store that the client keeps equal to the API server's objects of kind `R` in a scope.
///
/// The client lists, watches and starts again after failures (see [`super::ApiClient::inform`]);
/// the informer turns what arrives into [`Delta`]s by comparison with its store, so that a
/// component hears of every difference once, also of a deletion that happened while nobody
/// listened.
/// Source: kubernetes/client-go:tools/cache/{reflector,delta_fifo,shared_informer,store}.go.
#[derive(Clone, Debug)]
pub struct Informer<R> {
    id: InformerId,
    scope: Scope,
    resync: Option<Span>,
    lister: Lister<R>,
    synced: bool,
}

impl<R: Resource> Informer<R> {
    /// An informer of all objects of its kind.
    #[must_use]
    pub fn new(id: InformerId) -> Self {
        let scope = Scope::default();
        Informer { id, scope, resync: None, lister: Lister::default(), synced: false }
    }

    /// Only objects in `scope`.
    #[must_use]
    pub fn within(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// With one more index; the first one is `IndexId(0)`, and so on.
    #[must_use]
    pub fn index(mut self, key: IndexFn<R>) -> Self {
        self.lister.add_index(key);
        self
    }

    /// Shows every object again each `period`. Default: never.
    #[must_use]
    pub const fn resync(mut self, period: Span) -> Self {
        self.resync = Some(period);
        self
    }

    /// Its number.
    #[must_use]
    pub const fn id(&self) -> InformerId {
        self.id
    }

    /// Which objects it is about.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(super) const fn resync_period(&self) -> Option<Span> {
        self.resync
    }

    /// Whether the first list has arrived.
    #[must_use]
    pub const fn has_synced(&self) -> bool {
        self.synced
    }

    /// The store.
    #[must_use]
    pub const fn lister(&self) -> &Lister<R> {
        &self.lister
    }

    /// The object called `key`.
    #[must_use]
    pub fn get(&self, key: &ObjectKey) -> Option<&Arc<R>> {
        self.lister.get(key)
    }

    /// Takes news in; returns what is different now.
    ///
    /// The returned iterator owns its deltas, so the component is free while it walks them.
    pub fn apply(&mut self, feed: Feed) -> Deltas<R> {
        match feed {
            Feed::Change(change) => Deltas::one(self.change(change)),
            Feed::Replace { items, .. } => Deltas::many(self.replace(&items)),
            Feed::Resync => Deltas::many(self.lister.iter().map(Delta::same).collect()),
        }
    }

    /// Forgets everything, as a process that died.
    pub fn crash(&mut self) {
        drop(self.lister.take());
        self.synced = false;
    }

    fn change(&mut self, change: WatchChange) -> Option<Delta<R>> {
        match change {
            WatchChange::Added(object) | WatchChange::Modified(object) => {
                let new = R::of(&object)?;
                let old = self.lister.insert(Arc::clone(new));
                Some(Delta { old, new: Some(Arc::clone(new)) })
            }
            WatchChange::Deleted(object) => {
                let old = self.lister.remove(&object.key())?;
                Some(Delta { old: Some(old), new: None })
            }
            WatchChange::Bookmark(_) | WatchChange::Expired | WatchChange::Closed => None,
        }
    }

    /// Takes a list for the store; the deltas are the differences, by namespace and name.
    fn replace(&mut self, items: &[Object]) -> Vec<Delta<R>> {
        self.synced = true;
        let mut deltas = Vec::new();
        let mut before = self.lister.take().peekable();
        // Both are sorted by key, so one walk over the two finds all differences.
        for new in items.iter().filter_map(R::of) {
            let key = new.key();
            while let Some((_, old)) = before.next_if(|(name, _)| *name < key) {
                deltas.push(Delta { old: Some(old), new: None });
            }
            let old = before.next_if(|(name, _)| *name == key).map(|(_, old)| old);
            let version = |object: &R| object.meta().resource_version;
            let known = old.as_ref().is_some_and(|old| version(old) == version(new));
            self.lister.insert(Arc::clone(new));
            if !known {
                deltas.push(Delta { old, new: Some(Arc::clone(new)) });
            }
        }
        deltas.extend(before.map(|(_, old)| Delta { old: Some(old), new: None }));
        deltas
    }
}

impl<R: Resource> Delta<R> {
    fn same(object: &Arc<R>) -> Self {
        Delta { old: Some(Arc::clone(object)), new: Some(Arc::clone(object)) }
    }

    /// The object as it is, or as it last was.
    #[must_use]
    pub fn object(&self) -> &Arc<R> {
        self.new.as_ref().or(self.old.as_ref()).expect("a delta has an old or a new object")
    }

    /// Namespace and name.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        self.object().key()
    }

    /// Whether the object is gone.
    #[must_use]
    pub const fn is_deletion(&self) -> bool {
        self.new.is_none()
    }
}

impl<R> Deltas<R> {
    fn one(delta: Option<Delta<R>>) -> Self {
        Deltas { one: delta, more: Vec::new().into_iter() }
    }

    fn many(deltas: Vec<Delta<R>>) -> Self {
        Deltas { one: None, more: deltas.into_iter() }
    }
}

impl<R> Iterator for Deltas<R> {
    type Item = Delta<R>;

    fn next(&mut self) -> Option<Delta<R>> {
        self.one.take().or_else(|| self.more.next())
    }
}
