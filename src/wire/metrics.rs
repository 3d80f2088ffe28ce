//! What the metrics server is told.

use crate::kernel::Digest;

use super::api::{ApiReply, ClientTimer};

/// The inbox of the metrics server.
#[derive(Clone, Debug)]
pub enum MetricsIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
}

impl MetricsIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            MetricsIn::Api(reply) => reply.label(),
            MetricsIn::Client(_) => "ClientTimer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            MetricsIn::Api(reply) => reply.digest(digest),
            MetricsIn::Client(timer) => timer.digest(digest),
        }
    }
}
