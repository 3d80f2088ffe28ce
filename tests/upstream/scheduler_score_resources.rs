//! `k8s/scheduler_score_resources`: how full a node should be, and how balanced.

use prova::api::Labels;
use prova::api::pod::PodSpec;
use prova::scheduler::framework::ScorePlugin;
use prova::scheduler::node_info::{NodeId, PodInfo};
use prova::scheduler::plugins::node_resources_balanced_allocation::NodeResourcesBalancedAllocation;
use prova::scheduler::plugins::node_resources_fit::{NodeResourcesFit, Strategy, broken_linear};
use prova::scheduler::plugins::resource_score::{ConfigError, WeightedResource};
use prova::scheduler::snapshot::Snapshot;
use serde_json::Value;

use super::case::{Case, same, text_or};
use super::stage;

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    match case.kind() {
        "score" => score(case),
        "broken_linear" => {
            let points = pairs_of_numbers(&case.input()["points"])?;
            for pair in stage::list(&case.expect()["values"]) {
                let (x, want) = (stage::number(&pair[0])?, stage::number(&pair[1])?);
                same(&format!("value at {x}"), &broken_linear(&points, x, 1), &want)?;
            }
            Ok(())
        }
        _ => case.unknown_kind(),
    }
}

fn pairs_of_numbers(value: &Value) -> Result<Vec<(i64, i64)>, String> {
    let one = |pair: &Value| Ok((stage::number(&pair[0])?, stage::number(&pair[1])?));
    stage::list(value).map(one).collect()
}

/// The two plugins behind one face.
enum Scorer {
    Fit(NodeResourcesFit),
    Balanced(NodeResourcesBalancedAllocation),
}

impl Scorer {
    fn of(input: &Value) -> Result<Scorer, String> {
        let one = |pair: &Value| {
            Ok(WeightedResource { name: stage::text(&pair[0]), weight: stage::number(&pair[1])? })
        };
        let resources: Result<Vec<_>, String> = stage::list(&input["resources"]).map(one).collect();
        let resources = resources?;
        let strategy = match text_or(input, "strategy", "") {
            "LeastAllocated" => Strategy::LeastAllocated,
            "MostAllocated" => Strategy::MostAllocated,
            "RequestedToCapacityRatio" => {
                Strategy::RequestedToCapacityRatio(pairs_of_numbers(&input["shape"])?)
            }
            "BalancedAllocation" => {
                return Ok(Scorer::Balanced(NodeResourcesBalancedAllocation { resources }));
            }
            other => return Err(format!("unknown strategy {other}")),
        };
        Ok(Scorer::Fit(NodeResourcesFit { strategy, resources, ..NodeResourcesFit::default() }))
    }

    fn config_errors(&self) -> Vec<ConfigError> {
        match self {
            Scorer::Fit(plugin) => plugin.config_errors(),
            Scorer::Balanced(plugin) => plugin.config_errors(),
        }
    }

    /// The scores, and whether the framework would leave the plugin out for this pod.
    fn scores(&self, pod: &PodInfo, nodes: &[NodeId], snapshot: &mut Snapshot) -> (Vec<i64>, bool) {
        match self {
            Scorer::Fit(plugin) => {
                let state = plugin.pre_score(pod, nodes, snapshot);
                let score = |id: &NodeId| {
                    let node = snapshot.node(*id);
                    state.as_ref().map_or(0, |state| plugin.score(state, node, snapshot))
                };
                (nodes.iter().map(score).collect(), state.is_none())
            }
            Scorer::Balanced(plugin) => {
                let skipped = plugin.pre_score(pod, nodes, snapshot).is_none();
                let state = plugin.state_of(pod);
                let score = |id: &NodeId| plugin.score(&state, snapshot.node(*id), snapshot);
                (nodes.iter().map(score).collect(), skipped)
            }
        }
    }
}

fn score(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    let scorer = Scorer::of(input)?;
    let errors = scorer.config_errors();
    if let Some(wanted) = expect.get("config_error") {
        let found = errors.first().map(|error| (error.field.as_str(), error.kind));
        let wanted = (text_or(wanted, "field", ""), text_or(wanted, "kind", ""));
        return same("config error", &found, &Some(wanted));
    }
    same("config errors", &errors, &Vec::new())?;
    let mut nodes = Vec::new();
    for (name, capacity) in stage::pairs(&input["nodes"]) {
        let mut node = stage::node(name, Labels::default());
        node.status.allocatable = stage::resources(capacity)?;
        node.status.capacity.clone_from(&node.status.allocatable);
        nodes.push(node);
    }
    let mut existing = Vec::new();
    for (number, pod) in (0..).zip(stage::list(&input["existing"])) {
        let node_name = stage::text(&pod[0]);
        let spec =
            PodSpec { node_name, containers: stage::containers(&pod[1])?, ..PodSpec::default() };
        existing.push(stage::pod(number, Labels::default(), spec));
    }
    let mut snapshot = stage::snapshot(nodes, existing);
    let spec = PodSpec { containers: stage::containers(&input["pod"])?, ..PodSpec::default() };
    let pod = stage::info(stage::pod(1000, Labels::default(), spec));
    let ids = snapshot.order().to_vec();
    let (scores, left_out) = scorer.scores(&pod, &ids, &mut snapshot);
    if let Some(status) = expect.get("status").and_then(Value::as_str) {
        let wanted = status != "Success";
        same(&format!("left out ({status})"), &left_out, &wanted)?;
    }
    if expect.get("scores").is_none() {
        return Ok(());
    }
    stage::same_scores(&snapshot, &ids, &scores, &expect["scores"])
}
