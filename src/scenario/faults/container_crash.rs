//! A program inside a container ends by itself.

use serde::Deserialize;

use crate::scenario::check::{Act, Check};
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::ObjectRef;

/// `container_crash(of: "deployment/backend", times: 5)`: the program ends with an error; the kubelet
/// starts it again, each time later (CrashLoopBackOff).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ContainerCrash {
    /// Whose pods: a pod, or the Deployment or ReplicaSet that made them.
    pub of: Spanned<ObjectRef>,
    /// Which container. Default: the first.
    #[serde(default)]
    pub container: Option<String>,
    /// How often, each time as soon as it runs again. Default: once.
    #[serde(default = "once")]
    pub times: u32,
    /// Is it killed for using too much memory? Then it ends with code 137, reason OOMKilled.
    #[serde(default)]
    pub oom: bool,
    /// The code it ends with. Default: 1.
    #[serde(default = "failure")]
    pub exit_code: i32,
    /// In how many of the pods. Default: all.
    #[serde(default)]
    pub pods: Option<u32>,
}

impl Act for ContainerCrash {
    fn check(&self, check: &mut Check<'_>) {
        check.pod_owner(&self.of);
    }
}

fn once() -> u32 {
    1
}

fn failure() -> i32 {
    1
}
