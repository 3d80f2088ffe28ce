//! `k8s/node_affinity`: where pods must and would like to be.

use std::sync::Arc;

use prova::api::node_selector::{
    FieldError, RequiredNodeAffinity, checked_requirement, preferred_errors, preferred_weight,
};
use prova::api::pod::{NodeAffinity as Affinity, PodSpec};
use prova::api::selector::Selector;
use prova::api::{Labels, Pod};
use prova::scheduler::framework::ScorePlugin;
use prova::scheduler::plugins::node_affinity::NodeAffinity;
use serde_json::Value;

use super::case::{Case, same, text_or};
use super::stage;

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    match case.kind() {
        "match" => matched(case),
        "selector_error" => selector_error(case),
        "preferred_raw" => preferred_raw(case),
        "score" => score(case),
        "requirements" => requirements(case),
        "requeue" => requeue(case),
        _ => case.unknown_kind(),
    }
}

fn pod(input: &Value) -> Result<Pod, String> {
    let required = stage::selector(input.get("required"))?;
    let preferred = stage::preferred(&input["preferred"])?;
    let spec = PodSpec {
        node_selector: stage::labels(&input["nodeSelector"]),
        affinity: Some(stage::affinity(required, preferred)),
        ..PodSpec::default()
    };
    Ok(stage::pod(1, Labels::default(), spec))
}

fn named(input: &Value) -> (String, Labels) {
    let node = &input["node"];
    (text_or(node, "name", "").to_owned(), stage::labels(&node["labels"]))
}

fn matched(case: &Case) -> Result<(), String> {
    let (name, labels) = named(case.input());
    let required = RequiredNodeAffinity::of(&pod(case.input())?.spec);
    same("match", &Some(required.matches(&name, &labels)), &case.expect()["match"].as_bool())
}

fn same_errors(found: &[FieldError], wanted: &Value) -> Result<(), String> {
    let found: Vec<(&str, &str)> = found.iter().map(|e| (e.field.as_str(), e.kind)).collect();
    let wanted: Vec<(&str, &str)> =
        stage::list(wanted).map(|e| (text_or(e, "field", ""), text_or(e, "kind", ""))).collect();
    same("errors", &found, &wanted)
}

fn selector_error(case: &Case) -> Result<(), String> {
    let input = case.input();
    let mut found = preferred_errors(&stage::preferred(&input["preferred"])?);
    if let Some(selector) = stage::selector(input.get("required"))? {
        found.extend(selector.errors());
    }
    same_errors(&found, &case.expect()["errors"])
}

fn preferred_raw(case: &Case) -> Result<(), String> {
    let terms = stage::preferred(&case.input()["preferred"])?;
    if let Some(wanted) = case.expect().get("errors") {
        return same_errors(&preferred_errors(&terms), wanted);
    }
    same("errors", &preferred_errors(&terms), &Vec::new())?;
    let (name, labels) = named(case.input());
    let want = stage::number(&case.expect()["score"])?;
    same("score", &preferred_weight(&terms, &name, &labels), &want)
}

fn plugin(input: &Value) -> Result<NodeAffinity, String> {
    let added = Affinity {
        required_during_scheduling_ignored_during_execution: stage::selector(
            input.get("added_required"),
        )?,
        preferred_during_scheduling_ignored_during_execution: stage::preferred(&input["added"])?,
    };
    Ok(NodeAffinity { added: (added != Affinity::default()).then(|| Arc::new(added)) })
}

fn score(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    let plugin = plugin(input)?;
    let nodes = stage::pairs(&input["nodes"]);
    let nodes = nodes.map(|(name, labels)| stage::node(name, stage::labels(labels))).collect();
    let mut snapshot = stage::snapshot(nodes, Vec::new());
    let ids = snapshot.order().to_vec();
    let pod = stage::info(pod(input)?);
    let mut scores = vec![0; ids.len()];
    if let Some(state) = plugin.pre_score(&pod, &ids, &mut snapshot) {
        let score = |id| plugin.score(&state, snapshot.node(id), &snapshot);
        scores = ids.iter().copied().map(score).collect();
        plugin.normalize(&state, &mut scores);
    }
    stage::same_scores(&snapshot, &ids, &scores, &expect["scores"])
}

fn requirements(case: &Case) -> Result<(), String> {
    let expect = case.expect();
    let read = |(i, item): (usize, &Value)| {
        let path = format!("root[{i}]");
        let wanted = stage::requirement((&item[0], &item[1], &item[2]), &path)?;
        checked_requirement(&wanted, &path)
    };
    let read: Result<Vec<_>, FieldError> =
        stage::list(&case.input()["requirements"]).enumerate().map(read).collect();
    let mut found = match (read, expect.get("error")) {
        (Err(error), Some(wanted)) => {
            let wanted = (text_or(wanted, "field", ""), text_or(wanted, "kind", ""));
            return same("error", &(error.field.as_str(), error.kind), &wanted);
        }
        (Err(error), None) => return Err(format!("{error:?}")),
        (Ok(_), Some(wanted)) => return Err(format!("no error, expected {wanted}")),
        (Ok(found), None) => found,
    };
    found.sort_by(|one, two| one.key().cmp(two.key()));
    let wanted = text_or(expect, "selector", "");
    if wanted == "nothing" {
        // A term without requirements matches nothing.
        return same("no requirement", &found.len(), &0);
    }
    let wanted: Selector = wanted.parse().map_err(|e| format!("{e}"))?;
    same("selector", &Selector::of(found).to_string(), &wanted.to_string())
}

fn requeue(case: &Case) -> Result<(), String> {
    let input = case.input();
    let node = |field: &str| {
        let labels = input.get(field).filter(|labels| labels.is_object());
        labels.map(|labels| stage::node("node", stage::labels(labels)))
    };
    let new = node("new_labels").ok_or("a node event without its node")?;
    let old = node("old_labels");
    let helps = plugin(input)?.node_change_helps(&pod(input)?, old.as_ref(), &new);
    same("hint", &if helps { "Queue" } else { "Skip" }, &text_or(case.expect(), "hint", ""))
}
