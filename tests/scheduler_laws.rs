//! Laws of the scheduler under random histories: it never overcommits a node, its queue loses no
//! pod, its counts are those that one would count.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use prova::api::pod::ResourceRequirements;
use prova::api::reasons::{LABEL_HOSTNAME, LABEL_ZONE};
use prova::api::{Container, LabelSelector, Labels, Node, ObjectMeta, Pod, PodSpec, Quantity, Uid};
use prova::kernel::{Purpose, SimTime, Slot, Span, Stream};
use prova::scheduler::cycle::{Algorithm, Outcome};
use prova::scheduler::events::ClusterEvent;
use prova::scheduler::framework::{PluginSet, Profile};
use prova::scheduler::node_info::PodInfo;
use prova::scheduler::queue::{Queue, QueueConfig};
use prova::scheduler::snapshot::Snapshot;

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    /// A node comes, or comes back with another size.
    Node { name: u8, zone: u8, cpu: i64, pods: i64 },
    /// A node goes; its pods stay accounted for.
    NodeGone(u8),
    /// A pod comes.
    Pod { app: u8, cpu: i64, port: bool },
    /// A pod goes, wherever it is.
    PodGone(usize),
    /// A pod begins to end.
    Terminate(usize),
    /// One cycle: decide, and confirm the binding or have it refused.
    Cycle { refused: bool },
    /// Time passes.
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..6u8, 0..3u8, 1..8i64, 1..5i64).prop_map(|(name, zone, cpu, pods)| {
            Step::Node { name, zone, cpu: cpu * 250, pods }
        }),
        1 => (0..6u8).prop_map(Step::NodeGone),
        6 => (0..3u8, 0..5i64, prop::bool::weighted(0.1)).prop_map(|(app, cpu, port)| {
            Step::Pod { app, cpu: cpu * 150, port }
        }),
        2 => any::<prop::sample::Index>().prop_map(|index| Step::PodGone(index.index(1000))),
        1 => any::<prop::sample::Index>().prop_map(|index| Step::Terminate(index.index(1000))),
        8 => prop::bool::weighted(0.1).prop_map(|refused| Step::Cycle { refused }),
        1 => (0..20u64).prop_map(Step::Wait),
    ]
}

/// A pod of the model.
#[derive(Clone, Debug)]
struct Known {
    pod: Arc<Pod>,
    cpu: i64,
    node: Option<String>,
}

/// The scheduler's parts without its messages, beside a model of the cluster.
struct Stage {
    snapshot: Snapshot,
    queue: Queue,
    profile: Profile,
    algorithm: Algorithm,
    chance: Stream,
    now: SimTime,
    nodes: BTreeMap<String, Arc<Node>>,
    pods: BTreeMap<u64, Known>,
    last_uid: u64,
}

impl Stage {
    fn new() -> Self {
        Stage {
            snapshot: Snapshot::default(),
            queue: Queue::new(QueueConfig::default()),
            profile: Profile::default(),
            algorithm: Algorithm::default(),
            chance: Stream::new(1, Slot(0), Purpose::named("scheduler-tie")),
            now: SimTime::ZERO,
            nodes: BTreeMap::new(),
            pods: BTreeMap::new(),
            last_uid: 0,
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Node { name, zone, cpu, pods } => self.node(*name, *zone, *cpu, *pods),
            Step::NodeGone(name) => {
                if let Some(node) = self.nodes.remove(&format!("n{name}")) {
                    self.snapshot.remove_node(&node.metadata.name);
                    self.tell(&ClusterEvent::NodeDeleted(node));
                }
            }
            Step::Pod { app, cpu, port } => self.pod(*app, *cpu, *port),
            Step::PodGone(index) => {
                if let Some(uid) = self.uid(*index) {
                    self.pods.remove(&uid);
                    self.queue.remove(Uid(uid));
                    self.leave(Uid(uid));
                }
            }
            Step::Terminate(index) => {
                let uid = self.uid(*index);
                if let Some(known) = uid.and_then(|uid| self.pods.get_mut(&uid))
                    && known.node.is_some()
                {
                    let mut pod = Pod::clone(&known.pod);
                    pod.metadata.deletion_timestamp = Some(prova::api::Time::default());
                    known.pod = Arc::new(pod);
                    self.snapshot.set_pod(Arc::clone(&known.pod));
                }
            }
            Step::Cycle { refused } => drop(self.cycle(*refused)),
            Step::Wait(secs) => {
                self.now += Span::secs(*secs);
                self.queue.flush(self.now);
            }
        }
    }

    fn uid(&self, index: usize) -> Option<u64> {
        let count = self.pods.len().max(1);
        self.pods.keys().nth(index % count).copied()
    }

    fn node(&mut self, name: u8, zone: u8, cpu: i64, pods: i64) {
        let name = format!("n{name}");
        let mut node = Node { metadata: ObjectMeta::named("", name.as_str()), ..Node::default() };
        let zone = format!("z{zone}");
        let labels = [(LABEL_HOSTNAME, name.as_str()), (LABEL_ZONE, zone.as_str())];
        node.metadata.labels = labels.into_iter().collect();
        // A node never shrinks below what is promised: that would be nobody's decision.
        let (used, count) = self.used(&name);
        let amount = |n: i64| Quantity::from_milli(n);
        node.status.allocatable.insert("cpu".into(), amount(cpu.max(used)));
        let pods = pods.max(i64::try_from(count).unwrap_or(0));
        node.status.allocatable.insert("pods".into(), amount(pods * 1000));
        let node = Arc::new(node);
        let old = self.nodes.insert(name, Arc::clone(&node));
        self.snapshot.set_node(Arc::clone(&node));
        self.tell(&ClusterEvent::Node { old, new: node });
    }

    /// CPU and number of the pods that the model has on a node.
    fn used(&self, name: &str) -> (i64, usize) {
        let here = self.pods.values().filter(|known| known.node.as_deref() == Some(name));
        here.fold((0, 0), |(cpu, count), known| (cpu + known.cpu, count + 1))
    }

    fn pod(&mut self, app: u8, cpu: i64, port: bool) {
        self.last_uid += 1;
        let uid = self.last_uid;
        let requests = [("cpu".into(), Quantity::from_milli(cpu))].into();
        let mut container = Container {
            resources: ResourceRequirements { requests, ..ResourceRequirements::default() },
            ..Container::default()
        };
        if port {
            let port = prova::api::pod::ContainerPort { host_port: 80, ..Default::default() };
            container.ports.push(port);
        }
        let spec = PodSpec { containers: [container].into(), ..PodSpec::default() };
        let metadata = ObjectMeta {
            labels: [("app", format!("a{app}"))].into_iter().collect(),
            uid: Uid(uid),
            ..ObjectMeta::named("default", format!("p{uid}"))
        };
        let pod = Arc::new(Pod { metadata, spec, ..Pod::default() });
        self.pods.insert(uid, Known { pod: Arc::clone(&pod), cpu, node: None });
        self.queue.add(Arc::new(PodInfo::of(pod)), self.now);
    }

    fn tell(&mut self, event: &ClusterEvent) {
        self.queue.on_event(event, &self.profile, self.now);
    }

    fn leave(&mut self, uid: Uid) {
        let info = self.snapshot.pod(uid).cloned();
        if self.snapshot.remove_pod(uid)
            && let Some(info) = info
        {
            self.tell(&ClusterEvent::PodDeleted(info));
        }
    }

    /// The pod that was tried, if one was ready.
    fn cycle(&mut self, refused: bool) -> Option<u64> {
        let info = self.queue.pop()?;
        let uid = info.pod.metadata.uid;
        let chance = &mut self.chance;
        match self.algorithm.schedule(&self.profile, &info, &mut self.snapshot, || chance) {
            Outcome::Node(id) => {
                let name = self.snapshot.node(id).name.clone();
                self.snapshot.assume(Arc::clone(&info), id);
                self.queue.decided(uid);
                if refused {
                    self.leave(uid);
                    let nobody = PluginSet::default();
                    self.queue.give_back(uid, nobody, &self.profile, self.now);
                } else {
                    let mut pod = Pod::clone(&info.pod);
                    pod.spec.node_name = name.clone();
                    let pod = Arc::new(pod);
                    self.queue.remove(uid);
                    self.snapshot.set_pod(Arc::clone(&pod));
                    let known = self.pods.get_mut(&uid.0).expect("only known pods are tried");
                    known.node = Some(name.to_string());
                    known.pod = Arc::clone(&pod);
                    self.tell(&ClusterEvent::PodAdded(pod));
                }
            }
            Outcome::NoNodes => {
                self.queue.give_back(uid, PluginSet::default(), &self.profile, self.now);
            }
            Outcome::Unschedulable { refused_by, .. } => {
                self.queue.give_back(uid, refused_by, &self.profile, self.now);
            }
        }
        Some(uid.0)
    }

    fn check_nodes(&self) {
        for (name, node) in &self.nodes {
            let info = self.snapshot.find(name).expect("a known node is in the picture");
            let (cpu, count) = self.used(name);
            assert_eq!(info.requested.milli_cpu, cpu, "{name}: CPU as one would add it up");
            assert_eq!(info.pods.len(), count, "{name}: pods as one would count them");
            let list = &node.status.allocatable;
            assert!(cpu <= list["cpu"].milli_value(), "{name}: CPU is overcommitted");
            let allowed = usize::try_from(list["pods"].value()).expect("a small number");
            assert!(count <= allowed, "{name}: too many pods");
            let with_port = self.pods.values().filter(|known| {
                known.node.as_deref() == Some(name)
                    && known.pod.spec.containers.iter().any(|c| !c.ports.is_empty())
            });
            assert!(with_port.count() <= 1, "{name}: a host port is taken twice");
        }
    }

    fn check_queue(&self) {
        let waiting = self.pods.iter().filter(|(_, known)| known.node.is_none());
        let mut count = 0;
        for (uid, _) in waiting {
            assert!(self.queue.contains(Uid(*uid)), "pod {uid} is lost");
            count += 1;
        }
        let sizes = self.queue.sizes();
        let queued = sizes.active + sizes.backoff + sizes.unschedulable + sizes.in_flight;
        assert_eq!(queued, count, "every waiting pod is in one place: {sizes:?}");
    }

    fn check_counts(&mut self) {
        let labels: Labels = [("app", "a1")].into_iter().collect();
        let selector = LabelSelector::of(labels.clone());
        let group = self.snapshot.spread_group(&"default".into(), &selector);
        let key = self.snapshot.topology_key(&LABEL_ZONE);
        let counts = self.snapshot.spread_by_value(group, key).to_vec();
        let mut got: BTreeMap<String, u32> = BTreeMap::new();
        for (value, pods) in counts.into_iter().enumerate().filter(|(_, pods)| *pods > 0) {
            let name = self.snapshot.topology().value_name(key, value).to_string();
            got.insert(name, pods);
        }
        let mut want: BTreeMap<String, u32> = BTreeMap::new();
        for known in self.pods.values() {
            let node = known.node.as_ref().and_then(|name| self.nodes.get(name));
            let meta = &known.pod.metadata;
            if let Some(node) = node
                && meta.labels.contains_all(&labels)
                && !meta.is_terminating()
            {
                let zone = node.metadata.labels.get(&LABEL_ZONE).expect("every node has a zone");
                *want.entry(zone.to_string()).or_insert(0) += 1;
            }
        }
        assert_eq!(got, want, "pods by zone as one would count them");
    }
}

proptest! {
    #[test]
    fn a_node_is_never_overcommitted_and_the_counts_are_true(steps in vec(step(), 1..200)) {
        let mut stage = Stage::new();
        for step in &steps {
            stage.step(step);
            stage.check_nodes();
            stage.check_counts();
        }
    }

    #[test]
    fn the_queue_loses_no_pod(steps in vec(step(), 1..200)) {
        let mut stage = Stage::new();
        for step in &steps {
            stage.step(step);
            stage.check_queue();
        }
        // Whoever still waits is tried again within five and a half minutes, come what may.
        let waiting: Vec<u64> = stage.pods.iter()
            .filter(|(_, known)| known.node.is_none())
            .map(|(uid, _)| *uid)
            .collect();
        let end = stage.now + Span::secs(331);
        let mut tried = std::collections::BTreeSet::new();
        while stage.now < end {
            for _ in 0..200 {
                let Some(uid) = stage.cycle(false) else { break };
                tried.insert(uid);
            }
            stage.now += Span::secs(1);
            stage.queue.flush(stage.now);
        }
        for uid in waiting {
            prop_assert!(tried.contains(&uid), "pod {} was never tried again", uid);
        }
    }

    #[test]
    fn the_next_flush_is_never_missed(steps in vec(step(), 1..100)) {
        let mut stage = Stage::new();
        for step in &steps {
            stage.step(step);
            let sizes = stage.queue.sizes();
            let due = stage.queue.next_flush(stage.now);
            prop_assert_eq!(due.is_some(), sizes.backoff + sizes.unschedulable > 0);
        }
    }
}
