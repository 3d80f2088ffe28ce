//! What there is in a scenario: machines, zones, members, objects, clients.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Kind, Object};
use crate::scenario::file::{Cluster, NodeGroup, Scenario};
use crate::scenario::manifest::Manifest;
use crate::scenario::steps::Action;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// Everything that a name in a scenario can mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) nodes: BTreeSet<String>,
    pub(crate) zones: BTreeSet<String>,
    pub(crate) control_planes: u32,
    pub(crate) etcd: u32,
    /// Namespace and name of every object of the manifests, by kind.
    pub(crate) objects: BTreeMap<Kind, BTreeSet<(String, String)>>,
    /// Containers of each workload and pod.
    pub(crate) containers: BTreeMap<(Kind, String, String), Vec<String>>,
    /// Ports of each Service.
    pub(crate) ports: BTreeMap<(String, String), Vec<i32>>,
    pub(crate) images: BTreeSet<String>,
    pub(crate) traffic: BTreeSet<String>,
    /// Names of partitions and slow links.
    pub(crate) faults: BTreeSet<String>,
    pub(crate) until: Spanned<Duration>,
    /// The end was set from the command line: what the scenario planned for later is left out.
    pub(crate) shortened: bool,
}

/// The names of the machines of a group.
pub(crate) fn machine_names(group: &NodeGroup) -> Vec<String> {
    match &group.count {
        None => vec![group.name.value.clone()],
        Some(count) => {
            (1..=count.value).map(|number| format!("{}{number}", group.name.value)).collect()
        }
    }
}

impl World {
    /// Everything that the scenario and its manifests bring.
    pub(crate) fn new(scenario: &Scenario, manifests: &[&Manifest]) -> World {
        let mut world = World { until: scenario.until.clone(), ..World::of(&scenario.cluster) };
        for traffic in &scenario.traffic {
            world.traffic.insert(traffic.name.value.clone());
        }
        for step in &scenario.steps {
            let name = if let Action::Partition(partition) = &step.action.value {
                &partition.name
            } else if let Action::SlowLink(link) = &step.action.value {
                &link.name
            } else {
                if let Action::SetImage(set) = &step.action.value {
                    world.images.insert(set.image.clone());
                }
                continue;
            };
            world.faults.extend(name.iter().map(|name| name.value.clone()));
        }
        for item in manifests.iter().flat_map(|manifest| &manifest.objects) {
            world.add(&item.object);
        }
        world
    }

    fn of(cluster: &Cluster) -> World {
        let mut world = World {
            control_planes: cluster.control_planes.value,
            etcd: cluster.etcd.value,
            ..World::default()
        };
        for group in &cluster.nodes {
            world.nodes.extend(machine_names(group));
            world.zones.extend(group.zone.iter().map(|zone| zone.value.clone()));
        }
        world.zones.extend(cluster.control_plane_zones.iter().map(|zone| zone.value.clone()));
        world.images.extend(cluster.images.keys().map(|name| name.value.clone()));
        world
    }

    fn add(&mut self, object: &Object) {
        let meta = object.meta();
        let (namespace, name) = (meta.namespace.to_string(), meta.name.to_string());
        let spec = pod_spec(object);
        if let Some(spec) = spec {
            let all = || spec.init_containers.iter().chain(spec.containers.iter());
            self.images.extend(all().map(|container| container.image.to_string()));
            let names = spec.containers.iter().chain(spec.init_containers.iter());
            let names = names.map(|container| container.name.to_string()).collect();
            self.containers.insert((object.kind(), namespace.clone(), name.clone()), names);
        }
        if let Object::Service(service) = object {
            let ports = service.spec.ports.iter().map(|port| port.port).collect();
            self.ports.insert((namespace.clone(), name.clone()), ports);
        }
        if let Object::Node(_) = object {
            self.nodes.insert(name.clone());
        }
        self.objects.entry(object.kind()).or_default().insert((namespace, name));
    }

    /// The names of the objects of a kind, as a scenario would write them.
    pub(crate) fn names_of(&self, kind: Kind) -> Vec<String> {
        let all = self.objects.get(&kind).into_iter().flatten();
        all.map(|(namespace, name)| match namespace.as_str() {
            "" | "default" => name.clone(),
            other => format!("{other}/{name}"),
        })
        .collect()
    }
}

/// The pods that an object is or makes.
pub(crate) fn pod_spec(object: &Object) -> Option<&crate::api::PodSpec> {
    if let Object::Pod(pod) = object {
        return Some(&pod.spec);
    }
    if let Object::Deployment(deployment) = object {
        return Some(&deployment.spec.template.spec);
    }
    if let Object::ReplicaSet(set) = object {
        return Some(&set.spec.template.spec);
    }
    None
}
