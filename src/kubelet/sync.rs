//! What to do next for a pod.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/kuberuntime/kuberuntime_manager.go
//! `computePodActions`, `doBackOff`.

use crate::api::pod::{ContainerStateWaiting, RestartPolicy};
use crate::api::{PodPhase, Str};
use crate::client::Told;
use crate::kernel::SimTime;
use crate::wire::Cx;
use crate::wire::cri::{ContainerIndex, CriCall};
use crate::wire::kubelet::{KubeletIn, KubeletTimer};

use super::hub::Hub;
use super::pods::is_final;
use super::restart::should_restart;
use super::words::go_duration;
use super::worker::{Stage, Step, Worker};

impl Hub {
    /// Looks at a pod afresh: reports how it is, and does what is to be done.
    pub(super) fn sync(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        match worker.stage {
            Stage::Stopped => return self.remove_if_done(cx, worker),
            Stage::Stopping => return self.go_on_stopping(cx, worker),
            Stage::Active => {}
        }
        if worker.deleting() && self.pulls.cancel(worker.uid()) {
            worker.step = Step::Idle;
        }
        if worker.step != Step::Idle {
            worker.again = true;
            return;
        }
        worker.again = false;
        if worker.deleting() {
            return self.begin_to_stop(cx, worker);
        }
        let phase = self.report(cx, worker, false);
        if is_final(phase) || self.is_past_deadline(cx, worker) {
            return self.begin_to_stop(cx, worker);
        }
        for record in &mut worker.records {
            record.tried = false;
        }
        self.go_on(cx, worker);
    }

    /// The next step for a pod after the last one is done.
    pub(super) fn go_on(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        worker.step = Step::Idle;
        if worker.deleting() {
            return self.sync(cx, worker);
        }
        if worker.sandbox.is_none() {
            return self.run_sandbox(cx, worker);
        }
        let mut held = false;
        while let Some(index) = due(worker) {
            worker.record_mut(index).tried = true;
            if self.holds_back(cx, worker, index) {
                held = true;
            } else {
                return self.begin_container(cx, worker, index);
            }
        }
        if worker.again {
            return self.sync(cx, worker);
        }
        if held {
            self.report(cx, worker, false);
        }
        self.arm_wake(cx, worker);
    }

    fn run_sandbox(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        // The status that says so was written already; the one before is still known.
        if !worker.pod.status.pod_ip.is_empty() {
            let message = "Pod sandbox changed, it will be killed and re-created.";
            self.tell(cx, &worker.pod, Told::normal("SandboxChanged", message));
        }
        worker.step = Step::Sandbox;
        self.cri(cx, CriCall::RunPodSandbox(worker.pod.clone()));
    }

    /// Whether a container that crashed must wait before it is started again.
    fn holds_back(&mut self, cx: &mut Cx<'_>, worker: &mut Worker, index: ContainerIndex) -> bool {
        let (now, max) = (cx.now(), self.config.crash_back_off_max);
        let record = worker.record(index);
        let Some((ended, _)) = record.exit() else { return false };
        if !record.crashes.holds(max, ended, now) {
            return false;
        }
        let delay = record.crashes.delay();
        let (pod, name) = (&worker.pod.metadata, name_of(worker, index));
        let message = Str::from(format!(
            "back-off {} restarting failed container={name} pod={}_{}({})",
            go_duration(delay),
            pod.name,
            pod.namespace,
            pod.uid
        ));
        let told = format!(
            "Back-off restarting failed container {name} in pod {}_{}({})",
            pod.name, pod.namespace, pod.uid
        );
        self.tell(cx, &worker.pod, Told::warning("BackOff", told));
        let record = worker.record_mut(index);
        let reason = arcstr::literal!("CrashLoopBackOff");
        record.known.held_back = Some(ContainerStateWaiting { reason, message });
        record.retry_at = ended + delay;
        true
    }

    /// Looks again when the first back-off is over, or the pod's deadline.
    fn arm_wake(&self, cx: &mut Cx<'_>, worker: &mut Worker) {
        let now = cx.now();
        let waiting = worker.records.iter().filter(|own| !own.is_up() && own.retry_at > now);
        let retries = waiting.map(|own| own.retry_at);
        let Some(at) = retries.chain(deadline(worker)).min() else {
            worker.wake.stop();
            return;
        };
        let uid = worker.uid();
        worker.wake.arm(cx, at.since(now), |ticket| {
            KubeletIn::Timer(KubeletTimer::Pod(uid, ticket)).into()
        });
    }

    /// Whether the pod ran longer than `activeDeadlineSeconds`; then it has failed.
    ///
    /// Source: kubernetes/kubernetes:pkg/kubelet/active_deadline.go.
    fn is_past_deadline(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) -> bool {
        let past = deadline(worker).is_some_and(|at| at <= cx.now());
        if past {
            let words = "Pod was active on the node longer than the specified deadline";
            let (reason, message) = ("DeadlineExceeded", Str::from(words));
            self.tell(cx, &worker.pod, Told::normal(reason, message.clone()));
            let mut status = worker.shown().clone();
            status.phase = PodPhase::Failed;
            (status.reason, status.message) = (Str::from(reason), message);
            self.write_status(cx, worker, status);
        }
        past
    }
}

/// When the pod has run long enough; none when it may run for ever.
fn deadline(worker: &Worker) -> Option<SimTime> {
    let seconds = u64::try_from(worker.pod.spec.active_deadline_seconds?).ok()?;
    Some(worker.seen_at + crate::kernel::Span::secs(seconds))
}

/// The name of a container.
pub(super) fn name_of(worker: &Worker, index: ContainerIndex) -> Str {
    index.of(&worker.pod.spec).map(|container| container.name.clone()).unwrap_or_default()
}

/// The next container to start that was not tried yet in this look.
fn due(worker: &Worker) -> Option<ContainerIndex> {
    let spec = &worker.pod.spec;
    let is_init = |index: &ContainerIndex| index.is_init(spec);
    let wants = |index: &ContainerIndex, policy: RestartPolicy| {
        let record = worker.record(*index);
        !record.is_up() && should_restart(record.known.newest, policy, false)
    };
    let mut indexes = worker.indexes();
    let initialized =
        worker.indexes().any(|index| !is_init(&index) && worker.record(index).container.is_some());
    if !initialized {
        for index in worker.indexes().filter(is_init) {
            let record = worker.record(index);
            let done = if worker.is_sidecar(index) {
                record.is_running() && record.started
            } else {
                record.exit().is_some_and(|(_, code)| code == 0)
            };
            if !done {
                let policy = policy_of(worker, index);
                return (wants(&index, policy) && !record.tried).then_some(index);
            }
        }
    }
    indexes.find(|index| {
        let stays = !is_init(index) || worker.is_sidecar(*index);
        stays && !worker.record(*index).tried && wants(index, policy_of(worker, *index))
    })
}

/// When a container is started again; an init container that ended well is not asked.
fn policy_of(worker: &Worker, index: ContainerIndex) -> RestartPolicy {
    if worker.is_sidecar(index) { RestartPolicy::Always } else { worker.pod.spec.restart_policy }
}
