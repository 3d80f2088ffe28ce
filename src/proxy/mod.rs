//! kube-proxy: makes packet rules of Services and EndpointSlices.
//!
//! It watches both kinds, notes which Services changed, and writes their rules into the machine's
//! kernel, but not more often than once a second. The rules are the kernel's from then on (see
//! `RuntimeIn::Rules`): when the proxy dies, the last
//! ones go on working and grow stale.
//!
//! A change of one slice reaches the proxies of all nodes, so nothing here copies endpoints.
//!
//! Floor: 3
//! Imports: kernel, api, wire, client

mod config;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::api::service::{EndpointSlice, SERVICE_NAME_LABEL, Service, ServiceType};
use crate::api::{ObjectKey, Str};
use crate::client::{ApiClient, ClientConfig, Incoming, Informer, InformerId};
use crate::kernel::{Purpose, SimTime, Slot, Span, Start, Ticket, Timer};
use crate::wire::note::Note;
use crate::wire::proxy::ProxyIn;
use crate::wire::runtime::{RulesUpdate, RuntimeIn, ServiceRules};
use crate::wire::{Cx, Msg};

pub use config::{Config, SETTINGS};

const SERVICES: InformerId = InformerId(0);
const SLICES: InformerId = InformerId(1);

/// As whom it calls the API server.
const USER: Str = arcstr::literal!("system:kube-proxy");

/// Moments that are spread at random.
const SPREAD: Purpose = Purpose::named("spread");

/// The actor.
#[derive(Clone, Debug)]
pub struct Proxy {
    config: Arc<Config>,
    node: Str,
    machine: Slot,
    client: ApiClient<()>,
    services: Informer<Service>,
    slices: Informer<EndpointSlice>,
    /// The slices of each Service, whether it is there or not.
    behind: BTreeMap<ObjectKey, Vec<Arc<EndpointSlice>>>,
    /// Services whose rules must be written.
    changed: BTreeSet<ObjectKey>,
    sync: Timer,
    /// It has connected.
    begun: bool,
    /// It has written all rules once.
    initialized: bool,
    /// When the next sync would be due at the even pace of `minSyncPeriod`.
    even: SimTime,
}

impl Proxy {
    /// The proxy of `node`, whose rules go to `machine`; it reaches the API through `balancer`.
    #[must_use]
    pub fn new(config: Arc<Config>, node: Str, (machine, balancer): (Slot, Slot)) -> Self {
        let client = ClientConfig::new(USER).limited_to(config.api_qps, config.api_burst);
        Proxy {
            config,
            node,
            machine,
            client: ApiClient::new(client, balancer, wrap),
            services: Informer::new(SERVICES),
            slices: Informer::new(SLICES),
            behind: BTreeMap::new(),
            changed: BTreeSet::new(),
            sync: Timer::default(),
            begun: false,
            initialized: false,
            even: SimTime::ZERO,
        }
    }

    /// Begins a life, within the spread of the cluster's machines.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: Start) {
        let wait = cx.chance(SPREAD).below(self.config.start_spread.as_nanos());
        self.arm(cx, Span::nanos(wait));
    }

    /// Handles one message.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: ProxyIn) {
        match msg {
            ProxyIn::Api(reply) => self.client.handle(cx, from, reply),
            ProxyIn::Client(timer) => self.client.timer(cx, timer),
            ProxyIn::Sync(ticket) => self.sync_due(cx, ticket),
        }
        while let Some(incoming) = self.client.next() {
            match incoming {
                Incoming::Feed(SERVICES, feed) => {
                    for delta in self.services.apply(feed) {
                        self.changed.insert(delta.key());
                    }
                }
                Incoming::Feed(SLICES, feed) => {
                    for delta in self.slices.apply(feed) {
                        self.slice_changed(delta.old, delta.new);
                    }
                }
                Incoming::Feed(..)
                | Incoming::Answer { .. }
                | Incoming::Leader(_)
                | Incoming::Events(_) => {}
            }
        }
        self.plan(cx);
    }

    /// The process dies; the rules in the kernel stay.
    pub fn crash(&mut self) {
        self.client.crash();
        self.services.crash();
        self.slices.crash();
        self.behind.clear();
        self.changed.clear();
        self.sync = Timer::default();
        (self.begun, self.initialized) = (false, false);
        self.even = SimTime::ZERO;
    }

    fn arm(&mut self, cx: &mut Cx<'_>, wait: Span) {
        self.sync.arm(cx, wait, |ticket| ProxyIn::Sync(ticket).into());
    }

    fn sync_due(&mut self, cx: &mut Cx<'_>, ticket: Ticket) {
        if !self.sync.rings(ticket) {
            return;
        }
        if self.begun {
            self.write(cx);
        } else {
            self.begun = true;
            self.client.start(cx);
            self.client.inform(cx, &self.services);
            self.client.inform(cx, &self.slices);
        }
    }

    fn slice_changed(&mut self, old: Option<Arc<EndpointSlice>>, new: Option<Arc<EndpointSlice>>) {
        let (before, after) =
            (old.as_deref().and_then(service_of), new.as_deref().and_then(service_of));
        if let (Some(service), Some(old)) = (before, old)
            && let Some(slices) = self.behind.get_mut(&service)
        {
            slices.retain(|known| known.metadata.name != old.metadata.name);
            if slices.is_empty() {
                self.behind.remove(&service);
            }
            self.changed.insert(service);
        }
        if let (Some(service), Some(new)) = (after, new) {
            let slices = self.behind.entry(service.clone()).or_default();
            slices.push(new);
            // In the order of names, whatever the order of changes was.
            slices.sort_by(|one, two| one.metadata.name.cmp(&two.metadata.name));
            self.changed.insert(service);
        }
    }

    /// Writes as soon as the pace allows it: at most `sync_burst` times at once, then once in
    /// `minSyncPeriod`.
    ///
    /// Source: kubernetes/kubernetes:pkg/util/async/bounded_frequency_runner.go.
    fn plan(&mut self, cx: &mut Cx<'_>) {
        let known = self.services.has_synced() && self.slices.has_synced();
        let wanted = !self.changed.is_empty() || !self.initialized;
        if !known || !wanted || self.sync.armed() {
            return;
        }
        let slack =
            self.config.min_sync_period.saturating_mul(self.config.sync_burst.saturating_sub(1));
        let wait = self.even.since(cx.now()).saturating_sub(slack);
        self.arm(cx, wait);
    }

    /// Writes the rules of the Services that changed, or all of them the first time.
    fn write(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        self.even = self.even.max(now) + self.config.min_sync_period;
        let replace_all = !std::mem::replace(&mut self.initialized, true);
        let mut endpoints = 0;
        let mut services = Vec::new();
        for key in std::mem::take(&mut self.changed) {
            let rules = self.rules_of(&key);
            let count = |rules: &Arc<ServiceRules>| {
                rules.slices.iter().map(|own| own.endpoints.len()).sum()
            };
            endpoints += rules.as_ref().map_or(0, count);
            cx.note(|| Note::Rules {
                node: self.node.clone(),
                service: key.clone(),
                endpoints: rules.as_deref().map_or(0, ready),
            });
            services.push((key, rules));
        }
        let took = self.config.restore_base
            + self.config.restore_per_endpoint.saturating_mul(endpoints as u64);
        let update = Box::new(RulesUpdate { replace_all, services });
        cx.hand_over(self.machine, took, RuntimeIn::Rules(update));
    }

    /// The rules of one Service; none when there is no such Service, or an alias only.
    ///
    /// Simplified: a headless Service has no rules in reality; its clients get the pods' own
    /// addresses from DNS. Rules stand for that here.
    fn rules_of(&self, key: &ObjectKey) -> Option<Arc<ServiceRules>> {
        let service = self.services.get(key).cloned()?;
        if service.spec.kind == ServiceType::ExternalName {
            return None;
        }
        let slices = self.behind.get(key).cloned().unwrap_or_default();
        Some(Arc::new(ServiceRules { service, slices }))
    }
}

/// Ready endpoints in rules.
fn ready(rules: &ServiceRules) -> usize {
    let endpoints = rules.slices.iter().flat_map(|slice| &slice.endpoints);
    endpoints.filter(|endpoint| endpoint.conditions.ready).count()
}

/// The Service that a slice belongs to.
fn service_of(slice: &EndpointSlice) -> Option<ObjectKey> {
    let name = slice.metadata.labels.get(&SERVICE_NAME_LABEL)?;
    Some(ObjectKey { namespace: slice.metadata.namespace.clone(), name: name.clone() })
}

fn wrap(timer: crate::wire::api::ClientTimer) -> Msg {
    ProxyIn::Client(timer).into()
}
