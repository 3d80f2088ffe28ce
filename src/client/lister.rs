//! The local copy of all objects of one kind, with its indexes: what an informer keeps.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{ObjectKey, Resource, Str, Uid};
use crate::kernel::{Shared, SharedMap, SortedMap};

/// Which index of a [`Lister`]: its place in the order of [`super::Informer::index`] calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexId(pub usize);

/// What an index sorts objects under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexKey {
    /// A name: of a node, of a Service.
    Name(Str),
    /// An identity: of an owner.
    Uid(Uid),
    /// Another object.
    Object(ObjectKey),
}

/// How an index finds the key of an object; objects without one are not in the index.
pub type IndexFn<R> = fn(&R) -> Option<IndexKey>;

type Objects<R> = BTreeMap<ObjectKey, Arc<R>>;

/// One index: the objects under each key, in the order of their names.
#[derive(Clone, Debug)]
struct Index<R> {
    key: IndexFn<R>,
    entries: SharedMap<IndexKey, Shared<Objects<R>>>,
    keys: SortedMap<IndexKey, ()>,
}

/// All objects of one kind that the API server has shown, sorted by namespace and name.
///
/// Nearly every change is one of an object that is known already: it is found by its hash, and
/// the order, which costs a walk down a tree of texts, is only touched when one comes or goes.
#[derive(Clone, Debug)]
pub struct Lister<R> {
    objects: SharedMap<ObjectKey, Arc<R>>,
    order: SortedMap<ObjectKey, ()>,
    indexes: Vec<Index<R>>,
}

impl<R: Resource> Default for Lister<R> {
    fn default() -> Self {
        Lister { objects: SharedMap::default(), order: SortedMap::default(), indexes: Vec::new() }
    }
}

impl<R: Resource> Lister<R> {
    /// The object called `key`.
    #[must_use]
    pub fn get(&self, key: &ObjectKey) -> Option<&Arc<R>> {
        self.objects.get(key)
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there is no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// All objects, by namespace and name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<R>> {
        self.order.keys().map(|key| self.known(key))
    }

    fn known(&self, key: &ObjectKey) -> &Arc<R> {
        self.objects.get(key).expect("whatever is in the order is stored")
    }

    /// The objects of one namespace, by name.
    pub fn in_namespace<'l>(&'l self, namespace: &'l str) -> impl Iterator<Item = &'l Arc<R>> {
        let first = ObjectKey::new(Str::from(namespace), Str::new());
        self.order
            .from(&first)
            .map(|(key, ())| key)
            .take_while(move |key| key.namespace.as_str() == namespace)
            .map(|key| self.known(key))
    }

    /// The objects under `key` in one index, by namespace and name.
    pub fn by<'l>(
        &'l self,
        index: IndexId,
        key: &IndexKey,
    ) -> impl Iterator<Item = &'l Arc<R>> + use<'l, R> {
        self.entry(index, key).into_iter().flat_map(|objects| objects.values())
    }

    /// How many objects are under `key` in one index.
    #[must_use]
    pub fn count(&self, index: IndexId, key: &IndexKey) -> usize {
        self.entry(index, key).map_or(0, |objects| objects.len())
    }

    /// The keys of one index, in their order.
    pub fn keys_of(&self, index: IndexId) -> impl Iterator<Item = &IndexKey> {
        self.indexes.get(index.0).into_iter().flat_map(|index| index.keys.keys())
    }

    fn entry(&self, index: IndexId, key: &IndexKey) -> Option<&Shared<Objects<R>>> {
        let index = self.indexes.get(index.0).expect("an index is declared before it is used");
        index.entries.get(key)
    }

    /// Declares one more index; the store is still empty.
    pub(super) fn add_index(&mut self, key: IndexFn<R>) {
        assert!(self.objects.is_empty(), "indexes are declared before objects arrive");
        self.indexes.push(Index { key, entries: SharedMap::default(), keys: SortedMap::default() });
    }

    /// Stores an object; returns the one that stood there.
    pub(super) fn insert(&mut self, object: Arc<R>) -> Option<Arc<R>> {
        let key = object.key();
        let old = self.objects.insert(key.clone(), Arc::clone(&object));
        for index in &mut self.indexes {
            index.replace(&key, old.as_ref(), Some(&object));
        }
        if old.is_none() {
            self.order.insert(key, ());
        }
        old
    }

    /// Removes an object.
    pub(super) fn remove(&mut self, key: &ObjectKey) -> Option<Arc<R>> {
        let old = self.objects.remove(key)?;
        self.order.remove(key);
        for index in &mut self.indexes {
            index.replace(key, Some(&old), None);
        }
        Some(old)
    }

    /// Takes all objects out, in their order; the indexes are empty then.
    pub(super) fn take(&mut self) -> impl Iterator<Item = (ObjectKey, Arc<R>)> + use<R> {
        for index in &mut self.indexes {
            index.entries.clear();
            index.keys = SortedMap::default();
        }
        let mut objects = std::mem::take(&mut self.objects);
        let order = std::mem::take(&mut self.order);
        order.into_keys().filter_map(move |key| {
            let object = objects.remove(&key)?;
            Some((key, object))
        })
    }
}

impl<R: Resource> Index<R> {
    fn replace(&mut self, key: &ObjectKey, old: Option<&Arc<R>>, new: Option<&Arc<R>>) {
        let before = old.and_then(|old| (self.key)(old));
        let after = new.and_then(|new| (self.key)(new));
        if let Some(before) = before.filter(|before| after.as_ref() != Some(before))
            && let Some(objects) = self.entries.get_mut(&before)
        {
            objects.remove(key);
            if objects.is_empty() {
                self.entries.remove(&before);
                self.keys.remove(&before);
            }
        }
        let (Some(after), Some(new)) = (after, new) else { return };
        match self.entries.get_mut(&after) {
            Some(objects) => {
                objects.insert(key.clone(), Arc::clone(new));
            }
            None => {
                let objects = Objects::from([(key.clone(), Arc::clone(new))]);
                self.entries.insert(after.clone(), Shared::new(objects));
                self.keys.insert(after, ());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::Pod;

    const BY_NODE: IndexId = IndexId(0);

    fn node(pod: &Pod) -> Option<IndexKey> {
        let node = &pod.spec.node_name;
        (!node.is_empty()).then(|| IndexKey::Name(node.clone()))
    }

    fn pod(name: u8, node: u8) -> Arc<Pod> {
        let mut pod = Pod::default();
        pod.metadata.name = format!("p{name}").into();
        pod.metadata.namespace = format!("ns{}", name % 2).into();
        if node > 0 {
            pod.spec.node_name = format!("n{node}").into();
        }
        Arc::new(pod)
    }

    proptest! {
        #[test]
        fn an_index_holds_what_a_search_through_everything_finds(
            ops in prop::collection::vec((0u8..8, 0u8..4, any::<bool>()), 0..80)
        ) {
            let mut lister = Lister::default();
            lister.add_index(node);
            for (name, on, keep) in ops {
                let pod = pod(name, on);
                if keep {
                    lister.insert(pod);
                } else {
                    lister.remove(&pod.key());
                }
                for on in 1..4 {
                    let key = IndexKey::Name(format!("n{on}").into());
                    let indexed: Vec<_> = lister.by(BY_NODE, &key).cloned().collect();
                    let searched: Vec<_> =
                        lister.iter().filter(|pod| node(pod) == Some(key.clone())).cloned().collect();
                    prop_assert_eq!(lister.count(BY_NODE, &key), searched.len());
                    prop_assert_eq!(indexed, searched);
                }
                let split = ["ns0", "ns1"].map(|ns| lister.in_namespace(ns).count());
                prop_assert_eq!(split[0] + split[1], lister.len());
            }
        }
    }
}
