//! Nodes, pods and snapshots out of the short forms that scheduler cases use.

use std::sync::Arc;

use prova::api::node_selector::FieldError;
use prova::api::pod::{
    Affinity, NodeAffinity, NodeSelector, NodeSelectorTerm, PreferredSchedulingTerm,
    ResourceRequirements,
};
use prova::api::{
    Container, Labels, Node, ObjectMeta, Operator, Pod, PodSpec, Quantity, Requirement,
    ResourceList, Str, Taint, TaintEffect, Toleration, Uid,
};
use prova::scheduler::node_info::PodInfo;
use prova::scheduler::snapshot::Snapshot;
use serde_json::Value;

/// The elements of a JSON array; none for anything else.
pub(crate) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The pairs of a JSON object; none for anything else.
pub(crate) fn pairs(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A text; empty for anything else.
pub(crate) fn text(value: &Value) -> Str {
    value.as_str().unwrap_or("").into()
}

/// A whole number.
pub(crate) fn number(value: &Value) -> Result<i64, String> {
    value.as_i64().ok_or_else(|| format!("not a whole number: {value}"))
}

/// Labels from an object of texts.
pub(crate) fn labels(value: &Value) -> Labels {
    pairs(value).map(|(key, value)| (key.as_str(), text(value))).collect()
}

/// A quantity from a text or a number.
pub(crate) fn quantity(value: &Value) -> Result<Quantity, String> {
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    written.parse().map_err(|e| format!("{written}: {e}"))
}

/// A resource list; `cpu_m` means millicores.
pub(crate) fn resources(value: &Value) -> Result<ResourceList, String> {
    let one = |(name, amount): (&String, &Value)| match name.as_str() {
        "cpu_m" => Ok(("cpu".into(), Quantity::from_milli(number(amount)?))),
        name => Ok((name.into(), quantity(amount)?)),
    };
    pairs(value).map(one).collect()
}

/// Containers from a list of request lists.
pub(crate) fn containers(value: &Value) -> Result<Arc<[Container]>, String> {
    let one = |requests: &Value| {
        let restart = requests.get("restartPolicy").or_else(|| requests.get("restart_policy"));
        let sidecar = restart.is_some() || requests["sidecar"] == Value::Bool(true);
        let mut requests = resources(requests.get("requests").unwrap_or(requests))?;
        requests.retain(|name, _| !matches!(name.as_str(), "restartPolicy" | "sidecar"));
        Ok(Container {
            resources: ResourceRequirements { requests, ..ResourceRequirements::default() },
            restart_policy: sidecar.then_some(prova::api::pod::RestartPolicy::Always),
            ..Container::default()
        })
    };
    let all: Result<Vec<Container>, String> = list(value).map(one).collect();
    Ok(all?.into())
}

/// A node with a name and labels.
pub(crate) fn node(name: &str, labels: Labels) -> Node {
    let metadata = ObjectMeta { name: name.into(), labels, ..ObjectMeta::default() };
    Node { metadata, ..Node::default() }
}

/// A pod with a running number for its uid.
pub(crate) fn pod(number: u64, labels: Labels, spec: PodSpec) -> Pod {
    let name = format!("pod-{number}").into();
    let metadata = ObjectMeta { name, labels, uid: Uid(number + 1), ..ObjectMeta::default() };
    Pod { metadata, spec, ..Pod::default() }
}

/// A pod as the scheduler reads it.
pub(crate) fn info(pod: Pod) -> PodInfo {
    PodInfo::of(Arc::new(pod))
}

/// A snapshot of nodes and of pods that name their nodes.
pub(crate) fn snapshot(nodes: Vec<Node>, pods: Vec<Pod>) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for node in nodes {
        snapshot.set_node(Arc::new(node));
    }
    for pod in pods {
        snapshot.set_pod(Arc::new(pod));
    }
    snapshot.order();
    snapshot
}

/// Taints as `[key, value, effect]`.
pub(crate) fn taints(value: &Value) -> Result<Vec<Taint>, String> {
    let one = |taint: &Value| {
        let effect = effect(&taint[2])?.ok_or("a taint without an effect")?;
        Ok(Taint { key: text(&taint[0]), value: text(&taint[1]), effect, time_added: None })
    };
    list(value).map(one).collect()
}

fn effect(value: &Value) -> Result<Option<TaintEffect>, String> {
    match value.as_str().unwrap_or("") {
        "" => Ok(None),
        "NoSchedule" => Ok(Some(TaintEffect::NoSchedule)),
        "PreferNoSchedule" => Ok(Some(TaintEffect::PreferNoSchedule)),
        "NoExecute" => Ok(Some(TaintEffect::NoExecute)),
        other => Err(format!("unknown effect {other}")),
    }
}

/// Tolerations with `key`, `op`, `value`, `effect`.
pub(crate) fn tolerations(value: &Value) -> Result<Vec<Toleration>, String> {
    let one = |toleration: &Value| {
        Ok(Toleration {
            key: text(&toleration["key"]),
            operator: text(&toleration["op"]),
            value: text(&toleration["value"]),
            effect: effect(&toleration["effect"])?,
            toleration_seconds: None,
        })
    };
    list(value).map(one).collect()
}

/// One requirement from its parts. An operator that nobody knows is an error at its field.
pub(crate) fn requirement(
    parts: (&Value, &Value, &Value),
    path: &str,
) -> Result<Requirement, FieldError> {
    let (key, operator, values) = parts;
    let operator = Operator::named(operator.as_str().unwrap_or(""))
        .ok_or_else(|| prova::api::node_selector::unsupported_operator(path))?;
    Ok(Requirement { key: text(key), operator, values: list(values).map(text).collect() })
}

/// A term with `expressions` and `fields`, each `[key, operator, values]`.
pub(crate) fn term(value: &Value) -> Result<NodeSelectorTerm, String> {
    let all = |part: &Value| -> Result<Vec<Requirement>, String> {
        let one = |item: &Value| requirement((&item[0], &item[1], &item[2]), "");
        list(part).map(|item| one(item).map_err(|e| format!("{e:?}"))).collect()
    };
    let (match_expressions, match_fields) = (all(&value["expressions"])?, all(&value["fields"])?);
    Ok(NodeSelectorTerm { match_expressions, match_fields })
}

/// A list of terms; `null` or nothing is no selector at all.
pub(crate) fn selector(value: Option<&Value>) -> Result<Option<NodeSelector>, String> {
    let Some(terms) = value.filter(|value| value.is_array()) else { return Ok(None) };
    let node_selector_terms = list(terms).map(term).collect::<Result<_, _>>()?;
    Ok(Some(NodeSelector { node_selector_terms }))
}

/// Preferred terms as `[weight, term]`.
pub(crate) fn preferred(value: &Value) -> Result<Vec<PreferredSchedulingTerm>, String> {
    let one = |item: &Value| {
        let weight = i32::try_from(number(&item[0])?).map_err(|e| e.to_string())?;
        Ok(PreferredSchedulingTerm { weight, preference: term(&item[1])? })
    };
    list(value).map(one).collect()
}

/// A pod's affinity out of a required and a preferred part.
pub(crate) fn affinity(
    required: Option<NodeSelector>,
    preferred: Vec<PreferredSchedulingTerm>,
) -> Arc<Affinity> {
    let node_affinity = NodeAffinity {
        required_during_scheduling_ignored_during_execution: required,
        preferred_during_scheduling_ignored_during_execution: preferred,
    };
    let node_affinity = Some(node_affinity);
    Arc::new(Affinity { node_affinity })
}

/// Compares scores by node with those that a case expects.
pub(crate) fn same_scores(
    snapshot: &Snapshot,
    nodes: &[prova::scheduler::node_info::NodeId],
    scores: &[i64],
    expect: &Value,
) -> Result<(), String> {
    let named = nodes.iter().map(|id| snapshot.node(*id).name.to_string());
    let got: std::collections::BTreeMap<String, i64> = named.zip(scores.iter().copied()).collect();
    let mut want = std::collections::BTreeMap::new();
    for (name, score) in pairs(expect) {
        want.insert(name.clone(), number(score)?);
    }
    super::case::same("scores", &got, &want)
}
