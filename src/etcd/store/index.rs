//! Every key with the versions of it that are still known.
//!
//! A hash table finds a key at once, which is what writes need; a sorted map beside it serves
//! intervals. Both lead to a place in one table of entries. Keys are added and removed rarely
//! compared with how often they are written, so the sorted map is seldom touched. Everything
//! large lies in shared blocks, so that a clone is cheap.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::kernel::{FixedMap, SortedMap};
use crate::wire::etcd::{Key, KeyRange, KeyValue, RangeEnd, Revision};

/// How many entries a block holds. Unit: entries.
const BLOCK: usize = 64;

/// Where an entry lies.
type Place = u32;

/// One key: its newest version apart, because nearly all reads want that one.
#[derive(Debug, Clone)]
struct Entry {
    /// The key, here too, so that a search need not go on to a version.
    key: Key,
    /// The newest version; a tombstone once the key is deleted.
    latest: Arc<KeyValue>,
    /// Earlier versions that compaction has not taken, tombstones included, oldest first.
    older: Vec<Arc<KeyValue>>,
    /// Another key with the same hash.
    next: Option<Place>,
}

impl Entry {
    /// The version that was visible at `revision`.
    fn at(&self, revision: Revision) -> Option<&Arc<KeyValue>> {
        let found = if self.latest.mod_revision <= revision {
            &self.latest
        } else {
            let newer = self.older.partition_point(|kv| kv.mod_revision <= revision);
            self.older.get(newer.checked_sub(1)?)?
        };
        (!found.is_tombstone()).then_some(found)
    }

    /// How many of the older versions cannot be seen at `floor` or later: of those up to the
    /// floor only the last can, if it is not a tombstone.
    fn unseen(&self, floor: Revision) -> usize {
        if self.latest.mod_revision <= floor {
            return self.older.len();
        }
        let below = self.older.partition_point(|kv| kv.mod_revision <= floor);
        let Some(last) = below.checked_sub(1) else { return 0 };
        if self.older[last].is_tombstone() { below } else { last }
    }
}

/// Every key the store knows, alive or deleted but not yet compacted.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    entries: Entries,
    /// By the hash of its key, the place of the first entry with that hash.
    places: FixedMap<u64, Place>,
    order: SortedMap<Key, Place>,
}

impl Index {
    /// The pair as it is now, unless it is deleted.
    pub(super) fn live(&self, key: &str) -> Option<&Arc<KeyValue>> {
        let latest = &self.entries.get(self.find(key)?).latest;
        (!latest.is_tombstone()).then_some(latest)
    }

    /// The pair as it was at `revision`.
    pub(super) fn at(&self, key: &str, revision: Revision) -> Option<&Arc<KeyValue>> {
        self.entries.get(self.find(key)?).at(revision)
    }

    /// The pairs of an interval as they were at `revision`, in key order.
    pub(super) fn range<'a>(
        &'a self,
        range: &'a KeyRange,
        revision: Revision,
    ) -> impl Iterator<Item = &'a Arc<KeyValue>> {
        let single = if range.is_single() { self.find(&range.key) } else { None };
        let many = (!range.is_single()).then(|| self.order.from(&range.key));
        let inside = move |key: &str| match &range.end {
            RangeEnd::Single | RangeEnd::FromKey => true,
            RangeEnd::Until(end) => *key < **end,
            RangeEnd::Prefix => key.starts_with(&*range.key),
        };
        let many = many.into_iter().flatten().take_while(move |(key, _)| inside(key));
        let places = single.into_iter().chain(many.map(|(_, place)| *place));
        places.filter_map(move |place| self.entries.get(place).at(revision))
    }

    /// Writes a new version of `key`: `make` gets the key's text, shared by all its versions, and
    /// the newest version so far (a tombstone, if the key is deleted). Returns the new version and
    /// the one it replaces.
    pub(super) fn write(
        &mut self,
        key: &Key,
        make: impl FnOnce(Key, Option<&KeyValue>) -> KeyValue,
    ) -> (Arc<KeyValue>, Option<Arc<KeyValue>>) {
        let Some(place) = self.find(key) else {
            let kv = Arc::new(make(key.clone(), None));
            self.insert(kv.clone());
            return (kv, None);
        };
        let entry = self.entries.get_mut(place);
        let kv = Arc::new(make(entry.key.clone(), Some(&entry.latest)));
        assert!(entry.latest.mod_revision <= kv.mod_revision, "revisions only grow");
        let before = std::mem::replace(&mut entry.latest, kv.clone());
        entry.older.push(before.clone());
        (kv, Some(before))
    }

    /// Takes over a version from an image; the versions of a key come oldest first.
    pub(super) fn restore(&mut self, kv: Arc<KeyValue>) {
        let Some(place) = self.find(&kv.key) else { return self.insert(kv) };
        let entry = self.entries.get_mut(place);
        let before = std::mem::replace(&mut entry.latest, kv);
        entry.older.push(before);
    }

    /// Forgets what cannot be seen at `floor` or later. Calls `forgotten` for each such version.
    pub(super) fn compact(&mut self, floor: Revision, mut forgotten: impl FnMut(&KeyValue)) {
        for place in 0..self.entries.places() {
            let Some(entry) = self.entries.used(place) else { continue };
            let unseen = entry.unseen(floor);
            let dead = entry.latest.mod_revision <= floor && entry.latest.is_tombstone();
            if unseen > 0 {
                let entry = self.entries.get_mut(place);
                entry.older.drain(..unseen).for_each(|kv| forgotten(&kv));
                if entry.older.is_empty() {
                    entry.older = Vec::new();
                }
            }
            if dead {
                forgotten(&self.entries.get(place).latest);
                self.remove(place);
            }
        }
    }

    /// Every known version of every key, in key order, oldest first.
    pub(super) fn versions(&self) -> impl Iterator<Item = &Arc<KeyValue>> {
        self.order.iter().flat_map(|(_, place)| {
            let entry = self.entries.get(*place);
            entry.older.iter().chain(std::iter::once(&entry.latest))
        })
    }

    /// How many keys there are, the deleted ones not yet compacted included.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Where a key lies.
    fn find(&self, key: &str) -> Option<Place> {
        let mut place = self.places.get(&hash(key)).copied();
        while let Some(here) = place {
            let entry = self.entries.get(here);
            // Nearly always it is the very same text in memory, which need not be read.
            if std::ptr::eq(entry.key.as_str(), key) || *entry.key == *key {
                break;
            }
            place = entry.next;
        }
        place
    }

    fn insert(&mut self, kv: Arc<KeyValue>) {
        let key = kv.key.clone();
        let entry = Entry { key: key.clone(), latest: kv, older: Vec::new(), next: None };
        let place = self.entries.add(entry);
        let same_hash = self.places.insert(hash(&key), place);
        self.entries.get_mut(place).next = same_hash;
        self.order.insert(key, place);
    }

    fn remove(&mut self, place: Place) {
        let entry = self.entries.take(place);
        let key = &entry.key;
        self.order.remove(key);
        let first = self.places.get(&hash(key)).copied();
        let mut before = first.filter(|first| *first != place);
        match (before, entry.next) {
            (None, None) => {
                self.places.remove(&hash(key));
            }
            (None, Some(next)) => {
                self.places.insert(hash(key), next);
            }
            (Some(_), _) => {
                while let Some(here) = before {
                    let other = self.entries.get_mut(here);
                    before = other.next.filter(|next| *next != place);
                    if before.is_none() {
                        other.next = entry.next;
                    }
                }
            }
        }
    }
}

/// A key's hash. It only finds entries; no order follows from it. In unit tests it is so short
/// that keys do collide.
fn hash(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    if cfg!(test) { hasher.finish() % 4096 } else { hasher.finish() }
}

/// The table of entries, in blocks that clones share until one of them writes.
#[derive(Debug, Clone, Default)]
struct Entries {
    blocks: Vec<Arc<[Option<Entry>; BLOCK]>>,
    free: Vec<Place>,
    used: usize,
}

impl Entries {
    /// One more than the highest place.
    fn places(&self) -> Place {
        Place::try_from(self.used).expect("fewer than 2^32 keys")
    }

    fn used(&self, place: Place) -> Option<&Entry> {
        self.blocks[place as usize / BLOCK][place as usize % BLOCK].as_ref()
    }

    fn get(&self, place: Place) -> &Entry {
        self.used(place).expect("a place in use holds an entry")
    }

    fn slot(&mut self, place: Place) -> &mut Option<Entry> {
        &mut Arc::make_mut(&mut self.blocks[place as usize / BLOCK])[place as usize % BLOCK]
    }

    fn get_mut(&mut self, place: Place) -> &mut Entry {
        self.slot(place).as_mut().expect("a place in use holds an entry")
    }

    fn add(&mut self, entry: Entry) -> Place {
        let place = self.free.pop().unwrap_or_else(|| {
            if self.used.is_multiple_of(BLOCK) {
                self.blocks.push(Arc::new([const { None }; BLOCK]));
            }
            self.used += 1;
            Place::try_from(self.used - 1).expect("fewer than 2^32 keys")
        });
        *self.slot(place) = Some(entry);
        place
    }

    fn take(&mut self, place: Place) -> Entry {
        self.free.push(place);
        self.slot(place).take().expect("a place in use holds an entry")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: Revision = 20_000;

    fn write(index: &mut Index, key: Revision, revision: Revision, version: i64) {
        index.write(&format!("{key}").as_str().into(), |key, _| KeyValue {
            version,
            ..KeyValue::tombstone(key, revision)
        });
    }

    #[test]
    fn keys_with_the_same_hash_do_not_disturb_each_other() {
        let mut index = Index::default();
        (0..KEYS).for_each(|n| write(&mut index, n, n, 1));
        assert!(index.places.len() < 4097 && index.len() == 20_000);
        let dead = |n: Revision| n % 3 == 0 || n % 7 == 0;
        (0..KEYS).filter(|n| dead(*n)).for_each(|n| write(&mut index, n, KEYS + n, 0));
        let mut forgotten = 0;
        index.compact(2 * KEYS, |_| forgotten += 1);
        let alive = (0..KEYS).filter(|n| !dead(*n)).count();
        assert_eq!((index.len(), forgotten), (alive, 2 * (20_000 - alive)));
        for n in 0..KEYS {
            let found = index.live(&format!("{n}")).map(|kv| kv.mod_revision);
            assert_eq!(found, (!dead(n)).then_some(n));
        }
        (0..KEYS).for_each(|n| write(&mut index, n, 3 * KEYS, 2));
        assert_eq!(index.versions().count(), 20_000 + alive);
    }
}
