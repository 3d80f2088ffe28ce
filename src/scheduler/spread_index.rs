//! How many pods a selector selects, on every node and in every topology value, kept up to date.
//!
//! Spreading asks for each new pod how its siblings lie. Counting them anew would walk over all
//! pods of the cluster. But pods come in *classes* (same namespace, same labels: the pods of one
//! template), and the selectors that constraints ask about are few; so a selector becomes a
//! *group* that knows which classes it selects, and a pod that comes or goes changes one number
//! per group and topology key.
//!
//! Terminating pods are not in here: they do not count for spreading.

use std::collections::BTreeMap;

use crate::api::{LabelSelector, Labels, Str};
use crate::kernel::FixedMap;

use super::node_info::{NodeId, NodeInfo};
use super::topology::KeyId;

/// Pods of one namespace with the same labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassId(u32);

/// A selector in a namespace that somebody spreads by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(u32);

/// Groups that are kept at most; the one unused for longest gives way and is counted anew when it
/// is asked for again. Bounds memory: a group has a counter per node.
const GROUPS_MAX: usize = 2048;

#[derive(Clone, Debug)]
struct Class {
    namespace: Str,
    labels: Labels,
    pods: u32,
    nodes: BTreeMap<NodeId, u32>,
    groups: Vec<GroupId>,
}

#[derive(Clone, Debug)]
struct Group {
    namespace: Str,
    selector: LabelSelector,
    by_node: Vec<u32>,
    by_value: Vec<(KeyId, Vec<u32>)>,
    used: u64,
}

#[derive(Clone, Debug, Default)]
struct Namespace {
    classes: Vec<ClassId>,
    groups: Vec<GroupId>,
}

/// The index.
#[derive(Clone, Debug, Default)]
pub struct SpreadIndex {
    classes: Vec<Class>,
    free_classes: Vec<ClassId>,
    class_ids: FixedMap<(Str, Labels), ClassId>,
    groups: Vec<Group>,
    group_ids: FixedMap<(Str, LabelSelector), GroupId>,
    namespaces: BTreeMap<Str, Namespace>,
    clock: u64,
}

impl SpreadIndex {
    /// A pod with these labels is now on `node`. Returns its class, for taking it out again.
    pub(super) fn add(&mut self, namespace: &Str, labels: &Labels, node: &NodeInfo) -> ClassId {
        let id = self.class(namespace, labels);
        let class = &mut self.classes[id.0 as usize];
        class.pods += 1;
        *class.nodes.entry(node.id).or_insert(0) += 1;
        for group in &class.groups {
            self.groups[group.0 as usize].change(node, true);
        }
        id
    }

    /// A pod of this class has left `node`.
    pub(super) fn remove(&mut self, id: ClassId, node: &NodeInfo) {
        let class = &mut self.classes[id.0 as usize];
        class.pods -= 1;
        let here = class.nodes.get_mut(&node.id).expect("a pod leaves the node it was counted on");
        *here -= 1;
        if *here == 0 {
            class.nodes.remove(&node.id);
        }
        for group in &class.groups {
            self.groups[group.0 as usize].change(node, false);
        }
        if class.pods == 0 {
            self.forget_class(id);
        }
    }

    /// A node (with its pods) begins or ceases to count in the topology values it has.
    pub(super) fn count_node(&mut self, node: &NodeInfo, comes: bool) {
        for group in &mut self.groups {
            let pods = group.by_node.get(node.id.index()).copied().unwrap_or(0);
            if pods > 0 {
                group.change_values(node, pods, comes);
            }
        }
    }

    /// The group of a selector; counted now if it is new.
    pub(super) fn group(
        &mut self,
        namespace: &Str,
        selector: &LabelSelector,
        nodes: &[NodeInfo],
    ) -> GroupId {
        self.clock += 1;
        let wanted = (namespace.clone(), selector.clone());
        if let Some(known) = self.group_ids.get(&wanted) {
            self.groups[known.0 as usize].used = self.clock;
            return *known;
        }
        let id = self.place_for_group();
        let group = self.count_group(id, wanted.clone(), nodes.len());
        if id.0 as usize == self.groups.len() {
            self.groups.push(group);
        } else {
            self.groups[id.0 as usize] = group;
        }
        self.namespaces.entry(namespace.clone()).or_default().groups.push(id);
        self.group_ids.insert(wanted, id);
        id
    }

    /// Pods of the group on a node.
    #[inline]
    #[must_use]
    pub fn on_node(&self, group: GroupId, node: NodeId) -> u32 {
        self.groups[group.0 as usize].by_node.get(node.index()).copied().unwrap_or(0)
    }

    /// Pods of the group in each value of a topology key, over all present nodes.
    pub(super) fn by_value(&mut self, group: GroupId, key: KeyId, nodes: &[NodeInfo]) -> &[u32] {
        let group = &mut self.groups[group.0 as usize];
        let place = match group.by_value.iter().position(|(known, _)| *known == key) {
            Some(place) => place,
            None => {
                let mut counts = Vec::new();
                for node in nodes.iter().filter(|node| node.node.is_some()) {
                    let pods = group.by_node.get(node.id.index()).copied().unwrap_or(0);
                    if pods > 0 {
                        *slot(&mut counts, node.value(key).index()) += pods;
                    }
                }
                group.by_value.push((key, counts));
                group.by_value.len() - 1
            }
        };
        &group.by_value[place].1
    }

    fn class(&mut self, namespace: &Str, labels: &Labels) -> ClassId {
        let wanted = (namespace.clone(), labels.clone());
        if let Some(known) = self.class_ids.get(&wanted) {
            return *known;
        }
        let room = self.namespaces.entry(namespace.clone()).or_default();
        let selecting = room.groups.iter().copied();
        let selecting = selecting.filter(|g| self.groups[g.0 as usize].selector.matches(labels));
        let class = Class {
            namespace: namespace.clone(),
            labels: labels.clone(),
            pods: 0,
            nodes: BTreeMap::new(),
            groups: selecting.collect(),
        };
        let id = match self.free_classes.pop() {
            Some(id) => {
                self.classes[id.0 as usize] = class;
                id
            }
            None => {
                self.classes.push(class);
                ClassId(u32::try_from(self.classes.len() - 1).expect("classes are fewer than 2^32"))
            }
        };
        room.classes.push(id);
        self.class_ids.insert(wanted, id);
        id
    }

    fn forget_class(&mut self, id: ClassId) {
        let class = &mut self.classes[id.0 as usize];
        let known = (class.namespace.clone(), std::mem::take(&mut class.labels));
        class.groups.clear();
        self.class_ids.remove(&known);
        if let Some(room) = self.namespaces.get_mut(&known.0) {
            room.classes.retain(|other| *other != id);
        }
        self.free_classes.push(id);
    }

    /// A new number, or that of the group unused for longest.
    fn place_for_group(&mut self) -> GroupId {
        if self.groups.len() < GROUPS_MAX {
            return GroupId(u32::try_from(self.groups.len()).expect("groups are few"));
        }
        let oldest = (0..).zip(&self.groups).min_by_key(|(_, group)| group.used);
        let id = GroupId(oldest.map_or(0, |(place, _)| place));
        let old = &self.groups[id.0 as usize];
        self.group_ids.remove(&(old.namespace.clone(), old.selector.clone()));
        if let Some(room) = self.namespaces.get_mut(&old.namespace) {
            room.groups.retain(|other| *other != id);
            for class in &room.classes {
                self.classes[class.0 as usize].groups.retain(|other| *other != id);
            }
        }
        id
    }

    fn count_group(
        &mut self,
        id: GroupId,
        (namespace, selector): (Str, LabelSelector),
        nodes: usize,
    ) -> Group {
        let mut by_node = vec![0; nodes];
        if let Some(room) = self.namespaces.get(&namespace) {
            for class in &room.classes {
                let class = &mut self.classes[class.0 as usize];
                if selector.matches(&class.labels) {
                    class.groups.push(id);
                    for (node, pods) in &class.nodes {
                        *slot(&mut by_node, node.index()) += pods;
                    }
                }
            }
        }
        Group { namespace, selector, by_node, by_value: Vec::new(), used: self.clock }
    }
}

impl Group {
    /// One pod more or less on `node`.
    fn change(&mut self, node: &NodeInfo, comes: bool) {
        let here = slot(&mut self.by_node, node.id.index());
        *here = if comes { *here + 1 } else { *here - 1 };
        if node.node.is_some() {
            self.change_values(node, 1, comes);
        }
    }

    fn change_values(&mut self, node: &NodeInfo, pods: u32, comes: bool) {
        for (key, counts) in &mut self.by_value {
            let there = slot(counts, node.value(*key).index());
            *there = if comes { *there + pods } else { *there - pods };
        }
    }
}

/// The counter at `index`, made if need be.
fn slot(counts: &mut Vec<u32>, index: usize) -> &mut u32 {
    if index >= counts.len() {
        counts.resize(index + 1, 0);
    }
    &mut counts[index]
}
