//! From Kubernetes' JSON to Prova's own objects, keeping a list of what falls away.

use serde_json::{Value as Json, json};

use super::kinds::KindRow;
use crate::api::{Kind, Object};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::source::{FileId, Place, Span};
use crate::scenario::tree::Node;
use crate::texts::diagnostics::shape;

/// At most this many paths are spelled out in the note; the rest is a number.
const PATHS_SHOWN: usize = 12;

/// Metadata that the API server writes itself and a manifest need not carry.
///
/// Owners are among them: their uids belong to the cluster that an object was copied from, and the
/// garbage collector of this one would delete what belongs to owners that it does not know.
const SERVER_METADATA: &[&str] = &[
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "ownerReferences",
    "selfLink",
];

/// Why an object of a simulated kind did not become one.
pub(super) enum Refused {
    /// It needs something that is not simulated.
    NotSimulated,
    /// Prova's own types could not take it.
    Unreadable(String),
}

/// The fields of one file that Kubernetes knows and Prova does not simulate.
#[derive(Default)]
pub(super) struct Ignored {
    paths: Vec<String>,
    first: Option<Span>,
}

impl Ignored {
    fn add(&mut self, kind: Kind, path: &str, root: &Node) {
        let known = format!("{}.{}", kind.name(), path);
        if self.paths.contains(&known) {
            return;
        }
        if self.first.is_none() {
            let keys: Vec<&str> = path.split('.').collect();
            self.first = root.entry(keys[0]).map(|entry| place_of(entry, &keys[1..]));
        }
        self.paths.push(known);
    }

    /// One note that lists every path once.
    pub(super) fn into_note(self, file: FileId) -> Option<Diagnostic> {
        let span = self.first.filter(|_| !self.paths.is_empty())?;
        let count = self.paths.len();
        let mut fields = self.paths[..count.min(PATHS_SHOWN)].join(", ");
        if count > PATHS_SHOWN {
            fields.push_str(&format!(" … (+{})", count - PATHS_SHOWN));
        }
        let note = Diagnostic::note(&shape::FIELDS_NOT_SIMULATED, Place { file, span });
        Some(note.arg("count", count.to_string()).arg("fields", fields))
    }
}

/// The place of the key at the end of a path; list steps (`containers[]`) enter the first item.
fn place_of(entry: &crate::scenario::tree::Entry, rest: &[&str]) -> Span {
    let Some((next, rest)) = rest.split_first() else { return entry.key_span };
    let key = next.trim_end_matches("[]");
    let items = entry.value.items();
    let owner = items.iter().find(|item| item.entry(key).is_some()).unwrap_or(&entry.value);
    owner.entry(key).map_or(entry.key_span, |entry| place_of(entry, rest))
}

/// Makes the object; paths that have no place in it go to `ignored`.
pub(super) fn object(
    kind: Kind,
    (row, mut json): (&KindRow, Json),
    (root, _file): (&Node, FileId),
    ignored: &mut Ignored,
) -> Result<Object, Refused> {
    prepare(kind, row, &mut json)?;
    let mut paths: Vec<String> = Vec::new();
    let result = {
        let mut note = |path: serde_ignored::Path<'_>| paths.push(path.to_string());
        let from = serde_ignored::Deserializer::new(json, &mut note);
        Object::deserialize_as(kind, from)
    };
    for path in paths {
        let path = without_indexes(&path);
        if !matches!(path.as_str(), "apiVersion" | "kind") && !is_probe_handler(&path) {
            ignored.add(kind, &path, root);
        }
    }
    result.map_err(|error| Refused::Unreadable(error.to_string()))
}

/// How a probe asks is no missing feature: the probe is simulated, whatever it asks.
fn is_probe_handler(path: &str) -> bool {
    let mut parts = path.rsplit('.');
    let handler = matches!(parts.next(), Some("httpGet" | "tcpSocket" | "exec" | "grpc"));
    handler && parts.next().is_some_and(|owner| owner.ends_with("Probe"))
}

/// Brings the JSON into the form Prova's types expect.
fn prepare(kind: Kind, row: &KindRow, json: &mut Json) -> Result<(), Refused> {
    if let Some(meta) = json.get_mut("metadata").and_then(Json::as_object_mut) {
        for field in SERVER_METADATA {
            meta.remove(*field);
        }
        if kind.is_namespaced() && !meta.contains_key("namespace") {
            meta.insert("namespace".to_owned(), json!("default"));
        }
    }
    if kind != Kind::Node
        && let Some(object) = json.as_object_mut()
    {
        object.remove("status");
    }
    if kind == Kind::HorizontalPodAutoscaler {
        if row.api_version == "autoscaling/v1" {
            from_v1(json);
        }
        let target = json.pointer("/spec/scaleTargetRef/kind").and_then(Json::as_str);
        if !matches!(target, Some("Deployment" | "ReplicaSet")) {
            return Err(Refused::NotSimulated);
        }
    }
    Ok(())
}

/// `autoscaling/v1` knows one number, `targetCPUUtilizationPercentage`; v2 has a list of metrics.
///
/// Source: kubernetes/kubernetes:pkg/apis/autoscaling/v1/conversion.go
fn from_v1(json: &mut Json) {
    let Some(spec) = json.get_mut("spec").and_then(Json::as_object_mut) else { return };
    if let Some(percent) = spec.remove("targetCPUUtilizationPercentage") {
        let target = json!({"type": "Utilization", "averageUtilization": percent});
        let metric = json!({"type": "Resource", "resource": {"name": "cpu", "target": target}});
        spec.insert("metrics".to_owned(), json!([metric]));
    }
}

/// `spec.containers.0.image` becomes `spec.containers[].image`; serde's `?` for options goes.
fn without_indexes(path: &str) -> String {
    let mut out = String::new();
    for part in path.split('.').filter(|part| *part != "?") {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str("[]");
            continue;
        }
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_and_options_leave_a_path() {
        assert_eq!(without_indexes("spec.containers.0.?.image"), "spec.containers[].image");
    }
}
