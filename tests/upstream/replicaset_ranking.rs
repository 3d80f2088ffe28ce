//! `k8s/replicaset_ranking`: which pod goes first.

use std::cmp::Ordering;
use std::sync::Arc;

use prova::api::pod::ContainerStatus;
use prova::api::reasons::READY;
use prova::api::{Condition, Labels, Pod, PodPhase, Str, Time};
use prova::controllers::replicaset::ranking::{
    ANNOTATION_DELETION_COST, Ranked, Ranking, pods_to_delete,
};
use prova::kernel::{SimTime, Span};
use serde_json::Value;

use super::case::{Case, same, text_or};

/// The moment at which every case is looked at; later than any age in them.
const NOW: Time = Time(SimTime::from_secs(4_000_000_000));

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    let gate = |name: &str| input[name].as_bool().unwrap_or(true);
    let ranking = Ranking {
        now: NOW,
        deletion_cost: gate("deletion_cost_feature"),
        logarithmic: gate("logarithmic_scale_down_feature"),
    };
    let pair = || (ranked(&input["a"], &input["rank_a"]), ranked(&input["b"], &input["rank_b"]));
    match case.kind() {
        "less" => {
            let (a, b) = pair();
            let (first, wants_a) = (ranking.compare(&a, &b), expect["first"] == "a");
            same("a : b", &first, &if wants_a { Ordering::Less } else { Ordering::Greater })?;
            same("b : a", &ranking.compare(&b, &a), &first.reverse())
        }
        "equal" => {
            let (a, b) = pair();
            let got = ranking.compare(&a, &b) == Ordering::Equal;
            same("equal", &Some(got), &expect["equal"].as_bool())
        }
        // Upstream sorts these without buckets of ages, which only makes the order finer.
        "order" => order(input, expect, Ranking { logarithmic: false, ..ranking }),
        _ => case.unknown_kind(),
    }
}

fn ranked(value: &Value, rank: &Value) -> Ranked {
    (Arc::new(pod(value)), rank.as_u64().and_then(|rank| usize::try_from(rank).ok()).unwrap_or(0))
}

fn ago(value: &Value) -> Option<Time> {
    value.as_u64().map(|secs| Time(NOW.0.saturating_sub(Span::secs(secs))))
}

fn pod(value: &Value) -> Pod {
    let mut pod = Pod::default();
    pod.metadata.name = text_or(value, "name", "").into();
    pod.metadata.creation_timestamp = ago(&value["age_s"]);
    if !value["deletion_cost"].is_null() {
        let cost = &value["deletion_cost"];
        let text = cost.as_str().map_or_else(|| cost.to_string(), str::to_owned);
        pod.metadata.annotations = Labels::from_iter([(ANNOTATION_DELETION_COST, Str::from(text))]);
    }
    pod.spec.node_name = text_or(value, "node", "").into();
    pod.status.phase = match text_or(value, "phase", "") {
        "Running" => PodPhase::Running,
        "Unknown" => PodPhase::Unknown,
        "Succeeded" => PodPhase::Succeeded,
        "Failed" => PodPhase::Failed,
        _ => PodPhase::Pending,
    };
    if value["ready"] == true {
        let mut ready = Condition::new(READY, true, Str::new(), Str::new());
        ready.last_transition_time = ago(&value["ready_age_s"]);
        pod.status.conditions.0.push(ready);
    }
    let restart_count = value["restarts"].as_i64().and_then(|n| i32::try_from(n).ok());
    let status =
        ContainerStatus { restart_count: restart_count.unwrap_or(0), ..Default::default() };
    pod.status.container_statuses.push(status);
    pod
}

/// The pods in the order in which they would be deleted; `input` has them in another one.
fn order(input: &Value, expect: &Value, ranking: Ranking) -> Result<(), String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let given = [&input["pods"], &input["order"], input]
        .into_iter()
        .map(list)
        .find(|pods| !pods.is_empty())
        .unwrap_or_default();
    let name = |value: &Value| match value.as_str() {
        Some(name) => name.to_owned(),
        None => text_or(value, "name", "").to_owned(),
    };
    let expected = [&expect["order"], &expect["pods"], expect].into_iter().map(list);
    let wanted: Vec<String> = match expected.into_iter().find(|order| !order.is_empty()) {
        Some(order) => order.iter().map(name).collect(),
        None => given.iter().map(name).collect(),
    };
    // From the end to the beginning, so that an order that was there already proves nothing.
    let pods: Vec<Arc<Pod>> = given.iter().rev().map(|value| Arc::new(pod(value))).collect();
    for count in 0..pods.len() {
        let first = pods_to_delete(&pods, std::iter::empty(), count, ranking);
        let got: Vec<String> = first.iter().map(|pod| pod.metadata.name.to_string()).collect();
        same("first to go", &got, &wanted.get(..count).unwrap_or_default().to_vec())?;
    }
    Ok(())
}
