//! Leader election by Lease: of several equal components one works, the others wait.

use crate::api::{Lease, ObjectKey, Str};
use crate::kernel::{SimTime, Span, Ticket};
use crate::wire::Cx;
use crate::wire::api::{ApiOk, Status};

use super::alarm::Alarm;
use super::apiclient::ApiClient;

/// What the client brings for the elector.
#[derive(Clone, Debug)]
pub enum LeaderInput {
    /// The answer to the call under way.
    Answer(Result<ApiOk, Status>),
    /// Its timer.
    Timer(Ticket),
}

/// How leadership is fought for.
///
/// Source: kubernetes/component-base:config/v1alpha1/defaults.go,
/// kubernetes/client-go:tools/leaderelection/leaderelection.go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaderConfig {
    /// The Lease: `kube-system/kube-scheduler`, …
    pub lease: ObjectKey,
    /// This candidate: host name and a random number upstream.
    pub identity: Str,
    /// Others wait so long after the last renewal they saw. Default: 15 s (`leader-elect-lease-duration`).
    pub lease_duration: Span,
    /// The leader gives up when it could not renew for so long. Default: 10 s (`leader-elect-renew-deadline`).
    pub renew_deadline: Span,
    /// Between two attempts. Default: 2 s (`leader-elect-retry-period`).
    pub retry_period: Span,
}

/// What the component has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Leadership {
    /// Nothing.
    Unchanged,
    /// It leads from now on: begin to work.
    Won,
    /// It leads no more: stop at once. The real process exits and is started again by the kubelet,
    /// so forget all volatile state and start afresh.
    Lost,
}

/// One candidate.
#[derive(Clone, Debug)]
pub struct LeaderElector {
    config: LeaderConfig,
    retry: Alarm,
    leads: bool,
    /// The Lease as last seen, and when it was seen to change by this candidate's own clock.
    observed: Option<std::sync::Arc<Lease>>,
    observed_at: SimTime,
    renewed_at: SimTime,
}

impl LeaderElector {
    /// A candidate.
    #[must_use]
    pub fn new(config: LeaderConfig) -> Self {
        LeaderElector {
            config,
            retry: Alarm::default(),
            leads: false,
            observed: None,
            observed_at: SimTime::ZERO,
            renewed_at: SimTime::ZERO,
        }
    }

    /// Begins to fight for the Lease.
    pub fn start<T: Clone + std::fmt::Debug>(
        &mut self,
        _cx: &mut Cx<'_>,
        _client: &mut ApiClient<T>,
    ) {
        let _ = (&self.retry, &self.observed, self.observed_at, self.renewed_at);
    }

    /// What the client brought as `Incoming::Leader`.
    pub fn handle<T: Clone + std::fmt::Debug>(
        &mut self,
        _cx: &mut Cx<'_>,
        _client: &mut ApiClient<T>,
        _input: LeaderInput,
    ) -> Leadership {
        Leadership::Unchanged
    }

    /// Whether this candidate leads.
    #[must_use]
    pub const fn is_leader(&self) -> bool {
        self.leads
    }

    /// Who leads, as far as this candidate knows.
    #[must_use]
    pub fn leader(&self) -> Option<&Str> {
        self.observed.as_ref().map(|lease| &lease.spec.holder_identity)
    }

    /// Forgets everything, as a process that died.
    pub fn crash(&mut self) {
        *self = LeaderElector::new(self.config.clone());
    }
}
