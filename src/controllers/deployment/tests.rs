//! Rollouts from beginning to end, with the ReplicaSet controller beside.

use proptest::prelude::*;

use crate::api::reasons::{AVAILABLE, PROGRESSING};
use crate::api::workload::{RollingUpdate, StrategyType};
use crate::api::{ConditionStatus, Deployment, IntOrString, Kind, Pod, ReplicaSet, Resource, Str};
use crate::kernel::Span;

use super::super::replicaset::ReplicaSetController;
use super::super::replicaset::ranking::is_active;
use super::super::rig::{Rig, key, make_ready, play_kubelet, set_image, web};
use super::super::runner::Runner;
use super::history::{ANNOTATION_REVISION_HISTORY, revision};
use super::util::{max_replicas, max_unavailable, min_available};
use super::*;

fn rig() -> Rig {
    Rig::new(&[Runner::<DeploymentController>::ENTRY, Runner::<ReplicaSetController>::ENTRY])
}

fn deployment(rig: &Rig) -> Arc<Deployment> {
    rig.get::<Deployment>(&key("web")).unwrap()
}

/// Lets kubelets and controllers take turns until both rest.
fn converge(rig: &mut Rig) {
    for _ in 0..1_000 {
        rig.settle();
        if !play_kubelet(rig) {
            return;
        }
    }
    panic!("the cluster does not come to rest");
}

/// A rig in which `web` runs with so many replicas of image `a`.
fn running(replicas: i32) -> Rig {
    let mut rig = rig();
    rig.create(web(replicas, "a"));
    converge(&mut rig);
    rig
}

fn update(rig: &mut Rig, change: impl FnOnce(&mut Deployment)) {
    rig.change::<Deployment>(&key("web"), |deployment| {
        change(deployment);
        deployment.metadata.generation += 1;
    });
}

fn reason_of(rig: &Rig, condition: &str) -> (ConditionStatus, Str) {
    let known = deployment(rig).status.conditions.get(condition).cloned().unwrap();
    (known.status, known.reason)
}

/// The active ReplicaSets as `(image, size)`.
fn sizes(rig: &Rig) -> Vec<(Str, i32)> {
    let image = |rs: &ReplicaSet| rs.spec.template.spec.containers[0].image.clone();
    let sets = rig.all::<ReplicaSet>();
    let active = sets.iter().filter(|rs| rs.spec.replicas > 0);
    active.map(|rs| (image(rs), rs.spec.replicas)).collect()
}

#[test]
fn a_new_deployment_gets_a_replica_set_and_that_its_pods() {
    let mut rig = rig();
    rig.create(web(3, "a"));
    rig.settle();
    let name = rig.all::<ReplicaSet>()[0].metadata.name.clone();
    let told = rig.told();
    let first = format!("ScalingReplicaSet: Scaled up replica set {name} from 0 to 3");
    assert_eq!(told[0], first);
    assert!(told[1].starts_with(&format!("SuccessfulCreate: Created pod: {name}-")), "{told:?}");
    assert_eq!(told.len(), 4);
    let status = deployment(&rig).status.clone();
    assert_eq!(
        (status.observed_generation, status.replicas, status.unavailable_replicas),
        (1, 3, 3)
    );
    let minimum = (ConditionStatus::False, status::reason::MINIMUM_UNAVAILABLE);
    assert_eq!(reason_of(&rig, &AVAILABLE), minimum);
    assert_eq!(revision(&deployment(&rig).metadata.annotations), 1);

    converge(&mut rig);
    let available = (ConditionStatus::True, status::reason::MINIMUM_AVAILABLE);
    assert_eq!(reason_of(&rig, &AVAILABLE), available);
    let complete = (ConditionStatus::True, status::reason::NEW_REPLICA_SET_AVAILABLE);
    assert_eq!(reason_of(&rig, &PROGRESSING), complete);
    let message = format!("ReplicaSet \"{name}\" has successfully progressed.");
    let status = deployment(&rig).status.clone();
    assert_eq!(status.conditions.get(&PROGRESSING).unwrap().message, message);
}

#[test]
fn a_settled_deployment_is_left_alone() {
    let mut rig = running(3);
    rig.take_writes();
    update(&mut rig, |deployment| {
        deployment.metadata.labels = deployment.metadata.labels.with("team", "shop");
    });
    rig.settle();
    // Only the observed generation is new.
    assert_eq!(rig.take_writes(), ["update Deployment"]);
    rig.pass(Span::hours(2));
    assert_eq!(rig.take_writes(), [""; 0]);
}

#[test]
fn a_rollback_finds_the_old_replica_set_and_gives_it_a_new_revision() {
    let mut rig = running(2);
    update(&mut rig, |deployment| set_image(deployment, "b"));
    converge(&mut rig);
    assert_eq!(sizes(&rig), [("b".into(), 2)]);
    update(&mut rig, |deployment| set_image(deployment, "a"));
    converge(&mut rig);
    assert_eq!(sizes(&rig), [("a".into(), 2)]);
    assert_eq!(rig.all::<ReplicaSet>().len(), 2);
    let sets = rig.all::<ReplicaSet>();
    let active = sets.iter().find(|rs| rs.spec.replicas > 0).unwrap();
    assert_eq!(revision(&active.metadata.annotations), 3);
    assert_eq!(active.metadata.annotations.get(&ANNOTATION_REVISION_HISTORY).unwrap(), "1");
    assert_eq!(revision(&deployment(&rig).metadata.annotations), 3);
}

#[test]
fn old_replica_sets_beyond_the_history_go() {
    let mut rig = running(1);
    update(&mut rig, |deployment| deployment.spec.revision_history_limit = 2);
    for image in ["b", "c", "d", "e"] {
        update(&mut rig, |deployment| set_image(deployment, image));
        converge(&mut rig);
    }
    let kept: Vec<i64> =
        rig.all::<ReplicaSet>().iter().map(|rs| revision(&rs.metadata.annotations)).collect();
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|revision| *revision >= 3), "{kept:?}");
}

#[test]
fn a_paused_deployment_scales_but_does_not_roll() {
    let mut rig = running(4);
    update(&mut rig, |deployment| deployment.spec.paused = true);
    update(&mut rig, |deployment| set_image(deployment, "b"));
    update(&mut rig, |deployment| deployment.spec.replicas = 6);
    converge(&mut rig);
    assert_eq!(sizes(&rig), [("a".into(), 6)]);
    assert_eq!(reason_of(&rig, &PROGRESSING).1, status::reason::PAUSED);
    update(&mut rig, |deployment| deployment.spec.paused = false);
    converge(&mut rig);
    assert_eq!(sizes(&rig), [("b".into(), 6)]);
}

#[test]
fn a_rollout_that_stands_still_misses_its_deadline() {
    let mut rig = running(2);
    update(&mut rig, |deployment| set_image(deployment, "broken"));
    rig.pass(Span::secs(590));
    assert_eq!(reason_of(&rig, &PROGRESSING).1, status::reason::REPLICA_SET_UPDATED);
    rig.pass(Span::secs(20));
    let late = (ConditionStatus::False, status::reason::TIMED_OUT);
    assert_eq!(reason_of(&rig, &PROGRESSING), late);
    rig.take_writes();
    rig.pass(Span::hours(1));
    assert_eq!(rig.take_writes(), [""; 0]);
    // It is not given up: when the pods come up after all, the rollout goes on.
    converge(&mut rig);
    assert_eq!(reason_of(&rig, &PROGRESSING).1, status::reason::NEW_REPLICA_SET_AVAILABLE);
}

#[test]
fn recreate_waits_for_the_last_old_pod() {
    let mut rig = rig();
    let mut recreate = web(2, "a");
    recreate.spec.strategy.kind = StrategyType::Recreate;
    rig.create(recreate);
    converge(&mut rig);
    update(&mut rig, |deployment| set_image(deployment, "b"));
    rig.settle();
    // The old pods are asked to end; they have not ended yet.
    assert_eq!(sizes(&rig), []);
    assert_eq!(rig.all::<Pod>().len(), 2);
    converge(&mut rig);
    assert_eq!(sizes(&rig), [("b".into(), 2)]);
}

#[test]
fn two_templates_with_one_hash_are_kept_apart() {
    let mut rig = rig();
    let stranger = {
        let mut other = super::super::rig::replica_set("x", 0);
        let hash = template::compute_hash(&web(1, "a").spec.template, None);
        other.metadata.name = format!("web-{hash}").into();
        other
    };
    rig.create(stranger);
    rig.create(web(1, "a"));
    rig.pass(Span::secs(1));
    assert_eq!(deployment(&rig).status.collision_count, Some(1));
    assert_eq!(sizes(&rig), [("a".into(), 1)]);
}

#[test]
fn a_key_that_always_fails_is_dropped_after_fifteen_retries() {
    let mut rig = rig();
    rig.store.failing.push(("create", Kind::ReplicaSet, 1_000));
    rig.create(web(1, "a"));
    rig.pass(Span::hours(1));
    let creations = rig.take_writes().iter().filter(|write| *write == "create ReplicaSet").count();
    // The first try, one more after the report of its failure, and fifteen retries in all.
    assert!((16..=17).contains(&creations), "{creations}");
    assert!(rig.told()[0].starts_with("ReplicaSetCreateError: Failed to create new replica set"));
}

#[test]
fn an_orphaned_replica_set_is_adopted() {
    let mut rig = running(2);
    let name = rig.all::<ReplicaSet>()[0].key();
    rig.change::<ReplicaSet>(&name, |rs| rs.metadata.owner_references.clear());
    rig.settle();
    let rs = rig.get::<ReplicaSet>(&name).unwrap();
    let owner = rs.metadata.controller().unwrap();
    assert_eq!(owner.uid, deployment(&rig).metadata.uid);
}

/// Checks that no step of a rollout leaves the bounds. Pods never fail here.
fn within_bounds(rig: &Rig) {
    let deployment = deployment(rig);
    let sets = rig.all::<ReplicaSet>();
    let wanted: i32 = sets.iter().map(|rs| rs.spec.replicas).sum();
    assert!(wanted <= max_replicas(&deployment), "{wanted} pods are too many");
    let pods = rig.all::<Pod>();
    let available = pods.iter().filter(|pod| is_active(pod) && pod.is_ready()).count();
    let least = min_available(&deployment);
    assert!(i32::try_from(available).unwrap() >= least, "{available} < {least} available");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Pods become ready one at a time in any order; the watches may lag; the bounds always hold,
    /// and in the end there are the wanted pods of the new template and nothing is left to do.
    #[test]
    fn a_rolling_update_stays_within_its_bounds_and_ends(
        replicas in 1..12i32,
        bounds in (0..5i32, 0..5i32),
        choices in proptest::collection::vec(any::<u16>(), 1..64),
    ) {
        let mut rig = rig();
        let mut first = web(replicas, "a");
        let (surge, unavailable) = (IntOrString::Int(bounds.0), IntOrString::Int(bounds.1));
        first.spec.strategy.rolling_update =
            Some(RollingUpdate { max_surge: surge, max_unavailable: unavailable });
        rig.create(first);
        converge(&mut rig);
        update(&mut rig, |deployment| set_image(deployment, "b"));
        let mut turns = choices.iter().cycle();
        for turn in 0..2_000 {
            let choice = usize::from(*turns.next().unwrap());
            rig.watching = turn >= 1_000 || !choice.is_multiple_of(5);
            rig.settle_with(&mut within_bounds);
            let pods = rig.all::<Pod>();
            let idle: Vec<_> =
                pods.iter().filter(|pod| pod.metadata.is_terminating() || !pod.is_ready()).collect();
            match idle.get(choice % idle.len().max(1)) {
                Some(pod) if pod.metadata.is_terminating() => rig.remove(Kind::Pod, &pod.key()),
                Some(pod) => make_ready(&mut rig, &pod.key()),
                None if rig.watching && turn > 1_000 => break,
                None => {}
            }
        }
        converge(&mut rig);
        prop_assert_eq!(sizes(&rig), [(Str::from("b"), replicas)]);
        let deployment = deployment(&rig);
        prop_assert!(status::is_complete(&deployment, &deployment.status));
        prop_assert!(max_unavailable(&deployment) <= replicas);
        rig.take_writes();
        rig.pass(Span::hours(1));
        prop_assert_eq!(rig.take_writes(), Vec::<String>::new());
    }

    /// Whatever people do to a Deployment, it ends where it was told to go.
    #[test]
    fn any_history_ends_in_the_wanted_state(
        acts in proptest::collection::vec((0..6u8, 0..9i32, 0..4u8), 1..20),
    ) {
        let mut rig = running(3);
        for (act, number, turns) in acts {
            match act {
                0 => update(&mut rig, |deployment| deployment.spec.replicas = number),
                1 => update(&mut rig, |deployment| {
                    set_image(deployment, ["a", "b", "c"][usize::try_from(number % 3).unwrap()]);
                }),
                2 => update(&mut rig, |deployment| deployment.spec.paused = number % 2 == 0),
                3 => rig.store.failing.push(("create", Kind::Pod, 3)),
                4 => {
                    let pods = rig.all::<Pod>();
                    if let Some(pod) = pods.first() {
                        rig.remove(Kind::Pod, &pod.key());
                    }
                }
                _ => rig.pass(Span::secs(30)),
            }
            for _ in 0..turns {
                rig.settle();
                play_kubelet(&mut rig);
            }
        }
        update(&mut rig, |deployment| deployment.spec.paused = false);
        rig.store.failing.clear();
        rig.pass(Span::hours(1));
        converge(&mut rig);
        rig.pass(Span::hours(1));
        let deployment = deployment(&rig);
        let replicas = deployment.spec.replicas;
        let image = deployment.spec.template.spec.containers[0].image.clone();
        let wanted = if replicas > 0 { vec![(image, replicas)] } else { Vec::new() };
        prop_assert_eq!(sizes(&rig), wanted);
        prop_assert_eq!(i32::try_from(rig.all::<Pod>().len()).unwrap(), replicas);
    }
}
