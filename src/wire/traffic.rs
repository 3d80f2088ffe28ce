//! What a client of Services is told.

use crate::api::ObjectKey;
use crate::kernel::{Digest, Span, Ticket};

use super::note::RequestLost;

/// The inbox of a client of Services.
#[derive(Clone, Debug)]
pub enum TrafficIn {
    /// The rules of the node named this pod for a request; it is on its way there.
    Routed {
        /// The client's number for the request.
        request: u64,
        /// The pod.
        pod: Box<ObjectKey>,
    },
    /// A request was served.
    Served {
        /// The client's number for the request.
        request: u64,
    },
    /// A request was turned down at once.
    Refused {
        /// The client's number for the request.
        request: u64,
        /// Why.
        why: RequestLost,
    },
    /// From outside: call this often from now on.
    SetRate(Box<RateCurve>),
    /// A timer of the client's own.
    Timer(TrafficTimer),
}

/// What a client of Services reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrafficTimer {
    /// The next request is due.
    Arrival(Ticket),
    /// The oldest requests have waited long enough.
    Timeout(Ticket),
}

/// How often a Service is called, over time; straight lines between points.
///
/// Before the first point its rate holds, after the last one the last rate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateCurve {
    /// `(time since the curve began, rate)`, sorted by time; rates in thousandths of a request
    /// per second.
    pub points: Vec<(Span, u64)>,
    /// The curve begins again after so long (a day).
    pub repeats_every: Option<Span>,
    /// Whether requests come at even distances; otherwise they come independently of each other
    /// (exponential distances), as requests of many people do.
    pub even: bool,
}

impl RateCurve {
    /// The same rate for ever [thousandths of a request per second].
    #[must_use]
    pub fn constant(milli_per_second: u64) -> Self {
        RateCurve { points: vec![(Span::ZERO, milli_per_second)], ..Default::default() }
    }

    /// The rate `since` the beginning [thousandths of a request per second].
    #[must_use]
    pub fn at(&self, since: Span) -> u64 {
        let since = match self.repeats_every {
            Some(period) if !period.is_zero() => Span::nanos(since.as_nanos() % period.as_nanos()),
            Some(_) | None => since,
        };
        let next = self.points.partition_point(|(at, _)| *at <= since);
        let (before, after) = (next.checked_sub(1), self.points.get(next));
        match (before.and_then(|place| self.points.get(place)), after) {
            (Some(&(from, low)), Some(&(to, high))) => {
                let (passed, whole) =
                    (since.as_nanos() - from.as_nanos(), to.as_nanos() - from.as_nanos());
                interpolate(low, high, passed, whole)
            }
            (Some(&(_, rate)), None) | (None, Some(&(_, rate))) => rate,
            (None, None) => 0,
        }
    }
}

/// The value at `passed` of `whole` on the line from `low` to `high`.
fn interpolate(low: u64, high: u64, passed: u64, whole: u64) -> u64 {
    let part = u128::from(low.abs_diff(high)) * u128::from(passed) / u128::from(whole.max(1));
    let part = u64::try_from(part).unwrap_or(u64::MAX);
    if high >= low { low.saturating_add(part) } else { low.saturating_sub(part) }
}

impl TrafficIn {
    /// The message's name, as traces and diagrams show it.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            TrafficIn::Routed { .. } => "Routed",
            TrafficIn::Served { .. } => "Served",
            TrafficIn::Refused { .. } => "Refused",
            TrafficIn::SetRate(_) => "SetRate",
            TrafficIn::Timer(_) => "Timer",
        }
    }

    /// Folds what tells this message from another.
    pub fn digest(&self, digest: &mut Digest) {
        digest.fold(match self {
            TrafficIn::Routed { request, .. } => request << 4 | 1,
            TrafficIn::Served { request } => request << 4 | 2,
            TrafficIn::Refused { request, why } => request << 8 | (*why as u64) << 4 | 3,
            TrafficIn::SetRate(curve) => curve.at(Span::ZERO) << 4 | 4,
            TrafficIn::Timer(TrafficTimer::Arrival(_)) => 6,
            TrafficIn::Timer(TrafficTimer::Timeout(_)) => 7,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_runs_straight_between_its_points_and_begins_again() {
        let points = vec![(Span::ZERO, 0), (Span::secs(10), 1000), (Span::secs(20), 500)];
        let curve = RateCurve { points, repeats_every: Some(Span::secs(40)), even: false };
        for (secs, rate) in
            [(0, 0), (5, 500), (10, 1000), (15, 750), (20, 500), (39, 500), (45, 500)]
        {
            assert_eq!(curve.at(Span::secs(secs)), rate, "at {secs} s");
        }
        assert_eq!(RateCurve::constant(7).at(Span::hours(3)), 7);
        assert_eq!(RateCurve::default().at(Span::ZERO), 0);
    }
}
