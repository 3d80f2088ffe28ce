//! What Raft hands out: messages to peers, writes for the disk, facts for observers.
//!
//! A leader's messages leave while its own disk still works; everything that another member
//! says waits until its fsync is done. That is how etcd does it, and it matters: a vote takes a
//! disk's time.
//! Source: etcd-io/etcd:server/etcdserver/raft.go `start`; dissertation 10.2.1.

use std::sync::Arc;

use super::{FSYNC, Member, peer, send_watch, timer};
use crate::etcd::store::Store;
use crate::kernel::Slot;
use crate::raft::{Body, Fact, Index, NodeId, ProgressState, Ready, Role, Snapshot};
use crate::wire::Cx;
use crate::wire::etcd::{Command, EtcdTimer, Image, PeerMessage};
use crate::wire::note::{Note, RaftNote, RaftRole};

impl Member {
    /// Does what Raft asks for, until it has no more wishes or the disk is at work.
    pub(super) fn drive(&mut self, cx: &mut Cx<'_>) {
        while !self.disk.is_busy() && self.node.has_ready() {
            let ready = self.node.ready();
            self.handle_ready(cx, ready);
        }
    }

    fn handle_ready(&mut self, cx: &mut Cx<'_>, ready: Ready<Arc<Command>, Image>) {
        self.note_facts(cx, &ready.facts);
        let mut after = ready.messages_after_write;
        if self.is_leader() {
            self.send_all(cx, ready.messages);
        } else {
            after.splice(0..0, ready.messages);
        }
        match ready.write {
            Some(write) if write.must_sync => {
                let span = self.disk.begin(write, after, cx.chance(FSYNC));
                cx.after(span, timer(EtcdTimer::Synced));
            }
            Some(write) => {
                self.disk.save(&write);
                self.node.persisted(write.number);
                self.send_all(cx, after);
            }
            None => self.send_all(cx, after),
        }
        for read in ready.reads {
            self.read_confirmed(read);
        }
        self.apply(cx, ready.committed);
        self.notice_leader(cx);
        self.release_reads(cx);
    }

    /// The disk has finished: promises leave, a leader's snapshot replaces the store.
    pub(super) fn synced(&mut self, cx: &mut Cx<'_>) {
        let Some(flushed) = self.disk.end() else { return };
        if let Some((index, image)) = flushed.snapshot {
            let image = image.expect("a snapshot on its way carries the store");
            self.store = Store::from_image(self.config.store, &image);
            self.disk.set_consistent_index(index);
            let out = self.hub.resync(&self.store);
            send_watch(cx, &mut self.hub, out);
        }
        self.node.persisted(flushed.number);
        self.node.applied(self.disk.consistent_index());
        let (member, last) = (self.id.0, self.disk.log().last_index());
        let term = self.node.term_at(last).unwrap_or(0);
        cx.note(|| Note::Raft(RaftNote::Persisted { member, index: last, term }));
        self.send_all(cx, flushed.messages);
    }

    fn send_all(&mut self, cx: &mut Cx<'_>, messages: Vec<PeerMessage>) {
        for mut message in messages {
            let Some(to) = self.slot_of(message.to) else { continue };
            if let Body::Snapshot(snapshot) = &mut message.body {
                self.fill_snapshot(snapshot);
                cx.after(self.config.snapshot_timeout, timer(EtcdTimer::Snapshot(message.to.0)));
            }
            cx.stream(to, peer(message));
        }
    }

    /// The store as it is now travels, not as it was when the log was cut: it is at hand, and
    /// the follower has less to catch up.
    ///
    /// Source: etcd-io/etcd:server/etcdserver/server.go, `createMergedSnapshotMessage`.
    fn fill_snapshot(&self, snapshot: &mut Snapshot<Image>) {
        let index = self.disk.consistent_index();
        if let Some(term) = self.node.term_at(index) {
            snapshot.position.index = index;
            snapshot.position.term = term;
        }
        snapshot.data = Some(Arc::new(self.store.image()));
    }

    /// No answer to a snapshot: it counts as lost, and the next one may be sent.
    pub(super) fn snapshot_overdue(&mut self, to: NodeId) {
        self.node.report_snapshot(to, false);
    }

    /// Nobody listens at the peer's address: it need not be flooded.
    pub(super) fn peer_refused(&mut self, slot: Slot) {
        if let Some(id) = self.peer_at(slot) {
            self.node.report_unreachable(id);
            let in_snapshot = self.node.progress().iter().any(|(other, progress)| {
                *other == id && matches!(progress.state, ProgressState::Snapshot { .. })
            });
            if in_snapshot {
                self.node.report_snapshot(id, false);
            }
        }
    }

    /// Another leader, or none: leases, waiting proposals, reads and hand-overs depend on it.
    fn notice_leader(&mut self, cx: &mut Cx<'_>) {
        let leader = self.node.leader();
        if leader == self.leader {
            return;
        }
        self.leader = leader;
        if self.is_leader() {
            self.lead_since = cx.now();
        } else {
            self.store.lessor_mut().demote();
        }
        if leader.is_some() {
            self.fail_reads(cx);
            self.propose_held();
            self.finish_transfers(cx);
        }
        self.send_forwards(cx);
    }

    /// Tells the observers what happened inside Raft. Without observers nothing is made.
    fn note_facts(&self, cx: &mut Cx<'_>, facts: &[Fact]) {
        let mut cut = None;
        let mut told = None;
        for fact in facts {
            if let Fact::Truncated { from } = fact {
                cut = Some(*from);
                continue;
            }
            if matches!(fact, Fact::BecameRole { .. } | Fact::LeaderChanged { .. }) {
                let now = self.standing(*fact);
                if told.replace(now) == Some(now) {
                    continue;
                }
            }
            let truncated_from =
                if matches!(fact, Fact::Appended { .. }) { cut.take() } else { None };
            cx.note(|| Note::Raft(self.raft_note(*fact, truncated_from)));
        }
    }

    fn raft_note(&self, fact: Fact, truncated_from: Option<Index>) -> RaftNote {
        let member = self.id.0;
        match fact {
            Fact::BecameRole { .. } | Fact::LeaderChanged { .. } => {
                let (term, role, leader) = self.standing(fact);
                RaftNote::Role { member, term, role, leader }
            }
            Fact::Voted { candidate, term } => {
                RaftNote::Voted { member, term, candidate: candidate.0 }
            }
            Fact::Appended { first, last, term } => RaftNote::Appended {
                member,
                entries: (first..=last).map(|index| (index, term)).collect(),
                truncated_from,
            },
            Fact::Truncated { from } => {
                RaftNote::Appended { member, entries: Arc::from([]), truncated_from: Some(from) }
            }
            Fact::Restored { index, term } => RaftNote::Restored { member, index, term },
            Fact::Committed { to } => {
                let term = self.node.term_at(to).unwrap_or(0);
                RaftNote::Committed { member, index: to, term }
            }
        }
    }

    /// Term, role and leader after a fact that changed one of them.
    fn standing(&self, fact: Fact) -> (u64, RaftRole, u64) {
        let (role, term) = if let Fact::BecameRole { role, term } = fact {
            (role, term)
        } else {
            (self.node.role(), self.node.term())
        };
        let role = match role {
            Role::Follower => RaftRole::Follower,
            Role::PreCandidate => RaftRole::PreCandidate,
            Role::Candidate => RaftRole::Candidate,
            Role::Leader => RaftRole::Leader,
        };
        (term, role, self.node.leader().map_or(0, |leader| leader.0))
    }
}
