//! `k8s/taints`: who puts up with what.

use std::sync::Arc;

use prova::api::pod::PodSpec;
use prova::api::toleration::find_untolerated;
use prova::api::{Labels, Pod, Taint};
use prova::scheduler::framework::{FilterPlugin, ScorePlugin};
use prova::scheduler::plugins::taint_toleration::TaintToleration;

use super::case::{Case, same, text_or};
use super::stage;

/// Runs one case.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let (input, expect) = (case.input(), case.expect());
    let tolerations = stage::tolerations(&input["tolerations"])?;
    let comparison = text_or(input, "gate", "") == "TaintTolerationComparisonOperators";
    let plugin = TaintToleration { comparison_operators: comparison };
    let pod = |tolerations| -> Pod {
        let spec = PodSpec { tolerations, ..PodSpec::default() };
        stage::pod(1, Labels::default(), spec)
    };
    match case.kind() {
        "filter" => {
            let mut node = stage::node("node", Labels::default());
            node.spec.taints = stage::taints(&input["taints"])?;
            let mut snapshot = stage::snapshot(vec![node], Vec::new());
            let id = snapshot.order()[0];
            let pod = stage::info(pod(Arc::from(tolerations)));
            let verdict = plugin.filter(&(), &pod, snapshot.node(id));
            if let Err(rejection) = &verdict {
                same("code", &rejection.code(), &"UnschedulableAndUnresolvable")?;
            }
            same("fits", &Some(verdict.is_ok()), &expect["fits"].as_bool())
        }
        "score" => {
            let mut nodes = Vec::new();
            for (name, taints) in stage::pairs(&input["nodes"]) {
                let mut node = stage::node(name, Labels::default());
                node.spec.taints = stage::taints(taints)?;
                nodes.push(node);
            }
            let mut snapshot = stage::snapshot(nodes, Vec::new());
            let ids = snapshot.order().to_vec();
            let pod = stage::info(pod(Arc::from(tolerations)));
            let state = plugin.pre_score(&pod, &ids, &mut snapshot).ok_or("left out")?;
            let score = |id| plugin.score(&state, snapshot.node(id), &snapshot);
            let mut scores: Vec<i64> = ids.iter().copied().map(score).collect();
            plugin.normalize(&state, &mut scores);
            stage::same_scores(&snapshot, &ids, &scores, &expect["scores"])
        }
        "find_untolerated" => {
            let taints = stage::taints(&input["taints"])?;
            let considered = text_or(input, "considered", "all");
            let admit = |taint: &Taint| match considered.split_once('=') {
                None => considered != "none",
                Some((_, effect)) => taint.effect.name() == effect,
            };
            let found = find_untolerated(&taints, &tolerations, comparison, admit);
            same("all tolerated", &Some(found.is_none()), &expect["all_tolerated"].as_bool())
        }
        _ => case.unknown_kind(),
    }
}
