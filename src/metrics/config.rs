//! How the metrics server is configured.

use crate::kernel::Span;
use crate::setting;
use crate::wire::setting::Setting;

/// The configuration of the metrics server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Between two rounds of asking all kubelets. Default: 15 s, as the project's manifest sets
    /// it (the program's own default is 60 s).
    /// Source: kubernetes-sigs/metrics-server:manifests/base/deployment.yaml.
    pub metric_resolution: Span,
    /// How long a kubelet may take to answer. Default: 10 s.
    /// Source: kubernetes-sigs/metrics-server:cmd/metrics-server/app/options/kubelet_client.go.
    pub kubelet_request_timeout: Span,
}

impl Default for Config {
    fn default() -> Self {
        Config { metric_resolution: Span::secs(15), kubelet_request_timeout: Span::secs(10) }
    }
}

/// The flags by name.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(
        Config,
        metric_resolution,
        "metric-resolution",
        "kubernetes-sigs/metrics-server:manifests/base/deployment.yaml"
    ),
    setting!(
        Config,
        kubelet_request_timeout,
        "kubelet-request-timeout",
        "kubernetes-sigs/metrics-server:cmd/metrics-server/app/options/kubelet_client.go"
    ),
];
