//! What the scheduler is configured with, and upstream's defaults for it.

use crate::api::{ObjectKey, Str, reasons};
use crate::client::{ClientConfig, LeaderConfig};
use crate::kernel::Span;
use crate::setting;
use crate::wire::setting::{Setting, SettingValue};

use super::cycle::Work;
use super::framework::{Profile, Weights};
use super::plugins::node_resources_fit::{NodeResourcesFit, Strategy};
use super::queue::{MAX_IN_UNSCHEDULABLE, QueueConfig};

/// As whom the scheduler calls.
pub const USER: Str = arcstr::literal!("system:kube-scheduler");
/// The Lease that schedulers fight for, in `kube-system`.
pub const LEASE: Str = arcstr::literal!("kube-scheduler");
/// Which pods it is for (`spec.schedulerName`), and the reporter of its events.
pub const NAME: Str = arcstr::literal!("default-scheduler");

/// Configuration of a scheduler.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Share of the nodes that must suit before the search ends [%]; 0: by the cluster's size.
    pub percentage_of_nodes_to_score: u32,
    /// First back-off of a pod \[s\]. Default: 1.
    pub pod_initial_backoff_seconds: u64,
    /// Longest back-off of a pod \[s\]. Default: 10.
    pub pod_max_backoff_seconds: u64,
    /// Longest stay among the unschedulable. Default: 5 min.
    pub pod_max_in_unschedulable: Span,
    /// Whether back-offs are cut short when nothing else waits. Default: true (1.33).
    pub pop_from_backoff: bool,
    /// Calls per second. Default: 50.
    pub kube_api_qps: u32,
    /// Calls at once. Default: 100.
    pub kube_api_burst: u32,
    /// Others wait so long for a silent leader. Default: 15 s.
    pub leader_elect_lease_duration: Span,
    /// A leader that cannot renew gives up after this. Default: 10 s.
    pub leader_elect_renew_deadline: Span,
    /// Between two attempts. Default: 2 s.
    pub leader_elect_retry_period: Span,
    /// How full nodes should be. Default: LeastAllocated.
    pub scoring_strategy: Strategy,
    /// What each plugin's score is multiplied with.
    pub weights: Weights,
    /// What a cycle costs.
    pub cost: CycleCost,
}

impl Default for Config {
    /// Source: kubernetes/kubernetes:pkg/scheduler/apis/config/v1/defaults.go,
    /// kubernetes/component-base:config/v1alpha1/defaults.go.
    fn default() -> Self {
        Config {
            percentage_of_nodes_to_score: 0,
            pod_initial_backoff_seconds: 1,
            pod_max_backoff_seconds: 10,
            pod_max_in_unschedulable: MAX_IN_UNSCHEDULABLE,
            pop_from_backoff: true,
            kube_api_qps: 50,
            kube_api_burst: 100,
            leader_elect_lease_duration: Span::secs(15),
            leader_elect_renew_deadline: Span::secs(10),
            leader_elect_retry_period: Span::secs(2),
            scoring_strategy: Strategy::LeastAllocated,
            weights: Weights::default(),
            cost: CycleCost::default(),
        }
    }
}

/// How much virtual time a scheduling cycle takes.
///
/// Simplified: upstream takes as long as its processor needs. These figures are fitted to the
/// thresholds of scheduler_perf at 5,000 nodes: 500 nodes filtered and scored take 1.3 ms, which
/// is 770 pods per second (SchedulingBasic: 680 to 810); walking over all nodes for topology
/// spreading takes 2.5 ms more, 260 pods per second (TopologySpreading: 160 to 460).
/// Source: kubernetes/kubernetes:test/integration/scheduler_perf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CycleCost {
    /// Whatever the cluster's size.
    pub base: Span,
    /// Per node that is filtered.
    pub filtered: Span,
    /// Per node that is scored.
    pub scored: Span,
    /// Per node whose pods are counted for topology spreading.
    pub counted: Span,
}

impl Default for CycleCost {
    fn default() -> Self {
        CycleCost {
            base: Span::micros(300),
            filtered: Span::micros(1),
            scored: Span::micros(1),
            counted: Span::nanos(500),
        }
    }
}

impl CycleCost {
    /// How long a cycle with so much work takes.
    #[must_use]
    pub fn of(&self, work: Work) -> Span {
        let times = |span: Span, count: usize| span.saturating_mul(count as u64);
        self.base
            + times(self.filtered, work.filtered)
            + times(self.scored, work.scored)
            + times(self.counted, work.counted)
    }
}

impl Config {
    /// The API client's part.
    #[must_use]
    pub fn client(&self) -> ClientConfig {
        ClientConfig::new(USER).limited_to(self.kube_api_qps, self.kube_api_burst)
    }

    /// The leader election's part, for the candidate called `identity`.
    #[must_use]
    pub fn leader(&self, identity: Str) -> LeaderConfig {
        LeaderConfig {
            lease: ObjectKey { namespace: reasons::NS_KUBE_SYSTEM, name: LEASE },
            identity,
            lease_duration: self.leader_elect_lease_duration,
            renew_deadline: self.leader_elect_renew_deadline,
            retry_period: self.leader_elect_retry_period,
        }
    }

    /// The queue's part.
    #[must_use]
    pub const fn queue(&self) -> QueueConfig {
        QueueConfig {
            initial_backoff: Span::secs(self.pod_initial_backoff_seconds),
            max_backoff: Span::secs(self.pod_max_backoff_seconds),
            max_in_unschedulable: self.pod_max_in_unschedulable,
            pop_from_backoff: self.pop_from_backoff,
        }
    }

    /// The plugins' part.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let strategy = self.scoring_strategy.clone();
        Profile {
            node_resources_fit: NodeResourcesFit { strategy, ..NodeResourcesFit::default() },
            weights: self.weights,
            ..Profile::default()
        }
    }
}

impl SettingValue for Strategy {
    const EXPECTED: &'static str = "LeastAllocated, MostAllocated, or \
        RequestedToCapacityRatio:0=0,100=10 (utilisation=score, rising)";

    fn read(text: &str) -> Option<Self> {
        if let Some(points) = text.strip_prefix("RequestedToCapacityRatio:") {
            let point = |text: &str| {
                let (at, score) = text.split_once('=')?;
                Some((at.parse().ok()?, score.parse().ok()?))
            };
            let shape: Option<Vec<(i64, i64)>> = points.split(',').map(point).collect();
            let strategy = Strategy::RequestedToCapacityRatio(shape?);
            let checked = NodeResourcesFit { strategy, ..NodeResourcesFit::default() };
            return checked.config_errors().is_empty().then_some(checked.strategy);
        }
        match text {
            "LeastAllocated" => Some(Strategy::LeastAllocated),
            "MostAllocated" => Some(Strategy::MostAllocated),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            Strategy::LeastAllocated => "LeastAllocated".into(),
            Strategy::MostAllocated => "MostAllocated".into(),
            Strategy::RequestedToCapacityRatio(shape) => {
                let points: Vec<String> =
                    shape.iter().map(|(at, score)| format!("{at}={score}")).collect();
                format!("RequestedToCapacityRatio:{}", points.join(","))
            }
        }
    }
}

/// What a scenario can change.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(
        Config,
        percentage_of_nodes_to_score,
        "percentageOfNodesToScore",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/types.go"
    ),
    setting!(
        Config,
        pod_initial_backoff_seconds,
        "podInitialBackoffSeconds",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/types.go"
    ),
    setting!(
        Config,
        pod_max_backoff_seconds,
        "podMaxBackoffSeconds",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/types.go"
    ),
    setting!(
        Config,
        pod_max_in_unschedulable,
        "pod-max-in-unschedulable-pods-duration",
        "kubernetes/kubernetes:cmd/kube-scheduler/app/options/deprecated.go"
    ),
    setting!(
        Config,
        pop_from_backoff,
        "SchedulerPopFromBackoffQ",
        "kubernetes/kubernetes:pkg/features/kube_features.go"
    ),
    setting!(
        Config,
        kube_api_qps,
        "kube-api-qps",
        "kubernetes/kubernetes:cmd/kube-scheduler/app/options/deprecated.go"
    ),
    setting!(
        Config,
        kube_api_burst,
        "kube-api-burst",
        "kubernetes/kubernetes:cmd/kube-scheduler/app/options/deprecated.go"
    ),
    setting!(
        Config,
        leader_elect_lease_duration,
        "leader-elect-lease-duration",
        "kubernetes/component-base:config/options/leaderelectionconfig.go"
    ),
    setting!(
        Config,
        leader_elect_renew_deadline,
        "leader-elect-renew-deadline",
        "kubernetes/component-base:config/options/leaderelectionconfig.go"
    ),
    setting!(
        Config,
        leader_elect_retry_period,
        "leader-elect-retry-period",
        "kubernetes/component-base:config/options/leaderelectionconfig.go"
    ),
    setting!(
        Config,
        scoring_strategy,
        "NodeResourcesFitArgs.scoringStrategy",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/types_pluginargs.go"
    ),
    setting!(
        Config,
        weights.taint_toleration,
        "TaintToleration.weight",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/v1/default_plugins.go"
    ),
    setting!(
        Config,
        weights.node_affinity,
        "NodeAffinity.weight",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/v1/default_plugins.go"
    ),
    setting!(
        Config,
        weights.node_resources_fit,
        "NodeResourcesFit.weight",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/v1/default_plugins.go"
    ),
    setting!(
        Config,
        weights.pod_topology_spread,
        "PodTopologySpread.weight",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/v1/default_plugins.go"
    ),
    setting!(
        Config,
        weights.node_resources_balanced_allocation,
        "NodeResourcesBalancedAllocation.weight",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/v1/default_plugins.go"
    ),
    setting!(
        Config,
        weights.image_locality,
        "ImageLocality.weight",
        "kubernetes/kubernetes:pkg/scheduler/apis/config/v1/default_plugins.go"
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_reads_what_it_writes() {
        let mut names = Vec::new();
        for setting in SETTINGS {
            let mut config = Config::default();
            let text = (setting.get)(&config);
            assert_eq!((setting.set)(&mut config, &text), Ok(()), "{}", setting.name);
            assert_eq!(config, Config::default(), "{}", setting.name);
            assert!((setting.set)(&mut config, "?").is_err(), "{}", setting.name);
            names.push(setting.name);
        }
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "names are unique");
    }

    #[test]
    fn a_curve_is_read_and_checked() {
        let curve = "RequestedToCapacityRatio:0=0,100=10";
        assert_eq!(Strategy::read(curve).map(|strategy| strategy.write()), Some(curve.into()));
        assert_eq!(Strategy::read("RequestedToCapacityRatio:100=0,0=10"), None);
        assert_eq!(Strategy::read("RequestedToCapacityRatio:0=11"), None);
    }

    #[test]
    fn five_thousand_nodes_are_scheduled_as_fast_as_upstream_does() {
        let cost = CycleCost::default();
        let basic = Work { filtered: 500, scored: 500, counted: 0 };
        let per_second = 1_000_000_000 / cost.of(basic).as_nanos();
        assert!((680..=810).contains(&per_second), "{per_second} pods per second");
        let spread = Work { counted: 5_000, ..basic };
        let per_second = 1_000_000_000 / cost.of(spread).as_nanos();
        assert!((160..=460).contains(&per_second), "{per_second} pods per second");
    }
}
