//! What is refused before it reaches the log: the shape of a request, not the state of the store.
//!
//! Source: etcd-io/etcd:server/etcdserver/api/v3rpc/key.go.

use std::collections::BTreeSet;

use crate::wire::etcd::{
    EtcdError, EtcdRequest, KeyRange, Mutation, NO_LEASE, PutRequest, RequestOp, TxnRequest,
};

/// The limits on the shape of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimits {
    /// The most operations, or guards, at one level of a transaction. Default: 128.
    ///
    /// Source: etcd-io/etcd:server/embed/config.go, `DefaultMaxTxnOps`.
    pub max_txn_ops: usize,
    /// The largest request that may enter the log. Unit: bytes. Default: 1.5 MiB.
    ///
    /// Source: etcd-io/etcd:server/embed/config.go, `DefaultMaxRequestBytes`.
    pub max_request_bytes: usize,
}

impl Default for RequestLimits {
    fn default() -> Self {
        RequestLimits { max_txn_ops: 128, max_request_bytes: 3 * 512 * 1024 }
    }
}

/// What the log puts around a request: the request's number and the field that says which kind
/// it is. Unit: bytes.
///
/// Source: etcd-io/etcd:api/etcdserverpb/raft_internal.proto.
const ENVELOPE: usize = 18;

impl RequestLimits {
    /// Checks the shape of a request, as the server does before anything else.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, request: &EtcdRequest) -> Result<(), EtcdError> {
        match request {
            EtcdRequest::Range(request) => check_key(&request.range),
            EtcdRequest::Put(request) => check_put(request),
            EtcdRequest::DeleteRange(request) => check_key(&request.range),
            EtcdRequest::Txn(request) => {
                self.check_txn(request, self.max_txn_ops)?;
                // Each branch may touch a key only once; the branches exclude each other.
                touched(&request.success)?;
                touched(&request.failure).map(drop)
            }
            EtcdRequest::Compact(_)
            | EtcdRequest::LeaseGrant(_)
            | EtcdRequest::LeaseRevoke(_)
            | EtcdRequest::LeaseKeepAlive(_)
            | EtcdRequest::LeaseTimeToLive(_)
            | EtcdRequest::LeaseLeases
            | EtcdRequest::Alarm(_)
            | EtcdRequest::HashKv(_)
            | EtcdRequest::Status
            | EtcdRequest::Defragment
            | EtcdRequest::MoveLeader(_) => Ok(()),
        }
    }

    /// Checks the size of what shall enter the log.
    ///
    /// # Errors
    /// It is too large.
    pub fn check_size(&self, mutation: &Mutation) -> Result<(), EtcdError> {
        if mutation.wire_size() + ENVELOPE > self.max_request_bytes {
            return Err(EtcdError::RequestTooLarge);
        }
        Ok(())
    }

    /// Counts and keys of a transaction. What a level uses up of the limit is missing to the
    /// transactions nested in it.
    fn check_txn(&self, request: &TxnRequest, limit: usize) -> Result<(), EtcdError> {
        let ops = request.compare.len().max(request.success.len()).max(request.failure.len());
        let left = limit.checked_sub(ops).ok_or(EtcdError::TooManyOps)?;
        if request.compare.iter().any(|compare| compare.range.lacks_key()) {
            return Err(EtcdError::EmptyKey);
        }
        for op in request.success.iter().chain(&request.failure) {
            match op {
                RequestOp::Range(request) => check_key(&request.range)?,
                RequestOp::Put(request) => check_put(request)?,
                RequestOp::DeleteRange(request) => check_key(&request.range)?,
                RequestOp::Txn(request) => self.check_txn(request, left)?,
            }
        }
        Ok(())
    }
}

fn check_key(range: &KeyRange) -> Result<(), EtcdError> {
    if range.lacks_key() { Err(EtcdError::EmptyKey) } else { Ok(()) }
}

fn check_put(request: &PutRequest) -> Result<(), EtcdError> {
    if request.key.is_empty() {
        Err(EtcdError::EmptyKey)
    } else if request.ignore_value && !request.value.is_empty() {
        Err(EtcdError::ValueProvided)
    } else if request.ignore_lease && request.lease != NO_LEASE {
        Err(EtcdError::LeaseProvided)
    } else {
        Ok(())
    }
}

/// What a list of operations writes and deletes, nested transactions included.
type Touched<'a> = (BTreeSet<&'a str>, Vec<&'a KeyRange>);

/// Refuses a list that puts a key twice, or puts one that it also deletes. Deletions may overlap.
fn touched(ops: &[RequestOp]) -> Result<Touched<'_>, EtcdError> {
    let mut deleted: Vec<&KeyRange> = Vec::new();
    for op in ops {
        if let RequestOp::DeleteRange(request) = op {
            deleted.push(&request.range);
        }
    }
    let mut written = BTreeSet::new();
    for op in ops {
        let RequestOp::Txn(nested) = op else { continue };
        let (then_puts, then_deletes) = touched(&nested.success)?;
        let (else_puts, else_deletes) = touched(&nested.failure)?;
        for key in &then_puts {
            claim(key, &mut written, &deleted)?;
        }
        // Only one of the two branches happens, so they may put the same key.
        for key in else_puts.difference(&then_puts) {
            claim(key, &mut written, &deleted)?;
        }
        deleted.extend(then_deletes);
        deleted.extend(else_deletes);
    }
    for op in ops {
        if let RequestOp::Put(request) = op {
            claim(&request.key, &mut written, &deleted)?;
        }
    }
    Ok((written, deleted))
}

/// Notes that a key is written, unless something else already touches it.
fn claim<'a>(
    key: &'a str,
    written: &mut BTreeSet<&'a str>,
    deleted: &[&KeyRange],
) -> Result<(), EtcdError> {
    if deleted.iter().any(|range| range.contains(key)) || !written.insert(key) {
        return Err(EtcdError::DuplicateKey);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::etcd::DeleteRangeRequest;

    fn put(key: &str) -> RequestOp {
        RequestOp::Put(PutRequest::new(key, "v"))
    }

    fn delete(range: KeyRange) -> RequestOp {
        RequestOp::DeleteRange(DeleteRangeRequest::new(range))
    }

    fn nested(success: Vec<RequestOp>, failure: Vec<RequestOp>) -> RequestOp {
        RequestOp::Txn(TxnRequest { compare: Vec::new(), success, failure })
    }

    fn check(success: Vec<RequestOp>) -> Result<(), EtcdError> {
        let request = TxnRequest { compare: Vec::new(), success, failure: Vec::new() };
        RequestLimits::default().check(&EtcdRequest::Txn(request))
    }

    #[test]
    fn a_key_may_be_written_once_however_deep() {
        let duplicate = Err(EtcdError::DuplicateKey);
        assert_eq!(check(vec![put("a"), put("b")]), Ok(()));
        assert_eq!(check(vec![put("a"), put("a")]), duplicate);
        assert_eq!(check(vec![put("a"), nested(vec![put("a")], vec![])]), duplicate);
        assert_eq!(check(vec![nested(vec![put("a")], vec![put("a")])]), Ok(()));
        assert_eq!(
            check(vec![nested(vec![put("a")], vec![]), nested(vec![], vec![put("a")])]),
            duplicate
        );
    }

    #[test]
    fn a_key_may_not_be_written_and_deleted() {
        let duplicate = Err(EtcdError::DuplicateKey);
        assert_eq!(check(vec![put("k1"), delete(KeyRange::prefix("k"))]), duplicate);
        assert_eq!(check(vec![put("k1"), delete(KeyRange::until("a", "k1"))]), Ok(()));
        assert_eq!(
            check(vec![nested(vec![delete(KeyRange::single("a"))], vec![]), put("a")]),
            duplicate
        );
        assert_eq!(
            check(vec![delete(KeyRange::single("a")), delete(KeyRange::from_key("a"))]),
            Ok(())
        );
    }

    #[test]
    fn nested_transactions_share_the_limit_of_operations() {
        let many = |n: usize| (0..n).map(|i| put(&format!("k{i}"))).collect::<Vec<_>>();
        assert_eq!(check(many(128)), Ok(()));
        assert_eq!(check(many(129)), Err(EtcdError::TooManyOps));
        assert_eq!(check(vec![nested(many(127), vec![])]), Ok(()));
        assert_eq!(check(vec![nested(many(128), vec![])]), Err(EtcdError::TooManyOps));
    }
}
