//! One member's log: what it holds, what is on disk, what is committed, what is applied.
//!
//! The log keeps every entry since the compaction floor in memory and moves five marks along it:
//!
//! ```text
//!   floor < applied <= delivered <= committed <= last      stable <= handed <= last
//! ```
//!
//! `handed` is how far entries were given to the caller to be written, `stable` how far the caller
//! reported them written; `delivered` is how far committed entries were given out to be applied.
//! Upstream splits this into a storage and an "unstable" tail; one sequence with marks says the
//! same with less code, since here the caller's disk never has to be read back.
//!
//! Invariant: nothing at or below `committed` is ever truncated.

use std::collections::VecDeque;
use std::sync::Arc;

use super::entry::{Bytes, Data, Entries, Entry, Index, Payload, Position, Snapshot, Term};
use super::quorum::VoterSet;

/// The log of one member.
#[derive(Debug, Clone)]
pub(super) struct Log<D, S> {
    snapshot: Option<Snapshot<S>>,
    floor: Position,
    entries: VecDeque<Entry<D>>,
    incoming: Incoming,
    handed: Index,
    stable: Index,
    committed: Index,
    delivered: Index,
    applied: Index,
}

/// Where a snapshot from the leader stands on its way to this member's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Incoming {
    Nothing,
    ToHand,
    Handed,
}

/// What an append from the leader did to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extension {
    /// The last entry that is now known to match the leader's log.
    pub(super) matched: Index,
    /// The first entry thrown away because it conflicted.
    pub(super) truncated: Option<Index>,
    /// The first entry that is new here; everything from it on was appended.
    pub(super) first_new: Option<Index>,
}

impl<D: Data, S: Clone> Log<D, S> {
    /// Rebuilds the log from what the disk kept; both may be empty for a new member.
    ///
    /// Errors: a sentence when entries do not follow each other or the commit index is not there.
    pub(super) fn restart(
        snapshot: Option<Snapshot<S>>,
        entries: VecDeque<Entry<D>>,
        commit: Index,
        applied: Index,
    ) -> Result<Self, &'static str> {
        let at = snapshot.as_ref().map_or(Position::default(), |snapshot| snapshot.position);
        // The disk may keep entries from before its snapshot, for followers that lag a little.
        // The term just below them is not recorded, so the first of them becomes the floor.
        let mut entries = entries;
        let floor = match entries.front() {
            Some(first) if first.index > at.index + 1 => return Err("the log starts after a gap"),
            Some(first) if first.index <= at.index => {
                let floor = first.position();
                entries.pop_front();
                floor
            }
            Some(_) | None => at,
        };
        let consecutive = (floor.index + 1..).zip(&entries).all(|(index, e)| e.index == index);
        let last = entries.back().map_or(floor.index, |entry| entry.index);
        if !consecutive {
            return Err("the log has a hole");
        }
        if commit > last || last < at.index {
            return Err("the log ends before its commit index");
        }
        Ok(Self {
            snapshot,
            floor,
            entries,
            incoming: Incoming::Nothing,
            handed: last,
            stable: last,
            committed: commit.max(at.index),
            delivered: applied.max(at.index),
            applied: applied.max(at.index),
        })
    }

    pub(super) fn committed(&self) -> Index {
        self.committed
    }

    pub(super) fn applied(&self) -> Index {
        self.applied
    }

    pub(super) fn stable(&self) -> Index {
        self.stable
    }

    /// The first index that can still be sent as an entry.
    pub(super) fn first_index(&self) -> Index {
        self.floor.index + 1
    }

    pub(super) fn last(&self) -> Position {
        self.entries.back().map_or(self.floor, Entry::position)
    }

    pub(super) fn snapshot(&self) -> Option<&Snapshot<S>> {
        self.snapshot.as_ref()
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry<D>> {
        self.entries.iter()
    }

    /// Tells whether a snapshot from the leader is not yet on this member's disk.
    pub(super) fn awaits_snapshot(&self) -> bool {
        self.incoming != Incoming::Nothing
    }

    /// The place of `index` in `entries`; `index` must be above the floor.
    fn offset(&self, index: Index) -> usize {
        usize::try_from(index - self.floor.index - 1).expect("a log fits in memory")
    }

    /// Gives the term at `index`, or nothing when it was compacted away or does not exist yet.
    pub(super) fn term(&self, index: Index) -> Option<Term> {
        if index == self.floor.index {
            return Some(self.floor.term);
        }
        if index < self.floor.index {
            return None;
        }
        self.entries.get(self.offset(index)).map(|entry| entry.term)
    }

    pub(super) fn matches(&self, position: Position) -> bool {
        self.term(position.index) == Some(position.term)
    }

    /// Decides whether a candidate whose log ends at `other` may lead this member.
    ///
    /// Source: Raft paper 5.4.1: the later last term wins, then the longer log.
    pub(super) fn is_up_to_date(&self, other: Position) -> bool {
        let last = self.last();
        (other.term, other.index) >= (last.term, last.index)
    }

    /// Appends one entry of a leader to its own log.
    pub(super) fn append(&mut self, term: Term, payload: Payload<D>) -> Index {
        let index = self.last().index + 1;
        self.entries.push_back(Entry { term, index, payload });
        index
    }

    /// Takes over a leader's entries if this log has `prev`; otherwise changes nothing.
    ///
    /// Entries that are already here are skipped, so that an old, reordered message cannot
    /// shorten the log: only a real conflict truncates (Raft paper, figure 2, step 3).
    pub(super) fn try_append(&mut self, prev: Position, entries: &Entries<D>) -> Option<Extension> {
        if !self.matches(prev) {
            return None;
        }
        let matched = prev.index + entries.len() as Index;
        let known = entries.iter().take_while(|entry| self.matches(entry.position())).count();
        let mut extension = Extension { matched, truncated: None, first_new: None };
        if let Some(first) = entries.get(known) {
            if first.index <= self.last().index {
                self.truncate(first.index);
                extension.truncated = Some(first.index);
            }
            extension.first_new = Some(first.index);
            self.entries.extend(entries[known..].iter().cloned());
        }
        Some(extension)
    }

    fn truncate(&mut self, from: Index) {
        assert!(from > self.committed, "a committed entry is never truncated");
        let keep = self.offset(from);
        self.entries.truncate(keep);
        self.handed = self.handed.min(from - 1);
        self.stable = self.stable.min(from - 1);
    }

    /// Finds the last position at or before `index` whose term is not above `term`.
    ///
    /// Both sides of a rejected append use it to skip whole terms that cannot match (paper 5.3,
    /// the optimisation at the end). An unknown term, below the floor, is reported as 0.
    pub(super) fn last_not_above(&self, index: Index, term: Term) -> Position {
        let mut index = index;
        loop {
            match self.term(index) {
                None => return Position { index, term: 0 },
                Some(own) if own <= term || index == 0 => return Position { index, term: own },
                Some(_) => index -= 1,
            }
        }
    }

    /// Copies entries from `from` on, at least one and then as many as fit in `max` bytes.
    pub(super) fn slice(&self, from: Index, max: Bytes) -> Entries<D> {
        if from > self.last().index {
            return Arc::from([]);
        }
        let start = self.offset(from);
        let end = self.limit(start, self.entries.len(), max);
        self.entries.range(start..end).cloned().collect()
    }

    /// The end of the run of entries that starts at `start` and holds at most `max` bytes.
    fn limit(&self, start: usize, end: usize, max: Bytes) -> usize {
        let mut size: Bytes = 0;
        let fits = self.entries.range(start..end).take_while(|entry| {
            let first = size == 0;
            size = size.saturating_add(entry.size());
            first || size <= max
        });
        start + fits.count()
    }

    /// Moves the commit mark forward; an older or equal mark changes nothing.
    pub(super) fn commit_to(&mut self, index: Index) -> bool {
        if index <= self.committed {
            return false;
        }
        assert!(index <= self.last().index, "only what the log holds can be committed");
        self.committed = index;
        true
    }

    pub(super) fn has_unwritten(&self) -> bool {
        self.handed < self.last().index || self.incoming == Incoming::ToHand
    }

    /// Gives out what must be written now: a snapshot that replaces the log, and new entries.
    pub(super) fn take_unwritten(&mut self) -> (Option<Snapshot<S>>, Vec<Entry<D>>) {
        let snapshot = if self.incoming == Incoming::ToHand {
            self.incoming = Incoming::Handed;
            self.snapshot.clone()
        } else {
            None
        };
        let start = self.offset(self.handed + 1);
        self.handed = self.last().index;
        (snapshot, self.entries.range(start..).cloned().collect())
    }

    /// Notes that entries up to `index` are on disk.
    pub(super) fn stable_to(&mut self, index: Index) {
        self.stable = self.stable.max(index);
    }

    /// Notes that the leader's snapshot at `index` is on disk.
    pub(super) fn snapshot_stable(&mut self, index: Index) {
        let latest = self.snapshot.as_ref().map(|snapshot| snapshot.position.index);
        if self.incoming == Incoming::Handed && latest == Some(index) {
            self.incoming = Incoming::Nothing;
        }
        self.stable_to(index);
    }

    fn deliverable(&self) -> Index {
        if self.awaits_snapshot() { self.delivered } else { self.committed.min(self.stable) }
    }

    pub(super) fn has_committed(&self) -> bool {
        self.deliverable() > self.delivered
    }

    /// Gives out the next committed entries, about `max` bytes of them, to be applied.
    ///
    /// Only entries on this member's own disk leave: a state machine is never ahead of its log.
    pub(super) fn take_committed(&mut self, max: Bytes) -> Vec<Entry<D>> {
        if !self.has_committed() {
            return Vec::new();
        }
        let start = self.offset(self.delivered + 1);
        let end = self.limit(start, self.offset(self.deliverable() + 1), max);
        let taken: Vec<Entry<D>> = self.entries.range(start..end).cloned().collect();
        self.delivered += taken.len() as Index;
        taken
    }

    /// Notes that the state machine has applied everything up to `index`.
    pub(super) fn applied_to(&mut self, index: Index) {
        assert!(index <= self.delivered, "only what was delivered can be applied");
        self.applied = self.applied.max(index);
    }

    /// Replaces the whole log by a leader's snapshot.
    pub(super) fn restore(&mut self, snapshot: Snapshot<S>) {
        assert!(snapshot.position.index > self.committed, "a snapshot never takes back a commit");
        self.floor = snapshot.position;
        self.entries.clear();
        self.committed = snapshot.position.index;
        self.delivered = snapshot.position.index;
        self.handed = snapshot.position.index;
        // Nothing of the new log is on disk before the snapshot itself is.
        self.stable = 0;
        self.incoming = Incoming::ToHand;
        self.snapshot = Some(snapshot);
    }

    /// Keeps the state machine's own image at `index`; an older image than the last is refused.
    pub(super) fn create_snapshot(
        &mut self,
        index: Index,
        voters: VoterSet,
        data: S,
    ) -> Option<&Snapshot<S>> {
        let newer = self.snapshot.as_ref().is_none_or(|old| old.position.index < index);
        if !newer || self.awaits_snapshot() || index > self.applied {
            return None;
        }
        let position = Position { index, term: self.term(index)? };
        self.snapshot = Some(Snapshot { position, voters, data });
        self.snapshot.as_ref()
    }

    /// Drops the entries up to `index`, as far as the latest snapshot can stand for them.
    ///
    /// Answers whether anything was dropped.
    pub(super) fn compact(&mut self, index: Index) -> bool {
        let covered = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.position.index);
        let index = index.min(covered);
        let Some(term) = self.term(index) else { return false };
        let count = usize::try_from(index - self.floor.index).expect("a log fits in memory");
        self.entries.drain(..count);
        self.floor = Position { index, term };
        count > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(terms: &[Term]) -> Log<u64, ()> {
        let entries = (1..).zip(terms).map(|(index, term)| entry(index, *term)).collect();
        Log::restart(None, entries, 0, 0).unwrap()
    }

    fn entry(index: Index, term: Term) -> Entry<u64> {
        Entry { term, index, payload: Payload::Normal(index) }
    }

    fn terms(log: &Log<u64, ()>) -> Vec<Term> {
        log.entries().map(|entry| entry.term).collect()
    }

    fn append(log: &mut Log<u64, ()>, prev: (Index, Term), terms: &[Term]) -> Option<Extension> {
        let entries = (prev.0 + 1..).zip(terms).map(|(index, term)| entry(index, *term)).collect();
        log.try_append(Position { index: prev.0, term: prev.1 }, &entries)
    }

    #[test]
    fn an_append_needs_its_predecessor_and_truncates_only_at_a_conflict() {
        type Row<'a> =
            (&'a [Term], (Index, Term), &'a [Term], Option<(Index, Option<Index>)>, &'a [Term]);
        let rows: [Row<'_>; 7] = [
            (&[1, 1], (2, 1), &[2], Some((3, None)), &[1, 1, 2]),
            (&[1, 1], (3, 1), &[2], None, &[1, 1]),
            (&[1, 1], (2, 2), &[2], None, &[1, 1]),
            (&[1, 1, 1], (1, 1), &[2], Some((2, Some(2))), &[1, 2]),
            (&[1, 1, 1], (0, 0), &[1], Some((1, None)), &[1, 1, 1]),
            (&[1, 1, 1], (1, 1), &[], Some((1, None)), &[1, 1, 1]),
            (&[1, 1, 2, 2], (1, 1), &[1, 2, 3], Some((4, Some(4))), &[1, 1, 2, 3]),
        ];
        for (own, prev, new, expect, after) in rows {
            let mut log = log(own);
            let got = append(&mut log, prev, new);
            assert_eq!(got.map(|e| (e.matched, e.truncated)), expect, "{own:?} {prev:?} {new:?}");
            assert_eq!(terms(&log), after, "{own:?} {prev:?} {new:?}");
        }
    }

    #[test]
    #[should_panic(expected = "a committed entry is never truncated")]
    fn a_conflict_with_a_committed_entry_is_a_broken_invariant() {
        let mut log = log(&[1, 1]);
        log.commit_to(2);
        append(&mut log, (1, 1), &[2]);
    }

    #[test]
    fn the_later_term_wins_and_then_the_longer_log() {
        let log = log(&[1, 2, 2]);
        let rows =
            [((3, 2), true), ((2, 2), false), ((4, 2), true), ((9, 1), false), ((1, 3), true)];
        for ((index, term), expect) in rows {
            assert_eq!(log.is_up_to_date(Position { index, term }), expect, "{index} {term}");
        }
    }

    #[test]
    fn the_hint_skips_terms_that_cannot_match() {
        let log = log(&[1, 3, 3, 4, 4, 5]);
        let rows = [((6, 3), (3, 3)), ((6, 2), (1, 1)), ((5, 9), (5, 4)), ((6, 0), (0, 0))];
        for ((index, term), (at, own)) in rows {
            assert_eq!(log.last_not_above(index, term), Position { index: at, term: own });
        }
    }

    #[test]
    fn a_truncated_entry_is_written_again_before_it_counts_as_stable() {
        let mut log = log(&[1]);
        append(&mut log, (1, 1), &[1, 1]);
        assert_eq!(log.take_unwritten().1.len(), 2);
        log.stable_to(3);
        append(&mut log, (1, 1), &[2]);
        assert_eq!(log.stable(), 1);
        assert_eq!(log.take_unwritten().1, [entry(2, 2)]);
    }

    #[test]
    fn committed_entries_leave_once_and_only_from_the_own_disk() {
        let mut log = log(&[1]);
        append(&mut log, (1, 1), &[1, 1]);
        log.commit_to(3);
        assert_eq!(log.take_committed(Bytes::MAX).len(), 1);
        log.take_unwritten();
        log.stable_to(3);
        assert_eq!(log.take_committed(8).len(), 1, "a batch is limited by its size");
        assert_eq!(log.take_committed(0).len(), 1, "but one entry always leaves");
        assert!(!log.has_committed());
    }

    #[test]
    fn compaction_stops_at_the_snapshot_and_keeps_the_term_below() {
        let mut log = log(&[1, 2, 3]);
        log.commit_to(3);
        log.take_committed(Bytes::MAX);
        log.applied_to(2);
        assert!(!log.compact(2), "nothing stands for the entries yet");
        assert!(log.create_snapshot(3, VoterSet::default(), ()).is_none(), "3 is not applied");
        assert!(log.create_snapshot(2, VoterSet::default(), ()).is_some());
        assert!(log.compact(3));
        assert_eq!((log.first_index(), log.term(2), log.term(1)), (3, Some(2), None));
    }

    #[test]
    fn a_restart_takes_old_entries_below_the_snapshot_as_its_floor() {
        let snapshot = Snapshot {
            position: Position { index: 3, term: 2 },
            voters: VoterSet::default(),
            data: (),
        };
        let entries = VecDeque::from([entry(2, 1), entry(3, 2), entry(4, 2)]);
        let log = Log::restart(Some(snapshot.clone()), entries, 4, 0).unwrap();
        assert_eq!((log.first_index(), log.applied(), log.committed()), (3, 3, 4));
        let gap = VecDeque::from([entry(5, 2)]);
        assert!(Log::<u64, ()>::restart(Some(snapshot), gap, 0, 0).is_err());
        assert!(Log::<u64, ()>::restart(None, VecDeque::new(), 1, 0).is_err());
    }
}
