//! `k8s/hpa`: from measurements to replicas, and how fast.

use std::sync::Arc;

use prova::api::conditions::Condition;
use prova::api::pod::PodPhase;
use prova::api::reasons::{CPU, READY};
use prova::api::{Container, ObjectMeta, Pod, Quantity, Str, Time};
use prova::controllers::hpa::Config;
use prova::controllers::hpa::behavior::{
    Amount, Directions, Policy, Range, Rules, ScaleEvent, ScaleEvents, changed_within, limit,
};
use prova::controllers::hpa::replica_calc::{
    Metrics, PodMetric, Proposal, Scene, average, resource, whole, whole_per_pod,
};
use prova::controllers::hpa::stabilize::{Recommendation, Windows, stabilize};
use prova::kernel::{SimTime, Span};
use serde_json::Value;

use super::case::{Case, same, text_or};

/// Late enough that every age of a case lies in the past.
const NOW: SimTime = SimTime::from_secs(1_000_000);

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    match case.kind() {
        "replica_calc" => replica_calc(input, expect),
        "behavior_rate" => behavior_rate(input, expect),
        "stabilize" => stabilized(input, expect),
        "scale_events" => scale_events(input, expect),
        _ => case.unknown_kind(),
    }
}

fn int(value: &Value) -> i32 {
    value.as_i64().and_then(|number| i32::try_from(number).ok()).unwrap_or_default()
}

fn secs(value: &Value) -> Span {
    Span::secs(value.as_u64().unwrap_or_default())
}

fn before(age: Span) -> Time {
    Time(NOW.saturating_sub(age))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The controller of upstream's tests.
fn config() -> Config {
    Config {
        cpu_initialization_period: Span::mins(2),
        initial_readiness_delay: Span::secs(10),
        ..Config::default()
    }
}

/// Pod number `place`: two containers with the same request.
fn pod(place: usize, raw: &Value) -> Arc<Pod> {
    let metadata = ObjectMeta::named("test-namespace", format!("pod-{place}"));
    let mut pod = Pod { metadata, ..Pod::default() };
    let mut container = Container::default();
    if let Some(milli) = raw["request_m"].as_i64() {
        container.resources.requests.insert(CPU, Quantity::from_milli(milli));
    }
    pod.spec.containers = [container.clone(), container].into();
    pod.status.phase = match text_or(raw, "phase", "Running") {
        "Pending" => PodPhase::Pending,
        "Failed" => PodPhase::Failed,
        _ => PodPhase::Running,
    };
    let age = match text_or(raw, "started", "old") {
        "hot" => Span::ZERO,
        "cool" => Span::mins(3),
        _ => Span::hours(1),
    };
    pod.status.start_time = Some(before(age));
    // A pod that is not ready has not been so since it started.
    let ready = raw["ready"].as_bool().unwrap_or(true);
    let mut condition = Condition::new(READY, ready, Str::new(), Str::new());
    condition.last_transition_time = Some(before(age));
    pod.status.conditions.0.push(condition);
    if raw["deleted"] == true {
        pod.metadata.deletion_timestamp = Some(Time(NOW));
    }
    Arc::new(pod)
}

fn metric(value: i64) -> PodMetric {
    PodMetric { at: Time(NOW), window: Span::mins(1), value }
}

/// Samples of the first pods; `factor` containers of each.
fn samples(values: &Value, factor: i64) -> Metrics {
    let values = list(values).iter().filter_map(Value::as_i64);
    let sample = |(place, value)| (Str::from(format!("pod-{place}")), metric(value * factor));
    values.enumerate().map(sample).collect()
}

fn replica_calc(input: &Value, expect: &Value) -> Result<(), String> {
    let pods: Vec<Arc<Pod>> =
        list(&input["pods"]).iter().enumerate().map(|(place, raw)| pod(place, raw)).collect();
    let config = config();
    let current = int(&input["current"]);
    let scene = Scene { now: Time(NOW), config: &config, pods: &pods, current };
    let wanted = &input["metric"];
    let target = wanted["target_m"].as_i64().unwrap_or_default();
    let total: i64 = list(&wanted["values_m"]).iter().filter_map(Value::as_i64).sum();
    let result = match text_or(wanted, "type", "") {
        "resource" => {
            let mut metrics = samples(&wanted["usage_m"], 2);
            for (name, value) in wanted["usage_by_pod"].as_object().into_iter().flatten() {
                let value = value.as_i64().unwrap_or_default();
                metrics.insert(name.as_str().into(), metric(value * 2));
            }
            let name = Str::from(text_or(wanted, "resource", "cpu"));
            resource(&scene, &name, int(&wanted["target_utilization"]), metrics)
        }
        "pods" => average(&scene, None, target, samples(&wanted["values_m"], 1)),
        "object" | "external" => whole(&scene, target, total),
        "object_per_pod" | "external_per_pod" => Ok(whole_per_pod(&scene, current, target, total)),
        other => return Err(format!("unknown type of metric: {other}")),
    };
    judge(result, expect)
}

fn judge(result: Result<Proposal, Str>, expect: &Value) -> Result<(), String> {
    match (result, expect["error"].as_str()) {
        (Err(why), Some(wanted)) => {
            let mut words = why.split(' ');
            if wanted.split(' ').all(|wanted| words.any(|word| word == wanted)) {
                Ok(())
            } else {
                Err(format!("error: got {why:?}, expected {wanted:?}"))
            }
        }
        (Err(why), None) => Err(format!("an unexpected error: {why}")),
        (Ok(proposal), Some(wanted)) => Err(format!("{proposal:?} instead of error {wanted:?}")),
        (Ok(proposal), None) => {
            same("replicas", &proposal.replicas, &int(&expect["replicas"]))?;
            same("usage", &Some(proposal.usage), &expect["utilization"].as_i64())?;
            match expect["raw_m"].as_i64() {
                Some(raw) => same("raw", &proposal.raw, &raw),
                None => Ok(()),
            }
        }
    }
}

/// The rules of one direction, or the defaults.
fn rules(raw: &Value, mut defaults: Rules) -> Rules {
    if raw.is_null() {
        return defaults;
    }
    let policy = |name: &str, amount: fn(i32) -> Amount| {
        let pair = list(&raw[name]);
        let [value, period] = pair else { return None };
        Some(Policy { amount: amount(int(value)), period: secs(period) })
    };
    defaults.policies = [policy("pods", Amount::Pods), policy("percent", Amount::Percent)]
        .into_iter()
        .flatten()
        .collect();
    defaults
}

/// Changes spread evenly over the period, all inside it.
fn spread(raw: &Value) -> Vec<ScaleEvent> {
    let changes = list(&raw["changes"]);
    let parts = u64::try_from(changes.len()).unwrap_or(u64::MAX) + 1;
    let period = secs(&raw["total_period_s"]);
    (1u64..)
        .zip(changes)
        .map(|(place, change)| ScaleEvent {
            change: int(change),
            at: before(period.scaled(place, parts)),
            outdated: false,
        })
        .collect()
}

fn behavior_rate(input: &Value, expect: &Value) -> Result<(), String> {
    let directions = Directions {
        up: rules(&input["up"], Rules::default_up()),
        down: rules(&input["down"], Rules::default_down()),
    };
    let events =
        ScaleEvents { up: spread(&input["up_events"]), down: spread(&input["down_events"]) };
    let range = Range { min: int(&input["min"]), max: int(&input["max"]) };
    let numbers = (int(&input["current"]), int(&input["desired"]));
    let limited = limit(numbers, range, (&directions, &events), Time(NOW));
    same("replicas", &limited.replicas, &int(&expect["replicas"]))?;
    same("condition", &limited.reason.as_str(), &text_or(expect, "condition", ""))
}

fn stabilized(input: &Value, expect: &Value) -> Result<(), String> {
    let mut past: Vec<Recommendation> = list(&input["recommendations"])
        .iter()
        .map(|pair| Recommendation { replicas: int(&pair[0]), at: before(secs(&pair[1])) })
        .collect();
    let windows = Windows { up: secs(&input["up_window_s"]), down: secs(&input["down_window_s"]) };
    let numbers = (int(&input["current"]), int(&input["desired"]));
    let (replicas, reason, _) = stabilize(&mut past, numbers, windows, Time(NOW));
    same("replicas", &replicas, &int(&expect["replicas"]))?;
    if let Some(wanted) = expect["condition"].as_str() {
        same("condition", &reason.as_str(), &wanted)?;
    }
    if expect["kept"].is_array() {
        let kept: Vec<i32> = past.iter().map(|known| known.replicas).collect();
        let wanted: Vec<i32> = list(&expect["kept"]).iter().map(int).collect();
        same("kept", &kept, &wanted)?;
    }
    Ok(())
}

fn scale_events(input: &Value, expect: &Value) -> Result<(), String> {
    let event = |pair: &Value| ScaleEvent {
        change: int(&pair[0]),
        at: before(secs(&pair[1])),
        outdated: false,
    };
    let up: Vec<ScaleEvent> = list(&input["events"]).iter().map(event).collect();
    let mut events = ScaleEvents { up, down: Vec::new() };
    let changed = changed_within(&events.up, Span::mins(1), Time(NOW));
    same("change in the last minute", &changed, &int(&expect["change_in_last_60s"]))?;
    let directions = input["policies_periods_s"].as_array().map(|periods| {
        let policy = |period| Policy { amount: Amount::Pods(7), period: secs(period) };
        let mut up = Rules::default_up();
        up.policies = periods.iter().map(policy).collect();
        Directions { up, down: Rules::default_down() }
    });
    events.store(directions.as_ref(), (0, int(&input["store_change"])), Time(NOW));
    let kept: Vec<(i32, bool)> =
        events.up.iter().map(|event| (event.change, event.outdated)).collect();
    let wanted: Vec<(i32, bool)> = list(&expect["events_after"])
        .iter()
        .map(|pair| (int(&pair[0]), pair[1].as_bool().unwrap_or_default()))
        .collect();
    same("events", &kept, &wanted)
}
