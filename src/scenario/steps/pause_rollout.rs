//! Somebody runs `kubectl rollout pause`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// `pause_rollout("deployment/frontend")`: changes of the template wait.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PauseRollout {
    /// Which one.
    pub of: Spanned<ObjectRef>,
}

impl Act for PauseRollout {
    fn check(&self, check: &mut Check<'_>) {
        check.deployment(&self.of);
    }
}
