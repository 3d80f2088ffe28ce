//! Whether a node is still heard of, and what its conditions say when it is not.
//!
//! The controller never compares its clock with the kubelet's: it notes the moment at which *it*
//! saw the Lease or the Ready condition change, and measures silence from there.
//!
//! Source: kubernetes/kubernetes:pkg/controller/nodelifecycle/node_lifecycle_controller.go
//! `tryUpdateNodeHealth`.

use crate::api::conditions::{Condition, ConditionStatus, Conditions};
use crate::api::reasons::{DISK_PRESSURE, MEMORY_PRESSURE, PID_PRESSURE, READY};
use crate::api::{Lease, Node, Pod, Str, Time};
use crate::kernel::Span;

use super::config::Config;

/// Reason of a condition that nobody has ever reported.
pub const NODE_STATUS_NEVER_UPDATED: Str = arcstr::literal!("NodeStatusNeverUpdated");
/// Reason of a condition that is no longer reported.
pub const NODE_STATUS_UNKNOWN: Str = arcstr::literal!("NodeStatusUnknown");

const NEVER_POSTED: Str = arcstr::literal!("Kubelet never posted node status.");
const STOPPED_POSTING: Str = arcstr::literal!("Kubelet stopped posting node status.");

/// The conditions that become Unknown when the kubelet is silent.
const REPORTED: [Str; 4] = [READY, MEMORY_PRESSURE, DISK_PRESSURE, PID_PRESSURE];

/// What the controller saw of a node, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// The Ready condition as it was last seen.
    ready: Option<Seen>,
    /// When the node was last heard of, by this controller's clock.
    pub probe: Time,
    /// When the Ready condition was last seen to change its status, by this controller's clock.
    pub ready_transition: Time,
    lease_renewed: Option<Time>,
}

/// The two moments of the Ready condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    heartbeat: Option<Time>,
    transition: Option<Time>,
}

impl Health {
    /// What is known of `node` after a look at it and its Lease at `now`.
    #[must_use]
    pub fn look(known: Option<Health>, node: &Node, lease: Option<&Lease>, now: Time) -> Health {
        let current = node.status.conditions.get(&READY).map(|condition| Seen {
            heartbeat: condition.last_heartbeat_time,
            transition: condition.last_transition_time,
        });
        let created = node.metadata.creation_timestamp.unwrap_or_default();
        let fresh =
            |at| Health { ready: current, probe: at, ready_transition: at, lease_renewed: None };
        let mut health = match known {
            None if current.is_none() => fresh(created),
            None => fresh(now),
            Some(known) => match (known.ready, current) {
                (None, None) => known,
                (None, Some(_)) | (Some(_), None) => fresh(now),
                (Some(old), Some(new)) if old.heartbeat != new.heartbeat => Health {
                    ready: current,
                    probe: now,
                    ready_transition: if old.transition == new.transition {
                        known.ready_transition
                    } else {
                        now
                    },
                    lease_renewed: known.lease_renewed,
                },
                (Some(_), Some(_)) => known,
            },
        };
        let renewed = lease.and_then(|lease| lease.spec.renew_time);
        if renewed.is_some() && renewed > health.lease_renewed {
            health.lease_renewed = renewed;
            health.probe = now;
        }
        health
    }

    /// Whether the node has been silent for longer than it may.
    #[must_use]
    pub fn is_silent(&self, config: &Config, now: Time) -> bool {
        now.0 > self.probe.0 + self.grace(config)
    }

    /// How long the node may be silent.
    fn grace(&self, config: &Config) -> Span {
        if self.ready.is_some() { config.monitor_grace_period } else { config.startup_grace_period }
    }

    /// Lets the silence begin anew, for the case that not the nodes but we were cut off.
    pub fn restart(&mut self, now: Time) {
        self.probe = now;
        self.ready_transition = now;
    }
}

/// The conditions of a silent node; none when its Ready condition is Unknown already.
#[must_use]
pub fn unknown_conditions(node: &Node, now: Time) -> Option<Conditions> {
    if node.status.conditions.status(&READY) == Some(ConditionStatus::Unknown) {
        return None;
    }
    let mut conditions = node.status.conditions.clone();
    for kind in REPORTED {
        let known = conditions.0.iter_mut().find(|condition| condition.kind == kind);
        let Some(known) = known else {
            let status = ConditionStatus::Unknown;
            let mut never = Condition::new(kind, status, NODE_STATUS_NEVER_UPDATED, NEVER_POSTED);
            never.last_heartbeat_time = node.metadata.creation_timestamp;
            never.last_transition_time = Some(now);
            conditions.0.push(never);
            continue;
        };
        if known.status != ConditionStatus::Unknown {
            known.status = ConditionStatus::Unknown;
            known.reason = NODE_STATUS_UNKNOWN;
            known.message = STOPPED_POSTING;
            known.last_transition_time = Some(now);
        }
    }
    Some(conditions)
}

/// The Ready condition that a pod of a node that is not ready gets; none when nothing changes.
///
/// Source: kubernetes/kubernetes:pkg/controller/util/node/controller_utils.go `MarkPodsNotReady`.
#[must_use]
pub fn not_ready(pod: &Pod, now: Time) -> Option<Condition> {
    let mut condition = pod.status.conditions.get(&READY)?.clone();
    if condition.status == ConditionStatus::False {
        return None;
    }
    condition.status = ConditionStatus::False;
    condition.last_transition_time = Some(now);
    Some(condition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SimTime;

    fn at(secs: u64) -> Time {
        Time(SimTime::from_secs(secs))
    }

    fn node(heartbeat: u64) -> Node {
        let mut node = Node::default();
        let (reason, message) = ("KubeletReady".into(), Str::new());
        let mut ready = Condition::new(READY, true, reason, message);
        ready.last_heartbeat_time = Some(at(heartbeat));
        ready.last_transition_time = Some(at(0));
        node.status.conditions.0.push(ready);
        node
    }

    fn lease(renewed: u64) -> Lease {
        let mut lease = Lease::default();
        lease.spec.renew_time = Some(at(renewed));
        lease
    }

    #[test]
    fn silence_is_measured_by_our_own_clock() {
        // The kubelet's clock is far behind; only the change of its words counts.
        let config = Config::default();
        let first = Health::look(None, &node(0), Some(&lease(3)), at(1000));
        assert!(!first.is_silent(&config, at(1050)));
        assert!(first.is_silent(&config, at(1051)));
        let second = Health::look(Some(first), &node(0), Some(&lease(13)), at(1045));
        assert!(!second.is_silent(&config, at(1095)));
        assert!(second.is_silent(&config, at(1096)));
    }

    #[test]
    fn a_status_is_as_good_as_a_lease() {
        let config = Config::default();
        let first = Health::look(None, &node(0), None, at(0));
        let second = Health::look(Some(first), &node(40), None, at(40));
        assert!(!second.is_silent(&config, at(90)));
        assert_eq!(second.ready_transition, at(0), "the status is the same as before");
    }

    #[test]
    fn a_silent_node_is_written_once() {
        let mut silent = node(0);
        let conditions = unknown_conditions(&silent, at(60));
        silent.status.conditions = conditions.unwrap_or_default();
        assert_eq!(silent.status.conditions.status(&READY), Some(ConditionStatus::Unknown));
        assert_eq!(unknown_conditions(&silent, at(65)), None);
    }
}
