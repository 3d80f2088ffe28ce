//! Applying what is committed: store, watches, answers, leases, snapshots.
//!
//! Source: etcd-io/etcd:server/etcdserver/server.go `applyAll`, `applyEntryNormal`, `snapshot`.

use std::sync::Arc;

use super::{Member, send_watch, timer};
use crate::etcd::lease::{LEASE_CHECK_INTERVAL, LEASE_REVOKE_RATE};
use crate::etcd::store::Applied;
use crate::raft::{Entry, Payload};
use crate::wire::Cx;
use crate::wire::etcd::{
    AlarmAction, AlarmRequest, AlarmType, Command, EtcdError, EtcdTimer, Event, Key, Mutation,
    Value,
};
use crate::wire::note::{AppliedRevision, Note, RaftNote};

impl Member {
    /// Applies entries in order, and answers those who wait for them here.
    pub(super) fn apply(&mut self, cx: &mut Cx<'_>, entries: Vec<Entry<Arc<Command>>>) {
        let Some(last) = entries.last().map(|entry| entry.index) else { return };
        for Entry { index, term, payload } in entries {
            let member = self.id.0;
            cx.note(|| Note::Raft(RaftNote::AppliedEntry { member, index, term }));
            match payload {
                Payload::Empty => self.begin_term(cx),
                Payload::Normal(command) => self.apply_command(cx, &command),
            }
        }
        self.disk.set_consistent_index(last);
        self.node.applied(last);
        self.snapshot_if_due();
    }

    fn apply_command(&mut self, cx: &mut Cx<'_>, command: &Command) {
        let Applied { result, events } = self.store.apply(&command.mutation, cx.now());
        if result == Err(EtcdError::NoSpace) && !self.store.has_alarm(AlarmType::NoSpace) {
            self.raise_no_space();
        }
        if !events.is_empty() {
            let revision = self.store.revision();
            let member = self.id.0;
            cx.note(|| {
                let changes = events.iter().map(change).collect();
                Note::Applied(Arc::new(AppliedRevision { member, revision, changes }))
            });
            let out = self.hub.notify(revision, &events);
            send_watch(cx, &mut self.hub, out);
        }
        if let Some(client) = self.requests.answered(command.id) {
            self.reply(cx, client, result);
        }
    }

    /// The leader has applied everything from before its term: now its clock ends leases, all of
    /// which get their full life and an election time-out on top.
    fn begin_term(&mut self, cx: &mut Cx<'_>) {
        if !self.is_leader() {
            return;
        }
        self.store.lessor_mut().promote(self.config.election_timeout, cx.now());
        if !self.lease_timer {
            self.lease_timer = true;
            cx.after(LEASE_CHECK_INTERVAL, timer(EtcdTimer::Leases));
        }
        self.send_forwards(cx);
    }

    /// Proposes the end of leases that nobody renewed.
    pub(super) fn end_leases(&mut self, cx: &mut Cx<'_>) {
        if !self.store.lessor().is_primary() {
            self.lease_timer = false;
            return;
        }
        cx.after(LEASE_CHECK_INTERVAL, timer(EtcdTimer::Leases));
        // Two looks a second share the rate.
        let expired = self.store.lessor_mut().take_expired(cx.now(), LEASE_REVOKE_RATE / 2);
        for id in expired {
            self.propose_own(Mutation::LeaseRevoke(id));
        }
    }

    /// Tells all members that this one is full.
    pub(super) fn raise_no_space(&mut self) {
        self.propose_own(Mutation::Alarm(AlarmRequest {
            action: AlarmAction::Activate,
            member_id: self.id.0,
            alarm: Some(AlarmType::NoSpace),
        }));
    }

    /// Marks a place in the log from time to time, and forgets the entries far before it.
    fn snapshot_if_due(&mut self) {
        let applied = self.disk.consistent_index();
        let last = self.node.snapshot().map_or(0, |snapshot| snapshot.position.index);
        if applied.saturating_sub(last) <= self.config.snapshot_count {
            return;
        }
        if let Some(snapshot) = self.node.create_snapshot(applied, None) {
            self.disk.log_mut().save_snapshot(snapshot.clone());
            let keep_from = applied.saturating_sub(self.config.snapshot_catch_up_entries);
            self.node.compact(keep_from);
            self.disk.log_mut().compact(keep_from);
        }
    }
}

/// A change as observers are told of it.
fn change(event: &Event) -> (Key, Option<Value>) {
    let value = (!event.kv.is_tombstone()).then(|| event.kv.value.clone());
    (event.kv.key.clone(), value)
}
