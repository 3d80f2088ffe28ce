//! Linearizable reads: in batches, one at a time.
//!
//! While one batch waits for the leader's word, the reads that come gather in the next one, so
//! that a thousand reads cost one round of heartbeats.
//! Source: etcd-io/etcd:server/etcdserver/v3_server.go `linearizableReadLoop`.

use super::requests::{Client, Wait};
use super::{Member, timer};
use crate::raft::{Index, ReadContext, ReadState};
use crate::wire::Cx;
use crate::wire::etcd::{EtcdError, EtcdRequest, EtcdTimer};

/// The reads of a member's clients.
#[derive(Debug, Clone, Default)]
pub(super) struct Reads {
    batch: Option<Batch>,
    next: Vec<(Client, EtcdRequest)>,
}

/// Reads that wait for one answer of the leader.
#[derive(Debug, Clone)]
struct Batch {
    number: u64,
    /// What must be applied here before they are answered, once the leader has said so.
    index: Option<Index>,
    reads: Vec<(Client, EtcdRequest)>,
}

impl Reads {
    pub(super) fn waiting(&self) -> usize {
        self.next.len() + self.batch.as_ref().map_or(0, |batch| batch.reads.len())
    }

    pub(super) fn is_pending(&self, number: u64) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.number == number)
    }
}

impl Member {
    pub(super) fn read(&mut self, cx: &mut Cx<'_>, client: Client, request: EtcdRequest) {
        self.reads.next.push((client, request));
        self.begin_batch(cx);
    }

    /// Asks the leader for all reads that have gathered, unless it is being asked already.
    ///
    /// A member that does not serve yet asks for its own sake, without any read.
    pub(super) fn begin_batch(&mut self, cx: &mut Cx<'_>) {
        let idle = self.reads.next.is_empty() && self.lobby.is_none();
        if self.reads.batch.is_some() || idle {
            return;
        }
        let number = self.requests.number();
        let reads = std::mem::take(&mut self.reads.next);
        self.reads.batch = Some(Batch { number, index: None, reads });
        self.expect(cx, Wait::Read(number));
        self.ask_for_index(cx, number);
    }

    fn ask_for_index(&mut self, cx: &mut Cx<'_>, number: u64) {
        cx.after(self.config.read_index_retry, timer(EtcdTimer::ReadRetry(number)));
        let _asked_again_if_there_is_no_leader = self.node.read_index(ReadContext(number));
    }

    /// No word of the leader yet: the question or its answer may be lost.
    pub(super) fn retry_read(&mut self, cx: &mut Cx<'_>, number: u64) {
        let open = |batch: &Batch| batch.number == number && batch.index.is_none();
        if self.reads.batch.as_ref().is_some_and(open) {
            self.ask_for_index(cx, number);
        }
    }

    pub(super) fn read_confirmed(&mut self, state: ReadState) {
        if let Some(batch) = &mut self.reads.batch
            && batch.number == state.context.0
        {
            batch.index = Some(state.index);
        }
    }

    /// Answers the batch if everything it must see is applied; the next one can begin.
    pub(super) fn release_reads(&mut self, cx: &mut Cx<'_>) {
        let applied = self.node.applied_index();
        let seen = |batch: &mut Batch| batch.index.is_some_and(|index| index <= applied);
        let Some(batch) = self.reads.batch.take_if(seen) else { return };
        for (client, request) in batch.reads {
            if let Some(result) = self.store.answer(&request, cx.now()) {
                self.reply(cx, client, result);
            }
        }
        self.serve(cx);
        self.begin_batch(cx);
    }

    /// Another leader: its predecessor's word is worth nothing, and the clients ask again.
    pub(super) fn fail_reads(&mut self, cx: &mut Cx<'_>) {
        if let Some(batch) = self.reads.batch.take_if(|batch| batch.index.is_none()) {
            self.refuse(cx, batch, EtcdError::LeaderChanged);
        }
    }

    pub(super) fn expire_read(&mut self, cx: &mut Cx<'_>, number: u64) {
        if let Some(batch) = self.reads.batch.take_if(|batch| batch.number == number) {
            self.refuse(cx, batch, EtcdError::Timeout);
        }
    }

    fn refuse(&mut self, cx: &mut Cx<'_>, batch: Batch, error: EtcdError) {
        for (client, _) in batch.reads {
            self.reply(cx, client, Err(error));
        }
        self.begin_batch(cx);
    }
}
