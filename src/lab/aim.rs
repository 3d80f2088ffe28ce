//! What a fault's words mean at the moment it strikes: slots and places.

use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Pod;
use crate::cluster::Cluster;
use crate::cluster::Group;
use crate::cluster::OUTSIDE_ZONE;
use crate::cluster::Role;
use crate::kernel::ActorState;
use crate::kernel::Sim;
use crate::kernel::SiteId;
use crate::kernel::Slot;
use crate::scenario::target::{Election, Target};
use crate::scenario::values::ObjectRef;

/// The processes that a target means now; none when a late target means nobody at present.
pub(super) fn slots(sim: &Sim<Cluster>, target: &Target) -> Vec<Slot> {
    let directory = sim.world().directory();
    let numbered = |role: fn(u32) -> Role, number: u32| {
        number.checked_sub(1).map(|n| directory.slot(role(n))).into_iter().collect()
    };
    let on_machine = |name: &str, wanted: fn(Role) -> bool| -> Vec<Slot> {
        let slots =
            directory.machine(name).map(|machine| machine.slots.clone()).unwrap_or_default();
        slots.into_iter().filter(|slot| directory.role(*slot).is_some_and(wanted)).collect()
    };
    match target {
        Target::Node(name) => on_machine(&name.value, |_| true),
        Target::Zone(name) => {
            let inside = directory.machines().iter().filter(|m| m.zone == name.value.as_str());
            let is_worker = |slot: &Slot| {
                matches!(
                    directory.role(*slot),
                    Some(Role::Kubelet(_) | Role::Runtime(_) | Role::Proxy(_) | Role::Traffic(_))
                )
            };
            let workers = inside.filter(|machine| machine.slots.iter().all(is_worker));
            workers.flat_map(|machine| machine.slots.clone()).collect()
        }
        Target::Outside => Vec::new(),
        Target::ControlPlane(number) => on_machine(&format!("cp-{}", number.value), |_| true),
        Target::Etcd(number) => numbered(Role::Etcd, number.value),
        Target::Apiserver(number) => numbered(Role::ApiServer, number.value),
        Target::Scheduler(number) => numbered(Role::Scheduler, number.value),
        Target::ControllerManager(number) => numbered(Role::Controllers, number.value),
        Target::Kubelet(name) => on_machine(&name.value, |role| matches!(role, Role::Kubelet(_))),
        Target::Runtime(name) => on_machine(&name.value, |role| matches!(role, Role::Runtime(_))),
        Target::Proxy(name) => on_machine(&name.value, |role| matches!(role, Role::Proxy(_))),
        Target::Leader(election) => {
            let alive = |slot| sim.state(slot) == ActorState::Running;
            sim.world().leader(group(*election), alive).into_iter().collect()
        }
        Target::HostOf(object) => {
            host_of(sim, &object.value).map(|name| on_machine(&name, |_| true)).unwrap_or_default()
        }
    }
}

/// The places that a target means, for partitions and slow links.
pub(super) fn sites(sim: &Sim<Cluster>, target: &Target) -> Vec<SiteId> {
    let directory = sim.world().directory();
    match target {
        Target::Zone(name) => directory.zone(&name.value).into_iter().collect(),
        Target::Outside => directory.zone(&OUTSIDE_ZONE).into_iter().collect(),
        other @ (Target::Node(_)
        | Target::ControlPlane(_)
        | Target::Etcd(_)
        | Target::Apiserver(_)
        | Target::Scheduler(_)
        | Target::ControllerManager(_)
        | Target::Kubelet(_)
        | Target::Runtime(_)
        | Target::Proxy(_)
        | Target::Leader(_)
        | Target::HostOf(_)) => {
            let mut sites: Vec<SiteId> = slots(sim, other)
                .into_iter()
                .filter_map(|slot| directory.machine_of(slot))
                .map(|machine| machine.site)
                .collect();
            sites.sort_unstable();
            sites.dedup();
            sites
        }
    }
}

/// The names of the machines under some processes.
pub(super) fn machines(sim: &Sim<Cluster>, slots: &[Slot]) -> Vec<crate::api::Str> {
    let directory = sim.world().directory();
    let mut names: Vec<crate::api::Str> = slots
        .iter()
        .filter_map(|slot| directory.machine_of(*slot))
        .map(|machine| machine.name.clone())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn group(election: Election) -> Group {
    match election {
        Election::Etcd => Group::Etcd,
        Election::Scheduler => Group::Scheduler,
        Election::ControllerManager => Group::Controllers,
    }
}

/// The machine on which the first pod of an object runs.
fn host_of(sim: &Sim<Cluster>, of: &ObjectRef) -> Option<String> {
    pods(sim, of)
        .into_iter()
        .find(|pod| !pod.spec.node_name.is_empty() && !pod.metadata.is_terminating())
        .map(|pod| pod.spec.node_name.to_string())
}

/// The stored objects that a reference means, sorted by key.
pub(super) fn objects(sim: &Sim<Cluster>, of: &ObjectRef) -> Vec<Object> {
    if !of.is_pattern() {
        let key = ObjectKey::new(of.namespace.as_str(), of.name.as_str());
        return sim.world().find(of.kind, &key).into_iter().collect();
    }
    let fits = |object: &Object| {
        let meta = object.meta();
        of.matches(of.kind, &meta.namespace, &meta.name)
    };
    sim.world().stored(of.kind).into_iter().filter(fits).collect()
}

/// The stored pods that a reference means: by name, or those of every object it names.
pub(super) fn pods(sim: &Sim<Cluster>, of: &ObjectRef) -> Vec<std::sync::Arc<Pod>> {
    use crate::api::Resource;
    if of.kind == Kind::Pod {
        return objects(sim, of).iter().filter_map(Pod::of).cloned().collect();
    }
    let mut owners: Vec<crate::api::Uid> =
        objects(sim, of).iter().map(|object| object.meta().uid).collect();
    if of.kind == Kind::Deployment {
        let owned = |object: &Object| {
            object.meta().controller().is_some_and(|owner| owners.contains(&owner.uid))
        };
        let sets = sim.world().stored(Kind::ReplicaSet);
        owners = sets.iter().filter(|set| owned(set)).map(|set| set.meta().uid).collect();
    }
    let owned = |pod: &std::sync::Arc<Pod>| {
        pod.metadata.controller().is_some_and(|owner| owners.contains(&owner.uid))
    };
    sim.world()
        .stored(Kind::Pod)
        .iter()
        .filter_map(Pod::of)
        .filter(|pod| owned(pod))
        .cloned()
        .collect()
}
