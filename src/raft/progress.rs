//! What a leader knows about one follower's log, and how fast it may talk to it.
//!
//! ```text
//!             accepted                      needs a compacted entry
//!   Probe ───────────────▶ Replicate      Probe/Replicate ───────────▶ Snapshot
//!     ▲ one append a heartbeat │ pipelined                   nothing is sent │
//!     └──── rejected / lost ───┘               accepted or reported ─────────┘
//! ```
//! Source: etcd-io/raft:tracker/progress.go, tracker/inflights.go.

use std::collections::VecDeque;

use super::entry::Index;

/// How the leader replicates to one follower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressState {
    /// The match point is being searched: one append at a time.
    Probe,
    /// The match point is known: appends are sent ahead of their acknowledgements.
    Replicate,
    /// A snapshot up to `pending` is on its way; appends would be useless.
    Snapshot {
        /// The index of the snapshot that was sent.
        pending: Index,
    },
}

impl ProgressState {
    /// Names the state as etcd's status does.
    pub fn name(self) -> &'static str {
        match self {
            Self::Probe => "StateProbe",
            Self::Replicate => "StateReplicate",
            Self::Snapshot { .. } => "StateSnapshot",
        }
    }
}

/// Whether the leader owes a follower an append at the next [`Ready`](super::Ready).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// Nothing to say.
    No,
    /// Send if there are entries to send.
    IfEntries,
    /// Send even without entries: the commit index moved, or a probe is wanted.
    Surely,
}

/// The leader's view of one member, itself included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The last index known to be on that member's disk and equal to the leader's.
    pub matched: Index,
    /// The next index to send.
    pub next: Index,
    /// How it is replicated to.
    pub state: ProgressState,
    /// Whether it has answered anything since the last quorum check.
    pub recent_active: bool,
    pub(super) due: Due,
    paused: bool,
    sent_commit: Index,
    inflight: VecDeque<Index>,
    inflight_max: usize,
}

impl Progress {
    pub(super) fn new(last: Index, inflight_max: usize) -> Self {
        Self {
            matched: 0,
            next: last + 1,
            state: ProgressState::Probe,
            recent_active: false,
            due: Due::No,
            paused: false,
            sent_commit: 0,
            inflight: VecDeque::new(),
            inflight_max,
        }
    }

    /// The number of appends under way.
    pub fn inflight(&self) -> usize {
        self.inflight.len()
    }

    /// Tells whether the window of unacknowledged appends is full.
    pub fn is_inflight_full(&self) -> bool {
        self.inflight.len() >= self.inflight_max
    }

    /// Tells whether the leader holds appends back for now.
    pub fn is_paused(&self) -> bool {
        match self.state {
            ProgressState::Probe | ProgressState::Replicate => self.paused,
            ProgressState::Snapshot { .. } => true,
        }
    }

    pub(super) fn owe(&mut self, due: Due) {
        self.due = self.due.max(due);
    }

    fn enter(&mut self, state: ProgressState, next: Index) {
        self.state = state;
        self.next = next;
        self.paused = false;
        self.inflight.clear();
        self.sent_commit = self.sent_commit.min(next - 1);
    }

    /// Goes back to searching, right after the snapshot if one was sent.
    pub(super) fn become_probe(&mut self) {
        let sent = match self.state {
            ProgressState::Snapshot { pending } => pending,
            ProgressState::Probe | ProgressState::Replicate => 0,
        };
        self.enter(ProgressState::Probe, self.matched.max(sent) + 1);
    }

    pub(super) fn become_replicate(&mut self) {
        self.enter(ProgressState::Replicate, self.matched + 1);
    }

    pub(super) fn become_snapshot(&mut self, pending: Index) {
        self.enter(ProgressState::Snapshot { pending }, pending + 1);
        self.sent_commit = pending;
    }

    /// A snapshot failed: probe again from what was known before it.
    pub(super) fn snapshot_failed(&mut self) {
        self.enter(ProgressState::Probe, self.matched + 1);
        self.paused = true;
    }

    /// A snapshot arrived: probe behind it, but only once the follower speaks.
    pub(super) fn snapshot_arrived(&mut self) {
        self.become_probe();
        self.paused = true;
    }

    /// The follower answered a heartbeat, so a paused stream may try once more.
    pub(super) fn resume(&mut self) {
        self.paused = false;
    }

    /// Notes that `count` entries and the commit index `commit` were sent.
    pub(super) fn sent(&mut self, count: Index, commit: Index) {
        match self.state {
            ProgressState::Probe => self.paused = count > 0,
            ProgressState::Replicate => {
                self.next += count;
                if count > 0 {
                    self.inflight.push_back(self.next - 1);
                }
                self.paused = self.is_inflight_full();
            }
            ProgressState::Snapshot { .. } => unreachable!("a snapshot pauses appends"),
        }
        self.commit_sent(commit);
    }

    /// Notes a commit index on its way; a follower can use it only up to what it was sent.
    pub(super) fn commit_sent(&mut self, commit: Index) {
        self.sent_commit = self.sent_commit.max(commit).min(self.next - 1);
    }

    /// Tells whether the follower could use a newer commit index than it was sent.
    pub(super) fn lacks_commit(&self, commit: Index) -> bool {
        self.sent_commit < commit.min(self.next - 1)
    }

    /// Takes an acknowledgement; answers whether it said anything new.
    pub(super) fn accepted(&mut self, index: Index) -> bool {
        if index <= self.matched {
            return false;
        }
        self.matched = index;
        self.next = self.next.max(index + 1);
        true
    }

    /// Frees the window up to an acknowledged index.
    pub(super) fn free_inflight(&mut self, index: Index) {
        while self.inflight.front().is_some_and(|last| *last <= index) {
            self.inflight.pop_front();
        }
        self.paused = self.is_inflight_full();
    }

    /// Takes a rejection of `rejected`; answers whether it was current and moved `next` back.
    pub(super) fn rejected(&mut self, rejected: Index, hint: Index) -> bool {
        match self.state {
            ProgressState::Replicate => {
                let current = rejected > self.matched;
                if current {
                    self.next = self.matched + 1;
                    self.sent_commit = self.sent_commit.min(self.matched);
                }
                current
            }
            ProgressState::Probe | ProgressState::Snapshot { .. } => {
                // In these states at most one append is under way; any other answer is an old one.
                if self.next - 1 != rejected {
                    return false;
                }
                self.next = rejected.min(hint + 1).max(self.matched + 1);
                self.sent_commit = self.sent_commit.min(self.next - 1);
                self.paused = false;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_that_is_not_current_changes_nothing() {
        // (state, matched, next, rejected, hint) -> (moved, next)
        type Row = (ProgressState, Index, Index, Index, Index, bool, Index);
        let rows: [Row; 7] = [
            (ProgressState::Replicate, 5, 10, 5, 5, false, 10),
            (ProgressState::Replicate, 5, 10, 4, 4, false, 10),
            (ProgressState::Replicate, 5, 10, 9, 9, true, 6),
            (ProgressState::Probe, 0, 10, 5, 5, false, 10),
            (ProgressState::Probe, 0, 10, 9, 9, true, 9),
            (ProgressState::Probe, 0, 10, 9, 2, true, 3),
            (ProgressState::Probe, 7, 10, 9, 2, true, 8),
        ];
        for (state, matched, next, rejected, hint, moved, after) in rows {
            let mut progress = Progress::new(0, 8);
            (progress.state, progress.matched, progress.next) = (state, matched, next);
            assert_eq!(progress.rejected(rejected, hint), moved);
            assert_eq!(progress.next, after, "{state:?} {matched} {next} {rejected} {hint}");
        }
    }

    #[test]
    fn a_probe_pauses_after_one_append_and_replication_when_the_window_is_full() {
        let mut progress = Progress::new(4, 2);
        progress.sent(0, 0);
        assert!(!progress.is_paused(), "an empty probe costs nothing");
        progress.sent(3, 0);
        assert!(progress.is_paused());
        assert_eq!(progress.next, 5, "a probe does not run ahead");
        progress.accepted(4);
        progress.become_replicate();
        progress.sent(1, 0);
        assert!(!progress.is_paused());
        progress.sent(2, 0);
        assert!(progress.is_paused() && progress.next == 8);
        progress.free_inflight(5);
        assert!(!progress.is_paused() && progress.inflight() == 1);
    }

    #[test]
    fn after_a_snapshot_the_search_starts_behind_it() {
        let mut progress = Progress::new(4, 2);
        progress.become_snapshot(20);
        assert!(progress.is_paused());
        progress.snapshot_arrived();
        assert_eq!((progress.next, progress.is_paused()), (21, true));
        progress.become_snapshot(30);
        progress.snapshot_failed();
        assert_eq!(progress.next, 1, "a failed snapshot proves nothing");
    }
}
