//! A constraint, read once per pod, and the counting of pods by topology value.

use crate::api::node_selector::RequiredNodeAffinity;
use crate::api::pod::TopologySpreadConstraint;
use crate::api::reasons::LABEL_HOSTNAME;
use crate::api::toleration::find_untolerated;
use crate::api::{LabelSelector, Operator, Pod, Requirement, Str};
use crate::scheduler::node_info::{NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::spread_index::GroupId;
use crate::scheduler::topology::{KeyId, ValueId};

use super::PodTopologySpread;

/// What a constraint does when it is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    DoNotSchedule,
    ScheduleAnyway,
}

impl Action {
    const fn name(self) -> &'static str {
        match self {
            Action::DoNotSchedule => "DoNotSchedule",
            Action::ScheduleAnyway => "ScheduleAnyway",
        }
    }
}

/// A constraint in numbers.
#[derive(Clone, Debug)]
pub(super) struct Constraint {
    pub(super) max_skew: i64,
    pub(super) key: KeyId,
    pub(super) is_hostname: bool,
    /// The pods that count; none when the selector is missing or empty, which counts nothing.
    pub(super) group: Option<GroupId>,
    pub(super) matches_itself: bool,
    pub(super) min_domains: i64,
    honors_affinity: bool,
    honors_taints: bool,
}

/// Pods by topology value.
#[derive(Clone, Debug)]
pub(super) struct Domains {
    /// Matching pods, by value.
    pub(super) pods: Vec<u32>,
    /// Whether some counted node has the value.
    pub(super) present: Vec<bool>,
}

impl PodTopologySpread {
    /// The pod's constraints of one sort; the defaults, when it has none at all.
    pub(super) fn constraints(
        &self,
        info: &PodInfo,
        action: Action,
        snapshot: &mut Snapshot,
    ) -> Vec<Constraint> {
        let pod = &info.pod;
        let own = &pod.spec.topology_spread_constraints;
        if own.is_empty() {
            return self.default_constraints(pod, action, snapshot);
        }
        let wanted = own.iter().filter(|c| c.when_unsatisfiable == action.name());
        wanted.map(|constraint| read(constraint, pod, snapshot)).collect()
    }

    fn default_constraints(
        &self,
        pod: &Pod,
        action: Action,
        snapshot: &mut Snapshot,
    ) -> Vec<Constraint> {
        if action == Action::DoNotSchedule || self.default_constraints.is_empty() {
            return Vec::new();
        }
        let Some(selector) = snapshot.selectors.default_selector(pod) else { return Vec::new() };
        let group = snapshot.spread_group(&pod.metadata.namespace, &selector);
        let one = |(key, max_skew): &(Str, i32)| Constraint {
            max_skew: i64::from(*max_skew),
            key: snapshot.topology_key(key),
            is_hostname: *key == LABEL_HOSTNAME,
            group: Some(group),
            matches_itself: true,
            min_domains: 1,
            honors_affinity: true,
            honors_taints: false,
        };
        self.default_constraints.iter().map(one).collect()
    }
}

fn read(constraint: &TopologySpreadConstraint, pod: &Pod, snapshot: &mut Snapshot) -> Constraint {
    let selector = merged_selector(constraint, pod);
    let labels = &pod.metadata.labels;
    let matches_itself = selector.as_ref().is_some_and(|selector| selector.matches(labels));
    let counting = selector.filter(|selector| !selector.is_empty());
    let policy_is = |policy: &Option<Str>, word: &str, otherwise: bool| {
        policy.as_ref().map_or(otherwise, |policy| policy == word)
    };
    Constraint {
        max_skew: i64::from(constraint.max_skew),
        key: snapshot.topology_key(&constraint.topology_key),
        is_hostname: constraint.topology_key == LABEL_HOSTNAME,
        group: counting.map(|wanted| snapshot.spread_group(&pod.metadata.namespace, &wanted)),
        matches_itself,
        min_domains: i64::from(constraint.min_domains.unwrap_or(1)),
        honors_affinity: policy_is(&constraint.node_affinity_policy, "Honor", true),
        honors_taints: policy_is(&constraint.node_taints_policy, "Honor", false),
    }
}

/// The selector with the pod's own values of `matchLabelKeys` added.
fn merged_selector(constraint: &TopologySpreadConstraint, pod: &Pod) -> Option<LabelSelector> {
    let mut selector = constraint.label_selector.clone()?;
    for key in &constraint.match_label_keys {
        let Some(value) = pod.metadata.labels.get(key) else { continue };
        match selector.match_labels.get(key) {
            None => selector.match_labels = selector.match_labels.with(key.clone(), value.clone()),
            Some(known) if known == value => {}
            Some(_) => {
                let (key, values) = (key.clone(), vec![value.clone()]);
                let also = Requirement { key, operator: Operator::In, values };
                selector.match_expressions.push(also);
            }
        }
    }
    Some(selector)
}

impl Constraint {
    /// Whether the pods of a node count for this constraint of this pod.
    fn counts(&self, pod: &Pod, required: &RequiredNodeAffinity, node: &NodeInfo) -> bool {
        let Some(labels) = node.labels() else { return false };
        if self.honors_affinity && !required.matches(&node.name, labels) {
            return false;
        }
        let tolerations = &pod.spec.tolerations;
        let barring = |t: &crate::api::Taint| t.effect.forbids_placing();
        !self.honors_taints
            || find_untolerated(node.taints(), tolerations, false, barring).is_none()
    }

    /// Matching pods by topology value. With `keys`, only nodes that have all of them count.
    ///
    /// Most of the time every node counts, and the answer stands in the index already; only rules
    /// about nodes make it necessary to walk over them.
    pub(super) fn domains(
        &self,
        pod: &Pod,
        required: &RequiredNodeAffinity,
        keys: &[KeyId],
        snapshot: &mut Snapshot,
    ) -> Domains {
        let everywhere = |key: &KeyId| *key == self.key || snapshot.topology().is_everywhere(*key);
        let all_count = (!self.honors_affinity || required.allows_all())
            && !self.honors_taints
            && keys.iter().all(everywhere);
        if all_count {
            return self.indexed(snapshot);
        }
        let values = snapshot.topology().nodes_by_value(self.key).len();
        let mut domains = Domains { pods: vec![0; values], present: vec![false; values] };
        for node in snapshot.present() {
            let complete = keys.iter().all(|key| node.value(*key) != ValueId::MISSING);
            if complete && self.counts(pod, required, node) {
                let value = node.value(self.key).index();
                domains.present[value] = true;
                let pods = self.group.map_or(0, |group| snapshot.spread().on_node(group, node.id));
                domains.pods[value] += pods;
            }
        }
        domains.present[ValueId::MISSING.index()] = false;
        domains
    }

    fn indexed(&self, snapshot: &mut Snapshot) -> Domains {
        let mut pods = match self.group {
            Some(group) => snapshot.spread_by_value(group, self.key).to_vec(),
            None => Vec::new(),
        };
        let nodes = snapshot.topology().nodes_by_value(self.key);
        let mut present: Vec<bool> = nodes.iter().map(|count| *count > 0).collect();
        pods.resize(present.len(), 0);
        present[ValueId::MISSING.index()] = false;
        Domains { pods, present }
    }
}
