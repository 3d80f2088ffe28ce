//! How the HorizontalPodAutoscaler controller is configured.

use crate::kernel::Span;

/// The flags of the HorizontalPodAutoscaler controller.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `horizontal-pod-autoscaler-sync-period`: between two looks at one autoscaler.
    /// Default: 15 s.
    pub sync_period: Span,
    /// `horizontal-pod-autoscaler-tolerance`: a ratio of usage to target that differs from 1 by
    /// no more than this changes nothing. Default: 0.1.
    pub tolerance: f64,
    /// `horizontal-pod-autoscaler-downscale-stabilization`: when going down, the highest proposal
    /// of this time counts. Default: 5 min.
    pub downscale_stabilization: Span,
    /// `horizontal-pod-autoscaler-cpu-initialization-period`: how long after its start a pod's
    /// CPU usage may be that of its start. Default: 5 min.
    pub cpu_initialization_period: Span,
    /// `horizontal-pod-autoscaler-initial-readiness-delay`: a pod that became unready within this
    /// time after its start has never been ready. Default: 30 s.
    pub initial_readiness_delay: Span,
    /// `concurrent-horizontal-pod-autoscaler-syncs`: autoscalers that are worked on at once.
    /// Default: 5.
    pub concurrent_syncs: u32,
}

impl Default for Config {
    /// Source: kubernetes/kubernetes:pkg/controller/podautoscaler/config/v1alpha1/defaults.go.
    fn default() -> Self {
        Config {
            sync_period: Span::secs(15),
            tolerance: 0.1,
            downscale_stabilization: Span::mins(5),
            cpu_initialization_period: Span::mins(5),
            initial_readiness_delay: Span::secs(30),
            concurrent_syncs: 5,
        }
    }
}
