//! One member of a Raft cluster: its state, its clock, and the rule of terms.
//!
//! What each role does stands in its own file below `node/`. The role is an enum with data, so
//! that a follower cannot have votes and only a leader has progress.

mod candidate;
mod follower;
mod leader;
mod output;
mod read_index;
mod replicate;
mod status;
mod transfer;

use super::config::Config;
use super::entry::{Data, Index, NodeId, Payload, Term};
use super::log::Log;
use super::message::{Body, Message, VoteKind};
use super::quorum::{VoterSet, Votes};
use super::ready::{Fact, ReadState, Role};
use super::storage::Storage;

use leader::Leadership;
use output::Writes;

/// One member, as a pure state machine.
///
/// `D` is the command in an entry, `S` the state machine's image in a snapshot.
#[derive(Debug, Clone)]
pub struct Node<D, S> {
    config: Config,
    voters: VoterSet,
    term: Term,
    vote: Option<NodeId>,
    state: State,
    clock: Clock,
    log: Log<D, S>,
    writes: Writes,
    out: Outbox<D, S>,
}

/// The role and what belongs to it alone.
#[derive(Debug, Clone)]
enum State {
    Follower { leader: Option<NodeId> },
    PreCandidate(Votes),
    Candidate(Votes),
    Leader(Leadership),
}

/// Time in ticks. `timeout` is drawn by the first tick that needs it.
#[derive(Debug, Clone, Copy, Default)]
struct Clock {
    election_elapsed: u32,
    heartbeat_elapsed: u32,
    timeout: Option<u32>,
}

/// What gathers between two calls of `ready`.
#[derive(Debug, Clone)]
struct Outbox<D, S> {
    messages: Vec<Message<D, S>>,
    promises: Vec<Message<D, S>>,
    reads: Vec<ReadState>,
    facts: Vec<Fact>,
}

/// Where a proposal went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposed {
    /// Into this leader's own log; it may still be lost if the leader is deposed.
    Appended {
        /// Its index.
        index: Index,
        /// The leader's term.
        term: Term,
    },
    /// To the leader that this follower believes in, dead or alive; nobody tells how it went.
    Forwarded {
        /// That leader.
        to: NodeId,
    },
}

/// Why a proposal or a read went nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalDropped {
    /// This member knows no leader.
    NoLeader,
    /// The leader is handing over its office.
    TransferInProgress,
    /// The leader holds too many uncommitted bytes.
    UncommittedLimit,
}

impl<D: Data, S: Clone> Node<D, S> {
    /// Starts a member from its disk; a fresh disk makes a new member.
    ///
    /// Errors: a sentence when the configuration or the disk's content makes no sense.
    pub fn start(config: Config, disk: &Storage<D, S>) -> Result<Self, &'static str> {
        Self::restart(config, disk, 0)
    }

    /// Starts a member whose state machine itself survived, with everything up to `applied`.
    ///
    /// Entries up to there are not delivered again. An `applied` below the snapshot on disk means
    /// that the state machine starts from that snapshot.
    /// Errors: as `start`; also when the disk lacks entries that were applied.
    /// Source: etcd-io/raft:raft.go `Config.Applied`.
    pub fn restart(
        config: Config,
        disk: &Storage<D, S>,
        applied: Index,
    ) -> Result<Self, &'static str> {
        config.validate()?;
        let hard_state = disk.hard_state();
        let snapshot = disk.snapshot().cloned();
        // What was applied was committed, whether or not the disk was told in time.
        let commit = hard_state.commit.max(applied);
        let log = Log::restart(snapshot, disk.entries().clone(), commit, applied)?;
        Ok(Self {
            config,
            voters: disk.voters().clone(),
            term: hard_state.term,
            vote: hard_state.vote,
            state: State::Follower { leader: None },
            clock: Clock::default(),
            log,
            writes: Writes::new(hard_state),
            out: Outbox::default(),
        })
    }

    /// Lets one tick pass.
    ///
    /// `jitter` is called at most once, with the number of choices n, and answers one of 0 .. n;
    /// it makes the election time-out uniform in E ..= 2E-1 ticks.
    /// Source: Raft paper 5.2; etcd-io/raft:raft.go `resetRandomizedElectionTimeout`.
    pub fn tick(&mut self, jitter: impl FnOnce(u32) -> u32) {
        self.clock.election_elapsed += 1;
        if matches!(self.state, State::Leader(_)) {
            self.tick_leader();
            return;
        }
        let election_tick = self.config.election_tick;
        let draw = || {
            let extra = jitter(election_tick);
            assert!(extra < election_tick, "the jitter is below the bound it was given");
            election_tick + extra
        };
        let timeout = *self.clock.timeout.get_or_insert_with(draw);
        if self.is_promotable() && self.clock.election_elapsed >= timeout {
            self.clock.election_elapsed = 0;
            self.campaign();
        }
    }

    /// Takes a message from another member.
    pub fn step(&mut self, message: Message<D, S>) {
        let Message { from, term, body, .. } = message;
        if !body.is_request_to_leader() && !self.admit(from, term, &body) {
            return;
        }
        match body {
            Body::Vote { kind, last, .. } => self.answer_vote(from, (kind, term), last),
            Body::VoteResponse { kind, granted } => self.count_vote(from, kind, granted),
            Body::Append { prev, entries, commit } => {
                if self.follow(from) {
                    self.handle_append(from, prev, &entries, commit);
                }
            }
            Body::Heartbeat { commit, context } => {
                if self.follow(from) {
                    self.commit_to(commit);
                    self.send(from, Body::HeartbeatResponse { context });
                }
            }
            Body::Snapshot(snapshot) => {
                if self.follow(from) {
                    self.handle_snapshot(from, snapshot);
                }
            }
            Body::AppendAccepted { index } => self.handle_accepted(from, index),
            Body::AppendRejected { rejected, hint } => self.handle_rejected(from, rejected, hint),
            Body::HeartbeatResponse { context } => self.handle_heartbeat_response(from, context),
            Body::TimeoutNow => self.handle_timeout_now(),
            Body::TransferLeader { to } => self.transfer_leader(to),
            Body::Propose { data } => {
                // A forwarded proposal that meets no leader is lost: its client will time out.
                let _lost_if_dropped = self.propose(data);
            }
            Body::ReadIndex { context } => self.handle_read_index(from, context),
            Body::ReadIndexResponse { context, index } => self.take_read_answer(context, index),
        }
    }

    /// Applies the rule of terms; answers whether the message deserves a look at its content.
    ///
    /// Source: Raft paper 5.1: a stale message is refused, a newer term makes a follower.
    fn admit(&mut self, from: NodeId, term: Term, body: &Body<D, S>) -> bool {
        if term > self.term {
            return self.admit_newer(from, term, body);
        }
        if term == self.term {
            return true;
        }
        if let Body::Vote { kind: VoteKind::PreVote, .. } = body {
            self.send(from, Body::VoteResponse { kind: VoteKind::PreVote, granted: false });
        } else if (self.config.check_quorum || self.config.pre_vote)
            && matches!(body, Body::Append { .. } | Body::Heartbeat { .. })
        {
            // This member cannot depose the old leader by campaigning, since others ignore
            // it while they hear that leader. An answer with the newer term frees both sides.
            self.send(from, Body::AppendAccepted { index: 0 });
        }
        false
    }

    fn admit_newer(&mut self, from: NodeId, term: Term, body: &Body<D, S>) -> bool {
        if let Body::Vote { kind, transfer, .. } = body {
            if !transfer && self.is_in_lease() {
                return false;
            }
            // The term of a pre-vote is a question, not a fact.
            if *kind == VoteKind::PreVote {
                return true;
            }
        }
        if matches!(body, Body::VoteResponse { kind: VoteKind::PreVote, granted: true }) {
            return true;
        }
        let leader = body.is_from_leader().then_some(from);
        self.become_follower(term, leader);
        true
    }

    /// Tells whether a leader was heard within the minimum election time-out.
    ///
    /// A voter in that state ignores candidates, so that a member which merely lost its own
    /// connection cannot depose a working leader. Source: Raft paper 6, last paragraph.
    fn is_in_lease(&self) -> bool {
        self.config.check_quorum
            && self.leader().is_some()
            && self.clock.election_elapsed < self.config.election_tick
    }

    /// Tells whether this member may stand for election.
    fn is_promotable(&self) -> bool {
        self.voters.contains(self.config.id) && !self.log.awaits_snapshot()
    }

    /// Enters a role, perhaps in a new term, with fresh timers.
    fn enter(&mut self, term: Term, state: State) {
        let (role, leader, old_term) = (self.role(), self.leader(), self.term);
        if term != self.term {
            assert!(term > self.term, "a term never goes back");
            self.term = term;
            self.vote = None;
        }
        self.clock = Clock::default();
        self.state = state;
        self.note_change(role, leader, old_term);
    }

    /// Tells the observers if role, term or leader are others than before.
    fn note_change(&mut self, role: Role, leader: Option<NodeId>, term: Term) {
        if (self.role(), self.term) != (role, term) {
            self.note(Fact::BecameRole { role: self.role(), term: self.term });
        }
        if self.leader() != leader {
            self.note(Fact::LeaderChanged { leader: self.leader(), term: self.term });
        }
    }

    fn become_follower(&mut self, term: Term, leader: Option<NodeId>) {
        self.enter(term, State::Follower { leader });
    }

    /// Proposes a command.
    ///
    /// Errors: [`ProposalDropped`] when it went nowhere; the caller may try again.
    pub fn propose(&mut self, data: D) -> Result<Proposed, ProposalDropped> {
        match &self.state {
            State::Leader(_) => {
                let index = self.append_own(Payload::Normal(data))?;
                Ok(Proposed::Appended { index, term: self.term })
            }
            State::Follower { leader: Some(leader) } => {
                let to = *leader;
                self.send(to, Body::Propose { data });
                Ok(Proposed::Forwarded { to })
            }
            State::Follower { leader: None } | State::PreCandidate(_) | State::Candidate(_) => {
                Err(ProposalDropped::NoLeader)
            }
        }
    }

    fn note(&mut self, fact: Fact) {
        self.out.facts.push(fact);
    }

    fn send(&mut self, to: NodeId, body: Body<D, S>) {
        let term = if body.is_request_to_leader() { 0 } else { self.term };
        self.send_at(term, to, body);
    }

    fn send_at(&mut self, term: Term, to: NodeId, body: Body<D, S>) {
        let message = Message { from: self.config.id, to, term, body };
        if message.body.is_promise() {
            self.out.promises.push(message);
        } else {
            self.out.messages.push(message);
        }
    }
}

impl<D, S> Default for Outbox<D, S> {
    fn default() -> Self {
        Self { messages: Vec::new(), promises: Vec::new(), reads: Vec::new(), facts: Vec::new() }
    }
}
