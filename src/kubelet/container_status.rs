//! What is reported of one container.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/kubelet_pods.go `convertToAPIContainerStatuses`.

use crate::api::pod::{
    ContainerState, ContainerStateRunning, ContainerStateTerminated, ContainerStateWaiting,
    ContainerStatus,
};
use crate::api::{Container, Str, Time};
use crate::wire::cri::RunState;

use super::restart::LastRun;

/// Exit code of a container whose end nobody saw; it reads as "killed".
/// Simplified: upstream also words a message, which the play's objects do not carry.
const CODE_OF_THE_UNSEEN: i32 = 137;

/// Reason of the end of a container that nobody saw end.
const STATUS_UNKNOWN: Str = arcstr::literal!("ContainerStatusUnknown");
/// A container waits for its turn.
const CONTAINER_CREATING: Str = arcstr::literal!("ContainerCreating");
/// A container waits, and there are init containers before it.
const POD_INITIALIZING: Str = arcstr::literal!("PodInitializing");

/// What is known of a container besides its earlier status.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The newest run, as the last relist saw it.
    pub newest: LastRun,
    /// How often it was started before the newest run.
    pub attempt: u32,
    /// The runtime's name for the newest run.
    pub id: Str,
    /// How the run before the newest one ended.
    pub before: Option<RunState>,
    /// Why it is not started (again), when the kubelet has a reason of its own.
    pub held_back: Option<ContainerStateWaiting>,
}

/// What decides beside the container itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The pod is being deleted.
    pub deleting: bool,
    /// The pod has init containers.
    pub has_init: bool,
}

/// The status of `container`, from the status reported before and what is known now.
///
/// A container that was reported running and that the runtime does not know any more has ended
/// somehow: it is shown waiting, with an end that nobody saw, and counts as started once more
/// unless the pod is being deleted.
#[must_use]
pub fn container_status(
    container: &Container,
    previous: Option<&ContainerStatus>,
    known: &Known,
    about: About,
) -> ContainerStatus {
    let mut status = match known.newest {
        LastRun::Never => unseen(container, previous, about),
        LastRun::Unknown => undecided(container, previous, known),
        LastRun::Known(state) => seen(container, previous, known, state),
    };
    if let Some(held_back) = &known.held_back {
        if status.state.terminated.is_some() {
            status.last_state = std::mem::take(&mut status.state);
        }
        status.state = waiting(held_back.clone());
    }
    status
}

fn blank(container: &Container, state: ContainerState) -> ContainerStatus {
    ContainerStatus {
        name: container.name.clone(),
        image: container.image.clone(),
        state,
        ..ContainerStatus::default()
    }
}

fn waiting(why: ContainerStateWaiting) -> ContainerState {
    ContainerState { waiting: Some(why), ..ContainerState::default() }
}

/// The end of a container that nobody saw end.
pub(super) fn ended_unseen() -> ContainerState {
    let end = ContainerStateTerminated {
        exit_code: CODE_OF_THE_UNSEEN,
        reason: STATUS_UNKNOWN,
        ..ContainerStateTerminated::default()
    };
    ContainerState { terminated: Some(Box::new(end)), ..ContainerState::default() }
}

/// The runtime has no run of it.
fn unseen(
    container: &Container,
    previous: Option<&ContainerStatus>,
    about: About,
) -> ContainerStatus {
    let reason = if about.has_init { POD_INITIALIZING } else { CONTAINER_CREATING };
    let mut status =
        blank(container, waiting(ContainerStateWaiting { reason, message: Str::new() }));
    let Some(previous) = previous else { return status };
    if previous.state.terminated.is_some() {
        return previous.clone();
    }
    status.restart_count = previous.restart_count;
    status.last_state = previous.last_state.clone();
    if previous.state.running.is_some() && status.last_state.terminated.is_none() {
        status.last_state = ended_unseen();
        status.restart_count += i32::from(!about.deleting);
    }
    status
}

/// The runtime has a run of it, but cannot say how it is.
fn undecided(
    container: &Container,
    previous: Option<&ContainerStatus>,
    known: &Known,
) -> ContainerStatus {
    let was_running = previous.filter(|previous| previous.state.running.is_some());
    let mut status = blank(container, waiting(ContainerStateWaiting::default()));
    status.container_id = known.id.clone();
    status.restart_count = i32::try_from(known.attempt).unwrap_or(i32::MAX);
    if let Some(previous) = was_running {
        status.state = ended_unseen();
        status.restart_count = previous.restart_count + 1;
    }
    status
}

/// The runtime knows how it is.
fn seen(
    container: &Container,
    previous: Option<&ContainerStatus>,
    known: &Known,
    state: RunState,
) -> ContainerStatus {
    let mut status = blank(container, state_of(state));
    status.container_id = known.id.clone();
    status.restart_count = i32::try_from(known.attempt).unwrap_or(i32::MAX);
    status.last_state = match known.before {
        Some(before) => state_of(before),
        None => previous.map(|previous| previous.last_state.clone()).unwrap_or_default(),
    };
    status
}

/// A run's state in the words of the API.
fn state_of(state: RunState) -> ContainerState {
    match state {
        RunState::Created => waiting(ContainerStateWaiting::default()),
        RunState::Running { since } => ContainerState {
            running: Some(ContainerStateRunning { started_at: Time(since) }),
            ..ContainerState::default()
        },
        RunState::Exited { since, at, code, oom } => {
            let reason = match (oom, code) {
                (true, _) => arcstr::literal!("OOMKilled"),
                (false, 0) => arcstr::literal!("Completed"),
                (false, _) => arcstr::literal!("Error"),
            };
            let end = ContainerStateTerminated {
                exit_code: code,
                reason,
                started_at: Time(since),
                finished_at: Time(at),
            };
            ContainerState { terminated: Some(Box::new(end)), ..ContainerState::default() }
        }
    }
}
