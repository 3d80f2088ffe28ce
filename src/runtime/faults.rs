//! Faults: what goes wrong inside a machine that itself stays up.

use crate::api::{ObjectKey, Str};
use crate::kernel::Shared;
use crate::wire::Cx;
use crate::wire::cri::{ContainerId, RuntimeReply};
use crate::wire::runtime::{Behaviour, RuntimeFault};

use super::Runtime;
use super::calls::SIGKILLED;
use super::process::End;

impl Runtime {
    pub(super) fn fault(&mut self, cx: &mut Cx<'_>, fault: RuntimeFault) {
        match fault {
            RuntimeFault::CrashContainer { pod, container, code, oom } => {
                let end = End { at: cx.now(), code, oom };
                for id in self.containers_of(&pod, container.as_ref()) {
                    self.end_process(cx, id, end);
                }
            }
            RuntimeFault::PullFails { image, fails } => self.images.set_failing(image, fails),
            RuntimeFault::Behave { pod, change } => self.behave(cx, &pod, change),
            RuntimeFault::SetModel { image, model } => {
                self.models.insert(image, model);
            }
            RuntimeFault::Daemon { up } => self.set_daemon(cx, up),
        }
    }

    /// The running containers of a pod: the one with this name, or all that are no init
    /// containers.
    fn containers_of(&self, pod: &ObjectKey, name: Option<&Str>) -> Vec<ContainerId> {
        let sandboxes = self.sandboxes.values().filter(|sandbox| {
            let meta = &sandbox.pod.metadata;
            sandbox.ready && meta.name == pod.name && meta.namespace == pod.namespace
        });
        let of_sandboxes = sandboxes.flat_map(|sandbox| {
            let spec = &sandbox.pod.spec;
            sandbox.containers.iter().copied().filter(move |id| {
                let process = self.containers.get(id).filter(|process| process.is_running());
                process.is_some_and(|process| match name {
                    Some(name) => process.index.of(spec).is_some_and(|own| own.name == *name),
                    None => !process.index.is_init(spec),
                })
            })
        });
        of_sandboxes.collect()
    }

    fn behave(&mut self, cx: &mut Cx<'_>, pod: &ObjectKey, change: Behaviour) {
        let meta_of = |sandbox: &super::Sandbox| sandbox.pod.metadata.key();
        let of_pod =
            |sandbox: &&mut Shared<super::Sandbox>| sandbox.ready && meta_of(sandbox) == *pod;
        match change {
            Behaviour::Slow(slow) => {
                self.sandboxes.values_mut().filter(of_pod).for_each(|known| known.slow = slow);
            }
            Behaviour::NotReady(not) => {
                self.sandboxes.values_mut().filter(of_pod).for_each(|known| known.not_ready = not);
            }
            Behaviour::Hang(_) | Behaviour::CpuLoad(_) | Behaviour::Memory(_) => {
                for id in self.containers_of(pod, None) {
                    self.behave_process(cx, id, change);
                }
            }
        }
    }

    fn behave_process(&mut self, cx: &mut Cx<'_>, id: ContainerId, change: Behaviour) {
        let now = cx.now();
        let Some(process) = self.containers.get_mut(&id) else { return };
        match change {
            Behaviour::Hang(hangs) => process.hangs = hangs,
            Behaviour::CpuLoad(milli) => process.burn(now, milli),
            Behaviour::Memory(bytes) => process.memory = bytes,
            Behaviour::Slow(_) | Behaviour::NotReady(_) => {}
        }
        if process.is_out_of_memory() {
            self.end_process(cx, id, End { at: now, code: SIGKILLED, oom: true });
        }
    }

    /// containerd dies or comes back; what happened meanwhile is told then.
    fn set_daemon(&mut self, cx: &mut Cx<'_>, up: bool) {
        if self.daemon_up == up {
            return;
        }
        self.daemon_up = up;
        let news = if up { RuntimeReply::Available } else { RuntimeReply::Unavailable };
        self.reply(cx, self.config.call, news);
        if up {
            for told in std::mem::take(&mut self.untold) {
                self.reply(cx, self.config.call, told);
            }
        }
    }
}
