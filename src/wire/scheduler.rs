//! What the scheduler is told.

use crate::kernel::Digest;

use super::api::{ApiReply, ClientTimer};

/// The inbox of a scheduler.
#[derive(Clone, Debug)]
pub enum SchedulerIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
}

impl SchedulerIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            SchedulerIn::Api(reply) => reply.label(),
            SchedulerIn::Client(_) => "ClientTimer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            SchedulerIn::Api(reply) => reply.digest(digest),
            SchedulerIn::Client(timer) => timer.digest(digest),
        }
    }
}
