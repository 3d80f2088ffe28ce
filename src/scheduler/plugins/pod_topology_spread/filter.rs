//! Hard constraints: which nodes would make the spread too uneven.

use std::collections::BTreeMap;

use crate::api::Str;
use crate::api::node_selector::RequiredNodeAffinity;
use crate::scheduler::events::{ClusterEvent, labels_of};
use crate::scheduler::framework::{FilterPlugin, PluginId, PreFiltered};
use crate::scheduler::node_info::{NodeInfo, PodInfo};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::topology::{KeyId, Topology, ValueId};
use crate::scheduler::verdict::{Reason, Rejection};

use super::constraint::{Action, Constraint, Domains};
use super::{NO_LABEL, NO_MATCH, PodTopologySpread};

/// The hard constraints of one pod, counted.
#[derive(Clone, Debug)]
pub struct FilterState {
    constraints: Vec<Counted>,
}

#[derive(Clone, Debug)]
struct Counted {
    constraint: Constraint,
    domains: Domains,
    /// The least count of any domain: what a skew is measured from.
    least: i64,
}

/// A count that no domain has.
const NO_DOMAIN: i64 = i32::MAX as i64;

/// One hard constraint's counts: matching pods by topology value, and the two least of them.
pub type Counts = (BTreeMap<Str, i64>, [i64; 2]);

impl FilterState {
    /// What was counted for each constraint, by name.
    #[must_use]
    pub fn counts(&self, topology: &Topology) -> Vec<Counts> {
        let one = |counted: &Counted| {
            let present = counted.domains.counted();
            let named = present.map(|(value, pods)| {
                (topology.value_name(counted.constraint.key, value).clone(), pods)
            });
            (named.collect(), counted.domains.two_least())
        };
        self.constraints.iter().map(one).collect()
    }
}

impl Domains {
    /// The values that count, each with its pods.
    fn counted(&self) -> impl Iterator<Item = (usize, i64)> {
        let values = self.present.iter().zip(&self.pods).enumerate();
        values.filter(|(_, (present, _))| **present).map(|(i, (_, pods))| (i, i64::from(*pods)))
    }

    fn two_least(&self) -> [i64; 2] {
        let mut least = [NO_DOMAIN; 2];
        for (_, pods) in self.counted() {
            if pods < least[0] {
                least = [pods, least[0]];
            } else if pods < least[1] {
                least[1] = pods;
            }
        }
        least
    }
}

impl FilterPlugin for PodTopologySpread {
    type State = FilterState;

    fn pre_filter(&self, pod: &PodInfo, snapshot: &mut Snapshot) -> PreFiltered<FilterState> {
        let constraints = self.constraints(pod, Action::DoNotSchedule, snapshot);
        if constraints.is_empty() {
            return PreFiltered::Skip;
        }
        let keys: Vec<KeyId> = constraints.iter().map(|constraint| constraint.key).collect();
        let required = RequiredNodeAffinity::of(&pod.pod.spec);
        let mut count = |constraint: Constraint| {
            let domains = constraint.domains(&pod.pod, &required, &keys, snapshot);
            let known = i64::try_from(domains.counted().count()).unwrap_or(i64::MAX);
            // Too few domains: the ones still to come count as empty.
            let least = if known < constraint.min_domains { 0 } else { domains.two_least()[0] };
            Counted { constraint, domains, least }
        };
        let constraints = constraints.into_iter().map(&mut count).collect();
        PreFiltered::Ready(FilterState { constraints })
    }

    fn filter(&self, state: &FilterState, _: &PodInfo, node: &NodeInfo) -> Result<(), Rejection> {
        for counted in &state.constraints {
            let value = node.value(counted.constraint.key);
            if value == ValueId::MISSING {
                let reason = Reason::Plain(NO_LABEL);
                return Err(Rejection::unresolvable(PluginId::PodTopologySpread, reason));
            }
            let there = counted.domains.pods.get(value.index()).copied().unwrap_or(0);
            let itself = i64::from(counted.constraint.matches_itself);
            if i64::from(there) + itself - counted.least > counted.constraint.max_skew {
                let reason = Reason::Plain(NO_MATCH);
                return Err(Rejection::unschedulable(PluginId::PodTopologySpread, reason));
            }
        }
        Ok(())
    }

    /// Simplified: upstream also compares the constraints' selectors with the pod's old labels.
    fn hint(&self, pod: &PodInfo, event: &ClusterEvent) -> bool {
        let constraints = &pod.pod.spec.topology_spread_constraints;
        let concerns = |other: &crate::api::Pod| {
            other.metadata.namespace == pod.pod.metadata.namespace
                && constraints
                    .iter()
                    .filter_map(|c| c.label_selector.as_ref())
                    .any(|selector| selector.matches(&other.metadata.labels))
        };
        let has_keys = |node: &crate::api::Node| {
            constraints.iter().all(|c| labels_of(node).get(&c.topology_key).is_some())
        };
        match event {
            ClusterEvent::PodAdded(other) => concerns(other),
            ClusterEvent::PodDeleted(other) => concerns(&other.pod),
            ClusterEvent::PodChanged { old, new } => concerns(old) || concerns(new),
            ClusterEvent::Node { old: None, new } => has_keys(new),
            ClusterEvent::Node { old: Some(old), new } => {
                let moved = |key: &Str| labels_of(old).get(key) != labels_of(new).get(key);
                let taints = old.spec.taints != new.spec.taints;
                (has_keys(old) || has_keys(new))
                    && (taints || constraints.iter().any(|c| moved(&c.topology_key)))
            }
            ClusterEvent::NodeDeleted(old) => has_keys(old),
        }
    }
}
