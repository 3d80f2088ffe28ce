//! What a container runtime is told: CRI calls of its kubelet, requests of clients, faults.

use crate::kernel::Digest;

/// The inbox of a node's container runtime.
#[derive(Clone, Debug)]
pub enum RuntimeIn {
    /// Look at what is due.
    Tick,
}

impl RuntimeIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            RuntimeIn::Tick => "Tick",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            RuntimeIn::Tick => digest.fold(1),
        }
    }
}
