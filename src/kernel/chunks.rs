//! A list that grows at its end and may shrink at its front, cheap to clone.
//!
//! Its entries lie in chunks behind `Arc`s: a clone copies one pointer per full chunk, and whoever
//! changes an old entry copies the one chunk it lies in. Histories are kept in it, since a
//! checkpoint clones them all.

use std::collections::VecDeque;
use std::sync::Arc;

/// A list in chunks of `N` entries.
#[derive(Clone, Debug)]
pub struct Chunks<T, const N: usize = 128> {
    full: VecDeque<Arc<[T]>>,
    /// What has come since the last full chunk; at most `N` entries.
    open: Vec<T>,
    /// Entries of the first chunk that were dropped.
    gone: usize,
}

impl<T, const N: usize> Default for Chunks<T, N> {
    fn default() -> Self {
        Chunks { full: VecDeque::new(), open: Vec::new(), gone: 0 }
    }
}

impl<T: Clone, const N: usize> Chunks<T, N> {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.full.len() * N + self.open.len() - self.gone
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an entry at the end.
    #[inline]
    pub fn push(&mut self, entry: T) {
        if self.open.len() == N {
            self.full.push_back(self.open.drain(..).collect());
        }
        self.open.push(entry);
    }

    /// One entry, counted from the front.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        let place = index + self.gone;
        match self.full.get(place / N) {
            Some(chunk) => chunk.get(place % N),
            None => self.open.get(place - self.full.len() * N),
        }
    }

    /// One entry, to change in place.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let place = index + self.gone;
        let beyond = self.full.len() * N;
        match self.full.get_mut(place / N) {
            Some(chunk) => Arc::make_mut(chunk).get_mut(place % N),
            None => self.open.get_mut(place - beyond),
        }
    }

    /// The first entry.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// Drops the first entry, if there is one; its memory follows when its whole chunk is dropped.
    pub fn drop_first(&mut self) {
        if self.is_empty() {
            return;
        }
        self.gone += 1;
        if self.full.is_empty() {
            if self.gone == self.open.len() {
                self.open.clear();
                self.gone = 0;
            }
        } else if self.gone == N {
            self.full.pop_front();
            self.gone = 0;
        }
    }

    /// All entries from the front to the end.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.from(0)
    }

    /// The entries from `index` on.
    pub fn from(&self, index: usize) -> impl DoubleEndedIterator<Item = &T> {
        let place = index.min(self.len()) + self.gone;
        let chunk = place / N;
        let (head, rest) = if chunk < self.full.len() {
            (&self.full[chunk][place % N..], chunk + 1)
        } else {
            (&[][..], self.full.len())
        };
        let tail = &self.open[place.saturating_sub(self.full.len() * N)..];
        let middle = self.full.range(rest..).flat_map(|chunk| chunk.iter());
        head.iter().chain(middle).chain(tail)
    }

    /// How many entries at the front are `before`; those must come first.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Puts `entry` at `index`; what is missing before it is filled with `filler`.
    pub fn set(&mut self, index: usize, entry: T, filler: &T) {
        while self.len() <= index {
            self.push(filler.clone());
        }
        if let Some(place) = self.get_mut(index) {
            *place = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_list(steps in prop::collection::vec((0u8..8, 0usize..60), 0..400)) {
            let mut chunks: Chunks<usize, 4> = Chunks::default();
            let mut model = VecDeque::new();
            let (mut old, mut then) = (chunks.clone(), Vec::new());
            for (step, (what, at)) in steps.into_iter().enumerate() {
                match what {
                    0..=3 => {
                        chunks.push(step);
                        model.push_back(step);
                    }
                    4 => {
                        chunks.drop_first();
                        model.pop_front();
                    }
                    5 => {
                        if let Some(entry) = chunks.get_mut(at) {
                            *entry = step;
                        }
                        if let Some(entry) = model.get_mut(at) {
                            *entry = step;
                        }
                    }
                    6 => {
                        chunks.set(at, step, &0);
                        model.resize(model.len().max(at + 1), 0);
                        model[at] = step;
                    }
                    _ => {
                        prop_assert_eq!(old.iter().copied().collect::<Vec<_>>(), then.clone());
                        (old, then) = (chunks.clone(), model.iter().copied().collect());
                    }
                }
                prop_assert_eq!(chunks.len(), model.len());
                prop_assert_eq!(chunks.first(), model.front());
                prop_assert_eq!(chunks.get(at), model.get(at));
                prop_assert!(chunks.iter().eq(&model));
                prop_assert!(chunks.from(at).eq(model.iter().skip(at)));
                prop_assert!(chunks.iter().rev().eq(model.iter().rev()));
            }
        }

        #[test]
        fn a_search_halves(count in 0usize..40, gone in 0usize..40, below in 0usize..50) {
            let mut chunks: Chunks<usize, 4> = Chunks::default();
            (0..count).for_each(|n| chunks.push(n));
            (0..gone).for_each(|_| chunks.drop_first());
            let want = chunks.iter().filter(|n| **n < below).count();
            prop_assert_eq!(chunks.partition_point(|n| *n < below), want);
        }
    }
}
