//! API servers on real members of etcd: failures, races, overload, and the law of watches.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one variant")]
#![expect(clippy::disallowed_methods, reason = "PROVA_REWRITE asks for new answers")]

mod dialogue;
#[path = "apiserver/dialogues.rs"]
mod dialogues;
#[path = "apiserver/stage.rs"]
mod stage;

use std::collections::BTreeMap;

use proptest::prelude::*;
use prova::api::{ConfigMap, Kind, Object, ObjectKey, ObjectMeta, Pod, Uid};
use prova::apiserver::Config;
use prova::kernel::{Slot, Span};
use prova::wire::Note;
use prova::wire::api::{
    ApiCall, ApiOk, ApiReply, DeleteOptions, FieldSelector, Patch, Scope, StatusReason, WatchChange,
};
use prova::wire::apiserver::ApiServerIn;
use prova::wire::balancer::BalancerIn;
use stage::{Stage, describe};

const ADMIN: &str = "kubernetes-admin";

fn begin(members: usize, servers: usize) -> Stage {
    let mut stage = Stage::new(members, servers, &Config::default());
    stage.settle();
    for server in 0..servers {
        stage.open(server, server);
    }
    stage
}

fn map(name: &str) -> Object {
    let metadata = ObjectMeta::named("default", name);
    ConfigMap { metadata, ..ConfigMap::default() }.into()
}

fn create(name: &str) -> ApiCall {
    ApiCall::Create { object: map(name) }
}

fn annotate(name: &str, value: &str) -> ApiCall {
    let changes = vec![("note".into(), Some(value.into()))];
    let patch = Box::new(Patch::Annotations(changes));
    ApiCall::Patch { kind: Kind::ConfigMap, key: ObjectKey::new("default", name), patch }
}

fn code(result: Option<Result<ApiOk, prova::wire::api::Status>>) -> u16 {
    match result {
        None => 0,
        Some(Ok(_)) => 200,
        Some(Err(status)) => status.reason.code(),
    }
}

fn list(stage: &mut Stage, server: usize, kind: Kind) -> (Vec<Object>, u64) {
    let call = ApiCall::List { kind, scope: Scope::default() };
    match stage.call((server, server), ADMIN, call) {
        Some(Ok(ApiOk::List { items, version })) => (items.to_vec(), version),
        other => panic!("no list: {other:?}"),
    }
}

#[test]
fn one_of_two_servers_wins_and_both_know_it() {
    let mut stage = begin(1, 2);
    let first = stage.send((0, 0), ADMIN, create("a"));
    let second = stage.send((1, 1), ADMIN, create("a"));
    let answer = |stage: &mut Stage, client: usize, id: u64| {
        stage.wait(client, |_, reply| match reply {
            ApiReply::Response(response) if response.id == id => Some(response.result.is_ok()),
            _ => None,
        })
    };
    let won = [answer(&mut stage, 0, first), answer(&mut stage, 1, second)];
    assert_eq!(won.iter().filter(|it| **it == Some(true)).count(), 1, "{won:?}");
    assert_eq!(code(stage.call((1, 1), ADMIN, annotate("a", "x"))), 200);
}

#[test]
fn a_person_reads_what_was_written_through_another_server() {
    let mut stage = begin(3, 2);
    for round in 0..20 {
        let name = format!("a{round}");
        assert_eq!(code(stage.call((0, 0), ADMIN, create(&name))), 200);
        let (items, _) = list(&mut stage, 1, Kind::ConfigMap);
        assert!(items.iter().any(|object| object.meta().name == name), "round {round}");
    }
}

#[test]
fn a_watch_survives_the_death_of_the_preferred_member() {
    let mut stage = begin(3, 1);
    let (_, version) = list(&mut stage, 0, Kind::ConfigMap);
    stage.watch((0, 0), ADMIN, (1, Kind::ConfigMap, version), Scope::default());
    assert_eq!(code(stage.call((0, 0), ADMIN, create("before"))), 200);
    stage.sim.crash(Slot(0));
    let mut made = 0;
    for round in 0..40 {
        let result = stage.call((0, 0), ADMIN, create(&format!("after-{round}")));
        made += usize::from(code(result) == 200);
        stage.stay(0, Span::millis(250));
    }
    assert!(made > 20, "the next members serve: {made}");
    let (items, _) = list(&mut stage, 0, Kind::ConfigMap);
    let heard = stage.heard(0);
    let places: Vec<u32> = heard.iter().map(|event| event.place).collect();
    assert!(
        places.iter().copied().eq((0..).take(items.len())),
        "no gap, nothing twice: {places:?}"
    );
}

#[test]
fn a_silent_member_costs_one_time_out_and_is_left() {
    let mut stage = begin(3, 1);
    let (member, server) = (stage.sites[0], stage.sites[3]);
    stage.sim.links_mut().cut(&[member], &[server], true);
    let asked = stage.sim.now();
    assert_eq!(code(stage.call((0, 0), ADMIN, create("a"))), 504);
    assert!(stage.sim.now().since(asked) < Span::secs(36));
    stage.run(Span::secs(1));
    let result = code(stage.call((0, 0), ADMIN, create("a")));
    assert!(result == 200 || result == 409, "the write itself may have happened: {result}");
    let (items, _) = list(&mut stage, 0, Kind::ConfigMap);
    assert_eq!(items.len(), 1);
}

/// What a component reads: straight from the cache.
fn cached(stage: &mut Stage, server: usize) -> usize {
    let call = ApiCall::List { kind: Kind::ConfigMap, scope: Scope::default() };
    match stage.call((server, server), "system:kube-scheduler", call) {
        Some(Ok(ApiOk::List { items, .. })) => items.len(),
        other => panic!("no list: {other:?}"),
    }
}

#[test]
fn what_a_partition_swallowed_is_made_up_for() {
    let mut stage = begin(3, 2);
    let (member, server) = (stage.sites[0], stage.sites[3]);
    for (round, seconds) in [1, 3, 8, 20].into_iter().enumerate() {
        stage.sim.links_mut().cut(&[member], &[server], true);
        for n in 0..5 {
            let name = format!("m{round}-{n}");
            assert_eq!(code(stage.call((1, 1), ADMIN, create(&name))), 200);
            stage.run(Span::millis(200));
        }
        stage.stay(0, Span::secs(seconds));
        stage.sim.links_mut().heal_all();
        stage.call((1, 1), ADMIN, create(&format!("late-{round}")));
        stage.stay(0, Span::secs(20));
        stage.open(0, 0);
        stage.open(1, 1);
        assert_eq!(cached(&mut stage, 0), 6 * (round + 1), "round {round}");
    }
}

#[test]
fn a_member_that_restarts_unnoticed_does_not_leave_the_cache_behind() {
    let mut stage = begin(3, 2);
    stage.sim.crash(Slot(0));
    stage.sim.restart(Slot(0));
    for n in 0..5 {
        assert_eq!(code(stage.call((1, 1), ADMIN, create(&format!("m{n}")))), 200);
    }
    stage.run(Span::secs(10));
    assert_eq!(cached(&mut stage, 0), 5);
}

#[test]
fn a_lone_dead_member_is_not_hammered() {
    let mut stage = begin(1, 1);
    stage.sim.crash(Slot(0));
    let before = stage.sim.delivered();
    stage.stay(0, Span::secs(30));
    let delivered = stage.sim.delivered() - before;
    assert!(delivered < 4_000, "{delivered} deliveries in 30 s");
    stage.sim.restart(Slot(0));
    stage.stay(0, Span::secs(10));
    assert_eq!(code(stage.call((0, 0), ADMIN, create("a"))), 200);
    stage.run(Span::millis(50));
    assert_eq!(cached(&mut stage, 0), 1);
}

#[test]
fn without_a_quorum_writes_fail_in_time_and_the_balancer_has_nobody() {
    let mut stage = begin(3, 1);
    stage.stay(0, Span::secs(3));
    let balancer = stage.sim.world().balancer_slot();
    stage.say(1, balancer, BalancerIn::Connect);
    let connected = |stage: &mut Stage| {
        stage.wait(1, |_, reply| match reply {
            ApiReply::Connected(server) => Some(*server),
            _ => None,
        })
    };
    assert_eq!(connected(&mut stage), Some(Some(stage.sim.world().server_slot(0))));
    stage.sim.crash(Slot(1));
    stage.sim.crash(Slot(2));
    let asked = stage.sim.now();
    let result = code(stage.call((0, 0), ADMIN, create("a")));
    assert!([500, 503, 504].contains(&result), "{result}");
    assert!(stage.sim.now().since(asked) <= Span::secs(61));
    stage.send((0, 0), ADMIN, create("b"));
    stage.stay(0, Span::secs(15));
    stage.say(1, balancer, BalancerIn::Connect);
    assert_eq!(connected(&mut stage), Some(None));
    stage.sim.restart(Slot(1));
    stage.stay(0, Span::secs(60));
    assert_eq!(code(stage.call((0, 0), ADMIN, create("c"))), 200);
}

#[test]
fn a_restarted_server_knows_everything_but_its_connections() {
    let mut stage = begin(1, 1);
    assert_eq!(code(stage.call((0, 0), ADMIN, create("a"))), 200);
    let server = stage.sim.world().server_slot(0);
    stage.sim.crash(server);
    stage.run(Span::secs(1));
    stage.sim.restart(server);
    stage.settle();
    stage.send((0, 0), ADMIN, create("b"));
    let refused = stage.wait(0, |_, reply| match reply {
        ApiReply::Refused(slot) => Some(*slot),
        _ => None,
    });
    assert_eq!(refused, Some(server));
    stage.open(0, 0);
    let (items, version) = list(&mut stage, 0, Kind::ConfigMap);
    assert_eq!(items.len(), 1);
    // Its history begins at its first list.
    stage.watch((0, 0), ADMIN, (1, Kind::ConfigMap, 1), Scope::default());
    stage.watch((0, 0), ADMIN, (2, Kind::ConfigMap, version), Scope::default());
    let heard: Vec<String> = stage.heard(0).iter().map(|it| describe(&it.change)).collect();
    assert_eq!(heard, ["EXPIRED"]);
}

#[test]
fn a_change_of_a_pod_reaches_the_kubelet_of_its_node_alone() {
    let mut stage = begin(1, 1);
    for node in 0..200 {
        let user = format!("system:node:n{node}");
        let field = Some(FieldSelector::NodeName(format!("n{node}").into()));
        let scope = Scope { field, ..Scope::default() };
        stage.watch((0, 0), &user, (node, Kind::Pod, 10), scope);
    }
    let json = serde_json::json!({"metadata": {"name": "web", "namespace": "default"},
        "spec": {"containers": [{"name": "c", "image": "nginx"}]}});
    let pod: Pod = serde_json::from_value(json).expect("a pod");
    for _ in 0..5 {
        stage.call((0, 0), ADMIN, create("filler"));
        stage.call(
            (0, 0),
            ADMIN,
            ApiCall::Delete {
                kind: Kind::ConfigMap,
                key: ObjectKey::new("default", "filler"),
                options: DeleteOptions::default(),
            },
        );
    }
    assert_eq!(code(stage.call((0, 0), ADMIN, ApiCall::Create { object: pod.into() })), 200);
    let key = ObjectKey::new("default", "web");
    let bind = ApiCall::Bind { pod: key, uid: Uid::default(), node: "n7".into() };
    assert_eq!(code(stage.call((0, 0), ADMIN, bind)), 200);
    stage.run(Span::millis(100));
    let heard = stage.heard(0);
    assert_eq!(heard.len(), 1);
    assert!(heard[0].watch == 7 && matches!(heard[0].change, WatchChange::Added(_)));
}

#[test]
fn too_many_writes_wait_and_then_are_refused() {
    let mut stage = begin(1, 1);
    let server = stage.sim.world().server_slot(0);
    let total = 7_000;
    for n in 0..total {
        stage.send((0, 0), ADMIN, create(&format!("m{n}")));
    }
    stage.run(Span::secs(20));
    let mut codes: BTreeMap<u16, usize> = BTreeMap::new();
    while let Some(code) = stage.wait(0, |_, reply| match reply {
        ApiReply::Response(response) => {
            Some(response.result.as_ref().err().map_or(200, |status| status.reason.code()))
        }
        _ => None,
    }) {
        *codes.entry(code).or_default() += 1;
        if codes.values().sum::<usize>() == total {
            break;
        }
    }
    assert_eq!(codes.values().sum::<usize>(), total, "{codes:?}");
    assert!(codes.contains_key(&200) && codes.len() <= 2, "{codes:?}");
    stage.say(0, server, ApiServerIn::Ping);
    let tally = stage.wait(0, |_, reply| match reply {
        ApiReply::Pong(tally) => Some(*tally),
        _ => None,
    });
    assert_eq!(tally.map(|tally| tally.received), Some(7_000));
}

#[test]
fn observers_see_the_stages_of_a_call() {
    let mut stage = begin(1, 1);
    stage.ears.0.clear();
    stage.call((0, 0), ADMIN, create("a"));
    stage.call((0, 0), "system:anonymous", create("b"));
    let calls: Vec<_> = stage
        .ears
        .0
        .iter()
        .filter_map(|noted| if let Note::Call(call) = &noted.note { Some(call) } else { None })
        .collect();
    let names: Vec<_> = calls[0].stages.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["authenticate", "authorize", "admission", "validation", "storage"]);
    let sum: Span = calls[0].stages.iter().map(|(_, span)| *span).sum();
    assert_eq!(sum, calls[0].took);
    assert!(calls[0].version > 0 && calls[0].refused.is_none());
    assert_eq!(calls[1].refused.as_ref().map(|it| it.0), Some(StatusReason::Forbidden));
}

#[test]
fn history_in_etcd_is_compacted_and_objects_stay() {
    let mut stage = begin(1, 2);
    for n in 0..20 {
        stage.call((0, 0), ADMIN, create(&format!("m{n}")));
    }
    stage.stay(0, Span::mins(16));
    assert!(stage.sim.world().members[0].store().compacted() >= 20);
    stage.open(0, 0);
    let (items, _) = list(&mut stage, 0, Kind::ConfigMap);
    assert_eq!(items.len(), 20);
}

/// What a client does in the law below.
#[derive(Clone, Debug)]
enum Deed {
    Create(u8),
    Change(u8, u8),
    Delete(u8),
    CrashMember(u8),
    Restart,
    Cut(u8, u8, bool),
    Heal,
    Wait(u16),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..6_u8).prop_map(Deed::Create),
        6 => (0..6_u8, any::<u8>()).prop_map(|(name, value)| Deed::Change(name, value)),
        3 => (0..6_u8).prop_map(Deed::Delete),
        1 => (0..3_u8).prop_map(Deed::CrashMember),
        1 => Just(Deed::Restart),
        1 => (0..3_u8, 3..5_u8, any::<bool>()).prop_map(|(one, two, both)| Deed::Cut(one, two, both)),
        1 => Just(Deed::Heal),
        2 => (0..3_000_u16).prop_map(Deed::Wait),
    ];
    prop::collection::vec(deed, 1..60)
}

/// Follows a watch as an informer does; starts again where it must.
#[derive(Default)]
struct Follower {
    known: BTreeMap<ObjectKey, u64>,
    next: u32,
    number: u32,
}

impl Follower {
    fn list_and_watch(&mut self, stage: &mut Stage, server: usize) {
        let (items, version) = list(stage, server, Kind::ConfigMap);
        self.known = items.iter().map(|it| (it.key(), it.meta().resource_version)).collect();
        self.number += 1;
        self.next = 0;
        let watch = (self.number, Kind::ConfigMap, version);
        stage.watch((server, server), ADMIN, watch, Scope::default());
    }

    /// Takes over what was heard; false when the watch ended.
    fn follow(&mut self, stage: &mut Stage, server: usize) -> bool {
        for event in stage.heard(server) {
            if event.watch != self.number {
                continue;
            }
            assert_eq!(event.place, self.next, "a watch has no gap");
            self.next += 1;
            match event.change {
                WatchChange::Added(it) => {
                    assert_eq!(self.known.insert(it.key(), it.meta().resource_version), None);
                }
                WatchChange::Modified(it) => {
                    let before = self.known.insert(it.key(), it.meta().resource_version);
                    assert!(before.is_some_and(|before| before < it.meta().resource_version));
                }
                WatchChange::Deleted(it) => {
                    assert!(self.known.remove(&it.key()).is_some());
                }
                WatchChange::Bookmark(_) => {}
                WatchChange::Expired | WatchChange::Closed => return false,
            }
        }
        true
    }
}

fn act(stage: &mut Stage, deed: &Deed, server: usize) {
    let name = |number: &u8| format!("m{number}");
    let mut call = |call: ApiCall| drop(stage.call((server, server), ADMIN, call));
    match deed {
        Deed::Create(number) => call(create(&name(number))),
        Deed::Change(number, value) => call(annotate(&name(number), &value.to_string())),
        Deed::Delete(number) => call(ApiCall::Delete {
            kind: Kind::ConfigMap,
            key: ObjectKey::new("default", name(number)),
            options: DeleteOptions::default(),
        }),
        Deed::CrashMember(number) => {
            stage.sim.crash(Slot(u32::from(*number)));
        }
        Deed::Cut(one, two, both) => {
            let (one, two) = (stage.sites[usize::from(*one)], stage.sites[usize::from(*two)]);
            stage.sim.links_mut().cut(&[one], &[two], *both);
        }
        Deed::Heal => stage.sim.links_mut().heal_all(),
        Deed::Restart => (0..3).for_each(|member| stage.sim.restart(Slot(member))),
        Deed::Wait(millis) => stage.run(Span::millis(u64::from(*millis))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever happens to etcd: who follows a watch knows in the end what a list shows.
    #[test]
    fn list_and_watch_is_as_good_as_looking(deeds in deeds()) {
        let mut stage = begin(3, 2);
        let mut followers = [Follower::default(), Follower::default()];
        for (server, follower) in followers.iter_mut().enumerate() {
            follower.list_and_watch(&mut stage, server);
        }
        for (turn, deed) in deeds.iter().enumerate() {
            act(&mut stage, deed, turn % 2);
        }
        (0..3).for_each(|member| stage.sim.restart(Slot(member)));
        stage.sim.links_mut().heal_all();
        stage.run(Span::secs(60));
        for (server, follower) in followers.iter_mut().enumerate() {
            // The connection may have been given up for silence.
            let follows = follower.follow(&mut stage, server);
            stage.open(server, server);
            if follows {
                let (items, _) = list(&mut stage, server, Kind::ConfigMap);
                let seen: BTreeMap<_, _> =
                    items.iter().map(|it| (it.key(), it.meta().resource_version)).collect();
                prop_assert_eq!(&seen, &follower.known);
            }
        }
    }
}
