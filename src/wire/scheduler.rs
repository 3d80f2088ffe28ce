//! What the scheduler is told.

use crate::kernel::{Digest, Ticket};

use super::api::{ApiReply, ClientTimer};

/// The inbox of a scheduler.
#[derive(Clone, Debug)]
pub enum SchedulerIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
    /// The decision on a pod is made.
    Cycle(Ticket),
    /// Time to look at the pods that back off or have been unschedulable for long.
    Flush(Ticket),
}

impl SchedulerIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            SchedulerIn::Api(reply) => reply.label(),
            SchedulerIn::Client(_) => "ClientTimer",
            SchedulerIn::Cycle(_) => "Cycle",
            SchedulerIn::Flush(_) => "Flush",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            SchedulerIn::Api(reply) => reply.digest(digest),
            SchedulerIn::Client(timer) => timer.digest(digest),
            SchedulerIn::Cycle(ticket) => digest.fold(u64::from(ticket.0) << 8 | 31),
            SchedulerIn::Flush(ticket) => digest.fold(u64::from(ticket.0) << 8 | 32),
        }
    }
}
