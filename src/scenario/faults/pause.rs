//! A program stops without dying: it keeps its memory and misses time.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `pause(etcd(1), …)`: like SIGSTOP, or a virtual machine that is moved. Messages wait for it, its
/// leases run out, and when it resumes it believes that no time has passed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Pause {
    /// What is struck.
    pub target: Spanned<Target>,
    /// How long it lasts; without it, until a step ends it.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for Pause {
    fn check(&self, check: &mut Check<'_>) {
        check.target(&self.target);
        check.is_a_program(&self.target);
    }

    fn effect(&self) -> Effect {
        Effect::Begins { what: "pause", whom: self.target.value.to_string(), lasting: self.lasting }
    }
}
