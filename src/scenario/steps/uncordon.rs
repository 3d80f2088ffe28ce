//! Somebody runs `kubectl uncordon`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;

/// `uncordon("n2")`: pods may be placed there again.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Uncordon {
    /// Which machine.
    pub node: Spanned<String>,
}

impl Act for Uncordon {
    fn check(&self, check: &mut Check<'_>) {
        check.node(&self.node);
    }

    fn effect(&self) -> Effect {
        Effect::Ends { what: "cordon", whom: self.node.value.clone() }
    }
}
