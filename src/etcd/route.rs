//! Which way a request takes through a member: into the log, to the leader, or to its own store.
//!
//! Source: etcd-io/etcd:server/etcdserver/v3_server.go.

use std::sync::Arc;

use crate::etcd::store::Store;
use crate::kernel::SimTime;
use crate::wire::etcd::{
    EtcdError, EtcdRequest, EtcdResponse, EtcdResult, LeaseGrantRequest, LeaseId,
    LeaseKeepAliveResponse, Mutation, NO_LEASE, ResponseHeader,
};

/// The way of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// It changes the replicated state: propose this, and answer when it is applied.
    Log(Mutation),
    /// It reads: first make sure that the member has applied what the leader had committed when
    /// the request came, then [answer](Store::answer).
    Linearizable(EtcdRequest),
    /// The member's own state will do, however stale: [answer](Store::answer) at once.
    Local(EtcdRequest),
    /// Only the leader's clock and agenda know: the leader answers, others pass it on.
    Leader(EtcdRequest),
    /// It is about the member or its Raft node, not about the store.
    Member(EtcdRequest),
}

impl Route {
    /// The way of a request. `new_lease_id` names a lease for a client that did not.
    #[must_use]
    pub fn of(request: EtcdRequest, new_lease_id: impl FnOnce() -> LeaseId) -> Route {
        match request {
            EtcdRequest::Range(range) if range.serializable => {
                Route::Local(EtcdRequest::Range(range))
            }
            EtcdRequest::Range(range) => Route::Linearizable(EtcdRequest::Range(range)),
            EtcdRequest::Txn(txn) if txn.is_read_only() => {
                let serializable = txn.is_serializable();
                let request = EtcdRequest::Txn(txn);
                if serializable { Route::Local(request) } else { Route::Linearizable(request) }
            }
            EtcdRequest::Put(put) => Route::Log(Mutation::Put(Arc::new(put))),
            EtcdRequest::DeleteRange(delete) => Route::Log(Mutation::DeleteRange(Arc::new(delete))),
            EtcdRequest::Txn(txn) => Route::Log(Mutation::Txn(Arc::new(txn))),
            EtcdRequest::Compact(compact) => Route::Log(Mutation::Compact(compact)),
            EtcdRequest::LeaseGrant(LeaseGrantRequest { ttl, id }) => {
                let id = if id == NO_LEASE { new_lease_id() } else { id };
                Route::Log(Mutation::LeaseGrant { id, ttl })
            }
            EtcdRequest::LeaseRevoke(id) => Route::Log(Mutation::LeaseRevoke(id)),
            EtcdRequest::Alarm(alarm) => Route::Log(Mutation::Alarm(alarm)),
            request @ (EtcdRequest::LeaseKeepAlive(_) | EtcdRequest::LeaseTimeToLive(_)) => {
                Route::Leader(request)
            }
            request @ (EtcdRequest::LeaseLeases | EtcdRequest::HashKv(_)) => Route::Local(request),
            request @ (EtcdRequest::Status
            | EtcdRequest::Defragment
            | EtcdRequest::MoveLeader(_)) => Route::Member(request),
        }
    }
}

impl Store {
    /// Answers what needs no log: a read, or, on the leader, a question about a lease. `None` for
    /// any other request.
    pub fn answer(&mut self, request: &EtcdRequest, now: SimTime) -> Option<EtcdResult> {
        Some(match request {
            EtcdRequest::Range(range) => self.range(range).map(EtcdResponse::Range),
            EtcdRequest::Txn(txn) if txn.is_read_only() => {
                self.txn_read(txn).map(EtcdResponse::Txn)
            }
            EtcdRequest::LeaseKeepAlive(id) => self.keep_alive(*id, now),
            EtcdRequest::LeaseTimeToLive(request) => {
                Ok(EtcdResponse::LeaseTimeToLive(self.lease_time_to_live(*request, now)))
            }
            EtcdRequest::LeaseLeases => Ok(EtcdResponse::LeaseLeases(self.lease_leases())),
            EtcdRequest::HashKv(revision) => self.hash_kv(*revision).map(EtcdResponse::HashKv),
            EtcdRequest::Txn(_)
            | EtcdRequest::Put(_)
            | EtcdRequest::DeleteRange(_)
            | EtcdRequest::Compact(_)
            | EtcdRequest::LeaseGrant(_)
            | EtcdRequest::LeaseRevoke(_)
            | EtcdRequest::Alarm(_)
            | EtcdRequest::Status
            | EtcdRequest::Defragment
            | EtcdRequest::MoveLeader(_) => return None,
        })
    }

    /// Renews a lease. One that is gone is not an error: its life is then 0.
    fn keep_alive(&mut self, id: LeaseId, now: SimTime) -> EtcdResult {
        let ttl = match self.lessor_mut().renew(id, now) {
            Ok(ttl) => ttl,
            Err(EtcdError::LeaseNotFound) => 0,
            Err(other) => return Err(other),
        };
        let header = ResponseHeader::at(self.revision());
        Ok(EtcdResponse::LeaseKeepAlive(LeaseKeepAliveResponse { header, id, ttl }))
    }
}
