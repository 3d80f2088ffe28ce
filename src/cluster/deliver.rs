//! The exhaustive routing: every message to the actor it is for.

use crate::apiserver::ApiServer;
use crate::apiserver::Balancer;
use crate::controllers::ControllerManager;
use crate::etcd::Member;
use crate::kernel::Event;
use crate::kernel::Shared;
use crate::kernel::Slot;
use crate::kernel::Start;
use crate::kernel::World;
use crate::kubelet::Kubelet;
use crate::metrics::MetricsServer;
use crate::operator::Operator;
use crate::proxy::Proxy;
use crate::runtime::Runtime;
use crate::scheduler::Scheduler;
use crate::traffic::Traffic;
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::Note;
use crate::wire::api::ApiReply;
use crate::wire::apiserver::ApiServerIn;
use crate::wire::balancer::BalancerIn;
use crate::wire::controllers::ControllersIn;
use crate::wire::etcd::{EtcdIn, EtcdReply};
use crate::wire::kubelet::KubeletIn;
use crate::wire::metrics::MetricsIn;
use crate::wire::operator::OperatorIn;
use crate::wire::proxy::ProxyIn;
use crate::wire::scheduler::SchedulerIn;

use super::directory::{Directory, Role};

/// All actors of a run.
///
/// Those that are many or big are shared with a checkpoint, and each is copied when it next acts, so
/// that no moment pays for all.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub(super) directory: Directory,
    pub(super) operator: Operator,
    pub(super) balancer: Balancer,
    pub(super) metrics: Option<MetricsServer>,
    pub(super) api_servers: Vec<Shared<ApiServer>>,
    pub(super) etcd: Vec<Shared<Member>>,
    pub(super) schedulers: Vec<Shared<Scheduler>>,
    pub(super) controllers: Vec<Shared<ControllerManager>>,
    pub(super) nodes: Vec<NodeActors>,
    pub(super) clients: Vec<Traffic>,
}

/// The three processes of a node.
#[derive(Clone, Debug)]
pub(super) struct NodeActors {
    pub(super) kubelet: Shared<Kubelet>,
    pub(super) runtime: Shared<Runtime>,
    pub(super) proxy: Shared<Proxy>,
}

impl Cluster {
    /// Who is who.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    fn role(&self, slot: Slot) -> Role {
        self.directory.role(slot).expect("messages are for slots that were built")
    }

    /// An answer of the API, for whatever client stands in `to`.
    fn deliver_api(&mut self, cx: &mut Cx<'_>, from: Slot, reply: ApiReply) {
        match self.role(cx.me()) {
            Role::Operator => self.operator.handle(cx, from, OperatorIn::Api(reply)),
            Role::Scheduler(n) => {
                self.schedulers[n as usize].handle(cx, from, SchedulerIn::Api(reply));
            }
            Role::Controllers(n) => {
                self.controllers[n as usize].handle(cx, from, ControllersIn::Api(reply));
            }
            Role::Kubelet(n) => {
                self.nodes[n as usize].kubelet.handle(cx, from, KubeletIn::Api(reply));
            }
            Role::Proxy(n) => self.nodes[n as usize].proxy.handle(cx, from, ProxyIn::Api(reply)),
            Role::Metrics => {
                if let Some(metrics) = &mut self.metrics {
                    metrics.handle(cx, from, MetricsIn::Api(reply));
                }
            }
            Role::Balancer
            | Role::ApiServer(_)
            | Role::Etcd(_)
            | Role::Runtime(_)
            | Role::Traffic(_) => {
                unreachable!("{:?} is no client of the API", self.role(cx.me()))
            }
        }
    }
}

impl World for Cluster {
    type Msg = Msg;
    type Note = Note;

    fn deliver(&mut self, cx: &mut Cx<'_>, event: Event<Msg>) {
        let from = event.from.slot;
        let role = self.role(event.to.slot);
        match (event.msg, role) {
            (Msg::Api(reply), _) => self.deliver_api(cx, from, reply),
            (Msg::ApiServer(msg), Role::ApiServer(n)) => {
                self.api_servers[n as usize].handle(cx, from, msg);
            }
            (Msg::Balancer(msg), Role::Balancer) => self.balancer.handle(cx, from, msg),
            (Msg::Controllers(msg), Role::Controllers(n)) => {
                self.controllers[n as usize].handle(cx, from, msg);
            }
            (Msg::Etcd(msg), Role::Etcd(n)) => self.etcd[n as usize].handle(cx, from, msg),
            (Msg::Kubelet(msg), Role::Kubelet(n)) => {
                self.nodes[n as usize].kubelet.handle(cx, from, msg);
            }
            (Msg::Metrics(msg), Role::Metrics) => {
                if let Some(metrics) = &mut self.metrics {
                    metrics.handle(cx, from, msg);
                }
            }
            (Msg::Operator(msg), Role::Operator) => self.operator.handle(cx, from, msg),
            (Msg::Proxy(msg), Role::Proxy(n)) => {
                self.nodes[n as usize].proxy.handle(cx, from, msg);
            }
            (Msg::Runtime(msg), Role::Runtime(n)) => {
                self.nodes[n as usize].runtime.handle(cx, from, msg);
            }
            (Msg::Scheduler(msg), Role::Scheduler(n)) => {
                self.schedulers[n as usize].handle(cx, from, msg);
            }
            (Msg::Traffic(msg), Role::Traffic(n)) => {
                self.clients[n as usize].handle(cx, from, msg);
            }
            (msg, role) => unreachable!("{role:?} was sent {}", msg.label()),
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>, slot: Slot, start: Start) {
        match self.role(slot) {
            Role::Operator => self.operator.start(cx, start),
            Role::Balancer => self.balancer.start(cx, start),
            Role::Metrics => {
                if let Some(metrics) = &mut self.metrics {
                    metrics.start(cx, start);
                }
            }
            Role::ApiServer(n) => self.api_servers[n as usize].start(cx, start),
            Role::Etcd(n) => self.etcd[n as usize].start(cx, start),
            Role::Scheduler(n) => self.schedulers[n as usize].start(cx, start),
            Role::Controllers(n) => self.controllers[n as usize].start(cx, start),
            Role::Kubelet(n) => self.nodes[n as usize].kubelet.start(cx, start),
            Role::Runtime(n) => self.nodes[n as usize].runtime.start(cx, start),
            Role::Proxy(n) => self.nodes[n as usize].proxy.start(cx, start),
            Role::Traffic(n) => self.clients[n as usize].start(cx, start),
        }
    }

    fn crash(&mut self, slot: Slot) {
        match self.role(slot) {
            Role::Operator => self.operator.crash(),
            Role::Balancer => self.balancer.crash(),
            Role::Metrics => {
                if let Some(metrics) = &mut self.metrics {
                    metrics.crash();
                }
            }
            Role::ApiServer(n) => self.api_servers[n as usize].crash(),
            Role::Etcd(n) => self.etcd[n as usize].crash(),
            Role::Scheduler(n) => self.schedulers[n as usize].crash(),
            Role::Controllers(n) => self.controllers[n as usize].crash(),
            Role::Kubelet(n) => self.nodes[n as usize].kubelet.crash(),
            Role::Runtime(n) => self.nodes[n as usize].runtime.crash(),
            Role::Proxy(n) => self.nodes[n as usize].proxy.crash(),
            Role::Traffic(n) => self.clients[n as usize].crash(),
        }
    }

    /// A dead process on a living machine: the machine refuses the connection, whoever asks.
    fn refused(&mut self, cx: &mut Cx<'_>, event: &Event<Msg>) {
        let (dead, from) = (event.to.slot, event.from.slot);
        let machine_lives = self
            .directory
            .machine_of(dead)
            .is_some_and(|machine| machine.slots.iter().any(|slot| cx.is_up(*slot)));
        if !machine_lives {
            return;
        }
        match (&event.msg, self.directory.role(from)) {
            (Msg::Api(_), Some(Role::ApiServer(_))) => cx.stream(from, ApiServerIn::Refused(dead)),
            (Msg::ApiServer(_), Some(Role::Balancer)) => cx.stream(from, BalancerIn::Refused(dead)),
            (Msg::ApiServer(ApiServerIn::Etcd(_) | ApiServerIn::Timer(_)), _) => {}
            (Msg::ApiServer(_) | Msg::Balancer(_), Some(_)) => {
                cx.stream(from, ApiReply::Refused(dead));
            }
            (Msg::Etcd(_), Some(Role::ApiServer(_))) => {
                cx.stream(from, ApiServerIn::Etcd(EtcdReply::Refused));
            }
            (Msg::Etcd(_), Some(Role::Etcd(_))) => cx.stream(from, EtcdIn::PeerRefused),
            // CRI calls and clients' requests are not answered for the dead:
            // their senders have time-outs of their own.
            (
                Msg::Api(_)
                | Msg::ApiServer(_)
                | Msg::Balancer(_)
                | Msg::Controllers(_)
                | Msg::Etcd(_)
                | Msg::Kubelet(_)
                | Msg::Metrics(_)
                | Msg::Operator(_)
                | Msg::Proxy(_)
                | Msg::Runtime(_)
                | Msg::Scheduler(_)
                | Msg::Traffic(_),
                _,
            ) => {}
        }
    }
}
