//! The server's defaults, each once, with the real flag's name.

use crate::api::Str;
use crate::kernel::Span;
use crate::setting;
use crate::wire::setting::{Setting, SettingValue};

/// Everything about an API server that can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Longest life of a call that is not a watch. Default: 60 s.
    pub request_timeout: Span,
    /// Shortest life of a watch; each lives a random time up to twice as long. Default: 30 min.
    pub min_request_timeout: Span,
    /// Reads that may be worked on at one time. Default: 400.
    pub max_requests_inflight: usize,
    /// Writes that may be worked on at one time. Default: 200.
    pub max_mutating_requests_inflight: usize,
    /// How long an Event is kept. Default: 1 h.
    pub event_ttl: Span,
    /// How long pods stay on a node that is not ready \[s\]. Default: 300.
    pub default_not_ready_toleration_seconds: i64,
    /// How long pods stay on a node that cannot be reached \[s\]. Default: 300.
    pub default_unreachable_toleration_seconds: i64,
    /// Between two compactions of etcd; zero for none. Default: 5 min.
    pub etcd_compaction_interval: Span,
    /// How long etcd may be silent before the server calls itself unhealthy. Default: 2 s.
    pub etcd_healthcheck_timeout: Span,
    /// Where the addresses of Services come from. Default: `10.96.0.0/12`, as kubeadm sets it.
    pub service_cluster_ip_range: Cidr,
    /// Where the node ports of Services come from. Default: `30000-32767`.
    pub service_node_port_range: PortRange,
    /// What a read costs the server. Default: 300 µs.
    ///
    /// Simplified: the time depends on the size of the answer and on how busy the server is.
    pub read_cost: Span,
    /// What a write costs the server, without etcd. Default: 1 ms.
    ///
    /// Simplified: as `read_cost`; admission webhooks do not exist.
    pub write_cost: Span,
}

impl Default for Config {
    /// Source: kubernetes/apiserver:pkg/server/config.go, pkg/server/options;
    /// kubernetes/kubernetes:pkg/controlplane/apiserver/options.
    fn default() -> Self {
        Config {
            request_timeout: Span::secs(60),
            min_request_timeout: Span::secs(1800),
            max_requests_inflight: 400,
            max_mutating_requests_inflight: 200,
            event_ttl: Span::hours(1),
            default_not_ready_toleration_seconds: 300,
            default_unreachable_toleration_seconds: 300,
            etcd_compaction_interval: Span::mins(5),
            etcd_healthcheck_timeout: Span::secs(2),
            service_cluster_ip_range: Cidr { base: 0x0a60_0000, bits: 12 },
            service_node_port_range: PortRange { first: 30_000, last: 32_767 },
            read_cost: Span::micros(300),
            write_cost: Span::millis(1),
        }
    }
}

/// What a scenario can change of an API server, by the real flags' names.
pub const SETTINGS: &[Setting<Config>] = &[
    setting!(
        Config,
        request_timeout,
        "request-timeout",
        "kubernetes/apiserver:pkg/server/options/server_run_options.go"
    ),
    setting!(
        Config,
        min_request_timeout,
        "min-request-timeout",
        "kubernetes/apiserver:pkg/server/options/server_run_options.go (there in whole seconds)"
    ),
    setting!(
        Config,
        max_requests_inflight,
        "max-requests-inflight",
        "kubernetes/apiserver:pkg/server/options/server_run_options.go"
    ),
    setting!(
        Config,
        max_mutating_requests_inflight,
        "max-mutating-requests-inflight",
        "kubernetes/apiserver:pkg/server/options/server_run_options.go"
    ),
    setting!(
        Config,
        event_ttl,
        "event-ttl",
        "kubernetes/kubernetes:pkg/controlplane/apiserver/options/options.go"
    ),
    setting!(
        Config,
        default_not_ready_toleration_seconds,
        "default-not-ready-toleration-seconds",
        "kubernetes/kubernetes:plugin/pkg/admission/defaulttolerationseconds/admission.go"
    ),
    setting!(
        Config,
        default_unreachable_toleration_seconds,
        "default-unreachable-toleration-seconds",
        "kubernetes/kubernetes:plugin/pkg/admission/defaulttolerationseconds/admission.go"
    ),
    setting!(
        Config,
        etcd_compaction_interval,
        "etcd-compaction-interval",
        "kubernetes/apiserver:pkg/server/options/etcd.go"
    ),
    setting!(
        Config,
        etcd_healthcheck_timeout,
        "etcd-healthcheck-timeout",
        "kubernetes/apiserver:pkg/server/options/etcd.go"
    ),
    setting!(
        Config,
        service_cluster_ip_range,
        "service-cluster-ip-range",
        "kubernetes/kubeadm: networking.serviceSubnet"
    ),
    setting!(
        Config,
        service_node_port_range,
        "service-node-port-range",
        "kubernetes/kubernetes:pkg/controlplane/apiserver/options"
    ),
    setting!(Config, read_cost, "apiserver-read-cost", "no flag: a model of the server's own work"),
    setting!(
        Config,
        write_cost,
        "apiserver-write-cost",
        "no flag: a model of the server's own work"
    ),
];

/// A range of IPv4 addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// The first address, as a number.
    pub base: u32,
    /// How many leading bits are fixed. Range: 8 ..= 30.
    pub bits: u8,
}

/// A range of ports, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// The lowest.
    pub first: u16,
    /// The highest.
    pub last: u16,
}

impl Cidr {
    /// How many addresses there are.
    #[must_use]
    pub const fn size(&self) -> u32 {
        1 << (32 - self.bits as u32)
    }

    /// The address with this number from the base.
    #[must_use]
    pub fn address(&self, offset: u32) -> Str {
        let [a, b, c, d] = (self.base + offset).to_be_bytes();
        Str::from(format!("{a}.{b}.{c}.{d}"))
    }

    /// Whether `address` can be given to a Service: neither the base nor the broadcast address.
    #[must_use]
    pub fn contains(&self, address: &str) -> bool {
        let last = self.base + (self.size() - 1);
        parse_address(address).is_some_and(|number| number > self.base && number < last)
    }
}

/// An IPv4 address as a number: four decimal parts, none with a leading zero.
fn parse_address(text: &str) -> Option<u32> {
    let mut parts = text.split('.');
    let mut address = 0;
    for _ in 0..4 {
        let part = parts.next()?;
        let is_plain = part == "0" || !part.starts_with('0') && !part.starts_with('+');
        let number: u8 = part.parse().ok().filter(|_| is_plain)?;
        address = address << 8 | u32::from(number);
    }
    parts.next().is_none().then_some(address)
}

impl SettingValue for Cidr {
    const EXPECTED: &'static str = "a range such as 10.96.0.0/12";

    fn read(text: &str) -> Option<Self> {
        let (base, bits) = text.split_once('/')?;
        let base = parse_address(base)?;
        let bits: u8 = bits.parse().ok().filter(|bits| (8..=30).contains(bits))?;
        let mask = u32::MAX << (32 - u32::from(bits));
        Some(Cidr { base: base & mask, bits })
    }

    fn write(&self) -> String {
        format!("{}/{}", self.address(0), self.bits)
    }
}

impl SettingValue for PortRange {
    const EXPECTED: &'static str = "a range such as 30000-32767";

    fn read(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
        (0 < first && first <= last).then_some(PortRange { first, last })
    }

    fn write(&self) -> String {
        format!("{}-{}", self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_reads_back_what_it_writes() {
        for setting in SETTINGS {
            let mut config = Config::default();
            let text = (setting.get)(&config);
            assert_eq!((setting.set)(&mut config, &text), Ok(()), "{}", setting.name);
            assert_eq!(config, Config::default(), "{}", setting.name);
            assert!((setting.set)(&mut config, "§").is_err(), "{}", setting.name);
        }
    }

    #[test]
    fn addresses_lie_inside_their_range() {
        let range = Config::default().service_cluster_ip_range;
        assert_eq!(range.address(1), "10.96.0.1");
        assert!(range.contains("10.111.255.254") && !range.contains("10.111.255.255"));
        assert!(!range.contains("10.96.0.0") && !range.contains("10.112.0.1"));
        for bad in ["web", "10.96.0", "10.96.0.0.1", "10.96.00.1", "10.96.0.256"] {
            assert!(!range.contains(bad), "{bad}");
        }
    }
}
