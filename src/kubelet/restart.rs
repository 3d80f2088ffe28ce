//! Whether a container is started (again).
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/container/helpers.go `ShouldContainerBeRestarted`.

use crate::api::pod::RestartPolicy;
use crate::wire::cri::RunState;

/// What is known of the newest run of a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastRun {
    /// It never ran (or everything about its runs is forgotten).
    #[default]
    Never,
    /// The runtime knows it, but not how it is.
    Unknown,
    /// The runtime knows how it is.
    Known(RunState),
}

/// Whether a container is to be started, by the restart policy of its pod.
///
/// A pod that is being deleted starts nothing; a run that nobody can tell of, or that was made
/// and never started, is replaced in any case.
#[must_use]
pub const fn should_restart(newest: LastRun, policy: RestartPolicy, deleting: bool) -> bool {
    match newest {
        _ if deleting => false,
        LastRun::Never | LastRun::Unknown | LastRun::Known(RunState::Created) => true,
        LastRun::Known(RunState::Running { .. }) => false,
        LastRun::Known(RunState::Exited { code, .. }) => match policy {
            RestartPolicy::Always => true,
            RestartPolicy::OnFailure => code != 0,
            RestartPolicy::Never => false,
        },
    }
}
