//! Which taints a node's conditions ask for.
//!
//! NoSchedule taints follow the conditions at once. NoExecute taints empty a node, so they wait
//! for their turn; only the change from one to the other, and taking them off, is done at once.
//!
//! Source: kubernetes/kubernetes:pkg/controller/nodelifecycle/node_lifecycle_controller.go
//! `doNoScheduleTaintingPass` `processTaintBaseEviction` `doNoExecuteTaintingPass`.

use crate::api::conditions::ConditionStatus;
use crate::api::reasons::{
    DISK_PRESSURE, MEMORY_PRESSURE, PID_PRESSURE, READY, TAINT_DISK_PRESSURE,
    TAINT_MEMORY_PRESSURE, TAINT_NOT_READY, TAINT_PID_PRESSURE, TAINT_UNREACHABLE,
    TAINT_UNSCHEDULABLE,
};
use crate::api::{Kind, Node, Resource, Str, Taint, TaintEffect, Time};
use crate::wire::api::{ApiCall, Patch};

/// Node condition: the network of the node is not set up.
const NETWORK_UNAVAILABLE: Str = arcstr::literal!("NetworkUnavailable");
/// Taint: the network of the node is not set up.
const TAINT_NETWORK_UNAVAILABLE: Str = arcstr::literal!("node.kubernetes.io/network-unavailable");

/// Which taint which status of which condition asks for.
const BY_CONDITION: [(Str, ConditionStatus, Str); 6] = [
    (READY, ConditionStatus::False, TAINT_NOT_READY),
    (READY, ConditionStatus::Unknown, TAINT_UNREACHABLE),
    (MEMORY_PRESSURE, ConditionStatus::True, TAINT_MEMORY_PRESSURE),
    (DISK_PRESSURE, ConditionStatus::True, TAINT_DISK_PRESSURE),
    (NETWORK_UNAVAILABLE, ConditionStatus::True, TAINT_NETWORK_UNAVAILABLE),
    (PID_PRESSURE, ConditionStatus::True, TAINT_PID_PRESSURE),
];

/// Taints to put on and to take off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaintChange {
    /// To put on.
    pub add: Vec<Taint>,
    /// To take off.
    pub remove: Vec<Taint>,
}

impl TaintChange {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }

    /// As a call's change.
    #[must_use]
    pub fn patch(self) -> Patch {
        Patch::Taints { add: self.add, remove: self.remove }
    }
}

fn taint(key: Str, effect: TaintEffect, now: Time) -> Taint {
    Taint { key, value: Str::new(), effect, time_added: Some(now) }
}

/// Whether the node has the taint with this key and effect.
#[must_use]
pub fn has(node: &Node, key: &Str, effect: TaintEffect) -> bool {
    node.spec.taints.iter().any(|taint| taint.key == *key && taint.effect == effect)
}

/// What must change so that the NoSchedule taints say what the conditions say.
#[must_use]
pub fn no_schedule(node: &Node, now: Time) -> TaintChange {
    let effect = TaintEffect::NoSchedule;
    let mut change = TaintChange::default();
    let mut want = |key: Str, wanted: bool| {
        let has = has(node, &key, effect);
        if wanted && !has {
            change.add.push(taint(key, effect, now));
        } else if has && !wanted {
            change.remove.push(Taint { key, effect, ..Taint::default() });
        }
    };
    for (condition, status, key) in BY_CONDITION {
        want(key, node.status.conditions.status(&condition) == Some(status));
    }
    want(TAINT_UNSCHEDULABLE, node.spec.unschedulable);
    change
}

/// The NoExecute taint that a Ready condition asks for, and the one that it forbids.
fn executing(ready: ConditionStatus) -> Option<(Str, Str)> {
    match ready {
        ConditionStatus::True => None,
        ConditionStatus::False => Some((TAINT_NOT_READY, TAINT_UNREACHABLE)),
        ConditionStatus::Unknown => Some((TAINT_UNREACHABLE, TAINT_NOT_READY)),
    }
}

/// What is to be done about a node's NoExecute taints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoExecute {
    /// This, at once (it may be empty).
    Now(TaintChange),
    /// It lacks its taint and must wait for its turn.
    Wait,
    /// It has its taint.
    Done,
}

/// What a node with this Ready condition needs.
#[must_use]
pub fn no_execute(node: &Node, ready: ConditionStatus, now: Time) -> NoExecute {
    let effect = TaintEffect::NoExecute;
    let Some((wanted, forbidden)) = executing(ready) else { return NoExecute::Now(cleared(node)) };
    if has(node, &forbidden, effect) {
        let remove = vec![Taint { key: forbidden, effect, ..Taint::default() }];
        return NoExecute::Now(TaintChange { add: vec![taint(wanted, effect, now)], remove });
    }
    if has(node, &wanted, effect) { NoExecute::Done } else { NoExecute::Wait }
}

/// What a node gets whose turn has come; none when it is ready again.
#[must_use]
pub fn turn(node: &Node, now: Time) -> Option<TaintChange> {
    let effect = TaintEffect::NoExecute;
    let (wanted, forbidden) = executing(node.status.conditions.status(&READY)?)?;
    let forbidden =
        has(node, &forbidden, effect).then(|| Taint { key: forbidden, effect, ..Taint::default() });
    let add = vec![taint(wanted, effect, now)];
    Some(TaintChange { add, remove: forbidden.into_iter().collect() })
}

/// Takes both NoExecute taints off, as far as they are on.
#[must_use]
pub fn cleared(node: &Node) -> TaintChange {
    let effect = TaintEffect::NoExecute;
    let on = [TAINT_UNREACHABLE, TAINT_NOT_READY].into_iter().filter(|key| has(node, key, effect));
    let remove = on.map(|key| Taint { key, effect, ..Taint::default() }).collect();
    TaintChange { add: Vec::new(), remove }
}

/// The call that changes a node's taints; none when nothing changes.
pub(super) fn call(node: &Node, change: TaintChange) -> Vec<ApiCall> {
    if change.is_empty() {
        return Vec::new();
    }
    let patch = Box::new(change.patch());
    vec![ApiCall::Patch { kind: Kind::Node, key: node.key(), patch }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::conditions::Condition;

    fn node(ready: ConditionStatus, taints: &[(Str, TaintEffect)]) -> Node {
        let mut node = Node::default();
        node.status.conditions.0.push(Condition::new(READY, ready, Str::new(), Str::new()));
        let taint = |(key, effect): &(Str, TaintEffect)| Taint {
            key: key.clone(),
            effect: *effect,
            ..Taint::default()
        };
        node.spec.taints = taints.iter().map(taint).collect();
        node
    }

    fn keys(taints: &[Taint]) -> Vec<&str> {
        taints.iter().map(|taint| taint.key.as_str()).collect()
    }

    #[test]
    fn no_schedule_taints_follow_the_conditions_and_leave_others_alone() {
        let foreign = (Str::from("dedicated"), TaintEffect::NoSchedule);
        let stale = (TAINT_NOT_READY, TaintEffect::NoSchedule);
        let mut node = node(ConditionStatus::Unknown, &[foreign, stale]);
        node.spec.unschedulable = true;
        let change = no_schedule(&node, Time::default());
        assert_eq!(keys(&change.add), [TAINT_UNREACHABLE, TAINT_UNSCHEDULABLE]);
        assert_eq!(keys(&change.remove), [TAINT_NOT_READY]);
    }

    #[test]
    fn one_no_execute_taint_becomes_the_other_at_once_but_the_first_waits() {
        let now = Time::default();
        let bare = node(ConditionStatus::Unknown, &[]);
        assert_eq!(no_execute(&bare, ConditionStatus::Unknown, now), NoExecute::Wait);
        let other = node(ConditionStatus::Unknown, &[(TAINT_NOT_READY, TaintEffect::NoExecute)]);
        let NoExecute::Now(change) = no_execute(&other, ConditionStatus::Unknown, now) else {
            unreachable!("the taints are swapped at once")
        };
        assert_eq!(
            (keys(&change.add), keys(&change.remove)),
            (vec![TAINT_UNREACHABLE.as_str()], vec![TAINT_NOT_READY.as_str()],)
        );
        let mut same = other.clone();
        same.spec.taints[0].key = TAINT_UNREACHABLE;
        assert_eq!(no_execute(&same, ConditionStatus::Unknown, now), NoExecute::Done);
    }
}
