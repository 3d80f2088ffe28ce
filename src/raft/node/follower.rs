//! What a follower does: believe the leader, take its entries, answer votes.

use super::{Node, State};
use crate::raft::entry::{Data, Entries, Index, NodeId, Position, Snapshot, Term};
use crate::raft::log::Extension;
use crate::raft::message::{Body, VoteKind};
use crate::raft::ready::Fact;

impl<D: Data, S: Clone> Node<D, S> {
    /// Accepts `from` as this term's leader; answers whether its message may be handled.
    pub(super) fn follow(&mut self, from: NodeId) -> bool {
        match &mut self.state {
            State::Follower { leader } => {
                self.clock.election_elapsed = 0;
                let before = leader.replace(from);
                let (role, term) = (self.role(), self.term);
                self.note_change(role, before, term);
                true
            }
            State::PreCandidate(_) | State::Candidate(_) => {
                self.become_follower(self.term, Some(from));
                true
            }
            // Two leaders in one term cannot be; what claims to come from one is ignored.
            State::Leader(_) => false,
        }
    }

    /// Takes entries if the log has the leader's predecessor, else says where to look next.
    pub(super) fn handle_append(
        &mut self,
        from: NodeId,
        prev: Position,
        entries: &Entries<D>,
        commit: Index,
    ) {
        let committed = self.log.committed();
        if prev.index < committed {
            self.send(from, Body::AppendAccepted { index: committed });
        } else if let Some(extension) = self.log.try_append(prev, entries) {
            self.note_extension(extension, entries);
            // The rest of this log may be a deposed leader's: only what matches is committed.
            self.commit_to(commit.min(extension.matched));
            self.send(from, Body::AppendAccepted { index: extension.matched });
        } else {
            let index = prev.index.min(self.log.last().index);
            let hint = self.log.last_not_above(index, prev.term);
            self.send(from, Body::AppendRejected { rejected: prev.index, hint });
        }
    }

    fn note_extension(&mut self, extension: Extension, entries: &Entries<D>) {
        if let Some(from) = extension.truncated {
            self.writes.truncate(from);
            self.note(Fact::Truncated { from });
        }
        let Some(first_new) = extension.first_new else { return };
        let new = entries.iter().skip_while(|entry| entry.index < first_new);
        // One fact per run of equal terms.
        let mut run: Option<(Index, Index, Term)> = None;
        for entry in new {
            match &mut run {
                Some((_, last, term)) if *term == entry.term => *last = entry.index,
                Some((first, last, term)) => {
                    let fact = Fact::Appended { first: *first, last: *last, term: *term };
                    self.out.facts.push(fact);
                    run = Some((entry.index, entry.index, entry.term));
                }
                None => run = Some((entry.index, entry.index, entry.term)),
            }
        }
        if let Some((first, last, term)) = run {
            self.note(Fact::Appended { first, last, term });
        }
    }

    pub(super) fn commit_to(&mut self, index: Index) {
        if self.log.commit_to(index) {
            self.note(Fact::Committed { to: index });
        }
    }

    /// Takes a snapshot if it is ahead of what this log can reach alone.
    pub(super) fn handle_snapshot(&mut self, from: NodeId, snapshot: Snapshot<S>) {
        let position = snapshot.position;
        if position.index > self.log.committed() {
            if self.log.matches(position) {
                // The entries are here; the snapshot only tells that they are committed.
                self.commit_to(position.index);
            } else if snapshot.voters.contains(self.config.id) {
                self.voters = snapshot.voters.clone();
                self.log.restore(snapshot);
                self.writes.truncate(0);
                self.note(Fact::Restored { index: position.index, term: position.term });
                self.note(Fact::Committed { to: position.index });
            }
        }
        self.send(from, Body::AppendAccepted { index: self.log.committed() });
    }

    /// Gives or refuses a vote.
    ///
    /// Source: Raft paper 5.2 (one vote per term, first come first served) and 5.4.1 (only to a
    /// log at least as up to date). A granted answer carries the term that was asked about,
    /// since a pre-vote is about a term this member is not in.
    pub(super) fn answer_vote(
        &mut self,
        from: NodeId,
        (kind, term): (VoteKind, Term),
        last: Position,
    ) {
        let free = match self.vote {
            Some(candidate) => candidate == from,
            None => self.leader().is_none(),
        };
        let can_vote = free || (kind == VoteKind::PreVote && term > self.term);
        if !(can_vote && self.log.is_up_to_date(last)) {
            self.send(from, Body::VoteResponse { kind, granted: false });
            return;
        }
        self.send_at(term, from, Body::VoteResponse { kind, granted: true });
        if kind == VoteKind::Vote {
            self.clock.election_elapsed = 0;
            if self.vote.replace(from).is_none() {
                self.note(Fact::Voted { candidate: from, term });
            }
        }
    }

    /// Stops believing in the leader, so that votes may be given before the time-out.
    ///
    /// For a caller that knows better than the timers that the leader is gone. The election
    /// timer runs on. Source: etcd-io/raft `MsgForgetLeader`.
    pub fn forget_leader(&mut self) {
        if let State::Follower { leader } = &mut self.state {
            let before = leader.take();
            let (role, term) = (self.role(), self.term);
            self.note_change(role, before, term);
        }
    }
}
