//! What a kubelet is told.

use crate::kernel::Digest;

use super::api::{ApiReply, ClientTimer};

/// The inbox of a kubelet.
#[derive(Clone, Debug)]
pub enum KubeletIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
}

impl KubeletIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            KubeletIn::Api(reply) => reply.label(),
            KubeletIn::Client(_) => "ClientTimer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            KubeletIn::Api(reply) => reply.digest(digest),
            KubeletIn::Client(timer) => timer.digest(digest),
        }
    }
}
