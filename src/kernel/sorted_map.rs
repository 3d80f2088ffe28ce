//! A sorted map that is cheap to clone: its contents lie in pieces behind `Arc`s.
//!
//! A clone copies one pointer per piece; whoever writes next copies the one piece it touches.
//! A checkpoint of the world clones every store, so this is what checkpoints cost. Reading an
//! interval walks through neighbouring memory.

use std::borrow::Borrow;
use std::sync::Arc;

/// The most keys of a piece. Larger pieces make clones cheaper and first writes after a clone
/// dearer. Unit: keys.
const PIECE: usize = 128;

/// A sorted map from `K` to `V`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortedMap<K, V> {
    /// In order; none is empty.
    pieces: Vec<Piece<K, V>>,
    len: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece<K, V> {
    /// The first key, here too, so that a search touches only one piece.
    first: K,
    items: Arc<Vec<(K, V)>>,
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        SortedMap { pieces: Vec::new(), len: 0 }
    }
}

impl<K: Ord + Clone, V: Clone> SortedMap<K, V> {
    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value under a key.
    #[must_use]
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let items = &self.pieces.get(self.piece_of(key))?.items;
        search(items, key).ok().map(|place| &items[place].1)
    }

    /// The value under a key, to change in place.
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let number = self.piece_of(key);
        let items = &mut self.pieces.get_mut(number)?.items;
        let place = search(items, key).ok()?;
        Arc::make_mut(items).get_mut(place).map(|(_, value)| value)
    }

    /// The lowest key.
    #[must_use]
    pub fn first_key(&self) -> Option<&K> {
        self.pieces.first().map(|piece| &piece.first)
    }

    /// Takes the lowest key out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        let key = self.first_key()?.clone();
        let value = self.remove(&key)?;
        Some((key, value))
    }

    /// Puts a value under a key, and returns what was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if self.pieces.is_empty() {
            self.pieces.push(Piece { first: key.clone(), items: Arc::new(vec![(key, value)]) });
            self.len = 1;
            return None;
        }
        let number = self.piece_of::<K>(&key);
        let piece = &mut self.pieces[number];
        match search::<K, V, K>(&piece.items, &key) {
            Ok(place) => {
                let items = Arc::make_mut(&mut piece.items);
                Some(std::mem::replace(&mut items[place].1, value))
            }
            Err(place) => {
                if place == 0 {
                    piece.first = key.clone();
                }
                Arc::make_mut(&mut piece.items).insert(place, (key, value));
                self.len += 1;
                if self.pieces[number].items.len() > PIECE {
                    self.split(number, place);
                }
                None
            }
        }
    }

    /// Takes a key out, and returns what was there.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        if self.pieces.is_empty() {
            return None;
        }
        let number = self.piece_of(key);
        let piece = &mut self.pieces[number];
        let place = search(&piece.items, key).ok()?;
        let items = Arc::make_mut(&mut piece.items);
        let (_, value) = items.remove(place);
        self.len -= 1;
        match items.first() {
            Some((first, _)) if place == 0 => piece.first = first.clone(),
            Some(_) => {}
            None => {
                self.pieces.remove(number);
                return Some(value);
            }
        }
        self.join(number);
        Some(value)
    }

    /// Everything, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.pieces.iter().flat_map(|piece| piece.items.iter()).map(|(key, value)| (key, value))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// The keys, taken out in order.
    pub fn into_keys(self) -> impl Iterator<Item = K> {
        self.pieces
            .into_iter()
            .flat_map(|piece| Arc::unwrap_or_clone(piece.items))
            .map(|(key, _)| key)
    }

    /// Everything from `key` on, in order.
    pub fn from<Q>(&self, key: &Q) -> impl Iterator<Item = (&K, &V)> + use<'_, K, V, Q>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let number = if self.pieces.is_empty() { 0 } else { self.piece_of(key) };
        let skip = self
            .pieces
            .get(number)
            .map_or(0, |piece| search(&piece.items, key).unwrap_or_else(|place| place));
        let first = self.pieces.get(number).map_or(&[][..], |piece| &piece.items[skip..]);
        let rest = self.pieces.get(number + 1..).unwrap_or(&[]);
        first.iter().chain(rest.iter().flat_map(|piece| piece.items.iter())).map(|(k, v)| (k, v))
    }

    /// The piece where a key is or belongs. There must be one.
    fn piece_of<Q>(&self, key: &Q) -> usize
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.pieces.partition_point(|piece| piece.first.borrow() <= key).saturating_sub(1)
    }

    /// Cuts a piece that has become too large. Keys that come in order leave full pieces behind.
    fn split(&mut self, number: usize, inserted: usize) {
        let items = Arc::make_mut(&mut self.pieces[number].items);
        let at = if inserted + 1 == items.len() { inserted } else { items.len() / 2 };
        let upper = items.split_off(at);
        let piece = Piece { first: upper[0].0.clone(), items: Arc::new(upper) };
        self.pieces.insert(number + 1, piece);
    }

    /// Joins a piece that has become small with its successor, if both are.
    fn join(&mut self, number: usize) {
        let Some(next) = self.pieces.get(number + 1) else { return };
        if self.pieces[number].items.len() + next.items.len() > PIECE / 4 {
            return;
        }
        let next = self.pieces.remove(number + 1);
        let items = Arc::make_mut(&mut self.pieces[number].items);
        items.extend(next.items.iter().cloned());
    }
}

/// Where a key is in a piece, or where it belongs.
fn search<K, V, Q>(items: &[(K, V)], key: &Q) -> Result<usize, usize>
where
    K: Borrow<Q>,
    Q: Ord + ?Sized,
{
    items.binary_search_by(|(other, _)| other.borrow().cmp(key))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn pairs(map: &SortedMap<String, u16>) -> Vec<(String, u16)> {
        map.iter().map(|(key, value)| (key.to_string(), *value)).collect()
    }

    proptest! {
        #[test]
        fn it_is_a_sorted_map(
            steps in proptest::collection::vec((any::<bool>(), 0..400_u16), 0..1500),
        ) {
            let mut map = SortedMap::default();
            let mut model = BTreeMap::new();
            let (mut old, mut then) = (SortedMap::default(), Vec::new());
            for (step, (insert, n)) in steps.iter().enumerate() {
                let key = format!("{n}");
                // The first half grows, the second half shrinks.
                if *insert || step < 500 {
                    let number = u16::try_from(step).unwrap_or(u16::MAX);
                    let before = map.insert(key.clone(), number);
                    prop_assert_eq!(before, model.insert(key, number));
                } else {
                    prop_assert_eq!(map.remove(key.as_str()), model.remove(&key));
                }
                if let Some(value) = map.get_mut(format!("{}", n / 2).as_str()) {
                    *value /= 2;
                }
                model.entry(format!("{}", n / 2)).and_modify(|value| *value /= 2);
                if step == 700 {
                    (old, then) = (map.clone(), pairs(&map));
                }
            }
            prop_assert_eq!(map.len(), model.len());
            prop_assert_eq!(pairs(&map), model.clone().into_iter().collect::<Vec<_>>());
            for start in ["1", "15", "2x", "399"] {
                prop_assert_eq!(map.get(start), model.get(start));
            }
            for start in ["", "1", "15", "2x", "399", "4", "~"] {
                let got: Vec<_> = map.from(start).map(|(k, v)| (k.to_string(), *v)).collect();
                let wanted = model.range(start.to_owned()..);
                prop_assert_eq!(got, wanted.map(|(k, v)| (k.clone(), *v)).collect::<Vec<_>>());
            }
            prop_assert_eq!(pairs(&old), then, "a clone stays as it was");
        }
    }

    #[test]
    fn keys_that_come_in_order_fill_the_pieces() {
        let mut map: SortedMap<String, ()> = SortedMap::default();
        assert_eq!(map.pop_first(), None);
        for n in 0..10 * PIECE {
            map.insert(format!("{n:06}"), ());
        }
        assert_eq!(map.pieces.len(), 10);
        for n in 0..10 * PIECE - 1 {
            assert_eq!(map.remove(format!("{n:06}").as_str()), Some(()));
        }
        assert_eq!((map.pieces.len(), map.len()), (1, 1));
        assert_eq!(map.pop_first(), Some((format!("{:06}", 10 * PIECE - 1), ())));
        assert!(map.is_empty() && map.first_key().is_none());
    }
}
