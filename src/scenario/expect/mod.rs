//! What must hold over time: one file per expectation.
//!
//! An expectation here is data; `observe` watches it and the laboratory turns it into a verdict.
//! To add one: write its file, add a line to the list below.

pub mod always;
pub mod before;
pub mod count;
pub mod event;
pub mod eventually;
pub mod never;
pub mod predicate;
pub mod requests;
pub mod settles;

use serde::Deserialize;

use crate::scenario::check::Check;
use crate::scenario::values::Duration;

/// What every expectation can be asked before a run.
pub trait Demand {
    /// Checks every name and window in it.
    fn check(&self, check: &mut Check<'_>);

    /// What it means, for people; may be empty.
    fn note(&self) -> &str;

    /// When its window begins, counted from the beginning of the run.
    fn begins(&self) -> Duration {
        Duration::default()
    }
}

macro_rules! expectations {
    ($($name:ident $word:literal ($what:ty)),+ $(,)?) => {
        /// What must hold: see the file of each.
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Expectation {
            $(#[doc = concat!("`", $word, "`: see its file.")] $name($what),)+
        }

        /// Every expectation, by the word that a scenario uses.
        pub const EXPECTATIONS: &[&str] = &[$($word),+];

        impl Expectation {
            /// The word that a scenario uses.
            pub fn word(&self) -> &'static str {
                match self { $(Expectation::$name(_) => $word,)+ }
            }
        }

        impl Demand for Expectation {
            fn check(&self, check: &mut Check<'_>) {
                match self { $(Expectation::$name(demand) => demand.check(check),)+ }
            }

            fn note(&self) -> &str {
                match self { $(Expectation::$name(demand) => demand.note(),)+ }
            }

            fn begins(&self) -> Duration {
                match self { $(Expectation::$name(demand) => demand.begins(),)+ }
            }
        }
    };
}

expectations! {
    Always "always" (always::Always),
    Before "before" (before::Before),
    Count "count" (count::Count),
    Eventually "eventually" (eventually::Eventually),
    Never "never" (never::Never),
    Requests "requests" (requests::Requests),
    Settles "settles" (settles::Settles),
}
