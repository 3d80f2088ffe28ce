//! What all workers of a kubelet share: the way to the API and to the runtime, events, timers.

use std::sync::Arc;

use crate::api::{Kind, ObjectReference, Pod, Str, Uid};
use crate::client::{ApiClient, ClientConfig, EventRecorder, EventsConfig, Told};
use crate::kernel::{Purpose, SimTime, Slot, Span, Timer};
use crate::wire::Cx;
use crate::wire::cri::CriCall;
use crate::wire::kubelet::KubeletIn;
use crate::wire::metrics::{MetricsIn, PodSample};
use crate::wire::runtime::RuntimeIn;

use super::config::{Config, NodeFacts};
use super::node::{NodeAgent, NodeTag};
use super::pulls::Pulls;
use super::relist::Relist;

/// What a call of this kubelet was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// A pod's status.
    Status(Uid),
    /// The removal of a pod that has ended.
    Remove(Uid),
    /// The node or its Lease.
    Node(NodeTag),
}

/// From the kubelet to the runtime's socket.
/// Simplified: gRPC over a Unix socket takes less than a millisecond.
const CRI_CALL: Span = Span::micros(500);

/// Moments that are spread at random over a period.
pub(super) const SPREAD: Purpose = Purpose::named("spread");

/// The component name in events.
const COMPONENT: Str = arcstr::literal!("kubelet");

/// What the workers share.
#[derive(Clone, Debug)]
pub(super) struct Hub {
    pub(super) config: Arc<Config>,
    pub(super) facts: Arc<NodeFacts>,
    pub(super) client: ApiClient<Tag>,
    pub(super) recorder: EventRecorder,
    pub(super) node: NodeAgent,
    pub(super) pulls: Pulls,
    pub(super) relist: Relist,
    /// Rings when unwritten statuses are tried again.
    pub(super) statuses: Timer,
    /// Who waits for the pods' use.
    pub(super) scrapers: Vec<Slot>,
    /// Probing begins at random within a period only shortly after the kubelet's own start.
    pub(super) started_at: SimTime,
}

impl Hub {
    pub(super) fn new(config: Arc<Config>, facts: Arc<NodeFacts>, balancer: Slot) -> Self {
        let user = Str::from(format!("system:node:{}", facts.name));
        let client = ClientConfig::new(user).limited_to(config.kube_api_qps, config.kube_api_burst);
        let events = EventsConfig::new(COMPONENT, facts.name.clone()).limited_to(
            config.event_qps,
            config.event_burst,
            1,
        );
        Hub {
            client: ApiClient::new(client, balancer, |timer| KubeletIn::Client(timer).into()),
            recorder: EventRecorder::new(events),
            node: NodeAgent::default(),
            pulls: Pulls::default(),
            relist: Relist::default(),
            statuses: Timer::default(),
            scrapers: Vec::new(),
            started_at: SimTime::ZERO,
            config,
            facts,
        }
    }

    pub(super) fn start(&mut self, cx: &mut Cx<'_>) {
        self.started_at = cx.now();
        let period = self.config.pleg_relist_period;
        self.relist.phase = self.random_part(cx, period);
        self.begin(cx);
    }

    pub(super) fn crash(&mut self) {
        self.client.crash();
        self.recorder.crash();
        self.node = NodeAgent::default();
        self.pulls = Pulls::default();
        self.relist = Relist::default();
        self.statuses = Timer::default();
        self.scrapers.clear();
    }

    /// A random part of `span`.
    pub(super) fn random_part(&self, cx: &mut Cx<'_>, span: Span) -> Span {
        Span::nanos(cx.chance(SPREAD).below(span.as_nanos()))
    }

    /// Asks the runtime something.
    pub(super) fn cri(&self, cx: &mut Cx<'_>, call: CriCall) {
        cx.hand_over(self.facts.runtime, CRI_CALL, RuntimeIn::Cri(call));
    }

    /// Records an event about a pod.
    pub(super) fn tell(&mut self, cx: &mut Cx<'_>, pod: &Pod, told: Told) {
        let about = ObjectReference::to(Kind::Pod, &pod.metadata);
        self.recorder.record(cx, &mut self.client, &about, told);
    }

    /// Answers whoever asked what the pods use.
    pub(super) fn send_samples(&mut self, cx: &mut Cx<'_>, samples: &Arc<[PodSample]>) {
        for scraper in std::mem::take(&mut self.scrapers) {
            let node = self.facts.name.clone();
            cx.stream(scraper, MetricsIn::Samples { node, samples: samples.clone() });
        }
    }
}
