//! Probes: asked at intervals, counted, acted upon.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/prober/{worker,prober_manager}.go.

use crate::api::Container;
use crate::api::pod::Probe;
use crate::client::Told;
use crate::kernel::{SimTime, Span};
use crate::wire::Cx;
use crate::wire::cri::{ContainerId, ContainerIndex, CriCall, ProbeKind, ProbeOutcome, RunState};
use crate::wire::kubelet::{KubeletIn, KubeletTimer};

use super::hub::Hub;
use super::restart::LastRun;
use super::stop::grace;
use super::sync::name_of;
use super::worker::{Counters, Record, Stage, Worker};

/// The probe of one kind, if the container has it.
fn probe_of(container: &Container, kind: ProbeKind) -> Option<&Probe> {
    match kind {
        ProbeKind::Startup => container.startup_probe.as_ref(),
        ProbeKind::Readiness => container.readiness_probe.as_ref(),
        ProbeKind::Liveness => container.liveness_probe.as_ref(),
    }
}

fn seconds(count: i32) -> Span {
    Span::secs(u64::try_from(count).unwrap_or(0))
}

impl Hub {
    /// A container runs: its probes begin. The startup probe holds the other two back.
    pub(super) fn begin_probes(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        index: ContainerIndex,
    ) {
        let Some(container) = index.of(&worker.pod.spec) else { return };
        let [startup, readiness, liveness] =
            [ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness]
                .map(|kind| probe_of(container, kind).is_some());
        let probed = startup || readiness || liveness;
        if !probed || index.is_init(&worker.pod.spec) && !worker.is_sidecar(index) {
            return;
        }
        worker.record_mut(index).probes = Some(Box::<Counters>::default());
        if worker.record(index).started {
            self.begin_later_probes(cx, worker, index);
        } else {
            self.schedule_first(cx, worker, (index, ProbeKind::Startup));
        }
    }

    /// The container has started: it may become ready, and must stay alive.
    fn begin_later_probes(&mut self, cx: &mut Cx<'_>, worker: &Worker, index: ContainerIndex) {
        let record = worker.record(index);
        let Some(container) = record.container else { return };
        // The readiness probe is asked at once as well, so that traffic need not wait.
        if let (Some(probe), Some(since)) =
            (self.probe(worker, index, ProbeKind::Readiness), since(record))
            && cx.now() >= since + seconds(probe.initial_delay_seconds)
        {
            self.ask(cx, container, (ProbeKind::Readiness, probe));
        }
        self.schedule_first(cx, worker, (index, ProbeKind::Readiness));
        self.schedule_first(cx, worker, (index, ProbeKind::Liveness));
    }

    fn probe<'w>(
        &self,
        worker: &'w Worker,
        index: ContainerIndex,
        kind: ProbeKind,
    ) -> Option<&'w Probe> {
        probe_of(index.of(&worker.pod.spec)?, kind)
    }

    fn ask(&self, cx: &mut Cx<'_>, container: ContainerId, (probe, spec): (ProbeKind, &Probe)) {
        let timeout = seconds(spec.timeout_seconds.max(1));
        self.cri(cx, CriCall::Probe { container, probe, timeout });
    }

    /// The first probe of a kind. Its clock ticks from the moment the pod came; a kubelet that
    /// started just now spreads its probes over the period instead.
    fn schedule_first(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &Worker,
        (index, kind): (ContainerIndex, ProbeKind),
    ) {
        let Some(probe) = self.probe(worker, index, kind) else { return };
        let record = worker.record(index);
        let (Some(container), Some(since)) = (record.container, since(record)) else { return };
        let period = seconds(probe.period_seconds.max(1));
        let now = cx.now();
        let base = if now.since(self.started_at) < period {
            now + self.random_part(cx, period)
        } else {
            worker.seen_at
        };
        // The first tick from now on that lies after the initial delay.
        let earliest = now.max(since + seconds(probe.initial_delay_seconds));
        let behind = earliest.since(base).as_nanos();
        let ticks = behind.div_ceil(period.as_nanos());
        let at = base + period.saturating_mul(ticks);
        self.schedule(cx, worker, (container, kind), at.since(now));
    }

    fn schedule(
        &self,
        cx: &mut Cx<'_>,
        worker: &Worker,
        (container, kind): (ContainerId, ProbeKind),
        wait: Span,
    ) {
        cx.after(wait, KubeletIn::Timer(KubeletTimer::Probe(worker.uid(), container, kind)));
    }

    /// A probe is due.
    pub(super) fn probe_due(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (container, kind): (ContainerId, ProbeKind),
    ) {
        let Some(index) = worker.index_of(container) else { return };
        let Some(probe) = self.probe(worker, index, kind) else { return };
        let record = worker.record(index);
        let over = kind == ProbeKind::Startup && record.started;
        // What is being ended is not asked any more whether it lives.
        let ending = record.stopping || worker.stage != Stage::Active;
        if !record.is_running() || over || ending && kind != ProbeKind::Readiness {
            return;
        }
        self.ask(cx, container, (kind, probe));
        self.schedule(cx, worker, (container, kind), seconds(probe.period_seconds.max(1)));
    }

    /// A probe was answered, or not.
    pub(super) fn probed(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (container, kind, outcome): (ContainerId, ProbeKind, ProbeOutcome),
    ) {
        let Some(index) = worker.index_of(container) else { return };
        let Some(probe) = self.probe(worker, index, kind).cloned() else { return };
        let record = worker.record_mut(index);
        let over = kind == ProbeKind::Startup && record.started;
        if !record.is_running() || over || record.stopping && kind != ProbeKind::Readiness {
            return;
        }
        let Some(counters) = &mut record.probes else { return };
        let success = outcome == ProbeOutcome::Success;
        let result = counters.of(kind).observe(kind, &probe, success);
        if !success {
            let message = unhealthy(worker, kind, outcome);
            self.tell(cx, &worker.pod, Told::warning("Unhealthy", message));
        }
        match (kind, result) {
            (_, None) | (ProbeKind::Liveness, Some(true)) => {}
            (ProbeKind::Readiness, Some(ready)) => {
                let record = worker.record_mut(index);
                if record.ready != ready {
                    record.ready = ready;
                    self.report(cx, worker, worker.stage == Stage::Stopped);
                }
            }
            (ProbeKind::Startup, Some(true)) => {
                worker.record_mut(index).started = true;
                self.begin_later_probes(cx, worker, index);
                self.sync(cx, worker);
            }
            (ProbeKind::Startup | ProbeKind::Liveness, Some(false)) => {
                self.kill_unhealthy(cx, worker, (index, container), kind);
            }
        }
    }

    fn kill_unhealthy(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (index, container): (ContainerIndex, ContainerId),
        kind: ProbeKind,
    ) {
        if worker.stage != Stage::Active {
            return;
        }
        worker.record_mut(index).stopping = true;
        let name = name_of(worker, index);
        let probe = name_of_probe(kind).to_lowercase();
        let message = format!("Container {name} failed {probe} probe, will be restarted");
        self.tell(cx, &worker.pod, Told::normal("Killing", message));
        self.cri(cx, CriCall::StopContainer { container, timeout: grace(worker) });
    }
}

/// Since when the newest run runs, as the last relist saw it.
fn since(record: &Record) -> Option<SimTime> {
    if let LastRun::Known(RunState::Running { since }) = record.known.newest {
        Some(since)
    } else {
        None
    }
}

const fn name_of_probe(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "Startup",
        ProbeKind::Readiness => "Readiness",
        ProbeKind::Liveness => "Liveness",
    }
}

/// What is told of a probe that failed.
/// Simplified: upstream quotes the whole URL or command; here every probe is taken for HTTP.
fn unhealthy(worker: &Worker, kind: ProbeKind, outcome: ProbeOutcome) -> String {
    let ip = worker.sandbox.as_ref().map(|(_, ip)| ip.clone()).unwrap_or_default();
    let name = name_of_probe(kind);
    match outcome {
        ProbeOutcome::Success => format!("{name} probe succeeded"),
        ProbeOutcome::Refused => {
            format!(
                "{name} probe failed: Get \"http://{ip}/\": dial tcp {ip}: connect: connection refused"
            )
        }
        ProbeOutcome::Unhealthy => {
            format!("{name} probe failed: HTTP probe failed with statuscode: 503")
        }
        ProbeOutcome::TimedOut => format!(
            "{name} probe failed: Get \"http://{ip}/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        ),
    }
}
