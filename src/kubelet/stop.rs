//! The graceful end of a pod: containers first, sidecars after them, the sandbox last.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/kuberuntime/kuberuntime_container.go
//! `killContainer`, `killContainersWithSyncResult`; pkg/kubelet/pod_workers.go.

use crate::client::Told;
use crate::kernel::Span;
use crate::wire::Cx;
use crate::wire::cri::{ContainerIndex, CriCall};

use super::hub::Hub;
use super::sync::name_of;
use super::worker::{Stage, Step, Worker};

/// A container always gets this long to end by itself.
/// Source: kubernetes/kubernetes:pkg/kubelet/kuberuntime/kuberuntime_manager.go
/// `minimumGracePeriodInSeconds`.
const GRACE_MIN: i64 = 2;

impl Hub {
    pub(super) fn begin_to_stop(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        worker.stage = Stage::Stopping;
        worker.step = Step::Idle;
        worker.wake.stop();
        self.report(cx, worker, false);
        self.go_on_stopping(cx, worker);
    }

    /// Stops what is next to be stopped; when nothing is left, the pod has ended.
    pub(super) fn go_on_stopping(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        let mut waits = false;
        for index in worker.indexes() {
            if worker.record(index).is_up() && !worker.is_sidecar(index) {
                waits = true;
                self.stop_container(cx, worker, index);
            }
        }
        if waits {
            return;
        }
        // Sidecars serve the others to the end, and each other in the order of their start.
        let last = worker.indexes().rev().find(|index| worker.record(*index).is_up());
        if let Some(index) = last {
            return self.stop_container(cx, worker, index);
        }
        match (&worker.sandbox, worker.step) {
            (_, Step::StopSandbox) => {}
            (Some((sandbox, _)), _) => {
                self.cri(cx, CriCall::StopPodSandbox(*sandbox));
                worker.step = Step::StopSandbox;
            }
            (None, _) => self.ended(cx, worker),
        }
    }

    fn stop_container(&mut self, cx: &mut Cx<'_>, worker: &mut Worker, index: ContainerIndex) {
        let timeout = grace(worker);
        let record = worker.record_mut(index);
        let Some(container) = record.container.filter(|_| !record.stopping) else { return };
        record.stopping = true;
        self.cri(cx, CriCall::StopContainer { container, timeout });
        let message = format!("Stopping container {}", name_of(worker, index));
        self.tell(cx, &worker.pod, Told::normal("Killing", message));
    }

    /// The API server shows a pod anew that is being stopped: perhaps it has less time now.
    pub(super) fn hurry(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        let timeout = grace(worker);
        for record in worker.records.iter().filter(|own| own.stopping && own.is_up()) {
            if let Some(container) = record.container {
                self.cri(cx, CriCall::StopContainer { container, timeout });
            }
        }
    }

    pub(super) fn sandbox_stopped(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        if worker.step == Step::StopSandbox {
            self.ended(cx, worker);
        }
    }

    /// Nothing of the pod runs any more.
    fn ended(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        worker.stage = Stage::Stopped;
        worker.step = Step::Idle;
        self.report(cx, worker, true);
        self.remove_if_done(cx, worker);
    }
}

/// How long containers get between SIGTERM and SIGKILL: what the deletion says, or the pod.
pub(super) fn grace(worker: &Worker) -> Span {
    let said = worker.pod.metadata.deletion_grace_period_seconds;
    let seconds = if worker.gone {
        GRACE_MIN
    } else {
        said.unwrap_or(worker.pod.spec.termination_grace_period_seconds)
    };
    Span::secs(u64::try_from(seconds.max(GRACE_MIN)).unwrap_or(0))
}
