//! Checks that need more than one object of a file: names met twice, references into nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Manifest;
use crate::api::{Kind, Object};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::source::Place;
use crate::scenario::suggest::nearest;
use crate::texts::diagnostics::{Label, kubernetes};

/// Namespaces that every cluster has.
const SYSTEM_NAMESPACES: &[&str] = &["default", "kube-system", "kube-public", "kube-node-lease"];

/// Looks at all objects of one load together; they may stand in several files.
pub(crate) fn check_together(manifests: &[&Manifest], found: &mut Diagnostics) {
    duplicates(manifests, found);
    if !found.has_errors() {
        // A document with errors is not among the objects; what it would have brought is unknown.
        namespaces(manifests, found);
        references(manifests, found);
    }
}

/// Two objects of one kind and name: the second would silently overwrite the first.
fn duplicates(manifests: &[&Manifest], found: &mut Diagnostics) {
    let mut first: BTreeMap<(Kind, String), Place> = BTreeMap::new();
    for item in manifests.iter().flat_map(|manifest| &manifest.objects) {
        let key = (item.object.kind(), item.object.key().to_string());
        if item.object.meta().name.is_empty() {
            continue;
        }
        if let Some(place) = first.get(&key) {
            let again = Diagnostic::error(&kubernetes::DUPLICATE_OBJECT, item.place)
                .arg("kind", key.0.name())
                .arg("name", key.1)
                .also(*place, Label::FirstHere);
            found.push(again);
        } else {
            first.insert(key, item.place);
        }
    }
}

/// An object in a namespace that nobody creates is refused by the API server.
fn namespaces(manifests: &[&Manifest], found: &mut Diagnostics) {
    let objects = || manifests.iter().flat_map(|manifest| &manifest.objects);
    let known = objects().filter(|item| item.object.kind() == Kind::Namespace);
    let known: BTreeSet<&str> = known.map(|item| item.object.meta().name.as_str()).collect();
    for item in objects().filter(|item| item.object.kind().is_namespaced()) {
        let namespace = item.object.meta().namespace.as_str();
        if !SYSTEM_NAMESPACES.contains(&namespace) && !known.contains(namespace) {
            let span = item.node.at(&["metadata", "namespace"]).map(|node| node.span);
            let place = Place { span: span.unwrap_or(item.place.span), ..item.place };
            let near = nearest(namespace, known.iter().copied());
            let missing = Diagnostic::warning(&kubernetes::NAMESPACE_MISSING, place);
            found.push(missing.arg("name", namespace).suggest(near));
        }
    }
}

/// Services whose selector matches no pod of `objects`, and autoscalers without their target.
///
/// A Service and its pods may live in two files.
fn references(manifests: &[&Manifest], found: &mut Diagnostics) {
    let objects = || manifests.iter().flat_map(|manifest| &manifest.objects);
    let skipped = || manifests.iter().flat_map(|manifest| &manifest.skipped);
    for item in objects() {
        let namespace = &item.object.meta().namespace;
        match &item.object {
            Object::Service(service) if !service.spec.selector.is_empty() => {
                let mut pods = objects().filter_map(|other| template_labels(&other.object));
                let hit = pods.any(|(place, labels)| {
                    place == namespace && labels.contains_all(&service.spec.selector)
                });
                // A StatefulSet of another file may be meant; then its own warning is enough.
                let hidden =
                    skipped().any(|other| other.workload && other.namespace == **namespace);
                if !hit && !hidden {
                    let span = item
                        .node
                        .at(&["spec", "selector"])
                        .map_or(item.place.span, |node| node.span);
                    let place = Place { span, ..item.place };
                    let warning = Diagnostic::warning(&kubernetes::SERVICE_SELECTS_NOTHING, place);
                    found.push(warning.arg("name", service.metadata.name.as_str()));
                }
            }
            Object::HorizontalPodAutoscaler(scaler) => {
                let target = &scaler.spec.scale_target_ref;
                let hit = objects().any(|other| {
                    let meta = other.object.meta();
                    other.object.kind() == target.kind
                        && meta.name == target.name
                        && meta.namespace == *namespace
                });
                if !hit {
                    let path = ["spec", "scaleTargetRef", "name"];
                    let span = item.node.at(&path).map_or(item.place.span, |node| node.span);
                    let place = Place { span, ..item.place };
                    let warning = Diagnostic::warning(&kubernetes::SCALE_TARGET_MISSING, place);
                    let name = format!("{}/{}", target.kind.name(), target.name);
                    found.push(warning.arg("target", name));
                }
            }
            Object::Namespace(_)
            | Object::Node(_)
            | Object::Pod(_)
            | Object::ReplicaSet(_)
            | Object::Deployment(_)
            | Object::Service(_)
            | Object::EndpointSlice(_)
            | Object::Lease(_)
            | Object::Event(_)
            | Object::ConfigMap(_)
            | Object::Secret(_) => {}
        }
    }
}

/// Namespace and labels of the pods that an object is or makes.
fn template_labels(object: &Object) -> Option<(&str, &crate::api::Labels)> {
    let labels = if let Object::Pod(pod) = object {
        &pod.metadata.labels
    } else if let Object::Deployment(deployment) = object {
        &deployment.spec.template.metadata.labels
    } else if let Object::ReplicaSet(set) = object {
        &set.spec.template.metadata.labels
    } else {
        return None;
    };
    Some((&object.meta().namespace, labels))
}
