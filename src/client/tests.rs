//! The client against faults: a component that mirrors pods and notes whatever it is told.

use std::collections::BTreeMap;

use crate::api::{Kind, Node, Object, ObjectKey, Pod, Resource};
use crate::kernel::{Purpose, Quiet, Sim, SimTime, Slot, Span, Start, Stream};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::api::{ApiCall, ApiOk, ApiReply, ClientTimer, Status, StatusReason};
use crate::wire::balancer::BalancerIn;
use crate::wire::scheduler::SchedulerIn;

use super::testing::{BALANCER, Component, Counts, Stage, cut_off, write};
use super::{ApiClient, ClientConfig, Delta, Incoming, IndexId, IndexKey, Informer, InformerId};

const PODS: InformerId = InformerId(0);
const NODES: InformerId = InformerId(1);
const BY_NODE: IndexId = IndexId(0);

/// Keeps a mirror of the pods from deltas alone, and checks each delta against it.
#[derive(Clone, Debug)]
struct Mirror {
    client: ApiClient<u32>,
    pods: Informer<Pod>,
    nodes: Informer<Node>,
    mirror: BTreeMap<ObjectKey, u64>,
    deltas: usize,
    answers: Vec<(SimTime, u32, Result<(), StatusReason>)>,
}

fn node_of(pod: &Pod) -> Option<IndexKey> {
    Some(IndexKey::Name(pod.spec.node_name.clone())).filter(|_| !pod.spec.node_name.is_empty())
}

impl Mirror {
    fn new() -> Self {
        let wrap = |timer: ClientTimer| Msg::from(SchedulerIn::Client(timer));
        Mirror {
            client: ApiClient::new(ClientConfig::new("mirror"), BALANCER, wrap),
            pods: Informer::new(PODS).index(node_of),
            nodes: Informer::new(NODES),
            mirror: BTreeMap::new(),
            deltas: 0,
            answers: Vec::new(),
        }
    }

    fn take(&mut self, delta: &Delta<Pod>) {
        self.deltas += 1;
        let version = |pod: &Pod| pod.metadata.resource_version;
        let old = delta.old.as_deref().map(version);
        assert_eq!(self.mirror.get(&delta.key()).copied(), old, "no delta is lost or doubled");
        match delta.new.as_deref() {
            Some(new) => self.mirror.insert(new.key(), version(new)),
            None => self.mirror.remove(&delta.key()),
        };
    }

    fn drain(&mut self, now: SimTime) {
        while let Some(incoming) = self.client.next() {
            match incoming {
                Incoming::Answer { tag, result } => {
                    let result: Result<ApiOk, Status> = result;
                    self.answers.push((now, tag, result.map(drop).map_err(|e| e.reason)));
                }
                Incoming::Feed(PODS, feed) => {
                    for delta in self.pods.apply(feed) {
                        self.take(&delta);
                    }
                }
                Incoming::Feed(_, feed) => drop(self.nodes.apply(feed)),
                Incoming::Leader(_) | Incoming::Events(_) => {}
            }
        }
    }
}

impl Component for Mirror {
    fn start(&mut self, cx: &mut Cx<'_>, _: Start) {
        self.client.start(cx);
        self.client.inform(cx, &self.pods);
        self.client.inform(cx, &self.nodes);
    }

    fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: Msg) {
        if let Msg::Scheduler(SchedulerIn::Api(reply)) = msg {
            self.client.handle(cx, from, reply);
        } else if let Msg::Scheduler(SchedulerIn::Client(timer)) = msg {
            self.client.timer(cx, timer);
        } else {
            // Anything else makes it call.
            let key = ObjectKey::new("default", "web-1");
            let tag = u32::try_from(self.answers.len()).unwrap();
            self.client.call(cx, tag, ApiCall::Get { kind: Kind::Pod, key });
        }
        self.drain(cx.now());
    }

    fn crash(&mut self) {
        self.client.crash();
        self.pods.crash();
        self.nodes.crash();
        self.mirror.clear();
    }
}

fn stage(servers: usize) -> Sim<Stage<Mirror>> {
    let reply = |reply: ApiReply| Msg::from(SchedulerIn::Api(reply));
    let mut sim = Stage::run(servers, vec![Mirror::new()], reply);
    for n in 0..5 {
        put(&mut sim, n, "n1");
    }
    sim.run_for(Span::secs(1));
    sim
}

fn put(sim: &mut Sim<Stage<Mirror>>, n: usize, node: &'static str) {
    let mut pod = Pod::default();
    pod.metadata.name = format!("web-{n}").into();
    pod.metadata.namespace = "default".into();
    pod.spec.node_name = node.into();
    write(sim, |store| drop(store.put(Object::from(pod))));
}

fn remove(sim: &mut Sim<Stage<Mirror>>, n: usize) {
    write(sim, |store| {
        store.remove(Kind::Pod, &ObjectKey::new("default", format!("web-{n}"))).unwrap();
    });
}

fn mirror(sim: &Sim<Stage<Mirror>>) -> &Mirror {
    &sim.world().components[0]
}

/// The mirror, the store of the informer and the servers' store hold the same.
fn in_step(sim: &Sim<Stage<Mirror>>) -> bool {
    let component = mirror(sim);
    let truth: BTreeMap<ObjectKey, u64> = sim
        .world()
        .store
        .all(Kind::Pod)
        .map(|pod| (pod.key(), pod.meta().resource_version))
        .collect();
    let listed = component.pods.lister().iter().map(|pod| (pod.key(), pod.meta().resource_version));
    component.mirror == truth && listed.collect::<BTreeMap<_, _>>() == truth
}

fn call(sim: &mut Sim<Stage<Mirror>>) {
    let slot = sim.world().component(0);
    sim.inject(slot, BalancerIn::Connect);
}

#[test]
fn an_informer_lists_watches_and_follows() {
    let mut sim = stage(1);
    assert!(in_step(&sim) && mirror(&sim).pods.has_synced() && mirror(&sim).nodes.has_synced());
    put(&mut sim, 7, "n2");
    remove(&mut sim, 0);
    put(&mut sim, 1, "n2");
    sim.run_for(Span::millis(10));
    assert!(in_step(&sim));
    let lister = mirror(&sim).pods.lister();
    let on = |node: &'static str| {
        let key = IndexKey::Name(node.into());
        lister.by(BY_NODE, &key).map(|pod| pod.metadata.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(on("n2"), ["web-1", "web-7"]);
    assert_eq!(on("n1"), ["web-2", "web-3", "web-4"]);
    assert_eq!(lister.in_namespace("default").count(), 5);
    assert_eq!(lister.in_namespace("defaul").count(), 0);
    assert_eq!(mirror(&sim).deltas, 8, "one delta for each difference");
}

#[test]
fn after_a_minute_of_partition_nothing_is_lost_and_nothing_comes_twice() {
    for seconds in [5, 20, 40, 60, 300] {
        let mut sim = stage(2);
        cut_off(&mut sim, 0);
        put(&mut sim, 8, "n1");
        remove(&mut sim, 2);
        sim.run_for(Span::secs(seconds / 2));
        put(&mut sim, 3, "n3");
        sim.run_for(Span::secs(seconds / 2));
        assert!(!in_step(&sim));
        sim.links_mut().heal_all();
        sim.run_for(Span::secs(50));
        assert!(in_step(&sim), "in step again after {seconds} s");
        put(&mut sim, 9, "n3");
        sim.run_for(Span::millis(10));
        assert!(in_step(&sim), "and still following after {seconds} s");
    }
}

#[test]
fn a_silent_server_is_given_up_after_45_seconds() {
    let mut sim = stage(2);
    let before = mirror(&sim).client.server();
    cut_off(&mut sim, 0);
    sim.run_for(Span::secs(44));
    assert_eq!(mirror(&sim).client.server(), before);
    sim.run_for(Span::secs(2));
    assert_eq!(mirror(&sim).client.server(), None);
}

#[test]
fn when_its_server_crashes_a_client_goes_to_another() {
    let mut sim = stage(2);
    let first = mirror(&sim).client.server().unwrap();
    sim.world_mut().healthy[first.index() - 1] = false;
    sim.crash(first);
    put(&mut sim, 6, "n1");
    call(&mut sim);
    sim.run_for(Span::secs(1));
    let second = mirror(&sim).client.server().unwrap();
    assert_ne!(first, second);
    assert!(in_step(&sim), "it learned of the crash by its call, and watches again");
    assert_eq!(mirror(&sim).answers[0].2, Err(StatusReason::ConnectionLost));
}

#[test]
fn a_server_that_was_restarted_between_two_messages_does_not_deceive() {
    let mut sim = stage(1);
    let server = mirror(&sim).client.server().unwrap();
    sim.crash(server);
    sim.restart(server);
    put(&mut sim, 6, "n1");
    sim.run_for(Span::secs(1));
    assert!(!in_step(&sim), "the watch is gone and nobody said so");
    sim.run_for(Span::secs(32));
    assert!(in_step(&sim), "a ping on an unknown connection is refused");
}

#[test]
fn a_forgotten_version_means_a_new_list_and_missed_deletions_are_found() {
    let mut sim = stage(1);
    cut_off(&mut sim, 0);
    remove(&mut sim, 0);
    remove(&mut sim, 4);
    put(&mut sim, 5, "n1");
    put(&mut sim, 1, "n2");
    sim.world_mut().store.compact();
    sim.run_for(Span::secs(60));
    sim.links_mut().heal_all();
    sim.run_for(Span::secs(20));
    assert!(in_step(&sim));
    assert_eq!(mirror(&sim).deltas, 5 + 4, "two gone, one new, one changed, and no more");
}

#[test]
fn a_call_without_an_answer_ends_after_its_time() {
    let mut sim = stage(1);
    sim.world_mut().servers[0].mute = true;
    call(&mut sim);
    sim.run_for(Span::secs(59));
    assert!(mirror(&sim).answers.is_empty());
    sim.run_for(Span::secs(2));
    assert_eq!(mirror(&sim).answers.len(), 1);
    let (at, _, result) = mirror(&sim).answers[0];
    assert_eq!(result, Err(StatusReason::ConnectionLost));
    assert_eq!(at, SimTime::from_secs(61));
    assert!(mirror(&sim).client.server().is_some(), "the connection itself is well");
}

#[test]
fn without_any_server_calls_fail_and_the_client_keeps_trying() {
    let mut sim = stage(2);
    for n in 0..2 {
        sim.crash(Stage::<Mirror>::server(n));
        sim.world_mut().healthy[n] = false;
    }
    call(&mut sim);
    sim.run_for(Span::secs(1));
    call(&mut sim);
    sim.run_for(Span::secs(30));
    let failed: Vec<_> = mirror(&sim).answers.iter().map(|(_, _, result)| *result).collect();
    assert_eq!(failed, [Err(StatusReason::ConnectionLost); 2]);
    sim.restart(Stage::<Mirror>::server(1));
    sim.world_mut().healthy[1] = true;
    put(&mut sim, 3, "n9");
    sim.run_for(Span::secs(12));
    assert!(in_step(&sim));
}

#[test]
fn calls_keep_to_the_rate_and_their_order() {
    let mut sim = stage(1);
    for _ in 0..30 {
        call(&mut sim);
    }
    let begin = sim.now();
    sim.run_for(Span::secs(10));
    let times: Vec<u64> =
        mirror(&sim).answers.iter().map(|(at, _, _)| at.since(begin).as_millis()).collect();
    assert_eq!(times.len(), 30);
    assert_eq!(times.iter().filter(|at| **at < 100).count(), 10, "the burst");
    assert!((3900..=4100).contains(times.last().unwrap()), "20 more at 5 a second: {times:?}");
}

#[test]
fn a_component_that_died_starts_afresh() {
    let mut sim = stage(1);
    let me = sim.world().component(0);
    sim.crash(me);
    remove(&mut sim, 2);
    sim.restart(me);
    sim.run_for(Span::secs(1));
    assert!(in_step(&sim));
}

#[test]
fn an_idle_hour_costs_little() {
    let mut sim = stage(1);
    let mut counts = Counts::default();
    let until = sim.now() + Span::hours(1);
    sim.run_until(until, &mut counts);
    assert_eq!(counts.0.get("Ping"), counts.0.get("Pong"));
    assert!(counts.0["Ping"] <= 120 && counts.0["ClientTimer"] <= 250, "{counts:?}");
}

#[test]
fn storms_of_faults_leave_everybody_in_step() {
    for seed in 0..40u64 {
        let mut sim = stage(3);
        let mut draw = Stream::new(seed, Slot(99), Purpose::named("storm"));
        for _ in 0..60 {
            let server = Stage::<Mirror>::server(draw.index(3));
            let pod = draw.index(12);
            match draw.below(9) {
                0 => sim.crash(server),
                1 | 2 => sim.restart(server),
                3 => cut_off(&mut sim, 0),
                4 => sim.links_mut().heal_all(),
                5 => sim.world_mut().store.compact(),
                6 if sim.world().store.get(Kind::Pod, &pod_key(pod)).is_some() => {
                    remove(&mut sim, pod);
                }
                _ => put(&mut sim, pod, "n1"),
            }
            let pause = Span::millis(draw.below(8000));
            let until = sim.now() + pause;
            sim.run_until(until, &mut Quiet);
        }
        sim.links_mut().heal_all();
        for n in 0..3 {
            sim.restart(Stage::<Mirror>::server(n));
        }
        sim.run_for(Span::secs(120));
        assert!(in_step(&sim), "seed {seed}");
    }
}

fn pod_key(n: usize) -> ObjectKey {
    ObjectKey::new("default", format!("web-{n}"))
}
