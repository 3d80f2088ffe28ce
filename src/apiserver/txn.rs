//! The transactions of a write: guarded by the revision of what was read, so that nobody's
//! change is overwritten unseen.
//!
//! Source: kubernetes/apiserver:pkg/storage/etcd3/store.go.

use crate::api::Object;
use crate::wire::etcd::{
    Compare, CompareOp, CompareTarget, DeleteRangeRequest, EtcdRequest, Key, KeyRange, KeyValue,
    LeaseId, NO_LEASE, PutRequest, RangeRequest, RequestOp, ResponseOp, Revision, TxnRequest,
    TxnResponse, Value,
};

/// One guarded write of one object, with the side keys it claims and gives back.
#[derive(Clone, Debug)]
pub(super) struct Write {
    /// The object's key.
    pub(super) key: Key,
    /// The revision the object must still have; 0: it must not exist.
    pub(super) expected: Revision,
    /// What shall stand there, with version 0 inside; none: nothing.
    pub(super) object: Option<Object>,
    /// The lease that will take it along.
    pub(super) lease: LeaseId,
    /// Side keys (addresses, ports) that must be free and become taken.
    pub(super) claims: Vec<Key>,
    /// Side keys that become free.
    pub(super) releases: Vec<Key>,
}

impl Write {
    pub(super) fn new(key: Key, expected: u64, object: Option<Object>) -> Self {
        let expected = Revision::try_from(expected).unwrap_or(Revision::MAX);
        let (claims, releases) = (Vec::new(), Vec::new());
        Write { key, expected, object, lease: NO_LEASE, claims, releases }
    }

    /// The transaction; if its guards fail it reads what stands there instead.
    pub(super) fn request(&self) -> EtcdRequest {
        let equal = |key: &Key, revision| {
            Compare::new(key.clone(), CompareOp::Equal, CompareTarget::Mod(revision))
        };
        let mut compare = vec![equal(&self.key, self.expected)];
        let mut success = vec![match &self.object {
            Some(object) => RequestOp::Put(PutRequest {
                lease: self.lease,
                ..PutRequest::new(self.key.clone(), Value::Object(object.clone()))
            }),
            None => delete(&self.key),
        }];
        let mut failure = vec![RequestOp::Range(read(&self.key))];
        for claim in &self.claims {
            compare.push(equal(claim, 0));
            success.push(RequestOp::Put(PutRequest::new(claim.clone(), "taken")));
            failure.push(RequestOp::Range(read(claim)));
        }
        success.extend(self.releases.iter().map(delete));
        EtcdRequest::Txn(TxnRequest { compare, success, failure })
    }
}

fn delete(key: &Key) -> RequestOp {
    RequestOp::DeleteRange(DeleteRangeRequest::new(KeyRange::single(key.clone())))
}

/// A linearizable read of one key.
pub(super) fn read(key: &Key) -> RangeRequest {
    RangeRequest::new(KeyRange::single(key.clone()))
}

/// What stands under the first key of the other branch.
pub(super) fn found(response: &TxnResponse) -> Option<&KeyValue> {
    pair(response.responses.first()?)
}

/// The first of the claims that is taken by somebody else.
pub(super) fn taken(write: &Write, response: &TxnResponse) -> Option<usize> {
    let claims = response.responses.iter().skip(1).take(write.claims.len());
    claims.into_iter().position(|op| pair(op).is_some())
}

fn pair(op: &ResponseOp) -> Option<&KeyValue> {
    match op {
        ResponseOp::Range(range) => range.kvs.first().map(AsRef::as_ref),
        ResponseOp::Put(_) | ResponseOp::DeleteRange(_) | ResponseOp::Txn(_) => None,
    }
}

/// The object in a pair, with its version in its metadata: the one copy of decoding.
pub(super) fn decode(pair: &KeyValue) -> Option<Object> {
    let mut object = pair.value.as_object()?.clone();
    object.meta_mut().resource_version = version(pair.mod_revision);
    Some(object)
}

/// A revision as a resource version.
pub(super) fn version(revision: Revision) -> u64 {
    u64::try_from(revision).unwrap_or(0)
}
