//! Soft constraints: the fewer matching pods in a node's domains, the better.

use crate::api::node_selector::RequiredNodeAffinity;
use crate::scheduler::framework::{MAX_NODE_SCORE, ScorePlugin};
use crate::scheduler::node_info::{NodeId, NodeInfo, PodInfo};
use crate::scheduler::plugins::{float, whole};
use crate::scheduler::snapshot::Snapshot;
use crate::scheduler::topology::{KeyId, ValueId};

use super::PodTopologySpread;
use super::constraint::{Action, Constraint};

/// The soft constraints of one pod, counted.
#[derive(Clone, Debug)]
pub struct ScoreState {
    constraints: Vec<Weighed>,
    /// Whether a node that lacks a topology key is left out.
    all_keys: bool,
}

#[derive(Clone, Debug)]
struct Weighed {
    constraint: Constraint,
    /// Matching pods by topology value; empty for hostnames, which are counted on the node.
    pods: Vec<u32>,
    weight: f64,
}

/// The score of a node that does not take part.
const LEFT_OUT: i64 = -1;

impl ScorePlugin for PodTopologySpread {
    type State = ScoreState;

    fn pre_score(
        &self,
        pod: &PodInfo,
        nodes: &[NodeId],
        snapshot: &mut Snapshot,
    ) -> Option<ScoreState> {
        let constraints = self.constraints(pod, Action::ScheduleAnyway, snapshot);
        if constraints.is_empty() {
            return None;
        }
        let own = !pod.pod.spec.topology_spread_constraints.is_empty();
        let all_keys = own || !self.system_defaulted;
        let keys: Vec<KeyId> = constraints.iter().map(|constraint| constraint.key).collect();
        let keys = if all_keys { &keys[..] } else { &[] };
        let required = RequiredNodeAffinity::of(&pod.pod.spec);
        let weigh = |constraint: Constraint| {
            let size = domains_among(&constraint, nodes, keys, snapshot);
            let pods = if constraint.is_hostname {
                Vec::new()
            } else {
                constraint.domains(&pod.pod, &required, keys, snapshot).pods
            };
            Weighed { constraint, pods, weight: natural_logarithm(size + 2) }
        };
        Some(ScoreState { constraints: constraints.into_iter().map(weigh).collect(), all_keys })
    }

    #[inline]
    fn score(&self, state: &ScoreState, node: &NodeInfo, snapshot: &Snapshot) -> i64 {
        let mut score = 0.0;
        for weighed in &state.constraints {
            let constraint = &weighed.constraint;
            let value = node.value(constraint.key);
            if value == ValueId::MISSING {
                if state.all_keys {
                    return LEFT_OUT;
                }
                continue;
            }
            let pods = if constraint.is_hostname {
                constraint.group.map_or(0, |group| snapshot.spread().on_node(group, node.id))
            } else {
                weighed.pods.get(value.index()).copied().unwrap_or(0)
            };
            // `maxSkew - 1` waters differences down: a large skew is tolerated longer.
            score += f64::from(pods) * weighed.weight + float(constraint.max_skew - 1);
        }
        whole(score.round())
    }

    fn normalize(&self, _: &ScoreState, scores: &mut [i64]) {
        let taking_part = || scores.iter().copied().filter(|score| *score != LEFT_OUT);
        let least = taking_part().min().unwrap_or(0);
        let most = taking_part().max().unwrap_or(0);
        for score in scores {
            *score = match *score {
                LEFT_OUT => 0,
                _ if most == 0 => MAX_NODE_SCORE,
                raw => MAX_NODE_SCORE * (most + least - raw) / most,
            };
        }
    }
}

/// How many values of the constraint's key the candidates have; each host is one of its own. A
/// missing label is a value too, where nodes without it take part.
fn domains_among(
    constraint: &Constraint,
    nodes: &[NodeId],
    keys: &[KeyId],
    snapshot: &Snapshot,
) -> u32 {
    let complete = |node: &&NodeInfo| keys.iter().all(|key| node.value(*key) != ValueId::MISSING);
    let candidates = nodes.iter().map(|id| snapshot.node(*id)).filter(complete);
    let count = if constraint.is_hostname {
        candidates.count()
    } else {
        let mut seen = vec![false; snapshot.topology().nodes_by_value(constraint.key).len()];
        candidates.for_each(|node| seen[node.value(constraint.key).index()] = true);
        seen.into_iter().filter(|seen| *seen).count()
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The natural logarithm of a positive whole number, from basic operations only: the library's
/// own differs in its last bit between platforms.
fn natural_logarithm(number: u32) -> f64 {
    const LN_2: f64 = std::f64::consts::LN_2;
    let mut mantissa = f64::from(number);
    let mut exponent = 0.0;
    while mantissa >= 1.5 {
        mantissa /= 2.0;
        exponent += 1.0;
    }
    // ln m = 2 artanh z, with |z| <= 1/5: fifteen terms are exact to the last digit.
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let (mut power, mut sum) = (z, 0.0);
    for term in 0..15 {
        sum += power / f64::from(2 * term + 1);
        power *= z * z;
    }
    exponent * LN_2 + 2.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_agree_with_the_tables() {
        for (number, wanted) in [
            (1, 0.0),
            (2, std::f64::consts::LN_2),
            (3, 1.098_612_288_668_109_8),
            (502, 6.218_600_119_691_729),
        ] {
            assert!((natural_logarithm(number) - wanted).abs() < 1e-14, "{number}");
        }
    }
}
