//! A server of one member, without a log or a network: what it accepts is committed.
//!
//! It uses the very functions with which the member checks, routes, applies and answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use prova::etcd::check::RequestLimits;
use prova::etcd::lease::{LEASE_CHECK_INTERVAL, LEASE_REVOKE_RATE};
use prova::etcd::route::Route;
use prova::etcd::store::{Store, StoreConfig};
use prova::etcd::watch::{Outgoing, WatchHub};
use prova::kernel::{SimTime, Span};
use prova::wire::etcd::{
    AlarmAction, AlarmRequest, AlarmType, EtcdError, EtcdRequest, EtcdResponse, EtcdResult,
    LeaseId, Mutation, ResponseHeader, WatchId, WatchResponse,
};
use serde_json::{Value, json};

use super::{parse, show};

/// The only client.
const CLIENT: u8 = 1;
/// The only member.
const MEMBER: u64 = 1;

/// The id of a watch whose stream is gone.
const NOBODY: WatchId = WatchId::MIN;

/// One watch of a dialogue.
struct Watch {
    id: WatchId,
    unread: Vec<Arc<WatchResponse>>,
}

/// The server of a dialogue.
pub(super) struct Server {
    store: Store,
    hub: WatchHub<u8>,
    limits: RequestLimits,
    now: SimTime,
    leases: Vec<LeaseId>,
    watches: BTreeMap<String, Watch>,
}

impl Server {
    /// A fresh server that leads itself.
    pub(super) fn new(flags: &[Value]) -> Result<Self, String> {
        let mut config = StoreConfig::default();
        let mut limits = RequestLimits::default();
        for flag in flags.iter().filter_map(Value::as_str) {
            let bad = |e: std::num::ParseIntError| format!("{flag}: {e}");
            match flag.split_once('=') {
                Some(("--quota-backend-bytes", n)) => {
                    config.quota_bytes = n.parse().map_err(bad)?
                }
                Some(("--max-txn-ops", n)) => limits.max_txn_ops = n.parse().map_err(bad)?,
                Some(("--max-request-bytes", n)) => {
                    limits.max_request_bytes = n.parse().map_err(bad)?;
                }
                Some(_) | None => return Err(format!("unknown flag {flag}")),
            }
        }
        let mut server = Server {
            store: Store::new(config),
            hub: WatchHub::default(),
            limits,
            now: SimTime::ZERO,
            leases: Vec::new(),
            watches: BTreeMap::new(),
        };
        server.store.lessor_mut().promote(Span::secs(1), server.now);
        Ok(server)
    }

    /// The leases granted so far.
    pub(super) fn leases(&self) -> &[LeaseId] {
        &self.leases
    }

    /// Answers a request.
    pub(super) fn ask(&mut self, request: EtcdRequest) -> EtcdResult {
        self.limits.check(&request)?;
        let new_lease_id = 7_587_000_000 + self.leases.len() as i64;
        match Route::of(request.clone(), || new_lease_id) {
            Route::Log(mutation) => self.propose(&mutation),
            Route::Linearizable(_) | Route::Local(_) | Route::Leader(_) => self
                .store
                .answer(&request, self.now)
                .unwrap_or_else(|| unreachable!("the route leads to the store")),
            Route::Member(_) => {
                self.store.defragment();
                Ok(EtcdResponse::Defragment(ResponseHeader::at(self.store.revision())))
            }
        }
    }

    /// What the leader does with a change: size, quota, log, apply, watchers.
    fn propose(&mut self, mutation: &Mutation) -> EtcdResult {
        self.limits.check_size(mutation)?;
        if !self.store.fits(mutation) {
            self.apply(&Mutation::Alarm(AlarmRequest {
                action: AlarmAction::Activate,
                member_id: MEMBER,
                alarm: Some(AlarmType::NoSpace),
            }))?;
            return Err(EtcdError::NoSpace);
        }
        let result = self.apply(mutation);
        if let Ok(EtcdResponse::LeaseGrant(granted)) = &result {
            self.leases.push(granted.id);
        }
        result
    }

    fn apply(&mut self, mutation: &Mutation) -> EtcdResult {
        let applied = self.store.apply(mutation, self.now);
        if !applied.events.is_empty() {
            let out = self.hub.notify(self.store.revision(), &applied.events);
            self.deliver(out);
        }
        applied.result
    }

    /// Lets time pass; leases end meanwhile.
    pub(super) fn sleep(&mut self, ms: u64) {
        let end = self.now + Span::millis(ms);
        while self.now < end {
            self.now = (self.now + LEASE_CHECK_INTERVAL).min(end);
            for id in self.store.lessor_mut().take_expired(self.now, LEASE_REVOKE_RATE / 2) {
                // A lease that somebody else revoked meanwhile is gone already.
                self.apply(&Mutation::LeaseRevoke(id)).ok();
            }
        }
    }

    /// Kills the server and starts it again on its disk: streams and clocks are gone.
    pub(super) fn restart(&mut self) {
        self.hub = WatchHub::default();
        self.watches.values_mut().for_each(|watch| watch.id = NOBODY);
        self.store.lessor_mut().demote();
        self.now += Span::millis(1500);
        self.store.lessor_mut().promote(Span::secs(1), self.now);
    }

    /// Opens a watch under a name of the dialogue.
    pub(super) fn watch_open(&mut self, name: &str, args: &Value) -> Result<Value, String> {
        let out = self.hub.create(&self.store, CLIENT, parse::watch(args)?);
        let id = out.first().ok_or("a watch is answered at once")?.1.watch_id;
        self.watches.insert(name.to_owned(), Watch { id, unread: Vec::new() });
        self.deliver(out);
        Ok(json!({"ok": true}))
    }

    /// Ends a watch.
    pub(super) fn watch_cancel(&mut self, name: &str) -> Result<Value, String> {
        let id = self.watches.get(name).ok_or_else(|| format!("no watch {name}"))?.id;
        let out = self.hub.cancel(&self.store, CLIENT, id);
        self.deliver(out);
        Ok(json!({"ok": true}))
    }

    /// What came on a watch since the last time, until so many events are in it; 0: all.
    pub(super) fn watch_read(&mut self, name: &str, events: u64) -> Result<Value, String> {
        let watch = self.watches.get_mut(name).ok_or_else(|| format!("no watch {name}"))?;
        let mut seen = 0;
        let mut read = Vec::new();
        while !watch.unread.is_empty() && (seen < events || events == 0) {
            let response = watch.unread.remove(0);
            seen += response.events.len() as u64;
            read.push(show::watch(&response, &self.leases));
        }
        Ok(json!({"ok": true, "responses": read}))
    }

    /// Sorts responses to the watches they belong to.
    fn deliver(&mut self, out: Outgoing<u8>) {
        for (_, response) in out {
            if let Some(watch) = self.watches.values_mut().find(|w| w.id == response.watch_id) {
                watch.unread.push(response);
            }
        }
    }
}
