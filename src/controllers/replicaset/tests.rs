//! One ReplicaSet and its pods.

use crate::api::reasons::REPLICA_FAILURE;
use crate::api::{Kind, PodPhase};

use super::super::rig::{Rig, key, make_ready, play_kubelet, replica_set};
use super::*;

fn rig() -> Rig {
    Rig::of::<ReplicaSetController>()
}

fn get(rig: &Rig) -> Arc<ReplicaSet> {
    rig.get::<ReplicaSet>(&key("web")).unwrap()
}

fn scale(rig: &mut Rig, replicas: i32) {
    rig.change::<ReplicaSet>(&key("web"), |rs| {
        rs.spec.replicas = replicas;
        rs.metadata.generation += 1;
    });
}

fn counts(rig: &Rig) -> (i32, i32, i32) {
    let status = &get(rig).status;
    (status.replicas, status.ready_replicas, status.available_replicas)
}

#[test]
fn pods_are_made_in_growing_batches_and_the_first_refusal_stops_them() {
    let mut rig = rig();
    let mut seen = None;
    rig.store.failing.push(("create", Kind::Pod, 1));
    rig.create(replica_set("web", 10));
    rig.settle_with(&mut |rig| {
        let failure = get(rig).status.conditions.get(&REPLICA_FAILURE).cloned();
        seen = failure.map(|failure| (failure.reason, failure.message)).or(seen.take());
    });
    // One was tried, not ten. The report brings the next try at once.
    assert_eq!(rig.take_writes()[..3], ["create Pod", "update ReplicaSet", "create Pod"]);
    assert_eq!(rig.told()[0], "FailedCreate: Error creating: exceeded quota");
    assert_eq!(seen, Some(("FailedCreate".into(), "exceeded quota".into())));
    rig.pass(Span::secs(1));
    assert_eq!(rig.all::<Pod>().len(), 10);
    assert!(get(&rig).status.conditions.is_empty());
}

#[test]
fn at_most_five_hundred_pods_are_made_at_a_time() {
    let mut rig = rig();
    rig.create(replica_set("web", 700));
    rig.hear_one();
    rig.watching = false;
    rig.settle();
    assert_eq!(rig.all::<Pod>().len(), 500);
    rig.watching = true;
    rig.settle();
    assert_eq!(rig.all::<Pod>().len(), 700);
}

#[test]
fn what_was_made_is_not_made_again_while_the_cache_lags() {
    let mut rig = rig();
    rig.create(replica_set("web", 3));
    rig.hear_one();
    rig.watching = false;
    rig.settle();
    assert_eq!(rig.all::<Pod>().len(), 3);
    scale(&mut rig, 4);
    rig.watching = true;
    rig.hear_one(); // the first pod
    rig.watching = false;
    rig.settle();
    assert_eq!(rig.all::<Pod>().len(), 3);
    rig.watching = true;
    rig.settle();
    assert_eq!(rig.all::<Pod>().len(), 4);
}

#[test]
fn what_is_missed_least_goes_first() {
    let mut rig = rig();
    rig.create(replica_set("web", 3));
    rig.settle();
    let pods = rig.all::<Pod>();
    make_ready(&mut rig, &pods[0].key());
    make_ready(&mut rig, &pods[2].key());
    scale(&mut rig, 2);
    rig.settle();
    let left: Vec<_> = rig.all::<Pod>().iter().map(|pod| pod.key()).collect();
    assert_eq!(left, [pods[0].key(), pods[2].key()]);
    assert_eq!(
        rig.told().last().unwrap(),
        &format!("SuccessfulDelete: Deleted pod: {}", pods[1].metadata.name)
    );
}

#[test]
fn a_pod_counts_as_available_after_min_ready_seconds() {
    let mut rig = rig();
    let mut rs = replica_set("web", 2);
    rs.spec.min_ready_seconds = 10;
    rig.create(rs);
    rig.settle();
    let pods = rig.all::<Pod>();
    make_ready(&mut rig, &pods[0].key());
    rig.pass(Span::secs(4));
    make_ready(&mut rig, &pods[1].key());
    rig.settle();
    assert_eq!(counts(&rig), (2, 2, 0));
    rig.pass(Span::secs(6));
    assert_eq!(counts(&rig), (2, 2, 1));
    rig.pass(Span::secs(4));
    assert_eq!(counts(&rig), (2, 2, 2));
}

#[test]
fn an_ended_pod_is_replaced_and_a_deleted_one_too() {
    let mut rig = rig();
    rig.create(replica_set("web", 2));
    rig.settle();
    play_kubelet(&mut rig);
    rig.settle();
    let pods = rig.all::<Pod>();
    rig.change::<Pod>(&pods[0].key(), |pod| pod.status.phase = PodPhase::Failed);
    rig.remove(Kind::Pod, &pods[1].key());
    rig.settle();
    assert_eq!(rig.all::<Pod>().len(), 3);
    assert_eq!(counts(&rig), (2, 0, 0));
}

#[test]
fn orphans_are_adopted_and_strangers_released() {
    let mut rig = rig();
    rig.create(replica_set("web", 1));
    rig.settle();
    let own = rig.all::<Pod>()[0].key();
    rig.change::<Pod>(&own, |pod| pod.metadata.labels = pod.metadata.labels.with("app", "debug"));
    rig.settle();
    // Released for somebody to look into, and replaced.
    assert!(rig.get::<Pod>(&own).unwrap().metadata.owner_references.is_empty());
    assert_eq!(rig.all::<Pod>().len(), 2);
    rig.change::<Pod>(&own, |pod| pod.metadata.labels = pod.metadata.labels.with("app", "web"));
    rig.settle();
    // Adopted again, and one too many.
    assert_eq!(rig.all::<Pod>().len(), 1);
}

#[test]
fn a_replica_set_that_is_being_deleted_neither_makes_nor_adopts() {
    let mut rig = rig();
    let mut rs = replica_set("web", 2);
    rs.metadata.finalizers.push("test/keep".into());
    rig.create(rs);
    rig.settle();
    let now = crate::api::Time(rig.now);
    rig.change::<ReplicaSet>(&key("web"), |rs| rs.metadata.deletion_timestamp = Some(now));
    let pods = rig.all::<Pod>();
    rig.remove(Kind::Pod, &pods[0].key());
    rig.settle();
    assert_eq!(rig.all::<Pod>().len(), 1);
}
