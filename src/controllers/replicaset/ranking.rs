//! Which pod goes first when a ReplicaSet shrinks: the one that is missed least.
//!
//! Source: kubernetes/kubernetes:pkg/controller/controller_utils.go (`ActivePodsWithRanks`) and
//! pkg/controller/replicaset/replica_set.go (`getPodsToDelete`).

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::pod::RestartPolicy;
use crate::api::reasons::READY;
use crate::api::{Pod, PodPhase, Str, Time};

/// Annotation: the higher the number, the later the pod goes; 0 when missing or unreadable.
pub const ANNOTATION_DELETION_COST: Str =
    arcstr::literal!("controller.kubernetes.io/pod-deletion-cost");

/// The moment and the switches of one ranking.
#[derive(Clone, Copy, Debug)]
pub struct Ranking {
    /// Ages are measured from here.
    pub now: Time,
    /// Feature gate PodDeletionCost (on since 1.22): whether the annotation counts.
    pub deletion_cost: bool,
    /// Feature gate LogarithmicScaleDown (on since 1.22): whether ages are compared in buckets
    /// of powers of two, so that pods of about the same age go in no particular order.
    pub logarithmic: bool,
}

/// A pod with its rank: how many related pods run on its node.
pub type Ranked = (Arc<Pod>, usize);

impl Ranking {
    /// The ranking at `now` with the gates as they stand by default.
    #[must_use]
    pub const fn at(now: Time) -> Self {
        Ranking { now, deletion_cost: true, logarithmic: true }
    }

    /// `Less` when `a` is deleted before `b`; `Equal` when there is nothing to choose.
    ///
    /// In this order: no node before a node; pending, unknown, running; not ready before ready;
    /// low deletion cost; many relatives on the node; ready for a short time; many restarts;
    /// young.
    #[must_use]
    pub fn compare(&self, a: &Ranked, b: &Ranked) -> Ordering {
        let ((a, rank_a), (b, rank_b)) = (a, b);
        let both_ready = a.is_ready() && b.is_ready();
        let cost = |pod| if self.deletion_cost { deletion_cost(pod) } else { 0 };
        is_assigned(a)
            .cmp(&is_assigned(b))
            .then_with(|| phase_order(a).cmp(&phase_order(b)))
            .then_with(|| a.is_ready().cmp(&b.is_ready()))
            .then_with(|| cost(a).cmp(&cost(b)))
            .then_with(|| rank_b.cmp(rank_a))
            .then_with(|| match both_ready {
                true => self.younger_first((a, ready_time(a)), (b, ready_time(b))),
                false => Ordering::Equal,
            })
            .then_with(|| Reverse(restarts(a)).cmp(&Reverse(restarts(b))))
            .then_with(|| {
                let created = |pod: &Pod| pod.metadata.creation_timestamp;
                self.younger_first((a, created(a)), (b, created(b)))
            })
    }

    /// A missing time goes first, then the younger one; about the same age: by uid.
    fn younger_first(&self, a: (&Pod, Option<Time>), b: (&Pod, Option<Time>)) -> Ordering {
        match (a.1, b.1) {
            (Some(time_a), Some(time_b)) if time_a == time_b => Ordering::Equal,
            (Some(time_a), Some(time_b)) if !self.logarithmic => time_b.cmp(&time_a),
            (Some(time_a), Some(time_b)) => self
                .age_bucket(time_a)
                .cmp(&self.age_bucket(time_b))
                .then_with(|| a.0.metadata.uid.cmp(&b.0.metadata.uid)),
            (time_a, time_b) => time_a.is_some().cmp(&time_b.is_some()),
        }
    }

    /// The whole part of log2 of the age \[ns\]; none for no age.
    fn age_bucket(&self, since: Time) -> Option<u32> {
        self.now.0.since(since.0).as_nanos().checked_ilog2()
    }
}

fn is_assigned(pod: &Pod) -> bool {
    !pod.spec.node_name.is_empty()
}

fn phase_order(pod: &Pod) -> u8 {
    match pod.status.phase {
        PodPhase::Pending | PodPhase::Succeeded | PodPhase::Failed => 0,
        PodPhase::Unknown => 1,
        PodPhase::Running => 2,
    }
}

/// The number in the annotation; 0 when it is missing or no whole number of 32 bits.
#[must_use]
pub fn deletion_cost(pod: &Pod) -> i32 {
    let text = pod.metadata.annotations.get(&ANNOTATION_DELETION_COST);
    // As upstream reads it: "+1" and "01" are not numbers here.
    let plain = |text: &&Str| *text == "0" || text.starts_with(|c| matches!(c, '-' | '1'..='9'));
    text.filter(plain).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Since when the pod is ready, when it is.
fn ready_time(pod: &Pod) -> Option<Time> {
    pod.status.conditions.get(&READY).and_then(|ready| ready.last_transition_time)
}

/// The most restarts of any container, and of any sidecar.
fn restarts(pod: &Pod) -> (i32, i32) {
    let of_container =
        pod.status.container_statuses.iter().map(|status| status.restart_count).max();
    let is_sidecar = |name: &Str| {
        pod.spec.init_containers.iter().any(|container| {
            container.name == *name && container.restart_policy == Some(RestartPolicy::Always)
        })
    };
    let of_sidecar = pod
        .status
        .init_container_statuses
        .iter()
        .filter(|status| is_sidecar(&status.name))
        .map(|status| status.restart_count)
        .max();
    (of_container.unwrap_or(0), of_sidecar.unwrap_or(0))
}

/// The first `count` of `pods` in the order of deletion. `related` are the pods of all
/// ReplicaSets with the same owner: a node with many of them can spare one more easily.
#[must_use]
pub fn pods_to_delete<'a>(
    pods: &[Arc<Pod>],
    related: impl Iterator<Item = &'a Arc<Pod>>,
    count: usize,
    ranking: Ranking,
) -> Vec<Arc<Pod>> {
    if count >= pods.len() {
        return pods.to_vec();
    }
    let mut on_node: BTreeMap<&Str, usize> = BTreeMap::new();
    for pod in related.filter(|pod| is_active(pod)) {
        *on_node.entry(&pod.spec.node_name).or_default() += 1;
    }
    let rank = |pod: &Arc<Pod>| on_node.get(&pod.spec.node_name).copied().unwrap_or(0);
    let mut ranked: Vec<Ranked> = pods.iter().map(|pod| (pod.clone(), rank(pod))).collect();
    ranked.sort_by(|a, b| ranking.compare(a, b));
    ranked.into_iter().take(count).map(|(pod, _)| pod).collect()
}

/// Whether the pod counts: it has not ended and is not being deleted.
#[must_use]
pub fn is_active(pod: &Pod) -> bool {
    !pod.is_terminal() && !pod.metadata.is_terminating()
}
