//! CRI, call by call.

use std::sync::Arc;

use crate::api::pod::RestartPolicy;
use crate::api::{Pod, Str};
use crate::kernel::{Shared, SimTime, Span, Ticket};
use crate::wire::Cx;
use crate::wire::cri::{
    ContainerId, ContainerIndex, ContainerInfo, CriCall, ProbeKind, RunState, RuntimeReply,
    SandboxId, SandboxInfo,
};
use crate::wire::metrics::PodSample;
use crate::wire::note::RequestLost;
use crate::wire::runtime::{AppModel, RuntimeIn, RuntimeTimer};
use crate::wire::traffic::TrafficIn;

use super::Runtime;
use super::config::said_of;
use super::process::{End, Process};

/// Exit code of a process that SIGKILL ended: 128 + 9.
pub(super) const SIGKILLED: i32 = 137;

impl Runtime {
    pub(super) fn call(&mut self, cx: &mut Cx<'_>, call: CriCall) {
        if !self.daemon_up {
            self.reply(cx, self.config.call, RuntimeReply::Unavailable);
            return;
        }
        match call {
            CriCall::RunPodSandbox(pod) => self.run_sandbox(cx, pod),
            CriCall::StopPodSandbox(sandbox) => self.stop_sandbox(cx, sandbox),
            CriCall::RemovePodSandbox(sandbox) => self.remove_sandbox(sandbox),
            CriCall::ImageStatus { pod, index, image } => {
                self.image_status(cx, (pod, index), &image)
            }
            CriCall::PullImage { pod, index, image } => self.pull_image(cx, (pod, index), image),
            CriCall::CreateContainer { sandbox, index, attempt } => {
                self.create_container(cx, sandbox, index, attempt);
            }
            CriCall::StartContainer(container) => self.start_container(cx, container),
            CriCall::StopContainer { container, timeout } => {
                self.stop_container(cx, container, timeout);
            }
            CriCall::RemoveContainer(container) => self.remove_container(container),
            CriCall::Probe { container, probe, timeout } => {
                self.probe(cx, container, (probe, timeout));
            }
            CriCall::ListPodSandbox => self.list(cx),
            CriCall::ListPodSandboxStats => self.stats(cx),
        }
    }

    fn run_sandbox(&mut self, cx: &mut Cx<'_>, pod: Arc<Pod>) {
        let uid = pod.metadata.uid;
        // Without a free address nothing is answered; the kubelet asks again. It cannot happen
        // while a node takes at most 110 pods.
        if let Some((sandbox, ip)) = self.new_sandbox(pod) {
            let reply = RuntimeReply::Sandbox { pod: uid, sandbox, ip };
            self.reply(cx, self.config.run_sandbox, reply);
        }
    }

    fn stop_sandbox(&mut self, cx: &mut Cx<'_>, id: SandboxId) {
        let Some(sandbox) = self.sandboxes.get_mut(&id) else { return };
        sandbox.ready = false;
        let pod = sandbox.pod.metadata.uid;
        for container in sandbox.containers.clone() {
            let end = End { at: cx.now(), code: SIGKILLED, oom: false };
            self.end_process(cx, container, end);
        }
        let reply = RuntimeReply::SandboxStopped { pod, sandbox: id };
        self.reply(cx, self.config.stop_sandbox, reply);
    }

    fn remove_sandbox(&mut self, id: SandboxId) {
        if let Some(sandbox) = self.sandboxes.remove(&id) {
            for container in &sandbox.containers {
                self.containers.remove(container);
            }
        }
    }

    fn create_container(
        &mut self,
        cx: &mut Cx<'_>,
        id: SandboxId,
        index: ContainerIndex,
        attempt: u32,
    ) {
        let Some(pod) = self.sandboxes.get(&id).map(|sandbox| sandbox.pod.clone()) else { return };
        let Some(spec) = index.of(&pod.spec) else { return };
        let model = self.model_of(&pod, index, &spec.image);
        let container = ContainerId(self.next_id());
        let place = (pod.metadata.uid, id, index);
        let process = Process::new(place, attempt, model, (spec, self.machine.cpu_milli));
        self.containers.insert(container, Shared::new(process));
        if let Some(sandbox) = self.sandboxes.get_mut(&id) {
            sandbox.containers.push(container);
        }
        let reply = RuntimeReply::Created { pod: pod.metadata.uid, index, container };
        self.reply(cx, self.config.create_container, reply);
    }

    /// How the process of a container behaves: as a fault says, as the configuration says of its
    /// image, or as its place in the pod suggests.
    fn model_of(&self, pod: &Pod, index: ContainerIndex, image: &Str) -> Arc<AppModel> {
        let apps = &self.config.apps;
        let said = self.models.get(image).or_else(|| said_of(&apps.by_image, image));
        let is_sidecar = index.of(&pod.spec).is_some_and(|spec| spec.restart_policy.is_some());
        let suggested = if index.is_init(&pod.spec) && !is_sidecar {
            &apps.init
        } else if pod.spec.restart_policy == RestartPolicy::Always || is_sidecar {
            &apps.server
        } else {
            &apps.batch
        };
        said.unwrap_or(suggested).clone()
    }

    fn start_container(&mut self, cx: &mut Cx<'_>, id: ContainerId) {
        let Some(process) = self.containers.get_mut(&id) else { return };
        let since = cx.now() + self.config.start_container;
        process.run(since);
        let pod = process.pod;
        if let Some(runs_for) = process.model.runs_for {
            let end = End { at: since + runs_for, code: process.model.exit_code, oom: false };
            self.schedule_end(cx, id, end);
        } else if process.is_out_of_memory() {
            let end = End { at: since + process.model.listens_after, code: SIGKILLED, oom: true };
            self.schedule_end(cx, id, end);
        }
        self.reply(cx, self.config.start_container, RuntimeReply::Started { pod, container: id });
    }

    fn stop_container(&mut self, cx: &mut Cx<'_>, id: ContainerId, timeout: Span) {
        let now = cx.now();
        let Some(process) = self.containers.get_mut(&id) else { return };
        match process.state {
            RunState::Exited { .. } => return,
            RunState::Created => {
                self.end_process(cx, id, End { at: now, code: 0, oom: false });
                return;
            }
            RunState::Running { .. } => {}
        }
        process.terminating = true;
        let model = &process.model;
        let obeys = !process.hangs && !model.ignores_sigterm && model.stops_after <= timeout;
        let end = if obeys {
            End { at: now + model.stops_after, code: model.stop_code, oom: false }
        } else {
            End { at: now + timeout, code: SIGKILLED, oom: false }
        };
        // A second call can only shorten the wait.
        if process.end.is_none_or(|known| end.at < known.at) {
            self.schedule_end(cx, id, end);
        }
    }

    pub(super) fn schedule_end(&mut self, cx: &mut Cx<'_>, id: ContainerId, end: End) {
        if let Some(process) = self.containers.get_mut(&id) {
            process.end = Some(end);
            let wait = end.at.since(cx.now());
            process
                .exit
                .arm(cx, wait, |ticket| RuntimeIn::Timer(RuntimeTimer::Exit(id, ticket)).into());
        }
    }

    /// The timer of a process rings.
    pub(super) fn process_ends(&mut self, cx: &mut Cx<'_>, id: ContainerId, ticket: Ticket) {
        let Some(process) = self.containers.get_mut(&id) else { return };
        if process.exit.rings(ticket)
            && let Some(end) = process.end
        {
            self.end_process(cx, id, end);
        }
    }

    /// A process is over: its connections are reset, and the kubelet will see it.
    pub(super) fn end_process(&mut self, cx: &mut Cx<'_>, id: ContainerId, end: End) {
        let Some(process) = self.containers.get_mut(&id) else { return };
        let since = match process.state {
            RunState::Exited { .. } => return,
            RunState::Created => end.at,
            RunState::Running { since } => since,
        };
        let state = RunState::Exited { since, at: end.at.max(since), code: end.code, oom: end.oom };
        process.state = state;
        process.exit.stop();
        process.done.stop();
        let pod = process.pod;
        for request in std::mem::take(&mut process.queue) {
            let (request, client) = (request.number, request.client);
            cx.send(client, TrafficIn::Refused { request, why: RequestLost::Refused });
        }
        self.announce(cx, RuntimeReply::Changed { pod, container: id, state });
    }

    fn remove_container(&mut self, id: ContainerId) {
        if let Some(process) = self.containers.remove(&id)
            && let Some(sandbox) = self.sandboxes.get_mut(&process.sandbox)
        {
            sandbox.containers.retain(|known| *known != id);
        }
    }

    fn probe(&mut self, cx: &mut Cx<'_>, id: ContainerId, ask: (ProbeKind, Span)) {
        let Some(process) = self.containers.get(&id) else { return };
        let faults = self.sandboxes.get(&process.sandbox);
        let faults =
            faults.map_or((Span::ZERO, false), |sandbox| (sandbox.slow, sandbox.not_ready));
        let (waits, outcome) = process.probe(cx.now(), ask, faults);
        let reply = RuntimeReply::Probed { pod: process.pod, container: id, probe: ask.0, outcome };
        self.reply(cx, self.config.call + waits, reply);
    }

    fn list(&self, cx: &mut Cx<'_>) {
        let list = self.sandboxes.iter().map(|(id, sandbox)| SandboxInfo {
            id: *id,
            pod: sandbox.pod.metadata.uid,
            ip: sandbox.ip.clone(),
            ready: sandbox.ready,
            containers: sandbox.containers.iter().filter_map(|id| self.info(*id)).collect(),
        });
        self.reply(cx, self.config.call, RuntimeReply::List(list.collect()));
    }

    fn info(&self, id: ContainerId) -> Option<ContainerInfo> {
        let process = self.containers.get(&id)?;
        let Process { index, attempt, state, .. } = **process;
        Some(ContainerInfo { id, index, attempt, state })
    }

    fn stats(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        let containers = &mut self.containers;
        let samples =
            self.sandboxes.values().filter(|sandbox| sandbox.ready).filter_map(|sandbox| {
                let mut sample = PodSample {
                    pod: sandbox.pod.metadata.key(),
                    cpu_milli: 0,
                    memory_bytes: 0,
                    window: Span::ZERO,
                };
                for id in &sandbox.containers {
                    if let Some(process) = containers.get_mut(id).filter(|known| known.is_running())
                    {
                        add_use(&mut sample, process, now);
                    }
                }
                (!sample.window.is_zero()).then_some(sample)
            });
        let samples: Arc<[PodSample]> = samples.collect();
        self.reply(cx, self.config.call, RuntimeReply::Stats(samples));
    }
}

/// Adds what one container used since it was last looked at.
fn add_use(sample: &mut PodSample, process: &mut Process, now: SimTime) {
    let (used, passed) = process.measure(now);
    let milli = used.scaled(1000, passed.as_nanos().max(1)).as_nanos();
    sample.cpu_milli += milli;
    sample.memory_bytes += process.memory;
    sample.window = sample.window.max(passed);
}
