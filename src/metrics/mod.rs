//! The metrics server: asks every kubelet what its pods use, and tells those who scale by it.
//!
//! It keeps only the newest window of each node, in memory; a metrics server that starts again
//! knows nothing until its first round is over. A node that does not answer drops out: its
//! window is told until the round that missed it must have ended, and then no longer.
//!
//! Simplified: it is given the list of kubelets instead of watching Nodes; it takes the kubelets'
//! averages as they are, where upstream subtracts two readings of a counter; it answers the
//! controller manager directly, where upstream is reached through the API server.
//!
//! Source: kubernetes-sigs/metrics-server:pkg/scraper/scraper.go, pkg/storage/pod.go.
//!
//! Floor: 3
//! Imports: kernel, api, wire

mod config;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{Str, Time};
use crate::kernel::{SimTime, Slot, Start, Timer};
use crate::wire::Cx;
use crate::wire::controllers::ControllersIn;
use crate::wire::kubelet::KubeletIn;
use crate::wire::metrics::{Measured, MetricsIn, MetricsTimer, PodPlace, PodSample, Usage};

pub use config::{Config, SETTINGS};

/// The metrics server's process.
#[derive(Clone, Debug)]
pub struct MetricsServer {
    config: Config,
    kubelets: Vec<Slot>,
    windows: BTreeMap<Str, Window>,
    round: Timer,
}

/// What the pods of a node used, as the node's kubelet last told.
#[derive(Clone, Debug)]
struct Window {
    at: SimTime,
    samples: Arc<[PodSample]>,
}

impl MetricsServer {
    /// A metrics server that asks `kubelets`.
    #[must_use]
    pub fn new(config: Config, kubelets: Vec<Slot>) -> Self {
        MetricsServer { config, kubelets, windows: BTreeMap::new(), round: Timer::default() }
    }

    /// Begins with a first round at once.
    pub fn start(&mut self, cx: &mut Cx<'_>, _start: Start) {
        self.scrape(cx);
    }

    /// Forgets everything: all windows are in memory.
    pub fn crash(&mut self) {
        self.windows.clear();
        self.round.stop();
    }

    /// A message or a timer.
    pub fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: MetricsIn) {
        match msg {
            // It has no API client: see the header.
            MetricsIn::Api(_) | MetricsIn::Client(_) => {}
            MetricsIn::Samples { node, samples } => {
                self.windows.insert(node, Window { at: cx.now(), samples });
            }
            MetricsIn::Query { id, pods } => {
                let usage = self.usage(cx.now(), id, &pods);
                cx.stream(from, ControllersIn::Metrics(Arc::new(usage)));
            }
            MetricsIn::Timer(MetricsTimer::Scrape(ticket)) => {
                if self.round.rings(ticket) {
                    self.scrape(cx);
                }
            }
        }
    }

    /// Asks all kubelets, and again after the resolution.
    ///
    /// Simplified: all at one moment; upstream spreads them over up to 4 s by chance.
    fn scrape(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        self.windows.retain(|_, window| counts(&self.config, window, now));
        for kubelet in &self.kubelets {
            cx.stream(*kubelet, KubeletIn::Scrape);
        }
        if !self.kubelets.is_empty() {
            self.round.arm(cx, self.config.metric_resolution, |ticket| {
                MetricsIn::Timer(MetricsTimer::Scrape(ticket)).into()
            });
        }
    }

    /// What `pods` use, as far as it is known at `now`.
    #[must_use]
    pub fn usage(&self, now: SimTime, id: u64, pods: &[PodPlace]) -> Usage {
        let mut samples = Vec::with_capacity(pods.len());
        for place in pods {
            let Some(window) = self.windows.get(&place.node) else { continue };
            if !counts(&self.config, window, now) {
                continue;
            }
            if let Some(sample) = window.samples.iter().find(|sample| sample.pod == place.pod) {
                samples.push(Measured { at: Time(window.at), sample: sample.clone() });
            }
        }
        Usage { id, samples: samples.into() }
    }
}

/// Whether a window is still told: not after the round that missed its node must have ended.
fn counts(config: &Config, window: &Window, now: SimTime) -> bool {
    now.since(window.at) <= config.metric_resolution + config.kubelet_request_timeout
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ObjectKey;
    use crate::kernel::Span;

    fn place(pod: &str, node: &str) -> PodPlace {
        let pod = ObjectKey { namespace: "shop".into(), name: pod.into() };
        PodPlace { pod, node: node.into() }
    }

    fn server() -> MetricsServer {
        let mut server = MetricsServer::new(Config::default(), vec![Slot(1)]);
        let sample = |name: &str, cpu_milli| PodSample {
            pod: place(name, "").pod,
            cpu_milli,
            memory_bytes: 1,
            window: Span::secs(15),
        };
        let samples: Arc<[PodSample]> = vec![sample("a", 100), sample("b", 200)].into();
        server.windows.insert("n1".into(), Window { at: SimTime::from_secs(30), samples });
        server
    }

    #[test]
    fn a_query_is_answered_with_the_samples_of_its_pods_only() {
        let pods = [place("b", "n1"), place("c", "n1"), place("a", "n2")];
        let usage = server().usage(SimTime::from_secs(40), 7, &pods);
        assert_eq!(usage.id, 7);
        let cpu = |measured: &Measured| (measured.at, measured.sample.cpu_milli);
        let cpu: Vec<(Time, u64)> = usage.samples.iter().map(cpu).collect();
        assert_eq!(cpu, [(Time(SimTime::from_secs(30)), 200)]);
    }

    #[test]
    fn a_node_that_no_longer_answers_drops_out() {
        let pods = [place("a", "n1")];
        let count = |secs| server().usage(SimTime::from_secs(secs), 1, &pods).samples.len();
        assert_eq!(count(55), 1, "the round that missed it has not ended");
        assert_eq!(count(56), 0);
    }

    #[test]
    fn a_metrics_server_that_starts_again_knows_nothing() {
        let mut server = server();
        server.crash();
        assert!(server.usage(SimTime::from_secs(31), 1, &[place("a", "n1")]).samples.is_empty());
    }
}
