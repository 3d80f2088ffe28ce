//! Questions that only the leader can answer: how long a lease lives, and its renewal.
//!
//! A follower passes them on, as often as it takes, until the request's time is over.
//! Source: etcd-io/etcd:server/etcdserver/v3_server.go `LeaseRenew`, `LeaseTimeToLive`.

use std::collections::BTreeMap;

use super::Member;
use super::requests::{Client, Wait};
use crate::kernel::Slot;
use crate::raft::NodeId;
use crate::wire::Cx;
use crate::wire::etcd::{EtcdError, EtcdIn, EtcdRequest, EtcdResult};

/// The questions of this member's clients that are not answered yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Forwards {
    open: BTreeMap<u64, Forward>,
}

#[derive(Debug, Clone)]
struct Forward {
    client: Client,
    request: EtcdRequest,
    /// The leader that was asked, until it refuses.
    asked: Option<NodeId>,
}

impl Forwards {
    pub(super) fn waiting(&self) -> usize {
        self.open.len()
    }

    pub(super) fn is_pending(&self, id: u64) -> bool {
        self.open.contains_key(&id)
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<Client> {
        self.open.remove(&id).map(|forward| forward.client)
    }
}

impl Member {
    pub(super) fn forward(&mut self, cx: &mut Cx<'_>, client: Client, request: EtcdRequest) {
        let id = self.requests.number();
        self.forwards.open.insert(id, Forward { client, request, asked: None });
        self.expect(cx, Wait::Forward(id));
        self.send_forwards(cx);
    }

    /// Asks the present leader what it has not been asked yet.
    pub(super) fn send_forwards(&mut self, cx: &mut Cx<'_>) {
        if self.forwards.open.is_empty() {
            return;
        }
        if self.store.lessor().is_primary() {
            return self.answer_own(cx);
        }
        let Some(leader) = self.node.leader().filter(|leader| *leader != self.id) else { return };
        let Some(slot) = self.slot_of(leader) else { return };
        for (id, forward) in &mut self.forwards.open {
            if forward.asked != Some(leader) {
                forward.asked = Some(leader);
                let request = Box::new(forward.request.clone());
                cx.stream(slot, EtcdIn::Forward { id: *id, request });
            }
        }
    }

    /// This member leads: it answers its own clients.
    fn answer_own(&mut self, cx: &mut Cx<'_>) {
        for forward in std::mem::take(&mut self.forwards.open).into_values() {
            if let Some(result) = self.store.answer(&forward.request, cx.now()) {
                self.reply(cx, forward.client, result);
            }
        }
    }

    /// Answers another member, if this one leads.
    pub(super) fn answer_forward(
        &mut self,
        cx: &mut Cx<'_>,
        (from, id): (Slot, u64),
        request: &EtcdRequest,
    ) {
        let result = if self.store.lessor().is_primary() {
            self.store.answer(request, cx.now())
        } else {
            Some(Err(EtcdError::NotLeader))
        };
        if let Some(result) = result {
            cx.stream(from, EtcdIn::Forwarded { id, result: Box::new(result) });
        }
    }

    /// The leader has answered. If it does not lead (yet, or any more), it is asked again at the
    /// next tick.
    pub(super) fn take_forwarded(&mut self, cx: &mut Cx<'_>, id: u64, result: EtcdResult) {
        if result == Err(EtcdError::NotLeader) {
            if let Some(forward) = self.forwards.open.get_mut(&id) {
                forward.asked = None;
            }
        } else if let Some(client) = self.forwards.remove(id) {
            self.reply(cx, client, result);
        }
    }
}
