//! Service and EndpointSlice.
//!
//! Source: kubernetes/kubernetes:pkg/apis/core/validation, pkg/apis/discovery/validation.

use crate::api::names::is_dns1123_label;
use crate::api::service::{ServicePort, ServiceType};
use crate::api::{EndpointSlice, IntOrString, Service};

use super::super::config::Config;
use super::FieldError;
use super::meta::{LABEL, check_labels};
use super::pod::is_port_name;

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";
/// Most endpoints in one slice. Source: kubernetes/kubernetes:pkg/apis/discovery/validation.
const ENDPOINTS_MAX: usize = 1_000;

/// Checks a Service.
pub(super) fn check(service: &Service, config: &Config, errors: &mut Vec<FieldError>) {
    let spec = &service.spec;
    let is_alias = spec.kind == ServiceType::ExternalName;
    if is_alias && spec.external_name.is_empty() {
        errors.push(FieldError::required("spec.externalName", ""));
    }
    if !is_alias && !spec.is_headless() && spec.ports.is_empty() {
        errors.push(FieldError::required("spec.ports", ""));
    }
    for (place, port) in spec.ports.iter().enumerate() {
        check_port(port, place, spec.ports.len(), errors);
        check_twin(&spec.ports, place, errors);
    }
    check_labels(&spec.selector, "spec.selector", errors);
    if !["", "None", "ClientIP"].contains(&spec.session_affinity.as_str()) {
        let known = ["ClientIP", "None"];
        let value = &spec.session_affinity;
        errors.push(FieldError::not_supported("spec.sessionAffinity", value, &known));
    }
    let address = &spec.cluster_ip;
    if !address.is_empty() && !spec.is_headless() {
        let range = config.service_cluster_ip_range;
        if !range.contains(address) {
            let shown = format!("[]string{{{:?}}}", address.as_str());
            let why = format!(
                "failed to allocate IP {address}: the provided IP is not in the valid range"
            );
            errors.push(FieldError::invalid("spec.clusterIPs", shown, &why));
        }
    }
}

fn check_port(port: &ServicePort, place: usize, count: usize, errors: &mut Vec<FieldError>) {
    let at = |field: &str| format!("spec.ports[{place}].{field}");
    if port.name.is_empty() {
        if count > 1 {
            errors.push(FieldError::required(at("name"), ""));
        }
    } else if !is_dns1123_label(&port.name) {
        errors.push(FieldError::invalid_text(at("name"), &port.name, LABEL));
    }
    if !(1..=65_535).contains(&port.port) {
        errors.push(FieldError::invalid(at("port"), port.port.to_string(), PORT_RANGE));
    }
    if !port.protocol.is_empty() && !PROTOCOLS.contains(&port.protocol.as_str()) {
        errors.push(FieldError::not_supported(at("protocol"), &port.protocol, &PROTOCOLS));
    }
    match &port.target_port {
        Some(IntOrString::Int(number)) if !(1..=65_535).contains(number) => {
            errors.push(FieldError::invalid(at("targetPort"), number.to_string(), PORT_RANGE));
        }
        Some(IntOrString::String(name)) if !is_port_name(name) => {
            let why = "must contain at least one letter (a-z) and be no more than 15 characters";
            errors.push(FieldError::invalid_text(at("targetPort"), name, why));
        }
        Some(IntOrString::Int(_) | IntOrString::String(_)) | None => {}
    }
}

fn check_twin(ports: &[ServicePort], place: usize, errors: &mut Vec<FieldError>) {
    let (earlier, port) = (&ports[..place], &ports[place]);
    if !port.name.is_empty() && earlier.iter().any(|other| other.name == port.name) {
        errors.push(FieldError::duplicate(format!("spec.ports[{place}].name"), &port.name));
    }
    let same = |other: &ServicePort| other.port == port.port && other.protocol == port.protocol;
    if earlier.iter().any(same) {
        let shown = format!("{}/{}", port.port, port.protocol);
        errors.push(FieldError::duplicate(format!("spec.ports[{place}]"), &shown));
    }
}

/// Checks that a Service keeps its address.
pub(super) fn check_update(service: &Service, stored: &Service, errors: &mut Vec<FieldError>) {
    let (new, old) = (&service.spec, &stored.spec);
    let both = new.kind != ServiceType::ExternalName && old.kind != ServiceType::ExternalName;
    if both && !old.cluster_ip.is_empty() && new.cluster_ip != old.cluster_ip {
        let shown = format!("[]string{{{:?}}}", new.cluster_ip.as_str());
        errors.push(FieldError::invalid("spec.clusterIPs[0]", shown, "may not change once set"));
    }
}

/// Checks an EndpointSlice.
pub(super) fn check_slice(slice: &EndpointSlice, errors: &mut Vec<FieldError>) {
    let known = ["FQDN", "IPv4", "IPv6"];
    if slice.address_type.is_empty() {
        errors.push(FieldError::required("addressType", ""));
    } else if !known.contains(&slice.address_type.as_str()) {
        errors.push(FieldError::not_supported("addressType", &slice.address_type, &known));
    }
    if slice.endpoints.len() > ENDPOINTS_MAX {
        let why = format!("must have at most {ENDPOINTS_MAX} items");
        errors.push(FieldError::invalid("endpoints", slice.endpoints.len().to_string(), &why));
    }
    for (place, endpoint) in slice.endpoints.iter().enumerate() {
        if endpoint.addresses.is_empty() {
            let path = format!("endpoints[{place}].addresses");
            errors.push(FieldError::required(path, "must contain at least 1 address"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn service(spec: serde_json::Value) -> Service {
        serde_json::from_value(json!({"spec": spec})).expect("a service")
    }

    fn said(spec: serde_json::Value) -> Vec<String> {
        let mut errors = Vec::new();
        check(&service(spec), &Config::default(), &mut errors);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_service_says_where_it_can_be_reached() {
        assert_eq!(said(json!({})), ["spec.ports: Required value"]);
        assert_eq!(
            said(json!({"ports": [{"port": 0}]})),
            ["spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"]
        );
        assert_eq!(said(json!({"ports": [{"port": 80}, {"port": 81}]})).len(), 2);
        assert_eq!(said(json!({"clusterIP": "None"})), [""; 0]);
        let outside = said(json!({"clusterIP": "192.168.0.1", "ports": [{"port": 80}]}));
        assert!(
            outside[0].starts_with("spec.clusterIPs: Invalid value: []string{\"192.168.0.1\"}")
        );
    }

    #[test]
    fn a_service_keeps_its_address() {
        let old = service(json!({"clusterIP": "10.96.0.10", "ports": [{"port": 80}]}));
        let new = service(json!({"clusterIP": "10.96.0.11", "ports": [{"port": 80}]}));
        let mut errors = Vec::new();
        check_update(&new, &old, &mut errors);
        assert_eq!(errors[0].path, "spec.clusterIPs[0]");
    }
}
