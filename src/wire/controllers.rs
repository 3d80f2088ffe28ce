//! What the controller manager is told.

use crate::kernel::Digest;

use super::api::{ApiReply, ClientTimer};

/// The inbox of a controller manager.
#[derive(Clone, Debug)]
pub enum ControllersIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
}

impl ControllersIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            ControllersIn::Api(reply) => reply.label(),
            ControllersIn::Client(_) => "ClientTimer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            ControllersIn::Api(reply) => reply.digest(digest),
            ControllersIn::Client(timer) => timer.digest(digest),
        }
    }
}
