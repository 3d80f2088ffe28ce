//! What kube-proxy is told.

use crate::kernel::{Digest, Ticket};

use super::api::{ApiReply, ClientTimer};

/// The inbox of a node's kube-proxy.
#[derive(Clone, Debug)]
pub enum ProxyIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
    /// Write the rules that wait.
    Sync(Ticket),
}

impl ProxyIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            ProxyIn::Api(reply) => reply.label(),
            ProxyIn::Client(_) => "ClientTimer",
            ProxyIn::Sync(_) => "SyncRules",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            ProxyIn::Api(reply) => reply.digest(digest),
            ProxyIn::Client(timer) => timer.digest(digest),
            ProxyIn::Sync(_) => digest.fold(0xd1),
        }
    }
}
