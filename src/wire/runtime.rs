//! What a node's machine is told: CRI calls of its kubelet, rules of its proxy, requests of
//! clients, faults.
//!
//! The runtime's actor stands for everything on a node that lives below the two Kubernetes
//! processes: containerd, the containers and their processes, and the packet rules in the
//! machine's own kernel. So a dead kube-proxy leaves the last rules working, and a dead
//! containerd ([`RuntimeFault::Daemon`]) leaves the containers running, as on a real node; only a
//! crash of this actor is a crash of the machine.
//!
//! The CRI calls themselves stand in [`super::cri`].

use std::sync::Arc;

use crate::api::{EndpointSlice, ObjectKey, Service, Str};
use crate::kernel::{Digest, Slot, Span, Ticket};

use super::cri::{ContainerId, CriCall};

/// The inbox of a node's machine.
#[derive(Clone, Debug)]
pub enum RuntimeIn {
    /// A CRI call of the node's kubelet; the answers are `cri::RuntimeReply`.
    Cri(CriCall),
    /// The node's proxy writes packet rules.
    Rules(Box<RulesUpdate>),
    /// A client on (or before) this node opens a connection to a Service: the rules decide where
    /// it goes.
    Dial(Box<Dial>),
    /// A request arrives at the address of a pod on this node.
    Serve(Box<Serve>),
    /// Something goes wrong, or well again.
    Fault(Box<RuntimeFault>),
    /// A timer of the machine's own.
    Timer(RuntimeTimer),
}

/// Rules for Services, as one run of `iptables-restore` writes them.
#[derive(Clone, Debug)]
pub struct RulesUpdate {
    /// Forget everything that was there before.
    pub replace_all: bool,
    /// The Services that changed; no rules means that the Service is gone.
    pub services: Vec<(ObjectKey, Option<Arc<ServiceRules>>)>,
}

/// Where connections to one Service go: what the proxy made rules of.
///
/// The rules point at the slices instead of copying their endpoints, since 5,000 nodes have the
/// same rules; which endpoints are meant is worked out when a connection comes.
#[derive(Clone, Debug)]
pub struct ServiceRules {
    /// The Service, for its ports.
    pub service: Arc<Service>,
    /// Its slices.
    pub slices: Vec<Arc<EndpointSlice>>,
}

/// Where a connection goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The pod's address.
    pub address: Str,
    /// The pod's port.
    pub port: i32,
    /// The pod.
    pub pod: ObjectKey,
}

/// A client opens a connection to a Service.
#[derive(Clone, Debug)]
pub struct Dial {
    /// Whom to answer.
    pub client: Slot,
    /// The client's number for the request.
    pub request: u64,
    /// The Service.
    pub service: ObjectKey,
    /// Which port of it; 0 means the first.
    pub port: i32,
}

/// A request at the address of a pod.
#[derive(Clone, Debug)]
pub struct Serve {
    /// Whom to answer.
    pub client: Slot,
    /// The client's number for the request.
    pub request: u64,
    /// Where it was sent.
    pub target: Target,
}

/// Something goes wrong on a machine, or well again. Sent from outside.
#[derive(Clone, Debug)]
pub enum RuntimeFault {
    /// Containers end at once.
    CrashContainer {
        /// Whose.
        pod: ObjectKey,
        /// Which of them; none means all that are no init containers.
        container: Option<Str>,
        /// The exit code.
        code: i32,
        /// Whether they are killed for using too much memory.
        oom: bool,
    },
    /// Images cannot be fetched (`true`), or can again.
    PullFails {
        /// Which image; none means every one.
        image: Option<Str>,
        /// Whether it fails from now on.
        fails: bool,
    },
    /// The processes of a pod behave in another way.
    Behave {
        /// Whose.
        pod: ObjectKey,
        /// How.
        change: Behaviour,
    },
    /// Everything started from this image behaves so from its next start on.
    SetModel {
        /// The image.
        image: Str,
        /// The behaviour.
        model: Arc<AppModel>,
    },
    /// containerd dies (`false`) or is back (`true`); containers are not touched.
    Daemon {
        /// Whether it answers.
        up: bool,
    },
}

/// How the processes of a pod change their behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Every answer takes longer by so much; zero ends it. Lasts over restarts of containers.
    Slow(Span),
    /// The readiness probe gets a bad answer. Lasts over restarts of containers.
    NotReady(bool),
    /// The process answers nothing, not even probes; a restart cures it.
    Hang(bool),
    /// The process burns so many thousandths of a CPU besides its work; a restart cures it.
    CpuLoad(u64),
    /// The process holds so much memory \[bytes\]; a restart cures it.
    Memory(u64),
}

/// How the process in a container behaves.
///
/// Prova does not run programs, so what an application does is a handful of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppModel {
    /// From the start of the process until it listens on its port.
    pub listens_after: Span,
    /// From the start of the process until it calls itself ready.
    pub ready_after: Span,
    /// From SIGTERM until the process ends by itself.
    pub stops_after: Span,
    /// Exit code after SIGTERM.
    pub stop_code: i32,
    /// CPU time for one request.
    pub cpu_per_request: Span,
    /// Waiting (disks, other services) within one request.
    pub wait_per_request: Span,
    /// What the process burns when it has nothing to do [thousandths of a CPU].
    pub idle_cpu_milli: u64,
    /// What it holds \[bytes\].
    pub memory: u64,
    /// How long it runs before it ends by itself; none means for ever.
    pub runs_for: Option<Span>,
    /// Exit code when it ends by itself.
    pub exit_code: i32,
    /// The signal handler is missing: SIGTERM does nothing (`sh -c` as process 1).
    pub ignores_sigterm: bool,
}

impl Default for AppModel {
    /// A small server in a compiled language that behaves well.
    fn default() -> Self {
        AppModel {
            listens_after: Span::millis(500),
            ready_after: Span::secs(1),
            stops_after: Span::millis(500),
            stop_code: 0,
            cpu_per_request: Span::millis(5),
            wait_per_request: Span::millis(5),
            idle_cpu_milli: 1,
            memory: 48 << 20,
            runs_for: None,
            exit_code: 0,
            ignores_sigterm: false,
        }
    }
}

/// What the machine reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeTimer {
    /// The process of a container ends, if the ticket is still valid.
    Exit(ContainerId, Ticket),
    /// Requests in a container are done.
    Done(ContainerId, Ticket),
    /// An image has been fetched.
    Pulled(u32),
}

impl RuntimeIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            RuntimeIn::Cri(call) => call.label(),
            RuntimeIn::Rules(_) => "Rules",
            RuntimeIn::Dial(_) => "Dial",
            RuntimeIn::Serve(_) => "Serve",
            RuntimeIn::Fault(_) => "Fault",
            RuntimeIn::Timer(_) => "Timer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            RuntimeIn::Cri(call) => call.digest(digest),
            RuntimeIn::Rules(update) => digest.fold((update.services.len() as u64) << 8 | 0xa1),
            RuntimeIn::Dial(dial) => digest.fold(dial.request << 8 | 0xa2),
            RuntimeIn::Serve(serve) => digest.fold(serve.request << 8 | 0xa3),
            RuntimeIn::Fault(fault) => digest.fold(match fault.as_ref() {
                RuntimeFault::CrashContainer { .. } => 0xb1,
                RuntimeFault::PullFails { fails, .. } => 0xb2 | u64::from(*fails) << 8,
                RuntimeFault::Behave { .. } => 0xb3,
                RuntimeFault::SetModel { .. } => 0xb4,
                RuntimeFault::Daemon { up } => 0xb5 | u64::from(*up) << 8,
            }),
            RuntimeIn::Timer(timer) => digest.fold(match timer {
                RuntimeTimer::Exit(container, _) => u64::from(container.0) << 8 | 0xc1,
                RuntimeTimer::Done(container, _) => u64::from(container.0) << 8 | 0xc2,
                RuntimeTimer::Pulled(pull) => u64::from(*pull) << 8 | 0xc3,
            }),
        }
    }
}
