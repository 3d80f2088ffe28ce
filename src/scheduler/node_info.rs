//! One node as the scheduler sees it: what it has, what is taken, where it lies.
//!
//! Everything that a plugin asks of a node in its inner loop is a number in here, brought up to
//! date once per event; no label is looked up by its text while nodes are being compared.

use std::sync::Arc;

use crate::api::pod::PodSpec;
use crate::api::{Labels, Node, Pod, Str, Taint, Uid};

use super::resource::{PodRequests, Resources};
use super::topology::{KeyId, ValueId};

/// The place of a node in the snapshot; reused after the node and all its pods are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// As an index into tables by node.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A port of the node itself that a pod takes.
///
/// Simplified: host addresses are not told apart; every host port is taken on all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostPort {
    /// `TCP`, `UDP`, `SCTP`.
    pub protocol: Str,
    /// The number.
    pub port: i32,
}

/// A pod with everything about it that is worth computing once.
#[derive(Clone, Debug)]
pub struct PodInfo {
    /// The pod.
    pub pod: Arc<Pod>,
    /// What it asks for.
    pub requests: PodRequests,
    /// The node's ports that it takes.
    pub ports: Vec<HostPort>,
}

impl PodInfo {
    /// The pod, read once.
    #[must_use]
    pub fn of(pod: Arc<Pod>) -> Self {
        PodInfo { requests: PodRequests::of(&pod.spec), ports: host_ports(&pod.spec), pod }
    }

    /// The same pod in a newer version; nothing is added up again when only its status changed.
    #[must_use]
    pub fn renewed(&self, pod: Arc<Pod>) -> Self {
        let (old, new) = (&self.pod.spec, &pod.spec);
        let same = Arc::ptr_eq(&old.containers, &new.containers)
            && Arc::ptr_eq(&old.init_containers, &new.init_containers)
            && old.overhead == new.overhead;
        if !same {
            return PodInfo::of(pod);
        }
        PodInfo { pod, requests: self.requests.clone(), ports: self.ports.clone() }
    }
}

fn host_ports(spec: &PodSpec) -> Vec<HostPort> {
    let ports = spec.containers.iter().flat_map(|container| &container.ports);
    ports
        .filter(|port| port.host_port > 0)
        .map(|port| {
            let tcp = arcstr::literal!("TCP");
            let protocol = if port.protocol.is_empty() { tcp } else { port.protocol.clone() };
            HostPort { protocol, port: port.host_port }
        })
        .collect()
}

/// One node and what is taken on it.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// Its place in the snapshot.
    pub id: NodeId,
    /// The object; none while pods are on a node that is not known (yet, or any more).
    pub node: Option<Arc<Node>>,
    /// Its name.
    pub name: Str,
    /// Whether it is cordoned.
    pub unschedulable: bool,
    /// Whether it has taints that keep pods off (NoSchedule, NoExecute).
    pub has_barring_taints: bool,
    /// Whether it has taints that only make it less welcome (PreferNoSchedule).
    pub has_mild_taints: bool,
    /// What pods may use.
    pub allocatable: Resources,
    /// How many pods it may run.
    pub allowed_pods: i64,
    /// What its pods ask for, together.
    pub requested: Resources,
    /// CPU of its pods as scores count it \[millicores\].
    pub non_zero_milli_cpu: i64,
    /// Memory of its pods as scores count it \[bytes\].
    pub non_zero_memory: i64,
    /// Its pods, in no order.
    pub pods: Vec<Uid>,
    /// Host ports that are taken.
    pub ports: Vec<HostPort>,
    /// Its value of every topology key that any pod has asked about.
    topology: Values,
}

/// Keys whose values stand in the node itself; clusters rarely spread over more.
const INLINE_KEYS: usize = 4;

/// A node's values of the topology keys: the first few without a detour through the heap, which
/// would cost more than everything else that is asked of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Values {
    inline: [ValueId; INLINE_KEYS],
    all: Vec<ValueId>,
}

impl Values {
    fn of(all: Vec<ValueId>) -> Self {
        let mut inline = [ValueId::MISSING; INLINE_KEYS];
        inline.iter_mut().zip(&all).for_each(|(place, value)| *place = *value);
        Values { inline, all }
    }
}

impl NodeInfo {
    /// A place for a node of which only the name is known.
    #[must_use]
    pub fn named(id: NodeId, name: Str) -> Self {
        NodeInfo {
            id,
            node: None,
            name,
            unschedulable: false,
            has_barring_taints: false,
            has_mild_taints: false,
            allocatable: Resources::default(),
            allowed_pods: 0,
            requested: Resources::default(),
            non_zero_milli_cpu: 0,
            non_zero_memory: 0,
            pods: Vec::new(),
            ports: Vec::new(),
            topology: Values::of(Vec::new()),
        }
    }

    /// Takes over what the object says.
    pub fn set_node(&mut self, node: Arc<Node>) {
        let allocatable = &node.status.allocatable;
        let taints = &node.spec.taints;
        self.unschedulable = node.spec.unschedulable;
        self.has_barring_taints = taints.iter().any(|taint| taint.effect.forbids_placing());
        self.has_mild_taints = taints.iter().any(|taint| !taint.effect.forbids_placing());
        self.allocatable = Resources::of(allocatable);
        self.allowed_pods = allocatable.get("pods").map_or(0, |pods| pods.value());
        self.node = Some(node);
    }

    /// Its labels.
    #[must_use]
    pub fn labels(&self) -> Option<&Labels> {
        self.node.as_ref().map(|node| &node.metadata.labels)
    }

    /// Its taints.
    #[must_use]
    pub fn taints(&self) -> &[Taint] {
        self.node.as_ref().map_or(&[], |node| &node.spec.taints)
    }

    /// How many pods are on it.
    #[must_use]
    pub fn pod_count(&self) -> i64 {
        i64::try_from(self.pods.len()).unwrap_or(i64::MAX)
    }

    /// Its value of a topology key; [`ValueId::MISSING`] without that label.
    #[inline]
    #[must_use]
    pub fn value(&self, key: KeyId) -> ValueId {
        let index = key.index();
        match self.topology.inline.get(index) {
            Some(value) => *value,
            None => self.topology.all.get(index).copied().unwrap_or(ValueId::MISSING),
        }
    }

    /// Its values of all registered topology keys.
    #[must_use]
    pub fn values(&self) -> &[ValueId] {
        &self.topology.all
    }

    /// Gives it its values of all registered topology keys.
    pub(super) fn set_values(&mut self, values: Vec<ValueId>) {
        self.topology = Values::of(values);
    }

    /// Whether none of `wanted` is taken.
    #[must_use]
    pub fn has_free(&self, wanted: &[HostPort]) -> bool {
        wanted.iter().all(|port| !self.ports.contains(port))
    }

    /// Counts a pod in.
    pub fn add_pod(&mut self, info: &PodInfo) {
        self.requested.add(&info.requests.requested);
        self.non_zero_milli_cpu += info.requests.non_zero_milli_cpu;
        self.non_zero_memory += info.requests.non_zero_memory;
        self.ports.extend(info.ports.iter().cloned());
        self.pods.push(info.pod.metadata.uid);
    }

    /// Counts a pod out that was counted in.
    pub fn remove_pod(&mut self, info: &PodInfo) {
        self.requested.subtract(&info.requests.requested);
        self.non_zero_milli_cpu -= info.requests.non_zero_milli_cpu;
        self.non_zero_memory -= info.requests.non_zero_memory;
        for port in &info.ports {
            if let Some(place) = self.ports.iter().position(|taken| taken == port) {
                self.ports.swap_remove(place);
            }
        }
        let uid = info.pod.metadata.uid;
        if let Some(place) = self.pods.iter().position(|known| *known == uid) {
            self.pods.swap_remove(place);
        }
    }
}
