//! Rules of Services.

use super::{At, Cx, pod, push};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::tree::Node;
use crate::texts::diagnostics::kubernetes;

/// The range of node ports (`--service-node-port-range`).
/// Source: kubernetes/kubernetes:pkg/kubeapiserver/options/options.go
const NODE_PORTS: std::ops::RangeInclusive<i128> = 30_000..=32_767;

/// Ports: at least one unless headless or an alias, several must have names, names are unique.
pub(super) fn spec(at: At<'_>, cx: &mut Cx<'_>) {
    let ports = at.node.get("ports").map(Node::items).unwrap_or_default();
    let text = |field: &str| at.node.get(field).and_then(Node::text);
    let headless = text("clusterIP") == Some("None");
    let alias = text("type") == Some("ExternalName");
    if ports.is_empty() && !headless && !alias {
        let head = at.node.entries().first().map_or(at.node.span, |entry| entry.key_span);
        let none = Diagnostic::error(&kubernetes::SERVICE_WITHOUT_PORTS, cx.place(head));
        push(cx, none);
    }
    if alias && text("externalName").is_none() {
        let place = at.place(cx, "type");
        push(cx, Diagnostic::error(&kubernetes::EXTERNAL_NAME_MISSING, place));
    }
    if ports.len() > 1 {
        for port in ports.iter().filter(|port| port.get("name").is_none()) {
            let head = port.entries().first().map_or(port.span, |entry| entry.key_span);
            push(cx, Diagnostic::error(&kubernetes::PORT_NEEDS_NAME, cx.place(head)));
        }
    }
    pod::unique(ports.iter(), "name", &kubernetes::DUPLICATE_PORT_NAME, cx);
    for node in ports.iter().filter_map(|port| port.get("nodePort")) {
        let outside =
            node.int().filter(|port| (1..=65_535).contains(port) && !NODE_PORTS.contains(port));
        if let Some(port) = outside {
            let bad = Diagnostic::error(&kubernetes::NODE_PORT_RANGE, cx.place(node.span));
            push(cx, bad.arg("found", port.to_string()));
        }
    }
}
