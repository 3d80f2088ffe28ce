//! Leader election by Lease: of several equal components one works, the others wait.
//!
//! A candidate that finds the Lease free, or not renewed for `lease_duration`, writes its own
//! name into it; the version in the write makes sure that only one of two succeeds. The leader
//! renews every `retry_period`. No clock is ever compared with another: a candidate takes a
//! Lease for expired when *it* has seen no change of it for that long by its own clock.
//! `renew_deadline` < `lease_duration` is what keeps two from leading at once: the old leader
//! gives up before anybody else may take over.
//! Source: kubernetes/client-go:tools/leaderelection/leaderelection.go.

use std::sync::Arc;

use crate::api::misc::LeaseSpec;
use crate::api::{Kind, Lease, ObjectKey, ObjectMeta, Resource, Str, Time, Uid};
use crate::kernel::{Purpose, SimTime, Span, Ticket};
use crate::wire::Cx;
use crate::wire::Note;
use crate::wire::api::{ApiCall, ApiOk, ClientTimer, Part, Status, StatusReason};

use super::alarm::Alarm;
use super::apiclient::{ApiClient, Origin};
use super::backoff::jitter;
use super::config::CallOptions;

/// Candidates wait `retry_period` plus a random part of up to 1.2 times it.
///
/// Source: kubernetes/client-go:tools/leaderelection/leaderelection.go `JitterFactor`.
const JITTER_PERMILLE: u32 = 1200;

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
/// Source: kubernetes/component-base:config/v1alpha1/defaults.go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaderConfig {
    /// The Lease: `kube-system/kube-scheduler`, …
    pub lease: ObjectKey,
    /// This candidate; each life adds a random number of its own, as upstream.
    pub identity: Str,
    /// Others wait so long after the last renewal they saw.
    /// Default: 15 s (`leader-elect-lease-duration`).
    pub lease_duration: Span,
    /// The leader gives up when it could not renew for so long.
    /// Default: 10 s (`leader-elect-renew-deadline`).
    pub renew_deadline: Span,
    /// Between two attempts. Default: 2 s (`leader-elect-retry-period`).
    pub retry_period: Span,
}

impl LeaderConfig {
    /// The defaults, for one candidate for one Lease.
    #[must_use]
    pub fn new(lease: ObjectKey, identity: impl Into<Str>) -> Self {
        LeaderConfig {
            lease,
            identity: identity.into(),
            lease_duration: Span::secs(15),
            renew_deadline: Span::secs(10),
            retry_period: Span::secs(2),
        }
    }
}

/// What the component has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Leadership {
    /// Nothing.
    Unchanged,
    /// It leads from now on: begin to work.
    Won,
    /// It leads no more: stop at once. The real process exits and is started again, so forget all
    /// volatile state (`crash()` of everything, this elector too) and start afresh.
    Lost,
}

/// What an elector is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It was not started, or has lost.
    Stopped,
    /// For the next attempt.
    Resting,
    /// For the Lease.
    Getting,
    /// For its first Lease to be made.
    Creating,
    /// For its renewal of the Lease it last wrote: the leader does not read first.
    Renewing,
    /// For its claim on the Lease it has just read.
    Claiming,
}

/// One candidate.
///
/// Simplified: a leader that ends well does not release its Lease; nobody ends well in a play.
#[derive(Clone, Debug)]
pub struct LeaderElector {
    config: LeaderConfig,
    identity: Str,
    phase: Phase,
    leads: bool,
    alarm: Alarm,
    retry_at: Option<SimTime>,
    /// When leadership ends unless it is renewed before.
    deadline: Option<SimTime>,
    /// The Lease as last seen or written.
    observed: Option<Arc<Lease>>,
    /// When its claim was last seen to change, by this candidate's own clock.
    observed_at: SimTime,
}

impl LeaderElector {
    /// A candidate.
    #[must_use]
    pub fn new(config: LeaderConfig) -> Self {
        LeaderElector {
            identity: config.identity.clone(),
            config,
            phase: Phase::Stopped,
            leads: false,
            alarm: Alarm::default(),
            retry_at: None,
            deadline: None,
            observed: None,
            observed_at: SimTime::ZERO,
        }
    }

    /// Begins to fight for the Lease.
    pub fn start<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
    ) {
        let number = Uid(cx.chance(Purpose::named("client.leader.identity")).bits());
        self.identity = Str::from(format!("{}_{number}", self.config.identity));
        self.attempt(cx, client);
    }

    /// What the client brought as `Incoming::Leader`.
    pub fn handle<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        input: LeaderInput,
    ) -> Leadership {
        let outcome = match input {
            LeaderInput::Answer(result) => self.answer(cx, client, result),
            LeaderInput::Timer(ticket) => self.timer(cx, client, ticket),
        };
        self.arm(cx, client);
        outcome
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

    /// Under which name this life of the candidate fights.
    #[must_use]
    pub const fn identity(&self) -> &Str {
        &self.identity
    }

    /// Forgets everything, as a process that died.
    pub fn crash(&mut self) {
        self.phase = Phase::Stopped;
        self.leads = false;
        self.alarm.stop();
        self.retry_at = None;
        self.deadline = None;
        self.observed = None;
        self.observed_at = SimTime::ZERO;
    }

    fn timer<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        ticket: Ticket,
    ) -> Leadership {
        if !self.alarm.rings(ticket) || self.phase == Phase::Stopped {
            return Leadership::Unchanged;
        }
        if self.deadline.is_some_and(|deadline| deadline <= cx.now()) {
            return self.lose(cx);
        }
        if self.retry_at.is_some_and(|at| at <= cx.now()) {
            self.attempt(cx, client);
        }
        Leadership::Unchanged
    }

    /// Tries to get or to keep the Lease.
    fn attempt<T: Clone + std::fmt::Debug>(&mut self, cx: &mut Cx<'_>, client: &mut ApiClient<T>) {
        self.retry_at = None;
        let own = self.observed.clone().filter(|_| self.leads && self.is_valid(cx.now()));
        match own {
            Some(lease) => self.write(cx, client, Some(&lease), Phase::Renewing),
            None => self.get(cx, client),
        }
        self.arm(cx, client);
    }

    fn get<T: Clone + std::fmt::Debug>(&mut self, cx: &mut Cx<'_>, client: &mut ApiClient<T>) {
        self.phase = Phase::Getting;
        let call = ApiCall::Get { kind: Kind::Lease, key: self.config.lease.clone() };
        client.call_as(cx, Origin::Leader, call, self.options());
    }

    fn answer<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        result: Result<ApiOk, Status>,
    ) -> Leadership {
        let lease = match &result {
            Ok(ApiOk::Object(object)) => Lease::of(object).cloned(),
            Ok(ApiOk::List { .. } | ApiOk::Done) | Err(_) => None,
        };
        let missing = matches!(&result, Err(status) if status.reason == StatusReason::NotFound);
        match (self.phase, lease) {
            (Phase::Getting, Some(lease)) => self.found(cx, client, lease),
            (Phase::Getting, None) if missing => {
                self.write(cx, client, None, Phase::Creating);
            }
            (Phase::Creating | Phase::Renewing | Phase::Claiming, Some(lease)) => {
                return self.written(cx, lease);
            }
            // The optimistic renewal failed; perhaps only its version was old, so read first.
            (Phase::Renewing, None) => self.get(cx, client),
            (Phase::Getting | Phase::Creating | Phase::Claiming, None) => self.rest(cx),
            (Phase::Stopped | Phase::Resting, _) => {}
        }
        Leadership::Unchanged
    }

    /// The Lease as it stands now: claims it, if that is right.
    fn found<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        lease: Arc<Lease>,
    ) {
        if self.observed.as_ref().is_none_or(|known| known.spec != lease.spec) {
            self.observed_at = cx.now();
        }
        self.observed = Some(Arc::clone(&lease));
        let holder = &lease.spec.holder_identity;
        let foreign = !holder.is_empty() && *holder != self.identity;
        if foreign && self.is_valid(cx.now()) {
            self.rest(cx);
        } else {
            self.write(cx, client, Some(&lease), Phase::Claiming);
        }
    }

    /// Writes this candidate into the Lease.
    fn write<T: Clone + std::fmt::Debug>(
        &mut self,
        cx: &mut Cx<'_>,
        client: &mut ApiClient<T>,
        before: Option<&Lease>,
        phase: Phase,
    ) {
        self.phase = phase;
        let now = Some(Time(cx.now()));
        let seconds = i32::try_from(self.config.lease_duration.as_secs()).unwrap_or(i32::MAX);
        let mut spec = LeaseSpec {
            holder_identity: self.identity.clone(),
            lease_duration_seconds: seconds,
            acquire_time: now,
            renew_time: now,
            lease_transitions: 0,
        };
        let call = if let Some(before) = before {
            let own = before.spec.holder_identity == self.identity;
            spec.lease_transitions = before.spec.lease_transitions + i32::from(!own);
            if own {
                spec.acquire_time = before.spec.acquire_time;
            }
            let object = Lease { metadata: before.metadata.clone(), spec }.into();
            ApiCall::Update { object, part: Part::Main }
        } else {
            let key = self.config.lease.clone();
            let metadata = ObjectMeta::named(key.namespace, key.name);
            ApiCall::Create { object: Lease { metadata, spec }.into() }
        };
        client.call_as(cx, Origin::Leader, call, self.options());
    }

    /// The Lease now carries this candidate's name.
    fn written(&mut self, cx: &mut Cx<'_>, lease: Arc<Lease>) -> Leadership {
        let now = cx.now();
        self.observed = Some(lease);
        self.observed_at = now;
        self.phase = Phase::Resting;
        let won = !self.leads;
        self.leads = true;
        // Having won, the renewing loop begins at once; its first round counts from now.
        let next = if won { Span::ZERO } else { self.config.retry_period };
        self.retry_at = Some(now + next);
        self.deadline = Some(now + next + self.config.renew_deadline);
        if won { self.report(cx, Leadership::Won) } else { Leadership::Unchanged }
    }

    /// The attempt failed: tries again later.
    fn rest(&mut self, cx: &mut Cx<'_>) {
        self.phase = Phase::Resting;
        let mut wait = self.config.retry_period;
        if !self.leads {
            wait = jitter(wait, JITTER_PERMILLE, cx.chance(Purpose::named("client.leader")));
        }
        self.retry_at = Some(cx.now() + wait);
    }

    fn lose(&mut self, cx: &mut Cx<'_>) -> Leadership {
        self.crash();
        self.report(cx, Leadership::Lost)
    }

    fn report(&self, cx: &mut Cx<'_>, leadership: Leadership) -> Leadership {
        cx.note(|| Note::Leading {
            lease: self.config.lease.name.clone(),
            identity: self.identity.clone(),
            leads: leadership == Leadership::Won,
        });
        leadership
    }

    /// Whether the claim last seen still holds, by this candidate's own clock.
    fn is_valid(&self, now: SimTime) -> bool {
        self.observed_at + self.config.lease_duration > now
    }

    fn arm<T: Clone + std::fmt::Debug>(&mut self, cx: &mut Cx<'_>, client: &ApiClient<T>) {
        let wrap = client.wrap();
        let at = self.retry_at.into_iter().chain(self.deadline).min();
        self.alarm.set_if(cx, at, |ticket| wrap(ClientTimer::Leader(ticket)));
    }

    /// Source: kubernetes/client-go:tools/leaderelection/resourcelock/interface.go
    /// `NewFromKubeconfig`: a client of its own with half the renew deadline as time-out.
    fn options(&self) -> CallOptions {
        let timeout = (self.config.renew_deadline / 2).max(Span::secs(1));
        CallOptions { timeout: Some(timeout), unlimited: true }
    }
}

#[cfg(test)]
mod tests;
