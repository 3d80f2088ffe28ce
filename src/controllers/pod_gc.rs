//! Pod garbage collector: removes pods that nobody else will ever remove.
//!
//! Four kinds, looked for every 20 s: ended pods beyond a threshold, oldest first; pods on a node
//! that is not ready and marked as out of service; pods on a node that no longer exists (first
//! seen missing 40 s ago, and then asked for once more); pods that are being deleted and never had
//! a node. Each is first marked as Failed, so that whoever counts it knows, and then deleted
//! without grace.
//!
//! Soft state: since when each node has been missing.
//!
//! Source: kubernetes/kubernetes:pkg/controller/podgc/gc_controller.go.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::reasons::{DISRUPTION_TARGET, READY, TAINT_OUT_OF_SERVICE};
use crate::api::{Condition, Kind, Node, ObjectKey, Pod, PodPhase, Resource, Str, Time, Uid};
use crate::kernel::Span;
use crate::wire::api::{ApiCall, DeleteOptions, Patch, StatusReason};

use super::caches::Change;
use super::config::Config;
use super::reconcile::{Answer, Controller, Plan, Queue, View};

/// How often it looks.
/// Source: kubernetes/kubernetes:pkg/controller/podgc/gc_controller.go `gcCheckPeriod`.
pub const GC_CHECK_PERIOD: Span = Span::secs(20);
/// How long a node must be missing before its pods go.
/// Source: kubernetes/kubernetes:pkg/controller/podgc/gc_controller.go `quarantineTime`.
pub const QUARANTINE_TIME: Span = Span::secs(40);

/// Reason of the condition DisruptionTarget.
const DELETION_BY_POD_GC: Str = arcstr::literal!("DeletionByPodGC");

/// The pod garbage collector.
#[derive(Clone, Debug, Default)]
pub struct PodGarbageCollector {
    missing_since: BTreeMap<Str, Time>,
}

/// The one thing it looks at: everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sweep;

/// What the calls under way are for.
#[derive(Clone, Debug)]
pub enum Doing {
    /// Missing nodes are asked for once more.
    Ask(Vec<Str>),
    /// Pods are marked as Failed.
    Mark {
        /// Those that are marked, in the order of the calls.
        marked: Vec<Doomed>,
        /// Those that have ended already.
        ended: Vec<Doomed>,
    },
}

/// A pod that is about to be deleted, in one of its lives.
pub type Doomed = (ObjectKey, Uid);

impl Controller for PodGarbageCollector {
    type Key = Sweep;
    type Progress = Doing;

    const NAME: &'static str = "pod-garbage-collector-controller";
    const KINDS: &'static [Kind] = &[];

    fn new(_config: &Config) -> Self {
        PodGarbageCollector::default()
    }

    fn workers(_config: &Config) -> u32 {
        1
    }

    fn period(_config: &Config) -> Option<Span> {
        Some(GC_CHECK_PERIOD)
    }

    fn observe(&mut self, _view: &View<'_>, _change: &Change, _queue: &mut Queue<'_, Sweep>) {}

    fn tick(&mut self, _view: &View<'_>, queue: &mut Queue<'_, Sweep>) {
        queue.add(Sweep);
    }

    fn reconcile(&mut self, view: &View<'_>, _key: &Sweep) -> Plan<Doing> {
        let missing = self.quarantined(view);
        if missing.is_empty() {
            return mark(victims(view, &[]), view.now);
        }
        let ask = |name: &Str| ApiCall::Get {
            kind: Kind::Node,
            key: ObjectKey { namespace: Str::new(), name: name.clone() },
        };
        Plan::then(missing.iter().map(ask).collect(), Doing::Ask(missing))
    }

    fn resume(
        &mut self,
        view: &View<'_>,
        _key: &Sweep,
        progress: Doing,
        answers: Vec<Answer>,
    ) -> Plan<Doing> {
        match progress {
            Doing::Ask(names) => {
                let gone = |answer: &Answer| {
                    answer.as_ref().is_err_and(|status| status.reason == StatusReason::NotFound)
                };
                let answered = names.into_iter().zip(&answers);
                let nodes: Vec<Str> =
                    answered.filter(|(_, answer)| gone(answer)).map(|(name, _)| name).collect();
                mark(victims(view, &nodes), view.now)
            }
            Doing::Mark { marked, ended } => {
                let marked = marked.into_iter().zip(&answers);
                let marked = marked.filter(|(_, answer)| answer.is_ok()).map(|(pod, _)| pod);
                Plan::last(ended.into_iter().chain(marked).map(delete).collect())
            }
        }
    }
}

impl PodGarbageCollector {
    /// Nodes with pods that have been missing for long enough.
    fn quarantined(&mut self, view: &View<'_>) -> Vec<Str> {
        let is_missing = |name: &&Str| {
            let key = ObjectKey { namespace: Str::new(), name: (*name).clone() };
            view.caches.get::<Node>(&key).is_none()
        };
        let missing: Vec<Str> = view.caches.nodes_with_pods().filter(is_missing).cloned().collect();
        let known = std::mem::take(&mut self.missing_since);
        for name in &missing {
            let since = known.get(name).copied().unwrap_or(view.now);
            self.missing_since.insert(name.clone(), since);
        }
        let long = |since: &Time| view.now.0.since(since.0) >= QUARANTINE_TIME;
        let ripe = self.missing_since.iter().filter(|(_, since)| long(since));
        ripe.map(|(name, _)| name.clone()).collect()
    }
}

/// A pod that must go, and what its condition DisruptionTarget says, if anything.
type Victim = (Arc<Pod>, Option<Str>);

fn victims(view: &View<'_>, gone_nodes: &[Str]) -> Vec<Victim> {
    let mut victims: Vec<Victim> = Vec::new();
    let threshold = usize::try_from(view.config.terminated_pod_gc_threshold).unwrap_or(0);
    if threshold > 0 {
        let mut ended: Vec<&Arc<Pod>> = view.caches.ended_pods().collect();
        let excess = ended.len().saturating_sub(threshold);
        // Evicted pods first, then the oldest.
        ended.sort_by_key(|pod| {
            let evicted = pod.status.phase == PodPhase::Failed && pod.status.reason == "Evicted";
            (!evicted, pod.metadata.creation_timestamp, pod.key())
        });
        victims.extend(ended.into_iter().take(excess).map(|pod| (pod.clone(), None)));
    }
    for pod in view.caches.terminating_pods() {
        if pod.spec.node_name.is_empty() || is_out_of_service(view, &pod.spec.node_name) {
            victims.push((pod.clone(), None));
        }
    }
    let message = arcstr::literal!("PodGC: node no longer exists");
    for node in gone_nodes {
        let pods = view.caches.pods_on(node);
        victims.extend(pods.map(|pod| (pod.clone(), Some(message.clone()))));
    }
    victims.sort_by_key(|(pod, _)| pod.key());
    victims.dedup_by(|a, b| a.0.metadata.uid == b.0.metadata.uid);
    victims
}

/// Whether somebody has said that the node will not come back.
fn is_out_of_service(view: &View<'_>, node: &Str) -> bool {
    let key = ObjectKey { namespace: Str::new(), name: node.clone() };
    view.caches.get::<Node>(&key).is_some_and(|node| {
        !node.status.conditions.is_true(&READY)
            && node.spec.taints.iter().any(|taint| taint.key == TAINT_OUT_OF_SERVICE)
    })
}

/// Marks those that have not ended, and then deletes all of them.
fn mark(victims: Vec<Victim>, now: Time) -> Plan<Doing> {
    let (ended, running): (Vec<Victim>, Vec<Victim>) =
        victims.into_iter().partition(|(pod, _)| pod.is_terminal());
    let doomed = |(pod, _): &Victim| (pod.key(), pod.metadata.uid);
    let calls = running.iter().map(|victim| fail(victim, now)).collect();
    let marked = running.iter().map(doomed).collect();
    Plan::then(calls, Doing::Mark { marked, ended: ended.iter().map(doomed).collect() })
}

fn fail((pod, message): &Victim, now: Time) -> ApiCall {
    let mut failed = Pod::clone(pod);
    failed.status.phase = PodPhase::Failed;
    if let Some(message) = message {
        let condition =
            Condition::new(DISRUPTION_TARGET, true, DELETION_BY_POD_GC, message.clone());
        failed.status.conditions.set(condition, now);
    }
    let patch = Box::new(Patch::Status(failed.into()));
    ApiCall::Patch { kind: Kind::Pod, key: pod.key(), patch }
}

fn delete((key, uid): Doomed) -> ApiCall {
    let options =
        DeleteOptions { grace_period_seconds: Some(0), uid: Some(uid), ..Default::default() };
    ApiCall::Delete { kind: Kind::Pod, key, options }
}

#[cfg(test)]
mod tests {
    use super::super::rig::{Rig, key};
    use super::*;
    use crate::api::{ObjectMeta, Taint};

    fn rig() -> Rig {
        Rig::of::<PodGarbageCollector>()
    }

    fn pod(rig: &mut Rig, name: &str, change: impl FnOnce(&mut Pod)) {
        let mut pod = Pod { metadata: ObjectMeta::named("default", name), ..Pod::default() };
        change(&mut pod);
        rig.create(pod);
        rig.settle();
    }

    fn left(rig: &Rig) -> Vec<Str> {
        rig.all::<Pod>().iter().map(|pod| pod.metadata.name.clone()).collect()
    }

    #[test]
    fn pods_of_a_node_that_is_gone_go_after_the_quarantine() {
        let mut rig = rig();
        pod(&mut rig, "lost", |pod| pod.spec.node_name = "n1".into());
        rig.tick();
        rig.pass(Span::secs(20));
        rig.tick();
        assert_eq!(left(&rig), ["lost"]);
        rig.pass(Span::secs(20));
        rig.tick();
        assert_eq!(rig.take_writes(), ["patch Pod", "delete Pod"]);
        assert_eq!(left(&rig), [""; 0]);
    }

    #[test]
    fn a_node_that_only_the_cache_misses_keeps_its_pods() {
        let mut rig = rig();
        rig.watching = false;
        let mut node = Node::default();
        node.metadata.name = "n1".into();
        rig.create(node);
        rig.hush();
        rig.watching = true;
        pod(&mut rig, "kept", |pod| pod.spec.node_name = "n1".into());
        for _ in 0..4 {
            rig.tick();
            rig.pass(Span::secs(20));
        }
        assert_eq!(left(&rig), ["kept"]);
    }

    #[test]
    fn a_pod_that_never_had_a_node_needs_no_kubelet_to_end() {
        let mut rig = rig();
        let now = Time(rig.now);
        pod(&mut rig, "stuck", |pod| pod.metadata.deletion_timestamp = Some(now));
        pod(&mut rig, "pending", |_| {});
        rig.tick();
        assert_eq!(left(&rig), ["pending"]);
    }

    #[test]
    fn a_node_out_of_service_gives_its_terminating_pods_free() {
        let mut rig = rig();
        let mut node = Node::default();
        node.metadata.name = "n1".into();
        rig.create(node);
        let now = Time(rig.now);
        pod(&mut rig, "ending", |pod| {
            pod.metadata.deletion_timestamp = Some(now);
            pod.spec.node_name = "n1".into();
        });
        rig.tick();
        assert_eq!(left(&rig), ["ending"]);
        rig.change::<Node>(&ObjectKey::new("", "n1"), |node| {
            let taint = Taint { key: TAINT_OUT_OF_SERVICE, ..Taint::default() };
            node.spec.taints.push(taint);
        });
        rig.settle();
        rig.tick();
        assert_eq!(left(&rig), [""; 0]);
    }

    #[test]
    fn ended_pods_beyond_the_threshold_go_oldest_first() {
        let mut rig = rig();
        rig.config.terminated_pod_gc_threshold = 1;
        for name in ["first", "second", "third"] {
            pod(&mut rig, name, |pod| pod.status.phase = PodPhase::Succeeded);
            rig.pass(Span::secs(1));
        }
        rig.tick();
        assert_eq!(left(&rig), ["third"]);
        assert_eq!(rig.take_writes(), ["delete Pod", "delete Pod"]);
        assert!(rig.get::<Pod>(&key("third")).unwrap().is_terminal());
    }
}
