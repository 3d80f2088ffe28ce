//! How the node lifecycle controller is configured.

use crate::kernel::Span;

/// The flags of the node lifecycle controller.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `node-monitor-period`: between two looks at all nodes. Default: 5 s.
    pub monitor_period: Span,
    /// `node-monitor-grace-period`: how long a node that has ever been heard of may be silent.
    /// Default: 50 s since Kubernetes 1.32 (40 s before).
    pub monitor_grace_period: Span,
    /// `node-startup-grace-period`: how long a new node may take to be heard of. Default: 60 s.
    pub startup_grace_period: Span,
    /// `node-eviction-rate`: nodes per second and zone that get a NoExecute taint. Default: 0.1.
    pub eviction_rate: f64,
    /// `secondary-node-eviction-rate`: the same in a large zone that is partly down.
    /// Default: 0.01.
    pub secondary_eviction_rate: f64,
    /// `unhealthy-zone-threshold`: the part of a zone's nodes from which on the zone counts as
    /// partly down, if more than two nodes are. Default: 0.55.
    pub unhealthy_zone_threshold: f64,
    /// `large-cluster-size-threshold`: a zone with no more nodes than this gets no NoExecute
    /// taints at all while it is partly down. Default: 50.
    pub large_cluster_size_threshold: u32,
}

impl Default for Config {
    /// Source: kubernetes/kubernetes:pkg/controller/nodelifecycle/config/v1alpha1/defaults.go,
    /// cmd/kube-controller-manager/app/options/nodelifecyclecontroller.go.
    fn default() -> Self {
        Config {
            monitor_period: Span::secs(5),
            monitor_grace_period: Span::secs(50),
            startup_grace_period: Span::secs(60),
            eviction_rate: 0.1,
            secondary_eviction_rate: 0.01,
            unhealthy_zone_threshold: 0.55,
            large_cluster_size_threshold: 50,
        }
    }
}
