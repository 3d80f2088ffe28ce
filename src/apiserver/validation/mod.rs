//! Step 4: validation. Every error of an object at once, worded as Kubernetes words them.
//!
//! The functions build texts only when something is wrong: a valid pod costs no allocation.
//!
//! | file | what lives there |
//! |---|---|
//! | `error` | one error at one field |
//! | `meta` | names, labels, annotations, finalizers |
//! | `pod` | pod specs, containers, probes, tolerations |
//! | `workload` | Deployment, ReplicaSet, HorizontalPodAutoscaler |
//! | `service` | Service, EndpointSlice |
//!
//! Simplified: fields that are not simulated are not there to be checked.
//! Source: kubernetes/kubernetes:pkg/apis/*/validation/validation.go.

mod error;
mod meta;
mod pod;
mod service;
mod workload;

use crate::api::Object;

use super::config::Config;

pub use error::{ErrorType, FieldError};

/// Everything that is wrong with a new object.
#[must_use]
pub fn create(object: &Object, config: &Config) -> Vec<FieldError> {
    let mut errors = Vec::new();
    meta::check(object, &mut errors);
    content(object, config, &mut errors);
    errors
}

/// Everything that is wrong with a change.
#[must_use]
pub fn update(object: &Object, stored: &Object, config: &Config) -> Vec<FieldError> {
    let mut errors = Vec::new();
    meta::check_update(object.meta(), stored.meta(), &mut errors);
    match (object, stored) {
        (Object::Pod(pod), Object::Pod(stored)) => pod::check_update(pod, stored, &mut errors),
        (Object::Service(service), Object::Service(stored)) => {
            content(object, config, &mut errors);
            service::check_update(service, stored, &mut errors);
        }
        (Object::Deployment(new), Object::Deployment(old)) => {
            content(object, config, &mut errors);
            workload::selector_is_kept(&new.spec.selector, &old.spec.selector, &mut errors);
        }
        (Object::ReplicaSet(new), Object::ReplicaSet(old)) => {
            content(object, config, &mut errors);
            workload::selector_is_kept(&new.spec.selector, &old.spec.selector, &mut errors);
        }
        _ => content(object, config, &mut errors),
    }
    errors
}

/// What depends on the kind.
fn content(object: &Object, config: &Config, errors: &mut Vec<FieldError>) {
    match object {
        Object::Pod(pod) => pod::check(pod, errors),
        Object::Deployment(deployment) => workload::check_deployment(deployment, errors),
        Object::ReplicaSet(set) => workload::check_replica_set(set, errors),
        Object::HorizontalPodAutoscaler(scaler) => workload::check_autoscaler(scaler, errors),
        Object::Service(service) => service::check(service, config, errors),
        Object::EndpointSlice(slice) => service::check_slice(slice, errors),
        Object::Node(node) => pod::check_taints(&node.spec.taints, errors),
        Object::Namespace(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_) => {}
    }
}

/// Counts below zero are refused everywhere in the same words.
fn not_negative(value: impl Into<i64>, path: impl Into<String>, errors: &mut Vec<FieldError>) {
    let value = value.into();
    if value < 0 {
        let why = "must be greater than or equal to 0";
        errors.push(FieldError::invalid(path, value.to_string(), why));
    }
}
