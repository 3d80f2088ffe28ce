//! The work queue of a controller: de-duplicating, fair, rate-limited.

use std::collections::{BTreeMap, VecDeque};

use crate::kernel::{SimTime, Span};

use super::ratelimit::TokenBucket;

/// How a [`WorkQueue`] limits retries.
///
/// Source: kubernetes/client-go:util/workqueue/default_rate_limiters.go
/// `DefaultTypedControllerRateLimiter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryLimit {
    /// Delay after the first failure. Default: 5 ms.
    pub base: Span,
    /// Longest delay of one key. Default: 1000 s.
    pub max: Span,
    /// Retries of all keys per second; 0 means no limit. Default: 10.
    pub qps: u32,
    /// Retries of all keys at once. Default: 100.
    pub burst: u32,
}

impl Default for RetryLimit {
    fn default() -> Self {
        RetryLimit { base: Span::millis(5), max: Span::secs(1000), qps: 10, burst: 100 }
    }
}

/// The delay before a retry after so many `failures` before this one: `base`, doubled each time,
/// at most `max`.
///
/// Source: kubernetes/client-go:util/workqueue/default_rate_limiters.go
/// `ItemExponentialFailureRateLimiter`.
#[must_use]
pub fn requeue_delay(base: Span, max: Span, failures: u32) -> Span {
    1u64.checked_shl(failures).map_or(max, |factor| base.saturating_mul(factor).min(max))
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    /// It waits in the queue, or will after [`WorkQueue::done`].
    dirty: bool,
    /// Somebody works on it.
    processing: bool,
}

/// A queue of keys to work on.
///
/// Adding a key twice before it is taken makes one entry; adding it while somebody works on it
/// makes it come again after [`WorkQueue::done`]. So no key is ever worked on twice at once, and
/// no change is lost. Delayed keys wait inside; the owner arms one [`super::Alarm`] for
/// [`WorkQueue::next_due`] and takes keys with [`WorkQueue::get`] when it rings.
/// Source: kubernetes/client-go:util/workqueue/{queue,delaying_queue,rate_limiting_queue}.go.
#[derive(Clone, Debug)]
pub struct WorkQueue<K> {
    limit: RetryLimit,
    bucket: TokenBucket,
    ready: VecDeque<K>,
    standing: BTreeMap<K, Standing>,
    failures: BTreeMap<K, u32>,
    /// Delayed keys in the order in which they are due; the number keeps equal times in order.
    delayed: BTreeMap<(SimTime, u64), K>,
    /// When each delayed key is due.
    due: BTreeMap<K, (SimTime, u64)>,
    added: u64,
}

impl<K: Ord + Clone> Default for WorkQueue<K> {
    fn default() -> Self {
        WorkQueue::new(RetryLimit::default())
    }
}

impl<K: Ord + Clone> WorkQueue<K> {
    /// An empty queue.
    #[must_use]
    pub fn new(limit: RetryLimit) -> Self {
        WorkQueue {
            limit,
            bucket: TokenBucket::new(limit.qps, limit.burst),
            ready: VecDeque::new(),
            standing: BTreeMap::new(),
            failures: BTreeMap::new(),
            delayed: BTreeMap::new(),
            due: BTreeMap::new(),
            added: 0,
        }
    }

    /// Wants `key` to be worked on.
    pub fn add(&mut self, key: K) {
        let standing = self.standing.entry(key.clone()).or_default();
        if standing.dirty {
            return;
        }
        standing.dirty = true;
        if !standing.processing {
            self.ready.push_back(key);
        }
    }

    /// Wants `key` to be worked on after `delay`; of several delays the earliest end counts.
    pub fn add_after(&mut self, key: K, delay: Span, now: SimTime) {
        if delay.is_zero() {
            return self.add(key);
        }
        let at = now + delay;
        if let Some(place) = self.due.get(&key) {
            if place.0 <= at {
                return;
            }
            self.delayed.remove(place);
        }
        self.added += 1;
        self.due.insert(key.clone(), (at, self.added));
        self.delayed.insert((at, self.added), key);
    }

    /// Wants `key` to be worked on again after a failure: later each time. Returns the delay.
    pub fn add_rate_limited(&mut self, key: K, now: SimTime) -> Span {
        let failures = self.failures.entry(key.clone()).or_default();
        let own = requeue_delay(self.limit.base, self.limit.max, *failures);
        *failures = failures.saturating_add(1);
        let delay = own.max(self.bucket.reserve(now));
        self.add_after(key, delay, now);
        delay
    }

    /// Forgets the failures of `key`, since it succeeded or is given up.
    pub fn forget(&mut self, key: &K) {
        self.failures.remove(key);
    }

    /// How often `key` failed since it was last forgotten.
    #[must_use]
    pub fn num_requeues(&self, key: &K) -> u32 {
        self.failures.get(key).copied().unwrap_or(0)
    }

    /// Takes the next key to work on; [`WorkQueue::done`] must follow.
    pub fn get(&mut self, now: SimTime) -> Option<K> {
        self.wake(now);
        let key = self.ready.pop_front()?;
        self.standing.insert(key.clone(), Standing { dirty: false, processing: true });
        Some(key)
    }

    /// The work on `key` has ended, well or not.
    pub fn done(&mut self, key: &K) {
        let Some(standing) = self.standing.get_mut(key) else { return };
        standing.processing = false;
        if standing.dirty {
            self.ready.push_back(key.clone());
        } else {
            self.standing.remove(key);
        }
    }

    /// When the next delayed key is due; none when there is none.
    #[must_use]
    pub fn next_due(&self) -> Option<SimTime> {
        self.delayed.keys().next().map(|(at, _)| *at)
    }

    /// Whether a key waits for its time.
    #[must_use]
    pub fn is_delayed(&self, key: &K) -> bool {
        self.due.contains_key(key)
    }

    /// How many keys could be taken now, delayed ones not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ready.len()
    }

    /// Whether no key could be taken now, delayed ones not counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// Whether nothing waits, is delayed or is worked on.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.standing.is_empty() && self.delayed.is_empty()
    }

    /// Forgets everything, as a process that died.
    pub fn crash(&mut self) {
        *self = WorkQueue::new(self.limit);
    }

    /// Moves keys that are due to the end of the queue.
    fn wake(&mut self, now: SimTime) {
        while let Some(first) = self.delayed.first_entry() {
            if first.key().0 > now {
                break;
            }
            let key = first.remove();
            self.due.remove(&key);
            self.add(key);
        }
    }
}
