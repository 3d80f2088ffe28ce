//! Rules of controllers that make pods, and of the autoscaler.

use super::{At, Cx, push};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::tree::Node;
use crate::texts::diagnostics::{Label, kubernetes};

/// The selector must match the labels of the template, or the controller would make pods for ever.
pub(super) fn selector(at: At<'_>, cx: &mut Cx<'_>) {
    let Some(selector) = at.node.get("selector") else { return };
    let wanted = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    if wanted.is_empty() && expressions.is_empty() && !selector.entries().is_empty() {
        let empty = Diagnostic::error(&kubernetes::EMPTY_SELECTOR, at.key_place(cx, "selector"));
        return push(cx, empty.arg("path", at.path.key("selector").to_string()));
    }
    let Some(template) = at.node.get("template") else { return };
    let labels = template.at(&["metadata", "labels"]);
    let there = labels.map(Node::entries).unwrap_or_default();
    for entry in wanted {
        let hit = there.iter().find(|label| label.key == entry.key);
        let (Some(want), have) = (entry.value.text(), hit.and_then(|label| label.value.text()))
        else {
            continue;
        };
        if have == Some(want) {
            continue;
        }
        let template_key = at.node.entry("template").map_or(at.node.span, |entry| entry.key_span);
        let place = hit.map(|label| label.value.span).or(labels.map(|node| node.span));
        let place = cx.place(place.unwrap_or(template_key));
        let mismatch =
            Diagnostic::error(&kubernetes::SELECTOR_MISMATCH, cx.place(entry.value.span))
                .arg("label", format!("{}={want}", entry.key))
                .also(first_line(cx, place), Label::LabelsHere);
        push(cx, mismatch);
    }
}

fn first_line(
    cx: &Cx<'_>,
    mut place: crate::scenario::source::Place,
) -> crate::scenario::source::Place {
    let text = cx.file.slice(place.span);
    let length = text.find('\n').unwrap_or(text.len());
    place.span.end = place.span.start + length;
    place
}

/// Pods of these controllers must be restarted always.
pub(super) fn restart_policy(owner: &str, at: At<'_>, cx: &mut Cx<'_>) {
    let path = ["template", "spec", "restartPolicy"];
    let Some(node) = at.node.at(&path) else { return };
    if matches!(node.text(), Some("OnFailure" | "Never")) {
        let bad = Diagnostic::error(&kubernetes::RESTART_POLICY, cx.place(node.span))
            .arg("kind", owner.trim_end_matches("Spec"))
            .arg("found", node.text().unwrap_or_default());
        push(cx, bad);
    }
}

/// With nothing above and nothing below the wanted number, an update could not move.
pub(super) fn rolling_update(at: At<'_>, cx: &mut Cx<'_>) {
    let zero = |field: &str| {
        at.node.get(field).is_some_and(|node| {
            node.int() == Some(0)
                || node.text().is_some_and(|text| text.trim_start_matches('0') == "%")
        })
    };
    if zero("maxSurge") && zero("maxUnavailable") {
        let place = at.place(cx, "maxUnavailable");
        let other = at.place(cx, "maxSurge");
        let stuck = Diagnostic::error(&kubernetes::ROLLING_UPDATE_STUCK, place);
        push(cx, stuck.also(other, Label::OtherHere));
    }
}

/// The lower bound must not exceed the upper one.
pub(super) fn autoscaler(at: At<'_>, cx: &mut Cx<'_>) {
    let number = |field: &str| at.node.get(field).and_then(Node::int);
    let (Some(min), Some(max)) = (number("minReplicas"), number("maxReplicas")) else { return };
    if min > max {
        let bad = Diagnostic::error(&kubernetes::MIN_OVER_MAX, at.place(cx, "minReplicas"))
            .arg("min", min.to_string())
            .arg("max", max.to_string());
        let limit = at.place(cx, "maxReplicas");
        push(cx, bad.also(limit, Label::LimitHere));
    }
}
