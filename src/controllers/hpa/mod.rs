//! HorizontalPodAutoscaler controller: as many replicas as the load needs.
//!
//! | file | what lives there |
//! |---|---|
//! | `replica_calc` | from measurements to a number |
//! | `stabilize` | proposals of the last minutes |
//! | `behavior` | how fast it may go |
//! | `decide` | one look as a pure step |
//! | `config` | the flags |
//!
//! Every 15 s each autoscaler is looked at: the metrics server is asked what the target's pods
//! use, every metric proposes a number, the largest wins, is held back by the past and by the
//! bounds, and is written to the target's `scale`. Whether that was possible, and whether it was
//! held back, stands in three conditions.
//!
//! Soft state: proposals and changes of the past. A new manager takes the present number as the
//! only proposal, so it does not go down for the whole window of stabilisation.
//!
//! Simplified: only cpu and memory of pods are measured; the target's scale is read from the
//! cache; two autoscalers of the same pods are not noticed.
//!
//! Source: kubernetes/kubernetes:pkg/controller/podautoscaler/horizontal.go.

pub mod behavior;
mod config;
pub mod decide;
pub mod replica_calc;
pub mod stabilize;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::autoscaling::CrossVersionObjectReference;
use crate::api::conditions::ConditionStatus;
use crate::api::{
    Deployment, HorizontalPodAutoscaler, Kind, LabelSelector, ObjectKey, Pod, ReplicaSet, Resource,
    Str, Time,
};
use crate::kernel::Span;
use crate::wire::api::{ApiCall, Part, Patch};
use crate::wire::metrics::{PodPlace, Usage};

use super::caches::Change;
use super::reconcile::{Answer, Controller, Plan, Question, Queue, View};
use behavior::Directions;
pub use config::Config;
use decide::{ABLE_TO_SCALE, Draft, Memory, Target};
use replica_calc::Scene;
use stabilize::Recommendation;

/// Why there are no measurements when nobody is there to be asked.
const NO_SERVER: &str = "unable to fetch metrics from resource metrics API: the server could not \
                         find the requested resource (get pods.metrics.k8s.io)";
/// Why there are no measurements when nobody answered.
const NO_ANSWER: &str = "unable to fetch metrics from resource metrics API: the server is \
                         currently unable to handle the request (get pods.metrics.k8s.io)";

/// The HorizontalPodAutoscaler controller.
#[derive(Clone, Debug, Default)]
pub struct HorizontalPodAutoscalerController {
    known: BTreeMap<ObjectKey, Known>,
    /// Questions for the metrics server that have not been sent.
    questions: Vec<Question>,
    /// Who waits for the answer to which question.
    waiting: BTreeMap<u64, ObjectKey>,
    asked: u64,
}

/// What is remembered of an autoscaler.
#[derive(Clone, Debug, Default)]
struct Known {
    memory: Memory,
    asking: Asking,
}

/// Where the question what its pods use stands.
#[derive(Clone, Debug, Default)]
enum Asking {
    /// Nothing was asked.
    #[default]
    Not,
    /// Asked then, with this number.
    Since(Time, u64),
    /// Answered; none: nobody is there to be asked.
    Answered(Option<Arc<Usage>>),
}

/// What the call under way is for.
#[derive(Clone, Debug)]
pub enum Doing {
    /// The target gets another number.
    Scale(Box<Draft>),
    /// The status is written.
    Report,
}

/// A target, as far as it can be scaled.
struct Scale<'a> {
    replicas: i32,
    selector: &'a LabelSelector,
}

impl Controller for HorizontalPodAutoscalerController {
    type Key = ObjectKey;
    type Progress = Doing;

    const NAME: &'static str = "horizontal-pod-autoscaler-controller";
    const EVENT_SOURCE: &'static str = "horizontal-pod-autoscaler";
    const KINDS: &'static [Kind] = &[Kind::HorizontalPodAutoscaler];

    fn new(_config: &super::Config) -> Self {
        HorizontalPodAutoscalerController::default()
    }

    fn workers(config: &super::Config) -> u32 {
        config.hpa.concurrent_syncs
    }

    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, ObjectKey>) {
        if change.new.is_some() {
            queue.add_after(change.key(), view.config.hpa.sync_period);
        } else {
            self.known.remove(&change.key());
        }
    }

    fn reconcile(&mut self, view: &View<'_>, key: &ObjectKey) -> Plan<Doing> {
        let Some(scaler) = view.caches.get::<HorizontalPodAutoscaler>(key) else {
            return Plan::done();
        };
        let scale = match scale_of(view, &key.namespace, &scaler.spec.scale_target_ref) {
            Ok(scale) => scale,
            Err(why) => return no_scale(view, scaler, &why),
        };
        let mut draft = Draft::new(scaler, scale.replicas);
        let got = arcstr::literal!("SucceededGetScale");
        let message = "the HPA controller was able to get the target's current scale";
        draft.set(ABLE_TO_SCALE, ConditionStatus::True, (got, message.into()), view.now);
        let known = self.known.entry(key.clone()).or_default();
        if known.memory.recommendations.is_empty() {
            let first = Recommendation { replicas: scale.replicas, at: view.now };
            known.memory.recommendations.push(first);
        }
        if decide::without_metrics(&mut draft, view.now).is_some() {
            known.asking = Asking::Not;
            return act(view, key, scaler, draft);
        }
        let pods = || view.caches.pods_selected(&key.namespace, scale.selector).cloned();
        let usage = match std::mem::take(&mut known.asking) {
            Asking::Not => return self.ask(view, key, pods().collect()),
            Asking::Since(at, id) => {
                let left = (at.0 + view.config.hpa.sync_period).since(view.now.0);
                if !left.is_zero() {
                    known.asking = Asking::Since(at, id);
                    return Plan::done_until(left);
                }
                self.waiting.remove(&id);
                Err(NO_ANSWER)
            }
            Asking::Answered(usage) => usage.ok_or(NO_SERVER),
        };
        let pods: Vec<Arc<Pod>> = pods().collect();
        let config = &view.config.hpa;
        let scene = Scene { now: view.now, config, pods: &pods, current: scale.replicas };
        let target = Target { scene, usage: usage.as_deref().map_err(|why| *why) };
        decide::by_metrics(&mut draft, &mut known.memory, &target);
        act(view, key, scaler, draft)
    }

    fn resume(
        &mut self,
        view: &View<'_>,
        key: &ObjectKey,
        progress: Doing,
        answers: Vec<Answer>,
    ) -> Plan<Doing> {
        let Doing::Scale(mut draft) = progress else {
            return Plan::done_until(view.config.hpa.sync_period);
        };
        let reason = draft.rescale.clone().unwrap_or_default();
        let (desired, now) = (draft.desired, view.now);
        match answers.into_iter().find_map(Result::err) {
            None => {
                let message =
                    format!("the HPA controller was able to update the target scale to {desired}");
                let said = (arcstr::literal!("SucceededRescale"), message.into());
                draft.set(ABLE_TO_SCALE, ConditionStatus::True, said, now);
                let rescaled = arcstr::literal!("SuccessfulRescale");
                draft.tell(rescaled, format!("New size: {desired}; reason: {reason}"));
                if let Some(known) = self.known.get_mut(key) {
                    let rules = draft.scaler.spec.behavior.as_ref().map(Directions::of);
                    let change = (draft.current, desired);
                    known.memory.events.store(rules.as_ref(), change, now);
                }
                draft.scaler.status.last_scale_time = Some(now);
            }
            Some(status) => {
                let why = &status.message;
                let message = format!("New size: {desired}; reason: {reason}; error: {why}");
                draft.warn(arcstr::literal!("FailedRescale"), message);
                let message =
                    format!("the HPA controller was unable to update the target scale: {why}");
                let said = (arcstr::literal!("FailedUpdateScale"), message.into());
                draft.set(ABLE_TO_SCALE, ConditionStatus::False, said, now);
                draft.desired = draft.scaler.status.desired_replicas;
            }
        }
        match view.caches.get::<HorizontalPodAutoscaler>(key) {
            Some(scaler) => report(view, scaler, *draft),
            None => Plan::done(),
        }
    }

    fn questions(&mut self) -> Vec<Question> {
        std::mem::take(&mut self.questions)
    }

    fn told(&mut self, id: u64, usage: Option<&Arc<Usage>>, queue: &mut Queue<'_, ObjectKey>) {
        let Some(key) = self.waiting.remove(&id) else { return };
        let Some(known) = self.known.get_mut(&key) else { return };
        if matches!(known.asking, Asking::Since(_, asked) if asked == id) {
            known.asking = Asking::Answered(usage.cloned());
            queue.add(key);
        }
    }
}

impl HorizontalPodAutoscalerController {
    /// Asks what the target's pods use. The answer brings the key back; if none comes, the end of
    /// the period does.
    fn ask(&mut self, view: &View<'_>, key: &ObjectKey, pods: Vec<Arc<Pod>>) -> Plan<Doing> {
        self.asked += 1;
        let place = |pod: &Arc<Pod>| PodPlace { pod: pod.key(), node: pod.spec.node_name.clone() };
        let placed = pods.iter().filter(|pod| !pod.spec.node_name.is_empty());
        let question = Question { id: self.asked, pods: placed.map(place).collect() };
        self.questions.push(question);
        self.waiting.insert(self.asked, key.clone());
        if let Some(known) = self.known.get_mut(key) {
            known.asking = Asking::Since(view.now, self.asked);
        }
        Plan::done_until(view.config.hpa.sync_period)
    }
}

/// The scale of a target.
fn scale_of<'a>(
    view: &View<'a>,
    namespace: &Str,
    target: &CrossVersionObjectReference,
) -> Result<Scale<'a>, String> {
    let key = ObjectKey { namespace: namespace.clone(), name: target.name.clone() };
    let missing = |kind: &str| format!("{kind}.apps \"{}\" not found", target.name);
    match target.kind {
        Kind::Deployment => {
            let found =
                view.caches.get::<Deployment>(&key).ok_or_else(|| missing("deployments"))?;
            Ok(Scale { replicas: found.spec.replicas, selector: &found.spec.selector })
        }
        Kind::ReplicaSet => {
            let found =
                view.caches.get::<ReplicaSet>(&key).ok_or_else(|| missing("replicasets"))?;
            Ok(Scale { replicas: found.spec.replicas, selector: &found.spec.selector })
        }
        Kind::Namespace
        | Kind::Node
        | Kind::Pod
        | Kind::Service
        | Kind::EndpointSlice
        | Kind::Lease
        | Kind::Event
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::HorizontalPodAutoscaler => {
            Err(format!("no matches for kind \"{}\" with a scale", target.kind))
        }
    }
}

/// The target cannot be found, or not be scaled.
fn no_scale(view: &View<'_>, scaler: &Arc<HorizontalPodAutoscaler>, why: &str) -> Plan<Doing> {
    let mut draft = Draft::new(scaler, scaler.status.current_replicas);
    draft.desired = scaler.status.desired_replicas;
    let reason = arcstr::literal!("FailedGetScale");
    draft.warn(reason.clone(), why);
    let message = format!("the HPA controller was unable to get the target's current scale: {why}");
    draft.set(ABLE_TO_SCALE, ConditionStatus::False, (reason, message.into()), view.now);
    report(view, scaler, draft)
}

/// Writes another number to the target, or only the status.
fn act(
    view: &View<'_>,
    key: &ObjectKey,
    scaler: &Arc<HorizontalPodAutoscaler>,
    mut draft: Draft,
) -> Plan<Doing> {
    if draft.rescale.is_none() || draft.desired == draft.current {
        return report(view, scaler, draft);
    }
    let target = &scaler.spec.scale_target_ref;
    let target_key = ObjectKey { namespace: key.namespace.clone(), name: target.name.clone() };
    let patch = Box::new(Patch::Scale(draft.desired));
    let call = ApiCall::Patch { kind: target.kind, key: target_key, patch };
    let events = std::mem::take(&mut draft.events);
    Plan::then(vec![call], Doing::Scale(Box::new(draft))).saying(events)
}

/// Writes the status, if it changed; the next look is a period later.
fn report(view: &View<'_>, scaler: &Arc<HorizontalPodAutoscaler>, mut draft: Draft) -> Plan<Doing> {
    let events = std::mem::take(&mut draft.events);
    draft.scaler.status.current_replicas = draft.current;
    draft.scaler.status.desired_replicas = draft.desired;
    if draft.scaler.status == scaler.status {
        let period: Span = view.config.hpa.sync_period;
        return Plan::done_until(period).saying(events);
    }
    // The version is that of the newest known state, so that an outdated look does not win.
    let object = Arc::new(draft.scaler).into_object();
    let call = ApiCall::Update { object, part: Part::Status };
    Plan::then(vec![call], Doing::Report).saying(events)
}

#[cfg(test)]
mod tests;
