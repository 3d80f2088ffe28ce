//! The scheduler's picture of the cluster: nodes, and the pods that are (or will be) on them.
//!
//! Upstream keeps a cache and copies what changed into a snapshot before every cycle, since events
//! arrive while plugins run in parallel. Here events and cycles never overlap, so the cache is the
//! snapshot. Every event costs the same, however large the cluster is.
//!
//! An *assumed* pod counts on its node from the moment of the decision, long before the binding
//! is confirmed; otherwise the next cycles would give its place away again.

use std::sync::Arc;

use crate::api::{Node, Pod, Str, Uid};
use crate::kernel::FixedMap;

use super::images::Images;
use super::node_info::{NodeId, NodeInfo, PodInfo};
use super::node_order::NodeOrder;
use super::selectors::Selectors;
use super::spread_index::{ClassId, GroupId, SpreadIndex};
use super::topology::{KeyId, Topology};
use crate::api::LabelSelector;

/// A pod on a node.
#[derive(Clone, Debug)]
struct Placed {
    info: Arc<PodInfo>,
    node: NodeId,
    class: Option<ClassId>,
    assumed: bool,
}

/// The picture.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    nodes: Vec<NodeInfo>,
    by_name: FixedMap<Str, NodeId>,
    free: Vec<NodeId>,
    order: NodeOrder,
    pods: FixedMap<Uid, Placed>,
    pod_count: usize,
    topology: Topology,
    spread: SpreadIndex,
    images: Images,
    /// Services and ReplicaSets, for the default constraints.
    pub selectors: Selectors,
}

impl Snapshot {
    /// A node came or changed.
    pub fn set_node(&mut self, node: Arc<Node>) {
        let id = self.place(&node.metadata.name);
        let values = self.topology.values_of(&node.metadata.labels);
        let info = &mut self.nodes[id.index()];
        let old = info.node.clone();
        self.images.update(id, old.as_deref(), Some(&node));
        match &old {
            Some(old) => self.order.update(id, old, &node),
            None => self.order.add(id, &node),
        }
        if old.is_none() || info.values() != values {
            if old.is_some() {
                self.topology.count_node(info.values(), false);
                self.spread.count_node(info, false);
            }
            info.set_values(values);
            self.topology.count_node(info.values(), true);
            self.spread.count_node(info, true);
        }
        info.set_node(node);
    }

    /// A node went. Its pods stay accounted for until they go too.
    pub fn remove_node(&mut self, name: &str) {
        let Some(id) = self.by_name.get(name).copied() else { return };
        let info = &mut self.nodes[id.index()];
        let Some(old) = info.node.take() else { return };
        self.topology.count_node(info.values(), false);
        self.spread.count_node(info, false);
        self.images.update(id, Some(&old), None);
        self.order.remove(id, &old);
        info.allocatable = Default::default();
        info.allowed_pods = 0;
        self.free_if_empty(id);
    }

    /// A pod is on the node that its spec names (or has changed there). Replaces what was known
    /// of it, an assumption too.
    pub fn set_pod(&mut self, pod: Arc<Pod>) {
        let node = pod.spec.node_name.clone();
        let known = self.pods.get(&pod.metadata.uid).map(|placed| &placed.info);
        let info = match known {
            Some(known) => known.renewed(pod),
            None => PodInfo::of(pod),
        };
        self.put(Arc::new(info), &node, false);
    }

    /// The scheduler has decided: from now on the pod counts on `node`.
    pub fn assume(&mut self, info: Arc<PodInfo>, node: NodeId) {
        let name = self.nodes[node.index()].name.clone();
        self.put(info, &name, true);
    }

    /// Whether the pod is on a node only by decision, not yet by its spec.
    #[must_use]
    pub fn is_assumed(&self, uid: Uid) -> bool {
        self.pods.get(&uid).is_some_and(|placed| placed.assumed)
    }

    /// The pod is on no node any more. Whether it was on one.
    pub fn remove_pod(&mut self, uid: Uid) -> bool {
        let Some(placed) = self.pods.remove(&uid) else { return false };
        self.pod_count -= 1;
        let info = &mut self.nodes[placed.node.index()];
        if let Some(class) = placed.class {
            self.spread.remove(class, info);
        }
        info.remove_pod(&placed.info);
        self.free_if_empty(placed.node);
        true
    }

    fn put(&mut self, info: Arc<PodInfo>, node: &Str, assumed: bool) {
        let uid = info.pod.metadata.uid;
        if let Some(known) = self.pods.get_mut(&uid)
            && self.nodes[known.node.index()].name == *node
            && known.info.requests == info.requests
            && known.info.ports == info.ports
            && known.info.pod.metadata.labels == info.pod.metadata.labels
            && known.info.pod.metadata.is_terminating() == info.pod.metadata.is_terminating()
        {
            known.info = info;
            known.assumed = assumed;
            return;
        }
        self.remove_pod(uid);
        let id = self.place(node);
        let meta = &info.pod.metadata;
        let at = &mut self.nodes[id.index()];
        let counts = !meta.is_terminating();
        let class = counts.then(|| self.spread.add(&meta.namespace, &meta.labels, at));
        at.add_pod(&info);
        self.pods.insert(uid, Placed { info, node: id, class, assumed });
        self.pod_count += 1;
    }

    /// The place of the node called `name`, made if need be.
    fn place(&mut self, name: &Str) -> NodeId {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        let id = match self.free.pop() {
            Some(id) => {
                self.nodes[id.index()] = NodeInfo::named(id, name.clone());
                id
            }
            None => {
                let id =
                    NodeId(u32::try_from(self.nodes.len()).expect("nodes are fewer than 2^32"));
                self.nodes.push(NodeInfo::named(id, name.clone()));
                id
            }
        };
        self.by_name.insert(name.clone(), id);
        id
    }

    fn free_if_empty(&mut self, id: NodeId) {
        let info = &self.nodes[id.index()];
        if info.node.is_none() && info.pods.is_empty() {
            self.by_name.remove(&info.name);
            self.free.push(id);
        }
    }

    /// The nodes in the order in which they are looked at.
    pub fn order(&mut self) -> &[NodeId] {
        self.order.refresh();
        self.order.list()
    }

    /// The order, as of the last [`Snapshot::order`].
    #[must_use]
    pub fn listed(&self) -> &[NodeId] {
        self.order.list()
    }

    /// A node.
    #[inline]
    #[must_use]
    pub fn node(&self, id: NodeId) -> &NodeInfo {
        &self.nodes[id.index()]
    }

    /// A present node, by name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&NodeInfo> {
        let id = self.by_name.get(name)?;
        Some(self.node(*id)).filter(|info| info.node.is_some())
    }

    /// Every present node, by its place.
    pub fn present(&self) -> impl Iterator<Item = &NodeInfo> {
        self.nodes.iter().filter(|info| info.node.is_some())
    }

    /// A pod that is on a node.
    #[must_use]
    pub fn pod(&self, uid: Uid) -> Option<&Arc<PodInfo>> {
        self.pods.get(&uid).map(|placed| &placed.info)
    }

    /// The name of the node that the pod is on.
    #[must_use]
    pub fn node_of(&self, uid: Uid) -> Option<&Str> {
        self.pods.get(&uid).map(|placed| &self.node(placed.node).name)
    }

    /// How many pods are on nodes.
    #[must_use]
    pub const fn pod_count(&self) -> usize {
        self.pod_count
    }

    /// Images on nodes.
    #[must_use]
    pub const fn images(&self) -> &Images {
        &self.images
    }

    /// Topology keys and values.
    #[must_use]
    pub const fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Counts of pods by selector.
    #[must_use]
    pub const fn spread(&self) -> &SpreadIndex {
        &self.spread
    }

    /// The number of a topology key; the first use gives every node its value.
    pub fn topology_key(&mut self, name: &Str) -> KeyId {
        if let Some(known) = self.topology.key(name) {
            return known;
        }
        let id = self.topology.register(name);
        for info in &mut self.nodes {
            if let Some(node) = &info.node {
                let values = self.topology.values_of(&node.metadata.labels);
                self.topology.count_node_in(id, values[id.index()]);
                info.set_values(values);
            }
        }
        id
    }

    /// The group of pods of `namespace` that `selector` selects.
    pub fn spread_group(&mut self, namespace: &Str, selector: &LabelSelector) -> GroupId {
        self.spread.group(namespace, selector, &self.nodes)
    }

    /// How many pods of the group are in each value of the key, over all present nodes.
    pub fn spread_by_value(&mut self, group: GroupId, key: KeyId) -> &[u32] {
        self.spread.by_value(group, key, &self.nodes)
    }
}
