//! How the controller manager is configured: the real flags with their real defaults.

use crate::kernel::Span;
use crate::setting;
use crate::wire::setting::Setting;

use super::{hpa, node_lifecycle};

/// The configuration of a controller manager.
///
/// Every field is the flag of `kube-controller-manager` of the same name.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Calls per second of each controller's own client. Default: 20.
    pub kube_api_qps: u32,
    /// Calls at once of each controller's own client. Default: 30.
    pub kube_api_burst: u32,
    /// Whether only one of several managers works. Default: true.
    pub leader_elect: bool,
    /// How long a leader may be silent. Default: 15 s.
    pub leader_elect_lease_duration: Span,
    /// How long a leader tries to renew before it gives up. Default: 10 s.
    pub leader_elect_renew_deadline: Span,
    /// Between two tries. Default: 2 s.
    pub leader_elect_retry_period: Span,
    /// Deployments that are worked on at once. Default: 5.
    pub concurrent_deployment_syncs: u32,
    /// ReplicaSets that are worked on at once. Default: 5.
    pub concurrent_replicaset_syncs: u32,
    /// Objects that the garbage collector works on at once. Default: 20.
    pub concurrent_gc_syncs: u32,
    /// Namespaces that are emptied at once. Default: 10.
    pub concurrent_namespace_syncs: u32,
    /// Ended pods beyond this number are deleted; 0 or less switches it off. Default: 12,500.
    pub terminated_pod_gc_threshold: i32,
    /// Services whose EndpointSlices are worked on at once. Default: 5.
    pub concurrent_service_endpoint_syncs: u32,
    /// Endpoints in one EndpointSlice. Default: 100.
    pub max_endpoints_per_slice: u32,
    /// How long changes of pods are gathered before their Service is looked at. Default: 0 s.
    pub endpointslice_updates_batch_period: Span,
    /// The HorizontalPodAutoscaler controller's own flags.
    pub hpa: hpa::Config,
    /// The node lifecycle controller's own flags.
    pub node_lifecycle: node_lifecycle::Config,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            kube_api_qps: 20,
            kube_api_burst: 30,
            leader_elect: true,
            leader_elect_lease_duration: Span::secs(15),
            leader_elect_renew_deadline: Span::secs(10),
            leader_elect_retry_period: Span::secs(2),
            concurrent_deployment_syncs: 5,
            concurrent_replicaset_syncs: 5,
            concurrent_gc_syncs: 20,
            concurrent_namespace_syncs: 10,
            terminated_pod_gc_threshold: 12_500,
            concurrent_service_endpoint_syncs: 5,
            max_endpoints_per_slice: 100,
            endpointslice_updates_batch_period: Span::ZERO,
            hpa: hpa::Config::default(),
            node_lifecycle: node_lifecycle::Config::default(),
        }
    }
}

/// Where the defaults of the common flags stand.
const COMMON: &str = "kubernetes/kubernetes:pkg/controller/apis/config/v1alpha1/defaults.go";
/// Where the defaults of leader election stand.
const ELECTION: &str = "kubernetes/component-base:config/v1alpha1/defaults.go";

/// Where the defaults of the node lifecycle controller stand.
const NODES: &str =
    "kubernetes/kubernetes:pkg/controller/nodelifecycle/config/v1alpha1/defaults.go";
/// Where the defaults of its rates stand.
const RATES: &str =
    "kubernetes/kubernetes:cmd/kube-controller-manager/app/options/nodelifecyclecontroller.go";

/// Where the defaults of the EndpointSlice controller stand.
const SLICES: &str =
    "kubernetes/kubernetes:pkg/controller/endpointslice/config/v1alpha1/defaults.go";

/// Where the defaults of the HorizontalPodAutoscaler controller stand.
const HPA: &str = "kubernetes/kubernetes:pkg/controller/podautoscaler/config/v1alpha1/defaults.go";

/// The flags by name.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(Config, kube_api_qps, "kube-api-qps", COMMON),
    setting!(Config, kube_api_burst, "kube-api-burst", COMMON),
    setting!(Config, leader_elect, "leader-elect", ELECTION),
    setting!(Config, leader_elect_lease_duration, "leader-elect-lease-duration", ELECTION),
    setting!(Config, leader_elect_renew_deadline, "leader-elect-renew-deadline", ELECTION),
    setting!(Config, leader_elect_retry_period, "leader-elect-retry-period", ELECTION),
    setting!(
        Config,
        concurrent_deployment_syncs,
        "concurrent-deployment-syncs",
        "kubernetes/kubernetes:pkg/controller/deployment/config/v1alpha1/defaults.go"
    ),
    setting!(
        Config,
        concurrent_replicaset_syncs,
        "concurrent-replicaset-syncs",
        "kubernetes/kubernetes:pkg/controller/replicaset/config/v1alpha1/defaults.go"
    ),
    setting!(
        Config,
        concurrent_gc_syncs,
        "concurrent-gc-syncs",
        "kubernetes/kubernetes:pkg/controller/garbagecollector/config/v1alpha1/defaults.go"
    ),
    setting!(
        Config,
        concurrent_namespace_syncs,
        "concurrent-namespace-syncs",
        "kubernetes/kubernetes:pkg/controller/namespace/config/v1alpha1/defaults.go"
    ),
    setting!(
        Config,
        terminated_pod_gc_threshold,
        "terminated-pod-gc-threshold",
        "kubernetes/kubernetes:pkg/controller/podgc/config/v1alpha1/defaults.go"
    ),
    setting!(
        Config,
        concurrent_service_endpoint_syncs,
        "concurrent-service-endpoint-syncs",
        SLICES
    ),
    setting!(Config, max_endpoints_per_slice, "max-endpoints-per-slice", SLICES),
    setting!(
        Config,
        endpointslice_updates_batch_period,
        "endpointslice-updates-batch-period",
        SLICES
    ),
    setting!(Config, hpa.sync_period, "horizontal-pod-autoscaler-sync-period", HPA),
    setting!(Config, hpa.tolerance, "horizontal-pod-autoscaler-tolerance", HPA),
    setting!(
        Config,
        hpa.downscale_stabilization,
        "horizontal-pod-autoscaler-downscale-stabilization",
        HPA
    ),
    setting!(
        Config,
        hpa.cpu_initialization_period,
        "horizontal-pod-autoscaler-cpu-initialization-period",
        HPA
    ),
    setting!(
        Config,
        hpa.initial_readiness_delay,
        "horizontal-pod-autoscaler-initial-readiness-delay",
        HPA
    ),
    setting!(Config, hpa.concurrent_syncs, "concurrent-horizontal-pod-autoscaler-syncs", HPA),
    setting!(Config, node_lifecycle.monitor_period, "node-monitor-period", COMMON),
    setting!(Config, node_lifecycle.monitor_grace_period, "node-monitor-grace-period", NODES),
    setting!(Config, node_lifecycle.startup_grace_period, "node-startup-grace-period", NODES),
    setting!(Config, node_lifecycle.eviction_rate, "node-eviction-rate", RATES),
    setting!(Config, node_lifecycle.secondary_eviction_rate, "secondary-node-eviction-rate", RATES),
    setting!(Config, node_lifecycle.unhealthy_zone_threshold, "unhealthy-zone-threshold", RATES),
    setting!(
        Config,
        node_lifecycle.large_cluster_size_threshold,
        "large-cluster-size-threshold",
        RATES
    ),
];
