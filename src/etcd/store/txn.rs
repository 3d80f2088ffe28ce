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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::store::StoreConfig;
    use crate::wire::etcd::{DeleteRangeRequest, KeyRange, RangeRequest};

    fn put(key: &str) -> RequestOp {
        RequestOp::Put(PutRequest::new(key, "v"))
    }

    fn delete(key: &str) -> RequestOp {
        RequestOp::DeleteRange(DeleteRangeRequest::new(KeyRange::single(key)))
    }

    fn always(success: Vec<RequestOp>) -> TxnRequest {
        TxnRequest { success, ..TxnRequest::default() }
    }

    fn run(store: &mut Store, txn: TxnRequest) -> (Result<TxnResponse, EtcdError>, Vec<Event>) {
        store.txn(&txn)
    }

    fn write(store: &mut Store, ops: Vec<RequestOp>) {
        assert!(run(store, always(ops)).0.is_ok());
    }

    #[test]
    fn the_guards_of_a_nested_transaction_see_the_state_before_the_whole() {
        let mut store = Store::new(StoreConfig::default());
        let absent = Compare::new("a", CompareOp::Equal, CompareTarget::Version(0));
        let nested = TxnRequest { compare: vec![absent], success: vec![put("b")], failure: vec![] };
        let (result, _) = run(&mut store, always(vec![put("a"), RequestOp::Txn(nested)]));
        let inner = result.map(|response| response.responses[1].clone());
        assert!(matches!(inner, Ok(ResponseOp::Txn(TxnResponse { succeeded: true, .. }))));
        assert!(store.get("b").is_some());
    }

    #[test]
    fn a_key_written_and_deleted_by_nested_siblings_passes_through_both() {
        // etcd's check of shapes lets this pass, so the store must bear it.
        let mut store = Store::new(StoreConfig::default());
        write(&mut store, vec![put("a")]);
        let siblings = [put("a"), delete("a")].map(|op| RequestOp::Txn(always(vec![op])));
        let (_, events) = run(&mut store, always(siblings.to_vec()));
        assert_eq!(events.len(), 2);
        let before = events.iter().map(|e| e.prev_kv.as_ref().map(|kv| kv.mod_revision));
        assert_eq!(before.collect::<Vec<_>>(), [Some(2), Some(2)], "before the revision");
        assert!(store.get("a").is_none() && store.revision() == 3);
        let past = RangeRequest { revision: 2, ..RangeRequest::new(KeyRange::single("a")) };
        assert_eq!(store.range(&past).map(|response| response.count), Ok(1));
    }

    #[test]
    fn one_bad_operation_leaves_everything_as_it_was() {
        let mut store = Store::new(StoreConfig::default());
        write(&mut store, vec![put("a")]);
        let mut orphan = PutRequest::new("c", "v");
        orphan.lease = 7;
        let mut keeper = PutRequest::new("c", "");
        keeper.ignore_value = true;
        for (bad, error) in [
            (RequestOp::Put(orphan), EtcdError::LeaseNotFound),
            (RequestOp::Put(keeper), EtcdError::KeyNotFound),
        ] {
            let (result, events) = run(&mut store, always(vec![put("b"), delete("a"), bad]));
            assert_eq!(result.err(), Some(error));
            assert!(events.is_empty() && store.revision() == 2);
            assert!(store.get("a").is_some() && store.get("b").is_none());
        }
    }

    #[test]
    fn a_guard_on_an_interval_holds_for_every_key_of_it() {
        let mut store = Store::new(StoreConfig::default());
        write(&mut store, vec![put("k1"), put("k2")]);
        write(&mut store, vec![put("k2")]);
        let guard = |prefix: &str, op, target| TxnRequest {
            compare: vec![Compare { range: KeyRange::prefix(prefix), op, target }],
            ..TxnRequest::default()
        };
        let mut holds = |txn| run(&mut store, txn).0.is_ok_and(|response| response.succeeded);
        assert!(holds(guard("k", CompareOp::Greater, CompareTarget::Version(0))));
        assert!(!holds(guard("k", CompareOp::Equal, CompareTarget::Version(1))));
        assert!(holds(guard("none", CompareOp::Equal, CompareTarget::Version(0))));
        assert!(!holds(guard("none", CompareOp::NotEqual, CompareTarget::Value("v".into()))));
    }
}
