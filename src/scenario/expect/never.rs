//! Something must not hold at any moment of a window.

use serde::Deserialize;

use super::Demand;
use super::predicate::Predicate;
use crate::scenario::check::Check;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `never(that: event(reason: "OOMKilling"))`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Never {
    /// What must not hold.
    pub that: Predicate,
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

impl Demand for Never {
    fn check(&self, check: &mut Check<'_>) {
        self.that.check(check);
        check.window(&self.from, self.until.as_ref().map(|until| (until, false)));
    }

    fn note(&self) -> &str {
        &self.note
    }

    fn begins(&self) -> Duration {
        self.from.value
    }
}
