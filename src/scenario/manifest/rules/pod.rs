//! Rules of pods: containers, ports, resources, probes.

use std::collections::BTreeMap;

use super::{At, Cx, push};
use crate::api::Quantity;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::source::Span;
use crate::scenario::tree::{Node, Value};
use crate::texts::diagnostics::{CodeText, Label, kubernetes};

/// The handlers of a probe, of which exactly one must be there.
const HANDLERS: &[&str] = &["exec", "httpGet", "tcpSocket", "grpc"];

/// Names of containers and volumes are unique, every mount has its volume.
pub(super) fn spec(at: At<'_>, cx: &mut Cx<'_>) {
    let lists = ["containers", "initContainers"].map(|field| at.node.get(field));
    let containers = || lists.iter().flatten().flat_map(|node| node.items());
    unique(containers(), "name", &kubernetes::DUPLICATE_CONTAINER, cx);
    let volumes = at.node.get("volumes").map(Node::items).unwrap_or_default();
    unique(volumes.iter(), "name", &kubernetes::DUPLICATE_VOLUME, cx);
    let known: Vec<&str> = volumes.iter().filter_map(|node| node.get("name")?.text()).collect();
    for mount in
        containers().flat_map(|node| node.get("volumeMounts").map(Node::items).unwrap_or_default())
    {
        let Some(name) = mount.get("name") else { continue };
        let Some(text) = name.text().filter(|text| !known.contains(text)) else { continue };
        // A StatefulSet's claim templates are volumes too, but stand outside the pod's spec.
        let in_stateful_set = at.path.to_string() == "spec.template.spec"
            && cx.file.text.contains("volumeClaimTemplates");
        if !in_stateful_set {
            let near = crate::scenario::suggest::nearest(text, known.iter().copied());
            let bad = Diagnostic::error(&kubernetes::UNKNOWN_VOLUME, cx.place(name.span));
            push(cx, bad.arg("name", text).suggest(near));
        }
    }
}

/// Port names are unique; no request exceeds its limit.
pub(super) fn container(at: At<'_>, cx: &mut Cx<'_>) {
    let ports = at.node.get("ports").map(Node::items).unwrap_or_default();
    unique(ports.iter(), "name", &kubernetes::DUPLICATE_PORT_NAME, cx);
    let resources =
        |field| at.node.at(&["resources", field]).map(Node::entries).unwrap_or_default();
    for request in resources("requests") {
        let limit = resources("limits").iter().find(|limit| limit.key == request.key);
        let Some(limit) = limit else { continue };
        let (Some(asked), Some(most)) = (amount(&request.value), amount(&limit.value)) else {
            continue;
        };
        if asked > most {
            let path = at.path.key("resources");
            let path = path.key("requests");
            let over =
                Diagnostic::error(&kubernetes::REQUEST_OVER_LIMIT, cx.place(request.value.span))
                    .arg("path", path.key(&request.key).to_string())
                    .arg("request", asked.to_string())
                    .arg("limit", most.to_string())
                    .also(cx.place(limit.value.span), Label::LimitHere);
            push(cx, over);
        }
    }
}

/// Exactly one way to ask.
pub(super) fn probe(at: At<'_>, cx: &mut Cx<'_>) {
    let handlers = at.node.entries().iter().filter(|entry| HANDLERS.contains(&entry.key.as_str()));
    let spans: Vec<Span> = handlers.map(|entry| entry.key_span).collect();
    let path = at.path.to_string();
    if spans.is_empty() {
        let head = at.node.entries().first().map_or(at.node.span, |entry| entry.key_span);
        let bad = Diagnostic::error(&kubernetes::PROBE_WITHOUT_HANDLER, cx.place(head));
        push(cx, bad.arg("path", path));
    } else if let [first, second, ..] = spans.as_slice() {
        let bad = Diagnostic::error(&kubernetes::PROBE_WITH_TWO_HANDLERS, cx.place(*second));
        let first = cx.place(*first);
        push(cx, bad.arg("path", path).also(first, Label::FirstHere));
    }
}

/// Reports the second and later items with the same text under `field`.
pub(super) fn unique<'a>(
    items: impl Iterator<Item = &'a Node>,
    field: &str,
    code: &'static CodeText,
    cx: &mut Cx<'_>,
) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let mut named: Vec<&Node> = items.filter_map(|item| item.get(field)).collect();
    named.sort_by_key(|node| node.span.start);
    for node in named {
        let Some(text) = node.text() else { continue };
        if let Some(span) = first.get(text) {
            let again = Diagnostic::error(code, cx.place(node.span));
            let place = cx.place(*span);
            push(cx, again.arg("name", text).also(place, Label::FirstHere));
        } else {
            first.insert(text, node.span);
        }
    }
}

/// A quantity, written as text or number.
fn amount(node: &Node) -> Option<Quantity> {
    match &node.value {
        Value::Str(text) => text.parse().ok(),
        Value::Int(number) => number.to_string().parse().ok(),
        Value::Float(number) => number.to_string().parse().ok(),
        Value::Null
        | Value::Bool(_)
        | Value::Seq(_)
        | Value::Map(_)
        | Value::Word(_)
        | Value::Tuple(..)
        | Value::Fields(..) => None,
    }
}
