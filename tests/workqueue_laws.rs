//! The laws of the work queue, against a model that is too simple to be wrong.
//!
//! Source of the laws: kubernetes/client-go:util/workqueue (package documentation).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proptest::prelude::*;
use prova::client::{RetryLimit, WorkQueue, requeue_delay};
use prova::kernel::{SimTime, Span};

/// What a controller can do to its queue.
#[derive(Clone, Debug)]
enum Op {
    Add(u8),
    AddAfter(u8, u64),
    AddRateLimited(u8),
    Forget(u8),
    Get,
    /// Ends the work on the n-th key in hand.
    Done(usize),
    Pass(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0u8..6).prop_map(Op::Add),
        2 => (0u8..6, 0u64..50).prop_map(|(key, ms)| Op::AddAfter(key, ms)),
        2 => (0u8..6).prop_map(Op::AddRateLimited),
        1 => (0u8..6).prop_map(Op::Forget),
        5 => Just(Op::Get),
        4 => (0usize..4).prop_map(Op::Done),
        2 => (0u64..60).prop_map(Op::Pass),
    ]
}

/// The queue as one would explain it: a line, those in hand, those to come again, alarm clocks.
#[derive(Default)]
struct Model {
    line: VecDeque<u8>,
    in_hand: Vec<u8>,
    again: BTreeSet<u8>,
    clocks: BTreeMap<u8, (SimTime, usize)>,
    set: usize,
}

impl Model {
    fn add(&mut self, key: u8) {
        if self.in_hand.contains(&key) {
            self.again.insert(key);
        } else if !self.line.contains(&key) {
            self.line.push_back(key);
        }
    }

    fn add_after(&mut self, key: u8, delay: Span, now: SimTime) {
        if delay.is_zero() {
            return self.add(key);
        }
        let at = now + delay;
        if self.clocks.get(&key).is_none_or(|(known, _)| at < *known) {
            self.set += 1;
            self.clocks.insert(key, (at, self.set));
        }
    }

    fn ring(&mut self, now: SimTime) {
        let mut due: Vec<(SimTime, usize, u8)> = self
            .clocks
            .iter()
            .filter(|(_, (at, _))| *at <= now)
            .map(|(key, (at, set))| (*at, *set, *key))
            .collect();
        due.sort_unstable();
        for (_, _, key) in due {
            self.clocks.remove(&key);
            self.add(key);
        }
    }

    fn get(&mut self, now: SimTime) -> Option<u8> {
        self.ring(now);
        let key = self.line.pop_front()?;
        assert!(!self.in_hand.contains(&key), "no key is worked on twice at once");
        self.in_hand.push(key);
        Some(key)
    }

    fn done(&mut self, place: usize) -> Option<u8> {
        let key = (place < self.in_hand.len()).then(|| self.in_hand.remove(place))?;
        if self.again.remove(&key) {
            self.line.push_back(key);
        }
        Some(key)
    }
}

proptest! {
    #[test]
    fn the_queue_does_what_the_model_does(ops in prop::collection::vec(op(), 0..200)) {
        let mut queue: WorkQueue<u8> = WorkQueue::default();
        let mut model = Model::default();
        let mut now = SimTime::ZERO;
        for op in ops {
            match op {
                Op::Add(key) => {
                    queue.add(key);
                    model.add(key);
                }
                Op::AddAfter(key, ms) => {
                    queue.add_after(key, Span::millis(ms), now);
                    model.add_after(key, Span::millis(ms), now);
                }
                Op::AddRateLimited(key) => {
                    let delay = queue.add_rate_limited(key, now);
                    model.add_after(key, delay, now);
                }
                Op::Forget(key) => {
                    queue.forget(&key);
                    prop_assert_eq!(queue.num_requeues(&key), 0);
                }
                Op::Get => prop_assert_eq!(queue.get(now), model.get(now)),
                Op::Done(place) => {
                    if let Some(key) = model.done(place) {
                        queue.done(&key);
                    }
                }
                Op::Pass(ms) => now += Span::millis(ms),
            }
            prop_assert_eq!(queue.len(), model.line.len());
            let due = model.clocks.values().map(|(at, _)| *at).min();
            prop_assert_eq!(queue.next_due(), due);
        }
    }

    #[test]
    fn nothing_is_lost(ops in prop::collection::vec(op(), 0..100)) {
        let mut queue: WorkQueue<u8> = WorkQueue::default();
        let mut now = SimTime::ZERO;
        let mut wanted = BTreeSet::new();
        let mut in_hand: Vec<u8> = Vec::new();
        for op in ops {
            match op {
                Op::Add(key) => {
                    queue.add(key);
                    wanted.insert(key);
                }
                Op::AddAfter(key, ms) => {
                    queue.add_after(key, Span::millis(ms), now);
                    wanted.insert(key);
                }
                Op::AddRateLimited(key) => {
                    queue.add_rate_limited(key, now);
                    wanted.insert(key);
                }
                Op::Forget(key) => queue.forget(&key),
                Op::Get => {
                    if let Some(key) = queue.get(now) {
                        wanted.remove(&key);
                        in_hand.push(key);
                    }
                }
                Op::Done(place) if place < in_hand.len() => queue.done(&in_hand.remove(place)),
                Op::Done(_) => {}
                Op::Pass(ms) => now += Span::millis(ms),
            }
        }
        for key in in_hand {
            queue.done(&key);
        }
        now += Span::hours(1);
        while let Some(key) = queue.get(now) {
            wanted.remove(&key);
            queue.done(&key);
        }
        prop_assert!(wanted.is_empty(), "lost: {:?}", wanted);
        prop_assert!(queue.is_idle());
    }

    #[test]
    fn a_key_that_keeps_failing_waits_ever_longer_up_to_the_cap(
        base in 1u64..100, max in 100u64..1_000_000, failures in 1u32..100,
    ) {
        let limit = RetryLimit {
            base: Span::millis(base),
            max: Span::millis(max),
            qps: 0,
            burst: 0,
        };
        let mut queue: WorkQueue<u8> = WorkQueue::new(limit);
        let mut last = Span::ZERO;
        for failure in 0..failures {
            let delay = queue.add_rate_limited(1, SimTime::ZERO);
            prop_assert_eq!(delay, requeue_delay(limit.base, limit.max, failure));
            prop_assert!(delay >= last && delay <= limit.max);
            last = delay;
        }
        prop_assert_eq!(queue.num_requeues(&1), failures);
        queue.forget(&1);
        prop_assert_eq!(queue.add_rate_limited(1, SimTime::ZERO), limit.base.min(limit.max));
    }

    #[test]
    fn all_keys_together_keep_to_the_bucket(keys in prop::collection::vec(any::<u16>(), 1..300)) {
        let mut queue: WorkQueue<u16> = WorkQueue::default();
        for (place, key) in (0u64..).zip(&keys) {
            let delay = queue.add_rate_limited(*key, SimTime::ZERO);
            let bucket = Span::millis(100 * place.saturating_sub(99));
            prop_assert!(delay >= bucket, "the {place}th of them waits {delay}");
        }
    }
}

#[test]
fn n_adds_before_a_get_give_one_get() {
    let mut queue: WorkQueue<&str> = WorkQueue::default();
    for _ in 0..5 {
        queue.add("web");
    }
    assert_eq!(queue.get(SimTime::ZERO), Some("web"));
    assert_eq!(queue.get(SimTime::ZERO), None);
}

#[test]
fn a_key_added_while_it_is_worked_on_comes_again_after_done() {
    let mut queue: WorkQueue<&str> = WorkQueue::default();
    queue.add("web");
    assert_eq!(queue.get(SimTime::ZERO), Some("web"));
    queue.add("web");
    queue.add("db");
    assert_eq!(queue.get(SimTime::ZERO), Some("db"), "web is in hand");
    queue.done(&"web");
    assert_eq!(queue.get(SimTime::ZERO), Some("web"));
    queue.done(&"web");
    assert_eq!(queue.get(SimTime::ZERO), None);
}
