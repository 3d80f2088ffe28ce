//! The steps of starting a container: image, create, start.
//!
//! Source: kubernetes/kubernetes:pkg/kubelet/kuberuntime/kuberuntime_container.go
//! `startContainer`, pkg/kubelet/images/image_manager.go `EnsureImageExists`.

use crate::api::pod::ContainerStateWaiting;
use crate::api::{Container, Str};
use crate::client::Told;
use crate::kernel::SimTime;
use crate::wire::Cx;
use crate::wire::cri::{ContainerId, ContainerIndex, CriCall, PulledImage, RunState, SandboxId};

use super::hub::Hub;
use super::sync::name_of;
use super::words::go_duration;
use super::worker::{Step, Worker};

/// What a container's image asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

/// The pull policy; without one, `:latest` and untagged images are always fetched.
///
/// Source: kubernetes/kubernetes:pkg/apis/core/v1/defaults.go `SetDefaults_Container`.
fn pull_policy(container: &Container) -> PullPolicy {
    match container.image_pull_policy.as_str() {
        "Always" => PullPolicy::Always,
        "Never" => PullPolicy::Never,
        "IfNotPresent" => PullPolicy::IfNotPresent,
        _ => {
            let last = container.image.rsplit('/').next().unwrap_or_default();
            let tag = last.split_once(':').map_or("latest", |(_, tag)| tag);
            if tag == "latest" { PullPolicy::Always } else { PullPolicy::IfNotPresent }
        }
    }
}

impl Hub {
    pub(super) fn sandbox_runs(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        sandbox: (SandboxId, Str),
    ) {
        worker.sandbox = Some(sandbox);
        if worker.step == Step::Sandbox {
            self.go_on(cx, worker);
        }
    }

    /// Begins to start a container: is its image there?
    pub(super) fn begin_container(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        index: ContainerIndex,
    ) {
        let Some(container) = index.of(&worker.pod.spec) else { return };
        let image = container.image.clone();
        worker.step = Step::Image(index);
        self.cri(cx, CriCall::ImageStatus { pod: worker.uid(), index, image });
    }

    pub(super) fn image_known(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (index, present): (ContainerIndex, Option<u64>),
    ) {
        if worker.step != Step::Image(index) {
            return;
        }
        let Some(container) = index.of(&worker.pod.spec) else { return };
        let image = container.image.clone();
        match (pull_policy(container), present) {
            (PullPolicy::Never, None) => {
                let why =
                    format!("Container image \"{image}\" is not present with pull policy of Never");
                self.tell(cx, &worker.pod, Told::warning("ErrImageNeverPull", why.clone()));
                let retry = cx.now() + self.config.image_back_off_initial;
                self.image_failed(cx, worker, (index, retry), ("ErrImageNeverPull", why));
            }
            (PullPolicy::Never | PullPolicy::IfNotPresent, Some(_)) => {
                let message = format!("Container image \"{image}\" already present on machine");
                self.tell(cx, &worker.pod, Told::normal("Pulled", message));
                self.create(cx, worker, index);
            }
            (PullPolicy::Always, _) | (PullPolicy::IfNotPresent, None) => {
                self.begin_pull(cx, worker, (index, image));
            }
        }
    }

    fn begin_pull(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (index, image): (ContainerIndex, Str),
    ) {
        let now = cx.now();
        let record = worker.record_mut(index);
        if record.pulls.holds(self.config.image_back_off_max, record.pull_failed, now) {
            let retry = record.pull_failed + record.pulls.delay();
            let message = format!("Back-off pulling image \"{image}\"");
            self.tell(cx, &worker.pod, Told::normal("BackOff", message.clone()));
            self.image_failed(cx, worker, (index, retry), ("ImagePullBackOff", message));
            return;
        }
        record.pull_asked = now;
        worker.step = Step::Pull(index);
        let message = format!("Pulling image \"{image}\"");
        self.tell(cx, &worker.pod, Told::normal("Pulling", message));
        self.pull(cx, worker.uid(), index, image);
    }

    pub(super) fn pulled(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (index, result): (ContainerIndex, Result<PulledImage, Str>),
    ) {
        if worker.step != Step::Pull(index) {
            return;
        }
        let now = cx.now();
        let Some(image) = index.of(&worker.pod.spec).map(|own| own.image.clone()) else { return };
        match result {
            Ok(PulledImage { size, took }) => {
                let whole = go_duration(now.since(worker.record(index).pull_asked));
                let took = go_duration(took);
                let message = format!(
                    "Successfully pulled image \"{image}\" in {took} ({whole} including waiting). Image size: {size} bytes."
                );
                self.tell(cx, &worker.pod, Told::normal("Pulled", message));
                self.create(cx, worker, index);
            }
            Err(why) => {
                let limits = (self.config.image_back_off_initial, self.config.image_back_off_max);
                let record = worker.record_mut(index);
                record.pulls.next(limits, now, now);
                record.pull_failed = now;
                let message = format!("Failed to pull image \"{image}\": {why}");
                self.tell(cx, &worker.pod, Told::warning("Failed", message));
                // The next look finds the image backing off and says so.
                let retry = now + self.config.pleg_relist_period;
                self.image_failed(cx, worker, (index, retry), ("ErrImagePull", why.to_string()));
            }
        }
    }

    /// A container cannot start for want of its image; the others go on.
    fn image_failed(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (index, retry_at): (ContainerIndex, SimTime),
        (reason, message): (&'static str, String),
    ) {
        self.tell(cx, &worker.pod, Told::warning("Failed", format!("Error: {reason}")));
        let record = worker.record_mut(index);
        let (reason, message) = (Str::from(reason), Str::from(message));
        record.known.held_back = Some(ContainerStateWaiting { reason, message });
        record.retry_at = retry_at;
        self.report(cx, worker, false);
        self.go_on(cx, worker);
    }

    /// Makes the container; a crash before counts for the next back-off.
    fn create(&mut self, cx: &mut Cx<'_>, worker: &mut Worker, index: ContainerIndex) {
        let Some((sandbox, _)) = worker.sandbox else { return };
        let shown = worker.shown_container(index).map_or(0, |own| own.restart_count);
        let limits = (self.config.crash_back_off_initial, self.config.crash_back_off_max);
        let record = worker.record_mut(index);
        if let Some((ended, _)) = record.exit() {
            record.crashes.next(limits, ended, cx.now());
        }
        let attempt = match record.container {
            Some(_) => record.known.attempt + 1,
            None => u32::try_from(shown).unwrap_or(0),
        };
        record.next_attempt = attempt;
        worker.step = Step::Create(index);
        self.cri(cx, CriCall::CreateContainer { sandbox, index, attempt });
    }

    pub(super) fn created(
        &mut self,
        cx: &mut Cx<'_>,
        worker: &mut Worker,
        (index, container): (ContainerIndex, ContainerId),
    ) {
        if worker.step != Step::Create(index) {
            return;
        }
        let record = worker.record_mut(index);
        if let Some(oldest) = record.before.take() {
            self.cri(cx, CriCall::RemoveContainer(oldest));
        }
        record.before = record.container.replace(container);
        record.launched = true;
        record.stopping = false;
        let message = format!("Created container: {}", name_of(worker, index));
        self.tell(cx, &worker.pod, Told::normal("Created", message));
        worker.step = Step::Start(index);
        self.cri(cx, CriCall::StartContainer(container));
    }

    pub(super) fn started(&mut self, cx: &mut Cx<'_>, worker: &mut Worker, container: ContainerId) {
        let Some(index) = worker.index_of(container) else { return };
        if worker.step != Step::Start(index) {
            return;
        }
        let message = format!("Started container {}", name_of(worker, index));
        self.tell(cx, &worker.pod, Told::normal("Started", message));
        let record = worker.record_mut(index);
        record.known.held_back = None;
        record.retry_at = SimTime::ZERO;
        let state = RunState::Running { since: cx.now() };
        self.notice(cx, (worker.uid(), container, state));
        self.go_on(cx, worker);
    }

    /// The runtime's name for a run, as the API shows it.
    ///
    /// Simplified: 64 hexadecimal digits at random; here the node's name and a number make it.
    pub(super) fn container_name(&self, container: ContainerId) -> Str {
        let node = self.facts.name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Str::from(format!("containerd://{node:016x}{:016x}", container.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_a_tag_is_always_fetched() {
        let policy = |image: &str, given: &str| {
            let (image, given) = (image.into(), given.into());
            pull_policy(&Container { image, image_pull_policy: given, ..Container::default() })
        };
        assert_eq!(policy("nginx", ""), PullPolicy::Always);
        assert_eq!(policy("registry:5000/nginx", ""), PullPolicy::Always);
        assert_eq!(policy("registry:5000/nginx:1.27", ""), PullPolicy::IfNotPresent);
        assert_eq!(policy("nginx:latest", "IfNotPresent"), PullPolicy::IfNotPresent);
    }
}
