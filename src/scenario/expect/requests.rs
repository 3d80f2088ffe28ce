//! The clients must be served well enough.

use serde::Deserialize;

use super::Demand;
use crate::scenario::check::Check;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::{Duration, Ratio};

/// `requests(traffic: "customers", lost_at_most: 120, from: "60s")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Requests {
    /// Which clients. Default: all.
    #[serde(default)]
    pub traffic: Option<Spanned<String>>,
    /// At most so many requests fail or time out.
    #[serde(default)]
    pub lost_at_most: Option<u64>,
    /// At least so many fail: to show that a fault hurts.
    #[serde(default)]
    pub lost_at_least: Option<u64>,
    /// At least this share succeeds.
    #[serde(default)]
    pub availability_at_least: Option<Ratio>,
    /// 99 of 100 answers come within this time.
    #[serde(default)]
    pub p99_at_most: Option<Duration>,
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

impl Demand for Requests {
    fn check(&self, check: &mut Check<'_>) {
        if let Some(traffic) = &self.traffic {
            check.traffic(traffic);
        }
        let share = self.availability_at_least.map(|share| u64::from(share.0));
        let time = self.p99_at_most.map(|time| time.0.as_nanos());
        check.bounds([self.lost_at_most, self.lost_at_least, share, time]);
        check.window(&self.from, self.until.as_ref().map(|until| (until, false)));
    }

    fn note(&self) -> &str {
        &self.note
    }

    fn begins(&self) -> Duration {
        self.from.value
    }
}
