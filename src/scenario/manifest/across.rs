//! Checks that need more than one object of a file: names met twice, references into nothing.

use std::collections::BTreeMap;

use super::document::Manifest;
use crate::api::{Kind, Object};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::source::Place;
use crate::texts::diagnostics::{Label, kubernetes};

/// Looks at all objects of one file together.
pub(super) fn check(manifest: &Manifest, found: &mut Diagnostics) {
    duplicates(manifest, found);
}

/// Two objects of one kind and name: the second would silently overwrite the first.
fn duplicates(manifest: &Manifest, found: &mut Diagnostics) {
    let mut first: BTreeMap<(Kind, String), Place> = BTreeMap::new();
    for item in &manifest.objects {
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

/// Services whose selector matches no pod of `objects`, and autoscalers without their target.
///
/// Called once all files of a load are read, because a Service and its pods may live in two files.
pub(crate) fn references(manifests: &[&Manifest], found: &mut Diagnostics) {
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
