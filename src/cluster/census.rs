//! Read-only questions about the whole: who leads, what is stored, where a pod runs.
//!
//! Faults that are aimed late ("the leader", "the machine of that pod") are aimed with these, so
//! they look at the actors themselves and not at what observers noted: a run must be the same
//! with observers and without.

use crate::api::Kind;
use crate::api::Object;
use crate::api::ObjectKey;
use crate::api::Str;
use crate::etcd::Member;
use crate::kernel::Slot;
use crate::raft::Role as RaftRole;
use crate::wire::etcd::{KeyRange, RangeRequest};
use crate::wire::runtime::ServiceRules;

use super::deliver::Cluster;
use super::directory::Role;

/// A group of equal processes that elects a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The etcd members, by Raft.
    Etcd,
    /// The schedulers, by Lease.
    Scheduler,
    /// The controller managers, by Lease.
    Controllers,
}

impl Cluster {
    /// The slot of a group's leader, when one leads.
    #[must_use]
    pub fn leader(&self, group: Group, alive: impl Fn(Slot) -> bool) -> Option<Slot> {
        let slot = |role: fn(u32) -> Role, n: usize| {
            self.directory.slot(role(u32::try_from(n).unwrap_or(u32::MAX)))
        };
        let mut slots: Vec<Slot> = match group {
            Group::Etcd => {
                self.etcd_leader(&alive).into_iter().map(|n| slot(Role::Etcd, n)).collect()
            }
            Group::Scheduler => (0..self.schedulers.len())
                .filter(|n| self.schedulers[*n].is_leader())
                .map(|n| slot(Role::Scheduler, n))
                .collect(),
            Group::Controllers => (0..self.controllers.len())
                .filter(|n| self.controllers[*n].is_leader())
                .map(|n| slot(Role::Controllers, n))
                .collect(),
        };
        slots.retain(|slot| alive(*slot));
        slots.first().copied()
    }

    /// The member that leads in the highest term.
    fn etcd_leader(&self, alive: &impl Fn(Slot) -> bool) -> Option<usize> {
        let leads = |n: &usize| {
            let slot = self.directory.slot(Role::Etcd(u32::try_from(*n).unwrap_or(u32::MAX)));
            alive(slot) && self.etcd[*n].node().role() == RaftRole::Leader
        };
        (0..self.etcd.len()).filter(leads).max_by_key(|n| self.etcd[*n].node().term())
    }

    /// The member that has applied most.
    fn newest(&self) -> &Member {
        let newest = self.etcd.iter().max_by_key(|member| member.store().revision());
        newest.expect("a cluster has a member of etcd")
    }

    /// All stored objects of one kind, sorted by key.
    #[must_use]
    pub fn stored(&self, kind: Kind) -> Vec<Object> {
        let prefix = crate::apiserver::keys::prefix(kind);
        let request = RangeRequest::new(KeyRange::prefix(prefix));
        let found = self.newest().store().range(&request);
        let pairs = found.map(|response| response.kvs).unwrap_or_default();
        pairs.iter().filter_map(|pair| pair.value.as_object().cloned()).collect()
    }

    /// One stored object.
    #[must_use]
    pub fn find(&self, kind: Kind, key: &ObjectKey) -> Option<Object> {
        let path = crate::apiserver::keys::key(kind, key);
        self.newest().store().get(&path).and_then(|pair| pair.value.as_object().cloned())
    }

    /// The machine's runtime on the node called `name`.
    #[must_use]
    pub fn runtime_of(&self, name: &str) -> Option<Slot> {
        let machine = self.directory.machine(name)?;
        let is_runtime =
            |slot: &&Slot| matches!(self.directory.role(**slot), Some(Role::Runtime(_)));
        machine.slots.iter().find(is_runtime).copied()
    }

    /// The packet rules of a Service in the kernel of the machine called `name`.
    #[must_use]
    pub fn rules_on(&self, name: &str, service: &ObjectKey) -> Option<&ServiceRules> {
        let Role::Runtime(number) = self.directory.role(self.runtime_of(name)?)? else {
            return None;
        };
        self.nodes.get(usize::try_from(number).ok()?)?.runtime.rules(service)
    }

    /// Pods in a scheduler's queue: to be tried, backing off, waiting for an event, being tried.
    #[must_use]
    pub fn scheduler_queue(&self, number: u32) -> Option<[usize; 4]> {
        let sizes = self.schedulers.get(usize::try_from(number).ok()?)?.queue().sizes();
        Some([sizes.active, sizes.backoff, sizes.unschedulable, sizes.in_flight])
    }

    /// The controllers of a controller manager: name, keys that wait, keys being worked on.
    #[must_use]
    pub fn controller_loads(&self, number: u32) -> Vec<(&'static str, usize, usize)> {
        let manager = usize::try_from(number).ok().and_then(|n| self.controllers.get(n));
        let loads = manager.into_iter().flat_map(|manager| manager.loads());
        loads.map(|(name, (waiting, working))| (name, waiting, working)).collect()
    }

    /// A member of etcd, from 0.
    #[must_use]
    pub fn etcd_member(&self, number: usize) -> Option<&Member> {
        self.etcd.get(number).map(|member| &**member)
    }

    /// A member of etcd, from 0, for faults of its disk.
    pub fn etcd_member_mut(&mut self, number: usize) -> Option<&mut Member> {
        self.etcd.get_mut(number).map(|member| &mut **member)
    }

    /// All members of etcd.
    #[must_use]
    pub fn etcd(&self) -> impl ExactSizeIterator<Item = &Member> {
        self.etcd.iter().map(|member| &**member)
    }

    /// Names of the nodes, control planes first.
    pub fn node_names(&self) -> impl Iterator<Item = &Str> {
        self.nodes.iter().map(|node| node.kubelet.node())
    }

    /// How many commands of the operator are not finished.
    #[must_use]
    pub fn operator_busy(&self) -> usize {
        self.operator.busy()
    }
}
