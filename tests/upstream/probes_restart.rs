//! `k8s/probes_restart`: pod phase, restart decisions, back-off, probe thresholds.

use prova::api::pod::{
    ContainerState, ContainerStateRunning, ContainerStateTerminated, ContainerStateWaiting,
    ContainerStatus, Probe, RestartPolicy,
};
use prova::api::{Container, PodPhase, PodSpec, PodStatus};
use prova::client::{BackOff, requeue_delay};
use prova::kernel::{SimTime, Span};
use prova::kubelet::{
    About, Known, LastRun, Thresholds, container_status, has_started, pod_phase, should_restart,
};
use prova::wire::cri::{ProbeKind, RunState};
use serde_json::{Value, json};

use super::case::{Case, same, text_or};

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    match case.kind() {
        "phase" => phase(input, expect),
        "should_restart" => restart(input, expect),
        "container_lost" => container_lost(input, expect),
        "backoff" => backoff(input, expect),
        "requeue_delay" => requeue(input, expect),
        "probe" => probe(input, expect),
        _ => case.unknown_kind(),
    }
}

fn policy(input: &Value) -> Result<RestartPolicy, String> {
    match text_or(input, "restartPolicy", "Always") {
        "Always" => Ok(RestartPolicy::Always),
        "OnFailure" => Ok(RestartPolicy::OnFailure),
        "Never" => Ok(RestartPolicy::Never),
        other => Err(format!("unknown restart policy {other}")),
    }
}

fn ended(code: i32) -> ContainerState {
    let end = ContainerStateTerminated { exit_code: code, ..Default::default() };
    ContainerState { terminated: Some(Box::new(end)), ..Default::default() }
}

fn running() -> ContainerState {
    let running = Some(ContainerStateRunning::default());
    ContainerState { running, ..Default::default() }
}

fn waiting() -> ContainerState {
    let waiting = Some(ContainerStateWaiting::default());
    ContainerState { waiting, ..Default::default() }
}

/// The status that a word of the file stands for; none for "none".
fn status(name: &str, word: &str) -> Result<Option<ContainerStatus>, String> {
    let (state, last_state, started) = match word {
        "none" => return Ok(None),
        "running" => (running(), ContainerState::default(), None),
        "started" => (running(), ContainerState::default(), Some(true)),
        "stopped" | "succeeded" => (ended(0), ContainerState::default(), None),
        "failed" => (ended(-1), ContainerState::default(), None),
        "waiting" => (waiting(), ContainerState::default(), None),
        "waiting_after_ok" => (waiting(), ended(0), None),
        "waiting_after_fail" => (waiting(), ended(-1), None),
        other => return Err(format!("unknown state {other}")),
    };
    let name = name.into();
    Ok(Some(ContainerStatus { name, state, last_state, started, ..Default::default() }))
}

/// Containers and their statuses, from `[[name, state, "sidecar"?], …]`.
fn containers(list: &Value) -> Result<(Vec<Container>, Vec<ContainerStatus>), String> {
    let (mut specs, mut statuses) = (Vec::new(), Vec::new());
    for row in list.as_array().map_or(&[][..], Vec::as_slice) {
        let word = |place: usize| row.get(place).and_then(Value::as_str);
        let (Some(name), Some(state)) = (word(0), word(1)) else {
            return Err(format!("not a container: {row}"));
        };
        let restart_policy = match word(2) {
            None => None,
            Some("sidecar") => Some(RestartPolicy::Always),
            Some(other) => return Err(format!("unknown sort of container {other}")),
        };
        specs.push(Container { name: name.into(), restart_policy, ..Default::default() });
        statuses.extend(status(name, state)?);
    }
    Ok((specs, statuses))
}

fn phase(input: &Value, expect: &Value) -> Result<(), String> {
    let (init, init_container_statuses) = containers(&input["init"])?;
    let (main, container_statuses) = containers(&input["containers"])?;
    let spec = PodSpec {
        init_containers: init.into(),
        containers: main.into(),
        restart_policy: policy(input)?,
        ..Default::default()
    };
    let statuses = PodStatus { init_container_statuses, container_statuses, ..Default::default() };
    let terminal = input["pod_terminal"].as_bool().unwrap_or(false);
    let initialized = has_started(&statuses);
    let got = pod_phase(&spec, &statuses, terminal, initialized);
    let want = match text_or(expect, "phase", "") {
        "Pending" => PodPhase::Pending,
        "Running" => PodPhase::Running,
        "Succeeded" => PodPhase::Succeeded,
        "Failed" => PodPhase::Failed,
        other => return Err(format!("unknown phase {other}")),
    };
    same("phase", &got, &want)
}

/// The newest run of a history such as `["running", "exited 2"]`.
fn newest(history: &Value) -> Result<LastRun, String> {
    let Some(first) = history.get(0).and_then(Value::as_str) else { return Ok(LastRun::Never) };
    run_named(first)
}

fn run_named(word: &str) -> Result<LastRun, String> {
    let zero = SimTime::ZERO;
    Ok(match word {
        "unknown" => LastRun::Unknown,
        "created" => LastRun::Known(RunState::Created),
        "running" => LastRun::Known(RunState::Running { since: zero }),
        other => {
            let code = other.strip_prefix("exited ").and_then(|code| code.parse().ok());
            let code = code.ok_or_else(|| format!("unknown run {other}"))?;
            LastRun::Known(RunState::Exited { since: zero, at: zero, code, oom: false })
        }
    })
}

fn restart(input: &Value, expect: &Value) -> Result<(), String> {
    let newest = newest(&input["history_newest_first"])?;
    let deleting = input["pod_deleting"].as_bool().unwrap_or(false);
    for (name, policy) in [
        ("Never", RestartPolicy::Never),
        ("OnFailure", RestartPolicy::OnFailure),
        ("Always", RestartPolicy::Always),
    ] {
        if let Some(want) = expect.get(name).and_then(Value::as_bool) {
            same(name, &should_restart(newest, policy, deleting), &want)?;
        }
    }
    Ok(())
}

fn container_lost(input: &Value, expect: &Value) -> Result<(), String> {
    let name = "c";
    let previous = match input["previous"].as_str() {
        Some(word) => status(name, word)?,
        None => None,
    };
    let newest = match input["runtime_status"].as_str() {
        Some(word) => run_named(word)?,
        None => LastRun::Never,
    };
    let known = Known { newest, ..Default::default() };
    let deleting = input["pod_deleting"].as_bool().unwrap_or(false);
    let has_init = input["has_init_containers"].as_bool().unwrap_or(false);
    let container = Container { name: name.into(), ..Default::default() };
    let got = container_status(&container, previous.as_ref(), &known, About { deleting, has_init });
    let ContainerState { waiting, running, terminated } = &got.state;
    let (state, reason) = match (waiting, running, terminated) {
        (Some(waiting), ..) => ("waiting", waiting.reason.as_str()),
        (None, Some(_), _) => ("running", ""),
        (None, None, Some(end)) => ("terminated", end.reason.as_str()),
        (None, None, None) => ("unset", ""),
    };
    same("state", &state, &text_or(expect, "state", state))?;
    same("reason", &reason, &text_or(expect, "reason", reason))?;
    if let Some(code) = expect["exitCode"].as_i64() {
        same("exitCode", &terminated.as_ref().map(|end| i64::from(end.exit_code)), &Some(code))?;
    }
    if let Some(last) = expect.get("last_termination") {
        let shown = |end: &ContainerStateTerminated| json!({"reason": end.reason, "exitCode": end.exit_code});
        let end = got.last_state.terminated.as_deref().map_or(Value::Null, shown);
        same("last_termination", &end, last)?;
    }
    match expect["restartCount"].as_i64() {
        Some(count) => same("restartCount", &i64::from(got.restart_count), &count),
        None => Ok(()),
    }
}

fn secs(value: &Value) -> Option<Span> {
    value.as_u64().map(Span::secs)
}

fn backoff(input: &Value, expect: &Value) -> Result<(), String> {
    let (initial, max) = (secs(&input["initial_s"]), secs(&input["max_s"]));
    let (Some(initial), Some(max)) = (initial, max) else { return Err("no limits".to_owned()) };
    let mut back_off = BackOff::new(initial, max);
    let mut now = SimTime::from_secs(1000);
    let key = "key";
    if let Some(count) = input["failures_1s_apart"].as_u64() {
        let mut delays = Vec::new();
        for _ in 0..count {
            delays.push(back_off.get(&key).as_secs());
            back_off.next(key, now, now);
            now += Span::secs(1);
        }
        same("delays_s", &json!(delays), &expect["delays_s"])?;
    }
    for _ in 0..input["failures"].as_u64().unwrap_or(0) {
        back_off.next(key, now, now);
        now += Span::secs(1);
    }
    if let Some(idle) = secs(&input["gc_after_idle_s"]) {
        // The last failure was one step before `now`.
        back_off.gc(now.saturating_sub(Span::secs(1)) + idle);
    }
    if let Some(idle) = secs(&input["idle_s"]) {
        now = now.saturating_sub(Span::secs(1)) + idle;
        let next = back_off.next(key, now, now);
        if let Some(want) = secs(&expect["next_delay_s"]) {
            same("next_delay_s", &next, &want)?;
        }
    }
    match expect["entry_kept"].as_bool() {
        Some(kept) => same("entry_kept", &back_off.contains(&key), &kept),
        None => Ok(()),
    }
}

fn requeue(input: &Value, expect: &Value) -> Result<(), String> {
    let millis = |field: &str| input[field].as_u64().map(Span::millis);
    let (Some(base), Some(max)) = (millis("base_ms"), millis("max_ms")) else {
        return Err("no limits".to_owned());
    };
    let failures = input["failures"].as_u64().and_then(|count| u32::try_from(count).ok());
    let failures = failures.ok_or("no number of failures")?;
    let delay = |failures: u32| requeue_delay(base, max, failures).as_millis();
    let delays: Vec<u64> = (0..failures).map(delay).collect();
    if let Some(want) = expect.get("delays_ms") {
        same("delays_ms", &json!(delays), want)?;
    }
    if let Some(want) = expect.get("last_delay_ms") {
        same("last_delay_ms", &json!(delays.last()), want)?;
    }
    if let Some(want) = expect["requeues"].as_u64() {
        same("requeues", &u64::from(failures), &want)?;
    }
    match expect.get("after_forget") {
        Some(want) => {
            let got = json!({"requeues": 0, "next_delay_ms": delay(0)});
            same("after_forget", &got, want)
        }
        None => Ok(()),
    }
}

/// `{type, successThreshold, failureThreshold, results: [bool | "success" | "failure"]}`; the
/// expectation lists the result after each answer, or the last one.
fn probe(input: &Value, expect: &Value) -> Result<(), String> {
    let kind = match text_or(input, "type", "readiness") {
        "readiness" => ProbeKind::Readiness,
        "liveness" => ProbeKind::Liveness,
        "startup" => ProbeKind::Startup,
        other => return Err(format!("unknown probe {other}")),
    };
    let number = |field: &str, otherwise: i32| {
        let given = input[field].as_i64().and_then(|count| i32::try_from(count).ok());
        given.unwrap_or(otherwise)
    };
    let probe = Probe {
        success_threshold: number("successThreshold", 1),
        failure_threshold: number("failureThreshold", 3),
        ..Default::default()
    };
    let answers = input["results"].as_array().ok_or("no results")?;
    let mut thresholds = Thresholds::default();
    let mut results = Vec::new();
    for answer in answers {
        let success = answer.as_bool().unwrap_or(answer.as_str() == Some("success"));
        thresholds.observe(kind, &probe, success);
        results.push(thresholds.result(kind));
    }
    let words: Vec<&str> =
        results.iter().map(|good| if *good { "success" } else { "failure" }).collect();
    let forms = [json!(results), json!(words), json!(results.last()), json!(words.last())];
    let wanted =
        ["results", "states", "result", "state"].iter().find_map(|field| expect.get(field));
    let wanted = wanted.ok_or("no known expectation")?;
    if forms.contains(wanted) { Ok(()) } else { same("results", &forms[1], wanted) }
}
