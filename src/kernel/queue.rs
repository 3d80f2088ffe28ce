//! The pending events: a stable monotone priority queue.
//!
//! The clock never goes back, so nothing is ever pushed before the last popped instant. A radix
//! heap uses that: an entry lies in the bucket of the highest bit in which its time differs from
//! the last popped one. When the near buckets are empty, the lowest filled one is spread over
//! the buckets below it, so an entry moves at most 64 times in its life and usually a few times,
//! while a binary heap compares and swaps along its whole depth at every pop.
//!
//! Invariant: entries of one instant leave in the order in which they came (FIFO). They always
//! share a bucket, and spreading a bucket keeps the order within it.

use super::time::SimTime;

/// Buckets 1 ..= 64 hold times by their highest differing bit; bucket 0 holds "now".
const BUCKETS: usize = 65;

/// One waiting entry: when, and where its item rests.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: u64,
    rest: u32,
}

/// A priority queue for times that never go back; first in, first out within an instant.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    /// The instant that was popped last; nothing may be pushed before it.
    last: u64,
    buckets: Vec<Vec<Entry>>,
    /// The earliest time in each bucket that holds something, so that nobody searches for it.
    earliest: Vec<u64>,
    /// How far bucket 0 has been read.
    front: usize,
    /// Bit i is set when bucket i (1 ..= 64) holds something; bit 0 stands for bucket 64.
    filled: u64,
    /// The items rest here while their entries move.
    items: Vec<Option<T>>,
    /// Free places in `items`.
    free: Vec<u32>,
    len: usize,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue {
            last: 0,
            buckets: (0..BUCKETS).map(|_| Vec::new()).collect(),
            earliest: vec![u64::MAX; BUCKETS],
            front: 0,
            filled: 0,
            items: Vec::new(),
            free: Vec::new(),
            len: 0,
        }
    }
}

impl<T> Queue<T> {
    /// An empty queue at time zero.
    #[must_use]
    pub fn new() -> Self {
        Queue::default()
    }

    /// How many entries wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds `item` at `at`.
    ///
    /// Panics when `at` lies before the last popped instant: time never goes back.
    #[inline]
    pub fn push(&mut self, at: SimTime, item: T) {
        let at = at.as_nanos();
        assert!(at >= self.last, "an event may not be scheduled in the past");
        let rest = self.settle(item);
        self.place(Entry { at, rest });
        self.len += 1;
    }

    /// Takes the earliest entry out.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, T)> {
        if self.front == self.buckets[0].len() && !self.refill() {
            return None;
        }
        let entry = self.buckets[0][self.front];
        self.front += 1;
        self.len -= 1;
        self.free.push(entry.rest);
        let item = self.items[entry.rest as usize].take();
        Some((SimTime::from_nanos(entry.at), item.expect("every entry has its item")))
    }

    /// When the earliest entry is due.
    #[inline]
    #[must_use]
    pub fn next_at(&self) -> Option<SimTime> {
        if self.front < self.buckets[0].len() {
            return Some(SimTime::from_nanos(self.last));
        }
        self.lowest().map(|bucket| SimTime::from_nanos(self.earliest[bucket]))
    }

    /// Lets the item rest in a free place.
    #[inline]
    fn settle(&mut self, item: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.items[place as usize] = Some(item);
            return place;
        }
        let place = u32::try_from(self.items.len()).expect("fewer than 2^32 events wait at once");
        self.items.push(Some(item));
        place
    }

    /// Puts an entry into the bucket of its highest differing bit.
    #[inline]
    fn place(&mut self, entry: Entry) {
        let bucket = (64 - (entry.at ^ self.last).leading_zeros()) as usize;
        self.filled |= mark(bucket);
        self.earliest[bucket] = self.earliest[bucket].min(entry.at);
        self.buckets[bucket].push(entry);
    }

    /// The lowest bucket from 1 on that holds something.
    #[inline]
    fn lowest(&self) -> Option<usize> {
        let near = self.filled & !1;
        if near != 0 {
            Some(near.trailing_zeros() as usize)
        } else if self.buckets[64].is_empty() {
            None
        } else {
            Some(64)
        }
    }

    /// Moves the earliest instant into bucket 0; false when nothing waits.
    fn refill(&mut self) -> bool {
        self.buckets[0].clear();
        self.front = 0;
        let Some(bucket) = self.lowest() else { return false };
        let mut entries = std::mem::take(&mut self.buckets[bucket]);
        self.filled &= !mark(bucket);
        self.last = std::mem::replace(&mut self.earliest[bucket], u64::MAX);
        for entry in entries.drain(..) {
            self.place(entry);
        }
        // Give the emptied bucket its memory back, so that steady state allocates nothing.
        self.buckets[bucket] = entries;
        true
    }
}

/// The bit that says "bucket `bucket` holds something"; bucket 0 needs none.
#[inline]
const fn mark(bucket: usize) -> u64 {
    if bucket == 0 || bucket == 64 { 0 } else { 1 << bucket }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_instant_is_first_in_first_out() {
        let mut queue = Queue::new();
        queue.push(SimTime::from_nanos(5), 'a');
        queue.push(SimTime::from_nanos(3), 'b');
        assert_eq!(queue.pop(), Some((SimTime::from_nanos(3), 'b')));
        queue.push(SimTime::from_nanos(5), 'c');
        queue.push(SimTime::from_nanos(3), 'd');
        let rest: Vec<char> = std::iter::from_fn(|| queue.pop().map(|(_, item)| item)).collect();
        assert_eq!(rest, ['d', 'a', 'c']);
    }

    proptest! {
        /// Against the obvious queue: a binary heap over (time, order of arrival).
        #[test]
        fn order_is_that_of_a_binary_heap(steps in prop::collection::vec((0u64..3, 0u32..64, any::<u64>()), 1..400)) {
            let mut queue = Queue::new();
            let mut model = BinaryHeap::new();
            let mut now = 0u64;
            for (order, (kind, shift, noise)) in steps.into_iter().enumerate() {
                if kind == 0 {
                    prop_assert_eq!(queue.next_at().map(SimTime::as_nanos), model.peek().map(|Reverse((at, _))| *at));
                    let want = model.pop().map(|Reverse(entry)| entry);
                    prop_assert_eq!(queue.pop().map(|(at, item)| (at.as_nanos(), item)), want);
                    now = want.map_or(now, |(at, _)| at);
                } else {
                    let at = now.saturating_add(noise >> shift);
                    queue.push(SimTime::from_nanos(at), order);
                    model.push(Reverse((at, order)));
                }
                prop_assert_eq!(queue.len(), model.len());
            }
            while let Some(Reverse((at, order))) = model.pop() {
                prop_assert_eq!(queue.pop(), Some((SimTime::from_nanos(at), order)));
            }
            prop_assert!(queue.is_empty());
        }
    }
}
