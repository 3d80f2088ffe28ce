//! The scheduler against a small stage: what it writes, in which words, and who of two writes.

use crate::api::pod::{Container, ResourceRequirements};
use crate::api::reasons::{LABEL_ZONE, POD_SCHEDULED, TAINT_UNREACHABLE};
use crate::api::{
    Event, Kind, Node, Object, ObjectKey, ObjectMeta, Pod, Quantity, ResourceList, Taint,
    TaintEffect,
};
use crate::client::testing::{Component, Stage, cut_off, write};
use crate::kernel::{Sim, Slot, Span, Start};
use crate::scheduler::{Config, Scheduler};
use crate::wire::Cx;
use crate::wire::Msg;
use crate::wire::scheduler::SchedulerIn;

impl Component for Scheduler {
    fn start(&mut self, cx: &mut Cx<'_>, start: Start) {
        Scheduler::start(self, cx, start);
    }

    fn handle(&mut self, cx: &mut Cx<'_>, from: Slot, msg: Msg) {
        if let Msg::Scheduler(msg) = msg {
            Scheduler::handle(self, cx, from, msg);
        }
    }

    fn crash(&mut self) {
        Scheduler::crash(self);
    }
}

type Run = Sim<Stage<Scheduler>>;

fn run(schedulers: usize) -> Run {
    let one = |number| {
        Scheduler::new(Config::default(), crate::client::testing::BALANCER, format!("m{number}"))
    };
    Stage::run(1, (0..schedulers).map(one).collect(), |reply| SchedulerIn::Api(reply).into())
}

fn amounts(cpu: i64, pods: i64) -> ResourceList {
    let mut list = ResourceList::new();
    list.insert("cpu".into(), Quantity::from_milli(cpu));
    list.insert("pods".into(), Quantity::from_milli(pods * 1000));
    list
}

fn node(name: &str, cpu: i64, taints: &[(&str, TaintEffect)]) -> Object {
    let mut node = Node { metadata: ObjectMeta::named("", name), ..Node::default() };
    node.metadata.labels = [(LABEL_ZONE, "z")].into_iter().collect();
    node.status.allocatable = amounts(cpu, 110);
    node.spec.taints = taints
        .iter()
        .map(|(key, effect)| Taint { key: (*key).into(), effect: *effect, ..Taint::default() })
        .collect();
    node.into()
}

fn pod(name: &str, cpu: i64) -> Object {
    let requests = [("cpu".into(), Quantity::from_milli(cpu))].into();
    let resources = ResourceRequirements { requests, ..ResourceRequirements::default() };
    let container = Container { resources, ..Container::default() };
    let mut pod = Pod { metadata: ObjectMeta::named("default", name), ..Pod::default() };
    pod.spec.containers = [container].into();
    pod.into()
}

fn stored(run: &Run, name: &str) -> Pod {
    let key = ObjectKey::new("default", name);
    let object = run.world().store.get(Kind::Pod, &key).expect("the pod is there");
    Pod::clone(object.as_kind::<Pod>().expect("a pod"))
}

/// `reason: message (times)` of every Event.
fn events(run: &Run) -> Vec<String> {
    let all = run.world().store.all(Kind::Event).filter_map(Object::as_kind::<Event>);
    all.map(|event| format!("{}: {}", event.reason, event.message)).collect()
}

#[test]
fn a_pod_gets_the_emptier_node_and_an_event_says_so() {
    let mut run = run(1);
    write(&mut run, |store| {
        store.put(node("n1", 1000, &[]));
        store.put(node("n2", 4000, &[]));
        store.put(pod("web", 500));
    });
    run.run_for(Span::secs(5));
    assert_eq!(stored(&run, "web").spec.node_name, "n2");
    assert_eq!(events(&run), ["Scheduled: Successfully assigned default/web to n2"]);
    assert_eq!(run.world().components[0].queue().sizes(), Default::default());
}

#[test]
fn a_pod_without_a_node_is_told_of_in_kubernetes_words_and_waits_for_what_it_needs() {
    let mut run = run(1);
    write(&mut run, |store| {
        store.put(node("n1", 1000, &[]));
        store.put(node("n2", 2000, &[]));
        store.put(node("n3", 4000, &[(TAINT_UNREACHABLE.as_str(), TaintEffect::NoSchedule)]));
        store.put(pod("first", 1500));
    });
    run.run_for(Span::secs(5));
    assert_eq!(stored(&run, "first").spec.node_name, "n2");
    write(&mut run, |store| {
        store.put(pod("second", 1500));
    });
    run.run_for(Span::secs(60));
    let message = "0/3 nodes are available: 1 node(s) had untolerated taint \
        {node.kubernetes.io/unreachable: }, 2 Insufficient cpu. preemption: 0/3 nodes are \
        available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful \
        for scheduling.";
    let conditions = stored(&run, "second").status.conditions;
    let condition = conditions.get(&POD_SCHEDULED).expect("the condition was written");
    assert_eq!((condition.reason.as_str(), condition.message.as_str()), ("Unschedulable", message));
    assert_eq!(events(&run)[1..], [format!("FailedScheduling: {message}")]);
    assert_eq!(run.world().components[0].queue().sizes().unschedulable, 1);

    write(&mut run, |store| {
        store.remove(Kind::Pod, &ObjectKey::new("default", "first"));
    });
    run.run_for(Span::secs(2));
    assert_eq!(stored(&run, "second").spec.node_name, "n2");
}

#[test]
fn without_any_node_the_message_says_so() {
    let mut run = run(1);
    write(&mut run, |store| {
        store.put(pod("web", 500));
    });
    run.run_for(Span::secs(3));
    let conditions = stored(&run, "web").status.conditions;
    let message = conditions.get(&POD_SCHEDULED).map(|condition| condition.message.to_string());
    assert_eq!(message.as_deref(), Some("no nodes available to schedule pods"));
    write(&mut run, |store| {
        store.put(node("n1", 1000, &[]));
    });
    run.run_for(Span::secs(11));
    assert_eq!(stored(&run, "web").spec.node_name, "n1");
}

#[test]
fn of_two_schedulers_one_works_and_the_other_takes_over() {
    let mut run = run(2);
    write(&mut run, |store| {
        store.put(node("n1", 10_000, &[]));
    });
    run.run_for(Span::secs(10));
    let leads: Vec<bool> = run.world().components.iter().map(Scheduler::is_leader).collect();
    assert_eq!(leads.iter().filter(|leads| **leads).count(), 1, "one leads");
    let leader = leads.iter().position(|leads| *leads).expect("one leads");
    cut_off(&mut run, leader);
    write(&mut run, |store| {
        store.put(pod("web", 500));
    });
    run.run_for(Span::secs(25));
    assert_eq!(stored(&run, "web").spec.node_name, "n1");
    assert!(!run.world().components[leader].is_leader(), "who cannot renew gives up");
}

#[test]
fn a_restarted_scheduler_counts_what_is_there_and_goes_on() {
    let mut run = run(1);
    write(&mut run, |store| {
        store.put(node("n1", 1000, &[]));
        store.put(pod("one", 600));
    });
    run.run_for(Span::secs(5));
    let slot = run.world().component(0);
    run.crash(slot);
    write(&mut run, |store| {
        store.put(pod("two", 600));
    });
    run.run_for(Span::secs(5));
    run.restart(slot);
    run.run_for(Span::secs(30));
    assert_eq!(stored(&run, "one").spec.node_name, "n1");
    assert_eq!(stored(&run, "two").spec.node_name, "", "there is no room for two");
}

#[test]
fn many_pods_are_bound_while_others_are_decided_on() {
    let mut run = run(1);
    write(&mut run, |store| {
        for number in 0..10 {
            store.put(node(&format!("n{number}"), 2000, &[]));
        }
        for number in 0..100 {
            store.put(pod(&format!("p{number}"), 200));
        }
    });
    run.run_for(Span::secs(20));
    let store = &run.world().store;
    let mut used = std::collections::BTreeMap::new();
    for pod in store.all(Kind::Pod).filter_map(Object::as_kind::<Pod>) {
        *used.entry(pod.spec.node_name.clone()).or_insert(0) += 1;
    }
    assert_eq!(used.values().copied().collect::<Vec<_>>(), [10; 10], "each node is full");
}
