//! `k8s/scheduler_fit`: what fits, how it is told, how many nodes are looked at, how long a pod
//! backs off.

use prova::api::pod::PodSpec;
use prova::api::{Labels, Str};
use prova::scheduler::cycle::nodes_to_find;
use prova::scheduler::framework::FilterPlugin;
use prova::scheduler::plugins::node_resources_fit::NodeResourcesFit;
use prova::scheduler::queue::backoff_duration;
use prova::scheduler::verdict::{FitError, Reason};
use serde_json::Value;

use super::case::{Case, same, text_or};
use super::stage;

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    match case.kind() {
        "" | "filter" => fits(case),
        "fit_error_message" => message(case),
        "nodes_to_find" => {
            let read = |field: &str| stage::number(&case.input()[field]);
            let percentage = u32::try_from(read("percentage")?).map_err(|e| e.to_string())?;
            let nodes = usize::try_from(read("num_nodes")?).map_err(|e| e.to_string())?;
            let want = stage::number(&case.expect()["nodes_to_find"])?;
            same("nodes to find", &i64::try_from(nodes_to_find(percentage, nodes)), &Ok(want))
        }
        "queue_backoff" => backoff(case),
        _ => case.unknown_kind(),
    }
}

fn spec(pod: &Value) -> Result<PodSpec, String> {
    Ok(PodSpec {
        containers: stage::containers(&pod["containers"])?,
        init_containers: stage::containers(&pod["init_containers"])?,
        overhead: stage::resources(&pod["overhead"])?,
        ..PodSpec::default()
    })
}

fn fits(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    let mut node = stage::node("node", Labels::default());
    node.status.allocatable = stage::resources(&input["node"]["allocatable"])?;
    let mut existing = Vec::new();
    for (number, pod) in (0..).zip(stage::list(&input["existing"])) {
        let spec = PodSpec { node_name: "node".into(), ..spec(pod)? };
        existing.push(stage::pod(number, Labels::default(), spec));
    }
    let mut snapshot = stage::snapshot(vec![node], existing);
    let names = |field: &str| stage::list(&input["ignored"][field]).map(stage::text).collect();
    let plugin = NodeResourcesFit {
        ignored_resources: names("resources"),
        ignored_resource_groups: names("groups"),
        ..NodeResourcesFit::default()
    };
    let pod = stage::info(stage::pod(1000, Labels::default(), spec(&input["pod"])?));
    let id = snapshot.order()[0];
    let verdict = plugin.filter(&(), &pod, snapshot.node(id));
    same("fits", &Some(verdict.is_ok()), &expect["fits"].as_bool())?;
    let reasons = verdict.err().map(|rejection| rejection.reason.texts()).unwrap_or_default();
    let wanted: Vec<String> =
        stage::list(&expect["reasons"]).map(|text| stage::text(text).to_string()).collect();
    same("reasons", &reasons, &wanted)?;
    let Some(insufficient) = expect.get("insufficient") else { return Ok(()) };
    let mut wanted: Vec<(Str, Vec<i64>)> = Vec::new();
    for item in stage::list(insufficient) {
        let amounts: Result<_, _> = stage::list(item).skip(1).map(stage::number).collect();
        wanted.push((stage::text(&item[0]), amounts?));
    }
    let found = plugin.insufficient(&pod, snapshot.node(id)).into_iter();
    let found: Vec<(Str, Vec<i64>)> = found
        .map(|short| (short.name, vec![short.requested, short.used, short.capacity]))
        .collect();
    same("insufficient", &found, &wanted)
}

fn message(case: &Case) -> Result<(), String> {
    let input = case.input();
    let nodes = usize::try_from(stage::number(&input["num_nodes"])?).map_err(|e| e.to_string())?;
    let mut error = FitError {
        nodes,
        pre_filter: text_or(input, "prefilter_message", "").to_owned(),
        post_filter: text_or(input, "postfilter_message", "").to_owned(),
        ..FitError::default()
    };
    for reason in stage::list(&input["node_reasons"]) {
        error.count(&Reason::Text(stage::text(reason)), 1);
    }
    same("message", &error.to_string().as_str(), &text_or(case.expect(), "message", ""))
}

/// The first field whose name begins with one of `words`, as nanoseconds when it has a unit.
fn amount(value: &Value, words: &[&str]) -> Result<u64, String> {
    let named = |name: &str| words.iter().any(|word| name.starts_with(word));
    let (name, value) = stage::pairs(value)
        .find(|(name, _)| named(name))
        .ok_or_else(|| format!("no field of {words:?}"))?;
    if let Some(text) = value.as_str() {
        let span: prova::kernel::Span = text.parse().map_err(|e| format!("{text}: {e:?}"))?;
        return Ok(span.as_nanos());
    }
    let whole = value.as_f64().ok_or_else(|| format!("{name} is no number"))?;
    let unit = match name.rsplit('_').next() {
        Some("ns" | "attempts" | "count") => 1.0,
        Some("ms") => 1e6,
        _ => 1e9,
    };
    format!("{:.0}", whole * unit).parse().map_err(|e| format!("{name}: {e}"))
}

fn backoff(case: &Case) -> Result<(), String> {
    let input = case.input();
    let initial = amount(input, &["initial"])?;
    let greatest = amount(input, &["max", "greatest"])?;
    let attempts = stage::pairs(input).find(|(name, _)| name.contains("attempt"));
    let attempts = stage::number(attempts.ok_or("no attempts")?.1)?;
    let attempts = u32::try_from(attempts).map_err(|e| e.to_string())?;
    let span = prova::kernel::Span::nanos;
    let got = backoff_duration(span(initial), span(greatest), attempts).as_nanos();
    same("back-off", &got, &amount(case.expect(), &[""])?)
}
