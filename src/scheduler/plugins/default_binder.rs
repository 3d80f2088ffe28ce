//! Makes a decision known: posts a Binding to the API server.
//!
//! Source: kubernetes/kubernetes:pkg/scheduler/framework/plugins/defaultbinder.

use crate::api::{Pod, Str};
use crate::wire::api::ApiCall;

/// The call that gives `pod` its node.
#[must_use]
pub fn binding(pod: &Pod, node: &Str) -> ApiCall {
    ApiCall::Bind { pod: pod.metadata.key(), uid: pod.metadata.uid, node: node.clone() }
}
