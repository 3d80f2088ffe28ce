//! The closed list of plugins: names, weights, extension points.

/// A plugin, by its place in [`PLUGINS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PluginId {
    /// Orders the active queue.
    PrioritySort,
    /// Keeps pods off cordoned nodes.
    NodeUnschedulable,
    /// Honours a node that the pod names.
    NodeName,
    /// Keeps pods off taints that they do not tolerate.
    TaintToleration,
    /// Node selectors and node affinity.
    NodeAffinity,
    /// Host ports.
    NodePorts,
    /// CPU, memory and the rest.
    NodeResourcesFit,
    /// Even spreading.
    PodTopologySpread,
    /// Equal use of CPU and memory.
    NodeResourcesBalancedAllocation,
    /// Nodes that already have the images.
    ImageLocality,
    /// Posts the binding.
    DefaultBinder,
}

/// Where a plugin can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Orders the active queue.
    QueueSort,
    /// Once per pod, before any node is looked at.
    PreFilter,
    /// Once per node: does it suit?
    Filter,
    /// Once per pod, when suitable nodes are known.
    PreScore,
    /// Once per suitable node: how well?
    Score,
    /// Once over all scores of a plugin: bring them to 0 ..= 100.
    NormalizeScore,
    /// Makes the decision known.
    Bind,
}

/// One plugin of the default profile.
#[derive(Clone, Copy, Debug)]
pub struct PluginEntry {
    /// Which.
    pub id: PluginId,
    /// Its name, as in a KubeSchedulerConfiguration.
    pub name: &'static str,
    /// What its score is multiplied with; 0 without a score.
    pub weight: i64,
    /// Where it stands.
    pub points: &'static [Point],
}

use Point::{Bind, Filter, NormalizeScore, PreFilter, PreScore, QueueSort, Score};

/// The default profile, in upstream's order.
///
/// Later: SchedulingGates, VolumeRestrictions, NodeVolumeLimits, VolumeBinding, VolumeZone,
/// InterPodAffinity (weight 2), DefaultPreemption.
/// Source: kubernetes/kubernetes:pkg/scheduler/apis/config/v1/default_plugins.go.
pub const PLUGINS: &[PluginEntry] = &[
    entry(PluginId::PrioritySort, "PrioritySort", 0, &[QueueSort]),
    entry(PluginId::NodeUnschedulable, "NodeUnschedulable", 0, &[Filter]),
    entry(PluginId::NodeName, "NodeName", 0, &[Filter]),
    entry(
        PluginId::TaintToleration,
        "TaintToleration",
        3,
        &[Filter, PreScore, Score, NormalizeScore],
    ),
    entry(
        PluginId::NodeAffinity,
        "NodeAffinity",
        2,
        &[PreFilter, Filter, PreScore, Score, NormalizeScore],
    ),
    entry(PluginId::NodePorts, "NodePorts", 0, &[PreFilter, Filter]),
    entry(PluginId::NodeResourcesFit, "NodeResourcesFit", 1, &[PreFilter, Filter, PreScore, Score]),
    // Later: VolumeRestrictions, NodeVolumeLimits, VolumeBinding, VolumeZone.
    entry(
        PluginId::PodTopologySpread,
        "PodTopologySpread",
        2,
        &[PreFilter, Filter, PreScore, Score, NormalizeScore],
    ),
    // Later: InterPodAffinity (weight 2), DefaultPreemption.
    entry(
        PluginId::NodeResourcesBalancedAllocation,
        "NodeResourcesBalancedAllocation",
        1,
        &[PreScore, Score],
    ),
    entry(PluginId::ImageLocality, "ImageLocality", 1, &[Score]),
    entry(PluginId::DefaultBinder, "DefaultBinder", 0, &[Bind]),
];

const fn entry(
    id: PluginId,
    name: &'static str,
    weight: i64,
    points: &'static [Point],
) -> PluginEntry {
    PluginEntry { id, name, weight, points }
}

impl PluginId {
    /// The plugin's line in [`PLUGINS`].
    #[must_use]
    pub const fn entry(self) -> &'static PluginEntry {
        &PLUGINS[self as usize]
    }

    /// The plugin's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().name
    }
}

/// A set of plugins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PluginSet(u16);

impl PluginSet {
    /// Adds one.
    pub fn insert(&mut self, plugin: PluginId) {
        self.0 |= 1 << plugin as u16;
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two have a member in common.
    #[must_use]
    pub const fn meets(self, other: PluginSet) -> bool {
        self.0 & other.0 != 0
    }

    /// Its members, in the order of [`PLUGINS`].
    pub fn iter(self) -> impl Iterator<Item = PluginId> {
        PLUGINS.iter().map(|entry| entry.id).filter(move |id| self.0 >> *id as u16 & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Upstream's default profile; those that do not exist here yet have no weight entry.
    const UPSTREAM: &[(&str, Option<i64>)] = &[
        ("SchedulingGates", None),
        ("PrioritySort", Some(0)),
        ("NodeUnschedulable", Some(0)),
        ("NodeName", Some(0)),
        ("TaintToleration", Some(3)),
        ("NodeAffinity", Some(2)),
        ("NodePorts", Some(0)),
        ("NodeResourcesFit", Some(1)),
        ("VolumeRestrictions", None),
        ("NodeVolumeLimits", None),
        ("VolumeBinding", None),
        ("VolumeZone", None),
        ("PodTopologySpread", Some(2)),
        ("InterPodAffinity", None),
        ("DefaultPreemption", None),
        ("NodeResourcesBalancedAllocation", Some(1)),
        ("ImageLocality", Some(1)),
        ("DefaultBinder", Some(0)),
    ];

    #[test]
    fn the_list_has_upstreams_names_order_and_weights() {
        let ours: Vec<_> = PLUGINS.iter().map(|entry| (entry.name, Some(entry.weight))).collect();
        let theirs: Vec<_> =
            UPSTREAM.iter().copied().filter(|(_, weight)| weight.is_some()).collect();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn every_plugin_finds_its_own_line() {
        for (place, entry) in PLUGINS.iter().enumerate() {
            assert_eq!(entry.id as usize, place, "{}", entry.name);
            assert_eq!(format!("{:?}", entry.id), entry.name);
            let scores = entry.points.contains(&Score);
            assert_eq!(
                entry.weight > 0,
                scores,
                "{}: a weight if and only if it scores",
                entry.name
            );
        }
    }
}
