//! A table that keeps the entries used last and forgets the others.

use crate::kernel::FixedMap;

/// The end of the chain.
const NONE: u32 = u32::MAX;

/// A table of at most so many entries; a new one pushes out the one not used for longest.
#[derive(Clone, Debug)]
pub(super) struct Lru<V> {
    max: usize,
    places: FixedMap<u64, u32>,
    entries: Vec<Entry<V>>,
    newest: u32,
    oldest: u32,
}

#[derive(Clone, Debug)]
struct Entry<V> {
    key: u64,
    value: V,
    newer: u32,
    older: u32,
}

impl<V: Default> Lru<V> {
    /// An empty table for at most `max` entries (at least one).
    pub(super) fn new(max: usize) -> Self {
        let max = max.max(1);
        Lru { max, places: FixedMap::default(), entries: Vec::new(), newest: NONE, oldest: NONE }
    }

    /// The entry under `key`, made if it is missing; it is the one used last now.
    pub(super) fn entry(&mut self, key: u64) -> &mut V {
        let place = match self.places.get(&key).copied() {
            Some(place) => {
                self.unlink(place);
                place
            }
            None => self.make(key),
        };
        self.link(place);
        &mut self.entries[place as usize].value
    }

    /// How many entries there are.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn clear(&mut self) {
        *self = Lru::new(self.max);
    }

    /// A place for a new entry, not linked yet.
    fn make(&mut self, key: u64) -> u32 {
        let entry = Entry { key, value: V::default(), newer: NONE, older: NONE };
        let place = if self.entries.len() < self.max {
            self.entries.push(entry);
            u32::try_from(self.entries.len() - 1).expect("a cache has fewer than 2^32 entries")
        } else {
            let place = self.oldest;
            self.unlink(place);
            let old = std::mem::replace(&mut self.entries[place as usize], entry);
            self.places.remove(&old.key);
            place
        };
        self.places.insert(key, place);
        place
    }

    fn unlink(&mut self, place: u32) {
        let Entry { newer, older, .. } = self.entries[place as usize];
        match self.entries.get_mut(newer as usize) {
            Some(entry) => entry.older = older,
            None => self.newest = older,
        }
        match self.entries.get_mut(older as usize) {
            Some(entry) => entry.newer = newer,
            None => self.oldest = newer,
        }
    }

    fn link(&mut self, place: u32) {
        let older = self.newest;
        let entry = &mut self.entries[place as usize];
        (entry.newer, entry.older) = (NONE, older);
        match self.entries.get_mut(older as usize) {
            Some(entry) => entry.newer = place,
            None => self.oldest = place,
        }
        self.newest = place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_not_used_for_longest_goes_first() {
        let mut lru: Lru<u32> = Lru::new(3);
        for key in [1, 2, 3] {
            *lru.entry(key) = 10 + u32::try_from(key).unwrap();
        }
        assert_eq!(*lru.entry(1), 11);
        *lru.entry(4) = 14;
        assert_eq!(*lru.entry(1), 11);
        assert_eq!(*lru.entry(3), 13);
        assert_eq!(*lru.entry(2), 0, "2 was forgotten and is made anew");
        assert_eq!(*lru.entry(4), 0, "2 pushed 4 out");
        assert_eq!(lru.len(), 3);
    }

    #[test]
    fn a_long_life_stays_within_its_bound() {
        let mut lru: Lru<u64> = Lru::new(16);
        for key in 0..10_000u64 {
            *lru.entry(key * key % 97) += 1;
            assert!(lru.len() <= 16);
        }
    }
}
