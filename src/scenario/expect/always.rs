//! Something must hold at every moment of a window.

use serde::Deserialize;

use super::Demand;
use super::predicate::Predicate;
use crate::scenario::check::Check;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `always(that: leader(etcd), from: "5s")`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Always {
    /// What must hold.
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

impl Demand for Always {
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
