//! A hash table for hot look-ups that cannot leak its order.
//!
//! The hasher is fixed, so nothing depends on the operating system's entropy, and there is no
//! way to iterate, so nothing can depend on the order of the buckets.

#![expect(clippy::disallowed_types, reason = "the one place where the hash map is wrapped")]

use std::collections::HashMap;
use std::hash::Hash;

use rustc_hash::FxBuildHasher;

/// A look-up table without iteration.
#[derive(Clone, Debug)]
pub struct FixedMap<K, V> {
    map: HashMap<K, V, FxBuildHasher>,
}

impl<K, V> Default for FixedMap<K, V> {
    fn default() -> Self {
        FixedMap { map: HashMap::default() }
    }
}

impl<K: Eq + Hash, V> FixedMap<K, V> {
    /// The value under `key`.
    #[inline]
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.map.get(key)
    }

    /// The value under `key`, to change in place.
    #[inline]
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.map.get_mut(key)
    }

    /// Whether `key` is present.
    #[inline]
    pub fn contains<Q>(&self, key: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.map.contains_key(key)
    }

    /// Stores `value`; returns what stood there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.map.insert(key, value)
    }

    /// Takes the value out.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.map.remove(key)
    }

    /// The value under `key`, made by `make` when it is missing.
    #[inline]
    pub fn entry_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        self.map.entry(key).or_insert_with(make)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.map.clear();
    }
}
