//! One pod's sandbox: its address and what faults did to it.

use std::sync::Arc;

use crate::api::{Pod, Str};
use crate::kernel::{Shared, Span};
use crate::wire::cri::{ContainerId, SandboxId};

use super::Runtime;

/// The network namespace that a pod's containers share.
#[derive(Clone, Debug)]
pub(super) struct Sandbox {
    pub(super) pod: Arc<Pod>,
    pub(super) ip: Str,
    /// The last number of `ip`; 0 on the host's network.
    pub(super) host: u8,
    pub(super) ready: bool,
    pub(super) containers: Vec<ContainerId>,
    /// Every answer takes longer by so much.
    pub(super) slow: Span,
    /// The readiness probe gets a bad answer.
    pub(super) not_ready: bool,
}

/// The last usable number in a /24 for pods; .1 is the bridge.
const LAST_HOST: u8 = 254;

impl Runtime {
    /// A sandbox for `pod` with a fresh address; none when all addresses are taken.
    pub(super) fn new_sandbox(&mut self, pod: Arc<Pod>) -> Option<(SandboxId, Str)> {
        let (ip, host) = if pod.spec.host_network {
            (self.machine.address.clone(), 0)
        } else {
            let host = self.next_host()?;
            (Str::from(format!("{}{host}", self.machine.pod_prefix)), host)
        };
        let id = SandboxId(self.next_id());
        let sandbox = Sandbox {
            pod,
            ip: ip.clone(),
            host,
            ready: true,
            containers: Vec::new(),
            slow: Span::ZERO,
            not_ready: false,
        };
        self.sandboxes.insert(id, Shared::new(sandbox));
        Some((id, ip))
    }

    /// The next free number after the last one given, around the circle: an address rests as
    /// long as possible before it comes back, so that stale rules rarely hit another pod.
    /// Source: containernetworking/plugins:plugins/ipam/host-local.
    fn next_host(&mut self) -> Option<u8> {
        let taken =
            |host| self.sandboxes.values().any(|sandbox| sandbox.ready && sandbox.host == host);
        let circle = (self.last_host + 1..=LAST_HOST).chain(2..=self.last_host);
        let host = circle.into_iter().find(|host| !taken(*host))?;
        self.last_host = host;
        Some(host)
    }
}
