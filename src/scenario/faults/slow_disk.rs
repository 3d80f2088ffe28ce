//! A disk becomes slow; etcd is the first to suffer.

use serde::Deserialize;

use crate::scenario::check::{Act, Check, Effect};
use crate::scenario::target::Target;
use crate::scenario::tree::spanned::Spanned;
use crate::scenario::values::Duration;

/// `slow_disk(target: etcd(1), fsync: "800ms", for: "1m")`: every sync takes this long.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SlowDisk {
    /// What is struck.
    pub target: Spanned<Target>,
    /// How long one sync takes.
    pub fsync: Duration,
    /// How long it lasts; without it, until a step ends it.
    #[serde(default, rename = "for")]
    pub lasting: Option<Duration>,
}

impl Act for SlowDisk {
    fn check(&self, check: &mut Check<'_>) {
        check.target(&self.target);
        check.has_a_disk(&self.target);
    }

    fn effect(&self) -> Effect {
        let whom = self.target.value.to_string();
        Effect::Begins { what: "slow_disk", whom, lasting: self.lasting }
    }
}
