//! What the metrics server is told.

use std::sync::Arc;

use crate::api::{ObjectKey, Str, Time};
use crate::kernel::{Digest, Span, Ticket};

use super::api::{ApiReply, ClientTimer};

/// The inbox of the metrics server.
#[derive(Clone, Debug)]
pub enum MetricsIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
    /// A kubelet tells what its pods use.
    Samples {
        /// The node.
        node: Str,
        /// One sample per pod that runs there.
        samples: Arc<[PodSample]>,
    },
    /// Somebody (the HorizontalPodAutoscaler controller) wants to know what pods use; the answer
    /// is `ControllersIn::Metrics`.
    ///
    /// Simplified: upstream asks the API server, which hands the request on to the metrics server
    /// (aggregation layer), and the metrics server finds the pods by their labels itself.
    Query {
        /// The asker's number for it; the answer carries it too.
        id: u64,
        /// The pods, with the node of each.
        pods: Arc<[PodPlace]>,
    },
    /// A timer of the metrics server's own.
    Timer(MetricsTimer),
}

/// What the metrics server reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsTimer {
    /// Ask all kubelets again.
    Scrape(Ticket),
}

/// A pod and the node on which it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodPlace {
    /// The pod.
    pub pod: ObjectKey,
    /// Its node.
    pub node: Str,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The number of the query.
    pub id: u64,
    /// One measurement for each pod of the query that has one, in the order of the query.
    pub samples: Arc<[Measured]>,
}

/// A sample, and when it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// When it arrived at the metrics server.
    pub at: Time,
    /// What was measured.
    pub sample: PodSample,
}

/// What one pod used over a short while, as its kubelet measured it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSample {
    /// The pod.
    pub pod: ObjectKey,
    /// Processor time [thousandths of a CPU], averaged over `window`.
    pub cpu_milli: u64,
    /// Memory \[bytes\].
    pub memory_bytes: u64,
    /// The time it was averaged over.
    pub window: Span,
}

impl MetricsIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            MetricsIn::Api(reply) => reply.label(),
            MetricsIn::Client(_) => "ClientTimer",
            MetricsIn::Samples { .. } => "Samples",
            MetricsIn::Query { .. } => "MetricsQuery",
            MetricsIn::Timer(MetricsTimer::Scrape(_)) => "Timer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            MetricsIn::Api(reply) => reply.digest(digest),
            MetricsIn::Client(timer) => timer.digest(digest),
            MetricsIn::Samples { samples, .. } => digest.fold((samples.len() as u64) << 8 | 0xd1),
            MetricsIn::Query { id, pods } => {
                digest.fold(*id);
                digest.fold((pods.len() as u64) << 8 | 0xd2);
            }
            MetricsIn::Timer(MetricsTimer::Scrape(ticket)) => {
                digest.fold(u64::from(ticket.0) << 8 | 0xd3);
            }
        }
    }
}
