//! What a client is configured with, and Kubernetes' defaults for it.

use crate::api::Str;
use crate::kernel::Span;

use super::backoff::StepsConfig;

/// How one component talks to the API server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// As whom: `system:kube-scheduler`, `system:node:n1`, …
    pub user: Str,
    /// Calls per second; 0 means no limit. Default: 5 (client-go's; components set their own
    /// `kube-api-qps`). Source: kubernetes/client-go:rest/config.go `DefaultQPS`.
    pub qps: u32,
    /// Calls at once. Default: 10. Source: kubernetes/client-go:rest/config.go `DefaultBurst`.
    pub burst: u32,
    /// How long a call may take. Default: 60 s.
    ///
    /// Simplified: client-go has no limit of its own here; the API server's `request-timeout`
    /// (60 s) ends a call, and a call whose answer was lost would be ended by TCP.
    pub timeout: Span,
    /// Nothing read for so long: ping. Default: 30 s.
    /// Source: kubernetes/apimachinery:pkg/util/net/http.go `HTTP2_READ_IDLE_TIMEOUT_SECONDS`.
    pub read_idle: Span,
    /// No answer to a ping for so long: the connection is lost. Default: 15 s.
    /// Source: kubernetes/apimachinery:pkg/util/net/http.go `HTTP2_PING_TIMEOUT_SECONDS`.
    pub ping_timeout: Span,
    /// How long opening a connection may take. Default: 5 s (`timeout connect` of the balancer
    /// in the kubeadm guide). Source: kubernetes/kubeadm:docs/ha-considerations.md.
    pub dial_timeout: Span,
    /// Between two attempts to connect. Default: 200 ms doubling to 7 s, with jitter.
    ///
    /// Simplified: client-go dials for every call afresh and leaves waiting to each caller; here
    /// a process has one dial loop, as patient as the node's heart-beat, its most eager caller.
    /// Source: kubernetes/component-helpers:apimachinery/lease/controller.go.
    pub redial: StepsConfig,
    /// Between two lists or watches that fail. Default: 800 ms doubling to 30 s, jitter 1.0,
    /// afresh after 2 min. Source: kubernetes/client-go:tools/cache/reflector.go.
    pub relist: StepsConfig,
}

impl ClientConfig {
    /// The defaults for `user`.
    #[must_use]
    pub fn new(user: impl Into<Str>) -> Self {
        ClientConfig { user: user.into(), ..ClientConfig::default() }
    }

    /// With another limit: `qps` calls per second, `burst` at once; 0 means no limit.
    #[must_use]
    pub const fn limited_to(mut self, qps: u32, burst: u32) -> Self {
        self.qps = qps;
        self.burst = burst;
        self
    }
}

impl Default for ClientConfig {
    fn default() -> Self {
        ClientConfig {
            user: Str::new(),
            qps: 5,
            burst: 10,
            timeout: Span::secs(60),
            read_idle: Span::secs(30),
            ping_timeout: Span::secs(15),
            dial_timeout: Span::secs(5),
            redial: StepsConfig {
                initial: Span::millis(200),
                factor: 2,
                cap: Span::secs(7),
                jitter_permille: 500,
                reset: None,
            },
            relist: StepsConfig {
                initial: Span::millis(800),
                factor: 2,
                cap: Span::secs(30),
                jitter_permille: 1000,
                reset: Some(Span::mins(2)),
            },
        }
    }
}

/// How one call differs from the client's usual ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// How long it may take; none means the client's own time-out.
    pub timeout: Option<Span>,
    /// Whether it passes by the client's limit (heart-beats have a client without one upstream).
    pub unlimited: bool,
}

impl CallOptions {
    /// What a kubelet's heart-beat client has: no limit, and `timeout` (the renew interval).
    ///
    /// Source: kubernetes/kubernetes:cmd/kubelet/app/server.go (`heartbeatClientConfig`).
    #[must_use]
    pub const fn heartbeat(timeout: Span) -> Self {
        CallOptions { timeout: Some(timeout), unlimited: true }
    }
}
