//! What a Service claims for itself alone: its address and its node ports.
//!
//! Both are drawn at random, as upstream does; the claim is a key of its own, written in the same
//! transaction as the Service, so that two API servers cannot give one address twice.
//!
//! Source: kubernetes/kubernetes:pkg/registry/core/service/{ipallocator,portallocator}.

use std::sync::Arc;

use crate::api::service::ServiceType;
use crate::api::{Object, Service};
use crate::kernel::Stream;
use crate::wire::etcd::Key;

use super::config::{Cidr, Config};
use super::keys;

/// Everything a Service claims.
pub(super) fn of(object: &Object) -> Vec<Key> {
    let Object::Service(service) = object else { return Vec::new() };
    let spec = &service.spec;
    let mut claims = Vec::new();
    if has_address(service) && !spec.cluster_ip.is_empty() {
        claims.push(keys::address(&spec.cluster_ip));
    }
    if has_node_ports(service) {
        let ports = spec.ports.iter().filter(|port| port.node_port != 0);
        claims.extend(ports.map(|port| keys::node_port(port.node_port)));
    }
    claims
}

/// Gives a Service what it has not got yet.
pub(super) fn allocate(object: &mut Object, config: &Config, chance: &mut Stream) {
    let Object::Service(service) = object else { return };
    if has_address(service) && service.spec.cluster_ip.is_empty() {
        let address = draw(config.service_cluster_ip_range, chance);
        Arc::make_mut(service).spec.cluster_ip = address;
    }
    let wants = has_node_ports(service);
    if service.spec.ports.iter().all(|port| (port.node_port != 0) == wants) {
        return;
    }
    let range = config.service_node_port_range;
    for port in &mut Arc::make_mut(service).spec.ports {
        if !wants {
            port.node_port = 0;
        } else if port.node_port == 0 {
            let drawn = chance.between(u64::from(range.first), u64::from(range.last));
            port.node_port = i32::try_from(drawn).unwrap_or(0);
        }
    }
}

fn has_address(service: &Service) -> bool {
    service.spec.kind != ServiceType::ExternalName && !service.spec.is_headless()
}

const fn has_node_ports(service: &Service) -> bool {
    matches!(service.spec.kind, ServiceType::NodePort | ServiceType::LoadBalancer)
}

/// An address above the band that is kept for those who choose their own.
///
/// The band holds min(max(16, size / 16), 256) addresses.
fn draw(range: Cidr, chance: &mut Stream) -> crate::api::Str {
    let size = range.size();
    let band = (size / 16).clamp(16, 256).min(size / 2);
    let last = u64::from(size - 2);
    let drawn = chance.between(u64::from(band).min(last), last);
    range.address(u32::try_from(drawn).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::service::ServicePort;
    use crate::kernel::{Purpose, Slot};

    fn allocated(kind: ServiceType) -> Object {
        let mut service = Service::default();
        service.spec.kind = kind;
        service.spec.ports.push(ServicePort { port: 80, ..ServicePort::default() });
        let mut object = service.into();
        let mut chance = Stream::new(1, Slot(1), Purpose::named("cluster-ip"));
        allocate(&mut object, &Config::default(), &mut chance);
        object
    }

    #[test]
    fn a_service_claims_an_address_and_its_node_ports() {
        let claims = of(&allocated(ServiceType::NodePort));
        assert_eq!(claims.len(), 2);
        assert!(claims[0].starts_with("/registry/ipaddresses/10."));
        assert!(claims[1].starts_with("/registry/ranges/servicenodeports/3"));
        assert_eq!(of(&allocated(ServiceType::ClusterIP)).len(), 1);
        assert!(of(&allocated(ServiceType::ExternalName)).is_empty());
    }

    #[test]
    fn drawn_addresses_lie_above_the_static_band() {
        let mut chance = Stream::new(1, Slot(1), Purpose::named("cluster-ip"));
        let range = Config::default().service_cluster_ip_range;
        for _ in 0..1_000 {
            let address = draw(range, &mut chance);
            assert!(range.contains(&address) && !address.starts_with("10.96.0."), "{address}");
        }
    }
}
