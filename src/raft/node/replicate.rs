//! How a leader brings one follower's log up to its own: appends, answers, snapshots.

use super::{Node, State};
use crate::raft::entry::{Data, Entries, Index, NodeId, Position};
use crate::raft::message::{Body, ReadContext};
use crate::raft::progress::{Due, ProgressState};

/// A run of entries that the next follower may be able to share.
type Shared<D> = Option<(Index, Entries<D>)>;

impl<D: Data, S: Clone> Node<D, S> {
    /// Sends the appends that are owed. Followers at the same point share one run of entries.
    pub(super) fn flush_appends(&mut self) {
        let State::Leader(lead) = &mut self.state else { return };
        if !std::mem::take(&mut lead.due) {
            return;
        }
        let mut shared: Shared<D> = None;
        for place in 0..lead.progress.len() {
            let State::Leader(lead) = &mut self.state else { return };
            let (to, progress) = &mut lead.progress[place];
            let mut due = std::mem::replace(&mut progress.due, Due::No);
            if *to == self.config.id {
                continue;
            }
            while due != Due::No && self.send_append(place, due, &mut shared) {
                due = Due::IfEntries;
            }
        }
    }

    /// Sends one append, or a snapshot if the log no longer reaches back; tells whether it did.
    fn send_append(&mut self, place: usize, due: Due, shared: &mut Shared<D>) -> bool {
        let State::Leader(lead) = &mut self.state else { return false };
        let (to, progress) = &mut lead.progress[place];
        let to = *to;
        if progress.is_paused() {
            return false;
        }
        let index = progress.next - 1;
        let Some(term) = self.log.term(index) else {
            return self.send_snapshot(place);
        };
        let full = progress.state == ProgressState::Replicate && progress.is_inflight_full();
        let entries = match shared {
            // A full window still lets an empty append through, to learn what got lost.
            _ if full => Entries::from([]),
            Some((from, entries)) if *from == progress.next => entries.clone(),
            Some(_) | None => {
                let entries = self.log.slice(progress.next, self.config.max_size_per_msg);
                *shared = Some((progress.next, entries.clone()));
                entries
            }
        };
        if entries.is_empty() && due != Due::Surely {
            return false;
        }
        let commit = self.log.committed();
        progress.sent(entries.len() as Index, commit);
        self.send(to, Body::Append { prev: Position { index, term }, entries, commit });
        true
    }

    fn send_snapshot(&mut self, place: usize) -> bool {
        let State::Leader(lead) = &mut self.state else { return false };
        let (to, progress) = &mut lead.progress[place];
        let to = *to;
        // A dead member would only lose the expensive message.
        if !progress.recent_active {
            return false;
        }
        let snapshot = self.log.snapshot().expect("a snapshot stands for what was compacted");
        progress.become_snapshot(snapshot.position.index);
        let body = Body::Snapshot(snapshot.clone());
        self.send(to, body);
        true
    }

    /// A follower has everything up to `index` on disk.
    pub(super) fn handle_accepted(&mut self, from: NodeId, index: Index) {
        let first = self.log.first_index();
        let State::Leader(lead) = &mut self.state else { return };
        let Some(progress) = lead.get(from) else { return };
        progress.recent_active = true;
        let news = progress.accepted(index);
        let ends_probing = progress.state == ProgressState::Probe && progress.matched == index;
        if !(news || ends_probing) {
            return;
        }
        match progress.state {
            ProgressState::Probe => progress.become_replicate(),
            // Whatever snapshot it was: once the log reaches on from there, appends go on.
            ProgressState::Snapshot { .. } if progress.matched + 1 >= first => {
                progress.become_probe();
                progress.become_replicate();
            }
            ProgressState::Snapshot { .. } => {}
            ProgressState::Replicate => progress.free_inflight(index),
        }
        let committed = self.commit_by_majority();
        let commit = self.log.committed();
        let State::Leader(lead) = &mut self.state else { return };
        let lacks = lead.get(from).is_some_and(|progress| progress.lacks_commit(commit));
        lead.owe(from, if lacks && !committed { Due::Surely } else { Due::IfEntries });
        self.continue_transfer(from);
    }

    /// A follower lacks the predecessor: look further back, skipping terms that cannot match.
    pub(super) fn handle_rejected(&mut self, from: NodeId, rejected: Index, hint: Position) {
        let State::Leader(lead) = &mut self.state else { return };
        let Some(progress) = lead.get(from) else { return };
        progress.recent_active = true;
        let next = match hint.term {
            0 => hint.index,
            term => self.log.last_not_above(hint.index, term).index,
        };
        if progress.rejected(rejected, next) {
            if progress.state == ProgressState::Replicate {
                progress.become_probe();
            }
            lead.owe(from, Due::Surely);
        }
    }

    /// A follower lives; if it lags, try again what may have been lost.
    pub(super) fn handle_heartbeat_response(&mut self, from: NodeId, context: Option<ReadContext>) {
        let last = self.log.last().index;
        let State::Leader(lead) = &mut self.state else { return };
        let Some(progress) = lead.get(from) else { return };
        progress.recent_active = true;
        progress.resume();
        if progress.matched < last || progress.state == ProgressState::Probe {
            lead.owe(from, Due::Surely);
        }
        if let Some(context) = context {
            self.confirm_reads(from, context);
        }
    }

    /// The caller could not deliver to `to`: stop running ahead.
    pub fn report_unreachable(&mut self, to: NodeId) {
        let State::Leader(lead) = &mut self.state else { return };
        if let Some(progress) = lead.get(to)
            && progress.state == ProgressState::Replicate
        {
            progress.become_probe();
        }
    }

    /// The caller knows how the sending of a snapshot to `to` ended.
    ///
    /// A delivered snapshot is not yet an applied one: appends go on when the follower speaks.
    pub fn report_snapshot(&mut self, to: NodeId, delivered: bool) {
        let State::Leader(lead) = &mut self.state else { return };
        let Some(progress) = lead.get(to) else { return };
        if matches!(progress.state, ProgressState::Snapshot { .. }) {
            if delivered {
                progress.snapshot_arrived();
            } else {
                progress.snapshot_failed();
            }
        }
    }
}
