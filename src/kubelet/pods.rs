//! Pods come, change and go.

use std::sync::Arc;

use crate::api::{Pod, PodPhase, Time, Uid};
use crate::client::{Delta, Told};
use crate::kernel::Shared;
use crate::wire::Cx;
use crate::wire::cri::{ContainerInfo, CriCall, SandboxInfo};

use super::Kubelet;
use super::admission::{Requests, admit};
use super::hub::Hub;
use super::restart::LastRun;
use super::worker::{Patch, Stage, Step, Worker};

impl Kubelet {
    /// Both the API server and the runtime have told what there is: match the two.
    pub(super) fn take_over(&mut self, cx: &mut Cx<'_>) {
        if !self.informer.has_synced() {
            return;
        }
        let Some(found) = self.found.take() else { return };
        let was_live = std::mem::replace(&mut self.live, true);
        if !was_live {
            let mut pods: Vec<Arc<Pod>> = self.informer.lister().iter().cloned().collect();
            pods.sort_by_key(|pod| pod.metadata.creation_timestamp);
            for pod in pods {
                self.pods.insert(pod.metadata.uid, Shared::new(Worker::new(pod, cx.now())));
            }
        }
        for worker in self.pods.values_mut() {
            let stands = |id| found.iter().any(|info| info.ready && info.id == id);
            if worker.sandbox.as_ref().is_some_and(|(id, _)| !stands(*id)) {
                worker.lose_sandbox();
            }
            let worker: &mut Worker = worker;
            worker.step = Step::Idle;
            worker.records.iter_mut().for_each(|record| record.stopping = false);
        }
        for info in &found {
            match self.pods.get_mut(&info.pod) {
                Some(worker) if info.ready => self.hub.adopt(cx, worker, info),
                Some(_) => {}
                None => {
                    self.hub.cri(cx, CriCall::StopPodSandbox(info.id));
                    self.hub.cri(cx, CriCall::RemovePodSandbox(info.id));
                }
            }
        }
        let all: Vec<Uid> = self.pods.keys().copied().collect();
        for uid in all {
            if !was_live {
                self.admit(cx, uid);
            }
            self.with(cx, uid, Hub::sync);
        }
    }

    pub(super) fn pod_changed(&mut self, cx: &mut Cx<'_>, delta: Delta<Pod>) {
        let uid_of = |pod: &Arc<Pod>| pod.metadata.uid;
        let (old, new) = (delta.old.as_ref().map(uid_of), delta.new.as_ref().map(uid_of));
        if let Some(old) = old.filter(|old| Some(*old) != new) {
            self.with(cx, old, |hub, cx, worker| {
                worker.gone = true;
                hub.sync(cx, worker);
            });
        }
        let Some(pod) = delta.new else { return };
        let uid = pod.metadata.uid;
        if let Some(worker) = self.pods.get_mut(&uid) {
            if pod.metadata.resource_version > worker.pod.metadata.resource_version {
                // Somebody else wrote into the status; one's own writing is told by its answer.
                let foreign =
                    matches!(worker.patch, Patch::None) && worker.pod.status != pod.status;
                worker.pod = pod;
                self.with(cx, uid, |hub, cx, worker| hub.pod_updated(cx, worker, foreign));
            }
            return;
        }
        self.pods.insert(uid, Shared::new(Worker::new(pod, cx.now())));
        self.admit(cx, uid);
        self.with(cx, uid, Hub::sync);
    }

    /// Looks whether a new pod can run here, beside those that were admitted before.
    fn admit(&mut self, cx: &mut Cx<'_>, uid: Uid) {
        let others = self.pods.iter().filter(|(known, worker)| {
            **known != uid && worker.stage != Stage::Stopped && !worker.is_terminal()
        });
        let used = others.fold(Requests::default(), |sum, (_, own)| sum.plus(own.requests));
        let Some(worker) = self.pods.get_mut(&uid) else { return };
        if worker.is_terminal() {
            worker.stage = Stage::Stopped;
            return;
        }
        let holds = worker.sandbox.is_some() || worker.deleting();
        if let Err(why) = admit(&worker.pod, &self.hub.own_node(Time(cx.now())), used)
            && !holds
        {
            worker.stage = Stage::Stopped;
            let told = Told::warning(why.reason.clone(), why.message.clone());
            self.hub.tell(cx, &worker.pod, told);
            self.hub.report_rejection(cx, worker, why);
        }
    }
}

impl Hub {
    /// The API server shows the pod anew.
    fn pod_updated(&mut self, cx: &mut Cx<'_>, worker: &mut Worker, foreign: bool) {
        match worker.stage {
            Stage::Active if worker.deleting() => self.sync(cx, worker),
            Stage::Active if foreign => {
                self.report(cx, worker, false);
            }
            Stage::Active => {}
            Stage::Stopping => self.hurry(cx, worker),
            Stage::Stopped => self.remove_if_done(cx, worker),
        }
    }

    /// A sandbox with containers was there before this kubelet: go on with them.
    fn adopt(&mut self, cx: &mut Cx<'_>, worker: &mut Worker, info: &SandboxInfo) {
        worker.sandbox = Some((info.id, info.ip.clone()));
        for found in &info.containers {
            self.adopt_container(worker, found);
        }
        for index in worker.indexes() {
            let shown = worker.shown_container(index);
            let (started, ready) =
                shown.map_or((false, false), |own| (own.started == Some(true), own.ready));
            let record = worker.record_mut(index);
            record.launched = false;
            if record.is_running() && !record.started {
                (record.started, record.ready) = (started, ready);
            }
            if record.is_running() && record.probes.is_none() {
                self.begin_probes(cx, worker, index);
            }
        }
    }

    fn adopt_container(&mut self, worker: &mut Worker, found: &ContainerInfo) {
        if usize::from(found.index.0) >= worker.records.len() {
            return;
        }
        let id = self.container_name(found.id);
        let record = worker.record_mut(found.index);
        if record.container.is_some_and(|known| known > found.id) {
            return;
        }
        if record.container.is_some_and(|known| known != found.id) {
            record.before = record.container;
            record.known.before = record.last_exit();
        }
        record.container = Some(found.id);
        record.known.attempt = found.attempt;
        record.known.newest = LastRun::Known(found.state);
        record.known.id = id;
    }

    /// Whether nothing is left to do for a pod, so that it can be forgotten.
    pub(super) fn is_over(&mut self, cx: &mut Cx<'_>, worker: &Worker) -> bool {
        let over = worker.gone && worker.stage == Stage::Stopped;
        if over && let Some((sandbox, _)) = &worker.sandbox {
            self.cri(cx, CriCall::RemovePodSandbox(*sandbox));
        }
        over
    }
}

/// Whether a phase is for good.
pub(super) const fn is_final(phase: PodPhase) -> bool {
    matches!(phase, PodPhase::Succeeded | PodPhase::Failed)
}
