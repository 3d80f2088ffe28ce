//! Every key with the versions of it that are still known.
//!
//! A hash table finds a key at once, which is what writes need; an ordered map beside it serves
//! intervals. Both lead to a place in one table of entries. Keys are added and removed rarely
//! compared with how often they are written, so the ordered map is seldom touched.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use crate::kernel::FixedMap;
use crate::wire::etcd::{Key, KeyRange, KeyValue, RangeEnd, Revision};

/// One key: its newest version apart, because nearly all reads want that one.
#[derive(Debug, Clone)]
struct Entry {
    /// The newest version; a tombstone once the key is deleted.
    latest: Arc<KeyValue>,
    /// Earlier versions that compaction has not taken, tombstones included, oldest first.
    older: Vec<Arc<KeyValue>>,
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
}

/// Every key the store knows, alive or deleted but not yet compacted.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    places: FixedMap<Key, u32>,
    order: BTreeMap<Key, u32>,
}

impl Index {
    /// The pair as it is now, unless it is deleted.
    pub(super) fn live(&self, key: &str) -> Option<&Arc<KeyValue>> {
        let entry = self.entry(*self.places.get(key)?);
        (!entry.latest.is_tombstone()).then_some(&entry.latest)
    }

    /// The pair as it was at `revision`.
    pub(super) fn at(&self, key: &str, revision: Revision) -> Option<&Arc<KeyValue>> {
        self.entry(*self.places.get(key)?).at(revision)
    }

    /// The pairs of an interval as they were at `revision`, in key order.
    pub(super) fn range<'a>(
        &'a self,
        range: &'a KeyRange,
        revision: Revision,
    ) -> impl Iterator<Item = &'a Arc<KeyValue>> {
        let bounds = match &range.end {
            RangeEnd::Until(end) if !range.is_void() => {
                Some((Bound::Included(&*range.key), Bound::Excluded(&**end)))
            }
            RangeEnd::Single | RangeEnd::Until(_) => None,
            RangeEnd::Prefix | RangeEnd::FromKey => {
                Some((Bound::Included(&*range.key), Bound::Unbounded))
            }
        };
        let single = range.is_single().then(|| self.places.get(&*range.key)).flatten();
        let prefix = matches!(range.end, RangeEnd::Prefix).then_some(&*range.key);
        let many = bounds
            .into_iter()
            .flat_map(|bounds| self.order.range::<str, _>(bounds))
            .take_while(move |(key, _)| prefix.is_none_or(|prefix| key.starts_with(prefix)))
            .map(|(_, place)| place);
        single.into_iter().chain(many).filter_map(move |place| self.entry(*place).at(revision))
    }

    /// Writes a new version of `key`: `make` gets the key's text, shared by all its versions, and
    /// the newest version so far (a tombstone, if the key is deleted). Returns the new version and
    /// the one it replaces.
    pub(super) fn write(
        &mut self,
        key: &Key,
        make: impl FnOnce(Key, Option<&KeyValue>) -> KeyValue,
    ) -> (Arc<KeyValue>, Option<Arc<KeyValue>>) {
        let Some(place) = self.places.get(&**key).copied() else {
            let kv = Arc::new(make(key.clone(), None));
            self.insert(kv.clone());
            return (kv, None);
        };
        let entry = self.entry_mut(place);
        let kv = Arc::new(make(entry.latest.key.clone(), Some(&entry.latest)));
        assert!(entry.latest.mod_revision <= kv.mod_revision, "revisions only grow");
        let before = std::mem::replace(&mut entry.latest, kv.clone());
        entry.older.push(before.clone());
        (kv, Some(before))
    }

    /// Takes over a version from an image; the versions of a key come oldest first.
    pub(super) fn restore(&mut self, kv: Arc<KeyValue>) {
        let Some(place) = self.places.get(&*kv.key).copied() else { return self.insert(kv) };
        let entry = self.entry_mut(place);
        let before = std::mem::replace(&mut entry.latest, kv);
        entry.older.push(before);
    }

    /// Forgets what cannot be seen at `floor` or later. Calls `forgotten` for each such version.
    pub(super) fn compact(&mut self, floor: Revision, mut forgotten: impl FnMut(&KeyValue)) {
        for place in 0..self.entries.len() {
            let Some(entry) = &mut self.entries[place] else { continue };
            let dead = entry.latest.mod_revision <= floor && entry.latest.is_tombstone();
            if entry.older.is_empty() && !dead {
                continue;
            }
            // Of the versions up to the floor only the last can be seen, if it is not a tombstone.
            let mut unseen = if entry.latest.mod_revision <= floor {
                entry.older.len()
            } else {
                entry.older.partition_point(|kv| kv.mod_revision <= floor).saturating_sub(1)
            };
            if entry
                .older
                .get(unseen)
                .is_some_and(|kv| kv.is_tombstone() && kv.mod_revision <= floor)
            {
                unseen += 1;
            }
            entry.older.drain(..unseen).for_each(|kv| forgotten(&kv));
            if entry.older.is_empty() {
                entry.older = Vec::new();
            }
            if dead {
                forgotten(&entry.latest);
                self.remove(place);
            }
        }
    }

    /// Every known version of every key, in key order, oldest first.
    pub(super) fn versions(&self) -> impl Iterator<Item = &Arc<KeyValue>> {
        self.order.values().flat_map(|place| {
            let entry = self.entry(*place);
            entry.older.iter().chain(std::iter::once(&entry.latest))
        })
    }

    /// How many keys there are, the deleted ones not yet compacted included.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    fn insert(&mut self, kv: Arc<KeyValue>) {
        let key = kv.key.clone();
        let entry = Some(Entry { latest: kv, older: Vec::new() });
        let place = if let Some(place) = self.free.pop() {
            self.entries[place as usize] = entry;
            place
        } else {
            self.entries.push(entry);
            u32::try_from(self.entries.len() - 1).expect("fewer than 2^32 keys")
        };
        self.places.insert(key.clone(), place);
        self.order.insert(key, place);
    }

    fn remove(&mut self, place: usize) {
        let entry = self.entries[place].take().expect("a place in use holds an entry");
        self.places.remove(&*entry.latest.key);
        self.order.remove(&*entry.latest.key);
        self.free.push(u32::try_from(place).expect("fewer than 2^32 keys"));
    }

    fn entry(&self, place: u32) -> &Entry {
        self.entries[place as usize].as_ref().expect("a place in use holds an entry")
    }

    fn entry_mut(&mut self, place: u32) -> &mut Entry {
        self.entries[place as usize].as_mut().expect("a place in use holds an entry")
    }
}
