//! What differs between kinds: where the spec is, what the status is, whether changes count.
//!
//! Source: kubernetes/kubernetes:pkg/registry/*/*/strategy.go.

use std::sync::Arc;

use crate::api::misc::NamespaceStatus;
use crate::api::pod::QosClass;
use crate::api::service::{ServicePort, ServiceType};
use crate::api::{Kind, Object, PodPhase, PodSpec, PodStatus, Service, Str};

/// The finalizer that every namespace is born with.
pub(super) const FINALIZER_KUBERNETES: Str = arcstr::literal!("kubernetes");

/// Whether changes of the spec are counted in `metadata.generation`.
pub(super) const fn counts_generations(kind: Kind) -> bool {
    matches!(kind, Kind::Pod | Kind::Deployment | Kind::ReplicaSet | Kind::EndpointSlice)
}

/// Whether an update may leave the version out and win over everybody.
pub(super) const fn allows_unconditional_update(kind: Kind) -> bool {
    !matches!(kind, Kind::Lease)
}

/// A new object starts with the status that the server gives it.
pub(super) fn reset_status(object: &mut Object) {
    match object {
        Object::Pod(pod) => {
            let qos_class = Some(qos_class(&pod.spec));
            Arc::make_mut(pod).status =
                PodStatus { phase: PodPhase::Pending, qos_class, ..PodStatus::default() };
        }
        Object::Deployment(deployment) => {
            Arc::make_mut(deployment).status = Default::default();
        }
        Object::ReplicaSet(set) => Arc::make_mut(set).status = Default::default(),
        Object::HorizontalPodAutoscaler(scaler) => {
            Arc::make_mut(scaler).status = Default::default();
        }
        Object::Namespace(namespace) => {
            let namespace = Arc::make_mut(namespace);
            namespace.status = NamespaceStatus::default();
            if !namespace.spec.finalizers.contains(&FINALIZER_KUBERNETES) {
                namespace.spec.finalizers.push(FINALIZER_KUBERNETES);
            }
        }
        // A kubelet registers its node with the status it has.
        Object::Node(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_) => {}
    }
}

/// Source: kubernetes/kubernetes:pkg/apis/core/v1/helper/qos/qos.go.
fn qos_class(spec: &PodSpec) -> QosClass {
    let mut guaranteed = true;
    let mut asks = false;
    for container in spec.containers.iter().chain(spec.init_containers.iter()) {
        let resources = &container.resources;
        for name in ["cpu", "memory"] {
            let request = resources.requests.get(name).filter(|amount| amount.nano > 0);
            let limit = resources.limits.get(name).filter(|amount| amount.nano > 0);
            asks |= request.is_some() || limit.is_some();
            guaranteed &= limit.is_some() && request.is_none_or(|request| Some(request) == limit);
        }
    }
    match (asks, guaranteed) {
        (false, _) => QosClass::BestEffort,
        (true, true) => QosClass::Guaranteed,
        (true, false) => QosClass::Burstable,
    }
}

/// Puts the status of `stored` into `object`: a write of the main part does not touch it.
pub(super) fn keep_status(object: &mut Object, stored: &Object) {
    match (object, stored) {
        (Object::Pod(pod), Object::Pod(stored)) => {
            Arc::make_mut(pod).status = stored.status.clone();
        }
        (Object::Node(node), Object::Node(stored)) => {
            Arc::make_mut(node).status = stored.status.clone();
        }
        (Object::Deployment(deployment), Object::Deployment(stored)) => {
            Arc::make_mut(deployment).status = stored.status.clone();
        }
        (Object::ReplicaSet(set), Object::ReplicaSet(stored)) => {
            Arc::make_mut(set).status = stored.status.clone();
        }
        (Object::HorizontalPodAutoscaler(scaler), Object::HorizontalPodAutoscaler(stored)) => {
            Arc::make_mut(scaler).status = stored.status.clone();
        }
        (Object::Namespace(namespace), Object::Namespace(stored)) => {
            let namespace = Arc::make_mut(namespace);
            namespace.status = stored.status;
            namespace.spec = stored.spec.clone();
        }
        (Object::Service(service), Object::Service(stored)) => keep_address(service, stored),
        _ => {}
    }
}

/// An update that does not state the address keeps the one that was given.
///
/// Source: kubernetes/kubernetes:pkg/registry/core/service/strategy.go, `patchAllocatedValues`.
fn keep_address(service: &mut Arc<Service>, stored: &Service) {
    let both = |kind| service.spec.kind == kind || stored.spec.kind == kind;
    if service.spec.cluster_ip.is_empty() && !both(ServiceType::ExternalName) {
        Arc::make_mut(service).spec.cluster_ip = stored.spec.cluster_ip.clone();
    }
    let lacks = |(new, old): (&ServicePort, &ServicePort)| new.node_port == 0 && old.node_port != 0;
    if service.spec.ports.iter().zip(&stored.spec.ports).any(lacks) {
        let spec = &mut Arc::make_mut(service).spec;
        for (new, old) in spec.ports.iter_mut().zip(&stored.spec.ports) {
            if new.node_port == 0 && new.port == old.port {
                new.node_port = old.node_port;
            }
        }
    }
}

/// Whether the wanted states are the same.
pub(super) fn same_spec(one: &Object, two: &Object) -> bool {
    match (one, two) {
        (Object::Pod(one), Object::Pod(two)) => one.spec == two.spec,
        (Object::Deployment(one), Object::Deployment(two)) => one.spec == two.spec,
        (Object::ReplicaSet(one), Object::ReplicaSet(two)) => one.spec == two.spec,
        (Object::EndpointSlice(one), Object::EndpointSlice(two)) => {
            one.endpoints == two.endpoints
                && one.ports == two.ports
                && one.metadata.labels == two.metadata.labels
        }
        _ => true,
    }
}

/// The number of replicas of a kind that has a `scale` subresource.
pub(super) fn replicas(object: &Object) -> Option<i32> {
    match object {
        Object::Deployment(deployment) => Some(deployment.spec.replicas),
        Object::ReplicaSet(set) => Some(set.spec.replicas),
        Object::Pod(_)
        | Object::Node(_)
        | Object::Namespace(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_)
        | Object::HorizontalPodAutoscaler(_) => None,
    }
}

/// Sets the number of replicas; whether the kind has one.
pub(super) fn set_replicas(object: &mut Object, replicas: i32) -> bool {
    match object {
        Object::Deployment(deployment) => Arc::make_mut(deployment).spec.replicas = replicas,
        Object::ReplicaSet(set) => Arc::make_mut(set).spec.replicas = replicas,
        Object::Pod(_)
        | Object::Node(_)
        | Object::Namespace(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Lease(_)
        | Object::Event(_)
        | Object::ConfigMap(_)
        | Object::Secret(_)
        | Object::HorizontalPodAutoscaler(_) => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Container;

    #[test]
    fn the_quality_of_service_follows_from_requests_and_limits() {
        let check = |requests: &[(&str, &str)], limits: &[(&str, &str)], want: QosClass| {
            let list = |pairs: &[(&str, &str)]| {
                pairs
                    .iter()
                    .map(|(name, amount)| (Str::from(*name), amount.parse().expect("an amount")))
                    .collect()
            };
            let mut container = Container::default();
            container.resources.requests = list(requests);
            container.resources.limits = list(limits);
            let spec = PodSpec { containers: vec![container].into(), ..PodSpec::default() };
            assert_eq!(qos_class(&spec), want);
        };
        let both = [("cpu", "1"), ("memory", "1Gi")];
        check(&[], &[], QosClass::BestEffort);
        check(&both, &both, QosClass::Guaranteed);
        check(&[], &both, QosClass::Guaranteed);
        check(&[("cpu", "1")], &[], QosClass::Burstable);
        check(&[("cpu", "1")], &both[..1], QosClass::Burstable);
        check(&[("cpu", "500m"), ("memory", "1Gi")], &both, QosClass::Burstable);
    }
}
