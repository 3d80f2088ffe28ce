//! Somebody runs `kubectl rollout resume`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// `resume_rollout("deployment/frontend")`: the changes that waited go out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ResumeRollout {
    /// Which one.
    pub of: Spanned<ObjectRef>,
}

impl Act for ResumeRollout {
    fn check(&self, check: &mut Check<'_>) {
        check.deployment(&self.of);
    }
}
