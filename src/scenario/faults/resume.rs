//! What was paused goes on, with all messages that waited for it.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;

/// `resume(etcd(1))`: like SIGCONT.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Resume {
    /// What is struck.
    pub target: Spanned<Target>,
}

impl Act for Resume {
    fn check(&self, check: &mut Check<'_>) {
        check.target(&self.target);
        check.is_a_program(&self.target);
    }

    fn effect(&self) -> Effect {
        Effect::Ends { what: "pause", whom: self.target.value.to_string() }
    }
}
