//! Every five minutes one API server asks etcd to forget the history before the last time.
//!
//! All servers try; the transaction on `compact_rev_key` lets one win. What is compacted is the
//! revision seen at the round before, so five to ten minutes of history stay.
//!
//! Source: kubernetes/apiserver:pkg/storage/etcd3/compact.go.

use crate::wire::etcd::{
    CompactRequest, Compare, CompareOp, CompareTarget, EtcdRequest, Key, KeyValue, PutRequest,
    RequestOp, Revision, TxnRequest, TxnResponse,
};

use super::txn;

const KEY: Key = arcstr::literal!("compact_rev_key");

/// What this server knows of the compactions.
#[derive(Clone, Debug, Default)]
pub(super) struct Compactor {
    /// How often anybody took the turn: the version of the key.
    time: i64,
    /// The revision seen at the last round; 0 at the first.
    revision: Revision,
}

impl Compactor {
    /// Tries to take the turn.
    pub(super) fn take_turn(&self) -> EtcdRequest {
        let compare = vec![Compare::new(KEY, CompareOp::Equal, CompareTarget::Version(self.time))];
        let put = PutRequest::new(KEY, self.revision.to_string());
        let (success, failure) =
            (vec![RequestOp::Put(put)], vec![RequestOp::Range(txn::read(&KEY))]);
        EtcdRequest::Txn(TxnRequest { compare, success, failure })
    }

    /// The turn was taken by this server or by another one; what to compact, if it was ours.
    pub(super) fn decided(&mut self, answer: &TxnResponse) -> Option<EtcdRequest> {
        let before = std::mem::replace(&mut self.revision, answer.header.revision);
        if !answer.succeeded {
            self.time = txn::found(answer).map_or(0, |pair: &KeyValue| pair.version);
            return None;
        }
        self.time += 1;
        let request = CompactRequest { revision: before, physical: false };
        (before != 0).then_some(EtcdRequest::Compact(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::etcd::ResponseHeader;

    fn answer(succeeded: bool, revision: Revision) -> TxnResponse {
        TxnResponse { header: ResponseHeader::at(revision), succeeded, responses: vec![] }
    }

    #[test]
    fn what_is_compacted_was_seen_a_round_before() {
        let mut compactor = Compactor::default();
        assert_eq!(compactor.decided(&answer(true, 100)), None);
        let request = CompactRequest { revision: 100, physical: false };
        assert_eq!(compactor.decided(&answer(true, 200)), Some(EtcdRequest::Compact(request)));
        assert_eq!(compactor.decided(&answer(false, 300)), None);
    }
}
