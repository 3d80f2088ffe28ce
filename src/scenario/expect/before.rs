//! One thing must hold for the first time before another does.

use serde::Deserialize;

use super::Demand;
use super::predicate::Predicate;
use crate::scenario::check::Check;

/// `before(first: event(reason: "NodeNotReady"), then: event(reason: "TaintManagerEviction"))`.
///
/// Both must happen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Before {
    /// What comes first.
    pub first: Predicate,
    /// What comes after it.
    pub then: Predicate,
    /// What it means, for people.
    #[serde(default)]
    pub note: String,
}

impl Demand for Before {
    fn check(&self, check: &mut Check<'_>) {
        self.first.check(check);
        self.then.check(check);
    }

    fn note(&self) -> &str {
        &self.note
    }
}
