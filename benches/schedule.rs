//! What a scheduling cycle costs in real time, at 5,000 nodes.
//!
//! Pods of fifty ReplicaSets (so with the system's default spreading constraints) are decided on
//! and assumed one after the other, as the actor does it.
//!
//! `cargo bench --bench schedule`; with `-- --tiny` (and in `cargo test`) it only checks that all
//! pods find a node.

#![expect(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock")]

use std::sync::Arc;
use std::time::Instant;

use prova::api::pod::ResourceRequirements;
use prova::api::reasons::{LABEL_HOSTNAME, LABEL_ZONE};
use prova::api::{
    Container, Kind, LabelSelector, Labels, Node, ObjectMeta, OwnerReference, Pod, PodSpec,
    Quantity, ReplicaSet, Uid,
};
use prova::kernel::{Digest, Purpose, Slot, Stream};
use prova::scheduler::cycle::{Algorithm, Outcome};
use prova::scheduler::framework::Profile;
use prova::scheduler::node_info::PodInfo;
use prova::scheduler::snapshot::Snapshot;

const SETS: u64 = 50;

fn node(number: u64) -> Node {
    let name = format!("node-{number}");
    let zone = format!("zone-{}", number % 3);
    let mut node = Node { metadata: ObjectMeta::named("", name.as_str()), ..Node::default() };
    let labels = [(LABEL_HOSTNAME, name.as_str()), (LABEL_ZONE, zone.as_str())];
    node.metadata.labels = labels.into_iter().collect();
    let list = &mut node.status.allocatable;
    list.insert("cpu".into(), Quantity::from_milli(8_000));
    list.insert("memory".into(), Quantity::from_milli(32_000 * (1 << 30)));
    list.insert("pods".into(), Quantity::from_milli(110_000));
    node
}

fn labels(set: u64) -> Labels {
    [("app", format!("app-{set}"))].into_iter().collect()
}

fn pod(number: u64, owned: bool) -> Pod {
    let set = number % SETS;
    let mut requests = prova::api::ResourceList::new();
    requests.insert("cpu".into(), Quantity::from_milli(100));
    requests.insert("memory".into(), Quantity::from_milli(200 * (1 << 20) * 1000));
    let resources = ResourceRequirements { requests, ..ResourceRequirements::default() };
    let container = Container { resources, image: "shop:1".into(), ..Container::default() };
    let owner = OwnerReference {
        kind: Kind::ReplicaSet,
        name: format!("set-{set}").into(),
        uid: Uid(1_000_000 + set),
        controller: true,
        block_owner_deletion: true,
    };
    let metadata = ObjectMeta {
        labels: labels(set),
        uid: Uid(number + 1),
        owner_references: if owned { vec![owner] } else { Vec::new() },
        ..ObjectMeta::named("default", format!("pod-{number}"))
    };
    let spec = PodSpec { containers: [container].into(), ..PodSpec::default() };
    Pod { metadata, spec, ..Pod::default() }
}

fn play(nodes: u64, pods: u64, owned: bool) -> (f64, u64) {
    let (profile, mut algorithm) = (Profile::default(), Algorithm::default());
    let mut snapshot = Snapshot::default();
    let mut chance = Stream::new(1, Slot(0), Purpose::named("scheduler-tie"));
    for number in 0..nodes {
        snapshot.set_node(Arc::new(node(number)));
    }
    for set in 0..SETS {
        let metadata = ObjectMeta::named("default", format!("set-{set}"));
        let mut owner = ReplicaSet { metadata, ..ReplicaSet::default() };
        owner.spec.selector = LabelSelector::of(labels(set));
        snapshot.selectors.set_replica_set(&owner.metadata.key(), Some(&owner));
    }
    let waiting: Vec<Arc<Pod>> = (0..pods).map(|number| Arc::new(pod(number, owned))).collect();
    let mut digest = Digest::default();
    let start = Instant::now();
    for pod in waiting {
        let info = Arc::new(PodInfo::of(pod));
        let found = algorithm.schedule(&profile, &info, &mut snapshot, || &mut chance);
        let Outcome::Node(id) = found else { panic!("there is room for every pod") };
        digest.fold(u64::from(id.0));
        snapshot.assume(info, id);
    }
    (start.elapsed().as_secs_f64(), digest.value())
}

fn main() {
    let tiny =
        !std::env::args().any(|arg| arg == "--bench") || std::env::args().any(|a| a == "--tiny");
    println!("nodes   pods     of a ReplicaSet   µs per pod   digest");
    for (nodes, pods, owned) in [(5_000, 50_000, false), (5_000, 50_000, true), (100, 3_000, true)]
    {
        let (nodes, pods) = if tiny { (nodes / 50, pods / 500) } else { (nodes, pods) };
        let (secs, digest) = play(nodes, pods, owned);
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let micros = secs * 1e6 / pods as f64;
        println!("{nodes:<7} {pods:<8} {owned:<17} {micros:<12.1} {digest:016x}");
    }
}
