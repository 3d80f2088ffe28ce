//! What a fault strikes, and where something stands: machines, zones, components.

use std::fmt;

use serde::Deserialize;

use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// A place or a program of the cluster.
///
/// Worker machines have the names that the scenario gives them. Control plane machines and etcd
/// members are numbered from 1.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A worker machine with all that runs on it: `node("n2")`.
    Node(Spanned<String>),
    /// Every worker machine of a zone: `zone("a")`.
    Zone(Spanned<String>),
    /// The world outside the cluster: `outside`.
    Outside,
    /// The machine with the n-th API server, scheduler and controller manager: `control_plane(1)`.
    ControlPlane(Spanned<u32>),
    /// The n-th etcd member: `etcd(1)`.
    Etcd(Spanned<u32>),
    /// The n-th API server: `apiserver(1)`.
    Apiserver(Spanned<u32>),
    /// The n-th scheduler: `scheduler(1)`.
    Scheduler(Spanned<u32>),
    /// The n-th controller manager: `controller_manager(1)`.
    ControllerManager(Spanned<u32>),
    /// The kubelet of a worker machine: `kubelet("n2")`.
    Kubelet(Spanned<String>),
    /// The container runtime of a worker machine: `runtime("n2")`.
    Runtime(Spanned<String>),
    /// kube-proxy on a worker machine: `proxy("n2")`.
    Proxy(Spanned<String>),
    /// Whoever leads at that moment: `leader(etcd)`.
    Leader(Election),
    /// The machine on which a pod of this object runs at that moment (the first by name):
    /// `host_of("deployment/database")`.
    HostOf(Spanned<ObjectRef>),
}

/// Groups that elect a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Election {
    /// The etcd members, by Raft.
    Etcd,
    /// The schedulers, by Lease.
    Scheduler,
    /// The controller managers, by Lease.
    ControllerManager,
}

impl fmt::Display for Election {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Election::Etcd => "etcd",
            Election::Scheduler => "kube-scheduler",
            Election::ControllerManager => "kube-controller-manager",
        })
    }
}

impl Target {
    /// Is it known only when the moment comes?
    pub fn is_late(&self) -> bool {
        matches!(self, Target::Leader(_) | Target::HostOf(_))
    }
}

impl fmt::Display for Target {
    /// The words of the language, as the writer could have written them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Node(name) => write!(f, "node(\"{name}\")"),
            Target::Zone(name) => write!(f, "zone(\"{name}\")"),
            Target::Outside => f.write_str("outside"),
            Target::ControlPlane(number) => write!(f, "control_plane({number})"),
            Target::Etcd(number) => write!(f, "etcd({number})"),
            Target::Apiserver(number) => write!(f, "apiserver({number})"),
            Target::Scheduler(number) => write!(f, "scheduler({number})"),
            Target::ControllerManager(number) => write!(f, "controller_manager({number})"),
            Target::Kubelet(name) => write!(f, "kubelet(\"{name}\")"),
            Target::Runtime(name) => write!(f, "runtime(\"{name}\")"),
            Target::Proxy(name) => write!(f, "proxy(\"{name}\")"),
            Target::Leader(Election::Etcd) => f.write_str("leader(etcd)"),
            Target::Leader(Election::Scheduler) => f.write_str("leader(scheduler)"),
            Target::Leader(Election::ControllerManager) => {
                f.write_str("leader(controller_manager)")
            }
            Target::HostOf(object) => write!(f, "host_of(\"{object}\")"),
        }
    }
}
