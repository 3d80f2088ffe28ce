//! What a controller is: it hears of changes, puts keys into a queue, and for one key at a time
//! compares what is wanted with what is.
//!
//! A controller never waits and never sends. [`Controller::reconcile`] reads the caches and
//! returns a [`Plan`]: calls to make, Events to record, and what comes next. The frame makes the
//! calls, keeps the key in work until every answer is in, and then either lets the controller go
//! on ([`Next::Resume`]) or ends the work. So the whole state is a value, and a controller can be
//! tested without a cluster.
//!
//! Controllers are *level-triggered*: a key says only "look there"; what to do follows from the
//! present state, however it came about. What a controller remembers between two looks must be
//! such that forgetting it costs time, never correctness; each lists it in its header as
//! `Soft state:`.
//!
//! **To add a controller**: one new file with a type that implements [`Controller`], and one line
//! in [`CONTROLLERS`].
//!
//! Source: kubernetes/community:contributors/devel/sig-api-machinery/controllers.md.

use std::fmt::Debug;
use std::sync::Arc;

use crate::api::{EventType, Kind, Object, ObjectReference, Str, Time};
use crate::client::{RetryLimit, WorkQueue};
use crate::kernel::{EventId, SimTime, Span};
use crate::wire::api::{ApiCall, ApiOk, Status, StatusReason};
use crate::wire::metrics::{PodPlace, Usage};

use super::caches::{Caches, Change};
use super::causes::Causes;
use super::config::Config;
use super::deployment::DeploymentController;
use super::endpoint_slice::EndpointSliceController;
use super::garbage_collector::GarbageCollector;
use super::hpa::HorizontalPodAutoscalerController;
use super::namespace::NamespaceController;
use super::node_lifecycle::NodeLifecycleController;
use super::pod_gc::PodGarbageCollector;
use super::replicaset::ReplicaSetController;
use super::runner::{Entry, Runner};
use super::taint_eviction::TaintEvictionController;

/// Every controller of the manager, in the order in which they start.
pub const CONTROLLERS: &[Entry] = &[
    Runner::<NamespaceController>::ENTRY,
    Runner::<GarbageCollector>::ENTRY,
    Runner::<DeploymentController>::ENTRY,
    Runner::<ReplicaSetController>::ENTRY,
    Runner::<PodGarbageCollector>::ENTRY,
    Runner::<EndpointSliceController>::ENTRY,
    Runner::<HorizontalPodAutoscalerController>::ENTRY,
    Runner::<NodeLifecycleController>::ENTRY,
    Runner::<TaintEvictionController>::ENTRY,
];

/// One controller.
pub trait Controller: Clone + Debug + Send + Sync + 'static {
    /// What names one piece of work.
    type Key: Clone + Ord + Debug + Send + Sync;
    /// Where a piece of work stands while it waits for answers.
    type Progress: Clone + Debug + Send + Sync;

    /// Upstream's name, as `--controllers` takes it.
    /// Source: kubernetes/kubernetes:cmd/kube-controller-manager/names/controller_names.go.
    const NAME: &'static str;
    /// The `source.component` of its Events.
    const EVENT_SOURCE: &'static str = Self::NAME;
    /// The kinds whose changes it hears of.
    const KINDS: &'static [Kind];
    /// After so many failures in a row a key is dropped; none means never.
    const MAX_RETRIES: Option<u32> = None;

    /// The controller as its process starts.
    fn new(config: &Config) -> Self;

    /// How many keys it works on at once.
    fn workers(config: &Config) -> u32;

    /// How retries are limited.
    #[must_use]
    fn retry_limit() -> RetryLimit {
        RetryLimit::default()
    }

    /// How often [`Controller::tick`] is called; none means never.
    fn period(config: &Config) -> Option<Span> {
        let _ = config;
        None
    }

    /// An object of [`Controller::KINDS`] changed: which keys must be looked at?
    fn observe(&mut self, view: &View<'_>, change: &Change, queue: &mut Queue<'_, Self::Key>);

    /// A period is over.
    fn tick(&mut self, view: &View<'_>, queue: &mut Queue<'_, Self::Key>) {
        let _ = (view, queue);
    }

    /// Looks at `key`.
    fn reconcile(&mut self, view: &View<'_>, key: &Self::Key) -> Plan<Self::Progress>;

    /// Goes on after the calls of the last plan were answered, in their order.
    fn resume(
        &mut self,
        view: &View<'_>,
        key: &Self::Key,
        progress: Self::Progress,
        answers: Vec<Answer>,
    ) -> Plan<Self::Progress>;

    /// What it wants to ask the metrics server since the last time.
    fn questions(&mut self) -> Vec<Question> {
        Vec::new()
    }

    /// The metrics server answered; none: there is no metrics server. An answer may never come.
    fn told(&mut self, id: u64, usage: Option<&Arc<Usage>>, queue: &mut Queue<'_, Self::Key>) {
        let _ = (id, usage, queue);
    }
}

/// A question to the metrics server.
#[derive(Clone, Debug)]
pub struct Question {
    /// The controller's number for it.
    pub id: u64,
    /// The pods it is about.
    pub pods: Arc<[PodPlace]>,
}

/// What came of one call.
pub type Answer = Result<ApiOk, Status>;

/// What a controller can see.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The moment.
    pub now: Time,
    /// The event that is being handled.
    pub event: EventId,
    /// What the informers know; behind the API server by the length of the way.
    pub caches: &'a Caches,
    /// The configuration.
    pub config: &'a Config,
}

/// What to do about a key.
#[derive(Clone, Debug)]
#[must_use]
pub struct Plan<P> {
    /// Calls to make, all at once.
    pub calls: Vec<ApiCall>,
    /// Events to record.
    pub events: Vec<Said>,
    /// What comes after the answers.
    pub next: Next<P>,
}

/// What comes after the answers.
#[derive(Clone, Debug)]
pub enum Next<P> {
    /// The controller goes on from here.
    Resume(P),
    /// The work is done if every call succeeded, and is retried if not. `NotFound` counts as
    /// success: whatever was to be changed or deleted is gone.
    Done {
        /// Look again after this long, even if nothing changes.
        after: Option<Span>,
    },
    /// The work failed: look again, later after each failure.
    Retry,
}

/// An Event to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it is about.
    pub about: ObjectReference,
    /// Good or worrying.
    pub kind: EventType,
    /// A word for programs.
    pub reason: Str,
    /// A sentence for people.
    pub message: Str,
}

impl Said {
    /// As planned.
    #[must_use]
    pub fn normal(about: ObjectReference, reason: Str, message: impl Into<Str>) -> Self {
        Said { about, kind: EventType::Normal, reason, message: message.into() }
    }

    /// Worth a look.
    #[must_use]
    pub fn warning(about: ObjectReference, reason: Str, message: impl Into<Str>) -> Self {
        Said { about, kind: EventType::Warning, reason, message: message.into() }
    }
}

impl<P> Plan<P> {
    /// Nothing to do.
    pub const fn done() -> Self {
        Plan { calls: Vec::new(), events: Vec::new(), next: Next::Done { after: None } }
    }

    /// Nothing to do now; look again after `span`.
    pub const fn done_until(span: Span) -> Self {
        Plan { calls: Vec::new(), events: Vec::new(), next: Next::Done { after: Some(span) } }
    }

    /// It failed.
    pub const fn retry() -> Self {
        Plan { calls: Vec::new(), events: Vec::new(), next: Next::Retry }
    }

    /// Makes these calls, and that is all.
    pub const fn last(calls: Vec<ApiCall>) -> Self {
        Plan { calls, events: Vec::new(), next: Next::Done { after: None } }
    }

    /// Makes these calls and goes on with their answers.
    pub const fn then(calls: Vec<ApiCall>, progress: P) -> Self {
        Plan { calls, events: Vec::new(), next: Next::Resume(progress) }
    }

    /// With these Events.
    pub fn saying(mut self, events: Vec<Said>) -> Self {
        self.events = events;
        self
    }
}

/// The controller's own queue of keys, as far as it may touch it.
#[derive(Debug)]
pub struct Queue<'a, K> {
    /// The queue itself.
    pub(super) inner: &'a mut WorkQueue<K>,
    /// The moment.
    pub(super) now: SimTime,
    /// Why keys wait.
    pub(super) causes: &'a mut Causes<K>,
    /// The event that is being handled: why they are added.
    pub(super) event: EventId,
}

/// The object of a successful answer.
#[must_use]
pub fn answered_object(answer: &Answer) -> Option<&Object> {
    if let Ok(ApiOk::Object(object)) = answer { Some(object) } else { None }
}

/// Whether a call failed in another way than that its object is gone.
#[must_use]
pub fn is_failure(answer: &Answer) -> bool {
    answer.as_ref().is_err_and(|status| status.reason != StatusReason::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: kubernetes/kubernetes:cmd/kube-controller-manager/names/controller_names.go.
    const UPSTREAM: [&str; 20] = [
        "serviceaccount-token-controller",
        "endpointslice-controller",
        "replicationcontroller-controller",
        "pod-garbage-collector-controller",
        "resourcequota-controller",
        "namespace-controller",
        "serviceaccount-controller",
        "garbage-collector-controller",
        "daemonset-controller",
        "job-controller",
        "deployment-controller",
        "replicaset-controller",
        "horizontal-pod-autoscaler-controller",
        "disruption-controller",
        "statefulset-controller",
        "cronjob-controller",
        "node-ipam-controller",
        "node-lifecycle-controller",
        "taint-eviction-controller",
        "ttl-after-finished-controller",
    ];

    #[test]
    fn controllers_have_upstreams_names_and_each_its_own() {
        for (place, entry) in CONTROLLERS.iter().enumerate() {
            assert!(UPSTREAM.contains(&entry.name), "{} is no name of upstream", entry.name);
            let first = CONTROLLERS.iter().position(|other| other.name == entry.name);
            assert_eq!(first, Some(place), "{} stands there twice", entry.name);
        }
        // A change's listeners are the bits of one number.
        assert!(CONTROLLERS.len() <= 64);
    }

    #[test]
    fn every_controller_is_made_under_the_name_of_its_line_and_rests_at_first() {
        let config = Config::default();
        for entry in CONTROLLERS {
            let mut runner = (entry.make)(&config);
            assert_eq!(runner.name(), entry.name);
            assert_eq!(runner.load(), (0, 0));
            assert_eq!(runner.take(SimTime::ZERO), None);
            assert!(!runner.event_source().is_empty());
        }
    }
}
