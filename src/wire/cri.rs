//! CRI: what a kubelet and its container runtime say to each other.
//!
//! Calls go with [`super::runtime::RuntimeIn::Cri`], answers with `KubeletIn::Runtime`.
//!
//! Source: kubernetes/cri-api `RuntimeService` and `ImageService`.

use std::sync::Arc;

use crate::api::{Container, Pod, PodSpec, Str, Uid};
use crate::kernel::{Digest, SimTime, Span};

use super::metrics::PodSample;

/// A pod's sandbox on one node: the network namespace that its containers share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SandboxId(pub u32);

/// One run of one container on one node; starting it again gives a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerId(pub u32);

/// Which container of a pod: the init containers are counted first, then the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerIndex(pub u16);

impl ContainerIndex {
    /// The container's place in the lists of `spec`.
    #[must_use]
    pub fn of(self, spec: &PodSpec) -> Option<&Container> {
        let place = usize::from(self.0);
        match place.checked_sub(spec.init_containers.len()) {
            None => spec.init_containers.get(place),
            Some(rest) => spec.containers.get(rest),
        }
    }

    /// Whether it stands among the init containers.
    #[must_use]
    pub fn is_init(self, spec: &PodSpec) -> bool {
        usize::from(self.0) < spec.init_containers.len()
    }
}

/// A CRI call.
///
/// Simplified: the configuration of sandbox and containers is the pod itself.
#[derive(Clone, Debug)]
pub enum CriCall {
    /// Make the sandbox of a pod; the answer is [`RuntimeReply::Sandbox`].
    RunPodSandbox(Arc<Pod>),
    /// End a sandbox and whatever still runs in it; the answer is [`RuntimeReply::SandboxStopped`].
    StopPodSandbox(SandboxId),
    /// Forget a sandbox and its containers; there is no answer.
    RemovePodSandbox(SandboxId),
    /// Is the image of this container there? The answer is [`RuntimeReply::Image`].
    ImageStatus {
        /// The pod.
        pod: Uid,
        /// Its container.
        index: ContainerIndex,
        /// The image.
        image: Str,
    },
    /// Fetch an image; the answer is [`RuntimeReply::Pulled`].
    PullImage {
        /// The pod.
        pod: Uid,
        /// Its container.
        index: ContainerIndex,
        /// The image.
        image: Str,
    },
    /// Make a container; the answer is [`RuntimeReply::Created`].
    CreateContainer {
        /// Where.
        sandbox: SandboxId,
        /// Which container of the pod.
        index: ContainerIndex,
        /// How often it was started before.
        attempt: u32,
    },
    /// Start its process; the answer is [`RuntimeReply::Started`].
    StartContainer(ContainerId),
    /// SIGTERM, and SIGKILL after `timeout`. The end is told by [`RuntimeReply::Changed`].
    StopContainer {
        /// Which.
        container: ContainerId,
        /// The grace \[virtual\].
        timeout: Span,
    },
    /// Forget an ended container; there is no answer.
    RemoveContainer(ContainerId),
    /// Ask the process how it is; the answer is [`RuntimeReply::Probed`].
    /// Simplified: HTTP, TCP and gRPC probes go from the kubelet to the pod without the runtime.
    Probe {
        /// Which.
        container: ContainerId,
        /// What is asked.
        probe: ProbeKind,
        /// Longest answer.
        timeout: Span,
    },
    /// Everything there is, for a kubelet that just started; the answer is [`RuntimeReply::List`].
    ListPodSandbox,
    /// What the pods use; the answer is [`RuntimeReply::Stats`].
    ListPodSandboxStats,
}

/// What a probe asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// Have you finished starting?
    Startup,
    /// Can you take requests?
    Readiness,
    /// Are you alive at all?
    Liveness,
}

/// What a probe found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeOutcome {
    /// Good.
    Success,
    /// Nobody listens.
    Refused,
    /// An answer, but a bad one.
    Unhealthy,
    /// No answer in time.
    TimedOut,
}

/// Where a container is in its life, as the runtime knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Made, not started.
    Created,
    /// Its process runs.
    Running {
        /// Since when.
        since: SimTime,
    },
    /// Its process has ended.
    Exited {
        /// Since when it ran.
        since: SimTime,
        /// When it ended.
        at: SimTime,
        /// The exit code.
        code: i32,
        /// Whether it was killed for using too much memory.
        oom: bool,
    },
}

/// A container, in the answer to [`CriCall::ListPodSandbox`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerInfo {
    /// Which run.
    pub id: ContainerId,
    /// Of which container of the pod.
    pub index: ContainerIndex,
    /// How often it was started before.
    pub attempt: u32,
    /// How it is.
    pub state: RunState,
}

/// A sandbox, in the answer to [`CriCall::ListPodSandbox`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxInfo {
    /// Which.
    pub id: SandboxId,
    /// Of which pod.
    pub pod: Uid,
    /// Its address.
    pub ip: Str,
    /// Whether it stands (it has not been stopped).
    pub ready: bool,
    /// Its containers, oldest first.
    pub containers: Vec<ContainerInfo>,
}

/// An image that was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PulledImage {
    /// Bytes.
    pub size: u64,
    /// How long the fetching itself took.
    pub took: Span,
}

/// What the runtime tells its kubelet.
#[derive(Clone, Debug)]
pub enum RuntimeReply {
    /// The sandbox stands.
    Sandbox {
        /// The pod.
        pod: Uid,
        /// The sandbox.
        sandbox: SandboxId,
        /// The pod's address.
        ip: Str,
    },
    /// The sandbox is gone.
    SandboxStopped {
        /// The pod.
        pod: Uid,
        /// The sandbox.
        sandbox: SandboxId,
    },
    /// Whether an image is there: its size, or none.
    Image {
        /// The pod.
        pod: Uid,
        /// Its container.
        index: ContainerIndex,
        /// Bytes, when it is there.
        present: Option<u64>,
    },
    /// An image was fetched, or could not be.
    Pulled {
        /// The pod.
        pod: Uid,
        /// Its container.
        index: ContainerIndex,
        /// What came of it; the error is the runtime's sentence.
        result: Result<PulledImage, Str>,
    },
    /// A container was made.
    Created {
        /// The pod.
        pod: Uid,
        /// Its container.
        index: ContainerIndex,
        /// The new run.
        container: ContainerId,
    },
    /// A container's process was started.
    Started {
        /// The pod.
        pod: Uid,
        /// The run.
        container: ContainerId,
    },
    /// A container is in another state. The kubelet looks at it at its next relist.
    Changed {
        /// The pod.
        pod: Uid,
        /// The run.
        container: ContainerId,
        /// How it is now.
        state: RunState,
    },
    /// What a probe found.
    Probed {
        /// The pod.
        pod: Uid,
        /// The run.
        container: ContainerId,
        /// What was asked.
        probe: ProbeKind,
        /// What was found.
        outcome: ProbeOutcome,
    },
    /// Everything there is.
    List(Box<[SandboxInfo]>),
    /// What the pods use.
    Stats(Arc<[PodSample]>),
    /// The runtime's socket is closed: containerd is dead.
    Unavailable,
    /// The runtime answers again.
    Available,
}

impl CriCall {
    /// The call's name, as CRI spells it.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            CriCall::RunPodSandbox(_) => "RunPodSandbox",
            CriCall::StopPodSandbox(_) => "StopPodSandbox",
            CriCall::RemovePodSandbox(_) => "RemovePodSandbox",
            CriCall::ImageStatus { .. } => "ImageStatus",
            CriCall::PullImage { .. } => "PullImage",
            CriCall::CreateContainer { .. } => "CreateContainer",
            CriCall::StartContainer(_) => "StartContainer",
            CriCall::StopContainer { .. } => "StopContainer",
            CriCall::RemoveContainer(_) => "RemoveContainer",
            CriCall::Probe { .. } => "Probe",
            CriCall::ListPodSandbox => "ListPodSandbox",
            CriCall::ListPodSandboxStats => "ListPodSandboxStats",
        }
    }

    /// Folds what tells this call from another.
    pub fn digest(&self, digest: &mut Digest) {
        digest.fold(match self {
            CriCall::RunPodSandbox(pod) => pod.metadata.uid.0 << 8 | 1,
            CriCall::StopPodSandbox(sandbox) => u64::from(sandbox.0) << 8 | 2,
            CriCall::RemovePodSandbox(sandbox) => u64::from(sandbox.0) << 8 | 3,
            CriCall::ImageStatus { pod, index, .. } => pod.0 << 24 | u64::from(index.0) << 8 | 4,
            CriCall::PullImage { pod, index, .. } => pod.0 << 24 | u64::from(index.0) << 8 | 5,
            CriCall::CreateContainer { sandbox, index, .. } => {
                u64::from(sandbox.0) << 24 | u64::from(index.0) << 8 | 6
            }
            CriCall::StartContainer(container) => u64::from(container.0) << 8 | 7,
            CriCall::StopContainer { container, timeout } => {
                timeout.as_nanos() << 24 | u64::from(container.0) << 8 | 8
            }
            CriCall::RemoveContainer(container) => u64::from(container.0) << 8 | 9,
            CriCall::Probe { container, probe, .. } => {
                u64::from(container.0) << 16 | (*probe as u64) << 8 | 10
            }
            CriCall::ListPodSandbox => 11,
            CriCall::ListPodSandboxStats => 12,
        });
    }
}

impl RuntimeReply {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            RuntimeReply::Sandbox { .. } => "SandboxRunning",
            RuntimeReply::SandboxStopped { .. } => "SandboxStopped",
            RuntimeReply::Image { .. } => "ImageStatus",
            RuntimeReply::Pulled { .. } => "ImagePulled",
            RuntimeReply::Created { .. } => "ContainerCreated",
            RuntimeReply::Started { .. } => "ContainerStarted",
            RuntimeReply::Changed { .. } => "ContainerChanged",
            RuntimeReply::Probed { .. } => "ProbeResult",
            RuntimeReply::List(_) => "SandboxList",
            RuntimeReply::Stats(_) => "Stats",
            RuntimeReply::Unavailable => "RuntimeUnavailable",
            RuntimeReply::Available => "RuntimeAvailable",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        digest.fold(match self {
            RuntimeReply::Sandbox { sandbox, .. } => u64::from(sandbox.0) << 8 | 1,
            RuntimeReply::SandboxStopped { sandbox, .. } => u64::from(sandbox.0) << 8 | 2,
            RuntimeReply::Image { pod, present, .. } => {
                pod.0 << 9 | u64::from(present.is_some()) << 8 | 3
            }
            RuntimeReply::Pulled { pod, result, .. } => {
                pod.0 << 9 | u64::from(result.is_ok()) << 8 | 4
            }
            RuntimeReply::Created { container, .. } => u64::from(container.0) << 8 | 5,
            RuntimeReply::Started { container, .. } => u64::from(container.0) << 8 | 6,
            RuntimeReply::Changed { container, state, .. } => {
                let since = match state {
                    RunState::Created => 1,
                    RunState::Running { since } => since.as_nanos() << 2 | 2,
                    RunState::Exited { at, .. } => at.as_nanos() << 2 | 3,
                };
                since.rotate_left(32) ^ u64::from(container.0) << 8 ^ 7
            }
            RuntimeReply::Probed { container, outcome, .. } => {
                u64::from(container.0) << 16 | (*outcome as u64) << 8 | 8
            }
            RuntimeReply::List(list) => (list.len() as u64) << 8 | 9,
            RuntimeReply::Stats(samples) => (samples.len() as u64) << 8 | 10,
            RuntimeReply::Unavailable => 11,
            RuntimeReply::Available => 12,
        });
    }
}
