//! What a kubelet is told.

use crate::api::Uid;
use crate::kernel::{Digest, Ticket};

use super::api::{ApiReply, ClientTimer};
use super::cri::{ContainerId, ProbeKind, RuntimeReply};

/// The inbox of a kubelet.
#[derive(Clone, Debug)]
pub enum KubeletIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
    /// From the container runtime of the same node.
    Runtime(RuntimeReply),
    /// Somebody (the metrics server) wants to know what the pods use; the answer is
    /// `MetricsIn::Samples`.
    Scrape,
    /// A timer of the kubelet's own.
    Timer(KubeletTimer),
}

/// What a kubelet reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KubeletTimer {
    /// Renew the node's Lease.
    Lease(Ticket),
    /// Post the node's status.
    NodeStatus(Ticket),
    /// Register the node (again).
    Register(Ticket),
    /// Look at the containers that changed.
    Relist,
    /// A pod's back-off or deadline is over.
    Pod(Uid, Ticket),
    /// Probe a container.
    Probe(Uid, ContainerId, ProbeKind),
    /// Write the statuses that could not be written.
    SyncStatuses(Ticket),
}

impl KubeletIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            KubeletIn::Api(reply) => reply.label(),
            KubeletIn::Client(_) => "ClientTimer",
            KubeletIn::Runtime(reply) => reply.label(),
            KubeletIn::Scrape => "Scrape",
            KubeletIn::Timer(_) => "Timer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            KubeletIn::Api(reply) => reply.digest(digest),
            KubeletIn::Client(timer) => timer.digest(digest),
            KubeletIn::Runtime(reply) => reply.digest(digest),
            KubeletIn::Scrape => digest.fold(0xd1),
            KubeletIn::Timer(timer) => timer.digest(digest),
        }
    }
}

impl KubeletTimer {
    fn digest(self, digest: &mut Digest) {
        digest.fold(match self {
            KubeletTimer::Lease(_) => 0xe1,
            KubeletTimer::NodeStatus(_) => 0xe2,
            KubeletTimer::Register(_) => 0xe3,
            KubeletTimer::Relist => 0xe4,
            KubeletTimer::Pod(pod, _) => pod.0 << 8 | 0xe5,
            KubeletTimer::Probe(_, container, probe) => {
                u64::from(container.0) << 16 | (probe as u64) << 8 | 0xe6
            }
            KubeletTimer::SyncStatuses(_) => 0xe7,
        });
    }
}
