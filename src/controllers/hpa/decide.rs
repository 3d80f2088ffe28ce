//! One look at one autoscaler as a pure step: from its spec, its target and its measurements to a
//! number of replicas, and to what is told about it.
//!
//! Source: kubernetes/kubernetes:pkg/controller/podautoscaler/horizontal.go
//! `reconcileAutoscaler` `computeReplicasForMetrics`.

use crate::api::autoscaling::MetricSpec;
use crate::api::conditions::{Condition, ConditionStatus};
use crate::api::reasons::{CPU, MEMORY};
use crate::api::{HorizontalPodAutoscaler, Kind, ObjectReference, Str, Time};
use crate::wire::metrics::Usage;

use super::super::reconcile::Said;
use super::behavior::{Directions, Limited, Range, ScaleEvents, limit, limit_plainly};
use super::replica_calc::{self, Metrics, PodMetric, Proposal, Scene};
use super::stabilize::{Recommendation, stabilize, stabilize_down};

/// Condition: the target's scale can be read and written.
pub const ABLE_TO_SCALE: Str = arcstr::literal!("AbleToScale");
/// Condition: a number of replicas can be computed.
pub const SCALING_ACTIVE: Str = arcstr::literal!("ScalingActive");
/// Condition: the number was held back by a bound.
pub const SCALING_LIMITED: Str = arcstr::literal!("ScalingLimited");

const READY_FOR_NEW_SCALE: Str = arcstr::literal!("ReadyForNewScale");
const MATCHES: Str = arcstr::literal!("recommended size matches current size");
const FAILED_COMPUTE: Str = arcstr::literal!("FailedComputeMetricsReplicas");
const NO_RESOURCE_METRICS: &str = "no metrics returned from resource metrics API";

/// What a look has come to so far.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The autoscaler with its new status.
    pub scaler: HorizontalPodAutoscaler,
    /// What is told.
    pub events: Vec<Said>,
    /// How many replicas the target is to have at present.
    pub current: i32,
    /// How many it should have.
    pub desired: i32,
    /// Why, for the Event; none when the number stays.
    pub rescale: Option<Str>,
}

/// What is remembered of an autoscaler from look to look.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Proposals of the past.
    pub recommendations: Vec<Recommendation>,
    /// Changes of the past.
    pub events: ScaleEvents,
}

/// What is known of the target.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its pods, and how many it is to have.
    pub scene: Scene<'a>,
    /// What its pods use, or why nobody knows.
    pub usage: Result<&'a Usage, &'a str>,
}

impl Draft {
    /// A look at `scaler` whose target is to have `current` replicas.
    #[must_use]
    pub fn new(scaler: &HorizontalPodAutoscaler, current: i32) -> Self {
        let scaler = scaler.clone();
        Draft { scaler, events: Vec::new(), current, desired: current, rescale: None }
    }

    /// Sets a condition of the autoscaler.
    pub fn set(
        &mut self,
        kind: Str,
        status: ConditionStatus,
        (reason, message): (Str, Str),
        now: Time,
    ) {
        self.scaler.status.conditions.set(Condition::new(kind, status, reason, message), now);
    }

    /// Tells something good about the autoscaler.
    pub fn tell(&mut self, reason: Str, message: impl Into<Str>) {
        let about = ObjectReference::to(Kind::HorizontalPodAutoscaler, &self.scaler.metadata);
        self.events.push(Said::normal(about, reason, message));
    }

    /// Tells something worrying about the autoscaler.
    pub fn warn(&mut self, reason: Str, message: impl Into<Str>) {
        let about = ObjectReference::to(Kind::HorizontalPodAutoscaler, &self.scaler.metadata);
        self.events.push(Said::warning(about, reason, message));
    }
}

/// What must be done without any measurement; none when measurements are needed.
#[must_use]
pub fn without_metrics(draft: &mut Draft, now: Time) -> Option<()> {
    let (min, max) = (draft.scaler.spec.min_replicas, draft.scaler.spec.max_replicas);
    if draft.current == 0 && min != 0 {
        draft.desired = 0;
        let reason = arcstr::literal!("ScalingDisabled");
        let message = "scaling is disabled since the replica count of the target is zero";
        draft.set(SCALING_ACTIVE, ConditionStatus::False, (reason, message.into()), now);
    } else if draft.current > max {
        draft.desired = max;
        draft.rescale = Some("Current number of replicas above Spec.MaxReplicas".into());
    } else if draft.current < min {
        draft.desired = min;
        draft.rescale = Some("Current number of replicas below Spec.MinReplicas".into());
    } else {
        return None;
    }
    Some(())
}

/// Decides by the measurements.
pub fn by_metrics(draft: &mut Draft, memory: &mut Memory, target: &Target<'_>) {
    let Some((proposed, metric)) = propose(draft, target) else { return };
    let desired = proposed.max(0);
    let limited = normalize(draft, memory, desired, &target.scene);
    draft.desired = limited;
    if limited != draft.current {
        // The reason speaks of the proposal, before it was held back.
        draft.rescale = Some(match desired.cmp(&draft.current) {
            std::cmp::Ordering::Greater => format!("{metric} above target").into(),
            std::cmp::Ordering::Less => "All metrics below target".into(),
            std::cmp::Ordering::Equal => Str::new(),
        });
    }
}

/// The largest proposal of all metrics and the name of its metric; none when too few of them say
/// anything.
fn propose(draft: &mut Draft, target: &Target<'_>) -> Option<(i32, Str)> {
    let metrics = draft.scaler.spec.metrics.clone();
    let now = target.scene.now;
    let mut best: Option<(i32, Str)> = None;
    let mut first: Option<(Str, Str, String)> = None;
    let mut invalid = 0;
    for spec in &metrics {
        match one(spec, target) {
            Ok((proposal, name)) => {
                if spec.resource.as_ref().is_some_and(|r| r.target.average_utilization.is_some()) {
                    draft.scaler.status.current_utilization = i32::try_from(proposal.usage).ok();
                }
                if best.as_ref().is_none_or(|(replicas, _)| proposal.replicas > *replicas) {
                    best = Some((proposal.replicas, name));
                }
            }
            Err((reason, why)) => {
                invalid += 1;
                let whole = format!("failed to get {} metric value: {why}", name_of(spec));
                draft.warn(reason.clone(), why.clone());
                first.get_or_insert((reason, why, whole));
            }
        }
    }
    let shrinks = best.as_ref().is_none_or(|(replicas, _)| *replicas < draft.current);
    let Some((replicas, name)) = best.filter(|_| invalid == 0 || !shrinks) else {
        let (reason, why, whole) = first?;
        let message = format!("the HPA was unable to compute the replica count: {why}");
        draft.set(SCALING_ACTIVE, ConditionStatus::False, (reason, message.into()), now);
        let count = metrics.len();
        let message =
            format!("invalid metrics ({invalid} invalid out of {count}), first error is: {whole}");
        draft.warn(FAILED_COMPUTE, message);
        return None;
    };
    let reason = arcstr::literal!("ValidMetricFound");
    let message = format!("the HPA was able to successfully calculate a replica count from {name}");
    draft.set(SCALING_ACTIVE, ConditionStatus::True, (reason, message.into()), now);
    Some((replicas, name))
}

/// What a metric is called in a message about its failure.
fn name_of(spec: &MetricSpec) -> String {
    match &spec.resource {
        Some(resource) => format!("{} resource", resource.name),
        None => spec.kind.to_lowercase(),
    }
}

/// The proposal of one metric and its name, or the reason and the sentence of its failure.
fn one(spec: &MetricSpec, target: &Target<'_>) -> Result<(Proposal, Str), (Str, Str)> {
    let Some(resource) = spec.resource.as_ref().filter(|_| spec.kind == "Resource") else {
        let reason = format!("FailedGet{}Metric", spec.kind);
        let why = format!(
            "unable to get {} metric: unable to fetch metrics from custom metrics API: no custom \
             metrics API (custom.metrics.k8s.io) registered",
            spec.kind.to_lowercase()
        );
        return Err((reason.into(), why.into()));
    };
    let failed = |what: &str, why: &str| {
        let why = format!("failed to get {} {what}: {why}", resource.name);
        (arcstr::literal!("FailedGetResourceMetric"), Str::from(why))
    };
    let metrics = || measured(&resource.name, target);
    if let Some(average) = &resource.target.average_value {
        let proposal = metrics()
            .and_then(|metrics| {
                let target_milli = average.milli_value();
                replica_calc::average(&target.scene, Some(&resource.name), target_milli, metrics)
            })
            .map_err(|why| failed("usage", &why))?;
        Ok((proposal, format!("{} resource", resource.name).into()))
    } else if let Some(percent) = resource.target.average_utilization {
        let proposal = metrics()
            .and_then(|metrics| {
                replica_calc::resource(&target.scene, &resource.name, percent, metrics)
            })
            .map_err(|why| failed("utilization", &why))?;
        let name = format!("{} resource utilization (percentage of request)", resource.name);
        Ok((proposal, name.into()))
    } else {
        let why = "invalid resource metric source: neither an average utilization target nor an \
                   average value (usage) target was set";
        Err((arcstr::literal!("FailedGetResourceMetric"), why.into()))
    }
}

/// The samples of one resource, in thousandths.
fn measured(resource: &Str, target: &Target<'_>) -> Result<Metrics, Str> {
    let no_metrics = |why: &str| format!("unable to get metrics for resource {resource}: {why}");
    let usage = target.usage.map_err(no_metrics)?;
    let mut metrics = Metrics::new();
    for measured in usage.samples.iter() {
        let sample = &measured.sample;
        let value = if *resource == CPU {
            sample.cpu_milli
        } else if *resource == MEMORY {
            sample.memory_bytes.saturating_mul(1000)
        } else {
            continue;
        };
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        let metric = PodMetric { at: measured.at, window: sample.window, value };
        metrics.insert(sample.pod.name.clone(), metric);
    }
    if metrics.is_empty() {
        return Err(no_metrics(NO_RESOURCE_METRICS).into());
    }
    Ok(metrics)
}

/// Holds a proposal back as far as the past and the bounds demand.
fn normalize(draft: &mut Draft, memory: &mut Memory, desired: i32, scene: &Scene<'_>) -> i32 {
    let (now, current) = (scene.now, draft.current);
    let range = Range { min: draft.scaler.spec.min_replicas, max: draft.scaler.spec.max_replicas };
    let down = scene.config.downscale_stabilization;
    let rules = draft.scaler.spec.behavior.as_ref().map(Directions::of);
    let past = &mut memory.recommendations;
    let (stable, reason, message) = match &rules {
        Some(rules) => stabilize(past, (current, desired), rules.windows(down), now),
        None => stabilize_down(past, desired, down, now),
    };
    let said = if stable == desired { (READY_FOR_NEW_SCALE, MATCHES) } else { (reason, message) };
    draft.set(ABLE_TO_SCALE, ConditionStatus::True, said, now);
    let Limited { replicas, reason, message } = match &rules {
        Some(rules) => limit((current, stable), range, (rules, &memory.events), now),
        None => limit_plainly(current, stable, range),
    };
    let status = ConditionStatus::from(replicas != stable);
    draft.set(SCALING_LIMITED, status, (reason, message), now);
    replicas
}
