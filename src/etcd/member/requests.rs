//! Requests of clients: what each has to wait for, and for how long.
//!
//! A change is proposed and answered when it comes out of the log here. Without a leader it waits
//! outside Raft until there is one; a proposal that was forwarded to a leader that died is simply
//! lost, and its client hears nothing until the time-out. Source: etcd-io/etcd:
//! server/etcdserver/v3_server.go `processInternalRaftRequestOnce`, etcd-io/raft:node.go `run`.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Member, timer};
use crate::etcd::route::Route;
use crate::kernel::{FixedMap, SimTime, Slot};
use crate::raft::{NodeId, ProposalDropped};
use crate::wire::Cx;
use crate::wire::etcd::{Command, EtcdError, EtcdRequest, EtcdTimer, LeaseId, Mutation};

/// Who waits: a client and its own number for the request.
pub(super) type Client = (Slot, u64);

/// What a deadline is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// A proposal, by the number of its command.
    Proposal(u64),
    /// A batch of reads, by its number.
    Read(u64),
    /// A request that only the leader answers.
    Forward(u64),
    /// A hand-over of leadership.
    Transfer(u64),
}

/// The requests that wait for the log, and all deadlines.
#[derive(Debug, Clone, Default)]
pub(super) struct Requests {
    next: u64,
    proposals: FixedMap<u64, Client>,
    /// Changes that no leader has been told of yet.
    held: VecDeque<Arc<Command>>,
    /// All requests have the same time, so the first to come is the first to end.
    deadlines: VecDeque<(SimTime, Wait)>,
    transfers: Vec<(u64, Client, NodeId)>,
}

impl Requests {
    /// Numbers never come twice, over all members and restarts: member, start, count.
    ///
    /// Source: etcd-io/etcd:pkg/idutil/id.go.
    pub(super) fn begin(&mut self, member: NodeId, now: SimTime) {
        let start_ms = (now.as_nanos() / 1_000_000) & 0xff_ffff_ffff;
        self.next = (member.0 & 0x7fff) << 48 | start_ms << 8;
    }

    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(super) fn waiting(&self) -> usize {
        self.proposals.len() + self.transfers.len()
    }

    /// The client whose command has come out of the log.
    pub(super) fn answered(&mut self, command: u64) -> Option<Client> {
        self.proposals.remove(&command)
    }
}

impl Member {
    /// Takes a client's request on its way.
    pub(super) fn request(&mut self, cx: &mut Cx<'_>, client: Client, request: EtcdRequest) {
        if let Err(error) = self.config.limits.check(&request) {
            return self.reply(cx, client, Err(error));
        }
        let requests = &mut self.requests;
        let lease_id = || LeaseId::try_from(requests.number()).unwrap_or(LeaseId::MAX);
        match Route::of(request, lease_id) {
            Route::Log(mutation) => self.propose(cx, client, mutation),
            Route::Linearizable(read) => self.read(cx, client, read),
            Route::Local(read) => {
                if let Some(result) = self.store.answer(&read, cx.now()) {
                    self.reply(cx, client, result);
                }
            }
            Route::Leader(request) => self.forward(cx, client, request),
            Route::Member(request) => self.operate(cx, client, &request),
        }
    }

    fn propose(&mut self, cx: &mut Cx<'_>, client: Client, mutation: Mutation) {
        if let Err(error) = self.admit(&mutation) {
            return self.reply(cx, client, Err(error));
        }
        let id = self.requests.number();
        let command = Arc::new(Command::new(id, mutation));
        match self.node.propose(Arc::clone(&command)) {
            Ok(_) => {}
            Err(ProposalDropped::NoLeader) => self.requests.held.push_back(command),
            Err(ProposalDropped::TransferInProgress | ProposalDropped::UncommittedLimit) => {
                return self.reply(cx, client, Err(EtcdError::ProposalDropped));
            }
        }
        self.requests.proposals.insert(id, client);
        self.expect(cx, Wait::Proposal(id));
    }

    /// Refuses a change before it costs a log entry.
    fn admit(&mut self, mutation: &Mutation) -> Result<(), EtcdError> {
        let gap = self.node.commit().saturating_sub(self.node.applied_index());
        if gap > self.config.apply_gap_max {
            return Err(EtcdError::TooManyRequests);
        }
        self.config.limits.check_size(mutation)?;
        if !self.store.fits(mutation) {
            self.raise_no_space();
            return Err(EtcdError::NoSpace);
        }
        Ok(())
    }

    /// Proposes something that no client waits for; without a leader it is dropped.
    pub(super) fn propose_own(&mut self, mutation: Mutation) {
        let id = self.requests.number();
        let _tried_again_by_its_cause = self.node.propose(Arc::new(Command::new(id, mutation)));
    }

    /// There is a leader: tell it what waited for one.
    pub(super) fn propose_held(&mut self) {
        while let Some(command) = self.requests.held.pop_front() {
            if self.node.propose(Arc::clone(&command)) == Err(ProposalDropped::NoLeader) {
                self.requests.held.push_front(command);
                return;
            }
        }
    }

    /// Hands leadership over, on the wish of a client.
    pub(super) fn transfer(&mut self, cx: &mut Cx<'_>, client: Client, to: NodeId) {
        if !self.is_leader() {
            return self.reply(cx, client, Err(EtcdError::NotLeader));
        }
        if !self.node.voters().contains(to) {
            return self.reply(cx, client, Err(EtcdError::BadLeaderTransferee));
        }
        let number = self.requests.number();
        self.requests.transfers.push((number, client, to));
        self.expect(cx, Wait::Transfer(number));
        self.node.transfer_leader(to);
        self.finish_transfers(cx);
    }

    /// Tells those who wished for the present leader.
    pub(super) fn finish_transfers(&mut self, cx: &mut Cx<'_>) {
        let leader = self.node.leader();
        let transfers = std::mem::take(&mut self.requests.transfers);
        for (number, client, to) in transfers {
            if leader == Some(to) {
                self.reply_transferred(cx, client);
            } else {
                self.requests.transfers.push((number, client, to));
            }
        }
    }

    /// Starts the clock of a request.
    pub(super) fn expect(&mut self, cx: &mut Cx<'_>, wait: Wait) {
        let timeout = self.config.request_timeout();
        if self.requests.deadlines.is_empty() {
            cx.after(timeout, timer(EtcdTimer::Requests));
        }
        self.requests.deadlines.push_back((cx.now() + timeout, wait));
    }

    /// Ends the requests whose time is over.
    pub(super) fn expire_requests(&mut self, cx: &mut Cx<'_>) {
        while let Some((at, wait)) = self.requests.deadlines.front().copied() {
            if at > cx.now() && self.is_pending(wait) {
                // The timer runs as long as there is a deadline, so it is set anew here.
                cx.after(at.since(cx.now()), timer(EtcdTimer::Requests));
                return;
            }
            self.requests.deadlines.pop_front();
            if at <= cx.now() {
                self.expire(cx, wait);
            }
        }
    }

    fn is_pending(&self, wait: Wait) -> bool {
        match wait {
            Wait::Proposal(id) => self.requests.proposals.contains(&id),
            Wait::Read(batch) => self.reads.is_pending(batch),
            Wait::Forward(id) => self.forwards.is_pending(id),
            Wait::Transfer(number) => self.requests.transfers.iter().any(|t| t.0 == number),
        }
    }

    fn expire(&mut self, cx: &mut Cx<'_>, wait: Wait) {
        match wait {
            Wait::Proposal(id) => {
                if let Some(client) = self.requests.proposals.remove(&id) {
                    self.requests.held.retain(|command| command.id != id);
                    let error = self.timeout_error(cx);
                    self.reply(cx, client, Err(error));
                }
            }
            Wait::Read(batch) => self.expire_read(cx, batch),
            Wait::Forward(id) => {
                if let Some(client) = self.forwards.remove(id) {
                    self.reply(cx, client, Err(EtcdError::Timeout));
                }
            }
            Wait::Transfer(number) => {
                let transfers = &mut self.requests.transfers;
                if let Some(place) = transfers.iter().position(|t| t.0 == number) {
                    let (_, client, _) = transfers.remove(place);
                    self.reply(cx, client, Err(EtcdError::Timeout));
                }
            }
        }
    }

    /// Why a proposal did not come back, as far as this member can tell.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/server.go, `parseProposeCtxErr`.
    fn timeout_error(&self, cx: &Cx<'_>) -> EtcdError {
        let asked = cx.now().saturating_sub(self.config.request_timeout());
        let two_elections = self.config.election_timeout + self.config.election_timeout;
        let lost = self.lead_since.saturating_sub(two_elections);
        if lost < asked && asked < self.lead_since {
            EtcdError::TimeoutDueToLeaderFail
        } else {
            EtcdError::Timeout
        }
    }
}
