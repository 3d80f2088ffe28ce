//! Writes: what is prepared before the transaction, and what follows from its answer.

use crate::api::{Kind, Object, ObjectKey};
use crate::wire::Cx;
use crate::wire::api::{ApiCall, ApiOk, Status};
use crate::wire::etcd::{EtcdResponse, EtcdResult, Key, KeyValue, TxnResponse};

use super::calls::{Call, Pending, Stage, Step};
use super::etcd_client::Asker;
use super::event_leases::EventLeases;
use super::registry::{self, Env, Outcome};
use super::server::{ApiServer, CLUSTER_IP, UID, is_cached};
use super::txn::{Write, decode, found, taken, version};
use super::watchcache::stamped;
use super::work::Verdict;
use super::{admission, claims, defaulting, keys, status, validation};

/// A write that loses against others this often gives up. Upstream tries until its time is over.
const ATTEMPTS_MAX: u32 = 100;

impl ApiServer {
    /// A create looks at its namespace first: in the cache, and in etcd if it is not there.
    pub(super) fn create(&mut self, cx: &mut Cx<'_>, id: u64, call: &mut Call) -> Verdict {
        let kind = call.request.call.kind();
        if !kind.is_namespaced() || call.key.namespace.is_empty() {
            return self.create_now(cx, id, call);
        }
        let key = ObjectKey::new("", call.key.namespace.clone());
        let known = self.caches[Kind::Namespace.index()].get(&key);
        if let Some(entry) = known {
            let admitted = admission::may_create_in(kind, &call.key, Some(&entry.object));
            return match admitted {
                Ok(()) => self.create_now(cx, id, call),
                Err(refusal) => Some(Err(refusal)),
            };
        }
        call.step = Step::ReadNamespace;
        self.ask_for(cx, id, call, &keys::key(Kind::Namespace, &key))
    }

    pub(super) fn namespace_read(
        &mut self,
        cx: &mut Cx<'_>,
        id: u64,
        (call, pair): (&mut Call, Option<&KeyValue>),
    ) -> Verdict {
        let kind = call.request.call.kind();
        let namespace = pair.and_then(decode);
        match admission::may_create_in(kind, &call.key, namespace.as_ref()) {
            Ok(()) => self.create_now(cx, id, call),
            Err(refusal) => Some(Err(refusal)),
        }
    }

    fn create_now(&mut self, cx: &mut Cx<'_>, id: u64, call: &mut Call) -> Verdict {
        match self.prepare(cx, call) {
            Ok(object) => {
                let key = keys::key(object.kind(), &object.key());
                let mut write = Write::new(key, 0, Some(object.clone()));
                write.claims = claims::of(&object);
                self.store(cx, id, call, Pending { write, shown: object })
            }
            Err(refusal) => Some(Err(refusal)),
        }
    }

    /// Everything between the wish for a new object and its transaction.
    fn prepare(&mut self, cx: &mut Cx<'_>, call: &mut Call) -> Result<Object, Status> {
        let ApiCall::Create { object: wanted } = &call.request.call else {
            return Err(status::bad_request("not a create"));
        };
        let now = cx.now();
        let mut env = Env { config: &self.config, now, chance: cx.chance(UID) };
        let mut object = registry::create(&mut env, wanted)?;
        if let Some(who) = &call.who {
            admission::may_create(who, &object)?;
        }
        let context = admission::Context { tolerations: &self.tolerations };
        admission::admit(&context, &mut object)?;
        defaulting::default(&mut object, &self.config);
        call.stage = Stage::Validation;
        let errors = validation::create(&object, &self.config);
        if !errors.is_empty() {
            return Err(status::invalid(object.kind(), &object.meta().name, &errors));
        }
        claims::allocate(&mut object, &self.config, cx.chance(CLUSTER_IP));
        call.key = object.key();
        Ok(object)
    }

    /// A change looks at the cached object first; only etcd's own state can refuse it.
    pub(super) fn change_cached(&mut self, cx: &mut Cx<'_>, id: u64, call: &mut Call) -> Verdict {
        let kind = call.request.call.kind();
        if let ApiCall::Delete { key, .. } = &call.request.call
            && let Err(refusal) = admission::may_delete(kind, &key.name)
        {
            return Some(Err(refusal));
        }
        let cache = &self.caches[kind.index()];
        if let Some(entry) = cache.get(&call.key).cloned() {
            let known = (entry.key.clone(), Some(&entry.object));
            if let Ok(Some(pending)) = self.decide(cx, call, known) {
                return self.store(cx, id, call, pending);
            }
        }
        call.step = Step::ReadObject;
        let key = self.object_key(kind, &call.key);
        self.ask_for(cx, id, call, &key)
    }

    /// A change looks at what etcd has.
    pub(super) fn change_stored(
        &mut self,
        cx: &mut Cx<'_>,
        id: u64,
        (call, pair): (&mut Call, Option<&KeyValue>),
    ) -> Verdict {
        let kind = call.request.call.kind();
        let current = pair.and_then(decode);
        if let ApiCall::Get { .. } = call.request.call {
            let missing = || status::not_found(kind, &call.key.name);
            return Some(current.map(ApiOk::Object).ok_or_else(missing));
        }
        if call.attempts > ATTEMPTS_MAX {
            return Some(Err(status::deadline()));
        }
        let key = self.object_key(kind, &call.key);
        match self.decide(cx, call, (key, current.as_ref())) {
            Ok(Some(pending)) => self.store(cx, id, call, pending),
            Ok(None) => Some(Ok(shown(&call.request.call, current))),
            Err(refusal) => Some(Err(refusal)),
        }
    }

    /// What shall be written, if anything.
    fn decide(
        &mut self,
        cx: &mut Cx<'_>,
        call: &mut Call,
        (key, current): (Key, Option<&Object>),
    ) -> Result<Option<Pending>, Status> {
        call.stage = Stage::Validation;
        if let (Some(who), Some(current)) = (&call.who, current) {
            admission::may_change(who, call.request.call.verb(), current)?;
        }
        let now = cx.now();
        let mut env = Env { config: &self.config, now, chance: cx.chance(UID) };
        let outcome = registry::change(&mut env, &call.request.call, current)?;
        let before = current.map_or_else(Vec::new, claims::of);
        let expected = current.map_or(0, |object| object.meta().resource_version);
        let (object, shown) = match outcome {
            Outcome::Unchanged => return Ok(None),
            Outcome::Delete(shown) => (None, shown),
            Outcome::Put(mut object) => {
                claims::allocate(&mut object, &self.config, cx.chance(CLUSTER_IP));
                object.meta_mut().resource_version = 0;
                (Some(object.clone()), object)
            }
        };
        let after = object.as_ref().map_or_else(Vec::new, claims::of);
        let mut write = Write::new(key, expected, object);
        write.releases = before.iter().filter(|claim| !after.contains(claim)).cloned().collect();
        write.claims = after.into_iter().filter(|claim| !before.contains(claim)).collect();
        Ok(Some(Pending { write, shown }))
    }

    /// Sends a transaction; that of an Event waits for a lease.
    fn store(&mut self, cx: &mut Cx<'_>, id: u64, call: &mut Call, pending: Pending) -> Verdict {
        let Pending { mut write, shown } = pending;
        if call.request.call.kind() == Kind::Event && write.object.is_some() {
            match self.leases.usable(cx.now()) {
                Some(lease) => write.lease = lease,
                None => {
                    if self.leases.wait(id, write.clone()) {
                        let request = EventLeases::request(self.config.event_ttl);
                        self.etcd.ask(cx, Asker::Lease, request);
                    }
                    call.stage = Stage::Storage;
                    call.step = Step::Write(Box::new(Pending { write, shown }));
                    return None;
                }
            }
        }
        let request = write.request();
        call.step = Step::Write(Box::new(Pending { write, shown }));
        self.ask(cx, id, call, request)
    }

    /// A lease was granted, or not: the Events that wait for it go on, or fail.
    pub(super) fn lease_answered(&mut self, cx: &mut Cx<'_>, result: EtcdResult) {
        match result {
            Ok(EtcdResponse::LeaseGrant(granted)) => {
                for (id, write) in self.leases.granted(granted.id, cx.now()) {
                    let lease = self.leases.usable(cx.now()).unwrap_or(granted.id);
                    self.work(cx, id, |server, cx, id, call| {
                        let write = Write { lease, ..write };
                        server.ask(cx, id, call, write.request())
                    });
                }
            }
            Ok(_) => self.lease_failed(cx, &status::unreachable()),
            Err(error) => self.lease_failed(cx, &status::from_etcd(error)),
        }
    }

    /// No lease: the Events that wait for one are refused.
    pub(super) fn lease_failed(&mut self, cx: &mut Cx<'_>, why: &Status) {
        for (id, _) in self.leases.take_waiting() {
            self.work(cx, id, |_, _, _, _| Some(Err(why.clone())));
        }
    }

    pub(super) fn txn_done(
        &mut self,
        cx: &mut Cx<'_>,
        id: u64,
        call: &mut Call,
        txn: &TxnResponse,
    ) -> Verdict {
        let Step::Write(pending) = std::mem::replace(&mut call.step, Step::Working) else {
            return None;
        };
        if txn.succeeded {
            return Some(Ok(self.written(call, *pending, version(txn.header.revision))));
        }
        let Pending { write, .. } = *pending;
        let present = found(txn);
        if let Some(place) = taken(&write, txn)
            && stated(&call.request.call, &write.claims[place])
        {
            return Some(Err(claim_refused(call, &write.claims[place])));
        }
        match &call.request.call {
            ApiCall::Create { object } if present.is_some() => {
                let generated = object.meta().name.is_empty();
                if generated && call.attempts < 8 {
                    return self.create_now(cx, id, call);
                }
                Some(Err(status::already_exists(object.kind(), &call.key.name)))
            }
            ApiCall::Create { .. } if call.attempts <= ATTEMPTS_MAX => {
                self.create_now(cx, id, call)
            }
            ApiCall::Create { .. } => Some(Err(status::deadline())),
            ApiCall::Get { .. }
            | ApiCall::List { .. }
            | ApiCall::Update { .. }
            | ApiCall::Patch { .. }
            | ApiCall::Delete { .. }
            | ApiCall::Bind { .. } => self.change_stored(cx, id, (call, present)),
        }
    }

    /// The answer to a write that etcd has accepted.
    fn written(&mut self, call: &mut Call, pending: Pending, revision: u64) -> ApiOk {
        call.version = revision;
        let Pending { write, shown: object } = pending;
        if matches!(call.request.call, ApiCall::Bind { .. }) {
            return ApiOk::Done;
        }
        let cache = &mut self.caches[object.kind().index()];
        if write.object.is_some() && is_cached(object.kind()) {
            ApiOk::Object(cache.written(&object, revision))
        } else {
            ApiOk::Object(stamped(&object, revision))
        }
    }
}

/// The answer to a change that changes nothing.
fn shown(call: &ApiCall, current: Option<Object>) -> ApiOk {
    match current {
        Some(object) if !matches!(call, ApiCall::Bind { .. }) => ApiOk::Object(object),
        Some(_) | None => ApiOk::Done,
    }
}

/// Whether the user chose what this key stands for, rather than the server.
fn stated(call: &ApiCall, claim: &Key) -> bool {
    match call {
        ApiCall::Create { object } | ApiCall::Update { object, .. } => {
            claims::of(object).contains(claim)
        }
        ApiCall::Get { .. }
        | ApiCall::List { .. }
        | ApiCall::Patch { .. }
        | ApiCall::Delete { .. }
        | ApiCall::Bind { .. } => false,
    }
}

/// 422: what the user chose belongs to another Service.
///
/// Source: kubernetes/kubernetes:pkg/registry/core/service/storage/alloc.go.
fn claim_refused(call: &Call, claim: &Key) -> Status {
    let taken = claim.rsplit('/').next().unwrap_or_default();
    let error = if claim.starts_with("/registry/ipaddresses/") {
        let shown = format!("[]string{{{taken:?}}}");
        let why = format!("failed to allocate IP {taken}: provided IP is already allocated");
        validation::FieldError::invalid("spec.clusterIPs", shown, &why)
    } else {
        let why = "provided port is already allocated";
        validation::FieldError::invalid("spec.ports[0].nodePort", taken, why)
    };
    status::invalid(call.request.call.kind(), &call.key.name, &[error])
}
