//! A node's machine below the Kubernetes processes: containerd, the processes in the containers,
//! and the packet rules in the machine's kernel.
//!
//! Programs are not run; a process is an `AppModel`: when it
//! listens, how long it takes to end, what a request costs. CPU use follows from the requests
//! served, and requests queue when the CPU limit is reached.
//!
//! What dies with what: a crash of this actor is a crash of the machine (containers and rules are
//! gone, images stay on disk); a death of containerd alone is the fault
//! `Daemon`: containers and rules live on while CRI
//! calls fail, as with containerd's shims.
//!
//! | file | what lives there |
//! |---|---|
//! | `config` | latencies, images, behaviour of applications |
//! | `images` | what is on the disk, and fetching |
//! | `process` | one container: life, work, CPU, queue |
//! | `sandbox` | one pod's sandbox, addresses |
//! | `calls` | CRI, call by call |
//! | `requests` | rules, connections, requests |
//! | `faults` | faults |
//!
//! Floor: 3
//! Imports: kernel, api, wire

mod calls;
mod config;
mod faults;
mod images;
mod process;
mod requests;
mod sandbox;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{ObjectKey, Str};
use crate::kernel::{FixedMap, Shared, Slot, Start};
use crate::wire::Cx;
use crate::wire::cri::{ContainerId, RuntimeReply, SandboxId};
use crate::wire::kubelet::KubeletIn;
use crate::wire::runtime::{AppModel, RuntimeIn, RuntimeTimer, ServiceRules};

pub use config::{AppModels, Config, ImageModel, ImageSpec, SETTINGS};
use images::Images;
use process::Process;
use sandbox::Sandbox;

/// What distinguishes this machine from others.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The kubelet on it.
    pub kubelet: Slot,
    /// Its own address, which pods with `hostNetwork` share.
    pub address: Str,
    /// The first three numbers of its pods' addresses, with the dot: `10.244.3.`
    pub pod_prefix: Str,
    /// Its processors \[thousandths\].
    pub cpu_milli: u64,
    /// Where the other machines are.
    pub routes: Arc<Routes>,
}

/// Which machine a node's name means: the routes of the pod network, the same for all machines.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    machines: FixedMap<Str, Slot>,
}

impl Routes {
    /// Routes to these machines, by the names of their nodes.
    pub fn to(machines: impl IntoIterator<Item = (Str, Slot)>) -> Self {
        let mut routes = Routes::default();
        for (node, machine) in machines {
            routes.machines.insert(node, machine);
        }
        routes
    }

    /// The machine of a node.
    #[must_use]
    pub fn machine_of(&self, node: &str) -> Option<Slot> {
        self.machines.get(node).copied()
    }
}

/// The actor.
#[derive(Clone, Debug)]
pub struct Runtime {
    config: Arc<Config>,
    machine: Machine,
    /// On disk.
    images: Images,
    /// On disk: numbers are never given twice.
    last_id: u32,
    /// Behaviour set by faults, over that of the configuration.
    models: BTreeMap<Str, Arc<AppModel>>,
    sandboxes: BTreeMap<SandboxId, Shared<Sandbox>>,
    containers: BTreeMap<ContainerId, Shared<Process>>,
    last_host: u8,
    rules: FixedMap<ObjectKey, Arc<ServiceRules>>,
    daemon_up: bool,
    /// What happened while containerd was dead, for when it is back.
    untold: Vec<RuntimeReply>,
}

impl Runtime {
    /// A machine that is switched on with an empty disk.
    #[must_use]
    pub fn new(config: Arc<Config>, machine: Machine) -> Self {
        Runtime {
            config,
            machine,
            images: Images::default(),
            last_id: 0,
            models: BTreeMap::new(),
            sandboxes: BTreeMap::new(),
            containers: BTreeMap::new(),
            last_host: 1,
            rules: FixedMap::default(),
            daemon_up: true,
            untold: Vec::new(),
        }
    }

    /// Begins a life: nothing runs yet. After a crash the kubelet is told, since it may have
    /// lived on and wait for answers that will not come.
    pub fn start(&mut self, cx: &mut Cx<'_>, start: Start) {
        assert!(self.containers.is_empty(), "a machine begins its life with nothing running");
        if start == Start::Restart {
            self.reply(cx, self.config.call, RuntimeReply::Available);
        }
    }

    /// Handles one message.
    pub fn handle(&mut self, cx: &mut Cx<'_>, _from: Slot, msg: RuntimeIn) {
        match msg {
            RuntimeIn::Cri(call) => self.call(cx, call),
            RuntimeIn::Rules(update) => self.write_rules(*update),
            RuntimeIn::Dial(dial) => self.dial(cx, &dial),
            RuntimeIn::Serve(serve) => self.serve(cx, &serve),
            RuntimeIn::Fault(fault) => self.fault(cx, *fault),
            RuntimeIn::Timer(RuntimeTimer::Exit(container, ticket)) => {
                self.process_ends(cx, container, ticket);
            }
            RuntimeIn::Timer(RuntimeTimer::Done(container, ticket)) => {
                self.requests_done(cx, container, ticket);
            }
            RuntimeIn::Timer(RuntimeTimer::Pulled(pull)) => self.pulled(cx, pull),
        }
    }

    /// The machine loses power: only the disk is left.
    pub fn crash(&mut self) {
        self.sandboxes.clear();
        self.containers.clear();
        self.rules.clear();
        self.untold.clear();
        self.images.crash();
        self.daemon_up = true;
    }

    /// How many containers run, for the census.
    #[must_use]
    pub fn running(&self) -> usize {
        self.containers.values().filter(|process| process.is_running()).count()
    }

    /// The rules of a Service in the machine's kernel.
    #[must_use]
    pub fn rules(&self, service: &ObjectKey) -> Option<&ServiceRules> {
        self.rules.get(service).map(AsRef::as_ref)
    }

    /// Answers the kubelet after `span`.
    fn reply(&self, cx: &mut Cx<'_>, span: crate::kernel::Span, reply: RuntimeReply) {
        cx.hand_over(self.machine.kubelet, span, KubeletIn::Runtime(reply));
    }

    /// Tells the kubelet something it did not ask for, as soon as containerd is there to tell it.
    fn announce(&mut self, cx: &mut Cx<'_>, reply: RuntimeReply) {
        if self.daemon_up {
            self.reply(cx, self.config.call, reply);
        } else {
            self.untold.push(reply);
        }
    }

    fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }
}
