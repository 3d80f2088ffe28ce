//! What time travel costs: a checkpoint, a seek, a step back, and the memory of all checkpoints,
//! in a run of half an hour with 100 nodes and 3,000 pods.
//!
//! Seeks are also printed as a ratio against playing from the beginning in the same run.
//!
//! `cargo bench --bench timeline`; in `cargo test` it runs tiny.

#![expect(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock")]

use std::sync::Arc;
use std::time::Instant;

use prova::kernel::{SimTime, Span};
use prova::lab::{Options, Timeline};
use prova::scenario::source::{ReadError, Sources};
use prova::scenario::{Overrides, Plan, load};

/// As in the program: a clone makes many small objects of a few sizes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Only(String);

impl Sources for Only {
    fn read(&self, _name: &str) -> Result<String, ReadError> {
        Ok(self.0.clone())
    }
}

fn plan(nodes: u32, deployments: u32, copies: u32, minutes: u32) -> Arc<Plan> {
    let text = format!(
        r##"(title: "zaman yolculuğu", until: "{minutes}m",
    cluster: (control_planes: 3, etcd: 3, nodes: [(name: "n", count: {nodes})], settings: {{
        "kube-controller-manager.kube-api-qps": 200, "kube-controller-manager.kube-api-burst": 200,
    }}),
    apply: [many(inline(r#"
apiVersion: apps/v1
kind: Deployment
metadata: {{name: "app-{{app}}"}}
spec:
  replicas: {copies}
  selector: {{matchLabels: {{app: "app-{{app}}"}}}}
  template:
    metadata: {{labels: {{app: "app-{{app}}"}}}}
    spec: {{containers: [{{name: c, image: "nginx:1", resources: {{requests: {{cpu: 10m}}}}}}]}}
"#), {{"app": {deployments}}})],
)"##
    );
    let loaded = load(&["bench.ron"], &Overrides::default(), &Only(text));
    Arc::new(loaded.value.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics)))
}

/// Resident memory \[MiB\]; 0 where the system does not tell.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

fn main() {
    let tiny = !std::env::args().any(|arg| arg == "--bench");
    let plan = if tiny { plan(3, 2, 3, 1) } else { plan(100, 30, 100, 30) };
    let mut timeline = Timeline::new(plan.clone(), Options::default()).expect("a checked plan");
    let start = Instant::now();
    timeline.explore_all();
    let played = millis(start);
    let frontier = timeline.frontier();
    println!(
        "played {} steps in {played:.0} ms, {} checkpoints, {} MiB, digest {}",
        frontier.step,
        timeline.checkpoints(),
        memory(),
        timeline.known().sim().digest()
    );
    let start = Instant::now();
    let clone = timeline.known().clone();
    println!("checkpoint  {:>8.2} ms", millis(start));
    drop(clone);
    let mut worst: f64 = 0.0;
    let end = plan.until.as_nanos();
    for part in [97, 3, 50, 51, 20, 99, 1, 75, 33, 66] {
        let start = Instant::now();
        timeline.seek(SimTime::ZERO + Span::nanos(end / 100 * part));
        worst = worst.max(millis(start));
    }
    println!("worst seek  {worst:>8.2} ms, {:.4} of playing it all", worst / played);
    let start = Instant::now();
    timeline.back();
    println!("step back   {:>8.2} ms", millis(start));
}
