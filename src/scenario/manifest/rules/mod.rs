//! What the API server would not take, found in the text: one file per kind of rule.
//!
//! Rules are looked up by the name of Kubernetes' own struct (`Container`, `DeploymentSpec`), so a
//! rule about containers holds in pods, Deployments and Jobs alike. They look at the tree, not at
//! values, because they must point at words.

mod names;
mod numbers;
mod pod;
mod required;
mod secret;
mod service;
mod words;
mod workload;

pub use names::{is_dns_label, is_dns_subdomain, is_label_key, is_label_value};

use super::kinds::KindRow;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::source::Place;
use crate::scenario::tree::Node;
use crate::scenario::tree::de::Cx;
use crate::scenario::tree::path::Path;

/// Applies every rule for the struct called `owner` to its node.
pub fn check(owner: &str, node: &Node, path: &Path<'_>, cx: &mut Cx<'_>) {
    let at = At { node, path };
    required::check(owner, at, cx);
    words::check(owner, at, cx);
    numbers::check(owner, at, cx);
    names::check(owner, at, cx);
    match owner {
        "PodSpec" => pod::spec(at, cx),
        "Container" => pod::container(at, cx),
        "Probe" => pod::probe(at, cx),
        "DeploymentSpec" | "ReplicaSetSpec" | "StatefulSetSpec" | "DaemonSetSpec" => {
            workload::selector(at, cx);
            workload::restart_policy(owner, at, cx);
        }
        "RollingUpdateDeployment" => workload::rolling_update(at, cx),
        "HorizontalPodAutoscalerSpec" => workload::autoscaler(at, cx),
        "Secret" => secret::data(at, cx),
        "ServiceSpec" => service::spec(at, cx),
        _ => {}
    }
}

/// The name of the whole object: present, and of the form its kind wants.
pub(super) fn object_name(row: &KindRow, root: &Node, cx: &mut Cx<'_>) {
    names::object_name(row, root, cx);
}

/// A struct and the way to it.
#[derive(Clone, Copy)]
struct At<'a> {
    node: &'a Node,
    path: &'a Path<'a>,
}

impl At<'_> {
    /// Where the value under `key` stands.
    fn place(&self, cx: &Cx<'_>, key: &str) -> Place {
        cx.place(self.node.get(key).map_or(self.node.span, |node| node.span))
    }

    /// Where the key `key` stands.
    fn key_place(&self, cx: &Cx<'_>, key: &str) -> Place {
        cx.place(self.node.entry(key).map_or(self.node.span, |entry| entry.key_span))
    }
}

/// Keeps a finding.
fn push(cx: &mut Cx<'_>, found: Diagnostic) {
    cx.found.push(found);
}
