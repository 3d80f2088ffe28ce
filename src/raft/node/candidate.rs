//! How a member stands for election: first a trial (pre-vote), then the vote itself.

use super::{Node, State};
use crate::raft::entry::Data;
use crate::raft::entry::NodeId;
use crate::raft::message::{Body, VoteKind};
use crate::raft::quorum::{Tally, Votes};
use crate::raft::ready::Fact;

impl<D: Data, S: Clone> Node<D, S> {
    /// Stands for election now, as if the election time-out had passed.
    pub fn campaign(&mut self) {
        let kind = if self.config.pre_vote { VoteKind::PreVote } else { VoteKind::Vote };
        self.campaign_as(kind, false);
    }

    /// `transfer` tells the voters that the leader itself wishes this election.
    pub(super) fn campaign_as(&mut self, kind: VoteKind, transfer: bool) {
        if matches!(self.state, State::Leader(_)) || !self.is_promotable() {
            return;
        }
        let term = self.term + 1;
        match kind {
            VoteKind::PreVote => self.become_pre_candidate(),
            VoteKind::Vote => self.become_candidate(),
        }
        let last = self.log.last();
        for place in 0..self.voters.ids().len() {
            let to = self.voters.ids()[place];
            if to != self.config.id {
                self.send_at(term, to, Body::Vote { kind, last, transfer });
            }
        }
        self.poll();
    }

    /// A trial changes neither term nor vote nor timers, so it can do no harm.
    fn become_pre_candidate(&mut self) {
        let (role, leader, term) = (self.role(), self.leader(), self.term);
        let mut votes = Votes::default();
        votes.record(self.config.id, true);
        self.state = State::PreCandidate(votes);
        self.note_change(role, leader, term);
    }

    /// The own vote counts once it is on disk; see `persisted`.
    fn become_candidate(&mut self) {
        let (id, term) = (self.config.id, self.term + 1);
        self.enter(term, State::Candidate(Votes::default()));
        self.vote = Some(id);
        self.note(Fact::Voted { candidate: id, term });
    }

    /// Counts an answer, if it answers what this member asks now.
    pub(super) fn count_vote(&mut self, from: NodeId, asked: VoteKind, granted: bool) {
        match (&mut self.state, asked) {
            (State::PreCandidate(votes), VoteKind::PreVote)
            | (State::Candidate(votes), VoteKind::Vote) => votes.record(from, granted),
            (State::PreCandidate(_), VoteKind::Vote)
            | (State::Candidate(_), VoteKind::PreVote)
            | (State::Follower { .. } | State::Leader(_), _) => return,
        }
        self.poll();
    }

    fn poll(&mut self) {
        let (votes, kind) = match &self.state {
            State::PreCandidate(votes) => (votes, VoteKind::PreVote),
            State::Candidate(votes) => (votes, VoteKind::Vote),
            State::Follower { .. } | State::Leader(_) => return,
        };
        let own_is_durable = votes.get(self.config.id).is_some();
        match self.voters.tally(|id| votes.get(id)) {
            Tally::Won if kind == VoteKind::PreVote => self.campaign_as(VoteKind::Vote, false),
            Tally::Won if own_is_durable => self.become_leader(),
            Tally::Lost => self.become_follower(self.term, None),
            Tally::Won | Tally::Pending => {}
        }
    }
}
