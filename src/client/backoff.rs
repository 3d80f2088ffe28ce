//! Waiting longer after each failure: client-go's two manners of backing off.
//!
//! [`BackOff`] is `flowcontrol.Backoff`: a delay per key, doubled by each failure and forgotten
//! after a quiet time of twice the longest delay. The kubelet's CrashLoopBackOff and
//! ImagePullBackOff are made of it. [`Steps`] is `wait.Backoff`: one loop's own series of delays
//! with a factor, a cap and jitter; reflectors and heart-beats wait with it.

use std::collections::BTreeMap;

use crate::kernel::{SimTime, Span, Stream};

/// The state of one key in a [`BackOff`]: the delay in force and when it was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackOffEntry {
    delay: Span,
    last_update: SimTime,
}

/// Delays per key, doubled by each failure.
///
/// Source: kubernetes/client-go:util/flowcontrol/backoff.go.
#[derive(Clone, Debug)]
pub struct BackOff<K> {
    initial: Span,
    max: Span,
    entries: BTreeMap<K, BackOffEntry>,
}

impl BackOffEntry {
    /// The delay in force.
    #[must_use]
    pub const fn delay(&self) -> Span {
        self.delay
    }

    /// A failure at `now` that belongs to something which began (or ended) at `event`.
    ///
    /// The first one sets the initial delay, each later one doubles it up to `max`. When `event`
    /// lies more than twice `max` after the last failure, the count starts afresh.
    pub fn next(&mut self, (initial, max): (Span, Span), event: SimTime, now: SimTime) {
        let fresh = self.delay.is_zero() || self.is_expired(max, event);
        self.delay = if fresh { initial } else { (self.delay * 2).min(max) };
        self.last_update = now;
    }

    /// Whether twice `max` passed from the last failure to `event`.
    #[must_use]
    pub fn is_expired(&self, max: Span, event: SimTime) -> bool {
        event.since(self.last_update) > max * 2
    }

    /// Whether the delay, counted from `event`, is not over at `now`.
    #[must_use]
    pub fn holds(&self, max: Span, event: SimTime, now: SimTime) -> bool {
        !self.delay.is_zero() && !self.is_expired(max, event) && now.since(event) < self.delay
    }
}

impl<K: Ord> BackOff<K> {
    /// Delays from `initial` to `max`.
    #[must_use]
    pub const fn new(initial: Span, max: Span) -> Self {
        BackOff { initial, max, entries: BTreeMap::new() }
    }

    /// The delay in force for `key`; zero before the first failure.
    #[must_use]
    pub fn get(&self, key: &K) -> Span {
        self.entries.get(key).map_or(Span::ZERO, BackOffEntry::delay)
    }

    /// A failure of `key` at `now`; see [`BackOffEntry::next`]. Returns the new delay.
    pub fn next(&mut self, key: K, event: SimTime, now: SimTime) -> Span {
        let entry = self.entries.entry(key).or_default();
        entry.next((self.initial, self.max), event, now);
        entry.delay
    }

    /// Whether `key` must wait: its delay, counted from `event`, is not over.
    #[must_use]
    pub fn is_in_back_off_since(&self, key: &K, event: SimTime, now: SimTime) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.holds(self.max, event, now))
    }

    /// Whether `key` must wait: at `event` its delay, counted from its last failure, is not over.
    #[must_use]
    pub fn is_in_back_off_since_update(&self, key: &K, event: SimTime) -> bool {
        self.entries.get(key).is_some_and(|entry| {
            !entry.is_expired(self.max, event) && event.since(entry.last_update) < entry.delay
        })
    }

    /// Forgets the failures of `key`.
    pub fn reset(&mut self, key: &K) {
        self.entries.remove(key);
    }

    /// Forgets every key whose last failure is longer ago than twice the longest delay.
    pub fn gc(&mut self, now: SimTime) {
        let max = self.max;
        self.entries.retain(|_, entry| !entry.is_expired(max, now));
    }

    /// Whether `key` has failures that count.
    #[must_use]
    pub fn contains(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    /// Forgets everything, as a restarted process does.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

/// How a loop's delays grow.
///
/// Source: kubernetes/apimachinery:pkg/util/wait/backoff.go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepsConfig {
    /// The first delay.
    pub initial: Span,
    /// What each delay is multiplied by.
    pub factor: u32,
    /// The longest delay before jitter.
    pub cap: Span,
    /// Added at most, in thousandths of the delay: 1000 doubles it in the worst case.
    pub jitter_permille: u32,
    /// After so long without a failure the series starts afresh; none means never.
    pub reset: Option<Span>,
}

/// A series of growing delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    config: StepsConfig,
    /// The next delay before jitter.
    delay: Span,
    last: SimTime,
}

impl Steps {
    /// The beginning of a series.
    #[must_use]
    pub const fn new(config: StepsConfig) -> Self {
        Steps { config, delay: config.initial, last: SimTime::ZERO }
    }

    /// The next delay, with jitter from `chance`.
    pub fn next(&mut self, now: SimTime, chance: &mut Stream) -> Span {
        if self.config.reset.is_some_and(|reset| now.since(self.last) > reset) {
            self.reset();
        }
        self.last = now;
        let delay = self.delay;
        self.delay = (delay * u64::from(self.config.factor)).min(self.config.cap);
        jitter(delay, self.config.jitter_permille, chance)
    }

    /// Starts the series afresh.
    pub fn reset(&mut self) {
        self.delay = self.config.initial;
    }
}

/// `span` plus a random part of it: at most `permille` thousandths.
///
/// Source: kubernetes/apimachinery:pkg/util/wait/wait.go `Jitter`.
#[must_use]
pub fn jitter(span: Span, permille: u32, chance: &mut Stream) -> Span {
    let most = span.scaled(u64::from(permille), 1000);
    span + Span::nanos(chance.below(most.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Purpose, Slot};

    #[test]
    fn a_crash_loop_doubles_to_its_cap_and_is_forgotten_after_twice_the_cap() {
        let mut back_off = BackOff::new(Span::secs(10), Span::mins(5));
        let mut now = SimTime::ZERO;
        let mut delays = Vec::new();
        for _ in 0..7 {
            delays.push(back_off.next("c", now, now).as_secs());
            now += back_off.get(&"c");
        }
        assert_eq!(delays, [10, 20, 40, 80, 160, 300, 300]);
        let last = now.saturating_sub(Span::secs(300));
        assert!(!back_off.is_in_back_off_since(&"c", last, last + Span::secs(300)));
        assert!(back_off.is_in_back_off_since(&"c", last, last + Span::secs(299)));
        now = last + Span::secs(601);
        assert_eq!(back_off.next("c", now, now), Span::secs(10));
    }

    /// Source: kubernetes/client-go:util/flowcontrol/backoff_test.go `TestSlowBackoff`.
    #[test]
    fn failures_in_a_row_wait_as_upstream_says() {
        let mut back_off = BackOff::new(Span::secs(1), Span::secs(50));
        let in_force = (0..10).map(|n| {
            let (now, before) = (SimTime::from_secs(n), back_off.get(&"c").as_secs());
            back_off.next("c", now, now);
            before
        });
        assert_eq!(in_force.collect::<Vec<_>>(), [0, 1, 2, 4, 8, 16, 32, 50, 50, 50]);
    }

    #[test]
    fn collecting_keeps_what_may_still_count() {
        let mut back_off = BackOff::new(Span::secs(1), Span::secs(5));
        back_off.next(1, SimTime::ZERO, SimTime::ZERO);
        back_off.gc(SimTime::from_secs(6));
        assert!(back_off.contains(&1));
        back_off.gc(SimTime::from_secs(11));
        assert!(!back_off.contains(&1));
    }

    #[test]
    fn a_series_grows_to_its_cap_and_starts_afresh_after_a_quiet_time() {
        let mut chance = Stream::new(1, Slot(0), Purpose::named("steps"));
        let config = StepsConfig {
            initial: Span::millis(800),
            factor: 2,
            cap: Span::secs(30),
            jitter_permille: 0,
            reset: Some(Span::mins(2)),
        };
        let mut steps = Steps::new(config);
        let mut next = |at| steps.next(SimTime::from_secs(at), &mut chance).as_millis();
        let delays: Vec<u64> = (0..8).map(|n| next(n * 30)).collect();
        assert_eq!(delays, [800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]);
        assert_eq!(next(210 + 121), 800);
    }

    #[test]
    fn jitter_adds_and_never_takes_away() {
        let mut chance = Stream::new(1, Slot(0), Purpose::named("jitter"));
        for _ in 0..100 {
            let drawn = jitter(Span::secs(2), 1200, &mut chance);
            assert!((Span::secs(2)..Span::millis(4400)).contains(&drawn));
        }
    }
}
