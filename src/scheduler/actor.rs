//! The scheduler as an actor: what it watches, when it works, what it tells.
//!
//! One pod is decided on at a time, and the decision takes virtual time; bindings are written
//! while the next pods are being decided on.

use std::sync::Arc;

use crate::api::{Node, Pod, ReplicaSet, Service, Str};
use crate::client::{
    Alarm, ApiClient, EventRecorder, EventsConfig, Incoming, Informer, InformerId, LeaderElector,
    Leadership,
};
use crate::kernel::{Purpose, Slot, Start, Timer};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::api::{ApiOk, Status};
use crate::wire::scheduler::SchedulerIn;

use super::config::{Config, NAME};
use super::cycle::{Algorithm, Outcome};
use super::framework::Profile;
use super::node_info::PodInfo;
use super::queue::Queue;
use super::snapshot::Snapshot;

const PODS: InformerId = InformerId(0);
const NODES: InformerId = InformerId(1);
const SERVICES: InformerId = InformerId(2);
const REPLICA_SETS: InformerId = InformerId(3);

/// Breaks ties between equally good nodes.
const TIE: Purpose = Purpose::named("scheduler-tie");

/// A call of the scheduler.
#[derive(Clone, Debug)]
pub(super) enum Tag {
    /// The binding of this pod to this node.
    Bind(Arc<PodInfo>, Str),
    /// The condition of a pod that could not be given a node.
    Condition,
}

/// A decision that takes effect at the end of its cycle.
#[derive(Clone, Debug)]
pub(super) enum Decision {
    /// The pod shall run on this node.
    Place(Arc<PodInfo>, Str),
    /// No node for the pod.
    Refuse(Arc<PodInfo>, Outcome),
}

/// A scheduler.
#[derive(Clone, Debug)]
pub struct Scheduler {
    pub(super) config: Config,
    pub(super) profile: Profile,
    pub(super) client: ApiClient<Tag>,
    pub(super) recorder: EventRecorder,
    pub(super) pods: Informer<Pod>,
    pub(super) snapshot: Snapshot,
    pub(super) queue: Queue,
    pub(super) algorithm: Algorithm,
    elector: LeaderElector,
    nodes: Informer<Node>,
    services: Informer<Service>,
    replica_sets: Informer<ReplicaSet>,
    cycle: Timer,
    decision: Option<Decision>,
    flush: Alarm,
}

fn wrap(timer: crate::wire::api::ClientTimer) -> Msg {
    SchedulerIn::Client(timer).into()
}

impl Scheduler {
    /// A scheduler that reaches the API servers through `balancer` and stands for election as
    /// `identity` (its host).
    #[must_use]
    pub fn new(config: Config, balancer: Slot, identity: impl Into<Str>) -> Self {
        let events = EventsConfig::new(NAME, Str::new()).limited_to(
            config.kube_api_qps,
            config.kube_api_burst,
            1,
        );
        Scheduler {
            profile: config.profile(),
            client: ApiClient::new(config.client(), balancer, wrap),
            recorder: EventRecorder::new(events),
            pods: Informer::new(PODS),
            snapshot: Snapshot::default(),
            queue: Queue::new(config.queue()),
            algorithm: Algorithm::new(config.percentage_of_nodes_to_score),
            elector: LeaderElector::new(config.leader(identity.into())),
            nodes: Informer::new(NODES),
            services: Informer::new(SERVICES),
            replica_sets: Informer::new(REPLICA_SETS),
            cycle: Timer::default(),
            decision: None,
            flush: Alarm::default(),
            config,
        }
    }

    /// Begins a life: watches at once, works as soon as it leads.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: Start) {
        self.client.start(cx);
        self.client.inform(cx, &self.nodes);
        self.client.inform(cx, &self.services);
        self.client.inform(cx, &self.replica_sets);
        self.client.inform(cx, &self.pods);
        self.elector.start(cx, &mut self.client);
    }

    /// Forgets everything: a scheduler keeps nothing on disk.
    pub fn crash(&mut self) {
        self.client.crash();
        self.recorder.crash();
        self.pods.crash();
        self.nodes.crash();
        self.services.crash();
        self.replica_sets.crash();
        self.elector.crash();
        self.snapshot = Snapshot::default();
        self.queue = Queue::new(self.config.queue());
        self.algorithm = Algorithm::new(self.config.percentage_of_nodes_to_score);
        self.decision = None;
        self.cycle.stop();
        self.flush.stop();
    }

    /// A message or a timer.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: SchedulerIn) {
        match msg {
            SchedulerIn::Api(reply) => self.client.handle(cx, from, reply),
            SchedulerIn::Client(timer) => self.client.timer(cx, timer),
            SchedulerIn::Cycle(ticket) => {
                if self.cycle.rings(ticket) {
                    self.end_cycle(cx);
                }
            }
            SchedulerIn::Flush(ticket) => {
                if self.flush.rings(ticket) {
                    self.queue.flush(cx.now());
                }
            }
        }
        while let Some(incoming) = self.client.next() {
            self.take(cx, incoming);
        }
        self.begin_cycle(cx);
        let due = self.queue.next_flush(cx.now());
        self.flush.set_if(cx, due, |ticket| SchedulerIn::Flush(ticket).into());
    }

    /// Whether this scheduler leads.
    #[must_use]
    pub const fn is_leader(&self) -> bool {
        self.elector.is_leader()
    }

    /// The pods that wait.
    #[must_use]
    pub const fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Its picture of the cluster.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    fn take(&mut self, cx: &mut Cx<'_>, incoming: Incoming<Tag>) {
        match incoming {
            Incoming::Answer { tag, result } => self.answer(cx, tag, result),
            Incoming::Feed(PODS, feed) => {
                for delta in self.pods.apply(feed) {
                    self.on_pod(delta.old, delta.new, cx.now());
                }
            }
            Incoming::Feed(NODES, feed) => {
                for delta in self.nodes.apply(feed) {
                    self.on_node(delta.old, delta.new, cx.now());
                }
            }
            Incoming::Feed(SERVICES, feed) => {
                for delta in self.services.apply(feed) {
                    self.snapshot.selectors.set_service(&delta.key(), delta.new.as_deref());
                }
            }
            Incoming::Feed(REPLICA_SETS, feed) => {
                for delta in self.replica_sets.apply(feed) {
                    self.snapshot.selectors.set_replica_set(&delta.key(), delta.new.as_deref());
                }
            }
            Incoming::Feed(..) => {}
            Incoming::Leader(input) => match self.elector.handle(cx, &mut self.client, input) {
                Leadership::Unchanged | Leadership::Won => {}
                // The real process exits here and is started again.
                Leadership::Lost => {
                    self.crash();
                    self.start(cx, Start::Restart);
                }
            },
            Incoming::Events(input) => self.recorder.handle(cx, &mut self.client, input),
        }
    }

    fn answer(&mut self, cx: &mut Cx<'_>, tag: Tag, result: Result<ApiOk, Status>) {
        match (tag, result) {
            (Tag::Bind(pod, node), Ok(_)) => self.bound(cx, &pod, &node),
            (Tag::Bind(pod, _), Err(status)) => self.binding_failed(cx, &pod, &status),
            // A condition that could not be written is written with the next failure.
            (Tag::Condition, Ok(_) | Err(_)) => {}
        }
    }

    /// Whether every informer has had its first list.
    fn has_synced(&self) -> bool {
        self.pods.has_synced()
            && self.nodes.has_synced()
            && self.services.has_synced()
            && self.replica_sets.has_synced()
    }

    /// Decides on the next pod, unless a decision is under way.
    fn begin_cycle(&mut self, cx: &mut Cx<'_>) {
        if self.cycle.armed() || !self.elector.is_leader() || !self.has_synced() {
            return;
        }
        while let Some(pod) = self.queue.pop() {
            if self.skips(cx, &pod) {
                continue;
            }
            let found =
                self.algorithm.schedule(&self.profile, &pod, &mut self.snapshot, || cx.chance(TIE));
            self.note_decision(cx, &pod, &found);
            self.decision = Some(match found {
                Outcome::Node(id) => {
                    let node = self.snapshot.node(id).name.clone();
                    self.snapshot.assume(Arc::clone(&pod), id);
                    self.queue.decided(pod.pod.metadata.uid);
                    Decision::Place(pod, node)
                }
                Outcome::NoNodes | Outcome::Unschedulable { .. } => Decision::Refuse(pod, found),
            });
            let takes = self.config.cost.of(self.algorithm.work());
            self.cycle.arm(cx, takes, |ticket| SchedulerIn::Cycle(ticket).into());
            return;
        }
    }

    /// The decision takes effect.
    fn end_cycle(&mut self, cx: &mut Cx<'_>) {
        match self.decision.take() {
            Some(Decision::Place(pod, node)) => self.bind(cx, pod, node),
            Some(Decision::Refuse(pod, outcome)) => self.refuse(cx, &pod, &outcome),
            None => {}
        }
    }
}
