//! Something must begin to hold in a window and then hold to the end of the run.

use serde::Deserialize;

use super::Demand;
use super::predicate::Predicate;
use crate::scenario::check::Check;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `settles(that: rolled_out("deployment/frontend"), within: "5m")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Settles {
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

impl Demand for Settles {
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
