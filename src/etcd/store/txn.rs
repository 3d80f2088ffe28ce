//! Transactions: judge every guard, choose the branches, check them, then do it all at once.
//!
//! All guards, also those of nested transactions, see the state before the transaction. A check
//! that fails fails the whole: nothing is applied.
//!
//! Source: etcd-io/etcd:server/etcdserver/txn/txn.go.

use std::cmp::Ordering;

use super::Store;
use super::write::WriteTxn;
use crate::wire::etcd::{
    Compare, CompareOp, CompareTarget, EtcdError, Event, KeyValue, NO_LEASE, PutRequest, RequestOp,
    ResponseHeader, ResponseOp, TxnRequest, TxnResponse,
};

impl Store {
    /// Runs a transaction that [only reads](TxnRequest::is_read_only).
    ///
    /// # Errors
    /// A read's revision is not readable.
    pub fn txn_read(&self, request: &TxnRequest) -> Result<TxnResponse, EtcdError> {
        let path = self.choose(request);
        self.check_branch(request, &path)?;
        let succeeded = path.first().copied().unwrap_or(true);
        let mut responses = Vec::new();
        for op in branch(request, succeeded) {
            match op {
                RequestOp::Range(read) => responses.push(ResponseOp::Range(self.range(read)?)),
                RequestOp::Put(_) | RequestOp::DeleteRange(_) | RequestOp::Txn(_) => {
                    unreachable!("a transaction that writes goes through the log")
                }
            }
        }
        Ok(TxnResponse { header: ResponseHeader::at(self.revision), succeeded, responses })
    }

    /// Runs a transaction. Returns the answer and what changed.
    pub(super) fn txn(
        &mut self,
        request: &TxnRequest,
    ) -> (Result<TxnResponse, EtcdError>, Vec<Event>) {
        let path = self.choose(request);
        if let Err(error) = self.check_branch(request, &path) {
            return (Err(error), Vec::new());
        }
        let mut write = WriteTxn::new(self);
        let mut response = write.run(request, &mut path.iter().copied());
        response.header = ResponseHeader::at(write.revision());
        (Ok(response), write.finish())
    }

    /// The outcomes of the guards of the transaction and of those nested in the chosen branches,
    /// in the order in which [`branch`] walks through them.
    fn choose(&self, request: &TxnRequest) -> Vec<bool> {
        let mut path = Vec::with_capacity(1);
        self.choose_into(request, &mut path);
        path
    }

    fn choose_into(&self, request: &TxnRequest, path: &mut Vec<bool>) {
        let holds = request.compare.iter().all(|compare| self.holds(compare));
        path.push(holds);
        for op in branch(request, holds) {
            if let RequestOp::Txn(nested) = op {
                self.choose_into(nested, path);
            }
        }
    }

    /// Whether a guard holds for every key of its interval.
    fn holds(&self, compare: &Compare) -> bool {
        if compare.range.is_single() {
            return satisfies(compare, self.index.live(&compare.range.key).map(AsRef::as_ref));
        }
        let mut keys = self.index.range(&compare.range, self.revision).peekable();
        if keys.peek().is_none() {
            return satisfies(compare, None);
        }
        keys.all(|kv| satisfies(compare, Some(kv)))
    }

    /// Finds what would make an operation of the chosen branches fail: first among the writes of
    /// them all, then among the reads.
    fn check_branch(&self, request: &TxnRequest, path: &[bool]) -> Result<(), EtcdError> {
        each_op(request, &mut path.iter().copied(), &mut |op| match op {
            RequestOp::Put(put) => self.check_put(put),
            RequestOp::Range(_) | RequestOp::DeleteRange(_) | RequestOp::Txn(_) => Ok(()),
        })?;
        each_op(request, &mut path.iter().copied(), &mut |op| match op {
            RequestOp::Range(read) if read.revision != 0 => {
                self.readable(read.revision, self.revision).map(drop)
            }
            RequestOp::Range(_)
            | RequestOp::Put(_)
            | RequestOp::DeleteRange(_)
            | RequestOp::Txn(_) => Ok(()),
        })
    }

    fn check_put(&self, put: &PutRequest) -> Result<(), EtcdError> {
        if (put.ignore_value || put.ignore_lease) && self.index.live(&put.key).is_none() {
            return Err(EtcdError::KeyNotFound);
        }
        if put.lease != NO_LEASE && !self.lessor.contains(put.lease) {
            return Err(EtcdError::LeaseNotFound);
        }
        Ok(())
    }
}

impl WriteTxn<'_> {
    /// Does the operations of the chosen branches. The path has been checked.
    fn run(&mut self, request: &TxnRequest, path: &mut dyn Iterator<Item = bool>) -> TxnResponse {
        let succeeded = path.next().expect("the path has a step for every transaction on it");
        let ops = branch(request, succeeded);
        let mut responses = Vec::with_capacity(ops.len());
        for op in ops {
            responses.push(match op {
                RequestOp::Range(read) => {
                    let current = self.revision();
                    let found = self.store.range_at(read, current);
                    ResponseOp::Range(found.expect("reads were checked before anything was done"))
                }
                RequestOp::Put(put) => {
                    let done = self.put(put);
                    ResponseOp::Put(done.expect("writes were checked before anything was done"))
                }
                RequestOp::DeleteRange(delete) => {
                    ResponseOp::DeleteRange(self.delete_range(delete))
                }
                RequestOp::Txn(nested) => ResponseOp::Txn(self.run(nested, path)),
            });
        }
        TxnResponse { header: ResponseHeader::default(), succeeded, responses }
    }
}

/// The operations of the chosen branch.
fn branch(request: &TxnRequest, succeeded: bool) -> &[RequestOp] {
    if succeeded { &request.success } else { &request.failure }
}

/// Visits the operations of the chosen branches, those of nested transactions in their place.
fn each_op(
    request: &TxnRequest,
    path: &mut dyn Iterator<Item = bool>,
    visit: &mut dyn FnMut(&RequestOp) -> Result<(), EtcdError>,
) -> Result<(), EtcdError> {
    let succeeded = path.next().expect("the path has a step for every transaction on it");
    for op in branch(request, succeeded) {
        match op {
            RequestOp::Txn(nested) => each_op(nested, path, visit)?,
            RequestOp::Range(_) | RequestOp::Put(_) | RequestOp::DeleteRange(_) => visit(op)?,
        }
    }
    Ok(())
}

/// Whether one key, or its absence, satisfies a guard.
fn satisfies(compare: &Compare, kv: Option<&KeyValue>) -> bool {
    let number = |field: fn(&KeyValue) -> i64| kv.map_or(0, field);
    let ordering = match &compare.target {
        CompareTarget::Version(wanted) => number(|kv| kv.version).cmp(wanted),
        CompareTarget::Create(wanted) => number(|kv| kv.create_revision).cmp(wanted),
        CompareTarget::Mod(wanted) => number(|kv| kv.mod_revision).cmp(wanted),
        CompareTarget::Lease(wanted) => number(|kv| kv.lease).cmp(wanted),
        CompareTarget::Value(wanted) => match kv {
            Some(kv) => kv.value.cmp(wanted),
            // A key that is not there has no value that could be compared.
            None => return false,
        },
    };
    match compare.op {
        CompareOp::Equal => ordering == Ordering::Equal,
        CompareOp::Greater => ordering == Ordering::Greater,
        CompareOp::Less => ordering == Ordering::Less,
        CompareOp::NotEqual => ordering != Ordering::Equal,
    }
}
