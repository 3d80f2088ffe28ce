//! Handing leadership to a chosen member: bring it up to date, then let it campaign at once.
//!
//! Source: dissertation 3.10; etcd-io/raft `MsgTransferLeader`, `MsgTimeoutNow`.

use super::{Node, State};
use crate::raft::entry::{Data, NodeId};
use crate::raft::message::{Body, VoteKind};
use crate::raft::progress::Due;

impl<D: Data, S: Clone> Node<D, S> {
    /// Wishes that `to` lead; a follower passes the wish on to its leader.
    ///
    /// The leader drops proposals until `to` has taken over or an election time-out has passed.
    pub fn transfer_leader(&mut self, to: NodeId) {
        match &self.state {
            State::Leader(_) => self.start_transfer(to),
            State::Follower { leader: Some(leader) } => {
                let leader = *leader;
                self.send(leader, Body::TransferLeader { to });
            }
            State::Follower { leader: None } | State::PreCandidate(_) | State::Candidate(_) => {}
        }
    }

    fn start_transfer(&mut self, to: NodeId) {
        let State::Leader(lead) = &mut self.state else { return };
        if lead.get(to).is_none() || lead.transferee == Some(to) {
            return;
        }
        // A wish for another member, even for the leader itself, ends the running transfer.
        lead.transferee = None;
        if to == self.config.id {
            return;
        }
        lead.transferee = Some(to);
        lead.owe(to, Due::Surely);
        self.clock.election_elapsed = 0;
        self.continue_transfer(to);
    }

    /// Gives the sign to campaign as soon as the successor has the whole log.
    pub(super) fn continue_transfer(&mut self, follower: NodeId) {
        let last = self.log.last().index;
        let State::Leader(lead) = &mut self.state else { return };
        let chosen = lead.transferee == Some(follower);
        if chosen && lead.get(follower).is_some_and(|progress| progress.matched == last) {
            self.send(follower, Body::TimeoutNow);
        }
    }

    pub(super) fn abort_transfer(&mut self) {
        if let State::Leader(lead) = &mut self.state {
            lead.transferee = None;
        }
    }

    /// The leader asks this member to succeed it: no trial, and the vote lease does not hold.
    pub(super) fn handle_timeout_now(&mut self) {
        if matches!(self.state, State::Follower { .. }) {
            self.campaign_as(VoteKind::Vote, true);
        }
    }
}
