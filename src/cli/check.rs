//! `prova check`: reads and checks, plays nothing.

use serde_json::json;

use crate::texts::Key as _;
use crate::texts::cli::Talk;

use super::exit::Exit;
use super::screen::Screen;
use super::stage::{Staged, load_given};
use super::wishes::CheckWishes;

/// Checks what a person named: scenarios one by one, manifests together.
pub(super) fn check(wishes: &CheckWishes, screen: &mut Screen) -> Exit {
    let is_scenario = |name: &&String| name.ends_with(".ron");
    let scenarios: Vec<Vec<String>> =
        wishes.files.iter().filter(is_scenario).map(|name| vec![name.clone()]).collect();
    let rest: Vec<String> =
        wishes.files.iter().filter(|name| !is_scenario(name)).cloned().collect();
    let mut worst = Exit::Fine;
    for files in scenarios.into_iter().chain((!rest.is_empty()).then_some(rest)) {
        match load_given(&files, &crate::scenario::Overrides::default(), wishes.json, screen) {
            Ok(staged) => fine(&staged, wishes.json, screen),
            Err(exit) => worst = worst.max(exit),
        }
    }
    worst
}

fn fine(staged: &Staged, as_json: bool, screen: &mut Screen) {
    let (lang, plan) = (screen.lang, &staged.plan);
    let file = staged.names.join(", ");
    if as_json {
        let value = json!({
            "schema": "prova.check/1", "files": staged.names, "ok": true, "title": plan.title,
            "nodes": plan.cluster.nodes.len(), "objects": plan.objects.len(),
            "steps": plan.steps.len(), "expectations": plan.expect.len(),
            "remarks": staged.remarks,
        });
        screen.line(&value.to_string());
        return;
    }
    let args = [
        ("file", file),
        ("nodes", plan.cluster.nodes.len().to_string()),
        ("objects", plan.objects.len().to_string()),
        ("steps", plan.steps.len().to_string()),
        ("expects", plan.expect.len().to_string()),
    ];
    screen.line(&Talk::CheckedScenario.fill(lang, &args));
    for remark in &staged.remarks {
        screen.line(&format!("  {remark}"));
    }
}
