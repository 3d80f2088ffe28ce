//! What a kube-proxy is configured with.

use crate::kernel::Span;
use crate::setting;
use crate::wire::setting::Setting;

/// The configuration of all proxies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Rules are not written more often than this. Default: 1 s.
    pub min_sync_period: Span,
    /// Syncs that may follow each other at once. Default: 2.
    pub sync_burst: u64,
    /// Calls per second. Default: 5.
    pub api_qps: u32,
    /// Calls at once. Default: 10.
    pub api_burst: u32,
    /// Time of one `iptables-restore`. Default: 10 ms.
    /// Simplified: since 1.28 only the chains of Services that changed are written.
    pub restore_base: Span,
    /// More time for each endpoint that is written. Default: 20 µs. Simplified.
    pub restore_per_endpoint: Span,
    /// Proxies of one cluster start within this time of each other. Default: 1 s. Simplified.
    pub start_spread: Span,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            min_sync_period: Span::secs(1),
            sync_burst: 2,
            api_qps: 5,
            api_burst: 10,
            restore_base: Span::millis(10),
            restore_per_endpoint: Span::micros(20),
            start_spread: Span::secs(1),
        }
    }
}

/// What a scenario can change by name.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(
        Config,
        min_sync_period,
        "iptables.minSyncPeriod",
        "kubernetes/kubernetes:pkg/proxy/apis/config/v1alpha1/defaults.go"
    ),
    setting!(
        Config,
        sync_burst,
        "proxyBurstSyncs",
        "kubernetes/kubernetes:pkg/proxy/iptables/proxier.go"
    ),
    setting!(
        Config,
        api_qps,
        "clientConnection.qps",
        "kubernetes/kubernetes:pkg/proxy/apis/config/v1alpha1/defaults.go"
    ),
    setting!(
        Config,
        api_burst,
        "clientConnection.burst",
        "kubernetes/kubernetes:pkg/proxy/apis/config/v1alpha1/defaults.go"
    ),
    setting!(Config, restore_base, "iptablesRestoreTime", "Simplified: one iptables-restore"),
    setting!(
        Config,
        restore_per_endpoint,
        "iptablesRestoreTimePerEndpoint",
        "Simplified: one iptables-restore"
    ),
    setting!(
        Config,
        start_spread,
        "proxyStartSpread",
        "Simplified: machines boot at different moments"
    ),
];
