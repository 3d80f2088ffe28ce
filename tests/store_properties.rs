//! Laws of etcd's store, held against a model that keeps a whole map per revision.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use prova::etcd::check::RequestLimits;
use prova::etcd::store::{Store, StoreConfig};
use prova::etcd::watch::WatchHub;
use prova::kernel::SimTime;
use prova::wire::etcd::{
    CompactRequest, Compare, CompareOp, CompareTarget, DeleteRangeRequest, EtcdRequest, Event,
    KeyRange, KeyValue, Mutation, PutRequest, RangeFilter, RangeRequest, RequestOp, Revision,
    SortOrder, SortTarget, TxnRequest, WatchCreate,
};

#[path = "store_properties/model.rs"]
mod model;

use model::{Model, Pairs};

/// One step of a random history.
#[derive(Debug, Clone)]
enum Step {
    Change(Mutation),
    /// Compact so many revisions below the newest.
    Compact(Revision),
}

const KEYS: [&str; 8] = ["a", "ab", "b", "k/1", "k/2", "k/22", "k0", "z"];

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(KEYS.to_vec())
}

fn interval() -> impl Strategy<Value = KeyRange> {
    prop_oneof![
        4 => key().prop_map(KeyRange::single),
        2 => (key(), key()).prop_map(|(one, two)| KeyRange::until(one, two)),
        2 => prop::sample::select(vec!["", "k", "k/", "a", "y"]).prop_map(KeyRange::prefix),
        1 => key().prop_map(KeyRange::from_key),
    ]
}

fn put() -> impl Strategy<Value = PutRequest> {
    (key(), "[xyz]{0,2}", prop_oneof![6 => Just(0_i64), 1 => 1..4_i64]).prop_map(
        |(key, value, lease)| {
            let mut put = PutRequest::new(key, value.as_str());
            put.lease = lease;
            put
        },
    )
}

fn compare() -> impl Strategy<Value = Compare> {
    use CompareOp::{Equal, Greater, Less, NotEqual};
    let op = prop::sample::select(vec![Equal, NotEqual, Greater, Less]);
    let target = prop_oneof![
        (0..4_i64).prop_map(CompareTarget::Version),
        (0..20_i64).prop_map(CompareTarget::Create),
        (0..20_i64).prop_map(CompareTarget::Mod),
        (0..4_i64).prop_map(CompareTarget::Lease),
        "[xyz]{0,2}".prop_map(|text| CompareTarget::Value(text.into())),
    ];
    (interval(), op, target).prop_map(|(range, op, target)| Compare { range, op, target })
}

fn operation() -> impl Strategy<Value = RequestOp> {
    prop_oneof![
        3 => put().prop_map(RequestOp::Put),
        2 => interval().prop_map(|r| RequestOp::DeleteRange(DeleteRangeRequest::new(r))),
        1 => (interval(), 0..20_i64).prop_map(|(range, revision)| {
            RequestOp::Range(RangeRequest { revision, ..RangeRequest::new(range) })
        }),
    ]
}

fn transaction() -> impl Strategy<Value = TxnRequest> {
    (vec(compare(), 0..3), vec(operation(), 0..4), vec(operation(), 0..4))
        .prop_map(|(compare, success, failure)| TxnRequest { compare, success, failure })
        .prop_filter("a shape that the server accepts", |txn| {
            RequestLimits::default().check(&EtcdRequest::Txn(txn.clone())).is_ok()
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => put().prop_map(|put| Step::Change(Mutation::Put(Arc::new(put)))),
        3 => interval().prop_map(|range| {
            Step::Change(Mutation::DeleteRange(Arc::new(DeleteRangeRequest::new(range))))
        }),
        3 => transaction().prop_map(|txn| Step::Change(Mutation::Txn(Arc::new(txn)))),
        1 => (1..4_i64).prop_map(|id| Step::Change(Mutation::LeaseGrant { id, ttl: 10 })),
        1 => (1..4_i64).prop_map(|id| Step::Change(Mutation::LeaseRevoke(id))),
        1 => (-1..6_i64).prop_map(Step::Compact),
    ]
}

fn read() -> impl Strategy<Value = RangeRequest> {
    let order = prop_oneof![
        prop::sample::select(vec![
            (SortOrder::Ascend, SortTarget::Key),
            (SortOrder::Descend, SortTarget::Key),
            (SortOrder::Ascend, SortTarget::Version),
            (SortOrder::Ascend, SortTarget::Create),
            (SortOrder::Ascend, SortTarget::Mod),
            (SortOrder::Ascend, SortTarget::Value),
        ]),
        Just((SortOrder::None, SortTarget::Key)),
    ];
    (interval(), -1..30_i64, 0..5_i64, order, any::<bool>(), (0..9_i64, 0..9_i64)).prop_map(
        |(range, revision, limit, (sort_order, sort_target), count_only, (min, max))| {
            RangeRequest {
                revision,
                limit,
                sort_order,
                sort_target,
                count_only,
                filter: RangeFilter {
                    min_mod_revision: min,
                    max_create_revision: max,
                    ..RangeFilter::default()
                },
                ..RangeRequest::new(range)
            }
        },
    )
}

fn mutation(step: &Step, now: Revision) -> Mutation {
    match step {
        Step::Change(mutation) => mutation.clone(),
        Step::Compact(back) => {
            Mutation::Compact(CompactRequest { revision: now - back, physical: true })
        }
    }
}

/// Runs a history on both, checking what each step says and does. Watches everything meanwhile.
fn play(steps: &[Step]) -> Result<(Store, Model, Vec<Event>), TestCaseError> {
    let mut store = Store::new(StoreConfig::default());
    let mut model = Model::new();
    let mut hub = WatchHub::default();
    hub.create(&store, 0_u8, WatchCreate { prev_kv: true, ..WatchCreate::new(KeyRange::all()) });
    let mut live = Vec::new();
    for step in steps {
        let mutation = mutation(step, model.revision());
        let before = model.revision();
        let accepted = model.apply(&mutation);
        let applied = store.apply(&mutation, SimTime::ZERO);
        prop_assert_eq!(applied.result.is_ok(), accepted, "{:?}", mutation);
        prop_assert_eq!(store.revision(), model.revision(), "{:?}", mutation);
        prop_assert_eq!(applied.events.is_empty(), model.revision() == before);
        if !applied.events.is_empty() {
            for (_, response) in hub.notify(store.revision(), &applied.events) {
                live.extend(response.events.iter().cloned());
            }
        }
    }
    Ok((store, model, live))
}

/// Replays events over a state, a revision at a time.
fn replay(mut pairs: Pairs, events: &[Event]) -> BTreeMap<Revision, Pairs> {
    let mut states = BTreeMap::new();
    for event in events {
        let kv = &event.kv;
        if kv.is_tombstone() {
            pairs.remove(&*kv.key);
        } else {
            pairs.insert(kv.key.to_string(), KeyValue::clone(kv));
        }
        states.insert(kv.mod_revision, pairs.clone());
    }
    states
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_readable_revision_reads_as_the_model_says(
        steps in vec(step(), 0..40), reads in vec(read(), 1..20),
    ) {
        let (store, model, _) = play(&steps)?;
        for revision in model.compacted.max(1)..=model.revision() {
            let all = RangeRequest { revision, ..RangeRequest::new(KeyRange::all()) };
            let got: Vec<_> = store.range(&all)?.kvs.iter().map(|kv| KeyValue::clone(kv)).collect();
            prop_assert_eq!(got, model.at(revision).values().cloned().collect::<Vec<_>>());
        }
        for read in &reads {
            let got = store.range(read).ok().map(|response| {
                let kvs = response.kvs.iter().map(|kv| KeyValue::clone(kv)).collect::<Vec<_>>();
                (kvs, response.count, response.more)
            });
            prop_assert_eq!(got, model.range(read), "{:?}", read);
        }
    }

    #[test]
    fn a_watch_from_any_readable_revision_replays_exactly_the_differences(
        steps in vec(step(), 0..40), range in interval(),
    ) {
        let (store, model, live) = play(&steps)?;
        let mut hub = WatchHub::default();
        for start in model.compacted.max(2)..=model.revision() {
            let wish = WatchCreate { start_revision: start, prev_kv: true, ..WatchCreate::new(range.clone()) };
            let out = hub.create(&store, 0_u8, wish);
            let events: Vec<Event> = out.iter().flat_map(|(_, r)| r.events.clone()).collect();
            let inside = |kv: &KeyValue| range.contains(&kv.key);
            let mut before = model.at(start - 1).clone();
            before.retain(|_, kv| inside(kv));
            for (revision, pairs) in replay(before, &events) {
                let mut wanted = model.at(revision).clone();
                wanted.retain(|_, kv| inside(kv));
                prop_assert_eq!(pairs, wanted, "from {} at {}", start, revision);
            }
            // Nobody who watched all along saw anything else, or in another order.
            let expected: Vec<Event> = live
                .iter()
                .filter(|event| event.kv.mod_revision >= start && inside(&event.kv))
                .map(|event| {
                    let known = event.kv.mod_revision > model.compacted;
                    Event { prev_kv: event.prev_kv.clone().filter(|_| known), ..event.clone() }
                })
                .collect();
            prop_assert_eq!(events, expected);
        }
    }

    #[test]
    fn a_watch_from_below_the_floor_is_told_the_floor_and_ends(steps in vec(step(), 0..40)) {
        let (store, model, _) = play(&steps)?;
        for start in 1..model.compacted {
            let mut hub = WatchHub::default();
            let wish = WatchCreate { start_revision: start, ..WatchCreate::new(KeyRange::all()) };
            let out = hub.create(&store, 0_u8, wish);
            prop_assert_eq!(out.len(), 2);
            prop_assert!(out[0].1.created && !out[0].1.canceled);
            prop_assert!(out[1].1.canceled && out[1].1.compact_revision == model.compacted);
            prop_assert!(hub.is_empty());
        }
    }

    #[test]
    fn every_event_knows_what_was_there_before(steps in vec(step(), 0..40)) {
        let (_, model, live) = play(&steps)?;
        for event in live {
            let before = model.at(event.kv.mod_revision - 1).get(&*event.kv.key);
            prop_assert_eq!(event.prev_kv.as_deref(), before);
        }
    }

    #[test]
    fn equal_histories_have_equal_hashes_and_others_do_not(
        steps in vec(step(), 0..30), more in put(),
    ) {
        let (mut one, ..) = play(&steps)?;
        let (two, ..) = play(&steps)?;
        prop_assert_eq!(one.hash_kv(0)?, two.hash_kv(0)?);
        let mut put = more;
        put.lease = 0;
        let applied = one.apply(&Mutation::Put(Arc::new(put)), SimTime::ZERO);
        prop_assert!(applied.result.is_ok());
        prop_assert_ne!(one.hash_kv(0)?.hash, two.hash_kv(0)?.hash);
        let same = one.hash_kv(two.revision())?;
        prop_assert_eq!(same.hash, two.hash_kv(0)?.hash, "up to the same revision");
    }

    #[test]
    fn a_clone_and_its_original_go_their_own_ways(
        steps in vec(step(), 0..20), mine in vec(step(), 0..10), others in vec(step(), 0..10),
    ) {
        let (mut original, ..) = play(&steps)?;
        let mut clone = original.clone();
        for step in &others {
            clone.apply(&mutation(step, clone.revision()), SimTime::ZERO);
        }
        for step in &mine {
            original.apply(&mutation(step, original.revision()), SimTime::ZERO);
        }
        let together = |tail: &[Step]| play(&[&steps, tail].concat());
        prop_assert_eq!(original.hash_kv(0)?, together(&mine)?.0.hash_kv(0)?);
        prop_assert_eq!(clone.hash_kv(0)?, together(&others)?.0.hash_kv(0)?);
        let events = |store: &Store| {
            let floor = store.compacted().max(1);
            store.events_since(floor, &KeyRange::all()).collect::<Vec<_>>()
        };
        prop_assert_eq!(events(&original), events(&together(&mine)?.0));
        prop_assert_eq!(events(&clone), events(&together(&others)?.0));
    }

    #[test]
    fn compaction_frees_what_nobody_can_see(steps in vec(step(), 0..40)) {
        let (mut store, model, _) = play(&steps)?;
        let compact = CompactRequest { revision: store.revision(), physical: true };
        store.apply(&Mutation::Compact(compact), SimTime::ZERO);
        let alive = model.at(model.revision());
        prop_assert_eq!(store.known_keys(), alive.len());
        let bytes: usize = alive.values().map(|kv| 64 + kv.key.len() + kv.value.size()).sum();
        prop_assert_eq!(store.db_size_in_use(), bytes as u64);
        store.defragment();
        prop_assert_eq!(store.db_size(), bytes as u64);
    }
}
