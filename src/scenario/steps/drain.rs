//! Somebody runs `kubectl drain`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;

/// `drain("n2")`: cordon, then delete every pod on it. `uncordon` opens it again.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Drain {
    /// Which machine.
    pub node: Spanned<String>,
}

impl Act for Drain {
    fn check(&self, check: &mut Check<'_>) {
        check.node(&self.node);
    }

    fn effect(&self) -> Effect {
        Effect::Begins { what: "cordon", whom: self.node.value.clone(), lasting: None }
    }
}
