//! `k8s/node_lifecycle`: silent nodes, zones, and how long pods may stay.

use std::collections::BTreeMap;

use prova::api::conditions::{Condition, ConditionStatus, Conditions};
use prova::api::reasons::{LABEL_REGION, LABEL_ZONE, READY};
use prova::api::{Lease, Node, ObjectMeta, Pod, Str, Taint, TaintEffect, Time, Toleration};
use prova::controllers::node_lifecycle::Config;
use prova::controllers::node_lifecycle::health::{Health, not_ready, unknown_conditions};
use prova::controllers::node_lifecycle::zone::{
    Count, LABEL_EXCLUDE_DISRUPTION, Zone, ZoneState, Zones,
};
use prova::controllers::taint_eviction::{Stay, shortest, stay};
use prova::kernel::{SimTime, Span};
use serde_json::Value;

use super::case::{Case, same, text_or};

/// The moment of the first look; old nodes were made three years before.
const T0: u64 = 200_000_000;

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    match case.kind() {
        "zone_state" => zone_state(input, expect),
        "monitor" => monitor(input, expect),
        "pods_not_ready" => pods_not_ready(input, expect),
        "evict" => evict(input, expect),
        "evict_update" => evict_update(input, expect),
        "evict_many" => evict_many(input, expect),
        "delay" => delay(input, expect),
        _ => case.unknown_kind(),
    }
}

fn at(secs: u64) -> Time {
    Time(SimTime::from_secs(T0 + secs))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn status_of(text: &str) -> ConditionStatus {
    match text {
        "True" => ConditionStatus::True,
        "False" => ConditionStatus::False,
        _ => ConditionStatus::Unknown,
    }
}

/// The controller of upstream's tests.
fn config() -> Config {
    Config { monitor_grace_period: Span::secs(40), ..Config::default() }
}

fn zone_node(raw: &Value) -> Node {
    let (region, zone) = raw[0].as_str().and_then(|path| path.split_once('/')).unwrap_or_default();
    let mut node = Node::default();
    node.metadata.labels =
        [(LABEL_REGION.as_str(), region), (LABEL_ZONE.as_str(), zone)].into_iter().collect();
    if raw[1] == true {
        node.metadata.labels = node.metadata.labels.with(LABEL_EXCLUDE_DISRUPTION, "");
    }
    node
}

fn zone_state(input: &Value, expect: &Value) -> Result<(), String> {
    let nodes: Vec<Node> = list(&input["nodes"]).iter().map(zone_node).collect();
    let config = config();
    let mut zones = Zones::default();
    for (pass, (field, wanted)) in
        [("ready_before", "initial"), ("ready_after", "following")].into_iter().enumerate()
    {
        let mut counts: BTreeMap<Zone, Count> = BTreeMap::new();
        for (node, ready) in nodes.iter().zip(list(&input[field])) {
            zones.ensure(&Zone::of(node), &config);
            if node.metadata.labels.get(&LABEL_EXCLUDE_DISRUPTION).is_none() {
                let ready = ready.as_str().map(status_of);
                counts.entry(Zone::of(node)).or_default().add(ready);
            }
        }
        let now = SimTime::from_secs(T0 + 5 * pass as u64);
        zones.judge(&counts, &config, now);
        let states: BTreeMap<String, &str> = zones
            .states()
            .map(|(zone, state)| (format!("{}/{}", zone.region, zone.zone), name_of(state)))
            .collect();
        let empty = serde_json::Map::new();
        let wanted: BTreeMap<String, &str> = expect[wanted]
            .as_object()
            .unwrap_or(&empty)
            .iter()
            .map(|(zone, state)| (zone.clone(), state.as_str().unwrap_or_default()))
            .collect();
        same(field, &states, &wanted)?;
    }
    Ok(())
}

fn name_of(state: ZoneState) -> &'static str {
    match state {
        ZoneState::Initial => "Initial",
        ZoneState::Normal => "Normal",
        ZoneState::PartialDisruption => "PartialDisruption",
        ZoneState::FullDisruption => "FullDisruption",
    }
}

/// The newest of several moments [s] that is not after `now`.
fn latest(moments: &Value, now: u64) -> Option<u64> {
    list(moments).iter().filter_map(Value::as_u64).filter(|moment| *moment <= now).max()
}

/// The node as it stands at `now`.
fn node(input: &Value, now: u64) -> Node {
    let mut node = Node { metadata: ObjectMeta::named("", "node0"), ..Node::default() };
    let age = input["node_age_s"].as_u64().unwrap_or(94_694_400);
    node.metadata.creation_timestamp = Some(Time(SimTime::from_secs(T0 - age)));
    let default = serde_json::json!({"Ready": "True"});
    let status = if input.get("status").is_some() { &input["status"] } else { &default };
    for (kind, status) in status.as_object().into_iter().flatten() {
        let status = status_of(status.as_str().unwrap_or_default());
        let mut condition = Condition::new(kind.as_str().into(), status, Str::new(), Str::new());
        condition.last_heartbeat_time = latest(&input["status_heartbeats"], now).map(at);
        condition.last_transition_time = Some(at(0));
        node.status.conditions.0.push(condition);
    }
    node
}

/// Every look of a case, and what the last one wrote: conditions, whether pods are marked, and
/// when.
fn looks(input: &Value) -> Option<(Conditions, bool, u64)> {
    let config = config();
    let mut health = None;
    let mut written = None;
    for now in list(&input["observe_at_s"]).iter().filter_map(Value::as_u64) {
        let node = node(input, now);
        let mut lease = Lease::default();
        lease.spec.renew_time = latest(&input["lease_renewed"], now).map(at);
        let lease = lease.spec.renew_time.is_some().then_some(lease);
        let seen = Health::look(health, &node, lease.as_ref(), at(now));
        if seen.is_silent(&config, at(now))
            && let Some(conditions) = unknown_conditions(&node, at(now))
        {
            written = Some((conditions, node.status.conditions.is_true(&READY), now));
        }
        health = Some(seen);
    }
    written
}

fn monitor(input: &Value, expect: &Value) -> Result<(), String> {
    let written = looks(input);
    if expect["change"] == "none" {
        return same("written", &written.map(|(conditions, ..)| conditions), &None);
    }
    let Some((conditions, marked, now)) = written else {
        return Err("nothing was written".to_owned());
    };
    same("moment", &Some(now), &expect["at_s"].as_u64())?;
    let mut wanted = Vec::new();
    for row in list(&expect["conditions"]) {
        let text = |place: usize| row[place].as_str().unwrap_or_default();
        wanted.push((text(0), status_of(text(1)), text(2)));
    }
    let got: Vec<(&str, ConditionStatus, &str)> = conditions
        .0
        .iter()
        .map(|condition| (condition.kind.as_str(), condition.status, condition.reason.as_str()))
        .collect();
    same("conditions", &got, &wanted)?;
    if let Some(message) = expect["message"].as_str() {
        let all = conditions.0.iter().all(|condition| condition.message == message);
        same("every message is the expected one", &all, &true)?;
    }
    match expect["pods_marked_not_ready"].as_bool() {
        Some(wanted) => same("pods are marked", &marked, &wanted),
        None => Ok(()),
    }
}

fn ready_pod() -> Pod {
    let mut pod = Pod::default();
    pod.status.conditions.0.push(Condition::new(READY, true, Str::new(), Str::new()));
    pod
}

fn pods_not_ready(input: &Value, expect: &Value) -> Result<(), String> {
    let nodes = input["nodes"].as_u64().unwrap_or(1);
    let pods_per_node = input["pods_per_node"].as_u64().unwrap_or(1);
    let mut updates = 0u64;
    for _ in 0..nodes {
        let Some((_, true, now)) = looks(input) else { continue };
        for _ in 0..pods_per_node {
            let mut pod = ready_pod();
            let marked = not_ready(&pod, at(now)).ok_or("a ready pod is not marked")?;
            pod.status.conditions.set(marked, at(now));
            same("marked again", &not_ready(&pod, at(now)), &None)?;
            updates += 1;
        }
    }
    if let Some(wanted) = expect["pods_marked_not_ready"].as_bool() {
        same("pods are marked", &(updates > 0), &wanted)?;
    }
    match expect["pod_status_updates"].as_u64() {
        Some(wanted) => same("updates", &updates, &wanted),
        None => Ok(()),
    }
}

/// Taints of upstream's tests by number: `testTaint1`, `testTaint2`, …
fn taints(numbers: &Value) -> Vec<Taint> {
    let taint = |number: &Value| Taint {
        key: format!("testTaint{number}").into(),
        value: format!("test{number}").into(),
        effect: TaintEffect::NoExecute,
        time_added: None,
    };
    list(numbers).iter().map(taint).collect()
}

fn tolerations(pairs: &Value) -> Vec<Toleration> {
    let toleration = |pair: &Value| Toleration {
        key: format!("testTaint{}", pair[0]).into(),
        value: format!("test{}", pair[0]).into(),
        effect: Some(TaintEffect::NoExecute),
        toleration_seconds: pair[1].as_i64(),
        ..Toleration::default()
    };
    list(pairs).iter().map(toleration).collect()
}

/// When the pod goes [s]; a pod without a node stays.
fn goes(pod_node: &str, taints: &[Taint], tolerations: &[Toleration]) -> Option<u64> {
    if pod_node.is_empty() {
        return None;
    }
    match stay(taints, tolerations) {
        Stay::No => Some(0),
        Stay::For(span) => Some(span.as_secs()),
        Stay::Forever => None,
    }
}

/// Whether it is gone after `by` seconds; every deletion writes the condition first.
fn judge(goes: Option<u64>, by: u64, expect: &Value) -> Result<(), String> {
    let gone = goes.is_some_and(|secs| secs <= by);
    same("deleted", &Some(gone), &expect["deleted"].as_bool())?;
    same("condition patched", &Some(gone), &expect["condition_patched"].as_bool())
}

fn evict(input: &Value, expect: &Value) -> Result<(), String> {
    let (taints, tolerations) = (taints(&input["taints"]), tolerations(&input["tolerations"]));
    judge(goes(text_or(input, "pod_node", ""), &taints, &tolerations), 0, expect)
}

fn evict_update(input: &Value, expect: &Value) -> Result<(), String> {
    let by = input["observe_after_s"].as_u64().unwrap_or(0);
    if input.get("before").is_some() {
        let taints = taints(&input["taints"]);
        let of = |state: &Value| {
            let tolerations = tolerations(&state["tolerations"]);
            goes(text_or(state, "pod_node", ""), &taints, &tolerations)
        };
        same("goes before", &of(&input["before"]), &None)?;
        return judge(of(&input["after"]), by, expect);
    }
    let tolerations = tolerations(&input["tolerations"]);
    let of = |field: &str| goes("node1", &taints(&input[field]), &tolerations);
    same("goes before", &of("old_taints"), &None)?;
    judge(of("new_taints"), by, expect)
}

fn evict_many(input: &Value, expect: &Value) -> Result<(), String> {
    let taints = taints(&input["taints_added"]);
    for (name, pairs) in input["pods"].as_object().into_iter().flatten() {
        let wanted = expect["deleted_at_s"][name].as_u64();
        let got = goes("node1", &taints, &tolerations(pairs));
        same(name, &got, &wanted)?;
        let kept = list(&expect["kept"]).iter().any(|kept| kept == name);
        same("kept", &got.is_none(), &kept)?;
    }
    Ok(())
}

fn delay(input: &Value, expect: &Value) -> Result<(), String> {
    let times: Vec<Option<i64>> =
        list(&input["tolerationSeconds"]).iter().map(Value::as_i64).collect();
    let wanted = match expect["delay_s"].as_u64() {
        Some(secs) => Stay::For(Span::secs(secs)),
        None => Stay::Forever,
    };
    same("delay", &shortest(&times), &wanted)
}
