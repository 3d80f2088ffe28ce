//! The death of nodes, step by step, with the taint eviction controller beside.

use super::super::rig::{Rig, key};
use super::super::runner::Runner;
use super::super::taint_eviction::TaintEvictionController;
use super::*;
use crate::api::conditions::Condition;
use crate::api::pod::Toleration;
use crate::api::reasons::{LABEL_ZONE, TAINT_NOT_READY, TAINT_UNREACHABLE};
use crate::api::{ObjectMeta, TaintEffect, Time};

fn rig() -> Rig {
    Rig::new(&[Runner::<NodeLifecycleController>::ENTRY, Runner::<TaintEvictionController>::ENTRY])
}

fn node_key(name: &str) -> ObjectKey {
    ObjectKey::new("", name)
}

fn add_node(rig: &mut Rig, name: &str, zone: &str) {
    let mut node = Node { metadata: ObjectMeta::named("", name), ..Node::default() };
    node.metadata.labels = [(LABEL_ZONE.as_str(), zone)].into_iter().collect();
    let mut ready = Condition::new(READY, true, "KubeletReady".into(), Str::new());
    ready.last_heartbeat_time = Some(Time(rig.now));
    node.status.conditions.0.push(ready);
    rig.create(node);
    let namespace = NS_KUBE_NODE_LEASE;
    rig.create(Lease { metadata: ObjectMeta::named(namespace, name), ..Lease::default() });
    rig.settle();
}

fn add_pod(rig: &mut Rig, name: &str, node: &str, tolerated: Option<i64>) {
    let mut pod = Pod { metadata: ObjectMeta::named("default", name), ..Pod::default() };
    pod.spec.node_name = node.into();
    let toleration = |key: &Str| Toleration {
        key: key.clone(),
        operator: "Exists".into(),
        effect: Some(TaintEffect::NoExecute),
        toleration_seconds: tolerated,
        ..Toleration::default()
    };
    if tolerated.is_some() {
        pod.spec.tolerations =
            [TAINT_NOT_READY, TAINT_UNREACHABLE].iter().map(toleration).collect();
    }
    pod.status.conditions.0.push(Condition::new(READY, true, Str::new(), Str::new()));
    rig.create(pod);
    rig.settle();
}

/// Ticks every 5 s for `secs`; the nodes in `alive` renew their Leases before every look.
fn run(rig: &mut Rig, secs: u64, alive: &[&str]) {
    for _ in 0..secs / 5 {
        for name in alive {
            let now = Time(rig.now);
            let key = ObjectKey::new(NS_KUBE_NODE_LEASE, *name);
            rig.change::<Lease>(&key, |lease| lease.spec.renew_time = Some(now));
        }
        rig.settle();
        rig.tick();
        rig.pass(Span::secs(5));
    }
}

fn taints(rig: &Rig, name: &str) -> Vec<String> {
    let node = rig.get::<Node>(&node_key(name)).unwrap();
    let text = |taint: &crate::api::Taint| format!("{}:{}", taint.key, taint.effect.name());
    let mut texts: Vec<String> = node.spec.taints.iter().map(text).collect();
    texts.sort();
    texts
}

fn post_ready(rig: &mut Rig, name: &str, status: bool) {
    let now = Time(rig.now);
    rig.change::<Node>(&node_key(name), |node| {
        let mut ready = Condition::new(READY, status, "Kubelet".into(), Str::new());
        ready.last_heartbeat_time = Some(now);
        node.status.conditions.set(ready, now);
    });
    rig.settle();
}

#[test]
fn a_silent_node_is_written_off_step_by_step() {
    let mut rig = rig();
    ["n1", "n2", "n3"].iter().for_each(|name| add_node(&mut rig, name, "a"));
    add_pod(&mut rig, "p", "n1", Some(300));
    run(&mut rig, 10, &["n1", "n2", "n3"]);
    let registered = "RegisteredNode: Node n1 event: Registered Node n1 in Controller";
    assert!(rig.told().contains(&registered.to_owned()), "{:?}", rig.told());
    rig.said.clear();
    rig.take_writes();
    // The last renewal was seen 5 s ago, so 50 s of silence end with the next look after 45 s.
    run(&mut rig, 50, &["n2", "n3"]);
    assert_eq!(rig.take_writes(), [""; 0], "nothing changed, nothing is written");
    run(&mut rig, 5, &["n2", "n3"]);
    assert_eq!(rig.take_writes(), ["update Node", "patch Pod", "patch Node", "patch Node"]);
    assert_eq!(
        taints(&rig, "n1"),
        ["node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/unreachable:NoSchedule"]
    );
    assert_eq!(
        rig.told(),
        ["NodeNotReady: Node n1 status is now: NodeNotReady", "NodeNotReady: Node is not ready"]
    );
    let condition = rig.get::<Node>(&node_key("n1")).unwrap();
    let condition = condition.status.conditions.get(&READY).cloned().unwrap();
    assert_eq!(condition.message, "Kubelet stopped posting node status.");
    rig.said.clear();
    run(&mut rig, 290, &["n2", "n3"]);
    assert!(rig.get::<Pod>(&key("p")).is_some_and(|pod| !pod.metadata.is_terminating()));
    run(&mut rig, 10, &["n2", "n3"]);
    assert_eq!(rig.told(), ["TaintManagerEviction: Marking for deletion Pod default/p"]);
    assert_eq!(rig.take_writes(), ["patch Pod", "delete Pod"]);
}

#[test]
fn a_node_that_comes_back_in_time_keeps_its_pods() {
    let mut rig = rig();
    ["n1", "n2"].iter().for_each(|name| add_node(&mut rig, name, "a"));
    add_pod(&mut rig, "p", "n1", Some(300));
    run(&mut rig, 5, &["n1", "n2"]);
    run(&mut rig, 100, &["n2"]);
    assert_eq!(taints(&rig, "n1").len(), 2);
    post_ready(&mut rig, "n1", true);
    assert_eq!(taints(&rig, "n1").len(), 1, "NoSchedule goes at once");
    rig.said.clear();
    run(&mut rig, 5, &["n1", "n2"]);
    assert_eq!(taints(&rig, "n1"), [""; 0], "NoExecute goes with the next look");
    assert_eq!(rig.told(), ["TaintManagerEviction: Cancelling deletion of Pod default/p"]);
    run(&mut rig, 400, &["n1", "n2"]);
    assert!(rig.get::<Pod>(&key("p")).is_some_and(|pod| !pod.metadata.is_terminating()));
}

#[test]
fn nodes_of_a_zone_are_emptied_one_in_ten_seconds() {
    let mut rig = rig();
    let names = ["n1", "n2", "n3", "n4", "n5"];
    names.iter().for_each(|name| add_node(&mut rig, name, "a"));
    run(&mut rig, 5, &names);
    // Two of five are never many.
    run(&mut rig, 55, &names[2..]);
    let executing = |rig: &Rig| {
        let has = |name: &&&str| taints(rig, name).iter().any(|taint| taint.ends_with("NoExecute"));
        names.iter().filter(has).count()
    };
    assert_eq!(executing(&rig), 1);
    run(&mut rig, 10, &names[2..]);
    assert_eq!(executing(&rig), 2);
}

#[test]
fn when_all_zones_are_silent_no_pod_is_ended() {
    let mut rig = rig();
    add_node(&mut rig, "n1", "a");
    add_node(&mut rig, "n2", "b");
    add_pod(&mut rig, "p", "n1", Some(0));
    run(&mut rig, 5, &["n1", "n2"]);
    run(&mut rig, 600, &[]);
    assert_eq!(taints(&rig, "n1"), ["node.kubernetes.io/unreachable:NoSchedule"]);
    assert!(rig.get::<Pod>(&key("p")).is_some_and(|pod| !pod.metadata.is_terminating()));
    assert!(rig.get::<Pod>(&key("p")).is_some_and(|pod| !pod.is_ready()));
}

#[test]
fn a_cordoned_node_gets_its_taint_and_loses_it() {
    let mut rig = rig();
    add_node(&mut rig, "n1", "a");
    rig.change::<Node>(&node_key("n1"), |node| node.spec.unschedulable = true);
    rig.settle();
    assert_eq!(taints(&rig, "n1"), ["node.kubernetes.io/unschedulable:NoSchedule"]);
    rig.change::<Node>(&node_key("n1"), |node| node.spec.unschedulable = false);
    rig.settle();
    assert_eq!(taints(&rig, "n1"), [""; 0]);
}

#[test]
fn a_kubelet_that_says_not_ready_exchanges_the_taints() {
    let mut rig = rig();
    ["n1", "n2"].iter().for_each(|name| add_node(&mut rig, name, "a"));
    run(&mut rig, 5, &["n1", "n2"]);
    run(&mut rig, 60, &["n2"]);
    post_ready(&mut rig, "n1", false);
    run(&mut rig, 5, &["n1", "n2"]);
    assert_eq!(
        taints(&rig, "n1"),
        ["node.kubernetes.io/not-ready:NoExecute", "node.kubernetes.io/not-ready:NoSchedule"]
    );
}

#[test]
fn a_cache_that_lags_behind_does_not_cost_a_turn() {
    let mut rig = rig();
    ["n1", "n2"].iter().for_each(|name| add_node(&mut rig, name, "a"));
    run(&mut rig, 5, &["n1", "n2"]);
    run(&mut rig, 50, &["n2"]);
    let now = Time(rig.now);
    let key = ObjectKey::new(NS_KUBE_NODE_LEASE, "n2");
    rig.change::<Lease>(&key, |lease| lease.spec.renew_time = Some(now));
    rig.settle();
    rig.watching = false;
    rig.tick();
    rig.pass(Span::millis(50));
    assert_eq!(taints(&rig, "n1"), [""; 0]);
    rig.watching = true;
    rig.settle();
    assert_eq!(taints(&rig, "n1").len(), 2);
}
