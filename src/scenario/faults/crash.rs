//! A machine or program dies at once; what was not on its disk is lost.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `crash(node("n2"))`: power off. Everything on the target stops and forgets its memory; an etcd
/// member also loses what it had not yet synced to disk. `recover` starts it again.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Crash {
    /// What is struck.
    pub target: Spanned<Target>,
    /// How long it lasts; without it, until a step ends it.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for Crash {
    fn check(&self, check: &mut Check<'_>) {
        check.target(&self.target);
        check.is_a_program(&self.target);
    }

    fn effect(&self) -> Effect {
        Effect::Begins { what: "crash", whom: self.target.value.to_string(), lasting: self.lasting }
    }
}
