//! A program answers nothing, not even probes, but does not end.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, ObjectRef};

/// `hang(of: "deployment/backend", pods: 1)`: a deadlock. Only a liveness probe cures it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Hang {
    /// Whose pods: a pod, or the Deployment or ReplicaSet that made them.
    pub of: Spanned<ObjectRef>,
    /// In how many of the pods (the first by name). Default: all.
    #[serde(default)]
    pub pods: Option<u32>,
    /// How long it lasts. Default: to the end.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for Hang {
    fn check(&self, check: &mut Check<'_>) {
        check.pod_owner(&self.of);
    }

    fn effect(&self) -> Effect {
        let whom = self.of.value.to_string();
        Effect::Begins { what: "hang", whom, lasting: self.lasting }
    }
}
