//! Names, labels, annotations, finalizers.
//!
//! Source: kubernetes/apimachinery:pkg/api/validation/objectmeta.go, pkg/util/validation.

use crate::api::names::{
    is_dns1035_label, is_dns1123_label, is_dns1123_subdomain, is_label_value, is_qualified_name,
};
use crate::api::{Kind, Labels, Object, ObjectMeta, Operator, Requirement};

use super::FieldError;

pub(super) const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
pub(super) const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// Longest annotations of one object, keys and values together \[bytes\].
/// Source: kubernetes/apimachinery:pkg/api/validation/objectmeta.go, `TotalAnnotationSizeLimitB`.
const ANNOTATIONS_BYTES_MAX: usize = 256 * 1024;

/// Checks the metadata of a new object.
pub(super) fn check(object: &Object, errors: &mut Vec<FieldError>) {
    let (kind, meta) = (object.kind(), object.meta());
    check_name(kind, &meta.name, errors);
    if kind.is_namespaced() {
        if meta.namespace.is_empty() {
            errors.push(FieldError::required("metadata.namespace", ""));
        } else if !is_dns1123_label(&meta.namespace) {
            let path = "metadata.namespace";
            errors.push(FieldError::invalid_text(path, &meta.namespace, LABEL));
        }
    } else if !meta.namespace.is_empty() {
        errors.push(FieldError::forbidden("metadata.namespace", "not allowed on this type"));
    }
    check_common(meta, errors);
}

/// Checks the metadata of a changed object.
pub(super) fn check_update(meta: &ObjectMeta, stored: &ObjectMeta, errors: &mut Vec<FieldError>) {
    check_common(meta, errors);
    if stored.is_terminating() {
        let mut new = meta.finalizers.iter().filter(|it| !stored.finalizers.contains(it));
        if let Some(new) = new.next() {
            let why = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{new:?}}}"
            );
            errors.push(FieldError::forbidden("metadata.finalizers", &why));
        }
    }
}

fn check_name(kind: Kind, name: &str, errors: &mut Vec<FieldError>) {
    let (is_good, why): (fn(&str) -> bool, _) = match kind {
        Kind::Service => (is_dns1035_label, DNS1035),
        Kind::Namespace => (is_dns1123_label, LABEL),
        Kind::Node
        | Kind::Pod
        | Kind::ReplicaSet
        | Kind::Deployment
        | Kind::EndpointSlice
        | Kind::Lease
        | Kind::Event
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::HorizontalPodAutoscaler => (is_dns1123_subdomain, SUBDOMAIN),
    };
    if !is_good(name) {
        errors.push(FieldError::invalid_text("metadata.name", name, why));
    }
}

fn check_common(meta: &ObjectMeta, errors: &mut Vec<FieldError>) {
    check_labels(&meta.labels, "metadata.labels", errors);
    check_annotations(&meta.annotations, "metadata.annotations", errors);
    for finalizer in &meta.finalizers {
        if !is_qualified_name(finalizer) {
            let path = "metadata.finalizers";
            errors.push(FieldError::invalid_text(path, finalizer, QUALIFIED));
        }
    }
    let mut controllers = meta.owner_references.iter().filter(|owner| owner.controller);
    if let (Some(first), Some(second)) = (controllers.next(), controllers.next()) {
        let why = format!(
            "Only one reference can have Controller set to true. Found \"true\" in references for {}/{} and {}/{}",
            first.kind, first.name, second.kind, second.name
        );
        errors.push(FieldError::invalid("metadata.ownerReferences", "[]", &why));
    }
}

/// Checks keys and values of labels.
pub(super) fn check_labels(labels: &Labels, path: &str, errors: &mut Vec<FieldError>) {
    for (key, value) in labels.iter() {
        if !is_qualified_name(key) {
            errors.push(FieldError::invalid_text(path, key, QUALIFIED));
        }
        if !is_label_value(value) {
            errors.push(FieldError::invalid_text(path, value, LABEL_VALUE));
        }
    }
}

/// Checks the keys of annotations, and their size.
pub(super) fn check_annotations(annotations: &Labels, path: &str, errors: &mut Vec<FieldError>) {
    let mut size = 0;
    for (key, value) in annotations.iter() {
        size += key.len() + value.len();
        if !is_qualified_name(&key.to_ascii_lowercase()) {
            errors.push(FieldError::invalid_text(path, key, QUALIFIED));
        }
    }
    if size > ANNOTATIONS_BYTES_MAX {
        let why = format!("may not be more than {ANNOTATIONS_BYTES_MAX} bytes");
        errors.push(FieldError::invalid(path, "\"\"", &why));
    }
}

/// Checks the expressions of a label selector.
pub(super) fn check_requirements(
    requirements: &[Requirement],
    path: &str,
    errors: &mut Vec<FieldError>,
) {
    for (place, requirement) in requirements.iter().enumerate() {
        let at = |field: &str| format!("{path}[{place}].{field}");
        match requirement.operator {
            Operator::In | Operator::NotIn if requirement.values.is_empty() => {
                let why = "must be specified when `operator` is 'In' or 'NotIn'";
                errors.push(FieldError::required(at("values"), why));
            }
            Operator::Exists | Operator::DoesNotExist if !requirement.values.is_empty() => {
                let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.push(FieldError::forbidden(at("values"), why));
            }
            Operator::Gt | Operator::Lt if requirement.values.len() != 1 => {
                let why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                errors.push(FieldError::required(at("values"), why));
            }
            Operator::In
            | Operator::NotIn
            | Operator::Exists
            | Operator::DoesNotExist
            | Operator::Gt
            | Operator::Lt => {}
        }
        if !is_qualified_name(&requirement.key) {
            errors.push(FieldError::invalid_text(at("key"), &requirement.key, QUALIFIED));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Deployment, Namespace, Node, Pod, Service};

    fn said(object: impl Into<Object>) -> Vec<String> {
        let mut errors = Vec::new();
        check(&object.into(), &mut errors);
        errors.into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn names_are_what_each_kind_allows() {
        let meta = ObjectMeta::named;
        let ok: [String; 0] = [];
        assert_eq!(said(Pod { metadata: meta("default", "web.1"), ..Pod::default() }), ok);
        let name = ["metadata.name"];
        assert_eq!(said(Pod { metadata: meta("default", "Web"), ..Pod::default() }), name);
        assert_eq!(said(Service { metadata: meta("default", "1web"), ..Default::default() }), name);
        assert_eq!(said(Namespace { metadata: meta("", "a.b"), ..Namespace::default() }), name);
    }

    #[test]
    fn namespaces_belong_to_kinds_that_have_them() {
        let namespace = ["metadata.namespace"];
        let meta = ObjectMeta::named;
        assert_eq!(said(Node { metadata: meta("default", "n1"), ..Node::default() }), namespace);
        assert_eq!(
            said(Deployment { metadata: meta("", "x"), ..Deployment::default() }),
            namespace
        );
    }

    #[test]
    fn a_deleted_object_gets_no_new_finalizers() {
        let mut stored = ObjectMeta::named("default", "web");
        stored.deletion_timestamp = Some(Default::default());
        let mut meta = stored.clone();
        meta.finalizers.push("example.com/late".into());
        let mut errors = Vec::new();
        check_update(&meta, &stored, &mut errors);
        assert_eq!(
            errors.first().map(ToString::to_string).as_deref(),
            Some(
                "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"example.com/late\"}"
            )
        );
    }
}
