//! What clients of Services are configured with.

use crate::kernel::Span;
use crate::setting;
use crate::wire::setting::Setting;

/// The configuration of all clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How long a client waits for an answer. Default: 2 s.
    pub request_timeout: Span,
    /// How long an outside balancer leaves a node aside that did not react. Default: 10 s, the
    /// usual interval of health checks (`healthCheckIntervalSeconds` of cloud balancers).
    pub node_aside: Span,
}

impl Default for Config {
    fn default() -> Self {
        Config { request_timeout: Span::secs(2), node_aside: Span::secs(10) }
    }
}

/// What a scenario can change by name.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(Config, request_timeout, "requestTimeout", "Prova: how patient people are"),
    setting!(
        Config,
        node_aside,
        "balancerNodeAside",
        "Simplified: health checks of a cloud balancer"
    ),
];
