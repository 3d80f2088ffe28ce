//! A program says that it cannot take requests.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, ObjectRef};

/// `not_ready(of: "deployment/backend", pods: 1, for: "1m")`: its readiness probe fails.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct NotReady {
    /// Whose pods: a pod, or the Deployment or ReplicaSet that made them.
    pub of: Spanned<ObjectRef>,
    /// In how many of the pods (the first by name). Default: all.
    #[serde(default)]
    pub pods: Option<u32>,
    /// How long it lasts. Default: to the end.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for NotReady {
    fn check(&self, check: &mut Check<'_>) {
        check.pod_owner(&self.of);
    }

    fn effect(&self) -> Effect {
        let whom = self.of.value.to_string();
        Effect::Begins { what: "not_ready", whom, lasting: self.lasting }
    }
}
