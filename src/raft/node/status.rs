//! What observers may see of a node. Nothing here changes anything.

use super::{Node, State};
use crate::raft::config::Config;
use crate::raft::entry::{Data, Entry, HardState, Index, NodeId, Position, Snapshot, Term};
use crate::raft::progress::Progress;
use crate::raft::quorum::VoterSet;
use crate::raft::ready::Role;

impl<D: Data, S: Clone> Node<D, S> {
    /// This member's identity.
    pub fn id(&self) -> NodeId {
        self.config.id
    }

    /// The settings it runs with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The members whose votes count.
    pub fn voters(&self) -> &VoterSet {
        &self.voters
    }

    /// The term it is in.
    pub fn term(&self) -> Term {
        self.term
    }

    /// Whom it voted for in this term.
    pub fn vote(&self) -> Option<NodeId> {
        self.vote
    }

    /// The part it plays.
    pub fn role(&self) -> Role {
        match &self.state {
            State::Follower { .. } => Role::Follower,
            State::PreCandidate(_) => Role::PreCandidate,
            State::Candidate(_) => Role::Candidate,
            State::Leader(_) => Role::Leader,
        }
    }

    /// The leader it believes in; itself when it leads.
    pub fn leader(&self) -> Option<NodeId> {
        match &self.state {
            State::Follower { leader } => *leader,
            State::PreCandidate(_) | State::Candidate(_) => None,
            State::Leader(_) => Some(self.config.id),
        }
    }

    /// The highest index it knows to be committed.
    pub fn commit(&self) -> Index {
        self.log.committed()
    }

    /// The highest index its state machine has applied.
    pub fn applied_index(&self) -> Index {
        self.log.applied()
    }

    /// The highest index of its log that is on its own disk.
    pub fn stable_index(&self) -> Index {
        self.log.stable()
    }

    /// The oldest index that can still be sent as an entry.
    pub fn first_index(&self) -> Index {
        self.log.first_index()
    }

    /// The end of its log.
    pub fn last(&self) -> Position {
        self.log.last()
    }

    /// The term of the entry at `index`, as long as the log knows it.
    pub fn term_at(&self, index: Index) -> Option<Term> {
        self.log.term(index)
    }

    /// The entries in memory, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<D>> {
        self.log.entries()
    }

    /// The latest snapshot, its own or a leader's.
    pub fn snapshot(&self) -> Option<&Snapshot<S>> {
        self.log.snapshot()
    }

    /// What a restart would need to know beside the log.
    pub fn hard_state(&self) -> HardState {
        HardState { term: self.term, vote: self.vote, commit: self.log.committed() }
    }

    /// What this leader knows of each member, itself included; empty for others.
    pub fn progress(&self) -> &[(NodeId, Progress)] {
        if let State::Leader(lead) = &self.state { &lead.progress } else { &[] }
    }

    /// The answers this candidate has got, in the order of their arrival; empty for others.
    pub fn votes(&self) -> &[(NodeId, bool)] {
        match &self.state {
            State::PreCandidate(votes) | State::Candidate(votes) => votes.answers(),
            State::Follower { .. } | State::Leader(_) => &[],
        }
    }

    /// The member this leader is handing its office to.
    pub fn transferee(&self) -> Option<NodeId> {
        if let State::Leader(lead) = &self.state { lead.transferee } else { None }
    }

    /// Ticks since the leader was heard, or since the last campaign or quorum check.
    pub fn election_elapsed(&self) -> u32 {
        self.clock.election_elapsed
    }

    /// The randomised election time-out \[ticks\]; nothing until the first tick after a reset.
    pub fn election_timeout(&self) -> Option<u32> {
        self.clock.timeout
    }
}
