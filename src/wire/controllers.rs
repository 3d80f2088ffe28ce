//! What the controller manager is told.

use std::sync::Arc;

use crate::kernel::{Digest, Ticket};

use super::api::{ApiReply, ClientTimer};
use super::metrics::Usage;

/// The inbox of a controller manager.
#[derive(Clone, Debug)]
pub enum ControllersIn {
    /// From the API server or the balancer.
    Api(ApiReply),
    /// A timer of the API client (see `client`).
    Client(ClientTimer),
    /// From the metrics server: what pods use.
    Metrics(Arc<Usage>),
    /// A timer of the manager's own.
    Timer(ControllersTimer),
}

/// What a controller manager reminds itself of. Controllers are named by their place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllersTimer {
    /// A worker has read its caches and thought long enough about one key.
    Work {
        /// The controller.
        controller: u8,
        /// Its worker.
        worker: u16,
    },
    /// A periodic controller's turn.
    Tick {
        /// The controller.
        controller: u8,
        /// Only the newest counts.
        ticket: Ticket,
    },
    /// A delayed key is due, or a token of a controller's rate limit.
    Wake(Ticket),
    /// The process that ended because it lost its leadership starts again.
    Restart(Ticket),
}

impl ControllersIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            ControllersIn::Api(reply) => reply.label(),
            ControllersIn::Client(_) => "ClientTimer",
            ControllersIn::Metrics(_) => "Metrics",
            ControllersIn::Timer(ControllersTimer::Work { .. }) => "Work",
            ControllersIn::Timer(ControllersTimer::Tick { .. }) => "Tick",
            ControllersIn::Timer(ControllersTimer::Wake(_)) => "Wake",
            ControllersIn::Timer(ControllersTimer::Restart(_)) => "Restart",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            ControllersIn::Api(reply) => reply.digest(digest),
            ControllersIn::Client(timer) => timer.digest(digest),
            ControllersIn::Metrics(usage) => {
                digest.fold(usage.id);
                digest.fold((usage.samples.len() as u64) << 8 | 0xc5);
            }
            ControllersIn::Timer(timer) => digest.fold(match timer {
                ControllersTimer::Work { controller, worker } => {
                    u64::from(*controller) << 24 | u64::from(*worker) << 8 | 0xc1
                }
                ControllersTimer::Tick { controller, ticket } => {
                    u64::from(ticket.0) << 16 | u64::from(*controller) << 8 | 0xc2
                }
                ControllersTimer::Wake(ticket) => u64::from(ticket.0) << 8 | 0xc3,
                ControllersTimer::Restart(ticket) => u64::from(ticket.0) << 8 | 0xc4,
            }),
        }
    }
}
