//! What the person at the keyboard (kubectl) is told.

use crate::kernel::Digest;

use super::api::{ApiReply, ClientTimer};

/// The inbox of the operator.
#[derive(Clone, Debug)]
pub enum OperatorIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
}

impl OperatorIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            OperatorIn::Api(reply) => reply.label(),
            OperatorIn::Client(_) => "ClientTimer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            OperatorIn::Api(reply) => reply.digest(digest),
            OperatorIn::Client(timer) => timer.digest(digest),
        }
    }
}
