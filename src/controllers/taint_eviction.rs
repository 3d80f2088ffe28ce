//! Taint eviction controller: ends the pods of a node that has a NoExecute taint, when their
//! tolerations end.
//!
//! A pod that does not tolerate a taint of its node goes at once. One that tolerates all of them
//! stays for the shortest of the `tolerationSeconds` that it uses, or for ever when none is set
//! (every pod gets 300 s for `not-ready` and `unreachable` at its admission). When the taints go
//! in time, the pod stays. A timer that runs is kept when taints are exchanged.
//!
//! All timers are delayed keys of the one work queue.
//!
//! Soft state: the timers. A new manager begins them anew.
//!
//! Simplified: upstream gives a deletion up after five tries 10 ms apart; here the queue tries
//! it on, later each time.
//!
//! Source: kubernetes/kubernetes:pkg/controller/tainteviction/{taint_eviction,timed_workers}.go.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::pod::Toleration;
use crate::api::reasons::DISRUPTION_TARGET;
use crate::api::{
    Condition, Kind, Node, ObjectKey, ObjectReference, Pod, Resource, Str, Taint, TaintEffect, Time,
};
use crate::client::RetryLimit;
use crate::kernel::Span;
use crate::wire::api::{ApiCall, DeleteOptions, Patch};

use super::caches::Change;
use super::config::Config;
use super::reconcile::{Answer, Controller, Plan, Queue, Said, View, is_failure};

/// How many pods are ended at once.
/// Source: kubernetes/kubernetes:pkg/controller/tainteviction/taint_eviction.go
/// `UpdateWorkerSize`.
const WORKERS: u32 = 8;
/// Between two tries to end a pod.
/// Source: kubernetes/kubernetes:pkg/controller/tainteviction/taint_eviction.go
/// `deletePodHandler`.
const RETRY_BASE: Span = Span::millis(10);

const TAINT_MANAGER_EVICTION: Str = arcstr::literal!("TaintManagerEviction");
const DELETION_BY_TAINT_MANAGER: Str = arcstr::literal!("DeletionByTaintManager");
const DELETING: Str = arcstr::literal!("Taint manager: deleting due to NoExecute taint");

/// The taint eviction controller.
#[derive(Clone, Debug, Default)]
pub struct TaintEvictionController {
    evictions: BTreeMap<ObjectKey, Eviction>,
}

/// Where the eviction of a pod stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eviction {
    /// The pod may stay until `due`.
    Waits { since: Time, due: Time },
    /// The pod may stay; that must be told.
    Cancelled,
    /// The pod is being marked and deleted.
    Ends,
    /// The pod has been deleted, gracefully.
    Ended,
}

/// How long a pod may stay on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// It goes at once.
    No,
    /// So long.
    For(Span),
    /// For ever.
    Forever,
}

/// How long a pod with `tolerations` may stay on a node with these NoExecute `taints`.
#[must_use]
pub fn stay(taints: &[Taint], tolerations: &[Toleration]) -> Stay {
    if taints.is_empty() {
        return Stay::Forever;
    }
    let mut used = Vec::with_capacity(taints.len());
    for taint in taints {
        match tolerations.iter().find(|toleration| toleration.tolerates(taint, false)) {
            Some(toleration) => used.push(toleration.toleration_seconds),
            None => return Stay::No,
        }
    }
    shortest(&used)
}

/// The shortest of the times \[s\] of the tolerations in use; unset ones have no end.
///
/// Source: kubernetes/kubernetes:pkg/controller/tainteviction/taint_eviction.go
/// `getMinTolerationTime`.
#[must_use]
pub fn shortest(times: &[Option<i64>]) -> Stay {
    if times.is_empty() {
        return Stay::For(Span::ZERO);
    }
    let shortest = times.iter().flatten().map(|secs| u64::try_from(*secs).unwrap_or(0)).min();
    shortest.map_or(Stay::Forever, |secs| Stay::For(Span::secs(1).saturating_mul(secs)))
}

/// The taints that end pods.
#[must_use]
pub fn no_execute(taints: &[Taint]) -> Vec<Taint> {
    taints.iter().filter(|taint| taint.effect == TaintEffect::NoExecute).cloned().collect()
}

impl Controller for TaintEvictionController {
    type Key = ObjectKey;
    /// The pod is marked; now it is deleted.
    type Progress = Step;

    const NAME: &'static str = "taint-eviction-controller";
    const KINDS: &'static [Kind] = &[Kind::Node, Kind::Pod];

    fn new(_config: &Config) -> Self {
        TaintEvictionController::default()
    }

    fn workers(_config: &Config) -> u32 {
        WORKERS
    }

    fn retry_limit() -> RetryLimit {
        RetryLimit { base: RETRY_BASE, ..RetryLimit::default() }
    }

    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, ObjectKey>) {
        if let Some((old, new)) = change.of::<Pod>() {
            let Some(pod) = new else {
                self.evictions.remove(&change.key());
                return;
            };
            if old.is_some_and(|old| same_stay(old, pod)) || pod.spec.node_name.is_empty() {
                return;
            }
            let name = pod.spec.node_name.clone();
            let node = view.caches.get::<Node>(&ObjectKey { namespace: Str::new(), name });
            let taints = node.map_or_else(Vec::new, |node| no_execute(&node.spec.taints));
            if !taints.is_empty() {
                self.look_at(view.now, pod, &taints, queue);
            }
        } else if let Some((old, Some(node))) = change.of::<Node>() {
            let before = old.map_or_else(Vec::new, |old| no_execute(&old.spec.taints));
            let taints = no_execute(&node.spec.taints);
            if before != taints {
                for pod in view.caches.pods_on(&node.metadata.name) {
                    self.look_at(view.now, pod, &taints, queue);
                }
            }
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &ObjectKey) -> Plan<Step> {
        match self.evictions.get(key).copied() {
            None | Some(Eviction::Ended) => Plan::done(),
            Some(Eviction::Waits { due, .. }) if due > view.now => {
                Plan::done_until(due.0.since(view.now.0))
            }
            Some(Eviction::Cancelled) => {
                self.evictions.remove(key);
                Plan::done().saying(told(view, key, "Cancelling deletion of Pod"))
            }
            Some(Eviction::Waits { .. }) => {
                let events = told(view, key, "Marking for deletion Pod");
                if events.is_empty() {
                    self.evictions.remove(key);
                    return Plan::done();
                }
                self.evictions.insert(key.clone(), Eviction::Ends);
                mark(view.now, key).saying(events)
            }
            Some(Eviction::Ends) => mark(view.now, key),
        }
    }

    fn resume(
        &mut self,
        _view: &View<'_>,
        key: &ObjectKey,
        progress: Step,
        answers: Vec<Answer>,
    ) -> Plan<Step> {
        if answers.iter().any(is_failure) {
            return Plan::retry();
        }
        match progress {
            Step::Mark => {
                let options = DeleteOptions::default();
                let delete = ApiCall::Delete { kind: Kind::Pod, key: key.clone(), options };
                Plan::then(vec![delete], Step::Delete)
            }
            Step::Delete => {
                if let Some(eviction) = self.evictions.get_mut(key) {
                    *eviction = Eviction::Ended;
                }
                Plan::done()
            }
        }
    }
}

/// Where the end of a pod stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It gets the condition DisruptionTarget.
    Mark,
    /// It is deleted.
    Delete,
}

impl TaintEvictionController {
    /// Decides about a pod whose node has `taints`.
    fn look_at(
        &mut self,
        now: Time,
        pod: &Arc<Pod>,
        taints: &[Taint],
        queue: &mut Queue<'_, ObjectKey>,
    ) {
        let key = pod.key();
        let known = self.evictions.get(&key).copied();
        let span = match stay(taints, &pod.spec.tolerations) {
            Stay::Forever => return self.cancel(key, queue),
            Stay::No => Span::ZERO,
            Stay::For(span) => span,
        };
        if let Some(Eviction::Waits { since, .. }) = known
            && since < now
            && !span.is_zero()
        {
            return;
        }
        if matches!(known, Some(Eviction::Ends | Eviction::Ended)) && !span.is_zero() {
            return;
        }
        let due = Time(now.0 + span);
        self.evictions.insert(key.clone(), Eviction::Waits { since: now, due });
        queue.add_after(key, span);
    }

    fn cancel(&mut self, key: ObjectKey, queue: &mut Queue<'_, ObjectKey>) {
        match self.evictions.get_mut(&key) {
            Some(eviction @ Eviction::Waits { .. }) => {
                *eviction = Eviction::Cancelled;
                queue.add(key);
            }
            Some(Eviction::Ends | Eviction::Ended) => {
                self.evictions.remove(&key);
            }
            Some(Eviction::Cancelled) | None => {}
        }
    }
}

/// Marks the pod; its deletion follows.
fn mark(now: Time, key: &ObjectKey) -> Plan<Step> {
    let (reason, message) = (DELETION_BY_TAINT_MANAGER, DELETING);
    let mut condition = Condition::new(DISRUPTION_TARGET, true, reason, message);
    condition.last_transition_time = Some(now);
    let patch = Box::new(Patch::Conditions(vec![condition]));
    Plan::then(vec![ApiCall::Patch { kind: Kind::Pod, key: key.clone(), patch }], Step::Mark)
}

/// Whether two states of a pod may stay equally long.
fn same_stay(old: &Pod, new: &Pod) -> bool {
    old.spec.node_name == new.spec.node_name
        && (Arc::ptr_eq(&old.spec.tolerations, &new.spec.tolerations)
            || old.spec.tolerations == new.spec.tolerations)
}

/// The Event about a pod, if the pod is still there.
fn told(view: &View<'_>, key: &ObjectKey, what: &str) -> Vec<Said> {
    let Some(pod) = view.caches.get::<Pod>(key) else { return Vec::new() };
    let about = ObjectReference::to(Kind::Pod, &pod.metadata);
    vec![Said::normal(about, TAINT_MANAGER_EVICTION, format!("{what} {key}"))]
}
