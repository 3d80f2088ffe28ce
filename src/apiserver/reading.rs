//! Reads: from etcd, or from the cache when that is fresh enough.

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::wire::Cx;
use crate::wire::api::{ApiCall, ApiOk, Scope};
use crate::wire::etcd::{EtcdRequest, KeyRange, RangeRequest, RangeResponse};

use super::calls::{Call, Step};
use super::server::{ApiServer, HEALTH_KEY, is_cached};
use super::txn::{decode, read, version};
use super::watchcache::matches;
use super::work::Verdict;
use super::{keys, status};

impl ApiServer {
    /// Reads go to etcd (so they see every write that was answered before), but for those that
    /// upstream's components send with version 0: a kubelet's look at its own node.
    pub(super) fn get(&mut self, cx: &mut Cx<'_>, id: u64, call: &mut Call) -> Verdict {
        let kind = call.request.call.kind();
        let cache = &self.caches[kind.index()];
        let own_node =
            kind == Kind::Node && call.who.as_ref().is_some_and(|who| who.node().is_some());
        if own_node && let Some(entry) = cache.get(&call.key) {
            return Some(Ok(ApiOk::Object(entry.object.clone())));
        }
        call.step = Step::ReadObject;
        let key = self.object_key(kind, &call.key);
        self.ask_for(cx, id, call, &key)
    }

    /// Lists come from the cache: at once for components, whose informers list at version 0;
    /// for people only when the cache is no older than etcd is now (upstream's consistent reads
    /// from the cache). Events have no cache.
    pub(super) fn list(&mut self, cx: &mut Cx<'_>, id: u64, call: &mut Call) -> Verdict {
        let kind = call.request.call.kind();
        if !is_cached(kind) {
            call.step = Step::ReadList;
            let namespace = scope_of(&call.request.call).and_then(|scope| scope.namespace.as_ref());
            let range = KeyRange::prefix(keys::list_prefix(kind, namespace));
            return self.ask(cx, id, call, EtcdRequest::Range(RangeRequest::new(range)));
        }
        if !self.caches[kind.index()].is_ready() {
            return Some(Err(status::initializing()));
        }
        if call.who.as_ref().is_some_and(|who| who.reads_from_cache()) {
            return Some(Ok(self.cached_list(call)));
        }
        call.step = Step::ReadRevision;
        let range = RangeRequest { count_only: true, ..read(&HEALTH_KEY) };
        self.ask(cx, id, call, EtcdRequest::Range(range))
    }

    fn cached_list(&mut self, call: &Call) -> ApiOk {
        let cache = &mut self.caches[call.request.call.kind().index()];
        let everything = Scope::default();
        let items = cache.list(scope_of(&call.request.call).unwrap_or(&everything));
        ApiOk::List { items, version: cache.revision }
    }

    /// The cache has come as far as a list wanted.
    pub(super) fn cache_is_fresh(&mut self, cx: &mut Cx<'_>, id: u64) {
        self.work(cx, id, |server, _, _, call| Some(Ok(server.cached_list(call))));
    }

    /// The cache did not come as far in time.
    pub(super) fn cache_is_late(&mut self, cx: &mut Cx<'_>, id: u64, current: u64) {
        self.work(cx, id, |_, _, _, call| match call.step {
            Step::Fresh(wanted) => Some(Err(status::too_large(wanted, current))),
            Step::Working
            | Step::ReadObject
            | Step::ReadNamespace
            | Step::ReadList
            | Step::ReadRevision
            | Step::Write(_) => None,
        });
    }

    pub(super) fn range_read(
        &mut self,
        cx: &mut Cx<'_>,
        id: u64,
        call: &mut Call,
        range: &RangeResponse,
    ) -> Verdict {
        let pair = range.kvs.first().map(AsRef::as_ref);
        match call.step {
            Step::ReadObject => self.change_stored(cx, id, (call, pair)),
            Step::ReadNamespace => self.namespace_read(cx, id, (call, pair)),
            Step::ReadList => Some(Ok(listed(&call.request.call, range))),
            Step::ReadRevision => {
                let wanted = version(range.header.revision);
                let cache = &mut self.caches[call.request.call.kind().index()];
                if cache.revision >= wanted {
                    return Some(Ok(self.cached_list(call)));
                }
                cache.wait(wanted, id);
                call.step = Step::Fresh(wanted);
                self.ask_for_progress(cx);
                None
            }
            Step::Working | Step::Fresh(_) | Step::Write(_) => None,
        }
    }

    pub(super) fn read_again(&mut self, cx: &mut Cx<'_>, id: u64, call: &mut Call) -> Verdict {
        let kind = call.request.call.kind();
        match call.step {
            Step::ReadObject => {
                let key = self.object_key(kind, &call.key);
                self.ask_for(cx, id, call, &key)
            }
            Step::ReadNamespace => {
                let key = ObjectKey::new("", call.key.namespace.clone());
                self.ask_for(cx, id, call, &keys::key(Kind::Namespace, &key))
            }
            Step::ReadList | Step::ReadRevision => self.list(cx, id, call),
            Step::Working | Step::Fresh(_) | Step::Write(_) => Some(Err(status::unreachable())),
        }
    }
}

const fn scope_of(call: &ApiCall) -> Option<&Scope> {
    if let ApiCall::List { scope, .. } = call { Some(scope) } else { None }
}

/// A list straight from etcd.
fn listed(call: &ApiCall, range: &RangeResponse) -> ApiOk {
    let everything = Scope::default();
    let scope = scope_of(call).unwrap_or(&everything);
    let objects = range.kvs.iter().filter_map(|pair| decode(pair));
    let items = objects.filter(|object| matches(scope, object)).collect();
    ApiOk::List { items, version: version(range.header.revision) }
}
