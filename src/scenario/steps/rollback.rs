//! Somebody runs `kubectl rollout undo`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// `rollback("deployment/frontend")`: back to the revision before, or to `revision`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Rollback {
    /// Which one.
    pub of: Spanned<ObjectRef>,
    /// To which revision. Default: the one before.
    #[serde(default)]
    pub revision: Option<u32>,
}

impl Act for Rollback {
    fn check(&self, check: &mut Check<'_>) {
        check.deployment(&self.of);
    }
}
