//! Where a pod stands in its life: one word made of the states of all its containers.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/kubelet_pods.go `getPhase`.

use crate::api::pod::{ContainerStatus, PodStatus, RestartPolicy};
use crate::api::{Container, PodPhase, PodSpec};

/// What the containers add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    pending_init: u32,
    pending_sidecars: u32,
    failed_init: u32,
    unknown: u32,
    running: u32,
    waiting: u32,
    stopped: u32,
    succeeded: u32,
}

/// Whether an init container stays beside the others instead of ending before them.
#[must_use]
pub fn is_sidecar(container: &Container) -> bool {
    container.restart_policy == Some(RestartPolicy::Always)
}

/// Whether any container that is no init container has started: then the pod has been
/// initialized once, and a sidecar that starts again does not make it Pending.
#[must_use]
pub fn has_started(statuses: &PodStatus) -> bool {
    let ran = |status: &ContainerStatus| {
        status.state.running.is_some() || status.state.terminated.is_some()
    };
    statuses.container_statuses.iter().any(ran)
}

/// The phase of a pod with these container statuses.
///
/// `terminal` says that the kubelet has ended the pod for good, so nothing will be started again
/// whatever the restart policy says; `initialized` is [`has_started`].
#[must_use]
pub fn pod_phase(
    spec: &PodSpec,
    statuses: &PodStatus,
    terminal: bool,
    initialized: bool,
) -> PodPhase {
    let mut counts = Counts::default();
    for container in &*spec.init_containers {
        let status = find(&statuses.init_container_statuses, container);
        if is_sidecar(container) {
            counts.add_sidecar(status);
        } else {
            counts.add_init(status);
        }
    }
    for container in &*spec.containers {
        counts.add(find(&statuses.container_statuses, container));
    }
    counts.phase(spec.restart_policy, terminal, initialized)
}

fn find<'s>(statuses: &'s [ContainerStatus], container: &Container) -> Option<&'s ContainerStatus> {
    statuses.iter().find(|status| status.name == container.name)
}

impl Counts {
    fn add_init(&mut self, status: Option<&ContainerStatus>) {
        let Some(ContainerStatus { state, last_state, .. }) = status else {
            self.pending_init += 1;
            return;
        };
        let ended = if state.running.is_some() {
            None
        } else if state.terminated.is_some() {
            state.terminated.as_ref()
        } else {
            last_state.terminated.as_ref().filter(|_| state.waiting.is_some())
        };
        match ended {
            None => self.pending_init += 1,
            Some(end) if end.exit_code != 0 => self.failed_init += 1,
            Some(_) => {}
        }
    }

    fn add_sidecar(&mut self, status: Option<&ContainerStatus>) {
        let Some(ContainerStatus { state, last_state, started, .. }) = status else {
            self.unknown += 1;
            return;
        };
        if state.running.is_some() {
            self.running += 1;
            self.pending_sidecars += u32::from(*started != Some(true));
        } else if state.terminated.is_some() {
            // A sidecar that has ended does not count.
        } else if state.waiting.is_some() {
            if last_state.terminated.is_none() {
                self.pending_sidecars += 1;
                self.waiting += 1;
            }
        } else {
            self.pending_sidecars += 1;
            self.unknown += 1;
        }
    }

    fn add(&mut self, status: Option<&ContainerStatus>) {
        let Some(ContainerStatus { state, last_state, .. }) = status else {
            self.unknown += 1;
            return;
        };
        if state.running.is_some() {
            self.running += 1;
        } else if let Some(end) = &state.terminated {
            self.stopped += 1;
            self.succeeded += u32::from(end.exit_code == 0);
        } else if state.waiting.is_some() {
            if last_state.terminated.is_some() {
                self.stopped += 1;
            } else {
                self.waiting += 1;
            }
        } else {
            self.unknown += 1;
        }
    }

    fn phase(&self, policy: RestartPolicy, terminal: bool, initialized: bool) -> PodPhase {
        if self.failed_init > 0 && policy == RestartPolicy::Never {
            return PodPhase::Failed;
        }
        let initializing = self.pending_init > 0 || self.pending_sidecars > 0 && !initialized;
        if initializing || self.waiting > 0 || self.unknown > 0 {
            return PodPhase::Pending;
        }
        if self.running > 0 {
            return PodPhase::Running;
        }
        let all_well = self.stopped == self.succeeded;
        match (self.stopped, terminal, policy) {
            (0, _, _) => PodPhase::Pending,
            (_, true, _) | (_, false, RestartPolicy::Never) => {
                if all_well {
                    PodPhase::Succeeded
                } else {
                    PodPhase::Failed
                }
            }
            (_, false, RestartPolicy::OnFailure) if all_well => PodPhase::Succeeded,
            (_, false, RestartPolicy::OnFailure | RestartPolicy::Always) => PodPhase::Running,
        }
    }
}
