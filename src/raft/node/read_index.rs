//! Linearizable reads without a log entry: ask the leader how far the log was committed, and let
//! it prove that it still leads.
//!
//! The proof is one round of heartbeats that a majority answers. A new leader first commits an
//! entry of its own term, since before that it does not know what its predecessors committed.
//! Source: dissertation 6.4; etcd-io/raft:read_only.go (`ReadOnlySafe`).

use super::{Node, ProposalDropped, State};
use crate::raft::entry::{Data, Index, NodeId};
use crate::raft::message::{Body, ReadContext};
use crate::raft::quorum::{Tally, Votes};
use crate::raft::ready::ReadState;

/// The reads a leader has not answered, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadQueue {
    /// Those that wait for the leader's first commit.
    waiting: Vec<(NodeId, ReadContext)>,
    /// Those that wait for a round of heartbeats.
    confirming: Vec<Confirming>,
}

#[derive(Debug, Clone)]
struct Confirming {
    from: NodeId,
    context: ReadContext,
    index: Index,
    acks: Votes,
}

impl ReadQueue {
    /// The read that the next heartbeat shall carry; confirming it confirms all before it.
    pub(super) fn latest(&self) -> Option<ReadContext> {
        self.confirming.last().map(|read| read.context)
    }
}

impl<D: Data, S: Clone> Node<D, S> {
    /// Asks which index a linearizable read must wait for; the answer comes in `Ready::reads`.
    ///
    /// Errors: [`ProposalDropped::NoLeader`]. A forwarded request may get lost; etcd asks again
    /// every 500 ms.
    pub fn read_index(&mut self, context: ReadContext) -> Result<(), ProposalDropped> {
        match &self.state {
            State::Leader(_) => self.handle_read_index(self.config.id, context),
            State::Follower { leader: Some(leader) } => {
                let to = *leader;
                self.send(to, Body::ReadIndex { context });
            }
            State::Follower { leader: None } | State::PreCandidate(_) | State::Candidate(_) => {
                return Err(ProposalDropped::NoLeader);
            }
        }
        Ok(())
    }

    /// Takes a request for this leader; a follower that gets one by mistake passes it on.
    pub(super) fn handle_read_index(&mut self, from: NodeId, context: ReadContext) {
        let committed = self.log.committed();
        let knows_commit = self.log.term(committed) == Some(self.term);
        match &mut self.state {
            State::Leader(_) if self.voters.is_only(self.config.id) => {
                self.answer_read(from, context, committed);
            }
            State::Leader(lead) if !knows_commit => lead.reads.waiting.push((from, context)),
            State::Leader(lead) => {
                let queue = &mut lead.reads.confirming;
                if !queue.iter().any(|read| read.context == context && read.from == from) {
                    let mut acks = Votes::default();
                    acks.record(self.config.id, true);
                    queue.push(Confirming { from, context, index: committed, acks });
                }
                self.broadcast_heartbeat();
            }
            State::Follower { .. } | State::PreCandidate(_) | State::Candidate(_) => {}
        }
    }

    /// The leader knows its commit index now.
    pub(super) fn release_waiting_reads(&mut self) {
        let State::Leader(lead) = &mut self.state else { return };
        for (from, context) in std::mem::take(&mut lead.reads.waiting) {
            self.handle_read_index(from, context);
        }
    }

    /// A follower answered the heartbeat that carried `context`.
    pub(super) fn confirm_reads(&mut self, from: NodeId, context: ReadContext) {
        let State::Leader(lead) = &mut self.state else { return };
        let queue = &mut lead.reads.confirming;
        let Some(place) = queue.iter().position(|read| read.context == context) else { return };
        queue[place].acks.record(from, true);
        let acks = &queue[place].acks;
        if self.voters.tally(|id| acks.get(id)) != Tally::Won {
            return;
        }
        let confirmed: Vec<Confirming> = queue.drain(..=place).collect();
        for read in confirmed {
            self.answer_read(read.from, read.context, read.index);
        }
    }

    fn answer_read(&mut self, from: NodeId, context: ReadContext, index: Index) {
        if from == self.config.id {
            self.take_read_answer(context, index);
        } else {
            self.send(from, Body::ReadIndexResponse { context, index });
        }
    }

    pub(super) fn take_read_answer(&mut self, context: ReadContext, index: Index) {
        self.out.reads.push(ReadState { context, index });
    }
}
