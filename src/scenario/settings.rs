//! Every constant that a scenario may change, by the name of the real flag.
//!
//! A setting is written `"node-monitor-grace-period": "40s"`; where two components have a flag of
//! the same name, the component comes first: `"kube-scheduler.kube-api-qps": "100"`.
//!
//! Sources: the components' own flag and configuration references, Kubernetes 1.33 and etcd 3.5.

use crate::scenario::suggest::nearest;
use crate::scenario::values::{Duration, Rps};

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// `"50s"`.
    Duration,
    /// A whole number from zero up.
    Count,
    /// A number with at most three digits after the point.
    Number,
    /// `true` or `false`.
    Switch,
}

/// One constant that may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The component that has it.
    pub component: &'static str,
    /// The name of the flag, or of the configuration field where there is no flag.
    pub flag: &'static str,
    /// What it holds.
    pub kind: SettingKind,
    /// Its value when nothing is written.
    pub default: &'static str,
}

const fn duration(component: &'static str, flag: &'static str, default: &'static str) -> Setting {
    Setting { component, flag, kind: SettingKind::Duration, default }
}

const fn count(component: &'static str, flag: &'static str, default: &'static str) -> Setting {
    Setting { component, flag, kind: SettingKind::Count, default }
}

const fn number(component: &'static str, flag: &'static str, default: &'static str) -> Setting {
    Setting { component, flag, kind: SettingKind::Number, default }
}

const fn switch(component: &'static str, flag: &'static str, default: &'static str) -> Setting {
    Setting { component, flag, kind: SettingKind::Switch, default }
}

const APISERVER: &str = "kube-apiserver";
const CONTROLLERS: &str = "kube-controller-manager";
const SCHEDULER: &str = "kube-scheduler";
const KUBELET: &str = "kubelet";
const PROXY: &str = "kube-proxy";
const ETCD: &str = "etcd";
const RUNTIME: &str = "containerd";
const METRICS: &str = "metrics-server";

/// The table.
pub const SETTINGS: &[Setting] = &[
    count(APISERVER, "max-requests-inflight", "400"),
    count(APISERVER, "max-mutating-requests-inflight", "200"),
    duration(APISERVER, "request-timeout", "60s"),
    duration(APISERVER, "min-request-timeout", "30m"),
    duration(APISERVER, "event-ttl", "1h"),
    duration(APISERVER, "etcd-compaction-interval", "5m"),
    count(APISERVER, "default-not-ready-toleration-seconds", "300"),
    count(APISERVER, "default-unreachable-toleration-seconds", "300"),
    duration(CONTROLLERS, "node-monitor-period", "5s"),
    duration(CONTROLLERS, "node-monitor-grace-period", "50s"),
    duration(CONTROLLERS, "node-startup-grace-period", "60s"),
    number(CONTROLLERS, "node-eviction-rate", "0.1"),
    number(CONTROLLERS, "secondary-node-eviction-rate", "0.01"),
    number(CONTROLLERS, "unhealthy-zone-threshold", "0.55"),
    count(CONTROLLERS, "large-cluster-size-threshold", "50"),
    count(CONTROLLERS, "concurrent-deployment-syncs", "5"),
    count(CONTROLLERS, "concurrent-replicaset-syncs", "5"),
    count(CONTROLLERS, "concurrent-endpoint-syncs", "5"),
    count(CONTROLLERS, "concurrent-service-endpoint-syncs", "5"),
    count(CONTROLLERS, "concurrent-namespace-syncs", "10"),
    count(CONTROLLERS, "concurrent-gc-syncs", "20"),
    count(CONTROLLERS, "concurrent-horizontal-pod-autoscaler-syncs", "5"),
    duration(CONTROLLERS, "endpointslice-updates-batch-period", "0s"),
    duration(CONTROLLERS, "horizontal-pod-autoscaler-sync-period", "15s"),
    number(CONTROLLERS, "horizontal-pod-autoscaler-tolerance", "0.1"),
    duration(CONTROLLERS, "horizontal-pod-autoscaler-downscale-stabilization", "5m"),
    duration(CONTROLLERS, "horizontal-pod-autoscaler-cpu-initialization-period", "5m"),
    duration(CONTROLLERS, "horizontal-pod-autoscaler-initial-readiness-delay", "30s"),
    count(CONTROLLERS, "terminated-pod-gc-threshold", "12500"),
    duration(CONTROLLERS, "min-resync-period", "12h"),
    number(CONTROLLERS, "kube-api-qps", "20"),
    count(CONTROLLERS, "kube-api-burst", "30"),
    duration(CONTROLLERS, "leader-elect-lease-duration", "15s"),
    duration(CONTROLLERS, "leader-elect-renew-deadline", "10s"),
    duration(CONTROLLERS, "leader-elect-retry-period", "2s"),
    number(SCHEDULER, "kube-api-qps", "50"),
    count(SCHEDULER, "kube-api-burst", "100"),
    count(SCHEDULER, "percentage-of-nodes-to-score", "0"),
    duration(SCHEDULER, "pod-initial-backoff", "1s"),
    duration(SCHEDULER, "pod-max-backoff", "10s"),
    duration(SCHEDULER, "pod-max-in-unschedulable-pods-duration", "5m"),
    count(SCHEDULER, "parallelism", "16"),
    duration(SCHEDULER, "leader-elect-lease-duration", "15s"),
    duration(SCHEDULER, "leader-elect-renew-deadline", "10s"),
    duration(SCHEDULER, "leader-elect-retry-period", "2s"),
    duration(KUBELET, "node-status-update-frequency", "10s"),
    duration(KUBELET, "node-status-report-frequency", "5m"),
    count(KUBELET, "node-lease-duration-seconds", "40"),
    duration(KUBELET, "sync-frequency", "1m"),
    duration(KUBELET, "housekeeping-interval", "2s"),
    duration(KUBELET, "pleg-relist-period", "1s"),
    duration(KUBELET, "max-container-restart-period", "5m"),
    duration(KUBELET, "image-gc-period", "5m"),
    number(KUBELET, "registry-qps", "5"),
    count(KUBELET, "registry-burst", "10"),
    switch(KUBELET, "serialize-image-pulls", "true"),
    number(KUBELET, "kube-api-qps", "50"),
    count(KUBELET, "kube-api-burst", "100"),
    number(KUBELET, "event-qps", "50"),
    count(KUBELET, "event-burst", "100"),
    count(KUBELET, "max-pods", "110"),
    duration(PROXY, "iptables-sync-period", "30s"),
    duration(PROXY, "iptables-min-sync-period", "1s"),
    number(PROXY, "kube-api-qps", "5"),
    count(PROXY, "kube-api-burst", "10"),
    duration(ETCD, "heartbeat-interval", "100ms"),
    duration(ETCD, "election-timeout", "1s"),
    count(ETCD, "snapshot-count", "10000"),
    count(ETCD, "quota-backend-bytes", "2147483648"),
    switch(ETCD, "pre-vote", "true"),
    duration(ETCD, "fsync-latency", "2ms"),
    duration(RUNTIME, "container-start", "500ms"),
    count(RUNTIME, "pull-bytes-per-second", "100000000"),
    duration(METRICS, "metric-resolution", "15s"),
];

/// Why a word names no setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingError {
    /// No component has such a flag; near ones are given.
    Unknown(Vec<String>),
    /// Several components have it; their full names are given.
    Ambiguous(Vec<String>),
}

impl Setting {
    /// Component and flag: `kube-scheduler.kube-api-qps`.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.component, self.flag)
    }

    /// Is this text a value that the setting can hold?
    pub fn accepts(&self, text: &str) -> bool {
        match self.kind {
            SettingKind::Duration => text.parse::<Duration>().is_ok(),
            SettingKind::Count => text.parse::<u64>().is_ok(),
            SettingKind::Number => text.parse::<Rps>().is_ok(),
            SettingKind::Switch => matches!(text, "true" | "false"),
        }
    }
}

/// The setting of this name, with or without its component.
///
/// Errors: no or more than one component has it.
pub fn find(name: &str) -> Result<&'static Setting, SettingError> {
    let name = name.trim_start_matches("--");
    let hits: Vec<&Setting> =
        SETTINGS.iter().filter(|one| one.flag == name || one.full_name() == name).collect();
    match hits.as_slice() {
        [one] => Ok(one),
        [] => {
            let full: Vec<String> = SETTINGS.iter().map(Setting::full_name).collect();
            let flags = SETTINGS.iter().map(|one| one.flag);
            let known = flags.chain(full.iter().map(String::as_str));
            Err(SettingError::Unknown(nearest(name, known)))
        }
        several => {
            Err(SettingError::Ambiguous(several.iter().map(|one| one.full_name()).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_of_its_setting_and_names_are_unique() {
        let mut names: Vec<String> = SETTINGS.iter().map(Setting::full_name).collect();
        for one in SETTINGS {
            assert!(one.accepts(one.default), "{}: {}", one.full_name(), one.default);
            assert_eq!(find(&one.full_name()), Ok(one));
        }
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_flag_of_several_components_needs_its_component() {
        assert!(
            matches!(find("kube-api-qps"), Err(SettingError::Ambiguous(names)) if names.len() == 4)
        );
        let grace = find("--node-monitor-grace-period").map(|one| one.default);
        assert_eq!(grace, Ok("50s"));
        let near = Err(SettingError::Unknown(vec!["node-monitor-grace-period".to_owned()]));
        assert_eq!(find("node-monitor-grace-perod"), near);
    }
}
