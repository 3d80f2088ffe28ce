//! So many events must have happened in a window.

use serde::Deserialize;

use super::Demand;
use super::event::EventFilter;
use crate::scenario::check::Check;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `count(of: event(reason: "Scheduled"), at_least: 3)`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Count {
    /// Which events.
    pub of: Events,
    /// At least so many.
    #[serde(default)]
    pub at_least: Option<u64>,
    /// At most so many.
    #[serde(default)]
    pub at_most: Option<u64>,
    /// Exactly so many.
    #[serde(default)]
    pub exactly: Option<u64>,
    /// From when. Default: the beginning.
    #[serde(default)]
    pub from: Spanned<Duration>,
    /// Until when. Default: the end.
    #[serde(default)]
    pub until: Option<Spanned<Duration>>,
    /// What it means, for people.
    #[serde(default)]
    pub note: String,
}

/// The events to count: `event(reason: "Scheduled", about: "pod/frontend-*")`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Events {
    /// Kubernetes Events that fit.
    Event(EventFilter),
}

impl Demand for Count {
    fn check(&self, check: &mut Check<'_>) {
        let Events::Event(filter) = &self.of;
        filter.check(check);
        check.bounds([self.at_least, self.at_most, self.exactly]);
        check.window(&self.from, self.until.as_ref().map(|until| (until, false)));
    }

    fn note(&self) -> &str {
        &self.note
    }

    fn begins(&self) -> Duration {
        self.from.value
    }
}
