//! A small stage for one node: the real kubelet, machine, proxy and client, and an API server
//! that does no more than they need.

use std::collections::BTreeMap;
use std::sync::Arc;

use prova::api::{
    Container, EndpointSlice, Event as Told, Kind, Labels, Object, ObjectKey, Pod, Service, Str,
    Time, Uid,
};
use prova::kernel::{Event, LinkSpec, Links, Sim, SimTime, Slot, Span, Start, World};
use prova::kubelet::{Config as KubeletConfig, Kubelet, NodeFacts};
use prova::proxy::{Config as ProxyConfig, Proxy};
use prova::runtime::{Config as RuntimeConfig, Machine, Routes, Runtime};
use prova::traffic::{Client, Config as TrafficConfig, Origin, Traffic};
use prova::wire::api::{
    ApiCall, ApiOk, ApiReply, ApiRequest, ApiResponse, DeleteOptions, FieldSelector, Patch, Scope,
    Status, StatusReason, Tally, WatchChange, WatchEvent,
};
use prova::wire::apiserver::ApiServerIn;
use prova::wire::cri::RuntimeReply;
use prova::wire::kubelet::KubeletIn;
use prova::wire::proxy::ProxyIn;
use prova::wire::runtime::{RuntimeFault, RuntimeIn};
use prova::wire::traffic::{RateCurve, TrafficIn};
use prova::wire::{Cx, Msg, Note};

pub(crate) const API: Slot = Slot(0);
pub(crate) const KUBELET: Slot = Slot(1);
pub(crate) const MACHINE: Slot = Slot(2);
pub(crate) const PROXY: Slot = Slot(3);
pub(crate) const CLIENT: Slot = Slot(4);

/// The node's world.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) api: FakeApi,
    pub(crate) kubelet: Kubelet,
    pub(crate) machine: Runtime,
    pub(crate) proxy: Proxy,
    pub(crate) traffic: Traffic,
}

/// An API server with a store, watches, and nothing else.
#[derive(Clone, Debug, Default)]
pub(crate) struct FakeApi {
    pub(crate) objects: BTreeMap<(Kind, ObjectKey), Object>,
    version: u64,
    watches: Vec<Watch>,
    tallies: BTreeMap<Slot, Tally>,
    /// What happened, one line each.
    pub(crate) log: Vec<String>,
    /// How many writes of pod statuses came.
    pub(crate) status_writes: usize,
    /// How often the Lease was written, and when.
    pub(crate) lease_writes: Vec<SimTime>,
    /// It refuses to write Leases, as with a full etcd.
    pub(crate) full: bool,
}

#[derive(Clone, Debug)]
struct Watch {
    client: Slot,
    number: u32,
    kind: Kind,
    scope: Scope,
    place: u32,
}

fn in_scope(scope: &Scope, object: &Object) -> bool {
    match (&scope.field, object) {
        (Some(FieldSelector::NodeName(node)), Object::Pod(pod)) => pod.spec.node_name == *node,
        (Some(FieldSelector::Name(name)), _) => object.meta().name == *name,
        (Some(FieldSelector::NodeName(_)), _) => false,
        (None, _) => true,
    }
}

fn no(reason: StatusReason) -> Status {
    Status { reason, message: Str::from("no") }
}

impl FakeApi {
    fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: ApiServerIn) {
        let tally = self.tallies.entry(from).or_default();
        match msg {
            ApiServerIn::Open => {
                *tally = Tally::default();
                self.watches.retain(|watch| watch.client != from);
                cx.stream(from, wrap(from, ApiReply::Opened));
            }
            ApiServerIn::Ping => {
                let tally = *tally;
                cx.stream(from, wrap(from, ApiReply::Pong(tally)));
            }
            ApiServerIn::Request(request) => {
                tally.received += 1;
                self.request(cx, from, *request);
            }
            ApiServerIn::Watch(start) => {
                tally.received += 1;
                let watch = Watch {
                    client: from,
                    number: start.watch,
                    kind: start.kind,
                    scope: start.scope,
                    place: 0,
                };
                self.watches.push(watch);
            }
            _ => {}
        }
    }

    fn send(&mut self, cx: &mut Cx<'_>, to: Slot, reply: ApiReply) {
        if to != Slot::OUTSIDE {
            self.tallies.entry(to).or_default().sent += 1;
            cx.stream(to, wrap(to, reply));
        }
    }

    fn request(&mut self, cx: &mut Cx<'_>, from: Slot, request: ApiRequest) {
        let result = self.call(cx, request.call);
        let reply = ApiReply::Response(Box::new(ApiResponse { id: request.id, result }));
        self.send(cx, from, reply);
    }

    fn call(&mut self, cx: &mut Cx<'_>, call: ApiCall) -> Result<ApiOk, Status> {
        match call {
            ApiCall::Get { kind, key } => {
                let found = self.objects.get(&(kind, key)).cloned();
                found.map(ApiOk::Object).ok_or(no(StatusReason::NotFound))
            }
            ApiCall::List { kind, scope } => {
                let of_kind = self.objects.iter().filter(|((known, _), _)| *known == kind);
                let items = of_kind.map(|(_, object)| object).filter(|own| in_scope(&scope, own));
                Ok(ApiOk::List { items: items.cloned().collect(), version: self.version })
            }
            ApiCall::Create { object } => {
                if let Object::Event(told) = &object {
                    self.tell(cx.now(), told);
                }
                if self.objects.contains_key(&(object.kind(), object.key())) {
                    return Err(no(StatusReason::AlreadyExists));
                }
                Ok(ApiOk::Object(self.store(cx, object, WatchChange::Added)))
            }
            ApiCall::Update { object, .. } => {
                if object.kind() == Kind::Lease {
                    self.lease_writes.push(cx.now());
                    if self.full {
                        return Err(no(StatusReason::InternalError));
                    }
                }
                Ok(ApiOk::Object(self.store(cx, object, WatchChange::Modified)))
            }
            ApiCall::Patch { kind, key, patch } => self.patch(cx, (kind, key), *patch),
            ApiCall::Delete { kind, key, options } => self.delete(cx, (kind, key), &options),
            ApiCall::Bind { .. } => Err(no(StatusReason::BadRequest)),
        }
    }

    fn store(
        &mut self,
        cx: &mut Cx<'_>,
        mut object: Object,
        how: fn(Object) -> WatchChange,
    ) -> Object {
        self.version += 1;
        let version = self.version;
        let meta = object.meta_mut();
        meta.resource_version = version;
        if meta.uid.is_unset() {
            meta.uid = Uid(version + 1000);
            meta.creation_timestamp = Some(Time(cx.now()));
        }
        self.objects.insert((object.kind(), object.key()), object.clone());
        self.spread(cx, &object, how);
        object
    }

    fn spread(&mut self, cx: &mut Cx<'_>, object: &Object, how: fn(Object) -> WatchChange) {
        for place in 0..self.watches.len() {
            let watch = &mut self.watches[place];
            if watch.kind != object.kind() || !in_scope(&watch.scope, object) {
                continue;
            }
            let event =
                WatchEvent { watch: watch.number, place: watch.place, change: how(object.clone()) };
            watch.place += 1;
            let client = watch.client;
            self.send(cx, client, ApiReply::Watch(event));
        }
    }

    fn patch(
        &mut self,
        cx: &mut Cx<'_>,
        at: (Kind, ObjectKey),
        patch: Patch,
    ) -> Result<ApiOk, Status> {
        let Some(known) = self.objects.get(&at).cloned() else {
            return Err(no(StatusReason::NotFound));
        };
        match (known, patch) {
            (Object::Pod(pod), Patch::Status(Object::Pod(news))) => {
                if news.metadata.uid != pod.metadata.uid {
                    return Err(no(StatusReason::Conflict));
                }
                self.status_writes += 1;
                let mut changed = Pod::clone(&pod);
                let mut conditions = pod.status.conditions.clone();
                conditions.merge(&news.status.conditions);
                changed.status = news.status.clone();
                changed.status.conditions = conditions;
                self.log_status(cx.now(), &changed);
                Ok(ApiOk::Object(self.store(cx, changed.into(), WatchChange::Modified)))
            }
            (Object::Node(node), Patch::Status(Object::Node(news))) => {
                let mut changed = prova::api::Node::clone(&node);
                changed.status = news.status.clone();
                Ok(ApiOk::Object(self.store(cx, changed.into(), WatchChange::Modified)))
            }
            (Object::Event(told), Patch::Merge(news)) => {
                let mut changed = Told::clone(&told);
                changed.count =
                    news["count"].as_i64().and_then(|count| i32::try_from(count).ok()).unwrap();
                changed.message = news["message"].as_str().unwrap().into();
                let changed = Arc::new(changed);
                self.tell(cx.now(), &changed);
                Ok(ApiOk::Object(self.store(cx, changed.into(), WatchChange::Modified)))
            }
            (known, patch) => panic!("{patch:?} of {known:?}"),
        }
    }

    fn delete(
        &mut self,
        cx: &mut Cx<'_>,
        at: (Kind, ObjectKey),
        options: &DeleteOptions,
    ) -> Result<ApiOk, Status> {
        let Some(known) = self.objects.get(&at).cloned() else {
            return Err(no(StatusReason::NotFound));
        };
        if options.uid.is_some_and(|uid| uid != known.meta().uid) {
            return Err(no(StatusReason::Conflict));
        }
        let own = if let Object::Pod(pod) = &known {
            pod.spec.termination_grace_period_seconds
        } else {
            0
        };
        let grace = options.grace_period_seconds.unwrap_or(own);
        let mut gone = known;
        if grace > 0 {
            let at = cx.now() + Span::secs(u64::try_from(grace).unwrap_or(0));
            gone.meta_mut().deletion_timestamp = Some(Time(at));
            gone.meta_mut().deletion_grace_period_seconds = Some(grace);
            return Ok(ApiOk::Object(self.store(cx, gone, WatchChange::Modified)));
        }
        self.objects.remove(&at);
        self.version += 1;
        gone.meta_mut().resource_version = self.version;
        self.log.push(format!("{} {} removed", at_secs(cx.now()), gone.meta().name));
        self.spread(cx, &gone, WatchChange::Deleted);
        Ok(ApiOk::Object(gone))
    }

    fn tell(&mut self, now: SimTime, told: &Arc<Told>) {
        let about = &told.involved_object.name;
        self.log.push(format!("{} {about} {}: {}", at_secs(now), told.reason, told.message));
    }

    fn log_status(&mut self, now: SimTime, pod: &Pod) {
        let status = &pod.status;
        let holds: Vec<&str> = ["PodReadyToStartContainers", "Initialized", "Ready"]
            .into_iter()
            .filter(|kind| status.conditions.is_true(kind))
            .collect();
        let restarts: i32 = status.container_statuses.iter().map(|own| own.restart_count).sum();
        let name = &pod.metadata.name;
        self.log.push(format!(
            "{} {name} is {:?} [{}] ip={} restarts={restarts}",
            at_secs(now),
            status.phase,
            holds.join(" "),
            status.pod_ip
        ));
    }
}

fn at_secs(now: SimTime) -> String {
    let millis = now.as_nanos() / 1_000_000;
    format!("{:>3}.{:03}", millis / 1000, millis % 1000)
}

fn wrap(to: Slot, reply: ApiReply) -> Msg {
    if to == PROXY { ProxyIn::Api(reply).into() } else { KubeletIn::Api(reply).into() }
}

impl World for Stage {
    type Msg = Msg;
    type Note = Note;

    fn deliver(&mut self, cx: &mut Cx<'_>, event: Event<Msg>) {
        let from = event.from.slot;
        match event.msg {
            Msg::Balancer(_) => cx.stream(from, wrap(from, ApiReply::Connected(Some(API)))),
            Msg::ApiServer(msg) => self.api.handle(cx, from, msg),
            Msg::Kubelet(msg) => self.kubelet.handle(cx, from, msg),
            Msg::Runtime(msg) => self.machine.handle(cx, from, msg),
            Msg::Proxy(msg) => self.proxy.handle(cx, from, msg),
            Msg::Traffic(msg) => self.traffic.handle(cx, from, msg),
            other => panic!("nobody here takes {}", other.label()),
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>, slot: Slot, start: Start) {
        match slot {
            KUBELET => self.kubelet.start(cx, start),
            MACHINE => self.machine.start(cx, start),
            PROXY => self.proxy.start(cx, start),
            CLIENT => self.traffic.start(cx, start),
            _ => {}
        }
    }

    fn crash(&mut self, slot: Slot) {
        match slot {
            KUBELET => self.kubelet.crash(),
            MACHINE => self.machine.crash(),
            PROXY => self.proxy.crash(),
            CLIENT => self.traffic.crash(),
            _ => {}
        }
    }

    fn refused(&mut self, cx: &mut Cx<'_>, event: &Event<Msg>) {
        if let Msg::Runtime(RuntimeIn::Cri(_)) = &event.msg {
            cx.stream(event.from.slot, KubeletIn::Runtime(RuntimeReply::Unavailable));
        }
    }
}

/// What a test does to the stage.
pub(crate) struct Play {
    pub(crate) sim: Sim<Stage>,
    calls: u64,
}

impl Play {
    /// A node with `rate` requests per second on the Service `web`; the machine's images take
    /// two seconds each.
    pub(crate) fn new(rate: u64) -> Self {
        let config =
            Arc::new(KubeletConfig { start_spread: Span::millis(1), ..KubeletConfig::default() });
        let facts = NodeFacts::new("n1".into(), (2000, 4 << 30), MACHINE, &config).numbered(1);
        let mut runtime = RuntimeConfig::default();
        runtime.images.size_min = 80_000_000;
        runtime.images.size_max = 80_000_000;
        let machine = Machine {
            kubelet: KUBELET,
            address: facts.address.clone(),
            pod_prefix: facts.pod_prefix(),
            cpu_milli: 2000,
            routes: Arc::new(Routes::to([("n1".into(), MACHINE)])),
        };
        let client = Client {
            name: "shopper".into(),
            service: ObjectKey::new("default", "web"),
            port: 0,
            curve: RateCurve { even: true, ..RateCurve::constant(rate * 1000) },
            origin: Origin::Machine(MACHINE),
        };
        let proxy = ProxyConfig { start_spread: Span::millis(1), ..ProxyConfig::default() };
        let stage = Stage {
            api: FakeApi::default(),
            kubelet: Kubelet::new(config, Arc::new(facts), API),
            machine: Runtime::new(Arc::new(runtime), machine),
            proxy: Proxy::new(Arc::new(proxy), "n1".into(), (MACHINE, API)),
            traffic: Traffic::new(Arc::new(TrafficConfig::default()), client),
        };
        let mut links = Links::default();
        let here = links.add_site(None);
        let there = links.add_site(Some((here, LinkSpec::clean(Span::millis(1), Span::ZERO))));
        links.place(API, here);
        for slot in [KUBELET, MACHINE, PROXY, CLIENT] {
            links.place(slot, there);
        }
        let mut sim = Sim::new(stage, 5, links, 1);
        sim.boot();
        Play { sim, calls: 0 }
    }

    pub(crate) fn call(&mut self, call: ApiCall) {
        self.calls += 1;
        let request = ApiRequest { id: self.calls, user: "test".into(), call };
        self.sim.inject(API, ApiServerIn::Request(Box::new(request)));
    }

    pub(crate) fn create(&mut self, object: impl Into<Object>) {
        self.call(ApiCall::Create { object: object.into() });
    }

    pub(crate) fn delete(&mut self, name: &str, grace_period_seconds: Option<i64>) {
        let options = DeleteOptions { grace_period_seconds, ..DeleteOptions::default() };
        self.call(ApiCall::Delete {
            kind: Kind::Pod,
            key: ObjectKey::new("default", name),
            options,
        });
    }

    pub(crate) fn fault(&mut self, fault: RuntimeFault) {
        self.sim.inject(MACHINE, RuntimeIn::Fault(Box::new(fault)));
    }

    pub(crate) fn set_rate(&mut self, rate: u64) {
        let curve = RateCurve { even: true, ..RateCurve::constant(rate * 1000) };
        self.sim.inject(CLIENT, TrafficIn::SetRate(Box::new(curve)));
    }

    pub(crate) fn run_until(&mut self, secs: u64) {
        let until = SimTime::from_secs(secs);
        self.sim.run_for(until.since(self.sim.now()));
    }

    pub(crate) fn api(&self) -> &FakeApi {
        &self.sim.world().api
    }

    pub(crate) fn pod(&self, name: &str) -> Option<Arc<Pod>> {
        let key = (Kind::Pod, ObjectKey::new("default", name));
        let Some(Object::Pod(pod)) = self.api().objects.get(&key) else { return None };
        Some(pod.clone())
    }

    /// What was told so far that contains one of `words`; the log starts afresh.
    pub(crate) fn told(&mut self, words: &[&str]) -> Vec<String> {
        let log = std::mem::take(&mut self.sim.world_mut().api.log);
        log.into_iter().filter(|line| words.iter().any(|word| line.contains(word))).collect()
    }
}

/// A pod on the node with one container.
pub(crate) fn pod(name: &str, change: impl FnOnce(&mut Pod, &mut Container)) -> Pod {
    let mut container =
        Container { name: "app".into(), image: "shop/web:1".into(), ..Container::default() };
    let mut pod = Pod::default();
    pod.metadata.name = name.into();
    pod.metadata.namespace = "default".into();
    pod.spec.node_name = "n1".into();
    change(&mut pod, &mut container);
    pod.spec.containers = vec![container].into();
    pod
}

/// The Service `web` and a slice with these pods.
pub(crate) fn web(pods: &[&Pod]) -> (Service, EndpointSlice) {
    use prova::api::service::{
        Endpoint, EndpointConditions, EndpointPort, SERVICE_NAME_LABEL, ServicePort,
    };
    let mut service = Service::default();
    service.metadata.name = "web".into();
    service.metadata.namespace = "default".into();
    service.spec.ports.push(ServicePort { port: 80, ..ServicePort::default() });
    let mut slice = EndpointSlice::default();
    slice.metadata.name = "web-1".into();
    slice.metadata.namespace = "default".into();
    slice.metadata.labels = Labels::default().with(SERVICE_NAME_LABEL, "web");
    slice.ports.push(EndpointPort { port: 8080, ..EndpointPort::default() });
    slice.endpoints = pods
        .iter()
        .map(|pod| Endpoint {
            addresses: vec![pod.status.pod_ip.clone()],
            conditions: EndpointConditions { ready: true, serving: true, terminating: false },
            node_name: pod.spec.node_name.clone(),
            target_ref: Some(prova::api::ObjectReference::to(Kind::Pod, &pod.metadata)),
            ..Endpoint::default()
        })
        .collect();
    (service, slice)
}
