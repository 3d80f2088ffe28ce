//! Somebody runs `kubectl delete`.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, ObjectRef};

/// `delete("pod/web-*")`, `delete(of: "deployment/frontend", grace: "0s")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Delete {
    /// Which one.
    pub of: Spanned<ObjectRef>,
    /// Time between SIGTERM and SIGKILL. Default: what the pod says.
    #[serde(default)]
    pub grace: Option<Duration>,
}

impl Act for Delete {
    fn check(&self, check: &mut Check<'_>) {
        check.object(&self.of);
    }
}
