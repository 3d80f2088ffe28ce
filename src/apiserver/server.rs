//! The actor: what it knows, and which message goes where.

use crate::api::Kind;
use crate::kernel::{FixedMap, Purpose, SimTime, Slot, Span, Start};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::apiserver::{ApiServerIn, ApiServerTimer};
use crate::wire::balancer::BalancerIn;
use crate::wire::etcd::{EtcdIn, EtcdReply, EtcdRequest, Key, WatchRequest};

use super::admission::Tolerations;
use super::boot::Boot;
use super::calls::Calls;
use super::compaction::Compactor;
use super::config::Config;
use super::connections::Connections;
use super::etcd_client::{Asker, EtcdClient};
use super::event_leases::EventLeases;
use super::txn::read;
use super::watchcache::KindCache;
use super::watching::Watching;

/// Random numbers for uids.
pub(super) const UID: Purpose = Purpose::named("uid");
/// Random numbers for the addresses and ports of Services.
pub(super) const CLUSTER_IP: Purpose = Purpose::named("cluster-ip");
/// Random numbers for the lives of watches.
pub(super) const WATCH_LIFE: Purpose = Purpose::named("watch-life");

/// A key that is read only to see whether etcd answers, and at which revision.
pub(super) const HEALTH_KEY: Key = arcstr::literal!("/registry/health");

/// The server looks after its watches this often.
const HOUSEKEEPING_PERIOD: Span = Span::secs(1);

/// One API server.
///
/// It keeps nothing on disk: after a crash it lists everything from etcd again.
#[derive(Clone, Debug)]
pub struct ApiServer {
    pub(super) config: Config,
    pub(super) tolerations: Tolerations,
    pub(super) etcd: EtcdClient,
    /// By [`Kind::index`]; that of Events stays empty.
    pub(super) caches: Vec<KindCache>,
    pub(super) calls: Calls,
    pub(super) connections: Connections,
    pub(super) watching: Watching,
    pub(super) leases: EventLeases,
    pub(super) compactor: Compactor,
    pub(super) boot: Boot,
    /// The place of the next response on the watch stream from etcd; none while a new stream
    /// begins, whose first response is not here yet.
    pub(super) stream: Option<u32>,
    /// When the watches at etcd were last set up.
    pub(super) stream_since: SimTime,
    /// Whether a new attempt at the watches is due after a turn to another member.
    pub(super) rewatch_armed: bool,
    /// Whether the server is asking etcd how far it is, for reads that wait.
    pub(super) progress_armed: bool,
    pub(super) round: usize,
    /// The numbers of watches at etcd that were given out, and what each is for.
    pub(super) etcd_watches: FixedMap<i64, super::watching::Fed>,
    pub(super) next_etcd_watch: i64,
}

impl ApiServer {
    /// A server that keeps its objects in these members of etcd, the first one preferred.
    #[must_use]
    pub fn new(config: Config, etcd: Vec<Slot>) -> Self {
        let tolerations = Tolerations::new(&config);
        ApiServer {
            tolerations,
            config,
            etcd: EtcdClient::new(etcd),
            caches: (0..Kind::ALL.len()).map(|_| KindCache::new(Kind::Event)).collect(),
            calls: Calls::default(),
            connections: Connections::default(),
            watching: Watching::default(),
            leases: EventLeases::default(),
            compactor: Compactor::default(),
            boot: Boot::default(),
            stream: None,
            stream_since: SimTime::ZERO,
            rewatch_armed: false,
            progress_armed: false,
            round: 0,
            etcd_watches: FixedMap::default(),
            next_etcd_watch: 1,
        }
        .with_caches()
    }

    fn with_caches(mut self) -> Self {
        for kind in Kind::ALL {
            self.caches[kind.index()] = KindCache::new(kind);
        }
        self
    }

    /// A life begins.
    pub fn start(&mut self, cx: &mut Cx<'_>, start: Start) {
        if start == Start::Restart {
            self.etcd.close_streams(cx);
        }
        for kind in cached_kinds() {
            self.list_kind(cx, kind);
        }
        cx.after(HOUSEKEEPING_PERIOD, timer(ApiServerTimer::Housekeeping));
        if !self.config.etcd_compaction_interval.is_zero() {
            cx.after(self.config.etcd_compaction_interval, timer(ApiServerTimer::Compact));
        }
    }

    /// The process is gone: everything it knew is forgotten. Numbers of requests and watches go
    /// on, as the ports of new connections do, so that nothing old can be taken for new.
    pub fn crash(&mut self) {
        let mut etcd = self.etcd.clone();
        etcd.reset();
        let next_etcd_watch = self.next_etcd_watch;
        *self = ApiServer {
            etcd,
            next_etcd_watch,
            ..ApiServer::new(self.config.clone(), self.etcd.members())
        };
    }

    /// Whether the caches have had their first lists. A health check then depends on etcd alone.
    ///
    /// Source: kubernetes/apiserver:pkg/server/healthz (`etcd`, `informer-sync`).
    #[must_use]
    pub fn is_ready(&self) -> bool {
        cached_kinds().all(|kind| self.caches[kind.index()].is_ready())
    }

    /// A message arrives.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: ApiServerIn) {
        match msg {
            ApiServerIn::Open => {
                self.forget_watches_of(from);
                self.connections.open(cx, from);
            }
            ApiServerIn::Close => self.forget_client(from),
            ApiServerIn::Refused(client) => self.forget_client(client),
            ApiServerIn::Request(request) => {
                if self.connections.receive(cx, from) {
                    self.arrive(cx, Some(from), request);
                }
            }
            ApiServerIn::Watch(start) => {
                if self.connections.receive(cx, from) {
                    self.start_watch(cx, from, *start);
                }
            }
            ApiServerIn::StopWatch(watch) => {
                if self.connections.receive(cx, from) {
                    self.stop_watch(cx, (from, watch));
                }
            }
            ApiServerIn::Ping => self.connections.ping(cx, from),
            ApiServerIn::Healthz => {
                if self.is_ready() {
                    let probe = EtcdRequest::Range(read(&HEALTH_KEY));
                    self.etcd.ask(cx, Asker::Health(from, cx.now()), probe);
                }
            }
            ApiServerIn::Etcd(reply) => self.hear_etcd(cx, from, reply),
            ApiServerIn::Timer(timer) => self.ring(cx, timer),
        }
    }

    fn hear_etcd(&mut self, cx: &mut Cx<'_>, from: Slot, reply: EtcdReply) {
        match reply {
            EtcdReply::Response { id, result } => {
                let Some(asker) = self.etcd.answered(cx.now(), id) else { return };
                match asker {
                    Asker::Call(call) => self.etcd_answered(cx, call, *result),
                    Asker::List(kind) => self.kind_listed(cx, kind, *result),
                    Asker::Lease => self.lease_answered(cx, *result),
                    Asker::CompactTurn => self.compaction_decided(cx, *result),
                    Asker::Health(balancer, asked) => {
                        let waited = cx.now().since(asked);
                        if result.is_ok() && waited <= self.config.etcd_healthcheck_timeout {
                            cx.stream(balancer, BalancerIn::Healthy);
                        }
                    }
                    Asker::Compact => {}
                }
            }
            EtcdReply::Watch(response) => {
                if from == self.etcd.member() {
                    self.etcd_watch(cx, &response);
                }
            }
            EtcdReply::Refused => self.member_is_lost(cx, from),
        }
    }

    fn ring(&mut self, cx: &mut Cx<'_>, timer: ApiServerTimer) {
        match timer {
            ApiServerTimer::Proceed(call) => self.proceed(cx, call),
            ApiServerTimer::EtcdDeadline => self.expire(cx),
            ApiServerTimer::Housekeeping => self.keep_house(cx),
            ApiServerTimer::Retry(what) => self.retry(cx, what),
            ApiServerTimer::Compact => self.compact(cx),
        }
    }

    fn forget_client(&mut self, client: Slot) {
        self.connections.close(client);
        self.forget_watches_of(client);
    }

    fn keep_house(&mut self, cx: &mut Cx<'_>) {
        cx.after(HOUSEKEEPING_PERIOD, timer(ApiServerTimer::Housekeeping));
        self.round = self.round.wrapping_add(1);
        for client in self.connections.drop_silent(cx.now()) {
            self.forget_watches_of(client);
        }
        self.look_after_watches(cx);
        self.check_stream(cx);
    }
}

/// The kinds that have a watch cache: all but Events, which are many and short-lived.
///
/// Source: kubernetes/kubernetes:pkg/kubeapiserver/default_storage_factory_builder.go
/// (`DefaultWatchCacheSizes`: 0 for events).
pub(super) fn cached_kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(|kind| is_cached(*kind))
}

/// Whether `kind` has a watch cache.
pub(super) const fn is_cached(kind: Kind) -> bool {
    !matches!(kind, Kind::Event)
}

/// A timer as a message to oneself.
pub(super) const fn timer(timer: ApiServerTimer) -> Msg {
    Msg::ApiServer(ApiServerIn::Timer(timer))
}

impl EtcdClient {
    /// Ends what streams an earlier life of this process may have left at the members.
    fn close_streams(&self, cx: &mut Cx<'_>) {
        for member in self.members() {
            cx.stream(member, Msg::Etcd(EtcdIn::Watch(Box::new(WatchRequest::CloseStream))));
        }
    }
}
