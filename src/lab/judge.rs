//! Expectations over time, and the verdict.
//!
//! The judge looks at the committed truth whenever it may have changed and remembers, for each
//! expectation, what it needs: the first moment something held, the first moment it did not.
//! Simplified: in a large cluster (see [`LARGE`]) it looks once a second of virtual time instead
//! of after every change, since a look costs as much as the cluster is large.

use crate::api::Kind;
use crate::api::ObjectKey;
use crate::kernel::SimTime;
use crate::kernel::Span;
use crate::observe::Observation;
use crate::scenario::expect::Expectation;
use crate::scenario::expect::count::Count;
use crate::scenario::expect::count::Events;
use crate::scenario::expect::predicate::Predicate;
use crate::scenario::expect::requests::Requests;

use super::predicate::{event_fits, holds};

/// From so many pods on the judge looks once per [`LOOK_EVERY`].
pub(super) const LARGE: usize = 2_000;

/// How often the judge looks at a large cluster.
pub(super) const LOOK_EVERY: Span = Span::secs(1);

/// What became of one expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It held; the moment it was met, where there is one.
    Held(Option<SimTime>),
    /// It was broken.
    Broken(Finding),
}

impl Outcome {
    /// Whether it was broken.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        matches!(self, Outcome::Broken(_))
    }
}

/// How an expectation was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// When; the end of the window for what never came.
    pub at: SimTime,
    /// What was seen instead.
    pub seen: String,
    /// What it happened to, where the finding knows it and the expectation does not say it.
    pub about: Option<(Kind, ObjectKey)>,
}

/// What the judge remembers of one expectation.
#[derive(Clone, Debug)]
struct Case {
    expectation: Expectation,
    /// First moment of the window at which the (first) predicate held.
    first: Option<SimTime>,
    /// First moment at which the second predicate (of `before`) held.
    then: Option<SimTime>,
    /// First moment of the window at which the predicate did not hold; for `settles`, the first
    /// of the present stretch.
    broken: Option<Finding>,
    /// For `settles`: since when it holds without a break.
    since: Option<SimTime>,
    /// What was seen last.
    last: String,
    /// Requests before the window, to be taken off.
    before: Option<(u64, u64)>,
    /// Requests at the end of the window.
    after: Option<(u64, u64)>,
}

/// Watches all expectations of a run.
#[derive(Clone, Debug)]
pub struct Judge {
    cases: Vec<Case>,
    looked: Option<SimTime>,
}

impl Judge {
    /// A judge for these expectations.
    #[must_use]
    pub fn new(expectations: impl IntoIterator<Item = Expectation>) -> Self {
        let case = |expectation| Case {
            expectation,
            first: None,
            then: None,
            broken: None,
            since: None,
            last: String::new(),
            before: None,
            after: None,
        };
        Judge { cases: expectations.into_iter().map(case).collect(), looked: None }
    }

    /// Whether a look at `now` is due.
    #[must_use]
    pub fn is_due(&self, now: SimTime, seen: &Observation) -> bool {
        let pods = seen.metrics.created.get(&Kind::Pod).copied().unwrap_or(0);
        let large = usize::try_from(pods).is_ok_and(|pods| pods > LARGE);
        !self.cases.is_empty()
            && (!large || self.looked.is_none_or(|last| now.since(last) >= LOOK_EVERY))
    }

    /// Looks at the present state.
    pub fn look(&mut self, now: SimTime, seen: &Observation) {
        self.looked = Some(now);
        for case in &mut self.cases {
            case.look(now, seen);
        }
    }

    /// The verdict at the end of the run.
    #[must_use]
    pub fn verdict(&self, end: SimTime, seen: &Observation) -> Vec<Outcome> {
        self.cases.iter().map(|case| case.verdict(end, seen)).collect()
    }
}

/// A window of time: from, and the end if there is one.
fn window(from: Span, length: Option<Span>, until: Option<Span>) -> (SimTime, SimTime) {
    let start = SimTime::ZERO + from;
    let end = match (length, until) {
        (Some(length), _) => start + length,
        (None, Some(until)) => SimTime::ZERO + until,
        (None, None) => SimTime::MAX,
    };
    (start, end)
}

impl Case {
    /// The window of this expectation.
    fn window(&self) -> (SimTime, SimTime) {
        match &self.expectation {
            Expectation::Always(it) => {
                window(it.from.value.0, None, it.until.as_ref().map(|u| u.value.0))
            }
            Expectation::Never(it) => {
                window(it.from.value.0, None, it.until.as_ref().map(|u| u.value.0))
            }
            Expectation::Eventually(it) => {
                window(it.from.value.0, it.within.as_ref().map(|w| w.value.0), None)
            }
            Expectation::Settles(it) => {
                window(it.from.value.0, it.within.as_ref().map(|w| w.value.0), None)
            }
            Expectation::Count(it) => {
                window(it.from.value.0, None, it.until.as_ref().map(|u| u.value.0))
            }
            Expectation::Requests(it) => {
                window(it.from.value.0, None, it.until.as_ref().map(|u| u.value.0))
            }
            Expectation::Before(_) => (SimTime::ZERO, SimTime::MAX),
        }
    }

    fn look(&mut self, now: SimTime, seen: &Observation) {
        let (start, end) = self.window();
        let inside = now >= start && now <= end;
        // A step at the end of a window belongs to what comes after it.
        let before_end = now >= start && now < end;
        let expectation = self.expectation.clone();
        match &expectation {
            Expectation::Always(it) if before_end => self.watch(&it.that, true, now, seen),
            Expectation::Never(it) if before_end => self.watch(&it.that, false, now, seen),
            Expectation::Eventually(it) if inside && self.first.is_none() => {
                let (held, text) = holds(&it.that, seen);
                self.last = text;
                self.first = held.then_some(now);
            }
            Expectation::Settles(it) if now >= start => {
                let (held, text) = holds(&it.that, seen);
                self.last = text;
                self.since = if held { self.since.or(Some(now)) } else { None };
            }
            Expectation::Before(it) => {
                if self.first.is_none() {
                    self.first = holds(&it.first, seen).0.then_some(now);
                }
                if self.then.is_none() {
                    self.then = holds(&it.then, seen).0.then_some(now);
                }
            }
            Expectation::Requests(it) => {
                let counts = requests(it, seen);
                if now < start {
                    self.before = Some(counts);
                }
                if now <= end {
                    self.after = Some(counts);
                }
            }
            Expectation::Always(_)
            | Expectation::Never(_)
            | Expectation::Eventually(_)
            | Expectation::Settles(_)
            | Expectation::Count(_) => {}
        }
    }

    fn watch(&mut self, that: &Predicate, wanted: bool, now: SimTime, seen: &Observation) {
        if self.broken.is_some() {
            return;
        }
        let (held, text) = holds(that, seen);
        if held == wanted {
            self.first = self.first.or(Some(now));
            self.last = text;
        } else {
            self.broken = Some(Finding { at: now, seen: text, about: None });
        }
    }

    fn verdict(&self, end: SimTime, seen: &Observation) -> Outcome {
        let (_, window_end) = self.window();
        let at = window_end.min(end);
        let broken = |seen: String| Outcome::Broken(Finding { at, seen, about: None });
        match &self.expectation {
            Expectation::Always(_) | Expectation::Never(_) => match &self.broken {
                Some(finding) => Outcome::Broken(finding.clone()),
                None => Outcome::Held(None),
            },
            Expectation::Eventually(_) => match self.first {
                Some(first) => Outcome::Held(Some(first)),
                None => broken(self.last.clone()),
            },
            Expectation::Settles(_) => match self.since.filter(|since| *since <= window_end) {
                Some(since) => Outcome::Held(Some(since)),
                None => broken(self.last.clone()),
            },
            Expectation::Before(_) => match (self.first, self.then) {
                (Some(first), Some(then)) if first <= then => Outcome::Held(Some(first)),
                (first, then) => {
                    let text = |at: Option<SimTime>| at.map_or("-".into(), |at| at.to_string());
                    broken(format!("first: {}, then: {}", text(first), text(then)))
                }
            },
            Expectation::Count(it) => {
                let Events::Event(filter) = &it.of;
                let (start, until) = self.window();
                let count =
                    seen.metrics.events_between(start, until, |event| event_fits(filter, event));
                let fits = it.at_least.is_none_or(|least| count >= least)
                    && it.at_most.is_none_or(|most| count <= most)
                    && it.exactly.is_none_or(|exactly| count == exactly);
                if fits {
                    return Outcome::Held(None);
                }
                Outcome::Broken(miscounted(it, (start, at), count, seen))
            }
            Expectation::Requests(it) => self.requests_verdict(it, at, seen),
        }
    }

    fn requests_verdict(&self, it: &Requests, at: SimTime, seen: &Observation) -> Outcome {
        let (served, lost) = self.after.unwrap_or_else(|| requests(it, seen));
        let (served_before, lost_before) = self.before.unwrap_or((0, 0));
        let (served, lost) = (served - served_before, lost - lost_before);
        let all = served + lost;
        let share = (served * 1_000_000).checked_div(all).unwrap_or(1_000_000);
        let p99 = seen.metrics.latency(it.traffic.as_ref().map(|name| name.value.as_str()), 99);
        let held = it.lost_at_most.is_none_or(|most| lost <= most)
            && it.lost_at_least.is_none_or(|least| lost >= least)
            && it.availability_at_least.is_none_or(|least| share >= u64::from(least.0))
            && it.p99_at_most.is_none_or(|most| p99.is_none_or(|p99| p99 <= most.0));
        if held {
            return Outcome::Held(None);
        }
        let p99 = p99.map_or("-".into(), |span| span.to_string());
        let seen = format!("served {served}, lost {lost}, p99 {p99}");
        Outcome::Broken(Finding { at, seen, about: None })
    }
}

/// A wrong number of events: one too many has its moment and its object, one too few the end.
fn miscounted(
    it: &Count,
    (start, at): (SimTime, SimTime),
    count: u64,
    seen: &Observation,
) -> Finding {
    let Events::Event(filter) = &it.of;
    let most = it.at_most.or(it.exactly).filter(|most| count > *most);
    let beyond = most.and_then(|most| {
        seen.metrics.event_beyond(most, (start, at), |event| event_fits(filter, event))
    });
    let text = count.to_string();
    match beyond {
        Some((at, event)) => {
            let of = &event.involved_object;
            let key = ObjectKey::new(of.namespace.as_str(), of.name.as_str());
            Finding { at, seen: text, about: Some((of.kind, key)) }
        }
        None => Finding { at, seen: text, about: None },
    }
}

/// Served and lost requests of one client, or of all.
fn requests(it: &Requests, seen: &Observation) -> (u64, u64) {
    seen.metrics.requests_of(it.traffic.as_ref().map(|name| name.value.as_str()))
}
