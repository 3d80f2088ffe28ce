//! Packing as laws, and whole Services in a rig.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::rig::{Rig, make_ready};
use super::endpoints::{Group, Wanted, id};
use super::packing::changes;
use super::*;
use crate::api::pod::PodPhase;
use crate::api::service::{Endpoint, EndpointPort, ServicePort};
use crate::api::{Container, IntOrString, ObjectMeta};

fn service(name: &str) -> Service {
    let mut service =
        Service { metadata: ObjectMeta::named("default", name), ..Default::default() };
    service.spec.selector = [("app", name)].into_iter().collect();
    service.spec.cluster_ip = "10.96.0.7".into();
    let target_port = Some(IntOrString::String("http".into()));
    service.spec.ports = vec![ServicePort { port: 80, target_port, ..Default::default() }];
    service
}

fn pod(name: &str, app: &str, port: i32) -> Pod {
    let mut pod = Pod { metadata: ObjectMeta::named("default", name), ..Default::default() };
    pod.metadata.labels = [("app", app)].into_iter().collect();
    let port = crate::api::pod::ContainerPort {
        name: "http".into(),
        container_port: port,
        ..Default::default()
    };
    pod.spec.containers = [Container { ports: vec![port], ..Default::default() }].into();
    pod
}

fn rig() -> Rig {
    let mut rig = Rig::of::<EndpointSliceController>();
    let mut node = Node { metadata: ObjectMeta::named("", "n1"), ..Default::default() };
    node.metadata.labels = [("topology.kubernetes.io/zone", "a")].into_iter().collect();
    rig.create(node);
    rig.settle();
    rig
}

/// A pod with an address that is ready on `n1`.
fn run_pod(rig: &mut Rig, pod: Pod, ip: &str) -> ObjectKey {
    let key = pod.key();
    rig.create(pod);
    make_ready(rig, &key);
    rig.change::<Pod>(&key, |pod| pod.status.pod_ip = ip.into());
    // A cache that lags behind the last write makes the look fail; it is repeated later.
    rig.pass(Span::secs(10));
    key
}

/// Ports, and the addresses with their readiness.
type Shown = (Vec<i32>, Vec<(Str, bool)>);

fn addresses(rig: &Rig) -> Vec<Shown> {
    let slices = rig.all::<EndpointSlice>();
    let of = |slice: &Arc<EndpointSlice>| {
        let ports = slice.ports.iter().map(|port| port.port).collect();
        let endpoint =
            |endpoint: &Endpoint| (endpoint.addresses[0].clone(), endpoint.conditions.ready);
        (ports, slice.endpoints.iter().map(endpoint).collect())
    };
    slices.iter().map(of).collect()
}

#[test]
fn a_service_has_an_empty_slice_and_fills_it() {
    let mut rig = rig();
    rig.create(service("web"));
    rig.settle();
    assert_eq!(rig.take_writes(), ["create EndpointSlice"]);
    assert_eq!(addresses(&rig), [(vec![], vec![])]);
    let key = run_pod(&mut rig, pod("p1", "web", 8080), "10.0.0.1");
    assert_eq!(rig.take_writes(), ["update EndpointSlice"], "the empty slice is taken");
    assert_eq!(addresses(&rig), [(vec![8080], vec![("10.0.0.1".into(), true)])]);
    let slice = rig.all::<EndpointSlice>()[0].clone();
    assert_eq!(slice.endpoints[0].zone, "a");
    assert_eq!(slice.metadata.labels.get(&SERVICE_NAME_LABEL), Some(&"web".into()));
    assert!(slice.metadata.controller().is_some_and(|owner| owner.kind == Kind::Service));
    rig.change::<Pod>(&key, |pod| pod.status.phase = PodPhase::Failed);
    rig.pass(Span::secs(10));
    assert_eq!(addresses(&rig), [(vec![], vec![])], "the placeholder is back");
    rig.take_writes();
    rig.pass(Span::secs(10));
    assert_eq!(rig.take_writes(), [""; 0]);
}

#[test]
fn pods_with_other_port_numbers_get_a_slice_of_their_own() {
    let mut rig = rig();
    rig.create(service("web"));
    run_pod(&mut rig, pod("p1", "web", 8080), "10.0.0.1");
    run_pod(&mut rig, pod("p2", "web", 9090), "10.0.0.2");
    let mut ports: Vec<Vec<i32>> = addresses(&rig).into_iter().map(|(ports, _)| ports).collect();
    ports.sort();
    assert_eq!(ports, [[8080], [9090]]);
}

#[test]
fn what_cannot_change_an_endpoint_costs_no_look() {
    let mut rig = rig();
    rig.create(service("web"));
    let key = run_pod(&mut rig, pod("p1", "web", 8080), "10.0.0.1");
    rig.take_writes();
    rig.change::<Pod>(&key, |pod| pod.status.message = "still here".into());
    rig.change::<Pod>(&key, |pod| pod.metadata.deletion_timestamp = Some(Default::default()));
    rig.pass(Span::secs(10));
    assert_eq!(rig.take_writes(), ["update EndpointSlice"]);
    let conditions = rig.all::<EndpointSlice>()[0].endpoints[0].conditions;
    assert_eq!((conditions.ready, conditions.serving, conditions.terminating), (false, true, true));
    rig.change::<Pod>(&key, |pod| pod.metadata.labels = [("app", "other")].into_iter().collect());
    rig.pass(Span::secs(10));
    assert_eq!(addresses(&rig), [(vec![], vec![])]);
}

#[test]
fn a_slice_that_somebody_deletes_comes_back() {
    let mut rig = rig();
    rig.create(service("web"));
    run_pod(&mut rig, pod("p1", "web", 8080), "10.0.0.1");
    let slice = rig.all::<EndpointSlice>()[0].clone();
    rig.remove(Kind::EndpointSlice, &slice.key());
    rig.pass(Span::secs(2));
    assert_eq!(addresses(&rig).len(), 1);
}

#[test]
fn services_without_selector_and_external_names_are_left_alone() {
    let mut rig = rig();
    let mut bare = service("bare");
    bare.spec.selector = Default::default();
    rig.create(bare);
    let mut external = service("external");
    external.spec.kind = crate::api::service::ServiceType::ExternalName;
    rig.create(external);
    rig.settle();
    assert_eq!(rig.take_writes(), [""; 0]);
}

#[test]
fn a_service_finds_its_pods_by_the_whole_selector() {
    let mut selectors = Selectors::default();
    let mut both = service("both");
    both.spec.selector = [("app", "web"), ("tier", "front")].into_iter().collect();
    selectors.change(None, Some(&both));
    selectors.change(None, Some(&service("web")));
    let names = |labels: &[(&str, &str)]| -> Vec<Str> {
        let labels = labels.iter().copied().collect();
        let namespace = Str::from("default");
        selectors.selecting(&namespace, &labels).map(|key| key.name).collect()
    };
    assert_eq!(names(&[("app", "web")]), ["web"]);
    assert_eq!(names(&[("app", "web"), ("tier", "front"), ("x", "y")]), ["both", "web"]);
    assert_eq!(names(&[("tier", "front")]), [""; 0]);
}

const MAX: usize = 4;

fn group(endpoints: &BTreeMap<u8, bool>) -> Group {
    let endpoint = |(number, ready): (&u8, &bool)| {
        let mut endpoint =
            Endpoint { addresses: vec![number.to_string().into()], ..Default::default() };
        endpoint.conditions.ready = *ready;
        (id(&endpoint), endpoint)
    };
    endpoints.iter().map(endpoint).collect()
}

/// The slices after `endpoints` were wanted, and which were written.
fn packed(
    slices: &[Arc<EndpointSlice>],
    endpoints: &BTreeMap<u8, bool>,
) -> (Vec<Arc<EndpointSlice>>, usize, usize) {
    let ports = vec![EndpointPort { port: 80, ..Default::default() }];
    let groups = if endpoints.is_empty() {
        BTreeMap::new()
    } else {
        BTreeMap::from([(ports, group(endpoints))])
    };
    let wanted = Wanted { groups, misses_node: false };
    let changes = changes(&service("web"), slices, wanted, MAX);
    let (created, updated) = (changes.create.len(), changes.update.len());
    let mut after: BTreeMap<Str, Arc<EndpointSlice>> =
        slices.iter().map(|slice| (slice.metadata.name.clone(), slice.clone())).collect();
    for slice in &changes.delete {
        after.remove(&slice.metadata.name);
    }
    for slice in changes.update {
        after.insert(slice.metadata.name.clone(), Arc::new(slice));
    }
    for (place, mut slice) in changes.create.into_iter().enumerate() {
        let name =
            (0..).map(|n| format!("s{place}-{n}")).find(|name| !after.contains_key(name.as_str()));
        slice.metadata.name = name.unwrap_or_default().into();
        after.insert(slice.metadata.name.clone(), Arc::new(slice));
    }
    (after.into_values().collect(), created, updated)
}

fn contents(slices: &[Arc<EndpointSlice>]) -> Vec<Endpoint> {
    let mut all: Vec<Endpoint> =
        slices.iter().flat_map(|slice| slice.endpoints.iter().cloned()).collect();
    all.sort_by_key(id);
    all
}

proptest! {
    #[test]
    fn slices_say_what_is_wanted_with_few_writes(
        histories in prop::collection::vec(prop::collection::btree_map(0u8..20, any::<bool>(), 0..16), 1..8)
    ) {
        let mut slices: Vec<Arc<EndpointSlice>> = Vec::new();
        for wanted in &histories {
            let before = contents(&slices);
            let group = group(wanted);
            let is_wanted = |endpoint: &Endpoint| group.get(&id(endpoint)) == Some(endpoint);
            let touched = slices.iter().filter(|s| !s.endpoints.iter().all(is_wanted)).count();
            let new = group.keys().filter(|key| !before.iter().any(|old| id(old) == **key)).count();
            let (after, created, updated) = packed(&slices, wanted);
            prop_assert_eq!(contents(&after), group.into_values().collect::<Vec<_>>());
            prop_assert!(after.iter().all(|slice| slice.endpoints.len() <= MAX));
            prop_assert!(!after.is_empty(), "at least the placeholder stays");
            // The placeholder costs a write of its own when it comes and when it goes.
            prop_assert!(created + updated <= touched + new.div_ceil(MAX) + 1);
            let (again, created, updated) = packed(&after, wanted);
            prop_assert_eq!((created, updated), (0, 0), "a settled Service is left alone");
            prop_assert_eq!(again.len(), after.len());
            slices = after;
        }
    }
}
