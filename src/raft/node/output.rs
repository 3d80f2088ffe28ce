//! How results leave the node, and how the disk's answers come back.

use std::collections::VecDeque;

use super::{Node, State};
use crate::raft::entry::{Data, HardState, Index, NodeId, Snapshot, Term};
use crate::raft::message::VoteKind;
use crate::raft::quorum::VoterSet;
use crate::raft::ready::{Ready, Write, WriteNumber};

/// What was handed out to be written, and how far it is known to be durable.
#[derive(Debug, Clone)]
pub(super) struct Writes {
    issued: WriteNumber,
    /// The hard state as it was last handed out.
    handed: HardState,
    /// The vote that is on disk, with its term.
    durable_vote: (Term, Option<NodeId>),
    under_way: VecDeque<UnderWay>,
}

#[derive(Debug, Clone)]
struct UnderWay {
    number: WriteNumber,
    /// The last index that is durable with this write and still in the log.
    last: Index,
    snapshot: Option<Index>,
    vote: (Term, Option<NodeId>),
}

impl Writes {
    pub(super) fn new(hard_state: HardState) -> Self {
        Self {
            issued: 0,
            handed: hard_state,
            durable_vote: (hard_state.term, hard_state.vote),
            under_way: VecDeque::new(),
        }
    }

    /// Entries from `from` on have left the log: writes under way no longer vouch for them.
    ///
    /// Without this, the late answer to a write of a truncated entry could vouch for another
    /// entry at the same index (etcd-io/raft calls it the ABA problem).
    pub(super) fn truncate(&mut self, from: Index) {
        for write in &mut self.under_way {
            write.last = write.last.min(from.saturating_sub(1));
        }
    }
}

impl<D: Data, S: Clone> Node<D, S> {
    /// Tells whether `ready` would hand out anything.
    pub fn has_ready(&self) -> bool {
        let owed = if let State::Leader(lead) = &self.state { lead.due } else { false };
        owed || !self.out.messages.is_empty()
            || !self.out.promises.is_empty()
            || !self.out.reads.is_empty()
            || !self.out.facts.is_empty()
            || self.hard_state() != self.writes.handed
            || self.log.has_unwritten()
            || self.log.has_committed()
    }

    /// Hands out everything that has to be done now; see [`Ready`] for the order of work.
    pub fn ready(&mut self) -> Ready<D, S> {
        self.flush_appends();
        let write = self.take_write();
        let committed = self.log.take_committed(self.config.max_size_per_msg);
        self.release_uncommitted(&committed);
        let mut ready = Ready {
            number: self.writes.issued,
            write,
            messages: std::mem::take(&mut self.out.messages),
            messages_after_write: std::mem::take(&mut self.out.promises),
            committed,
            reads: std::mem::take(&mut self.out.reads),
            facts: std::mem::take(&mut self.out.facts),
        };
        if self.writes.under_way.is_empty() {
            // Everything promised is durable already.
            ready.messages.append(&mut ready.messages_after_write);
        }
        ready
    }

    fn take_write(&mut self) -> Option<Write<D, S>> {
        let hard_state = self.hard_state();
        let changed = hard_state != self.writes.handed;
        if !changed && !self.log.has_unwritten() {
            return None;
        }
        let handed = std::mem::replace(&mut self.writes.handed, hard_state);
        let (snapshot, entries) = self.log.take_unwritten();
        let voted = (hard_state.term, hard_state.vote) != (handed.term, handed.vote);
        self.writes.issued += 1;
        self.writes.under_way.push_back(UnderWay {
            number: self.writes.issued,
            last: self.log.last().index,
            snapshot: snapshot.as_ref().map(|snapshot| snapshot.position.index),
            vote: (hard_state.term, hard_state.vote),
        });
        Some(Write {
            number: self.writes.issued,
            hard_state: changed.then_some(hard_state),
            must_sync: voted || snapshot.is_some() || !entries.is_empty(),
            snapshot,
            entries,
        })
    }

    /// The disk has made every write up to `number` durable.
    ///
    /// Only now does the member's own vote count, and its own copy of an entry.
    pub fn persisted(&mut self, number: WriteNumber) {
        while self.writes.under_way.front().is_some_and(|write| write.number <= number) {
            let Some(write) = self.writes.under_way.pop_front() else { break };
            if let Some(index) = write.snapshot {
                self.log.snapshot_stable(index);
            }
            self.log.stable_to(write.last);
            self.writes.durable_vote = write.vote;
        }
        let own = (self.term, Some(self.config.id));
        if matches!(self.state, State::Candidate(_)) && self.writes.durable_vote == own {
            self.count_vote(self.config.id, VoteKind::Vote, true);
        }
        self.acknowledge_own();
    }

    /// The state machine has applied everything up to `index`.
    pub fn applied(&mut self, index: Index) {
        self.log.applied_to(index);
    }

    /// Keeps the state machine's image at `index`, to be sent to members that lag too far.
    ///
    /// Answers the snapshot for the disk, or nothing when `index` is not applied yet, not newer
    /// than the last one, or a leader's snapshot is just arriving.
    pub fn create_snapshot(&mut self, index: Index, data: S) -> Option<&Snapshot<S>> {
        let voters: VoterSet = self.voters.clone();
        self.log.create_snapshot(index, voters, data)
    }

    /// Drops entries up to `index`, at most up to the latest snapshot.
    ///
    /// Answers whether anything was dropped.
    pub fn compact(&mut self, index: Index) -> bool {
        self.log.compact(index)
    }
}
