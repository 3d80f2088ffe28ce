//! Refusals, worded as Kubernetes words them.
//!
//! Source: kubernetes/apimachinery:pkg/api/errors/errors.go.

use crate::api::{Kind, Str, Uid};
use crate::wire::api::{Status, StatusReason};
use crate::wire::etcd::{Code, EtcdError};

use super::validation::FieldError;

/// What a stale write is told.
/// Source: kubernetes/apiserver:pkg/registry/generic/registry/store.go, `OptimisticLockErrorMsg`.
const OPTIMISTIC_LOCK: &str =
    "the object has been modified; please apply your changes to the latest version and try again";

/// A refusal from its parts.
pub(super) fn refuse(reason: StatusReason, message: impl Into<Str>) -> Status {
    Status { reason, message: message.into() }
}

/// `pods`, `deployments.apps`: how messages name a resource.
pub(super) fn resource(kind: Kind) -> String {
    qualified(kind.plural(), kind)
}

fn qualified(name: &str, kind: Kind) -> String {
    let group = kind.group();
    if group.is_empty() { name.to_owned() } else { format!("{name}.{group}") }
}

pub(super) fn not_found(kind: Kind, name: &str) -> Status {
    refuse(StatusReason::NotFound, format!("{} \"{name}\" not found", resource(kind)))
}

pub(super) fn already_exists(kind: Kind, name: &str) -> Status {
    refuse(StatusReason::AlreadyExists, format!("{} \"{name}\" already exists", resource(kind)))
}

/// 409 with a reason of its own.
pub(super) fn conflict(resource: &str, name: &str, why: &str) -> Status {
    let message = format!("Operation cannot be fulfilled on {resource} \"{name}\": {why}");
    refuse(StatusReason::Conflict, message)
}

/// 409: the version is not the stored one.
pub(super) fn stale(kind: Kind, name: &str) -> Status {
    conflict(&resource(kind), name, OPTIMISTIC_LOCK)
}

/// 409: the identity is not the stored one.
pub(super) fn wrong_uid(kind: Kind, name: &str, (wanted, stored): (Uid, Uid)) -> Status {
    let why =
        format!("Precondition failed: UID in precondition: {wanted}, UID in object meta: {stored}");
    conflict(&resource(kind), name, &why)
}

pub(super) fn forbidden(kind: Kind, name: &str, why: &str) -> Status {
    let resource = resource(kind);
    let message = if name.is_empty() {
        format!("{resource} is forbidden: {why}")
    } else {
        format!("{resource} \"{name}\" is forbidden: {why}")
    };
    refuse(StatusReason::Forbidden, message)
}

/// 422 with every error that was found.
pub(super) fn invalid(kind: Kind, name: &str, errors: &[FieldError]) -> Status {
    let kind = qualified(kind.name(), kind);
    let mut texts: Vec<String> = Vec::with_capacity(errors.len());
    for error in errors {
        let text = error.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let joined = if texts.len() == 1 { texts.concat() } else { format!("[{}]", texts.join(", ")) };
    refuse(StatusReason::Invalid, format!("{kind} \"{name}\" is invalid: {joined}"))
}

pub(super) fn bad_request(why: impl Into<Str>) -> Status {
    refuse(StatusReason::BadRequest, why)
}

/// 504: the cache does not reach the wanted version.
/// Source: kubernetes/apiserver:pkg/storage/errors.go, `NewTooLargeResourceVersionError`.
pub(super) fn too_large(asked: u64, current: u64) -> Status {
    let message = format!("Timeout: Too large resource version: {asked}, current: {current}");
    refuse(StatusReason::Timeout, message)
}

/// 429: more calls than may be in flight or wait.
pub(super) fn too_many() -> Status {
    let message = arcstr::literal!("too many requests, please try again later");
    refuse(StatusReason::TooManyRequests, message)
}

/// 429: the watch cache has no first list yet.
/// Source: kubernetes/apiserver:pkg/storage/cacher/cacher.go (`ResilientWatchCacheInitialization`).
pub(super) fn initializing() -> Status {
    refuse(StatusReason::TooManyRequests, arcstr::literal!("storage is (re)initializing"))
}

/// 504: the call took longer than a call may.
/// Source: kubernetes/apiserver:pkg/endpoints/handlers/finisher/finisher.go.
pub(super) fn deadline() -> Status {
    let message = arcstr::literal!(
        "Timeout: request did not complete within requested timeout - context deadline exceeded"
    );
    refuse(StatusReason::Timeout, message)
}

/// 503: no member of etcd can be reached.
pub(super) fn unreachable() -> Status {
    let message = arcstr::literal!(
        "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: connect: connection refused\""
    );
    refuse(StatusReason::ServiceUnavailable, message)
}

/// 500: the connection to etcd broke while a write was on its way; it may have happened.
pub(super) fn broken() -> Status {
    let message =
        arcstr::literal!("rpc error: code = Unavailable desc = error reading from server: EOF");
    refuse(StatusReason::InternalError, message)
}

/// etcd's refusal, its text passed on.
///
/// Simplified: upstream answers 500 to all of them; here a time-out of etcd is a 504 and a
/// cluster that cannot serve a 503, so that clients and figures can tell them apart.
pub(super) fn from_etcd(error: EtcdError) -> Status {
    let timed_out = matches!(
        error,
        EtcdError::Timeout
            | EtcdError::TimeoutDueToLeaderFail
            | EtcdError::TimeoutDueToConnectionLost
    );
    let reason = if timed_out {
        StatusReason::Timeout
    } else if error.code() == Code::Unavailable {
        StatusReason::ServiceUnavailable
    } else {
        StatusReason::InternalError
    };
    refuse(reason, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_read_as_kubernetes_words_them() {
        let check = |status: Status, code: u16, text: &str| {
            assert_eq!((status.reason.code(), status.message.as_str()), (code, text));
        };
        check(not_found(Kind::Pod, "web"), 404, "pods \"web\" not found");
        check(not_found(Kind::Deployment, "web"), 404, "deployments.apps \"web\" not found");
        check(already_exists(Kind::Node, "n1"), 409, "nodes \"n1\" already exists");
        check(
            stale(Kind::Pod, "x"),
            409,
            "Operation cannot be fulfilled on pods \"x\": the object has been modified; please apply your changes to the latest version and try again",
        );
        let required = FieldError::required("spec.containers", "");
        check(
            invalid(Kind::Pod, "x", std::slice::from_ref(&required)),
            422,
            "Pod \"x\" is invalid: spec.containers: Required value",
        );
        let twice = [required, FieldError::forbidden("spec", "no")];
        check(
            invalid(Kind::Deployment, "x", &twice),
            422,
            "Deployment.apps \"x\" is invalid: [spec.containers: Required value, spec: Forbidden: no]",
        );
        check(from_etcd(EtcdError::Timeout), 504, "etcdserver: request timed out");
        check(from_etcd(EtcdError::NoLeader), 503, "etcdserver: no leader");
    }
}
