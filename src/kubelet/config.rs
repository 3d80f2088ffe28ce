//! What a kubelet is configured with, and what distinguishes its node.

use crate::api::{Labels, Quantity, ResourceList, Str, Taint, quantity, reasons};
use crate::kernel::{Slot, Span};
use crate::setting;
use crate::wire::setting::Setting;

/// The configuration of all kubelets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How often the node's status is looked at. Default: 10 s.
    pub node_status_update_frequency: Span,
    /// How often it is posted when nothing changed. Default: 5 min, spread by a half either way.
    pub node_status_report_frequency: Span,
    /// How long the node's Lease lasts; it is renewed each quarter of this. Default: 40 s.
    pub node_lease_duration: Span,
    /// Calls per second. Default: 50.
    pub kube_api_qps: u32,
    /// Calls at once. Default: 100.
    pub kube_api_burst: u32,
    /// Events per second. Default: 50.
    pub event_qps: u32,
    /// Events at once. Default: 100.
    pub event_burst: u32,
    /// One image at a time. Default: true.
    pub serialize_image_pulls: bool,
    /// Pods on one node at most. Default: 110.
    pub max_pods: u32,
    /// CPU kept for the system \[thousandths\]. Default: 0.
    pub reserved_cpu_milli: u64,
    /// Memory kept for the system \[bytes\]. Default: 0.
    pub reserved_memory: u64,
    /// Memory that must stay available, else pods are evicted \[bytes\]. Default: 100Mi.
    pub eviction_hard_memory: u64,
    /// How often containers are looked at. Default: 1 s.
    pub pleg_relist_period: Span,
    /// First wait before a crashed container is started again. Default: 10 s.
    pub crash_back_off_initial: Span,
    /// Longest such wait. Default: 5 min.
    pub crash_back_off_max: Span,
    /// First wait before an image is fetched again. Default: 10 s.
    pub image_back_off_initial: Span,
    /// Longest such wait. Default: 5 min.
    pub image_back_off_max: Span,
    /// How often unwritten pod statuses are tried again. Default: 10 s.
    pub status_sync_period: Span,
    /// How long the runtime may be silent before the node is not ready. Default: 30 s.
    pub runtime_grace: Span,
    /// Kubelets of one cluster start within this time of each other. Default: 1 s.
    /// Simplified: machines boot at different moments.
    pub start_spread: Span,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            node_status_update_frequency: Span::secs(10),
            node_status_report_frequency: Span::mins(5),
            node_lease_duration: Span::secs(40),
            kube_api_qps: 50,
            kube_api_burst: 100,
            event_qps: 50,
            event_burst: 100,
            serialize_image_pulls: true,
            max_pods: 110,
            reserved_cpu_milli: 0,
            reserved_memory: 0,
            eviction_hard_memory: 100 << 20,
            pleg_relist_period: Span::secs(1),
            crash_back_off_initial: Span::secs(10),
            crash_back_off_max: Span::mins(5),
            image_back_off_initial: Span::secs(10),
            image_back_off_max: Span::mins(5),
            status_sync_period: Span::secs(10),
            runtime_grace: Span::secs(30),
            start_spread: Span::secs(1),
        }
    }
}

impl Config {
    /// How often the Lease is renewed: `nodeLeaseRenewIntervalFraction`, a quarter.
    #[must_use]
    pub fn lease_renew_interval(&self) -> Span {
        self.node_lease_duration / 4
    }

    /// What pods may use of `capacity`.
    ///
    /// Source: kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources.
    #[must_use]
    pub fn allocatable(&self, capacity: &ResourceList) -> ResourceList {
        let mut allocatable = capacity.clone();
        let kept = [
            (reasons::CPU, i128::from(self.reserved_cpu_milli) * 1_000_000),
            (
                reasons::MEMORY,
                (i128::from(self.reserved_memory) + i128::from(self.eviction_hard_memory)) * NANO,
            ),
        ];
        for (name, nano) in kept {
            if let Some(amount) = allocatable.get_mut(&name) {
                amount.nano = (amount.nano - nano).max(0);
            }
        }
        allocatable
    }
}

/// Billionths in a unit.
const NANO: i128 = 1_000_000_000;

/// What distinguishes a node.
#[derive(Clone, Debug)]
pub struct NodeFacts {
    /// Its name.
    pub name: Str,
    /// Its labels.
    pub labels: Labels,
    /// Taints it registers with.
    pub taints: Vec<Taint>,
    /// CPU, memory, pods, and what else it has.
    pub capacity: ResourceList,
    /// Its address.
    pub address: Str,
    /// Addresses of its pods: `10.244.3.0/24`.
    pub pod_cidr: Str,
    /// Its container runtime.
    pub runtime: Slot,
}

/// The CPU architecture in labels and node information.
const ARCH: Str = arcstr::literal!("amd64");

impl NodeFacts {
    /// A node with the labels that every kubelet sets.
    ///
    /// `cpu_milli` \[thousandths\] and `memory` \[bytes\] are the machine's; `config` says how many
    /// pods it takes.
    #[must_use]
    pub fn new(name: Str, (cpu_milli, memory): (i64, i64), runtime: Slot, config: &Config) -> Self {
        let labels = Labels::default()
            .with(reasons::LABEL_HOSTNAME, name.clone())
            .with("kubernetes.io/os", "linux")
            .with("kubernetes.io/arch", ARCH);
        let capacity = ResourceList::from([
            (reasons::CPU, Quantity::from_milli(cpu_milli)),
            (reasons::MEMORY, Quantity::from_units(memory, quantity::Format::BinarySI)),
            (
                reasons::PODS,
                Quantity::from_units(i64::from(config.max_pods), quantity::Format::DecimalSI),
            ),
        ]);
        let (address, pod_cidr) = (Str::new(), Str::new());
        NodeFacts { name, labels, taints: Vec::new(), capacity, address, pod_cidr, runtime }
    }

    /// In a zone of a region.
    #[must_use]
    pub fn in_zone(mut self, region: impl Into<Str>, zone: impl Into<Str>) -> Self {
        self.labels =
            self.labels.with(reasons::LABEL_REGION, region).with(reasons::LABEL_ZONE, zone);
        self
    }

    /// With the addresses of the node number `index` in the cluster: the node's own one, and a
    /// /24 for its pods from 10.244.0.0 on (as kubeadm's usual `--pod-network-cidr`, but going
    /// on after 10.255 with 10.0, so that 5,000 nodes find room).
    #[must_use]
    pub fn numbered(mut self, index: u16) -> Self {
        let [high, low] = index.to_be_bytes();
        let second = 244u8.wrapping_add(high);
        self.address = Str::from(format!("172.{}.{low}.2", 18u8.wrapping_add(high)));
        self.pod_cidr = Str::from(format!("10.{second}.{low}.0/24"));
        self
    }

    /// The first three numbers of its pods' addresses, with the dot: `10.244.3.`
    #[must_use]
    pub fn pod_prefix(&self) -> Str {
        self.pod_cidr.strip_suffix("0/24").map(Str::from).unwrap_or_default()
    }
}

/// What a scenario can change by name.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(
        Config,
        node_status_update_frequency,
        "nodeStatusUpdateFrequency",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        node_status_report_frequency,
        "nodeStatusReportFrequency",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        node_lease_duration,
        "nodeLeaseDurationSeconds",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        kube_api_qps,
        "kubeAPIQPS",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        kube_api_burst,
        "kubeAPIBurst",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        event_qps,
        "eventRecordQPS",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        event_burst,
        "eventBurst",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        serialize_image_pulls,
        "serializeImagePulls",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        max_pods,
        "maxPods",
        "kubernetes/kubernetes:pkg/kubelet/apis/config/v1beta1/defaults.go"
    ),
    setting!(
        Config,
        reserved_cpu_milli,
        "systemReserved.cpu",
        "kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources"
    ),
    setting!(
        Config,
        reserved_memory,
        "systemReserved.memory",
        "kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources"
    ),
    setting!(
        Config,
        eviction_hard_memory,
        "evictionHard.memory.available",
        "kubernetes/kubernetes:pkg/kubelet/eviction/defaults_linux.go"
    ),
    setting!(
        Config,
        pleg_relist_period,
        "plegRelistPeriod",
        "kubernetes/kubernetes:pkg/kubelet/kubelet.go"
    ),
    setting!(
        Config,
        crash_back_off_initial,
        "containerBackOffPeriod",
        "kubernetes/kubernetes:pkg/kubelet/kubelet.go"
    ),
    setting!(
        Config,
        crash_back_off_max,
        "crashLoopBackOff.maxContainerRestartPeriod",
        "kubernetes/kubernetes:pkg/kubelet/kubelet.go"
    ),
    setting!(
        Config,
        image_back_off_initial,
        "imageBackOffPeriod",
        "kubernetes/kubernetes:pkg/kubelet/kubelet.go"
    ),
    setting!(
        Config,
        image_back_off_max,
        "maxImageBackOff",
        "kubernetes/kubernetes:pkg/kubelet/kubelet.go"
    ),
    setting!(
        Config,
        status_sync_period,
        "podStatusSyncPeriod",
        "kubernetes/kubernetes:pkg/kubelet/status/status_manager.go"
    ),
    setting!(
        Config,
        runtime_grace,
        "maxWaitForContainerRuntime",
        "kubernetes/kubernetes:pkg/kubelet/kubelet.go"
    ),
    setting!(
        Config,
        start_spread,
        "kubeletStartSpread",
        "Simplified: machines boot at different moments"
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_what_they_write_and_have_names_of_their_own() {
        let mut names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        for setting in SETTINGS {
            let mut config = Config::default();
            let text = (setting.get)(&config);
            assert_eq!((setting.set)(&mut config, &text), Ok(()), "{}", setting.name);
            assert_eq!(config, Config::default(), "{}", setting.name);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SETTINGS.len());
    }

    #[test]
    fn what_is_kept_back_is_not_allocatable() {
        let config = Config { reserved_cpu_milli: 100, ..Config::default() };
        let facts = NodeFacts::new("n1".into(), (4000, 8 << 30), Slot(1), &config).numbered(3);
        let allocatable = config.allocatable(&facts.capacity);
        assert_eq!(allocatable[&reasons::CPU].milli_value(), 3900);
        assert_eq!(allocatable[&reasons::MEMORY].value(), (8 << 30) - (100 << 20));
        assert_eq!(facts.pod_prefix(), "10.244.3.");
    }
}
