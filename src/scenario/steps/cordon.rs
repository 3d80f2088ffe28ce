//! Somebody runs `kubectl cordon`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;

/// `cordon("n2")`: no new pods are placed there; those that run stay.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Cordon {
    /// Which machine.
    pub node: Spanned<String>,
}

impl Act for Cordon {
    fn check(&self, check: &mut Check<'_>) {
        check.node(&self.node);
    }

    fn effect(&self) -> Effect {
        Effect::Begins { what: "cordon", whom: self.node.value.clone(), lasting: None }
    }
}
