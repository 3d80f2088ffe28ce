//! What the scheduler does with a decision: bind, or say why not; and what it tells of it.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/schedule_one.go.

use std::sync::Arc;

use crate::api::conditions::{Condition, ConditionStatus};
use crate::api::reasons::POD_SCHEDULED;
use crate::api::{Kind, ObjectReference, Str, Time};
use crate::client::Told;
use crate::wire::Cx;
use crate::wire::api::{ApiCall, Patch, Status};
use crate::wire::note::{DecisionNote, NodeScore, Note};

use super::actor::{Scheduler, Tag};
use super::cycle::{NO_NODES, Outcome};
use super::framework::PluginSet;
use super::node_info::{NodeId, PodInfo};
use super::plugins::default_binder::binding;

/// Reason of the condition when no node suits.
const UNSCHEDULABLE: Str = arcstr::literal!("Unschedulable");
/// Reason of the condition when something went wrong.
const SCHEDULER_ERROR: Str = arcstr::literal!("SchedulerError");
/// Reason of the event when a pod has its node.
const SCHEDULED: Str = arcstr::literal!("Scheduled");
/// Reason of the event when a pod could not be given a node.
const FAILED_SCHEDULING: Str = arcstr::literal!("FailedScheduling");
/// Longer messages are cut in events.
/// Source: kubernetes/kubernetes:pkg/scheduler/schedule_one.go `truncateMessage`.
const MESSAGE_LENGTH_MAX: usize = 1024;

impl Scheduler {
    /// Whether the pod needs no decision after all.
    pub(super) fn skips(&mut self, cx: &mut Cx<'_>, pod: &PodInfo) -> bool {
        let meta = &pod.pod.metadata;
        if meta.is_terminating() {
            let message = format!("skip schedule deleting pod: {}/{}", meta.namespace, meta.name);
            self.tell(cx, pod, Told::warning(FAILED_SCHEDULING, message));
            self.queue.remove(meta.uid);
            return true;
        }
        let assumed = self.snapshot.is_assumed(meta.uid);
        if assumed {
            self.queue.decided(meta.uid);
        }
        assumed
    }

    /// Writes the binding; the next cycle does not wait for it.
    pub(super) fn bind(&mut self, cx: &mut Cx<'_>, pod: Arc<PodInfo>, node: Str) {
        let call = binding(&pod.pod, &node);
        self.client.call(cx, Tag::Bind(pod, node), call);
    }

    /// The binding is written.
    pub(super) fn bound(&mut self, cx: &mut Cx<'_>, pod: &PodInfo, node: &Str) {
        let meta = &pod.pod.metadata;
        self.queue.remove(meta.uid);
        let known = self.pods.get(&meta.key()).is_some_and(|pod| pod.metadata.uid == meta.uid);
        if !known && self.snapshot.is_assumed(meta.uid) {
            // It was deleted before anybody saw it on its node.
            self.pod_left(meta.uid, cx.now());
        }
        let message = format!("Successfully assigned {}/{} to {node}", meta.namespace, meta.name);
        self.tell(cx, pod, Told::normal(SCHEDULED, message));
    }

    /// The binding was refused, or nobody knows what became of it: the pod is forgotten on its
    /// node and tried again. If the binding was written after all, the watch will tell.
    pub(super) fn binding_failed(&mut self, cx: &mut Cx<'_>, pod: &PodInfo, status: &Status) {
        let uid = pod.pod.metadata.uid;
        if self.snapshot.is_assumed(uid) {
            self.pod_left(uid, cx.now());
        }
        let message =
            format!("binding rejected: running Bind plugin \"DefaultBinder\": {}", status.message);
        self.queue.give_back(uid, PluginSet::default(), &self.profile, cx.now());
        self.tell_failure(cx, pod, SCHEDULER_ERROR, message.into());
    }

    /// No node suits.
    pub(super) fn refuse(&mut self, cx: &mut Cx<'_>, pod: &PodInfo, outcome: &Outcome) {
        let uid = pod.pod.metadata.uid;
        let refused_by = match outcome {
            Outcome::Unschedulable { refused_by, .. } => *refused_by,
            Outcome::NoNodes | Outcome::Node(_) => PluginSet::default(),
        };
        self.queue.give_back(uid, refused_by, &self.profile, cx.now());
        self.tell_failure(cx, pod, UNSCHEDULABLE, message_of(outcome));
    }

    /// Tells the world that a pod has no node: an event each time, the condition when it changed.
    fn tell_failure(&mut self, cx: &mut Cx<'_>, pod: &PodInfo, reason: Str, message: Str) {
        self.tell(cx, pod, Told::warning(FAILED_SCHEDULING, truncated(&message)));
        let meta = &pod.pod.metadata;
        let key = meta.key();
        let current = self.pods.get(&key).filter(|pod| pod.metadata.uid == meta.uid);
        let Some(current) = current.filter(|pod| pod.spec.node_name.is_empty()) else { return };
        let mut conditions = current.status.conditions.clone();
        let condition = Condition::new(POD_SCHEDULED, ConditionStatus::False, reason, message);
        if conditions.set(condition, Time(cx.now()))
            && let Some(changed) = conditions.get(&POD_SCHEDULED)
        {
            let patch = Box::new(Patch::Conditions(vec![changed.clone()]));
            self.client.call(cx, Tag::Condition, ApiCall::Patch { kind: Kind::Pod, key, patch });
        }
    }

    fn tell(&mut self, cx: &mut Cx<'_>, pod: &PodInfo, told: Told) {
        let about = ObjectReference::to(Kind::Pod, &pod.pod.metadata);
        self.recorder.record(cx, &mut self.client, &about, told);
    }

    /// Tells the observers how the decision came about.
    pub(super) fn note_decision(&self, cx: &mut Cx<'_>, pod: &PodInfo, outcome: &Outcome) {
        let name = |id: NodeId| self.snapshot.node(id).name.clone();
        cx.note_in_detail(|| {
            let node = match outcome {
                Outcome::Node(id) => Some(name(*id)),
                Outcome::NoNodes | Outcome::Unschedulable { .. } => None,
            };
            let refused = self.algorithm.refused().iter();
            let filtered = refused.map(|(id, rejection)| {
                let why = rejection.reason.texts().join(", ").into();
                (name(*id), rejection.plugin.name(), why)
            });
            let table = self.algorithm.table();
            let columns = table.columns();
            let scored = self.algorithm.suitable().iter().zip(&table.totals).enumerate();
            let scored = scored.map(|(place, (id, total))| NodeScore {
                node: name(*id),
                plugins: columns.iter().map(|c| (c.plugin.name(), c.scores[place])).collect(),
                total: *total,
            });
            Note::Decision(Box::new(DecisionNote {
                pod: pod.pod.metadata.key(),
                node,
                filtered: filtered.collect(),
                scored: scored.collect(),
                message: message_of(outcome),
            }))
        });
    }
}

/// The FailedScheduling message; empty when there is a node.
fn message_of(outcome: &Outcome) -> Str {
    match outcome {
        Outcome::Node(_) => Str::new(),
        Outcome::NoNodes => arcstr::literal!(NO_NODES),
        Outcome::Unschedulable { error, .. } => error.to_string().into(),
    }
}

/// At most 1024 bytes, with dots at the end when something was cut.
fn truncated(message: &Str) -> Str {
    if message.len() <= MESSAGE_LENGTH_MAX {
        return message.clone();
    }
    let end = (0..=MESSAGE_LENGTH_MAX - 4).rev().find(|at| message.is_char_boundary(*at));
    format!("{} ...", &message[..end.unwrap_or(0)]).into()
}
