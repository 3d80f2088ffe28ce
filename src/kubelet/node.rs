//! The Node object and its Lease: how the cluster knows that this node is there.
//!
//! The Lease says "alive" each ten seconds and is small; the Node says how the node is, and is
//! written every five minutes or when something changed.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/{kubelet_node_status.go,nodestatus/setters.go},
//! kubernetes/component-helpers:apimachinery/lease/controller.go.

use std::sync::Arc;

use crate::api::conditions::Condition;
use crate::api::misc::LeaseSpec;
use crate::api::node::{NodeAddress, NodeSpec, NodeStatus, NodeSystemInfo};
use crate::api::{
    ConditionStatus, Kind, Lease, Node, Object, ObjectKey, ObjectMeta, ObjectReference,
    OwnerReference, Str, Time, reasons,
};
use crate::client::{CallOptions, Told, jitter};
use crate::kernel::{SimTime, Span, Ticket, Timer};
use crate::wire::Cx;
use crate::wire::api::{ApiCall, ApiOk, Part, Patch, Status, StatusReason};
use crate::wire::cri::CriCall;
use crate::wire::kubelet::{KubeletIn, KubeletTimer};

use super::hub::{Hub, SPREAD, Tag};

/// What a call about the node was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeTag {
    Register,
    Fetch,
    Status,
    LeaseFetch,
    LeaseCreate,
    LeaseRenew,
}

/// What the kubelet knows of its own node.
#[derive(Clone, Debug, Default)]
pub(super) struct NodeAgent {
    node: Option<Arc<Node>>,
    /// The life's work has begun: it tried to register.
    begun: bool,
    register: Timer,
    register_tries: u32,
    status: Timer,
    status_tries: u32,
    lease: Option<Arc<Lease>>,
    renew: Timer,
    /// How often the renewal under way has failed.
    renew_tries: u32,
    /// How often the Lease could neither be read nor made.
    ensure_tries: u32,
    /// It has renewed its Lease in this life.
    renewed: bool,
    /// Since when the runtime is silent.
    runtime_silent: Option<SimTime>,
    /// The Ready condition, as it was last posted.
    was_ready: Option<bool>,
}

/// How often a heart-beat is tried before the next one is due.
/// Source: kubernetes/kubernetes:pkg/kubelet/kubelet.go `nodeStatusUpdateRetry`;
/// kubernetes/component-helpers:apimachinery/lease/controller.go `maxUpdateRetries`.
const TRIES: u32 = 5;
/// Longest wait between two tries to register or to make the Lease.
/// Source: the same, `maxBackoff`.
const RETRY_MAX: Span = Span::secs(7);
/// First such wait. Source: the same.
const RETRY_MIN: Span = Span::millis(100);
/// Heart-beats are spread by up to 4 %. Source: the same, `leaseControllerJitter`.
const RENEW_JITTER_PERMILLE: u32 = 40;
/// What the play plays. Simplified: one version for all.
const KUBELET_VERSION: Str = arcstr::literal!("v1.33.0");
const RUNTIME_VERSION: Str = arcstr::literal!("containerd://2.1.0");

impl Hub {
    /// The node as the API server last showed it, or as it will register.
    pub(super) fn own_node(&self, now: Time) -> Arc<Node> {
        self.node.node.clone().unwrap_or_else(|| Arc::new(self.fresh_node(now)))
    }

    /// The life begins within the spread of the cluster's machines.
    pub(super) fn begin(&mut self, cx: &mut Cx<'_>) {
        let wait = self.random_part(cx, self.config.start_spread);
        self.arm_register(cx, wait);
    }

    fn arm_register(&mut self, cx: &mut Cx<'_>, wait: Span) {
        self.node
            .register
            .arm(cx, wait, |ticket| KubeletIn::Timer(KubeletTimer::Register(ticket)).into());
    }

    /// Registers the node; true when that is the first thing in this life.
    pub(super) fn register_due(&mut self, cx: &mut Cx<'_>, ticket: Ticket) -> bool {
        if !self.node.register.rings(ticket) {
            return false;
        }
        let first = !std::mem::replace(&mut self.node.begun, true);
        if first {
            self.client.start(cx);
            self.cri(cx, CriCall::ListPodSandbox);
            self.tell_node(cx, Told::normal("Starting", "Starting kubelet."));
            self.renew(cx);
        }
        let node = self.fresh_node(Time(cx.now()));
        self.call_node(cx, NodeTag::Register, ApiCall::Create { object: node.into() });
        first
    }

    fn call_node(&mut self, cx: &mut Cx<'_>, tag: NodeTag, call: ApiCall) {
        let options = CallOptions::heartbeat(self.config.node_status_update_frequency);
        self.client.call_with(cx, Tag::Node(tag), call, options);
    }

    fn tell_node(&mut self, cx: &mut Cx<'_>, told: Told) {
        let name = self.facts.name.clone();
        let about = ObjectReference { kind: Kind::Node, name, ..ObjectReference::default() };
        self.recorder.record(cx, &mut self.client, &about, told);
    }

    /// The node as this kubelet would make it.
    pub(super) fn fresh_node(&self, now: Time) -> Node {
        let facts = &self.facts;
        let mut status = NodeStatus {
            capacity: facts.capacity.clone(),
            allocatable: self.config.allocatable(&facts.capacity),
            addresses: vec![
                address("InternalIP", &facts.address),
                address("Hostname", &facts.name),
            ],
            node_info: NodeSystemInfo {
                kubelet_version: KUBELET_VERSION,
                container_runtime_version: RUNTIME_VERSION,
            },
            ..NodeStatus::default()
        };
        self.set_node_conditions(&mut status, now);
        Node {
            metadata: ObjectMeta {
                labels: facts.labels.clone(),
                ..ObjectMeta::named("", facts.name.clone())
            },
            spec: NodeSpec {
                pod_cidr: facts.pod_cidr.clone(),
                taints: facts.taints.clone(),
                ..NodeSpec::default()
            },
            status,
        }
    }

    fn set_node_conditions(&self, status: &mut NodeStatus, now: Time) {
        let ready = self.is_ready(now.0);
        let (reason, message) = if ready {
            (arcstr::literal!("KubeletReady"), arcstr::literal!("kubelet is posting ready status"))
        } else {
            (arcstr::literal!("KubeletNotReady"), arcstr::literal!("container runtime is down"))
        };
        let rows = [
            (
                reasons::MEMORY_PRESSURE,
                false,
                arcstr::literal!("KubeletHasSufficientMemory"),
                arcstr::literal!("kubelet has sufficient memory available"),
            ),
            (
                reasons::DISK_PRESSURE,
                false,
                arcstr::literal!("KubeletHasNoDiskPressure"),
                arcstr::literal!("kubelet has no disk pressure"),
            ),
            (
                reasons::PID_PRESSURE,
                false,
                arcstr::literal!("KubeletHasSufficientPID"),
                arcstr::literal!("kubelet has sufficient PID available"),
            ),
            (reasons::READY, ready, reason, message),
        ];
        for (kind, holds, reason, message) in rows {
            let holds = ConditionStatus::from(holds);
            let mut condition = Condition::new(kind, holds, reason, message);
            condition.last_heartbeat_time = Some(now);
            status.conditions.set(condition, now);
        }
    }

    /// Whether the node can run pods: the runtime answers, or was silent only shortly.
    fn is_ready(&self, now: SimTime) -> bool {
        self.node.runtime_silent.is_none_or(|since| now.since(since) < self.config.runtime_grace)
    }

    /// The runtime's socket is closed.
    pub(super) fn runtime_lost(&mut self, cx: &mut Cx<'_>) {
        self.scrapers.clear();
        if self.node.runtime_silent.is_none() {
            self.node.runtime_silent = Some(cx.now());
            let wait = self.config.runtime_grace;
            self.arm_node_status(cx, wait);
        }
    }

    /// The runtime is back: what did it do meanwhile?
    pub(super) fn runtime_back(&mut self, cx: &mut Cx<'_>) {
        self.node.runtime_silent = None;
        self.pulls = super::pulls::Pulls::default();
        self.cri(cx, CriCall::ListPodSandbox);
        if self.node.was_ready == Some(false) {
            self.arm_node_status(cx, Span::ZERO);
        }
    }

    fn arm_node_status(&mut self, cx: &mut Cx<'_>, wait: Span) {
        self.node
            .status
            .arm(cx, wait, |ticket| KubeletIn::Timer(KubeletTimer::NodeStatus(ticket)).into());
    }

    pub(super) fn node_status_due(&mut self, cx: &mut Cx<'_>, ticket: Ticket) {
        if self.node.status.rings(ticket) {
            self.post_node_status(cx);
        }
    }

    fn post_node_status(&mut self, cx: &mut Cx<'_>) {
        let now = Time(cx.now());
        let mut status = self.fresh_node(now).status;
        if let Some(node) = &self.node.node {
            status.conditions = node.status.conditions.clone();
            self.set_node_conditions(&mut status, now);
        }
        let metadata = ObjectMeta::named("", self.facts.name.clone());
        let node = Node { metadata, status, ..Node::default() };
        let (key, patch) = (node.metadata.key(), Box::new(Patch::Status(node.into())));
        self.call_node(cx, NodeTag::Status, ApiCall::Patch { kind: Kind::Node, key, patch });
    }

    /// The node's status stands: when is the next one due?
    fn node_status_posted(&mut self, cx: &mut Cx<'_>) {
        self.node.status_tries = 0;
        let ready = self.is_ready(cx.now());
        let changed = self.node.was_ready != Some(ready);
        if self.node.was_ready.replace(ready).is_some_and(|was| was != ready) {
            let word = if ready { "NodeReady" } else { "NodeNotReady" };
            let message = format!("Node {} status is now: {word}", self.facts.name);
            self.tell_node(cx, Told::normal(word, message));
        }
        let period = self.config.node_status_report_frequency;
        // After a change the next report comes half a period earlier or later, so that the nodes
        // of a cluster that started together do not report together for ever.
        let spread = if changed { self.random_part(cx, period) } else { period / 2 };
        if ready {
            self.arm_node_status(cx, period / 2 + spread);
        } else {
            self.arm_node_status(cx, period);
        }
    }

    pub(super) fn node_answer(
        &mut self,
        cx: &mut Cx<'_>,
        tag: NodeTag,
        result: Result<ApiOk, Status>,
    ) {
        match tag {
            NodeTag::Register | NodeTag::Fetch => self.registered(cx, tag, result),
            NodeTag::Status => self.status_posted(cx, result),
            NodeTag::LeaseFetch | NodeTag::LeaseCreate | NodeTag::LeaseRenew => {
                self.lease_answer(cx, tag, result);
            }
        }
    }

    fn registered(&mut self, cx: &mut Cx<'_>, tag: NodeTag, result: Result<ApiOk, Status>) {
        match result {
            Ok(ApiOk::Object(Object::Node(node))) => {
                let complete = node.status.conditions.is_true(&reasons::READY);
                self.node.node = Some(node);
                self.node.register_tries = 0;
                if complete && tag == NodeTag::Register {
                    self.node_status_posted(cx);
                } else {
                    self.post_node_status(cx);
                }
            }
            Err(status) if status.reason == StatusReason::AlreadyExists => {
                let key = ObjectKey::new("", self.facts.name.clone());
                self.call_node(cx, NodeTag::Fetch, ApiCall::Get { kind: Kind::Node, key });
            }
            Ok(_) | Err(_) => {
                let wait = retry_wait(&mut self.node.register_tries);
                self.arm_register(cx, wait);
            }
        }
    }

    fn status_posted(&mut self, cx: &mut Cx<'_>, result: Result<ApiOk, Status>) {
        match result {
            Ok(ok) => {
                if let ApiOk::Object(Object::Node(node)) = ok {
                    self.node.node = Some(node);
                }
                self.node_status_posted(cx);
            }
            Err(status) if status.reason == StatusReason::NotFound => {
                self.arm_register(cx, RETRY_MIN);
            }
            Err(_) => {
                self.node.status_tries += 1;
                if self.node.status_tries < TRIES {
                    // A connection that does not carry heart-beats is given up.
                    self.client.reconnect(cx);
                    self.post_node_status(cx);
                } else {
                    self.node.status_tries = 0;
                    let wait = self.config.node_status_update_frequency;
                    self.arm_node_status(cx, wait);
                }
            }
        }
    }

    pub(super) fn lease_due(&mut self, cx: &mut Cx<'_>, ticket: Ticket) {
        if self.node.renew.rings(ticket) {
            self.renew(cx);
        }
    }

    /// Renews the Lease, or finds out first what became of it.
    fn renew(&mut self, cx: &mut Cx<'_>) {
        let now = Time(cx.now());
        let (tag, call) = match &self.node.lease {
            None => {
                let key = ObjectKey::new(reasons::NS_KUBE_NODE_LEASE, self.facts.name.clone());
                (NodeTag::LeaseFetch, ApiCall::Get { kind: Kind::Lease, key })
            }
            Some(known) => {
                let spec = self.lease_spec(now);
                let lease = Lease { metadata: known.metadata.clone(), spec };
                let call = ApiCall::Update { object: lease.into(), part: Part::Main };
                (NodeTag::LeaseRenew, call)
            }
        };
        let options = CallOptions::heartbeat(self.config.lease_renew_interval());
        self.client.call_with(cx, Tag::Node(tag), call, options);
    }

    fn lease_spec(&self, now: Time) -> LeaseSpec {
        let seconds = self.config.node_lease_duration.as_secs();
        LeaseSpec {
            holder_identity: self.facts.name.clone(),
            lease_duration_seconds: i32::try_from(seconds).unwrap_or(i32::MAX),
            renew_time: Some(now),
            ..LeaseSpec::default()
        }
    }

    fn create_lease(&mut self, cx: &mut Cx<'_>) {
        let mut metadata = ObjectMeta::named(reasons::NS_KUBE_NODE_LEASE, self.facts.name.clone());
        if let Some(node) = &self.node.node {
            metadata.owner_references.push(OwnerReference {
                kind: Kind::Node,
                name: self.facts.name.clone(),
                uid: node.metadata.uid,
                controller: false,
                block_owner_deletion: false,
            });
        }
        let lease = Lease { metadata, spec: self.lease_spec(Time(cx.now())) };
        let options = CallOptions::heartbeat(self.config.lease_renew_interval());
        let call = ApiCall::Create { object: lease.into() };
        self.client.call_with(cx, Tag::Node(NodeTag::LeaseCreate), call, options);
    }

    fn lease_answer(&mut self, cx: &mut Cx<'_>, tag: NodeTag, result: Result<ApiOk, Status>) {
        match result {
            Ok(ApiOk::Object(Object::Lease(lease))) => {
                self.node.lease = Some(lease);
                self.node.ensure_tries = 0;
                if tag == NodeTag::LeaseFetch {
                    self.renew(cx);
                } else {
                    self.node.renew_tries = 0;
                    let wait = self.renew_wait(cx);
                    self.arm_renew(cx, wait);
                }
            }
            Err(status)
                if tag == NodeTag::LeaseFetch && status.reason == StatusReason::NotFound =>
            {
                self.create_lease(cx);
            }
            Err(status) if tag == NodeTag::LeaseRenew => {
                self.renewal_failed(cx, status.reason == StatusReason::Conflict);
            }
            Ok(_) | Err(_) => {
                let wait = retry_wait(&mut self.node.ensure_tries);
                self.arm_renew(cx, wait);
            }
        }
    }

    /// Five tries with the Lease as it is known, five more after it was read anew; then the next
    /// interval has to do. Only a conflict says that somebody else has written it.
    fn renewal_failed(&mut self, cx: &mut Cx<'_>, conflict: bool) {
        self.node.renew_tries += 1;
        let tries = self.node.renew_tries;
        if !conflict && tries % TRIES != 1 {
            self.client.reconnect(cx);
        }
        if tries >= 2 * TRIES {
            self.node.renew_tries = 0;
            let wait = self.renew_wait(cx);
            return self.arm_renew(cx, wait);
        }
        if conflict || tries == TRIES {
            self.node.lease = None;
        }
        self.renew(cx);
    }

    /// The time to the next renewal. The first one in a life comes at a random moment of the
    /// interval, so that nodes that started together do not renew together.
    fn renew_wait(&mut self, cx: &mut Cx<'_>) -> Span {
        let interval = self.config.lease_renew_interval();
        if std::mem::replace(&mut self.node.renewed, true) {
            jitter(interval, RENEW_JITTER_PERMILLE, cx.chance(SPREAD))
        } else {
            self.random_part(cx, interval)
        }
    }

    fn arm_renew(&mut self, cx: &mut Cx<'_>, wait: Span) {
        self.node
            .renew
            .arm(cx, wait, |ticket| KubeletIn::Timer(KubeletTimer::Lease(ticket)).into());
    }
}

fn address(kind: &'static str, address: &Str) -> NodeAddress {
    NodeAddress { kind: Str::from(kind), address: address.clone() }
}

/// The wait before the next try: doubled each time.
fn retry_wait(tries: &mut u32) -> Span {
    let wait = RETRY_MIN.saturating_mul(1 << (*tries).min(10)).min(RETRY_MAX);
    *tries += 1;
    wait
}
