//! Something must hold at some moment of a window.

use serde::Deserialize;

use super::Demand;
use super::predicate::Predicate;
use crate::scenario::check::Check;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `eventually(that: ready("deployment/frontend", 3), from: "60s", within: "6m")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Eventually {
    /// What must hold.
    pub that: Predicate,
    /// From when. Default: the beginning.
    #[serde(default)]
    pub from: Spanned<Duration>,
    /// How long after `from` it may take. Default: until the end.
    #[serde(default)]
    pub within: Option<Spanned<Duration>>,
    /// What it means, for people.
    #[serde(default)]
    pub note: String,
}

impl Demand for Eventually {
    fn check(&self, check: &mut Check<'_>) {
        self.that.check(check);
        check.window(&self.from, self.within.as_ref().map(|within| (within, true)));
    }

    fn note(&self) -> &str {
        &self.note
    }

    fn begins(&self) -> Duration {
        self.from.value
    }
}
