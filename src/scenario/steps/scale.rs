//! Somebody runs `kubectl scale`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// `scale("deployment/frontend", 5)`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Scale {
    /// Which one.
    pub of: Spanned<ObjectRef>,
    /// How many replicas it shall have.
    pub replicas: u32,
}

impl Act for Scale {
    fn check(&self, check: &mut Check<'_>) {
        check.scalable(&self.of);
    }
}
