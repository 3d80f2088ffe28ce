//! A token bucket: so many calls per second, and a burst of so many at once.

use crate::kernel::{SimTime, Span};

const SECOND_NS: u64 = 1_000_000_000;

/// A token bucket, kept as one moment in time (the generic cell rate algorithm).
///
/// The bucket starts full. Instead of counting tokens that drip in, it remembers when it will be
/// full again; each token taken moves that moment by one interval. So it needs no timer and no
/// fractions: whole nanoseconds, rounded down once in the interval.
/// Source: golang.org/x/time/rate `Limiter`; kubernetes/client-go:util/flowcontrol/throttle.go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenBucket {
    /// Between two tokens; zero means no limit.
    interval: Span,
    /// How much time's worth of tokens may be taken ahead.
    tolerance: Span,
    /// When the bucket is full again.
    full_at: SimTime,
}

impl TokenBucket {
    /// `qps` tokens a second, `burst` of them at once; `qps` 0 means no limit.
    #[must_use]
    pub fn new(qps: u32, burst: u32) -> Self {
        let interval = Span::nanos(SECOND_NS.checked_div(u64::from(qps)).unwrap_or(0));
        TokenBucket::every(interval, burst)
    }

    /// One token each `interval`, `burst` of them at once (at least one).
    #[must_use]
    pub fn every(interval: Span, burst: u32) -> Self {
        let tolerance = interval * u64::from(burst.max(1));
        TokenBucket { interval, tolerance, full_at: SimTime::ZERO }
    }

    /// Takes a token if there is one.
    pub fn try_take(&mut self, now: SimTime) -> bool {
        let free = self.wait(now).is_zero();
        if free {
            self.reserve(now);
        }
        free
    }

    /// Takes a token, present or future; returns how long to wait until it may be used.
    pub fn reserve(&mut self, now: SimTime) -> Span {
        let wait = self.wait(now);
        self.full_at = self.full_at.max(now) + self.interval;
        wait
    }

    /// How long until there is a token.
    #[must_use]
    pub fn wait(&self, now: SimTime) -> Span {
        let after = self.full_at.max(now) + self.interval;
        after.since(now) - self.tolerance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_bucket_gives_its_burst_at_once_and_then_its_rate() {
        let mut bucket = TokenBucket::new(10, 3);
        let now = SimTime::from_secs(7);
        assert_eq!((0..5).filter(|_| bucket.try_take(now)).count(), 3);
        assert_eq!(bucket.wait(now), Span::millis(100));
        assert!(!bucket.try_take(now + Span::millis(99)));
        assert!(bucket.try_take(now + Span::millis(100)));
    }

    #[test]
    fn reservations_queue_up_one_interval_apart() {
        let mut bucket = TokenBucket::new(10, 2);
        let waits: Vec<u64> = (0..5).map(|_| bucket.reserve(SimTime::ZERO).as_millis()).collect();
        assert_eq!(waits, [0, 0, 100, 200, 300]);
    }

    #[test]
    fn an_idle_bucket_fills_up_to_its_burst_and_no_further() {
        let mut bucket = TokenBucket::new(100, 4);
        let later = SimTime::from_secs(1000);
        assert_eq!((0..9).filter(|_| bucket.try_take(later)).count(), 4);
    }

    #[test]
    fn no_rate_means_no_limit() {
        let mut bucket = TokenBucket::new(0, 0);
        assert!((0..1000).all(|_| bucket.try_take(SimTime::ZERO)));
    }
}
