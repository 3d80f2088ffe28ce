//! A program answers more slowly.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, ObjectRef};

/// `slow_app(of: "deployment/database", by: "300ms", for: "2m")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SlowApp {
    /// Whose pods: a pod, or the Deployment or ReplicaSet that made them.
    pub of: Spanned<ObjectRef>,
    /// How much longer every answer takes.
    pub by: Duration,
    /// In how many of the pods (the first by name). Default: all.
    #[serde(default)]
    pub pods: Option<u32>,
    /// How long it lasts. Default: to the end.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for SlowApp {
    fn check(&self, check: &mut Check<'_>) {
        check.pod_owner(&self.of);
    }

    fn effect(&self) -> Effect {
        let whom = self.of.value.to_string();
        Effect::Begins { what: "slow_app", whom, lasting: self.lasting }
    }
}
