//! What a leader does: order proposals, count replicas, notice when it is alone.

use super::{Node, ProposalDropped, State};
use crate::raft::entry::{Bytes, Data, Entry, Index, NodeId, Payload};
use crate::raft::message::{Body, ReadContext};
use crate::raft::progress::{Due, Progress};
use crate::raft::quorum::{Tally, VoterSet};
use crate::raft::ready::Fact;

use super::read_index::ReadQueue;

/// What only a leader has, for one term.
#[derive(Debug, Clone)]
pub(super) struct Leadership {
    /// In ascending order of members; the leader itself is one of them.
    pub(super) progress: Vec<(NodeId, Progress)>,
    pub(super) reads: ReadQueue,
    /// The member that shall lead next; proposals are dropped meanwhile.
    pub(super) transferee: Option<NodeId>,
    pub(super) uncommitted: Bytes,
    /// Whether any progress is owed an append, so that an idle `ready` costs nothing.
    pub(super) due: bool,
}

impl Leadership {
    fn new(voters: &VoterSet, last: Index, inflight_max: usize) -> Self {
        let progress = |id: &NodeId| (*id, Progress::new(last, inflight_max));
        Self {
            progress: voters.ids().iter().map(progress).collect(),
            reads: ReadQueue::default(),
            transferee: None,
            uncommitted: 0,
            due: false,
        }
    }

    pub(super) fn get(&mut self, id: NodeId) -> Option<&mut Progress> {
        self.progress.iter_mut().find(|(other, _)| *other == id).map(|(_, progress)| progress)
    }

    fn matched(&self, id: NodeId) -> Index {
        let of = self.progress.iter().find(|(other, _)| *other == id);
        of.map_or(0, |(_, progress)| progress.matched)
    }

    pub(super) fn owe_all(&mut self, due: Due) {
        self.due = true;
        for (_, progress) in &mut self.progress {
            progress.owe(due);
        }
    }

    pub(super) fn owe(&mut self, id: NodeId, due: Due) {
        self.due = true;
        if let Some(progress) = self.get(id) {
            progress.owe(due);
        }
    }
}

impl<D: Data, S: Clone> Node<D, S> {
    /// Takes office: knows nobody's log yet, and appends an empty entry at once.
    ///
    /// Entries of former terms are committed only through it. Source: Raft paper 5.4.2 and 8.
    pub(super) fn become_leader(&mut self) {
        let last = self.log.last().index;
        let mut lead = Leadership::new(&self.voters, last, self.config.max_inflight_msgs);
        let stable = self.log.stable();
        if let Some(own) = lead.get(self.config.id) {
            own.matched = stable;
            own.become_replicate();
            own.recent_active = true;
        }
        self.enter(self.term, State::Leader(lead));
        let empty = self.append_own(Payload::Empty);
        assert!(empty.is_ok(), "an empty entry fits under every limit");
    }

    /// Appends to the leader's own log and owes the entry to everybody.
    pub(super) fn append_own(&mut self, payload: Payload<D>) -> Result<Index, ProposalDropped> {
        let State::Leader(lead) = &mut self.state else {
            return Err(ProposalDropped::NoLeader);
        };
        if lead.transferee.is_some() {
            return Err(ProposalDropped::TransferInProgress);
        }
        let size = match &payload {
            Payload::Empty => 0,
            Payload::Normal(data) => data.size(),
        };
        let total = lead.uncommitted.saturating_add(size);
        if lead.uncommitted > 0 && size > 0 && total > self.config.max_uncommitted_size {
            return Err(ProposalDropped::UncommittedLimit);
        }
        lead.uncommitted = total;
        lead.owe_all(Due::Surely);
        let index = self.log.append(self.term, payload);
        self.note(Fact::Appended { first: index, last: index, term: self.term });
        Ok(index)
    }

    /// Forgets the size of entries that are on their way to the state machine.
    pub(super) fn release_uncommitted(&mut self, committed: &[Entry<D>]) {
        if let State::Leader(lead) = &mut self.state {
            let size = committed.iter().map(Entry::size).fold(0, Bytes::saturating_add);
            lead.uncommitted = lead.uncommitted.saturating_sub(size);
        }
    }

    /// Commits what a majority has on disk, if it is of the leader's own term.
    ///
    /// Counting replicas of an older entry would be wrong: figure 8 of the paper shows how such
    /// an entry can still be overwritten. Source: Raft paper 5.4.2.
    pub(super) fn commit_by_majority(&mut self) -> bool {
        let State::Leader(lead) = &mut self.state else { return false };
        let index = self.voters.committed(|id| lead.matched(id));
        if self.log.term(index) != Some(self.term) || !self.log.commit_to(index) {
            return false;
        }
        lead.owe_all(Due::Surely);
        self.note(Fact::Committed { to: index });
        self.release_waiting_reads();
        true
    }

    /// The leader's own disk has caught up: its word counts like a follower's.
    pub(super) fn acknowledge_own(&mut self) {
        let stable = self.log.stable();
        let State::Leader(lead) = &mut self.state else { return };
        if lead.get(self.config.id).is_some_and(|own| own.accepted(stable)) {
            self.commit_by_majority();
        }
    }

    pub(super) fn tick_leader(&mut self) {
        self.clock.heartbeat_elapsed += 1;
        if self.clock.election_elapsed >= self.config.election_tick {
            self.clock.election_elapsed = 0;
            if self.config.check_quorum && !self.check_quorum() {
                self.become_follower(self.term, None);
                return;
            }
            // A transfer that took an election time-out has failed: lead on.
            self.abort_transfer();
        }
        if self.clock.heartbeat_elapsed >= self.config.heartbeat_tick {
            self.clock.heartbeat_elapsed = 0;
            self.broadcast_heartbeat();
        }
    }

    /// Tells whether a majority was heard since the last check, and starts counting anew.
    fn check_quorum(&mut self) -> bool {
        let State::Leader(lead) = &mut self.state else { return false };
        let heard = |id| lead.progress.iter().any(|(other, p)| *other == id && p.recent_active);
        let active = self.voters.tally(|id| Some(heard(id))) == Tally::Won;
        for (id, progress) in &mut lead.progress {
            progress.recent_active = *id == self.config.id;
        }
        active
    }

    /// Says "I lead" to everybody, with the read that was asked for last.
    pub(super) fn broadcast_heartbeat(&mut self) {
        let State::Leader(lead) = &mut self.state else { return };
        let context: Option<ReadContext> = lead.reads.latest();
        for place in 0..lead.progress.len() {
            let State::Leader(lead) = &mut self.state else { return };
            let (to, progress) = &mut lead.progress[place];
            let to = *to;
            if to == self.config.id {
                continue;
            }
            // Not more than the follower surely has: its tail may be a deposed leader's.
            let commit = progress.matched.min(self.log.committed());
            progress.commit_sent(commit);
            self.send(to, Body::Heartbeat { commit, context });
        }
    }
}
