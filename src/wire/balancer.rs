//! What the balancer before the API servers is told.
//!
//! It balances connections, not requests (layer 4), as the usual load balancer before a highly
//! available control plane does; a client keeps its API server until the connection breaks.

use crate::kernel::Digest;
use crate::kernel::Slot;

/// The inbox of the balancer.
#[derive(Clone, Debug)]
pub enum BalancerIn {
    /// A client wants a connection; the answer is `ApiReply::Connected`.
    Connect,
    /// Time to look which API servers are healthy.
    CheckHealth,
    /// An API server answers a health check.
    Healthy,
    /// Nobody listens there.
    Refused(Slot),
}

impl BalancerIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            BalancerIn::Connect => "Connect",
            BalancerIn::CheckHealth => "CheckHealth",
            BalancerIn::Healthy => "Healthy",
            BalancerIn::Refused(_) => "Refused",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        digest.fold(match self {
            BalancerIn::Connect => 1,
            BalancerIn::CheckHealth => 2,
            BalancerIn::Healthy => 3,
            BalancerIn::Refused(slot) => u64::from(slot.0) << 8 | 4,
        });
    }
}
