//! Statuses, written when they changed: the status manager.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/status/status_manager.go.

use std::sync::Arc;

use crate::api::pod::PodStatus;
use crate::api::{Kind, Object, ObjectMeta, Pod, PodPhase, Time};
use crate::kernel::Ticket;
use crate::wire::Cx;
use crate::wire::api::{ApiCall, ApiOk, DeleteOptions, Patch as ApiPatch, Status, StatusReason};
use crate::wire::cri::ContainerIndex;
use crate::wire::kubelet::{KubeletIn, KubeletTimer};

use super::Kubelet;
use super::admission::Rejection;
use super::container_status::{About, container_status, ended_unseen};
use super::hub::{Hub, Tag};
use super::phase::{has_started, pod_phase};
use super::pods::is_final;
use super::status::{ended_well, own_conditions, qos_class, set_conditions};
use super::worker::{Patch, Stage, Worker};

impl Hub {
    /// Makes the pod's status and writes it if it is another one. Returns the phase.
    ///
    /// `terminal` says that nothing of the pod runs any more and nothing will.
    pub(super) fn report(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        terminal: bool,
    ) -> PodPhase {
        let status = self.make_status(worker, Time(cx.now()), terminal);
        let phase = status.phase;
        self.write_status(cx, worker, status);
        phase
    }

    /// A pod that cannot run here has failed.
    pub(super) fn report_rejection(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        why: Rejection,
    ) {
        let mut status = worker.shown().clone();
        status.phase = PodPhase::Failed;
        status.reason = why.reason;
        status.message = crate::api::Str::from(format!("Pod was rejected: {}", why.message));
        status.start_time = Some(worker.start_time());
        self.write_status(cx, worker, status);
    }

    /// What there is to report of a pod.
    fn make_status(&self, worker: &Worker, now: Time, terminal: bool) -> PodStatus {
        let (pod, shown) = (&worker.pod, worker.shown());
        let mut status = PodStatus {
            conditions: shown.conditions.clone(),
            nominated_node_name: shown.nominated_node_name.clone(),
            host_ip: self.facts.address.clone(),
            pod_ip: worker.sandbox.as_ref().map(|(_, ip)| ip.clone()).unwrap_or_default(),
            start_time: Some(worker.start_time()),
            qos_class: Some(qos_class(&pod.spec)),
            ..PodStatus::default()
        };
        for index in worker.indexes() {
            self.add_container(worker, index, &mut status);
        }
        status.phase = pod_phase(&pod.spec, &status, terminal, has_started(&status));
        if terminal {
            end_for_good(&mut status);
        }
        // A pod never comes back from its end.
        if is_final(shown.phase) && !is_final(status.phase) {
            status.phase = shown.phase;
        }
        if status.phase == shown.phase {
            (status.reason, status.message) = (shown.reason.clone(), shown.message.clone());
        }
        if worker.stage == Stage::Stopped && status.pod_ip.is_empty() {
            status.pod_ip = shown.pod_ip.clone();
        }
        let sandbox = worker.sandbox.is_some() && worker.stage != Stage::Stopped;
        set_conditions(pod, &mut status, sandbox, now);
        status
    }

    fn add_container(&self, worker: &Worker, index: ContainerIndex, status: &mut PodStatus) {
        let spec = &worker.pod.spec;
        let Some(container) = index.of(spec) else { return };
        let about =
            About { deleting: worker.deleting(), has_init: !spec.init_containers.is_empty() };
        let record = worker.record(index);
        let previous = worker.shown_container(index);
        let mut own = container_status(container, previous, &record.known, about);
        let is_init = index.is_init(spec);
        let running = own.state.running.is_some();
        own.started = Some(running && record.started);
        own.ready = if is_init && !worker.is_sidecar(index) {
            ended_well(&own.state)
        } else {
            running && record.started && record.ready
        };
        if is_init {
            status.init_container_statuses.push(own);
        } else {
            status.container_statuses.push(own);
        }
    }

    pub(super) fn write_status(&mut self, cx: &mut Cx<'_>, worker: &mut Worker, status: PodStatus) {
        if worker.gone || *worker.shown() == status {
            return;
        }
        match &mut worker.patch {
            Patch::None => {}
            Patch::Sent { stale, .. } => {
                *stale = true;
                return;
            }
            Patch::Failed(waiting) => {
                **waiting = status;
                return;
            }
        }
        let meta = &worker.pod.metadata;
        let sent = Pod {
            metadata: ObjectMeta {
                uid: meta.uid,
                ..ObjectMeta::named(meta.namespace.clone(), meta.name.clone())
            },
            status: PodStatus { conditions: own_conditions(&status.conditions), ..status.clone() },
            ..Pod::default()
        };
        let patch = Box::new(ApiPatch::Status(Object::Pod(Arc::new(sent))));
        let call = ApiCall::Patch { kind: Kind::Pod, key: meta.key(), patch };
        self.client.call(cx, Tag::Status(meta.uid), call);
        worker.patch = Patch::Sent { status: Box::new(status), stale: false };
    }

    /// The answer to the writing of a status.
    pub(super) fn status_written(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        result: Result<ApiOk, Status>,
    ) {
        let Patch::Sent { status, stale } = std::mem::take(&mut worker.patch) else { return };
        let mut foreign = false;
        match result {
            Ok(ApiOk::Object(Object::Pod(pod))) => {
                if pod.metadata.resource_version >= worker.pod.metadata.resource_version {
                    worker.pod = pod;
                } else {
                    foreign = worker.pod.status != *status;
                }
            }
            Ok(_) => {}
            Err(why) if is_hopeless(why.reason) => return,
            Err(_) => {
                worker.patch = Patch::Failed(status);
                self.try_later(cx);
                return;
            }
        }
        if stale || foreign {
            self.report(cx, worker, worker.stage == Stage::Stopped);
        }
        if worker.stage == Stage::Active && worker.deleting() {
            self.sync(cx, worker);
        }
        self.remove_if_done(cx, worker);
    }

    /// Once the end of a pod is written, the pod itself can go.
    pub(super) fn remove_if_done(&mut self, cx: &mut Cx<'_>, worker: &mut Worker) {
        let written = matches!(worker.patch, Patch::None);
        let done = worker.stage == Stage::Stopped && written && !worker.gone;
        if done && !worker.removing && worker.pod.metadata.is_terminating() {
            worker.removing = true;
            let meta = &worker.pod.metadata;
            let options = DeleteOptions {
                grace_period_seconds: Some(0),
                uid: Some(meta.uid),
                ..DeleteOptions::default()
            };
            let call = ApiCall::Delete { kind: Kind::Pod, key: meta.key(), options };
            self.client.call(cx, Tag::Remove(meta.uid), call);
        }
    }

    /// The answer to the removal of a pod; the watch tells when it is gone.
    pub(super) fn removed(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        result: Result<ApiOk, Status>,
    ) {
        if result.is_err_and(|status| !is_hopeless(status.reason)) {
            worker.removing = false;
            self.try_later(cx);
        }
    }

    fn try_later(&mut self, cx: &mut Cx<'_>) {
        if !self.statuses.armed() {
            self.statuses.arm(cx, self.config.status_sync_period, |ticket| {
                KubeletIn::Timer(KubeletTimer::SyncStatuses(ticket)).into()
            });
        }
    }
}

/// Nothing runs any more: what was not seen to end has ended unseen, and the pod with it.
///
/// Source: kubernetes/kubernetes:pkg/kubelet/status/status_manager.go `TerminatePod`.
fn end_for_good(status: &mut PodStatus) {
    for own in &mut status.container_statuses {
        if own.state.terminated.is_none() {
            own.state = ended_unseen();
        }
    }
    if !is_final(status.phase) {
        status.phase = PodPhase::Failed;
    }
}

/// Whether trying again cannot help: the pod is gone, or another one has its name.
const fn is_hopeless(reason: StatusReason) -> bool {
    matches!(reason, StatusReason::NotFound | StatusReason::Conflict | StatusReason::Invalid)
}

impl Kubelet {
    pub(super) fn sync_statuses(&mut self, cx: &mut Cx<'_>, ticket: Ticket) {
        if !self.hub.statuses.rings(ticket) {
            return;
        }
        for worker in self.pods.values_mut() {
            let worker: &mut Worker = worker;
            if let Patch::Failed(status) = std::mem::take(&mut worker.patch) {
                self.hub.write_status(cx, worker, *status);
                if worker.stage != Stage::Stopped {
                    self.hub.report(cx, worker, false);
                }
            }
            self.hub.remove_if_done(cx, worker);
        }
    }
}
