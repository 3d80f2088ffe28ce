//! What crashed is started again, with nothing but its disk.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;

/// `recover(node("n2"))`: power on. Programs start empty and read their disk and the API server.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Recover {
    /// What is struck.
    pub target: Spanned<Target>,
}

impl Act for Recover {
    fn check(&self, check: &mut Check<'_>) {
        check.target(&self.target);
        check.is_a_program(&self.target);
    }

    fn effect(&self) -> Effect {
        Effect::Ends { what: "crash", whom: self.target.value.to_string() }
    }
}
