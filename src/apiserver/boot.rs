//! What every cluster has: four namespaces and the Service `kubernetes`.
//!
//! Every API server makes them when they are missing; one wins, the others are told that they
//! exist already.
//!
//! Simplified: upstream also writes the endpoints of `kubernetes` (the API servers themselves).
//! Source: kubernetes/kubernetes:pkg/controlplane/controller/{systemnamespaces,kubernetesservice}.

use crate::api::reasons::{NS_DEFAULT, NS_KUBE_NODE_LEASE, NS_KUBE_PUBLIC, NS_KUBE_SYSTEM};
use crate::api::service::ServicePort;
use crate::api::{IntOrString, Namespace, Object, ObjectMeta, Service, Str};
use crate::kernel::Span;
use crate::wire::Cx;
use crate::wire::api::{ApiCall, ApiOk, ApiRequest, Status, StatusReason};
use crate::wire::apiserver::ApiServerTimer;

use super::config::Config;
use super::server::{ApiServer, timer};
use super::sync::BOOT;

/// The user that the server's own calls name.
const USER: Str = arcstr::literal!("system:apiserver");
/// Between two attempts.
const RETRY: Span = Span::secs(1);

/// How far the server is with making them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Boot {
    /// The next one to look at.
    next: usize,
    /// One is being made.
    busy: bool,
}

impl ApiServer {
    /// Makes what is missing, one after the other.
    pub(super) fn boot_cluster(&mut self, cx: &mut Cx<'_>) {
        if self.boot.busy {
            return;
        }
        for (number, object) in objects(&self.config).into_iter().enumerate().skip(self.boot.next) {
            let known = self.caches[object.kind().index()].get(&object.key());
            if known.is_none() {
                self.boot = Boot { next: number, busy: true };
                let call = ApiCall::Create { object };
                let request = ApiRequest { id: number as u64, user: USER, call };
                return self.arrive(cx, None, Box::new(request));
            }
            self.boot.next = number + 1;
        }
    }

    /// One was made, or not.
    pub(super) fn boot_answered(
        &mut self,
        cx: &mut Cx<'_>,
        _number: u64,
        result: Result<ApiOk, Status>,
    ) {
        self.boot.busy = false;
        match result {
            Err(status) if status.reason != StatusReason::AlreadyExists => {
                cx.after(RETRY, timer(ApiServerTimer::Retry(BOOT)));
            }
            Ok(_) | Err(_) => {
                self.boot.next += 1;
                self.boot_cluster(cx);
            }
        }
    }
}

/// All of them, in the order in which they must be made.
fn objects(config: &Config) -> Vec<Object> {
    let namespace = |name: Str| {
        let metadata = ObjectMeta::named("", name);
        Object::from(Namespace { metadata, ..Namespace::default() })
    };
    let namespaces = [NS_DEFAULT, NS_KUBE_SYSTEM, NS_KUBE_PUBLIC, NS_KUBE_NODE_LEASE];
    namespaces.into_iter().map(namespace).chain([kubernetes_service(config)]).collect()
}

/// The Service through which pods reach the API servers: the first address of the range.
fn kubernetes_service(config: &Config) -> Object {
    let mut service =
        Service { metadata: ObjectMeta::named(NS_DEFAULT, "kubernetes"), ..Service::default() };
    let labels = [("component", "apiserver"), ("provider", "kubernetes")];
    service.metadata.labels =
        labels.into_iter().map(|(k, v)| (Str::from(k), Str::from(v))).collect();
    service.spec.cluster_ip = config.service_cluster_ip_range.address(1);
    service.spec.ports.push(ServicePort {
        name: arcstr::literal!("https"),
        protocol: arcstr::literal!("TCP"),
        port: 443,
        target_port: Some(IntOrString::Int(6443)),
        node_port: 0,
    });
    service.into()
}
