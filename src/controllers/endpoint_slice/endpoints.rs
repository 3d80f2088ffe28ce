//! From pods to endpoints: which pods stand behind a Service, at which ports, and how they are.
//!
//! Source: kubernetes/endpointslice:utils.go, util/controller_utils.go.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::reasons::LABEL_ZONE;
use crate::api::service::{Endpoint, EndpointConditions, EndpointPort};
use crate::api::{IntOrString, Kind, Labels, Node, ObjectKey, ObjectReference, Pod, Service, Str};

/// Protocol of a port that names none.
const TCP: Str = arcstr::literal!("TCP");

/// What tells one endpoint of a Service from another: its addresses and its pod.
pub type EndpointId = (Vec<Str>, Option<ObjectKey>);

/// The endpoints that share one list of ports.
pub type Group = BTreeMap<EndpointId, Endpoint>;

/// What must stand in the slices of a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Endpoints by their (sorted) ports.
    pub groups: BTreeMap<Vec<EndpointPort>, Group>,
    /// Whether a pod was left out because its node is not known.
    pub misses_node: bool,
}

/// The identity of an endpoint.
#[must_use]
pub fn id(endpoint: &Endpoint) -> EndpointId {
    let pod = endpoint.target_ref.as_ref().map(ObjectReference::key);
    (endpoint.addresses.clone(), pod)
}

/// Whether a pod stands behind its Services at all: it has an address and has not ended.
#[must_use]
pub fn belongs(pod: &Pod) -> bool {
    !pod.is_terminal() && !pod.status.pod_ip.is_empty()
}

/// What of a pod can change an endpoint.
type Facts<'a> = (&'a Str, &'a Str, bool, bool);

fn facts(pod: &Pod) -> Option<Facts<'_>> {
    let terminating = pod.metadata.is_terminating();
    belongs(pod).then(|| (&pod.status.pod_ip, &pod.spec.node_name, pod.is_ready(), terminating))
}

/// Whether the change from `old` to `new` can change an endpoint, apart from the labels.
#[must_use]
pub fn differ(old: Option<&Pod>, new: Option<&Pod>) -> bool {
    old.and_then(facts) != new.and_then(facts)
}

/// The endpoints of `service`. `node_of` finds a node by its name.
pub fn wanted<'a>(
    service: &Service,
    pods: impl Iterator<Item = &'a Arc<Pod>>,
    node_of: impl Fn(&Str) -> Option<&'a Arc<Node>>,
) -> Wanted {
    let mut wanted = Wanted::default();
    for pod in pods.filter(|pod| belongs(pod)) {
        let group = wanted.groups.entry(ports(service, pod)).or_default();
        let node = node_of(&pod.spec.node_name);
        if node.is_none() && !service.spec.publish_not_ready_addresses {
            wanted.misses_node = true;
            continue;
        }
        let endpoint = endpoint(service, pod, node.map(Arc::as_ref));
        group.insert(id(&endpoint), endpoint);
    }
    wanted
}

/// The ports of `pod` behind `service`, sorted; a port whose name the pod does not know is left
/// out.
fn ports(service: &Service, pod: &Pod) -> Vec<EndpointPort> {
    let resolve = |port: &crate::api::service::ServicePort| {
        let same = IntOrString::Int(port.port);
        let number = pod.resolve_port(port.target_port.as_ref().unwrap_or(&same))?;
        let protocol = if port.protocol.is_empty() { TCP } else { port.protocol.clone() };
        Some(EndpointPort { name: port.name.clone(), port: number, protocol })
    };
    let mut ports: Vec<EndpointPort> = service.spec.ports.iter().filter_map(resolve).collect();
    ports.sort();
    ports
}

fn endpoint(service: &Service, pod: &Pod, node: Option<&Node>) -> Endpoint {
    let serving = pod.is_ready();
    let terminating = pod.metadata.is_terminating();
    let ready = service.spec.publish_not_ready_addresses || (serving && !terminating);
    let zone = node.and_then(|node| node.metadata.labels.get(&LABEL_ZONE));
    Endpoint {
        addresses: vec![pod.status.pod_ip.clone()],
        conditions: EndpointConditions { ready, serving, terminating },
        node_name: pod.spec.node_name.clone(),
        zone: zone.cloned().unwrap_or_default(),
        target_ref: Some(ObjectReference::to(Kind::Pod, &pod.metadata)),
    }
}

/// Whether a Service's endpoints are made from pods at all.
#[must_use]
pub fn selects(service: &Service) -> bool {
    let external = crate::api::service::ServiceType::ExternalName;
    service.spec.kind != external && !service.spec.selector.is_empty()
}

/// Which Services select a pod, without asking each: a Service is found under the first pair of
/// its selector.
#[derive(Clone, Debug, Default)]
pub struct Selectors {
    /// (namespace, key, value) to the Services with this first pair and their whole selectors.
    by_pair: BTreeMap<(Str, Str, Str), BTreeMap<Str, Labels>>,
}

impl Selectors {
    /// A Service came, changed or went.
    pub fn change(&mut self, old: Option<&Service>, new: Option<&Service>) {
        if let Some((pair, name, _)) = old.and_then(place)
            && let Some(services) = self.by_pair.get_mut(&pair)
        {
            services.remove(&name);
            if services.is_empty() {
                self.by_pair.remove(&pair);
            }
        }
        if let Some((pair, name, selector)) = new.and_then(place) {
            self.by_pair.entry(pair).or_default().insert(name, selector);
        }
    }

    /// The Services of a namespace that select these labels.
    pub fn selecting<'a>(
        &'a self,
        namespace: &'a Str,
        labels: &'a Labels,
    ) -> impl Iterator<Item = ObjectKey> + 'a {
        labels
            .iter()
            .filter_map(|(key, value)| {
                self.by_pair.get(&(namespace.clone(), key.clone(), value.clone()))
            })
            .flatten()
            .filter(|(_, selector)| labels.contains_all(selector))
            .map(|(name, _)| ObjectKey { namespace: namespace.clone(), name: name.clone() })
    }
}

type Place = ((Str, Str, Str), Str, Labels);

fn place(service: &Service) -> Option<Place> {
    if !selects(service) {
        return None;
    }
    let (key, value) = service.spec.selector.iter().next()?;
    let pair = (service.metadata.namespace.clone(), key.clone(), value.clone());
    Some((pair, service.metadata.name.clone(), service.spec.selector.clone()))
}
