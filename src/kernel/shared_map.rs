//! A hash table without iteration that is cheap to clone.
//!
//! Entries are spread over shards behind `Arc`s by their hash: a clone copies one pointer per
//! shard, and whoever writes next copies the one shard it touches. As with
//! [`FixedMap`](super::FixedMap), the hasher is fixed, and nothing can depend on the order of the
//! buckets.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Entries per shard, on average, beyond which there are twice as many shards. Larger shards make
/// clones cheaper and first writes after a clone dearer. Unit: entries.
const SHARD: usize = 64;

/// A look-up table whose clones share what neither of them changes.
#[derive(Clone, Debug)]
pub struct SharedMap<K, V> {
    /// A power of two of them.
    shards: Vec<Shard<K, V>>,
    len: usize,
}

type Shard<K, V> = Arc<HashTable<(K, V)>>;

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        SharedMap { shards: vec![Arc::default()], len: 0 }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> SharedMap<K, V> {
    /// The value under `key`.
    #[inline]
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = hash_of(key);
        let shard = &self.shards[self.shard_of(hash)];
        shard.find(hash, |(known, _)| known.borrow() == key).map(|(_, value)| value)
    }

    /// The value under `key`, to change in place.
    #[inline]
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = hash_of(key);
        let number = self.shard_of(hash);
        let shard = Arc::make_mut(&mut self.shards[number]);
        shard.find_mut(hash, |(known, _)| known.borrow() == key).map(|(_, value)| value)
    }

    /// Stores `value`; returns what stood there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let hash = hash_of(&key);
        let number = self.shard_of(hash);
        let shard = Arc::make_mut(&mut self.shards[number]);
        if let Some((_, old)) = shard.find_mut(hash, |(known, _)| *known == key) {
            return Some(std::mem::replace(old, value));
        }
        shard.insert_unique(hash, (key, value), |(known, _)| hash_of(known));
        self.len += 1;
        if self.len > self.shards.len() * SHARD {
            self.spread();
        }
        None
    }

    /// Takes the value out.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = hash_of(key);
        let number = self.shard_of(hash);
        let same = |(known, _): &(K, V)| known.borrow() == key;
        self.shards[number].find(hash, same)?;
        let shard = Arc::make_mut(&mut self.shards[number]);
        let ((_, value), _) = shard.find_entry(hash, same).ok()?.remove();
        self.len -= 1;
        Some(value)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = SharedMap::default();
    }

    #[inline]
    fn shard_of(&self, hash: u64) -> usize {
        shard_of(hash, self.shards.len())
    }

    /// Doubles the number of shards.
    fn spread(&mut self) {
        let wanted = self.shards.len() * 2;
        let before = std::mem::take(&mut self.shards);
        let mut after = vec![HashTable::with_capacity(SHARD); wanted];
        for shard in before {
            for (key, value) in Arc::unwrap_or_clone(shard) {
                let hash = hash_of(&key);
                let number = shard_of(hash, wanted);
                after[number].insert_unique(hash, (key, value), |(known, _)| hash_of(known));
            }
        }
        self.shards = after.into_iter().map(Arc::new).collect();
    }
}

/// A table finds its buckets by the lowest bits of the hash; those above choose the shard.
#[inline]
fn shard_of(hash: u64, shards: usize) -> usize {
    usize::try_from(hash >> 9).unwrap_or(0) & (shards - 1)
}

#[inline]
fn hash_of<Q: Hash + ?Sized>(key: &Q) -> u64 {
    FxBuildHasher.hash_one(key)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map(
            steps in prop::collection::vec((0u8..6, 0u16..700), 0..3000),
        ) {
            let mut map = SharedMap::default();
            let mut model = BTreeMap::new();
            let (mut old, mut then) = (map.clone(), model.clone());
            for (step, (what, key)) in steps.into_iter().enumerate() {
                match what {
                    0..=2 => prop_assert_eq!(map.insert(key, step), model.insert(key, step)),
                    3 => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                    4 => prop_assert_eq!(map.get_mut(&key), model.get_mut(&key)),
                    _ => prop_assert_eq!(map.get(&key), model.get(&key)),
                }
                prop_assert_eq!(map.len(), model.len());
                if step == 1000 {
                    (old, then) = (map.clone(), model.clone());
                }
            }
            for key in 0..700 {
                prop_assert_eq!(map.get(&key), model.get(&key));
                prop_assert_eq!(old.get(&key), then.get(&key), "a clone stays as it was");
            }
        }
    }
}
