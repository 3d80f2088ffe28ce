//! Why a controller's keys wait: the event that brought each of them, for the observers.
//!
//! The observers follow a deed to the event in which it was done, but a key is worked on when a
//! timer rings, and that timer may have been set for another key. So the frame remembers what
//! brought each key and notes it ([`crate::wire::Note::Because`]). Nothing that a controller does
//! depends on it.

use std::collections::BTreeMap;

use crate::kernel::EventId;

/// Why keys wait.
#[derive(Clone, Debug)]
pub struct Causes<K> {
    ready: BTreeMap<K, EventId>,
    delayed: BTreeMap<K, EventId>,
}

impl<K: Ord> Default for Causes<K> {
    fn default() -> Self {
        Causes { ready: BTreeMap::new(), delayed: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Causes<K> {
    /// A key waits for a worker, because of `event`; of several reasons the latest counts.
    pub(super) fn add(&mut self, key: &K, event: EventId) {
        self.ready.insert(key.clone(), event);
    }

    /// A key waits for its time, because of `event`.
    pub(super) fn add_after(&mut self, key: &K, event: EventId) {
        self.delayed.insert(key.clone(), event);
    }

    /// Why a key is taken now; whether it waits for its time besides.
    pub(super) fn take(&mut self, key: &K, waits: bool) -> Option<EventId> {
        let delayed = if waits { None } else { self.delayed.remove(key) };
        self.ready.remove(key).or(delayed)
    }
}
