//! What a client of Services is told.

use crate::kernel::Digest;

/// The inbox of a client of Services.
#[derive(Clone, Debug)]
pub enum TrafficIn {
    /// Look at what is due.
    Tick,
}

impl TrafficIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            TrafficIn::Tick => "Tick",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            TrafficIn::Tick => digest.fold(1),
        }
    }
}
