//! From measurements to a number of replicas.
//!
//! The rule is `ceil(replicas × usage ÷ target)`; the rest is caution about pods that cannot be
//! judged. Pods that are going or have failed do not count. Pods that are not ready yet, and pods
//! without a sample, are left out at first; if the result then asks for a change, it is computed
//! again with a guess for them that makes the change smaller (nothing used when going up, all
//! that is allowed when going down). A guess may make a change vanish, but never turn it round.
//!
//! All values are in thousandths of their unit, as upstream computes them.
//!
//! Source: kubernetes/kubernetes:pkg/controller/podautoscaler/replica_calculator.go,
//! metrics/utilization.go.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::conditions::ConditionStatus;
use crate::api::pod::{PodPhase, RestartPolicy};
use crate::api::reasons::{CPU, READY};
use crate::api::{Container, Pod, Str, Time};
use crate::kernel::Span;

use super::config::Config;

/// What a pod used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodMetric {
    /// At the end of this window.
    pub at: Time,
    /// The time it was averaged over.
    pub window: Span,
    /// How much \[thousandths\].
    pub value: i64,
}

/// Samples by the names of pods.
pub type Metrics = BTreeMap<Str, PodMetric>;

/// What a calculation needs to know besides the samples.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The moment.
    pub now: Time,
    /// The flags.
    pub config: &'a Config,
    /// The pods of the target.
    pub pods: &'a [Arc<Pod>],
    /// How many replicas the target is to have at present.
    pub current: i32,
}

/// What came of a calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// So many replicas.
    pub replicas: i32,
    /// What was measured: percent of the request, or the average per pod, or the whole.
    pub usage: i64,
    /// For percentages: the average per pod.
    pub raw: i64,
}

/// Why nothing can be computed, in upstream's words.
pub type Failure = Str;

const NO_PODS: Str =
    arcstr::literal!("no pods returned by selector while calculating replica count");
const NO_METRICS: Str =
    arcstr::literal!("did not receive metrics for targeted pods (pods might be unready)");
const DISJOINT: Str = arcstr::literal!("no metrics returned matched known pods");

/// The pods, sorted by what can be said of them.
#[derive(Clone, Debug, Default)]
struct Groups<'a> {
    ready: i32,
    unready: Vec<&'a Str>,
    missing: Vec<&'a Str>,
    ignored: Vec<&'a Str>,
}

/// Replicas that hold `resource` at `target` percent of what the pods request.
///
/// # Errors
/// When there are no pods, no usable samples, or a container without a request.
pub fn resource(
    scene: &Scene<'_>,
    resource: &Str,
    target: i32,
    mut metrics: Metrics,
) -> Result<Proposal, Failure> {
    let groups = usable(scene, Some(resource), &mut metrics)?;
    let requests = requests(scene.pods, resource)?;
    let (ratio, usage, raw) = utilization(&metrics, &requests, target)?;
    let full = i64::from(target.max(100));
    let spared = |pod: &Str| requests.get(pod).copied().unwrap_or(0) * full / 100;
    let again = |metrics: &Metrics| Ok(utilization(metrics, &requests, target)?.0);
    let replicas = cautious(scene, &groups, (ratio, metrics), (&spared, &again))?;
    Ok(Proposal { replicas, usage: i64::from(usage), raw })
}

/// Replicas that hold the average of any metric at `target` per pod; `resource` says which one,
/// if it is one.
///
/// # Errors
/// When there are no pods or no usable samples.
pub fn average(
    scene: &Scene<'_>,
    resource: Option<&Str>,
    target: i64,
    mut metrics: Metrics,
) -> Result<Proposal, Failure> {
    let groups = usable(scene, resource, &mut metrics)?;
    let (ratio, usage) = mean(&metrics, target);
    let again = |metrics: &Metrics| Ok(mean(metrics, target).0);
    let replicas = cautious(scene, &groups, (ratio, metrics), (&|_| target, &again))?;
    Ok(Proposal { replicas, usage, raw: usage })
}

/// Replicas that hold one number for all (of an object, or from outside) at `target`.
///
/// # Errors
/// When there are no pods.
pub fn whole(scene: &Scene<'_>, target: i64, usage: i64) -> Result<Proposal, Failure> {
    let ratio = ratio(usage, target);
    let replicas = if scene.current == 0 {
        ceil(ratio)
    } else if is_within(ratio, scene.config.tolerance) {
        scene.current
    } else {
        if scene.pods.is_empty() {
            return Err(NO_PODS);
        }
        let ready = |pod: &&Arc<Pod>| pod.status.phase == PodPhase::Running && pod.is_ready();
        ceil(ratio * count(scene.pods.iter().filter(ready).count()))
    };
    Ok(Proposal { replicas, usage, raw: usage })
}

/// Replicas that hold one number for all at `target` for each of the `existing` replicas.
#[must_use]
pub fn whole_per_pod(scene: &Scene<'_>, existing: i32, target: i64, usage: i64) -> Proposal {
    let ratio = usage as f64 / (target as f64 * f64::from(existing));
    let replicas = if is_within(ratio, scene.config.tolerance) {
        existing
    } else {
        ceil(usage as f64 / target as f64)
    };
    let usage = i64::from(ceil(usage as f64 / f64::from(existing)));
    Proposal { replicas, usage, raw: usage }
}

/// Sorts the pods and leaves only the samples of those that count.
fn usable<'a>(
    scene: &Scene<'a>,
    resource: Option<&Str>,
    metrics: &mut Metrics,
) -> Result<Groups<'a>, Failure> {
    if scene.pods.is_empty() {
        return Err(NO_PODS);
    }
    let groups = group(scene, resource, metrics);
    for pod in groups.ignored.iter().chain(&groups.unready) {
        metrics.remove(*pod);
    }
    if metrics.is_empty() { Err(NO_METRICS) } else { Ok(groups) }
}

fn group<'a>(scene: &Scene<'a>, resource: Option<&Str>, metrics: &Metrics) -> Groups<'a> {
    let mut groups = Groups::default();
    for pod in scene.pods {
        let name = &pod.metadata.name;
        if pod.metadata.is_terminating() || pod.status.phase == PodPhase::Failed {
            groups.ignored.push(name);
        } else if pod.status.phase == PodPhase::Pending {
            groups.unready.push(name);
        } else if let Some(metric) = metrics.get(name) {
            if resource == Some(&CPU) && is_starting(scene, pod, metric) {
                groups.unready.push(name);
            } else {
                groups.ready += 1;
            }
        } else {
            groups.missing.push(name);
        }
    }
    groups
}

/// Whether a pod's CPU usage is still that of its start.
fn is_starting(scene: &Scene<'_>, pod: &Pod, metric: &PodMetric) -> bool {
    let (Some(ready), Some(start)) = (pod.status.conditions.get(&READY), pod.status.start_time)
    else {
        return true;
    };
    let changed = ready.last_transition_time.unwrap_or_default();
    let is_false = ready.status == ConditionStatus::False;
    if start.0 + scene.config.cpu_initialization_period > scene.now.0 {
        is_false || metric.at.0 < changed.0 + metric.window
    } else {
        is_false && start.0 + scene.config.initial_readiness_delay > changed.0
    }
}

/// What each pod requests.
fn requests(pods: &[Arc<Pod>], resource: &Str) -> Result<BTreeMap<Str, i64>, Failure> {
    let mut requests = BTreeMap::new();
    for pod in pods {
        let mut sum = 0;
        let is_sidecar =
            |container: &&Container| container.restart_policy == Some(RestartPolicy::Always);
        let sidecars = pod.spec.init_containers.iter().filter(is_sidecar);
        for container in pod.spec.containers.iter().chain(sidecars) {
            let Some(request) = container.resources.requests.get(resource) else {
                let (container, pod) = (&container.name, &pod.metadata.name);
                let why =
                    format!("missing request for {resource} in container {container} of Pod {pod}");
                return Err(why.into());
            };
            sum += request.milli_value();
        }
        requests.insert(pod.metadata.name.clone(), sum);
    }
    Ok(requests)
}

/// Ratio to the target, percent of the request, and the average per pod. Samples of unknown pods
/// do not count.
fn utilization(
    metrics: &Metrics,
    requests: &BTreeMap<Str, i64>,
    target: i32,
) -> Result<(f64, i32, i64), Failure> {
    let (mut used, mut requested, mut pods) = (0i64, 0i64, 0i64);
    for (pod, metric) in metrics {
        if let Some(request) = requests.get(pod) {
            used += metric.value;
            requested += request;
            pods += 1;
        }
    }
    if requested == 0 {
        return Err(DISJOINT);
    }
    let percent = i32::try_from(used.saturating_mul(100) / requested).unwrap_or(i32::MAX);
    Ok((f64::from(percent) / f64::from(target), percent, used / pods))
}

/// Ratio to the target and the average of all samples.
fn mean(metrics: &Metrics, target: i64) -> (f64, i64) {
    let count = i64::try_from(metrics.len()).unwrap_or(i64::MAX).max(1);
    let mean = metrics.values().map(|metric| metric.value).sum::<i64>() / count;
    (ratio(mean, target), mean)
}

/// How much a pod without a sample is taken to use when going down, and the ratio with guesses.
type Guess<'a> = (&'a dyn Fn(&Str) -> i64, &'a dyn Fn(&Metrics) -> Result<f64, Failure>);

/// The number of replicas, computed again with guesses when not every pod can be judged.
fn cautious(
    scene: &Scene<'_>,
    groups: &Groups<'_>,
    (ratio, mut metrics): (f64, Metrics),
    (spared, again): Guess<'_>,
) -> Result<i32, Failure> {
    let tolerance = scene.config.tolerance;
    let up_with_unready = !groups.unready.is_empty() && ratio > 1.0;
    if !up_with_unready && groups.missing.is_empty() {
        let same = is_within(ratio, tolerance);
        return Ok(if same { scene.current } else { ceil(ratio * f64::from(groups.ready)) });
    }
    let guess = |value| PodMetric { at: scene.now, window: Span::ZERO, value };
    for pod in &groups.missing {
        if ratio < 1.0 {
            metrics.insert((*pod).clone(), guess(spared(pod)));
        } else if ratio > 1.0 {
            metrics.insert((*pod).clone(), guess(0));
        }
    }
    if up_with_unready {
        for pod in &groups.unready {
            metrics.insert((*pod).clone(), guess(0));
        }
    }
    let new = again(&metrics)?;
    let turned = (ratio < 1.0 && new > 1.0) || (ratio > 1.0 && new < 1.0);
    if is_within(new, tolerance) || turned {
        return Ok(scene.current);
    }
    let replicas = ceil(new * count(metrics.len()));
    let wrong_way =
        (new < 1.0 && replicas > scene.current) || (new > 1.0 && replicas < scene.current);
    Ok(if wrong_way { scene.current } else { replicas })
}

/// Whether a ratio is so near to 1 that nothing is done.
fn is_within(ratio: f64, tolerance: f64) -> bool {
    (1.0 - ratio).abs() <= tolerance
}

fn ratio(usage: i64, target: i64) -> f64 {
    usage as f64 / target as f64
}

fn count(pods: usize) -> f64 {
    f64::from(u32::try_from(pods).unwrap_or(u32::MAX))
}

/// The next whole number; what does not fit is the largest (or least) that does.
#[expect(clippy::cast_possible_truncation, reason = "the cast keeps within the bounds of i32")]
pub(super) fn ceil(number: f64) -> i32 {
    number.ceil() as i32
}
