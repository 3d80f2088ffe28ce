//! What happened to containers: the pod lifecycle event generator (PLEG).
//!
//! The real kubelet asks the runtime for all containers each second and looks what is different.
//! Here the runtime tells what changed, and the kubelet looks at it at the same whole seconds of
//! its own clock; between changes there is no timer.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/pleg/generic.go.

use crate::api::Uid;
use crate::kernel::Span;
use crate::wire::Cx;
use crate::wire::cri::{ContainerId, RunState};
use crate::wire::kubelet::{KubeletIn, KubeletTimer};

use super::Kubelet;
use super::hub::Hub;
use super::restart::LastRun;
use super::worker::{Stage, Worker};

/// What is to be looked at, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Relist {
    /// When within its period this kubelet looks.
    pub(super) phase: Span,
    armed: bool,
    news: Vec<(Uid, ContainerId, RunState)>,
}

impl Hub {
    /// Something changed in a container; the next relist will see it.
    pub(super) fn notice(&mut self, cx: &mut Cx<'_>, news: (Uid, ContainerId, RunState)) {
        self.relist.news.push(news);
        if !self.relist.armed {
            self.relist.armed = true;
            let wait = self.next_relist(cx);
            cx.after(wait, KubeletIn::Timer(KubeletTimer::Relist));
        }
    }

    /// The time until the next relist.
    fn next_relist(&self, cx: &Cx<'_>) -> Span {
        let period = self.config.pleg_relist_period.as_nanos().max(1);
        let phase = self.relist.phase.as_nanos() % period;
        let passed = (cx.now().as_nanos() + period - phase) % period;
        Span::nanos(period - passed)
    }

    /// The runtime tells of a change. A pod that is being stopped waits for just that; any other
    /// one is looked at by the next relist.
    pub(super) fn changed(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (container, state): (ContainerId, RunState),
    ) {
        if worker.stage == Stage::Active {
            self.notice(cx, (worker.uid(), container, state));
        } else {
            self.see(cx, worker, (container, state));
            self.sync(cx, worker);
        }
    }

    /// Takes a change into the records.
    fn see(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (container, state): (ContainerId, RunState),
    ) {
        let Some(index) = worker.index_of(container) else { return };
        let Some(spec) = index.of(&worker.pod.spec) else { return };
        let started = spec.startup_probe.is_none();
        let ready = spec.readiness_probe.is_none();
        let id = self.container_name(container);
        let record = worker.record_mut(index);
        if record.launched {
            record.launched = false;
            record.known.before = record.last_exit();
            record.known.attempt = record.next_attempt;
            record.known.id = id;
        } else if record.exit().is_some() {
            return;
        }
        record.known.newest = LastRun::Known(state);
        match state {
            RunState::Created => {}
            RunState::Running { .. } => {
                (record.started, record.ready) = (started, ready);
                self.begin_probes(cx, worker, index);
            }
            RunState::Exited { .. } => {
                (record.started, record.ready, record.stopping) = (false, false, false);
                record.probes = None;
            }
        }
    }
}

impl Kubelet {
    /// The kubelet looks at its containers.
    pub(super) fn relist(&mut self, cx: &mut Cx<'_>) {
        self.hub.relist.armed = false;
        let news = std::mem::take(&mut self.hub.relist.news);
        let mut pods: Vec<Uid> = Vec::new();
        for (pod, container, state) in news {
            if let Some(worker) = self.pods.get_mut(&pod) {
                self.hub.see(cx, worker, (container, state));
                if !pods.contains(&pod) {
                    pods.push(pod);
                }
            }
        }
        for pod in pods {
            self.with(cx, pod, Hub::sync);
        }
    }
}
