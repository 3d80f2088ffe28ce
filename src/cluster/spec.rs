//! What a cluster is built from: machines, zones, links, images, settings, clients.

use std::collections::BTreeMap;

use crate::api::{Labels, ObjectKey, Str, Taint};
use crate::kernel::{LinkSpec, Span};
use crate::wire::traffic::RateCurve;

/// A whole cluster, as it is before anything happens.
#[derive(Clone, Debug)]
pub struct ClusterSpec {
    /// Control plane machines (each runs an API server, a scheduler and a controller manager).
    /// Range: 1 ..= 7. Default: 1.
    pub control_planes: u32,
    /// Members of etcd, on the control plane machines first. Range: 1, 3, 5, 7. Default: 1.
    pub etcd_members: u32,
    /// The zones of the control plane machines, one after the other. Default: the nodes' zones.
    pub control_plane_zones: Vec<Str>,
    /// Worker machines.
    pub nodes: Vec<NodeSpec>,
    /// Links that are not the default ones.
    pub links: Vec<ZoneLink>,
    /// What is known of images.
    pub images: BTreeMap<Str, ImageSpec>,
    /// Clients of Services.
    pub traffic: Vec<TrafficSpec>,
    /// Changed defaults, by the names of the real flags.
    pub settings: Vec<(Str, Str)>,
    /// Whether the metrics server is installed. Default: yes.
    pub metrics_server: bool,
}

/// One worker machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSpec {
    /// The name.
    pub name: Str,
    /// Processors, in thousandths.
    pub cpu_milli: i64,
    /// Memory \[bytes\].
    pub memory: i64,
    /// Most pods. Default: 110.
    pub pods: i64,
    /// Disk for logs, layers and emptyDir \[bytes\].
    pub ephemeral_storage: i64,
    /// Other resources, by name.
    pub extended: BTreeMap<Str, i64>,
    /// The zone.
    pub zone: Str,
    /// Further labels.
    pub labels: Labels,
    /// Taints it registers with.
    pub taints: Vec<Taint>,
}

/// The link between two zones, in place of the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneLink {
    /// One zone; `outside` is where clients without a node stand.
    pub a: Str,
    /// The other.
    pub b: Str,
    /// What it does to messages.
    pub link: LinkSpec,
}

/// What is known of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageSpec {
    /// Size \[bytes\]; unset means guessed from the name.
    pub size: Option<i64>,
    /// How long a pull takes; unset means by size.
    pub pull: Option<Span>,
    /// How long a container of it takes to start; unset means the runtime's default.
    pub start: Option<Span>,
    /// How long after its start the process is ready; unset means at once.
    pub ready: Option<Span>,
    /// How long the process takes to end after SIGTERM; unset means the runtime's default.
    pub stop: Option<Span>,
    /// Processor time that one request costs; unset means the runtime's default.
    pub request_cpu: Option<Span>,
    /// How long one request takes besides processor time; unset means the runtime's default.
    pub request_wait: Option<Span>,
}

/// A client of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficSpec {
    /// The client's name.
    pub name: Str,
    /// Whom it calls.
    pub service: ObjectKey,
    /// Which port of it; 0 means the first.
    pub port: i32,
    /// The node it stands on; none means outside.
    pub node: Option<Str>,
    /// How often it calls; the curve begins at `start`.
    pub curve: RateCurve,
    /// How long it waits for an answer.
    pub timeout: Span,
    /// When it begins, from the start of the run.
    pub start: Span,
    /// When it stops; none means never.
    pub until: Option<Span>,
}

/// Most pods on a node.
/// Source: kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go.
pub const PODS_MAX: i64 = 110;

/// The zone of nodes that name none.
pub const DEFAULT_ZONE: Str = arcstr::literal!("a");

/// The zone of whatever stands outside the cluster.
pub const OUTSIDE_ZONE: Str = arcstr::literal!("outside");

/// Host to its zone's switch; two of them lie between two hosts of a zone.
/// Simplified: the usual quarter of a millisecond inside a data centre.
pub const HOST_LINK: LinkSpec = LinkSpec::clean(Span::micros(100), Span::micros(50));

/// Zone to zone, inside one region.
/// Simplified: the usual half to one millisecond between zones of a cloud.
pub const ZONE_LINK: LinkSpec = LinkSpec::clean(Span::micros(500), Span::micros(200));

/// Clients outside to a zone.
pub const OUTSIDE_LINK: LinkSpec = LinkSpec::clean(Span::millis(2), Span::millis(1));

impl Default for ClusterSpec {
    fn default() -> Self {
        ClusterSpec {
            control_planes: 1,
            etcd_members: 1,
            control_plane_zones: Vec::new(),
            nodes: Vec::new(),
            links: Vec::new(),
            images: BTreeMap::new(),
            traffic: Vec::new(),
            settings: Vec::new(),
            metrics_server: true,
        }
    }
}

impl NodeSpec {
    /// A machine with 4 processors and 16 GiB, in the default zone.
    #[must_use]
    pub fn named(name: impl Into<Str>) -> Self {
        NodeSpec {
            name: name.into(),
            cpu_milli: 4_000,
            memory: 16 << 30,
            pods: PODS_MAX,
            ephemeral_storage: 100 << 30,
            extended: BTreeMap::new(),
            zone: DEFAULT_ZONE,
            labels: Labels::default(),
            taints: Vec::new(),
        }
    }
}

impl ClusterSpec {
    /// A cluster with `count` equal workers `n1`, `n2`, …
    #[must_use]
    pub fn with_workers(count: usize) -> Self {
        let nodes = (1..=count).map(|number| NodeSpec::named(format!("n{number}"))).collect();
        ClusterSpec { nodes, ..ClusterSpec::default() }
    }

    /// The zones that appear, sorted; at least one.
    #[must_use]
    pub fn zones(&self) -> Vec<Str> {
        let named = self.nodes.iter().map(|node| node.zone.clone());
        let control = self.control_plane_zones.iter().cloned();
        let mut zones: Vec<Str> = named.chain(control).collect();
        zones.sort_unstable();
        zones.dedup();
        if zones.is_empty() {
            zones.push(DEFAULT_ZONE);
        }
        zones
    }

    /// The zone of a control plane machine, by its number from 0.
    #[must_use]
    pub fn control_plane_zone(&self, number: u32) -> Str {
        let own = &self.control_plane_zones;
        let zones = if own.is_empty() { self.zones() } else { own.clone() };
        zones[number as usize % zones.len()].clone()
    }
}
