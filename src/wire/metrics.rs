//! What the metrics server is told.

use std::sync::Arc;

use crate::api::{ObjectKey, Str};
use crate::kernel::{Digest, Span};

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
}

/// What one pod used over a short while, as its kubelet measured it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSample {
    /// The pod.
    pub pod: ObjectKey,
    /// Processor time [thousandths of a CPU], averaged over `window`.
    pub cpu_milli: u64,
    /// Memory [bytes].
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
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            MetricsIn::Api(reply) => reply.digest(digest),
            MetricsIn::Client(timer) => timer.digest(digest),
            MetricsIn::Samples { samples, .. } => digest.fold((samples.len() as u64) << 8 | 0xd1),
        }
    }
}
