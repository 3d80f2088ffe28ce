//! The order in which nodes are looked at: one of each zone in turn.
//!
//! When only a part of a large cluster is looked at, that part lies in all zones.
//! Source: kubernetes/kubernetes:pkg/scheduler/backend/cache/node_tree.go.

use crate::api::reasons::{LABEL_REGION, LABEL_ZONE};
use crate::api::{Node, Str};

use super::node_info::NodeId;

/// Region and zone, which together tell zones apart.
type ZoneKey = (Str, Str);

/// Nodes by zone; zones and nodes in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct NodeOrder {
    zones: Vec<(ZoneKey, Vec<NodeId>)>,
    list: Vec<NodeId>,
    stale: bool,
}

/// The zone of a node; nodes without zone labels share one.
fn zone_of(node: &Node) -> ZoneKey {
    let label = |key: &str| node.metadata.labels.get(key).cloned().unwrap_or_default();
    (label(&LABEL_REGION), label(&LABEL_ZONE))
}

impl NodeOrder {
    /// A node came.
    pub(super) fn add(&mut self, id: NodeId, node: &Node) {
        let zone = zone_of(node);
        match self.zones.iter_mut().find(|(known, _)| *known == zone) {
            Some((_, nodes)) => nodes.push(id),
            None => self.zones.push((zone, vec![id])),
        }
        self.stale = true;
    }

    /// A node went.
    pub(super) fn remove(&mut self, id: NodeId, node: &Node) {
        let zone = zone_of(node);
        if let Some(place) = self.zones.iter().position(|(known, _)| *known == zone) {
            let nodes = &mut self.zones[place].1;
            nodes.retain(|known| *known != id);
            if nodes.is_empty() {
                self.zones.remove(place);
            }
        }
        self.stale = true;
    }

    /// A node changed: it moves only when its zone did.
    pub(super) fn update(&mut self, id: NodeId, old: &Node, new: &Node) {
        if zone_of(old) != zone_of(new) {
            self.remove(id, old);
            self.add(id, new);
        }
    }

    /// The nodes, one of each zone in turn.
    pub(super) fn refresh(&mut self) {
        if !self.stale {
            return;
        }
        self.stale = false;
        self.list.clear();
        let longest = self.zones.iter().map(|(_, nodes)| nodes.len()).max().unwrap_or(0);
        for round in 0..longest {
            for (_, nodes) in &self.zones {
                self.list.extend(nodes.get(round));
            }
        }
    }

    /// The order, as of the last refresh.
    #[must_use]
    pub fn list(&self) -> &[NodeId] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ObjectMeta;

    #[test]
    fn zones_take_turns() {
        let node = |zone: &str| Node {
            metadata: ObjectMeta {
                labels: [(LABEL_ZONE, zone)].into_iter().collect(),
                ..ObjectMeta::default()
            },
            ..Node::default()
        };
        let mut order = NodeOrder::default();
        for (id, zone) in (0..).zip(["a", "a", "a", "b", "c", "c"]) {
            order.add(NodeId(id), &node(zone));
        }
        order.refresh();
        let ids: Vec<u32> = order.list().iter().map(|id| id.0).collect();
        assert_eq!(ids, [0, 3, 4, 1, 5, 2]);
        order.remove(NodeId(3), &node("b"));
        order.refresh();
        assert_eq!(order.list().len(), 5);
    }
}
