//! `k8s/rolling_update`: the arithmetic of rollouts.

use std::sync::Arc;

use prova::api::reasons::PROGRESSING;
use prova::api::workload::{DeploymentStatus, RollingUpdate, StrategyType};
use prova::api::{
    Condition, ConditionStatus, Deployment, IntOrString, Labels, PodTemplateSpec, ReplicaSet, Str,
    Time, Uid,
};
use prova::controllers::deployment::scale::Resize;
use prova::controllers::deployment::{history, rolling, scale, status, template, util};
use prova::kernel::{SimTime, Span};
use serde_json::Value;

use super::case::{Case, same, text_or};

/// The moment at which every case is looked at; far enough from the start for any age.
const NOW: Time = Time(SimTime::from_secs(1_000_000));

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    match case.kind() {
        "resolve_fenceposts" => fenceposts(input, expect),
        "new_rs_new_replicas" => new_replicas(input, expect),
        "max_unavailable" => {
            let got = util::max_unavailable(&deployment(input, "replicas"));
            same("maxUnavailable", &got, &int(&expect["maxUnavailable"]))
        }
        "min_available" => {
            let got = util::min_available(&deployment(input, "replicas"));
            same("minAvailable", &got, &int(&expect["minAvailable"]))
        }
        "complete" => complete(input, expect),
        "progressing" => {
            let (old, new) = (counts(&input["old_status"]), counts(&input["new_status"]));
            let got = status::is_progressing(&old, &new);
            same("progressing", &Some(got), &expect["progressing"].as_bool())
        }
        "timed_out" => timed_out(input, expect),
        "scale" => scaled(input, expect),
        "cleanup" => cleanup(input, expect),
        "rs_fraction" => fraction(input, expect),
        "rs_annotations_need_update" => annotations(input, expect),
        "template_equal" => equal(input, expect),
        "find_new_rs" => find_new(input, expect),
        "reconcile_new_rs" => reconcile_new(input, expect),
        "reconcile_old_rs" => reconcile_old(input, expect),
        "cleanup_unhealthy" => cleanup_unhealthy(input, expect),
        "scale_down_old" => scale_down_old(input, expect),
        _ => case.unknown_kind(),
    }
}

fn int(value: &Value) -> i32 {
    value.as_i64().and_then(|number| i32::try_from(number).ok()).unwrap_or(0)
}

fn bound(value: &Value) -> Option<IntOrString> {
    let text = value.as_str().map(|text| IntOrString::String(text.into()));
    text.or_else(|| (!value.is_null()).then(|| IntOrString::Int(int(value))))
}

/// A Deployment with the bounds of the case, and as many replicas as `replicas` says.
fn deployment(input: &Value, replicas: &str) -> Deployment {
    let mut deployment = Deployment::default();
    deployment.spec.replicas = int(&input[replicas]);
    if text_or(input, "strategy", "RollingUpdate") == "Recreate" {
        deployment.spec.strategy.kind = StrategyType::Recreate;
    }
    let of = |field: &str| bound(&input[field]).unwrap_or(IntOrString::Int(0));
    let bounds = RollingUpdate { max_surge: of("maxSurge"), max_unavailable: of("maxUnavailable") };
    deployment.spec.strategy.rolling_update = Some(bounds);
    deployment
}

/// A ReplicaSet; `age` orders: the higher, the older.
fn replica_set(name: &str, replicas: i32, age: u64) -> ReplicaSet {
    let mut rs = ReplicaSet::default();
    rs.metadata.name = name.into();
    rs.metadata.uid = Uid(1 + age);
    rs.metadata.creation_timestamp = Some(Time(NOW.0.saturating_sub(Span::secs(age))));
    rs.spec.replicas = replicas;
    rs
}

fn counts(value: &Value) -> DeploymentStatus {
    DeploymentStatus {
        replicas: int(&value["replicas"]),
        updated_replicas: int(&value["updated"]),
        ready_replicas: int(&value["ready"]),
        available_replicas: int(&value["available"]),
        ..DeploymentStatus::default()
    }
}

fn fenceposts(input: &Value, expect: &Value) -> Result<(), String> {
    let (surge, unavailable) = (bound(&input["maxSurge"]), bound(&input["maxUnavailable"]));
    let got =
        util::resolve_fenceposts(surge.as_ref(), unavailable.as_ref(), int(&input["desired"]));
    if expect["error"].as_bool() == Some(true) {
        return same("error", &got.is_err(), &true);
    }
    same("bounds", &got, &Ok((int(&expect["surge"]), int(&expect["unavailable"]))))
}

fn new_replicas(input: &Value, expect: &Value) -> Result<(), String> {
    let field = |names: &[&str]| {
        names.iter().map(|name| &input[*name]).find(|value| !value.is_null()).map_or(0, int)
    };
    let mut deployment = deployment(input, "replicas");
    deployment.spec.replicas = field(&["deployment_replicas", "replicas", "desired"]);
    let names = ["new_replicas", "new_rs_replicas", "new_rs"];
    let new = Arc::new(replica_set("new", field(&names), 0));
    let old = Arc::new(replica_set("old", field(&["old_replicas", "old_rs"]), 1));
    let got = util::new_rs_new_replicas(&deployment, &[old, new.clone()], &new);
    let want = names.iter().chain(&["replicas"]).map(|name| &expect[*name]);
    same("replicas", &got, &want.into_iter().find(|value| !value.is_null()).map_or(0, int))
}

fn complete(input: &Value, expect: &Value) -> Result<(), String> {
    let status = DeploymentStatus {
        replicas: int(&input["status_replicas"]),
        updated_replicas: int(&input["updated"]),
        available_replicas: int(&input["available"]),
        ..DeploymentStatus::default()
    };
    let got = status::is_complete(&deployment(input, "desired"), &status);
    same("complete", &Some(got), &expect["complete"].as_bool())
}

fn timed_out(input: &Value, expect: &Value) -> Result<(), String> {
    let mut deployment = Deployment::default();
    let seconds = &input["progressDeadlineSeconds"];
    deployment.spec.progress_deadline_seconds =
        if seconds.is_null() { i32::MAX } else { int(seconds) };
    let known = &input["condition"];
    if known.is_object() {
        let holds = match text_or(known, "status", "") {
            "True" => ConditionStatus::True,
            "False" => ConditionStatus::False,
            _ => ConditionStatus::Unknown,
        };
        let kind = Str::from(text_or(known, "type", &PROGRESSING));
        let reason = Str::from(text_or(known, "reason", ""));
        let mut condition = Condition::new(kind, holds, reason, Str::new());
        let since = input["seconds_since_last_update"].as_u64().unwrap_or(0);
        condition.last_heartbeat_time = Some(Time(NOW.0.saturating_sub(Span::secs(since))));
        deployment.status.conditions.0.push(condition);
    }
    let got = status::is_timed_out(&deployment, &deployment.status, NOW);
    same("timed out", &Some(got), &expect["timed_out"].as_bool())
}

/// A ReplicaSet from `[name, replicas, {available}?]`, with the annotations of the old size.
fn sized(item: &Value, input: &Value, age: u64) -> Arc<ReplicaSet> {
    let name = item[0].as_str().unwrap_or("");
    let mut rs = replica_set(name, int(&item[1]), age);
    rs.status.available_replicas = int(&item[2]["available"]);
    let desired = &input["annotated_desired_override"][name];
    let desired = int(if desired.is_null() { &input["old_size"] } else { desired });
    let surge = bound(&input["old_maxSurge"]).unwrap_or(IntOrString::Int(0));
    let surge = surge.scaled(int(&input["old_size"]), true).unwrap_or(0);
    util::set_replicas_annotations(&mut rs, desired, desired + surge);
    Arc::new(rs)
}

fn scaled(input: &Value, expect: &Value) -> Result<(), String> {
    let mut deployment = deployment(input, "new_size");
    if let Some(bounds) = &mut deployment.spec.strategy.rolling_update {
        bounds.max_surge = bound(&input["new_maxSurge"]).unwrap_or(IntOrString::Int(0));
    }
    let new = (!input["new_rs"].is_null()).then(|| sized(&input["new_rs"], input, 0));
    let items = input["old_rs_newest_first"].as_array().cloned().unwrap_or_default();
    let old: Vec<Arc<ReplicaSet>> =
        items.iter().zip(1..).map(|(item, age)| sized(item, input, age)).collect();
    let steps = scale::scale(&deployment, new.as_ref(), &old);
    let mut all: Vec<Arc<ReplicaSet>> = old.iter().chain(new.as_ref()).cloned().collect();
    steps.iter().for_each(|step| step.apply(&mut all));
    let size = |rs: &Arc<ReplicaSet>| {
        all.iter().find(|known| known.metadata.uid == rs.metadata.uid).map(|rs| rs.spec.replicas)
    };
    let want = &expect["new_rs"];
    let want_new = (!want.is_null()).then(|| int(want));
    same("new", &new.as_ref().and_then(size), &want_new)?;
    let got: Vec<i32> = old.iter().filter_map(size).collect();
    let want: Vec<i32> =
        expect["old_rs_newest_first"].as_array().into_iter().flatten().map(int).collect();
    same("old", &got, &want)
}

fn cleanup(input: &Value, expect: &Value) -> Result<(), String> {
    let mut deployment = Deployment::default();
    deployment.spec.revision_history_limit = int(&input["revisionHistoryLimit"]);
    let items = input["old_rs"].as_array().cloned().unwrap_or_default();
    let set = |(item, age): (&Value, u64)| {
        let mut rs = replica_set("old", int(&item[0]), age);
        rs.status.replicas = int(&item[1]);
        let marks = ["deleting", "deleted", "terminating", "deletionTimestamp"];
        let marked = marks.iter().any(|mark| !item[2][mark].is_null() && item[2][mark] != false);
        if marked || item[2].as_bool() == Some(true) {
            rs.metadata.deletion_timestamp = Some(NOW);
        }
        Arc::new(rs)
    };
    let old: Vec<Arc<ReplicaSet>> = items.iter().zip(1..).map(set).collect();
    let got = history::superfluous(&deployment, &old).len();
    same("deletions", &Some(got as u64), &expect["deletions"].as_u64())
}

fn fraction(input: &Value, expect: &Value) -> Result<(), String> {
    let mut deployment = deployment(input, "deployment_replicas");
    deployment.status.replicas = int(&input["deployment_status_replicas"]);
    let mut rs = replica_set("rs", int(&input["rs_replicas"]), 0);
    if !input["max_replicas_annotation"].is_null() {
        let max = int(&input["max_replicas_annotation"]);
        util::set_replicas_annotations(&mut rs, 0, max);
    }
    same("fraction", &scale::fraction(&deployment, &rs), &int(&expect["fraction"]))
}

fn annotations(input: &Value, expect: &Value) -> Result<(), String> {
    let mut rs = replica_set("rs", 1, 0);
    let known = &input["annotations"];
    let pair = |field: &str, key: Str| {
        let value = &known[field];
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (!value.is_null()).then_some((key, Str::from(text)))
    };
    let desired = pair("desired", util::ANNOTATION_DESIRED_REPLICAS);
    let max = pair("max", util::ANNOTATION_MAX_REPLICAS);
    rs.metadata.annotations = desired.into_iter().chain(max).collect();
    let (desired, max) = (int(&input["want_desired"]), int(&input["want_max"]));
    let got = util::replicas_annotations_need_update(&rs, desired, max);
    same("needs update", &Some(got), &expect["needs_update"].as_bool())
}

fn pod_template(value: &Value) -> PodTemplateSpec {
    let labels = |field: &str| -> Labels {
        let pairs = value[field].as_object().into_iter().flatten();
        pairs.map(|(key, value)| (key.as_str(), value.as_str().unwrap_or(""))).collect()
    };
    let mut template = PodTemplateSpec::default();
    template.metadata.labels = labels("labels");
    template.metadata.annotations = labels("annotations");
    template.spec.node_name = text_or(value, "spec", "").into();
    template
}

fn equal(input: &Value, expect: &Value) -> Result<(), String> {
    let (a, b) = (pod_template(&input["a"]), pod_template(&input["b"]));
    let want = expect["equal"].as_bool();
    same("a = b", &Some(template::equal_ignore_hash(&a, &b)), &want)?;
    same("b = a", &Some(template::equal_ignore_hash(&b, &a)), &want)
}

fn find_new(input: &Value, expect: &Value) -> Result<(), String> {
    let image = |text: &str| {
        let mut template = PodTemplateSpec::default();
        template.spec.node_name = text.into();
        template
    };
    let mut deployment = Deployment::default();
    deployment.spec.template = image("same");
    // The second entry says when it was made [s], against some moment.
    let set = |item: &Value| {
        let mut rs = replica_set(item[0].as_str().unwrap_or(""), 1, 0);
        let at = 1_000 + i64::from(int(&item[1]));
        let at = SimTime::from_secs(u64::try_from(at).unwrap_or(0));
        rs.metadata.creation_timestamp = Some(Time(at));
        rs.spec.template = image(item[2].as_str().unwrap_or(""));
        Arc::new(rs)
    };
    let sets: Vec<Arc<ReplicaSet>> =
        input["rs_oldest_first"].as_array().into_iter().flatten().map(set).collect();
    let got = template::find_new(&deployment, &sets).map(|rs| rs.metadata.name.to_string());
    same("new", &got.as_deref(), &expect["new_rs"].as_str())
}

/// Whether anything was to be scaled, and to what.
fn resized(steps: &[Resize], to: i32, expect: &Value, size: &str) -> Result<(), String> {
    same("scaled", &Some(!steps.is_empty()), &expect["scaled"].as_bool())?;
    if expect[size].is_null() { Ok(()) } else { same(size, &to, &int(&expect[size])) }
}

fn reconcile_new(input: &Value, expect: &Value) -> Result<(), String> {
    let deployment = deployment(input, "deployment_replicas");
    let new = Arc::new(replica_set("new", int(&input["new_replicas"]), 0));
    let old = Arc::new(replica_set("old", int(&input["old_replicas"]), 1));
    let steps: Vec<Resize> =
        rolling::reconcile_new(&deployment, &[old, new.clone()], &new).into_iter().collect();
    let to = steps.first().map_or(new.spec.replicas, |step| step.to);
    resized(&steps, to, expect, "new_replicas")
}

fn reconcile_old(input: &Value, expect: &Value) -> Result<(), String> {
    let deployment = deployment(input, "deployment_replicas");
    let mut new = replica_set("new", int(&input["new_replicas"]), 0);
    new.status.available_replicas = int(&input["available_new"]);
    let mut old = replica_set("old", int(&input["old_replicas"]), 1);
    old.status.available_replicas = int(&input["available_old"]);
    let (new, old) = (Arc::new(new), Arc::new(old));
    let all = [old.clone(), new.clone()];
    let steps = rolling::reconcile_old(&deployment, &all, std::slice::from_ref(&old), &new);
    let to = steps.last().map_or(old.spec.replicas, |step| step.to);
    resized(&steps, to, expect, "old_replicas")
}

fn cleanup_unhealthy(input: &Value, expect: &Value) -> Result<(), String> {
    let mut old = replica_set("old", int(&input["old_replicas"]), 1);
    old.status.available_replicas = int(&input["available"]);
    let steps = rolling::cleanup_unhealthy(&[Arc::new(old)], int(&input["max_cleanup"]));
    let got: i32 = steps.iter().map(|step| step.from - step.to).sum();
    same("cleaned up", &got, &int(&expect["cleaned_up"]))
}

fn scale_down_old(input: &Value, expect: &Value) -> Result<(), String> {
    let deployment = deployment(input, "deployment_replicas");
    let old = Arc::new(replica_set("old", int(&input["old_replicas"]), 1));
    let available = int(&input["available_pods"]);
    let steps = rolling::scale_down_old(&deployment, std::slice::from_ref(&old), available);
    let to = steps.last().map_or(old.spec.replicas, |step| step.to);
    resized(&steps, to, expect, "old_replicas")
}
