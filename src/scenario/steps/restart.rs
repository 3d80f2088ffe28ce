//! Somebody runs `kubectl rollout restart`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// `restart("deployment/frontend")`: every pod is replaced, a few at a time.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Restart {
    /// Which one.
    pub of: Spanned<ObjectRef>,
}

impl Act for Restart {
    fn check(&self, check: &mut Check<'_>) {
        check.deployment(&self.of);
    }
}
