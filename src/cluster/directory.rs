//! Who stands in which slot, and on which machine: the stage's seating plan.
//!
//! The plan is fixed when the cluster is built. Slots come in blocks, so that a slot's component
//! is found by comparing numbers: operator, balancer, metrics server, API servers, etcd members,
//! schedulers, controller managers, then three slots per node, then clients.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Str;
use crate::kernel::{SiteId, Slot};

/// A component, and which of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The person at the keyboard.
    Operator,
    /// The balancer before the API servers.
    Balancer,
    /// The metrics server.
    Metrics,
    /// An API server, by its machine's number.
    ApiServer(u32),
    /// A member of etcd, from 0.
    Etcd(u32),
    /// A scheduler, by its machine's number.
    Scheduler(u32),
    /// A controller manager, by its machine's number.
    Controllers(u32),
    /// A kubelet, by its node's number.
    Kubelet(u32),
    /// A container runtime, by its node's number.
    Runtime(u32),
    /// A kube-proxy, by its node's number.
    Proxy(u32),
    /// A client of Services, from 0.
    Traffic(u32),
}

/// One machine: its name, its place, and what runs there.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The name: of the node, for machines that are nodes.
    pub name: Str,
    /// The place.
    pub site: SiteId,
    /// The zone.
    pub zone: Str,
    /// The processes.
    pub slots: Vec<Slot>,
}

/// The seating plan.
#[derive(Clone, Debug)]
pub struct Directory {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    control_planes: u32,
    etcd_members: u32,
    nodes: u32,
    clients: u32,
    machines: Vec<Machine>,
    machine_of: Vec<u32>,
    names: Vec<Str>,
    by_name: BTreeMap<Str, Slot>,
    machine_by_name: BTreeMap<Str, u32>,
    zones: BTreeMap<Str, SiteId>,
}

/// How many of each there are.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Control plane machines.
    pub control_planes: u32,
    /// etcd members.
    pub etcd_members: u32,
    /// Nodes: control plane machines first, then workers.
    pub nodes: u32,
    /// Clients of Services.
    pub clients: u32,
}

/// Operator, balancer, metrics server.
const SINGLES: u32 = 3;

impl Counts {
    fn api_servers(self) -> u32 {
        SINGLES
    }

    fn etcd(self) -> u32 {
        self.api_servers() + self.control_planes
    }

    fn schedulers(self) -> u32 {
        self.etcd() + self.etcd_members
    }

    fn controllers(self) -> u32 {
        self.schedulers() + self.control_planes
    }

    fn nodes(self) -> u32 {
        self.controllers() + self.control_planes
    }

    fn clients(self) -> u32 {
        self.nodes() + 3 * self.nodes
    }

    /// How many slots there are.
    #[must_use]
    pub fn total(self) -> u32 {
        self.clients() + self.clients
    }

    /// The slot of a component.
    #[must_use]
    pub fn slot(self, role: Role) -> Slot {
        Slot(match role {
            Role::Operator => 0,
            Role::Balancer => 1,
            Role::Metrics => 2,
            Role::ApiServer(number) => self.api_servers() + number,
            Role::Etcd(number) => self.etcd() + number,
            Role::Scheduler(number) => self.schedulers() + number,
            Role::Controllers(number) => self.controllers() + number,
            Role::Kubelet(number) => self.nodes() + 3 * number,
            Role::Runtime(number) => self.nodes() + 3 * number + 1,
            Role::Proxy(number) => self.nodes() + 3 * number + 2,
            Role::Traffic(number) => self.clients() + number,
        })
    }

    /// The component in a slot.
    #[must_use]
    pub fn role(self, slot: Slot) -> Option<Role> {
        let Slot(number) = slot;
        Some(match number {
            0 => Role::Operator,
            1 => Role::Balancer,
            2 => Role::Metrics,
            n if n < self.etcd() => Role::ApiServer(n - self.api_servers()),
            n if n < self.schedulers() => Role::Etcd(n - self.etcd()),
            n if n < self.controllers() => Role::Scheduler(n - self.schedulers()),
            n if n < self.nodes() => Role::Controllers(n - self.controllers()),
            n if n < self.clients() => {
                let (node, process) = ((n - self.nodes()) / 3, (n - self.nodes()) % 3);
                match process {
                    0 => Role::Kubelet(node),
                    1 => Role::Runtime(node),
                    _ => Role::Proxy(node),
                }
            }
            n if n < self.total() => Role::Traffic(n - self.clients()),
            _ => return None,
        })
    }
}

impl Directory {
    /// A plan for `counts`, with the machines and each slot's machine and name.
    pub(super) fn new(
        counts: Counts,
        machines: Vec<Machine>,
        names: Vec<Str>,
        zones: BTreeMap<Str, SiteId>,
    ) -> Self {
        assert!(names.len() == counts.total() as usize, "every slot has a name");
        let mut machine_of = vec![u32::MAX; names.len()];
        for (number, machine) in (0..).zip(&machines) {
            for slot in &machine.slots {
                machine_of[slot.index()] = number;
            }
        }
        let slots = (0..).map(Slot);
        let by_name = names.iter().cloned().zip(slots).collect();
        let machine_by_name =
            (0..).zip(&machines).map(|(number, machine)| (machine.name.clone(), number)).collect();
        let inner = Inner {
            control_planes: counts.control_planes,
            etcd_members: counts.etcd_members,
            nodes: counts.nodes,
            clients: counts.clients,
            machines,
            machine_of,
            names,
            by_name,
            machine_by_name,
            zones,
        };
        Directory { inner: Arc::new(inner) }
    }

    /// How many of each there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            control_planes: self.inner.control_planes,
            etcd_members: self.inner.etcd_members,
            nodes: self.inner.nodes,
            clients: self.inner.clients,
        }
    }

    /// The slot of a component.
    #[must_use]
    pub fn slot(&self, role: Role) -> Slot {
        self.counts().slot(role)
    }

    /// The component in a slot.
    #[must_use]
    pub fn role(&self, slot: Slot) -> Option<Role> {
        self.counts().role(slot)
    }

    /// A slot's name, as people see it: `etcd-1`, `kubelet@n1`.
    #[must_use]
    pub fn name(&self, slot: Slot) -> Str {
        self.inner.names.get(slot.index()).cloned().unwrap_or(arcstr::literal!("outside"))
    }

    /// The slot called `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Slot> {
        self.inner.by_name.get(name).copied()
    }

    /// All slots' names, in the order of the slots.
    #[must_use]
    pub fn names(&self) -> &[Str] {
        &self.inner.names
    }

    /// The machine under a slot.
    #[must_use]
    pub fn machine_of(&self, slot: Slot) -> Option<&Machine> {
        let number = *self.inner.machine_of.get(slot.index())?;
        self.inner.machines.get(number as usize)
    }

    /// The machine called `name`.
    #[must_use]
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        let number = *self.inner.machine_by_name.get(name)?;
        self.inner.machines.get(number as usize)
    }

    /// All machines: control planes, workers, then those without nodes.
    #[must_use]
    pub fn machines(&self) -> &[Machine] {
        &self.inner.machines
    }

    /// The place that a zone's hosts hang on.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<SiteId> {
        self.inner.zones.get(name).copied()
    }

    /// The zones' names.
    pub fn zones(&self) -> impl Iterator<Item = &Str> {
        self.inner.zones.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_and_roles_are_each_others_inverse() {
        let counts = Counts { control_planes: 3, etcd_members: 5, nodes: 10, clients: 2 };
        for number in 0..counts.total() {
            let role = counts.role(Slot(number)).expect("a role for every slot");
            assert_eq!(counts.slot(role), Slot(number), "{role:?}");
        }
        assert_eq!(counts.role(Slot(counts.total())), None);
    }
}
