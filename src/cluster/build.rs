//! From a specification to a stage: places, slots, actors.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::api::Quantity;
use crate::api::Str;
use crate::api::Taint;
use crate::api::TaintEffect;
use crate::api::quantity::Format;
use crate::api::reasons;
use crate::apiserver::ApiServer;
use crate::apiserver::Balancer;
use crate::controllers::ControllerManager;
use crate::etcd::Member;
use crate::kernel::Links;
use crate::kernel::Shared;
use crate::kernel::Sim;
use crate::kernel::SiteId;
use crate::kernel::Slot;
use crate::kernel::Span;
use crate::kubelet::Kubelet;
use crate::kubelet::NodeFacts;
use crate::metrics::MetricsServer;
use crate::operator::Operator;
use crate::proxy::Proxy;
use crate::runtime::Routes;
use crate::runtime::Runtime;
use crate::scheduler::Scheduler;
use crate::traffic::Client;
use crate::traffic::Origin;
use crate::traffic::Traffic;
use crate::wire::traffic::RateCurve;

use super::deliver::{Cluster, NodeActors};
use super::directory::{Counts, Directory, Machine, Role};
use super::settings::{Configs, SettingError};
use super::spec::{
    ClusterSpec, DEFAULT_ZONE, HOST_LINK, NodeSpec, OUTSIDE_LINK, OUTSIDE_ZONE, TrafficSpec,
    ZONE_LINK,
};

/// Why a specification is no cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// A changed default does not fit.
    Setting(SettingError),
    /// A client stands on a node that is not there.
    NoSuchNode(Str),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Setting(why) => why.fmt(f),
            BuildError::NoSuchNode(name) => write!(f, "there is no node {name:?}"),
        }
    }
}

/// Builds the stage; nothing has started yet (see [`Sim::boot`]).
///
/// Errors: a setting or a client's node is wrong; a checked scenario has neither.
pub fn build(spec: &ClusterSpec, seed: u64) -> Result<Sim<Cluster>, BuildError> {
    let configs = Configs::of(spec).map_err(BuildError::Setting)?;
    let counts = Counts {
        control_planes: spec.control_planes,
        etcd_members: spec.etcd_members,
        nodes: spec.control_planes + number(spec.nodes.len()),
        clients: number(spec.traffic.len()),
    };
    let mut links = Links::default();
    let zones = lay_zones(spec, &mut links);
    let nodes = all_nodes(spec);
    let machines = seat(spec, counts, &nodes, (&mut links, &zones));
    let names = names(spec, counts, &nodes);
    let directory = Directory::new(counts, machines, names, zones);
    let actors = Actors { spec, configs: &configs, counts, nodes: &nodes, directory: &directory };
    let cluster = actors.cluster()?;
    Ok(Sim::new(cluster, counts.total() as usize, links, seed))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32 of anything")
}

/// The zones as sites, all joined, and the outside.
fn lay_zones(spec: &ClusterSpec, links: &mut Links) -> BTreeMap<Str, SiteId> {
    let mut zones: BTreeMap<Str, SiteId> = BTreeMap::new();
    for name in [OUTSIDE_ZONE].into_iter().chain(spec.zones()) {
        let site = links.add_site(None);
        for (other, there) in &zones {
            let outside = *other == OUTSIDE_ZONE || name == OUTSIDE_ZONE;
            links.join(*there, site, if outside { OUTSIDE_LINK } else { ZONE_LINK });
        }
        zones.insert(name, site);
    }
    for changed in &spec.links {
        if let (Some(a), Some(b)) = (zones.get(&changed.a), zones.get(&changed.b)) {
            links.join(*a, *b, changed.link);
        }
    }
    zones
}

/// Control plane machines as nodes, then the workers.
fn all_nodes(spec: &ClusterSpec) -> Vec<NodeSpec> {
    let control = (0..spec.control_planes).map(|number| {
        let mut node = NodeSpec::named(format!("cp-{}", number + 1));
        node.zone = spec.control_plane_zone(number);
        node.labels = node.labels.with(reasons::TAINT_CONTROL_PLANE, "");
        node.taints = vec![Taint {
            key: reasons::TAINT_CONTROL_PLANE,
            effect: TaintEffect::NoSchedule,
            ..Taint::default()
        }];
        node
    });
    control.chain(spec.nodes.iter().cloned()).collect()
}

/// Puts every slot on a machine and every machine at a place.
fn seat(
    spec: &ClusterSpec,
    counts: Counts,
    nodes: &[NodeSpec],
    (links, zones): (&mut Links, &BTreeMap<Str, SiteId>),
) -> Vec<Machine> {
    let mut machines = Vec::with_capacity(nodes.len() + 8);
    let zone_of = |name: &Str| zones.get(name).or(zones.get(&DEFAULT_ZONE)).copied();
    let mut stand = |name: Str, zone: Str, slots: Vec<Slot>, links: &mut Links| {
        let site = links.add_site(zone_of(&zone).map(|around| (around, HOST_LINK)));
        slots.iter().for_each(|slot| links.place(*slot, site));
        machines.push(Machine { name, site, zone, slots });
    };
    for (place, node) in (0u32..).zip(nodes) {
        let processes = [Role::Kubelet(place), Role::Runtime(place), Role::Proxy(place)];
        let mut slots: Vec<Slot> = processes.map(|role| counts.slot(role)).to_vec();
        if place < spec.control_planes {
            let control =
                [Role::ApiServer(place), Role::Scheduler(place), Role::Controllers(place)];
            slots.extend(control.map(|role| counts.slot(role)));
            if place < spec.etcd_members {
                slots.push(counts.slot(Role::Etcd(place)));
            }
        }
        stand(node.name.clone(), node.zone.clone(), slots, links);
    }
    for member in spec.control_planes..spec.etcd_members {
        let name = Str::from(format!("etcd-host-{}", member + 1));
        let zone = spec.control_plane_zone(member);
        stand(name, zone, vec![counts.slot(Role::Etcd(member))], links);
    }
    let metrics_zone = spec.zones().first().cloned().unwrap_or(DEFAULT_ZONE);
    stand("metrics-host".into(), metrics_zone, vec![counts.slot(Role::Metrics)], links);
    stand("balancer".into(), OUTSIDE_ZONE, vec![counts.slot(Role::Balancer)], links);
    stand("workstation".into(), OUTSIDE_ZONE, vec![counts.slot(Role::Operator)], links);
    for (client, traffic) in (0u32..).zip(&spec.traffic) {
        let slots = vec![counts.slot(Role::Traffic(client))];
        match &traffic.node {
            Some(name) => {
                let at = machines.iter_mut().find(|machine| machine.name == *name);
                if let Some(machine) = at {
                    links.place(slots[0], machine.site);
                    machine.slots.extend(slots);
                }
            }
            None => {
                let around = zone_of(&OUTSIDE_ZONE).map(|around| (around, HOST_LINK));
                let site = links.add_site(around);
                links.place(slots[0], site);
                let (name, zone) = (traffic.name.clone(), OUTSIDE_ZONE);
                machines.push(Machine { name, site, zone, slots });
            }
        }
    }
    machines
}

/// The slots' names, in their order.
fn names(spec: &ClusterSpec, counts: Counts, nodes: &[NodeSpec]) -> Vec<Str> {
    let node = |place: u32| nodes[place as usize].name.clone();
    (0..counts.total())
        .map(|slot| match counts.role(Slot(slot)) {
            Some(Role::Operator) => Str::from("kubectl"),
            Some(Role::Balancer) => "balancer".into(),
            Some(Role::Metrics) => "metrics-server".into(),
            Some(Role::ApiServer(n)) => format!("apiserver-{}", n + 1).into(),
            Some(Role::Etcd(n)) => format!("etcd-{}", n + 1).into(),
            Some(Role::Scheduler(n)) => format!("scheduler-{}", n + 1).into(),
            Some(Role::Controllers(n)) => format!("controller-manager-{}", n + 1).into(),
            Some(Role::Kubelet(n)) => format!("kubelet@{}", node(n)).into(),
            Some(Role::Runtime(n)) => format!("containerd@{}", node(n)).into(),
            Some(Role::Proxy(n)) => format!("kube-proxy@{}", node(n)).into(),
            Some(Role::Traffic(n)) => format!("client:{}", spec.traffic[n as usize].name).into(),
            None => Str::new(),
        })
        .collect()
}

/// Everything that actors are made from.
struct Actors<'a> {
    spec: &'a ClusterSpec,
    configs: &'a Configs,
    counts: Counts,
    nodes: &'a [NodeSpec],
    directory: &'a Directory,
}

impl Actors<'_> {
    fn cluster(&self) -> Result<Cluster, BuildError> {
        let counts = self.counts;
        let balancer = counts.slot(Role::Balancer);
        let slots = |count: u32, role: fn(u32) -> Role| -> Vec<Slot> {
            (0..count).map(|n| counts.slot(role(n))).collect()
        };
        let members: Arc<[Slot]> = slots(counts.etcd_members, Role::Etcd).into();
        let identity = |n: u32| self.nodes[n as usize].name.clone();
        let planes = 0..counts.control_planes;
        let kubelets = slots(counts.nodes, Role::Kubelet);
        let metrics = &self.configs.metrics;
        Ok(Cluster {
            directory: self.directory.clone(),
            operator: Operator::new(balancer),
            balancer: Balancer::new(
                self.configs.balancer.clone(),
                &slots(counts.control_planes, Role::ApiServer),
            ),
            metrics: self
                .spec
                .metrics_server
                .then(|| MetricsServer::new(metrics.clone(), kubelets)),
            api_servers: planes
                .clone()
                .map(|n| self.api_server(n, &members))
                .map(Shared::new)
                .collect(),
            etcd: (0..members.len())
                .map(|place| Member::new(self.configs.etcd.clone(), members.clone(), place))
                .map(Shared::new)
                .collect(),
            schedulers: planes
                .clone()
                .map(|n| Scheduler::new(self.configs.scheduler.clone(), balancer, identity(n)))
                .map(Shared::new)
                .collect(),
            controllers: planes
                .map(|n| self.controller_manager(n, balancer))
                .map(Shared::new)
                .collect(),
            nodes: self.node_actors(balancer),
            clients: self.clients()?,
        })
    }

    /// An API server asks the member on its own machine first.
    fn api_server(&self, n: u32, members: &Arc<[Slot]>) -> ApiServer {
        let mut order = members.to_vec();
        let first = n as usize % order.len();
        order.rotate_left(first);
        ApiServer::new(self.configs.apiserver.clone(), order)
    }

    fn controller_manager(&self, n: u32, balancer: Slot) -> ControllerManager {
        let identity = self.nodes[n as usize].name.clone();
        let metrics = self.spec.metrics_server.then(|| self.counts.slot(Role::Metrics));
        ControllerManager::new(self.configs.controllers.clone(), balancer, identity)
            .with_metrics(metrics)
    }

    fn node_actors(&self, balancer: Slot) -> Vec<NodeActors> {
        let kubelet_config = Arc::new(self.configs.kubelet.clone());
        let proxy_config = Arc::new(self.configs.proxy.clone());
        let runtime_config = Arc::new(self.runtime_config());
        let machines = (0u32..)
            .zip(self.nodes)
            .map(|(n, node)| (node.name.clone(), self.counts.slot(Role::Runtime(n))));
        let routes = Arc::new(Routes::to(machines));
        let build = |(n, node): (u32, &NodeSpec)| {
            let facts = Arc::new(self.facts(n, node));
            let runtime = facts.runtime;
            let machine = crate::runtime::Machine {
                kubelet: self.counts.slot(Role::Kubelet(n)),
                address: facts.address.clone(),
                pod_prefix: facts.pod_prefix(),
                cpu_milli: u64::try_from(node.cpu_milli).unwrap_or(0),
                routes: routes.clone(),
            };
            let proxy = Proxy::new(proxy_config.clone(), node.name.clone(), (runtime, balancer));
            NodeActors {
                kubelet: Shared::new(Kubelet::new(kubelet_config.clone(), facts, balancer)),
                runtime: Shared::new(Runtime::new(runtime_config.clone(), machine)),
                proxy: Shared::new(proxy),
            }
        };
        (0u32..).zip(self.nodes).map(build).collect()
    }

    fn facts(&self, n: u32, node: &NodeSpec) -> NodeFacts {
        let runtime = self.counts.slot(Role::Runtime(n));
        let size = (node.cpu_milli, node.memory);
        let index = u16::try_from(n).unwrap_or(u16::MAX);
        let mut facts = NodeFacts::new(node.name.clone(), size, runtime, &self.configs.kubelet)
            .in_zone("r1", node.zone.clone())
            .numbered(index);
        for (key, value) in node.labels.iter() {
            facts.labels = facts.labels.with(key.clone(), value.clone());
        }
        facts.taints.clone_from(&node.taints);
        let mut add = |name: Str, units: i64, format: Format| {
            facts.capacity.insert(name, Quantity::from_units(units, format));
        };
        add(reasons::PODS, node.pods, Format::DecimalSI);
        add(reasons::EPHEMERAL_STORAGE, node.ephemeral_storage, Format::BinarySI);
        for (name, units) in &node.extended {
            add(name.clone(), *units, Format::DecimalSI);
        }
        facts
    }

    /// The runtime's configuration with what the specification says of images.
    fn runtime_config(&self) -> crate::runtime::Config {
        let mut config = self.configs.runtime.clone();
        for (image, said) in &self.spec.images {
            let size = said.size.and_then(|bytes| u64::try_from(bytes).ok());
            let spec = crate::runtime::ImageSpec { size, pull: said.pull };
            config.images.by_name.insert(image.clone(), spec);
            let mut model = (*config.apps.server).clone();
            let set = |to: &mut Span, said: Option<Span>| {
                *to = said.unwrap_or(*to);
            };
            set(&mut model.listens_after, said.start);
            set(&mut model.ready_after, said.ready.or(said.start));
            set(&mut model.stops_after, said.stop);
            set(&mut model.cpu_per_request, said.request_cpu);
            set(&mut model.wait_per_request, said.request_wait);
            config.apps.by_image.insert(image.clone(), Arc::new(model));
        }
        config
    }

    fn clients(&self) -> Result<Vec<Traffic>, BuildError> {
        let runtime_of = |name: &Str| {
            let found = self.nodes.iter().position(|node| node.name == *name);
            found.map(|n| self.counts.slot(Role::Runtime(number(n))))
        };
        let workers: Arc<[Slot]> = (self.counts.control_planes..self.counts.nodes)
            .map(|n| self.counts.slot(Role::Runtime(n)))
            .collect();
        let build = |traffic: &TrafficSpec| {
            let origin = match &traffic.node {
                Some(name) => {
                    let missing = || BuildError::NoSuchNode(name.clone());
                    Origin::Machine(runtime_of(name).ok_or_else(missing)?)
                }
                None => Origin::Outside(workers.clone()),
            };
            let client = Client {
                name: traffic.name.clone(),
                service: traffic.service.clone(),
                port: traffic.port,
                curve: between(&traffic.curve, traffic.start, traffic.until),
                origin,
            };
            let config = crate::traffic::Config {
                request_timeout: traffic.timeout,
                ..self.configs.traffic.clone()
            };
            Ok(Traffic::new(Arc::new(config), client))
        };
        self.spec.traffic.iter().map(build).collect()
    }
}

/// A curve that is silent before `start` and from `until` on.
///
/// Simplified: a curve that repeats itself has no end.
fn between(curve: &RateCurve, start: Span, until: Option<Span>) -> RateCurve {
    let mut points = Vec::with_capacity(curve.points.len() + 3);
    if !start.is_zero() {
        points.extend([(Span::ZERO, 0), (start.saturating_sub(Span::nanos(1)), 0)]);
    }
    let end = until.filter(|_| curve.repeats_every.is_none());
    let inside = |at: Span| end.is_none_or(|end| at < end);
    points.extend(
        curve.points.iter().map(|(at, rate)| (start + *at, *rate)).filter(|(at, _)| inside(*at)),
    );
    if let Some(end) = end {
        let last = end.saturating_sub(Span::nanos(1));
        points.push((last, curve.at(last.saturating_sub(start))));
        points.push((end, 0));
    }
    RateCurve { points, ..curve.clone() }
}
