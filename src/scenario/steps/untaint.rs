//! Somebody runs `kubectl taint … key-`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;

/// `untaint("n2", "disk")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Untaint {
    /// Which machine.
    pub node: Spanned<String>,
    /// The key of the taint.
    pub key: Spanned<String>,
}

impl Act for Untaint {
    fn check(&self, check: &mut Check<'_>) {
        check.node(&self.node);
    }
}
