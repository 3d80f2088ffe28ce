//! What a delivered event costs end to end, at 100 and at 5,000 nodes, and what a checkpoint costs.
//!
//! The whole control plane works: API server, three etcd members on Raft, scheduler, controller
//! manager, kubelets, runtimes, proxies. The load is a Deployment that fills part of the cluster.
//! Absolute times depend on the machine, so the 5,000-node figure is also printed as a ratio
//! against the 100-node one of the same run.
//!
//! With `--settled` one further virtual hour of each filled cluster is played and timed.
//!
//! `cargo bench --bench cluster [-- --settled]`; in `cargo test` it runs tiny.

#![expect(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock")]

use std::sync::Arc;
use std::time::Instant;

use prova::api::pod::Container;
use prova::api::{Deployment, LabelSelector, Labels, Object, ObjectMeta, PodPhase};
use prova::cluster::{Cluster, ClusterSpec, Role, build};
use prova::kernel::{Sim, Span};
use prova::wire::operator::{Command, OperatorIn};

/// Flags that clusters of thousands of nodes raise.
const SETTINGS: &[(&str, &str)] = &[
    ("kube-controller-manager.kube-api-qps", "1000"),
    ("kube-controller-manager.kube-api-burst", "1000"),
    ("kube-scheduler.kube-api-qps", "1000"),
    ("kube-scheduler.kube-api-burst", "1000"),
    ("kube-apiserver.max-requests-inflight", "4000"),
    ("kube-apiserver.max-mutating-requests-inflight", "2000"),
];

fn deployment(replicas: i32) -> Object {
    let labels = Labels::from_iter([("app", "filler")]);
    let mut filler =
        Deployment { metadata: ObjectMeta::named("default", "filler"), ..Deployment::default() };
    filler.spec.replicas = replicas;
    filler.spec.selector = LabelSelector::of(labels.clone());
    filler.spec.template.metadata.labels = labels;
    let container =
        Container { name: "c".into(), image: "shop/frontend:v1".into(), ..Container::default() };
    filler.spec.template.spec.containers = Arc::from([container]);
    filler.into()
}

fn stage(nodes: usize) -> Sim<Cluster> {
    let settings = SETTINGS.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    let spec = ClusterSpec {
        etcd_members: 3,
        control_planes: 3,
        metrics_server: false,
        settings: settings.collect(),
        ..ClusterSpec::with_workers(nodes)
    };
    let mut sim = build(&spec, 1).expect("the settings are real");
    sim.boot();
    sim
}

/// Plays until `pods` run (or ten virtual minutes pass); nanoseconds per delivered event.
fn fill(nodes: usize, pods: i32) -> (Sim<Cluster>, f64) {
    let mut sim = stage(nodes);
    let start = Instant::now();
    sim.run_for(Span::secs(10));
    let operator = sim.world().directory().slot(Role::Operator);
    let command = Command::Apply(vec![deployment(pods)]);
    sim.inject(operator, OperatorIn::Do(Box::new(command)));
    for _ in 0..60 {
        sim.run_for(Span::secs(10));
        let stored = sim.world().stored(prova::api::Kind::Pod);
        let running = stored.iter().filter(
            |object| matches!(object, Object::Pod(pod) if pod.status.phase == PodPhase::Running),
        );
        if running.count() == usize::try_from(pods).unwrap_or(0) {
            break;
        }
    }
    let nanos = start.elapsed().as_nanos() as f64 / sim.delivered() as f64;
    (sim, nanos)
}

/// Plays one virtual hour in which nobody asks for anything: wall seconds, and events.
fn settle(mut sim: Sim<Cluster>) -> (f64, u64) {
    let (start, before) = (Instant::now(), sim.delivered());
    sim.run_for(Span::mins(60));
    (start.elapsed().as_secs_f64(), sim.delivered() - before)
}

fn main() {
    let settled = std::env::args().any(|arg| arg == "--settled");
    let tiny = !std::env::args().any(|arg| arg == "--bench");
    let sizes: &[(usize, i32)] = if tiny { &[(3, 9)] } else { &[(100, 3_000), (5_000, 20_000)] };
    println!("nodes   pods     events       ns/event   ratio   clone ms   digest");
    let mut first = None;
    for (nodes, pods) in sizes {
        let (sim, nanos) = fill(*nodes, *pods);
        let base = *first.get_or_insert(nanos);
        let start = Instant::now();
        let clone = sim.clone();
        let clone_ms = start.elapsed().as_secs_f64() * 1e3;
        assert_eq!(clone.digest(), sim.digest());
        println!(
            "{nodes:>5}  {pods:>6}  {:>10}  {nanos:>10.0}   {:>5.2}  {clone_ms:>9.2}   {}",
            sim.delivered(),
            nanos / base,
            sim.digest()
        );
        drop(clone);
        if settled || tiny {
            let (seconds, events) = settle(sim);
            println!("{nodes:>5}  settled hour: {seconds:.1} s wall, {events} events");
        }
    }
}
