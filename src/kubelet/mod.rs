//! The kubelet: makes what the API server says of a node's pods come true, and tells it what is.
//!
//! It watches the pods of its node. For each it has a worker that does one thing at a time: make
//! the sandbox, fetch an image, make and start a container; after that it listens to what the
//! runtime tells, probes, reports, starts again what ended, and ends what is to end.
//!
//! Nothing here runs at an interval without need: relists, retries and back-offs are timers that
//! are armed only while something is pending, at the moments the real kubelet would look.
//!
//! | file | what lives there |
//! |---|---|
//! | `config` | defaults; what distinguishes a node |
//! | `hub` | what all workers share: the API, the runtime, events |
//! | `worker` | what is remembered of one pod |
//! | `pods` | pods come, change and go |
//! | `admission` | whether a pod can run here |
//! | `sync` | what to do next for a pod |
//! | `start` | the steps of starting a container |
//! | `stop` | the graceful end of a pod |
//! | `pulls` | images, one at a time; ImagePullBackOff |
//! | `relist` | what happened to containers (PLEG) |
//! | `probes` `thresholds` | probes |
//! | `reports` | statuses, written when they changed |
//! | `phase` `restart` `container_status` `status` | what is so, as pure functions |
//! | `words` | how Go prints lists and durations |
//! | `node` | the Node object and its Lease |
//!
//! Simplified: no static pods, no volumes, no eviction by node pressure yet.
//!
//! Floor: 3
//! Imports: kernel, api, wire, client

mod admission;
mod config;
mod container_status;
mod hub;
mod node;
mod phase;
mod pods;
mod probes;
mod pulls;
mod relist;
mod reports;
mod restart;
mod start;
mod status;
mod stop;
mod sync;
mod thresholds;
mod words;
mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{Pod, Uid};
use crate::client::{Incoming, Informer, InformerId};
use crate::kernel::{Shared, Slot, Start};
use crate::wire::Cx;
use crate::wire::api::{FieldSelector, Scope};
use crate::wire::cri::{CriCall, RuntimeReply, SandboxInfo};
use crate::wire::kubelet::{KubeletIn, KubeletTimer};

pub use admission::{Rejection, Requests, admit};
pub use config::{Config, NodeFacts, SETTINGS};
pub use container_status::{About, Known, container_status};
use hub::{Hub, Tag};
pub use phase::{has_started, is_sidecar, pod_phase};
pub use restart::{LastRun, should_restart};
pub use thresholds::Thresholds;
use worker::Worker;

const PODS: InformerId = InformerId(0);

/// The actor.
#[derive(Clone, Debug)]
pub struct Kubelet {
    hub: Hub,
    informer: Informer<Pod>,
    pods: BTreeMap<Uid, Shared<Worker>>,
    /// What the runtime has, from a list that was not taken over yet.
    found: Option<Box<[SandboxInfo]>>,
    /// Both the pods and the runtime's containers are known.
    live: bool,
}

impl Kubelet {
    /// The kubelet of the node that `facts` describe; it reaches the API through `balancer`.
    #[must_use]
    pub fn new(config: Arc<Config>, facts: Arc<NodeFacts>, balancer: Slot) -> Self {
        let field = Some(FieldSelector::NodeName(facts.name.clone()));
        let informer = Informer::new(PODS).within(Scope { field, ..Scope::default() });
        Kubelet {
            hub: Hub::new(config, facts, balancer),
            informer,
            pods: BTreeMap::new(),
            found: None,
            live: false,
        }
    }

    /// Begins a life: connects, registers the node, asks the runtime what there is.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: Start) {
        self.hub.start(cx);
    }

    /// Handles one message.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: KubeletIn) {
        match msg {
            KubeletIn::Api(reply) => self.hub.client.handle(cx, from, reply),
            KubeletIn::Client(timer) => self.hub.client.timer(cx, timer),
            KubeletIn::Runtime(reply) => self.runtime(cx, reply),
            KubeletIn::Scrape => {
                self.hub.scrapers.push(from);
                self.hub.cri(cx, CriCall::ListPodSandboxStats);
            }
            KubeletIn::Timer(timer) => self.timer(cx, timer),
        }
        self.drain(cx);
    }

    /// The process dies; containers go on without it.
    pub fn crash(&mut self) {
        self.hub.crash();
        self.informer.crash();
        self.pods.clear();
        self.found = None;
        self.live = false;
    }

    /// The name of its node.
    #[must_use]
    pub fn node(&self) -> &crate::api::Str {
        &self.hub.facts.name
    }

    fn drain(&mut self, cx: &mut Cx<'_>) {
        while let Some(incoming) = self.hub.client.next() {
            match incoming {
                Incoming::Answer { tag: Tag::Status(uid), result } => {
                    self.with(cx, uid, |hub, cx, worker| hub.status_written(cx, worker, result));
                }
                Incoming::Answer { tag: Tag::Remove(uid), result } => {
                    self.with(cx, uid, |hub, cx, worker| hub.removed(cx, worker, result));
                }
                Incoming::Answer { tag: Tag::Node(about), result } => {
                    self.hub.node_answer(cx, about, result);
                }
                Incoming::Feed(PODS, feed) => {
                    let deltas = self.informer.apply(feed);
                    if self.live {
                        deltas.for_each(|delta| self.pod_changed(cx, delta));
                    } else {
                        self.take_over(cx);
                    }
                }
                Incoming::Events(input) => {
                    self.hub.recorder.handle(cx, &mut self.hub.client, input);
                }
                Incoming::Feed(..) | Incoming::Leader(_) => {}
            }
        }
    }

    fn runtime(&mut self, cx: &mut Cx<'_>, reply: RuntimeReply) {
        match reply {
            RuntimeReply::Sandbox { pod, sandbox, ip } => {
                self.with(cx, pod, |hub, cx, worker| hub.sandbox_runs(cx, worker, (sandbox, ip)));
            }
            RuntimeReply::SandboxStopped { pod, .. } => {
                self.with(cx, pod, |hub, cx, worker| hub.sandbox_stopped(cx, worker));
            }
            RuntimeReply::Image { pod, index, present } => {
                self.with(cx, pod, |hub, cx, worker| hub.image_known(cx, worker, (index, present)));
            }
            RuntimeReply::Pulled { pod, index, result } => {
                self.hub.pull_over(cx);
                self.with(cx, pod, |hub, cx, worker| hub.pulled(cx, worker, (index, result)));
            }
            RuntimeReply::Created { pod, index, container } => {
                self.with(cx, pod, |hub, cx, worker| hub.created(cx, worker, (index, container)));
            }
            RuntimeReply::Started { pod, container } => {
                self.with(cx, pod, |hub, cx, worker| hub.started(cx, worker, container));
            }
            RuntimeReply::Changed { pod, container, state } => {
                self.with(cx, pod, |hub, cx, worker| hub.changed(cx, worker, (container, state)));
            }
            RuntimeReply::Probed { pod, container, probe, outcome } => {
                let found = (container, probe, outcome);
                self.with(cx, pod, |hub, cx, worker| hub.probed(cx, worker, found));
            }
            RuntimeReply::List(list) => {
                self.found = Some(list);
                self.take_over(cx);
            }
            RuntimeReply::Stats(samples) => self.hub.send_samples(cx, &samples),
            RuntimeReply::Unavailable => self.hub.runtime_lost(cx),
            // Before that, the kubelet's own first question brings the answer.
            RuntimeReply::Available if self.live => self.hub.runtime_back(cx),
            RuntimeReply::Available => {}
        }
    }

    fn timer(&mut self, cx: &mut Cx<'_>, timer: KubeletTimer) {
        match timer {
            KubeletTimer::Relist => self.relist(cx),
            KubeletTimer::Pod(pod, ticket) => self.with(cx, pod, |hub, cx, worker| {
                if worker.wake.rings(ticket) {
                    hub.sync(cx, worker);
                }
            }),
            KubeletTimer::Probe(pod, container, probe) => {
                self.with(cx, pod, |hub, cx, worker| hub.probe_due(cx, worker, (container, probe)));
            }
            KubeletTimer::SyncStatuses(ticket) => self.sync_statuses(cx, ticket),
            KubeletTimer::Lease(ticket) => self.hub.lease_due(cx, ticket),
            KubeletTimer::NodeStatus(ticket) => self.hub.node_status_due(cx, ticket),
            KubeletTimer::Register(ticket) => {
                if self.hub.register_due(cx, ticket) {
                    self.hub.client.inform(cx, &self.informer);
                }
            }
        }
    }

    /// Lets something happen to one pod; a pod that is over is forgotten after it.
    fn with(
        &mut self,
        cx: &mut Cx<'_>,
        pod: Uid,
        act: impl FnOnce(&mut Hub, &mut Cx<'_>, &mut Worker),
    ) {
        let Some(worker) = self.pods.get_mut(&pod) else { return };
        act(&mut self.hub, cx, worker);
        if self.hub.is_over(cx, worker) {
            self.pods.remove(&pod);
        }
    }
}
