//! `k8s/topology_spread`: how pods spread.

use std::collections::BTreeMap;

use prova::api::meta::Time;
use prova::api::pod::{NodeSelector, NodeSelectorTerm, PodSpec, TopologySpreadConstraint};
use prova::api::{LabelSelector, Node, ObjectKey, Operator, Pod, Requirement, Service, Str};
use prova::scheduler::framework::{FilterPlugin, PreFiltered, ScorePlugin};
use prova::scheduler::node_info::NodeId;
use prova::scheduler::plugins::pod_topology_spread::{FilterState, PodTopologySpread};
use prova::scheduler::snapshot::Snapshot;
use serde_json::Value;

use super::case::{Case, same, text_or};
use super::stage;

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let input = case.input();
    let mut snapshot = stage(input)?;
    let pod = stage::info(pod(&input["pod"])?);
    let plugin = PodTopologySpread::default();
    let ids = candidates(input, &snapshot)?;
    match case.kind() {
        "filter" => {
            let state = filter_state(plugin.pre_filter(&pod, &mut snapshot))?;
            let mut got = BTreeMap::new();
            for id in ids {
                let node = snapshot.node(id);
                let verdict =
                    state.as_ref().map_or(Ok(()), |state| plugin.filter(state, &pod, node));
                let code = verdict.map_or_else(|rejection| rejection.code(), |()| "Success");
                got.insert(node.name.to_string(), code.to_owned());
            }
            let want = stage::pairs(&case.expect()["status"])
                .map(|(name, code)| (name.clone(), stage::text(code).to_string()))
                .collect();
            same("status", &got, &want)
        }
        "prefilter" => {
            let state = filter_state(plugin.pre_filter(&pod, &mut snapshot))?;
            let counts = state.map(|state| state.counts(snapshot.topology())).unwrap_or_default();
            same_counts(&counts, case.expect())
        }
        "score" => {
            let mut scores = vec![0; ids.len()];
            if let Some(state) = plugin.pre_score(&pod, &ids, &mut snapshot) {
                let score = |id| plugin.score(&state, snapshot.node(id), &snapshot);
                scores = ids.iter().copied().map(score).collect();
                plugin.normalize(&state, &mut scores);
            }
            stage::same_scores(&snapshot, &ids, &scores, &case.expect()["scores"])
        }
        _ => case.unknown_kind(),
    }
}

fn filter_state(filtered: PreFiltered<FilterState>) -> Result<Option<FilterState>, String> {
    match filtered {
        PreFiltered::Skip => Ok(None),
        PreFiltered::Ready(state) | PreFiltered::Only(state, _) => Ok(Some(state)),
        PreFiltered::Rejected(rejection) => Err(format!("{rejection:?}")),
    }
}

fn same_counts(counts: &[(BTreeMap<Str, i64>, [i64; 2])], expect: &Value) -> Result<(), String> {
    let mut wanted = Vec::new();
    for one in stage::list(&expect["counts"]) {
        let mut values = BTreeMap::new();
        for (value, pods) in stage::pairs(one) {
            values.insert(Str::from(value.as_str()), stage::number(pods)?);
        }
        wanted.push(values);
    }
    let found: Vec<_> = counts.iter().map(|(values, _)| values.clone()).collect();
    same("counts", &found, &wanted)?;
    for (pair, (_, found)) in stage::list(&expect["min_two"]).zip(counts) {
        for (want, got) in stage::list(pair).zip(found) {
            // No second domain: upstream shows the greatest 32-bit number there.
            same("least counts", got, &want.as_i64().unwrap_or(i64::from(i32::MAX)))?;
        }
    }
    Ok(())
}

fn candidates(input: &Value, snapshot: &Snapshot) -> Result<Vec<NodeId>, String> {
    let names = stage::pairs(&input["nodes"]).map(|(name, _)| name);
    names.map(|name| Ok(snapshot.find(name).ok_or("a node is missing")?.id)).collect()
}

/// Nodes, the other nodes, the existing pods, and a Service for pods without constraints.
fn stage(input: &Value) -> Result<Snapshot, String> {
    let mut nodes: Vec<Node> = Vec::new();
    for (name, value) in stage::pairs(&input["nodes"]).chain(stage::pairs(&input["other_nodes"])) {
        let mut node = stage::node(name, stage::labels(&value["labels"]));
        node.spec.taints = stage::taints(&value["taints"])?;
        nodes.push(node);
    }
    let mut pods = Vec::new();
    for (number, existing) in (0..).zip(stage::list(&input["existing"])) {
        let spec = PodSpec { node_name: stage::text(&existing[0]), ..PodSpec::default() };
        let mut pod = stage::pod(number, stage::labels(&existing[1]), spec);
        pod.metadata.namespace = stage::text(&existing[2]["namespace"]);
        if existing[2]["terminating"] == Value::Bool(true) {
            pod.metadata.deletion_timestamp = Some(Time::default());
        }
        pods.push(pod);
    }
    let mut snapshot = stage::snapshot(nodes, pods);
    if stage::list(&input["pod"]["constraints"]).next().is_none() {
        // The system's defaults hold for pods of a Service; the tests' Service selects the pod.
        let mut service = Service::default();
        service.spec.selector = stage::labels(&input["pod"]["labels"]);
        snapshot.selectors.set_service(&ObjectKey::new("", "s"), Some(&service));
    }
    Ok(snapshot)
}

fn pod(input: &Value) -> Result<Pod, String> {
    let constraints: Result<Vec<_>, String> =
        stage::list(&input["constraints"]).map(constraint).collect();
    let mut expressions = Vec::new();
    for item in stage::list(&input["nodeAffinity"]) {
        let parts = (&item["key"], &item["op"], &item["values"]);
        expressions.push(stage::requirement(parts, "").map_err(|e| format!("{e:?}"))?);
    }
    let term = NodeSelectorTerm { match_expressions: expressions, match_fields: Vec::new() };
    let required =
        input.get("nodeAffinity").map(|_| NodeSelector { node_selector_terms: vec![term] });
    let spec = PodSpec {
        topology_spread_constraints: constraints?.into(),
        node_selector: stage::labels(&input["nodeSelector"]),
        affinity: required.map(|required| stage::affinity(Some(required), Vec::new())),
        tolerations: stage::tolerations(&input["tolerations"])?.into(),
        ..PodSpec::default()
    };
    let mut pod = stage::pod(1000, stage::labels(&input["labels"]), spec);
    pod.metadata.namespace = stage::text(&input["namespace"]);
    Ok(pod)
}

fn constraint(value: &Value) -> Result<TopologySpreadConstraint, String> {
    let whole = |value: &Value| i32::try_from(stage::number(value)?).map_err(|e| e.to_string());
    let policy = |field: &str| value.get(field).and_then(Value::as_str).map(Str::from);
    let min_domains = value.get("minDomains").filter(|v| !v.is_null()).map(whole);
    Ok(TopologySpreadConstraint {
        max_skew: whole(&value["maxSkew"])?,
        topology_key: text_or(value, "key", "").into(),
        when_unsatisfiable: text_or(value, "when", "").into(),
        label_selector: label_selector(&value["selector"])?,
        min_domains: min_domains.transpose()?,
        node_affinity_policy: policy("nodeAffinityPolicy"),
        node_taints_policy: policy("nodeTaintsPolicy"),
        match_label_keys: stage::list(&value["matchLabelKeys"]).map(stage::text).collect(),
    })
}

fn label_selector(value: &Value) -> Result<Option<LabelSelector>, String> {
    if !value.is_object() {
        return Ok(None);
    }
    let mut selector = LabelSelector::of(stage::labels(&value["matchLabels"]));
    let keys = match &value["matchExists"] {
        Value::Array(keys) => keys.iter().map(stage::text).collect(),
        Value::String(key) => vec![key.as_str().into()],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    for key in keys {
        let operator = Operator::Exists;
        selector.match_expressions.push(Requirement { key, operator, values: Vec::new() });
    }
    for item in stage::list(&value["matchExpressions"]) {
        let (key, op, values) = if item.is_array() {
            (&item[0], &item[1], &item[2])
        } else {
            (&item["key"], item.get("op").unwrap_or(&item["operator"]), &item["values"])
        };
        let wanted = stage::requirement((key, op, values), "").map_err(|e| format!("{e:?}"))?;
        selector.match_expressions.push(wanted);
    }
    Ok(Some(selector))
}
