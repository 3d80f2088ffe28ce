//! What a client counted: served, lost and why, and how long answers took.

use crate::kernel::Span;
use crate::wire::note::RequestLost;

/// Buckets of the histogram: eight per power of two of microseconds, up to half an hour.
const BUCKETS: usize = 256;
/// Buckets per power of two.
const PARTS: u32 = 8;

/// Counts of one client since the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Requests sent.
    pub sent: u64,
    /// Requests served in time.
    pub served: u64,
    /// Requests for which the rules named nobody.
    pub no_endpoint: u64,
    /// Requests that were turned down.
    pub refused: u64,
    /// Requests without an answer in time.
    pub timed_out: u64,
    latencies: Box<[u32]>,
}

impl Default for Stats {
    fn default() -> Self {
        let latencies = vec![0; BUCKETS].into_boxed_slice();
        Stats { sent: 0, served: 0, no_endpoint: 0, refused: 0, timed_out: 0, latencies }
    }
}

impl Stats {
    /// A request was served after `took`.
    pub(super) fn serve(&mut self, took: Span) {
        self.served += 1;
        self.latencies[bucket(took)] += 1;
    }

    /// A request was lost.
    pub(super) fn lose(&mut self, why: RequestLost) {
        match why {
            RequestLost::NoEndpoint => self.no_endpoint += 1,
            RequestLost::Refused => self.refused += 1,
            RequestLost::TimedOut => self.timed_out += 1,
        }
    }

    /// Requests lost, whatever the reason.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.no_endpoint + self.refused + self.timed_out
    }

    /// The time within which `permille` of a thousand served requests were answered, to an
    /// eighth above; none when none was served.
    #[must_use]
    pub fn latency(&self, permille: u64) -> Option<Span> {
        let wanted = (self.served * permille.min(1000)).div_ceil(1000).max(1);
        let mut seen = 0;
        let place = self.latencies.iter().position(|count| {
            seen += u64::from(*count);
            seen >= wanted
        });
        place.map(upper_bound)
    }
}

/// The bucket of a duration.
fn bucket(span: Span) -> usize {
    let micros = span.as_nanos() / 1_000;
    if micros < u64::from(PARTS) {
        return usize::try_from(micros).unwrap_or(0);
    }
    // Above: the leading bit chooses the row, the next three bits the place in it.
    let row = micros.ilog2() - 3;
    let part = (micros >> row) - u64::from(PARTS);
    let place = u64::from((row + 1) * PARTS) + part;
    usize::try_from(place).unwrap_or(BUCKETS).min(BUCKETS - 1)
}

/// The longest duration in a bucket.
fn upper_bound(bucket: usize) -> Span {
    let (row, part) = (bucket / PARTS as usize, (bucket % PARTS as usize) as u64);
    if row == 0 {
        return Span::micros(part + 1);
    }
    Span::micros((u64::from(PARTS) + part + 1) << (row - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_at_most_an_eighth_too_high() {
        let mut stats = Stats::default();
        for millis in 1..=1000 {
            stats.serve(Span::millis(millis));
        }
        for (permille, millis) in [(500, 500), (990, 990), (1000, 1000)] {
            let got = stats.latency(permille).expect("requests were served");
            let want = Span::millis(millis);
            assert!(got >= want && got <= want + want / 8 + Span::micros(1), "{permille}: {got}");
        }
        assert_eq!(Stats::default().latency(500), None);
        assert!(upper_bound(bucket(Span::hours(5))) > Span::mins(30));
    }
}
