//! What the kubelet remembers of one pod.

use std::sync::Arc;

use crate::api::pod::{ContainerStatus, PodStatus};
use crate::api::{Pod, PodPhase, Str, Time, Uid};
use crate::client::BackOffEntry;
use crate::kernel::{SimTime, Timer};
use crate::wire::cri::{ContainerId, ContainerIndex, ProbeKind, RunState, SandboxId};

use super::admission::Requests;
use super::container_status::Known;
use super::phase::is_sidecar;
use super::restart::LastRun;
use super::thresholds::Thresholds;

/// One pod on this node.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    /// As the API server last showed it.
    pub(super) pod: Arc<Pod>,
    pub(super) requests: Requests,
    pub(super) stage: Stage,
    pub(super) step: Step,
    /// Something changed while a step was under way: look at the pod again after it.
    pub(super) again: bool,
    /// The API server does not have the pod any more.
    pub(super) gone: bool,
    pub(super) sandbox: Option<(SandboxId, Str)>,
    /// One per container, init containers first.
    pub(super) records: Box<[Record]>,
    pub(super) patch: Patch,
    /// The pod's removal was asked for.
    pub(super) removing: bool,
    pub(super) wake: Timer,
    pub(super) seen_at: SimTime,
}

/// Where a pod is in the kubelet's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its containers are to run.
    Active,
    /// Its containers are being stopped.
    Stopping,
    /// Nothing of it runs any more, and nothing will.
    Stopped,
}

/// What the runtime was asked to do for a pod: one thing at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Idle,
    Sandbox,
    Image(ContainerIndex),
    Pull(ContainerIndex),
    Create(ContainerIndex),
    Start(ContainerIndex),
    StopSandbox,
}

/// Where the writing of the status is.
#[derive(Clone, Debug, Default)]
pub(super) enum Patch {
    /// What the API server has is what was last made.
    #[default]
    None,
    /// On its way; `stale` when the status changed since.
    Sent { status: Box<PodStatus>, stale: bool },
    /// It could not be written; it is tried again.
    Failed(Box<PodStatus>),
}

/// One container of a pod.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// The newest run.
    pub(super) container: Option<ContainerId>,
    pub(super) known: Known,
    /// The run before it, kept until there is a newer one.
    pub(super) before: Option<ContainerId>,
    /// The newest run was made, and no relist has seen it yet; `known` is still about the one
    /// before.
    pub(super) launched: bool,
    /// It is being stopped.
    pub(super) stopping: bool,
    pub(super) crashes: BackOffEntry,
    pub(super) pulls: BackOffEntry,
    /// When the last fetching of the image failed.
    pub(super) pull_failed: SimTime,
    /// When the fetching of the image that is under way was asked for.
    pub(super) pull_asked: SimTime,
    /// When to try again to start it.
    pub(super) retry_at: SimTime,
    /// It was tried in the present look at the pod.
    pub(super) tried: bool,
    /// The attempt that is being made.
    pub(super) next_attempt: u32,
    pub(super) started: bool,
    pub(super) ready: bool,
    pub(super) probes: Option<Box<Counters>>,
}

/// The answers of the three probes of a container.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counters {
    startup: Thresholds,
    readiness: Thresholds,
    liveness: Thresholds,
}

impl Counters {
    pub(super) fn of(&mut self, probe: ProbeKind) -> &mut Thresholds {
        match probe {
            ProbeKind::Startup => &mut self.startup,
            ProbeKind::Readiness => &mut self.readiness,
            ProbeKind::Liveness => &mut self.liveness,
        }
    }
}

impl Worker {
    pub(super) fn new(pod: Arc<Pod>, now: SimTime) -> Self {
        let count = pod.spec.init_containers.len() + pod.spec.containers.len();
        let seen_at = pod.status.start_time.map_or(now, |time| time.0);
        Worker {
            requests: Requests::of(&pod.spec),
            pod,
            stage: Stage::Active,
            step: Step::Idle,
            again: false,
            gone: false,
            sandbox: None,
            records: vec![Record::default(); count].into_boxed_slice(),
            patch: Patch::None,
            removing: false,
            wake: Timer::default(),
            seen_at,
        }
    }

    pub(super) fn uid(&self) -> Uid {
        self.pod.metadata.uid
    }

    /// Whether somebody wants the pod to end.
    pub(super) fn deleting(&self) -> bool {
        self.gone || self.pod.metadata.is_terminating()
    }

    /// The status that the API server has, or will have as far as this kubelet knows.
    pub(super) fn shown(&self) -> &PodStatus {
        match &self.patch {
            Patch::Sent { status, .. } | Patch::Failed(status) => status,
            Patch::None => &self.pod.status,
        }
    }

    /// Whether the pod was ended for good, by the last status.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self.shown().phase, PodPhase::Succeeded | PodPhase::Failed)
    }

    /// The runtime knows nothing of the sandbox and its containers any more. What the status
    /// said of them stays, so that they will be shown as lost and not as never started.
    pub(super) fn lose_sandbox(&mut self) {
        self.sandbox = None;
        for record in &mut self.records {
            let Record { crashes, pulls, pull_failed, .. } = *record;
            *record = Record { crashes, pulls, pull_failed, ..Record::default() };
        }
    }

    /// The start time to report.
    pub(super) fn start_time(&self) -> Time {
        Time(self.seen_at)
    }

    pub(super) fn indexes(&self) -> impl DoubleEndedIterator<Item = ContainerIndex> + use<> {
        let count = u16::try_from(self.records.len()).unwrap_or(u16::MAX);
        (0..count).map(ContainerIndex)
    }

    pub(super) fn record(&self, index: ContainerIndex) -> &Record {
        &self.records[usize::from(index.0)]
    }

    pub(super) fn record_mut(&mut self, index: ContainerIndex) -> &mut Record {
        &mut self.records[usize::from(index.0)]
    }

    /// The container whose newest run this is.
    pub(super) fn index_of(&self, container: ContainerId) -> Option<ContainerIndex> {
        self.indexes().find(|index| self.record(*index).container == Some(container))
    }

    /// Whether the container is an init container that stays.
    pub(super) fn is_sidecar(&self, index: ContainerIndex) -> bool {
        index.is_init(&self.pod.spec) && index.of(&self.pod.spec).is_some_and(is_sidecar)
    }

    /// The status of one container, as shown.
    pub(super) fn shown_container(&self, index: ContainerIndex) -> Option<&ContainerStatus> {
        let name = &index.of(&self.pod.spec)?.name;
        let statuses = if index.is_init(&self.pod.spec) {
            &self.shown().init_container_statuses
        } else {
            &self.shown().container_statuses
        };
        statuses.iter().find(|status| status.name == *name)
    }
}

impl Record {
    /// Whether its process runs, or is being started.
    pub(super) fn is_up(&self) -> bool {
        self.launched || self.is_running()
    }

    /// Whether the last relist saw it running.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.known.newest, LastRun::Known(RunState::Running { .. }))
    }

    /// The newest run that was seen, if it has ended.
    pub(super) fn last_exit(&self) -> Option<RunState> {
        match self.known.newest {
            LastRun::Known(state @ RunState::Exited { .. }) => Some(state),
            LastRun::Known(_) | LastRun::Never | LastRun::Unknown => None,
        }
    }

    /// When and how the newest run ended.
    pub(super) fn exit(&self) -> Option<(SimTime, i32)> {
        if let LastRun::Known(RunState::Exited { at, code, .. }) = self.known.newest {
            Some((at, code))
        } else {
            None
        }
    }
}
