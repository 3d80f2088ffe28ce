//! The image of one member's disk: hard state, snapshot and log.
//!
//! The node never reads it; it only comes back to life from it. A caller that models latency
//! keeps one `Storage` for what is durable and saves each [`Write`] into it when the fsync ends,
//! so that a crash is nothing more than forgetting everything else.

use std::collections::VecDeque;

use super::entry::{Entry, HardState, Index, Snapshot};
use super::quorum::VoterSet;
use super::ready::Write;

/// What survives a crash.
#[derive(Debug, Clone)]
pub struct Storage<D, S> {
    hard_state: HardState,
    voters: VoterSet,
    snapshot: Option<Snapshot<S>>,
    entries: VecDeque<Entry<D>>,
}

impl<D: Clone, S: Clone> Storage<D, S> {
    /// The disk of a new member of a cluster of `voters`.
    ///
    /// Simplified: upstream writes the first voters as configuration entries at indexes 1..=n.
    pub fn new(voters: VoterSet) -> Self {
        Self { hard_state: HardState::default(), voters, snapshot: None, entries: VecDeque::new() }
    }

    /// The last hard state saved.
    pub fn hard_state(&self) -> HardState {
        self.hard_state
    }

    /// The last snapshot saved.
    pub fn snapshot(&self) -> Option<&Snapshot<S>> {
        self.snapshot.as_ref()
    }

    /// The entries of the log, oldest first.
    pub fn entries(&self) -> &VecDeque<Entry<D>> {
        &self.entries
    }

    /// The voters as the snapshot knows them, or else the first ones.
    pub fn voters(&self) -> &VoterSet {
        self.snapshot.as_ref().map_or(&self.voters, |snapshot| &snapshot.voters)
    }

    /// The index of the last entry, or of the snapshot when there is none after it.
    pub fn last_index(&self) -> Index {
        let snapshot = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.position.index);
        self.entries.back().map_or(snapshot, |entry| entry.index)
    }

    /// Makes one write durable; writes must come in the order of their numbers.
    pub fn save(&mut self, write: &Write<D, S>) {
        if let Some(snapshot) = &write.snapshot {
            self.entries.clear();
            self.snapshot = Some(snapshot.clone());
        }
        if let Some(first) = write.entries.first() {
            while self.entries.back().is_some_and(|entry| entry.index >= first.index) {
                self.entries.pop_back();
            }
            assert_eq!(self.last_index() + 1, first.index, "a log on disk has no hole");
            self.entries.extend(write.entries.iter().cloned());
        }
        if let Some(hard_state) = write.hard_state {
            self.hard_state = hard_state;
        }
    }

    /// Keeps the member's own image of its state machine; an older one than the last is ignored.
    pub fn save_snapshot(&mut self, snapshot: Snapshot<S>) {
        let newest = self.snapshot.as_ref().map_or(0, |old| old.position.index);
        if snapshot.position.index > newest {
            self.snapshot = Some(snapshot);
        }
    }

    /// Drops entries up to `index`, as far as the snapshot stands for them.
    pub fn compact(&mut self, index: Index) {
        let covered = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.position.index);
        let index = index.min(covered);
        while self.entries.front().is_some_and(|entry| entry.index <= index) {
            self.entries.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raft::entry::Payload;

    fn write(number: u64, first: Index, term: u64, count: u64) -> Write<u64, ()> {
        let entries = (first..first + count)
            .map(|index| Entry { term, index, payload: Payload::Normal(index) })
            .collect();
        Write { number, hard_state: None, snapshot: None, entries, must_sync: true }
    }

    #[test]
    fn later_entries_replace_the_tail_on_disk() {
        let mut disk = Storage::new(VoterSet::default());
        disk.save(&write(1, 1, 1, 4));
        disk.save(&write(2, 3, 2, 1));
        let terms: Vec<_> = disk.entries().iter().map(|entry| entry.term).collect();
        assert_eq!(terms, [1, 1, 2]);
    }

    #[test]
    #[should_panic(expected = "a log on disk has no hole")]
    fn a_write_out_of_order_is_a_broken_invariant() {
        let mut disk = Storage::new(VoterSet::default());
        disk.save(&write(1, 5, 1, 1));
    }
}
